"""How well and how fast a language pipeline reads English news, beside what is to be reached.

Usage: ``python benchmarks/language.py [--data FOLDER] [--pipeline NAME_OR_PATH] [--against PATH |
--like-first] [--errors N] [--work FOLDER]``. Trees and names are scored on the test sets of the
corpora, headlines on those of ``headlines.yaml``; names with the pipeline alone and with a gazetteer
of GeoNames beside it. The speed is that of all components on one core, and against another
pipeline in the same run.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))  # for `python -m benchmarks.language`

import one_thread  # noqa: F401 — before all that computes

# isort: split
import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import first_training
import headlines
import known_names
import spacy
from gold import MissingError, one_line_errors
from spacy.language import Language

from workers.gazetteer import Gazetteer
from workers.language import PACKAGED, PipelineError, load_pipeline
from workers.language.training import convert_tests, evaluate
from workers.language.training.assemble import size
from workers.language.training.run import unpacked

#: where the corpora lie beside a checkout
DATA = Path(__file__).parents[2] / "shared" / "treebanks"
#: name of their archive, and of the folder of the first training's configs
ARCHIVE, FIRST = "corpora.tar.xz", "first-training"

#: parts that the text is cut into for the speed
ROUNDS = 9


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table: one or more numbers beside those to be reached.

    Attributes:
        name: what is measured.
        got: the numbers.
        reach: what each must reach; empty for what is only told.
        first: those of the first training; empty where it was not measured.
        form: how a number is written.
        least: the numbers must not be above ``reach``, instead of not below.
    """

    name: str
    got: tuple[float, ...]
    reach: tuple[float, ...] = ()
    first: tuple[float, ...] = ()
    form: str = ".3f"
    least: bool = False

    @property
    def reached(self) -> bool:
        """All numbers, as they are written, reach theirs."""
        pairs = zip(self._rounded(self.got), self._rounded(self.reach), strict=True)
        return all(got <= reach if self.least else got >= reach for got, reach in pairs)

    def row(self) -> list[str]:
        """Return the cells of the line."""
        cells = [self._text(numbers) for numbers in (self.first, self.reach, self.got)]
        return [self.name, *cells, ("yes" if self.reached else "no") if self.reach else ""]

    def _rounded(self, numbers: Sequence[float]) -> list[float]:
        return [float(format(number, self.form)) for number in numbers]

    def _text(self, numbers: Sequence[float]) -> str:
        return " / ".join(format(number, self.form) for number in numbers)


def trees(nlp: Language, data: Path) -> Iterator[Figure]:
    """Score the trees."""
    for name, file, reach, first in (
        ("EWT test", "ewt-test", (86.5, 83.5), (84.6, 81.1)),
        ("GUM test", "gum-test", (89.0, 86.0), (87.0, 83.5)),
        ("PUD news", "pud-news-test", (90.5, 87.5), (88.6, 85.0)),
    ):
        scores = evaluate.tree_scores(nlp, data / f"{file}.spacy")
        got = (100 * scores["dep_uas"], 100 * scores["dep_las"])
        yield Figure(f"UAS / LAS, {name}", got, reach, first, ".1f")
    # the last one is that of PUD's news
    relations: dict[str, Any] = scores["dep_las_per_type"]
    f = tuple(float(relations[name]["f"]) for name in ("nsubj", "obj", "nsubj:pass"))
    name = "nsubj / obj / nsubj:pass F, PUD news"
    yield Figure(name, f, (0.92, 0.92, 0.93), (0.88, 0.89, 0.90))


def names(nlp: Language, data: Path) -> Iterator[Figure]:
    """Score the names, of the pipeline alone and with a gazetteer."""
    gazetteer = Gazetteer(nlp, [known_names.watchlist()])
    for name, file, reach, first in (
        ("re3d test", "re3d-test", 0.80, 0.747),
        ("worldwide test", "worldwide-test", 0.75, 0.644),
        ("UNER PUD", "pud-test", 0.76, 0.667),
    ):
        gold = evaluate.docs(nlp, data / f"names-{file}.spacy")
        docs = evaluate.parsed(nlp, gold)
        alone = evaluate.name_scores(docs, gold)
        both = [known_names.with_names(doc, gazetteer) for doc in docs]
        together = evaluate.name_scores(both, gold)
        yield Figure(f"names F, {name}, pipeline alone", (alone["ents_f"],), (reach,), (first,))
        yield Figure(f"names F, {name}, with gazetteer", (together["ents_f"],), (reach,), (first,))
        borders = (alone["span_f"], together["span_f"])
        yield Figure("… borders alone, whatever the label: alone / with", borders)


def of_headlines(verdicts: Sequence[headlines.Verdict]) -> Iterator[Figure]:
    """Score the headlines."""
    counts = headlines.tally(verdicts)
    name = "headlines: subject, object, passive agent of the main verb, F"
    yield Figure(f"{counts.headlines} {name}", (counts.f(),), (0.92,))
    roles = tuple(counts.f(role) for role in headlines.ROLES)
    yield Figure("… active subject / passive subject / object / agent", roles)
    yield Figure("… main verb told rightly", (counts.verb_accuracy,))
    for by in ("case", "kind"):
        groups = dict.fromkeys(getattr(one.headline, by) for one in verdicts)
        chosen = [
            headlines.tally(one for one in verdicts if getattr(one.headline, by) == group)
            for group in groups
        ]
        yield Figure(f"… F, {by}: {' / '.join(groups)}", tuple(group.f() for group in chosen))
        right = tuple(group.verb_accuracy for group in chosen)
        yield Figure(f"… main verb, {by}: {' / '.join(groups)}", right)


def speed(nlp: Language, against: Path | None, data: Path) -> Iterator[Figure]:
    """Time the pipeline, and another in turns with it: as spaCy loads it, and as we load ours."""
    texts = evaluate.speed_texts(nlp, data)
    others = [spacy.load(against), loaded(str(against))] if against else []
    rounds = evaluate.words_per_second([nlp, *others], texts, ROUNDS)
    first = "words per second, one core, all components"
    yield Figure(first, (median(one[0] for one in rounds),), first=(5900,), form=".0f")
    for number, how in enumerate(("as spaCy loads it", "with our arithmetic"), start=1):
        if against:
            ratios = [one[0] / one[number] for one in rounds]
            its = median(one[number] for one in rounds)
            reach = (1.5,) if number == 1 else ()
            yield Figure(f"… of the other, {how}", (its,), form=".0f")
            yield Figure("… times as fast as that", (median(ratios),), reach, form=".2f")
            yield Figure("… lowest / highest", (min(ratios), max(ratios)), form=".2f")


def corpora(data: Path, work: Path) -> Path:
    """Return the folder of the corpora, unpacked where they come as an archive.

    Raises:
        MissingError: there are none, or some lack.
    """
    archive = data / ARCHIVE if data.is_dir() else data
    if archive.exists() and not archive.is_dir():
        data = work / "corpora"
        if not data.exists():
            part = work / "corpora.part"
            unpacked(archive, part).rename(data)
    lacking = [name for name in convert_tests.FOLDERS if not (data / name).is_dir()]
    if lacking:
        raise MissingError(
            f"missing: {', '.join(str(data / name) for name in lacking)} (and no {ARCHIVE}): "
            "workers/language/training/README.md names the repository of each"
        )
    return data


def tests(data: Path, work: Path) -> Path:
    """Return the folder of the converted test sets, converting them first where they are not."""
    for done in (work / "converted", work / "tests"):
        if done.exists():
            return done
    convert_tests.main(data, done)
    return done


def loaded(name: str) -> Language:
    """Load a pipeline.

    Raises:
        MissingError: it cannot be had.
    """
    try:
        return load_pipeline(name)
    except PipelineError as error:
        raise MissingError(str(error)) from error


def measure(options: argparse.Namespace, work: Path) -> None:
    """Measure all of it and print the table.

    Raises:
        MissingError: data or a pipeline are not there.
    """
    started = time.perf_counter()
    nlp = loaded(options.pipeline)
    seconds = time.perf_counter() - started
    data = corpora(options.data, work)
    against = options.against
    if options.like_first:
        configs = options.data if options.data.is_dir() else options.data.parent
        against = first_training.build(configs / FIRST, data, work)
    converted = tests(data, work)
    verdicts = headlines.judge(nlp, headlines.load())
    figures = [
        *trees(nlp, converted),
        *names(nlp, converted),
        *of_headlines(verdicts),
        *speed(nlp, against, converted),
        Figure("size on disk, MB", (size(nlp.path) / 1e6,), (15,), (17.6,), ".1f", least=True),
        Figure("load, s", (seconds,), (1,), (0.6,), ".2f", least=True),
    ]
    print(f"\n{options.pipeline}: {', '.join(nlp.pipe_names)}")
    evaluate.print_table(
        ("measure", "first training", "to reach", "here", "reached"),
        [figure.row() for figure in figures],
    )
    print(_about_speed(options))
    wrong = list(headlines.errors(verdicts))
    for error in wrong[: options.errors]:
        print(f"\n{error}")
    if 0 < options.errors < len(wrong):
        print(f"\n… and {len(wrong) - options.errors} more headlines")


def _about_speed(options: argparse.Namespace) -> str:
    told = "The speed is by the time of the processor, on one thread; "
    if options.like_first:
        return (
            f"{told}the other is of the first training's architecture, trained for"
            f" {first_training.STEPS} steps: what it reads is wrong, how fast is the same."
        )
    if options.against:
        return f"{told}the other is {options.against}."
    return f"{told}the ratio needs --like-first or --against PATH."


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA, help=f"folder of corpora or {ARCHIVE}")
    parser.add_argument("--pipeline", default=PACKAGED, help="package or folder; the packaged one")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--against", type=Path, help="another pipeline, for the speed")
    other.add_argument("--like-first", action="store_true", help="build one as the first training")
    parser.add_argument("--errors", type=int, default=0, help="show N headlines that went wrong")
    parser.add_argument("--work", type=Path, help="keeps what is unpacked, converted and built")
    options = parser.parse_args()
    with one_line_errors(), tempfile.TemporaryDirectory() as passing:
        work = options.work or Path(passing)
        work.mkdir(parents=True, exist_ok=True)
        measure(options, work)


if __name__ == "__main__":
    main()
