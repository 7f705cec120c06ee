"""Which words are joined by "and", "or" and commas: lists of places and alternatives."""

from __future__ import annotations

from spacy.tokens import Token

from workers.syntax import is_verbal, preposition
from workers.words import word_lists

_VILLAGES = frozenset({"towns", "villages", "cities"})
_INCLUDING = frozenset({"including", "such as", "among them"})


def conjuncts(token: Token) -> list[Token]:
    """Return the word and what is coordinated with it, in order."""
    found = [token]
    for child in token.children:
        # "Jalawla, north-east of Baquba" is one town
        aside = is_verbal(child) or is_excluded(child) or child.tag_ == "RB"
        listed = child.dep_ == "conj" and not aside
        if (listed and not says_again(child, token)) or (
            child.dep_ == "appos"
            and child.i > token.i
            and any(deep.dep_ == "cc" for deep in child.children)
        ):
            found += conjuncts(child)
        elif child.dep_ == "flat":
            found += conjuncts(child)[1:]
    return found


def says_again(token: Token, name: Token) -> bool:
    """Tell what is no second place: "took Hama on Sunday, the last town in the north".

    Also the capital of "took Hama, the second city and capital of the south".
    """
    kinds = word_lists()["places"]
    if token.tag_ != "NN" or token.lower_ not in kinds:
        return False
    if any(
        one.dep_ == "appos" and one.i < token.i and one.lower_ in kinds for one in name.children
    ):
        return True
    again = name.tag_ == "NNP" and any(one.lower_ == "the" for one in token.lefts)
    return again and not any(one.dep_ == "cc" for one in token.children)


def is_excluded(token: Token) -> bool:
    """Tell the airport of "the port but not the airport"."""
    return any(child.lower_ in {"not", "nor"} for child in token.lefts)


def is_one_of(kind: Token, name: Token) -> bool:
    """Tell Bama of "the villages of Bama and Konduga" from a place that has villages."""
    return kind.lower_ in _VILLAGES and any(child.dep_ == "conj" for child in name.children)


def included(token: Token) -> list[Token]:
    """Return the towns that a plural names.

    "Several towns, including Bama and Konduga", "two towns: Bama and Konduga", "the towns of both names".
    """
    for child in token.children:
        if preposition(child) == "of" and is_one_of(token, child):
            return conjuncts(child)
    return _listed(token) or [
        one
        for noun in token.subtree
        if noun.i > token.i and preposition(noun) in _INCLUDING
        for one in conjuncts(noun)
    ]


def _listed(token: Token) -> list[Token]:
    """Return the last word of each name behind the colon of a noun in the plural."""
    sentence, doc = token.sent, token.doc
    if token.tag_ != "NNS":
        return []
    colon = next((one for one in doc[token.i + 1 : sentence.end] if one.text in ":;."), None)
    if colon is None or colon.text != ":":
        return []
    found: list[Token] = []
    for one in doc[colon.i + 1 : sentence.end]:
        if one.tag_ in {"NNP", "NNPS"} and found and found[-1].i == one.i - 1:
            found[-1] = one
        elif one.tag_ in {"NNP", "NNPS"}:
            found.append(one)
        elif one.text not in {",", "and", "."}:
            return []
    return found


def is_alternative(verb: Token) -> bool:
    """Tell one of several verbs joined by "or": none of them is said to have happened."""
    first = verb
    while first.dep_ == "conj" and first.head != first:
        first = first.head
    if not is_verbal(first):
        return False
    return any(
        child.lower_ == "or"
        for member in [first, *first.conjuncts]
        if is_verbal(member)
        for child in member.children
        if child.dep_ == "cc"
    )
