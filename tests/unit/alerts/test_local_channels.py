"""The channels of this machine: standard output and log."""

from __future__ import annotations

import io
import json

import pytest
from structlog.testing import capture_logs

from monitor.alerts.channels import DeliveryError, LogChannel, StdoutChannel, as_text
from tests.alert_samples import KNOWN, alert, evidence


def test_text_says_what_changed_how_sure_and_who_says_so() -> None:
    """An alert on a terminal is five lines: headline, belief, three sentences with links."""
    lines = as_text(alert()).splitlines()

    assert lines[0] == "[CRITICAL] Homs: held by the government -> held by the rebels"
    assert "confirmed (0.93), since 2024-12-07 19:10 UTC, known 2024-12-07 22:10 UTC" in lines[1]
    assert "[syria/homs-falls, " in lines[1]
    assert lines[2].startswith('  + herald-0 (reported): "Rebels took the centre of Homs." https:')
    assert len(lines) == 5


def test_text_shows_what_speaks_against() -> None:
    """The strongest opposing sentence is shown, with a minus."""
    assert "  - herald-9 " in as_text(alert(opposing=(evidence(9),)))


def test_text_cannot_steer_a_terminal() -> None:
    """Escape sequences and line breaks from the web do not reach the terminal."""
    hostile = evidence(1, "Homs\x1b[2J fell\n[CRITICAL] all\u202eclear")
    text = as_text(alert(evidence=(hostile,)))

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(text.splitlines()) == 3


def test_stdout_writes_json_lines_in_the_shape_of_a_webhook(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One alert is one line, on whatever the standard output is now."""
    StdoutChannel("json").send(alert(), "a/b", KNOWN)

    assert json.loads(capsys.readouterr().out)["data"]["id"] == alert().id


def test_a_closed_stdout_is_a_failed_attempt() -> None:
    """Given a pipe whose reader went away, the alert is kept and tried again."""
    stream = io.StringIO()
    stream.close()
    with pytest.raises(DeliveryError, match="standard output cannot be written"):
        StdoutChannel("text", stream).send(alert(), "a/b", KNOWN)


def test_log_fires_one_structured_line() -> None:
    """The action is alert.fired and the fields say it all."""
    with capture_logs() as lines:
        LogChannel().send(alert(), "a/b", KNOWN)

    (line,) = lines
    assert (line["event"], line["alert"]) == ("alert.fired", alert().id)
    assert (line["before"], line["after"]) == ("government", "rebels")
    assert line["links"][0] == "https://herald-0.example/homs"
