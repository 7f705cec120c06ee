"""Evidence is capped, and the answer stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.records import Claim, Status
from monitor.rules.belief import anchors, believe
from monitor.rules.bounds import dropped
from tests.unit.rules.newsroom import ALARM, CONTROL, GOVERNMENT, REBELS, SOURCES, hour, says
from tests.unit.rules.test_properties import claims

DAY = 24


def bounded(held: dict[str, Claim], newest: tuple[int, ...]) -> dict[str, Claim]:
    """Return what is kept of the claims on who holds Homs."""
    kept = anchors("homs", "control", CONTROL, held.values(), SOURCES, GOVERNMENT)
    gone = dropped(held, kept, lambda some: holder(list(some)), newest)
    return {each: claim for each, claim in held.items() if each not in gone}


def holder(said: list[Claim]) -> Status:
    """Return who holds Homs."""
    return believe("homs", "control", CONTROL, said, SOURCES, GOVERNMENT)


def core(status: Status) -> tuple[object, ...]:
    """Return what must stay; which sentences are shown may change."""
    return status.value, status.confidence, status.score, status.since, status.previous


@settings(max_examples=100)
@given(st.lists(claims(most=3000), max_size=40))
def test_what_is_dropped_changes_nothing(said: list[Claim]) -> None:
    """Of any claims, the value, its date, its score and its word stay."""
    held = {claim.id: claim for claim in said}

    kept = bounded(held, (5, 10, 20, len(held)))

    assert core(holder(list(kept.values()))) == core(holder(said))


@settings(max_examples=100)
@given(st.lists(claims(most=6000), max_size=60))
def test_capped_on_the_way_it_ends_in_the_same_place(said: list[Claim]) -> None:
    """Claims that come in the order of events, capped at each step or not: the same holder."""
    held: dict[str, Claim] = {}
    for claim in sorted(said, key=lambda one: (one.end, one.published, one.id)):
        held[claim.id] = claim
        if len(held) > 30:
            held = bounded(held, (20, 25, 30))

    assert holder(list(held.values())).value == holder(said).value


def test_years_of_the_same_are_few_claims() -> None:
    """Ten papers that name the holder each day for a year: some hundred claims are kept."""
    fall = says("wire", REBELS, 10)
    names = ["wire", "globe", "courier", "herald", "gazette", "tattler", "mirror", "blog-1"]
    daily = [
        says(name, REBELS, 20 + day * DAY, standing=True) for day in range(365) for name in names
    ]
    held = {claim.id: claim for claim in [fall, *daily]}

    kept = bounded(held, (100,))

    assert len(kept) < 150
    assert fall.id in kept
    assert core(holder(list(kept.values()))) == core(holder(list(held.values())))


@pytest.mark.parametrize("days", [40, 200])
def test_a_long_siege_keeps_its_beginning(days: int) -> None:
    """The chain of reports that shows how long it has lasted is not broken."""
    said = [
        says(name, "besieged", day * DAY + number, facet="threat")
        for day in range(days)
        for number, name in enumerate(["wire", "courier", "blog-1", "blog-2"])
    ]
    held = {claim.id: claim for claim in said}

    def answer(some: list[Claim]) -> Status:
        return believe("homs", "threat", ALARM, some, SOURCES, now=hour(days * DAY))

    gone = dropped(
        held,
        anchors("homs", "threat", ALARM, said, SOURCES),
        lambda some: answer(list(some)),
        (50,),
    )

    left = [claim for claim in said if claim.id not in gone]
    assert len(left) < 50 + days
    assert core(answer(left)) == core(answer(said))
    assert answer(left).since == hour(0)
