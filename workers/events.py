"""Finds who did what to which place: the lexicon's frames laid over the parse.

One pass over the tokens with a look-up each; only words of the lexicon cost more. Where the parse
leaves a role open, a headline's word order may fill it; nothing else is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from spacy.tokens import Doc, Token

from monitor.records import Factuality
from workers.lexicon import Entry, Lexicon
from workers.mentions import Mention
from workers.naming import Text
from workers.nouns import of_adjective, of_noun
from workers.roles import Event
from workers.syntax import is_verbal
from workers.verbs import is_named, of_verb

_DEEDS = frozenset({Factuality.CONFIRMED, Factuality.REPORTED, Factuality.CLAIMED})
#: what is wanted, accepted or refused is told of itself too, and weighed by these words
_OPEN = frozenset({"agreement", "promise", "refuse", "rejection", "request"})
_FINDERS: dict[str, Callable[[Text, Token, Entry], Iterator[Event]]] = {
    "verb": of_verb,
    "noun": of_noun,
    "adjective": of_adjective,
}


def find_events(doc: Doc, mentions: Sequence[Mention], lexicon: Lexicon) -> list[Event]:
    """Return the events of a parsed document, in order of their words."""
    text = Text(doc, mentions)
    found: list[Event] = []
    #: nouns that a verb tells the event of: "suspended the talks" are no talks
    told: set[int] = set()
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
                if entry.verb and entry.object and entry.event not in _OPEN:
                    told.update(
                        noun.i for noun in text.arguments(token).objects if is_named(noun, entry)
                    )
                break
    return _without_doubles([event for event in found if event.trigger[0] not in told])


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


def close(events: Sequence[Event], doc: Doc) -> None:
    """Mark what the sentence itself tells to be over, in place.

    "Hama, which rebels had held for a year, was retaken"; "retaken in May and lost again".
    """
    for event in events:
        if event.id == "hold" and _is_before_the_past(doc[event.trigger[0]]):
            event.over = True
        event.over = event.over or any(_ends(later, event) for later in events)


def _is_before_the_past(verb: Token) -> bool:
    """Tell "had held", but not of "said that rebels had held"."""
    had = any(child.dep_ == "aux" and child.lower_ == "had" for child in verb.children)
    return had and verb.dep_ != "ccomp"


def _ends(later: Event, event: Event) -> bool:
    """Tell whether one event ends another of its sentence, at the same place."""
    if event.place is None or later.place is None or later.factuality not in _DEEDS:
        return False
    same = (event.place.name or event.place.text) == (later.place.name or later.place.text)
    follows = later.sentence == event.sentence and later.trigger[0] > event.trigger[0]
    if not same or not follows or later.history:
        return False
    if event.id in {"capture", "fall"}:
        return later.id in {"lose", "lose-open"}
    return event.id == "hold" and later.id in {"capture", "fall"} and later.agent != event.agent


__all__ = ["Event", "close", "find_events"]
