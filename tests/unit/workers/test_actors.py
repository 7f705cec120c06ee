"""Whom generic words mean when a watchlist has two groups that fit."""

from __future__ import annotations

import pytest

from monitor.watchlist import Watchlist
from tests.unit.workers.newsroom import article, ontology
from workers.reader import Reader

LIST = Watchlist.model_validate(
    {
        "places": {"overburg": {"name": "Overburg", "country": "SY"}},
        "actors": {
            "front": {"name": "Northern Front", "kind": "armed-group", "country": "SY"},
            "legion": {"name": "Southern Legion", "kind": "armed-group", "country": "SY"},
        },
    }
)


@pytest.mark.parametrize(
    ("title", "text", "holder"),
    [
        ("Northern Front fighters gather", "The rebels captured Overburg on Sunday.", ["front"]),
        ("Overburg falls to rebels", "The Southern Legion attacked a convoy elsewhere.", []),
        ("Overburg falls to rebels", "Nobody said which.", []),
    ],
)
def test_a_generic_word_means_who_was_named_before(
    title: str, text: str, holder: list[str]
) -> None:
    """Given a group named earlier, it is meant; one named only later is not."""
    reader = Reader(ontology(), [LIST], {})
    [read] = reader.read([article(title, text)])

    assert [claim.value for claim in read.claims if claim.facet == "control"] == holder
