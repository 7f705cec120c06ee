"""Small questions to the parse: subjects, shapes of clauses, words of noun phrases."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj", "expl"})
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "both"})
NOMINAL = frozenset({"NOUN", "PROPN"})


def subject_of(node: Token) -> Token | None:
    """Return the subject of a verb, None when it has none of its own."""
    return next((child for child in node.children if child.dep_ in _SUBJECTS), None)


def has_child(node: Token, word: str) -> bool:
    """Tell whether a word, in small letters, hangs on a token."""
    return any(child.lower_ == word for child in node.children)


def has_dependent(node: Token, relation: str) -> bool:
    """Tell whether something hangs on a token in this relation."""
    return any(child.dep_ == relation for child in node.children)


def form_of(node: Token) -> str:
    """Return the shape in which a word stands under its governor; see :data:`FORMS`."""
    # "rejected claims it had shelled the town", whose claims are tagged as a verb
    taken_for_verb = node.dep_ == "obj" and node.tag_ in {"VBZ", "VBP"}
    if taken_for_verb or (node.pos_ in NOMINAL and not has_dependent(node, "cop")):
        return "noun"
    if any(child.tag_ == "TO" and child.dep_ in {"mark", "aux"} for child in node.children):
        return "infinitive"
    auxiliary = any(child.dep_.startswith("aux") for child in node.children)
    if node.tag_ == "VBG" and not auxiliary:
        return "gerund"
    if node.dep_ != "xcomp" or auxiliary or subject_of(node) is not None:
        return "clause"
    # "helped capture it", "remains closed"
    return {"VB": "infinitive", "VBN": "gerund"}.get(node.tag_, "clause")


def is_future(node: Token) -> bool:
    """Tell a verb with an auxiliary of the future or of possibility."""
    return any(
        child.lower_ in {"will", "would", "wo", "'ll", "shall", "could", "can", "may", "might"}
        for child in node.children
        if child.dep_ == "aux"
    )


def is_definite(noun: Token) -> bool:
    """Tell "the attack", "its attack", "Sunday's attack", "capture of Hama" from "an attack".

    Headlines leave out articles, so a bare noun with an "of" counts.
    """
    if noun.pos_ == "PROPN":
        return True
    article = False
    for child in noun.children:
        if child.dep_ == "nmod:poss" or child.lower_ in _DEFINITE:
            return True
        article = article or child.dep_ == "det"
    return not article and any(
        child.dep_ == "nmod" and has_child(child, "of") for child in noun.children
    )


def noun_phrase(head: Token) -> Iterator[Token]:
    """Yield the words of a noun phrase without its clauses."""
    yield head
    for child in head.children:
        if child.dep_ not in {
            "acl",
            "acl:relcl",
            "punct",
            "parataxis",
            "case",
            "conj",
            "cc",
            "advmod",
        }:
            yield from noun_phrase(child)


def phrase_of(head: Token) -> str:
    """Return the words of a noun phrase as they stand in the text."""
    tokens = sorted(noun_phrase(head), key=lambda token: token.i)
    first, last = tokens[0], tokens[-1]
    if last.i - first.i >= len(tokens) + 3:
        return head.text
    return head.doc[first.i : last.i + 1].text.strip()
