"""Events that a noun or an adjective names: "the fall of Homs", "rebel-held Hama"."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from spacy.tokens import Token

from workers.lexicon import Entry, Role
from workers.naming import Text
from workers.parties import is_party
from workers.roles import Event, events_of
from workers.syntax import (
    HYPHENS,
    arguments,
    is_verbal,
    phrases,
    preposition,
)
from workers.wordorder import phrase_after
from workers.words import armed_words, word_lists

#: prepositions of what a siege is of and an attack on
_GOALS = frozenset({"of", "on", "to", "for", "over", "against"})


def of_noun(text: Text, noun: Token, entry: Entry) -> Iterator[Event]:  # noqa: C901 — one condition a branch
    """Yield the events of a noun: "the fall of Hama"."""
    after = phrase_after(text, noun)
    if not noun.tag_.startswith("NN") and not (after and noun.tag_ in {"JJ", "VBG", "VBZ", "VB"}):
        return
    words = preposition(noun)
    if entry.case and not any(words == case or words.endswith(f" {case}") for case in entry.case):
        return
    if entry.war and not text.is_of_war:
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
        pair for case, token in found if case == "of" for pair in phrases(token) if pair[0] != "of"
    ]
    head = noun.head
    if is_verbal(head) and head != noun:
        # "launched an attack on Hama": the phrase may hang on the verb
        found += [(case, token) for case, token in phrases(head) if token.i > noun.i]

    def fill(role: Role) -> list[Token]:
        for slot in entry.slot(role):
            tokens = _in_slot(text, noun, slot, found)
            if slot == "modifier" and role == "agent" and "modifier" in entry.place:
                tokens = [child for child in tokens if not _is_place(text, child)]
            if role == "place":
                tokens = [token for token in tokens if text.ground(token, sure=entry.sure)]
            if role in entry.who:
                tokens = [token for token in tokens if is_party(text, token)]
            if tokens:
                return tokens
        return text.scenes(noun) if role == "place" and not entry.place else []

    yield from events_of(text, noun, entry, fill, None)


def _in_slot(text: Text, noun: Token, slot: str, found: list[tuple[str, Token]]) -> list[Token]:
    """Return what stands in a slot of a noun; ``found`` are the phrases around it."""
    if slot in _SLOTS:
        return _SLOTS[slot](noun)
    if slot == "modifier":
        known = armed_words() | word_lists()["rulers"]
        return [
            child
            for child in noun.children
            if child.dep_ in {"compound", "amod", "nmod"}
            and child.i < noun.i
            and (child.i in text.at or child.lower_ in known)
        ]
    return [token for case, token in found if case == slot and not text.is_date(token)]


def _is_place(text: Text, token: Token) -> bool:
    mention = text.at.get(token.i)
    return mention is not None and mention.label == "place"


def _described(noun: Token) -> list[Token]:
    """Return what a phrase like "under siege" is said of."""
    own = [child for child in noun.children if child.dep_ in {"nsubj", "nsubj:pass"}]
    if own:
        return own
    head = noun.head
    if head == noun:
        return []
    if is_verbal(head) or head.pos_ == "AUX":
        roles = arguments(head)
        # "entered the town and were in control": what is joined shares the subject
        return roles.subjects if noun.dep_ == "conj" else roles.objects or roles.subjects
    # "is once more in the hands of"
    return [child for child in head.children if child.dep_ == "nsubj"] or [head]


def _doers(noun: Token, *, of: str | None = None) -> list[Token]:
    """Return who does what the noun names: the rebels of "the rebels held talks".

    Args:
        noun: the word of the event.
        of: the list of words.yaml that the verb must be in, with the noun as its object: an attack is
            launched by whom it is an attack of, and seen by the town where it takes place.
    """
    head = noun.head
    if head == noun or not is_verbal(head):
        return []
    roles = arguments(head)
    if of is not None and (head.lemma_ not in word_lists()[of] or noun not in roles.objects):
        return []
    return [token for token in roles.subjects if token != noun]


def _struck(noun: Token) -> list[Token]:
    """Return what suffers by what the noun names: Hama of "shelling hit Hama"."""
    head = noun.head
    if head == noun or head.lemma_ not in word_lists()["striking"]:
        return []
    roles = arguments(head)
    return roles.objects if noun in roles.subjects else []


#: slots that the verb above a noun, or the noun alone, fills
_SLOTS: dict[str, Callable[[Token], list[Token]]] = {
    "possessor": lambda noun: [one for one in noun.children if one.dep_ == "nmod:poss"],
    "subject": _described,
    "doer": _doers,
    "performer": lambda noun: _doers(noun, of="performing"),
    "sufferer": lambda noun: _doers(noun, of="suffering") or _struck(noun),
}


def of_adjective(text: Text, word: Token, entry: Entry) -> Iterator[Event]:
    """Read "rebel-held Hama" and "the besieged city of Hama"."""
    doc = text.doc
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
            place = text.place(word.head)
    if place is None:
        return
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
