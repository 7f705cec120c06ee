"""From names with offsets and their text to places; the public face of this package."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workers.toponyms.areas import Kind, Match
from workers.toponyms.cues import Box, Told, container, told
from workers.toponyms.forms import cores, peoples, spellings
from workers.toponyms.index import GeoPlace, Index, Ints, fold, load
from workers.toponyms.ranking import Group, distances, rank

#: a town that shares the name of the division around it and is this close to its middle, in
#: kilometres, is what the name means: "Homs" is the city, as long as nobody says province
SAME = 161.0
#: offset of what is known but not named in the text: near to nothing
_NOWHERE = -1_000_000
_COUNTIES = re.compile(
    r"(?:,? (?:and|or|&) [A-Z][\w'. -]+)?,? (?:counties|County|county|parishes)\b"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a text; ``start`` and ``end`` are offsets of characters."""

    start: int
    end: int
    name: str
    #: ISO code of the country that it lies in, where the caller is sure
    country: str | None = None
    #: GeoNames id, where the caller knows even that; such a name is context for the others
    geonames: int | None = None


def resolve_all(
    names: Sequence[Named], text: str, countries: Collection[str] = ()
) -> list[GeoPlace | None]:
    """Return the place that each name means in its text, None where there is none of that name.

    Args:
        names: the names of places in the text, also of countries, and demonyms if you have them.
            Case matters: "Nice" is a town, "nice" is not. A name with a comma is read with what
            follows it: there is no "Homs, Texas".
        text: the whole text: the areas that it names all count.
        countries: ISO codes of countries that the text is about, for other reasons than its words.
    """
    index = load()
    heads = [_head(one) for one in names]
    groups, member, known = scene(index, heads, text, countries)
    preferred = [index.country_number(code) for code in countries]
    best = [
        town_of_its_division(index, one, int(np.argmax(mass)))
        for one, mass in zip(groups, rank(index, groups, known, preferred), strict=True)
    ]
    found: list[GeoPlace | None] = []
    for one, number in zip(names, member, strict=True):
        if number is None or ("," in one.name and not _agrees(index, groups[number], best[number])):
            found.append(None)
        else:
            found.append(index.place(best[number]))
    return found


def resolve(name: str, countries: Collection[str] = ()) -> GeoPlace | None:
    """Return the place that a name most likely means by itself, None when there is none.

    Args:
        name: the name as written, "Paris, Texas" for instance.
        countries: ISO codes of the countries that the text is about; preferred, not required.
    """
    name = " ".join(name.split())
    [place] = resolve_all([Named(0, len(name), name)], name, countries)
    return place


def _head(named: Named) -> Named:
    """Return the name before a comma; what follows it is read as text."""
    head, comma, _ = named.name.partition(",")
    if not comma:
        return named
    return Named(named.start, named.start + len(head), head, named.country, named.geonames)


def _agrees(index: Index, one: Group, row: int) -> bool:
    """Tell whether a place lies in the area that the text puts it in."""
    country, division = int(index.countries[row]), int(index.divisions[row])
    return not one.inside or any(
        country == box[0] and box[1] in {-1, division} for box in one.inside
    )


def scene(
    index: Index, names: Sequence[Named], text: str, countries: Collection[str] = ()
) -> tuple[list[Group], list[int | None], Told]:
    """Put the occurrences of one name together, with their candidates, and what the text tells.

    Returns:
        the groups; for each name the number of its group, None without candidates; the areas
        told. Areas that are told and not asked for have groups too, behind the others: they
        are as good a context.
    """
    groups, member = _grouped(index, names, text)
    known = told(text)
    for code in countries:
        if (row := index.country_row(code)) is not None:
            known.add(row, _NOWHERE)
    asked = {int(one.rows[0]) for one in groups if len(one.rows) == 1}
    for row, spots in known.spots.items():
        if row not in asked:
            groups.append(Group(spots, np.array([row]), np.array([Match.NAME], dtype=np.int8)))
    return groups, member, known


def _grouped(
    index: Index, names: Sequence[Named], text: str
) -> tuple[list[Group], list[int | None]]:
    areas = [container(text, one.start, one.end) for one in names]
    first: dict[object, tuple[Box, ...]] = {}
    for one, boxes in zip(names, areas, strict=True):
        if boxes:
            first.setdefault(_key(one), boxes)
    groups: list[Group] = []
    numbers: dict[object, int | None] = {}
    member: list[int | None] = []
    for one, boxes in zip(names, areas, strict=True):
        # told nothing, it is the one that is told of elsewhere: "Paris, Texas ... in Paris"
        inside = boxes or first.get(_key(one), ())
        key = (_key(one), inside)
        if key not in numbers:
            rows, matches, core = _candidates(index, one, text)
            numbers[key] = len(groups) if len(rows) else None
            if len(rows):
                groups.append(Group([], rows, matches, inside, core=core, name=_key(one)))
        number = numbers[key]
        member.append(number)
        if number is not None:
            groups[number].spots.append(one.start)
    return groups, member


def _key(named: Named) -> object:
    name = fold(named.name).casefold().replace("-", " ").removeprefix("the ")
    return name, named.country, named.geonames


def _candidates(index: Index, named: Named, text: str) -> tuple[Ints, NDArray[np.int8], bool]:
    """Return the places a name may mean, how it belongs to them, and if only a part of it does."""
    if named.geonames is not None and (row := index.row_of(named.geonames)) is not None:
        return np.array([row]), np.array([Match.NAME], dtype=np.int8), False
    found: dict[int, int] = {}
    core = False
    for reading in _readings(named.name, text, named.end):
        for form in reading.forms:
            for spelt in dict.fromkeys((form, fold(form))):
                rows, matches = index.find(spelt)
                for row, match in zip(rows.tolist(), matches.tolist(), strict=True):
                    found[row] = min(found.get(row, Match.DERIVED), max(match, reading.least))
            if found and reading.first:
                break
        if found:
            core = reading.core
            break
    numbers = np.array(list(found), dtype=np.int64)
    how = np.array(list(found.values()), dtype=np.int8)
    if named.country is not None and found:
        here = index.countries[numbers] == index.country_number(named.country)
        numbers, how = numbers[here], how[here]
    return numbers, how, core


class _Reading(NamedTuple):
    """Forms to look up."""

    forms: Iterable[str]
    #: a form counts as no better than this
    least: Match = Match.NAME
    #: the first form that is found decides
    first: bool = False
    #: the forms are parts of the name
    core: bool = False


def _readings(name: str, text: str, end: int) -> Iterator[_Reading]:
    """Yield what to look up; the later ones only count where the earlier find nothing."""
    full = list(spellings(name))
    if _COUNTIES.match(text, end):
        # "Clarke and Madison counties"
        full += [f"{name} County", f"{name} Parish"]
    yield _Reading(full)
    yield _Reading(cores(name), first=True, core=True)
    yield _Reading(peoples(name), Match.DERIVED, first=True)


def town_of_its_division(index: Index, one: Group, best: int) -> int:
    """Return the candidate, or the town that a division is named after, with its number."""
    row = int(one.rows[best])
    if index.kinds[row] != Kind.DIVISION:
        return row
    inside = (index.kinds[one.rows] == Kind.TOWN) & (
        index.divisions[one.rows] == index.divisions[row]
    )
    towns = one.rows[inside]
    towns = towns[distances(index, row, towns) < SAME]
    return int(towns[np.argmax(index.people[towns])]) if len(towns) else row
