"""Finds who did what to which place: the lexicon's frames laid over the parse.

One pass over the tokens with a look-up each; only words of the lexicon cost more. Where the parse
leaves a role open, a headline's word order may fill it; nothing else is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from spacy.tokens import Doc, Token

from monitor.records import Factuality
from workers.lexicon import Entry, Lexicon
from workers.mentions import Mention
from workers.naming import Text
from workers.nouns import of_adjective, of_noun
from workers.roles import Event
from workers.syntax import has_auxiliary, is_verbal
from workers.verbs import of_verb

_DEEDS = frozenset({Factuality.CONFIRMED, Factuality.REPORTED, Factuality.CLAIMED})
_TAKES = frozenset({"capture", "fall"})
_HOLDS = _TAKES | {"hold", "lose"}
_LEAVES = frozenset({"withdraw", "withdrawn", "retreat"})
_LATELY = timedelta(days=2)
_SPAN = re.compile(
    r"^[^;]*\bfor (?:\S+ ){0,3}(?:hours?|days?|weeks?|months?|years?|decades?)\b", re.IGNORECASE
)
_FINDERS: dict[str, Callable[[Text, Token, Entry], Iterator[Event]]] = {
    "verb": of_verb,
    "noun": of_noun,
    "adjective": of_adjective,
}


def find_events(doc: Doc, mentions: Sequence[Mention], lexicon: Lexicon) -> list[Event]:
    """Return the events of a parsed document, in order of their words."""
    text = Text(doc, mentions)
    found: list[Event] = []
    for token in doc:
        entries = lexicon.forms.get(token.lower_)
        if entries is None:
            continue
        mention = text.at.get(token.i)
        if mention is not None and mention.subject and not _names_and_acts(token, mention):
            continue
        for entry in entries:
            events = list(_FINDERS[entry.word_class](text, token, entry))
            if events:
                found += events
                break
    return _without_doubles(found)


def _names_and_acts(token: Token, mention: Mention) -> bool:
    return token.i == mention.end - 1 and is_verbal(token)


def _without_doubles(events: list[Event]) -> list[Event]:
    """Drop a noun's event where its light verb told the same."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for event in events:
        key = (event.id, event.sentence, event.agent, event.patient, event.place)
        if key not in seen:
            seen.add(key)
            kept.append(event)
    return kept


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


def _is_before_the_past(verb: Token) -> bool:
    """Tell "had held", but not of "said that rebels had held"."""
    had = any(child.dep_ == "aux" and child.lower_ == "had" for child in verb.children)
    return had and verb.dep_ != "ccomp"


def _lasted(verb: Token, event: Event, published: datetime | None) -> bool:
    """Tell "held Hama for three days" and "last week it was the army that held Hama"."""
    if verb.tag_ != "VBD" or has_auxiliary(verb):
        return False
    if published and event.time and event.end and event.end < published - _LATELY:
        return True
    return _SPAN.search(verb.doc[verb.i + 1 : verb.sent.end].text) is not None


def _ends(later: Event, event: Event, doc: Doc) -> bool:
    """Tell whether one event ends another of its sentence, at the same place."""
    if later is event or event.place is None or later.place is None:
        return False
    if later.factuality not in _DEEDS or later.history or later.sentence != event.sentence:
        return False
    same = (event.place.name or event.place.text) == (later.place.name or later.place.text)
    follows = later.trigger[0] > event.trigger[0] and not _is_earlier(doc[later.trigger[0]])
    goes_back = _is_earlier(doc[event.trigger[0]])
    if not same or event.id not in _HOLDS:
        return False
    if later.id in _TAKES and later.patient and _name(later.patient) == _name(event.agent):
        # "taken from rebels who had seized it only last month"
        return True
    if not (follows or goes_back):
        return False
    if later.id in _TAKES:
        # "captured by rebels, then retaken by the army"
        return later.trigger != event.trigger and _name(later.agent) != _name(event.agent)
    leaves = later.agent if later.id in _LEAVES else later.patient
    return later.id in {"lose", "lose-open"} or (
        later.id in _LEAVES | {"expel"} and _name(leaves) == _name(event.agent)
    )


def _is_earlier(verb: Token) -> bool:
    """Tell what happened before the rest: "had taken", "a day after Moscow annexed it"."""
    after = any(child.dep_ == "mark" and child.lower_ == "after" for child in verb.children)
    return after or _is_before_the_past(verb)


def _name(mention: Mention | None) -> str | None:
    return None if mention is None else mention.subject or mention.name or mention.text


__all__ = ["Event", "close", "find_events"]
