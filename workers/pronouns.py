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
#: who did these goes on with those, where "they" may be either side
_WINS = frozenset(
    {"capture", "conquer", "enter", "liberate", "occupy", "overrun", "recapture", "regain", "retake",
     "seize", "storm", "take"}
)  # fmt: skip
_GOES_ON = _WINS | {"advance", "attack", "besiege", "bomb", "control", "encircle", "hold", "shell"}
_MANY = frozenset({"they", "them", "their"})
_PLURALS = frozenset({"NNS", "NNPS"})
#: steps up from a clause to those above
_DEPTH = 3


def actor(text: Document, token: Token) -> Mention | None:
    """Return the one force or person that a pronoun means: first whoever speaks or acts above it."""
    for subject in _subjects_above(token):
        if _agrees(text, token, subject):
            return None if _has_rival(text, token, subject) else text.actor(subject)
    if (alone := _above_noun(text, token)) is not None:
        return text.actor(alone)
    if token.lower_ not in _PERSONAL and (near := _nearest_forces(text, token)):
        return _only_force(text, token, near)
    sentence = token.sent
    if token.tag_ == "PRP$" and (behind := _force_behind(text, token)) is not None:
        return behind
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


def _force_behind(text: Document, pronoun: Token) -> Mention | None:
    """Return the Taliban of "With Khost in their hands, the Taliban paused": the clause's subject.

    Also the front of "Its capture of Kidal gives the front a base". Only where nobody was named before.
    """
    start = floor_of(pronoun)
    if any(_is_candidate(text, pronoun, one) for one in text.doc[start : pronoun.i]):
        return None
    root = pronoun.sent.root
    phrase = next((one for one in (pronoun, *pronoun.ancestors) if one.head == root), None)
    if phrase is None or phrase.i > root.i or phrase.dep_ not in {"obl", "advcl", *SUBJECTS}:
        return None
    takes = {"iobj", "obj"} if phrase.dep_ in SUBJECTS else {*SUBJECTS}
    behind = [one for one in root.children if one.dep_ in takes and one.i > phrase.i]
    forces = [one for one in behind if _is_candidate(text, pronoun, one)]
    return text.actor(forces[0]) if len(forces) == 1 else None


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
    if len(names) == 1:
        return text.actor(near[0])
    goes_on = [one for one in near if _goes_on(one, pronoun)]
    return text.actor(goes_on[0]) if len(goes_on) == 1 else None


def _goes_on(noun: Token, pronoun: Token) -> bool:
    """Tell the rebels of "Rebels took Hama from the army. They also shelled Homs": who won goes on."""
    if pronoun.lower_ != "they" or pronoun.dep_ != "nsubj" or noun.dep_ != "nsubj":
        return False
    verb = noun.head
    won = any(one.lemma_.lower() in _WINS and _is_deed(one) for one in (verb, *verb.conjuncts))
    same = pronoun.head.lemma_.lower() in _GOES_ON and pronoun.head.tag_ != "VBN"
    told = verb.head if verb.dep_ == "ccomp" else verb
    return won and same and told == noun.sent.root and pronoun.head == pronoun.sent.root


def _is_deed(verb: Token) -> bool:
    return verb.tag_ in {"VBD", "VBZ", "VBP", "VBN"} and not any(
        child.lower_ in {"not", "n't", "could", "might", "may", "will", "would"}
        for child in verb.children
    )


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
    if mention.label not in {"organization", "group"}:
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


def _above_noun(text: Document, pronoun: Token) -> Token | None:
    """Return the rebels of "the rebels hold Hama, which the army took from them".

    Only where nobody else before the pronoun may be meant.
    """
    above = pronoun.head
    if above.dep_ != "acl:relcl" or is_verbal(above.head):
        return None
    if pronoun.dep_ in SUBJECTS and pronoun.lower_ not in _PERSONAL:
        # "a mill south of Homs, which they hold": the clause hangs on the wrong place as often
        return None
    while not is_verbal(above) or above == pronoun.head:
        if above.head == above:
            return None
        above = above.head
    before = text.doc[pronoun.sent.start : pronoun.i]
    own = set(pronoun.head.subtree)
    others = [one for one in before if one not in own and _agrees(text, pronoun, one)]
    heads = [one for one in others if one.dep_ not in {"flat", "compound", "amod"}]
    subjects = [one for one in heads if one.head == above and one.dep_ in SUBJECTS]
    return subjects[0] if len(heads) == 1 and subjects else None


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


def _agrees(text: Document, pronoun: Token, noun: Token) -> bool:
    """Tell whether a pronoun may stand for a noun, by number and kind."""
    mention = text.at.get(noun.i)
    kind = mention.label if mention is not None else ""
    word = pronoun.lower_
    if mention is not None and word_lists()["media"] & set(mention.text.lower().split()):
        return False
    if word in _PERSONAL:
        return kind == "person" and noun.text not in capital_names()
    name = mention.name or mention.text if mention else ""
    if kind == "person" or (kind == "place" and not is_land(name) and name not in capital_names()):
        return False
    force = bool(kind) or noun.lower_ in armed_words() | word_lists()["rulers"]
    if word in {"it", "its"}:
        return force and (noun.tag_ not in _PLURALS or kind == "organization")
    return force and (noun.tag_ in _PLURALS or bool(kind) or noun.lower_ in armed_words())
