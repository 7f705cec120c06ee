"""Whose word an event is, how sure it is, who did it and where: the table of roles_and_sources.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.unit.workers.newsroom import article, ontology
from workers.events import Event
from workers.mentions import Mention
from workers.reader import ReadArticle, Reader

Gold = dict[str, dict[str, str]]
TABLE: dict[str, list[tuple[str, Gold]]] = YAML(typ="safe").load(
    Path(__file__).with_name("roles_and_sources.yaml")
)
#: rows that the reader does not get right yet; one that it gets right must move up
NOT_YET = "not yet"
RIGHT = [row for kind, rows in TABLE.items() if kind != NOT_YET for row in rows]


@pytest.fixture(scope="module")
def told() -> dict[str, ReadArticle]:
    """Text -> what was read in it, as `monitor extract` without a watchlist does."""
    reader = Reader(ontology(), [], {}, open_world=True)
    reader.keep_offsets()
    texts = [text for rows in TABLE.values() for text, _ in rows]
    articles = [article(text.partition("\n")[0], text.partition("\n")[2]) for text in texts]
    return dict(zip(texts, reader.read(articles), strict=True))


def wrong(read: ReadArticle, gold: Gold) -> list[str]:
    """Return what was told otherwise than in the table."""
    found: list[str] = []
    for word, expected in gold.items():
        assert read.doc is not None
        events = [one for one in read.events if read.doc[one.trigger[0]].text == word]
        if not events:
            found.append(f"{word}: not told")
        for event in events[:1]:
            found += [f"{word}: {miss}" for miss in _misses(event, expected)]
    return found


def _misses(event: Event, expected: dict[str, str]) -> Iterator[str]:
    said = {
        "is": event.factuality.value,
        "by": event.attribution or "-",
        "agent": _names(event.agent),
        "patient": _names(event.patient),
        "place": _names(event.place),
    }
    for key, value in expected.items():
        exact = key == "is" or value == "-"
        if said[key] != value if exact else value.lower() not in said[key].lower():
            yield f"{key} {said[key]!r} instead of {value!r} ({', '.join(event.cues)})"


def _names(mention: Mention | None) -> str:
    return "-" if mention is None else f"{mention.text} {mention.name}"


@pytest.mark.parametrize(("text", "gold"), RIGHT)
def test_who_says_and_who_does_what_where(
    told: dict[str, ReadArticle], text: str, gold: Gold
) -> None:
    """Factuality, attribution and roles are those of the table."""
    assert wrong(told[text], gold) == []


@pytest.mark.parametrize(("text", "gold"), TABLE.get(NOT_YET, []))
def test_what_is_not_read_yet(told: dict[str, ReadArticle], text: str, gold: Gold) -> None:
    """What is still wrong is known; once it is right, the row moves to the others."""
    assert wrong(told[text], gold)
