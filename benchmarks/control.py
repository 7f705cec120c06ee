"""Who holds a place at the end of its dated history, by the claims that are read in it.

Usage: ``python benchmarks/control.py [DATA] [--errors N] [--json]``, where DATA is a CSV file with
the columns ``place, held_by, single_holder, has_control_verb, history``: a row of free text a
place, and who holds it (GOV, HTS, OPP, SDF, TUR, ISIL, joined by +). A history is read as
dispatches: each sentence is an article of the day that it, or one before it, tells.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from figures import Counts, Figure, as_json, of_counts, share, table, tree
from gold import MissingError, one_line_errors
from spacy.tokens import Doc

from monitor import logs
from monitor.config import default_config, load
from monitor.config.validation import slug
from monitor.records import Article, Claim, Factuality
from monitor.rules.belief import believe
from monitor.rules.voices import Sources
from monitor.settings import Config
from monitor.watchlist import Actor, ActorKind, Place, Source, Watchlist
from workers.reader import Reader

#: where the rows lie beside a checkout
DATA = Path(__file__).parents[2] / "shared" / "bench" / "control" / "control_rows.csv"
COLUMNS = ("place", "held_by", "single_holder", "has_control_verb", "history")

#: what is to be reached by the macro-F1 over holders
REACH = 0.80

#: who holds a place before its history begins
BASELINE = "GOV"

#: code -> who it is in such texts
ACTORS: Mapping[str, Actor] = {
    "GOV": Actor(
        name="Syrian government",
        aliases=(
            "Syrian Army", "Syrian Arab Army", "Syrian army", "Syrian military", "Syrian troops",
            "Syrian forces", "SAA", "Assad regime", "army", "the army", "the military", "government",
            "government forces", "government troops", "regime", "regime forces", "regime troops",
            "loyalists", "loyalist troops",
        ),
        kind=ActorKind.GOVERNMENT,
        country="SY",
    ),
    "OPP": Actor(
        name="Free Syrian Army",
        aliases=(
            "FSA", "Syrian National Army", "SNA", "Ahrar al-Sham", "Islamic Front", "Tawhid Brigade",
            "Northern Storm Brigade", "Southern Front", "opposition", "the opposition",
            "opposition fighters", "opposition forces", "rebels", "rebel fighters", "rebel forces",
        ),
        kind=ActorKind.ARMED_GROUP,
        country="SY",
    ),
    "HTS": Actor(
        name="Hayat Tahrir al-Sham",
        aliases=(
            "HTS", "Tahrir al-Sham", "Al-Nusra Front", "al-Nusra Front", "Al Nusra Front",
            "Nusra Front", "Jabhat al-Nusra", "Jabhat Al-Nusra", "al-Nusra", "Al Nusra", "Nusra",
        ),
        kind=ActorKind.ARMED_GROUP,
    ),
    "SDF": Actor(
        name="Syrian Democratic Forces",
        aliases=("SDF", "YPG", "PYD", "Kurdish forces", "Kurdish fighters", "Kurds"),
        kind=ActorKind.ARMED_GROUP,
    ),
    "ISIL": Actor(
        name="Islamic State of Iraq and the Levant",
        aliases=("Islamic State", "ISIL", "ISIS", "IS", "Daesh"),
        kind=ActorKind.ARMED_GROUP,
    ),
    "TUR": Actor(
        name="Turkey",
        aliases=("Turkish army", "Turkish forces", "Turkish Armed Forces"),
        kind=ActorKind.GOVERNMENT,
        country="TR",
    ),
}  # fmt: skip

_DEEDS = frozenset({Factuality.CONFIRMED, Factuality.REPORTED, Factuality.CLAIMED})
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH = "|".join(_MONTHS)
#: "12 March 2018", "March 12, 2018", "March 2018", "12 March", "2018"
_DATE = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}}) )?(?P<m>{_MONTH})\b(?: (?P<d2>\d{{1,2}})\b)?(?:,? (?P<y>(?:19|20)\d\d)\b)?"
    rf"|\b(?:in|In|of|by|By|since|Since) (?P<only>(?:19|20)\d\d)\b"
)
_SENTENCE = re.compile(r"(?<=[.!?\]])\s+(?=[A-Z\"'])")
#: where a history without a date begins
_FIRST = datetime(2011, 3, 15, 12, tzinfo=UTC)
_OUTSIDE = re.compile(r"Outside listed towns in (?P<name>.+) G\.")
_ARTICLE = re.compile(r"^(?:al|an|as|ad|ar|at|az|ash)[- ]", re.IGNORECASE)
_NAME = re.compile(
    r"(?:[A-Z][\w'\u2019-]*|al-[A-Z][\w'\u2019-]*)(?: (?:al-)?[A-Z][\w'\u2019-]*){0,2}"
)
#: fewest consonants by which another spelling is known
_CONSONANTS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A place, who holds it, and its history."""

    place: str
    holders: tuple[str, ...]
    single: bool
    told: bool
    history: str

    @property
    def holder(self) -> str:
        """The one holder; the opposition that Turkey stands behind is the opposition."""
        return self.holders[0]

    @property
    def is_named(self) -> bool:
        """The history names the holder at all: else nobody can read it there."""
        actor = ACTORS[self.holder]
        names = "|".join(re.escape(name) for name in (actor.name, *actor.aliases))
        return re.search(rf"\b(?:{names})\b", self.history, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A sentence of a history, and when it would have stood in the news."""

    text: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with the claims of control that were read in it."""

    row: Row
    claims: tuple[Claim, ...]
    believed: str
    docs: tuple[Doc, ...]

    @property
    def last(self) -> str:
        """The holder of the last claim by the time of the event."""
        return self.claims[-1].value.upper() if self.claims else BASELINE


def rows_of(path: Path) -> list[Row]:
    """Read the rows.

    Raises:
        MissingError: the file is not there, or not of that form.
    """
    if not path.is_file():
        raise MissingError(f"{path}: no such file, expected control_rows.csv")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            found = csv.DictReader(file)
            lacking = [name for name in COLUMNS if name not in (found.fieldnames or ())]
            if lacking:
                raise MissingError(f"{path}: no column {', '.join(lacking)}")
            return [_row(path, line, found.line_num) for line in found]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MissingError(f"{path}: cannot be read ({error})") from error


def _row(path: Path, line: Mapping[str, str], number: int) -> Row:
    holders = tuple(line["held_by"].split("+"))
    unknown = [code for code in holders if code not in ACTORS]
    if unknown:
        raise MissingError(
            f"{path}:{number}: found holder {unknown[0]!r}, expected one of {', '.join(ACTORS)}"
        )
    return Row(
        place=line["place"],
        holders=holders,
        # OPP+TUR is one holder: the opposition that Turkey stands behind
        single=line["single_holder"] == "1",
        told=line["has_control_verb"] == "1",
        history=line["history"] or "",
    )


def place_of(row: Row) -> Place:
    """Return the place under all spellings that its history has for it."""
    outside = _OUTSIDE.fullmatch(row.place)
    if outside is not None:
        name = outside["name"]
        aliases = {f"{name} Governorate", f"{name} province", f"{name} countryside"}
        return Place(name=f"{name} Governorate", aliases=tuple(sorted(aliases)), country="SY")
    name = row.place.rpartition(" \u2013 ")[2].replace("- ", "-")
    first, _, second = name.partition(" (")
    names = [first, *([second.rstrip(")")] if second else [])]
    found = {*names, *(_ARTICLE.sub("", one) for one in names)}
    bones = {skeleton(one) for one in names}
    for match in _NAME.finditer(row.history):
        words = match[0].split()
        for size in range(1, len(words) + 1):
            some = " ".join(words[:size])
            if len(skeleton(some)) >= _CONSONANTS and skeleton(some) in bones:
                found.add(some)
    return Place(name=names[0], aliases=tuple(sorted(found)), country="SY")


def skeleton(name: str) -> str:
    """Return what two spellings of an Arabic name have in common: its consonants."""
    letters = re.sub(r"[^a-z]|[aeiouyw]|(?<=.)h\b", "", _ARTICLE.sub("", name).lower())
    return re.sub(r"(.)\1+", r"\1", letters)


def dispatches(history: str) -> list[Dispatch]:
    """Cut a history into sentences, each with the day by which it was known."""
    found: list[Dispatch] = []
    now = _FIRST
    for sentence in _SENTENCE.split(history.replace("*", "")):
        if not sentence.strip() or sentence.startswith("See "):
            continue
        dates = [day for match in _DATE.finditer(sentence) if (day := _day(match, now))]
        # one sentence after the other where none tells a day of its own
        now = max(dates) if dates else now + timedelta(minutes=1)
        found.append(Dispatch(sentence.strip(), now))
    return found


def _day(match: re.Match[str], now: datetime) -> datetime | None:
    """Return the last moment of a day, month or year; without a year it follows the one before."""
    if match["only"]:
        return datetime(int(match["only"]), 12, 31, 12, tzinfo=UTC)
    month = _MONTHS.index(match["m"]) + 1
    day = int(match["d1"] or match["d2"] or 0)
    year = int(match["y"] or now.year)
    if not match["y"] and month < now.month - 1:
        year += 1
    try:
        if day:
            return datetime(year, month, day, 23, tzinfo=UTC)
        following = datetime(year + month // 12, month % 12 + 1, 1, 23, tzinfo=UTC)
    except ValueError:
        return None
    return following - timedelta(days=1)


def judged(row: Row, config: Config) -> Judged:
    """Read a history as the monitor would have, with a watchlist of this place."""
    name = slug(row.place) or "place"
    place = place_of(row)
    actors = {code.lower(): actor for code, actor in ACTORS.items()}
    watchlist = Watchlist(name="control", places={name: place}, actors=actors)
    sources = {"page": Source(name="page", grade="B")}
    reader = Reader(config.ontology, (watchlist,), sources)
    articles = [
        Article(
            id=str(number), feed="control", source="page", title=place.name, text=one.text,
            language="en", published=one.published, seen=one.published,
        )
        for number, one in enumerate(dispatches(row.history))
    ]  # fmt: skip
    read = list(reader.read(articles))
    claims = [
        claim
        for one in read
        for claim in one.claims
        if claim.subject == name and claim.facet == "control"
    ]
    facet = config.ontology.facets["control"]
    status = believe(name, "control", facet, claims, Sources(sources), BASELINE.lower())
    deeds = [claim for claim in claims if claim.factuality in _DEEDS]
    deeds.sort(key=lambda claim: (claim.end, claim.published))
    docs = tuple(one.doc for one in read if one.doc is not None)
    return Judged(row, tuple(deeds), (status.value or BASELINE).upper(), docs)


def macro_f1(pairs: Sequence[tuple[str, str]]) -> tuple[float, dict[str, Counts]]:
    """Return the mean of F1 over the holders of the gold, and the counts of each.

    Args:
        pairs: (gold, told) holders.
    """
    counts = {
        holder: Counts(
            right=sum(gold == told == holder for gold, told in pairs),
            wrong=sum(told == holder != gold for gold, told in pairs),
            missed=sum(gold == holder != told for gold, told in pairs),
        )
        for holder in dict.fromkeys(gold for gold, _ in pairs)
    }
    mean = sum(one.f1 for one in counts.values()) / len(counts) if counts else 1.0
    return mean, counts


def _merged(holder: str) -> str:
    return "OPP" if holder == "HTS" else holder


def figures(rows: Sequence[Judged]) -> Iterator[Figure]:
    """Yield the figures: of rows with one holder that tell of control, then of all with one."""
    one_holder = [one for one in rows if one.row.single]
    told = [one for one in one_holder if one.row.told]
    last = [(one.row.holder, one.last) for one in told]
    mean, counts = macro_f1(last)
    yield Figure("last claim, macro-F1 over holders", mean, REACH, f"{len(told)} rows")
    for holder, one in sorted(counts.items()):
        yield of_counts(f"  {holder}", one)
    yield share("  right", sum(gold == said for gold, said in last), len(last))
    named = [one for one in told if one.row.is_named]
    mean, _ = macro_f1([(one.row.holder, one.last) for one in named])
    yield Figure("last claim, histories that name the holder", mean, rests=f"{len(named)} rows")
    mean, _ = macro_f1([(_merged(gold), _merged(said)) for gold, said in last])
    yield Figure("last claim, HTS counted with the rebels", mean, rests=f"{len(told)} rows")
    believed = [(one.row.holder, one.believed) for one in told]
    mean, _ = macro_f1(believed)
    right = sum(gold == said for gold, said in believed)
    yield Figure("as the rules believe it, macro-F1", mean, rests=f"{right} of {len(told)} right")
    every = [(one.row.holder, one.last) for one in one_holder]
    mean, _ = macro_f1(every)
    right = sum(gold == said for gold, said in every)
    rests = f"{right} of {len(every)} right, rows that tell nothing included"
    yield Figure("last claim, all rows with one holder", mean, rests=rests)


def errors(rows: Sequence[Judged], most: int) -> Iterator[str]:
    """Yield the first rows of which the last holder is wrong, with claims and parses."""
    wrong = [one for one in rows if one.row.single and one.row.told and one.last != one.row.holder]
    for one in wrong[:most]:
        named = "" if one.row.is_named else ", whom the history never names"
        yield f"{one.row.place}: held by {one.row.holder}{named}, told {one.last}"
        for sent in dispatches(one.row.history):
            yield f"  {sent.published:%Y-%m-%d} {sent.text}"
        for claim in one.claims:
            yield f"  claim {claim.end:%Y-%m-%d} {claim.value} ({claim.factuality}): {claim.sentence}"
        for doc in one.docs:
            yield tree(doc)


def main() -> None:
    """Read the arguments, read the histories, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, nargs="?", default=DATA, help="the rows")
    parser.add_argument("--errors", type=int, default=0, help="show N misses with their parses")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of text")
    options = parser.parse_args()
    logs.setup(level="error")
    with one_line_errors():
        rows = rows_of(options.data)
    config = load(default_config(), environ={}, watchlists=[])
    results = [judged(row, config) for row in rows]
    found = list(figures(results))
    if options.json:
        misses = {one.row.place: one.last for one in results if one.last != one.row.holder}
        print(as_json(found, rows=len(rows), misses=misses))
        return
    print(*errors(results, options.errors), sep="\n", end="\n" if options.errors else "")
    silent = sum(not one.claims for one in results if one.row.told and one.row.single)
    print(*table(found), sep="\n")
    pairs = Counter(
        (one.row.holder, one.last) for one in results
        if one.row.single and one.row.told and one.last != one.row.holder
    )  # fmt: skip
    print(
        f"no claim of control at all: {silent}; held by, told:",
        ", ".join(f"{count} {gold}, {told}" for (gold, told), count in pairs.most_common()),
    )


if __name__ == "__main__":
    main()
