"""Headlines that are parsed piece by piece."""

from __future__ import annotations

import pytest

from workers.reader import pipeline
from workers.titles import as_one, pieces


@pytest.mark.parametrize(
    ("title", "cut"),
    [
        ("Siege lifted - Pentagon", ["Siege lifted", "-", "Pentagon"]),
        ("Siege lifted \u2013 Pentagon", ["Siege lifted", "\u2013", "Pentagon"]),
        ("Rebels leave; army silent", ["Rebels leave;", "army silent"]),
        ("US-led forces enter Hama", ["US-led forces enter Hama"]),
        ("Monitor: army shells Hama", ["Monitor: army shells Hama"]),
    ],
)
def test_a_headline_is_cut_at_dashes_and_semicolons(title: str, cut: list[str]) -> None:
    """Neither at a hyphen nor at a colon; joined by blanks it is the headline again."""
    assert pieces(title) == cut
    assert " ".join(cut) == title


def test_the_pieces_are_one_sentence() -> None:
    """The clause heads it, and who says so stands beside."""
    title = "Siege of Hama lifted - Pentagon"

    made = as_one([pipeline("en_news_sm")(piece) for piece in pieces(title)])

    assert [sentence.text for sentence in made.sents] == [title]
    assert made[-1].head.text == "lifted"
    assert made[-1].dep_ == "parataxis"


def test_a_piece_of_two_sentences_stays_two() -> None:
    """Nothing is joined that the parser parts."""
    title = "Has Hama fallen? Army says no - radio"

    made = as_one([pipeline("en_news_sm")(piece) for piece in pieces(title)])

    assert len(list(made.sents)) > 1
