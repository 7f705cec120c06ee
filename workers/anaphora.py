"""What places "it", "there" and "the town" stand for, when the text before leaves one choice.

Where it leaves several, nothing is said: a wrong antecedent is a wrong holder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from spacy.tokens import Span, Token

from workers.asides import in_clause_beside, is_aside
from workers.document import Document
from workers.mentions import Mention
from workers.syntax import is_verbal, preposition
from workers.toponyms.areas import is_land
from workers.words import armed_words, capitals, country_names, demonyms, word_lists

#: sentences before its own in which what a word stands for is looked for
REACH = 2
SETTLEMENTS = frozenset({"city", "town", "village", "island"})
#: what may stand before "city" when it means the one that was named: not "the old town"
_THE = (["the"], ["that"], ["this"], ["the", "whole"], ["the", "entire"])
#: beside bodies of state, those who speak of what happened elsewhere
_SPEAKERS = frozenset(
    {"agency", "ambassador", "attache", "attach\u00e9", "diplomat", "diplomats", "embassy", "envoy",
     "ministry", "newspaper", "official", "officials", "radio", "spokesman", "spokeswoman",
     "television"}
)  # fmt: skip
#: before "town", of another one
_OTHERS = frozenset({"home", "neighbour", "neighbor", "sister", "twin"})
#: before "town", of the one that is told about
_PLIGHTS = frozenset(
    {"battered", "beleaguered", "besieged", "devastated", "embattled", "ruined", "shattered",
     "stricken", "strategic"}
)  # fmt: skip
_AT = frozenset({"at", "in", "inside"})
SUBJECTS = ("nsubj", "nsubj:pass")
#: relations of what a sentence is about
_CENTRAL = frozenset({"nsubj", "nsubj:pass", "obj", "ROOT", "appos", "flat"})
_LONGEST_ACRONYM = 3
#: what has the name of a town in it and is larger, or of no town
_DIVISIONS = frozenset(
    {"area", "bridge", "countryside", "county", "district", "governorate", "lake", "oblast",
     "peninsula", "province", "provinces", "region", "river", "state", "valley"}
)  # fmt: skip


def is_definite(token: Token) -> bool:
    """Tell "the town" and "this city" from "a town", "the old town", "the town of Hama"."""
    before = [child.lower_ for child in token.lefts if child.dep_ != "case"]
    if before[:1] == ["the"] and all(_describes(child) for child in token.lefts):
        return True
    # titles leave articles out
    return before in _THE or (not before and token.sent.start == 0)


def _describes(word: Token) -> bool:
    """Tell "the oil city" and "the besieged town" from "the old city" and "the next town"."""
    if word.dep_ == "compound":
        return word.tag_ == "NN" and word.lower_ not in _OTHERS
    return word.dep_ == "case" or word.lower_ == "the" or word.lower_ in _PLIGHTS


def floor_of(token: Token) -> int:
    """Return the token at which the sentences begin in which an antecedent is looked for."""
    floor: int = token.sent.start
    for _ in range(REACH):
        floor = token.doc[floor - 1].sent.start if floor else 0
    return floor


def settlement(text: Document, token: Token) -> Mention | None:
    """Return the one town that "the town" means, or else the only one of the article's title."""
    if text.topic is not None:
        return text.topic
    found = _settlements(text, floor_of(token), token.i)
    if not found:
        found = _settlements(text, 0, min(next(text.doc.sents).end, token.i))
    return _only(found) or _only([one for one in found if _may_be(text, token, one)])


def capital(text: Document, token: Token) -> Mention | None:
    """Return the capital that was named before "the capital" or "the Haitian capital", if one was."""
    named = [
        one
        for one in _settlements(text, 0, token.i)
        if (one.name or one.text) in capital_names() and not _is_seat(text, one)
    ]
    if is_definite(token):
        return _only(named)
    countries = {demonyms().get(child.text) for child in token.lefts if child.dep_ == "amod"}
    countries |= {
        country_names().get(child.text) for child in token.lefts if child.dep_ == "nmod:poss"
    }
    names = {capitals().get(country) for country in countries if country is not None}
    return _only([one for one in named if (one.name or one.text) in names])


def contained(text: Document, token: Token) -> Token:
    """Return Babanusa of "Babanusa in West Kordofan, where": what is told happened there."""
    while token.dep_ == "nmod" and preposition(token) == "in":
        whole = text.at.get(token.head.i)
        if whole is None or whole.label != "place":
            return token
        token = token.head
    return token


def thing(text: Document, token: Token) -> Mention | None:
    """Return the one town that "it" means: what the sentences before are about."""
    if token.lower_ in {"them", "their"}:
        return None
    named = text.topic or _only(_settlements(text, floor_of(token), token.i))
    if named is None:
        return None
    if text.topic is not None:
        start = token.sent.start
    elif is_central(text.doc[named.start : named.end]):
        original = text.at[named.start]
        start = original.start if original.part else named.end
    else:
        return None
    nearer = text.doc[start : token.i]
    others = word_lists()["grounds"] - SETTLEMENTS
    acts = any(child.dep_ in SUBJECTS for child in token.head.children)
    taken = any(
        word.lower_ in others
        and word.tag_.startswith("NN")
        and not (acts and in_clause_beside(word, token))
        for word in nearer
    )
    return None if taken else named


def guess(text: Document, token: Token, *, named: bool = False) -> Mention | None:
    """Return the nearest place before "it" or "the town", without a subject: nobody is sure.

    Args:
        text: the document.
        token: the word.
        named: only a town with a name will do.
    """
    if named and (likely := _likeliest(text, token)) is not None:
        name = likely.name or likely.text
        return replace(
            likely,
            start=token.i,
            end=token.i + 1,
            text=token.text,
            name=name,
            subject=None,
            generic=True,
        )
    return _nearest(text, token, named=named) or _nearest(text, token, named=named, passing=True)


def _nearest(text: Document, token: Token, *, named: bool, passing: bool = False) -> Mention | None:
    """Return the nearest place before a word; one told in passing only if that is asked for."""
    for before in reversed(text.doc[floor_of(token) : token.i]):
        mention = text.at.get(before.i)
        if mention is not None:
            if is_land(mention.name) or (named and mention.part):
                continue
            if named and mention.label == "place" and not _may_be(text, token, mention):
                continue
            inside = (not named and _lies_in(text, mention)) or _acts_on(before, token)
            span = text.doc[mention.start : mention.end]
            inside = inside or (not passing and is_aside(span, token))
            if mention.label == "place" and not inside:
                found = replace(mention, start=token.i, end=token.i + 1, subject=None, generic=True)
                name = mention.name or mention.text
                return found if mention.part else replace(found, text=token.text, name=name)
        elif not named and before.lower_ in word_lists()["grounds"] and before.tag_[:2] == "NN":
            if not passing and in_clause_beside(before, token):
                continue
            definite = before.lower_ in SETTLEMENTS and is_definite(before)
            if definite and (town := settlement(text, before)) is not None:
                name = town.name or town.text
                return replace(town, start=token.i, end=token.i + 1, subject=None, name=name)
            if (called := text.place(before)) is not None and not called.part:
                # "Homs, the regional capital"
                return replace(called, start=token.i, end=token.i + 1, subject=None, generic=True)
            found = replace(text.nameless(before), start=token.i, end=token.i + 1)
            # with a name it counts as a guess
            clear = is_central(text.doc[before.i : before.i + 1])
            return found if clear else replace(found, name=found.text)
    return None


def _likeliest(text: Document, token: Token) -> Mention | None:
    """Return the one town of the nearest sentence that has one; of several, what it is about."""
    end = token.i
    start, floor = token.sent.start, floor_of(token)
    while True:
        found = [one for one in _settlements(text, start, end) if _may_be(text, token, one)]
        central = [one for one in found if is_central(text.doc[one.start : one.end])]
        plain = [one for one in found if not is_aside(text.doc[one.start : one.end], token)]
        if found:
            return _only(found) or _only(plain) or _only(central)
        if start <= floor:
            return None
        end, start = start, text.doc[start - 1].sent.start


def _may_be(text: Document, token: Token, named: Mention) -> bool:
    """Tell whether "the village" may be a place that is named: a capital is none."""
    small = token.lower_ in {"town", "village"} and (named.name or named.text) in capital_names()
    return not small and not _is_seat(text, named)


def _is_seat(text: Document, mention: Mention) -> bool:
    """Tell where those are who speak of another town: "the government in Kyiv", "Baku denied"."""
    root = text.doc[mention.start : mention.end].root
    if (mention.name or mention.text) in capital_names() and root.dep_ in SUBJECTS:
        return True
    lists = word_lists()
    who = lists["bodies"] | lists["rulers"] | _SPEAKERS
    if root.dep_ != "nmod" or preposition(root) not in {"in", "at"}:
        return False
    # "a spokesman for the rebels in Doha"
    for_them = root.head.dep_ == "nmod" and root.head.head.lower_ in _SPEAKERS
    return root.head.lower_ in who or for_them


def _acts_on(before: Token, pronoun: Token) -> bool:
    """Tell Moscow of "Moscow annexed it", which is not what it annexed."""
    return before.dep_.startswith("nsubj") and before.head == pronoun.head


def _lies_in(text: Document, mention: Mention) -> bool:
    """Tell Homs of "the hospital in Homs", which is where something else is."""
    root = text.doc[mention.start : mention.end].root
    head = root.head.lower_
    before = text.doc[max(mention.start - 2, 0) : mention.start]
    if len(before) > 1 and before[1].lower_ in _AT and before[0].lower_ in word_lists()["grounds"]:
        # "attacked the post at Homs", hung on the verb
        return True
    if root.dep_ != "nmod":
        return False
    if preposition(root) == "of" and head not in word_lists()["places"]:
        # "the reservists of Homs" are elsewhere, perhaps
        return head in armed_words() | word_lists()["persons"] | word_lists()["grounds"]
    return preposition(root) != "of" and head in word_lists()["grounds"]


def _settlements(text: Document, start: int, end: int) -> list[Mention]:
    return [
        replace(one, part=False, relation="", text=one.name or one.text)
        for one in text.mentions
        if one.label == "place"
        and start <= one.start
        and one.end <= end
        and not (one.relation == "other" and one.text.split()[-1].lower() in _DIVISIONS)
        and not (one.generic and not one.name)
        and not is_land(one.name or one.text)
        and not _is_dateline(text, one)
        and contained(text, (root := text.doc[one.start : one.end].root)) == root
        and not _is_of_force(text, one)
        and not _is_letters(text, one)
    ]


def _is_of_force(text: Document, mention: Mention) -> bool:
    """Tell whose "forces" are meant, taken for a place by the pipeline."""
    root = text.doc[mention.start : mention.end].root
    return root.dep_ in {"amod", "compound"} and root.head.lower_ in armed_words()


def _is_letters(text: Document, mention: Mention) -> bool:
    """Tell the short name of what stands before it: "the Joint Defence Force (JDF)"."""
    before = text.doc[mention.start - 1] if mention.start else None
    return mention.text.isupper() and before is not None and before.text == "("


def _is_dateline(text: Document, mention: Mention) -> bool:
    """Tell where the reporter is: "OVERBURG, Dec 5 (Levant Wire) - "."""
    capitals = mention.text.isupper() and len(mention.text) > _LONGEST_ACRONYM
    return capitals and not text.doc[mention.start].sent.text.isupper()


def _only(found: Sequence[Mention]) -> Mention | None:
    """Return the one that is named, if it is one."""
    names = {one.identity for one in found}
    return found[-1] if len(names) == 1 else None


@cache
def capital_names() -> frozenset[str]:
    """Return the names of the capitals of all countries."""
    return frozenset(capitals().values())


def is_central(name: Span) -> bool:
    """Tell what a clause is about from where it is: not Hama of "a tank in Hama"."""
    root = name.root
    while root.dep_ in {"conj", "flat", "compound"} or (
        root.dep_ == "nmod"
        and preposition(root) == "of"
        and root.head.lower_ in word_lists()["places"]
    ):
        root = root.head
    if root.dep_ in _CENTRAL:
        return True
    goes = root.dep_.startswith("obl") and is_verbal(root.head)
    return goes and not any(child.dep_ == "obj" for child in root.head.children)
