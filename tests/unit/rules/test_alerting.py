"""Alerts: which rules a transition answers, once, and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.ontology import Ontology
from monitor.records import Alert, Claim
from monitor.rules.alerting import alerts
from monitor.rules.transitions import transition
from monitor.watchlist import Actor, ActorKind, AlertRule, Place, Watchlist
from tests.unit.rules.newsroom import (
    CONTROL,
    GOVERNMENT,
    KURDS,
    REBELS,
    START,
    THREAT,
    control,
    says,
)

ONTOLOGY = Ontology(facets={"control": CONTROL, "threat": THREAT})
FALL = says("courier", REBELS, 10)
SECOND = says("herald", REBELS, 12)
BOAST = says("wire", REBELS, 8, "claimed", attribution=REBELS)
DENIED = [says("herald", REBELS, 20, "negated"), says("gazette", REBELS, 21, "negated")]
RETAKEN = says("wire", GOVERNMENT, 60)


def watchlist(*rules: dict[str, Any], held_by: str | None = GOVERNMENT) -> Watchlist:
    """Return a watchlist that tracks Homs with these rules (by default: everything)."""
    return Watchlist(
        name="syria",
        places={"homs": Place(name="Homs", held_by=held_by, tags=("m5",))},
        actors={
            GOVERNMENT: Actor(name="the Syrian government", kind=ActorKind.GOVERNMENT),
            REBELS: Actor(name="Hayat Tahrir al-Sham", kind=ActorKind.ARMED_GROUP),
        },
        rules=tuple(
            AlertRule.model_validate({"name": f"rule-{number}", **rule})
            for number, rule in enumerate(rules or ({},))
        ),
    )


def told(before: list[Claim], after: list[Claim], *lists: Watchlist) -> list[Alert]:
    """Return the alerts when the second set of claims follows the first."""
    found = transition(control(before), control(after), START)
    return [] if found is None else alerts(found, lists or (watchlist(),), ONTOLOGY)


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
    """Reported at once, or doubted and reported again: the alert has one id."""
    [direct] = told([], [BOAST, FALL])
    [stepwise] = told([BOAST], [BOAST, FALL])

    assert stepwise.id == direct.id


def test_a_retraction_is_told_to_those_who_were_told() -> None:
    """Conditions are matched as they were when the change was told."""
    lists = watchlist({"from": GOVERNMENT, "to": REBELS}, {"to": GOVERNMENT})

    [alert] = told([FALL], [FALL, *DENIED], lists)

    assert alert.rule == "rule-0"
    assert alert.summary == (
        "Homs: taken back: held by Hayat Tahrir al-Sham; still held by the Syrian government"
    )


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
    found = transition(
        control([]).model_copy(update={"value": None}),
        control([says("courier", "free-syrian-army", 10)]),
        START,
    )
    assert found is not None

    [alert] = alerts(found, [watchlist(held_by=None)], ONTOLOGY)

    assert alert.summary.startswith("Homs: unknown → held by free syrian army")
