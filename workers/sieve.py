"""Tells which articles are worth the parse: a cheap look at the words of each sentence.

A sentence can make a claim only if a word in it may mean an event that moves some kind of subject,
and a subject of that kind is named in it, or may be meant by a word in it ("they", "the town",
"rebels") and is named elsewhere in the article. Where words alone cannot tell, an article passes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter

from monitor.ontology import Ontology
from monitor.watchlist import ActorKind
from workers.anaphora import SETTLEMENTS
from workers.gazetteer import Kinds, Trace
from workers.lexicon import Entry, Lexicon, Role
from workers.words import word_lists

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

_WORD = re.compile(r"[^\W_]+")
_LABELLED = re.compile(r"[^:]{1,40}:\s")
#: only where the parser would end a sentence, too: behind a word in small letters, before a capital
_SENTENCE_END = re.compile(
    r"(?<=[a-z]{3}[.!?])[\"'\u201d\u2019]?\s+(?=[\"'\u201c\u2018]?[A-Z])|\s*\n\s*"
)


@dataclass(frozen=True, slots=True)
class _Line:
    """What a line of the lexicon asks of a sentence that has one of its forms."""

    #: of each group of words one
    needs: tuple[frozenset[str], ...]
    #: kinds of the subjects that it moves, wherever they are named
    anywhere: Kinds
    #: those that it moves as the subject of its verb
    before: Kinds
    #: only in a text that speaks of war
    war: bool = False

    def fits(self, words: AbstractSet[str], *, war: bool) -> bool:
        return (war or not self.war) and all(not group.isdisjoint(words) for group in self.needs)

    def moves(self, row: Sequence[str], form: str, spots: Spots) -> bool:
        """Tell whether it may move somebody who is meant in a sentence."""
        if any(kinds & self.anywhere for _, kinds in spots):
            return True
        acting = [spot for spot, kinds in spots if kinds & self.before]
        if not acting:
            return False
        at = len(row) - 1 - row[::-1].index(form)
        # "After taking Hama, rebels ...", "To take Hama, rebels ...", "Driven from Hama, rebels ..."
        opens = form.endswith("ing") or row[0] in {form, "to"}
        return opens or acting[0] < at or "by" in row[at : acting[-1]]


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
            if lines := [line for line in lines if line.anywhere or line.before]:
                self._lines[form] = lines

    def _line(self, entry: Entry) -> _Line:
        anywhere, before = set[str](), set[str]()
        for name in (entry.event, entry.otherwise or entry.event):
            kind = self.ontology.events.get(name)
            if kind and not self.traces:
                anywhere.update(ANY)
            for effect in kind.effects if kind else ():
                leads = effect.role == "agent" and entry.agent == ("subject",) and not entry.noun
                kinds = self.ontology.facets[effect.facet].applies_to
                (before if leads else anywhere).update(kinds)
        return _Line(_needed(entry), frozenset(anywhere), frozenset(before), war=entry.war)

    def named(self, text: str) -> Kinds:
        """Return the kinds of the subjects that a text may name."""
        if not self.traces:
            return ANY
        words = frozenset(_words(text))
        found = list(self._found(words))
        alone = any(trace.alone for trace in found)
        return frozenset().union(*(trace.kinds for trace in found if alone))

    def lets_through(self, text: str, named: Kinds) -> bool:
        """Tell whether some sentence may make a claim.

        Args:
            text: title and body, as plain text.
            named: the kinds of the subjects that are named anywhere in it.
        """
        before: Kinds = frozenset()
        entry = False
        war = not word_lists()["war"].isdisjoint(_words(text))
        for number, sentence in enumerate(_SENTENCE_END.split(text)):
            row = _words(sentence)
            words = frozenset(row)
            found = list(self._found(words))
            before = before.union(*(trace.kinds for trace in found))
            if not number:
                # under a title that is a name alone, a note may leave its subject out
                entry = any(trace.words >= words for trace in found)
            told = [
                (form, line)
                for form in self._lines.keys() & words
                for line in self._lines[form]
                if line.fits(words, war=war)
            ]
            if not told:
                continue
            if entry or not self.traces:
                spots = [(0, named)]
            else:
                spots = sorted(self._spots(sentence, row, found, before, named), key=itemgetter(0))
            if any(line.moves(row, form, spots) for form, line in told):
                return True
        return False

    def _found(self, words: AbstractSet[str]) -> Iterator[Trace]:
        for word in self._traces.keys() & words:
            yield from (trace for trace in self._traces[word] if trace.words <= words)

    def _spots(
        self,
        sentence: str,
        row: Sequence[str],
        found: Collection[Trace],
        before: Kinds,
        named: Kinds,
    ) -> Iterator[tuple[int, Kinds]]:
        """Yield where subjects may be meant in a sentence."""
        label = _LABELLED.match(sentence)
        labels = len(_words(label[0])) if label else 0
        labels = labels if labels <= _LABEL else 0
        for at, word in enumerate(row):
            for trace in found:
                if word in trace.words and self._counts(trace, row, at, labels):
                    yield at, trace.kinds
            if word in _PRONOUNS:
                yield at, _PRONOUNS[word] & before
            if word in _generic():
                yield at, _generic()[word] & named
        if state := _state().search(" ".join(row)):
            yield len(_words(state.string[: state.start()])), _FORCES & named

    def _counts(self, trace: Trace, row: Sequence[str], at: int, labels: int) -> bool:
        """Tell whether a name may play a part: not "war in Ukraine", nor "Russian ballet"."""
        if trace.of == "name":
            return True
        if trace.of == "people":
            near = row[at + 1 : at + 1 + _NEAR]
            return any(each in self._lines or each in _arms() for each in near)
        return at >= labels and (not at or row[at - 1] not in _WITHIN | trace.words)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


@cache
def _generic() -> Mapping[str, Kinds]:
    """Return the words that may mean somebody whom any sentence of the article names."""
    lists = word_lists()
    return {
        **dict.fromkeys(lists["titles"], _PERSONS),
        **dict.fromkeys(lists["rebels"], _FORCES),
    }


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
    groups: list[Iterable[str]] = [entry.object, entry.subject_in, entry.case]
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
