"""What the words around a name say about where it is: "Paris, Texas", "the Libyan port of Homs".

An area that a text names right behind or before a place contains it; an area named anywhere in
the text makes places in it likelier.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from workers.toponyms.areas import Kind, Match
from workers.toponyms.forms import spellings
from workers.toponyms.index import load

#: words of an area's name, at most: "Democratic Republic of the Congo" comes from its last ones
_LONGEST = 4
#: characters looked at on either side of a name
_REACH = 70
_WORD = re.compile(r"[^\W\d_](?:[\w'\u2019-]|\.(?=\w))*\.?")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_OPENS = re.compile(r"\s*(?:,\s*|\(\s*|\s+in\s+|\s+in\s+the\s+)(?=[A-Z\u00c0-\u00de])")
_SETTLEMENT = (
    "city|town|port|village|capital|province|region|district|suburb|state|county|harbou?r|"
    "resort|island|enclave|municipality|governorate|community|hamlet|settlement|area|neighbou?rhood"
)
_BEFORE = re.compile(
    rf"(?:['\u2019]s?)?(?: [a-z][\w-]*){{0,2}} (?:{_SETTLEMENT})(?: (?:of|called|named))? $"
)
_OWNER = re.compile(r"['\u2019]s? (?:[a-z-]+ ){0,2}$")

Box = tuple[int, int]
"""Number of a country and of its division, the latter -1 for the whole country."""


@dataclass(slots=True)
class Told:
    """The countries and states that a text names for sure: where, and how often."""

    spots: dict[int, list[int]] = field(default_factory=dict)
    #: by the numbers of countries and of divisions
    countries: Counter[int] = field(default_factory=Counter)
    divisions: Counter[int] = field(default_factory=Counter)

    def add(self, row: int, spot: int) -> None:
        """Note that a place is named at an offset."""
        index = load()
        self.spots.setdefault(row, []).append(spot)
        self.countries[int(index.countries[row])] += 1
        self.divisions[int(index.divisions[row])] += 1


@cache
def _areas_of(name: str) -> tuple[Box, ...]:
    """Return the countries and divisions that a name or a demonym may mean."""
    index = load()
    found: dict[Box, None] = {}
    for form in spellings(name):
        rows, matches = index.find(form)
        for row, match in zip(rows.tolist(), matches.tolist(), strict=True):
            kind = index.kinds[row]
            if match != Match.DERIVED and kind in {Kind.COUNTRY, Kind.DIVISION, Kind.COUNTY}:
                division = -1 if kind == Kind.COUNTRY else int(index.divisions[row])
                found[int(index.countries[row]), division] = None
        if found:
            break
    return tuple(found)


def container(text: str, start: int, end: int) -> tuple[Box, ...]:
    """Return the areas one of which the text says the name at these offsets lies in, if it does."""
    before = text[max(0, start - _REACH) : start]
    if _is_listed(before) and text.startswith(",", end):
        return ()
    return _behind(text[end : end + _REACH]) or _ahead(before)


def _is_listed(before: str) -> bool:
    """Tell "Athens, Rome, New York" from "Dallas, Texas, Rome, Georgia": no area goes before."""
    if not before.endswith(", "):
        return False
    return not _last_area(before.removesuffix(", "))


def _behind(after: str) -> tuple[Box, ...]:
    """Read "Paris, Texas", "Tripoli in Lebanon", "London (Ontario)"."""
    opening = _OPENS.match(after)
    if opening:
        for name in _phrases(after, opening.end()):
            if areas := _areas_of(name):
                return areas
    return ()


def _ahead(before: str) -> tuple[Box, ...]:
    """Read "the Libyan port of Homs" and "Libya's Homs"."""
    end = cut.start() if (cut := _BEFORE.search(before)) else -1
    if end < 0 and (cut := _OWNER.search(before)):
        end = cut.start()
    return _last_area(before[:end]) if end >= 0 else ()


def _last_area(text: str) -> tuple[Box, ...]:
    """Return the areas that the last words of a text name."""
    words = list(_WORD.finditer(text))
    if not words or not words[-1][0][0].isupper():
        return ()
    for first in range(max(0, len(words) - _LONGEST), len(words)):
        if areas := _areas_of(text[words[first].start() : words[-1].end()]):
            return areas
    return ()


def _phrases(text: str, start: int) -> Iterator[str]:
    """Yield the runs of up to four words that begin at an offset, the longest first."""
    ends: list[int] = []
    for word in _WORD.finditer(text, start):
        if ends and (text[ends[-1] : word.start()] != " "):
            break
        ends.append(word.end())
        if len(ends) == _LONGEST:
            break
    for end in reversed(ends):
        yield text[start:end]
        if text[end - 1] == ".":
            yield text[start : end - 1]


def told(text: str) -> Told:
    """Find the countries, demonyms and states that a text names and that mean one thing only."""
    found = Told()
    names = _names_of_areas()
    words = list(_WORD.finditer(text))
    place = 0
    while place < len(words):
        start = words[place].start()
        if text[start].isupper():
            for last in range(min(place + _LONGEST, len(words)) - 1, place - 1, -1):
                name = text[start : words[last].end()]
                rows = names.get(name) or names.get(_POSSESSIVE.sub("", name), ())
                if len(rows) == 1:
                    found.add(rows[0], start)
                if rows:
                    place = last
                    break
        place += 1
    return found


@cache
def _names_of_areas() -> dict[str, tuple[int, ...]]:
    """Return the names of countries and of the states that texts shorten, with what they mean."""
    found: dict[str, tuple[int, ...]] = {}
    for name, row in load().wide:
        found[name] = tuple(dict.fromkeys((*found.get(name, ()), row)))
    return found
