"""When an event happened: an interval relative to publication, and whether it is history.

Only a time expression of the event's own clause counts: a dependent of the trigger, or of the
verb that the trigger is the object or subject of. Everything is in UTC; days are whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from spacy.tokens import Token

#: events older than this are history: they explain the news and are not it
HISTORY_AFTER = timedelta(days=30)

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        [
            "monday mon",
            "tuesday tue tues",
            "wednesday wed",
            "thursday thu thurs",
            "friday fri",
            "saturday sat",
            "sunday sun",
        ]
    )
    for name in names.split()
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ],
        1,
    )
    for name in names.split()
}
_NUMBERS = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
} | {"a": 1, "an": 1, "couple": 2, "eleven": 11, "twelve": 12, "few": 4, "several": 5, "dozen": 12}
_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "night": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
    "decade": timedelta(days=3652),
    "century": timedelta(days=36525),
}
_DAY = timedelta(days=1)
_YEAR = re.compile(r"\b(1[0-9]{3}|20[0-9]{2})(?:s|-\d{2,4})?\b")
_MONTH_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m1>{_MONTH_NAME})"
    rf"|(?P<m2>{_MONTH_NAME})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)\b(?:,? (?P<y>\d{{4}}))?",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"\b(?P<m>{_MONTH_NAME})\b\.?,?(?: of)?(?: (?P<y>\d{{4}}))?", re.IGNORECASE)
_AGO = re.compile(r"\b(?P<n>\d+|[a-z]+)(?: of)? (?P<u>minute|hour|day|night|week|month|year|decade|century)s? "
                  r"(?:ago|earlier|before|back)\b")  # fmt: skip
_AGO_PLURAL = re.compile(
    r"\b(?P<u>hour|day|week|month|year|decade|centurie)s (?:ago|earlier|before)\b"
)
_PAST_UNIT = re.compile(
    r"\b(?:last|past|previous) (?:(?P<n>\d+|[a-z]+) )?(?P<u>hour|day|night|week|month|year|decade|century)s?\b"
)
_THIS_UNIT = re.compile(
    r"\b(?:earlier |later )?this (?P<u>week|month|year|morning|afternoon|evening)\b"
)
_FICTION = frozenset({"film", "movie", "novel", "book", "documentary", "memoir", "play", "museum"})
_MEMORY = frozenset(
    {"anniversary", "commemoration", "memorial", "obituary", "centenary", "history", "historian"}
)
_OWN = frozenset({"obl", "obl:tmod", "obl:npmod", "obl:unmarked", "nmod", "nmod:tmod", "advmod"}) | {
    "nmod:unmarked", "nmod:npmod", "npadvmod", "compound", "amod", "nummod", "nmod:poss", "advcl"
}  # fmt: skip
_CLAUSE_STEPS = frozenset({"obj", "nsubj", "nsubj:pass", "xcomp", "obl", "conj"})


@dataclass(frozen=True, slots=True)
class When:
    """The interval of an event, UTC; ``text`` is the expression that says so, if one does."""

    start: datetime
    end: datetime
    history: bool
    text: str | None


def when(trigger: Token, published: datetime) -> When:
    """Return when the event of a trigger happened.

    Without an expression the event is as old as its report: start = end = ``published``.

    Args:
        trigger: the verb or noun that names the event, in a parsed document.
        published: when the article appeared; time-zone aware.
    """
    published = published.astimezone(UTC)
    for text in _expressions(trigger):
        interval = _read(text, published, _is_past(trigger))
        if interval is not None:
            start = min(interval[0], published)
            end = max(start, min(interval[1], published))
            old = published - end > HISTORY_AFTER
            return When(start, end, old or _is_memory(trigger), text)
    return When(published, published, _is_memory(trigger), None)


def _expressions(trigger: Token) -> Iterator[str]:
    """Yield the phrases that may date the event, its own first, then those of its clause."""
    node = trigger
    seen: set[int] = set()
    for _ in range(3):
        parts = sorted(node.children, key=lambda child: abs(child.i - node.i))
        for child in parts:
            if child.i in seen or child.dep_ not in _OWN:
                continue
            if trigger.i == child.i or child.is_ancestor(trigger):
                continue
            if child.dep_ == "advcl" and child.pos_ == "VERB":
                continue
            seen.add(child.i)
            yield _phrase(child, skip=trigger)
        if node.dep_ not in _CLAUSE_STEPS or node.head == node:
            return
        if node.dep_ == "conj" and any(c.dep_.startswith("nsubj") for c in node.children):
            return
        if node.dep_ in {"obl", "nsubj"} and node.pos_ in {"NOUN", "PROPN"} and _leans(node):
            return
        node = node.head


def _leans(noun: Token) -> bool:
    """Tell a noun that has a time of its own ("after the fall ...") from its verb's."""
    return any(
        c.dep_ == "case" and c.lower_ in {"after", "since", "following"} for c in noun.children
    )


def _phrase(head: Token, skip: Token) -> str:
    words = [t for t in head.subtree if t != skip]
    clause = {t.i for t in words if t.dep_ in {"acl:relcl", "acl", "parataxis"}}
    kept = [t.text for t in words if not clause & {a.i for a in (t, *t.ancestors)}]
    return " ".join(kept)


def _is_past(trigger: Token) -> bool:
    return not any(child.lower_ in {"will", "shall", "'ll"} for child in trigger.children)


def _is_memory(trigger: Token) -> bool:
    """Tell whether the event is told of in a work of fiction or in memory of the past."""
    for ancestor in trigger.ancestors:
        lemma = ancestor.lemma_.lower()
        if lemma in _MEMORY or lemma in _FICTION:
            return True
    lemmas = {t.lemma_.lower() for t in trigger.sent if t.dep_ in {"obl", "nsubj", "obj", "nmod"}}
    return bool(lemmas & (_MEMORY - {"history", "historian"}))


def _read(text: str, published: datetime, past: bool) -> tuple[datetime, datetime] | None:  # noqa: FBT001 — tense of the clause
    """Return the interval that a phrase names, or None when it names none."""
    words = text.lower().split()
    low = " ".join(words)
    since = bool(words) and words[0] == "since"
    interval = (
        _date(low, published, past)
        or _relative(low, published)
        or _weekday(words, published)
        or _year(low, published)
        or _month(low, published)
    )
    if interval is None:
        return None
    return (interval[0], published) if since else interval


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _number(word: str | None) -> int | None:
    if word is None:
        return 1
    return int(word) if word.isdecimal() else _NUMBERS.get(word)


def _date(low: str, published: datetime, past: bool) -> tuple[datetime, datetime] | None:  # noqa: FBT001 — as above
    match = _DATE.search(low)
    if match is None:
        return None
    month = _MONTHS[(match["m1"] or match["m2"]).lower()]
    year = int(match["y"]) if match["y"] else published.year
    try:
        start = datetime(year, month, int(match["d1"] or match["d2"]), tzinfo=UTC)
        if not match["y"] and past and start > published:
            start = start.replace(year=year - 1)
    except ValueError:
        return None
    return start, start + _DAY


def _relative(low: str, published: datetime) -> tuple[datetime, datetime] | None:  # noqa: PLR0911 — a cascade
    today = _midnight(published)
    # "ten years ago today" is no news of today
    ago = _AGO.search(low)
    count = _number(ago["n"]) if ago is not None else None
    if ago is not None and count is not None:
        unit = _UNITS[ago["u"]]
        middle = published - count * unit
        return middle - unit / 2, middle + unit / 2
    if re.search(r"\b(?:overnight|last night)\b", low):
        return today - timedelta(hours=6), today + timedelta(hours=6)
    if re.search(r"\byesterday\b", low):
        return today - _DAY, today
    if re.search(r"\b(?:today|tonight)\b", low):
        return today, published
    this = _THIS_UNIT.search(low)
    if this is not None:
        days = {"week": published.weekday(), "month": published.day - 1}
        days["year"] = published.timetuple().tm_yday - 1
        return today - timedelta(days=days.get(this["u"], 0)), published
    plural = _AGO_PLURAL.search(low)
    if plural is not None:
        unit = _UNITS[plural["u"].replace("centurie", "century")]
        return published - 12 * unit, published - 2 * unit
    span = _PAST_UNIT.search(low)
    count = _number(span["n"]) if span is not None else None
    if span is not None and count is not None:
        unit = _UNITS[span["u"]]
        if span["n"] is not None or low.startswith(("in the", "over the", "during the", "within")):
            return published - count * unit, published
        return _previous(span["u"], published)
    return None


def _previous(unit: str, published: datetime) -> tuple[datetime, datetime]:
    """Return the calendar unit before the one that holds ``published``."""
    today = _midnight(published)
    if unit == "week":
        monday = today - timedelta(days=published.weekday())
        return monday - timedelta(days=7), monday
    if unit == "month":
        first = today.replace(day=1)
        return (first - _DAY).replace(day=1), first
    if unit == "year":
        first = today.replace(month=1, day=1)
        return first.replace(year=first.year - 1), first
    return published - 2 * _UNITS[unit], published - _UNITS[unit] / 2


def _weekday(words: list[str], published: datetime) -> tuple[datetime, datetime] | None:
    """Return the last such weekday up to publication."""
    day = next((_WEEKDAYS[w.strip(".,")] for w in words if w.strip(".,") in _WEEKDAYS), None)
    if day is None:
        return None
    back = (published.weekday() - day) % 7
    start = _midnight(published) - timedelta(days=back)
    if "night" in words or "evening" in words:
        return start + timedelta(hours=17), start + timedelta(hours=30)
    if "morning" in words:
        return start, start + timedelta(hours=12)
    return start, start + _DAY


def _year(low: str, published: datetime) -> tuple[datetime, datetime] | None:
    found = _MONTH.search(low)
    if found is not None and found["y"] is not None:
        return _whole_month(int(found["y"]), _MONTHS[found["m"]])
    match = _YEAR.search(low)
    if match is None or int(match[1]) > published.year:
        return None
    year = int(match[1])
    years = 10 if match[0].endswith("s") else 1
    return datetime(year, 1, 1, tzinfo=UTC), datetime(year + years, 1, 1, tzinfo=UTC)


def _month(low: str, published: datetime) -> tuple[datetime, datetime] | None:
    """Return the last such month up to publication; "may" needs a preposition to be one."""
    match = _MONTH.search(low)
    if match is None or not re.match(
        r"(?:in|since|during|early|late|last|by|of|until|from)\b", low
    ):
        return None
    month = _MONTHS[match["m"]]
    year = published.year if month <= published.month else published.year - 1
    return _whole_month(year, month)


def _whole_month(year: int, month: int) -> tuple[datetime, datetime]:
    start = datetime(year, month, 1, tzinfo=UTC)
    return start, (start + timedelta(days=32)).replace(day=1)
