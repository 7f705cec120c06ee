"""Runs of blanks do not reach the parser, and offsets are those of the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.blanks import squeezed, widened
from workers.reader import parse, pipeline

NLP = pipeline("en_news_sm")
TEXT = "Rebels took  Port Amber.   The army left."


@pytest.mark.parametrize("text", [TEXT, f" {TEXT}", f"{TEXT}   ", TEXT.replace("Port ", "Port  ")])
def test_the_parse_is_that_without_the_blanks(text: str) -> None:
    """Same relations and sentences; each blank hangs on a word and is of its sentence."""
    plain = NLP(squeezed(text))

    doc = widened(plain, text)

    def told(words: object) -> list[tuple[str, ...]]:
        return [
            (token.text, token.tag_, token.lemma_, token.dep_, token.head.text, token.ent_type_)
            for token in words  # type: ignore[attr-defined]
            if not token.is_space
        ]

    assert doc.text == text
    assert told(doc) == told(plain)
    assert len(list(doc.sents)) == len(list(plain.sents)) == 2
    assert all(token.head != token for token in doc if token.is_space)


def test_a_name_keeps_the_blanks_inside() -> None:
    """One name, not two."""
    plain = NLP("Rebels took Port Amber.")
    plain.set_ents([plain.char_span(12, 22, label="LOC")])

    doc = widened(plain, "Rebels took  Port   Amber.")

    assert [(one.text, one.label_) for one in doc.ents] == [("Port   Amber", "LOC")]


def test_a_text_without_runs_is_left_as_it_is() -> None:
    """The same document."""
    plain = NLP("Rebels left.")

    assert widened(plain, "Rebels left.") is plain


@given(st.lists(st.sampled_from(["Rebels", "took", "Homs", ".", " ", "  ", "   "]), max_size=9))
def test_no_text_changes(parts: list[str]) -> None:
    """Whatever stands in it, blanks alone too."""
    text = "".join(parts)

    assert widened(NLP(squeezed(text)), text).text == text


def test_a_body_without_a_title_is_parsed_as_its_text() -> None:
    """It begins with a line end."""
    doc, body = parse(NLP, "Rebels took Homs."), parse(NLP, "\nRebels took Homs.")

    assert [token.dep_ for token in body][1:] == [token.dep_ for token in doc]
    assert body[1].idx == 1
