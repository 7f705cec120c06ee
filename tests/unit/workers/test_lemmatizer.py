"""The lemmatizer that looks each word up once gives what spaCy's gives."""

from __future__ import annotations

from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.tokens import Doc

from workers.language import load_pipeline
from workers.language.lemmatizer import FACTORY

WORDS = ["Rebels", "captured", "Hama", "and", "they", "'d", "n't", "captured", "Pris"]
CLASSES = ["NOUN", "VERB", "PROPN", "CCONJ", "PRON", "AUX", "PART", "ADJ", ""]
TAGS = ["NNS", "VBD", "NNP", "CC", "PRP", "MD", "RB", "JJ", "FW"]


@pytest.fixture
def nlp() -> Language:
    """A pipeline of the lemmatizer alone, with a few rules."""
    lookups = Lookups()
    lookups.add_table("lemma_rules", {"verb": [["ed", "e"], ["ed", ""]], "noun": [["s", ""]]})
    lookups.add_table("lemma_index", {"verb": ["capture"], "noun": ["rebel"]})
    lookups.add_table("lemma_exc", {})
    made = spacy.blank("en")
    lemmatizer: Any = made.add_pipe(FACTORY)
    lemmatizer.initialize(lookups=lookups)
    return made


def lemmas(nlp: Language) -> list[str]:
    """Lemmatize the words, in a document of their own."""
    doc = Doc(nlp.vocab, words=WORDS, pos=CLASSES, tags=TAGS)
    return [token.lemma_ for token in nlp.get_pipe(FACTORY)(doc)]


def test_words_are_lemmatized_by_class_and_tag(nlp: Language) -> None:
    """One form has two lemmas in two classes; clitics are told by their tag."""
    wanted = ["rebel", "capture", "Hama", "and", "they", "would", "not", "captured", "pris"]

    assert lemmas(nlp) == wanted
    assert lemmas(nlp) == wanted


def test_what_a_memory_zone_forgot_is_known_again(nlp: Language) -> None:
    """Strings of one zone are gone in the next; lemmas that were remembered must not be."""
    with nlp.memory_zone():
        first = lemmas(nlp)
    with nlp.memory_zone():
        assert lemmas(nlp) == first


def test_an_empty_document_has_no_lemmas(nlp: Language) -> None:
    """Nothing to do is no mistake."""
    assert len(nlp.get_pipe(FACTORY)(Doc(nlp.vocab))) == 0


def test_it_counts_as_a_lemmatizer(nlp: Language, tmp_path: Any) -> None:
    """A pipeline with it is refused for what it lacks, not for its lemmatizer."""
    nlp.to_disk(tmp_path / "lemmas")

    with pytest.raises(Exception, match="has no tagger, parser, ner;"):
        load_pipeline(str(tmp_path / "lemmas"))
