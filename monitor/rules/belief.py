"""What is believed of one facet of one subject: a pure function of the set of claims.

For a facet of kind ``state`` the reports are folded in event-time order into episodes. The
present value stands until another gains support that happened later:

* told by an independent voice as an event, with a score of ``reported``: the value changes;
* only named in passing ("government-held Homs"), or dated so vaguely that it may lie before the
  present value began: against a value that others reported, or back to the previous one, it
  takes two independent voices, more than speak for the present value meanwhile, and none of
  them within hours of the change (desks lag);
* only boasted by parties: the value changes, as ``claimed``, unless others reported the present
  value within the last days.

A value whose publishers took it back, or which independent denials outnumber and outweigh, was
never so: its episode is undone and the one before it goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.ontology import Facet, FacetKind
from monitor.records import Claim, Confidence, Status
from monitor.rules import weights
from monitor.rules.levels import level
from monitor.rules.shown import shown
from monitor.rules.strength import Strength, weigh
from monitor.rules.voices import Report, SourceView, reports


def believe(
    subject: str,
    facet_name: str,
    facet: Facet,
    claims: Iterable[Claim],
    sources: SourceView,
    baseline: str | None = None,
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
    """
    counted = reports(
        (
            claim
            for claim in claims
            if claim.subject == subject and claim.facet == facet_name and facet.allows(claim.value)
        ),
        sources,
        actor_valued=facet.values == "actor",
        # a level is mostly told as a condition: "besieged" is the news itself
        standing=1.0 if facet.kind is FacetKind.LEVEL else weights.STANDING,
    )
    if facet.kind is FacetKind.LEVEL and facet.values != "actor":
        return level(subject, facet_name, facet.values, facet.hold, counted, baseline)
    return _state(subject, facet_name, counted, baseline)


@dataclass(slots=True)
class _Episode:
    """A value's time in force; ``before`` is the episode that it ended."""

    value: str | None
    before: _Episode | None = None
    #: position of its first report among those seen
    first: int = 0
    #: position from which on reports challenge it
    open: int = 0
    since: datetime | None = None
    #: when it was last told as an event; the old value named before or soon after is no news
    decided: datetime | None = None
    #: denials that undid the episode after this one
    reasons: list[Report] = field(default_factory=list)


@dataclass(slots=True)
class _Fold:
    """The reports seen so far, in event-time order, and the episode that they led to."""

    episode: _Episode
    seen: list[Report] = field(default_factory=list)
    undone: set[str] = field(default_factory=set)

    def reports_on(
        self, value: str | None, since: datetime | None = None
    ) -> tuple[list[Report], list[Report]]:
        """Return reports for and against a value in the present episode.

        Those for its own value count from its first report, those for a challenger only from
        the one that decided for the present value.
        """
        support: list[Report] = []
        denials: list[Report] = []
        episode = self.episode
        first = episode.first if value == episode.value else episode.open
        for position in range(len(self.seen) - 1, first - 1, -1):
            report = self.seen[position]
            if since is not None and report.time < since:
                break
            claim = report.claim
            if claim.value == value and claim.id not in self.undone:
                (denials if report.against else support).append(report)
        return support[::-1], denials[::-1]

    def add(self, report: Report) -> None:
        """Take the next report in event-time order."""
        self.seen.append(report)
        if report.value == self.episode.value:
            # a party's denial weakens, and only outright denials undo
            if report.retracts or (report.against and not report.party):
                self._undo_if_refuted()
            elif not (report.against or report.party) and self._tells_change(report):
                self.episode.decided = report.time
        elif not report.against:
            self._challenge(report)

    def _undo_if_refuted(self) -> None:
        support, denials = self.reports_on(self.episode.value)
        if weigh(support, denials).refuted:
            self._undo(support, denials)

    def _undo(self, support: Sequence[Report], reasons: Sequence[Report]) -> None:
        before = self.episode.before
        if before is None:
            return  # what stood before any news is not undone, only replaced
        self.undone.update(report.claim.id for report in support)
        before.reasons = [*before.reasons, *reasons]
        self.episode = before

    def _challenge(self, report: Report) -> None:
        support, denials = self.reports_on(report.value, report.time - weights.RALLY)
        strength = weigh(support, denials)
        if strength.reported:
            if any(self._tells_change(one) for one in strength.upheld if not one.party):
                self._begin(strength, report)
            else:
                self._challenge_in_passing(strength, denials, report)
        elif any(self._tells_change(one) for one in strength.upheld):
            present = weigh(
                *self.reports_on(self.episode.value, report.time - weights.BOAST_BLOCKED)
            )
            if not present.reported:
                self._begin(strength, report)

    def _tells_change(self, report: Report) -> bool:
        claim = report.claim
        began = self.episode.since
        vague = began is not None and claim.start < began
        return not claim.standing and not (vague and claim.end - claim.start > weights.VAGUE)

    def _challenge_in_passing(
        self, strength: Strength, denials: Sequence[Report], report: Report
    ) -> None:
        episode = self.episode
        returns = episode.before is not None and episode.before.value == report.value
        present = weigh(*self.reports_on(episode.value))
        if not returns and not present.reported:
            self._begin(strength, report)
            return
        settled = strength
        if episode.decided is not None:
            told, lag = episode.decided, episode.decided + weights.SETTLE
            later = [
                one for one in strength.upheld if one.time > told and one.claim.published > lag
            ]
            settled = weigh(later, denials)
        if not settled.reported or settled.voices < weights.CONFIRMING_VOICES:
            return
        meanwhile = weigh(*self.reports_on(episode.value, settled.upheld[0].time))
        if settled.voices <= meanwhile.voices:
            return
        if returns and present.word is not Confidence.CONFIRMED:
            # nobody tells of a change back, and few told of the first: it never was
            self._undo(self.reports_on(episode.value)[0], settled.upheld)
        else:
            self._begin(settled, report)

    def _begin(self, strength: Strength, report: Report) -> None:
        founding = strength.upheld[0]
        since, ended = founding.claim.start, self.episode.since
        self.episode = _Episode(
            value=report.value,
            before=self.episode,
            first=next(
                position
                for position in range(self.episode.first, len(self.seen))
                if self.seen[position] is founding
            ),
            open=len(self.seen),
            since=since if ended is None else max(since, ended),
            decided=report.time,
        )


def _state(
    subject: str, facet_name: str, counted: Sequence[Report], baseline: str | None
) -> Status:
    fold = _Fold(_Episode(baseline))
    for report in counted:
        fold.add(report)
    episode = fold.episode
    support, denials = fold.reports_on(episode.value)
    rivals = [
        report
        for report in fold.seen[episode.first :]
        if not report.against and report.value != episode.value
    ]
    strength = weigh(
        support, denials, [report for report in rivals if report.claim.id not in fold.undone]
    )
    return Status(
        subject=subject,
        facet=facet_name,
        value=episode.value,
        confidence=strength.word or Confidence.BASELINE,
        score=strength.score,
        since=episode.since,
        previous=episode.before.value if episode.before else None,
        supporting=shown([*strength.upheld, *episode.reasons], founded=episode.since is not None),
        opposing=shown([*denials, *rivals]),
    )
