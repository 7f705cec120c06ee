"""Structured logs: one line an action."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest
import structlog

from monitor import logs


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """Leave the logging of the other tests as it was."""
    yield
    structlog.reset_defaults()


def test_a_line_is_one_object_with_its_action(capsys: pytest.CaptureFixture[str]) -> None:
    """Off a terminal each line is JSON: action, level, time, what was bound, what was said."""
    logs.setup("info", stage="work")
    log = structlog.get_logger()

    log.info("feed.polled", feed="herald", items=3)
    log.debug("too.quiet")

    [line] = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert said.pop("timestamp").endswith("Z")
    assert said == {
        "action": "feed.polled",
        "level": "info",
        "stage": "work",
        "feed": "herald",
        "items": 3,
    }


def test_every_thread_names_its_stage(capsys: pytest.CaptureFixture[str]) -> None:
    """What was bound stands in the lines of all threads, not of the first alone."""
    logs.setup("info", "json", stage="fetch")
    log = structlog.get_logger()

    thread = threading.Thread(target=lambda: log.info("feed.polled"))
    thread.start()
    thread.join()

    assert json.loads(capsys.readouterr().err)["stage"] == "fetch"


def test_an_error_keeps_its_traceback_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    """A mistake of ours is still one line."""
    logs.setup("info", "json")
    try:
        int("broken")
    except ValueError:
        structlog.get_logger().exception("feed.broken")

    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line)["exception"][0]["exc_type"] == "ValueError"


def test_a_readable_log_has_no_colours_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """The console form is for eyes; escape codes appear on a terminal only."""
    logs.setup("info", "console", stage="work")

    structlog.get_logger().info("feed.polled", feed="herald")

    told = capsys.readouterr().err
    assert "feed.polled" in told
    assert "feed=herald" in told
    assert "\x1b" not in told
