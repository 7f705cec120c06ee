"""Copies training sentences with other names in place of theirs, and some as headlines.

Open corpora hold few of the places and armed groups that the news is about, and a model that
knows names by heart calls Hama a person. Places come from GeoNames, of all countries alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from workers.language.training import datelines
from workers.language.training.annotation import lists

#: Share of the documents with names that get a copy with other names.
COPIED = 0.5
#: Share of the names in a copy that are swapped.
SWAPPED = 0.7
#: Share of the swapped places and organizations that come from the lists, not from the corpora.
FROM_LISTS = {"LOC": 0.6, "ORG": 0.4}
#: Share of all documents that get a copy In Title Case, and in capitals.
TITLE_CASE, UPPER_CASE = 0.1, 0.02
#: Share of the copies that open with a dateline: "HAMA, Syria (AFP) -".
DATELINE = 0.15
#: Words of the longest name that is swapped in.
LONGEST = 5

_SWAPPABLE = ("PERSON", "LOC", "ORG")
_SMALL_WORD_LENGTH = 3


class Name(NamedTuple):
    """A name as tokens and the spaces after them."""

    words: tuple[str, ...]
    spaces: tuple[bool, ...]


class Names:
    """Names to swap in: those of the corpora, and those of the lists."""

    def __init__(self, nlp: Language, docs: Sequence[Doc], random: np.random.Generator) -> None:
        self._nlp = nlp
        self._random = random
        self._seen: defaultdict[str, list[Name]] = defaultdict(list)
        for ent in (ent for doc in docs for ent in doc.ents if len(ent) <= LONGEST):
            self._seen[ent.label_].append(_name(ent))
        self._places = datelines.Places(random)

    def draw(self, label: str) -> Name:
        """Draw a name with this label."""
        if self._random.random() < FROM_LISTS.get(label, 0.0):
            listed = (
                self._places.city()[1]
                if label == "LOC"
                else self._places.any_of(lists().organizations)
            )
            return _name(self._nlp.make_doc(listed)[:])
        return self._places.any_of(self._seen[label])

    def dateline(self) -> list[tuple[Name, str]]:
        """Draw a dateline: its parts and their labels."""
        parts = self._places.dateline()
        following = [text for text, _ in parts[1:]] + [""]
        drawn: list[tuple[Name, str]] = []
        for (text, label), after in zip(parts, following, strict=True):
            name = _name(self._nlp.make_doc(text)[:])
            spaces = (*name.spaces[:-1], datelines.space_after(text, after))
            drawn.append((Name(name.words, spaces), label))
        return drawn


def with_copies(nlp: Language, docs: Sequence[Doc], seed: int) -> list[Doc]:
    """Return the documents and their changed copies, in random order."""
    random = np.random.default_rng(seed)
    names = Names(nlp, docs, random)
    result = list(docs)
    for doc in docs:
        if any(e.label_ in _SWAPPABLE for e in doc.ents) and random.random() < COPIED:
            result.append(swapped(doc, names, random))
        style = random.random()
        if style < TITLE_CASE:
            result.append(restyled(doc, upper=False))
        elif style < TITLE_CASE + UPPER_CASE:
            result.append(restyled(doc, upper=True))
    return [result[i] for i in random.permutation(len(result))]


def swapped(doc: Doc, names: Names, random: np.random.Generator) -> Doc:
    """Return a copy with other names of the same label in place of most."""
    words: list[str] = []
    spaces: list[bool] = []
    mentions: list[tuple[int, int, str]] = []
    missing: list[int] = []
    starts = {ent.start: ent for ent in doc.ents}
    for name, label in names.dateline() if random.random() < DATELINE else ():
        if label:
            mentions.append((len(words), len(words) + len(name.words), label))
        words += name.words
        spaces += name.spaces
    for token in doc:
        ent = starts.get(token.i)
        if ent is not None:
            change = ent.label_ in _SWAPPABLE and random.random() < SWAPPED
            name = names.draw(ent.label_) if change else _name(ent)
            mentions.append((len(words), len(words) + len(name.words), ent.label_))
            words += name.words
            spaces += [*name.spaces[:-1], bool(ent[-1].whitespace_)]
        elif not token.ent_type_:
            if token.ent_iob_ == "":
                missing.append(len(words))
            words.append(token.text)
            spaces.append(bool(token.whitespace_))
    return _doc(doc, words, spaces, mentions, missing)


def restyled(doc: Doc, *, upper: bool) -> Doc:
    """Return a copy In Title Case, or in capitals."""
    words = [t.text.upper() if upper else title_cased(t.text) for t in doc]
    spaces = [bool(token.whitespace_) for token in doc]
    mentions = [(ent.start, ent.end, ent.label_) for ent in doc.ents]
    return _doc(doc, words, spaces, mentions, [t.i for t in doc if t.ent_iob_ == ""])


def title_cased(word: str) -> str:
    """Return a word as it stands In Title Case."""
    small = len(word) <= _SMALL_WORD_LENGTH and word in lists().inside_names
    return (
        word
        if small or word[:1] in {"'", "\u2019"} or word == "n't"
        else word[:1].upper() + word[1:]
    )


def _name(span: Span) -> Name:
    return Name(tuple(t.text for t in span), tuple(bool(t.whitespace_) for t in span))


def _doc(
    source: Doc,
    words: Sequence[str],
    spaces: Sequence[bool],
    mentions: Sequence[tuple[int, int, str]],
    missing: Sequence[int],
) -> Doc:
    doc = Doc(source.vocab, words=list(words), spaces=list(spaces))
    doc.set_ents(
        [Span(doc, start, end, label=label) for start, end, label in mentions],
        missing=[doc[i : i + 1] for i in missing],
        default="outside",
    )
    return doc
