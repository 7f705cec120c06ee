"""A tracked place and its namesakes in other countries."""

from __future__ import annotations

import pytest

from monitor.watchlist import Watchlist
from workers.gazetteer import Gazetteer
from workers.reader import pipeline

LIST = Watchlist.model_validate(
    {
        "places": {
            "tripoli": {"name": "Tripoli", "country": "LY"},
            "cairo": {"name": "Cairo", "country": "EG"},
        }
    }
)


def places(text: str) -> list[str]:
    """Return the tracked places that a text names."""
    nlp = pipeline("en_news_sm")
    found = Gazetteer(nlp, [LIST]).mentions(nlp(text), names=False)
    return [mention.subject for mention in found if mention.subject]


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen clashed in the Lebanese port of Tripoli.",
        "Gunmen clashed in Tripoli, Lebanon, on Sunday.",
        "Lebanon's Tripoli was quiet. Shops in Tripoli opened again.",
        "A flood hit Cairo, Illinois, overnight.",
        "The army entered Tripoli in Lebanon.",
    ],
)
def test_a_namesake_elsewhere_is_not_the_place(text: str) -> None:
    """The text itself says which country is meant; bare repetitions follow it."""
    assert places(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen clashed in the Libyan capital Tripoli.",
        "Gunmen clashed in Tripoli, Libya, on Sunday.",
        "Libya's Tripoli was quiet.",
        "Turkish officials left Tripoli in haste.",
        "Turkish drones hit the city, and Tripoli was dark.",
    ],
)
def test_the_place_itself_is_found(text: str) -> None:
    """Other countries in the sentence do not take a place away."""
    assert places(text)[0] == "tripoli"
