"""Pure scoring of a replayed month: what was met, which traps were hit, what was false."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gold import Expect, Month, Never

from monitor.records import Alert, Confidence, Transition, TransitionKind

#: facets whose false changes are counted
SCORED = ("control", "leadership")

#: what is to be reached
RECALL = 0.90
TRAPS = 0
FALSE_PER_1000 = 0.5
ALERTS_PER_CHANGE = 1.2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one expected change."""

    expect: Expect
    #: the transition that met it in time
    met: Transition | None = None
    #: what stood when its time was over; None is the baseline
    stood: Transition | None = None
    #: the first that would have met it, but after its time
    late: Transition | None = None

    @property
    def early(self) -> bool:
        """Tell whether the right status stood already, from before any item supported it."""
        return self.met is None and self.stood is not None and _says(self.stood, self.expect)


@dataclass(frozen=True, slots=True)
class Hit:
    """A trap that was walked into."""

    never: Never
    transitions: tuple[Transition, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one month, each with what it rests on."""

    items: int
    outcomes: tuple[Outcome, ...]
    traps: int
    hits: tuple[Hit, ...]
    #: changes told as reported or better that no expectation asks for
    false: tuple[Transition, ...]
    #: the same told as claimed
    claimed: tuple[Transition, ...]

    @property
    def met(self) -> int:
        """Number of expected changes that were met in time."""
        return sum(outcome.met is not None for outcome in self.outcomes)

    @property
    def recall(self) -> float:
        """Share of the expected changes met in time; 1 where none is expected."""
        return self.met / len(self.outcomes) if self.outcomes else 1.0

    @property
    def false_per_1000(self) -> float:
        """False alarms per 1,000 items."""
        return 1000 * len(self.false) / self.items if self.items else 0.0


def score(month: Month, items: int, transitions: Sequence[Transition]) -> Score:
    """Score the transitions of one month, which come in the order in which they happened."""
    untold = [one for one in transitions if _scored(month, one)]
    return Score(
        items=items,
        outcomes=tuple(_outcome(expect, transitions) for expect in month.expect),
        traps=len(month.never),
        hits=tuple(_hits(month.never, transitions)),
        false=tuple(one for one in untold if tells(one, Confidence.REPORTED)),
        claimed=tuple(
            one
            for one in untold
            if one.kind is TransitionKind.CHANGED and one.confidence is Confidence.CLAIMED
        ),
    )


@dataclass(frozen=True, slots=True)
class Stream:
    """The alerts that a rule without any conditions sent in one month."""

    #: expected changes that were told in time, each with its alerts of that time
    told: dict[Expect, tuple[Alert, ...]]
    #: alerts about the same values later: of another change, or repeats
    later: tuple[Alert, ...]
    #: retractions: each takes an alert back
    retracted: tuple[Alert, ...]
    #: all others, which nobody asked about
    others: tuple[Alert, ...]

    @property
    def per_change(self) -> float:
        """Alerts per expected change that was told; 1 is right, more are repeats."""
        count = sum(len(alerts) for alerts in self.told.values())
        return count / len(self.told) if self.told else 1.0


def stream(month: Month, alerts: Sequence[Alert]) -> Stream:
    """Assign alerts to the expected changes: each to the last that had begun when it was sent."""
    told: dict[Expect, tuple[Alert, ...]] = {}
    later: list[Alert] = []
    others: list[Alert] = []
    retracted = tuple(one for one in alerts if one.transition.kind is TransitionKind.RETRACTED)
    for alert in alerts:
        if alert in retracted:
            continue
        moved = alert.transition
        fitting = [
            expect
            for expect in month.expect
            if _about(moved, expect) and moved.to in expect.any_of and expect.opens <= moved.at
        ]
        if fitting:
            last = max(fitting, key=lambda expect: expect.opens)
            if moved.at <= last.closes:
                told[last] = (*told.get(last, ()), alert)
            else:
                later.append(alert)
        else:
            others.append(alert)
    return Stream(told, tuple(later), retracted, tuple(others))


def total(scores: Sequence[Score]) -> Score:
    """Put the scores of several months together."""
    return Score(
        items=sum(one.items for one in scores),
        outcomes=tuple(outcome for one in scores for outcome in one.outcomes),
        traps=sum(one.traps for one in scores),
        hits=tuple(hit for one in scores for hit in one.hits),
        false=tuple(moved for one in scores for moved in one.false),
        claimed=tuple(moved for one in scores for moved in one.claimed),
    )


def tells(moved: Transition, least: Confidence) -> bool:
    """Tell whether people are told of a change here: at that confidence, for the first time."""
    if moved.kind is TransitionKind.CHANGED:
        return moved.from_ != moved.to and moved.confidence.rank >= least.rank
    return (
        moved.kind is TransitionKind.UPGRADED
        and moved.from_confidence.rank < least.rank <= moved.confidence.rank
    )


def _scored(month: Month, moved: Transition) -> bool:
    return moved.facet in SCORED and not any(
        _about(moved, expect)
        and moved.to in expect.any_of
        and expect.opens <= moved.at
        and not _superseded(month, expect, moved)
        for expect in month.expect
    )


def _superseded(month: Month, expect: Expect, moved: Transition) -> bool:
    """Tell whether a newer change was due already: going back to the older value is false."""
    return any(
        _about(moved, later) and expect.first < later.first <= moved.at for later in month.expect
    )


def _about(moved: Transition, row: Expect | Never) -> bool:
    return (moved.subject, moved.facet) == (row.subject, row.facet)


def _says(moved: Transition, expect: Expect) -> bool:
    return moved.to in expect.any_of and moved.confidence.rank >= Confidence.REPORTED.rank


def _outcome(expect: Expect, transitions: Iterable[Transition]) -> Outcome:
    own = [one for one in transitions if _about(one, expect)]
    right = [one for one in own if _says(one, expect)]
    met = next((one for one in right if expect.opens <= one.at <= expect.closes), None)
    if met is not None:
        return Outcome(expect, met=met)
    return Outcome(
        expect,
        stood=next((one for one in reversed(own) if one.at <= expect.closes), None),
        late=next((one for one in right if one.at > expect.closes), None),
    )


def _hits(never: Iterable[Never], transitions: Sequence[Transition]) -> Iterable[Hit]:
    for row in never:
        hits = tuple(one for one in transitions if _is_hit(row, one))
        if hits:
            yield Hit(row, hits)


def _is_hit(row: Never, moved: Transition) -> bool:
    if not _about(moved, row) or (row.before is not None and moved.at >= row.before):
        return False
    if moved.confidence.rank < Confidence.CLAIMED.rank:
        return False
    if row.value == "any":
        return moved.from_ != moved.to
    return moved.to == row.value
