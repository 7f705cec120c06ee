"""What a sentence itself tells to be over: held until Monday, taken and lost again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from spacy.tokens import Doc, Token

from workers.mentions import Mention
from workers.roles import DEEDS, Event
from workers.syntax import has_auxiliary

_TAKES = frozenset({"capture", "fall"})
_HOLDS = _TAKES | {"hold", "lose"}
_LEAVES = frozenset({"withdraw", "withdrawn", "retreat"})
_LATELY = timedelta(days=2)
_SPAN = re.compile(
    r"^[^;]*\bfor (?:\S+ ){0,3}(?:hours?|days?|weeks?|months?|years?|decades?)\b", re.IGNORECASE
)


def close(events: Sequence[Event], doc: Doc, published: datetime | None = None) -> None:
    """Mark what the sentence itself tells to be over, in place.

    "Hama, which rebels had held for a year, was retaken"; "retaken in May and lost again".

    Args:
        events: with factuality and time filled in.
        doc: in which they were found.
        published: when; what was held until days before is not told to be held now.
    """
    for event in events:
        word = doc[event.trigger[0]]
        if event.id == "hold":
            event.over = _is_before_the_past(word) or _lasted(word, event, published)
        event.over = event.over or any(_ends(later, event, doc) for later in events)
        event.history = event.history or any(_dates(past, event, doc) for past in events)


def _is_before_the_past(verb: Token) -> bool:
    """Tell "had held", but not of "said that rebels had held"."""
    had = any(child.dep_ == "aux" and child.lower_ == "had" for child in verb.children)
    return had and verb.dep_ != "ccomp"


def _lasted(verb: Token, event: Event, published: datetime | None) -> bool:
    """Tell "held Hama for three days", "last week rebels held", "it was rebels that held"."""
    if verb.tag_ != "VBD" or has_auxiliary(verb):
        return False
    if verb.dep_ == "acl:relcl" and any(one.lower_ == "was" for one in verb.head.children):
        return True
    if published and event.time and event.end and event.end < published - _LATELY:
        return True
    return _SPAN.search(verb.doc[verb.i + 1 : verb.sent.end].text) is not None


def _ends(later: Event, event: Event, doc: Doc) -> bool:
    """Tell whether one event ends another of its sentence, at the same place."""
    if later is event or event.place is None or later.place is None or event.id not in _HOLDS:
        return False
    if later.factuality not in DEEDS or later.history or later.sentence != event.sentence:
        return False
    if (event.place.name or event.place.text) != (later.place.name or later.place.text):
        return False
    if later.id in _TAKES and later.patient and _name(later.patient) == _name(event.agent):
        # "taken from rebels who had seized it only last month"
        return True
    earlier, word = doc[event.trigger[0]], doc[later.trigger[0]]
    before = _is_earlier(earlier) or _describes(event, earlier)
    follows = before or (word.i > earlier.i and not _is_earlier(word))
    taken_from = event.patient is not None and _name(event.patient) == _name(later.agent)
    return follows and not taken_from and _takes_away(later, event)


def _describes(event: Event, word: Token) -> bool:
    """Tell the hold of "took Hama, the last town held by rebels" and of "took rebel-held Hama"."""
    attribute = word.dep_ in {"acl", "amod", "compound"} and not has_auxiliary(word)
    return event.id == "hold" and attribute


def _takes_away(later: Event, event: Event) -> bool:
    if later.id in _TAKES:
        # "captured by rebels, then retaken by the army"
        return later.trigger != event.trigger and _name(later.agent) != _name(event.agent)
    leaves = later.agent if later.id in _LEAVES else later.patient
    driven = later.id in _LEAVES | {"expel"} and _name(leaves) == _name(event.agent)
    return driven or later.id in {"lose", "lose-open"}


def _is_earlier(verb: Token) -> bool:
    """Tell what happened before the rest: "had taken", "a day after Moscow annexed it"."""
    if verb.dep_ == "xcomp" and verb.head.lower_ == "had":
        return True
    after = any(child.dep_ == "mark" and child.lower_ == "after" for child in verb.children)
    return after or _is_before_the_past(verb)


def _name(mention: Mention | None) -> str | None:
    return None if mention is None else mention.subject or mention.name or mention.text


def _dates(past: Event, event: Event, doc: Doc) -> bool:
    """Tell "held it until March 2012, when the army took it": as old as what it is told with."""
    word = doc[event.trigger[0]]
    then = any(child.lower_ == "when" for child in word.children)
    return then and past.history and doc[past.trigger[0]] in word.ancestors
