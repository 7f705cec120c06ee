"""Transitions: what changed between two statuses, and how it is named."""

from __future__ import annotations

import itertools

import pytest

from monitor.records import Claim, Confidence, Status, Transition, TransitionKind
from monitor.rules.transitions import transition
from tests.unit.rules.newsroom import GOVERNMENT, KURDS, REBELS, START, control, says

FALL = says("courier", REBELS, 10)
SECOND = says("herald", REBELS, 12)
BOAST = says("wire", REBELS, 8, "claimed", attribution=REBELS)
TAKEN_BACK = says("courier", REBELS, 20, "negated")
RETAKEN = says("wire", GOVERNMENT, 60)
FALLEN_AGAIN = says("wire", REBELS, 120)


def moved(before: list[Claim], after: list[Claim]) -> Transition | None:
    """Return the transition between what two sets of claims make believed."""
    return transition(control(before), control(after), START)


def expected(before: list[Claim], after: list[Claim]) -> Transition:
    """Return the transition that must be there."""
    found = moved(before, after)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("before", "after", "kind", "from_", "to"),
    [
        ([], [FALL], "changed", GOVERNMENT, REBELS),
        ([], [BOAST], "changed", GOVERNMENT, REBELS),
        ([BOAST], [BOAST, FALL], "upgraded", REBELS, REBELS),
        ([FALL], [FALL, SECOND], "upgraded", REBELS, REBELS),
        ([FALL, SECOND], [SECOND, BOAST], "downgraded", REBELS, REBELS),
        ([FALL], [], "retracted", REBELS, GOVERNMENT),
        ([FALL], [FALL, TAKEN_BACK], "retracted", REBELS, GOVERNMENT),
        ([FALL], [FALL, RETAKEN], "changed", REBELS, GOVERNMENT),
        ([FALL, RETAKEN], [FALL], "retracted", GOVERNMENT, REBELS),
        ([FALL], [FALL, says("herald", KURDS, 40)], "changed", REBELS, KURDS),
    ],
)
def test_kinds(
    before: list[Claim], after: list[Claim], kind: str, from_: str | None, to: str | None
) -> None:
    """Each step of belief has the kind that an editor would call it."""
    found = expected(before, after)

    assert (found.kind, found.from_, found.to) == (kind, from_, to)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], []),
        ([FALL], [FALL]),
        ([], [says("wire", REBELS, 10, "possible")]),
        ([], [says("wire", GOVERNMENT, 10, standing=True)]),
        ([says("wire", GOVERNMENT, 10, standing=True)], []),
    ],
)
def test_no_transition(before: list[Claim], after: list[Claim]) -> None:
    """Nothing new, mere possibilities and a restated baseline are no transitions."""
    assert moved(before, after) is None


def test_first_status_is_compared_with_its_own_past() -> None:
    """Without a status before, the first change counts from the baseline it remembers."""
    found = transition(None, control([FALL]), START)

    assert found is not None
    assert (found.kind, found.from_) == (TransitionKind.CHANGED, GOVERNMENT)
    assert found.from_confidence is Confidence.BASELINE
    assert transition(None, control([]), START) is None


def test_same_change_has_one_id_and_a_later_one_another() -> None:
    """Told twice, a fall has one id; when the city falls again, that is another."""
    once = expected([], [FALL])
    again = transition(control([]), control([FALL]), RETAKEN.seen)
    second = expected([FALL, RETAKEN], [FALL, RETAKEN, FALLEN_AGAIN])

    assert again is not None
    assert again.id == once.id
    assert second.to == once.to
    assert second.id != once.id


def test_each_step_of_confidence_has_its_own_id() -> None:
    """Claimed, reported and confirmed are three transitions."""
    steps = [[], [BOAST], [BOAST, FALL], [BOAST, FALL, SECOND]]
    ids = {expected(before, after).id for before, after in itertools.pairwise(steps)}

    assert len(ids) == 3


def test_a_retraction_shows_what_was_told_and_what_speaks_against_it() -> None:
    """Taken back by a denial: the denial stands for, the refuted report against."""
    found = expected([FALL], [FALL, TAKEN_BACK])

    assert [one.claim for one in found.evidence] == [TAKEN_BACK.id]
    assert [one.claim for one in found.opposing] == [FALL.id]


def test_a_withdrawn_report_is_still_shown() -> None:
    """Withdrawn without a word: what people were told is shown as no longer standing."""
    found = expected([FALL], [])

    assert [one.claim for one in found.opposing] == [FALL.id]


def test_times_and_evidence_travel_with_the_transition() -> None:
    """``since`` is when it began; sources are named once, the first report first."""
    early = says("courier", REBELS, 9, width=6)

    found = expected([], [FALL, SECOND, early])

    assert found.since == early.start
    assert found.evidence[0].claim == early.id
    assert sorted(found.sources) == ["courier", "herald"]
    assert found.previous == GOVERNMENT


def test_a_level_that_rises_and_falls() -> None:
    """Values of one rank order change like any other."""
    low = Status(subject="homs", facet="threat", value="none", confidence=Confidence.BASELINE)
    high = Status(
        subject="homs",
        facet="threat",
        value="besieged",
        confidence=Confidence.REPORTED,
        since=START,
        previous="none",
    )

    up, down = transition(low, high, START), transition(high, low, START)

    assert up is not None
    assert down is not None
    assert (up.kind, down.kind) == (TransitionKind.CHANGED, TransitionKind.RETRACTED)
