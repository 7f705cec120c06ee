"""PLOVER records are read from their marks and scored rightly."""

from __future__ import annotations

import dataclasses
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from monitor.config import default_config, load
from monitor.records import Factuality
from workers.events import Event

sys.path.append(str(Path(__file__).parents[3] / "benchmarks"))
gold: Any = importlib.import_module("gold")
plover: Any = importlib.import_module("plover")

COVERED = plover.covered_by(load(default_config(), environ={}, watchlists=[]).ontology)


def record(event: str, markup: str, mode: str = "") -> Any:
    """Return a record of a class of version 0.5."""
    text, marks = plover.unmarked(markup)
    return plover.Record("x", text, event, mode, marks)


def reading(name: str | None, place: tuple[int, int], depth: int = 0, **more: Any) -> Any:
    """Return an event that was read at a place."""
    event = Event("capture", (0, 1), (0, 1))
    return plover.Reading(name, event, depth, place, **more)


def judged(one: Any, *readings: Any) -> Any:
    """Return a record with what was read in it."""
    return plover.Judged(one, readings, None, COVERED)


def test_marks_are_taken_off_and_kept() -> None:
    """Nested ones and plain brackets too, and one that a brace closes."""
    text, marks = plover.unmarked(
        "{The (SRC/TAR: Kingdom) (the host) and (SRC/TAR: League) (EVT: met} "
        "(LOC: in (TAR: Port Amber)).}"
    )

    assert text == "The Kingdom (the host) and League met in Port Amber."
    found = {mark: [text[a:b] for a, b in places] for mark, places in marks.items()}
    assert found == {
        "SRC/TAR": ["Kingdom", "League"],
        "EVT": ["met"],
        "TAR": ["Port Amber"],
        "LOC": ["in Port Amber"],
    }
    one = plover.Record("x", text, "CONSULT", "", marks)
    assert len(one.source) == 2
    assert len(one.target) == 3


def test_old_classes_have_new_names() -> None:
    """Some by their mode; CONCEDE and RETREAT count as one."""
    names = {
        (event, mode): record(event, "x", mode).today
        for event, mode in (
            ("FIGHT", ""),
            ("DEMAND", ""),
            ("COERCE", "destroy"),
            ("COERCE", "arrest"),
            ("CONCEDE", ""),
            ("AID", ""),
        )
    }

    assert list(names.values()) == ["ASSAULT", "REQUEST", "ASSAULT", "COERCE", "RETREAT", "AID"]
    assert {"ASSAULT", "RETREAT", "THREATEN"} <= COVERED
    assert "CONCEDE" not in COVERED


@pytest.mark.parametrize(
    ("kind", "factuality", "name"),
    [
        ("ASSAULT", Factuality.CLAIMED, "ASSAULT"),
        ("ASSAULT", Factuality.PLANNED, "THREATEN"),
        ("SANCTION", Factuality.POSSIBLE, "THREATEN"),
        ("AID", Factuality.PLANNED, "AGREE"),
        ("CONCEDE", Factuality.CONFIRMED, "RETREAT"),
        ("CONCEDE", Factuality.PLANNED, "AGREE"),
        ("REJECT", Factuality.PLANNED, "REJECT"),
        ("RETREAT", Factuality.NEGATED, "REJECT"),
        ("AGREE", Factuality.NEGATED, "REJECT"),
        ("ASSAULT", Factuality.DENIED, None),
    ],
)
def test_intents_have_classes_of_their_own(
    kind: str, factuality: Factuality, name: str | None
) -> None:
    """A planned attack is a threat, planned help a promise, help refused a rejection."""
    assert plover.in_plover(kind, factuality) == name


def test_the_highest_event_is_that_of_the_sentence() -> None:
    """What PLOVER would not code is passed over; what is not covered is never wanted."""
    one = record("FIGHT", "Rebels (EVT: shelled) the port.")
    right = judged(one, reading("ASSAULT", (7, 14), 1), reading("RETREAT", (20, 24), 2),
                   reading(None, (0, 6), 0))  # fmt: skip
    wrong = judged(one, reading("ASSAULT", (7, 14), 2), reading("RETREAT", (20, 24), 1))
    march = plover.Judged(
        record("PROTEST", "Crowds (EVT: marched)."),
        (reading("ASSAULT", (7, 14)),),
        None,
        COVERED - {"PROTEST"},
    )

    assert (right.classes.right, right.classes.wrong, right.classes.missed) == (1, 0, 0)
    assert (right.all_classes.right, right.all_classes.wrong) == (1, 1)
    assert (wrong.classes.right, wrong.classes.wrong, wrong.classes.missed) == (0, 1, 1)
    assert (march.classes.right, march.classes.wrong, march.classes.missed) == (0, 1, 0)
    assert judged(one).classes.missed == 1


def test_source_and_target_are_those_of_the_right_class() -> None:
    """The event on the marked words first; the place is a target too."""
    one = record("FIGHT", "(SRC: Rebels) (EVT: shelled) (TAR: Hill Fort) as ships shelled us.")
    best = reading("ASSAULT", (7, 14), 3, agent=(0, 6), targets=((15, 24),))
    other = reading("ASSAULT", (34, 41), 0, agent=(28, 33))

    both = judged(one, other, best)

    assert both.best is best
    assert both.spans("source").f1 == both.spans("target").f1 == 1
    assert judged(one, other).spans("source").wrong == 1
    assert judged(one, other).spans("target").missed == 1
    assert judged(one, reading("RETREAT", (7, 14), agent=(0, 6))).spans("source").missed == 1


def test_who_acts_together_is_source_and_target() -> None:
    """One agent meets both."""
    one = record("CONSULT", "(SRC/TAR: Kings) and (SRC/TAR: queens) (EVT: met).")
    row = judged(one, reading("CONSULT", (17, 20), agent=(0, 5)))

    assert row.spans("source").f1 == row.spans("target").f1 == 1


def test_plans_are_told_from_deeds_on_the_marked_words() -> None:
    """An event elsewhere in the sentence says nothing of it."""
    one = record("THREATEN", "Rebels (EVT: threatened) to (EVT: shell) the port they left.")

    assert judged(one, reading("THREATEN", (7, 17))).told_as_planned
    assert judged(one, reading("ASSAULT", (21, 26))).told_as_planned is False
    assert judged(one, reading("RETREAT", (41, 45))).told_as_planned is None


def test_the_marked_deed_is_judged_without_the_lexicon() -> None:
    """What is threatened stands below the threat; a deed is the highest marked word."""
    records = [
        record("THREATEN", "The (SRC: rebels) have (EVT: threatened) to (EVT: flood) the valley."),
        record("AID", "(SRC: Sailors) (EVT: delivered grain) to (TAR: Sudan) on Monday."),
        record("DEMAND", "(SRC: Crowds) (EVT: demanded) bread."),
        record("THREATEN", "(SRC: Rebels) (EVT: threatened) (TAR: Sudan)."),
    ]

    rows = list(plover.judged(records))

    assert [plover.judged_words(row) for row in rows] == [True, True, None, None]
    table = {figure.name: figure for figure in plover.figures(rows)}
    assert table["plans told from deeds, mean of both"].reached
    assert table["  deeds"].rests == "1 of 1"
    assert "class REQUEST" in table
    bare = [dataclasses.replace(row, covered=frozenset({"AID"})) for row in rows]
    assert "class REQUEST (not covered)" in {figure.name for figure in plover.figures(bare)}
    (silent,) = plover.judged([record("PROTEST", "(SRC: Crowds) (EVT: hummed).")])
    assert "x PROTEST (hummed), read: nothing" in "\n".join(plover.errors([silent], 1))


def test_a_bad_file_is_one_line(tmp_path: Path) -> None:
    """Not there, no JSON, no records; the page about the file is no record."""
    with pytest.raises(gold.MissingError, match="no such file"):
        plover.records_of(tmp_path / "absent.json")
    for text, told in (("{", "cannot be read"), ("[{}]", "not PLOVER records")):
        (tmp_path / "some.json").write_text(text, encoding="utf-8")
        with pytest.raises(gold.MissingError, match=told):
            plover.records_of(tmp_path / "some.json")
    rows = [
        {"id": "0", "event": "DOCUMENT"},
        {"id": "1", "event": "AID", "textInfo": {"markup": "(SRC: We) (EVT: gave)."}},
        {"id": "2", "event": "AID", "mode": None, "textInfo": "(SRC: We) (EVT: gave)."},
    ]
    (tmp_path / "some.json").write_text(json.dumps(rows), encoding="utf-8")
    assert [one.text for one in plover.records_of(tmp_path / "some.json")] == ["We gave."] * 2
