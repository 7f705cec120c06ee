"""What receivers get: the body of a webhook, also written by `stdout` as a JSON line.

The shape follows Standard Webhooks 1.0.0 ("Payload structure"); ``webhook.schema.json`` beside
this file is its JSON Schema, generated from these models.
"""

from __future__ import annotations

import json
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from monitor.records import (
    Alert,
    Confidence,
    Evidence,
    Factuality,
    Instant,
    Severity,
    TransitionKind,
)

#: sentences sent for a status and against it; with ``SENTENCE_LENGTH`` they keep a body near the
#: 20 kB that Standard Webhooks recommends ("Payload size")
EVIDENCE_SENT = 10
OPPOSING_SENT = 5
#: characters of one sentence
SENTENCE_LENGTH = 600


class Part(BaseModel):
    """Base of everything in a body."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Subject(Part):
    """The place or actor whose status changed."""

    id: str
    name: str


class Value(Part):
    """A value of the facet; null where nothing is or was known."""

    value: str | None
    name: str | None
    """The value as people read it: an actor's name, or the value itself."""


class Sentence(Part):
    """One sentence for or against the new status."""

    link: str
    sentence: str
    """At most 600 characters."""
    source: str
    """Id of the source in sources.yaml, or its domain."""
    factuality: Factuality
    published: Instant


class Data(Part):
    """The alert."""

    id: str
    """The alert's id, the same as the header webhook-id."""
    watchlist: str
    rule: str
    severity: Severity
    subject: Subject
    facet: str
    from_: Value = Field(alias="from")
    to: Value
    confidence: Confidence
    score: float
    """Strength of the evidence in [0, 1] behind the word in confidence."""
    kind: TransitionKind
    at: Instant
    """When the monitor knew."""
    since: Instant | None
    """When it happened; null when no date is known."""
    sources: tuple[str, ...]
    evidence: tuple[Sentence, ...]
    """Sentences for the new value, at most 10."""
    opposing: tuple[Sentence, ...]
    """Sentences against it, at most 5."""
    summary: str
    """One line for people."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)


class Body(Part):
    """A webhook of news-monitor: a tracked subject changed status."""

    type: Literal["status.changed"] = "status.changed"
    timestamp: Instant
    """When the status changed for the monitor; it stays the same over retries."""
    data: Data

    @classmethod
    def of(cls, alert: Alert) -> Self:
        """Return the body that tells of an alert."""
        change = alert.transition
        return cls(
            timestamp=change.at,
            data=Data(
                id=alert.id,
                watchlist=alert.watchlist,
                rule=alert.rule,
                severity=alert.severity,
                subject=Subject(id=change.subject, name=named(alert, change.subject)),
                facet=change.facet,
                from_=_value(alert, change.from_),
                to=_value(alert, change.to),
                confidence=change.confidence,
                score=change.score,
                kind=change.kind,
                at=change.at,
                since=change.since,
                sources=change.sources,
                evidence=tuple(_sentence(each) for each in change.evidence[:EVIDENCE_SENT]),
                opposing=tuple(_sentence(each) for each in change.opposing[:OPPOSING_SENT]),
                summary=alert.summary,
            ),
        )

    def to_json(self) -> str:
        """Return the compact JSON that is signed and sent."""
        return self.model_dump_json(by_alias=True)


def named(alert: Alert, name: str) -> str:
    """Return the name that people know a subject or value by."""
    return alert.names.get(name, name)


def schema() -> str:
    """Return the JSON Schema of a body, as it stands in ``webhook.schema.json``."""
    described = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Body.model_json_schema(by_alias=True, mode="serialization"),
    }
    return json.dumps(described, indent=2) + "\n"


def _value(alert: Alert, value: str | None) -> Value:
    return Value(value=value, name=None if value is None else named(alert, value))


def _sentence(evidence: Evidence) -> Sentence:
    return Sentence(
        link=evidence.link,
        sentence=shortened(evidence.sentence),
        source=evidence.source,
        factuality=evidence.factuality,
        published=evidence.published,
    )


def shortened(sentence: str) -> str:
    """Return the sentence, cut where it is longer than any sentence should be."""
    if len(sentence) <= SENTENCE_LENGTH:
        return sentence
    return sentence[: SENTENCE_LENGTH - 1] + "…"
