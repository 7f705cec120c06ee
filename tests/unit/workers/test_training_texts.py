"""What the training makes of texts and names before any model sees them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from workers.language.training.conllu import Word
from workers.language.training.headlines import dashed
from workers.language.training.place_kinds import kind_of
from workers.language.training.raw_news import PIECE_WORDS, collected, pieces


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Hama", "GPE"),
        ("South Sudan", "GPE"),
        ("Republic of the Congo", "GPE"),
        ("Hama Airport", "FAC"),
        ("Port of Tartus", "FAC"),
        ("Orontes River", "LOC"),
        ("Gulf of Aden", "LOC"),
        ("Lake Chad", "LOC"),
        ("the Middle East", "LOC"),
        ("Western Europe", "LOC"),
    ],
)
def test_kinds_of_places_are_told_by_their_words(name: str, kind: str) -> None:
    """Countries and cities, what is built, and nature and regions."""
    assert kind_of(name.split()) == kind


def sentence(*words: tuple[str, str, int, str]) -> list[Word]:
    """Return a sentence of form, tag, head (from 1, 0: none) and relation."""
    return [
        Word(form, {"said": "say"}.get(form, form.lower()), tag, "", "", head - 1, relation, True)
        for form, tag, head, relation in words
    ]


def test_who_said_it_stands_behind_a_dash() -> None:
    """Whether the tree hangs the news on "said" or "said" on the news."""
    hung = sentence(
        ("Hama", "PROPN", 2, "nsubj"),
        ("fell", "VERB", 6, "ccomp"),
        (",", "PUNCT", 2, "punct"),
        ("the", "DET", 5, "det"),
        ("mayor", "NOUN", 6, "nsubj"),
        ("said", "VERB", 0, "root"),
        (".", "PUNCT", 6, "punct"),
    )
    beside = sentence(
        ("Hama", "PROPN", 2, "nsubj"),
        ("fell", "VERB", 0, "root"),
        (",", "PUNCT", 2, "punct"),
        ("the", "DET", 5, "det"),
        ("mayor", "NOUN", 6, "nsubj"),
        ("said", "VERB", 2, "parataxis"),
        (".", "PUNCT", 2, "punct"),
    )
    for words in (hung, beside):
        made = dashed(words)
        assert made is not None
        assert [(word.form, word.head, word.relation) for word in made] == [
            ("Hama", 1, "nsubj"),
            ("fell", -1, "root"),
            ("-", 1, "punct"),
            ("mayor", 1, "parataxis"),
        ]


def test_a_pronoun_gets_no_dash() -> None:
    """No headline ends with "- he"."""
    words = sentence(
        ("Hama", "PROPN", 2, "nsubj"),
        ("fell", "VERB", 5, "ccomp"),
        (",", "PUNCT", 2, "punct"),
        ("he", "PRON", 5, "nsubj"),
        ("said", "VERB", 0, "root"),
    )
    assert dashed(words) is None


def test_texts_are_cut_between_sentences_and_bylines_are_left_out() -> None:
    """No piece is longer than the teacher reads at once, and none begins in mid-sentence."""
    sentence = "The army said on Monday that it had left the old town."
    found = list(pieces(f"By A Reporter\n{' '.join([sentence] * 30)}"))

    assert len(found) > 1
    assert all(piece.startswith("The army") and piece.endswith("town.") for piece in found)
    assert all(len(piece.split()) <= PIECE_WORDS for piece in found)


def test_news_is_collected_once_from_all_kinds_of_files(tmp_path: Path) -> None:
    """JSON lines, packed or not, and arrays; markup is taken off, what was seen is not repeated."""
    title = "Rebels leave the harbour after a week of talks"
    rows = [
        {"title": title, "description": "<p>They left <b>on Monday</b>, residents of it said.</p>"},
        {"title": title},
    ]
    lines, packed, array = tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz", tmp_path / "c.json"
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    packed.write_bytes(gzip.compress(lines.read_bytes()))
    array.write_text(json.dumps([{"text": "The council met for hours and agreed on nothing."}]))

    found = list(collected([lines, packed, array]))

    assert [kind for kind, _ in found] == ["headline", "text", "text"]
    assert found[0][1] == title
    assert "<" not in found[1][1]


def test_a_broken_line_is_told_with_file_and_line(tmp_path: Path) -> None:
    """The one who trains sees which line, not a traceback."""
    broken = tmp_path / "news.jsonl"
    broken.write_text('{"title": "A"}\n{"title": \n', encoding="utf-8")

    with pytest.raises(SystemExit, match=r"news\.jsonl:2: not a JSON object"):
        list(collected([broken]))
