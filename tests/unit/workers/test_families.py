"""Who takes part in events that move no status, where they happen, and what they are not."""

from __future__ import annotations

import pytest

from monitor.watchlist import Watchlist
from workers.events import Event, find_events
from workers.gazetteer import Gazetteer
from workers.lexicon import load
from workers.naming import Text
from workers.reader import pipeline

WORLD = Watchlist.model_validate({"places": {"hama": {"name": "Hama", "country": "SY"}}})


def events(text: str) -> list[Event]:
    """Return the events of a text."""
    nlp = pipeline("en_news_sm")
    doc = nlp(text)
    return find_events(Text(doc, Gazetteer(nlp, [WORLD]).mentions(doc)), load())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The government sent tons of food to the villagers.", "help"),
        ("The government suspended aid deliveries to the rebels.", "end-help"),
        ("The union called off the strike.", "concede"),
        ("The council said that the rebels must leave.", "request"),
        ("The council vowed to punish the rebels.", "warn"),
        ("The council vowed to help the rebels.", "promise"),
        ("Ten were killed in Hama.", "bloodshed"),
        ("Hundreds were arrested in Hama.", "arrest"),
    ],
)
def test_what_is_meant_is_found(text: str, kind: str) -> None:
    """Behind a quantity, before a general noun, behind a particle, in the clause below."""
    assert kind in {one.id for one in events(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Heavy rain killed two fishermen.",
        "The job demands patience.",
        "Residents fled in buses.",
        "The council suspended the talks.",
    ],
)
def test_things_and_crowds_do_no_such_deeds(text: str) -> None:
    """Rain murders nobody, a job makes no request, and talks that are suspended are no talks."""
    assert {one.id for one in events(text)} <= {"cut-ties"}


def test_any_event_has_the_place_it_happened_in() -> None:
    """A line without a place of its own takes "in Hama" from the sentence."""
    (event,) = events("In Hama the minister condemned the decision.")

    assert event.place is not None
    assert event.place.text == "Hama"


def test_no_date_is_whom_something_is_done_to() -> None:
    """A patient may stand behind "on", a day may not."""
    (event,) = events("The embargo was lifted on Friday by the council.")

    assert event.agent is not None
    assert event.patient is None
