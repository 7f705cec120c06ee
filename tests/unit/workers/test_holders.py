"""Who holds a place, and above all who does not: the table of holders.yaml."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from monitor.records import Article, Factuality
from tests.unit.workers.newsroom import NOON, article, ontology
from workers.reader import Reader

ROWS: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("holders.yaml"))
DEEDS = {Factuality.CONFIRMED, Factuality.REPORTED, Factuality.CLAIMED}

Pairs = frozenset[tuple[str, str]]


def _article(row: dict[str, Any]) -> Article:
    title, text = (row["text"], "") if row.get("title") else ("", row["text"])
    told = row.get("published")
    at = datetime.fromisoformat(told) if told else NOON
    return article(title, text).model_copy(update={"published": at, "seen": at})


@pytest.fixture(scope="module")
def told() -> dict[str, Pairs]:
    """Text -> (place, holder), as `monitor extract` without a watchlist tells it."""
    reader = Reader(ontology(), [], {}, open_world=True)
    reader.keep_offsets()
    return {
        row["text"]: frozenset(
            (claim.subject, claim.value)
            for claim in one.claims
            if claim.facet == "control" and claim.factuality in DEEDS
        )
        for row, one in zip(ROWS, reader.read([_article(row) for row in ROWS]), strict=True)
    }


def _agree(gold: tuple[str, str], pair: tuple[str, str]) -> bool:
    """Tell whether a claim says what the gold does, in more words or fewer for the holder."""
    place, holder = gold
    words, found = (set(one.lower().replace("'s", "").split()) for one in (holder, pair[1]))
    nameless = place.islower() and place in pair[0].lower()
    return (place == pair[0] or nameless) and (words <= found or found <= words)


def _known(pair: tuple[str, str], gold: dict[str, str]) -> bool:
    return any(_agree(one, pair) for one in gold.items())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:60])
def test_nobody_is_told_to_hold_what_the_text_does_not_say(
    told: dict[str, Pairs], row: dict[str, Any]
) -> None:
    """The worst mistake: a holder that no careful editor would write down."""
    golds = [row.get("control", {}), row.get("maybe", {})]
    wrong = [pair for pair in told[row["text"]] if not any(_known(pair, gold) for gold in golds)]

    assert bool(wrong) is row.get("wrong", False), wrong


@pytest.mark.parametrize(
    "row", [row for row in ROWS if "control" in row], ids=lambda row: row["text"][:60]
)
def test_who_holds_a_place_is_told(told: dict[str, Pairs], row: dict[str, Any]) -> None:
    """Every holder that the text tells, under the place's own name."""
    missed = [
        gold
        for gold in row["control"].items()
        if not any(_agree(gold, pair) for pair in told[row["text"]])
    ]

    assert bool(missed) is row.get("missed", False), (missed, told[row["text"]])
