"""How well the place of one verb's event is found among the places that its sentence names.

Usage: ``python benchmarks/event_location.py [DATA] [--others] [--errors N] [--json]``, where DATA
is ``event_location.json[.gz]`` in the form of github.com/ahalterman/event_location: sentences with
one VERB each and the LOCATION of that verb's event, or none. Scored are the adjudicated records, of
the source RELABEL; ``--others`` scores the rest, without the adjudicated sentences, to develop on.
"""

from __future__ import annotations

import argparse
import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from figures import Counts, Figure, as_json, of_counts, share, table, tree
from gold import MissingError, one_line_errors
from spacy.tokens import Doc, Token

from monitor import logs
from workers.gazetteer import Gazetteer
from workers.language import PACKAGED
from workers.openplaces import with_towns
from workers.reader import parse, pipeline
from workers.whereabouts import whereabouts

#: where the records lie beside a checkout
DATA = Path(__file__).parents[2] / "shared" / "bench" / "events" / "event_location.json.gz"
ADJUDICATED = "RELABEL"

#: what is to be reached by the F1 of overlapping spans
REACH = 0.75

#: characters from and to
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Record:
    """A sentence, where its verb stands, and where that verb's event happened."""

    text: str
    source: str
    verb: Place
    places: tuple[Place, ...]
    #: as the file has them, where some offsets count tokens; those of no width are left out
    as_marked: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A record, and what was told of it."""

    record: Record
    told: tuple[Place, ...]
    doc: Doc

    @property
    def exact(self) -> Counts:
        """Count the places that were told to the letter."""
        right = len(set(self.record.places) & set(self.told))
        return Counts(right, len(self.told) - right, len(self.record.places) - right)

    @property
    def overlapping(self) -> Counts:
        """Count the places that were told with the same words at least in part."""
        return overlapping(self.record.places, self.told)

    @property
    def miss(self) -> str | None:
        """Say what is wrong, None where nothing is."""
        counts = self.overlapping
        if not counts.wrong and not counts.missed:
            return None
        if not counts.missed:
            return "told, none is right" if not self.record.places else "told too many"
        return "another place told" if counts.wrong else "not told"


def overlapping(gold: Sequence[Place], told: Sequence[Place]) -> Counts:
    """Count the spans that share characters with one of the other side, each once."""
    free = list(told)
    right = 0
    for start, end in gold:
        hit = next((one for one in free if one[0] < end and start < one[1]), None)
        if hit is not None:
            free.remove(hit)
            right += 1
    return Counts(right, len(free), len(gold) - right)


def records_of(path: Path) -> list[Record]:
    """Read the records.

    Raises:
        MissingError: the file is not there, or not of that form.
    """
    if not path.is_file():
        raise MissingError(f"{path}: no such file, expected event_location.json.gz")
    opener: Any = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as file:
            rows = json.load(file)
        return [one for row in rows if "spans" in row for one in _records(row)]
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise MissingError(f"{path}: cannot be read ({error})") from error
    except (KeyError, TypeError) as error:
        raise MissingError(f"{path}: not records of sentences with spans ({error!r})") from error


def _records(row: dict[str, Any]) -> Iterator[Record]:
    spans = [span for span in row["spans"] if span["label"] == "LOCATION"]
    places = tuple(_joined(sorted(place for span in spans if (place := mended(row, span)))))
    as_marked = tuple(
        _joined(sorted((one["start"], one["end"]) for one in spans if one["start"] < one["end"]))
    )
    for span in row["spans"]:
        if span["label"] == "VERB":
            verb = span["start"], span["end"]
            yield Record(row["text"], row.get("source", ""), verb, places, as_marked)


def mended(row: dict[str, Any], span: dict[str, Any]) -> Place | None:
    """Return from where to where a span stands.

    Of every sixth LOCATION, ``start`` and ``end`` are the numbers of its tokens, not of
    characters: "in Oslo" was marked from 1 to 1. Its text tells so.
    """
    start, end = span["start"], span["end"]
    text, tokens = span.get("text"), row["tokens"]
    if text and row["text"][start:end] != text and span["token_end"] < len(tokens):
        first, last = tokens[span["token_start"]]["start"], tokens[span["token_end"]]["end"]
        if row["text"][first:last] == text:
            return first, last
    return (start, end) if start < end else None


def _joined(spans: Iterable[Place]) -> Iterator[Place]:
    """Join spans that touch: some were marked letter by letter."""
    open_: Place | None = None
    for start, end in spans:
        if open_ is not None and start <= open_[1]:
            open_ = open_[0], max(end, open_[1])
            continue
        if open_ is not None:
            yield open_
        open_ = start, end
    if open_ is not None:
        yield open_


def chosen(records: Sequence[Record], *, others: bool) -> list[Record]:
    """Return the adjudicated records, or the others without the adjudicated sentences."""
    kept = {one.text.strip() for one in records if one.source == ADJUDICATED}
    if others:
        return [one for one in records if one.text.strip() not in kept]
    return [one for one in records if one.source == ADJUDICATED]


class Finder:
    """Finds the places of verbs as the product does, without a watchlist."""

    def __init__(self) -> None:
        self._nlp = pipeline(PACKAGED)
        self._gazetteer = Gazetteer(self._nlp, ())

    def judged(self, record: Record) -> Judged:
        """Read a record and compare."""
        doc = parse(self._nlp, record.text)
        verb = verb_at(doc, record.verb)
        mentions = with_towns(doc, self._gazetteer.mentions(doc))
        told = () if verb is None else whereabouts(verb, mentions)
        return Judged(record, tuple((one.start_char, one.end_char) for one in told), doc)


def verb_at(doc: Doc, place: Place) -> Token | None:
    """Return the head of the words there."""
    span = doc.char_span(*place, alignment_mode="expand")
    return span.root if span is not None else None


def figures(judged: Sequence[Judged]) -> Iterator[Figure]:
    """Yield the figures."""
    yield of_counts("overlapping spans F1", total(one.overlapping for one in judged), REACH)
    yield of_counts("exact spans F1", total(one.exact for one in judged))
    yield of_counts(
        "overlapping, offsets of tokens taken for characters",
        total(overlapping(one.record.as_marked, one.told) for one in judged),
    )
    without = [one for one in judged if not one.record.places]
    yield share(
        "verbs without a place told as such", sum(not one.told for one in without), len(without)
    )
    yield share("verbs told rightly in all", sum(one.miss is None for one in judged), len(judged))


def total(counts: Iterable[Counts]) -> Counts:
    """Add up."""
    return sum(counts, Counts())


def marked(one: Judged) -> str:
    """Return a sentence with its verb in braces, the places in brackets, what was told in <>."""
    marks = [(one.record.verb, "{}"), *((place, "[]") for place in one.record.places)]
    marks += [(place, "<>") for place in one.told]
    text = one.record.text
    edges = [(start, 1, pair[0]) for (start, _), pair in marks]
    edges += [(end, 0, pair[1]) for (_, end), pair in marks]
    for at, _, mark in sorted(edges, reverse=True):
        text = text[:at] + mark + text[at:]
    return " ".join(text.split())


def errors(judged: Sequence[Judged], most: int) -> Iterator[str]:
    """Yield the first misses, each with its parse."""
    for one in [one for one in judged if one.miss][:most]:
        yield f"{one.miss}: {marked(one)}"
        yield tree(one.doc)


def main() -> None:
    """Read the arguments, find the places, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, nargs="?", default=DATA, help="the records")
    parser.add_argument("--others", action="store_true", help="the records to develop on")
    parser.add_argument("--errors", type=int, default=0, help="show N misses with their parses")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of text")
    options = parser.parse_args()
    logs.setup(level="error")
    with one_line_errors():
        records = chosen(records_of(options.data), others=options.others)
    finder = Finder()
    judged = [finder.judged(record) for record in records]
    found = list(figures(judged))
    kinds = Counter(one.miss for one in judged if one.miss)
    if options.json:
        print(as_json(found, records=len(judged), misses=kinds))
        return
    print(*errors(judged, options.errors), sep="\n", end="\n" if options.errors else "")
    print(f"{len(judged)} verbs")
    print(*table(found), sep="\n")
    print("misses:", ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))


if __name__ == "__main__":
    main()
