"""The body of a webhook and its schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

import monitor.alerts
from monitor.alerts.body import EVIDENCE_SENT, SENTENCE_LENGTH, Body, schema
from monitor.records import Confidence, TransitionKind
from tests.alert_samples import alert, evidence

SCHEMA = Path(monitor.alerts.__file__).with_name("webhook.schema.json")


def test_a_body_says_what_changed_for_whom_and_why() -> None:
    """The outside interface, spelled out: others script against these names."""
    body = json.loads(Body.of(alert()).to_json())

    assert (body["type"], body["timestamp"]) == ("status.changed", "2024-12-07T22:10:00Z")
    assert list(body["data"]) == [
        "id", "watchlist", "rule", "severity", "subject", "facet", "from", "to", "confidence",
        "score", "kind", "at", "since", "sources", "evidence", "opposing", "summary",
    ]  # fmt: skip
    assert body["data"]["subject"] == {"id": "homs", "name": "Homs"}
    assert body["data"]["from"] == {"value": "government", "name": "the government"}
    assert body["data"]["to"] == {"value": "rebels", "name": "the rebels"}
    assert body["data"]["since"] == "2024-12-07T19:10:00Z"
    assert body["data"]["evidence"][0] == {
        "link": "https://herald-0.example/homs",
        "sentence": "Rebels took the centre of Homs.",
        "source": "herald-0",
        "factuality": "reported",
        "published": "2024-12-07T21:10:00Z",
    }


def test_what_is_not_known_is_null_and_never_missing() -> None:
    """Receivers find the same keys in every body."""
    retracted = alert(
        kind=TransitionKind.RETRACTED, to=None, since=None, confidence=Confidence.BASELINE
    )
    data = json.loads(Body.of(retracted).to_json())["data"]

    assert data["to"] == {"value": None, "name": None}
    assert data["since"] is None


def test_the_body_is_compact_and_small_whatever_the_news() -> None:
    """Fifty endless sentences stay near the 20 kB that Standard Webhooks recommends."""
    flood = tuple(evidence(number, "x" * 5000) for number in range(50))
    text = Body.of(alert(evidence=flood, opposing=flood)).to_json()
    data = json.loads(text)["data"]

    assert len(data["evidence"]) == EVIDENCE_SENT
    assert len(data["evidence"][0]["sentence"]) == SENTENCE_LENGTH
    assert len(text) < 20_000
    assert text == json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False)


def test_the_committed_schema_is_the_schema_of_the_models() -> None:
    """A changed model comes with a changed schema: this fails until both are committed."""
    assert SCHEMA.read_text(encoding="utf-8") == schema()


def test_the_schema_names_every_key_of_a_real_body() -> None:
    """All keys that are sent are described, and required, and no others are allowed."""
    described = json.loads(SCHEMA.read_text(encoding="utf-8"))
    body = json.loads(Body.of(alert()).to_json())

    for properties, sent in (
        (described, body),
        (described["$defs"]["Data"], body["data"]),
        (described["$defs"]["Sentence"], body["data"]["evidence"][0]),
        (described["$defs"]["Value"], body["data"]["from"]),
    ):
        assert set(properties["properties"]) == set(sent)
        assert set(properties["required"]) >= set(sent) - {"type"}
        assert properties["additionalProperties"] is False


def test_a_body_reads_back_as_what_was_sent() -> None:
    """A receiver in Python may use the models; a stray key is refused."""
    body = Body.of(alert())
    assert Body.model_validate_json(body.to_json()) == body

    stray = {**json.loads(body.to_json()), "stray": 1}
    with pytest.raises(ValidationError, match="stray"):
        Body.model_validate(stray)
