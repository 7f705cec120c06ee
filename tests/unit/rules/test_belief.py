"""Details of a status beside value and word: since, previous, what is shown."""

from __future__ import annotations

from monitor.records import Confidence
from monitor.rules.belief import believe
from tests.unit.rules.newsroom import CONTROL, GOVERNMENT, REBELS, SOURCES, control, says, threat


def test_since_is_when_the_earliest_report_says_it_happened() -> None:
    """Not when it was published, and the start where only an interval is known."""
    status = control(
        [says("herald", REBELS, 30), says("courier", REBELS, 40, happened=10, width=5)]
    )

    assert status.since == says("courier", REBELS, 5).end
    assert (status.value, status.previous) == (REBELS, GOVERNMENT)


def test_since_never_precedes_the_value_before() -> None:
    """A vaguely dated recapture is clamped to the capture."""
    fall = says("courier", REBELS, 10)
    status = control([fall, says("wire", GOVERNMENT, 20, width=24)])

    assert (status.value, status.since) == (GOVERNMENT, fall.start)


def test_a_restated_baseline_has_no_beginning() -> None:
    """News that the holder still holds it make that surer, and not newer."""
    status = control([says("wire", GOVERNMENT, 10, standing=True)])

    assert (status.value, status.confidence) == (GOVERNMENT, Confidence.REPORTED)
    assert (status.since, status.previous) == (None, None)


def test_claims_about_others_are_passed_over() -> None:
    """Another subject's or facet's claim, or an impossible value, changes nothing."""
    said = [
        says("wire", REBELS, 1, subject="hama"),
        says("wire", REBELS, 1, facet="threat"),
    ]

    assert control(said) == control([])
    assert threat(says("wire", "open", 1)) == threat()


def test_without_a_baseline_the_first_report_is_the_first_value() -> None:
    """Unknown before, and unknown again when taken back."""
    fall = says("courier", REBELS, 10)
    back = says("courier", REBELS, 20, "negated")

    known = believe("homs", "control", CONTROL, [fall], SOURCES)
    again = believe("homs", "control", CONTROL, [fall, back], SOURCES)

    assert (known.value, known.previous) == (REBELS, None)
    assert (again.value, again.confidence) == (None, Confidence.BASELINE)


def test_the_first_report_is_always_shown_first() -> None:
    """Behind it the newest, three per family and twelve in all."""
    first = says("globe", REBELS, 1)
    later = [says("globe", REBELS, hour) for hour in range(2, 9)]
    others = [says(f"blog-{number}", REBELS, 20 + number) for number in range(20)]

    status = control([first, *later, *others])

    shown = [evidence.claim for evidence in status.supporting]
    assert shown[0] == first.id
    assert shown[1] == others[-1].id
    assert len(shown) == 12
    few = control([first, *later]).supporting
    assert [one.claim for one in few] == [first.id, later[-1].id, later[-2].id]


def test_contradiction_is_shown_and_weighs() -> None:
    """A rival report stands against, and lowers the score without changing the value."""
    fall = says("courier", REBELS, 10)
    rival = says("wire", GOVERNMENT, 40, standing=True)

    plain, disputed = control([fall]), control([fall, rival])

    assert [one.claim for one in disputed.opposing] == [rival.id]
    assert disputed.score < plain.score


def test_a_level_remembers_what_was_before() -> None:
    """Since the first sign of this level; before it the level then, or rest after the hold."""
    shelled, siege = says("wire", "under-attack", 10), says("courier", "besieged", 30)
    late = says("wire", "contested", 300)

    status = threat(shelled, siege)

    assert (status.previous, status.since) == ("under-attack", siege.start)
    assert threat(shelled, siege, late).previous == "none"
    assert threat(shelled).previous == "none"


def test_a_level_that_sinks_begins_when_the_higher_one_lapsed() -> None:
    """Signs of the lower level from before belong to the higher one's time."""
    after = says("wire", "contested", 60)
    status = threat(
        says("wire", "contested", 0),
        says("courier", "besieged", 24),
        after,
        says("wire", "contested", 110),
    )

    assert (status.value, status.since) == ("contested", after.start)


def test_a_claimed_level_and_a_denied_one() -> None:
    """Only boasts: the highest one, as claimed; a lone report taken back: rest again."""
    boast = says("wire", "besieged", 10, "claimed", attribution=REBELS)
    lone = says("courier", "besieged", 10)

    assert threat(boast).confidence == Confidence.CLAIMED
    taken_back = threat(lone, says("courier", "besieged", 20, "negated"))
    assert (taken_back.value, taken_back.confidence) == ("none", Confidence.BASELINE)
    assert len(taken_back.opposing) == 1


def test_an_end_that_was_taken_back_ends_nothing() -> None:
    """The siege goes on when the paper withdraws that it was lifted."""
    status = threat(
        says("courier", "besieged", 10),
        says("herald", "none", 20),
        says("herald", "none", 30, "negated"),
    )

    assert (status.value, status.since) == ("besieged", says("wire", "none", 10).start)
