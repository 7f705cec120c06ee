"""Times told from another time of the text: "two days later", "the following week", "on the 9th".

They count from what was dated last, not from the day of publication.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from workers.intervals import Interval, length, read

_UNIT = r"(?P<u>minute|hour|day|night|week|fortnight|month|year|decade)s?"
_AWAY = re.compile(
    rf"\b(?P<n>\d+|[a-z]+) (?:of )?(?:long |short )?{_UNIT} (?:(?P<back>earlier|before|previously)|later|afterwards?|on)\b"
)
_BESIDE = re.compile(
    r"\b(?:the|that) (?P<which>same|next|following|previous|preceding) (?P<u>day|morning|evening|night|week|month|year)\b"
)
_BEFORE = re.compile(
    r"\bthe (?P<u>day|morning|evening|night|week|month|year) (?P<which>before|after)\b"
)
#: on the day that was told last: "by nightfall", "within the hour"
_SOON = re.compile(
    r"\bby (?:the |late |mid-?)?(?:morning|noon|midday|afternoon|evening|nightfall|dusk|dark|sunset|sundown|midnight)\b"
    r"|\bwithin (?:the hour|(?:a few |two |three )?hours|(?:a few )?minutes)\b|\b(?:hours|minutes) (?:later|afterwards?)\b"
)
_WITHIN = re.compile(r"\bwithin (?P<n>\d+|[a-z]+) (?P<back>)(?P<u>month|year)s?\b")
_THAT = re.compile(r"\b(?:that|same) (?:very |same )?(?:day|morning|afternoon|evening|night)\b")
_NTH = re.compile(r"\b(?:on|by|of|until|since) the (?P<d>\d{1,2})(?:st|nd|rd|th)\b")
_BACK = frozenset({"previous", "preceding", "before"})
#: a date with a year of its own, or told from the day of publication
_OWN_YEAR = re.compile(r"\b(?:\d{4}|ago|this|last|next|yesterday|today)\b")
_DAY = timedelta(days=1)
#: nearly a year: a date without a year is looked for from its anchor on
_AFTER = timedelta(days=300)
#: what is no older may be news, whatever year was told before
_LATELY = timedelta(days=90)


def read_from(text: str, anchor: Interval) -> Interval | None:
    """Return the interval that a phrase names, counted from another one, or None.

    Args:
        text: a phrase such as "two days later", "the following week", "that night".
        anchor: what was dated last before the phrase.
    """
    low = " ".join(text.lower().split())
    return _away(low, anchor) or _beside(low, anchor) or _day_of_month(low, anchor)


def _away(low: str, anchor: Interval) -> Interval | None:
    found = _AWAY.search(low) or _WITHIN.search(low)
    step = length(found["n"], found["u"]) if found is not None else None
    if found is None or step is None:
        return None
    step = -step if found["back"] else step
    return anchor[0] + step, anchor[1] + step


def _beside(low: str, anchor: Interval) -> Interval | None:
    found = _BESIDE.search(low) or _BEFORE.search(low)
    if found is None:
        return anchor if _THAT.search(low) or _SOON.search(low) else None
    unit = _DAY if found["u"] in {"morning", "evening"} else length("a", found["u"])
    if found["which"] == "same" or unit is None:
        return anchor
    start, end = anchor
    return (start - unit, start) if found["which"] in _BACK else (end, end + unit)


def _day_of_month(low: str, anchor: Interval) -> Interval | None:
    found = _NTH.search(low)
    if found is None:
        return None
    try:
        day = datetime(anchor[0].year, anchor[0].month, int(found["d"]), tzinfo=UTC)
    except ValueError:
        return None
    return day, day + _DAY


def in_its_year(text: str, anchor: Interval, published: datetime) -> Interval | None:
    """Return what "on 9 May" names behind "8 May 1992": the next one from there.

    Not what could be of the last weeks: the text may have come back to the news.
    """
    now = read(text, published)
    if now is None or _OWN_YEAR.search(text.lower()) or published - now[1] < _LATELY:
        return None
    return read(text, min(anchor[1] + _AFTER, published))
