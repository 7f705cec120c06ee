"""How the board, the subjects and the evidence look on a terminal, and plain in a log."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from monitor.board import AlertRow, Board, Explanation, SubjectRow
from monitor.deadletters import DeadLetter
from monitor.records import Confidence, Evidence, Factuality, Status, Transition
from monitor.stage import Stopper

#: characters of a line where there is no terminal: lines for a log are not wrapped
LOG_WIDTH = 2000

_SURE = {
    "baseline": "dim",
    "claimed": "yellow",
    "reported": "cyan",
    "confirmed": "bold green",
}
_STATE = {
    "ok": "green",
    "open": "green",
    "closed": "red",
    "new": "dim",
    "failing": "yellow",
    "gone": "red",
    "dead": "red",
}
_SEVERITY = {"critical": "bold red", "warning": "yellow", "info": "blue"}


def when(moment: datetime | None) -> str:
    """Return an instant to the minute, in UTC, or a dash."""
    return moment.strftime("%d %b %Y %H:%M") if moment else "-"


def span(seconds: float) -> str:
    """Return a length of time in one unit: ``4 s``, ``3 min``, ``2 h``, ``5 d``."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def table(title: str, *columns: str) -> Table:
    """Return an empty table in the house style."""
    made = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        expand=False,
    )
    for column in columns:
        right = column.startswith(">")
        made.add_column(column.lstrip(">"), justify="right" if right else "left", overflow="fold")
    return made


def status_page(board: Board) -> RenderableType:
    """Return the page of ``monitor status``."""
    parts: list[RenderableType] = [
        _stages(board),
        _queues(board),
        _feeds(board),
        _channels(board),
        _alerts(board),
        *_languages(board),
        _trouble(board),
    ]
    return Group(*(item for part in parts for item in (part, Text())))


def _stages(board: Board) -> RenderableType:
    if not board.stages:
        return Text("No stage is running. Start them with: monitor run", style="yellow")
    made = table("Stages", "stage", "host", ">pid", "state", ">up", ">last sign", ">done")
    for row in board.stages:
        state = Text("running", "green") if row.alive else Text("silent", "bold red")
        made.add_row(
            row.stage,
            row.host,
            str(row.pid),
            state,
            span(row.up),
            span(row.silent),
            str(row.done),
        )
    return made


def _queues(board: Board) -> RenderableType:
    made = table("Queues", "queue", ">waiting", ">in hand", ">lag")
    for row in board.queues:
        style = "red" if row.queue == "dead" and row.depth else ""
        made.add_row(row.queue, str(row.depth), str(row.in_hand), span(row.lag), style=style)
    return made


def _feeds(board: Board) -> RenderableType:
    if not board.feeds:
        return Text(
            "No feeds. Add some to feeds.yaml, or: monitor opml import FILE", style="yellow"
        )
    title = "Feeds (fetching is paused: too many articles wait)" if board.fetch_paused else "Feeds"
    made = table(title, "feed", "state", "last good poll", "next", ">failures")
    for row in board.feeds:
        made.add_row(
            row.feed,
            Text(row.state, _STATE.get(row.state, "yellow")),
            when(row.last_ok),
            when(row.next_due),
            str(row.failures),
        )
    errors = [_under(f"{row.feed}: ", row.error) for row in board.feeds if row.error]
    return Group(made, *errors)


def _channels(board: Board) -> RenderableType:
    if not board.channels:
        return Text("No channels: nobody is told. Add one to monitor.yaml", style="yellow")
    made = table("Channels", "channel", "type", "state", ">waiting")
    for row in board.channels:
        until = f" until {when(row.held_until)}" if row.state == "held" else ""
        made.add_row(
            row.channel,
            row.type,
            Text(f"{row.state}{until}", _STATE.get(row.state, "yellow")),
            str(row.waiting),
        )
    told = [_under(f"{row.channel}: ", row.error) for row in board.channels if row.error]
    closed = [
        _under(f"{row.channel}: ", f"opens with another url, or: monitor reopen {row.channel}")
        for row in board.channels
        if row.state == "closed"
    ]
    return Group(made, *told, *closed)


def _under(head: str, words: str, style: str = "yellow") -> RenderableType:
    """Return a line that is too long for a column, indented where it wraps."""
    return Padding(Text.assemble(head, (printable(words), style)), (0, 0, 0, 2))


def printable(text: str) -> str:
    """Drop what could steer a terminal: sentences and errors come from the open web."""
    return "".join(character if character.isprintable() else " " for character in text.strip())


def _alerts(board: Board) -> RenderableType:
    if not board.alerts:
        return Text("No alerts yet.", style="dim")
    parts: list[RenderableType] = [Text("Last alerts", "bold")]
    for _, group in itertools.groupby(board.alerts, key=lambda row: row.alert):
        rows = list(group)
        first = rows[0]
        parts.append(
            Text.assemble(
                f"{when(first.at)}  ",
                (f"{first.severity:<8}", _SEVERITY.get(first.severity, "")),
                f"  {printable(first.summary)}",
            )
        )
        parts += [_delivery(row) for row in rows]
    return Group(*parts)


def _delivery(row: AlertRow) -> RenderableType:
    tries = f" after {row.attempts} tries" if row.attempts > 1 else ""
    error = f": {row.error}" if row.error and row.state != "delivered" else ""
    style = "dim" if row.state == "delivered" else "yellow"
    return _under(f"{row.channel}: ", f"{row.state}{tries}{error}", style)


#: counters of articles in other languages than English, and what became of them
LANGUAGES = {"articles_skipped": "not read", "articles_names_only": "only names found"}


def _languages(board: Board) -> Iterator[RenderableType]:
    for counter, outcome in LANGUAGES.items():
        rows = {
            name.partition(":")[2]: count
            for name, count in board.counters.items()
            if count and name.partition(":")[0] == counter
        }
        if rows:
            most = ", ".join(
                f"{each} {rows[each]:,}" for each in sorted(rows, key=rows.__getitem__)[::-1]
            )
            yield Text(f"Articles in other languages, {outcome}: {most}", style="yellow")


#: counters that a person should look at when they are not zero
TROUBLE = ("failed", "dead", "refused", "skipped", "slipped", "unknown", "undated", "truncated")


def _trouble(board: Board) -> RenderableType:
    rows = {
        name: count
        for name, count in board.counters.items()
        if count
        and any(word in name for word in TROUBLE)
        and name.partition(":")[0] not in LANGUAGES
    }
    if not rows:
        return Text("Nothing failed so far.", style="dim")
    made = table("Counted trouble", "counter", ">count")
    for name, count in rows.items():
        made.add_row(name, str(count))
    return made


def subjects_page(rows: Iterable[SubjectRow]) -> RenderableType:
    """Return the page of ``monitor subjects``."""
    made = table(
        "Tracked subjects",
        "subject",
        "facet",
        "status",
        "how sure",
        ">score",
        "since",
        ">for",
        ">against",
    )
    last = ""
    for row in rows:
        made.add_row(
            "" if row.subject == last else Text(row.name, "bold"),
            row.facet,
            Text(row.value_name or "-"),
            Text(row.confidence, _SURE.get(row.confidence, "")),
            f"{row.score:.2f}" if row.score else "-",
            when(row.since),
            str(row.supporting),
            str(row.opposing),
        )
        last = row.subject
    return made


def explanation_page(explanations: list[Explanation]) -> RenderableType:
    """Return the page of ``monitor explain``."""
    return Group(*(part for each in explanations for part in (_explanation(each), Text())))


def _explanation(each: Explanation) -> RenderableType:
    status = each.status
    head = Text.assemble(
        (each.name, "bold"),
        f" · {status.facet}: ",
        (each.value_name or "-", "bold"),
        " (",
        (str(status.confidence), _SURE[str(status.confidence)]),
        f", {status.score:.2f}" if status.score else "",
        f", since {when(status.since)}" if status.since else "",
        ")",
    )
    parts: list[RenderableType] = [_evidence("For", status.supporting, status)]
    if status.opposing:
        parts.append(_evidence("Against", status.opposing, status))
    if status.fades:
        parts.append(Text(f"Fades on {when(status.fades)} if nothing new is heard", "dim"))
    if each.transitions:
        made = table("How it came to this", "known", "kind", "from", "to", "how sure")
        for moved in each.transitions:
            made.add_row(
                when(moved.at),
                str(moved.kind),
                moved.from_ or "-",
                moved.to or "-",
                Text(str(moved.confidence), _SURE[str(moved.confidence)]),
            )
        parts.append(made)
    if each.told:
        made = table("What the rules made of it", "rule", "state", "told", "due")
        for rule, told in each.told.items():
            made.add_row(rule, str(told.state), when(told.last), when(told.due))
        parts.append(made)
    return Group(head, *(Padding(part, (0, 0, 0, 2)) for part in parts))


def _evidence(title: str, evidence: tuple[Evidence, ...], status: Status) -> RenderableType:
    if not evidence:
        why = (
            "what the watchlist says; no news yet"
            if status.confidence is Confidence.BASELINE
            else "none left"
        )
        return Text(f"{title}: {why}", style="dim")
    parts: list[RenderableType] = [Text(title, "bold")]
    for item in sorted(evidence, key=lambda item: item.published):
        against = item.factuality in {Factuality.DENIED, Factuality.NEGATED}
        how = (str(item.factuality), "red" if against else "")
        who = f"{when(item.published)}  {item.source} ({item.grade})  "
        parts.append(Text.assemble(who, how, _aside(item)))
        quoted = [Text(f"“{printable(item.sentence)}”")]
        if item.link:
            quoted.append(Text(printable(item.link), "dim", overflow="fold"))
        parts.append(Padding(Group(*quoted), (0, 0, 0, 2)))
    return Group(*parts)


def _aside(item: Evidence) -> str:
    notes = []
    if item.party:
        notes.append("a party's word")
    if item.standing:
        notes.append("in passing")
    if item.happened is not None and item.happened.date() != item.published.date():
        notes.append(f"of {when(item.happened)}")
    if item.carried:
        notes.append(f"also carried by {', '.join(item.carried)}")
    return f"  {'; '.join(notes)}" if notes else ""


def transition_line(moved: Transition) -> Text:
    """Return a transition as one line: when, who, from what, to what, how sure, by whom."""
    return Text.assemble(
        (f"{when(moved.at)}  ", "dim"),
        (f"{moved.subject} ", "bold"),
        f"{moved.facet}: ",
        "" if moved.from_ == moved.to else f"{moved.from_ or '-'} → ",
        (moved.to or "-", "bold"),
        "  ",
        (str(moved.confidence), _SURE[str(moved.confidence)]),
        f" ({'; '.join(part for part in (str(moved.kind), ', '.join(moved.sources)) if part)})",
    )


def letters_page(letters: Sequence[DeadLetter]) -> RenderableType:
    """Return the page of ``monitor dead list``."""
    if not letters:
        return Text("No dead letters.", style="dim")
    made = table("Dead letters", "id", "since", "stream", ">tries", "error")
    for letter in letters:
        made.add_row(
            letter.id,
            when(datetime.fromtimestamp(letter.at, UTC)),
            letter.stream.rpartition(":")[2],
            str(letter.deliveries),
            escape(letter.error),
        )
    return made


def letters_json(letters: Sequence[DeadLetter]) -> str:
    """Return dead letters as one JSON document."""
    return json.dumps([asdict(letter) for letter in letters], ensure_ascii=False, indent=2)


def live(page: Callable[[], RenderableType], every: float = 1.0) -> None:
    """Show a page until Ctrl-C, anew every ``every`` seconds; in a log one below the other."""
    stopper, out = Stopper(), console()
    # an exception may come where it is lost, such as in a finalizer
    stopper.install()
    with contextlib.ExitStack() as stack:
        update: Callable[[RenderableType], object] = tell
        if out.is_terminal:
            screen = stack.enter_context(Live(console=out, screen=True, auto_refresh=False))
            update = functools.partial(screen.update, refresh=True)
        update(page())
        while not stopper.event.wait(every):
            update(page())


def tell(page: RenderableType) -> None:
    """Write a page on standard output; in a log no line is wrapped or ends in spaces."""
    out = console()
    if out.is_terminal:
        out.print(page)
        return
    with out.capture() as captured:
        out.print(page)
    for line in captured.get().splitlines():
        sys.stdout.write(line.rstrip() + "\n")


def console(*, stderr: bool = False) -> Console:
    """Return a console that is as wide as the terminal, or as a line of a log may be."""
    made = Console(stderr=stderr, highlight=False, emoji=False)
    if not made.is_terminal:
        made.width = LOG_WIDTH
    return made
