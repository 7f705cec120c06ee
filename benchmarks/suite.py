"""Scores the reader on the project's own sentences and headlines.

Usage: ``python benchmarks/suite.py [FILE_OR_FOLDER...] [--holdout] [--errors N] [--json]``. The files
hold items with everything that they say; half of them are traps. ``--holdout`` scores those that
were kept apart. ``python benchmarks/suite_gold.py`` checks the files and tells their form.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from figures import Figure, as_json, of_counts, share, table, tree
from gold import one_line_errors
from spacy.tokens import Doc
from suite_gold import HOLDOUT, SUITE, GoldEvent, Item, files_of, is_headlines, items_of
from suite_gold import ROLES as NAMED
from suite_scoring import EVENTS_F1, JUDGED, WRONG_CONTROL, Found, Judged, Pair, judge, tally

from monitor import logs
from monitor.config import default_config, load
from monitor.ontology import EventType
from monitor.settings import Config
from workers.mentions import Mention
from workers.reader import ReadArticle, Reader

#: group of the items that are no traps
PLAIN = "no trap"


@dataclass(frozen=True, slots=True)
class Row:
    """One item, judged, with its parse."""

    file: str
    judged: Judged
    doc: Doc | None


def files_named(data: Sequence[Path], *, holdout: bool) -> list[Path]:
    """Return the files to score: those named and, if asked for, the hold-out's; else the suite's.

    Raises:
        MissingError: a folder has none.
    """
    kept_apart = [HOLDOUT] if holdout else []
    return [one for path in [*data, *kept_apart] or [SUITE] for one in files_of(path)]


def reader_of(config: Config) -> Reader:
    """Return the reader as `monitor extract` without a watchlist has it."""
    reader = Reader(config.ontology, (), config.sources, open_world=True)
    reader.keep_offsets()
    return reader


def judged(
    reader: Reader, path: Path, items: Sequence[Item], kinds: Mapping[str, EventType]
) -> Iterator[Row]:
    """Read the items of a file and judge each."""
    headline = is_headlines(path)
    articles = [
        item.article(headline=headline).model_copy(update={"id": f"{path.stem}-{number}"})
        for number, item in enumerate(items, 1)
    ]
    for item, read in zip(items, reader.read(articles), strict=True):
        # without a title the body begins with a line end that the item does not have
        shift = 0 if read.article.title else 1
        found = list(_found(read, shift))
        yield Row(path.stem, judge(item, found, read.claims, kinds), read.doc)


def _found(read: ReadArticle, shift: int) -> Iterator[Found]:
    if read.doc is None:
        return
    for event in read.events:
        trigger = read.doc[event.trigger[0] : event.trigger[1]]
        yield Found(event, trigger.start_char - shift, trigger.end_char - shift)


def figures(rows: Sequence[Row]) -> Iterator[Figure]:
    """Yield the figures over all items, then by file and by trap."""
    counts = tally(row.judged for row in rows)
    yield of_counts("events F1", counts.events, EVENTS_F1)
    yield of_counts("events F1, roles and factuality right too", counts.whole)
    for name in JUDGED:
        yield share(f"  {name}, of events found", *counts.judged[name])
    control = counts.control
    wanted = control.right + control.missed
    yield Figure(
        "control: wrong holders", control.wrong, WRONG_CONTROL, f"{len(rows)} items", least=True
    )
    yield share("control: right holders told", control.right, wanted)
    by_file: dict[str, list[Judged]] = defaultdict(list)
    by_trap: dict[str, list[Judged]] = defaultdict(list)
    for row in rows:
        by_file[row.file].append(row.judged)
        by_trap[row.judged.item.trap or PLAIN].append(row.judged)
    for title, groups in (("file", by_file), ("trap", by_trap)):
        for group, members in sorted(groups.items()):
            yield _of_group(f"{title} {group}", members)


def _of_group(name: str, members: Sequence[Judged]) -> Figure:
    counts = tally(members)
    control = counts.control
    rests = (
        f"events; whole {counts.whole.f1:.3f}; control {control.right} right, "
        f"{control.missed} missed, {control.wrong} wrong; {counts.items} items"
    )
    return Figure(name, counts.events.f1, rests=rests)


def mistakes(one: Judged) -> Iterator[str]:
    """Yield a line for each mistake of an item."""
    for place, holder in one.control.wrong:
        yield f"CONTROL wrong: {place}: {holder}"
    for place, holder in one.control.missed:
        yield f"control missed: {place}: {holder}"
    for gold in one.missed:
        yield f"event missed: {_gold(gold)}"
    for found in one.false:
        yield f"event false: {_told(found)}"
    for pair in one.pairs:
        for name in pair.wrong:
            yield f"{name} wrong: {_wrong(pair, name)}"


def _gold(gold: GoldEvent) -> str:
    roles = [f"{role} {name}" for role in NAMED if (name := gold.role(role))]
    when = [f"{gold.when[0]}/{gold.when[1]}"] if gold.when else []
    history = ["history"] if gold.history else []
    return ", ".join([f"{gold.event} ({gold.trigger})", gold.factuality, *history, *roles, *when])


def _told(found: Found) -> str:
    event = found.event
    mentions = {"agent": event.agent, "patient": event.patient, "place": event.place}
    roles = [f"{role} {_name(mention)}" for role, mention in mentions.items() if mention]
    history = ["history"] if event.history else []
    return ", ".join([f"{event.id} at {found.start}", event.factuality, *history, *roles])


def _name(mention: Mention | None) -> str:
    if mention is None:
        return "-"
    relation = f" ({mention.relation or 'part'})" if mention.part else ""
    meant = f" = {mention.name}" if mention.name and mention.name != mention.text else ""
    return f"{mention.text}{meant}{relation}"


def _wrong(pair: Pair, name: str) -> str:
    gold, event = pair.gold, pair.found.event
    told: dict[str, tuple[object, object]] = {
        "agent": (gold.agent, _name(event.agent)),
        "patient": (gold.patient, _name(event.patient)),
        "place": (gold.place, _name(event.place)),
        "factuality": (gold.factuality, f"{event.factuality} {list(event.cues)}"),
        "history": (gold.history, event.history),
        "attribution": (gold.attribution, event.attribution),
        "time": (gold.when and "/".join(map(str, gold.when)), f"{event.start} to {event.end}"),
    }
    wanted, found = told[name]
    return f"{gold.event} ({gold.trigger}): wanted {wanted}, told {found}"


def kinds_of_mistakes(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """Count the mistakes by their kind, the most common first."""
    counts = Counter(line.partition(":")[0] for row in rows for line in mistakes(row.judged))
    return counts.most_common()


def errors(rows: Sequence[Row], most: int) -> Iterator[str]:
    """Yield the items with mistakes, wrong holders first, each with its parse."""
    wrong = sorted(
        (row for row in rows if not row.judged.is_right),
        key=lambda row: not row.judged.control.wrong,
    )
    for row in wrong[:most]:
        yield f"{row.file} [{row.judged.item.trap or PLAIN}] {row.judged.item.text}"
        yield from (f"  {line}" for line in mistakes(row.judged))
        if row.doc is not None:
            yield tree(row.doc)


def main() -> None:
    """Read the arguments, read the items, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, nargs="*", help="files or folders of items")
    parser.add_argument(
        "--holdout", action="store_true", help="the items kept apart from daily work"
    )
    parser.add_argument("--errors", type=int, default=0, help="show N items with mistakes")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of text")
    options = parser.parse_args()
    logs.setup(level="error")
    config = load(default_config(), environ={}, watchlists=[])
    with one_line_errors():
        files = files_named(options.data, holdout=options.holdout)
        items = {path: items_of(path, config.ontology.events) for path in files}
    reader = reader_of(config)
    rows = [
        row for path in files for row in judged(reader, path, items[path], config.ontology.events)
    ]
    found, kinds = list(figures(rows)), kinds_of_mistakes(rows)
    if options.json:
        wrong = [
            {"file": row.file, "text": row.judged.item.text, "mistakes": list(mistakes(row.judged))}
            for row in rows
            if not row.judged.is_right
        ]
        print(as_json(found, mistakes=dict(kinds), wrong=wrong))
        return
    print(*errors(rows, options.errors), sep="\n", end="\n" if options.errors else "")
    print(*table(found), sep="\n")
    print("mistakes:", ", ".join(f"{count} {kind}" for kind, count in kinds))


if __name__ == "__main__":
    main()
