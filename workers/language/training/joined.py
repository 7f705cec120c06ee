"""Puts the names of UNER and GUM on the trees of the same sentences.

Both corpora of names annotate sentences of the treebanks. Read as one document with both, a
sentence teaches trees and names at once, and is read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from workers.language.training import convert_names
from workers.language.training.place_kinds import kind_of

#: Documents of trees with the names that are known, to train on and to stop by, and documents of
#: other names. Places are of one kind in them.
NAMED_TREES, NAMED_DEV, OTHER_NAMES = "trees-named", "trees-named-dev", "names-other"
#: The dev set with kinds of places, for the pipeline.
DEV = "dev"

Words = tuple[str, ...]


def main(data: Path, converted: Path) -> None:
    """Write the sets, and the dev set once more with the kinds of places told apart."""
    nlp = spacy.blank("en")
    train = _docs(nlp, converted / "ud-train.spacy")
    trees = with_names(train, convert_names.on_trees(nlp, data, 1))
    convert_names.save(trees, converted / f"{NAMED_TREES}.spacy")
    on_trees = {doc.text for doc in convert_names.on_trees(nlp, data)}
    names = _docs(nlp, converted / "names-train.spacy")
    others = [doc for doc in names if doc.text not in on_trees]
    convert_names.save(others, converted / f"{OTHER_NAMES}.spacy")
    stop = _docs(nlp, converted / "ud-dev.spacy")
    known = convert_names.dev_on_trees(nlp, data, 1)
    dev = with_names(stop, known)
    convert_names.save(dev, converted / f"{NAMED_DEV}.spacy")
    convert_names.save([with_kinds(doc) for doc in dev], converted / f"{DEV}.spacy")


def with_names(trees: Sequence[Doc], names: Iterable[Doc]) -> list[Doc]:
    """Put names on trees; ``names`` has a document for each sentence."""
    known = {_words(doc): doc for doc in names}
    return [named(doc, known) for doc in trees]


def named(doc: Doc, known: Mapping[Words, Doc]) -> Doc:
    """Set the names of the sentences that are known; those of the others are missing."""
    ents: list[Span] = []
    missing: list[Span] = []
    for sentence in doc.sents:
        words = [token for token in sentence if not token.is_space]
        names = known.get(tuple(token.text for token in words))
        for token, source in zip(words, names or words, strict=True):
            if names is None or not source.ent_iob_:
                missing.append(doc[token.i : token.i + 1])
        ents += [
            Span(doc, words[ent.start].i, words[ent.end - 1].i + 1, label=ent.label_)
            for ent in (names.ents if names is not None else ())
        ]
    doc.set_ents(ents, missing=missing, default="outside")
    return doc


def with_kinds(doc: Doc) -> Doc:
    """Tell the kinds of places of a gold document apart."""
    ends = [
        Span(
            doc,
            e.start,
            e.end,
            label=kind_of([w.text for w in e]) if e.label_ == "LOC" else e.label_,
        )
        for e in doc.ents
    ]
    missing = [doc[i : i + 1] for i, word in enumerate(doc) if not word.ent_iob_]
    doc.set_ents(ends, missing=missing, default="outside")
    return doc


def _words(doc: Iterable[object]) -> Words:
    return tuple(str(token) for token in doc)


def _docs(nlp: Language, path: Path) -> list[Doc]:
    return list(DocBin().from_disk(path).get_docs(nlp.vocab))
