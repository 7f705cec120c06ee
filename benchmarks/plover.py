"""How well events get their PLOVER class, their source and target, and plans are told from deeds.

Usage: ``python benchmarks/plover.py [DATA] [--errors N] [--json]``, where DATA is
``PLOVER_GSR_CAMEO.json`` of github.com/openeventdata/PLOVER: sentences with one event each, in the
classes of PLOVER 0.5, and the words that name it, its source and its target marked.

A reading is put into PLOVER's terms, which have no factuality: a hostile deed that is only planned
or possible is THREATEN, a friendly one AGREE, and a friendly one that is refused REJECT.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from figures import Counts, Figure, as_json, of_counts, share, table, tree
from gold import MissingError, one_line_errors
from spacy.tokens import Doc, Token
from suite import reader_of

from monitor import logs
from monitor.config import default_config, load
from monitor.ontology import Ontology
from monitor.records import Article, Factuality
from workers.events import Event
from workers.factuality import assess
from workers.language import PACKAGED
from workers.mentions import Mention
from workers.reader import parse, pipeline

#: where the records lie beside a checkout
DATA = Path(__file__).parents[2] / "shared" / "bench" / "events" / "PLOVER_GSR_CAMEO.json"

#: what is to be reached
CLASS_F1 = 0.60
PLANS = 0.90

#: classes of version 0.5 that have another name in that of 2021; CONCEDE and RETREAT share out
#: what was "yield" in CAMEO, each version in its own way, and count as one
TODAY: Mapping[str, str] = {
    "FIGHT": "ASSAULT",
    "DEMAND": "REQUEST",
    "DISAPPROVE": "ACCUSE",
    "INVESTIGATE": "ACCUSE",
    "CONCEDE": "RETREAT",
}
#: modes of COERCE whose CAMEO codes the table of 2021 gives to another class
TODAY_BY_MODE: Mapping[tuple[str, str], str] = {("COERCE", "destroy"): "ASSAULT"}

#: classes of what somebody says they will do (CAMEO: "express intent to", "threaten to"), and of
#: what is done: the material ones
PLANNED = frozenset({"THREATEN", "AGREE"})
DONE = frozenset(
    {
        "AID",
        "ASSAULT",
        "COERCE",
        "CONCEDE",
        "COOPERATE",
        "FIGHT",
        "INVESTIGATE",
        "MOBILIZE",
        "PROTEST",
        "RETREAT",
        "SANCTION",
    }
)

#: CAMEO has "threaten with dissent, protest" (133) beside threats of force
_HOSTILE = frozenset({"ASSAULT", "COERCE", "SANCTION", "MOBILIZE", "PROTEST"})
_FRIENDLY = frozenset({"AID", "CONCEDE", "CONSULT", "COOPERATE", "RETREAT", "SUPPORT"})
_DEEDS = frozenset({Factuality.CONFIRMED, Factuality.REPORTED, Factuality.CLAIMED})
_OPENING = re.compile(r"\((SRC/TAR|SRC|TAR|EVT|LOC): ?")
#: a sentence in the file begins or ends with these
_BRACES = "{} \n"

#: characters from and to
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Record:
    """A sentence with its one event: class of version 0.5, mode, and where its words stand."""

    id: str
    text: str
    event: str
    mode: str
    marks: Mapping[str, tuple[Place, ...]]

    @property
    def today(self) -> str:
        """The class in the version of 2021."""
        return TODAY_BY_MODE.get((self.event, self.mode)) or TODAY.get(self.event, self.event)

    def places(self, *marks: str) -> list[Place]:
        """Return where the words of these marks stand."""
        return [place for mark in marks for place in self.marks.get(mark, ())]

    @property
    def source(self) -> list[Place]:
        """Where the source stands; those who act together are source and target."""
        return self.places("SRC", "SRC/TAR")

    @property
    def target(self) -> list[Place]:
        """Where the target stands."""
        return self.places("TAR", "SRC/TAR")


@dataclass(frozen=True, slots=True)
class Reading:
    """One event that was read, in PLOVER's terms.

    Attributes:
        name: its class; None where PLOVER would code nothing.
        event: what was read.
        depth: steps from its word up to the root of the sentence.
        place: where its word stands.
        agent: where its agent stands.
        targets: where its patient and its place stand.
    """

    name: str | None
    event: Event
    depth: int
    place: Place
    agent: Place | None = None
    targets: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A record, and what was read in it."""

    record: Record
    readings: tuple[Reading, ...]
    doc: Doc
    covered: frozenset[str]

    @property
    def main(self) -> Reading | None:
        """The event that stands highest in the sentence: the data have one for each."""
        told = [one for one in self.readings if one.name is not None]
        return min(told, key=lambda one: (one.depth, one.place), default=None)

    @property
    def wanted(self) -> bool:
        """The ontology covers the class of the record."""
        return self.record.today in self.covered

    @property
    def classes(self) -> Counts:
        """Count the class of the main event."""
        return self._classes({self.main.name} if self.main else set())

    @property
    def all_classes(self) -> Counts:
        """Count the classes of all events that were read."""
        return self._classes({one.name for one in self.readings} - {None})

    def _classes(self, told: set[str | None]) -> Counts:
        right = int(self.record.today in told and self.wanted)
        return Counts(right, len(told) - right, self.wanted - right)

    @property
    def best(self) -> Reading | None:
        """The event of the right class, that on the marked words first."""
        right = [one for one in self.readings if one.name == self.record.today]
        words = self.record.places("EVT")
        return min(right, key=lambda one: not meets([one.place], words), default=None)

    def spans(self, role: str) -> Counts:
        """Count the source or the target of the event of the right class."""
        gold = self.record.source if role == "source" else self.record.target
        told: list[Place] = []
        if (best := self.best) is not None:
            told = [best.agent] if role == "source" and best.agent else []
            told = told if role == "source" else list(best.targets)
            if role == "target" and "SRC/TAR" in self.record.marks and best.agent:
                told.append(best.agent)
        right = int(meets(told, gold))
        return Counts(right, int(bool(told)) - right, int(bool(gold)) - right)

    @property
    def told_as_planned(self) -> bool | None:
        """Whether what the marked words name was read as not done (yet); None: nothing was."""
        words = self.record.places("EVT")
        own = [one for one in self.readings if meets([one.place], words)]
        if not own:
            return None
        deeds = [one for one in own if one.name not in {"THREATEN", "AGREE", "REJECT", None}]
        return not deeds


def meets(ones: Sequence[Place], others: Sequence[Place]) -> bool:
    """Tell whether any of these places shares characters with any of the others."""
    return any(a < d and c < b for a, b in ones for c, d in others)


def records_of(path: Path) -> list[Record]:
    """Read the records.

    Raises:
        MissingError: the file is not there, or not of that form.
    """
    if not path.is_file():
        raise MissingError(f"{path}: no such file, expected PLOVER_GSR_CAMEO.json")
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [_record(row) for row in rows if row["event"] != "DOCUMENT"]
    except (OSError, ValueError) as error:
        raise MissingError(f"{path}: cannot be read ({error})") from error
    except (KeyError, TypeError) as error:
        raise MissingError(f"{path}: not PLOVER records ({error!r})") from error


def _record(row: Mapping[str, Any]) -> Record:
    markup = row["textInfo"]
    # one record has its markup right here
    text, marks = unmarked(markup if isinstance(markup, str) else markup["markup"])
    return Record(row["id"], text, row["event"], row.get("mode") or "", marks)


def unmarked(markup: str) -> tuple[str, dict[str, tuple[Place, ...]]]:
    """Take the marks off a sentence: ``(SRC: Rebels) (EVT: took) (TAR: Hama)``, also nested."""
    text = ""
    open_: list[tuple[str, int]] = []
    marks: dict[str, list[Place]] = defaultdict(list)
    at = 0
    markup = " ".join(markup.strip(_BRACES).split())
    while at < len(markup):
        match = _OPENING.match(markup, at)
        if match is not None:
            open_.append((match[1], len(text)))
            at = match.end()
            continue
        letter = markup[at]
        at += 1
        if letter == "(":
            open_.append(("", len(text)))
        elif letter in ")}" and open_:  # one mark is closed by a brace
            mark, start = open_.pop()
            if mark:
                marks[mark].append((start, len(text)))
                continue
        text += letter
    return text, {mark: tuple(places) for mark, places in marks.items()}


def in_plover(kind: str, factuality: Factuality) -> str | None:
    """Return the PLOVER class of an event: intents have classes of their own there."""
    name = TODAY.get(kind, kind)
    if factuality in _DEEDS:
        return name
    if factuality in {Factuality.PLANNED, Factuality.POSSIBLE}:
        return "THREATEN" if kind in _HOSTILE else "AGREE" if kind in _FRIENDLY else name
    return "REJECT" if kind in _FRIENDLY or kind == "AGREE" else None


def covered_by(ontology: Ontology) -> frozenset[str]:
    """Return the classes that the ontology has events of."""
    return frozenset(TODAY.get(kind.type, kind.type) for kind in ontology.events.values())


def judged(records: Sequence[Record]) -> Iterator[Judged]:
    """Read the records as `monitor extract` does."""
    config = load(default_config(), environ={}, watchlists=[])
    reader, covered = reader_of(config), covered_by(config.ontology)
    now = datetime(2000, 1, 1, tzinfo=UTC)
    articles = [
        Article(
            id=one.id, feed="plover", source="", text=one.text, language="en",
            published=now, seen=now,
        )
        for one in records
    ]  # fmt: skip
    for record, read in zip(records, reader.read(articles), strict=True):
        # what has no word of the lexicon is set aside before it is parsed
        doc = read.doc if read.doc is not None else parse(pipeline(PACKAGED), read.article.body)
        readings = [_reading(doc, one, config.ontology.events[one.id].type) for one in read.events]
        yield Judged(record, tuple(readings), doc, covered)


def _reading(doc: Doc, event: Event, kind: str) -> Reading:
    trigger = doc[event.trigger[0]]
    targets = [_place(doc, one) for one in (event.patient, event.place) if one is not None]
    return Reading(
        in_plover(kind, event.factuality),
        event,
        sum(1 for _ in trigger.ancestors),
        _shifted(trigger.idx, trigger.idx + len(trigger)),
        _place(doc, event.agent) if event.agent else None,
        tuple(targets),
    )


def _place(doc: Doc, mention: Mention) -> Place:
    span = doc[mention.start : mention.end]
    return _shifted(span.start_char, span.end_char)


def _shifted(start: int, end: int) -> Place:
    """Without a title a body begins with a line end."""
    return start - 1, end - 1


def deed_of(doc: Doc, words: Sequence[Place], *, planned: bool) -> Token | None:
    """Return the word that names the deed among the marked ones.

    It is the highest in the tree. What somebody threatens or agrees to stands below the word for
    that: the highest verb there, or else noun. None when the words name no deed, only a threat.
    """
    own = [
        token
        for token in doc
        if token.pos_ in {"VERB", "NOUN"}
        and meets([_shifted(token.idx, token.idx + len(token))], words)
    ]
    ranked = sorted(own, key=lambda token: (sum(1 for _ in token.ancestors), token.i))
    if not ranked:
        return None
    top = ranked[0]
    if not planned or any(child.tag_ == "MD" for child in top.children):
        return top
    below = [token for token in ranked if token != top and top.is_ancestor(token)]
    verbs = [token for token in below if token.pos_ == "VERB"]
    return next(iter(verbs or below), None)


def figures(rows: Sequence[Judged]) -> Iterator[Figure]:
    """Yield the figures, then those by class."""
    yield of_counts("class of the main event, F1", _sum(one.classes for one in rows), CLASS_F1)
    own = [one for one in rows if one.wanted]
    yield of_counts("  records of covered classes only", _sum(one.classes for one in own))
    yield of_counts("classes of all events, F1", _sum(one.all_classes for one in rows))
    for role in ("source", "target"):
        yield of_counts(
            f"{role} of events of the right class", _sum(one.spans(role) for one in own)
        )
    yield from _plans(rows)
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in rows:
        groups[one.record.today].append(one)
    for name, group in sorted(groups.items()):
        told = Counter(one.main.name or "" if one.main else "nothing" for one in group)
        counts = Counts(
            right=told[name],
            wrong=sum(
                one.main is not None and one.main.name == name and one.record.today != name
                for one in rows
            ),
            missed=len(group) - told[name],
        )
        rests = ", ".join(f"{count} {other}" for other, count in told.most_common())
        mark = "" if name in rows[0].covered else " (not covered)"
        yield Figure(f"class {name}{mark}", counts.f1, rests=f"{len(group)} read as: {rests}")


def _plans(rows: Sequence[Judged]) -> Iterator[Figure]:
    planned: list[bool] = []
    done: list[bool] = []
    told: list[bool] = []
    for one in rows:
        is_plan = one.record.event in PLANNED
        right = judged_words(one)
        if right is not None:
            (planned if is_plan else done).append(right)
        if one.record.event in PLANNED | DONE and one.told_as_planned is not None:
            told.append(one.told_as_planned is is_plan)
    both = [sum(part) / len(part) for part in (planned, done) if part]
    mean = sum(both) / len(both) if both else 1.0
    yield Figure("plans told from deeds, mean of both", mean, PLANS, "the marked words judged")
    yield share("  plans, threats, promises", sum(planned), len(planned))
    yield share("  deeds", sum(done), len(done))
    yield share("plans told from deeds, events read", sum(told), len(told))


def judged_words(one: Judged) -> bool | None:
    """Tell whether the marked deed is rightly told as done or not; None: not to be judged."""
    planned = one.record.event in PLANNED
    if one.record.event not in PLANNED | DONE:
        return None
    deed = deed_of(one.doc, one.record.places("EVT"), planned=planned)
    return None if deed is None else (assess(deed).factuality not in _DEEDS) is planned


def _sum(counts: Iterator[Counts]) -> Counts:
    return sum(counts, Counts())


def errors(rows: Sequence[Judged], most: int) -> Iterator[str]:
    """Yield the first records of covered classes whose main event is wrong, with their parses."""
    wrong = [one for one in rows if one.classes.wrong or one.classes.missed]
    for one in wrong[:most]:
        main = one.main
        read = ", ".join(
            f"{'*' if reading is main else ''}{reading.event.id} {reading.event.factuality}"
            f" = {reading.name}"
            for reading in one.readings
        )
        words = " / ".join(one.record.text[a:b] for a, b in one.record.places("EVT"))
        yield f"{one.record.id} {one.record.today} ({words}), read: {read or 'nothing'}"
        yield f"  {one.record.text}"
        yield tree(one.doc)


def main() -> None:
    """Read the arguments, read the records, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, nargs="?", default=DATA, help="the records")
    parser.add_argument("--errors", type=int, default=0, help="show N misses with their parses")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of text")
    options = parser.parse_args()
    logs.setup(level="error")
    with one_line_errors():
        records = records_of(options.data)
    rows = list(judged(records))
    found = list(figures(rows))
    if options.json:
        print(as_json(found, records=len(rows)))
        return
    print(*errors(rows, options.errors), sep="\n", end="\n" if options.errors else "")
    print(f"{len(rows)} records; covered classes: {', '.join(sorted(rows[0].covered))}")
    print(*table(found), sep="\n")


if __name__ == "__main__":
    main()
