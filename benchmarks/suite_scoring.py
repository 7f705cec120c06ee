"""Pure scoring of what was read in the suite's items against their gold."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from figures import Counts, inside, same_name, words
from suite_gold import GoldEvent, Item, trigger_of

from monitor.ontology import EventType
from monitor.records import Claim, Factuality
from workers.events import Event
from workers.mentions import Mention

#: what is to be reached
EVENTS_F1 = 0.95
WRONG_CONTROL = 0

DEEDS = frozenset({Factuality.CONFIRMED, Factuality.REPORTED, Factuality.CLAIMED})
#: what is judged of an event that was found; the first three are its roles
JUDGED = ("agent", "patient", "place", "factuality", "history", "attribution", "time")
ROLES = JUDGED[:3]

#: relations of a part that its whole's name alone does not name
_OTHERS = frozenset({"edge", "other"})


@dataclass(frozen=True, slots=True)
class Found:
    """An event that was read, and from where to where its word stands."""

    event: Event
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold event and what was read of it."""

    gold: GoldEvent
    found: Found
    #: what is judged here -> whether it is right; left out is what neither side tells
    verdicts: Mapping[str, bool]

    @property
    def wrong(self) -> tuple[str, ...]:
        """What is wrong."""
        return tuple(name for name, right in self.verdicts.items() if not right)

    @property
    def is_whole(self) -> bool:
        """All roles and the factuality are right."""
        return not {*ROLES, "factuality"} & set(self.wrong)


@dataclass(frozen=True, slots=True)
class Control:
    """Who holds what, by the claims of one item: (place, holder) each."""

    right: tuple[tuple[str, str], ...] = ()
    missed: tuple[tuple[str, str], ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """One item with all that is right and wrong in its reading."""

    item: Item
    pairs: tuple[Pair, ...]
    missed: tuple[GoldEvent, ...]
    false: tuple[Found, ...]
    control: Control

    @property
    def is_right(self) -> bool:
        """Nothing is wrong."""
        whole = not any(pair.wrong for pair in self.pairs)
        return whole and not (
            self.missed or self.false or self.control.wrong or self.control.missed
        )


@dataclass(slots=True)
class Tally:
    """Counts over items."""

    items: int = 0
    events: Counts = field(default_factory=Counts)
    whole: Counts = field(default_factory=Counts)
    control: Counts = field(default_factory=Counts)
    #: what is judged -> (right, judged)
    judged: dict[str, tuple[int, int]] = field(
        default_factory=lambda: dict.fromkeys(JUDGED, (0, 0))
    )


def judge(
    item: Item, found: Sequence[Found], claims: Iterable[Claim], kinds: Mapping[str, EventType]
) -> Judged:
    """Compare the events and claims that were read in an item with its gold."""
    groups: dict[tuple[str, str, int], tuple[list[GoldEvent], list[Found]]] = defaultdict(
        lambda: ([], [])
    )
    for gold in item.events:
        kind, (start, _) = kinds[gold.event], trigger_of(gold, item.text)
        groups[kind.type, kind.mode, start][0].append(gold)
    for one in found:
        kind = kinds[one.event.id]
        place = (kind.type, kind.mode, _trigger(item, one))
        groups[place][1].append(one)
    pairs: list[Pair] = []
    missed: list[GoldEvent] = []
    false: list[Found] = []
    for wanted, told in groups.values():
        matched = list(_matched(wanted, told, item.text))
        pairs += matched
        missed += [gold for gold in wanted if all(pair.gold is not gold for pair in matched)]
        false += [one for one in told if all(pair.found is not one for pair in matched)]
    control = judge_control(item, claims)
    return Judged(item, tuple(pairs), tuple(missed), tuple(false), control)


def _trigger(item: Item, found: Found) -> int:
    """Return where the gold's word begins that this one lies in: tokens may be longer or shorter."""
    for gold in item.events:
        start, end = trigger_of(gold, item.text)
        if found.start < end and start < found.end:
            return start
    return found.start


def _matched(wanted: Sequence[GoldEvent], told: Sequence[Found], text: str) -> Iterator[Pair]:
    """Pair events of one word, those that agree best first."""
    options = [Pair(gold, one, verdicts(gold, one.event, text)) for gold in wanted for one in told]
    while options:
        # the order of the text where two agree as well
        best = min(options, key=lambda pair: len(pair.wrong))
        yield best
        options = [
            pair for pair in options if pair.gold is not best.gold and pair.found is not best.found
        ]


def verdicts(gold: GoldEvent, event: Event, text: str) -> dict[str, bool]:
    """Judge what is told of an event that was found."""
    told: dict[str, bool] = {}
    for role, mention in (("agent", event.agent), ("patient", event.patient)):
        name = gold.role(role)
        if name is not None or mention is not None:
            told[role] = name is not None and mention is not None and is_actor(name, mention, text)
    if gold.place is not None or event.place is not None:
        told["place"] = (
            gold.place is not None
            and event.place is not None
            and is_place(gold.place, event.place, portion=gold.event == "capture-part")
        )
    told["factuality"] = gold.factuality is event.factuality
    told["history"] = gold.history is event.history
    if gold.attribution is not None or event.attribution:
        told["attribution"] = bool(
            gold.attribution
            and event.attribution
            and same_name(gold.attribution, event.attribution)
        )
    if (days := gold.interval) is not None:
        told["time"] = overlaps(days, event.start, event.end)
    return told


def overlaps(days: tuple[datetime, datetime], start: datetime | None, end: datetime | None) -> bool:
    """Tell whether an interval that was read meets the days of the gold."""
    if start is None or end is None:
        return False
    return start.astimezone(UTC) < days[1] and days[0] <= end.astimezone(UTC)


def is_actor(gold: str, mention: Mention, text: str) -> bool:
    """Tell whether a mention may be the actor: see :func:`same_actor`."""
    return any(same_actor(gold, name, text) for name in (mention.text, mention.name) if name)


def same_actor(gold: str, name: str, text: str) -> bool:
    """Tell whether two names may be of one actor.

    The words of one stand in the other's, or they are one phrase of the text: "Syrian" and
    "army" in "the Syrian government's army", "fighters" and "League" in "fighters of the League".
    """
    if same_name(gold, name):
        return True
    one, other = re.escape(gold), re.escape(name)
    phrase = (
        rf"(?<!\w)(?:{other}(?:['\u2019]s?)?(?:[ -][\w'\u2019]+){{0,2}}[ -]{one}"
        rf"|{one} (?:of|from) (?:the )?{other})(?!\w)"
    )
    return re.search(phrase, text) is not None


def is_place(gold: str, mention: Mention, *, portion: bool = False) -> bool:
    """Tell whether a mention is the place: Homs is not Homs airport, nor the outskirts.

    Args:
        gold: the place as it stands in the text.
        mention: what was read.
        portion: parts of the place are meant, and the gold names the whole.
    """
    wanted = words(gold)
    if wanted == words(mention.text):
        return True
    bare = wanted == words(mention.name)
    if bare:
        return not mention.part or mention.relation not in _OTHERS or portion
    return inside(wanted, words(mention.text))


def is_told(gold: str, subject: str) -> bool:
    """Tell whether a claim is about a place: of "airport", so is one about "airport of Baidoa"."""
    wanted = words(gold)
    return wanted == words(subject) or (gold.islower() and inside(wanted, words(subject)))


def judge_control(item: Item, claims: Iterable[Claim]) -> Control:
    """Compare the claims of control with the holders of the gold."""
    told = list(
        dict.fromkeys(
            (claim.subject, claim.value)
            for claim in claims
            if claim.facet == "control" and claim.factuality in DEEDS
        )
    )

    def known(pair: tuple[str, str], gold: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        return [
            (place, holder)
            for place, holder in gold
            if is_told(place, pair[0]) and same_actor(holder, pair[1], item.text)
        ]

    wanted, maybe = item.pairs("control"), item.pairs("maybe")
    right = [hit for pair in told for hit in known(pair, wanted)]
    return Control(
        right=tuple(dict.fromkeys(right)),
        missed=tuple(pair for pair in wanted if pair not in right),
        wrong=tuple(pair for pair in told if not known(pair, wanted) and not known(pair, maybe)),
    )


def tally(judged: Iterable[Judged]) -> Tally:
    """Count over items."""
    counts = Tally()
    for one in judged:
        counts.items += 1
        right, wrong, missed = len(one.pairs), len(one.false), len(one.missed)
        counts.events += Counts(right, wrong, missed)
        whole = sum(pair.is_whole for pair in one.pairs)
        counts.whole += Counts(whole, wrong + right - whole, missed + right - whole)
        control = one.control
        counts.control += Counts(len(control.right), len(control.wrong), len(control.missed))
        for pair in one.pairs:
            for name, good in pair.verdicts.items():
                hits, of = counts.judged[name]
                counts.judged[name] = hits + good, of + 1
    return counts
