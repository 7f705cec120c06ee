"""Whose side a speaker is on, by country: "Moscow" and "Russia's army", "Kyiv" and a town of Ukraine."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from spacy.tokens import Token

from workers.factuality.clauses import has_child, noun_phrase
from workers.mentions import Mention
from workers.toponyms.areas import country_aliases
from workers.toponyms.index import fold, load
from workers.words import capitals, country_names, demonyms

_GUESTS = frozenset({"ambassador", "attache", "attaché", "diplomat", "envoy", "observer"})
#: words in the longest name of a country or a capital that is looked for
_LONGEST = 3


@cache
def _states() -> Mapping[str, str]:
    """Return names of countries, their peoples and their capitals -> ISO 3166 code."""
    seats = {name: code for code, name in capitals().items() if name}
    return {**seats, **country_aliases(), **country_names(), **demonyms()}


def country_in(text: str) -> str | None:
    """Return the ISO 3166 code of the country that a phrase names, in any form, or None."""
    words = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").removesuffix("'s").split()
    words = [word.removesuffix("'s") for word in words]
    for size in range(_LONGEST, 0, -1):
        for start in range(len(words) - size + 1):
            code = _states().get(" ".join(words[start : start + size]))
            if code is not None:
                return code
    return None


def country_of_speaker(speaker: Token) -> str | None:
    """Return the ISO 3166 code of the country that a speaker's own words name, or None."""
    # "diplomats in Luanda" are there for others
    seat = {
        word
        for child in speaker.children
        if speaker.lemma_.lower() in _GUESTS and has_child(child, "in")
        for word in child.subtree
    }
    phrase = sorted(set(noun_phrase(speaker)) - seat, key=lambda token: token.i)
    return country_in(" ".join(token.text for token in phrase))


def countries_of_place(place: Mention) -> frozenset[str]:
    """Return the ISO 3166 codes of all countries with a place of that name in GeoNames."""
    name = place.name or place.text
    if (state := country_in(name)) is not None:
        return frozenset({state})
    index = load()
    rows = {row for form in (name, fold(name)) for row in index.find(form)[0].tolist()}
    return frozenset(index.country_of(row) for row in rows)
