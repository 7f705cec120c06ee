"""Who can take part in what people do to each other: persons, groups and states, no things; and what is meant by "tons of food"."""

from __future__ import annotations

from spacy.tokens import Token

from workers.naming import Text
from workers.syntax import preposition
from workers.words import word_lists

_LABELS = frozenset({"person", "organization", "group", "place"})
_LISTS = ("persons", "titles", "offices", "bodies", "members", "rebels", "warriors")
_PRONOUNS = frozenset(
    [
        "he",
        "her",
        "him",
        "his",
        "i",
        "it",
        "me",
        "my",
        "our",
        "she",
        "their",
        "them",
        "they",
        "us",
        "we",
        "who",
        "whom",
        "whose",
        "you",
        "nobody",
    ]
)


def is_party(text: Text, token: Token) -> bool:
    """Tell whether a noun phrase, by its head, means somebody.

    Args:
        text: the document with its mentions.
        token: the head of the noun phrase.
    """
    mention = text.at.get(token.i)
    if mention is not None:
        return mention.label in _LABELS
    if token.lower_ in _PRONOUNS or token.tag_ in {"NNP", "NNPS"}:
        return True
    lists = word_lists()
    if token.tag_ == "CD" or any(token.lower_ in lists[name] for name in _LISTS):
        return True
    return any(noun != token and is_party(text, noun) for noun in meant(token))


def is_sum(token: Token) -> bool:
    """Tell a sum of money: "$2bn", "2bn euros"."""
    return token.tag_ == "$" or any(child.tag_ == "$" for child in token.children)


def meant(token: Token) -> list[Token]:
    """Return the nouns that a noun phrase may be about.

    These are its head, food in "tons of food" and "part of the food", aid in "aid deliveries".
    """
    lists = word_lists()
    found = [token]
    if token.tag_ == "CD" or token.lower_ in lists["measures"] | lists["portions"]:
        found += [child for child in token.children if preposition(child) == "of"]
    if token.lower_ in lists["carriers"]:
        found += [child for child in token.lefts if child.dep_ == "compound"]
    return found
