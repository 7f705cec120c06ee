"""Checks of the watchlists against each other, the ontology and the channels."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from monitor.config.drafts import Drafts, ListDraft
from monitor.config.problems import Problem, nearest, one_of
from monitor.config.yamlfile import Document, Path_
from monitor.ontology import Ontology
from monitor.watchlist import Actor, AlertRule, Place


def check_watchlists(drafts: Drafts, *, channels_needed: bool = True) -> Iterator[Problem]:
    """Find what no single file shows.

    Args:
        drafts: The configuration as far as it could be read.
        channels_needed: Whether a rule with an unknown channel is an error, else a warning.
    """
    for watchlist in drafts.lists:
        yield from _name(watchlist)
        yield from _both_kinds(watchlist)
        yield from _holders(watchlist, drafts)
        yield from _rules(watchlist, drafts, channels_needed=channels_needed)
    yield from _same_ids(drafts.lists)
    yield from _shared_names(drafts.lists)
    yield from _shared_geonames(drafts.lists)


def _name(watchlist: ListDraft) -> Iterator[Problem]:
    document = watchlist.document
    given = document.raw.get(("name",))
    if isinstance(given, str) and given not in {"", watchlist.name}:
        yield document.problem(
            ("name",), f"{watchlist.name}: a watchlist is named by its file; delete the line"
        )
    if isinstance(document.data, dict) and not (watchlist.place_ids or watchlist.actor_ids):
        yield document.problem(
            (), "a place or an actor under places: or actors:", found="nothing to track"
        )


def _both_kinds(watchlist: ListDraft) -> Iterator[Problem]:
    document = watchlist.document
    for subject in set(watchlist.place_ids) & set(watchlist.actor_ids):
        first = document.line(("places", subject))
        yield document.problem(
            ("actors", subject),
            "another id for one of them",
            found=f"the id of a place too (line {first})",
        )


def _holders(watchlist: ListDraft, drafts: Drafts) -> Iterator[Problem]:
    for place_id, place in watchlist.places.items():
        if place.held_by is None or place.held_by in drafts.actor_ids or not drafts.whole:
            continue
        path = ("places", place_id, "held_by")
        yield watchlist.document.problem(
            path,
            "the id of an actor",
            suggestion=nearest(place.held_by, drafts.actor_ids),
        )


def _same_ids(lists: Sequence[ListDraft]) -> Iterator[Problem]:
    first: dict[str, tuple[ListDraft, Place | Actor]] = {}
    for watchlist in lists:
        for subject_id, subject in watchlist.subjects.items():
            if subject_id not in first:
                first[subject_id] = (watchlist, subject)
                continue
            other, definition = first[subject_id]
            if definition == subject or other is watchlist:
                continue
            section = "places" if isinstance(subject, Place) else "actors"
            there = "places" if isinstance(definition, Place) else "actors"
            where = f"{other.document.file}:{other.document.line((there, subject_id))}"
            found = "another definition" if section == there else f"one of the {section}"
            yield watchlist.document.problem(
                (section, subject_id),
                f"the same as in {where}, or another id",
                found=f"{found} under an id that is taken",
            )


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def _names(watchlist: ListDraft) -> Iterator[tuple[str, str, Path_]]:
    """Yield every name that is no generic word: text, subject, and where it stands."""
    for section, subjects in (("places", watchlist.places), ("actors", watchlist.actors)):
        for subject_id, subject in subjects.items():
            yield subject.name, subject_id, (section, subject_id, "name")
            for position, alias in enumerate(subject.aliases):
                if section == "places" or not alias[:1].islower():
                    yield alias, subject_id, (section, subject_id, "aliases", position)


def _shared_names(lists: Sequence[ListDraft]) -> Iterator[Problem]:
    first: dict[str, tuple[str, str, int | None]] = {}
    for watchlist in lists:
        document = watchlist.document
        for name, subject_id, path in _names(watchlist):
            here = (subject_id, document.file, document.line(path))
            other, file, line = first.setdefault(_folded(name), here)
            if other != subject_id:
                yield document.problem(
                    path,
                    "a name that only one subject has; where it stands alone, the context decides",
                    found=f'"{name}", which {other} has too ({file}:{line})',
                    severity="warning",
                )


def _shared_geonames(lists: Sequence[ListDraft]) -> Iterator[Problem]:
    first: dict[int, str] = {}
    for watchlist in lists:
        for place_id, place in watchlist.places.items():
            if place.geonames is None:
                continue
            other = first.setdefault(place.geonames, place_id)
            if other != place_id:
                yield watchlist.document.problem(
                    ("places", place_id, "geonames"),
                    "an id of its own",
                    found=f"{place.geonames}, which {other} has too",
                    severity="warning",
                )


def _rules(watchlist: ListDraft, drafts: Drafts, *, channels_needed: bool) -> Iterator[Problem]:
    document = watchlist.document
    first: dict[str, int | None] = {}
    for position, rule in watchlist.rules:
        path: Path_ = ("rules", position)
        if rule.name in first:
            yield document.problem(
                (*path, "name"),
                "each name once",
                found=f'"{rule.name}" a second time (first on line {first[rule.name]})',
            )
        first.setdefault(rule.name, document.line((*path, "name")))
        known_as = [
            *_subjects(watchlist, path, rule),
            *(_facets(document, path, rule, drafts.ontology) if drafts.ontology else ()),
        ]
        yield from known_as
        if drafts.ontology and not known_as:
            yield from _values(document, path, rule, drafts.ontology, drafts)
            yield from _reach(watchlist, path, rule, drafts.ontology)
        if drafts.settings is not None:
            channels = list(drafts.settings.section("channels"))
            yield from _unknown(
                document,
                (*path, "channels"),
                rule.channels,
                channels,
                f"a channel of monitor.yaml ({', '.join(channels) or 'it has none'})",
                severity="error" if channels_needed else "warning",
            )


def _unknown(
    document: Document,
    path: Path_,
    words: Sequence[str],
    known: Sequence[str],
    expected: str,
    *,
    severity: str = "error",
) -> Iterator[Problem]:
    for position, word in enumerate(words):
        if word not in known:
            listed = isinstance(document.raw.get(path), list)
            yield document.problem(
                (*path, position) if listed else path,
                expected,
                suggestion=nearest(word, known),
                severity=severity,
            )


def _subjects(watchlist: ListDraft, path: Path_, rule: AlertRule) -> Iterator[Problem]:
    document = watchlist.document
    key = "subject" if (*path, "subject") in document.raw else "subjects"
    known = [*watchlist.place_ids, *watchlist.actor_ids]
    expected = "the id of a subject of this watchlist"
    yield from _unknown(document, (*path, key), rule.subjects, known, expected)
    tags = sorted({tag for subject in watchlist.subjects.values() for tag in subject.tags})
    expected = f"a tag that a subject carries ({', '.join(tags) or 'none carries one'})"
    yield from _unknown(document, (*path, "tags"), rule.tags, tags, expected)
    countries = sorted({one.country for one in watchlist.subjects.values() if one.country})
    expected = f"the country of a subject ({', '.join(countries) or 'none has one'})"
    yield from _unknown(document, (*path, "country"), rule.country, countries, expected)


def _facets(
    document: Document, path: Path_, rule: AlertRule, ontology: Ontology
) -> Iterator[Problem]:
    known = list(ontology.facets)
    yield from _unknown(document, (*path, "facet"), rule.facet, known, one_of(known))


def _values(
    document: Document, path: Path_, rule: AlertRule, ontology: Ontology, drafts: Drafts
) -> Iterator[Problem]:
    """A value that no facet of the rule has can never come."""
    facets = rule.facet or tuple(ontology.facets)
    by_list = [value for name in facets for value in ontology.facets[name].values_listed]
    actors = any(ontology.facets[name].values == "actor" for name in facets)
    known = [*by_list, *(drafts.actor_ids if actors else ())]
    if actors and not drafts.whole:
        return
    kinds = (["the id of an actor"] if actors else []) + ([one_of(by_list)] if by_list else [])
    expected = " or ".join(kinds) + (f" (values of {', '.join(rule.facet)})" if rule.facet else "")
    for key, words in (("from", rule.from_), ("to", rule.to)):
        yield from _unknown(document, (*path, key), words, known, expected)


def _reach(
    watchlist: ListDraft, path: Path_, rule: AlertRule, ontology: Ontology
) -> Iterator[Problem]:
    """A rule must select a subject, and one of its facets must apply to it."""
    selected = {
        subject_id: subject
        for subject_id, subject in watchlist.subjects.items()
        if (not rule.subjects or subject_id in rule.subjects)
        and (not rule.tags or set(rule.tags) & set(subject.tags))
        and (not rule.country or subject.country in rule.country)
    }
    document = watchlist.document
    if not selected:
        if rule.subjects and rule.tags:
            yield document.problem(
                (*path, "tags"),
                "a tag that a subject of the rule carries; the rule can never match",
                found=f"tags that none of {', '.join(rule.subjects)} carries",
            )
        return
    kinds = {
        "place" if isinstance(subject, Place) else subject.kind.value
        for subject in selected.values()
    }
    if not any(
        kinds & set(ontology.facets[name].applies_to) for name in rule.facet or ontology.facets
    ):
        fitting = [name for name, facet in ontology.facets.items() if kinds & set(facet.applies_to)]
        yield document.problem(
            (*path, "facet"),
            f"{one_of(fitting)}; the rule can never match",
            found=f"{', '.join(rule.facet)}, which no {' or '.join(sorted(kinds))} has",
        )
