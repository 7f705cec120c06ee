"""Works of fiction are history, whatever their sentences say; news of their makers is news."""

from __future__ import annotations

import pytest

from tests.unit.workers.newsroom import article, reader
from workers.frames import is_fiction

DEEDS = "Rebels captured Hama. The army withdrew from Homs."


@pytest.mark.parametrize(
    "title",
    [
        "TV review: The Long Siege",
        "Review: The Doctors of the Old Town",
        "Film: The Well turns a siege into a thriller",
        "Novel about the war wins a prize",
        "New drama follows four soldiers home",
        "The general returns in a new film",
        "Book review | A Year of Dust",
    ],
)
def test_a_title_of_fiction_silences_the_text(title: str) -> None:
    """Given such a title, nothing in the text moves a status."""
    assert is_fiction(title)
    [read] = reader().read([article(title, DEEDS)])
    assert read.claims == ()


@pytest.mark.parametrize(
    "title",
    [
        "Film director flees Damascus",
        "Documentary maker killed in Homs",
        "Government orders review of army losses",
        "Ministers announce security review",
        "Series of blasts shakes Aleppo",
        "Book fair opens under shelling",
    ],
)
def test_news_of_makers_and_reviews_of_policy_is_news(title: str) -> None:
    """Given a title that only has such words, the text counts."""
    assert not is_fiction(title)


def test_tourists_and_planes_do_not_withdraw() -> None:
    """Only who bears arms or is tracked leaves a city to its enemies."""
    [plane] = reader().read([article("A cargo jet left Hama on Sunday")])
    [army] = reader().read([article("The Syrian army left Hama on Sunday")])

    assert plane.claims == ()
    assert {claim.subject for claim in army.claims} >= {"syrian-government"}


@pytest.mark.parametrize(
    "text",
    [
        "HTS United captured Hama's striker in extra time and won on penalties.",
        "Hama fell to the rebels of Homs in the quarter-final.",
        "The rebels captured Hama in a film that leads the box office.",
    ],
)
def test_sport_and_show_business_take_no_city(text: str) -> None:
    """Words that only such pages have silence their sentence."""
    [read] = reader().read([article("A weekend in review of all grounds", text)])

    assert not [claim for claim in read.claims if claim.facet == "control"]


def test_what_was_to_have_happened_did_not() -> None:
    """A plan of the past is named because nothing came of it."""
    [read] = reader().read(
        [article("A year of war", "The rebels were to have captured Hama by now.")]
    )

    assert {claim.factuality for claim in read.claims if claim.facet == "control"} <= {"negated"}
