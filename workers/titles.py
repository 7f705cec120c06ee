"""Parses a headline piece by piece: what stands on either side of its semicolon or dash.

"Khe Sanh siege lifted - Pentagon" is a clause and who says it. The parser was trained on sentences,
and joins such pieces into one clause. It does better with colons, so those are left to it.
"""

from __future__ import annotations

import re

from spacy.tokens import Doc, Token

from workers.syntax import is_verbal

#: the blank behind a semicolon, and those around a dash
_BORDER = re.compile(r"(?<=\S;) (?=\S)|(?<=\S) (?=[-\u2013\u2014] )|(?<= [-\u2013\u2014]) (?=\S)")


def pieces(title: str) -> list[str]:
    """Cut a headline where one of its pieces ends; one blank is lost at each cut."""
    return _BORDER.split(title)


def as_one(docs: list[Doc]) -> Doc:
    """Return the parses of the pieces of a headline as one sentence: the others beside its first clause."""
    if len(docs) == 1:
        return docs[0]
    made = Doc.from_docs(docs, ensure_whitespace=True)
    roots = [token for token in made if token.head == token]
    if len(roots) > len(docs):
        return made
    top = next((one for one in roots if is_verbal(one)), None) or max(roots, key=_size)
    for root in roots:
        if root != top:
            root.dep_ = "punct" if root.is_punct else "parataxis"
            root.head = top
    return made


def _size(root: Token) -> int:
    return root.n_lefts + root.n_rights
