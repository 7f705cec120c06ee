"""Events at places without a name, and who may do them."""

from __future__ import annotations

import pytest

from monitor.watchlist import Watchlist
from workers.events import Event, find_events
from workers.gazetteer import Gazetteer
from workers.lexicon import load
from workers.naming import Text
from workers.reader import pipeline

WORLD = Watchlist.model_validate({"places": {"hama": {"name": "Hama", "country": "SY"}}})


def _events(text: str) -> list[Event]:
    nlp = pipeline("en_news_sm")
    doc = nlp(text)
    return find_events(Text(doc, Gazetteer(nlp, [WORLD]).mentions(doc)), load())


@pytest.mark.parametrize(
    ("text", "event", "place"),
    [
        ("Rebels captured the airport on Friday.", "capture", "airport"),
        ("Soldiers hold one of the bridges.", "hold", "bridges"),
    ],
)
def test_a_place_needs_no_name(text: str, event: str, place: str) -> None:
    """A common noun, a share of something."""
    found = [one for one in _events(text) if one.id == event]

    assert found
    assert found[0].place is not None
    assert (found[0].place.text, found[0].place.generic) == (place, True)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Marines say they have captured Hill 274 at dawn.", "Hill 274"),
        ("A colonel said his men hold Checkpoint 9.", "Checkpoint 9"),
        ("The army took the hill on 3 December.", "hill"),
        ("Snow lies on Hill 12. Rebels now hold the hill.", "Hill 12"),
    ],
)
def test_a_number_may_be_half_of_a_name(text: str, place: str) -> None:
    """Behind a word for a place with a capital."""
    found = [one.place.text for one in _events(text) if one.place is not None]

    assert found == [place]


def test_a_date_is_no_half_of_a_name() -> None:
    """Notes leave the preposition out."""
    found = [one for one in _events("President Okoro 4 December rejected the plan.") if one.agent]

    assert [one.agent and one.agent.text.split()[-1] for one in found] == ["Okoro"]


@pytest.mark.parametrize(
    "text",
    [
        "Passengers left the airport on Friday.",
        "The storm captured Hama.",
        "A tourist reached the village on Friday.",
        "Gold retreated on Friday.",
    ],
)
def test_only_forces_take_and_leave(text: str) -> None:
    """Storms, travellers and prices do so in figures of speech."""
    assert not _events(text)


def test_where_something_happens_is_no_object() -> None:
    """He did not surrender the palace where he surrendered."""
    events = _events("Troops hold the palace where General Okoro surrendered.")

    assert [one.id for one in events if one.id.startswith("lose")] == []


def test_a_group_that_describes_another_is_not_asked_for_itself() -> None:
    """Who the group is, the faction beside it does not tell, which is that group."""
    events = _events(
        "The army clashed near Hama with a breakaway faction, a rebel group that left Homs."
    )

    assert "clash-near" in [one.id for one in events]
