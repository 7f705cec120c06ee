"""Whom "they", "it" and "the group" stand for, when the text before leaves one choice.

Where it leaves several, nothing is said: a wrong antecedent is a wrong holder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from workers.anaphora import SUBJECTS, capital_names, floor_of
from workers.document import Document
from workers.mentions import Mention
from workers.relativeclauses import is_content_clause
from workers.syntax import is_departure, is_verbal, preposition
from workers.toponyms.areas import is_land
from workers.words import armed_words, demonyms, word_lists

#: clauses whose subject is likely that of the clause above
_BELOW = frozenset({"ccomp", "advcl", "conj", "parataxis", "xcomp", "acl:relcl"})
_PERSONAL = frozenset({"he", "she", "him", "his", "her"})
#: what nobody does who left before
_HOLDING = frozenset({"control", "controls", "hold", "holds", "run", "runs", "rule", "rules"})
_MANY = frozenset({"they", "them", "their"})
_PLURALS = frozenset({"NNS", "NNPS"})
#: steps up from a clause to those above
_DEPTH = 3


def actor(text: Document, token: Token) -> Mention | None:
    """Return the one force or person that a pronoun means: first whoever speaks or acts above it."""
    for subject in _subjects_above(token):
        if _agrees(text, token, subject):
            return None if _has_rival(text, token, subject) else text.actor(subject)
    if token.lower_ not in _PERSONAL and (near := _nearest_forces(text, token)):
        return _only_force(text, token, near)
    sentence = token.sent
    before = [one for one in text.mentions if one.end <= token.i and _is_actor(text, one, token)]
    recent = [one for one in before if one.end <= sentence.start] or before
    if not recent and token.lower_ in _PERSONAL:
        recent = [
            one
            for one in text.mentions
            if token.i < one.start < sentence.end and one.label == "person"
        ]
    if len({one.subject or one.text for one in recent}) != 1:
        return None
    return ([one for one in recent if one.subject] or recent)[-1]


def _nearest_forces(text: Document, pronoun: Token) -> list[Token]:
    """Return those whom a pronoun may mean: of the nearest sentence before it that has any.

    Whoever stands beside it in its own sentence may be another, and counts too.
    """
    start, floor = pronoun.sent.start, floor_of(pronoun)
    beside = [one for one in text.doc[start : pronoun.i] if _is_candidate(text, pronoun, one)]
    while start > floor:
        end, start = start, text.doc[start - 1].sent.start
        before = [one for one in text.doc[start:end] if _is_candidate(text, pronoun, one)]
        if before:
            return [*before, *beside]
    return beside


def _only_force(text: Document, pronoun: Token, near: Sequence[Token]) -> Mention | None:
    """Return the one force that is near; "they" are rebels rather than the army that they fight.

    But "they" may be that army where the sentence is about it.
    """
    if pronoun.lower_ in _MANY:
        armies = [one for one in near if one.tag_ == "NN" and one.i not in text.at]
        if any(one.dep_ in SUBJECTS for one in armies):
            return None
        near = [one for one in near if one not in armies]
    names = {_name_of(text, one) for one in near}
    return text.actor(near[0]) if len(names) == 1 else None


def _name_of(text: Document, noun: Token) -> str:
    mention = text.actor(noun)
    return mention.subject or mention.name or mention.text.lower().removeprefix("the ")


def _is_candidate(text: Document, pronoun: Token, noun: Token) -> bool:
    """Tell a force or a group that a clause is about, or acts on, from one that only describes."""
    if not noun.tag_.startswith("NN") or noun.dep_ in {"compound", "amod", "flat", "nmod:poss"}:
        return False
    mention = text.at.get(noun.i)
    if mention is not None and mention.label not in {"organization", "group"}:
        return False
    lists = word_lists()
    if noun.tag_ not in _PLURALS and noun.lower_ in lists["titles"] | lists["commanders"]:
        return False
    if pronoun.lower_ == "group" and not _is_named_group(text, pronoun, noun):
        return False
    left = noun.dep_ in SUBJECTS and noun.sent != pronoun.sent and is_departure(noun.head)
    if left and pronoun.head.lower_ in _HOLDING:
        return False
    return preposition(noun) != "according to" and _agrees(text, pronoun, noun)


def _is_named_group(text: Document, pronoun: Token, noun: Token) -> bool:
    if noun.is_ancestor(pronoun):
        # "a faction, a rebel group": asked for its name, it would ask for that of the group
        return False
    named = text.actor(noun)
    called = not named.generic and named.name not in demonyms()
    return called and named.label in {"organization", "group"}


def _is_actor(text: Document, mention: Mention, pronoun: Token) -> bool:
    if pronoun.lower_ in _PERSONAL:
        return mention.label == "person"
    if mention.label not in {"organization", "group"} or _reports(mention):
        return False
    last = text.doc[mention.end - 1]
    head = last.head if last.dep_ in {"compound", "amod"} and last.head.i == last.i + 1 else last
    return not (pronoun.lower_ in {"it", "its"} and head.tag_ in _PLURALS)


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
        if child.dep_ in SUBJECTS and precedes and child.tag_.startswith("NN"):
            yield child
            yield from _behind(child)


def _has_rival(text: Document, pronoun: Token, subject: Token) -> bool:
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


def _reports(mention: Mention) -> bool:
    """Tell a broadcaster, an agency or a paper: behind "the BBC said", "they" are others."""
    return bool(word_lists()["media"] & set(mention.text.lower().split()))


def _agrees(text: Document, pronoun: Token, noun: Token) -> bool:
    """Tell whether a pronoun may stand for a noun, by number and kind."""
    mention = text.at.get(noun.i)
    kind = mention.label if mention is not None else ""
    word = pronoun.lower_
    if mention is not None and _reports(mention):
        return False
    if word in _PERSONAL:
        return kind == "person"
    name = mention.name or mention.text if mention else ""
    if kind == "person" or (kind == "place" and not is_land(name) and name not in capital_names()):
        return False
    force = bool(kind) or noun.lower_ in armed_words() | word_lists()["rulers"]
    if word in {"it", "its"}:
        return force and noun.tag_ not in _PLURALS
    return force and (noun.tag_ in _PLURALS or bool(kind) or noun.lower_ in armed_words())
