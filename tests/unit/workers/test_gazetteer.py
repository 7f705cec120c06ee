"""Names: the whole and its parts, who is meant and who is not."""

from __future__ import annotations

import pytest

from monitor.watchlist import Watchlist
from tests.unit.workers.newsroom import WATCHLIST
from workers.gazetteer import Gazetteer
from workers.mentions import Mention
from workers.reader import pipeline


def _mentions(text: str, watchlist: Watchlist = WATCHLIST) -> list[Mention]:
    nlp = pipeline("en_news_sm")
    return [one for one in Gazetteer(nlp, [watchlist]).mentions(nlp(text)) if one.subject]


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Rebels captured Homs.", ""),
        ("Rebels captured the port city of Homs.", ""),
        ("Rebels captured Homs airport.", "other"),
        ("Rebels captured Homs province.", "other"),
        ("Rebels captured the province of Homs.", "other"),
        ("Rebels captured the outskirts of Homs.", "edge"),
        ("Rebels captured parts of Homs.", "portion"),
        ("Rebels captured most of the city of Homs.", "portion"),
        ("Rebels captured northern Homs.", "district"),
        ("Rebels captured Homs military academy.", "other"),
    ],
)
def test_whole_and_part_differ(text: str, relation: str) -> None:
    """What stands around a city's name decides whether it is the city."""
    (place,) = [one for one in _mentions(text) if one.subject == "homs"]

    assert place.relation == relation
    assert place.part is bool(relation)


def test_a_longer_name_wins() -> None:
    """The airport that is tracked is not the city that is tracked."""
    assert [one.subject for one in _mentions("Planes left Kherson airport.")] == ["kherson-airport"]


@pytest.mark.parametrize(
    "text", ["Maher al-Assad spoke.", "Asma Assad spoke.", "Iran-backed HTS-linked men spoke."]
)
def test_another_first_name_is_another_person(text: str) -> None:
    """Nobody tracked is named."""
    assert _mentions(text) == []


def test_a_last_name_counts_beside_the_full_name() -> None:
    """Okafor alone is nobody, after Lena Okafor it is her."""
    assert _mentions("Okafor spoke.") == []
    both = _mentions("Lena Okafor spoke. Later Okafor left.")
    assert [one.subject for one in both] == ["okafor", "okafor"]


def test_a_demonym_and_its_forces_are_the_government() -> None:
    """Also when the watchlist lists no such alias."""
    assert [one.subject for one in _mentions("Russian special forces slept.")] == ["russia"]
    assert _mentions("Russian-backed fighters slept.") == []


def test_a_shared_name_is_settled_by_its_country() -> None:
    """The nearest clear name of a fitting country decides; without one it stays open."""
    shared = Watchlist.model_validate(
        {
            "places": {
                "hama": {"name": "Hama", "country": "SY"},
                "goma": {"name": "Goma", "country": "CD"},
            },
            "actors": {
                name: {
                    "name": name.upper(),
                    "aliases": ["the rebels"],
                    "kind": "armed-group",
                    "country": country,
                }
                for name, country in (("hts", "SY"), ("m23", "CD"))
            },
        }
    )

    assert [one.subject for one in _mentions("The rebels slept in Goma.", shared)] == [
        "m23",
        "goma",
    ]
    assert _mentions("The rebels slept.", shared) == []


def test_the_army_of_another_country_is_not_ours() -> None:
    """Whose army a possessor of another country says; its own country's changes nothing."""
    ours = WATCHLIST.actors["syrian-government"].model_copy(update={"aliases": ("army",)})
    world = WATCHLIST.model_copy(update={"actors": {**WATCHLIST.actors, "syrian-government": ours}})

    def who(text: str) -> list[str | None]:
        return [one.subject for one in _mentions(text, world)]

    assert "syrian-government" not in who("Norway's army crossed the border.")
    assert "syrian-government" in who("Syria's army crossed the border.")
    assert who("The army crossed the border.") == ["syrian-government"]
