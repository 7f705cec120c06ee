"""From the slots of a lexicon entry to events: one for each place or patient named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from spacy.tokens import Token

from monitor.records import Factuality
from workers.arguments import Arguments
from workers.coordination import conjuncts, included
from workers.lexicon import Entry, Role
from workers.mentions import Mention
from workers.naming import Text
from workers.syntax import preposition
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
_SIEGES = frozenset({"besiege", "besieged"})
#: prepositions of where the besieged are
_INSIDE = frozenset({"at", "in", "inside", "near"})
#: what says who holds a place
_OF_HOLDERS = frozenset({"capture", "fall", "hold", "lose"})
#: what two sides do to each other
_BETWEEN = frozenset({"clash", "clash-near"})
#: what each of those named does; of who holds a place one is enough
_BY_EACH = frozenset(
    {"advance", "attack", "besiege", "enter", "expel", "repel", "retreat", "withdraw"}
)
#: events that are told of persons with a name or an office only
_OF_PERSONS = frozenset({"detain", "kill"})
#: those that such persons, or forces, do themselves
_BY_PERSONS = frozenset({"die", "flee"})
#: what is sacked, brought down and resigns as a person of rank does
_GOVERNMENTS = frozenset({"cabinet", "government", "junta", "regime"})
#: what shops and clubs do is no diplomacy and no help
_OF_STATES = frozenset({"agreement", "end-help", "help", "limit-help", "rejection", "talks"})
_ANYONE = frozenset({"him", "her", "he", "she", "predecessor", "successor", "heir"})
#: what is no person before a noun: "the general command", "the chief city"
_STAFF = frozenset({"chief", "general"})
_STORMS = frozenset(
    {"blaze", "blizzard", "cyclone", "drought", "earthquake", "fires", "floods", "heatwave"}
    | {"hurricane", "locusts", "quake", "rain", "rains", "snow", "storm", "storms", "tornado"}
    | {"tsunami", "typhoon", "virus", "waves", "wildfire", "wildfires"}
)
#: what shells are of, and nobody who fires them
_BARRELS = frozenset({"artillery", "gunship", "helicopter", "mortar", "tank"})
#: Penn tags of the nouns that such pronouns may stand for, and within how many tokens
_NUMBERS = {"they": frozenset({"NNS", "NN"}), "it": frozenset({"NN"})}
_NEAR = 40
_PARTLY = frozenset({"partial", "partially", "partly"})
#: tokens of "all but the last two" before a place
_ALL_BUT = 5
#: behind a place that is not held whole
_EXCEPT = re.compile(r",? ?(?:except|bar|save|minus|apart from|but for)\b")
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
    # "was extended by a week"
    doers = [token for token in fill("agent") if not text.is_date(token)]
    agent_tokens = [one for token in doers for one in _behind_deed(text, token, "munitions")]
    agent = _first_actor(text, agent_tokens)
    if roles is not None and "subject" in entry.agent and not roles.passive:
        agent = _adjacent_agent(text, word, agent)
    patient_tokens, place_tokens = _sufferers(text, word, entry, fill, roles)
    patients: list[Mention | None] = [
        text.actor(one)
        for token in patient_tokens
        for one in conjuncts(token)
        if _fits_person(text, entry, "patient", one)
        and (entry.event not in _OF_PERSONS or _is_somebody(text, one))
    ]
    places: list[Mention | None] = [*_places(text, word, entry, place_tokens, roles)]
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
    flees = entry.event == "flee" and agent is not None
    if entry.event in _BY_PERSONS and not any(
        _is_somebody(text, one)
        or one.tag_ == "NNP"
        or (flees and agent is not None and _may_fight(agent, [one]))
        for one in agent_tokens
    ):
        return
    # an attack is repelled, whoever made it, and a garrison besieged wherever it is
    suffers = bool(patients) or (entry.event == "repel" and bool(fill("patient")))
    somewhere = bool(places) or (entry.event in _SIEGES and suffers)
    missing = {"agent": agent is None, "patient": not suffers, "place": not somewhere}
    if any(all(missing[role] for role in choice) for choice in entry.needs):
        return
    event_id = entry.event
    if agent is None and entry.otherwise:
        event_id = entry.otherwise
    standing = entry.standing or entry.event in {"hold", "besieged"}
    sides = _all_actors(text, agent_tokens)
    if entry.event in _BETWEEN and not patients and len(sides) > 1:
        # "the army and the rebels clashed"
        patients = [sides[1]]
    whom = (patients[:1] if places and ("patient",) not in entry.needs else patients) or [None]
    each = entry.joint or (entry.event in _BY_EACH and agent in sides)
    who = (sides if each else None) or [agent]
    for place, patient, actor in product(places or [None], whom, who):
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
    if _is_in_part(word):
        places = [replace(one, part=True, relation="portion", generic=True) for one in places]
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
    for one in (other for token in tokens for other in _listed(token)):
        for token in included(one) or [one]:
            # what is named beside a place is one: "Kunduz, Sar-e-Pol and Taloqan"
            place = text.ground(token, sure=entry.sure or bool(found) or token != one)
            if place is not None and _is_all_but(text, place):
                place = replace(place, part=True, relation="portion", generic=True)
            if place is not None and place not in found:
                found.append(place)
    return found


def _listed(token: Token) -> list[Token]:
    """Return what is coordinated with a place, the port of "the centre of Homs and the port", too."""
    found = conjuncts(token)
    if token.lower_ in word_lists()["portions"]:
        # "parts of Homs and the coast" are parts of both
        return found
    return found + [
        thing
        for name in token.children
        if name.tag_ == "NNP" and preposition(name) == "of"
        for thing in name.children
        if thing.dep_ == "conj"
        and thing.tag_ in {"NN", "NNS"}
        and any(child.lower_ == "the" for child in thing.lefts)
        and not any(child.lower_ in {"not", "nor"} for child in thing.lefts)
    ]


def _is_in_part(word: Token) -> bool:
    """Tell "is controlled in part by rebels", "partly controls", "took partial control of"."""
    near = [*word.children, *(deep for child in word.children for deep in child.children)]
    return any(
        one.lower_ in _PARTLY or (one.lower_ == "part" and preposition(one) == "in")
        for one in near
        if one.head == word or one.head.lower_ == "control"
    )


def _is_all_but(text: Text, place: Mention) -> bool:
    """Tell the district of "hold all but one district of Hama", which they do not hold.

    And the city of "hold the whole city except the palace", of which they hold a part.
    """
    before = text.doc[max(place.start - _ALL_BUT, 0) : place.start].text.lower()
    after = text.doc[place.end : place.end + 3].text.lower()
    if re.search(r"\b(?:whole|entire|all)\b", before) and _EXCEPT.match(after):
        return True
    return re.search(r"\ball but\b", before) is not None


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


def _behind_deed(text: Text, token: Token, kind: str) -> list[Token]:
    """Return whose drones, shells or assaults are meant, the word itself where it means somebody."""
    if token.lower_ not in word_lists()[kind]:
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
        and child.lower_ not in _BARRELS
    ]


def _sufferers(
    text: Text,
    word: Token,
    entry: Entry,
    fill: Callable[[Role], list[Token]],
    roles: Arguments | None,
) -> tuple[list[Token], list[Token]]:
    """Return whom an event befalls, and where."""
    patients, places = fill("patient"), fill("place")
    if entry.event == "repel":
        patients = [one for token in patients for one in _behind_deed(text, token, "assaults")]
    if entry.event in _SIEGES:
        places, trapped = _trapped(text, word, places, roles)
        patients = patients or trapped
    return patients, places


def _trapped(
    text: Text, word: Token, tokens: Sequence[Token], roles: Arguments | None
) -> tuple[list[Token], list[Token]]:
    """Return where a siege is and who is besieged: "the 22nd Division, besieged in Babanusa"."""
    bodies = word_lists()["bodies_of_troops"]
    trapped = [one for one in tokens if one.lower_ in bodies or _ends_in(text, one, bodies)]
    places = [one for one in tokens if one not in trapped]
    if trapped and not places and roles is not None:
        places = [noun for case, noun in roles.phrases if case in _INSIDE]
        places = places or text.setting(word.head if word.dep_ == "xcomp" else word, trapped)
    return places, trapped


def _ends_in(text: Text, token: Token, words: AbstractSet[str]) -> bool:
    named = text.at.get(token.i)
    return named is not None and text.doc[named.end - 1].lower_ in words


def _fits_person(text: Text, entry: Entry, role: Role, token: Token) -> bool:
    """Tell whether a role is taken by the kind of person that the entry asks for, if it asks."""
    if role in entry.ranked:
        if token.lower_ in _GOVERNMENTS or _is_ranked(text, token):
            return True
        return _is_somebody(text, token) and not text.is_of_play
    return role not in entry.person or _is_somebody(text, token)


def _is_ranked(text: Text, token: Token) -> bool:
    """Tell a person who is tracked, or has a public office or a rank, from players and singers."""
    lists = word_lists()
    ranks = (lists["offices"] | lists["titles"] | lists["ranks"]) - lists["private"]
    actor = text.actor(token)
    words = text.doc[max(actor.start - 3, token.sent.start) : token.i + 1]
    return (actor.label == "person" and actor.subject is not None) or any(
        one.lower_ in ranks
        and one.dep_ != "nmod:poss"
        and (token in (one, one.head) or token.head == one)
        for one in words
    )


def _is_somebody(text: Text, token: Token) -> bool:
    """Tell a person with a name or an office from a crowd."""
    lists = word_lists()
    ranks = lists["titles"] | lists["offices"] | lists["ranks"]
    before = ranks if token.tag_ == "NNP" else ranks - _STAFF
    return (
        text.actor(token).label == "person"
        or token.lower_ in ranks | _ANYONE
        or any(child.lower_ in before and child.dep_ != "nmod:poss" for child in token.lefts)
    )


def _may_act(
    text: Text,
    entry: Entry,
    agent: Mention,
    tokens: Sequence[Token],
    places: Sequence[Mention | None],
) -> bool:
    """Tell whether the agent is one who does such things."""
    if agent.text.lower().split()[-1] in _STORMS or _is_machinery(entry, agent, tokens):
        # "Storm pounds Manila"
        return False
    armed = _bears_arms(agent, tokens) or _is_force(text, entry, agent)
    if not armed and entry.event not in _OF_HOLDERS:
        armed = any(_stands_for_troops(token) or _is_side(text, token) for token in tokens)
    if entry.armed and not armed:
        return False
    if entry.event in _OF_STATES and any(one.lower_ in word_lists()["traders"] for one in tokens):
        return False
    nameless = bool(places and places[0] and places[0].generic)
    if entry.event in _OF_FORCES or (nameless and entry.event in _AT_GROUNDS):
        return bool(entry.subject_in) or _may_fight(agent, tokens)
    # singers withdraw, too
    fights = _may_fight(agent, tokens) and (agent.label != "person" or agent.subject is not None)
    if entry.event not in _OF_WAR or text.is_of_war or fights or entry.ranked:
        return True
    # "the general refused to surrender"
    return any(token.lower_ in word_lists()["commanders"] for token in tokens)


def _is_machinery(entry: Entry, agent: Mention, tokens: Sequence[Token]) -> bool:
    """Tell the tanks of "troops backed by tanks", which are no help from anybody."""
    machines = word_lists()["machines"]
    helps = entry.event in {"endorse", "help"} and agent.generic
    return helps and any(one.lower_ in machines for one in tokens)


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
    said = "armed" in words[:-1]
    return bool(words) and (
        said or words[-1] in armed or any(one.lower_ in armed for one in tokens)
    )


def _is_side(text: Text, token: Token) -> bool:
    """Tell the Serbs of "the Serbs have left the hills", in a war, from Serbs who left their homes."""
    named = token.tag_ == "NNPS" and any(child.lower_ == "the" for child in token.lefts)
    return named and text.is_of_war


def _stands_for_troops(token: Token) -> bool:
    """Tell "they" in "the rebels looted shops when they left": the last subject before is armed."""
    kinds = _NUMBERS.get(token.lower_)
    start = max(token.i - _NEAR, 0)
    before = reversed(token.doc[start : token.i]) if kinds else ()
    subjects = (
        one for one in before if one.dep_ in {"nsubj", "nsubj:pass"} and one.tag_.startswith("NN")
    )
    last = next(subjects, None)
    return last is not None and last.tag_ in (kinds or ()) and last.lower_ in armed_words()


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
