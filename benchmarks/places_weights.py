"""Learns the weights of ``workers/toponyms`` and says what they are worth on unseen articles.

Usage: ``python benchmarks/places_weights.py DATA [--write]``, with the DATA of ``places.py``. The
articles of each file are dealt into four parts by a hash of their id; the weights learned from
three parts are tested on the fourth. ``--write`` then learns from all and writes
``workers/toponyms/weights.json``. So what ``places.py`` prints on the same files is a little too
good; what this prints is not. Made-up articles join the real ones with twice the weight of a file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from places import WITHIN, Text, kilometres, texts
from places_made_up import MadeUp

from workers.toponyms import ranking
from workers.toponyms.cues import Told
from workers.toponyms.index import Index, Ints, load
from workers.toponyms.ranking import (
    ALONE,
    LEAST,
    TOGETHER,
    Floats,
    Group,
    Scene,
    features_alone,
    first_of,
    keep_likely,
    rank,
    softmax,
)
from workers.toponyms.resolver import scene, town_of_its_division

PARTS = 4
#: number of made-up articles, and how much all of them weigh; a file weighs 1
MADE_UP, MADE_UP_WEIGHT = 2000, 2.0
#: strength of the L2 penalty, where a file of articles weighs ``FILE``
PENALTY, FILE = 1.0, 2000.0
#: rounds of learning the second pass, each from the masses that the one before leads to
ROUNDS = 4
#: steps of Adam, and its step size, lowered at the end
STEPS, STEP = 600, 0.05

Learned = Mapping[str, Floats]


@dataclass(slots=True)
class Case:
    """An article ready for learning."""

    file: str
    part: int
    text: Text
    groups: list[Group]
    member: list[int | None]
    told: Told


def case(index: Index, file: str, text: Text) -> Case:
    """Return an article with its candidates."""
    part = int(hashlib.sha256(text.id.encode()).hexdigest(), 16) % PARTS
    return Case(file, part, text, *scene(index, text.names(), text.text))


def right(index: Index, one: Case) -> list[Floats]:
    """Return for each candidate how many occurrences of its name it is right for."""
    counts = [np.zeros(len(group.rows)) for group in one.groups]
    for gold, number in zip(one.text.toponyms, one.member, strict=True):
        if number is not None:
            for place, row in enumerate(one.groups[number].rows.tolist()):
                near = kilometres(gold.lat, gold.lon, index.place(row)) <= WITHIN
                counts[number][place] += near
    return counts


@dataclass(slots=True)
class _Table:
    """Names in a row: features of the candidates, which are right, where each name begins."""

    features: Floats
    right: Floats
    starts: Ints
    weights: Floats


def _table(
    cases: Sequence[Case], counts: Mapping[int, list[Floats]], features: Mapping[int, Floats]
) -> _Table:
    names = Counter(one.file for one in cases for _ in one.text.toponyms)
    rows, marks, starts, heavy, at = [], [], [], [], 0
    for one in cases:
        bounds = [*first_of(one.groups).tolist(), sum(len(group.rows) for group in one.groups)]
        for number, count in enumerate(counts[id(one)]):
            if not count.any():
                continue
            first, last = bounds[number], bounds[number + 1]
            rows.append(features[id(one)][first:last])
            marks.append((count > 0).astype(float))
            starts.append(at)
            at += last - first
            share = MADE_UP_WEIGHT if one.file == "made up" else 1.0
            heavy.append(float(count.max()) * FILE * share / names[one.file])
    return _Table(np.vstack(rows), np.concatenate(marks), np.array(starts), np.array(heavy))


def fit(table: _Table, begin: Floats) -> Floats:
    """Return the weights that make the right candidates likely: a conditional logit."""
    scale = table.features.std(axis=0) + 1e-6
    scaled = table.features / scale
    sizes = np.diff([*table.starts, len(scaled)])
    total = table.weights.sum()
    spread = np.repeat(table.weights, sizes) / total
    learned = begin * scale
    mean, square = np.zeros_like(learned), np.zeros_like(learned)
    for step in range(1, STEPS + 1):
        mass = softmax(scaled @ learned, table.starts)
        good = mass * table.right
        good /= np.repeat(np.maximum(np.add.reduceat(good, table.starts), 1e-9), sizes)
        slope = ((good - mass) * spread) @ scaled - PENALTY * learned / total
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        size = STEP if step < 0.6 * STEPS else STEP / 5
        learned += size * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-9)
    return np.asarray(learned / scale)


def learn(index: Index, cases: Sequence[Case]) -> Learned:
    """Learn both passes from articles, whose unlikely candidates are dropped."""
    cases = [one for one in cases if one.groups]

    def alone_of() -> dict[int, Floats]:
        return {
            id(one): np.vstack([features_alone(index, group, one.told) for group in one.groups])
            for one in cases
        }

    def counts_of() -> dict[int, list[Floats]]:
        return {id(one): right(index, one) for one in cases}

    alone = fit(_table(cases, counts_of(), alone_of()), np.zeros(len(ALONE)))
    for one in cases:
        for group in one.groups:
            keep_likely(index, group, one.told, alone)
    counts, features = counts_of(), alone_of()
    starts = {id(one): first_of(one.groups) for one in cases}
    scenes = {id(one): Scene(index, one.groups) for one in cases}
    mass = {key: softmax(features[key] @ alone, starts[key]) for key in features}
    prior = {key: np.log(mass[key] + LEAST) for key in mass}
    together = np.zeros(len(TOGETHER))
    for _ in range(ROUNDS):
        seen = {key: scenes[key].features(features[key], prior[key], mass[key]) for key in mass}
        together = fit(_table(cases, counts, seen), together)
        mass = {key: softmax(seen[key] @ together, starts[key]) for key in mass}
    return {"alone": alone, "together": together}


def score(index: Index, cases: Sequence[Case], learned: Learned) -> Counter[tuple[str, bool]]:
    """Return how many names of each file are right and wrong."""
    found: Counter[tuple[str, bool]] = Counter()
    for one in cases:
        best = [
            town_of_its_division(index, group, int(np.argmax(mass)))
            for group, mass in zip(
                one.groups, rank(index, one.groups, one.told, learned=learned), strict=True
            )
        ]
        for gold, number in zip(one.text.toponyms, one.member, strict=True):
            place = None if number is None else index.place(best[number])
            good = place is not None and kilometres(gold.lat, gold.lon, place) <= WITHIN
            found[one.file, good] += 1
    return found


def main() -> None:
    """Read the arguments, cross-validate, write if asked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="a folder of XML")
    parser.add_argument("--write", action="store_true", help="learn from all and write the weights")
    options = parser.parse_args()
    files = sorted(options.data.glob("*.xml"))
    if not files:
        sys.exit(f"missing: {options.data / '*.xml'}")
    index = load()
    rows = [(path.stem, text) for path in files for text in texts(path) if text.toponyms]
    rows += [("made up", text) for text in MadeUp(index).articles(MADE_UP)]

    def cases(*parts: int) -> list[Case]:
        # built anew each time: learning drops candidates
        found = (case(index, file, text) for file, text in rows)
        return [one for one in found if one.part in parts]

    total: Counter[tuple[str, bool]] = Counter()
    for part in range(PARTS):
        learned = learn(index, cases(*(other for other in range(PARTS) if other != part)))
        total += score(index, cases(part), learned)
    for file in sorted({file for file, _ in total}):
        good, bad = total[file, True], total[file, False]
        print(
            f"{file:10} {good} of {good + bad} within {WITHIN:.0f} km = {good / (good + bad):.4f}"
        )
    if options.write:
        learned = learn(index, cases(*range(PARTS)))
        named = {"alone": ALONE, "together": TOGETHER}
        stored = {
            key: dict(zip(named[key], np.round(values, 4).tolist(), strict=True))
            for key, values in learned.items()
        }
        path = Path(ranking.__file__).parent / "weights.json"
        path.write_text(json.dumps(stored, indent=1) + "\n")


if __name__ == "__main__":
    main()
