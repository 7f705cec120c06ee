"""Belief in a facet of kind ``level``: the highest value well supported within ``hold``.

A weaker sign does not lower the level while the stronger one still counts; a report of the
weakest value ("the siege was lifted", "the city fell") by an independent voice ends whatever was
before it, and what is dated no better than that it may have been. Within ``settle`` of it a sign
of one voice alone is no news: desks lag. With a half-life, a level fades to the next lower one
that evidence still holds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.ontology import Facet
from monitor.records import Confidence, Status
from monitor.rules.fading import fades
from monitor.rules.shown import shown
from monitor.rules.strength import Strength, weigh
from monitor.rules.voices import Report
from monitor.weights import Weights


@dataclass(frozen=True, slots=True)
class _Standing:
    """The level that stands, with the chain of reports that keep it up, oldest first."""

    value: str
    strength: Strength | None = None
    chain: tuple[Report, ...] = ()
    against: tuple[Report, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scale:
    """What a level is read by: its values, weakest first, and how long and how much signs count."""

    values: Sequence[str]
    hold: timedelta
    weights: Weights
    resting: str

    def rank(self, report: Report) -> int:
        """Return the position of the report's value."""
        return self.values.index(report.value)


def level(
    subject: str,
    facet_name: str,
    facet: Facet,
    weights: Weights,
    counted: Sequence[Report],
    baseline: str | None,
    now: datetime | None = None,
) -> Status:
    """Return the status of a level facet.

    Args:
        subject: id of the place or actor.
        facet_name: the facet's id.
        facet: its values, weakest first (a report of one counts for all weaker ones but the
            weakest), ``hold`` (how long before the latest report an event still counts) and
            half-life.
        weights: how evidence counts.
        counted: what counts among the claims, in event-time order.
        baseline: the value without news; the weakest when None.
        now: what has faded by then is given up.
    """
    values = facet.values_listed
    scale = _Scale(values, facet.hold, weights, values[0] if baseline is None else baseline)
    kept, faded = list(counted), False
    standing = highest = _standing(scale, kept)
    deadline = _deadline(scale, facet, standing)
    while deadline is not None and now is not None and deadline <= now:
        rank, faded = values.index(standing.value), True
        kept = [one for one in kept if one.against or scale.rank(one) < rank]
        standing = _standing(scale, kept)
        deadline = _deadline(scale, facet, standing)
    if standing.strength is None:
        return Status(
            subject=subject,
            facet=facet_name,
            value=scale.resting,
            confidence=Confidence.BASELINE,
            previous=highest.value if faded else None,
            faded=faded,
            opposing=shown(standing.against),
        )
    founding = standing.chain[0]
    earlier = [report for report in counted if report.time < founding.time]
    lapsed = not earlier or founding.time - earlier[-1].time > facet.hold
    return Status(
        subject=subject,
        facet=facet_name,
        value=standing.value,
        confidence=standing.strength.word or Confidence.CLAIMED,
        score=standing.strength.score,
        since=founding.claim.start,
        previous=scale.resting if lapsed else _standing(scale, earlier).value,
        fades=deadline,
        faded=faded,
        supporting=shown(standing.chain, founded=True),
        opposing=shown(standing.against),
    )


def _deadline(scale: _Scale, facet: Facet, standing: _Standing) -> datetime | None:
    """Return when the level fades; the resting one stays."""
    strength = standing.strength
    if facet.half_life is None or strength is None or standing.value == scale.resting:
        return None
    return fades(scale.weights, facet.half_life, strength) if strength.upheld else None


def _standing(scale: _Scale, counted: Sequence[Report]) -> _Standing:
    values, hold, resting = scale.values, scale.hold, scale.resting
    weakest = values[0]
    denials = [report for report in counted if report.against]
    ended = _ended(scale, counted, denials)
    signs = [
        report
        for report in counted
        if not report.against
        and report.value != weakest
        and (ended is None or report.claim.start > ended.chain[-1].time)
    ]
    if not signs:
        return ended or _Standing(resting, against=tuple(denials))
    lags = ended is not None and signs[-1].time <= ended.chain[-1].time + scale.weights.settle
    opens = signs[-1].time - hold
    lately = [report for report in denials if report.time >= opens]
    contrary = [
        *lately,
        *(one for one in counted if one.value == weakest and one.time >= signs[0].time),
    ]
    claimed: _Standing | None = None
    for value in reversed(values[1:]):
        rank = values.index(value)
        support = [one for one in signs if one.time >= opens and values.index(one.value) >= rank]
        if not support:
            continue
        strength = weigh(
            scale.weights, support, [denial for denial in lately if denial.value == value]
        )
        if strength.refuted:
            # what was refuted does not speak for the weaker values either
            signs = [report for report in signs if report.value != value]
            continue
        if lags and strength.voices < scale.weights.voices:
            continue
        chain = _chain(scale, signs, rank, opens)
        found = _Standing(value, strength, tuple(chain), tuple(contrary))
        if strength.reported:
            return found
        claimed = claimed or found
    return claimed or ended or _Standing(resting, against=tuple(contrary))


def _ended(scale: _Scale, counted: Sequence[Report], denials: Sequence[Report]) -> _Standing | None:
    """Return the latest end that an independent voice reports, if any, of something that was."""
    weakest = scale.values[0]
    threats = (one.claim.start for one in counted if not one.against and one.value != weakest)
    began = min(threats, default=None)
    ends = [report for report in counted if not report.against and report.value == weakest]
    denied = [report for report in denials if report.value == weakest]
    for last in reversed(ends):
        if last.party or (scale.resting == weakest and (began is None or began > last.time)):
            continue
        support = _one_end(ends, last, scale.weights.settle)
        # what was denied before was another end
        strength = weigh(
            scale.weights, support, [one for one in denied if one.time >= support[0].time]
        )
        if strength.reported and not strength.refuted:
            return _Standing(weakest, strength, strength.upheld)
    return None


def _one_end(ends: Sequence[Report], last: Report, apart: timedelta) -> list[Report]:
    """Return the reports of the end that ``last`` tells of: each is soon after the one before."""
    found = [last]
    for one in reversed(ends[: ends.index(last)]):
        if found[-1].time - one.time > apart:
            break
        found.append(one)
    return found[::-1]


def _chain(scale: _Scale, signs: Sequence[Report], rank: int, opens: datetime) -> list[Report]:
    """Return the reports of at least that rank since the level last stood higher or lower."""
    chain: list[Report] = []
    for report in reversed(signs):
        reported = scale.rank(report)
        if reported < rank:
            continue
        lapsed = chain and chain[-1].time - report.time > scale.hold
        if lapsed or (reported > rank and report.time < opens):
            break
        chain.append(report)
    return chain[::-1]
