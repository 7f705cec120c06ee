"""Parses texts as if no two blanks stood together, and gives the tokens their own offsets back.

The pipeline was trained on sentences with one blank between words. Where there are more, spaCy makes
a token of the rest, on which the parser stumbles: it ends sentences there, and hangs words on it.
"""

from __future__ import annotations

import re

import numpy as np
from spacy.tokens import Doc, Token

_RUN = re.compile(r" {2,}")


def squeezed(text: str) -> str:
    """Return the text with one blank for each run of them, and none at its ends."""
    return _RUN.sub(" ", text).strip(" ")


def widened(doc: Doc, text: str) -> Doc:
    """Return the parse of a squeezed text as one of the text itself.

    Args:
        doc: the parse of ``squeezed(text)``.
        text: as it stands, with runs of blanks.
    """
    if doc.text == text:
        return doc
    #: position in the squeezed document, None for blanks; the word; whether a blank follows
    rows: list[tuple[int | None, str, bool]] = []
    at = 0
    for token in doc:
        gap = text.index(token.text, at) - at
        if gap:
            rows.append((None, " " * gap, False))
        at += gap + len(token)
        space = text[at : at + 1] == " "
        rows.append((token.i, token.text, space))
        at += space
    if at < len(text):
        rows.append((None, text[at:], False))
    return _built(doc, rows)


def _built(doc: Doc, rows: list[tuple[int | None, str, bool]]) -> Doc:
    here = {old: new for new, (old, _, _) in enumerate(rows) if old is not None}
    tokens: list[Token | None] = [None if old is None else doc[old] for old, _, _ in rows]
    heads = [
        here[token.head.i] if token is not None else max(new - 1, 0) or min(1, len(rows) - 1)
        for new, token in enumerate(tokens)
    ]
    words = [word for _, word, _ in rows]
    made = Doc(
        doc.vocab,
        words=words,
        spaces=[space for _, _, space in rows],
        tags=["_SP" if token is None else token.tag_ for token in tokens],
        pos=["SPACE" if token is None else token.pos_ for token in tokens],
        morphs=["" if token is None else str(token.morph) for token in tokens],
        lemmas=[
            word if token is None else token.lemma_
            for token, word in zip(tokens, words, strict=True)
        ],
        heads=heads,
        deps=["dep" if token is None else token.dep_ for token in tokens],
        ents=_entities(tokens),
    )
    if len(doc.tensor):
        # documents that are joined must all have one, of one width
        made.tensor = np.zeros((len(rows), doc.tensor.shape[1]), doc.tensor.dtype)
        made.tensor[list(here.values())] = doc.tensor[list(here)]
    return made


def _entities(tokens: list[Token | None]) -> list[str]:
    """Return the tags of the names; blanks inside of one belong to it."""
    found: list[str] = []
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token is not None:
            kind = f"-{token.ent_type_}" if token.ent_type_ else ""
            found.append(f"{token.ent_iob_ or 'O'}{kind}" if kind else "O")
        elif following is not None and following.ent_iob_ == "I":
            found.append(f"I-{following.ent_type_}")
        else:
            found.append("O")
    return found
