"""Headlines are marked and compared rightly, and figures say whether they were reached."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc

sys.path.append(str(Path(__file__).parents[3] / "benchmarks"))
headlines: Any = importlib.import_module("headlines")
language: Any = importlib.import_module("language")

VOCAB = spacy.blank("en").vocab


def parse(*rows: tuple[str, int, str, str]) -> Doc:
    """A document of (word, offset of the head, relation, class)."""
    return Doc(
        VOCAB,
        words=[row[0] for row in rows],
        heads=[i + row[1] for i, row in enumerate(rows)],
        deps=[row[2] for row in rows],
        pos=[row[3] for row in rows],
    )


def test_every_headline_of_the_file_is_marked_rightly() -> None:
    """At least 150, no two alike, each with one verb or none."""
    loaded = headlines.load()

    assert len(loaded) >= 150
    assert len({one.text for one in loaded}) == len(loaded)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("Rebels/who seize/verb port", "unknown mark who"),
        ("Rebels/subj seize port", "one verb"),
        ("Rebels/subj seize/verb port by night/agent", "active or passive"),
    ],
)
def test_a_wrong_mark_is_told_with_its_line(line: str, wrong: str) -> None:
    """The one who writes headlines sees which is wrong, and why."""
    with pytest.raises(ValueError, match=wrong):
        headlines.marked(line, "active")


def test_a_right_parse_has_all_and_nothing_wrong() -> None:
    """Subject, verb and object as they are marked."""
    headline = headlines.marked("Rebels/subj seize/verb river port/obj", "active")
    doc = parse(
        ("Rebels", 1, "nsubj", "NOUN"),
        ("seize", 0, "ROOT", "VERB"),
        ("river", 1, "compound", "NOUN"),
        ("port", -2, "obj", "NOUN"),
    )

    verdict = headlines.verdict(headline, doc)

    assert verdict.right
    assert (verdict.hit, verdict.missed, verdict.wrong) == (("obj", "subj"), (), ())
    assert headlines.tally([verdict]).f() == 1.0


def test_a_wrong_parse_misses_and_errs() -> None:
    """A passive taken for an active has neither its subject nor its agent."""
    headline = headlines.marked("Hama/pass seized/verb by rebels/agent", "passive")
    doc = parse(
        ("Hama", 1, "nsubj", "PROPN"),
        ("seized", 0, "ROOT", "VERB"),
        ("by", 1, "case", "ADP"),
        ("rebels", -2, "obl", "NOUN"),
    )

    verdict = headlines.verdict(headline, doc)

    # an oblique with "by" counts as an agent: not every treebank tells them apart
    assert verdict.hit == ("agent",)
    assert verdict.missed == ("pass",)
    assert [role for role, _ in verdict.wrong] == ["subj"]
    assert headlines.tally([verdict]).f() == pytest.approx(0.5)
    [told] = headlines.errors([verdict])
    assert "missed pass Hama" in told


def test_who_tells_it_is_not_the_news() -> None:
    """The main verb is that of the news, whichever way the tree hangs it."""
    headline = headlines.marked("Bridge/subj fell/verb, police say/beside", "intransitive")
    doc = parse(
        ("Bridge", 1, "nsubj", "NOUN"),
        ("fell", 3, "ccomp", "VERB"),
        (",", 2, "punct", "PUNCT"),
        ("police", 1, "nsubj", "NOUN"),
        ("say", 0, "ROOT", "VERB"),
    )

    assert headlines.verdict(headline, doc).right


def test_a_figure_is_reached_as_it_is_written() -> None:
    """0.9196 is written .92 with two digits and reaches .92; all numbers must."""
    assert language.Figure("F", (0.9196,), (0.92,), form=".2f").reached
    assert not language.Figure("F", (0.93, 0.914), (0.92, 0.92), form=".2f").reached
    assert language.Figure("MB", (14.9,), (15,), form=".1f", least=True).reached
