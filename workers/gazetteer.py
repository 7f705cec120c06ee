"""Finds what a watchlist tracks in a parsed text, and the names that the parser found beside it.

Names are matched as tokens, case-sensitive; the longest wins. What surrounds a name decides what
it names; see ``wholes``, ``people`` and ``namesakes``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span

from monitor.watchlist import Actor, ActorKind, Place, Watchlist
from workers.language import LABELS
from workers.lexicon import plural
from workers.mentions import Label, Mention
from workers.namesakes import told_country
from workers.people import family_name, is_right_person, with_members, with_title
from workers.propernames import end_of_numbered
from workers.syntax import HYPHENS
from workers.toponyms.areas import country_aliases
from workers.wholes import whole_or_part
from workers.words import capitals, country_names, demonyms, word_lists


def country_of(subject: Place | Actor) -> str | None:
    """Return the country of a subject; for an actor also the one that its name tells."""
    if subject.country or isinstance(subject, Place):
        return subject.country
    for name, code in (*demonyms().items(), *country_names().items()):
        if name == subject.name or name in subject.name.split():
            return code
    return None


#: ``place``, or kinds of actors
Kinds = frozenset[str]


@dataclass(frozen=True, slots=True)
class Trace:
    """Small-letter words that must all stand in a text to name a subject of one of some kinds."""

    words: frozenset[str]
    kinds: Kinds
    #: ``state``: it may also be where something happens; ``people``: a demonym like "Syrian"
    of: Literal["name", "state", "people"] = "name"
    #: an article is read for it; without, only beside such a name, as "Moscow" for Russia
    alone: bool = True


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    subjects: tuple[str, ...]
    generic: bool


class Gazetteer:
    """The names of the watchlists as a matcher over documents of one pipeline.

    Not for lists of more than some 100,000 names: every alias is a pattern.
    """

    def __init__(self, nlp: Language, watchlists: Sequence[Watchlist]) -> None:
        self.places: dict[str, Place] = {}
        self.actors: dict[str, Actor] = {}
        for watchlist in watchlists:
            self.places.update(watchlist.places)
            self.actors.update(watchlist.actors)
        self.countries = {name: country_of(subject) for name, subject in self._subjects().items()}
        self._owners: dict[str, set[str]] = defaultdict(set)
        self._generic: set[str] = set()
        self._exact = PhraseMatcher(nlp.vocab, attr="ORTH")
        self._lower = PhraseMatcher(nlp.vocab, attr="LOWER")
        for name, subject in self._subjects().items():
            for alias in {subject.name, *subject.aliases, *family_name(subject)}:
                self._add(nlp, name, alias)
        #: family name -> persons; counts only beside the full name
        self._families: dict[str, set[str]] = defaultdict(set)
        for name, actor in self.actors.items():
            if actor.kind is ActorKind.PERSON and " " in actor.name:
                self._families[actor.name.split()[-1]].add(name)
        self._governments: dict[str, set[str]] = defaultdict(set)
        for name, actor in self.actors.items():
            if actor.kind is ActorKind.GOVERNMENT and (country := self.countries[name]):
                self._governments[country].add(name)

        #: country -> its capital, where it is tracked
        self._capitals = {
            country: name
            for name, place in self.places.items()
            if (country := place.country) and place.name == capitals().get(country)
        }

    def _subjects(self) -> dict[str, Place | Actor]:
        return {**self.places, **self.actors}

    def _add(self, nlp: Language, subject: str, alias: str) -> None:
        generic = alias[0].islower()
        variants = {alias.removeprefix("the ").removeprefix("The ")}
        variants |= {text.replace("-", " ") for text in variants}
        variants |= {text.replace("'", "\u2019") for text in variants}
        for text in variants:
            key = text.lower() if generic else text
            if generic:
                self._generic.add(key)
            self._owners[key].add(subject)
            matcher = self._lower if generic else self._exact
            matcher.add(key, [nlp.make_doc(text)])
            if not generic and len(text) > 3:  # noqa: PLR2004 — abbreviations are capitals anyway
                matcher.add(key, [nlp.make_doc(text.upper())])

    def governments_of(self, name: str) -> set[str]:
        """Return the tracked governments of a country, by its name, demonym or capital."""
        code = demonyms().get(name) or country_names().get(name) or country_aliases().get(name)
        return self._governments.get(code or _seats().get(name, ""), set())

    def owners_of(self, word: str) -> set[str]:
        """Return the subjects whose alias in small letters a word is, "rebel" for "rebels"."""
        return self._owners.get(word, set()) | self._owners.get(plural(word), set())

    def traces(self) -> list[Trace]:
        """Return what a text must have in it to name a subject, whole or by a word for it."""
        names: dict[frozenset[str], set[str]] = defaultdict(set)
        for each in (self._owners, self._families):
            for name, owners in each.items():
                names[frozenset(_split(name))].update(map(self._kind, owners))
        countries = {**country_names(), **country_aliases(), **_seats()}
        states = {frozenset(_split(name)) for name in countries}
        traces = [
            Trace(words, frozenset({ActorKind.GOVERNMENT}), "state", alone=False)
            for name in countries
            if self.governments_of(name) and (words := frozenset(_split(name))) not in names
        ]
        for words, kinds in names.items():
            land = words in states and "place" not in kinds
            traces.append(Trace(words, frozenset(kinds), "state" if land else "name"))
        for word, country in demonyms().items():
            kinds = {self._kind(owner) for owner in self._governments.get(country, ())}
            if country in self._capitals:
                kinds.add("place")
            many = word.endswith("s")
            trace = Trace(frozenset(_split(word)), frozenset(kinds), "name" if many else "people")
            traces.append(trace)
        return [trace for trace in traces if trace.words and trace.kinds]

    def _kind(self, subject: str) -> str:
        return "place" if subject in self.places else self.actors[subject].kind.value

    def mentions(self, doc: Doc, *, names: bool = True) -> list[Mention]:
        """Find all mentions in a parsed document, in order of the text.

        Args:
            doc: tagged, parsed, with entities.
            names: also return the pipeline's own names that nobody tracks.
        """
        taken: dict[int, Mention] = {}
        found: list[Mention] = []
        #: start of a mention -> the subjects that share its name
        shared: dict[int, tuple[str, ...]] = {}
        hits = self._hits(doc)
        strangers = self._strangers(doc, hits)
        for hit in hits:
            if doc[hit.start : hit.end].text in strangers:
                continue
            if any(i in taken for i in range(hit.start, hit.end)) or not self._is_meant(doc, hit):
                continue
            mention = self._mention(doc, hit)
            if mention is not None:
                mention = self._grown(doc, mention, taken)
                found.append(mention)
                if mention.subject is None:
                    shared[mention.start] = hit.subjects
                taken.update(dict.fromkeys(range(mention.start, mention.end), mention))
        found += self._members(doc, taken)
        found += self._by_family_name(doc, found, taken)
        if names:
            for entity in doc.ents:
                if entity.label_ in LABELS and not any(i in taken for i in _span(entity)):
                    end = _end_of(entity)
                    text = doc[entity.start : end].text
                    label = _entity_label(doc, entity)
                    mention = Mention(entity.start, end, text, label, name=text)
                    if mention.label == "place":
                        mention = self._grown(doc, mention, taken)
                    taken.update(dict.fromkeys(range(mention.start, mention.end), mention))
                    found.append(mention)
        return self._settled(sorted(found, key=lambda one: one.start), shared)

    def _is_meant(self, doc: Doc, hit: _Found) -> bool:
        """Refuse parts of longer words, and the army of "Israel's army" for another country's."""
        if not _stands_alone(doc, hit):
            return False
        last = hit.start - 1
        if not hit.generic or last < 1 or doc[last].tag_ != "POS":
            return True
        owners = (doc[max(0, last - words) : last].text for words in (3, 2, 1))
        country = next((country_names()[name] for name in owners if name in country_names()), None)
        return country is None or country in map(self.countries.get, hit.subjects)

    def _hits(self, doc: Doc) -> list[_Found]:
        hits: dict[tuple[int, int], set[str]] = defaultdict(set)
        generic: dict[tuple[int, int], bool] = {}
        for matcher, is_generic in ((self._exact, False), (self._lower, True)):
            for key, start, end in matcher(doc):
                hits[start, end] |= self._owners[doc.vocab.strings[key]]
                generic[start, end] = is_generic
        rows = [
            _Found(start, end, tuple(sorted(owners)), generic[start, end])
            for (start, end), owners in hits.items()
        ]
        return sorted(rows, key=lambda row: (row.start - row.end, row.start))

    def _strangers(self, doc: Doc, hits: Sequence[_Found]) -> set[str]:
        """Return the names that this text uses for a place of another country."""
        found = set()
        for hit in hits:
            own = {self.countries[subject] for subject in hit.subjects if subject in self.places}
            if own and None not in own:
                told = told_country(doc, hit.start, hit.end, demonyms())
                if told is not None and told not in own:
                    found.add(doc[hit.start : hit.end].text)
        return found

    def _mention(self, doc: Doc, hit: _Found) -> Mention | None:
        subject = hit.subjects[0] if len(hit.subjects) == 1 else None
        text = doc[hit.start : hit.end].text
        label = self._label(hit.subjects[0])
        if label == "person" and hit.end - hit.start == 1 and not is_right_person(doc, hit.start):
            return None
        start = hit.start - 2 if label == "place" and _has_article(doc, hit.start) else hit.start
        text = doc[start : hit.end].text
        return Mention(start, hit.end, text, label, subject, hit.generic, name=text)

    def _label(self, subject: str) -> Label:
        if subject in self.places:
            return "place"
        match self.actors[subject].kind:
            case ActorKind.PERSON:
                return "person"
            case ActorKind.ORGANIZATION | ActorKind.GOVERNMENT:
                return "organization"
            case _:
                return "group"

    def _grown(self, doc: Doc, mention: Mention, taken: Mapping[int, Mention]) -> Mention:
        if mention.label == "place":
            return whole_or_part(doc, mention, taken)
        if mention.label == "person":
            return with_title(doc, mention)
        return with_members(doc, mention)

    def _members(self, doc: Doc, taken: dict[int, Mention]) -> list[Mention]:
        """Find "Russian forces", "the Syrian army", "Russian shelling", "the Afghan capital"."""
        found: list[Mention] = []
        for token in doc:
            country = demonyms().get(token.text)
            if country is None or token.i in taken or _is_hyphenated(doc, token.i):
                continue
            mention = self._of_country(doc, token.i, country, taken)
            if mention is not None:
                found.append(mention)
                taken.update(dict.fromkeys(range(mention.start, mention.end), mention))
        return found

    def _of_country(
        self, doc: Doc, start: int, country: str, taken: Mapping[int, Mention]
    ) -> Mention | None:
        lists = word_lists()
        owners = self._governments.get(country, set())
        end = start + 1
        while end < len(doc) and doc[end].lower_ in lists["member_adjectives"]:
            end += 1
        if end >= len(doc) or any(index in taken for index in range(start, end + 1)):
            return None
        word = doc[end].lower_
        if word == "capital" and country in self._capitals:
            subject = self._capitals[country]
            name = self.places[subject].name
            return Mention(start, end + 1, doc[start : end + 1].text, "place", subject, name=name)
        if len(owners) != 1:
            return None
        if word in lists["deeds"]:
            end = start + 1
        elif word in lists["state_members"]:
            end += 1
            while end < len(doc) and doc[end].lower_ in lists["state_members"]:
                end += 1
        else:
            return None
        return Mention(
            start,
            end,
            doc[start:end].text,
            "organization",
            next(iter(owners)),
            name=doc[start].text,
        )

    def _by_family_name(
        self, doc: Doc, found: Iterable[Mention], taken: dict[int, Mention]
    ) -> list[Mention]:
        """Find persons by their last name where the full name stands in the same text."""
        present = {mention.subject for mention in found}
        more: list[Mention] = []
        for token in doc:
            owners = self._families.get(token.text, set()) & present
            if len(owners) == 1 and token.i not in taken and is_right_person(doc, token.i):
                mention = with_title(
                    doc, Mention(token.i, token.i + 1, token.text, "person", next(iter(owners)))
                )
                more.append(mention)
                taken.update(dict.fromkeys(range(mention.start, mention.end), mention))
        return more

    def _settled(
        self, mentions: list[Mention], shared: Mapping[int, tuple[str, ...]]
    ) -> list[Mention]:
        """Decide shared names by the countries and subjects that the text names clearly."""
        clear = [one for one in mentions if one.subject and not one.part]
        return [
            replace(one, subject=self._best(one, shared[one.start], clear))
            if one.start in shared
            else one
            for one in mentions
        ]

    def _best(
        self, mention: Mention, options: Sequence[str], clear: Sequence[Mention]
    ) -> str | None:
        named = [one.subject for one in clear if one.subject in options]
        if len(set(named)) == 1:
            return named[0]
        around = sorted(clear, key=lambda one: abs(one.start - mention.start))
        for neighbour in around:
            country = self.countries.get(neighbour.subject or "")
            fitting = [one for one in options if country and self.countries[one] == country]
            if len(fitting) == 1:
                return fitting[0]
        return None


@cache
def _seats() -> Mapping[str, str]:
    """Return capital -> ISO 3166 code; two of one name stand for neither."""
    count = Counter(capitals().values())
    return {name: code for code, name in capitals().items() if count[name] == 1}


def _split(text: str) -> list[str]:
    return [
        word
        for word in "".join(c if c.isalnum() else " " for c in text.lower()).split()
        if len(word) > 1
    ]


def _is_hyphenated(doc: Doc, index: int) -> bool:
    """Tell "Russian-backed" and "pro-Russian"."""
    after = index + 1 < len(doc) and doc[index + 1].text in HYPHENS
    return after or (index > 0 and doc[index - 1].text in HYPHENS)


def _end_of(entity: Span) -> int:
    """Return where a name ends: in "captures Hama - residents", "Okello 2 December said", "Hill 350"."""
    if entity[-1].lower_ in word_lists()["months"] and entity[:-1].text[-1:].isdigit():
        return max(entity.end - 2, entity.start + 1)
    for token in entity[1:-1]:
        if token.text in {*HYPHENS, "\u2014"} and token.whitespace_ and token.nbor(-1).whitespace_:
            return token.i
    return entity.end if len(entity) > 1 else end_of_numbered(entity[0])


def _span(entity: Any) -> range:
    return range(entity.start, entity.end)


def _entity_label(doc: Doc, entity: Any) -> Label:
    """Return the label of the pipeline's name; what a city "of" is named after is a place."""
    city_of = (
        entity.start > 1
        and doc[entity.start - 1].lower_ == "of"
        and doc[entity.start - 2].lower_ in word_lists()["places"]
    )
    return "place" if city_of else LABELS[entity.label_]


def _has_article(doc: Doc, start: int) -> bool:
    """Tell the Haffah of "al-Haffah", where the watchlist has it without its article."""
    return (
        start >= 2  # noqa: PLR2004 — "al" and "-"
        and doc[start - 1].text in HYPHENS
        and doc[start - 2].lower_ in word_lists()["articles"]
    )


def _stands_alone(doc: Doc, hit: _Found) -> bool:
    """Refuse a name that is only a part of a longer word: "Iran-backed", "anti-Taliban"."""
    lists = word_lists()
    after = hit.end
    if after + 1 < len(doc) and doc[after].text in HYPHENS:  # noqa: SIM102 — two questions
        if doc[after + 1].lower_ in lists["backed"]:
            return False
    if after < len(doc) and doc[after].text.startswith("-"):
        return doc[after].lower_.lstrip("-") not in lists["backed"]
    before = hit.start - 1
    return not (
        before >= 1
        and doc[before].text in HYPHENS
        and not _has_article(doc, hit.start)
        and not doc[before].whitespace_
        and not doc[before - 1].whitespace_
    )
