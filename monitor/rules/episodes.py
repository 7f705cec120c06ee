"""Belief in a facet of kind ``state``: reports folded in event-time order into episodes.

The present value stands until another gains support that happened later:

* told by an independent voice as an event, with a score of ``reported``: the value changes;
* only named in passing ("government-held Homs"), or dated so vaguely that it may lie before the
  present value began: against a value that others reported, or back to the previous one, it
  takes two independent voices, more than speak for the present value meanwhile, and none of
  them within hours of the change (desks lag);
* only boasted by parties: the value changes, as ``claimed``, unless others reported the present
  value within the last days.

A value whose publishers took it back, or which independent denials outnumber and outweigh, was
never so: its episode is undone and the one before it goes on. So is a ``final`` value (a death)
when as many voices tell of something later. A value of a facet with a half-life fades.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.ontology import Facet
from monitor.records import Confidence, Status
from monitor.rules.fading import fades
from monitor.rules.shown import shown
from monitor.rules.strength import Strength, weigh
from monitor.rules.voices import Report
from monitor.weights import Weights


@dataclass(slots=True)
class Episode:
    """A value's time in force; ``before`` is the episode that it ended."""

    value: str | None
    before: Episode | None = None
    #: position of its first report among those seen
    first: int = 0
    #: position from which on reports challenge it
    open: int = 0
    since: datetime | None = None
    #: when it was last told as an event; the old value named before or soon after is no news
    decided: datetime | None = None
    #: the value whose undoing led here
    refuted: str | None = None
    #: nothing is known since the value before faded
    faded: bool = False
    #: denials that undid the episode after this one
    reasons: list[Report] = field(default_factory=list)


@dataclass(slots=True)
class Fold:
    """The reports seen so far, in event-time order, and the episode that they led to."""

    facet: Facet
    weights: Weights
    episode: Episode
    seen: list[Report] = field(default_factory=list)
    undone: set[str] = field(default_factory=set)
    #: newest report for the present value
    newest: datetime | None = None

    def reports_on(
        self, value: str | None, since: datetime | None = None
    ) -> tuple[list[Report], list[Report]]:
        """Return reports for and against a value in the present episode.

        Those for its own value count from its first report, those for a challenger only from
        the one that decided for the present value.
        """
        episode = self.episode
        first = episode.first if value == episode.value else episode.open
        return self._between(value, first, len(self.seen), since)

    def _between(
        self, value: str | None, first: int, last: int, since: datetime | None = None
    ) -> tuple[list[Report], list[Report]]:
        support: list[Report] = []
        denials: list[Report] = []
        for position in range(last - 1, first - 1, -1):
            report = self.seen[position]
            if since is not None and report.time < since:
                break
            claim = report.claim
            if claim.value == value and claim.id not in self.undone:
                (denials if report.against else support).append(report)
        return support[::-1], denials[::-1]

    def add(self, report: Report) -> None:
        """Take the next report in event-time order."""
        self.fade(report.time)
        self.seen.append(report)
        if report.value == self.episode.value:
            # a party's denial weakens, and only outright denials undo
            if report.retracts or (report.against and not report.party):
                self._undo_if_refuted()
            elif not report.against:
                self.newest = report.time
                if not report.party and self._tells_change(report):
                    self.episode.decided = report.time
        elif not report.against:
            self._challenge(report)

    def fade(self, now: datetime) -> None:
        """Give the present value up if nothing was heard of it for too long before ``now``."""
        deadline = self.deadline(now)
        if deadline is not None and deadline <= now:
            position = len(self.seen)
            self.episode = Episode(
                None, self.episode, first=position, open=position, since=deadline, faded=True
            )

    def deadline(self, now: datetime | None = None) -> datetime | None:
        """Return when the present value fades; None: never, or not before ``now``."""
        half_life = self.facet.half_life
        if half_life is None or self.episode.since is None or self.episode.faded:
            return None
        # nothing fades within one half-life: no need to weigh
        if now is not None and self.newest is not None and now - self.newest < half_life:
            return None
        strength = weigh(self.weights, *self.reports_on(self.episode.value))
        return fades(self.weights, half_life, strength) if strength.upheld else None

    def _undo_if_refuted(self) -> None:
        support, denials = self.reports_on(self.episode.value)
        if weigh(self.weights, support, denials).refuted:
            self._undo(support, denials)

    def _undo(self, support: Sequence[Report], reasons: Sequence[Report]) -> None:
        before = self.episode.before
        if before is None:
            return  # what stood before any news is not undone, only replaced
        self.undone.update(report.claim.id for report in support)
        before.reasons = [*before.reasons, *reasons]
        before.refuted = self.episode.value
        self.episode = before
        self.newest = max(
            (report.time for report in self.reports_on(before.value)[0]), default=None
        )

    def _challenge(self, report: Report) -> None:
        weights = self.weights
        support, denials = self.reports_on(report.value, report.time - weights.rally)
        strength = weigh(weights, support, denials)
        if strength.reported:
            if any(self._tells_change(one) for one in strength.upheld if not one.party):
                self._replace(strength, report)
            else:
                self._challenge_in_passing(strength, denials, report)
        elif any(self._tells_change(one) for one in strength.upheld):
            present = weigh(
                weights, *self.reports_on(self.episode.value, report.time - weights.boast_blocked)
            )
            if not present.reported:
                self._replace(strength, report)

    def _tells_change(self, report: Report) -> bool:
        claim = report.claim
        began = self.episode.since
        vague = began is not None and claim.start < began
        return not claim.standing and not (vague and claim.end - claim.start > self.weights.vague)

    def _challenge_in_passing(
        self, strength: Strength, denials: Sequence[Report], report: Report
    ) -> None:
        episode, weights = self.episode, self.weights
        returns = episode.before is not None and episode.before.value == report.value
        present = weigh(weights, *self.reports_on(episode.value))
        if not returns and not present.reported:
            self._replace(strength, report)
            return
        settled = strength
        if episode.decided is not None:
            told, lag = episode.decided, episode.decided + weights.settle
            later = [
                one for one in strength.upheld if one.time > told and one.claim.published > lag
            ]
            settled = weigh(weights, later, denials)
        if not settled.reported or settled.voices < weights.voices:
            return
        meanwhile = weigh(weights, *self.reports_on(episode.value, settled.upheld[0].time))
        if settled.voices <= meanwhile.voices:
            return
        if returns and present.word is not Confidence.CONFIRMED:
            # nobody tells of a change back, and few told of the first: it never was
            self._undo(self.reports_on(episode.value)[0], settled.upheld)
        else:
            self._replace(settled, report)

    def _replace(self, strength: Strength, report: Report) -> None:
        final = self.facet.final
        if self.episode.value not in final or report.value in final:
            self._begin(strength, report)
            return
        support, denials = self.reports_on(self.episode.value)
        present = weigh(self.weights, support, denials)
        if strength.voices < present.voices or strength.score < present.score:
            return
        wrong = self.episode.value
        self._undo(support, [*denials, *strength.upheld])
        if self.episode.value != report.value:
            self._begin(strength, report)
            self.episode.refuted = wrong

    def _begin(self, strength: Strength, report: Report) -> None:
        founding = strength.upheld[0]
        since, ended = founding.claim.start, self.episode.since
        self.episode = Episode(
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
        self.newest = report.time

    def history(self) -> Iterator[tuple[Episode, int]]:
        """Yield the episodes, newest first, each with the position at which it was over."""
        episode: Episode | None = self.episode
        over = len(self.seen)
        while episode is not None:
            yield episode, over
            # what told of the next value is no rival of this one: it was over
            over, episode = episode.first, episode.before

    def status(self, subject: str, name: str, episode: Episode, over: int) -> Status:
        """Return the status of an episode, after the reports before the position ``over``."""
        support, denials = self._between(episode.value, episode.first, over)
        rivals = [
            report
            for report in self.seen[episode.first : over]
            if not report.against and report.value != episode.value
        ]
        weighed = [report for report in rivals if report.claim.id not in self.undone]
        strength = weigh(self.weights, support, denials, weighed)
        present = episode is self.episode
        return Status(
            subject=subject,
            facet=name,
            value=episode.value,
            confidence=strength.word or Confidence.BASELINE,
            score=strength.score,
            since=None if episode.faded else episode.since,
            previous=episode.before.value if episode.before else None,
            refuted=episode.refuted,
            fades=self.deadline() if present else None,
            faded=episode.faded,
            supporting=shown([*strength.upheld, *episode.reasons], founded=_founded(episode)),
            opposing=shown([*denials, *rivals]),
        )


def _founded(episode: Episode) -> bool:
    return episode.since is not None and not episode.faded


def fold(
    facet: Facet,
    weights: Weights,
    counted: Sequence[Report],
    baseline: str | None,
    now: datetime | None,
) -> Fold:
    """Fold the reports, which come in event-time order, and let fade what has faded by ``now``."""
    folded = Fold(facet, weights, Episode(baseline))
    for report in counted:
        folded.add(report)
    if now is not None:
        folded.fade(now)
    return folded


__all__ = ["Episode", "Fold", "fold"]
