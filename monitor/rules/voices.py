"""Who speaks: from claims to reports, and from reports to independent voices.

Ten outlets that carry one story are one voice, and so are ten desks of one publisher: voices
are the connected components of "shares a family" and "shares a story".
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.records import Claim, Factuality
from monitor.rules.joins import Joins
from monitor.watchlist import Grade, Source
from monitor.weights import Weights

_AGAINST = frozenset({Factuality.DENIED, Factuality.NEGATED})


class SourceView(Protocol):
    """What the rules ask about a source; an unknown one is a family of its own, grade F."""

    def family(self, source_id: str) -> str:
        """Return the family; sister outlets share one."""

    def grade(self, source_id: str) -> Grade:
        """Return the Admiralty grade."""

    def parties(self, source_id: str) -> frozenset[str]:
        """Return the ids of the actors that the source speaks for."""


class Sources:
    """The sources of ``sources.yaml`` as the rules see them."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = dict(sources)

    def family(self, source_id: str) -> str:
        """Return the family; sister outlets share one."""
        source = self._sources.get(source_id)
        return (source.family if source else None) or source_id

    def grade(self, source_id: str) -> Grade:
        """Return the Admiralty grade."""
        source = self._sources.get(source_id)
        return source.grade if source else "F"

    def parties(self, source_id: str) -> frozenset[str]:
        """Return the ids of the actors that the source speaks for."""
        source = self._sources.get(source_id)
        return frozenset(source.party) if source else frozenset()


@dataclass(frozen=True, slots=True)
class Report:
    """A claim that counts, weighed; copies of it by other publishers are folded into it."""

    claim: Claim
    #: when it happened, as far as order goes; for a denial, when it was published
    time: datetime
    #: family of the speaker: of the credited wire, else of the source
    family: str
    #: families of the speaker and of all who copied it
    families: frozenset[str]
    #: sources that copied it
    carriers: tuple[str, ...]
    #: of the speaker
    grade: Grade
    #: the grade is one of which few voices suffice to confirm
    solid: bool
    #: grade x factuality (x standing), in [0, 1]
    weight: float
    #: an interested party speaks, directly or quoted
    party: bool
    #: it says that the value is *not* so
    against: bool

    @property
    def value(self) -> str:
        """The value that it speaks for or against."""
        return self.claim.value

    @property
    def retracts(self) -> bool:
        """Tell whether the publisher itself says "not so", rather than quoting who does."""
        return self.against and self.claim.attribution is None

    @property
    def order(self) -> tuple[datetime, datetime, str]:
        """The event-time order of the fold; total, because ids are unique."""
        return self.time, self.claim.published, self.claim.id


def reports(
    claims: Iterable[Claim],
    sources: SourceView,
    weights: Weights,
    *,
    actor_valued: bool,
    standing: float,
) -> list[Report]:
    """Return what counts among the claims about one facet of one subject, in event-time order.

    Plans and possibilities are left out. Of each story only its first publisher speaks, so that
    a copy that hardens "rebels say" into "rebels have", or reprints "today" a day later, adds
    nothing and moves no date; whoever copied it joins its voice.

    Args:
        claims: any order; the same id twice counts once.
        sources: what is known of the publishers.
        weights: how much grades and words count.
        actor_valued: the facet's values are actors; then a party that reports against its own
            interest counts as independent.
        standing: factor on claims that name a state in passing.
    """
    found: list[Report] = []
    for members in _stories(_unique(claims), weights):
        first = members[0].source
        if len(members) > 1:
            first = min(members, key=lambda claim: (claim.published, claim.id)).source
        families = frozenset(sources.family(claim.credit or claim.source) for claim in members)
        carriers = tuple(sorted({claim.source for claim in members} - {first}))
        for claim in members:
            if claim.source != first:
                continue
            against = claim.factuality in _AGAINST
            speaker = claim.credit or claim.source
            grade = sources.grade(speaker)
            party = _is_party(claim, sources.parties(speaker), actor_valued=actor_valued)
            # whatever a party's mouthpiece states as a fact is the party's claim
            words = Factuality.CLAIMED if party and not against else claim.factuality
            factor = standing if claim.standing and not against else 1.0
            found.append(
                Report(
                    claim=claim,
                    time=claim.published if against else min(claim.end, claim.published),
                    family=sources.family(speaker),
                    families=families,
                    carriers=carriers,
                    grade=grade,
                    solid=grade in weights.solid_grades,
                    weight=weights.grade[grade] * weights.factuality[words] * factor,
                    party=party,
                    against=against,
                )
            )
    found.sort(key=lambda report: report.order)
    return found


def _stories(claims: Iterable[Claim], weights: Weights) -> Iterable[list[Claim]]:
    """Group claims that say one thing in copies of one report.

    Copies share a sentence, or their articles are near-copies; a chain of copies is one story.
    """
    stories: dict[Hashable, list[Claim]] = {}
    joins = Joins()
    copying: set[Hashable] = set()
    for claim in claims:
        if claim.factuality in weights.factuality:
            about = claim.value, claim.factuality in _AGAINST
            stories.setdefault((about, claim.story), []).append(claim)
            if claim.copies:
                copying.update((about, each) for each in (claim.article, *claim.copies))
    if not copying:
        return stories.values()
    for key, members in stories.items():
        for claim in members:
            about = claim.value, claim.factuality in _AGAINST
            linked = ((about, article) for article in (claim.article, *claim.copies))
            joins.join(key, (("article", link) for link in linked if link in copying))
    joined: dict[Hashable, list[Claim]] = {}
    for key, members in stories.items():
        joined.setdefault(joins.root(key), []).extend(members)
    return joined.values()


def _unique(claims: Iterable[Claim]) -> list[Claim]:
    kept: dict[str, Claim] = {}
    for claim in claims:
        other = kept.get(claim.id)
        if other is not None and other != claim:
            # two forms of one id: the later revision, whichever came first
            claim = max(claim, other, key=lambda one: (one.revision, one.to_json()))  # noqa: PLW2901 — the chosen one is kept
        kept[claim.id] = claim
    return list(kept.values())


def _is_party(claim: Claim, parties: frozenset[str], *, actor_valued: bool) -> bool:
    if claim.factuality in _AGAINST:
        admits = actor_valued and claim.value in parties
        return claim.attribution is not None or (bool(parties) and not admits)
    if claim.factuality is Factuality.CLAIMED:
        return True
    return claim.value in parties if actor_valued else bool(parties)


def voices(group: Sequence[Report]) -> list[list[Report]]:
    """Return the independent voices in the group, each the reports that belong together.

    Stories are folded already, so what is left is union-find over the families.
    """
    per_family: dict[str, list[Report]] = {}
    for report in group:
        per_family.setdefault(report.family, []).append(report)
    copied = [report for report in group if len(report.families) > 1]
    if not copied:
        return list(per_family.values())
    joins = Joins()
    for report in copied:
        joins.join(report.family, report.families)
    found: dict[Hashable, list[Report]] = {}
    for family, spoken in per_family.items():
        found.setdefault(joins.root(family), []).extend(spoken)
    return list(found.values())
