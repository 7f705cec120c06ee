"""Turns of phrase that reach over whole sentences and articles."""

from __future__ import annotations

import pytest
from newsroom import article, reader

from monitor.records import Claim, Factuality
from workers.frames import is_scenario

DEEDS = {Factuality.CONFIRMED, Factuality.REPORTED, Factuality.CLAIMED}


def told(title: str, text: str = "") -> list[Claim]:
    """Return the claims of deeds in an article."""
    (one,) = reader().read([article(title, text)])
    return [claim for claim in one.claims if claim.factuality in DEEDS]


@pytest.mark.parametrize(
    "title",
    [
        "Four scenarios for the delta",
        "Three possible futures of a divided island",
        "What if the bridge falls?",
        "The worst-case plan of the ministry",
        "How the siege could end",
    ],
)
def test_a_title_announces_scenarios(title: str) -> None:
    """Titles of pieces on what might happen are known by their form."""
    assert is_scenario(title)


@pytest.mark.parametrize("title", ["Rebels capture Hama", "Army has few options left in Homs"])
def test_a_plain_title_announces_none(title: str) -> None:
    """News is no scenario, whatever it says of options."""
    assert not is_scenario(title)


def test_nothing_in_the_present_tense_happens_in_scenarios() -> None:
    """Given a piece on scenarios, expect no deed from what it imagines."""
    claims = told("Three scenarios for the winter", "Hama falls to the rebels. Assad flees.")
    assert {claim.facet for claim in claims} <= {"threat"}


def test_the_past_happened_in_scenarios_too() -> None:
    """Such a piece still tells what has been."""
    claims = told("Three scenarios for the winter", "Rebels captured Hama on Thursday.")
    assert {claim.value for claim in claims if claim.facet == "control"} == {"hts"}


@pytest.mark.parametrize(
    "text",
    [
        "There was no truth in reports that rebels had seized Hama.",
        "Stories that rebels had seized Hama proved to be untrue.",
    ],
)
def test_what_was_laid_to_rest_did_not_happen(text: str) -> None:
    """The words of a refutation count, however the sentence was parsed."""
    assert told(text) == []


def test_a_missing_proof_of_something_else_refutes_nothing() -> None:
    """Only a report that is said to be unproven is laid to rest."""
    claims = told("Rebels captured Hama. There is no evidence of looting.")
    assert ("hama", "hts") in {(claim.subject, claim.value) for claim in claims}


def test_a_story_of_the_past_is_history() -> None:
    """Given a time that is told from another time, expect that nothing is news."""
    assert told("The old siege", "Two years later the army had retaken Hama.") == []


def test_a_past_perfect_of_today_is_news() -> None:
    """The tense alone makes no history."""
    claims = told("Rebels had captured Hama by noon, residents said.")
    assert ("hama", "hts") in {(claim.subject, claim.value) for claim in claims}
