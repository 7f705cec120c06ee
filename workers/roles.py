"""From the slots of a lexicon entry to events: one for each place or patient named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from spacy.tokens import Token

from monitor.records import Factuality
from workers.lexicon import Entry, Role
from workers.mentions import Mention
from workers.naming import Text
from workers.syntax import Arguments, conjuncts, included, preposition
from workers.wordorder import neighbours
from workers.words import armed_words, word_lists

#: how a text presents what it tells as done
DEEDS = frozenset({Factuality.CONFIRMED, Factuality.REPORTED, Factuality.CLAIMED})
#: what storms, crowds and football clubs do in figures of speech only
_OF_FORCES = frozenset(
    {"advance", "attack", "besiege", "capture", "enter", "fall", "hold", "retreat"}
)
#: what shops and critics do in figures of speech, and anybody in a text of war
_OF_WAR = frozenset({"surrender", "withdraw"})
#: what none but those do at a place without a name, "the airport"
_AT_GROUNDS = _OF_FORCES | frozenset(
    {
        "bomb",
        "clash",
        "defend",
        "expel",
        "lose",
        "repel",
        "shell",
        "surrender",
        "threaten",
        "withdraw",
    }
)
_SETTLEMENTS = frozenset({"cities", "hamlets", "settlements", "towns", "villages"})
#: what says who holds a place
_OF_HOLDERS = frozenset({"capture", "fall", "hold", "lose"})
#: events that are told of persons with a name or an office only
_OF_PERSONS = frozenset({"detain", "kill"})
#: those that such persons, or forces, do themselves
_BY_PERSONS = frozenset({"die", "flee"})
_ANYONE = frozenset({"him", "her", "he", "she", "predecessor", "successor", "heir"})
_STORMS = frozenset(
    {
        "blaze",
        "blizzard",
        "cyclone",
        "drought",
        "floods",
        "heatwave",
        "hurricane",
        "locusts",
        "storm",
        "typhoon",
        "virus",
        "wildfire",
        "wildfires",
    }
)
#: pronouns that may stand for a force
_ANYBODY = frozenset({"they", "their", "it", "its", "who", "which", "that", "we", "nobody"})


@dataclass(slots=True)
class Event:
    """What a sentence says happened. Factuality and time are filled in by the reader."""

    id: str
    #: token offsets of the word that names it
    trigger: tuple[int, int]
    sentence: tuple[int, int]
    agent: Mention | None = None
    patient: Mention | None = None
    place: Mention | None = None
    standing: bool = False
    #: the event it becomes once the agent is known: a fall without "to whom"
    otherwise: str | None = None
    factuality: Factuality = Factuality.CONFIRMED
    attribution: str | None = None
    attributed_to: Mention | None = None
    cues: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    history: bool = False
    #: why it counts as history, for ``--explain``
    past: str | None = None
    time: str | None = None
    #: the text itself tells that it is so no longer: "had held the town until Monday"
    over: bool = False


def events_of(
    text: Text,
    word: Token,
    entry: Entry,
    fill: Callable[[Role], list[Token]],
    roles: Arguments | None,
) -> Iterator[Event]:
    """Make one event for each place, or each patient, that is coordinated."""
    agent_tokens = [one for token in fill("agent") for one in _who_fired(text, token)]
    agent = _first_actor(text, agent_tokens)
    if roles is not None and "subject" in entry.agent and not roles.passive:
        agent = _adjacent_agent(text, word, agent)
    patients: list[Mention | None] = [
        text.actor(one)
        for token in fill("patient")
        for one in conjuncts(token)
        if _fits_person(text, entry, "patient", one)
        and (entry.event not in _OF_PERSONS or _is_somebody(text, one))
    ]
    places: list[Mention | None] = [*_places(text, word, entry, fill("place"), roles)]
    if agent is not None and places and places[0] and agent.start == places[0].start:
        agent = None
    # "were driving from Hama": nobody is driven out of Hama
    patients = [
        one for one in patients if one is None or all(one.start != at.start for at in places if at)
    ]
    if agent is not None and not _may_act(text, entry, agent, agent_tokens, places):
        return
    if not any(_fits_person(text, entry, "agent", one) for one in agent_tokens or [word]):
        return
    if entry.event in _BY_PERSONS and not any(
        _is_somebody(text, one) or (agent is not None and _may_fight(agent, [one]))
        for one in agent_tokens
    ):
        return
    missing = {"agent": agent is None, "patient": not patients, "place": not places}
    if any(all(missing[role] for role in choice) for choice in entry.needs):
        return
    event_id = entry.event
    if agent is None and entry.otherwise:
        event_id = entry.otherwise
    standing = entry.standing or entry.event in {"hold", "besieged"}
    whom = (patients[:1] if places and ("patient",) not in entry.needs else patients) or [None]
    who = _all_actors(text, fill("agent")) if entry.joint else [agent]
    for place, patient, actor in product(places or [None], whom, who or [agent]):
        yield Event(
            event_id,
            (word.i, word.i + 1),
            (word.sent.start, word.sent.end),
            agent=actor,
            patient=patient,
            place=place,
            standing=standing,
            otherwise=entry.event if event_id != entry.event else None,
        )


def _places(
    text: Text, word: Token, entry: Entry, tokens: Sequence[Token], roles: Arguments | None
) -> list[Mention]:
    """Return the places of an event: those told, the one behind its verb, the one of its entry."""
    places = _grounds(text, tokens, entry)
    if roles is not None and not places and "object" in entry.place and not roles.objects:
        _, after = neighbours(text, word)
        if after is not None and after.label == "place" and not roles.passive:
            return [after]
    if not places and text.topic is not None and _is_elliptic(word, entry, roles):
        return [replace(text.topic, start=word.i, end=word.i + 1)]
    return places


def _grounds(text: Text, tokens: Sequence[Token], entry: Entry) -> list[Mention]:
    """Return the places that are coordinated, those that a vague one includes in its stead."""
    found: list[Mention] = []
    for one in (other for token in tokens for other in conjuncts(token)):
        for token in included(one) or _called(one) or [one]:
            # what is named beside a place is one: "Kunduz, Sar-e-Pol and Taloqan"
            place = text.ground(token, sure=entry.sure or bool(found) or token.head == one)
            if place is not None and place not in found:
                found.append(place)
    return found


def _called(kind: Token) -> list[Token]:
    """Return the names of "the villages of Waht and Lahj", not the one of "the towns of Idlib"."""
    definite = any(child.lower_ == "the" for child in kind.lefts)
    if not definite or kind.tag_ != "NNS" or kind.lower_ not in _SETTLEMENTS:
        return []
    for child in kind.children:
        if child.tag_ == "NNP" and preposition(child) == "of":
            names = conjuncts(child)
            listed = len(names) > 1 and all(one.tag_ == "NNP" for one in names)
            return names if listed else []
    return []


def _is_elliptic(word: Token, entry: Entry, roles: Arguments | None) -> bool:
    """Tell notes that leave their subject out: "Fell to the rebels in May", "HTS has control"."""
    if ("place",) not in entry.needs or word.sent.start == 0:
        return False
    if entry.place == ("subject",):
        verb = word.head if roles is None else word
        return verb.dep_ == "ROOT" and not any(
            child.dep_ in {"nsubj", "nsubj:pass", "expl"} for child in verb.children
        )
    if roles is None or word.dep_ != "ROOT" or "control" not in entry.object:
        return False
    held = [noun for noun in roles.objects if noun.lower_ in entry.object]
    return not any(preposition(child) for noun in held for child in noun.children)


def _who_fired(text: Text, token: Token) -> list[Token]:
    """Return whose drones or shells are meant, the word itself where it means somebody."""
    if token.lower_ not in word_lists()["munitions"]:
        return [token]
    return [
        child
        for child in token.children
        if (child.dep_ in {"compound", "amod", "nmod:poss"} or preposition(child) in {"of", "by"})
        and (
            child.i in text.at
            or child.tag_ == "NNP"
            or child.lower_ in armed_words() | word_lists()["rulers"]
        )
    ]


def _fits_person(text: Text, entry: Entry, role: Role, token: Token) -> bool:
    """Tell whether a role is taken by the kind of person that the entry asks for, if it asks."""
    if role in entry.ranked:
        return _is_ranked(text, token) or (_is_somebody(text, token) and not text.is_of_play)
    return role not in entry.person or _is_somebody(text, token)


def _is_ranked(text: Text, token: Token) -> bool:
    """Tell a person who is tracked, or has a public office or a rank, from players and singers."""
    lists = word_lists()
    ranks = (lists["offices"] | lists["titles"] | lists["ranks"]) - lists["private"]
    actor = text.actor(token)
    words = text.doc[max(actor.start - 3, token.sent.start) : token.i + 1]
    return (actor.label == "person" and actor.subject is not None) or any(
        one.lower_ in ranks and (token in (one, one.head) or token.head == one) for one in words
    )


def _is_somebody(text: Text, token: Token) -> bool:
    """Tell a person with a name or an office from a crowd."""
    lists = word_lists()
    ranks = lists["titles"] | lists["offices"] | lists["ranks"]
    return (
        text.actor(token).label == "person"
        or token.lower_ in ranks | _ANYONE
        or any(child.lower_ in ranks for child in token.lefts)
    )


def _may_act(
    text: Text,
    entry: Entry,
    agent: Mention,
    tokens: Sequence[Token],
    places: Sequence[Mention | None],
) -> bool:
    """Tell whether the agent is one who does such things."""
    if entry.armed and not (_bears_arms(agent, tokens) or _is_force(text, entry, agent)):
        return False
    nameless = bool(places and places[0] and places[0].generic)
    if entry.event in _OF_FORCES or (nameless and entry.event in _AT_GROUNDS):
        return _may_fight(agent, tokens)
    # singers withdraw, too
    fights = _may_fight(agent, tokens) and (agent.label != "person" or agent.subject is not None)
    if entry.event not in _OF_WAR or text.is_of_war or fights:
        return True
    # "the general refused to surrender"
    return any(token.lower_ in word_lists()["commanders"] for token in tokens)


def _is_force(text: Text, entry: Entry, agent: Mention) -> bool:
    """Tell a group with a name that nobody tracks, where the text speaks of war, from a company.

    It may move and fight; whether it holds a place hangs on more than that.
    """
    named = agent.label in {"group", "organization"} and not agent.generic
    named = named and agent.text.lower() not in _ANYBODY
    return named and entry.event not in _OF_HOLDERS and text.is_of_war


def _bears_arms(agent: Mention, tokens: Sequence[Token]) -> bool:
    """Tell troops and tracked actors from whoever else may leave a place.

    "Russian troops" are named by their first word; the second one tells what they are.
    """
    if agent.subject is not None:
        return True
    words = agent.text.lower().split()
    armed = armed_words()
    return bool(words) and (words[-1] in armed or any(one.lower_ in armed for one in tokens))


def _may_fight(agent: Mention, tokens: Sequence[Token]) -> bool:
    """Tell who may take or leave "the airport": no passengers, and no storms."""
    if _bears_arms(agent, tokens):
        return True
    if not _STORMS.isdisjoint(agent.text.lower().split()):
        return False
    if agent.generic:
        # a name that the pipeline missed may be a force's
        named = any(token.tag_ in {"NNP", "NNPS"} for token in tokens)
        return named or agent.text.lower() in _ANYBODY
    return True


def _all_actors(text: Text, tokens: Sequence[Token]) -> list[Mention | None]:
    return [text.actor(one) for token in tokens for one in conjuncts(token)]


def _first_actor(text: Text, tokens: Sequence[Token]) -> Mention | None:
    candidates = [text.actor(one) for token in tokens for one in conjuncts(token)]
    return next((one for one in candidates if one.subject), candidates[0] if candidates else None)


def _adjacent_agent(text: Text, verb: Token, agent: Mention | None) -> Mention | None:
    """Prefer the name right before a finite verb whose own subject the parser missed."""
    if any(child.dep_ in {"nsubj", "nsubj:pass", "mark", "aux"} for child in verb.children):
        return agent
    before, _ = neighbours(text, verb)
    if (
        before is not None
        and before.label in {"organization", "group", "person"}
        and before.end <= verb.i
        and verb.tag_ in {"VBD", "VBP", "VBZ", "VB", "NNS", "NN", "NNP"}
        and not (before.start and text.doc[before.start - 1].lower_ in {"of", "by", "from", "to"})
    ):
        return before
    return agent
