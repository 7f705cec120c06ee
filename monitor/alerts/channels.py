"""Where alerts go: the channel protocol, its error, and the channels of this machine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal, Protocol, TextIO

import structlog

from monitor.alerts.body import Body, named, shortened
from monitor.records import Alert, Evidence

if TYPE_CHECKING:
    from datetime import datetime

log = structlog.get_logger()

#: sentences shown for a status, and against it, in text meant for a terminal
SHOWN_FOR = 3
SHOWN_AGAINST = 1


class DeliveryError(Exception):
    """An attempt that failed; the message is one line that says why and what to do.

    ``retry_after`` is the pause in seconds that the receiver asked for. ``gone`` says that it
    wants nothing ever again: the channel is closed.
    """

    def __init__(
        self, message: str, *, retry_after: float | None = None, gone: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.gone = gone


class Channel(Protocol):
    """Where alerts go. One thread at a time sends on a channel."""

    @property
    def endpoint(self) -> str:
        """What tells this receiver from the one that the channel had before an edit."""

    def send(self, alert: Alert, delivery: str, now: datetime) -> None:
        """Hand over one alert; ``delivery`` is its id here, the same for every attempt.

        Raises:
            DeliveryError: it was not taken, or nobody can tell whether it was.
        """

    def close(self) -> None:
        """Let go of connections."""


class StdoutChannel:
    """Alerts as readable text or JSON lines on the standard output."""

    endpoint = "stdout"

    def __init__(
        self, style: Literal["text", "json"] = "text", stream: TextIO | None = None
    ) -> None:
        self.style = style
        self.stream = stream

    def send(self, alert: Alert, delivery: str, now: datetime) -> None:  # noqa: ARG002 — protocol
        """Write one alert; see ``Channel.send``."""
        text = Body.of(alert).to_json() if self.style == "json" else as_text(alert)
        # looked up now, not at construction: a test or a supervisor may have replaced it
        stream = self.stream or sys.stdout
        try:
            stream.write(text + "\n")
            stream.flush()
        except (OSError, ValueError) as error:
            raise DeliveryError(f"standard output cannot be written: {error}") from error

    def close(self) -> None:
        """Do nothing: the stream belongs to the process."""


class LogChannel:
    """Alerts as structured log lines with the action ``alert.fired``."""

    endpoint = "log"

    def send(self, alert: Alert, delivery: str, now: datetime) -> None:  # noqa: ARG002 — protocol
        """Log one alert; see ``Channel.send``."""
        change = alert.transition
        log.info(
            "alert.fired",
            alert=alert.id,
            watchlist=alert.watchlist,
            rule=alert.rule,
            severity=alert.severity.value,
            subject=change.subject,
            facet=change.facet,
            before=change.from_,
            after=change.to,
            confidence=change.confidence.value,
            since=change.since.isoformat() if change.since else None,
            sources=list(change.sources),
            links=[evidence.link for evidence in change.evidence],
            summary=_printable(alert.summary),
        )

    def close(self) -> None:
        """Do nothing: the log belongs to the process."""


def as_text(alert: Alert) -> str:
    """Return the alert as a few lines for people: what, how sure, since when, who says so."""
    change = alert.transition
    since = f"since {change.since:%Y-%m-%d %H:%M} UTC, " if change.since else ""
    belief = f"{named(alert, change.subject)} / {change.facet}: {change.confidence}"
    known = f"({change.score:.2f}), {since}known {change.at:%Y-%m-%d %H:%M} UTC"
    lines = [
        f"[{alert.severity.upper()}] {alert.summary}",
        f"  {belief} {known} [{alert.watchlist}/{alert.rule}, {alert.id}]",
        *(_line("+", each) for each in change.evidence[:SHOWN_FOR]),
        *(_line("-", each) for each in change.opposing[:SHOWN_AGAINST]),
    ]
    return "\n".join(_printable(line) for line in lines)


def _line(sign: str, evidence: Evidence) -> str:
    return (
        f"  {sign} {evidence.source} ({evidence.factuality}): "
        f'"{shortened(evidence.sentence)}" {evidence.link}'
    )


def _printable(text: str) -> str:
    """Drop what could steer a terminal: the sentences come from the open web."""
    return "".join(character if character.isprintable() else " " for character in text)
