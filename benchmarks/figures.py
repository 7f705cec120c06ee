"""What the accuracy benchmarks share: counts, figures beside what is to be reached, parses shown."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from spacy.tokens import Doc

from monitor.parse import page

#: columns of a parse that is shown
WIDTH = 110

_WORDS = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_ARTICLES = frozenset({"the", "a", "an"})


@dataclass(frozen=True, slots=True)
class Counts:
    """What was found rightly, found wrongly, and not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.right + other.right, self.wrong + other.wrong, self.missed + other.missed
        )

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 1 where nothing was found."""
        found = self.right + self.wrong
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        """Share of what there is that was found; 1 where there is nothing."""
        wanted = self.right + self.missed
        return self.right / wanted if wanted else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both; 1 where nothing was wanted and nothing found."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table.

    Attributes:
        name: what is measured.
        got: the number.
        reach: what it must reach; None for what is only told.
        rests: the counts behind it.
        least: the number must not be above ``reach``, instead of not below.
    """

    name: str
    got: float
    reach: float | None = None
    rests: str = ""
    least: bool = False

    @property
    def reached(self) -> bool | None:
        """The number, as it is written, reaches what it must; None where nothing must be."""
        if self.reach is None:
            return None
        got = float(_written(self.got))
        return got <= self.reach if self.least else got >= self.reach


def of_counts(name: str, counts: Counts, reach: float | None = None) -> Figure:
    """Return F1 with precision and recall beside it."""
    rests = (
        f"P {counts.precision:.3f}  R {counts.recall:.3f}  "
        f"({counts.right} right, {counts.wrong} wrong, {counts.missed} missed)"
    )
    return Figure(name, counts.f1, reach, rests)


def share(name: str, right: int, of: int, reach: float | None = None) -> Figure:
    """Return a share with its counts; 1 where there is nothing to share."""
    return Figure(name, right / of if of else 1.0, reach, f"{right} of {of}")


def _written(number: float) -> str:
    return str(number) if isinstance(number, int) else f"{number:.3f}"


def table(figures: Sequence[Figure]) -> Iterator[str]:
    """Yield the table: figure, what is to be reached, whether it is, what it rests on."""
    width = max((len(figure.name) for figure in figures), default=0)
    yield f"{'':{width}} {'figure':>7} {'to reach':>9} {'':4} rests on"
    for figure in figures:
        sign = "<=" if figure.least else ">="
        reach = "" if figure.reach is None else f"{sign} {figure.reach:g}"
        done = {None: "", True: "yes", False: "no"}[figure.reached]
        line = f"{figure.name:{width}} {_written(figure.got):>7} {reach:>9} {done:4} {figure.rests}"
        yield line.rstrip()


def as_json(figures: Sequence[Figure], **more: Any) -> str:
    """Return the figures as one JSON document."""
    rows = [
        {
            "name": figure.name,
            "figure": round(figure.got, 4),
            "to_reach": figure.reach,
            "reached": figure.reached,
            "rests_on": figure.rests,
        }
        for figure in figures
    ]
    return json.dumps({"figures": rows, **more}, ensure_ascii=False, indent=1)


def tree(doc: Doc) -> str:
    """Return a parse as `monitor parse` shows it, indented."""
    out = io.StringIO()
    Console(file=out, width=WIDTH, highlight=False, emoji=False).print(page(doc))
    return "\n".join(f"    {line.rstrip()}" for line in out.getvalue().rstrip().splitlines())


def words(name: str) -> list[str]:
    """Return the words of a name in small letters, without an article or a possessive 's."""
    found = [re.sub(r"['\u2019]s?$", "", word) for word in _WORDS.findall(name.casefold())]
    return found[1:] if len(found) > 1 and found[0] in _ARTICLES else found


def inside(inner: Sequence[str], outer: Sequence[str]) -> bool:
    """Tell whether words stand in others, one after the other."""
    size = len(inner)
    return bool(inner) and any(
        list(outer[start : start + size]) == list(inner) for start in range(len(outer) - size + 1)
    )


def same_name(one: str, other: str) -> bool:
    """Tell whether two names may mean the same: the words of one stand in the other."""
    first, second = words(one), words(other)
    return inside(first, second) or inside(second, first)
