"""Finds where the event of any verb happened, of the lexicon or not: the names of its places.

Not the nearest name in the sentence: the tree says what belongs to the verb. What it acts on comes
first ("captured Hama"), then its phrases of place ("in", "near", "outside"), then those of its
nouns ("the clashes in Hama killed ten"); a verb without a place of its own shares that of the
clause that it continues ("attacked a post in Hama, killing two").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span, Token

from workers.mentions import Mention
from workers.syntax import RELATIVIZERS, arguments, conjuncts, is_verbal, preposition
from workers.words import word_lists

#: prepositions behind which the place of an event stands
_WHERE = frozenset(
    {
        "across",
        "against",
        "along",
        "around",
        "at",
        "between",
        "in",
        "inside",
        "into",
        "near",
        "on",
        "outside",
        "over",
        "throughout",
        "through",
        "to",
        "toward",
        "towards",
        "within",
    }
)
#: those that tell the place of a noun, too: "the people of Hama", but not "talks on Hama"
_OF_NOUN = frozenset(
    {"across", "around", "at", "in", "inside", "near", "of", "outside", "throughout", "within"}
)
#: clauses that go on where the clause above them is
_SHARED = frozenset({"advcl", "conj", "xcomp"})
#: steps down from a phrase to a name, and up from a clause to another
_DEPTH = 3


def whereabouts(verb: Token, mentions: Sequence[Mention]) -> tuple[Span, ...]:
    """Return the names of the places where the event of a verb happened, none if it is not told.

    Args:
        verb: the word that names the event, in a parsed document.
        mentions: what the document names; those that are places count.
    """
    names = _Names(verb.doc, mentions)
    return tuple(dict.fromkeys(_of_clause(verb, names, _DEPTH)))


class _Names:
    """The names of places by token."""

    def __init__(self, doc: Doc, mentions: Sequence[Mention]) -> None:
        self._at: dict[int, Span] = {}
        for one in mentions:
            if one.label == "place" and (name := _bare(doc, one)) is not None:
                self._at.update(dict.fromkeys(range(one.start, one.end), name))

    def of(self, token: Token) -> Span | None:
        """Return the name that a word belongs to."""
        return self._at.get(token.i)


def _bare(doc: Doc, mention: Mention) -> Span | None:
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
    own = _own(verb, names)
    if own or not depth:
        return own
    head = verb.head
    if head == verb or not is_verbal(head):
        return own
    if verb.dep_ in _SHARED:
        return _of_clause(head, names, depth - 1)
    if verb.dep_ in {"ccomp", "parataxis"}:
        # "In Hama, police said, gunmen killed two": what stands first is the place of what is told
        return [
            place
            for words, noun in _phrases(head)
            if noun.i < min(verb.i, head.i) and words in _WHERE
            for place in _named(noun, names, _DEPTH)
        ]
    return own


def _own(verb: Token, names: _Names) -> list[Span]:
    roles = arguments(verb)
    acted_on = [
        place for noun in roles.objects for one in conjuncts(noun) for place in _itself(one, names)
    ]
    if acted_on:
        return acted_on
    told = [
        place
        for words, noun in _phrases(verb)
        if words.split(" ", 1)[0] in _WHERE or words.endswith(" of")
        for place in _named(noun, names, _DEPTH)
    ]
    if told:
        return told
    inner = [place for noun in roles.objects for place in _inside(noun, names, _DEPTH)]
    if inner:
        return inner
    if verb.dep_ == "acl:relcl" and any(child.lower_ in RELATIVIZERS for child in verb.subtree):
        # "Hama, where two died"
        here = names.of(verb.head)
        if here is not None:
            return [here]
    return [place for noun in roles.subjects for place in _inside(noun, names, _DEPTH)]


def _phrases(verb: Token) -> Iterator[tuple[str, Token]]:
    for child in verb.children:
        if child.dep_.startswith(("obl", "nmod", "advmod", "advcl")) and not is_verbal(child):
            yield preposition(child), child


def _itself(noun: Token, names: _Names) -> list[Span]:
    here = names.of(noun)
    if here is not None:
        return [here]
    return [
        place
        for child in noun.children
        if child.dep_ in {"appos", "flat", "nmod"}
        and preposition(child) in {"", "of"}
        and _is_site(noun)
        for place in _itself(child, names)
    ]


def _is_site(noun: Token) -> bool:
    lists = word_lists()
    return any(
        noun.lower_.removesuffix("s") in lists[kind] or noun.lower_ in lists[kind]
        for kind in ("places", "others", "edges", "portions", "districts", "directions")
    )


def _named(noun: Token, names: _Names, depth: int) -> list[Span]:
    """Return the names in a phrase of place: of its head, or deeper inside."""
    found = [place for one in conjuncts(noun) if (place := names.of(one)) is not None]
    return found or _inside(noun, names, depth)


def _inside(noun: Token, names: _Names, depth: int) -> list[Span]:
    """Return the place of a noun: "a house in Hama", "the Hama prison"."""
    if not depth:
        return []
    for child in noun.children:
        here = names.of(child)
        words = preposition(child)
        if child.dep_ in {"compound", "appos", "flat"} and here is not None:
            return [here]
        if child.dep_.startswith(("nmod", "obl")) and words in _OF_NOUN:
            found = _named(child, names, depth - 1)
            if found:
                return found
        if child.dep_ == "nmod:poss" and here is not None:
            return [here]
    return []
