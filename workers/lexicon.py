"""The lexicon: which words say that what happened, and where their roles stand.

All of it is data: ``lexicon.yaml`` has the words that move a status, ``phrases.yaml`` those that do so
in a phrase, ``families.yaml`` whole families of words for the other events. This module reads them, inflects verbs and indexes every form, so that
finding the words of events is one dictionary look-up for each token.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from ruamel.yaml import YAML

from monitor.watchlist import Id, Model

#: the words that move a status, those that do so in a phrase, and the families of the others
FILES = tuple(
    Path(__file__).with_name(name) for name in ("lexicon.yaml", "phrases.yaml", "families.yaml")
)

Role = Literal["agent", "patient", "place"]
WordClass = Literal["verb", "noun", "adjective"]
#: what clause follows a verb: "to leave", "that it left", "leaving"
Clause = Literal["to", "that", "ing"]


def _alternatives(value: object) -> object:
    return tuple(value.split("|")) if isinstance(value, str) else value


#: alternatives written ``a|b``
Slot = Annotated[tuple[str, ...], BeforeValidator(_alternatives)]
Words = Annotated[frozenset[str], BeforeValidator(_alternatives)]


class Entry(Model):
    """One line of the lexicon; the keys are explained at the top of ``lexicon.yaml``."""

    verb: str | None = None
    noun: str | None = None
    adjective: str | None = None
    event: Id
    otherwise: Id | None = None
    with_: tuple[str, ...] = Field(default=(), alias="with")
    object: Slot = ()
    case: tuple[str, ...] = ()
    agent: Slot = ()
    patient: Slot = ()
    place: Slot = ()
    #: each a role, or alternatives of which one will do
    needs: tuple[Annotated[tuple[Role, ...], BeforeValidator(_alternatives)], ...] = ()
    bare: tuple[str, ...] | None = None
    #: adverbs or particles of the verb itself, of which one must stand by it: "moved IN", not "in May"
    particle: Words = frozenset()
    subject_in: tuple[str, ...] = ()
    never: Words = frozenset()
    clause: Clause | None = None
    #: roles that nobody but a person, a group or a state may have
    who: tuple[Role, ...] = ()
    #: roles that nobody but a person with a name or an office may have
    person: tuple[Role, ...] = ()
    #: roles of public office or rank, or persons in a text that is not about sport, show or business
    ranked: tuple[Role, ...] = ()
    office: Slot = ()
    passive: bool = False
    alone: bool = False
    war: bool = False
    armed: bool = False
    sure: bool = False
    joint: bool = False
    standing: bool = False
    example: str
    #: event that the example shows, when it is not ``event``
    expect: Id | None = None
    roles: dict[Role, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_word(self) -> Entry:
        if sum(word is not None for word in (self.verb, self.noun, self.adjective)) != 1:
            raise ValueError("an entry has exactly one of verb, noun, adjective")
        return self

    @property
    def word(self) -> str:
        """The base form."""
        return self.verb or self.noun or self.adjective or ""

    @property
    def word_class(self) -> WordClass:
        """Which of the three it is."""
        return "verb" if self.verb else "noun" if self.noun else "adjective"

    @property
    def weight(self) -> int:
        """How specific the entry is; of several that fit, the most specific one speaks."""
        return (
            4 * bool(self.object)
            + 2 * len(self.with_)
            + 2 * bool(self.particle)
            + 3 * (bool(self.case) + bool(self.office))
            + bool(self.clause)
            + bool(self.subject_in)
        )

    def slot(self, role: Role) -> tuple[str, ...]:
        """Return the places where a role may stand, best first."""
        if role == "agent":
            return self.agent
        return self.patient if role == "patient" else self.place


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every form of every word, with the entries that it may stand for."""

    entries: tuple[Entry, ...]
    forms: Mapping[str, tuple[Entry, ...]]
    irregular: Mapping[str, list[str]]

    def inflected(self, verb: str) -> set[str]:
        """Return the forms of any English verb."""
        return inflect(verb, self.irregular)


def past(verb: str, irregular: Mapping[str, list[str]]) -> str:
    """Return the past tense of an English verb."""
    if verb in irregular:
        return irregular[verb][0]
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ied"
    return f"{verb}{verb[-1]}ed" if _doubles(verb) else f"{verb}ed"


def inflect(verb: str, irregular: Mapping[str, list[str]]) -> set[str]:
    """Return the forms of an English verb.

    Spelling rules of Quirk et al., A Comprehensive Grammar (1985), sections 3.5 to 3.10.
    """
    third = f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else f"{verb}s"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        third = f"{verb[:-1]}ies"
    stem = verb
    if verb.endswith("e") and not verb.endswith("ee"):
        stem = verb[:-1]
    elif _doubles(verb):
        stem = verb + verb[-1]
    if verb.endswith("ie"):
        return {verb, third, f"{verb[:-2]}ying", f"{verb}d"}
    ing = f"{verb}ing" if verb.endswith(("ee", "y")) else f"{stem}ing"
    found = {verb, third, ing, *(irregular.get(verb) or [past(verb, irregular)])}
    if _BRITISH.search(verb):
        found |= {f"{verb}led", f"{verb}ling"}
    return found


#: one syllable that ends in one vowel and one consonant, "u" after "q" aside
_SHORT = re.compile(r"(?:[^aeiou]*|[^aeiou]*qu)[aeiou][^aeiouhwxy]")
#: "funnelled" and "channelling", which are "funneled" and "channeling" in America
_BRITISH = re.compile(r"[^aeiou][aeiou]l$|[iu][ae]l$")
#: longer verbs with their stress at the end
_STRESSED_END = frozenset(
    {
        "abet",
        "admit",
        "allot",
        "begin",
        "commit",
        "compel",
        "confer",
        "control",
        "defer",
        "deter",
        "dispel",
        "equip",
        "expel",
        "forbid",
        "forget",
        "impel",
        "incur",
        "kidnap",
        "occur",
        "omit",
        "outfit",
        "overrun",
        "patrol",
        "permit",
        "propel",
        "rebel",
        "rebut",
        "recur",
        "refer",
        "regret",
        "repel",
        "submit",
        "transfer",
    }
)


def _doubles(verb: str) -> bool:
    return verb in _STRESSED_END or _SHORT.fullmatch(verb) is not None


def plural(noun: str) -> str:
    """Return the regular plural of a noun."""
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "sh", "ch", "x")) else f"{noun}s"


def build(entries: Iterable[Entry], irregular: Mapping[str, list[str]]) -> Lexicon:
    """Index entries by every form of their word."""
    entries = tuple(entries)
    forms: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.verb:
            words = inflect(entry.verb, irregular)
        elif entry.noun:
            words = {entry.noun, plural(entry.noun)}
        else:
            words = {entry.word}
        for word in words:
            forms[word].append(entry)
    return Lexicon(
        entries,
        {
            word: tuple(sorted(found, key=lambda entry: -entry.weight))
            for word, found in forms.items()
        },
        irregular,
    )


def spread(row: Mapping[str, Any], irregular: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    """Yield a line for each word of a family: ``verb: condemn|denounce``.

    Its example has ``{past}`` of the verb, or ``{word}``, where the word stands.

    Raises:
        ValueError: the example of a family has no such place.
    """
    kind = next((name for name in ("verb", "noun", "adjective") if name in row), None)
    words = str(row[kind]).split("|") if kind else []
    if kind is None or len(words) == 1:
        yield dict(row)
        return
    shown = {row["example"].format(past=past(word, irregular), word=word) for word in words}
    if len(shown) == 1:
        raise ValueError(f"{row[kind]}: an example with {{past}} or {{word}} where the word stands")
    for word in words:
        example = row["example"].format(past=past(word, irregular), word=word)
        yield {**row, kind: word, "example": example}


@cache
def load() -> Lexicon:
    """Return the lexicon that is part of the product.

    Raises:
        pydantic.ValidationError: a line of it is wrong.
        ValueError: the example of a family does not show its words.
    """
    files: list[dict[str, Any]] = [YAML(typ="safe").load(file) for file in FILES]
    irregular = {verb: forms for data in files for verb, forms in data["irregular"].items()}
    rows = (row for data in files for line in data["entries"] for row in spread(line, irregular))
    return build((Entry.model_validate(row) for row in rows), irregular)
