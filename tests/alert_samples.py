"""Alerts to send in tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.records import (
    Alert,
    Confidence,
    Evidence,
    Factuality,
    Severity,
    Transition,
    TransitionKind,
    fingerprint,
)

#: when the monitor knew
KNOWN = datetime(2024, 12, 7, 22, 10, tzinfo=UTC)


def evidence(number: int = 0, sentence: str = "Rebels took the centre of Homs.") -> Evidence:
    """Return a sentence of an invented publisher."""
    return Evidence(
        claim=fingerprint("claim", number),
        source=f"herald-{number}",
        link=f"https://herald-{number}.example/homs",
        sentence=sentence,
        factuality=Factuality.REPORTED,
        value="rebels",
        published=KNOWN - timedelta(hours=number + 1),
    )


def alert(number: int = 0, *channels: str, **changes: object) -> Alert:
    """Return the alert that Homs fell; ``number`` makes it another one."""
    sentences = tuple(evidence(each) for each in range(3))
    change = {
        "id": fingerprint("transition", number),
        "kind": TransitionKind.CHANGED,
        "at": KNOWN,
        "subject": "homs",
        "facet": "control",
        "from_": "government",
        "to": "rebels",
        "from_confidence": Confidence.BASELINE,
        "confidence": Confidence.CONFIRMED,
        "score": 0.93,
        "since": KNOWN - timedelta(hours=3),
        "sources": tuple(each.source for each in sentences),
        "evidence": sentences,
        **changes,
    }
    return Alert(
        id=fingerprint("alert", number),
        watchlist="syria",
        rule="homs-falls",
        severity=Severity.CRITICAL,
        channels=channels,
        summary="Homs: held by the government -> held by the rebels",
        names={"homs": "Homs", "government": "the government", "rebels": "the rebels"},
        transition=Transition.model_validate(change),
    )
