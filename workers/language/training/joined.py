"""Puts the names of UNER and GUM on the trees of the same sentences.

Both corpora of names annotate sentences of the treebanks. Read as one document with both, a
sentence teaches trees and names at once, and is read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from workers.language.training import convert_names

#: Documents of trees with the names that are known, and documents of other names.
NAMED_TREES, OTHER_NAMES = "trees-named", "names-other"

Words = tuple[str, ...]


def main(data: Path, converted: Path) -> None:
    """Write both sets beside the converted corpora that they are made of."""
    nlp = spacy.blank("en")
    known = sentences(nlp, data)
    trees = [named(doc, known) for doc in _docs(nlp, converted / "ud-train.spacy")]
    convert_names.save(trees, converted / f"{NAMED_TREES}.spacy")
    on_trees = {doc.text for doc in convert_names.on_trees(nlp, data)}
    names = _docs(nlp, converted / "names-train.spacy")
    others = [doc for doc in names if doc.text not in on_trees]
    convert_names.save(others, converted / f"{OTHER_NAMES}.spacy")


def sentences(nlp: Language, data: Path) -> dict[Words, Doc]:
    """Return the annotated sentences by their words."""
    return {_words(doc): doc for doc in convert_names.on_trees(nlp, data, 1)}


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


def _words(doc: Iterable[object]) -> Words:
    return tuple(str(token) for token in doc)


def _docs(nlp: Language, path: Path) -> list[Doc]:
    return list(DocBin().from_disk(path).get_docs(nlp.vocab))


if __name__ == "__main__":
    import sys

    main(Path(sys.argv[1]), Path(sys.argv[2]))
