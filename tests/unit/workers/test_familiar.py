"""Words that come often are remembered, others are not, and nothing is read otherwise for it."""

from __future__ import annotations

import pytest
from spacy.lang.en import English

from workers.language import familiar
from workers.language.familiar import MOST, Familiar

TEXT = "Rebels took Hama, and rebels hold it, don't they? Rebels say so."


def test_what_comes_often_stays() -> None:
    """In the vocabulary, where a memory zone frees the rest."""
    nlp = English()
    words = Familiar(nlp)
    with nlp.memory_zone():
        for _ in range(3):
            words.meet("Rebels hold Zzyzx")
        words.meet("Rebels left Qqqq")
        nlp("Rebels hold Zzyzx, Qqqq left")
    words.keep()

    assert words.kept == {"Rebels", "hold", "Zzyzx"}
    assert "Zzyzx" in nlp.vocab
    assert "Qqqq" not in nlp.vocab


def test_tokens_are_the_same() -> None:
    """Of familiar words and of others."""
    nlp = English()
    words = Familiar(nlp)
    for _ in range(3):
        words.meet(TEXT)
    words.keep()
    with nlp.memory_zone():
        found = [token.text for token in nlp(TEXT)]

    assert found == [token.text for token in English()(TEXT)]


def test_no_more_than_so_many_are_kept() -> None:
    """A process that reads for months keeps the same few words."""
    words = Familiar(English())
    for _ in range(3):
        words.meet(" ".join(f"word{number}" for number in range(MOST + 10)))
    words.keep()
    for _ in range(3):
        words.meet("late")
    words.keep()

    assert len(words.kept) == MOST
    assert "late" not in words.kept


def test_the_count_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that come once in a while are not counted for ever."""
    monkeypatch.setattr(familiar, "_COUNTED", 2)
    words = Familiar(English())
    words.meet("once upon a time once")
    words.keep()
    words.meet("once")
    words.keep()

    assert not words.kept
