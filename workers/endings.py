"""What a sentence itself tells to be over: held until Monday, taken and lost again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from spacy.tokens import Doc, Token

from workers.anaphora import SETTLEMENTS
from workers.arguments import arguments
from workers.mentions import Mention
from workers.roles import DEEDS, Event
from workers.syntax import has_auxiliary, is_departure, is_perfect, is_verbal, preposition
from workers.words import word_lists

_TAKES = frozenset({"capture", "fall"})
_HOLDS = _TAKES | {"hold", "lose"}
_LEAVES = frozenset({"withdraw", "withdrawn", "retreat"})
_LATELY = timedelta(days=2)
#: how long something lasted that is told in the past tense
_SPAN = re.compile(
    r"^[^;]*\b(?:for (?:\S+ ){0,3}(?:hours?|days?|weeks?|months?|years?|decades?|centuries)"
    r"|until (?!(?:now|today|further|then)\b)(?:\S+ ){0,2}(?:light|dawn|dusk|noon|midnight|night|nightfall|morning|evening"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\d{4})"
    r"|(?:throughout|during|all through) (?:the|its|their) (?:\S+ )?(?:wars?|years|decades?|conflict|reign))\b",
    re.IGNORECASE,
)
#: clauses and attributes that may tell what is no longer so
_ASIDES = frozenset({"acl", "acl:relcl", "advcl", "amod", "appos", "compound", "nmod"})
#: with these a passive verb of words.yaml says that somebody had to go
_AWAY = frozenset({"away", "back", "off", "out"})
#: auxiliaries of what did not, or not yet, happen
_UNDONE = frozenset(
    {"not", "n't", "never", "to", "will", "would", "could", "may", "might", "should", "must"}
)
#: nouns of places that belong to those who hold them
_SEATS = frozenset({"bastion", "fiefdom", "redoubt", "stronghold"})
_IT = frozenset({"it", "them", "there", "again"})
_THEY = frozenset({"it", "they", "who"})
#: verbs of what puts an end to a hold
_ENDS = frozenset({"break", "conclude", "end", "terminate"})
#: tokens in which the town of a nameless place follows it
_BEHIND = 6
_UNITS = frozenset({"minute", "hour", "day", "night", "week", "month"})


def close(events: Sequence[Event], doc: Doc, published: datetime | None = None) -> None:
    """Mark what the sentence itself tells to be over, in place.

    "Hama, which rebels had held for a year, was retaken"; "retaken in May and lost again";
    "once rebel-held Hama"; "seized the hall and left it on Monday".

    Args:
        events: with factuality and time filled in.
        doc: in which they were found.
        published: when; what was held until days before is not told to be held now.
    """
    for event in events:
        word = doc[event.trigger[0]]
        if event.id == "hold":
            past = _is_before_the_past(word) or _is_bygone(word)
            event.over = past or _lasted(word, event, published)
        if event.id in _TAKES:
            event.over = _is_spell(word) or _is_ended(word)
        if event.id in _HOLDS:
            event.over = event.over or _is_brief(word) or _leaves_again(event, doc)
        event.over = event.over or any(_ends(later, event, doc) for later in events)
        event.history = event.history or any(_dates(past, event, doc) for past in events)


def _is_before_the_past(verb: Token) -> bool:
    """Tell "had held", but not of "said that rebels had held"."""
    had = any(child.dep_ == "aux" and child.lower_ == "had" for child in verb.children)
    return had and verb.dep_ != "ccomp"


def _is_bygone(word: Token) -> bool:
    """Tell "previously held", "once rebel-held", "used to hold", "remember when they held"."""
    doc, sentence = word.doc, word.sent
    if word.head.lower_ == "used" and word.dep_ == "xcomp":
        return True
    finite = word.tag_ in {"VBZ", "VBP"} or has_auxiliary(word)
    if finite:
        return False
    if any(child.lower_ == "when" for child in word.children) and word.tag_ == "VBD":
        return True
    #: the first word of "rebel-held", or of the phrase that "under rebel control" is
    first = min(word.left_edge.i, max(word.i - 2, sentence.start)) if word.dep_ == "amod" else None
    before = doc[first - 1] if first is not None and first > sentence.start else None
    around = [*word.children, *([before] if before is not None else [])]
    bygone = word_lists()["bygone"]
    return any(one.lower_ in bygone and one.i < word.i for one in around)


def _is_brief(verb: Token) -> bool:
    """Tell "briefly seized", which says that it was lost again."""
    return any(child.lower_ in word_lists()["briefly"] for child in verb.children)


def _is_spell(verb: Token) -> bool:
    """Tell "seized the base for two days"; what "has been seized for two days" still is."""
    if verb.tag_ not in {"VBD", "VBN"} or is_perfect(verb):
        return False
    return any(
        child.lemma_.lower() in _UNITS and preposition(child) == "for" and child.i > verb.i
        for child in verb.children
    )


def _is_ended(noun: Token) -> bool:
    """Tell "which ended the rebels' occupation of Hama"; what is to be ended lasts."""
    verb = noun.head
    ends = noun.dep_ == "obj" and verb.lemma_.lower() in _ENDS and verb.tag_ != "VB"
    return ends and not any(child.lower_ in _UNDONE for child in verb.children)


def _lasted(verb: Token, event: Event, published: datetime | None) -> bool:
    """Tell "held Hama for three days", "last week rebels held", "it was rebels that held".

    Also "it was under rebel control for a year".
    """
    if any(child.dep_ == "cop" and child.lower_ in {"was", "were"} for child in verb.children):
        return _SPAN.search(verb.doc[verb.i + 1 : verb.sent.end].text) is not None
    if verb.tag_ != "VBD" or has_auxiliary(verb):
        return False
    if verb.dep_.startswith("acl") and any(one.lower_ == "was" for one in verb.head.children):
        return True
    if published and event.time and event.end and event.end < published - _LATELY:
        return True
    return _SPAN.search(verb.doc[verb.i + 1 : verb.sent.end].text) is not None


def _leaves_again(event: Event, doc: Doc) -> bool:
    """Tell whether who takes a place leaves it in the same sentence: "and withdrew", "they have since left".

    Or has to: "but were driven back", "before being forced out".
    """
    agent, start = event.agent, event.trigger[1]
    if agent is None:
        return False
    for verb in doc[start : event.sentence[1]]:
        driven = is_verbal(verb) and _is_driven(verb)
        if not driven and not (is_verbal(verb) and is_departure(verb)):
            continue
        if any(child.lower_ in _UNDONE for child in verb.children):
            continue
        roles = arguments(verb)
        if driven:
            if roles.passive and any(agent.start <= noun.i < agent.end for noun in roles.objects):
                return True
            continue
        since = any(child.lower_ == "since" for child in verb.children)
        whose = not roles.subjects or any(
            agent.start <= noun.i < agent.end or (since and noun.lower_ in _THEY)
            for noun in roles.subjects
        )
        things = [
            *roles.objects,
            *(noun for words, noun in roles.phrases if words in {"from", "of"}),
        ]
        if whose and not roles.passive and all(_is_that(noun, event.place) for noun in things):
            return True
    return False


def _is_driven(verb: Token) -> bool:
    """Tell "driven back", "forced to withdraw" and "expelled"."""
    lists, lemma = word_lists(), verb.lemma_.lower()
    if lemma in lists["expelled"]:
        return True
    return lemma in lists["driven"] and any(
        child.lower_ in _AWAY or (child.dep_ == "xcomp" and is_departure(child))
        for child in verb.children
    )


def _is_that(noun: Token, place: Mention | None) -> bool:
    """Tell whether a noun means the place of an event: "it", "the town", its own word."""
    if noun.lower_ in _IT | SETTLEMENTS:
        return True
    return place is not None and place.start <= noun.i < place.end


def _ends(later: Event, event: Event, doc: Doc) -> bool:
    """Tell whether one event ends another of its sentence, at the same place."""
    if later is event or event.place is None or later.place is None or event.id not in _HOLDS:
        return False
    if later.factuality not in DEEDS or later.history or not _follows(later, event, doc):
        return False
    if not _is_at(event.place, later.place, doc):
        return False
    if later.id in _TAKES and later.patient and _name(later.patient) == _name(event.agent):
        # "taken from rebels who had seized it only last month"
        return True
    earlier, word = doc[event.trigger[0]], doc[later.trigger[0]]
    if later.id == "hold":
        # "held by rebels for a year, it is back under army control"
        aside = earlier.dep_ in _ASIDES and not word.dep_.startswith("acl")
        other = later.trigger != event.trigger and _name(later.agent) != _name(event.agent)
        return aside and other and earlier.tag_ not in {"VBZ", "VBP"} and earlier.i < word.i
    before = _is_earlier(earlier) or _describes(event, earlier)
    follows = before or (word.i > earlier.i and not _is_earlier(word))
    taken_from = event.patient is not None and _name(event.patient) == _name(later.agent)
    return follows and not taken_from and _takes_away(later, event)


def _follows(later: Event, event: Event, doc: Doc) -> bool:
    """Tell an event of the same sentence, and "They have since left" of the next one."""
    if later.sentence == event.sentence:
        return True
    behind = doc[max(later.sentence[0] - 1, 0)].sent.start == event.sentence[0]
    return behind and later.id in _LEAVES and later.trigger[0] > event.trigger[0]


def _is_at(place: Mention, other: Mention, doc: Doc) -> bool:
    """Tell one place from two; the camp of "overran the camp in Hama and left the town" is in it."""
    name = other.name or other.text
    if (place.name or place.text) == name:
        return True
    behind = doc[place.end : place.end + _BEHIND].text
    return place.generic and re.match(rf"(?:at|in|of) {re.escape(name)}\b", behind) is not None


def _describes(event: Event, word: Token) -> bool:
    """Tell the hold of "took Hama, the last town held by rebels" and of "took rebel-held Hama".

    And that of "took the rebel stronghold of Hama".
    """
    attribute = word.dep_ in {"acl", "amod", "compound"} and not has_auxiliary(word)
    named = word.lemma_ in _SEATS and word.dep_ in {"obj", "obl", "nmod", "appos"}
    return event.id == "hold" and (attribute or named)


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
    # "a day after the army said that it had taken it"
    told = verb.head if verb.dep_ == "ccomp" and verb.head.dep_ in {"advcl", "parataxis"} else verb
    after = any(child.dep_ == "mark" and child.lower_ == "after" for child in told.children)
    return after or _is_before_the_past(verb)


def _name(mention: Mention | None) -> str | None:
    return None if mention is None else mention.identity


def _dates(past: Event, event: Event, doc: Doc) -> bool:
    """Tell "held it until March 2012, when the army took it": as old as what it is told with."""
    word = doc[event.trigger[0]]
    then = any(child.lower_ == "when" for child in word.children)
    return then and past.history and doc[past.trigger[0]] in word.ancestors
