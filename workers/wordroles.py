"""Tells by words alone where in a sentence the roles of an event may stand.

Grammar puts what belongs to a noun close to it: who attacks stands right before "attack", or behind
"by". Nothing is parsed here; where words cannot tell, a role may stand anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

from workers.lexicon import Entry, Lexicon, Role
from workers.words import demonyms, word_lists

#: slots before a noun: the rebels of "the rebels' attack" and of "the rebel attack"
_BEFORE = frozenset({"possessor", "modifier"})
#: slots that a verb links to a noun, and the lists of words.yaml with such verbs
_LINKED = {"performer": ("performing",), "sufferer": ("suffering", "striking")}
#: slots whose words may stand on either side, at any distance
_LOOSE = frozenset({"subject", "owner", "head", "doer", "claimant"})
_DETERMINERS = frozenset({"a", "an", "the", "this", "that", "these", "those"})
_OWNERS = frozenset({"her", "his", "its", "my", "our", "their", "your"})
#: what joins two nouns into one phrase
_JOINING = frozenset({"and", "of", "or"})
#: what a relative clause opens with, and its subject where it opens with none
_RELATIVE = frozenset({"that", "where", "which", "who", "whom", "whose"})
_SUBJECTS = frozenset({"he", "it", "she", "they", "we"})
#: words for a place, and lists of words.yaml with such
_THINGS = frozenset({"it", "its", "them", "there"})
_PLACES = ("districts", "edges", "grounds", "others", "people", "places", "portions")

#: a word, and what parts it from the one before
_PIECE = re.compile(
    r"([,;:()\u201c\u201d\"\u2013\u2014?!]?)[^\w,;:()\u201c\u201d\"\u2013\u2014?!]*([^\W_]+)"
)


@dataclass(frozen=True, slots=True)
class Row:
    """The words of a sentence in order."""

    written: Sequence[str]
    #: in small letters
    words: Sequence[str]
    #: where states are named that are tracked as actors, which are no places then
    states: AbstractSet[int] = frozenset()
    #: words behind a comma, a colon, a quotation mark or the like
    parted: AbstractSet[int] = frozenset()

    @classmethod
    def of(cls, sentence: str) -> Row:
        """Split a sentence."""
        pieces = _PIECE.findall(sentence)
        written = [word for _, word in pieces]
        parted = frozenset(at for at, (mark, _) in enumerate(pieces) if mark)
        return cls(written, [word.lower() for word in written], parted=parted)

    def positions(self, word: str) -> list[int]:
        """Return where a word stands."""
        return [at for at, each in enumerate(self.words) if each == word]

    def has_place(self, start: int, end: int) -> bool:
        """Tell whether some word of a stretch may mean a place: a name, or a word for one."""
        return any(
            self.words[at] in _places() or (self.written[at][0].isupper() and at not in self.states)
            for at in range(start, end)
        )

    def start_of(self, at: int) -> int:
        """Return where the words begin that belong to the noun behind them."""
        while at and self.words[at - 1] not in _starts() and at not in self.parted:
            at -= 1
        return at

    def end_of(self, at: int) -> int:
        """Return where the noun phrase ends that begins at a word, at the latest."""
        inside = False
        while at < len(self.words) and self.words[at] not in word_lists()["phrase_ends"]:
            if inside and (at in self.parted or self.words[at] in _DETERMINERS | _OWNERS):
                break
            inside = self.words[at] not in {*_DETERMINERS, *_JOINING, "all", "both"}
            at += 1
        return at


@dataclass(frozen=True, slots=True)
class Slots:
    """Where a role of one line of the lexicon may stand."""

    #: as the subject of its verb
    subject: bool = False
    #: as the object of its verb
    object: bool = False
    #: right before its noun
    before: bool = False
    #: behind one of these words
    after: AbstractSet[str] = frozenset()
    #: with one of these verbs between them, or beside both
    linked: AbstractSet[str] = frozenset()
    #: on either side of its word, as with verbs
    free: bool = False
    anywhere: bool = False

    def reach(self, row: Row, at: int, spots: Sequence[int]) -> bool:
        """Tell whether somebody who is meant at one of the spots may have the role.

        Args:
            row: the sentence.
            at: where the word of the event stands.
            spots: positions in order, at least one.
        """
        if self.anywhere or self.free:
            return True
        if self.subject:
            return _acts(row.words, at, spots)
        if self.before and any(row.start_of(at) <= spot < at for spot in spots):
            return True
        if not self.after.isdisjoint(row.words[at + 1 : spots[-1]]):
            return True
        links = [link for link, word in enumerate(row.words) if word in self.linked]
        return any(min(at, spot) < link for link in links for spot in spots)

    def has_place(self, row: Row, at: int) -> bool:
        """Tell whether a place may stand where one is needed; states that act are none."""
        if self.anywhere or not self.linked.isdisjoint(row.words):
            return True
        if self.before and row.has_place(row.start_of(at), at):
            return True
        if self.object and (not _is_active(row, at) or row.has_place(at + 1, row.end_of(at + 1))):
            return True
        return any(
            word in self.after and row.has_place(place, row.end_of(place))
            for place, word in enumerate(row.words[:-1], start=1)
            if place > at or self.free
        )


ANYWHERE = Slots(anywhere=True)


def _acts(words: Sequence[str], at: int, spots: Sequence[int]) -> bool:
    """Tell whether a verb's subject may stand at one of the spots."""
    # "To take Hama, rebels ...", "Driven from Hama, rebels ..."
    if spots[0] < at or words[0] in {words[at], "to"}:
        return True
    # "After taking Hama, rebels ..."
    if words[at].endswith("ing") and (not at or words[at - 1] in word_lists()["introducing"]):
        return True
    return "by" in words[at : spots[-1]]


def _is_active(row: Row, at: int) -> bool:
    """Tell "taking", "to take" and "takes", whose object follows, from passive and relative clauses."""
    word, words = row.words[at], row.words[:at]
    if word.endswith("ing") or (words and words[-1] in word_lists()["auxiliaries"]):
        return True
    return (
        word.endswith("s")
        and _RELATIVE.isdisjoint(words)
        and bool(words)
        and words[-1] not in _SUBJECTS
    )


def is_no_verb(entry: Entry, row: Row, at: int) -> bool:
    """Tell the noun of "the attack", "a major attack" and "Russian attacks" from the verb."""
    if entry.verb is None or not at or row.words[at] not in {entry.verb, f"{entry.verb}s"}:
        return False
    before = row.words[at - 1]
    # "the British attack", but "the Russian attack"
    if before in (_DETERMINERS | _OWNERS) - {"that"} or (
        before.capitalize() in demonyms() and before.endswith(("n", "i"))
    ):
        return True
    # "a major attack", but "a dozen rebels attack"
    single = row.words[at] == entry.verb and not before.endswith("s")
    start = row.start_of(at)
    return single and start > 0 and row.words[start - 1] in {"a", "an"}


def slots_of(entry: Entry, role: Role, lexicon: Lexicon) -> Slots:
    """Return where a role of a line may stand."""
    named = entry.slot(role)
    if entry.verb and role == "agent" and named == ("subject",):
        return Slots(subject=True)
    if not named or entry.adjective or not _LOOSE.isdisjoint(named):
        return ANYWHERE
    after = frozenset(
        slot.split()[-1] for slot in named if slot not in {"object", *_BEFORE, *_LINKED}
    )
    if entry.verb:
        return Slots(object="object" in named, after=after, free=True)
    lists = [each for slot in named for each in _LINKED.get(slot, ())]
    if role == "agent" and "possessor" in named:
        lists.append("undertakings")
    linked = _forms((verb for name in lists for verb in word_lists()[name]), lexicon)
    return Slots(before=not _BEFORE.isdisjoint(named), after=after, linked=linked)


def _forms(verbs: Iterable[str], lexicon: Lexicon) -> frozenset[str]:
    return frozenset(form for verb in verbs for form in lexicon.inflected(verb))


@cache
def _starts() -> frozenset[str]:
    """Return the words before which no noun phrase goes on, to the left."""
    return word_lists()["phrase_ends"] | _DETERMINERS | _JOINING


@cache
def _places() -> frozenset[str]:
    """Return the small words that may mean a place."""
    lists = word_lists()
    return frozenset().union(*(lists[name] for name in _PLACES)) | _THINGS
