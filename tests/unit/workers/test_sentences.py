"""Sentences in, claims out: the table of sentences.yaml, half of it traps."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from monitor.records import Claim, Factuality
from tests.unit.workers.newsroom import article, reader

TABLE: dict[str, list[tuple[str, dict[str, str]]]] = YAML(typ="safe").load(
    Path(__file__).with_name("sentences.yaml")
)
DEEDS = {Factuality.CONFIRMED, Factuality.REPORTED, Factuality.CLAIMED}


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, str]]:
    """Sentence -> what is claimed of control, leadership and threat."""
    texts = [text for rows in TABLE.values() for text, _ in rows]
    read = list(reader().read([article(text) for text in texts]))
    return {text: _as_table(one.claims) for text, one in zip(texts, read, strict=True)}


def _as_table(claims: tuple[Claim, ...]) -> dict[str, str]:
    return {f"{one.subject}/{one.facet}": one.value for one in claims if one.factuality in DEEDS}


def _wrong(told: dict[str, dict[str, str]], facet: str) -> list[tuple[str, str, str]]:
    return [
        (text, key, value)
        for rows in TABLE.values()
        for text, expected in rows
        for key, value in told[text].items()
        if key.endswith(f"/{facet}") and expected.get(key) != value
    ]


def test_no_sentence_gives_a_wrong_control(told: dict[str, dict[str, str]]) -> None:
    """Silence may be wrong, but never who holds a city."""
    assert _wrong(told, "control") == []


def test_no_sentence_gives_a_wrong_leadership(told: dict[str, dict[str, str]]) -> None:
    """Nobody is dead, gone or in office who is not."""
    assert _wrong(told, "leadership") == []


def test_nearly_every_sentence_is_understood(told: dict[str, dict[str, str]]) -> None:
    """At least 95 of 100 sentences that say something are heard."""
    missed = [
        (text, told[text])
        for text, expected in TABLE["says"]
        if not expected.items() <= told[text].items()
    ]

    assert len(missed) <= 0.05 * len(TABLE["says"]), missed


def test_half_of_the_table_are_traps() -> None:
    """The table keeps its balance and its size."""
    assert len(TABLE["says"]) + len(TABLE["traps"]) >= 120
    assert len(TABLE["traps"]) >= 60
