"""The stepped parser and finder of names read what spaCy's own read."""

from __future__ import annotations

import spacy
from spacy.tokens import Doc

from workers.language import PACKAGED, load_pipeline, source_of, stepping

TEXTS = (
    "Rebels captured the town of Hama on Thursday, residents said, after the army had left it.",
    "",
    "Who holds the port? Ministers in Kyiv would not say. “It is ours,” a colonel of the Navy said.",
    "Minister quits",
)


def read(docs: list[Doc]) -> list[list[tuple[int, str, str, bool | None]]]:
    """Return trees, names and sentences."""
    return [
        [(one.head.i, one.dep_, one.ent_iob_ + one.ent_type_, one.is_sent_start) for one in doc]
        for doc in docs
    ]


def test_both_read_the_same() -> None:
    """Short and long documents together, an empty one among them."""
    ours, plain = load_pipeline(), spacy.load(source_of(PACKAGED))

    assert {type(ours.get_pipe(name)) for name in ("parser", "ner")} == {
        stepping.SteppedParser,
        stepping.SteppedRecognizer,
    }
    assert read(list(ours.pipe(TEXTS))) == read(list(plain.pipe(TEXTS)))
