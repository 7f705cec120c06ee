"""Where an event without a place of its own happened: where what it is told with did.

"Rebels attacked Hama and were driven back"; "the army fled as rebels entered Hama". Only flights,
fights and retreats take a place from another clause, and only where the sentence's events leave
one choice; what a place's holder is told by (a capture, a hold) never does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc

from workers.roles import Event
from workers.syntax import phrases, preposition
from workers.words import armed_words, word_lists

_LOCAL = frozenset({"clash", "defend", "repel", "retreat", "surrender", "withdraw", "withdrawn"})
_ATTACKS = frozenset({"attack", "besiege", "besieged", "bomb", "lift-siege", "shell"})
#: prepositions of what an event goes with
_ATTENDING = frozenset({"after", "amid", "during", "following", "under"})
#: prepositions of where something happens or ends; a phrase of them is a place of its own
_OWN = frozenset({"across", "at", "from", "in", "inside", "near", "outside"})
#: what a sentence is two of
_BREAKS = frozenset(";")


def share_places(events: Sequence[Event], doc: Doc) -> None:
    """Give events without a place that of the events around them, in place.

    Args:
        events: of one document.
        doc: in which they were found.
    """
    for event in events:
        if event.place is not None or _has_own(event, doc):
            continue
        beside = [one for one in events if _is_beside(one, event, doc)]
        if not _is_local(event):
            beside = [one for one in beside if _hangs_on(event, one, doc)]
        if beside:
            names = {one.place.name or one.place.text for one in beside if one.place}
            if len(names) == 1 and beside[0].place is not None:
                word = event.trigger[0]
                event.place = replace(beside[0].place, start=word, end=word + 1)


def _hangs_on(event: Event, one: Event, doc: Doc) -> bool:
    """Tell the shelling of "left Hama under heavy shelling", and "entered Hama, ending a siege"."""
    word, above = doc[event.trigger[0]], doc[one.trigger[0]]
    noun = word.tag_.startswith("NN") and preposition(word) in _ATTENDING
    clause = event.id == "lift-siege" and word.dep_ == "advcl"
    return (noun or clause) and event.id in _ATTACKS and word.head == above


def _is_local(event: Event) -> bool:
    """Tell what takes a place from beside it; a ruler may flee from anywhere, an army does not."""
    if event.id == "flee":
        words = event.agent.text.lower().split() if event.agent else [""]
        return words[-1] in armed_words()
    return event.id in _LOCAL


def _has_own(event: Event, doc: Doc) -> bool:
    """Tell "fled from the camp", whose place is another one, though it has no name."""
    word = doc[event.trigger[0]]
    grounds = word_lists()["grounds"]
    return any(
        case.split(" ")[0] in _OWN and (noun.lower_ in grounds or noun.tag_ == "NNP")
        for case, noun in phrases(word)
    )


def _is_beside(one: Event, event: Event, doc: Doc) -> bool:
    """Tell an event of the same sentence, on the same side of a semicolon."""
    if one.place is None or one.sentence != event.sentence:
        return False
    first, last = sorted((one.trigger[0], event.trigger[0]))
    return not any(token.text in _BREAKS for token in doc[first:last])
