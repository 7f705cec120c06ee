"""Events that a noun or an adjective names: "the fall of Homs", "rebel-held Hama"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from spacy.tokens import Token

from workers.arguments import arguments
from workers.lexicon import Entry, Role
from workers.naming import Text
from workers.parties import is_party
from workers.roles import Event, events_of
from workers.syntax import HYPHENS, is_verbal, phrases, preposition
from workers.toponyms.areas import country_words
from workers.wordorder import phrase_after
from workers.words import armed_words, capitals, country_names, demonyms, word_lists

#: verbs of those who tell a deed of their own
_BOASTS = frozenset({"announce", "claim", "declare", "hail", "proclaim"})

#: what befalls persons, not towns: "died in the hands of the rebels"
_OF_THE_LIVING = frozenset({"die", "perish", "suffer"})
#: what may stand before "of which" and means all of it
_ALL_OF = frozenset({"all", "both"})

#: prepositions of what a siege is of and an attack on
_GOALS = frozenset({"of", "on", "to", "for", "over", "against"})


def of_noun(text: Text, noun: Token, entry: Entry) -> Iterator[Event]:  # noqa: C901 — one condition of an entry a branch
    """Yield the events of a noun: "the fall of Hama"."""
    after = phrase_after(text, noun)
    gerund = noun.tag_ == "VBG" and noun.dep_ in {"nsubj", "nsubj:pass", "obl"}
    tagged = after and noun.tag_ in {"JJ", "VBG", "VBZ", "VB", "VBP"}
    if not (noun.tag_.startswith("NN") or tagged or gerund):
        return
    words = preposition(noun)
    if entry.case and not any(words == case or words.endswith(f" {case}") for case in entry.case):
        return
    # "assault rifles" and "attack helicopters" are no attacks
    bare = entry.war and not entry.needs and not entry.case
    if (entry.war and not text.is_of_war) or (bare and noun.dep_ == "compound"):
        return
    around = {child.lower_ for child in noun.children}
    if entry.never & around:
        return
    if entry.with_ and not all(
        any(choice in around for choice in needed.split("|")) for needed in entry.with_
    ):
        return
    found = after + [pair for pair in phrases(noun) if pair not in after]
    if entry.alone and any(case in _GOALS for case, _ in found):
        return
    # "the visit of the chancellor to Hama": the phrase may hang on who does it
    found += [
        pair
        for case, token in found
        if case in {"of", "by"} or any(token.lower_ in one.split("|") for one in entry.with_)
        for pair in phrases(token)
        if case == "by" or pair[0] != "of"
    ]
    head = noun.head
    if (is_verbal(head) or noun.dep_ == "nsubj") and head != noun:
        # "launched an attack on Hama": the phrase may hang on the verb
        # "the capture was confirmed by residents": by whom is told of whoever performs it
        performs = head.lemma_.lower() in word_lists()["performing"] | word_lists()["undertakings"]
        found += [
            (case, token)
            for case, token in phrases(head)
            if token.i > noun.i and (case != "by" or performs or noun.dep_ != "nsubj:pass")
        ]
    # "fighting in Hama between the army and the rebels", hung on Hama
    found += [
        pair
        for _, token in found
        if token.i in text.at
        for pair in phrases(token)
        if pair[0] == "between"
    ]

    def fill(role: Role) -> list[Token]:
        for slot in entry.slot(role):
            if (special := _SLOTS.get(slot)) is not None:
                tokens = special(text, noun)
            else:
                tokens = [
                    token for case, token in found if case == slot and not text.is_date(token)
                ]
            if slot == "possessor" and role == "place" and "possessor" in entry.agent:
                tokens = [child for child in tokens if text.is_town_of(child)]
            if slot == "possessor" and role == "agent":
                tokens = [one for token in tokens for one in _meant_by(token, noun)]
            if slot == "modifier" and role == "agent" and "modifier" in entry.place:
                tokens = [child for child in tokens if not _is_place(text, child)]
            if role == "place":
                tokens = [token for token in tokens if text.ground(token, sure=entry.sure)]
            if role in entry.who:
                tokens = [token for token in tokens if is_party(text, token)]
            if tokens:
                return tokens
        if role == "agent" and "possessor" in entry.agent:
            return _undertakers(noun)
        return text.scenes(noun) if role == "place" and not entry.place else []

    yield from events_of(text, noun, entry, fill, None)


def _possessors(text: Text, noun: Token) -> list[Token]:
    """Return whose it is: the rebels of "the rebels' takeover", not Monday of "Monday's assault"."""
    return [
        child for child in noun.children if child.dep_ == "nmod:poss" and not text.is_date(child)
    ]


def _meant_by(owner: Token, noun: Token) -> list[Token]:
    """Return the rebels of "the rebels resumed their march", where "their" is who does it."""
    verb = noun.head
    if owner.lower_ not in {"its", "their"} or noun.dep_ != "obj" or not is_verbal(verb):
        return [owner]
    roles = arguments(verb)
    return [owner] if roles.passive else roles.subjects or [owner]


def _modifiers(text: Text, noun: Token) -> list[Token]:
    """Return who stands before a noun: the rebels of "the rebel takeover"."""
    forces = armed_words() | word_lists()["rulers"]
    return [
        child
        for child in noun.lefts
        if child.dep_ in {"compound", "amod", "nmod"}
        and (child.i in text.at or child.lower_ in forces or (child.is_upper and len(child) > 1))
    ]


def _is_place(text: Text, token: Token) -> bool:
    mention = text.at.get(token.i)
    return mention is not None and mention.label == "place"


def _described(text: Text, noun: Token) -> list[Token]:
    """Return what a phrase like "under siege" is said of."""
    own = [child for child in noun.children if child.dep_ in {"nsubj", "nsubj:pass"}]
    if own:
        # "the province, which is under the control of"
        return [
            one
            for child in own
            for one in _all_of_which(child) or [noun.head if _relates(child, noun) else child]
        ]
    if (beside := _set_beside(text, noun)) is not None:
        return [beside]
    head = noun.head
    if head == noun:
        return []
    if head.lower_ == "back" and not any(child.dep_ == "nsubj" for child in head.children):
        # "says troops back in control of Hama"
        head = head.head
    if head.lemma_.lower() in _OF_THE_LIVING:
        return []
    if is_verbal(head) or head.pos_ == "AUX":
        roles = arguments(head)
        # "Monitor says rebels in control of Hama", parsed as if both of them said so
        subjects = [one for one in roles.subjects if one.i < noun.i][-1:] or roles.subjects
        # "entered the town and were in control": what is joined shares the subject
        return subjects if noun.dep_ == "conj" else roles.objects or subjects
    # "is once more in the hands of"
    return [child for child in head.children if child.dep_ == "nsubj"] or [head]


def _all_of_which(subject: Token) -> list[Token]:
    """Return Bama and Konduga of "for Bama and Konduga, both of which are under army control"."""
    which = next((one for one in subject.children if one.lower_ == "which"), None)
    comma = subject.i - 1
    if which is None or subject.lower_ not in _ALL_OF or comma <= subject.sent.start:
        return []
    name = subject.doc[comma - 1]
    while name.dep_ in {"flat", "conj"} and name.head != name:
        name = name.head
    return [name] if subject.doc[comma].text == "," and name.tag_.startswith("NN") else []


def _relates(token: Token, noun: Token) -> bool:
    return token.lower_ in {"that", "which"} and noun.dep_ == "acl:relcl"


def _set_beside(text: Text, noun: Token) -> Token | None:
    """Return Hama of "in Hama, now under rebel control, shops are open"."""
    if preposition(noun) != "under":
        return None
    start = noun.left_edge.i
    comma = start if text.doc[start].tag_ == "," else start - 1
    mention = text.at.get(comma - 1) if comma > noun.sent.start else None
    set_off = text.doc[comma].tag_ in {",", ":"}
    return text.doc[comma - 1] if set_off and mention and mention.label == "place" else None


def _doers(_: Text, noun: Token, of: str | None = None) -> list[Token]:
    """Return who does what the noun names: the rebels of "the rebels held talks".

    Args:
        noun: the word of the event.
        of: the list of words.yaml that the verb must be in, with the noun as its object: an attack is
            launched by whom it is an attack of, and seen by the town where it takes place.
    """
    thing, head = noun, noun.head
    if head.lower_ in word_lists()["measures"] and preposition(noun) == "of":
        # "opened a round of talks"
        thing, head = head, head.head
    if head == thing or not is_verbal(head):
        return []
    roles = arguments(head)
    if of is None and head.lemma_.lower() in word_lists()["onlookers"]:
        return []
    if of is not None and (head.lemma_ not in word_lists()[of] or thing not in roles.objects):
        return []
    return [token for token in roles.subjects if token not in (noun, thing)]


def _claimants(text: Text, noun: Token) -> list[Token]:
    """Return who boasts of it as its own deed: "Moscow claims the capture of Hama"."""
    verb = noun.head
    if noun.dep_ != "obj" or verb.lemma_.lower() not in _BOASTS:
        return []
    claims = verb.lemma_.lower() == "claim"
    return [
        token
        for token in arguments(verb).subjects
        if token.lower_ in armed_words() or _is_power(text, token, claims=claims)
    ]


def _is_power(text: Text, token: Token, *, claims: bool) -> bool:
    """Tell a state or tracked actor, of those who claim any group: an observatory announces, too."""
    mention = text.at.get(token.i)
    if mention is None or mention.label in {"date", "person"}:
        return False
    name = mention.name or mention.text
    known = name in country_names() or name in demonyms() or name in capitals().values()
    return known or mention.subject is not None or (claims and mention.label != "place")


def _sufferers(text: Text, noun: Token) -> list[Token]:
    """Return where it is suffered: Hama of "Hama saw shelling" and of "shelling hit Hama"."""
    if found := _doers(text, noun, of="suffering"):
        return found
    head = noun.head
    if head == noun or head.lemma_ not in word_lists()["striking"]:
        return []
    roles = arguments(head)
    return roles.objects if noun in roles.subjects else []


#: what finds the tokens of a slot that is no preposition
_SLOTS: Mapping[str, Callable[[Text, Token], list[Token]]] = {
    "possessor": _possessors,
    "modifier": _modifiers,
    "subject": _described,
    "doer": _doers,
    "performer": partial(_doers, of="performing"),
    "sufferer": _sufferers,
    "claimant": _claimants,
}


def _undertakers(noun: Token) -> list[Token]:
    """Return who undertakes what the noun names: "the rebels launched an attack"."""
    verb = noun.head
    direct = noun.dep_ == "obj" or (noun.dep_ == "obl" and preposition(noun) in {"for", "with"})
    if not direct or verb.lemma_.lower() not in word_lists()["undertakings"]:
        return []
    roles = arguments(verb)
    return [] if roles.passive else roles.subjects


def of_adjective(text: Text, word: Token, entry: Entry) -> Iterator[Event]:
    """Read "rebel-held Hama" and "the besieged city of Hama"."""
    doc = text.doc
    if entry.agent == ("subject",):
        yield from _of_predicate(text, word, entry)
        return
    if word.dep_ not in {"amod", "compound", "acl", "nmod", "ROOT", "flat"}:
        return
    hyphen = word.i >= 2 and doc[word.i - 1].text in HYPHENS  # noqa: PLR2004 — "rebel" and "-"
    if bool(entry.agent) != hyphen or (hyphen and doc[word.i - 2].lower_ == "self"):
        return
    if not hyphen and word.i + 1 < len(doc) and doc[word.i + 1].text in HYPHENS:
        return
    place = None
    mention = text.at.get(word.i)
    if mention is not None and mention.label == "place":
        place = mention
    else:
        after = text.at.get(word.i + 1)
        if after is not None and after.label == "place" and after.start == word.i + 1:
            place = after
        elif word.dep_ in {"amod", "acl", "compound"} and word.head.i > word.i:
            nameless = hyphen or text.is_of_war
            place = text.ground(word.head) if nameless else text.place(word.head)
    if place is None:
        return
    if hyphen and (place.name or place.text) in country_words() and not place.part:
        # "rebel-held Libya" is what the rebels hold of it
        place = replace(place, part=True, relation="portion")
    agent = text.modifier(doc[word.i - 2]) if hyphen else None
    yield Event(
        entry.event if hyphen or not entry.otherwise else entry.otherwise,
        (word.i, word.i + 1),
        (word.sent.start, word.sent.end),
        agent=agent,
        place=place,
        standing=True,
        otherwise=entry.event if entry.otherwise and not hyphen else None,
    )


def _of_predicate(text: Text, word: Token, entry: Entry) -> Iterator[Event]:
    """Read "the president is dead"."""
    above = word.head if word.dep_ == "conj" else word
    subjects = [child for one in (word, above) for child in one.children if child.dep_ == "nsubj"]

    def fill(role: Role) -> list[Token]:
        if role == "agent":
            return subjects[:1]
        found = [token for case, token in phrases(word) if case in entry.slot(role)]
        return [token for token in found if role != "place" or text.ground(token)]

    near = {child.lower_ for child in word.children} | {text.doc[word.i + 1 :][:1].text.lower()}
    if subjects and not entry.never & near:
        yield from events_of(text, word, entry, fill, None)
