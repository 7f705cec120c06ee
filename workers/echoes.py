"""Second events of one word: what somebody else denies, and what is set against it with "not".

"Moscow says it has taken the town; Kyiv denied it." "They took the mine but not the town."
Both say something of an event that was told before, and both only ever take from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Token

from monitor.records import Factuality
from workers.arguments import arguments
from workers.naming import Text
from workers.roles import DEEDS, Event
from workers.syntax import is_verbal

#: forms of verbs whose object is untrue for who speaks
_DENIES = frozenset(
    [
        "deny",
        "denies",
        "denied",
        "denying",
        "dispute",
        "disputes",
        "disputed",
        "refute",
        "refutes",
        "refuted",
        "contest",
        "contests",
        "contested",
        "contradict",
        "contradicts",
        "contradicted",
    ]
)
#: what may stand for all that was just said
_ALL_THAT = frozenset(
    [
        "it",
        "this",
        "that",
        "which",
        "account",
        "accounts",
        "allegation",
        "allegations",
        "assertion",
        "boast",
        "claim",
        "claims",
        "report",
        "reports",
        "statement",
    ]
)
_SAYS = frozenset({"say", "says", "said", "insist", "insists", "insisted"})
_AUXILIARIES = frozenset({"has", "have", "had", "did", "does", "do", "was", "were", "is", "are"})
_NOT = frozenset({"not", "n't", "n\u2019t", "never"})
#: words of which a sentence has one that denies something, as they stand between other signs
DENIALS = _DENIES | {"not", "never", "t"}
#: before "not" where it sets one place against another
_SETS_AGAINST = frozenset({"but", ",", "and", "though", "although", "-", "\u2013", "\u2014"})
#: tokens that may stand between "not" and the noun: "not the whole northern quarter"
_REACH = 5


def echoes(text: Text, events: Sequence[Event]) -> Iterator[Event]:
    """Yield the events that a document denies or sets against those that it told.

    Args:
        text: the parsed document with its names.
        events: its events in order of their words, with their factuality.
    """
    told = [event for event in events if event.factuality in DEEDS]
    if not told:
        return
    doc = text.doc
    for token in doc:
        word = token.lower_
        if word in _DENIES:
            if _of_all_that(token):
                yield from _denied(text, token, told)
        elif word in _NOT:
            if (verb := _says_not(token)) is not None:
                yield from _denied(text, verb, told)
            elif word == "not" and token.i and doc[token.i - 1].lower_ in _SETS_AGAINST:
                yield from _set_against(text, token, told)


def _of_all_that(verb: Token) -> bool:
    """Tell "denied it", "denied the report" and "…, which he denied", which names no noun."""
    if any(noun.lower_ in _ALL_THAT for noun in arguments(verb).objects):
        return True
    which = any(child.lower_ == "which" for child in verb.children)
    return which and verb.head.tag_ not in {"NN", "NNS"}


def _denied(text: Text, verb: Token, told: Sequence[Event]) -> Iterator[Event]:
    """Yield what was told last, as what the subject of a verb denies."""
    speakers = arguments(verb).subjects
    before = [event for event in told if event.trigger[0] < verb.i]
    if not speakers or not before:
        return
    last = before[-1]
    if last.sentence[1] < verb.sent.start:
        return
    speaker = text.actor(speakers[0])
    for event in before:
        if event.trigger == last.trigger and event.attribution != speaker.text:
            yield replace(
                event,
                factuality=Factuality.DENIED,
                attribution=speaker.text,
                attributed_to=speaker,
                cues=(verb.text,),
            )


def _says_not(word: Token) -> Token | None:
    """Return the verb of saying in "Kyiv says it has not": what it has not, was said before."""
    doc, sentence = word.doc, word.sent
    if word.i == sentence.start or doc[word.i - 1].lower_ not in _AUXILIARIES:
        return None
    if word.i + 1 < sentence.end and doc[word.i + 1].tag_ not in {".", ",", ":", "_SP"}:
        return None
    before = reversed(doc[max(word.i - _REACH, sentence.start) : word.i])
    return next((token for token in before if token.lower_ in _SAYS), None)


def _set_against(text: Text, word: Token, told: Sequence[Event]) -> Iterator[Event]:
    """Yield the events of "not the town" and "not the army": those of a clause, negated."""
    if (noun := _noun_after(text, word)) is None:
        return
    near = [event for event in told if event.sentence[0] == word.sent.start]
    before = [event for event in near if event.trigger[0] < word.i and event.place is not None]
    if before and (place := text.ground(noun, sure=True)) is not None:
        last = before[-1]
        verbs = text.doc[last.trigger[1] : word.i]
        if not any(is_verbal(token) and token.dep_ != "acl" for token in verbs):
            yield replace(last, place=place, factuality=Factuality.NEGATED, cues=(word.text,))
        return
    for event in near:
        agent = event.agent
        if agent is not None and agent.end <= word.i < event.trigger[0]:
            yield replace(
                event, agent=text.actor(noun), factuality=Factuality.NEGATED, cues=(word.text,)
            )


def _noun_after(text: Text, word: Token) -> Token | None:
    """Return the head of the noun phrase right behind a word."""
    for token in text.doc[word.i + 1 : min(word.i + _REACH, word.sent.end)]:
        if token.i in text.at:
            mention = text.at[token.i]
            if mention.label == "date":
                return None
            token = text.doc[mention.end - 1]  # noqa: PLW2901 — a name stands as one word
        if token.tag_.startswith("NN"):
            after = token
            while after.i + 1 < word.sent.end and after.nbor().tag_.startswith("NN"):
                after = after.nbor()
            return after
        if token.tag_ not in {"DT", "JJ", "PRP$", "CD", "VBN", "RB"}:
            return None
    return None
