"""Which office a person comes to: "as caretaker prime minister", "to lead the government".

Offices are heads of their noun phrases ("prime minister", not "the minister's adviser"), and
stand behind the verb in its own clause; the word lists are in ``words.yaml``.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from workers.words import word_lists

#: tokens from the verb to the office: "was named late on Monday as caretaker prime minister"
_REACH = 14
_LEADING = frozenset({"lead", "head", "form", "run", "chair"})
_OF_ITS_OWN = frozenset({"'s", "\u2019s", "'", "\u2019"})
_ROOMS = frozenset({"office", "post", "job", "role"})
_INSIDE = frozenset({"DT", "JJ", "JJR", "JJS", "NN", "NNP", "NNS", "NNPS", "VBN", "PRP$", "POS",
                     "CD", "HYPH", "RB"})  # fmt: skip
#: "declared himself president"
_REFLEXIVES = frozenset({"herself", "himself"})
_STOPS = frozenset({":", ";", ".", "?", "!", "\u2014"})


def office_after(verb: Token, introducers: Sequence[str]) -> Token | None:
    """Return the office behind a verb that one of the introducers leads to, or None.

    Args:
        verb: "named", "took".
        introducers: prepositions, ``lead`` for "to lead", ``none`` for a bare noun phrase.
    """
    end = min(verb.i + 1 + _REACH, verb.sent.end)
    for token in verb.doc[verb.i + 1 : end]:
        if token.text in _STOPS:
            return None
        if _is_office(token) and _introducer(token, verb) in introducers:
            return None if _is_first_to(token) else token
    return None


def _is_first_to(office: Token) -> bool:
    """Tell "became the first leader to condemn it", who comes to no office."""
    ordinal = any(child.lower_ in {"first", "latest", "only"} for child in office.lefts)
    behind = office.doc[office.i + 1 : min(office.i + 3, office.sent.end)]
    return ordinal and any(word.lower_ == "to" for word in behind)


def is_vague(office: Token) -> bool:
    """Tell "a new prime minister": the office of somebody who is not named here."""
    return any(word.lower_ in {"a", "an", "his", "her", "its", "their"} for word in office.lefts)


def is_determined(office: Token) -> bool:
    """Tell "the sacked minister": that of somebody to whom something is done."""
    return any(word.dep_ in {"det", "nmod:poss"} for word in office.lefts)


def _is_office(token: Token) -> bool:
    lists = word_lists()
    if token.lower_ not in lists["offices"] | lists["bodies"]:
        return False
    after = token.nbor() if token.i + 1 < token.sent.end else None
    if after is None:
        return True
    if after.text in _OF_ITS_OWN:
        return after.i + 1 < token.sent.end and after.nbor().lower_ in _ROOMS
    return not (after.tag_.startswith("NN") and not after.ent_type_) and after.text != "-"


def _introducer(office: Token, verb: Token) -> str:
    """Return the word that leads to an office: a preposition, ``lead``, ``none``, or ""."""
    lists = word_lists()
    doc, index = office.doc, office.i - 1
    while (
        index > verb.i
        and doc[index].lower_ != "to"
        and (doc[index].tag_ in _INSIDE or doc[index].lower_ == "acting")
    ):
        if doc[index].lower_ in lists["nearly"]:
            return ""
        index -= 1
    if doc[index].lower_ in _REFLEXIVES:
        index -= 1
    before = doc[index]
    if before.lower_ == "be" and doc[index - 1].lower_ == "to":
        # "named to be governor"
        return "be"
    if before.lower_ in _LEADING and index > verb.i:
        return "lead" if doc[index - 1].lower_ == "to" else ""
    if index <= verb.i or before.tag_ == "RP":
        return "none" if office.lower_ in lists["offices"] else ""
    if before.lower_ in {"as", "of", "to", "with"}:
        return before.lower_
    return ""
