"""Finds where the event of any verb happened, of the lexicon or not: the names of its places.

Not the nearest name in the sentence: the tree says what belongs to the verb. What it acts on comes
first ("captured Hama"), then its phrases of place ("in", "near", "outside"), then the places of its
nouns ("the clashes in Hama killed ten") and of the clause that dates it ("killed when a bomb went
off in Hama"). A verb without a place of its own shares that of the clause that it continues
("attacked a post in Hama, killing two").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from spacy.tokens import Doc, Span, Token

from workers.language import LABELS
from workers.mentions import Mention
from workers.places import COUNTRY_ALIASES
from workers.syntax import RELATIVIZERS, arguments, conjuncts, is_verbal, preposition
from workers.words import country_names, word_lists

#: prepositions behind which the place of an event stands
_WHERE = frozenset(
    {
        "above",
        "across",
        "along",
        "around",
        "at",
        "beside",
        "between",
        "in",
        "inside",
        "into",
        "near",
        "off",
        "on",
        "outside",
        "over",
        "through",
        "throughout",
        "to",
        "toward",
        "towards",
        "within",
    }
)
#: those of what is meant, not of where it is
_AIMS = frozenset({"about", "against", "for"})
#: those of what does not move
_STATIC = _WHERE - {"into", "to", "toward", "towards", "on", "over", "between"}
#: those of what an event was a part of; its place is that of the whole: "in a raid on Hama"
_OCCASION = frozenset({"after", "amid", "against", "by", "during", "following", "from", "with"})
#: those that tell the place of a noun
_OF_NOUN = frozenset(
    {
        "across",
        "around",
        "at",
        "between",
        "in",
        "inside",
        "into",
        "near",
        "of",
        "on",
        "outside",
        "through",
        "throughout",
        "within",
    }
)
#: clauses that go on where the clause above them is
_SHARED = frozenset({"advcl", "conj", "xcomp"})
#: what opens a clause that tells the occasion
_OCCASIONS = frozenset({"after", "as", "before", "when", "where", "while"})
#: word lists of kinds of place
_SITE_LISTS = ("sites", "places", "others", "edges", "portions", "districts", "directions")
#: a country before these sends or owns them, and is not where they are: "the U.S. embassy"
_FOREIGN = frozenset({"base", "consulate", "embassy", "legation", "mission"})
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
    names = _Names(verb.doc, mentions)
    found = _of_clause(verb, names, _DEPTH)
    if not found and not any(child.dep_ == "ccomp" for child in verb.children):
        # what somebody says or shows happens nowhere
        found = _nearest(verb, names)
    return tuple(dict.fromkeys(found))


class _Names:
    """The names of places by token."""

    def __init__(self, doc: Doc, mentions: Sequence[Mention]) -> None:
        self._at: dict[int, Span] = {}
        for one in mentions:
            if one.label == "place" and not _is_time(doc[one.start]):
                name = _bare(doc, one)
                if name[-1].lower_ in _FOREIGN:
                    continue
                self._at.update(dict.fromkeys(range(name.start, name.end), name))

    def of(self, token: Token) -> Span | None:
        """Return the name that a word belongs to."""
        return self._at.get(token.i)


def _is_time(token: Token) -> bool:
    return LABELS.get(token.ent_type_) == "date" or token.lower_ in word_lists()["months"]


def _is_country(name: Span) -> bool:
    return name.text in country_names() or name.text in COUNTRY_ALIASES


def _bare(doc: Doc, mention: Mention) -> Span:
    """Return Hama of "the city of Hama"."""
    span = doc[mention.start : mention.end]
    name = mention.name
    if not name or name == span.text:
        return span
    at = span.text.find(name)
    bare = None
    if at >= 0:
        start = span.start_char + at
        bare = doc.char_span(start, start + len(name), alignment_mode="expand")
    return bare or span


def _of_clause(verb: Token, names: _Names, depth: int) -> list[Span]:
    own = _own(verb, names, depth)
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
            for words, noun in _phrases(head)
            if noun.i < min(verb.i, head.i) and _is_of(words, _WHERE)
            for place in _named(noun, names, _DEPTH)
        ]
    return []


def _own(verb: Token, names: _Names, depth: int) -> list[Span]:
    roles = arguments(verb)
    objects = [one for noun in roles.objects for one in conjuncts(noun)]
    phrases = _of_phrases(verb, names)
    acted_on = [
        place
        for noun in objects
        for place in _acted_on(noun, names)
        if not (_is_person(noun) and (phrases or roles.passive))
    ]
    if acted_on or phrases:
        return acted_on or phrases
    if verb.dep_ == "acl:relcl" and any(child.lower_ == "where" for child in verb.subtree):
        here = names.of(verb.head) or next(iter(_inside(verb.head, names, _DEPTH)), None)
        if here is not None:
            return [here]
    occasions = [noun for words, noun in _phrases(verb) if _is_of(words, _OCCASION)]
    for nouns in (objects, occasions, roles.subjects):
        if nouns is roles.subjects and any(noun.lower_ in RELATIVIZERS for noun in nouns):
            continue
        found = [
            place
            for noun in nouns
            if noun.i != verb.head.i or verb.dep_ != "acl"
            for place in _inside(noun, names, _DEPTH)
        ]
        if found:
            return found
    return _of_occasion(verb, names, depth)


def _of_phrases(verb: Token, names: _Names) -> list[Span]:
    """Return the place of one phrase: the first behind the verb, or else what stands before it."""
    told = sorted(_phrases(verb), key=lambda pair: (pair[1].i < verb.i, pair[1].i))
    for words, noun in told:
        if _is_of(words, _WHERE) and (found := _named(noun, names, _DEPTH)):
            return found
    return []


def _of_occasion(verb: Token, names: _Names, depth: int) -> list[Span]:
    """Return the place of the clause that tells when: "shot as he left a bank in Hama"."""
    if not depth:
        return []
    for child in verb.children:
        if child.dep_ == "advcl" and is_verbal(child):
            opens = any(deep.lower_ in _OCCASIONS for deep in child.children)
            if opens or child.tag_ in {"VBG", "VBN"}:
                found = _own(child, names, depth - 1)
                if found:
                    return found
    return []


def _nearest(verb: Token, names: _Names) -> list[Span]:
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
        if _is_of(preposition(token), _AIMS) or token.dep_ in {"acl:relcl", "ccomp"}:
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
        if not _is_site(noun) or (_is_country(name) and noun.lower_ in _FOREIGN):
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


def _is_of(words: str, prepositions: Iterable[str]) -> bool:
    return words.split(" ", 1)[0] in prepositions


def _is_person(noun: Token) -> bool:
    return LABELS.get(noun.ent_type_) == "person"


def _phrases(verb: Token) -> Iterator[tuple[str, Token]]:
    for child in verb.children:
        if child.dep_.startswith(("obl", "nmod", "advmod", "advcl")) and not is_verbal(child):
            yield preposition(child), child


def _acted_on(noun: Token, names: _Names) -> list[Span]:
    """Return the place that is acted on: Hama, the streets of Hama, Hama's streets."""
    here = names.of(noun)
    if here is not None:
        return [here]
    return _inside(noun, names, _DEPTH) if _is_site(noun) else []


def _is_site(noun: Token) -> bool:
    lists = word_lists()
    forms = {noun.lower_, noun.lemma_.lower(), noun.lower_.removesuffix("s")}
    return any(not forms.isdisjoint(lists[kind]) for kind in _SITE_LISTS)


def _named(noun: Token, names: _Names, depth: int) -> list[Span]:
    """Return the names in a phrase of place: of its head, or deeper inside."""
    found = [place for one in conjuncts(noun) if (place := names.of(one)) is not None]
    if found:
        return _without_regions(found)
    for one in conjuncts(noun):
        if inside := _inside(one, names, depth, site=True):
            return inside
    return []


def _without_regions(places: list[Span]) -> list[Span]:
    """Take Kano of "in Kano, Nigeria", but both of "in Kano and Lagos"."""
    first, *others = places
    doc, last = first.doc, places[-1]
    listed = any(token.lower_ in {"and", "or"} for token in doc[first.start : last.start])
    return places if listed else [first, *(one for one in others if one.start < first.start)]


def _inside(noun: Token, names: _Names, depth: int, *, site: bool = False) -> list[Span]:
    """Return the place of a noun: "a house in Hama", "the town of Hama", "the Hama prison".

    Args:
        noun: what has a place.
        names: the names of places.
        depth: steps down that are left.
        site: the noun is a place itself, and not who comes from one: "a Hama hotel".
    """
    if not depth:
        return []
    found = _called(noun, names, depth)
    if not found and (site or _is_site(noun)):
        found = _before(noun, names, depth)
    return found or _behind(noun, names, depth)


def _called(noun: Token, names: _Names, depth: int) -> list[Span]:
    """Read "the town of Hama", "the capital, Hama"."""
    for child in noun.children:
        here = names.of(child)
        if child.dep_ == "nmod" and preposition(child) == "of":
            if found := _named(child, names, depth - 1):
                return found
        elif child.dep_ in {"appos", "flat"} and here is not None:
            return [here]
    return []


def _before(noun: Token, names: _Names, depth: int) -> list[Span]:
    """Read "the Hama prison", "Hama's prison", "the Hama airport's gates"."""
    for child in noun.children:
        if child.dep_ not in {"compound", "nmod:poss", "nmod", "amod"} or preposition(child):
            continue
        here = names.of(child)
        if here is not None and not (
            _is_country(here) and noun.lower_ not in word_lists()["places"]
        ):
            return [here]
        if child.dep_ == "nmod:poss" and (found := _inside(child, names, depth - 1)):
            return found
    return []


def _behind(noun: Token, names: _Names, depth: int) -> list[Span]:
    """Read "a house in Hama", "men held in Hama"."""
    for child in noun.children:
        words = preposition(child)
        if child.dep_.startswith(("nmod", "obl")) and words and _is_of(words, _OF_NOUN):
            found = _named(child, names, depth - 1)
            if found:
                return found
    for child in noun.children:
        if child.dep_.startswith("acl") and is_verbal(child):
            for words, one in _phrases(child):
                if _is_of(words, _WHERE) and (found := _named(one, names, depth - 1)):
                    return found
    return []
