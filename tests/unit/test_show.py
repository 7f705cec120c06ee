"""How pages look: on a terminal, in a log, with hostile words in them."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console, RenderableType

from monitor import show
from monitor.board import AlertRow, Board, Explanation, FeedRow, QueueRow, StageRow, SubjectRow
from monitor.deadletters import DeadLetter
from monitor.records import Confidence, Evidence, Factuality, Status, Transition, TransitionKind

NOON = datetime(2024, 12, 5, 12, tzinfo=UTC)


def drawn(page: RenderableType, width: int = 80) -> str:
    """Return a page as a terminal of that width shows it."""
    out = Console(file=io.StringIO(), width=width, highlight=False, emoji=False)
    out.print(page)
    text = out.file.getvalue()  # type: ignore[attr-defined]
    assert all(len(line) <= width for line in text.splitlines())
    return str(text)


def board(**changed: Any) -> Board:
    """A board on which nothing happens."""
    return Board(
        **{
            "now": NOON,
            "stages": [],
            "queues": [],
            "feeds": [],
            "channels": [],
            "alerts": [],
            "counters": {},
            "fetch_paused": False,
        }
        | changed
    )


def alert(channel: str, state: str, **changed: Any) -> AlertRow:
    """One delivery of one alert."""
    row: dict[str, Any] = {
        "at": NOON,
        "alert": "1",
        "severity": "critical",
        "channel": channel,
        "state": state,
        "attempts": 1,
        "summary": "Hama: held by [red]A[/] → held by B",
        "error": None,
    }
    return AlertRow(**row | changed)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7300, "2 h"), (3 * 86400, "3 d")],
)
def test_a_span_has_one_unit(seconds: float, text: str) -> None:
    """Long enough to be read at a glance."""
    assert show.span(seconds) == text


def test_an_empty_board_says_what_to_do() -> None:
    """Nothing runs, nothing is polled: the page names the commands."""
    page = drawn(show.status_page(board()))

    assert "monitor run" in page
    assert "monitor opml import" in page
    assert "No alerts yet." in page
    assert "Nothing failed so far." in page


def test_other_languages_are_shown_and_are_no_trouble() -> None:
    """How many articles of which language were not read, most first."""
    counters = {
        "articles_skipped:ar": 2,
        "articles_skipped:fr": 1200,
        "articles_names_only:es": 3,
        "articles_read": 9,
    }
    page = drawn(show.status_page(board(counters=counters)))

    assert "Articles in other languages, not read: fr 1,200, ar 2" in page
    assert "Articles in other languages, only names found: es 3" in page
    assert "Nothing failed so far." in page


@pytest.mark.parametrize("width", [80, 120])
def test_a_full_board_fits_the_terminal(width: int) -> None:
    """Long errors wrap below their feed or alert, and squeeze no column."""
    error = "https://html.example/feed is a web page (HTML), not a feed: " + "look again " * 12
    stage = StageRow(stage="work", host="here", pid=7, alive=False, silent=70, up=90_000, done=5)
    feed = FeedRow(
        feed="html",
        url="https://html.example/feed",
        state="failing",
        failures=3,
        last_ok=None,
        next_due=NOON,
        error=error + "\x1b[2J",
    )
    page = drawn(
        show.status_page(
            board(
                stages=[stage],
                queues=[QueueRow(queue="dead", depth=1, in_hand=0, lag=9)],
                feeds=[feed],
                alerts=[
                    alert("desk", "delivered"),
                    alert("wrong", "pending", attempts=4, error="connection refused"),
                ],
                counters={"polls_failed:timeout": 3, "items_new": 9},
                fetch_paused=True,
            )
        ),
        width,
    )

    assert "silent" in page
    assert "fetching is paused" in page
    assert "  html: https://html.example/feed" in page
    assert "\x1b" not in page
    assert page.count("Hama: held by [red]A[/]") == 1
    assert "  desk: delivered" in page
    assert "  wrong: pending after 4 tries: connection refused" in page
    assert "polls_failed:timeout" in page
    assert "items_new" not in page


def test_subjects_are_named_once() -> None:
    """The name stands at the first of a subject's facets; markup in it is text."""
    rows = [
        SubjectRow(
            subject="port",
            name="Port [bold]",
            kind="place",
            facet=facet,
            value="x",
            value_name="The [red] League",
            confidence="reported",
            score=0.8,
            since=NOON,
            supporting=2,
            opposing=0,
        )
        for facet in ("control", "threat")
    ]

    page = drawn(show.subjects_page(rows), 120)

    assert page.count("Port [bold]") == 1
    assert page.count("The [red] League") == 2
    assert "05 Dec 2024 12:00" in page


def test_an_explanation_quotes_for_and_against() -> None:
    """Sentences stand as they were written, with their links, oldest first."""

    def evidence(name: str, factuality: Factuality, hour: int) -> Evidence:
        return Evidence(
            claim=name,
            source=f"{name}.example",
            link=f"https://{name}.example/1",
            sentence=f"The [red] words of {name}. ",
            factuality=factuality,
            value="hts",
            published=NOON.replace(hour=hour),
        )

    status = Status(
        subject="hama",
        facet="control",
        value="hts",
        confidence=Confidence.CONFIRMED,
        score=0.96,
        since=NOON,
        supporting=(
            evidence("late", Factuality.REPORTED, 15),
            evidence("early", Factuality.CLAIMED, 13),
        ),
        opposing=(evidence("denier", Factuality.DENIED, 14),),
    )
    moved = Transition(
        id="1",
        kind=TransitionKind.CHANGED,
        at=NOON,
        subject="hama",
        facet="control",
        from_="government",
        to="hts",
        from_confidence=Confidence.BASELINE,
        confidence=Confidence.REPORTED,
        sources=("early.example",),
    )
    told = Explanation(
        subject="hama", name="Hama", status=status, value_name="The Group", transitions=[moved]
    )
    bare = told.model_copy(
        update={
            "status": Status(subject="hama", facet="threat", confidence=Confidence.BASELINE),
            "value_name": None,
            "transitions": [],
        }
    )

    page = drawn(show.explanation_page([told, bare]))

    assert "Hama · control: The Group (confirmed, 0.96, since 05 Dec 2024 12:00)" in page
    assert page.index("“The [red] words of early.”") < page.index("“The [red] words of late.”")
    assert page.index("Against") < page.index("https://denier.example/1")
    assert "government  hts" in page
    assert "Hama · threat: - (baseline)" in page
    assert "what the watchlist says; no news yet" in page
    line = show.transition_line(moved).plain
    assert line.endswith("government → hts  reported (changed; early.example)")


def test_dead_letters_are_listed() -> None:
    """With where they were and why they could not be read; as JSON with all of it."""
    letter = DeadLetter("1-1", "{monitor}:articles", "0-1", 5, "no [red] way", 0.0, {"a": "b"})

    page = drawn(show.letters_page([letter]))

    assert "1-1" in page
    assert "articles" in page
    assert "no [red] way" in page
    assert json.loads(show.letters_json([letter]))[0]["fields"] == {"a": "b"}
    assert "No dead letters." in drawn(show.letters_page([]))


def test_in_a_log_no_line_is_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no terminal a row is a line, whatever its length, and ends in no spaces."""
    made = show.table("Errors", "feed", "error")
    made.add_row("a", "long " * 100 + "end")
    made.add_row("b", "short")

    show.tell(made)

    lines = capsys.readouterr().out.splitlines()
    assert lines[2].endswith("end")
    assert lines[3] == "b     short"
