"""Who can take part in what people do to each other: persons, groups and states, no things."""

from __future__ import annotations

from spacy.tokens import Token

from workers.naming import Text
from workers.words import word_lists

_LABELS = frozenset({"person", "organization", "group", "place"})
_LISTS = ("persons", "titles", "offices", "bodies", "members", "rebels", "warriors")
_PRONOUNS = frozenset(
    "he her him his i it me my our she their them they us we who whom whose you nobody".split()
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
    return any(token.lower_ in lists[name] for name in _LISTS)
