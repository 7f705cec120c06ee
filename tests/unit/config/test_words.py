"""Spans, sizes, suggestions and what of a found value is shown."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from monitor.config.opml import export_opml
from monitor.config.problems import ConfigError, Problem, nearest, one_of, shown
from monitor.config.schemas import schemas
from monitor.config.validation import PATTERNS, slug
from monitor.settings import Feed
from monitor.units import Size, Span, span_text

SPAN: TypeAdapter[timedelta] = TypeAdapter(Span)
SIZE: TypeAdapter[int] = TypeAdapter(Size)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("90s", 90),
        ("15m", 900),
        ("1.5h", 5400),
        ("1d", 86400),
        ("250 ms", 0.25),
        ("PT2M", 120),
        ("30", 30),
        (30, 30),
    ],
)
def test_spans(written: object, seconds: float) -> None:
    """Given a length of time as people write it, then it is that long."""
    assert SPAN.validate_python(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize("written", ["-5m", "5 minutes", "", "Pxy", -1, None])
def test_what_is_no_span(written: object) -> None:
    """Given anything else, then it is refused."""
    with pytest.raises(ValidationError):
        SPAN.validate_python(written)


@pytest.mark.parametrize("text", ["1d", "36h", "90m", "15s", "1500ms", "0s"])
def test_a_span_is_written_as_it_is_read(text: str) -> None:
    """Given a span, when written and read again, then it is the same."""
    assert span_text(SPAN.validate_python(text)) == text


@pytest.mark.parametrize(
    ("written", "size"),
    [("10MB", 10_000_000), ("1.5kB", 1500), ("7", 7), (7, 7), ("2 GB", 2 * 10**9)],
)
def test_sizes(written: object, size: int) -> None:
    """Given a number of bytes as people write it, then it is that many."""
    assert SIZE.validate_python(written) == size


def test_suggestions() -> None:
    """Given a mistyped word, then the nearest known one is meant, and never the word itself."""
    assert nearest("Contorl", ["control", "threat"]) == "control"
    assert nearest("weather", ["control"]) is None
    assert nearest("control", ["control"]) is None
    assert nearest(7, ["7"]) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        (False, "false"),
        (1.5, "1.5"),
        ({}, "an empty mapping"),
        ([], "an empty list"),
        ("a\n b", '"a b"'),
        ("x" * 61, f'"{"x" * 59}…"'),
        ("redis://me:word@host/0", '"redis://…@host/0"'),
        ("https://a.example/x?token=1", '"https://a.example/x?…"'),
    ],
)
def test_shown(value: object, text: str) -> None:
    """Given a found value, then it fits a line and gives no password away."""
    assert shown(value) == text


def test_a_problem_is_one_line() -> None:
    """Given a problem, then its line names what is known and leaves out what is not."""
    assert str(Problem("a.yaml", "x", "y")) == "a.yaml: found x, expected y"
    problem = Problem("a.yaml", "x", "y", line=2, key="k", suggestion="z", severity="warning")
    assert str(problem) == 'a.yaml:2: warning: k: found x, expected y; did you mean "z"?'
    assert str(ConfigError([problem, problem])).count("\n") == 1


def test_ids_from_text() -> None:
    """Given a title, then its id has small letters, digits and dashes only."""
    assert slug("  Homs — the City!  ") == "homs-the-city"
    assert slug("حمص") is None
    assert one_of(["a"]) == "a"


def test_every_pattern_has_words() -> None:
    """Given the schemas, then each pattern of a text is in the table that words it."""
    for name in ("sources.json", "ontology.json", "watchlist.json"):
        for pattern in _patterns(json.loads(schemas()[name])):
            assert pattern in PATTERNS, name


def _patterns(schema: object) -> list[str]:
    if isinstance(schema, list):
        return [pattern for each in schema for pattern in _patterns(each)]
    if not isinstance(schema, dict):
        return []
    own = [schema["pattern"]] if schema.get("type") == "string" and "pattern" in schema else []
    return own + [pattern for each in schema.values() for pattern in _patterns(each)]


def test_schemas_speak_as_people_write() -> None:
    """Given the schema of monitor.yaml, then spans and variables are what an editor accepts."""
    interval = json.loads(schemas()["monitor.json"])["$defs"]["Fetch"]["properties"]["interval"]
    assert interval["default"] == "15m"
    assert {"type": "string", "pattern": r"\$\{"} in interval["anyOf"]
    rule = json.loads(schemas()["watchlist.json"])["$defs"]["AlertRule"]["properties"]
    assert {"from", "to", "subject", "subjects"} <= set(rule)


def test_export_escapes() -> None:
    """Given a title with signs that XML owns, then the OPML is still well formed."""
    text = export_opml(
        {"a": Feed(url="https://a.example/?x=1&y=2", title='"A" & <B>', language="en")}
    )
    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>\n<opml version="2.0">')
    assert "x=1&amp;y=2" in text
    assert 'language="en"' in text
