"""Reads JSON lines and writes what was read in them: the interface of ``monitor extract``."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TextIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from spacy.tokens import Doc

from monitor.records import Article, Claim, Instant
from workers.events import Event
from workers.languages import in_words
from workers.mentions import Mention
from workers.reader import ReadArticle, Reader
from workers.toponyms.index import GeoPlace
from workers.toponyms.resolver import Named, resolve_all

#: lines read together
BATCH = 32


class Line(BaseModel):
    """One line of input; keys that are not known are ignored.

    Only the id is needed. Without ``published`` the text counts as published now.
    """

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str
    title: str = ""
    text: str = ""
    published: Instant = Field(default_factory=lambda: datetime.now(UTC))
    source: str = ""
    language: str | None = Field(default=None)

    @model_validator(mode="before")
    @classmethod
    def _mild(cls, row: Any) -> Any:
        """Take null for absent, and a time without a zone for UTC."""
        if not isinstance(row, dict):
            return row
        row = {name: value for name, value in row.items() if value is not None}
        told = row.get("published")
        if isinstance(told, str):
            with contextlib.suppress(ValueError):
                moment = datetime.fromisoformat(told)
                row["published"] = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return row

    def article(self) -> Article:
        """Return the line as an article that was seen when it was published."""
        return Article(
            id=self.id,
            feed="extract",
            source=self.source,
            title=self.title.replace("\n", " "),
            text=self.text,
            language=self.language,
            published=self.published,
            seen=self.published,
        )


def extract(lines: Iterable[str], out: TextIO, reader: Reader, *, explain: bool = False) -> int:
    """Write one line for each line; a bad one is told on standard error and left out.

    Args:
        lines: JSON lines, each a :class:`Line`.
        out: where the answers go.
        reader: reads them; its offsets become those of the input.
        explain: add to each event the words that decided: ``"explain": {"factuality", "time",
            "history"}``.

    Returns:
        The exit status: 0, or 1 when a line was bad.
    """
    reader.keep_offsets()
    bad = 0
    batch: dict[int, Article] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = Line.model_validate_json(line)
            if "published" not in row.model_fields_set:
                sys.stderr.write(f'line {number}: key "published" is missing: taken for now\n')
            batch[number] = row.article()
        except ValidationError as error:
            bad += 1
            sys.stderr.write(f"line {number}: {_reason(error)}\n")
        if len(batch) >= BATCH:
            _write(batch, out, reader, explain=explain)
            batch = {}
    _write(batch, out, reader, explain=explain)
    return 1 if bad else 0


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if not where:
        return f"not JSON of an article: {first['msg']}"
    return f'key "{where}": {first["msg"]}'


def _write(batch: Mapping[int, Article], out: TextIO, reader: Reader, *, explain: bool) -> None:
    for number, read in zip(batch, reader.read(list(batch.values())), strict=True):
        if told := in_words(read.outcome):
            sys.stderr.write(f"line {number}: {told}\n")
        row = _row(read, reader)
        if explain:
            for shown, event in zip(row["events"], read.events, strict=True):
                shown["explain"] = reasons(event)
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
    out.flush()


def _row(read: ReadArticle, reader: Reader) -> dict[str, Any]:
    doc = read.doc
    if doc is None:
        return {"id": read.article.id, "entities": [], "events": [], "claims": []}
    located = _Located(doc, read, reader)
    return {
        "id": read.article.id,
        "entities": [{**located.show(doc, one), "label": one.label} for one in read.mentions],
        "events": [_event(doc, one, located, reader) for one in read.events],
        "claims": [_claim(one) for one in read.claims],
    }


class _Located:
    """The places of one article with GeoNames ids, each in the light of the others."""

    def __init__(self, doc: Doc, read: ReadArticle, reader: Reader) -> None:
        self._tracked = reader.gazetteer.places
        countries = dict.fromkeys(
            country
            for one in read.mentions
            if (country := reader.gazetteer.countries.get(one.subject or ""))
        )
        roles = (one for event in read.events for _, one in _roles(event))
        asked = {
            _key(one): self._named(doc, one) for one in (*read.mentions, *roles) if _is_asked(one)
        }
        found = resolve_all(list(asked.values()), doc.text, list(countries))
        self._places: dict[tuple[int, int, str], GeoPlace | None] = dict(
            zip(asked, found, strict=True)
        )

    def _named(self, doc: Doc, mention: Mention) -> Named:
        """Return the bare name where it stands; what a watchlist says of it is certain."""
        span = doc[mention.start : mention.end]
        bare = mention.name or mention.text
        start = span.start_char + max(0, span.text.find(bare))
        end = start + len(bare)
        tracked = self._tracked.get(mention.subject or "")
        if tracked is None:
            return Named(start, end, bare)
        return Named(start, end, tracked.name, tracked.country, tracked.geonames)

    def show(self, doc: Doc, mention: Mention) -> dict[str, Any]:
        span = doc[mention.start : mention.end]
        row: dict[str, Any] = {
            "text": span.text,
            "start": span.start_char,
            "end": span.end_char,
        }
        mention = self.locate(mention)
        tracked = mention.subject if not mention.part else None
        extras = {
            "subject": tracked,
            "geonames": mention.geonames,
            "lat": mention.lat,
            "lon": mention.lon,
        }
        return row | {name: value for name, value in extras.items() if value is not None}

    def locate(self, mention: Mention) -> Mention:
        """Return a place with its coordinates, as far as it is the place itself."""
        place = self._places.get(_key(mention))
        if place is None:
            return mention
        tracked = self._tracked.get(mention.subject or "")
        known = tracked.geonames if tracked else None
        return replace(mention, geonames=known or place.geonames, lat=place.lat, lon=place.lon)


def _key(mention: Mention) -> tuple[int, int, str]:
    return mention.start, mention.end, mention.name


def _is_asked(mention: Mention) -> bool:
    return mention.label == "place" and mention.relation != "other" and not mention.geonames


def _event(doc: Doc, event: Event, located: _Located, reader: Reader) -> dict[str, Any]:
    trigger = doc[event.trigger[0] : event.trigger[1]]
    sentence = doc[event.sentence[0] : event.sentence[1]]
    kind = reader.ontology.events[event.id]
    row: dict[str, Any] = {
        "type": kind.type,
        "mode": kind.mode,
        "trigger": {
            "text": trigger.text,
            "start": trigger.start_char,
            "end": trigger.end_char,
        },
    }
    for role, mention in _roles(event):
        row[role] = located.show(doc, mention)
    row["factuality"] = event.factuality.value
    row["history"] = event.history
    if event.attribution:
        row["attribution"] = event.attribution
    if event.start is not None and event.end is not None and event.time:
        row["time"] = {"start": event.start.isoformat(), "end": event.end.isoformat()}
    row["sentence"] = {"start": sentence.start_char, "end": sentence.end_char}
    return row


def reasons(event: Event) -> dict[str, Any]:
    """Return why an event was read as it was: words of the text, and the names of rules.

    ``factuality`` from the event outwards; ``time`` the expression that dates it; ``history`` why
    it is one. What decided nothing is left out.
    """
    found = {"factuality": list(event.cues), "time": event.time, "history": event.past}
    return {name: why for name, why in found.items() if why}


def _roles(event: Event) -> Iterator[tuple[str, Mention]]:
    for role, mention in (
        ("agent", event.agent),
        ("patient", event.patient),
        ("place", event.place),
    ):
        if mention is not None:
            yield role, mention


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "subject": claim.subject,
        "facet": claim.facet,
        "value": claim.value,
        "factuality": claim.factuality.value,
        "time": {"start": claim.start.isoformat(), "end": claim.end.isoformat()},
        "evidence": claim.sentence,
    }
