"""How well the reader tells deeds from plans, fears, claims and denials.

Usage: ``python benchmarks/factuality.py DATA [--errors N]``, where DATA is a file or a folder of
JSON lines ``{"text": tokens joined by blanks, "targets": [{"span1": [first, last], "label"}]}``
with labels from -3 (did not happen) to +3 (happened): the UW, MEANTIME and UDS-IH2 sets in
the form of github.com/njjiang/factuality_bert. Prints the mean absolute error, Pearson's r, the
macro-F1 over (>= 2, between, <= -1) and the share of our "confirmed" whose label is >= 2. Beside
``NAME_dev`` a ``NAME_train`` teaches what numbers its annotators give to our classes and cues.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from factuality_scale import fit
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from workers.factuality import assess

#: label, class, cues, target and text of every event of a file
Rows = list[tuple[float, str, tuple[str, ...], str, str]]
_NEGATED = re.compile("n['\N{RIGHT SINGLE QUOTATION MARK}]t")
MODEL = Path(__file__).parents[1] / "workers" / "language" / "en_news_sm"
#: our classes on the scale of the annotators: the middle label of each class in the UW training
#: part, rounded. Annotators judge the likelihood, so "will sell" gets +2.3: a scale of theirs
SCALE = {
    "confirmed": 3.0,
    "reported": 2.8,
    "claimed": 2.8,
    "possible": 1.6,
    "planned": 2.2,
    "denied": -1.0,
    "negated": -1.4,
}


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield json.loads(line)
            except ValueError as error:
                sys.exit(f"{path}:{number}: not a JSON object ({error})")


def tokens_of(text: str) -> tuple[list[str], list[int]]:
    """Return the tokens as our tokenizer cuts them, and where each of the given ones starts.

    The sets leave "hasn't" in one piece here and there; the pipeline knows it in two.
    """
    words: list[str] = []
    starts = []
    for given in text.split(" "):
        starts.append(len(words))
        stem, ending = given[:-3], given[-3:]
        words += [stem, ending] if stem and _NEGATED.fullmatch(ending) else [given]
    return words, [*starts, len(words)]


def judge(nlp: Language, path: Path) -> Rows:
    """Return (label, class, cues, target, text) of every target of a file."""
    found: Rows = []
    cut = [(*tokens_of(row["text"]), row) for row in rows(path)]
    pairs = [(Doc(nlp.vocab, words=words), (starts, row)) for words, starts, row in cut]
    for doc, (starts, row) in nlp.pipe(pairs, as_tuples=True, batch_size=64):
        for target in row["targets"]:
            first, last = (starts[at] for at in target["span1"])
            verdict = assess(doc[first:last].root)
            label, value = float(target["label"]), verdict.factuality.value
            found.append((label, value, verdict.cues, doc[first:last].text, row["text"]))
    return found


def _band(value: float) -> int:
    return 2 if value >= 2 else 0 if value <= -1 else 1


def _macro_f1(gold: list[int], ours: list[int]) -> float:
    scores = []
    for band in (0, 1, 2):
        both = sum(g == band == o for g, o in zip(gold, ours, strict=True))
        total = gold.count(band) + ours.count(band)
        scores.append(2 * both / total if total else 1.0)
    return sum(scores) / len(scores)


def _scores(gold: NDArray[np.float64], ours: NDArray[np.float64]) -> str:
    f1 = _macro_f1([_band(x) for x in gold], [_band(x) for x in ours])
    r = np.corrcoef(gold, ours)[0, 1]
    return f"MAE {np.abs(gold - ours).mean():.3f}  r {r:.3f}  macro-F1 {f1:.3f}"


def report(name: str, found: Rows, taught: Rows | None) -> None:
    """Print the figures of one file.

    Args:
        name: of the file.
        found: its targets, judged.
        taught: those of another part of the set, to learn its annotators' numbers from.
    """
    gold = np.array([row[0] for row in found])
    confirmed = gold[np.array([row[1] == "confirmed" for row in found])]
    print(f"{name}: confirmed precision {(confirmed >= 2).mean():.3f} of {len(confirmed)}")
    means = {
        value: gold[[row[1] == value for row in found]].mean()
        for value in SCALE
        if any(row[1] == value for row in found)
    }
    scales = {
        "a number for each class": np.array([SCALE[row[1]] for row in found]),
        "the same, best for this file": np.array([means[row[1]] for row in found]),
    }
    if taught is not None:
        scale = fit([(row[1], row[2]) for row in taught], np.array([row[0] for row in taught]))
        scales["classes and cues, learned"] = scale.numbers([(row[1], row[2]) for row in found])
    for title, ours in scales.items():
        print(f"  {title:30} {_scores(gold, ours)}")
    for value in SCALE:
        labels = gold[np.array([row[1] == value for row in found])]
        if len(labels):
            print(f"    {value:10} {len(labels):5}  mean label {labels.mean():+.2f}")


def main() -> None:
    """Read the arguments, judge every file, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="a file or folder of JSON lines")
    parser.add_argument("--errors", type=int, default=0, help="show the N worst misses of each")
    options = parser.parse_args()
    files = sorted(options.data.glob("*.jsonl")) if options.data.is_dir() else [options.data]
    missing = [path for path in (MODEL, *files) if not path.exists()]
    if missing or not files:
        sys.exit(f"missing: {missing[0] if missing else options.data / '*.jsonl'}")
    nlp = spacy.load(MODEL, exclude=["ner"])
    for path in files:
        found = judge(nlp, path)
        teacher = path.with_name(path.name.replace("_dev", "_train"))
        known = judge(nlp, teacher) if teacher != path and teacher.exists() else None
        report(path.stem, found, known)
        worst = sorted(found, key=lambda row: -abs(row[0] - SCALE[row[1]]))
        for label, value, cues, target, text in worst[: options.errors]:
            print(f"  {label:+.1f} {value} {list(cues)} [{target}] {text}")
            if options.errors:
                doc = nlp(Doc(nlp.vocab, words=text.split(" ")))
                print("     ", " ".join(f"{t}/{t.dep_}>{t.head}" for t in doc))


if __name__ == "__main__":
    main()
