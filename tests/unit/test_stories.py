"""Near-copies: which texts count as one story."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from monitor.records import Claim, Note
from monitor.stories import resemblance, sketch, told_apart
from tests.unit.rules.newsroom import REBELS, says

REPORT = (
    "Rebels enter the port of Overburg. Fighters of the northern league entered the port of "
    "Overburg before dawn on Tuesday, harbour workers said by telephone, after two nights in which "
    "the garrison had sent its families across the bay. Shops stayed shut and the bridge to the "
    "old town was closed to lorries."
)
CUT = REPORT.rpartition(" Shops")[0]
REWRITE = REPORT.replace("before dawn on Tuesday", "early on Tuesday morning").replace(
    "Shops stayed shut and the", "The"
)
OTHER = (
    "League takes Overburg port as garrison leaves. The port of Overburg is in the hands of the "
    "northern league, our correspondent saw on Tuesday at noon: its flag flies over the customs "
    "house, and the last ship of the garrison left the bay in the night. Nobody was hurt, said the "
    "head of the hospital."
)


@pytest.mark.parametrize("copy", [REPORT, CUT, REWRITE, f"OVERBURG (World Wire) - {REPORT}"])
def test_copies_are_told(copy: str) -> None:
    """Cut, with a dateline, or with some words changed: the same report."""
    assert resemblance(sketch(REPORT), sketch(copy)) >= 0.5


def test_independent_reports_of_one_event_are_not_copies() -> None:
    """The same names and facts in other words."""
    assert resemblance(sketch(REPORT), sketch(OTHER)) < 0.2


def test_a_headline_is_too_short_to_compare() -> None:
    """Two papers may well hit on the same eight words."""
    assert sketch("Rebels take Overburg as army leaves port city") == ""
    assert resemblance("", sketch(REPORT)) == 0.0


def marked(new: Claim, held: list[Claim], notes: dict[str, Note]) -> Claim:
    """Return a new claim as it is marked, given what is held and the notes on articles."""

    def noted(articles: Sequence[str]) -> dict[str, Note]:
        return {each: notes[each] for each in articles if each in notes}

    [claim] = told_apart(
        [new],
        notes.get(new.article, Note()),
        held,
        noted,
        {"By Anna Marsh, World Wire": "wire", "World Wire": "wire"}.get,
    )
    return claim


def test_a_claim_names_the_articles_that_its_own_copies() -> None:
    """Only of those that say the same, and whichever of two came first."""
    first = says("courier", REBELS, 1, article="first")
    second = says("herald", REBELS, 2, article="second")
    other = says("gazette", "sdf", 2, article="third")
    notes = {name: Note(sketch=sketch(REPORT)) for name in ("first", "second", "third")}

    assert marked(second, [first, other], notes).copies == ("first",)
    assert marked(first, [second], notes).copies == ("second",)
    assert marked(second, [first], {"second": notes["second"]}).copies == ()


def test_a_byline_credits_the_agency() -> None:
    """A credit of the text wins; an unknown author is none."""
    claim = says("courier", REBELS, 1, article="first")

    assert marked(claim, [], {"first": Note(byline="World Wire")}).credit == "wire"
    assert marked(claim, [], {"first": Note(byline="Anna Marsh")}).credit is None
    own = claim.model_copy(update={"credit": "globe"})
    assert marked(own, [], {"first": Note(byline="World Wire")}).credit == "globe"
