"""Finds who did what to which place: the lexicon's frames laid over the parse.

One pass over the tokens with a look-up each; only words of the lexicon cost more. Where the parse
leaves a role open, a headline's word order may fill it; nothing else is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from spacy.tokens import Doc, Token

from monitor.records import Factuality
from workers.gazetteer import word_lists
from workers.lexicon import Entry, Lexicon, Role
from workers.mentions import Mention
from workers.offices import is_vague, office_after
from workers.syntax import (
    Arguments,
    arguments,
    conjuncts,
    dependents,
    governor,
    has_auxiliary,
    is_verbal,
    label,
    phrases,
    preposition,
)

_HYPHENS = frozenset("-\u2013\u2011")
_ACTORS = frozenset({"person", "organization", "group", "place"})
#: tokens between a light verb and its noun: "took full and lasting control"
_WINDOW = 8
#: what an ambiguous word acts on when it is a verb
_GOALS = frozenset({"place", "person"})
#: what may stand before "city" when it means the one that was named: not "the old town"
_THE = (["the"], ["that"], ["this"], ["the", "whole"], ["the", "entire"])


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
    time: str | None = None


class _Text:
    """A document with its mentions by token."""

    def __init__(self, doc: Doc, mentions: Sequence[Mention]) -> None:
        self.doc = doc
        self.mentions = mentions
        self.at = {index: one for one in mentions for index in range(one.start, one.end)}

    def place(self, token: Token) -> Mention | None:
        """Return the place that a noun phrase names, by its head."""
        mention = self.at.get(token.i)
        if mention is not None:
            return mention if mention.label == "place" else None
        lists = word_lists()
        if token.lower_ in lists["places"]:
            if (behind := self._behind(token)) is not None:
                return behind
            for child in dependents(token):
                inner = self.at.get(child.i)
                named = label(child) in {"appos", "flat", "compound", "nmod:desc"} or (
                    label(child) == "nmod" and preposition(child) == "of"
                )
                if inner and inner.label == "place" and named:
                    return inner
            if [child.lower_ for child in token.lefts if child.dep_ != "case"] in _THE:
                return self._antecedent(token, "city")
        if token.lower_ in lists["portions"]:
            for child in dependents(token):
                inner = self.at.get(child.i)
                if inner and inner.label == "place" and preposition(child) == "of":
                    return replace(inner, part=True, relation="portion")
        return self._owner(token)

    def _behind(self, token: Token) -> Mention | None:
        """Return Homs of "the capital of the province of that name, Homs"."""
        if token.lower_ != "capital":
            return None
        for comma in self.doc[token.i + 1 : min(token.i + _WINDOW, token.sent.end - 1)]:
            after = self.at.get(comma.i + 1)
            if comma.text == "," and comma.i > token.i + 1:
                return after if after is not None and after.label == "place" else None
        return None

    def _owner(self, token: Token) -> Mention | None:
        """Return the place of "Homs's old market" and "the residents of Homs", as its part."""
        people = token.lower_ in word_lists()["people"]
        for child in dependents(token):
            inner = self.at.get(child.i)
            owns = label(child) == "nmod:poss" or (
                people and (label(child) == "compound" or preposition(child) in {"of", "in"})
            )
            if inner and owns and inner.label == "place" and inner.subject and not inner.part:
                return replace(inner, part=True, relation="district")
        return None

    def actor(self, token: Token) -> Mention:
        """Return who a noun phrase names, by its head; an open mention if nobody tracked."""
        mention = self.at.get(token.i)
        if mention is not None and mention.label in _ACTORS:
            beside = self.at.get(mention.end)
            party = mention.subject is None and mention.label == "group"
            if party and beside is not None and beside.label == "person":
                return beside  # "Democrat Lena Okafor"
            return mention
        lists = word_lists()
        if token.lower_ in lists["members"]:
            for child in dependents(token):
                inner = self.at.get(child.i)
                close = label(child) in {"compound", "amod", "nmod:poss"} or (
                    label(child) == "nmod" and preposition(child) in {"of", "from"}
                )
                if inner and close and inner.label in {"organization", "group"}:
                    return inner
        for child in token.children:
            inner = self.at.get(child.i)
            named = label(child) in {"flat", "appos", "nmod:desc"} or (
                label(child) == "compound" and token.lower_ in lists["titles"]
            )
            if inner and inner.label == "person" and named and not _is_listed(child):
                return inner
        beside = self.at.get(token.i + 1)
        if (
            beside is not None
            and beside.label == "person"
            and beside.start == token.i + 1
            and token.tag_ in {"NNP", "NN"}
        ):
            return beside
        if token.lower_ in {"they", "who", "it", "he", "she", "group"}:
            person = token.lower_ in {"he", "she"}
            found = self._antecedent(token, "person" if person else "actor")
            if found is not None:
                return found
        start = min(
            (t.i for t in token.lefts if label(t) in {"det", "amod", "compound"}), default=token.i
        )
        return Mention(
            start, token.i + 1, self.doc[start : token.i + 1].text, "group", generic=True
        )

    def modifier(self, token: Token) -> Mention:
        """Return whom the first half of "rebel-held" means; it stands for itself alone."""
        mention = self.at.get(token.i)
        if mention is not None and mention.subject is not None:
            return mention
        return Mention(token.i, token.i + 1, token.text, "group", generic=True)

    def _antecedent(self, token: Token, kind: str) -> Mention | None:
        """Return what a pronoun stands for when the text before leaves one choice only."""
        before = [
            one
            for one in self.mentions
            if one.end <= token.i and one.label != "date" and not one.part and _is_kind(one, kind)
        ]
        if kind in {"place", "city"}:
            names = {one.subject or one.text for one in before if one.subject}
        else:
            floor = self.doc[token.i].sent.start
            recent = [one for one in before if one.end <= floor] or before
            names = {one.subject or one.text for one in recent}
            before = recent
        if kind == "person" and not before:
            sentence = token.sent
            before = [
                one
                for one in self.mentions
                if token.i < one.start < sentence.end and one.label == "person"
            ]
            names = {one.subject or one.text for one in before}
        if len(names) != 1 or not before:
            return None
        tracked = [one for one in before if one.subject] or before
        last = tracked[-1]
        return replace(last, start=token.i, end=token.i + 1, text=token.text)


def _is_listed(token: Token) -> bool:
    return any(child.dep_ == "cc" for child in token.children)


def _is_kind(mention: Mention, kind: str) -> bool:
    if kind == "city":
        last = mention.text.rsplit(" ", 1)[-1].lower()
        return mention.label == "place" and last not in word_lists()["others"]
    if kind == "actor":
        return mention.label in {"organization", "group"}
    return mention.label == kind


def find_events(doc: Doc, mentions: Sequence[Mention], lexicon: Lexicon) -> list[Event]:
    """Return the events of a parsed document, in order of their words."""
    text = _Text(doc, mentions)
    found: list[Event] = []
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
                break
    return _without_doubles(found)


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


# -- verbs ---------------------------------------------------------------------------------------


def _of_verb(text: _Text, verb: Token, entry: Entry) -> Iterator[Event]:  # noqa: C901 — one slot a branch
    if verb.i and text.doc[verb.i - 1].text in _HYPHENS:
        return
    attributive = label(verb) in {"amod", "case", "compound"} and not has_auxiliary(verb)
    if is_verbal(verb) and not attributive:
        roles = arguments(verb)
    elif _looks_finite(text, verb, entry):
        roles = _by_word_order(text, verb)
    else:
        return
    if roles.passive and label(verb) == "acl" and _object_role(entry) is None:
        # no passive of such a verb: "Rebels swept into Hama", read as "rebels that were swept"
        roles.passive, roles.subjects, roles.objects = False, roles.objects, []
    if entry.office:
        office = office_after(verb, entry.office)
        if office is None:
            return
        if entry.patient:
            _turn_appointee(text, verb, roles, office)
    if roles.passive and label(verb) == "acl" and _are(roles.objects, entry.subject_in):
        # "the moment a missile hit in Hama", read as "a missile that was hit"
        roles.passive, roles.subjects, roles.objects = False, roles.objects, []
    if not _frame_fits(text, verb, entry, roles):
        return
    found = list(roles.phrases)
    for noun in roles.objects:
        if noun.lower_ in entry.object:
            found += phrases(noun)
        elif text.place(noun):
            # "ceded Hama to the rebels": the phrase may hang on the place
            found += [pair for pair in phrases(noun) if pair[0] in {"to", "from"}]
    if entry.object and not entry.place and not entry.patient:
        found = list(roles.phrases)

    def fill(role: Role) -> list[Token]:
        for slot in entry.slot(role):
            if slot == "subject":
                tokens = roles.subjects
            elif slot == "object":
                tokens = roles.objects or [
                    noun
                    for words, noun in found
                    if words in entry.with_ and not roles.passive and not entry.passive
                ]
            else:
                tokens = [
                    noun
                    for words, noun in found
                    if (words == slot or words.endswith(f" {slot}"))
                    and not (roles.passive and noun in roles.subjects)
                ]
            if role == "place":
                tokens = [token for token in tokens if text.place(token)]
            if tokens:
                return tokens
        return _nested(text, roles, entry) if role == "place" else []

    yield from _events(text, verb, entry, fill, roles)


def _turn_appointee(text: _Text, verb: Token, roles: Arguments, office: Token) -> None:
    """Find who is appointed: "Okoro appointed prime minister" has no object but the office."""
    after = text.at.get(verb.i + 1)
    people = [noun for noun in roles.objects if text.actor(noun).label == "person"]
    if after is not None and after.label == "person" and text.doc[after.end].tag_ != "POS":
        roles.passive, roles.objects = False, [text.doc[after.start]]
    elif roles.passive:
        return
    elif people and not is_vague(office):
        roles.objects = people
    elif verb.tag_ in {"VBN", "VBD"} and not is_vague(office) and not has_auxiliary(verb):
        roles.passive, roles.objects, roles.subjects = True, roles.subjects, []
    else:
        roles.objects = []


def _are(nouns: Sequence[Token], words: Sequence[str]) -> bool:
    return any(noun.lower_ in words for noun in nouns)


def _nested(text: _Text, roles: Arguments, entry: Entry) -> list[Token]:
    """Find the place in "clashed with the army in Hama", where it hangs on the army."""
    near = [*roles.objects, *(noun for _, noun in roles.phrases)]
    return [
        inner
        for noun in near
        if noun.i not in text.at or text.at[noun.i].label != "place"
        for words, inner in phrases(noun)
        if words in entry.place and words != "of" and text.place(inner)
    ]


def _looks_finite(text: _Text, word: Token, entry: Entry) -> bool:
    """Tell a verb that the tagger or parser took for something else, by what stands around it."""
    before = word.i - 1
    while before > word.sent.start and text.doc[before].tag_ in {"RB", "MD"}:
        before -= 1
    if before < word.sent.start or not text.doc[before].tag_.startswith("NN"):
        return False
    if word.tag_ == "IN":
        return False  # "sites near Hama"
    if word.lower_.endswith("ed") or word.tag_ in {"VBD", "VBN"} or word.tag_ == "VBZ":
        return True
    known = text.at.get(before)
    actor = (
        (known is not None and known.label != "date")
        or text.doc[before].tag_ == "NNS"
        or any(child.tag_ == "DT" for child in text.doc[before].lefts)
        or before == word.sent.start
    )
    last = word.i + 1 >= word.sent.end or text.doc[word.i + 1].tag_ in {"IN", "RP", "_SP", ",", "."}
    inflected = word.lower_.endswith("s") or word.tag_ == "NNP"
    if known is not None and known.label == "person" and inflected and last:
        return True
    after = text.at.get(word.i + 1)
    follows = after is not None and after.start == word.i + 1 and after.label in _GOALS
    if word.i + 1 < word.sent.end:
        following = text.doc[word.i + 1]
        follows = follows or following.lower_ in entry.object
        follows = follows or (word.lower_.endswith("s") and following.tag_ in {"DT", "IN", "RP"})
    return actor and follows and known is not after


def _by_word_order(text: _Text, verb: Token) -> Arguments:
    """Read subject, object and phrases off the order of the words around a misparsed verb."""
    doc, end = text.doc, verb.sent.end
    before = verb.i - 1
    while doc[before].tag_ in {"RB", "MD"}:
        before -= 1
    found = Arguments(subjects=[doc[before]])
    index, words = verb.i + 1, ""
    while index < end and index - verb.i <= _WINDOW:
        token = doc[index]
        known = text.at.get(index)
        if known is not None or token.tag_.startswith(("NN", "PRP")):
            last = known.end - 1 if known is not None else index
            while known is None and last + 1 < end and doc[last + 1].tag_.startswith("NN"):
                last += 1
            head = doc[last]
            if words:
                found.phrases.append((words, head))
            elif not found.objects:
                found.objects.append(head)
            index, words = last + 1, ""
            continue
        if token.tag_ in {"IN", "TO", "RP"}:
            words = f"{words} {token.lower_}".strip()
        elif token.tag_ not in {"DT", "JJ", "RB", "PRP$", "CD", "VBN", "POS", "JJS"}:
            break
        index += 1
    return found


def _phrase_after(text: _Text, word: Token) -> list[tuple[str, Token]]:
    """Return the phrase right behind a noun, "of President Okoro", however it was parsed."""
    index = word.i + 1
    if index >= word.sent.end or text.doc[index].tag_ not in {"IN", "TO"}:
        return []
    words = text.doc[index].lower_
    index += 1
    while index < word.sent.end and index not in text.at and text.doc[index].tag_ in {"DT", "JJ"}:
        index += 1
    known = text.at.get(index)
    return [(words, text.doc[known.end - 1])] if known is not None else []


def _neighbours(text: _Text, word: Token) -> tuple[Mention | None, Mention | None]:
    left, right = word.i - 1, word.i + 1
    while left > word.sent.start and text.doc[left].tag_ in {"RB", "MD"}:
        left -= 1
    while right < word.sent.end - 1 and text.doc[right].tag_ in {"DT", "JJ", "RB"}:
        if right in text.at:
            break
        right += 1
    before = text.at.get(left) if left >= word.sent.start else None
    after = text.at.get(right) if right < word.sent.end else None
    return before, after


def _nearby(verb: Token) -> set[str]:
    words = set()
    for child in verb.children:
        words.add(child.lower_)
        for deep in child.children:
            if deep.dep_ in {
                "case",
                "compound:prt",
                "amod",
                "compound",
                "nmod",
                "obl",
                "obj",
                "prep",
                "pobj",
                "fixed",
                "prt",
            }:
                words.add(deep.lower_)
    end = min(verb.i + 3, verb.sent.end)
    words.update(token.lower_ for token in verb.doc[verb.i + 1 : end] if token.pos_ != "PUNCT")
    return words


def _frame_fits(text: _Text, verb: Token, entry: Entry, roles: Arguments) -> bool:  # noqa: C901, PLR0911 — a list of conditions, each named by its key
    words = _nearby(verb) if entry.with_ or entry.never else set()
    if entry.never & words:
        return False
    if entry.with_ and not all(
        any(choice in words for choice in needed.split("|")) for needed in entry.with_
    ):
        return False
    if entry.object and not any(noun.lower_ in entry.object for noun in roles.objects):
        return False
    if entry.subject_in and not any(
        noun.lower_ in entry.subject_in
        or (noun.i in text.at and text.doc[text.at[noun.i].end - 1].lower_ in entry.subject_in)
        for noun in roles.subjects
    ):
        return False
    participle = verb.tag_ in {"VBN", "VBD"}
    if entry.alone and verb.i + 1 < verb.sent.end and verb.nbor(1).lower_ == "to":
        return False
    if entry.passive and not (roles.passive or (participle and not roles.objects)):
        return False
    if (
        participle
        and not roles.passive
        and not roles.objects
        and roles.subjects
        and not any(label(child) == "aux" for child in verb.children)
        and _object_role(entry) is not None
    ):
        # a headline's bare participle: "Hama bombed", "General killed in raid"
        wanted = _object_role(entry)
        mention = (
            text.place(roles.subjects[0]) if wanted == "place" else text.actor(roles.subjects[0])
        )
        if mention is not None and (wanted == "place" or mention.label == "person"):
            roles.passive, roles.objects, roles.subjects = True, roles.subjects, []
    if entry.bare is not None and not roles.passive:
        objects = [noun for noun in roles.objects if noun.lower_ not in entry.bare]
        if any(text.place(noun) is None or "object" not in entry.place for noun in objects):
            return False
    return not (entry.bare is not None and roles.passive and not entry.patient)


def _object_role(entry: Entry) -> Role | None:
    if "object" in entry.place:
        return "place"
    return "patient" if "object" in entry.patient else None


# -- nouns ---------------------------------------------------------------------------------------


def _of_noun(text: _Text, noun: Token, entry: Entry) -> Iterator[Event]:  # noqa: C901 — one slot a branch
    after = _phrase_after(text, noun)
    if not noun.tag_.startswith("NN") and not (after and noun.tag_ in {"JJ", "VBG", "VBZ", "VB"}):
        return
    words = preposition(noun)
    if entry.case and not any(words == case or words.endswith(f" {case}") for case in entry.case):
        return
    around = {child.lower_ for child in noun.children}
    if entry.never & around:
        return
    if entry.with_ and not all(
        any(choice in around for choice in needed.split("|")) for needed in entry.with_
    ):
        return
    found = after + [pair for pair in phrases(noun) if pair not in after]
    head = governor(noun)
    if is_verbal(head) and head != noun:
        # "launched an attack on Hama": the phrase may hang on the verb
        found += [(case, token) for case, token in phrases(head) if token.i > noun.i]

    def fill(role: Role) -> list[Token]:
        tokens: list[Token] = []
        for slot in entry.slot(role):
            if slot == "possessor":
                tokens = [child for child in noun.children if label(child) == "nmod:poss"]
            elif slot == "modifier":
                tokens = [
                    child
                    for child in noun.children
                    if label(child) in {"compound", "amod", "nmod"}
                    and child.i < noun.i
                    and (
                        child.i in text.at
                        or child.lower_ in word_lists()["rebels"]
                        or child.lower_ == "government"
                    )
                ]
                if role == "agent" and "modifier" in entry.place:
                    tokens = [child for child in tokens if not _is_place(text, child)]
            elif slot == "subject":
                tokens = _described(noun)
            else:
                tokens = [token for case, token in found if case == slot]
            if role == "place":
                tokens = [token for token in tokens if text.place(token)]
            if tokens:
                return tokens
        return []

    yield from _events(text, noun, entry, fill, None)


def _is_place(text: _Text, token: Token) -> bool:
    mention = text.at.get(token.i)
    return mention is not None and mention.label == "place"


def _described(noun: Token) -> list[Token]:
    """Return what a phrase like "under siege" is said of."""
    own = [child for child in noun.children if label(child) in {"nsubj", "nsubj:pass"}]
    if own:
        return own
    head = governor(noun)
    if head == noun:
        return []
    if is_verbal(head) or head.pos_ == "AUX":
        roles = arguments(head)
        return roles.objects or roles.subjects
    return [head]


# -- adjectives ----------------------------------------------------------------------------------


def _of_adjective(text: _Text, word: Token, entry: Entry) -> Iterator[Event]:
    """Read "rebel-held Hama" and "the besieged city of Hama"."""
    doc = text.doc
    if label(word) not in {"amod", "compound", "acl", "nmod", "ROOT", "flat"}:
        return
    hyphen = word.i >= 2 and doc[word.i - 1].text in _HYPHENS  # noqa: PLR2004 — "rebel" and "-"
    if bool(entry.agent) != hyphen:
        return
    if not hyphen and word.i + 1 < len(doc) and doc[word.i + 1].text in _HYPHENS:
        return
    place = None
    mention = text.at.get(word.i)
    if mention is not None and mention.label == "place":
        place = mention
    else:
        after = text.at.get(word.i + 1)
        if after is not None and after.label == "place" and after.start == word.i + 1:
            place = after
        elif label(word) in {"amod", "acl", "compound"} and word.head.i > word.i:
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


_FINDERS: dict[str, Callable[[_Text, Token, Entry], Iterator[Event]]] = {
    "verb": _of_verb,
    "noun": _of_noun,
    "adjective": _of_adjective,
}


# -- roles to mentions ---------------------------------------------------------------------------


def _events(
    text: _Text,
    word: Token,
    entry: Entry,
    fill: Callable[[Role], list[Token]],
    roles: Arguments | None,
) -> Iterator[Event]:
    """Make one event for each place, or each patient, that is coordinated."""
    agent = _first_actor(text, fill("agent"))
    if roles is not None and "subject" in entry.agent and not roles.passive:
        agent = _adjacent_agent(text, word, agent)
    patients: list[Mention | None] = [
        text.actor(one) for token in fill("patient") for one in conjuncts(token)
    ]
    place_tokens = fill("place")
    places: list[Mention | None] = [
        place for token in place_tokens for one in conjuncts(token) if (place := text.place(one))
    ]
    if roles is not None and not places and "object" in entry.place and not roles.objects:
        _, after = _neighbours(text, word)
        if after is not None and after.label == "place" and not roles.passive:
            places = [after]
    if agent is not None and places and places[0] and agent.start == places[0].start:
        agent = None
    missing = {"agent": agent is None, "patient": not patients, "place": not places}
    if any(missing[role] for role in entry.needs):
        return
    event_id = entry.event
    if agent is None and entry.otherwise:
        event_id = entry.otherwise
    standing = entry.standing or entry.event in {"hold", "besieged"}
    whom = (patients[:1] if places else patients) or [None]
    for place in places or [None]:
        for patient in whom:
            yield Event(
                event_id,
                (word.i, word.i + 1),
                (word.sent.start, word.sent.end),
                agent=agent,
                patient=patient,
                place=place,
                standing=standing,
                otherwise=entry.event if event_id != entry.event else None,
            )


def _first_actor(text: _Text, tokens: Sequence[Token]) -> Mention | None:
    candidates = [text.actor(one) for token in tokens for one in conjuncts(token)]
    return next((one for one in candidates if one.subject), candidates[0] if candidates else None)


def _adjacent_agent(text: _Text, verb: Token, agent: Mention | None) -> Mention | None:
    """Prefer the name right before a finite verb whose own subject the parser missed."""
    if any(label(child) in {"nsubj", "nsubj:pass", "mark", "aux"} for child in verb.children):
        return agent
    before, _ = _neighbours(text, verb)
    if (
        before is not None
        and before.label in {"organization", "group", "person"}
        and before.end <= verb.i
        and verb.tag_ in {"VBD", "VBP", "VBZ", "VB", "NNS", "NN", "NNP"}
        and not (before.start and text.doc[before.start - 1].lower_ in {"of", "by", "from", "to"})
    ):
        return before
    return agent
