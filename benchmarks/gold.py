"""What months of feeds support and what they never say: the gold file, its items, its config."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from monitor.archive import ArchiveItem, read_archive
from monitor.config import default_config, load
from monitor.config.validation import build
from monitor.config.yamlfile import read
from monitor.settings import Config
from monitor.watchlist import Actor, Id, Model, Place, Watchlist

#: where the two months lie beside a checkout
DATA = Path(__file__).parents[2] / "shared" / "bench" / "rss"

#: a status this much earlier than the first item that says so is still told from that item:
#: copies of one report reach the feeds within the hour
SLACK = timedelta(hours=1)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


#: an instant whose writer means UTC; a date is its first moment
Moment = Annotated[datetime, AfterValidator(_utc)]


class Expect(Model):
    """A change that the items support."""

    subject: Id
    facet: Id
    any_of: tuple[str, ...] = Field(min_length=1)
    """Any of these values counts."""
    first: Moment
    """When the first item that says so stood in its feed."""
    within: Annotated[float, Field(gt=0)]
    """Days after ``first`` by which the status must be known."""

    @property
    def opens(self) -> datetime:
        """Before this the status is too early: no item supported it."""
        return self.first - SLACK

    @property
    def closes(self) -> datetime:
        """After this it is too late."""
        return self.first + timedelta(days=self.within)


class Never(Model):
    """A value that no item supports, though some trap in the items invites it."""

    subject: Id
    facet: Id
    value: str
    """``any``: the status must not change at all."""
    before: Moment | None = None
    """From then on the value is unscored."""
    why: str = ""


class Month(Model):
    """One month: its subjects, and what is right and wrong to say of them."""

    month: str = Field(pattern=r"^\d{4}-\d{2}$")
    places: dict[Id, Place] = Field(default_factory=dict)
    actors: dict[Id, Actor] = Field(default_factory=dict)
    expect: tuple[Expect, ...] = ()
    never: tuple[Never, ...] = ()

    @model_validator(mode="after")
    def _speaks_of_its_subjects(self) -> Self:
        rows: tuple[Expect | Never, ...] = (*self.expect, *self.never)
        for row in rows:
            if row.subject not in self.places and row.subject not in self.actors:
                raise ValueError(f"{row.subject!r} to be one of this month's places and actors")
        return self

    @property
    def subjects(self) -> dict[str, Place | Actor]:
        """Places and actors by id."""
        return {**self.places, **self.actors}

    def baseline(self, subject: str, facet: str) -> str | None:
        """Return the value before any news."""
        place = self.places.get(subject)
        return place.held_by if place is not None and facet == "control" else None

    def watchlist(self) -> Watchlist:
        """Return a watchlist of the subjects, with one rule that leaves all as it comes."""
        return Watchlist.model_validate(
            {
                "name": self.month,
                "places": self.places,
                "actors": self.actors,
                "rules": [{"name": "newsroom"}],
            }
        )


class MissingError(Exception):
    """What a benchmark needs is not there or not readable; the message is one line."""


@contextmanager
def one_line_errors() -> Iterator[None]:
    """End the script with status 2 and one line when its data are missing or wrong."""
    try:
        yield
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


def gold_of(path: Path) -> list[Month]:
    """Read a gold file: a list of months.

    Raises:
        MissingError: it is not there, or not such a file; one line for each mistake.
    """
    if not path.is_file():
        raise MissingError(f"{path}: no such file; --gold FILE names a gold file")
    document = read(path)
    problems = list(document.problems)
    months: list[Month] = []
    if not problems and not (isinstance(document.data, list) and document.data):
        raise MissingError(f"{path}: found no list, expected one entry for each month")
    for position, row in enumerate(document.data or ()):
        month, wrong = build(Month, document, row, at=(position,))
        problems += wrong
        months += [month] if month is not None else []
    if problems:
        raise MissingError("\n".join(map(str, problems)))
    return months


def items_of(folder: Path, month: str) -> list[ArchiveItem]:
    """Read the items of a month, oldest first; a bad line is told and left out.

    Raises:
        MissingError: there is no file of that month.
    """
    for path in (folder / f"{month}.jsonl.gz", folder / f"{month}.jsonl"):
        if path.is_file():
            break
    else:
        raise MissingError(
            f"{folder / month}.jsonl.gz or .jsonl: no such file; --items FOLDER names its folder"
        )
    opener: Any = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            return read_archive(lines, lambda said: sys.stderr.write(f"{path}: {said}\n"))
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise MissingError(f"{path}: cannot be read ({error})") from error


def config_of(month: Month) -> Config:
    """Return the default config with the month's subjects as its only watchlist."""
    config = load(default_config(), environ={}, watchlists=[])
    return config.model_copy(update={"watchlists": (month.watchlist(),)})
