"""Alerts: which rules a transition answers, once, and in which words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ontology import Ontology
from monitor.records import Alert, Claim, Status
from monitor.rules.alerting import answer, primed
from monitor.rules.ledger import State, Told
from monitor.rules.transitions import transition
from monitor.watchlist import Actor, ActorKind, AlertRule, Place, Watchlist
from tests.unit.rules.newsroom import (
    CONTROL,
    GOVERNMENT,
    KURDS,
    POSTURE,
    REBELS,
    START,
    THREAT,
    alarm,
    control,
    posture,
    says,
)
from tests.unit.rules.test_properties import claims

ONTOLOGY = Ontology(facets={"control": CONTROL, "threat": THREAT, "posture": POSTURE})
FALL = says("courier", REBELS, 10)
SECOND = says("herald", REBELS, 12)
BOAST = says("wire", REBELS, 8, "claimed", attribution=REBELS)
DENIED = [says("herald", REBELS, 20, "negated"), says("gazette", REBELS, 21, "negated")]
RETAKEN = says("wire", GOVERNMENT, 60)


def watchlist(*rules: dict[str, Any], held_by: str | None = GOVERNMENT) -> Watchlist:
    """Return a watchlist that tracks Homs with these rules (by default: everything)."""
    return Watchlist(
        name="syria",
        places={"homs": Place(name="Homs", held_by=held_by, tags=("m5",), country="SY")},
        actors={
            GOVERNMENT: Actor(name="the Syrian government", kind=ActorKind.GOVERNMENT),
            REBELS: Actor(name="Hayat Tahrir al-Sham", kind=ActorKind.ARMED_GROUP),
        },
        rules=tuple(
            AlertRule.model_validate({"name": f"rule-{number}", **rule})
            for number, rule in enumerate(rules or ({},))
        ),
    )


class Newsroom:
    """Watchlists that hear one status move, hour by hour, and what they told."""

    def __init__(self, *lists: Watchlist) -> None:
        self.lists = lists or (watchlist(),)
        self.status = control([])
        self.ledger: dict[str, Told] = {}
        self.told: list[Alert] = []

    def hears(self, hour: float, *said: Claim) -> list[Alert]:
        """Believe all of this from that hour on; return the alerts of this step."""
        return self.turns(hour, control(said))

    def turns(self, hour: float, after: Status) -> list[Alert]:
        """Believe this from that hour on; return the alerts of this step."""
        at = START + timedelta(hours=hour)
        moved = transition(self.status, after, at)
        answers = answer(after, moved, self.ledger, self.lists, ONTOLOGY, at)
        self.status, self.ledger = after, answers.ledger
        self.told += answers.alerts
        return answers.alerts


def told(before: list[Claim], after: list[Claim], *lists: Watchlist) -> list[Alert]:
    """Return the alerts when the second set of claims follows the first."""
    room = Newsroom(*lists)
    room.hears(50, *before)
    return room.hears(51, *after)


def test_a_change_alerts_in_plain_words() -> None:
    """The summary names place, holders, confidence and date."""
    [alert] = told([], [FALL])

    assert alert.summary == (
        "Homs: held by the Syrian government → held by Hayat Tahrir al-Sham"
        " (reported, since 1 Dec 2024)"
    )
    assert (alert.watchlist, alert.rule) == ("syria", "rule-0")
    assert alert.names == {
        "subject": "Homs",
        "from": "held by the Syrian government",
        "to": "held by Hayat Tahrir al-Sham",
    }


@pytest.mark.parametrize(
    ("rule", "alerted"),
    [
        ({}, True),
        ({"subject": "homs"}, True),
        ({"subject": "hama"}, False),
        ({"tags": ["m5", "coast"]}, True),
        ({"tags": "coast"}, False),
        ({"facet": "control"}, True),
        ({"facet": "threat"}, False),
        ({"from": GOVERNMENT}, True),
        ({"from": KURDS}, False),
        ({"to": [REBELS, KURDS]}, True),
        ({"to": GOVERNMENT}, False),
        ({"confidence": "claimed"}, True),
        ({"confidence": "confirmed"}, False),
    ],
)
def test_rules_match(rule: dict[str, Any], *, alerted: bool) -> None:
    """Each condition of a rule narrows it, and what is left out matches everything."""
    assert bool(told([], [FALL], watchlist(rule))) is alerted


def test_a_claim_alerts_once_it_is_reported() -> None:
    """A rule for reported changes is silent on a boast, and told when others confirm it."""
    assert told([], [BOAST]) == []

    [alert] = told([BOAST], [BOAST, FALL], watchlist({"from": GOVERNMENT, "to": REBELS}))

    assert alert.names["from"] == "held by the Syrian government"
    assert told([FALL], [FALL, SECOND]) == []


def test_confidence_that_wavers_alerts_once() -> None:
    """Told, doubted by the paper itself, and told by another: one alert."""
    room = Newsroom()
    room.hears(10, FALL)
    room.hears(11, BOAST)
    room.hears(12, BOAST, SECOND)

    assert [alert.transition.kind for alert in room.told] == ["changed"]


def test_a_retraction_is_told_to_those_who_were_told() -> None:
    """Conditions are matched as they were when the change was told."""
    lists = watchlist({"from": GOVERNMENT, "to": REBELS}, {"to": GOVERNMENT})

    [alert] = told([FALL], [FALL, *DENIED], lists)

    assert alert.rule == "rule-0"
    assert alert.summary == (
        "Homs: taken back: held by Hayat Tahrir al-Sham; still held by the Syrian government"
    )


def test_what_comes_to_the_same_is_told_once() -> None:
    """An army that retreats, then withdraws, is one alert; that it advances again is another."""
    room = Newsroom(watchlist({"to": ["retreating", "withdrawing", "advancing"]}))
    steps = ("retreating", "withdrawing", "retreating", "advancing")
    said = [says("wire", value, 24.0 * day) for day, value in enumerate(steps)]
    for day in range(len(steps)):
        room.turns(24.0 * day, posture(*said[: day + 1]))

    assert [alert.transition.to for alert in room.told] == ["retreating", "advancing"]


def test_taking_back_what_comes_to_the_same_is_no_news() -> None:
    """Retreating, it said by mistake of an army that withdraws: nobody needs to know."""
    room = Newsroom(watchlist({"to": ["retreating", "withdrawing"]}))
    first, wrong = says("wire", "withdrawing", 0), says("courier", "retreating", 24)
    room.turns(0, posture(first))
    room.turns(24, posture(first, wrong))
    room.turns(30, posture(first, wrong, says("courier", "retreating", 30, "negated")))

    assert room.status.value == "withdrawing"
    assert [alert.transition.to for alert in room.told] == ["withdrawing"]


def test_a_retraction_below_the_rule_is_silent() -> None:
    """What was never told need not be taken back."""
    assert told([BOAST], []) == []
    assert len(told([BOAST], [], watchlist({"confidence": "claimed"}))) == 1


def test_a_weakened_status_is_silent() -> None:
    """A downgrade is seen on the board, and alerts nobody."""
    assert told([FALL, SECOND], [FALL]) == []


def test_retaken_and_fallen_again_alert_anew() -> None:
    """A city that falls twice alerts twice, under two ids."""
    [first] = told([], [FALL])
    [second] = told([FALL, RETAKEN], [FALL, RETAKEN, says("wire", REBELS, 120)])

    assert first.id != second.id


def test_what_a_watchlist_says_itself_is_no_news_to_it() -> None:
    """Two watchlists disagree on who held the place: each is told what is new to it."""
    ours, theirs = watchlist(), watchlist(held_by=REBELS)

    found = told([], [FALL], ours, theirs)

    assert len(found) == 1
    assert found[0].names["from"] == "held by the Syrian government"


def test_an_untracked_subject_alerts_nobody() -> None:
    """A watchlist without the place is not told."""
    assert told([], [FALL], Watchlist(name="ports", rules=(AlertRule(name="all"),))) == []


def test_unnamed_values_are_spelled_out() -> None:
    """A value that the watchlist does not name, or no value, is still readable."""
    room = Newsroom(watchlist(held_by=None))
    room.status = room.status.model_copy(update={"value": None})

    [alert] = room.hears(10, says("courier", "free-syrian-army", 10))

    assert alert.summary.startswith("Homs: unknown → held by free syrian army")


def test_a_change_is_told_when_it_has_held() -> None:
    """With ``for: 6h`` the alert comes six hours later, with the evidence of then."""
    room = Newsroom(watchlist({"for": "6h"}))

    assert room.hears(10, FALL) == []
    assert room.hears(13, FALL, SECOND) == []
    [alert] = room.hears(16, FALL, SECOND)

    assert alert.transition.at == START + timedelta(hours=16)
    assert (alert.transition.from_, alert.transition.to) == (GOVERNMENT, REBELS)
    assert alert.transition.confidence == "confirmed"
    assert room.hears(17, FALL, SECOND) == []


def test_a_change_that_does_not_hold_is_never_told() -> None:
    """Taken back, or doubted, before its time: silence, and nothing to take back."""
    room = Newsroom(watchlist({"for": "6h"}))
    room.hears(10, FALL)
    room.hears(12, FALL, *DENIED)
    room.hears(16, FALL, *DENIED)
    doubted = Newsroom(watchlist({"for": "6h"}))
    doubted.hears(10, FALL)
    doubted.hears(12, BOAST)
    doubted.hears(16, BOAST)

    assert room.told == doubted.told == []


def test_the_cooldown_defers() -> None:
    """What stands after the pause is told then; a value told already is not told again."""
    room = Newsroom(watchlist({"cooldown": "2d"}))
    [first] = room.hears(10, FALL)

    assert room.hears(60 - 10, FALL, says("wire", GOVERNMENT, 49)) == []
    [second] = room.hears(10 + 48, FALL, says("wire", GOVERNMENT, 49))

    assert (first.transition.to, second.transition.to) == (REBELS, GOVERNMENT)
    back = Newsroom(watchlist({"cooldown": "5d"}))
    back.hears(10, FALL)
    back.hears(60, FALL, RETAKEN)
    back.hears(122, FALL, RETAKEN, says("wire", REBELS, 120))
    back.hears(200, FALL, RETAKEN, says("wire", REBELS, 120))
    assert len(back.told) == 1


def test_once_is_once_until_it_is_taken_back() -> None:
    """A second change is not told; a false first one does not use up the only alert."""
    once = watchlist({"once": True})
    room, deceived = Newsroom(once), Newsroom(once)
    room.hears(10, FALL)
    room.hears(60, FALL, RETAKEN)
    deceived.hears(10, FALL)
    deceived.hears(22, FALL, *DENIED)
    deceived.hears(60, FALL, *DENIED, says("wire", REBELS, 59))

    assert [alert.transition.kind for alert in room.told] == ["changed"]
    assert [alert.transition.kind for alert in deceived.told] == [
        "changed",
        "retracted",
        "changed",
    ]
    assert len({alert.id for alert in deceived.told}) == 3


def test_an_upgrade_is_told_to_who_asks_for_it() -> None:
    """Reported, then confirmed: a second alert only with ``on_upgrade: alert``."""
    room = Newsroom(watchlist({}, {"on_upgrade": "alert"}))
    room.hears(10, FALL)

    [alert] = room.hears(12, FALL, SECOND)

    assert alert.rule == "rule-1"
    assert alert.summary == (
        "Homs: held by Hayat Tahrir al-Sham: now confirmed (confirmed, since 1 Dec 2024)"
    )


def test_a_retraction_is_silent_where_a_rule_says_so() -> None:
    """``on_retraction: silent``: the change is told, that it never was is not."""
    room = Newsroom(watchlist({"on_retraction": "silent"}))
    room.hears(10, FALL)
    room.hears(22, FALL, *DENIED)

    assert [alert.transition.kind for alert in room.told] == ["changed"]


def test_what_faded_unsaid_and_comes_back_is_no_news() -> None:
    """Shelled, not mentioned for a week, shelled: for who reads the alerts it never ended."""
    shells = [says("courier", "under-attack", hour_) for hour_ in (0, 10 * 24, 60 * 24)]
    rooms = [Newsroom(watchlist(rule)) for rule in ({}, {"on_fade": "alert"})]
    for room in rooms:
        room.status = alarm(now=0)
        for hour_, said in (
            (1, shells[:1]),
            (9 * 24, shells[:1]),
            (10 * 24, shells[:2]),
            (19 * 24, shells[:2]),
            (60 * 24, shells),
        ):
            room.turns(hour_, alarm(*said, now=hour_))

    silent, asked = ([str(alert.transition.kind) for alert in room.told] for room in rooms)
    assert silent == ["changed", "changed"]
    assert asked == ["changed", "faded", "changed", "faded", "changed"]
    assert rooms[1].told[1].summary == (
        "Homs: no more news of: under attack since 1 Dec 2024; now none"
    )


def test_country_narrows() -> None:
    """A rule for another country is silent."""
    assert told([], [FALL], watchlist({"country": "LB"})) == []
    assert len(told([], [FALL], watchlist({"country": ["SY", "LB"]}))) == 1


def test_what_was_learnt_is_no_news() -> None:
    """Nobody knew who held it; "rebel-held Homs" tells who, and of no change."""
    room = Newsroom(watchlist(held_by=None))
    room.status = room.status.model_copy(update={"value": None})

    assert room.hears(10, says("wire", REBELS, 10, standing=True)) == []
    assert room.hears(12, says("wire", REBELS, 10, standing=True), SECOND) == []


def test_an_edited_watchlist_fires_no_old_alert() -> None:
    """A rule that is new, or renamed, is silent on what stood before it."""
    room = Newsroom()
    room.hears(10, FALL)
    room.lists = (watchlist({"name": "renamed"}),)
    room.ledger = primed(room.status, room.ledger, room.lists)

    assert room.ledger["syria/renamed"].state is State.SILENT
    assert room.hears(11, BOAST) == []
    assert room.hears(12, BOAST, SECOND) == []
    assert [alert.transition.to for alert in room.hears(60, SECOND, RETAKEN)] == [GOVERNMENT]


def test_what_comes_back_after_a_mere_boast_of_another_is_no_news() -> None:
    """Between the two the rule told nothing, so for who reads the alerts nothing happened."""
    boast = says("wire", KURDS, 8, "claimed", attribution=KURDS)
    room = Newsroom(watchlist({"confidence": "reported"}))

    assert [alert.transition.to for alert in room.hears(11, FALL)] == [REBELS]
    assert room.hears(12, boast) == []
    assert room.hears(13, FALL) == []


@settings(max_examples=60)
@given(
    st.lists(claims(factualities=["reported", "claimed", "negated"]), max_size=10),
    st.lists(st.lists(st.booleans(), min_size=10, max_size=10), min_size=1, max_size=8),
)
def test_no_value_is_told_twice_and_nothing_untold_is_taken_back(
    said: list[Claim], days: list[list[bool]]
) -> None:
    """However evidence comes and goes: what a rule tells is never what it told last."""
    room = Newsroom()
    for day, kept in enumerate(days):
        room.hears(240 + day, *(claim for claim, held in zip(said, kept, strict=False) if held))

    stands: str | None = None
    for alert in room.told:
        change = alert.transition
        if change.kind == "retracted":
            assert change.from_ == stands
            stands = None
        else:
            assert change.to != stands
            stands = change.to
    assert len({alert.id for alert in room.told}) == len(room.told)
