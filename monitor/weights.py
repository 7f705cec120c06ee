"""Every number that the rules weigh with: the section ``weights`` of ``ontology.yaml``.

Grades are the Admiralty code's source reliability (NATO AJP-2.1, *Allied Joint Doctrine for
Intelligence, Counter-Intelligence and Security*): A completely, B usually, C fairly, D not
usually reliable, E unreliable, F cannot be judged. The code gives words, not numbers; the numbers
are editorial choices, held in place by the situations in ``tests/unit/rules/test_situations.py``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field, field_validator

from monitor.records import Factuality
from monitor.units import Span
from monitor.watchlist import Grade, Model

#: a probability, or a factor on one
Share = Annotated[float, Field(ge=0.0, le=1.0)]

_GRADE: dict[Grade, float] = {"A": 0.9, "B": 0.8, "C": 0.65, "D": 0.4, "E": 0.15, "F": 0.3}
_FACTUALITY = {
    Factuality.CONFIRMED: 1.0,
    Factuality.REPORTED: 0.9,
    Factuality.CLAIMED: 0.4,
    Factuality.DENIED: 0.8,
    Factuality.NEGATED: 0.8,
}


class Weights(Model):
    """How much evidence counts, and how much of it a word needs."""

    grade: dict[Grade, Share] = _GRADE
    """Probability that a plain report of a source of that grade is right. An unknown publisher (F)
    is trusted less than a fairly reliable one, more than one known to be unreliable."""
    factuality: dict[Factuality, Share] = _FACTUALITY
    """How far the words themselves commit to the event; what is left out never counts."""
    standing: Share = 0.35
    """Factor on a state named in passing ("rebel-held Hama"), for facets of kind state. One voice
    of grade A or B just reaches `reported` with it, of grade C only two."""
    party_denial: Share = 0.3
    """Factor on an interested party's denial, against one in the publisher's own voice."""
    rival: Share = 0.3
    """Factor on a report of another value in the same episode, against an outright denial."""
    reported: Share = 0.25
    """Least score of `reported`. One unknown publisher (F) that tells the event reaches 0.27."""
    confirmed: Share = 0.7
    """Least score of `confirmed`. Two voices of grade C reach 0.83, three of D 0.74."""
    solid_grades: tuple[Grade, ...] = ("A", "B", "C")
    """Grades of which few voices suffice to confirm."""
    voices: Annotated[int, Field(ge=1)] = 2
    """Independent voices of solid grade that confirm."""
    voices_low_grades: Annotated[int, Field(ge=1)] = 3
    """Independent voices that confirm where fewer are of solid grade."""
    repeats: Annotated[int, Field(ge=2)] = 3
    """Undenied reports of one solid voice that confirm too, each `repeats_apart` after the last."""
    repeats_apart: Span = timedelta(hours=24)
    """See `repeats`."""
    rally: Span = timedelta(hours=72)
    """Reports of a challenging value add up when they happened within this time."""
    boast_blocked: Span = timedelta(days=7)
    """A party's boast does not move a value that others reported within this time before it."""
    settle: Span = timedelta(hours=12)
    """Desks lag: the old value named in passing this soon after a change is no news."""
    vague: Span = timedelta(hours=48)
    """An event dated no better than this may lie before the present value began."""
    faded: Share = 0.1
    """Score at which a value with a half-life is given up."""

    @field_validator("grade", mode="after")
    @classmethod
    def _all_grades(cls, grade: dict[Grade, float]) -> dict[Grade, float]:
        return {**_GRADE, **grade}

    @field_validator("factuality", mode="after")
    @classmethod
    def _never_plans(cls, factuality: dict[Factuality, float]) -> dict[Factuality, float]:
        never = {Factuality.POSSIBLE, Factuality.PLANNED} & factuality.keys()
        if never:
            raise ValueError(f"{min(never)} never counts as evidence: leave it out")
        return {**_FACTUALITY, **factuality}


#: the weights in force where ``ontology.yaml`` gives none
DEFAULT = Weights()
