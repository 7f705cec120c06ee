"""Finds where the event of any verb happened, of the lexicon or not: the names of its places.

Not the nearest name in the sentence: the tree says what belongs to the verb. What it acts on comes
first ("captured Hama"), then its phrases of place ("in", "near", "outside"), then the places of its
nouns ("the clashes in Hama killed ten"). A verb without a place of its own shares that of the clause that it continues
("attacked a post in Hama, killing two"). Where all that tells nothing, the nearest phrase of place
does: parsers hang phrases on the wrong word more often than writers leave a place out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Doc, Span, Token

from workers.arguments import arguments
from workers.coordination import conjuncts
from workers.language import LABELS
from workers.mentions import Mention
from workers.relativeclauses import RELATIVIZERS
from workers.sites import FOREIGN, WHERE, Names, inside, is_country, is_of, is_site, named, phrases
from workers.syntax import is_verbal, preposition

#: those of what is meant, not of where it is
_AIMS = frozenset({"about", "against", "for"})
#: those of what does not move
_STATIC = WHERE - {"into", "to", "toward", "towards"}
#: those of what an event was a part of; its place is that of the whole: "in a raid on Hama"
_OCCASION = frozenset({"after", "amid", "against", "by", "during", "following", "from", "with"})
#: clauses that go on where the clause above them is
_SHARED = frozenset({"advcl", "conj", "xcomp"})
#: "west of Hama" is a place, too
_SIDES = re.compile(
    r"(?:north|south)?(?:east|west|north|south)(?:ern)?|outskirts|close|next|opposite"
)
#: steps down from a phrase to a name, and up from a clause to another
_DEPTH = 4


def whereabouts(verb: Token, mentions: Sequence[Mention]) -> tuple[Span, ...]:
    """Return the names of the places where the event of a verb happened, none if it is not told.

    Args:
        verb: the word that names the event, in a parsed document.
        mentions: what the document names; those that are places count.
    """
    names = Names(verb.doc, mentions)
    found = _of_clause(verb, names, _DEPTH)
    if not found and not any(child.dep_ == "ccomp" for child in verb.children):
        # what somebody says or shows happens nowhere
        found = _nearest(verb, names)
    return tuple(dict.fromkeys(found))


def _of_clause(verb: Token, names: Names, depth: int) -> list[Span]:
    own = _own(verb, names)
    if own or not depth:
        return own
    head = verb.head
    if head == verb or not is_verbal(head):
        return []
    if verb.dep_ in _SHARED:
        return _of_clause(head, names, depth - 1)
    if verb.dep_ in {"ccomp", "parataxis"}:
        # "In Hama, police said, gunmen killed two": what stands first is the place of what is told
        return [
            place
            for words, noun in phrases(head)
            if noun.i < min(verb.i, head.i) and is_of(words, WHERE)
            for place in named(noun, names, _DEPTH)
        ]
    return []


def _own(verb: Token, names: Names) -> list[Span]:
    roles = arguments(verb)
    objects = [one for noun in roles.objects for one in conjuncts(noun)]
    told = _of_phrases(verb, names)
    if told and roles.passive:
        # "Jordan, 23, was shot in Belfast"
        return told
    acted_on = [
        place
        for noun in objects
        for place in _acted_on(noun, names)
        if not (_is_person(noun) and (told or roles.passive))
    ]
    if acted_on or told:
        return acted_on or told
    if verb.dep_ == "acl:relcl" and any(child.lower_ == "where" for child in verb.subtree):
        here = names.of(verb.head) or next(iter(inside(verb.head, names, _DEPTH)), None)
        if here is not None:
            return [here]
    occasions = [noun for words, noun in phrases(verb) if is_of(words, _OCCASION)]
    for nouns in (objects, occasions, roles.subjects):
        if nouns is roles.subjects and any(noun.lower_ in RELATIVIZERS for noun in nouns):
            continue
        found = [
            place
            for noun in nouns
            if noun.i != verb.head.i or verb.dep_ != "acl"
            for place in inside(noun, names, _DEPTH)
        ]
        if found:
            return found
    return []


def _of_phrases(verb: Token, names: Names) -> list[Span]:
    """Return the place of one phrase: the first behind the verb, or else what stands before it."""
    told = sorted(phrases(verb), key=lambda pair: (pair[1].i < verb.i, pair[1].i))
    for words, noun in told:
        if is_of(words, WHERE) and (found := named(noun, names, _DEPTH)):
            return found
    return []


def _nearest(verb: Token, names: Names) -> list[Span]:
    """Return the nearest phrase of place in the sentence, wherever the parser hung it."""
    sentence, doc = verb.sent, verb.doc
    for tokens in (doc[verb.i + 1 : sentence.end], reversed(doc[sentence.start : verb.i])):
        for token in tokens:
            here = names.of(token)
            if here is not None and _is_phrase(doc, here, sentence) and not _is_aim(here, verb):
                return [here]
    return []


def _is_aim(name: Span, verb: Token) -> bool:
    """Tell Hama of "marched against the war in Hama", "to protest the war in Hama"."""
    for token in (name.root, *name.root.ancestors):
        if token == verb:
            return False
        if is_of(preposition(token), _AIMS) or token.dep_ in {"acl:relcl", "ccomp"}:
            return True
        if any(child.dep_ == "mark" and child.lower_ == "to" for child in token.children):
            return True
    return False


def _is_phrase(doc: Doc, name: Span, sentence: Span) -> bool:
    """Tell "in the old town of Hama" and "at a Hama hotel" from "in the Hama army's march"."""
    last = name.end
    while last < sentence.end and doc[last].tag_.startswith(("NN", "POS", "JJ")):
        last += 1
    if last > name.end:
        noun = doc[last - 1]
        if not is_site(noun) or (is_country(name) and noun.lower_ in FOREIGN):
            return False
    for index in range(name.start - 1, sentence.start - 1, -1):
        word = doc[index]
        if word.lower_ in {"of", "to"}:
            if index > sentence.start and _SIDES.fullmatch(doc[index - 1].lower_):
                return True  # "close to Hama", "west of Hama"
            if word.lower_ == "to":
                return False
        elif not word.tag_.startswith(("DT", "JJ", "NN", "CD", "POS", "PRP", "RB")):
            return word.lower_ in _STATIC
    return False


def _is_person(noun: Token) -> bool:
    return LABELS.get(noun.ent_type_) == "person"


def _acted_on(noun: Token, names: Names) -> list[Span]:
    """Return the place that is acted on: Hama, the streets of Hama, Hama's streets."""
    here = names.of(noun)
    if here is not None:
        return [here]
    return inside(noun, names, _DEPTH) if is_site(noun) else []
