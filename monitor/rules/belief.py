"""What is believed of one facet of one subject: a pure function of the set of claims.

Two times are kept. A claim tells when it *happened* (``start``, ``end``) and when it was *known*
(``seen``). The status follows from the first alone, so late, repeated and re-ordered claims end
in the same place; the second decides only what was believed at some moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.ontology import Facet, FacetKind
from monitor.records import Claim, Status
from monitor.rules.bounds import anchors_of, anchors_of_level
from monitor.rules.episodes import fold
from monitor.rules.levels import level
from monitor.rules.voices import Report, SourceView, reports
from monitor.weights import DEFAULT, Weights


def believe(
    subject: str,
    facet_name: str,
    facet: Facet,
    claims: Iterable[Claim],
    sources: SourceView,
    baseline: str | None = None,
    *,
    weights: Weights = DEFAULT,
    now: datetime | None = None,
) -> Status:
    """Return the status that follows from the claims.

    Args:
        subject: id of the place or actor.
        facet_name: the facet's id in the ontology.
        facet: its kind and values.
        claims: all that is held, in any order; claims about other subjects or facets, and
            values that the facet does not have, are passed over.
        sources: what is known of the publishers.
        baseline: the value before any news; a level's weakest value when left out.
        weights: how evidence counts.
        now: what has faded by then is given up; left out, nothing fades after the last report.
    """
    counted = _counted(subject, facet_name, facet, claims, sources, weights)
    if _is_level(facet):
        return level(subject, facet_name, facet, weights, counted, baseline, now)
    folded = fold(facet, weights, counted, baseline, now)
    return folded.status(subject, facet_name, *next(folded.history()))


def as_of(
    moment: datetime,
    subject: str,
    facet_name: str,
    facet: Facet,
    claims: Iterable[Claim],
    sources: SourceView,
    baseline: str | None = None,
    *,
    weights: Weights = DEFAULT,
) -> Status:
    """Return what all these claims say *was* so at a moment, however late they came.

    The other arguments are those of :func:`believe`.
    """
    counted = _counted(subject, facet_name, facet, claims, sources, weights)
    if _is_level(facet):
        # a denial speaks of what was before it
        then = [one for one in counted if one.against or one.claim.start <= moment]
        return level(subject, facet_name, facet, weights, then, baseline, moment)
    folded = fold(facet, weights, counted, baseline, None)
    if not counted or counted[-1].time <= moment:
        folded.fade(moment)
    for episode, over in folded.history():
        if episode.since is None or episode.since <= moment:
            return folded.status(subject, facet_name, episode, over)
    raise AssertionError("the first episode has no beginning")


def anchors(
    subject: str,
    facet_name: str,
    facet: Facet,
    claims: Iterable[Claim],
    sources: SourceView,
    baseline: str | None = None,
    *,
    weights: Weights = DEFAULT,
) -> set[str]:
    """Return the ids of the claims that hold the status in place; see :mod:`.bounds`."""
    counted = _counted(subject, facet_name, facet, claims, sources, weights)
    if _is_level(facet):
        return anchors_of_level(facet, counted)
    return anchors_of(fold(facet, weights, counted, baseline, None))


def _counted(
    subject: str,
    facet_name: str,
    facet: Facet,
    claims: Iterable[Claim],
    sources: SourceView,
    weights: Weights,
) -> list[Report]:
    return reports(
        (
            claim
            for claim in claims
            if claim.subject == subject and claim.facet == facet_name and facet.allows(claim.value)
        ),
        sources,
        weights,
        actor_valued=facet.values == "actor",
        # a level is mostly told as a condition: "besieged" is the news itself
        standing=1.0 if facet.kind is FacetKind.LEVEL else weights.standing,
    )


def _is_level(facet: Facet) -> bool:
    return facet.kind is FacetKind.LEVEL and facet.values != "actor"
