"""The reader: what is not parsed, and what extract writes."""

from __future__ import annotations

import io
import json

import pytest

from tests.unit.workers.newsroom import article, reader
from workers.extract import extract


def _line(**keys: str) -> str:
    return json.dumps({"id": "1", "published": "2024-12-06T12:00:00Z", "source": "x", **keys})


def test_an_article_without_a_tracked_name_is_set_aside() -> None:
    """It is never parsed."""
    (read,) = reader().read([article("Gunmen captured Springfield")])

    assert read.skipped == "set_aside"
    assert read.doc is None


def test_an_article_without_an_event_word_is_set_aside() -> None:
    """A name alone says nothing."""
    (read,) = reader().read([article("Weather in Hama: sunny")])

    assert read.skipped == "set_aside"


def test_another_language_is_skipped_and_named() -> None:
    """Long texts are checked, whatever the feed says."""
    text = (
        "Les rebelles ont pris la ville de Hama jeudi, selon des habitants, et avancent "
        "maintenant vers le sud du pays; control, attack. Les combats ont fait dix morts."
    )
    french = article("Hama", text).model_copy(update={"language": None})

    (read,) = reader().read([french])

    assert read.skipped == "skipped:fr"


def test_extract_keeps_the_offsets_of_its_input() -> None:
    """Offsets count characters of title, newline and text."""
    out = io.StringIO()
    line = _line(title="Rebels  capture <b>Hama</b>", text="A day later rebels captured Homs.")

    status = extract([line], out, reader())

    row = json.loads(out.getvalue())
    body = "Rebels  capture <b>Hama</b>\nA day later rebels captured Homs."
    assert status == 0
    for entity in row["entities"]:
        assert body[entity["start"] : entity["end"]] == entity["text"]
    assert {claim["subject"] for claim in row["claims"] if claim["facet"] == "control"} >= {"homs"}


def test_extract_names_a_bad_line_and_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    """One clear line with the number; the rest is read."""
    out = io.StringIO()

    status = extract(["{nonsense", _line(title="Rebels capture Hama")], out, reader())

    assert status == 1
    assert capsys.readouterr().err.startswith("line 1: ")
    assert len(out.getvalue().splitlines()) == 1


def test_extract_without_a_watchlist_names_what_it_can() -> None:
    """Untracked places are claimed under their plain names, with coordinates beside."""
    out = io.StringIO()

    extract([_line(title="Rebels capture the city of Bukavu")], out, reader(open_world=True))

    row = json.loads(out.getvalue())
    assert any(event["type"] == "COERCE" for event in row["events"])


def test_a_reader_does_not_grow_with_what_it_reads() -> None:
    """Given texts full of words never seen, what they took is free again after the block."""
    reading = reader()
    list(reading.read([article("Rebels captured Hama.")]))
    before = len(reading._nlp.vocab.strings)

    with reading.memory():
        for number in range(20):
            invented = " ".join(f"Qx{number}y{index}z" for index in range(20))
            list(reading.read([article("Rebels captured Hama.", invented)]))

    assert len(reading._nlp.vocab.strings) - before < 50
