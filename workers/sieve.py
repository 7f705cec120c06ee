"""Tells which articles are worth the parse: a cheap look at the words of each sentence.

A sentence can make a claim only if a word in it may mean an event that moves some kind of subject,
and a subject of that kind is named in it, or may be meant by a word in it ("they", "the town",
"rebels") and is named elsewhere in the article. Where words alone cannot tell, an article passes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cache
from operator import itemgetter

from monitor.ontology import Ontology
from monitor.watchlist import ActorKind
from workers.anaphora import SETTLEMENTS
from workers.echoes import DENIALS
from workers.gazetteer import Kinds, Trace
from workers.lexicon import Entry, Lexicon, Role
from workers.scenes import looks_back
from workers.segments import gaps
from workers.wordroles import ANYWHERE, Row, Slots, is_no_verb, slots_of
from workers.words import capitals, country_names, demonyms, word_lists, words_of

#: where in a sentence subjects of some kinds may be meant
Spots = list[tuple[int, Kinds]]

#: every kind of subject there is
ANY: Kinds = frozenset({"place", *ActorKind})
_PERSONS: Kinds = frozenset({ActorKind.PERSON})
_FORCES: Kinds = ANY - {"place", ActorKind.PERSON}
#: words that may mean what the text before them names, with the kinds of what they may mean
_PRONOUNS: Mapping[str, Kinds] = {
    **dict.fromkeys(("he", "her", "him", "his", "she"), _PERSONS),
    **dict.fromkeys(("group", "their", "them", "they", "who"), _FORCES),
    **dict.fromkeys(("it", "its", "itself"), _FORCES | {"place"}),
    **dict.fromkeys((*SETTLEMENTS, "there"), frozenset({"place"})),
}
#: before a state's name: it is where something happens, and does nothing itself
_WITHIN = frozenset({"across", "in", "inside", "throughout", "within"})
#: words behind a demonym in which its state's forces or deeds must come: "Russian and Syrian jets"
_NEAR = 3
_ROLES: tuple[Role, ...] = ("agent", "patient", "place")
#: slots of a role that no preposition marks
_UNMARKED = frozenset(
    {"subject", "object", "owner", "possessor", "modifier", "head", "doer", "performer", "sufferer"}
    | {"claimant"}
)
#: words before the colon of a label: "Ukraine war: ..."
_LABEL = 3

_HYPHENED = re.compile(r"\b(\w+)-(\w+)")
_LABELLED = re.compile(r"[^:]{1,40}:\s")


@dataclass(frozen=True, slots=True)
class _Line:
    """What a line of the lexicon asks of a sentence that has one of its forms."""

    entry: Entry
    #: of each group of words one
    needs: tuple[frozenset[str], ...]
    #: kinds of the subjects that it moves, and where they stand
    moves: tuple[tuple[Kinds, Slots], ...]
    #: where its place stands, if it needs one
    place: Slots | None

    def fits(self, words: AbstractSet[str], *, war: bool) -> bool:
        return (war or not self.entry.war) and all(
            not group.isdisjoint(words) for group in self.needs
        )

    def may_move(self, row: Row, at: int, spots: Spots) -> bool:
        """Tell whether it may move somebody who is meant in a sentence.

        Args:
            row: the sentence.
            at: where the form stands.
            spots: where subjects may be meant, in order.
        """
        if is_no_verb(self.entry, row, at):
            return False
        if self.place is not None and not self.place.has_place(row, at):
            return False
        for kinds, slots in self.moves:
            meant = [spot for spot, found in spots if found & kinds]
            if meant and slots.reach(row, at, meant):
                return True
        return False


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    #: what parts it from the next one
    gap: str
    words: AbstractSet[str]
    #: somebody tracked is named in it
    subjects: bool
    #: it may make a claim
    tells: bool = False

    @property
    def names(self) -> bool:
        """Whether it names somebody, or a country whose army others may be of."""
        return self.subjects or not _lands().isdisjoint(self.words)

    @property
    def denies(self) -> bool:
        """Whether it may deny what stands before it."""
        return not DENIALS.isdisjoint(self.words)


def _needed_of(sentences: Sequence[_Sentence]) -> Iterator[str]:
    """Yield what is kept of each sentence, from the last to the first: at least its line ends."""
    opening = 2 if looks_back(sentences[0].text) else 1
    tells = paragraph = False
    for number, one in reversed([*enumerate(sentences)]):
        paragraph = (paragraph and "\n" not in one.gap) or one.tells
        tells = tells or one.tells
        answers = number > 0 and sentences[number - 1].tells and one.denies
        if number < opening or paragraph or answers or (tells and one.names):
            yield one.text + one.gap
        else:
            yield "\n" * one.gap.count("\n")


@dataclass(frozen=True, slots=True)
class Sieve:
    """The words of the events that move something, and of the subjects that they may move.

    Without traces every event counts, whomever it moves: for reading in the open.
    """

    lexicon: Lexicon
    ontology: Ontology
    traces: Collection[Trace] = ()
    _lines: dict[str, list[_Line]] = field(init=False, default_factory=dict)
    #: the longest word of a trace -> the traces
    _traces: dict[str, list[Trace]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for trace in self.traces:
            self._traces.setdefault(max(trace.words, key=len), []).append(trace)
        for form, entries in self.lexicon.forms.items():
            lines = [self._line(entry) for entry in entries]
            if lines := [line for line in lines if line.moves]:
                self._lines[form] = lines

    def _line(self, entry: Entry) -> _Line:
        moves: dict[Slots, Kinds] = {}
        for name in (entry.event, entry.otherwise or entry.event):
            kind = self.ontology.events.get(name)
            if kind and not self.traces:
                moves[ANYWHERE] = ANY
            for effect in kind.effects if kind else ():
                slots = slots_of(entry, effect.role, self.lexicon)
                kinds = self.ontology.facets[effect.facet].applies_to
                moves[slots] = moves.get(slots, frozenset()).union(kinds)
        place = None
        if self.traces and ("place",) in entry.needs:
            place = slots_of(entry, "place", self.lexicon)
        pairs = tuple((kinds, slots) for slots, kinds in moves.items())
        return _Line(entry, _needed(entry), pairs, place)

    def named(self, text: str) -> Kinds:
        """Return the kinds of the subjects that a text may name."""
        if not self.traces:
            return ANY
        words = frozenset(words_of(text))
        found = list(self._found(words))
        alone = any(trace.alone for trace in found)
        return frozenset().union(*(trace.kinds for trace in found if alone))

    def sifted(self, text: str, named: Kinds) -> str:
        """Return what of a text must be parsed; nothing if no sentence may make a claim.

        Kept are the sentences that may make a claim, and what these are read by: the title, what
        stands before them in their paragraph, all names before them, and a denial behind them.

        Args:
            text: title and body, as plain text.
            named: the kinds of the subjects that are named anywhere in it.
        """
        sentences = list(self._sentences(text, named))
        if not any(one.tells for one in sentences):
            return ""
        if not self.traces:
            return text
        return "".join(reversed([*_needed_of(sentences)])).strip()

    def _sentences(self, text: str, named: Kinds) -> Iterator[_Sentence]:
        war = not word_lists()["war"].isdisjoint(words_of(text))
        before: Kinds = frozenset()
        entry, start = False, 0
        for end, after in [*gaps(text), (len(text), len(text))]:
            row = Row.of(self._joined(text[start:end]))
            words = frozenset(row.words)
            found = list(self._found(words))
            before = before.union(*(trace.kinds for trace in found))
            if not start:
                # under a title that is a name alone, a note may leave its subject out
                entry = not self.traces or any(trace.words >= words for trace in found)
            one = _Sentence(text[start:end], text[end:after], words, bool(found))
            told = [
                (form, line)
                for form in self._lines.keys() & words
                for line in self._lines[form]
                if line.fits(words, war=war)
            ]
            if told and not entry:
                row = replace(row, states=_states(row, found))
                spots = self._spots(one.text, row, found, before, named)
                meant = sorted(spots, key=itemgetter(0))
                told = [
                    (form, line)
                    for form, line in told
                    if any(line.may_move(row, at, meant) for at in row.positions(form))
                ]
            yield replace(one, tells=bool(told))
            start = after

    def _joined(self, sentence: str) -> str:
        """Write "cease-fire" as one word, where the lexicon has it as one."""
        if "-" not in sentence:
            return sentence
        return _HYPHENED.sub(
            lambda pair: (
                pair[1] + pair[2] if (pair[1] + pair[2]).lower() in self._lines else pair[0]
            ),
            sentence,
        )

    def _found(self, words: AbstractSet[str]) -> Iterator[Trace]:
        for word in self._traces.keys() & words:
            yield from (trace for trace in self._traces[word] if trace.words <= words)

    def _spots(
        self,
        sentence: str,
        line: Row,
        found: Collection[Trace],
        before: Kinds,
        named: Kinds,
    ) -> Iterator[tuple[int, Kinds]]:
        """Yield where subjects may be meant in a sentence."""
        label = _LABELLED.match(sentence)
        labels = len(words_of(label[0])) if label else 0
        labels = labels if labels <= _LABEL else 0
        row = line.words
        for at, word in enumerate(row):
            for trace in found:
                if word in trace.words and self._counts(trace, row, at, labels):
                    yield at, trace.kinds
            if word in _PRONOUNS:
                yield at, _PRONOUNS[word] & before
            if word in _generic():
                yield at, _generic()[word] & named
        if state := _state().search(" ".join(row)):
            yield len(words_of(state.string[: state.start()])), _FORCES & named

    def _counts(self, trace: Trace, row: Sequence[str], at: int, labels: int) -> bool:
        """Tell whether a name may play a part: not "war in Ukraine", nor "Russian ballet"."""
        if trace.of == "name":
            return True
        if trace.of == "people":
            near = row[at + 1 : at + 1 + _NEAR]
            return any(each in self._lines or each in _arms() for each in near)
        return at >= labels and (not at or row[at - 1] not in _WITHIN | trace.words)


def _states(row: Row, found: Iterable[Trace]) -> frozenset[int]:
    """Return where states are named that are tracked as actors: they are no places then."""
    names = [trace.words for trace in found if trace.of == "state" and trace.alone]
    return frozenset(at for at, word in enumerate(row.words) if any(word in name for name in names))


@cache
def _generic() -> Mapping[str, Kinds]:
    """Return the words that may mean somebody whom any sentence of the article names."""
    lists = word_lists()
    return {
        **dict.fromkeys(lists["titles"], _PERSONS),
        **dict.fromkeys(lists["rebels"], _FORCES),
    }


@cache
def _lands() -> frozenset[str]:
    """Return the words of countries, capitals and demonyms."""
    names = [*country_names(), *capitals().values(), *demonyms()]
    return frozenset(word.lower() for name in names for word in name.split() if word[0].isupper())


@cache
def _state() -> re.Pattern[str]:
    """Return what finds "the army" and "government forces"."""
    phrases = (re.sub(r"\W", " ", phrase) for phrase in word_lists()["government"])
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b")


@cache
def _arms() -> frozenset[str]:
    """Return what makes of a demonym before it the state, its capital or its deed."""
    lists = word_lists()
    return lists["state_members"] | lists["deeds"] | {"capital"}


def _needed(entry: Entry) -> tuple[frozenset[str], ...]:
    groups: list[Iterable[str]] = [entry.object, entry.subject_in, entry.case, entry.particle]
    groups += [needed.split("|") for needed in entry.with_]
    for role in _ROLES:
        slots = entry.slot(role)
        if (role,) in entry.needs and slots and _UNMARKED.isdisjoint(slots):
            groups.append(slot.split()[-1] for slot in slots)
    groups = [tuple(group) for group in groups]
    return tuple(
        frozenset(part for word in group for part in re.split(r"\W", word))
        for group in groups
        if group
    )
