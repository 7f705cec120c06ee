"""The language of a text is told, of headlines too; English is not taken for another."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from workers.languages import in_words, language_of
from workers.lexicon import load

TEXTS: dict[str, list[list[str]]] = YAML(typ="safe").load(
    Path(__file__).with_name("languages.yaml")
)


@pytest.mark.parametrize(("language", "hint", "text"), TEXTS["foreign"])
def test_another_language_is_told(language: str, hint: str | None, text: str) -> None:
    """Three words are enough, whatever the feed says, in capitals, or with a quote in English."""
    assert language_of(text, hint, load().forms) == language


@pytest.mark.parametrize(("hint", "text"), TEXTS["english"])
def test_english_is_not_taken_for_another(hint: str | None, text: str) -> None:
    """Names have no language, a quotation or a feed's wrong word does not make a text foreign."""
    assert language_of(text, hint, load().forms) == "en"


@given(st.text(max_size=60), st.none() | st.text(max_size=8))
def test_any_text_has_a_language(text: str, hint: str | None) -> None:
    """Two letters, whatever the text and the feed are."""
    language = language_of(text, hint)

    assert len(language) == 2
    assert language.islower()


def test_what_became_of_it_is_told() -> None:
    """An article in another language is not passed over in silence; one in English needs no word."""
    assert in_words("skipped:fr") == 'language "fr": no pipeline reads it; see workers.pipeline'
    assert "names were found" in in_words("names_only:fr")
    assert in_words("read") == in_words("set_aside") == in_words("failed:x") == ""
