"""A small language for the tests: who said what about Homs, and when."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from monitor.ontology import Facet, FacetKind
from monitor.records import Claim, Factuality, Status
from monitor.rules.belief import believe
from monitor.rules.voices import Sources
from monitor.watchlist import Source

#: hour 0 of every situation
START = datetime(2024, 12, 1, tzinfo=UTC)
GOVERNMENT, REBELS, KURDS = "syrian-government", "hts", "sdf"

CONTROL = Facet(applies_to=("place",), values="actor", label="held by {value}")
THREAT = Facet(
    applies_to=("place",),
    kind=FacetKind.LEVEL,
    values=("none", "threatened", "under-attack", "contested", "besieged"),
    hold=timedelta(days=3),
    label="{value}",
)
LEADERSHIP = Facet(
    applies_to=("person",),
    values=("in-office", "elected", "ousted", "fled", "killed", "dead"),
    final=("killed", "dead"),
)
POSTURE = Facet(
    applies_to=("armed-group",),
    values=("advancing", "retreating", "withdrawing", "ceasefire"),
    alike=(("retreating", "withdrawing"),),
    half_life=timedelta(days=7),
)
#: a threat that fades
ALARM = THREAT.model_copy(update={"half_life": timedelta(days=2)})

SOURCES = Sources(
    {
        "wire": Source(name="World Wire", grade="A", wire=True),
        "globe": Source(name="The Globe", grade="B", family="globe-group"),
        "globe-sunday": Source(name="The Sunday Globe", grade="B", family="globe-group"),
        "courier": Source(name="The Courier", grade="C"),
        "herald": Source(name="The Herald", grade="C"),
        "gazette": Source(name="The Gazette", grade="C"),
        "tattler": Source(name="The Tattler", grade="D"),
        "mirror": Source(name="The Mirror", grade="D"),
        "echo": Source(name="The Echo", grade="D"),
        "rumour": Source(name="Rumour Mill", grade="E"),
        "state-news": Source(name="State News", grade="C", party=GOVERNMENT),
        "rebel-radio": Source(name="Rebel Radio", grade="C", party=REBELS),
    }
)

_ids = itertools.count()


def says(
    source: str,
    value: str,
    at: float,
    factuality: str = "reported",
    *,
    happened: float | None = None,
    width: float = 0,
    story: str | None = None,
    **fields: object,
) -> Claim:
    """Return a claim published ``at`` hours; it happened then, or earlier within ``width``."""
    number = next(_ids)
    end = START + timedelta(hours=at if happened is None else happened)
    published = START + timedelta(hours=at)
    return Claim.model_validate(
        {
            "id": f"claim-{number:05}",
            "subject": "homs",
            "facet": "control",
            "value": value,
            "factuality": Factuality(factuality),
            "start": end - timedelta(hours=width),
            "end": end,
            "published": published,
            "seen": published,
            "article": f"article-{number:05}",
            "source": source,
            "story": story or f"story-{number:05}",
            "link": f"https://{source}.example/{number}",
            "sentence": f"{source} on {value}.",
            **fields,
        }
    )


def control(claims: Iterable[Claim]) -> Status:
    """Return who holds Homs; the government does at the start."""
    return believe("homs", "control", CONTROL, claims, SOURCES, GOVERNMENT)


def threat(*claims: Claim) -> Status:
    """Return how threatened Homs is."""
    turned = [claim.model_copy(update={"facet": "threat"}) for claim in claims]
    return believe("homs", "threat", THREAT, turned, SOURCES)


def hour(number: float) -> datetime:
    """Return the moment of an hour."""
    return START + timedelta(hours=number)


def leadership(*claims: Claim) -> Status:
    """Return what a leader is; nothing is known at the start."""
    turned = [claim.model_copy(update={"facet": "leadership"}) for claim in claims]
    return believe("homs", "leadership", LEADERSHIP, turned, SOURCES)


def posture(*claims: Claim, now: float | None = None) -> Status:
    """Return what a group does, as believed at an hour; nothing is known at the start."""
    turned = [claim.model_copy(update={"facet": "posture"}) for claim in claims]
    at = None if now is None else hour(now)
    return believe("homs", "posture", POSTURE, turned, SOURCES, now=at)


def alarm(*claims: Claim, now: float) -> Status:
    """Return how threatened Homs is at an hour, with a threat that fades."""
    turned = [claim.model_copy(update={"facet": "threat"}) for claim in claims]
    return believe("homs", "threat", ALARM, turned, SOURCES, now=hour(now))
