"""spaCy's rule lemmatizer, asked once for each distinct word.

spaCy looks every word up in Python, which takes as long as a third of the network that finds the
words' vectors. Here a document's words are compared by number, so that only new ones cost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from spacy.lang.en.lemmatizer import EnglishLemmatizer
from spacy.language import Language
from spacy.tokens import Doc, Token

#: name of the component's factory
FACTORY: Final = "cached_lemmatizer"
#: distinct words that are remembered; beyond, all are forgotten: memory stays bounded
REMEMBERED: Final = 200_000

#: what decides a lemma
_KEY: Any = ["ORTH", "TAG", "POS", "MORPH"]
#: features of base forms by word class, and classes whose words have one form
_BASE_FORMS: Final = {"NOUN": "Number=Sing", "ADJ": "Degree=Pos", "VERB": "VerbForm=Inf"}
_NO_FORMS: Final = frozenset({"ADP", "CCONJ", "INTJ", "NUM", "PART", "SCONJ", "SYM", "X"})
_WOULD = frozenset({"'d", "\u2019d"})
_NOT = frozenset({"n't", "n\u2019t"})


class CachedLemmatizer(EnglishLemmatizer):
    """Lemmatizes documents; tables, modes and results are those of spaCy's English lemmatizer.

    Two clitics are told by their tag or their form, in every class: "'d" of "would", "n't".
    """

    def __init__(self, *parts: Any, **options: Any) -> None:
        super().__init__(*parts, **options)
        self._known: dict[tuple[int, ...], str] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set the lemmas of all words."""
        if not len(doc):
            return doc
        if len(self._known) > REMEMBERED:
            self._known.clear()
            self.cache.clear()
        known, strings = self._known, self.vocab.strings
        lemmas: Any = np.empty(len(doc), dtype="uint64")
        for i, row in enumerate(doc.to_array(_KEY).tolist()):
            key = tuple(row)
            lemma = known.get(key)
            if lemma is None:
                lemma = known[key] = self._lemma(doc[i])
            # a memory zone forgets strings, so that each document adds its own
            lemmas[i] = strings.add(lemma)
        doc.from_array(["LEMMA"], lemmas)
        return doc

    def _lemma(self, token: Token) -> str:
        if token.lower_ in _NOT:
            return "not"
        if token.lower_ in _WOULD and token.tag_ == "MD":
            return "would"
        if not token.pos:
            # the rules go by word class; a model may leave it open
            return str(token.lower_)
        if self.mode == "rule" and (plain := self._uninflected(token)) is not None:
            return plain
        forms: list[str] = self.lemmatize(token)
        return forms[0]

    def _uninflected(self, token: Token) -> str | None:
        """Return the lemma of most new words, names above all, without asking the rules."""
        word_class = token.pos_
        if word_class == "PROPN":
            return str(token.text)
        base = _BASE_FORMS.get(word_class)
        if base is not None:
            return str(token.lower_) if base in str(token.morph) else None
        return str(token.lower_) if word_class in _NO_FORMS else None


@Language.factory(
    FACTORY,
    assigns=["token.lemma"],
    default_config={
        "model": None,
        "mode": "rule",
        "overwrite": True,
        "scorer": {"@scorers": "spacy.lemmatizer_scorer.v1"},
    },
    default_score_weights={"lemma_acc": 1.0},
)
def make_lemmatizer(
    nlp: Language,
    name: str,
    model: object,
    mode: str,
    overwrite: bool,  # noqa: FBT001 — spaCy calls it by name
    scorer: Callable[..., dict[str, Any]] | None,
) -> CachedLemmatizer:
    """Build the component; spaCy calls this."""
    return CachedLemmatizer(nlp.vocab, model, name, mode=mode, overwrite=overwrite, scorer=scorer)
