"""The project's own sentences and headlines: their form, and a check of it.

Usage: ``python benchmarks/suite_gold.py FILE...`` tells every mistake in one line.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from gold import MissingError, Moment, one_line_errors
from pydantic import BeforeValidator, Field

from monitor.config import default_config, load
from monitor.config.problems import Problem, nearest
from monitor.config.validation import build
from monitor.config.yamlfile import Document, read
from monitor.records import Article, Factuality
from monitor.watchlist import Model

#: where the files lie
SUITE = Path(__file__).with_name("suite")

#: items that nobody looks at while working: they tell how the reader does on what it never saw
HOLDOUT = SUITE / "holdout"

#: what a careless reader would get wrong
Trap = Literal[
    "anniversary",
    "attempt",
    "condition",
    "counterfactual",
    "demand",
    "denial",
    "false-report",
    "fear",
    "fiction",
    "generic",
    "hearsay",
    "history",
    "imperative",
    "metaphor",
    "modal",
    "namesake",
    "negation",
    "other-sense",
    "part",
    "partial",
    "plan",
    "question",
    "quote",
    "threat",
    "wrong-agent",
    "wrong-place",
]

ROLES = ("agent", "patient", "place", "attribution")

_DAY = timedelta(days=1)
_WHEN = re.compile(r"(\d{4}-\d\d-\d\d)(?:/(\d{4}-\d\d-\d\d))?")


def _days(value: Any) -> Any:
    """Read ``2024-12-05`` and ``2024-12-01/2024-12-05`` as a pair of days."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value, value
    match = _WHEN.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a day, 2024-12-05, or a first and a last day, 2024-12-01/2024-12-05")
    first, last = match[1], match[2] or match[1]
    if last < first:
        raise ValueError("a first day that is not after the last")
    return first, last


Days = Annotated[tuple[date, date], BeforeValidator(_days)]


class GoldEvent(Model):
    """What the text names, with its roles as they stand in the text."""

    event: str
    """An id of the ontology."""
    trigger: str = Field(min_length=1)
    """The word that names it; ``word#2`` is its second occurrence."""
    agent: str | None = None
    patient: str | None = None
    place: str | None = None
    factuality: Factuality = Factuality.CONFIRMED
    history: bool = False
    attribution: str | None = None
    when: Days | None = None
    """The days in which it happened, where the text tells."""

    @property
    def interval(self) -> tuple[datetime, datetime] | None:
        """The first moment of the first day and the last of the last; None where not told."""
        if self.when is None:
            return None
        start, end = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in self.when)
        return start, end + _DAY

    def role(self, name: str) -> str | None:
        """Return what fills a role or attribution."""
        value: str | None = getattr(self, name)
        return value


class Item(Model):
    """A sentence, a few, or a headline, with everything that it says."""

    text: str = Field(min_length=1)
    published: Moment = datetime(2024, 12, 6, 12, tzinfo=UTC)
    trap: Trap | None = None
    events: tuple[GoldEvent, ...] = ()
    control: dict[str, str] = Field(default_factory=dict)
    """Place to holder: who, as the text tells, holds what at the time."""
    maybe: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    """The same, neither wanted nor wrong; where claim stands against claim, several holders."""

    def pairs(self, section: Literal["control", "maybe"]) -> list[tuple[str, str]]:
        """Return places with their holders, of ``control`` or of ``maybe``."""
        rows: Mapping[str, str | tuple[str, ...]] = getattr(self, section)
        return [
            (place, holder)
            for place, holders in rows.items()
            for holder in ((holders,) if isinstance(holders, str) else holders)
        ]

    def article(self, *, headline: bool) -> Article:
        """Return the item as an article; a line end divides title from text."""
        title, line_end, text = self.text.rstrip("\n").partition("\n")
        if not line_end and not headline:
            title, text = "", title
        return Article(
            id="item",
            feed="suite",
            source="",
            title=title,
            text=text,
            published=self.published,
            seen=self.published,
        )


def is_headlines(path: Path) -> bool:
    """Tell whether the single lines of a file are titles."""
    return "headlines" in path.stem


def occurrences(word: str, text: str) -> list[int]:
    """Return where a whole word stands in a text."""
    return [match.start() for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text)]


def trigger_of(event: GoldEvent, text: str) -> tuple[int, int]:
    """Return from where to where the word of an event stands.

    Raises:
        ValueError: it does not stand there, or more than once and it is not said which.
    """
    word, mark, number = event.trigger.partition("#")
    found = occurrences(word, text)
    if mark and not (number.isdigit() and int(number)):
        raise ValueError("a number after #, such as fell#2")
    if not found:
        raise ValueError("a word of the text")
    if not mark and len(found) > 1:
        raise ValueError(f"word#1 to word#{len(found)}: it stands {len(found)} times in the text")
    position = int(number or 1)
    if position > len(found):
        raise ValueError(f"at most #{len(found)}, as often as the word stands in the text")
    start = found[position - 1]
    return start, start + len(word)


def items_of(path: Path, events: Mapping[str, Any]) -> list[Item]:
    """Read a file of items.

    Raises:
        MissingError: it is not there or has mistakes; one line for each.
    """
    if not path.is_file():
        raise MissingError(f"{path}: no such file")
    document = read(path)
    problems = list(document.problems)
    if not problems and not (isinstance(document.data, list) and document.data):
        raise MissingError(f"{path}: found no list, expected one entry for each item")
    items: list[Item] = []
    seen: dict[str, int] = {}
    for position, row in enumerate(document.data or ()):
        item, wrong = build(Item, document, row, at=(position,))
        problems += wrong
        if item is None:
            continue
        problems += _problems(document, position, item, events)
        if item.text in seen:
            problems.append(
                document.problem(
                    (position, "text"),
                    f"a text that is not that of item {seen[item.text] + 1} again",
                )
            )
        seen.setdefault(item.text, position)
        items.append(item)
    if problems:
        raise MissingError("\n".join(map(str, problems)))
    return items


def _problems(
    document: Document, position: int, item: Item, events: Mapping[str, Any]
) -> Iterator[Problem]:
    for number, event in enumerate(item.events):
        at = (position, "events", number)
        if event.event not in events:
            yield document.problem(
                (*at, "event"),
                "an event of the ontology",
                suggestion=nearest(event.event, events),
            )
        try:
            trigger_of(event, item.text)
        except ValueError as error:
            yield document.problem((*at, "trigger"), str(error))
        for role in ROLES:
            name = event.role(role)
            if name is not None and name not in item.text:
                yield document.problem((*at, role), "words of the text")
    sections: tuple[Literal["control", "maybe"], ...] = ("control", "maybe")
    for section in sections:
        for place, holder in item.pairs(section):
            for name in (place, holder):
                if name not in item.text:
                    yield document.problem(
                        (position, section, place), "words of the text", found=f'"{name}"'
                    )


def files_of(path: Path) -> list[Path]:
    """Return the files of a folder, or the file itself.

    Raises:
        MissingError: there is none.
    """
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not files:
        raise MissingError(f"{path}: no *.yaml in this folder, expected files of items")
    return files


def main() -> None:
    """Check the files named, or those of the suite and its hold-out; tell what stands in them."""
    events = load(default_config(), environ={}, watchlists=[]).ontology.events
    failed = False
    with one_line_errors():
        files = [
            one
            for name in sys.argv[1:] or [str(SUITE), str(HOLDOUT)]
            for one in files_of(Path(name))
        ]
    for path in files:
        try:
            items = items_of(path, events)
        except MissingError as error:
            sys.stderr.write(f"{error}\n")
            failed = True
            continue
        kinds = Counter(item.trap for item in items if item.trap)
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        found = sum(len(item.events) for item in items)
        print(f"{path}: {len(items)} items, {kinds.total()} traps ({told}), {found} events")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
