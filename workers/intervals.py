"""What interval a phrase of time names, seen from the day of publication.

Everything is in UTC; days are whole.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

Interval = tuple[datetime, datetime]

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
#: season -> its first month, as the northern hemisphere has it
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety hundred"
_NUMBERS = (
    {word: number for number, word in enumerate(_ONES.split())}
    | {word: 10 * number for number, word in enumerate(_TENS.split(), 2)}
    | {"a": 1, "an": 1, "couple": 2, "few": 4, "several": 5, "dozen": 12}
)
_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "night": timedelta(days=1),
    "week": timedelta(weeks=1),
    "fortnight": timedelta(weeks=2),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
    "decade": timedelta(days=3652),
    "century": timedelta(days=36525),
}
_DAY = timedelta(days=1)
_SEASON = timedelta(days=91)
_YEAR = re.compile(r"\b(1[0-9]{3}|20[0-9]{2})(?:s|-\d{2,4})?\b")
_MONTH_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m1>{_MONTH_NAME})"
    rf"|(?P<m2>{_MONTH_NAME})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)\b(?: ?,? (?P<y>\d{{4}}))?",
    re.IGNORECASE,
)
_MONTH = re.compile(
    rf"\b(?P<m>{_MONTH_NAME})\b\.?(?: ?,)?(?: of)?(?: (?P<y>\d{{4}}))?", re.IGNORECASE
)
_AGO = re.compile(r"\b(?P<n>\d+|[a-z]+)(?: of)? (?P<u>minute|hour|day|night|week|fortnight|month|year|decade|century)s? "
                  r"(?:ago|earlier|before|back)\b")  # fmt: skip
_AGO_PLURAL = re.compile(
    r"\b(?P<u>hour|day|week|month|year|decade|centurie)s (?:ago|earlier|before)\b"
)
_PAST_UNIT = re.compile(
    r"\b(?:last|past|previous) (?:(?P<n>\d+|[a-z]+) )?(?P<u>hour|day|night|week|month|year|decade|century)s?\b"
)
#: a length of time: "eleven days", "a fortnight"
_SPAN = re.compile(
    r"\b(?P<n>\d+|[a-z]+) (?P<u>minute|hour|day|night|week|fortnight|month|year|decade)s?\b"
)
_LAST_SEASON = re.compile(r"\b(?:last|previous) (?P<s>spring|summer|autumn|fall|winter)\b")
_BEFORE_MONTH = re.compile(
    r"\b(?:in|since|during|early|mid|late|last|next|this|by|of|until|from|every)[ -](?:the )?$"
)
_NEXT_UNIT = re.compile(r"(?<!\bthe )\bnext (?P<u>week|month|year)\b|\btomorrow\b")
_THIS_UNIT = re.compile(
    r"\b(?:earlier |later )?this (?P<u>week|month|year|morning|afternoon|evening)\b"
)


def read(text: str, published: datetime, *, future: bool = False) -> Interval | None:
    """Return the interval that a phrase names, or None when it names none.

    Args:
        text: a phrase such as "on Thursday night", "ten years ago", "since March 2011".
        published: the moment from which it is told, UTC.
        future: the phrase is of something to come: its Monday is the next one.
    """
    words = text.lower().split()
    low = " ".join(words)
    interval = (
        _date(low, published, future=future)
        or _relative(low, published)
        or _weekday(words, published, future=future)
        or _year(low, published)
        or _month(low, published, future=future)
    )
    if interval is None:
        return None
    first = words[0] if words else ""
    if first == "since":
        return interval[0], published
    return (published, interval[1]) if first == "by" and future else interval


def is_date(word: str) -> bool:
    """Tell a weekday, a month or a year."""
    low = word.lower()
    return low in _WEEKDAYS or (low in _MONTHS and low != "may") or bool(_YEAR.fullmatch(low))


def span(text: str) -> timedelta | None:
    """Return the length that a phrase names: "eleven days" -> 11 days, "hours" -> None."""
    found = _SPAN.search(text.lower())
    return None if found is None else length(found["n"], found["u"])


def length(number: str, unit: str) -> timedelta | None:
    """Return so many units: "two", "week" -> 14 days; None for what is no number."""
    count = _number(number)
    return None if count is None else count * _UNITS[unit]


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _number(word: str | None) -> int | None:
    if word is None:
        return 1
    return int(word) if word.isdecimal() else _NUMBERS.get(word)


def _date(low: str, published: datetime, *, future: bool) -> Interval | None:
    match = _DATE.search(low)
    if match is None:
        return None
    month = _MONTHS[(match["m1"] or match["m2"]).lower()]
    year = int(match["y"]) if match["y"] else published.year
    try:
        start = datetime(year, month, int(match["d1"] or match["d2"]), tzinfo=UTC)
        if not match["y"]:
            if start > published and not future:
                start = start.replace(year=year - 1)
            elif future and start + _DAY < published:
                start = start.replace(year=year + 1)
    except ValueError:
        return None
    return start, start + _DAY


def _relative(low: str, published: datetime) -> Interval | None:  # noqa: PLR0911 — a cascade
    today = _midnight(published)
    # "ten years ago today" is no news of today
    ago = _AGO.search(low)
    count = _number(ago["n"]) if ago is not None else None
    if ago is not None and count is not None:
        unit = _UNITS[ago["u"]]
        middle = published - count * unit
        return middle - unit / 2, middle + unit / 2
    if re.search(r"\b(?:overnight|last night|during the night)\b", low):
        return night_before(published)
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
    passed = _PAST_UNIT.search(low)
    count = _number(passed["n"]) if passed is not None else None
    if passed is not None and count is not None:
        unit = _UNITS[passed["u"]]
        if passed["n"] is not None or low.startswith(
            ("in the", "over the", "during the", "within")
        ):
            return published - count * unit, published
        return _previous(passed["u"], published)
    if (coming := _NEXT_UNIT.search(low)) is not None:
        return _following(coming["u"] or "day", published)
    season = _LAST_SEASON.search(low)
    return None if season is None else _last_season(_SEASONS[season["s"]], published)


def night_before(day: datetime) -> Interval:
    """Return the night that ends on a day."""
    midnight = _midnight(day)
    return midnight - timedelta(hours=6), midnight + timedelta(hours=6)


def _following(unit: str, published: datetime) -> Interval:
    """Return the calendar unit behind the one that holds ``published``."""
    today = _midnight(published)
    if unit == "week":
        monday = today + timedelta(days=7 - today.weekday())
        return monday, monday + timedelta(days=7)
    if unit == "month":
        first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return _whole_month(first.year, first.month)
    if unit == "year":
        first = today.replace(year=today.year + 1, month=1, day=1)
        return first, first.replace(year=first.year + 1)
    return today + _DAY, today + 2 * _DAY


def _last_season(first: int, published: datetime) -> Interval:
    """Return the last such season that was over at publication."""
    start = published.replace(month=first, day=1, hour=0, minute=0, second=0, microsecond=0)
    while start + _SEASON > published:
        start = start.replace(year=start.year - 1)
    return start, start + _SEASON


def _previous(unit: str, published: datetime) -> Interval:
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


def _weekday(words: list[str], published: datetime, *, future: bool) -> Interval | None:
    """Return the last such weekday up to publication, or the next one from there."""
    day = next((_WEEKDAYS[w.strip(".,")] for w in words if w.strip(".,") in _WEEKDAYS), None)
    if day is None:
        return None
    back = (published.weekday() - day) % 7
    start = _midnight(published) + timedelta(days=(7 - back) % 7 if future else -back)
    if "night" in words or "evening" in words:
        return start + timedelta(hours=17), start + timedelta(hours=30)
    if "morning" in words:
        return start, start + timedelta(hours=12)
    return start, start + _DAY


def _year(low: str, published: datetime) -> Interval | None:
    found = _MONTH.search(low)
    if found is not None and found["y"] is not None:
        return _whole_month(int(found["y"]), _MONTHS[found["m"]])
    match = _YEAR.search(low)
    if match is None or int(match[1]) > published.year:
        return None
    year = int(match[1])
    years = 10 if match[0].endswith("s") else 1
    return datetime(year, 1, 1, tzinfo=UTC), datetime(year + years, 1, 1, tzinfo=UTC)


def _month(low: str, published: datetime, *, future: bool) -> Interval | None:
    """Return the last such month up to publication; "may" needs a preposition to be one."""
    match = _MONTH.search(low)
    if match is None or not _BEFORE_MONTH.search(low[: match.start()]):
        return None
    month = _MONTHS[match["m"]]
    # "last July" in July is a year ago
    last = low[: match.start()].endswith("last ") and month == published.month
    year = published.year - (month > published.month or last)
    if future and month < published.month:
        year += 1
    elif future:
        year = published.year
    return _whole_month(year, month)


def _whole_month(year: int, month: int) -> Interval:
    start = datetime(year, month, 1, tzinfo=UTC)
    return start, (start + timedelta(days=32)).replace(day=1)
