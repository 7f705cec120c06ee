"""Values that fade when nothing new is heard, and those that stay."""

from __future__ import annotations

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.records import Claim, Confidence, TransitionKind
from monitor.rules.belief import as_of, believe
from monitor.rules.transitions import transition
from tests.unit.rules.newsroom import (
    ALARM,
    CONTROL,
    GOVERNMENT,
    POSTURE,
    REBELS,
    SOURCES,
    alarm,
    control,
    hour,
    posture,
    says,
)
from tests.unit.rules.test_properties import ALL, claims

DAY = 24


def test_a_posture_fades_and_is_unknown_again() -> None:
    """One report of 0.585 lasts 2.5 half-lives of a week; two voices last longer."""
    one, two = says("courier", "advancing", 0), says("wire", "advancing", 0)

    assert posture(one, now=17 * DAY).value == "advancing"
    faded = posture(one, now=18 * DAY)
    assert (faded.value, faded.confidence, faded.faded) == (None, Confidence.BASELINE, True)
    assert posture(one, two, now=18 * DAY).value == "advancing"


def test_new_evidence_keeps_it_up() -> None:
    """The clock starts anew with each report for the value."""
    told = [says("courier", "advancing", 0), says("courier", "advancing", 10 * DAY)]

    status = posture(*told, now=20 * DAY)

    assert (status.value, status.since) == ("advancing", hour(0))
    assert status.fades is not None
    assert status.fades > hour(27 * DAY)


def test_what_faded_begins_anew() -> None:
    """The same value after it faded is another episode, with a date of its own."""
    told = [says("courier", "advancing", 0), says("courier", "advancing", 40 * DAY)]

    status = posture(*told, now=41 * DAY)

    assert (status.value, status.since) == ("advancing", hour(40 * DAY))


def test_a_threat_fades_to_what_is_still_told() -> None:
    """A siege that nobody mentions any more leaves the shelling that they do mention."""
    siege, shells = says("courier", "besieged", 0), says("wire", "under-attack", 4 * DAY)

    assert alarm(siege, now=2 * DAY).value == "besieged"
    assert alarm(siege, shells, now=4.1 * DAY).value == "under-attack"
    assert alarm(siege, shells, now=20 * DAY).value == "none"


def test_control_never_fades() -> None:
    """Who holds a city holds it until something changes."""
    fall = says("courier", REBELS, 0)

    later = believe(
        "homs", "control", CONTROL, [fall], SOURCES, GOVERNMENT, now=hour(24 * 365 * 20)
    )

    assert later == control([fall])
    assert later.fades is None


def test_fading_is_a_transition_of_its_own_kind() -> None:
    """It is dated by when it faded, and shows what was last heard."""
    told = says("courier", "advancing", 0)
    before = posture(told, now=1)
    assert before.fades is not None

    moved = transition(before, posture(told, now=30 * DAY), hour(30 * DAY))

    assert moved is not None
    assert (moved.kind, moved.from_, moved.to) == (TransitionKind.FADED, "advancing", None)
    assert moved.since == before.fades
    assert [one.claim for one in moved.opposing] == [told.id]


@settings(max_examples=60)
@given(
    st.lists(claims(factualities=ALL, values=["advancing", "retreating"], most=2000), max_size=12),
    st.integers(0, 4000),
    st.randoms(use_true_random=False),
)
def test_fading_does_not_depend_on_order_or_on_looking(
    said: list[Claim], now: int, chance: random.Random
) -> None:
    """Shuffled and repeated claims fade alike; and what has faded by then stays so."""
    shuffled = said + said[:3]
    chance.shuffle(shuffled)

    status = posture(*said, now=now)

    assert posture(*shuffled, now=now) == status
    if status.fades is not None:
        assert status.fades > hour(now)
        just = believe(
            "homs",
            "posture",
            POSTURE,
            [claim.model_copy(update={"facet": "posture"}) for claim in said],
            SOURCES,
            now=status.fades - timedelta(milliseconds=1),
        )
        assert just.value == status.value


def test_what_was_so_is_known_afterwards() -> None:
    """A report that comes late tells of then; the present is not asked."""
    fall = says("courier", REBELS, 10)
    retaken = says("wire", GOVERNMENT, 60)
    late = says("herald", REBELS, 90, happened=11)
    known = [fall, retaken, late]

    def held(at: float) -> tuple[str | None, str]:
        then = as_of(hour(at), "homs", "control", CONTROL, known, SOURCES, GOVERNMENT)
        return then.value, then.confidence

    assert held(5) == (GOVERNMENT, "baseline")
    assert held(30) == (REBELS, "confirmed")
    assert held(70) == (GOVERNMENT, "reported")


def test_what_never_was_is_not_so_afterwards() -> None:
    """A false report that was taken back leaves no trace in what was so."""
    said = [says("courier", REBELS, 10), says("courier", REBELS, 20, "negated")]

    then = as_of(hour(15), "homs", "control", CONTROL, said, SOURCES, GOVERNMENT)

    assert then.value == GOVERNMENT


def test_a_threat_as_of_a_moment() -> None:
    """Each level stands from its own reports on, and fades between them."""
    said = [
        says("courier", "besieged", 0, facet="threat"),
        says("wire", "under-attack", 30 * DAY, facet="threat"),
    ]

    def threatened(at: float) -> str | None:
        return as_of(hour(at), "homs", "threat", ALARM, said, SOURCES).value

    assert [threatened(day * DAY) for day in (-1, 1, 20, 31, 60)] == [
        "none",
        "besieged",
        "none",
        "under-attack",
        "none",
    ]


def test_a_posture_as_of_a_moment() -> None:
    """Between two spells nothing was known."""
    said = [
        says("courier", "advancing", 0, facet="posture"),
        says("courier", "retreating", 60 * DAY, facet="posture"),
    ]

    def did(at: float) -> str | None:
        return as_of(hour(at), "homs", "posture", POSTURE, said, SOURCES).value

    assert [did(day * DAY) for day in (1, 30, 61, 90)] == ["advancing", None, "retreating", None]
