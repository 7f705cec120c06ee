"""Turns of phrase over many wars and crises, and the same words as figures of speech."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.unit.workers.newsroom import SOURCES, article, ontology
from workers.reader import Reader

_FILE = Path(__file__).with_name("turns_of_phrase.yaml")


@cache
def _sentences() -> dict[str, Any]:
    data: dict[str, Any] = YAML(typ="safe").load(_FILE)
    return data


def _told(texts: Sequence[str]) -> Iterator[set[str]]:
    """Yield the events of each text that move a status, with their words: ``capture took``."""
    world = ontology()
    reader = Reader(world, (), SOURCES, open_world=True)
    reader.keep_offsets()
    moving = {name for name, kind in world.events.items() if kind.effects or kind.standing}
    articles = [article("", text) if text.endswith(".") else article(text) for text in texts]
    for read in reader.read(articles):
        yield {
            f"{event.id} {read.doc[event.trigger[0]].text}"
            for event in read.events
            if read.doc is not None and event.id in moving
        }


def test_each_turn_of_phrase_tells_its_events() -> None:
    """All of them and no other; at most one sentence in twenty is lost to the parser."""
    wanted = {text: set(events.split(", ")) for text, events in _sentences()["tells"]}

    told = dict(zip(wanted, _told(list(wanted)), strict=True))

    lost = {text: told[text] for text, events in wanted.items() if told[text] != events}
    assert len(lost) <= len(wanted) // 20, lost


def test_figures_of_speech_tell_nothing() -> None:
    """No siege of a goal, no captured market, no crowned cyclist."""
    texts = _sentences()["traps"]

    told = {text: events for text, events in zip(texts, _told(texts), strict=True) if events}

    assert told == {}
