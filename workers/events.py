"""Finds who did what to which place: the lexicon's frames laid over the parse.

One pass over the tokens with a look-up each; only words of the lexicon cost more. Where the parse
leaves a role open, a headline's word order may fill it; nothing else is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from spacy.tokens import Doc, Token

from workers.lexicon import Entry, Lexicon
from workers.mentions import Mention
from workers.naming import Text
from workers.nouns import of_adjective, of_noun
from workers.propernames import looks_like_name
from workers.roles import Event
from workers.sharing import share_parties, share_places
from workers.syntax import HYPHENS, is_verbal
from workers.verbs import is_named, of_verb

#: what is wanted, accepted or refused is told of itself too, and weighed by these words
_OPEN = frozenset({"agreement", "meeting", "promise", "refuse", "rejection", "repel", "request"})
_FINDERS: dict[str, Callable[[Text, Token, Entry], Iterator[Event]]] = {
    "verb": of_verb,
    "noun": of_noun,
    "adjective": of_adjective,
}


def find_events(text: Text, lexicon: Lexicon) -> list[Event]:
    """Return the events of a parsed document, in order of their words."""
    found: list[Event] = []
    #: nouns that a verb tells the event of: "suspended the talks" are no talks
    told: set[int] = set()
    for token in text.doc:
        entries = _lines_of(token, lexicon)
        mention = text.at.get(token.i)
        if mention is not None and mention.subject and not _names_and_acts(token, mention):
            continue
        if _is_in_name(token):
            continue
        for entry in entries:
            events = list(_FINDERS[entry.word_class](text, token, entry))
            if events:
                found += events
                for event in events:
                    if event.place is not None:
                        text.learn(event.place)
                if entry.verb and entry.object and entry.event not in _OPEN:
                    told.update(
                        noun.i for noun in text.arguments(token).objects if is_named(noun, entry)
                    )
                break
    if _learns_towns(text, found):
        return find_events(text, lexicon)
    found = [event for event in found if not _names_itself(event, text.doc)]
    events = _without_doubles([event for event in found if event.trigger[0] not in told])
    share_places(events, text.doc)
    share_parties(events, text.doc)
    return events


def _learns_towns(text: Text, events: list[Event]) -> bool:
    """Take for a place whom somebody holds, as other events do: "captured, Hpakan is in rebel hands"."""
    places = {event.place.name for event in events if event.place is not None}
    held = [event.patient for event in events if event.id == "detain" and event.patient]
    towns = [one for one in held if one.text in places]
    for one in towns:
        text.learn(replace(one, label="place", name=one.text))
    return any(text.at[one.start].label == "place" for one in towns)


def _lines_of(token: Token, lexicon: Lexicon) -> tuple[Entry, ...]:
    """Return the lines of a word; "cease-fire" and "pull-out" are one word to others."""
    own = lexicon.forms.get(token.lower_, ())
    if token.i < 2 or token.nbor(-1).text not in HYPHENS:  # noqa: PLR2004 — "cease" and "-"
        return own
    joined = lexicon.forms.get(token.nbor(-2).lower_ + token.lower_, ())
    return own + tuple(entry for entry in joined if entry.noun)


def _names_itself(event: Event, doc: Doc) -> bool:
    """Tell the fall of "Sergeant Paris Falls": a word of the name of whom it would befall."""
    at = event.trigger[0]
    roles = (event.agent, event.patient) if doc[at].is_title else ()
    return any(one is not None and one.start < at < one.end for one in roles)


def _names_and_acts(token: Token, mention: Mention) -> bool:
    return token.i == mention.end - 1 and is_verbal(token)


def _is_in_name(token: Token) -> bool:
    """Tell the Holding of "Okoro Holding BV", which holds nothing, and "Syrian Armed Forces"."""
    if not token.is_title or token.is_sent_start or token.nbor(-1).is_punct:
        return False
    named = token.nbor(-1).tag_ == "NNP" and looks_like_name(token)
    after = token.nbor() if token.i + 1 < token.sent.end else None
    return named and after is not None and after.tag_ in {"NNP", "NNPS"}


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


__all__ = ["Event", "find_events"]
