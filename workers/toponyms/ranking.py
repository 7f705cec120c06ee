"""Weighs what each name may mean, alone and then together with the other names of the text.

A conditional logit over the candidates of each name, in two passes, the second repeated. The
first sees a candidate alone: its population, its kind, how the name belongs to it, whether the
text puts it in an area. The second also sees how much of the other names, each taken for its
candidates in the proportions of the pass before, lies in the same country, in the same division,
and close by. So "Homs" beside "Damascus" draws both to Syria, and a newspaper's own county pulls
all its villages. The ideas are old and general: population as prior and containment (Leidner,
Toponym Resolution in Text, 2007), minimal distance (Lieberman and Samet, Adaptive Context Features
for Toponym Resolution, SIGIR 2012), learning to rank candidates by them (Santos, Anastácio and
Martins, GeoJournal 2015). Names are alike in all of a text: one sense per discourse.

The weights are data, ``weights.json``; ``benchmarks/places_weights.py`` learns them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workers.toponyms.areas import Kind, Match
from workers.toponyms.cues import Box, Told
from workers.toponyms.index import Index, Ints

Floats = NDArray[np.float64]
ALONE = (
    "country", "division", "county", "region", "people", "metropolis", "people_of_area", "largest", "alternate", "alternate_of_many", "short",
    "derived", "core", "capital", "inside", "outside", "told_country", "told_division",
)  # fmt: skip
TOGETHER = (
    *ALONE, "same_country", "same_division", "near", "around", "near_here", "same_country_here",
    "same_division_here", "area_country", "area_division", "prior",
)  # fmt: skip

#: how often the second pass is done
ROUNDS = 3
#: candidates of a name that go into the second pass
KEPT = 24
#: kilometres at which closeness has fallen to half: a county, and a large state
NEAR, AROUND = 40.0, 250.0
#: characters of text over which what stands near counts e times less
HERE = 200.0
#: stands for "none" in logarithms of shares
FLOOR = 0.02
#: least probability that a first pass leaves a candidate
LEAST = 1e-4
#: what a country known to be meant, or an area named right beside the name, adds in each pass, in
#: logits; not learned. It outweighs a namesake with some 100 times the people: Tripoli is in
#: Lebanon when the text is known to be about Lebanon, but Moscow is never in Idaho
PREFERRED = 2.0
#: people of a town of which GeoNames does not know the number
UNKNOWN_TOWN = 300.0
#: logarithms of the people of a city that all the world knows, and of a usual state or country
METROPOLIS, USUAL_AREA = 5.5, 6.0
_EARTH = 6371.0088
# plain numbers: attributes of an enumeration are slow
_TOWN, _COUNTRY, _DIVISION, _COUNTY, _REGION = (int(kind) for kind in Kind)
_ALTERNATE, _SHORT, _DERIVED = int(Match.ALTERNATE), int(Match.SHORT), int(Match.DERIVED)


@dataclass(slots=True)
class Group:
    """A name of a text, all its occurrences taken together."""

    #: offsets of its occurrences
    spots: list[int]
    rows: Ints
    matches: NDArray[np.int8]
    #: the areas one of which it lies in, as the text says
    inside: tuple[Box, ...] = ()
    #: found only by a part of the name
    core: bool = False
    #: groups of one name, told to be in different areas, say nothing for each other
    name: object = None


@cache
def weights() -> Mapping[str, Floats]:
    """Return the learned weights of both passes, in the order of the features."""
    stored = json.loads((Path(__file__).parent / "weights.json").read_text())
    return {
        "alone": np.array([stored["alone"][name] for name in ALONE]),
        "together": np.array([stored["together"][name] for name in TOGETHER]),
    }


def rank(
    index: Index,
    groups: Sequence[Group],
    told: Told,
    preferred: Sequence[int] = (),
    learned: Mapping[str, Floats] | None = None,
) -> list[Floats]:
    """Return for each group the probability of each of its candidates.

    Candidates beyond the most likely ones are dropped from the groups first.

    Args:
        index: the places.
        groups: the names of the text.
        told: the areas that the text names.
        preferred: numbers of the countries that the text is known to be about.
        learned: weights instead of the packaged ones; without "together" only the first pass.
    """
    learned = learned or weights()
    if not groups:
        return []
    for group in groups:
        keep_likely(index, group, told, learned["alone"])
    alone = np.vstack([features_alone(index, group, told) for group in groups])
    starts = first_of(groups)
    rows = np.concatenate([group.rows for group in groups])
    inside = np.concatenate([is_inside(index, group) for group in groups])
    bonus = PREFERRED * (np.isin(index.countries[rows], preferred) | inside)
    mass = softmax(alone @ learned["alone"] + bonus, starts)
    if "together" in learned:
        scene = Scene(index, groups)
        prior = np.log(mass + LEAST)
        for _ in range(ROUNDS):
            features = scene.features(alone, prior, mass)
            mass = softmax(features @ learned["together"] + bonus, starts)
    return np.split(mass, starts[1:])


def first_of(groups: Sequence[Group]) -> Ints:
    """Return where the candidates of each group begin when all are put in a row."""
    return np.cumsum([0, *(len(group.rows) for group in groups)])[:-1]


def softmax(scores: Floats, starts: Ints) -> Floats:
    """Return probabilities within each run of candidates."""
    sizes = np.diff([*starts, len(scores)])
    scores = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
    total: Floats = np.repeat(np.add.reduceat(scores, starts), sizes)
    return np.asarray(scores / total)


def keep_likely(index: Index, group: Group, told: Told, learned: Floats) -> None:
    """Drop all but the most likely candidates of a name."""
    if len(group.rows) <= KEPT:
        return
    scores = features_alone(index, group, told) @ learned
    kept = np.sort(np.argsort(-scores, kind="stable")[:KEPT])
    group.rows, group.matches = group.rows[kept], group.matches[kept]


def features_alone(index: Index, group: Group, told: Told) -> Floats:
    """Return what is seen of each candidate of a name by itself."""
    rows, matches = group.rows, group.matches
    kinds, countries, divisions = index.kinds[rows], index.countries[rows], index.divisions[rows]
    town = kinds == _TOWN
    number = np.log10(np.where(index.people[rows] > 0, index.people[rows], UNKNOWN_TOWN))
    people = np.where(town, number, 0.0)
    wide = (kinds == _COUNTRY) | (kinds == _DIVISION)
    inside = is_inside(index, group)
    found = np.zeros((len(rows), len(ALONE)))
    for column, values in enumerate(
        (
            kinds == _COUNTRY,
            kinds == _DIVISION,
            kinds == _COUNTY,
            kinds == _REGION,
            people,
            np.maximum(0.0, people - METROPOLIS),
            np.where(wide, number - USUAL_AREA, 0.0),
            town & (people >= people.max()),
            matches == _ALTERNATE,
            np.where(matches == _ALTERNATE, people, 0.0),
            matches == _SHORT,
            matches == _DERIVED,
            town & group.core,
            index.is_capital[rows],
            inside,
            # nothing is outside when no candidate is inside: the area then contains something else
            ~inside & inside.any(),
            _share(countries, told.countries),
            _share(divisions, told.divisions),
        )
    ):
        found[:, column] = values
    return found


def is_inside(index: Index, group: Group) -> NDArray[np.bool_]:
    """Tell which candidates of a name lie where the text puts it."""
    found = np.zeros(len(group.rows), dtype=bool)
    for country, division in group.inside:
        found |= (
            index.countries[group.rows] == country
            if division < 0
            else index.divisions[group.rows] == division
        )
    return found


def _share(numbers: NDArray[np.int32], counts: Mapping[int, int]) -> Floats:
    total = sum(counts.values()) + 1.0
    return np.log(FLOOR + np.array([counts.get(one, 0) for one in numbers.tolist()]) / total)


class Scene:
    """The candidates of all names of a text, and how they lie to each other."""

    def __init__(self, index: Index, groups: Sequence[Group]) -> None:
        rows = np.concatenate([group.rows for group in groups])
        owner = np.repeat(np.arange(len(groups)), [len(group.rows) for group in groups])
        countries, divisions = index.countries[rows], index.divisions[rows]
        self._kinds = index.kinds[rows]
        lat, lon = np.radians(index.lat[rows]), np.radians(index.lon[rows])
        points = np.stack(
            (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)), axis=1
        )
        # square of the chord, which is as good as the arc here, in square kilometres
        apart = np.maximum(0.0, 2.0 - 2.0 * (points @ points.T)) * _EARTH**2
        #: areas are no points: nothing is close to their middle
        pointed = (self._kinds == _TOWN) | (self._kinds == _COUNTY)
        self._near = pointed[None, :] / (1.0 + apart / NEAR**2)
        self._around = pointed[None, :] / (1.0 + apart / AROUND**2)
        self._country = (countries[:, None] == countries[None, :]).astype(np.float64)
        self._division = (divisions[:, None] == divisions[None, :]).astype(np.float64)
        times = np.array([1.0 + np.log(len(group.spots)) for group in groups])
        weight = np.tile(times, (len(groups), 1))
        for number, group in enumerate(groups):
            for other, neighbour in enumerate(groups[:number]):
                if group.name is not None and group.name == neighbour.name:
                    weight[number, other] = weight[other, number] = 0.0
        np.fill_diagonal(weight, 0.0)
        gaps = _gaps(groups)
        here = weight * np.exp(-gaps / HERE)
        self._all = _scaled(weight)[owner][:, owner]
        self._here = _scaled(here)[owner][:, owner]

    def features(self, alone: Floats, prior: Floats, mass: Floats) -> Floats:
        """Return what is seen of each candidate when the others weigh what they weigh in mass."""
        everywhere, here = self._all * mass[None, :], self._here * mass[None, :]
        same_country = _log((everywhere * self._country).sum(axis=1))
        same_division = _log((everywhere * self._division).sum(axis=1))
        extent = (self._kinds == _COUNTRY) | (self._kinds == _REGION)
        division = self._kinds == _DIVISION
        return np.column_stack(
            (
                alone,
                np.where(extent, 0.0, same_country),
                np.where(extent, 0.0, same_division),
                np.where(extent, 0.0, _log((everywhere * self._near).sum(axis=1))),
                np.where(extent, 0.0, _log((everywhere * self._around).sum(axis=1))),
                np.where(extent, 0.0, _log((here * self._near).sum(axis=1))),
                np.where(extent, 0.0, _log((here * self._country).sum(axis=1))),
                np.where(extent, 0.0, _log((here * self._division).sum(axis=1))),
                np.where(extent, same_country, 0.0),
                np.where(division, same_division, 0.0),
                prior,
            )
        )


def distances(index: Index, row: int, others: Ints) -> Floats:
    """Return the great-circle distances in kilometres from a place to others."""
    lat, lon = np.radians(index.lat[others]), np.radians(index.lon[others])
    here, meridian = np.radians(index.lat[row]), np.radians(index.lon[row])
    half = np.sin((lat - here) / 2) ** 2
    half += np.cos(here) * np.cos(lat) * np.sin((lon - meridian) / 2) ** 2
    return np.asarray(2 * _EARTH * np.arcsin(np.sqrt(np.minimum(1.0, half))))


def _log(shares: Floats) -> Floats:
    return np.asarray(np.log(FLOOR + shares))


def _scaled(weight: Floats) -> Floats:
    """Scale each row to a sum below 1: a single neighbour does not count as all the context."""
    return np.asarray(weight / (weight.sum(axis=1, keepdims=True) + 1.0))


def _gaps(groups: Sequence[Group]) -> Floats:
    """Return the characters between the closest occurrences of each two names."""
    spots = np.concatenate([np.array(group.spots, dtype=np.float64) for group in groups])
    starts = np.cumsum([0, *(len(group.spots) for group in groups)])[:-1]
    gaps = np.abs(spots[:, None] - spots[None, :])
    by_row = np.minimum.reduceat(gaps, starts, axis=0)
    return np.asarray(np.minimum.reduceat(by_row, starts, axis=1))
