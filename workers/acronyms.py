"""Names in capitals that the pipeline did not take for names: "HTS denied it", "RSF fighters".

Small models know few groups of fighters by their letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc, Token

from workers.mentions import Mention
from workers.words import armed_words, word_lists

#: letters of an acronym; shouted words are longer
_LETTERS = range(2, 6)
_ACTS = frozenset({"nsubj", "nsubj:pass", "obl:agent"})


def with_acronyms(doc: Doc, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, with acronyms that act, or have fighters, among the organizations."""
    taken = {index for one in mentions for index in range(one.start, one.end)}
    found = [
        Mention(token.i, token.i + 1, token.text, "organization", name=token.text)
        for token in doc
        if token.i not in taken and _is_acronym(token) and _acts(token)
    ]
    return sorted([*mentions, *found], key=lambda one: one.start) if found else list(mentions)


def _is_acronym(token: Token) -> bool:
    word = token.text
    if not (len(word) in _LETTERS and word.isupper() and word.isalnum() and word[0].isalpha()):
        return False
    if token.lower_ in word_lists()["acronyms"] or not token.tag_.startswith("NN"):
        return False
    # where all is shouted, capitals tell nothing
    return any(other.is_lower for other in token.sent)


def _acts(token: Token) -> bool:
    return token.dep_ in _ACTS or (token.dep_ == "compound" and token.head.lower_ in armed_words())
