"""Finds towns that the pipeline did not know for places, when no watchlist names them.

A small model takes rare names for persons or groups: "Rebels capture Bukavu". Where a name stands
in a place's position and GeoNames has a town of that name, it is that town.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from workers.events import Event
from workers.mentions import Mention
from workers.propernames import begins_name, end_of_numbered, is_first_half, looks_like_name
from workers.syntax import HYPHENS, preposition
from workers.toponyms.index import is_known, is_town
from workers.words import capitals, country_names, word_lists

#: relations in which what is captured, shelled, left or lost stands; subjects act, and are actors
_POSITIONS = frozenset({"obj", "obl", "nmod", "nsubj:pass", "appos", "xcomp", "conj", "ROOT"})
#: a town is the subject only of what befalls it
_BEFALLS = frozenset({"fall", "fell", "falls", "fallen", "falling"})
#: what towns have and persons seldom: "Ghazni's governor"
_OF_TOWNS = frozenset({"airport", "centre", "governor", "mayor", "outskirts", "port", "suburbs"})
_TAKES = frozenset({"capture", "retake", "seize", "take"})
_IN_NAMES = frozenset({"NNP", "NNPS", "HYPH"})


def with_towns(doc: Doc, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, with names in a place's position made places where GeoNames has them."""
    mentions = [_whole_name(doc, one) for one in mentions]
    at = {index: one for one in mentions for index in range(one.start, one.end)}
    found: dict[int, Mention] = {}
    for token in doc:
        known = at.get(token.i)
        if not _may_be_town(token) or (known and (known.label == "place" or known.subject)):
            continue
        start, end = _run(doc, token)
        text = doc[start:end].text
        # "Kupiansk-Vuzlovyi" is a place beside Kupiansk
        town = is_town(text) or is_town(text.partition("-")[0])
        if start in found or not (town or _is_taken(token, known, mentions)):
            continue
        found[start] = Mention(start, end, text, "place", name=text)
    if not found:
        return list(mentions)
    covered = {index for one in found.values() for index in range(one.start, one.end)}
    kept = [one for one in mentions if covered.isdisjoint(range(one.start, one.end))]
    return sorted([*kept, *found.values()], key=lambda one: one.start)


def _whole_name(doc: Doc, mention: Mention) -> Mention:
    """Return New Halfa of "in New Halfa", of which the pipeline saw the second half."""
    first = mention.start - 1
    if mention.label != "place" or mention.subject or mention.text != mention.name or first < 0:
        return mention
    if not is_first_half(doc[first], doc[mention.start]):
        return mention
    text = doc[first : mention.end].text
    return replace(mention, start=first, text=text, name=text)


def is_match(event: Event) -> bool:
    """Tell what a town does to another from war: "Leeds held Wrexham" is a match of their clubs.

    A state acts by its own name, its capital's or its people's; a town that is no capital does not.
    """
    agent = event.agent
    if agent is None or event.place is None or agent.label != "place":
        return False
    name = agent.name or agent.text
    powers = {*capitals().values(), *country_names()}
    return agent.subject is None and not agent.generic and name not in powers and is_town(name)


def _is_taken(token: Token, known: Mention | None, mentions: Sequence[Mention]) -> bool:
    """Tell a village that GeoNames does not have: "the militia captured Paletwa".

    Persons are captured too, but then a title or another name of theirs is told somewhere.
    """
    if known is None or known.label != "person":
        return False
    captured = token.dep_ == "obj" and token.head.lemma_.lower() in _TAKES
    titled = any(
        child.dep_ in {"compound", "flat", "amod", "appos"}
        for child in token.children
        if not known.start <= child.i < known.end
    )
    if not captured or titled or (known.end - known.start > 1 and not is_known(known.text)):
        return False
    others = (one for one in mentions if one.label == "person" and one.start != known.start)
    return all(known.text not in one.text for one in others)


def _may_be_town(token: Token) -> bool:
    if not token.text[:1].isupper() or token.lower_ in word_lists()["months"]:
        return False
    if token.pos_ not in {"PROPN", "NOUN"} and not looks_like_name(token):
        return False
    if preposition(token) == "by":
        # "the capture of the town by Wagner", which is a town as well
        return False
    relation = token.dep_
    if relation == "nmod:poss" and token.head.lower_ in _OF_TOWNS:
        return True
    return relation in _POSITIONS or (
        relation in {"nsubj", "flat", "compound"} and token.head.lower_ in _BEFALLS
    )


def _run(doc: Doc, token: Token) -> tuple[int, int]:
    """Return the run of name words around a token: "Wad Madani", "Wad-Madani"."""
    start, end = token.i, end_of_numbered(token) - 1
    while start > 0 and begins_name(doc[start - 1], token) and not doc[start].is_sent_start:
        start -= 1
    while end + 1 < len(doc) and _goes_on(doc[end + 1]):
        end += 1
    return start, end + 1


def _goes_on(token: Token) -> bool:
    """Tell a word of a name from what follows it; in one, hyphens have no space around them."""
    hyphen = token.text in HYPHENS and not token.whitespace_ and not token.nbor(-1).whitespace_
    return not token.is_sent_start and (hyphen or token.tag_ in _IN_NAMES)
