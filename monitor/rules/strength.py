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
from monitor.rules import weights
from monitor.rules.voices import Report, voices


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
    #: reports for it that their publisher has not taken back
    upheld: tuple[Report, ...]

    @property
    def reported(self) -> bool:
        """Tell whether more than interested parties say so."""
        return self.word is not None and self.word.rank >= Confidence.REPORTED.rank

    @property
    def refuted(self) -> bool:
        """Tell whether nobody stands by it, or independent denials outnumber and outweigh it."""
        return not self.upheld or (self.score < weights.REPORTED and self.deniers > self.voices)


def weigh(
    support: Sequence[Report], denials: Sequence[Report], rivals: Sequence[Report] = ()
) -> Strength:
    """Weigh reports for one value against its denials and reports of other values."""
    upheld = _not_taken_back(support, [one for one in denials if one.retracts])
    own = [one for one in support if one.claim.factuality is not Factuality.CLAIMED]
    standing_denials = _not_taken_back(denials, own, only=lambda denial: denial.retracts)
    kept = {report.claim.id for report in upheld}
    # voices are joined before dropping what was taken back: a retraction must not split one
    joined = voices([report for report in support if not report.party])
    for_it = [voice for voice in joined if any(one.claim.id in kept for one in voice)]
    strengths = [_strongest(one for one in voice if one.claim.id in kept) for voice in for_it]
    against = voices([report for report in standing_denials if not report.party])
    other = voices([report for report in rivals if not report.party])
    score = max(
        1.0 - prod(1.0 - strength for strength in strengths),
        _strongest(report for report in upheld if report.party),
    )
    score *= prod(1.0 - _strongest(voice) for voice in against)
    score *= 1.0 - weights.PARTY_DENIAL * _strongest(one for one in standing_denials if one.party)
    score *= prod(1.0 - weights.RIVAL * _strongest(voice) for voice in other)
    score *= 1.0 - weights.RIVAL * _strongest(report for report in rivals if report.party)
    return Strength(
        score=round(score, 4),
        word=_word(score, for_it, standing_denials) if upheld else None,
        voices=len(for_it),
        deniers=len(against),
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


def _word(score: float, for_it: Sequence[list[Report]], denials: Sequence[Report]) -> Confidence:
    if not for_it or score < weights.REPORTED:
        return Confidence.CLAIMED
    solid = sum(any(report.solid for report in voice) for voice in for_it)
    needed = weights.CONFIRMING_VOICES
    if solid < needed:
        needed = weights.CONFIRMING_VOICES_LOW_GRADES
    if len(for_it) < needed or score < weights.CONFIRMED or not _answered(for_it, denials):
        return Confidence.REPORTED
    return Confidence.CONFIRMED


def _answered(for_it: Sequence[list[Report]], denials: Sequence[Report]) -> bool:
    """Tell whether a voice that had not spoken before the last denial has spoken since."""
    if not denials:
        return True
    last = max(report.claim.published for report in denials)
    return any(min(report.claim.published for report in voice) > last for voice in for_it)
