"""Headlines made of raw news as the teacher reads it: what the second leg learns beside the rest.

Raw headlines are few, and a sentence whose tree is known makes one whose tree is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import spacy
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from workers.language.training import headlines
from workers.language.training.conllu import Word, to_doc
from workers.language.training.lemmas import add_lemmatizer

#: Words of a sentence that makes a headline.
SHORTEST, LONGEST = 5, 20
#: Share that is written IN CAPITALS.
CAPITALS = 0.08
SEED = 0


def made(docs: Iterable[Doc], treebank: Iterable[Doc], vocab: Vocab) -> Iterator[Doc]:
    """Make a headline of each sentence that is fit for one; its names count as missing.

    Args:
        docs: as the teacher read them.
        treebank: what the lemmas are learned from.
        vocab: that of all documents.
    """
    random = np.random.default_rng(SEED)
    nlp = spacy.blank("en", vocab=vocab)
    add_lemmatizer(nlp, treebank)
    seen: set[str] = set()
    for doc in docs:
        for sentence in nlp.get_pipe("lemmatizer")(doc).sents:
            if not SHORTEST <= len(sentence) <= LONGEST or sentence.text in seen:
                continue
            seen.add(sentence.text)
            headline = headlines.make(words_of(sentence), random)
            if headline is not None:
                capitals = random.random() < CAPITALS
                yield to_doc(vocab, [in_capitals(headline) if capitals else headline])


def in_capitals(words: Iterable[Word]) -> list[Word]:
    """Write words in capitals."""
    return [replace(word, form=word.form.upper()) for word in words]


def words_of(sentence: Span) -> list[Word]:
    """Return a parsed sentence as the words of a treebank."""
    return [
        Word(
            form=word.text,
            lemma=word.lemma_,
            upos=word.pos_,
            xpos=word.tag_,
            feats=str(word.morph),
            head=-1 if word.head.i == word.i else word.head.i - sentence.start,
            relation="root" if word.head.i == word.i else word.dep_,
            space_after=bool(word.whitespace_),
        )
        for word in sentence
    ]
