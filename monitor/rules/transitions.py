"""From two statuses of one facet to the transition between them, if there is one."""

from __future__ import annotations

from datetime import datetime

from monitor.records import Confidence, Status, Transition, TransitionKind, fingerprint


def transition(before: Status | None, after: Status, at: datetime) -> Transition | None:
    """Return what changed from one status to the next, or None.

    The value decides first: ``faded`` when nothing new was heard for too long; ``retracted`` when
    it is the previous one again without a newer change (its support was withdrawn or refuted);
    ``learnt`` when nobody knew before, and no report tells how it began; else ``changed``. With
    the same value the
    confidence word decides: ``upgraded`` or ``downgraded``. A baseline that the news confirm,
    or stop confirming, is no transition: nobody was told that it began.

    The id holds the first report of the value that is told (or taken back), not the time of
    telling: the same change told twice has one id, and a city retaken later rests on another
    report. The confidence is in it, so each step up has its own.

    Args:
        before: the status that stood; None when none was ever computed.
        after: the status now.
        at: when this was known: ``seen`` of the reading that caused it.
    """
    kind = _kind(before, after, at)
    if kind is None:
        return None
    gone = kind in {TransitionKind.RETRACTED, TransitionKind.FADED}
    told = before if before is not None and gone else after
    from_ = before.value if before is not None else after.previous
    opposing = after.opposing
    if told is before and not opposing:
        opposing = told.supporting  # withdrawn by its publisher, and what people were told
    sources = dict.fromkeys(evidence.source for evidence in after.supporting)
    return Transition(
        id=fingerprint(
            after.subject,
            after.facet,
            kind,
            from_,
            after.value,
            after.confidence,
            _founding(told),
        ),
        kind=kind,
        at=at,
        subject=after.subject,
        facet=after.facet,
        from_=from_,
        to=after.value,
        previous=after.previous,
        from_confidence=before.confidence if before is not None else Confidence.BASELINE,
        confidence=after.confidence,
        score=after.score,
        since=before.fades if before is not None and kind is TransitionKind.FADED else after.since,
        sources=tuple(sources),
        evidence=after.supporting,
        opposing=opposing,
    )


def _kind(before: Status | None, after: Status, at: datetime) -> TransitionKind | None:
    if before is None:
        return None if after.since is None else TransitionKind.CHANGED
    if before.value != after.value:
        return _kind_of_change(before, after, at)
    if before.since is None or after.since is None or before.confidence is after.confidence:
        return None
    rises = after.confidence.rank > before.confidence.rank
    return TransitionKind.UPGRADED if rises else TransitionKind.DOWNGRADED


def _kind_of_change(before: Status, after: Status, at: datetime) -> TransitionKind:
    if after.faded and before.fades is not None and before.fades <= at:
        return TransitionKind.FADED
    older = before.since is not None and (after.since is None or after.since <= before.since)
    if (older and after.value == before.previous) or (
        before.value is not None and after.refuted == before.value
    ):
        return TransitionKind.RETRACTED
    if before.value is None and all(one.standing for one in after.supporting):
        return TransitionKind.LEARNT
    return TransitionKind.CHANGED


def _founding(status: Status) -> str:
    """Return the claim that the value rests on: its first report, else the baseline."""
    if status.since is None or not status.supporting:
        return ""
    return status.supporting[0].claim
