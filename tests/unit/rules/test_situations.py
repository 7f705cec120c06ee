"""Situations that a duty editor knows, each with the right answer.

Hours count from the start; the government holds Homs before any news. Sources: the wire is of
grade A, the globe (two desks) B, courier, herald and gazette C, tattler, mirror and echo D,
rumour E; blog-1 ... are unknown (F); state-news and rebel-radio speak for the parties.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from monitor.records import Claim
from monitor.rules.transitions import transition
from tests.unit.rules.newsroom import (
    GOVERNMENT,
    KURDS,
    REBELS,
    control,
    leadership,
    says,
    threat,
)


@dataclass(frozen=True)
class Situation:
    """What was said, and what a duty editor concludes."""

    name: str
    said: tuple[Claim, ...]
    value: str | None
    confidence: str


SITUATIONS = [
    Situation("nothing was said", (), GOVERNMENT, "baseline"),
    Situation(
        "one fairly reliable paper tells of the capture",
        (says("courier", REBELS, 10),),
        REBELS,
        "reported",
    ),
    Situation(
        "an unknown outlet tells of the capture",
        (says("blog-1", REBELS, 10),),
        REBELS,
        "reported",
    ),
    Situation(
        "only an outlet known to be unreliable tells of the capture",
        (says("rumour", REBELS, 10),),
        REBELS,
        "claimed",
    ),
    Situation(
        "two independent papers agree",
        (says("courier", REBELS, 10), says("herald", REBELS, 11)),
        REBELS,
        "confirmed",
    ),
    Situation(
        "two desks of one publisher agree with each other",
        (says("globe", REBELS, 10), says("globe-sunday", REBELS, 11)),
        REBELS,
        "reported",
    ),
    Situation(
        "ten outlets carry one wire story",
        tuple(says(f"blog-{n}", REBELS, 10 + n, story="S", credit="wire") for n in range(10)),
        REBELS,
        "reported",
    ),
    Situation(
        "outlets credit the wire for stories that they rewrote",
        tuple(says(f"blog-{n}", REBELS, 10 + n, credit="wire") for n in range(3)),
        REBELS,
        "reported",
    ),
    Situation(
        "a headline desk hardens the copy of a story that only quoted the rebels",
        (
            says("wire", REBELS, 10, "claimed", attribution=REBELS, story="S"),
            says("blog-1", REBELS, 11, "confirmed", story="S"),
        ),
        REBELS,
        "claimed",
    ),
    Situation(
        "two papers that are not usually reliable agree",
        (says("tattler", REBELS, 10), says("mirror", REBELS, 11)),
        REBELS,
        "reported",
    ),
    Situation(
        "three papers that are not usually reliable agree",
        (says("tattler", REBELS, 10), says("mirror", REBELS, 11), says("echo", REBELS, 12)),
        REBELS,
        "confirmed",
    ),
    Situation(
        "the rebels boast, and the wire and the globe quote them",
        (
            says("wire", REBELS, 10, "claimed", attribution=REBELS),
            says("globe", REBELS, 11, "claimed", attribution=REBELS),
        ),
        REBELS,
        "claimed",
    ),
    Situation(
        "the rebels' own radio states it as a fact",
        (says("rebel-radio", REBELS, 10, "confirmed"),),
        REBELS,
        "claimed",
    ),
    Situation(
        "the government's own agency admits the loss",
        (says("state-news", REBELS, 10),),
        REBELS,
        "reported",
    ),
    Situation(
        "the rebels plan to take it, and analysts say that it could fall",
        (says("wire", REBELS, 10, "planned"), says("globe", REBELS, 11, "possible")),
        GOVERNMENT,
        "baseline",
    ),
    Situation(
        "one paper reports, the government denies",
        (
            says("courier", REBELS, 10),
            says("wire", REBELS, 11, "denied", attribution=GOVERNMENT),
        ),
        REBELS,
        "reported",
    ),
    Situation(
        "two good sources report, the government denies, nobody new has spoken since",
        (
            says("wire", REBELS, 10),
            says("globe", REBELS, 11),
            says("herald", REBELS, 12, "denied", attribution=GOVERNMENT),
        ),
        REBELS,
        "reported",
    ),
    Situation(
        "a third paper has been to the square after the government's denial",
        (
            says("wire", REBELS, 10),
            says("globe", REBELS, 11),
            says("herald", REBELS, 12, "denied", attribution=GOVERNMENT),
            says("courier", REBELS, 14, "confirmed"),
        ),
        REBELS,
        "confirmed",
    ),
    Situation(
        "the only paper that reported it takes it back",
        (says("courier", REBELS, 10), says("courier", REBELS, 14, "negated")),
        GOVERNMENT,
        "baseline",
    ),
    Situation(
        "the sister desk of the only paper takes it back",
        (says("globe", REBELS, 10), says("globe-sunday", REBELS, 14, "negated")),
        GOVERNMENT,
        "baseline",
    ),
    Situation(
        "one of two papers takes it back, the other stands by it",
        (
            says("courier", REBELS, 10),
            says("herald", REBELS, 11),
            says("courier", REBELS, 14, "negated"),
        ),
        REBELS,
        "reported",
    ),
    Situation(
        "two papers on the ground deny what one reported",
        (
            says("courier", REBELS, 10),
            says("herald", REBELS, 14, "negated"),
            says("gazette", REBELS, 15, "negated"),
        ),
        GOVERNMENT,
        "baseline",
    ),
    Situation(
        "the government retakes it",
        (
            says("courier", REBELS, 10),
            says("herald", REBELS, 11),
            says("wire", GOVERNMENT, 60),
        ),
        GOVERNMENT,
        "reported",
    ),
    Situation(
        "a report of the first capture arrives after it was retaken",
        (says("wire", GOVERNMENT, 60), says("courier", REBELS, 70, happened=10)),
        GOVERNMENT,
        "reported",
    ),
    Situation(
        "a boast against what two papers reported yesterday",
        (
            says("courier", REBELS, 10),
            says("herald", REBELS, 11),
            says("state-news", GOVERNMENT, 30),
        ),
        REBELS,
        "confirmed",
    ),
    Situation(
        "a desk that lags still writes 'government-held Homs' hours after the change",
        (says("courier", REBELS, 10), says("wire", GOVERNMENT, 14, standing=True)),
        REBELS,
        "reported",
    ),
    Situation(
        "two desks lag",
        (
            says("courier", REBELS, 10),
            says("wire", GOVERNMENT, 14, standing=True),
            says("globe", GOVERNMENT, 15, standing=True),
        ),
        REBELS,
        "reported",
    ),
    Situation(
        "a day later one paper writes 'government-held Homs'",
        (says("courier", REBELS, 10), says("wire", GOVERNMENT, 40, standing=True)),
        REBELS,
        "reported",
    ),
    Situation(
        "a day later two papers write 'government-held Homs', against one that told of its fall",
        (
            says("courier", REBELS, 10),
            says("wire", GOVERNMENT, 40, standing=True),
            says("globe", GOVERNMENT, 41, standing=True),
        ),
        GOVERNMENT,
        "reported",
    ),
    Situation(
        "a day later desks disagree on whose Homs is, two against two",
        (
            says("courier", REBELS, 10),
            says("wire", GOVERNMENT, 40, standing=True),
            says("herald", REBELS, 41, standing=True),
            says("gazette", REBELS, 42, standing=True),
            says("globe", GOVERNMENT, 43, standing=True),
        ),
        REBELS,
        "reported",
    ),
    Situation(
        "a background piece recalls a capture 'last week', before it was retaken",
        (
            says("courier", REBELS, 10),
            says("wire", GOVERNMENT, 60),
            says("globe", REBELS, 100, happened=90, width=24 * 7),
        ),
        GOVERNMENT,
        "reported",
    ),
    Situation(
        "a good source writes 'rebel-held Homs': the fall itself was missed",
        (says("wire", REBELS, 10, standing=True),),
        REBELS,
        "reported",
    ),
    Situation(
        "one paper of grade C writes 'rebel-held Homs' in passing",
        (says("courier", REBELS, 10, standing=True),),
        GOVERNMENT,
        "baseline",
    ),
    Situation(
        "the fall is decided between two reports of the old holder's attack",
        (
            says("wire", REBELS, 8, "claimed", attribution=REBELS),
            says("courier", GOVERNMENT, 10),
            says("globe", REBELS, 12),
            says("herald", GOVERNMENT, 30, standing=True),
        ),
        REBELS,
        "reported",
    ),
    Situation(
        "a third party takes it from the rebels",
        (says("courier", REBELS, 10), says("herald", KURDS, 40)),
        KURDS,
        "reported",
    ),
    Situation(
        "one good paper reports it on three days, and nobody denies",
        (says("globe", REBELS, 10), says("globe", REBELS, 40), says("globe-sunday", REBELS, 66)),
        REBELS,
        "confirmed",
    ),
    Situation(
        "one good paper reports it on three days, and the government denies",
        (
            says("globe", REBELS, 10),
            says("globe", REBELS, 40),
            says("globe", REBELS, 66),
            says("herald", REBELS, 50, "denied", attribution=GOVERNMENT),
        ),
        REBELS,
        "reported",
    ),
    Situation(
        "one good paper reports it three times on one day",
        (says("globe", REBELS, 10), says("globe", REBELS, 14), says("globe", REBELS, 20)),
        REBELS,
        "reported",
    ),
    Situation(
        "rewrites of one report, without a credit, under other headlines",
        (
            says("courier", REBELS, 10, article="first"),
            says("herald", REBELS, 11, article="second", copies=("first",)),
            says("gazette", REBELS, 12, copies=("second",)),
        ),
        REBELS,
        "reported",
    ),
]


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_control(situation: Situation) -> None:
    """Who holds Homs, and how sure, is what a duty editor would print."""
    status = control(situation.said)

    assert (status.value, status.confidence) == (situation.value, situation.confidence)


THREATS = [
    Situation("nothing was said", (), "none", "baseline"),
    Situation(
        "shelling is reported", (says("courier", "under-attack", 10),), "under-attack", "reported"
    ),
    Situation(
        "a weaker sign a day later does not lower the level",
        (says("courier", "besieged", 10), says("wire", "threatened", 34)),
        "besieged",
        "reported",
    ),
    Situation(
        "a weaker sign after the hold lowers it",
        (says("courier", "besieged", 10), says("wire", "threatened", 90)),
        "threatened",
        "reported",
    ),
    Situation(
        "the siege is lifted",
        (says("courier", "besieged", 10), says("wire", "none", 34)),
        "none",
        "reported",
    ),
    Situation(
        "a party alone says that the siege is lifted",
        (says("courier", "besieged", 10), says("state-news", "none", 34)),
        "besieged",
        "reported",
    ),
    Situation(
        "a party's word of a siege does not outbid reported shelling",
        (
            says("courier", "under-attack", 10),
            says("wire", "besieged", 11, "claimed", attribution=REBELS),
        ),
        "under-attack",
        "reported",
    ),
    Situation(
        "the paper that alone reported a siege takes it back",
        (
            says("courier", "besieged", 10),
            says("wire", "under-attack", 11),
            says("courier", "besieged", 20, "negated"),
        ),
        "under-attack",
        "reported",
    ),
    Situation(
        "the town has fallen, and the day's story still tells of the fighting before",
        (
            says("courier", "besieged", 10),
            says("wire", "none", 34),
            says("globe", "contested", 40, width=20),
        ),
        "none",
        "reported",
    ),
    Situation(
        "one desk alone still has it under fire hours after it fell",
        (
            says("courier", "besieged", 10),
            says("wire", "none", 34),
            says("globe", "under-attack", 38),
        ),
        "none",
        "reported",
    ),
    Situation(
        "two desks tell of a new attack hours after it fell",
        (
            says("courier", "besieged", 10),
            says("wire", "none", 34),
            says("globe", "under-attack", 38),
            says("herald", "under-attack", 40),
        ),
        "under-attack",
        "confirmed",
    ),
    Situation(
        "one desk tells of a new attack on the next day",
        (
            says("courier", "besieged", 10),
            says("wire", "none", 34),
            says("globe", "under-attack", 50),
        ),
        "under-attack",
        "reported",
    ),
    Situation(
        "the report that it was over was wrong",
        (
            says("courier", "besieged", 10),
            says("herald", "none", 34),
            says("herald", "none", 36, "negated"),
        ),
        "besieged",
        "reported",
    ),
    Situation(
        "it was over two days after it had been denied to be",
        (
            says("courier", "besieged", 10),
            says("herald", "none", 34),
            says("herald", "none", 36, "negated"),
            says("globe", "none", 36, "negated"),
            says("wire", "none", 84),
            says("gazette", "none", 85),
        ),
        "none",
        "confirmed",
    ),
    Situation(
        "a town that nobody threatened has fallen", (says("wire", "none", 34),), "none", "baseline"
    ),
]


@pytest.mark.parametrize("situation", THREATS, ids=lambda situation: situation.name)
def test_threat(situation: Situation) -> None:
    """How threatened Homs is, and how sure, is what a duty editor would print."""
    status = threat(*situation.said)

    assert (status.value, status.confidence) == (situation.value, situation.confidence)


LEADERS = [
    Situation("a death is reported", (says("courier", "dead", 10),), "dead", "reported"),
    Situation(
        "the leader who was reported dead takes the oath",
        (says("courier", "dead", 10), says("wire", "in-office", 40)),
        "in-office",
        "reported",
    ),
    Situation(
        "one paper has the leader do something after a death that three reported",
        (
            says("wire", "dead", 10),
            says("globe", "dead", 11),
            says("herald", "dead", 12),
            says("courier", "in-office", 40),
        ),
        "dead",
        "confirmed",
    ),
    Situation(
        "the family denies, and so do two papers",
        (
            says("courier", "in-office", 1),
            says("tattler", "dead", 10),
            says("wire", "dead", 12, "denied"),
            says("globe", "dead", 13, "negated"),
        ),
        "in-office",
        "reported",
    ),
    Situation(
        "the president flees after the palace is stormed",
        (says("courier", "ousted", 10), says("wire", "fled", 12)),
        "fled",
        "reported",
    ),
]


@pytest.mark.parametrize("situation", LEADERS, ids=lambda situation: situation.name)
def test_leadership(situation: Situation) -> None:
    """What became of a leader, and how sure, is what a duty editor would print."""
    status = leadership(*situation.said)

    assert (status.value, status.confidence) == (situation.value, situation.confidence)


def test_a_leader_reported_dead_who_acts_is_a_retraction() -> None:
    """Not a change of office: what was told never was so."""
    death, oath = says("courier", "dead", 10), says("wire", "in-office", 40)

    moved = transition(leadership(death), leadership(death, oath), oath.seen)

    assert moved is not None
    assert (moved.kind, moved.from_, moved.to) == ("retracted", "dead", "in-office")
