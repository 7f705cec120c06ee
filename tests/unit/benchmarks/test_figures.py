"""The table of the accuracy benchmarks, and how names are compared."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import spacy

sys.path.append(str(Path(__file__).parents[3] / "benchmarks"))
figures: Any = importlib.import_module("figures")


def test_counts_add_up_to_precision_recall_and_f1() -> None:
    """Nothing wanted and nothing found is right."""
    counts = figures.Counts(2, 1, 0) + figures.Counts(0, 1, 2)

    assert (counts.precision, counts.recall, counts.f1) == (0.5, 0.5, 0.5)
    assert figures.Counts().f1 == figures.Counts().precision == figures.Counts().recall == 1


def test_a_figure_is_reached_as_it_is_written() -> None:
    """0.7496 is written 0.750; some must not be above, and some only told."""
    assert figures.Figure("f1", 0.7496, 0.75).reached
    assert not figures.Figure("f1", 0.7494, 0.75).reached
    assert figures.Figure("wrong", 0, 0, least=True).reached
    assert not figures.Figure("wrong", 1, 0, least=True).reached
    assert figures.Figure("told", 0.5).reached is None


def test_the_table_has_what_is_to_be_reached_beside_each_figure() -> None:
    """One line a figure, the same as JSON."""
    rows = [
        figures.of_counts("events", figures.Counts(1, 1, 1), 0.9),
        figures.share("roles", 1, 2),
        figures.Figure("wrong", 3, 0, least=True),
    ]

    lines = list(figures.table(rows))

    assert [" ".join(line.split()) for line in lines[1:]] == [
        "events 0.500 >= 0.9 no P 0.500 R 0.500 (1 right, 1 wrong, 1 missed)",
        "roles 0.500 1 of 2",
        "wrong 3 <= 0 no",
    ]
    told = json.loads(figures.as_json(rows, items=7))
    assert told["items"] == 7
    assert told["figures"][2] == {
        "name": "wrong",
        "figure": 3,
        "to_reach": 0,
        "reached": False,
        "rests_on": "",
    }


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("the army", "Syrian army", True),
        ("Okafor's", "Lena Okafor", True),
        ("Tahrir al-Sham", "Hayat Tahrir al-Sham fighters", True),
        ("army", "armies", False),
        ("HTS", "rights", False),
        ("", "army", False),
        ("Sham Hayat", "Hayat Tahrir al-Sham", False),
    ],
)
def test_names_are_compared_word_by_word(one: str, other: str, same: bool) -> None:  # noqa: FBT001 — a column of the table
    """Whole words in their order; no part of a word, no articles."""
    assert figures.same_name(one, other) is same


def test_a_parse_is_shown_indented() -> None:
    """As `monitor parse` shows it."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")

    lines = figures.tree(nlp("Rebels captured Hama.")).splitlines()

    assert lines[0].strip() == "Rebels captured Hama."
    assert all(line.startswith("    ") for line in lines)
