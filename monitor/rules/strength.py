"""How strongly reports speak for a value, as a number and as a word.

With independent voices :math:`i` for and :math:`j` against, each as strong as its strongest
report (grade x factuality)::

    score = (1 - prod_i (1 - w_i)) x prod_j (1 - w_j)

The first factor is noisy-or (J. Pearl, *Probabilistic Reasoning in Intelligent Systems*, 1988,
4.3.2): each voice alone may be wrong, independently, and one right voice is enough. The second
is its inhibitor. Interested parties share their interest, so on either side only the strongest
of them counts, and for a value only where it exceeds what independent voices give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import prod

from monitor.records import Confidence, Factuality
from monitor.rules.voices import Report, voices
from monitor.weights import Weights


@dataclass(frozen=True, slots=True)
class Strength:
    """What the reports for and against one value amount to."""

    #: in [0, 1]
    score: float
    #: None: nobody says so (any more)
    word: Confidence | None
    #: number of independent voices for it
    voices: int
    #: number of independent voices that deny it
    deniers: int
    #: independent denials outnumber and outweigh it, or nobody stands by it
    refuted: bool
    #: reports for it that their publisher has not taken back
    upheld: tuple[Report, ...]

    @property
    def reported(self) -> bool:
        """Tell whether more than interested parties say so."""
        return self.word is not None and self.word.rank >= Confidence.REPORTED.rank


def weigh(
    weights: Weights,
    support: Sequence[Report],
    denials: Sequence[Report],
    rivals: Sequence[Report] = (),
) -> Strength:
    """Weigh reports for one value against its denials and reports of other values."""
    upheld = _not_taken_back(support, [one for one in denials if one.retracts])
    own = [one for one in support if one.claim.factuality is not Factuality.CLAIMED]
    standing_denials = _not_taken_back(denials, own, only=lambda denial: denial.retracts)
    kept = {report.claim.id for report in upheld}
    # voices are joined before dropping what was taken back: a retraction must not split one
    joined = voices([report for report in support if not report.party])
    upheld_voices = ([one for one in voice if one.claim.id in kept] for voice in joined)
    for_it = [voice for voice in upheld_voices if voice]
    against = voices([report for report in standing_denials if not report.party])
    other = voices([report for report in rivals if not report.party])
    score = max(
        1.0 - prod(1.0 - _strongest(voice) for voice in for_it),
        _strongest(report for report in upheld if report.party),
    )
    score *= prod(1.0 - _strongest(voice) for voice in against)
    score *= 1.0 - weights.party_denial * _strongest(one for one in standing_denials if one.party)
    score *= prod(1.0 - weights.rival * _strongest(voice) for voice in other)
    score *= 1.0 - weights.rival * _strongest(report for report in rivals if report.party)
    outweighed = score < weights.reported and len(against) > len(for_it)
    return Strength(
        score=round(score, 4),
        word=_word(weights, score, for_it, standing_denials) if upheld else None,
        voices=len(for_it),
        deniers=len(against),
        refuted=not upheld or outweighed,
        upheld=tuple(upheld),
    )


def _strongest(group: Iterable[Report]) -> float:
    return max((report.weight for report in group), default=0.0)


def _not_taken_back(
    said: Sequence[Report],
    contrary: Sequence[Report],
    only: Callable[[Report], bool] = lambda _: True,
) -> list[Report]:
    """Drop what the same family later contradicted in its own voice."""
    if not contrary:
        return list(said)
    last: dict[str, datetime] = {}
    for report in contrary:
        published = report.claim.published
        last[report.family] = max(last.get(report.family, published), published)
    return [
        report
        for report in said
        if not only(report)
        or last.get(report.family, report.claim.published) <= report.claim.published
    ]


def _word(
    weights: Weights, score: float, for_it: Sequence[list[Report]], denials: Sequence[Report]
) -> Confidence:
    if not for_it or score < weights.reported:
        return Confidence.CLAIMED
    if score < weights.confirmed:
        return Confidence.REPORTED
    solid = sum(any(report.solid for report in voice) for voice in for_it)
    needed = weights.voices if solid >= weights.voices else weights.voices_low_grades
    agreed = len(for_it) >= needed and _answered(for_it, denials)
    if agreed or (not denials and any(_stands(weights, voice) for voice in for_it)):
        return Confidence.CONFIRMED
    return Confidence.REPORTED


def _answered(for_it: Sequence[list[Report]], denials: Sequence[Report]) -> bool:
    """Tell whether a voice that had not spoken before the last denial has spoken since."""
    if not denials:
        return True
    last = max(report.claim.published for report in denials)
    return any(min(report.claim.published for report in voice) > last for voice in for_it)


def _stands(weights: Weights, voice: Sequence[Report]) -> bool:
    """Tell whether a solid voice came back to it again and again, over days."""
    last: datetime | None = None
    count = 0
    for moment in sorted(report.claim.published for report in voice if report.solid):
        if last is None or moment - last >= weights.repeats_apart:
            count, last = count + 1, moment
    return count >= weights.repeats
