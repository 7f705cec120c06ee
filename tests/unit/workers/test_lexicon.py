"""The lexicon: every line's example is read and must show what the line says."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from monitor.watchlist import Watchlist
from tests.unit.workers.newsroom import ontology
from workers.events import Event, find_events
from workers.gazetteer import Gazetteer
from workers.lexicon import Entry, inflect, load, past, spread
from workers.naming import Text
from workers.reader import pipeline

WORLD = Watchlist.model_validate(
    {
        "places": {"hama": {"name": "Hama", "country": "SY"}},
        "actors": {"okoro": {"name": "Okoro", "kind": "person"}},
    }
)


def _bare(text: str) -> str:
    for before in ("the ", "president ", "king "):
        text = text.lower().removeprefix(before)
    return text


def _shows(entry: Entry, event: Event) -> bool:
    roles = {"agent": event.agent, "patient": event.patient, "place": event.place}
    return event.id == (entry.expect or entry.event) and all(
        (mention := roles[role]) is not None and _bare(mention.text) == _bare(text)
        for role, text in entry.roles.items()
    )


def test_every_example_shows_its_event_and_roles() -> None:
    """At most one example in fifty is lost to the parser."""
    nlp, lexicon = pipeline("en_news_sm"), load()
    gazetteer = Gazetteer(nlp, [WORLD])

    missed = [
        entry.example
        for entry, doc in zip(
            lexicon.entries, nlp.pipe(entry.example for entry in lexicon.entries), strict=True
        )
        if not any(
            _shows(entry, event)
            for event in find_events(Text(doc, gazetteer.mentions(doc)), lexicon)
        )
    ]

    assert len(missed) <= len(lexicon.entries) // 50, missed


def test_every_event_of_the_lexicon_stands_in_the_ontology() -> None:
    """A line of the lexicon names an event that moves something, or is known to move nothing."""
    named = {event for entry in load().entries for event in (entry.event, entry.otherwise)}

    assert named - {None} <= set(ontology().events)


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("capture", {"capture", "captures", "captured", "capturing"}),
        ("expel", {"expel", "expels", "expelled", "expelling"}),
        ("occupy", {"occupy", "occupies", "occupied", "occupying"}),
        ("die", {"die", "dies", "died", "dying"}),
        ("flee", {"flee", "flees", "fled", "fleeing"}),
        ("storm", {"storm", "storms", "stormed", "storming"}),
        ("ban", {"ban", "bans", "banned", "banning"}),
        ("quit", {"quit", "quits", "quitted", "quitting"}),
        ("visit", {"visit", "visits", "visited", "visiting"}),
        ("equip", {"equip", "equips", "equipped", "equipping"}),
        ("funnel", {"funnel", "funnels", "funneled", "funneling", "funnelled", "funnelling"}),
    ],
)
def test_a_verb_is_inflected_as_english_spells_it(verb: str, forms: set[str]) -> None:
    """Regular, doubled, y to ie, ie to y, and irregular."""
    assert inflect(verb, {"flee": ["fled"]}) == forms


def test_a_line_with_two_words_is_refused() -> None:
    """An entry is a verb or a noun, not both."""
    with pytest.raises(ValidationError, match="exactly one of"):
        Entry(verb="fall", noun="fall", event="fall", example="Hama fell.")


@pytest.mark.parametrize(
    ("verb", "told"),
    [("flee", "fled"), ("deny", "denied"), ("urge", "urged"), ("rebut", "rebutted")],
)
def test_an_example_stands_in_the_past(verb: str, told: str) -> None:
    """Irregular, y to ied, e to ed, and doubled."""
    assert past(verb, {"flee": ["fled"]}) == told


def test_a_family_is_a_line_for_each_word() -> None:
    """Each word has its own example, in the past tense."""
    row = {"verb": "deny|urge", "event": "refuse", "example": "He {past} it."}

    assert [(one["verb"], one["example"]) for one in spread(row, {})] == [
        ("deny", "He denied it."),
        ("urge", "He urged it."),
    ]


def test_a_family_without_a_place_for_its_words_is_refused() -> None:
    """Else one word's example would stand for all."""
    with pytest.raises(ValueError, match="where the word stands"):
        list(spread({"noun": "riot|rally", "event": "riot", "example": "It ended."}, {}))
