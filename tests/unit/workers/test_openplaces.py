"""Towns that the pipeline did not know for places, found by their position and GeoNames."""

from __future__ import annotations

import json
from io import StringIO

import pytest

from tests.unit.workers.newsroom import ontology
from workers.extract import extract
from workers.reader import Reader


@pytest.fixture(scope="module")
def open_reader() -> Reader:
    """A reader without any watchlist."""
    return Reader(ontology(), [], {}, open_world=True)


def claims(reader: Reader, text: str) -> set[tuple[str, str]]:
    """Return (place, holder) of every claim of control in a text."""
    out = StringIO()
    extract([json.dumps({"id": "1", "title": "News", "text": text})], out, reader)
    row = json.loads(out.getvalue())
    return {(one["subject"], one["value"]) for one in row["claims"] if one["facet"] == "control"}


def test_a_town_in_a_place_position_is_a_place(open_reader: Reader) -> None:
    """Given a name that the pipeline takes for a person, GeoNames knows better."""
    text = "RSF captured Wad Madani from the Sudanese army."
    assert claims(open_reader, text) == {("Wad Madani", "RSF")}


def test_a_person_is_no_town(open_reader: Reader) -> None:
    """Given a captured man, nothing is said about a town."""
    assert claims(open_reader, "Soldiers captured Commander Joseph Mbeki in the forest.") == set()


def test_nulls_and_missing_keys_are_taken_mildly(open_reader: Reader) -> None:
    """Given only an id and a text, the line is read; without an id it is told."""
    out = StringIO()
    lines = ['{"id": 7, "title": null, "text": "Rebels captured Hama.", "published": null}', "{}"]

    assert extract(lines, out, open_reader) == 1

    [row] = [json.loads(line) for line in out.getvalue().splitlines()]
    assert row["id"] == "7"
    assert row["claims"]


@pytest.mark.parametrize(
    "text", ["Barcelona took Sevilla apart.", "Brighton held Fulham for an hour."]
)
def test_a_match_is_no_war(open_reader: Reader, text: str) -> None:
    """A town that is no capital takes no other: its club does."""
    assert claims(open_reader, text) == set()


def test_a_capital_acts_for_its_state(open_reader: Reader) -> None:
    """Moscow may take a town."""
    assert claims(open_reader, "Moscow captured Avdiivka.") == {("Avdiivka", "Moscow")}
