"""Where an event without a place of its own happened: where what it is told with did.

"Rebels attacked Hama and were driven back"; "the army fled as rebels entered Hama". Only flights,
fights and retreats take a place from another clause, and only where the sentence's events leave
one choice; what a place's holder is told by (a capture, a hold) never does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from spacy.tokens import Doc, Token

from workers.mentions import Mention
from workers.roles import Event
from workers.syntax import phrases, preposition
from workers.words import armed_words, word_lists

_LOCAL = frozenset({"clash", "defend", "repel", "retreat", "surrender", "withdraw", "withdrawn"})
_ATTACKS = frozenset({"attack", "besiege", "besieged", "bomb", "lift-siege", "shell"})
#: prepositions of what an event goes with
_ATTENDING = frozenset({"after", "amid", "during", "following", "under"})
#: prepositions of where something happens or ends; a phrase of them is a place of its own
_OWN = frozenset({"across", "at", "from", "in", "inside", "near", "outside"})
#: prepositions of what somebody is killed in, and of what comes before somebody takes a place
_CAUSES = frozenset({"by", "during", "in"})
_BEFORE = frozenset({"after", "amid", "following", "in", "with"})
#: prepositions of the talks that somebody agrees at
_AT_TALKS = frozenset({"after", "at", "during", "following", "in"})
_FIGHTS = frozenset({"clash", "clash-near"})
#: whoever does these after a fight was a party to it; of _TAKEN also whoever attacked the place before
_TAKEN = frozenset({"capture", "capture-part", "enter"})
_WON = _TAKEN | {"expel", "repel", "retreat", "withdrawn"}
#: whoever is told to leave after these leaves the place of them
_COMES = _TAKEN | {"hold"}
_LEAVES = frozenset({"retreat", "withdraw", "withdrawn"})
_PRONOUNS = frozenset({"it", "they"})
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
        if event.id in _LEAVES and (stay := _stay(event, events, doc)) is not None:
            event.agent, event.place = stay.agent, _at(stay.place, event)
            continue
        beside = [one for one in events if _is_beside(one, event, doc)]
        if not _is_local(event):
            beside = [one for one in beside if _hangs_on(event, one, doc)]
        if beside:
            names = {one.place.name or one.place.text for one in beside if one.place}
            if len(names) == 1:
                event.place = _at(beside[0].place, event)


def _stay(event: Event, events: Sequence[Event], doc: Doc) -> Event | None:
    """Return what brought those to a place who are told to have left it, without its name.

    "Gunmen took Hama on Monday. They have since left." It is told last, in the sentence before at
    the earliest.
    """
    start = event.sentence[0]
    floor = doc[start - 1].sent.start if start else 0
    before = [one for one in events if floor <= one.trigger[0] < event.trigger[0]]
    last = before[-1] if before else None
    if last is None or last.id not in _COMES or last.place is None or last.agent is None:
        return None
    agent = event.agent
    same = agent is not None and (
        agent.text.lower() in _PRONOUNS
        if agent.generic and not agent.name
        else agent.identity == last.agent.identity
    )
    return last if same else None


def share_parties(events: Sequence[Event], doc: Doc) -> None:
    """Give events those who did what they are told with, in place.

    "Killed in an Israeli strike on Sanaa"; "took Hama from the army after a gun battle"; "took Hama
    after weeks of shelling". Talks give their place to what is agreed at them.

    Args:
        events: of one document.
        doc: in which they were found.
    """
    told = {event.trigger[0]: event for event in events}
    for event in events:
        word = doc[event.trigger[0]]
        if event.id == "kill" and event.agent is None:
            cause = next((told[one.i] for one in _causes(word) if one.i in told), None)
            if cause is not None and cause.id in _ATTACKS:
                event.agent = cause.agent
                event.place = event.place or _at(cause.place, event)
        elif event.id in _FIGHTS | _ATTACKS and event.agent is None and event.patient is None:
            above = told.get(_occasion(word, _BEFORE))
            if above is not None and above.id in (_WON if event.id in _FIGHTS else _TAKEN):
                _share(event, above)
        elif event.id == "agreement" and event.place is None:
            talks = next((one for one in events if _is_over(event, one, doc)), None)
            event.place = _at(talks.place, event) if talks is not None else None


def _causes(verb: Token) -> Iterator[Token]:
    """Yield the strike of "killed in a strike", and the verb of "killed when troops attacked"."""
    for child in verb.children:
        within = child.dep_.startswith("obl") and preposition(child) in _CAUSES
        when = child.dep_ == "advcl" and any(one.lower_ in {"when", "as"} for one in child.lefts)
        if within or when:
            yield child


def _occasion(noun: Token, prepositions: AbstractSet[str]) -> int:
    """Return the verb that goes with a noun: "took Hama after two days of fighting", or else -1."""
    while noun.dep_ == "nmod" and preposition(noun) == "of":
        noun = noun.head
    goes = noun.tag_.startswith("NN") and preposition(noun) in prepositions
    return noun.head.i if goes and noun.dep_.startswith("obl") else -1


def _share(event: Event, above: Event) -> None:
    """Take the parties of an event over, where both are about one place."""
    names = {one.place.name or one.place.text for one in (event, above) if one.place is not None}
    if len(names) == 1:
        event.agent = above.agent
        if event.id in _FIGHTS:
            event.patient = above.patient


def _is_over(event: Event, talks: Event, doc: Doc) -> bool:
    """Tell the talks of "agreed after talks in Doha" and "held talks in Doha and agreed"."""
    word, noun = doc[event.trigger[0]], doc[talks.trigger[0]]
    if talks.id != "talks" or talks.place is None or talks.sentence != event.sentence:
        return False
    joined = word.dep_ == "conj" and noun.head == word.head and noun.dep_ == "obj"
    return joined or _occasion(noun, _AT_TALKS) == word.i


def _at(place: Mention | None, event: Event) -> Mention | None:
    """Return a place as it is meant at an event's word."""
    word = event.trigger[0]
    return None if place is None else replace(place, start=word, end=word + 1)


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
