"""Places of a verb's event are read from their file and scored rightly."""

from __future__ import annotations

import gzip
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parents[3] / "benchmarks"))
gold: Any = importlib.import_module("gold")
location: Any = importlib.import_module("event_location")

TEXT = "Rebels took Port Amber on Monday."


def row(*spans: dict[str, Any], source: str = "RELABEL", text: str = TEXT) -> dict[str, Any]:
    """Return a record whose verb is its second word."""
    tokens: list[dict[str, Any]] = []
    for number, word in enumerate(text.replace(".", " .").split()):
        start = text.find(word, tokens[-1]["end"] if tokens else 0)
        tokens.append({"text": word, "start": start, "end": start + len(word), "id": number})
    verb = {"start": 7, "end": 11, "token_start": 1, "token_end": 1, "label": "VERB"}
    return {"text": text, "source": source, "tokens": tokens, "spans": [verb, *spans]}


def span(start: int, end: int, first: int, last: int, **more: Any) -> dict[str, Any]:
    """Return a place by its characters and its tokens."""
    told = {"start": start, "end": end, "token_start": first, "token_end": last}
    return {**told, "label": "LOCATION", **more}


def judged(places: list[Any], told: list[Any]) -> Any:
    """Return a record of these places, of which others were told."""
    record = location.Record(TEXT, "RELABEL", (7, 11), tuple(places))
    return location.Judged(record, tuple(told), None)


def test_offsets_that_count_tokens_are_mended(tmp_path: Path) -> None:
    """The span's own text tells; spans that touch are one, and one of no width is none."""
    rows = [
        row(span(12, 22, 2, 3)),
        row(span(2, 3, 2, 3, text="Port Amber")),
        row(span(12, 16, 2, 2), span(16, 22, 3, 3)),
        row(span(5, 5, 5, 5)),
        {"text": "no spans", "source": "RELABEL"},
    ]
    path = tmp_path / "some.json.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump(rows, file)

    records = location.records_of(path)

    assert [one.places for one in records] == [((12, 22),), ((12, 22),), ((12, 22),), ()]
    assert [one.as_marked for one in records] == [((12, 22),), ((2, 3),), ((12, 22),), ()]
    assert {one.verb for one in records} == {(7, 11)}


def test_development_never_sees_an_adjudicated_sentence(tmp_path: Path) -> None:
    """The same sentence under another source is left out."""
    path = tmp_path / "some.json"
    other = row(source="wire", text="Crowds left Hill Fort.")
    path.write_text(json.dumps([row(), row(source="wire"), other]), encoding="utf-8")

    records = location.records_of(path)

    assert [one.source for one in location.chosen(records, others=False)] == ["RELABEL"]
    assert [one.text for one in location.chosen(records, others=True)] == [other["text"]]


def test_spans_are_counted_exactly_and_by_what_they_share() -> None:
    """Each counts once, on either side."""
    near = judged([(12, 22)], [(17, 22)])
    twice = judged([(12, 22)], [(12, 16), (17, 22)])
    other = judged([(12, 22)], [(26, 32)])

    assert (near.exact.right, near.exact.wrong, near.exact.missed) == (0, 1, 1)
    assert near.overlapping.f1 == 1
    assert (twice.overlapping.right, twice.overlapping.wrong) == (1, 1)
    assert (other.overlapping.right, other.overlapping.missed) == (0, 1)
    assert [one.miss for one in (near, twice, other)] == [
        None,
        "told too many",
        "another place told",
    ]
    assert judged([], [(1, 2)]).miss == "told, none is right"
    assert judged([(1, 2)], []).miss == "not told"
    assert judged([], []).miss is None


def test_the_table_and_the_marks() -> None:
    """The verb in braces, the gold in brackets, what was told in angles."""
    rows = [judged([(12, 22)], [(12, 16)]), judged([], [])]

    table = {figure.name: figure for figure in location.figures(rows)}

    assert location.marked(rows[0]) == "Rebels {took} <[Port> Amber] on Monday."
    assert table["overlapping spans F1"].reached
    assert table["exact spans F1"].got == 0
    assert table["verbs without a place told as such"].got == 1


def test_a_bad_file_is_one_line(tmp_path: Path) -> None:
    """Not there, no JSON, no gzip, no records."""
    with pytest.raises(gold.MissingError, match="no such file"):
        location.records_of(tmp_path / "absent.json")
    for name, text, told in (
        ("a.json", "{", "cannot be read"),
        ("b.json.gz", "no gzip", "cannot be read"),
        ("c.json", '[{"spans": [{}]}]', "not records of sentences"),
        ("d.json", "[3]", "not records of sentences"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(gold.MissingError, match=told):
            location.records_of(tmp_path / name)


def test_a_verb_is_judged_as_the_product_reads_it() -> None:
    """The place that it acts on."""
    text = "Rebels captured Damascus on Monday."

    found = location.Finder().judged(location.Record(text, "RELABEL", (7, 15), ((16, 24),)))

    assert found.told == ((16, 24),)
