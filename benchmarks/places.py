"""How many names of places the reader puts where they belong.

Usage: ``python benchmarks/places.py DATA [--errors N]``, where DATA is a file or a folder of the
XML of github.com/milangritta/Pragmatic-Guide-to-Geoparsing-Evaluation: LGL and GeoVirus. The names
are given, with their offsets; asked is where they are. Prints the share within 161 km (100 miles)
on the great circle, names not resolved counting as wrong, with the median error of the resolved,
and the bounds: the share that population alone gets, and the share that some place of that name
in the index would get.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np

from workers.toponyms.index import GeoPlace, Index, load
from workers.toponyms.ranking import rank, weights
from workers.toponyms.resolver import Named, resolve_all, scene

#: kilometres within which a place counts as found: 100 miles, as everywhere in the literature
WITHIN = 161.0
#: share to reach, by the name of the file
TO_REACH = {"lgl": 0.85, "GeoVirus": 0.88}
_EARTH = 6371.0088
#: characters around a wrong offset in which the name is looked for
_SLIP = 6
#: characters of text shown around a miss
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Toponym:
    """A name of a place in an article, and where it is."""

    start: int
    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Text:
    """An article with its toponyms."""

    id: str
    text: str
    toponyms: tuple[Toponym, ...]

    def names(self) -> list[Named]:
        """Return the toponyms as they are given to the resolver."""
        return [Named(one.start, one.start + len(one.name), one.name) for one in self.toponyms]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one toponym."""

    text: Text
    gold: Toponym
    place: GeoPlace | None
    #: kilometres off; infinite when not resolved
    error: float
    #: right if only population, kind and the words around it decide
    alone: bool
    #: some place of that name is right
    reachable: bool


def texts(path: Path) -> Iterator[Text]:
    """Yield the articles of a file; toponyms without coordinates are left out."""
    for number, article in enumerate(ET.parse(path).getroot().iter("article")):  # noqa: S314 — the user's own file
        text = article.findtext("text") or ""
        found = []
        for one in (*article.iter("toponym"), *article.iter("location")):
            name = one.findtext("phrase") or one.findtext("name") or ""
            lat, lon = next(one.iter("lat"), None), next(one.iter("lon"), None)
            if name and lat is not None and lon is not None and lat.text and lon.text:
                start = _start(text, int(one.findtext("start") or 0), name)
                found.append(Toponym(start, name, float(lat.text), float(lon.text)))
        yield Text(
            article.get("docid") or article.findtext("source") or str(number), text, tuple(found)
        )


def _start(text: str, told: int, name: str) -> int:
    """Return the offset of a name; those of GeoVirus are too large by one and more."""
    near = range(max(0, told - _SLIP), told + _SLIP)
    right = [at for at in near if text.startswith(name, at)]
    return min(right, key=lambda at: abs(at - told), default=told)


def kilometres(lat: float, lon: float, place: GeoPlace) -> float:
    """Return the great-circle distance from a point to a place."""
    rows = np.radians([(lat, lon), (place.lat, place.lon)])
    (a, b), (c, d) = rows
    half = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return float(2 * _EARTH * np.arcsin(np.sqrt(min(1.0, half))))


def answers(index: Index, text: Text) -> Iterator[Answer]:
    """Yield what is said of each toponym of an article."""
    names = text.names()
    groups, member, told = scene(index, names, text.text)
    candidates = [one.rows for one in groups]
    alone = rank(index, groups, told, learned={"alone": weights()["alone"]})
    first = [int(one.rows[int(np.argmax(mass))]) for one, mass in zip(groups, alone, strict=True)]
    said = resolve_all(names, text.text)
    for gold, number, place in zip(text.toponyms, member, said, strict=True):
        rows = [] if number is None else candidates[number].tolist()
        yield Answer(
            text,
            gold,
            place,
            kilometres(gold.lat, gold.lon, place) if place else float("inf"),
            number is not None and _is_right(gold, index.place(first[number])),
            any(_is_right(gold, index.place(row)) for row in rows),
        )


def _is_right(gold: Toponym, place: GeoPlace) -> bool:
    return kilometres(gold.lat, gold.lon, place) <= WITHIN


def report(name: str, found: Sequence[Answer], seconds: float, count: int) -> Iterator[str]:
    """Yield the line of one file."""
    errors = np.array([one.error for one in found])
    resolved = errors[np.isfinite(errors)]
    reach = TO_REACH.get(name)
    yield "{:10} {:>8} {:>8} {:>8.3f} {:>8} {:>10} {:>9.1f} {:>8.0f} {:>8.3f} {:>8.3f} {:>10.1f}".format(
        name,
        count,
        len(found),
        float((errors <= WITHIN).mean()),
        f">= {reach}" if reach else "",
        len(found) - len(resolved),
        float(np.median(resolved)),
        float(resolved.mean()),
        sum(one.alone for one in found) / len(found),
        sum(one.reachable for one in found) / len(found),
        1000 * seconds / count,
    )


def misses(found: Sequence[Answer], shown: int) -> Iterator[str]:
    """Yield the first misses, each with the text around it."""
    wrong = [one for one in found if one.error > WITHIN]
    for one in wrong[:shown]:
        start = one.gold.start
        around = one.text.text[max(0, start - _SHOWN) : start + len(one.gold.name) + _SHOWN]
        said = (
            f"{one.place.name} ({one.place.kind.name.lower()}, {one.place.country}"
            f" {one.place.division}), {one.error:.0f} km off"
            if one.place
            else "not resolved"
        )
        why = "" if one.reachable else "; no place of that name there"
        yield f"  {one.gold.name} at {one.gold.lat:.2f} {one.gold.lon:.2f}: {said}{why}"
        yield f"      ... {' '.join(around.split())} ..."


def main() -> None:
    """Read the arguments, resolve every file, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="a file or folder of XML")
    parser.add_argument("--errors", type=int, default=0, help="show the first N misses of each")
    options = parser.parse_args()
    files = sorted(options.data.glob("*.xml")) if options.data.is_dir() else [options.data]
    if not files or not files[0].exists():
        sys.exit(f"missing: {files[0] if files else options.data / '*.xml'}")
    index = load()
    form = "{:10} {:>8} {:>8} {:>8} {:>8} {:>10} {:>9} {:>8} {:>8} {:>8} {:>10}"
    print(
        form.format(
            "", "articles", "names", "161 km", "to reach", "unresolved", "median km", "mean km",
            "alone", "in index", "ms/article",
        )
    )  # fmt: skip
    for path in files:
        try:
            read = [text for text in texts(path) if text.toponyms]
        except ET.ParseError as error:
            sys.exit(f"{path}: not XML ({error})")
        if not read:
            sys.exit(f"{path}: no article with toponyms")
        began = time.perf_counter()
        for text in read:
            resolve_all(text.names(), text.text)
        seconds = time.perf_counter() - began
        found = [answer for text in read for answer in answers(index, text)]
        print(*report(path.stem, found, seconds, len(read)), sep="\n")
        print(*misses(found, options.errors), sep="\n", end="\n" if options.errors else "")


if __name__ == "__main__":
    main()
