"""What "it", "they" and "the town" stand for, when the text before leaves one choice.

Where it leaves several, nothing is said: a wrong antecedent is a wrong holder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from spacy.tokens import Span, Token

from workers.mentions import Mention
from workers.syntax import conjuncts, is_content_clause, is_verbal, preposition
from workers.toponyms.areas import is_land
from workers.words import armed_words, capitals, word_lists

if TYPE_CHECKING:
    from workers.naming import Text

#: sentences before its own in which what a word stands for is looked for
REACH = 2
SETTLEMENTS = frozenset({"city", "town", "village", "island"})
#: what may stand before "city" when it means the one that was named: not "the old town"
_THE = (["the"], ["that"], ["this"], ["the", "whole"], ["the", "entire"])
#: clauses whose subject is likely that of the clause above
_BELOW = frozenset({"ccomp", "advcl", "conj", "parataxis", "xcomp", "acl:relcl"})
_PERSONAL = frozenset({"he", "she", "him", "his", "her"})
_SUBJECTS = ("nsubj", "nsubj:pass")
#: relations of what a sentence is about
_CENTRAL = frozenset({"nsubj", "nsubj:pass", "obj", "ROOT", "appos", "flat"})
_PLURALS = frozenset({"NNS", "NNPS"})
_LONGEST_ACRONYM = 3
#: what has the name of a town in it and is larger
_DIVISIONS = frozenset(
    {"area", "countryside", "county", "district", "governorate", "oblast", "province", "provinces",
     "region", "state"}
)  # fmt: skip
#: steps up from a clause to those above
_DEPTH = 3


def is_definite(token: Token) -> bool:
    """Tell "the town" and "this city" from "a town", "the old town", "the town of Hama"."""
    before = [child.lower_ for child in token.lefts if child.dep_ != "case"]
    # titles leave articles out
    return before in _THE or (not before and token.sent.start == 0)


def floor_of(token: Token) -> int:
    """Return the token at which the sentences begin in which an antecedent is looked for."""
    floor: int = token.sent.start
    for _ in range(REACH):
        floor = token.doc[floor - 1].sent.start if floor else 0
    return floor


def topic(text: Text) -> Mention | None:
    """Return the place of an entry in a list or an almanac, whose title is its name alone."""
    head = [token for token in next(text.doc.sents, ()) if not token.is_space]
    place = text.at.get(head[0].i) if head else None
    alone = place is not None and place.label == "place" and place.end > head[-1].i
    return place if alone and head[-1].i + 1 < len(text.doc) else None


def settlement(text: Text, token: Token) -> Mention | None:
    """Return the one town that "the town" means, or else the only one of the article's title."""
    if text.topic is not None:
        return text.topic
    found = _settlements(text, floor_of(token), token.i)
    if not found:
        found = _settlements(text, 0, min(next(text.doc.sents).end, token.i))
    return _only(found)


def thing(text: Text, token: Token) -> Mention | None:
    """Return the one town that "it" means: what the sentences before are about."""
    if token.lower_ in {"them", "their"}:
        return None
    if text.topic is not None:
        return text.topic
    named = _only(_settlements(text, floor_of(token), token.i))
    if named is None or not is_central(text.doc[named.start : named.end]):
        return None
    original = text.at[named.start]
    others = word_lists()["grounds"] - SETTLEMENTS
    nearer = text.doc[original.start : token.i] if original.part else text.doc[named.end : token.i]
    taken = any(word.lower_ in others and word.tag_.startswith("NN") for word in nearer)
    return None if taken else named


def guess(text: Text, token: Token, *, named: bool = False) -> Mention | None:
    """Return the nearest place before "it" or "the town", without a subject: nobody is sure.

    Args:
        text: the document.
        token: the word.
        named: only a town with a name will do.
    """
    for before in reversed(text.doc[floor_of(token) : token.i]):
        mention = text.at.get(before.i)
        if mention is not None:
            if is_land(mention.name) or (named and mention.part):
                continue
            inside = (not named and _lies_in(text, mention)) or _acts_on(before, token)
            if mention.label == "place" and not inside:
                found = replace(mention, start=token.i, end=token.i + 1, subject=None, generic=True)
                name = mention.name or mention.text
                return found if mention.part else replace(found, text=token.text, name=name)
        elif not named and before.lower_ in word_lists()["grounds"] and before.tag_[:2] == "NN":
            definite = before.lower_ in SETTLEMENTS and is_definite(before)
            if definite and (town := settlement(text, before)) is not None:
                name = town.name or town.text
                return replace(town, start=token.i, end=token.i + 1, subject=None, name=name)
            found = replace(text.nameless(before), start=token.i, end=token.i + 1)
            # with a name it counts as a guess
            clear = is_central(text.doc[before.i : before.i + 1])
            return found if clear else replace(found, name=found.text)
    return None


def _acts_on(before: Token, pronoun: Token) -> bool:
    """Tell Moscow of "Moscow annexed it", which is not what it annexed."""
    return before.dep_.startswith("nsubj") and before.head == pronoun.head


def _lies_in(text: Text, mention: Mention) -> bool:
    """Tell Homs of "the hospital in Homs", which is where something else is."""
    root = text.doc[mention.start : mention.end].root
    head = root.head.lower_
    if root.dep_ != "nmod":
        return False
    if preposition(root) == "of" and head not in word_lists()["places"]:
        # "the reservists of Homs" are elsewhere, perhaps
        return head in armed_words() | word_lists()["persons"] | word_lists()["grounds"]
    return preposition(root) != "of" and head in word_lists()["grounds"]


def actor(text: Text, token: Token) -> Mention | None:
    """Return the one force or person that a pronoun means: first whoever speaks or acts above it."""
    for subject in _subjects_above(token):
        if _agrees(text, token, subject):
            return None if _has_rival(text, token, subject) else text.actor(subject)
    sentence = token.sent
    floor = sentence.start
    before = [one for one in text.mentions if one.end <= token.i and _is_actor(text, one, token)]
    recent = [one for one in before if one.end <= floor] or before
    unnamed = _subject_before(text, token)
    if unnamed is not None:
        # "Russian troops" rather than the "Russian" in it
        recent = [one for one in recent if not unnamed.start <= one.start < unnamed.end]
        recent.append(unnamed)
    names = {one.subject or one.text for one in recent}
    if not recent and token.lower_ in _PERSONAL:
        recent = [
            one
            for one in text.mentions
            if token.i < one.start < sentence.end and one.label == "person"
        ]
        names = {one.subject or one.text for one in recent}
    if len(names) != 1:
        return None
    return ([one for one in recent if one.subject] or recent)[-1]


def _settlements(text: Text, start: int, end: int) -> list[Mention]:
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
        and not _is_of_force(text, one)
    ]


def _is_of_force(text: Text, mention: Mention) -> bool:
    """Tell whose "forces" are meant, taken for a place by the pipeline."""
    root = text.doc[mention.start : mention.end].root
    return root.dep_ in {"amod", "compound"} and root.head.lower_ in armed_words()


def _is_dateline(text: Text, mention: Mention) -> bool:
    """Tell where the reporter is: "OVERBURG, Dec 5 (Levant Wire) - "."""
    capitals = mention.text.isupper() and len(mention.text) > _LONGEST_ACRONYM
    return capitals and not text.doc[mention.start].sent.text.isupper()


def _only(found: Sequence[Mention]) -> Mention | None:
    """Return the one that is named, if it is one."""
    names = {one.subject or one.name or one.text for one in found}
    return found[-1] if len(names) == 1 else None


@cache
def _capitals() -> frozenset[str]:
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


def _subjects_above(token: Token) -> Iterator[Token]:
    """Yield the subjects of the clauses above a pronoun's: "the army says that it holds"."""
    clause = token.head
    while not is_verbal(clause) and clause.dep_ not in _BELOW and clause.head != clause:
        clause = clause.head
    if token.tag_ == "PRP$":
        # "the army has the town in its hands"
        yield from _subjects_of(clause, token, before=False)
    for _ in range(_DEPTH):
        if is_content_clause(clause):
            # "rejected reports that it had left"
            clause = clause.head
        elif clause.dep_ not in _BELOW:
            return
        if clause.head == clause:
            return
        clause = clause.head
        yield from _subjects_of(clause, token)


def _subjects_of(clause: Token, pronoun: Token, *, before: bool = True) -> Iterator[Token]:
    for child in clause.children:
        precedes = child.i < pronoun.i or not (before or pronoun in child.subtree)
        if child.dep_ in _SUBJECTS and precedes and child.tag_.startswith("NN"):
            yield child
            yield from _behind(child)


def _has_rival(text: Text, pronoun: Token, subject: Token) -> bool:
    """Tell "the army fought the rebels after they took the town": either may be meant."""
    clause = pronoun.head
    if pronoun.tag_ == "PRP$" or clause.dep_ != "advcl":
        return False
    return any(
        child.dep_ == "obj" and _agrees(text, pronoun, child) and child != subject
        for above in (clause.head, *clause.head.children)
        if is_verbal(above) and above != clause
        for child in above.children
    )


def _behind(noun: Token) -> Iterator[Token]:
    """Yield the militia of "a spokesman for the militia"."""
    for child in noun.children:
        if child.dep_ == "nmod:poss" or preposition(child) in {"for", "of", "by"}:
            yield child


def _agrees(text: Text, pronoun: Token, noun: Token) -> bool:
    """Tell whether a pronoun may stand for a noun, by number and kind."""
    mention = text.at.get(noun.i)
    kind = mention.label if mention is not None else ""
    word = pronoun.lower_
    if word in _PERSONAL:
        return kind == "person"
    name = mention.name or mention.text if mention else ""
    if kind == "person" or (kind == "place" and not is_land(name) and name not in _capitals()):
        return False
    force = bool(kind) or noun.lower_ in armed_words() | word_lists()["rulers"]
    if word in {"it", "its"}:
        return force and noun.tag_ not in _PLURALS
    return force and (noun.tag_ in _PLURALS or bool(kind) or noun.lower_ in armed_words())


def _is_actor(text: Text, mention: Mention, pronoun: Token) -> bool:
    if pronoun.lower_ in _PERSONAL:
        return mention.label == "person"
    if mention.label not in {"organization", "group"}:
        return False
    last = text.doc[mention.end - 1]
    head = last.head if last.dep_ in {"compound", "amod"} and last.head.i == last.i + 1 else last
    return not (pronoun.lower_ in {"it", "its"} and head.tag_ in _PLURALS)


def _subject_before(text: Text, pronoun: Token) -> Mention | None:
    """Return the force without a name that the sentence before is about: "The separatists"."""
    start = pronoun.sent.start
    if not start:
        return None
    for token in text.doc[text.doc[start - 1].sent.start : start]:
        named = text.at.get(token.i)
        # a country acts: "Eritrea claims it"; other names were looked at before
        acts = token.dep_ in _SUBJECTS and (named is None or named.label == "place")
        if acts and _agrees(text, pronoun, token):
            return text.actor(token) if len(conjuncts(token)) == 1 else None
    return None
