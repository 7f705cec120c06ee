"""What each rule has made of a status so far, so that one change is told once.

A rule keeps one entry a status. It speaks of the present value: *idle* (not told, may still be),
*pending* (told when it has held long enough), *told*, or *silent* (known, and never told).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from monitor.records import Confidence, Instant, Record, Transition


class State(StrEnum):
    """How far a rule is with the present value."""

    IDLE = "idle"
    PENDING = "pending"
    TOLD = "told"
    SILENT = "silent"


class Told(Record):
    """One rule's entry on one status."""

    state: State = State.IDLE
    #: the value that it speaks of
    value: str | None = None
    #: how sure it was when told
    confidence: Confidence = Confidence.BASELINE
    #: when a pending change is told
    due: Instant | None = None
    #: the pending change
    change: Transition | None = None
    #: when the rule last alerted on this status, for ``cooldown`` and ``once``
    last: Instant | None = None
    #: which value that was; None once another was as sure, whether this rule asks for it or not
    last_value: str | None = None
    #: it faded, and nobody was told: for who reads the alerts it stands
    faded: bool = False

    def becomes(self, state: State, value: str | None) -> Self:
        """Return the entry in another state; what was last told stays."""
        return self.model_copy(update={"state": state, "value": value, "due": None, "change": None})

    def waits(self, change: Transition, due: Instant) -> Self:
        """Return the entry with a change that is told later."""
        waiting = self.becomes(State.PENDING, change.to)
        return waiting.model_copy(update={"due": due, "change": change})

    def tells(self, change: Transition) -> Self:
        """Return the entry after the change was told."""
        told = self.becomes(State.TOLD, change.to)
        update = {"confidence": change.confidence, "last": change.at, "last_value": change.to}
        return told.model_copy(update=update)

    def is_past(self) -> Self:
        """Return the entry when what was told last is so no longer, as anybody may know."""
        return self.model_copy(update={"last_value": None})

    def takes_back(self, value: str | None) -> Self:
        """Return the entry after what was told was taken back: nothing is told any more."""
        return self.becomes(State.SILENT, value).model_copy(
            update={"last": None, "last_value": None}
        )
