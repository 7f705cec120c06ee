"""Places that are won and lost at the polls, in words of war: "took Hama in Sunday's vote"."""

from __future__ import annotations

from spacy.tokens import Token

from workers.syntax import is_verbal, preposition
from workers.words import word_lists

#: events of places that are also told of parties and seats
CONTROL = frozenset({"capture", "fall", "fall-open", "hold", "lose", "lose-open"})
#: prepositions of what a place is won in
_IN = frozenset({"in", "at", "during", "through"})


def is_vote(trigger: Token) -> bool:
    """Tell whether a word of war tells the outcome of an election.

    The clause of the word says so itself: whoever takes a town on the eve of a vote takes it.
    """
    polls = word_lists()["polls"]
    return any(
        noun.lower_ in polls and preposition(noun) in _IN and _is_of_clause(noun, trigger)
        for noun in trigger.subtree
    )


def _is_of_clause(noun: Token, verb: Token) -> bool:
    for above in noun.ancestors:
        if above == verb:
            return True
        if is_verbal(above):
            return False
    return False
