"""Who is captured, from what is: "police captured Okoro", "Okoro was seized after his plane crashed".

For names that nobody tracks. The pipeline takes many a person's name for a place's where troops
capture it, and towns share names with persons; the rest of the text tells which is meant.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc, Span, Token

from workers.events import Event
from workers.mentions import Mention
from workers.syntax import is_attribute, phrases, preposition
from workers.toponyms.index import is_known, is_town
from workers.words import word_lists

#: words that take persons as well as towns
_TAKES = frozenset({"capture", "catch", "grab", "hand", "hold", "keep", "seize", "take"})
#: prepositions of where somebody is held
_WHERE = frozenset({"at", "in", "inside"})
_PERSONAL = frozenset({"he", "him", "himself", "his", "she", "her", "herself"})
#: where "he" is who tells it
_SPEECH = frozenset({"add", "say", "tell", "write"})
_SPEAKERS = frozenset({"nsubj", "nsubj:pass"})
#: people in a town that a pronoun near it does not make a person of
_CITY = 300_000
_MEN = frozenset({"fighters", "men", "soldiers", "women"})
_ARTICLES = frozenset({"a", "an", "the", "this", "that"})


def is_captive(event: Event, doc: Doc, mentions: Sequence[Mention]) -> bool:
    """Tell whether what a text says is captured is a person, by all that it says of the name."""
    place, verb = event.place, doc[event.trigger[0]]
    if event.id not in {"capture", "hold"} or place is None or place.subject or place.relation:
        return False
    if verb.lemma_.lower() not in _TAKES or is_attribute(verb):
        # nobody is "rebel-held"
        return False
    name = doc[place.start : place.end]
    if place.text != place.name or name.root.tag_ not in {"NNP", "NNPS"}:
        # "the town of Okoro" is none
        return False
    return (
        _is_described(name.root)
        or _is_by_police(event, doc)
        or _is_person_elsewhere(place, doc, mentions)
        or _is_among_persons(verb)
        or _is_the_thing(name)
        # the table of all towns takes seconds to load, so it is asked last
        or (event.id == "hold" and _is_kept(verb) and not is_known(place.text))
        or (
            (_has_pronoun(place, verb, mentions) or _is_held(verb))
            and not is_town(place.text, _CITY)
        )
    )


def _is_kept(verb: Token) -> bool:
    """Tell "are holding Okoro at a villa": what is held is nowhere else."""
    return verb.tag_ in {"VBG", "VBN", "VBD"} and any(
        child.dep_ == "obl" and child.i > verb.i and preposition(child) in _WHERE
        for child in verb.children
    )


def _is_described(name: Token) -> bool:
    """Tell "Okoro, who ..." and "Okoro, a retired colonel"."""
    lists = word_lists()
    persons = lists["persons"] | lists["offices"] | lists["titles"] | lists["ranks"]
    return any(
        (child.dep_ == "acl:relcl" and any(one.lower_ in {"who", "whom"} for one in child.children))
        or (child.dep_ == "appos" and child.text in persons | lists["commanders"])
        or (child.dep_ == "appos" and child.tag_ == "CD")
        for child in name.children
    )


def _is_among_persons(verb: Token) -> bool:
    """Tell "captured Okoro along with three men"."""
    lists = word_lists()
    return any(
        words == "along with" and noun.lower_ in lists["persons"] | lists["offices"] | _MEN
        for words, noun in phrases(verb)
    )


def _is_the_thing(name: Span) -> bool:
    """Tell "captured the Okoro", a prize or a ship that no gazetteer has, from "the Okoro hills"."""
    before = name.doc[name.start - 1].lower_ if name.start else ""
    return len(name) == 1 and before in _ARTICLES and not is_known(name.text)


def _is_by_police(event: Event, doc: Doc) -> bool:
    """Tell what police captures, who hold towns in other words, from what troops do."""
    agent = event.agent
    if agent is None:
        return False
    last = doc[agent.start : agent.end].root
    return last.lower_ in word_lists()["arresters"]


def _is_person_elsewhere(place: Mention, doc: Doc, mentions: Sequence[Mention]) -> bool:
    """Tell a name that the text has as a person's too: "Colonel Okoro", "Samuel Okoro"."""
    lists = word_lists()
    titles = lists["titles"] | lists["commanders"] | lists["ranks"]
    for one in mentions:
        if one.label != "person" or one.start == place.start:
            continue
        words = one.text.split()
        if words[-1] != place.text:
            continue
        before = doc[one.start - 1].lower_ if one.start else ""
        if len(words) > 1 or before in titles:
            return True
    return False


def _has_pronoun(place: Mention, verb: Token, mentions: Sequence[Mention]) -> bool:
    """Tell "captured Okoro after recognizing him", where nobody else is named whom it may mean."""
    doc, sentence = verb.doc, verb.sent
    if any(
        one.label == "person"
        and one.start != place.start
        and sentence.start <= one.start < sentence.end
        for one in mentions
    ):
        return False
    lists = word_lists()
    others = lists["commanders"] | lists["ranks"] | lists["offices"]
    for token in doc[place.end : sentence.end]:
        if token.lower_ in others and token.tag_.startswith("NN"):
            # "..., and their commander said he would hold it"
            return False
        if token.lower_ in _PERSONAL and not _speaks(token):
            return True
    return False


def _speaks(pronoun: Token) -> bool:
    return pronoun.dep_ in _SPEAKERS and pronoun.head.lemma_.lower() in _SPEECH


def _is_held(verb: Token) -> bool:
    """Tell a sentence that speaks of custody: "captured Okoro along with three alleged hitmen"."""
    custody = word_lists()["custody"]
    return any(token.lower_ in custody for token in verb.sent)
