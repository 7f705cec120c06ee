"""What a consumer has in hand, and the sign of life that keeps its peers from taking it over."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import structlog
from redis.exceptions import ResponseError

from monitor.streams.messages import AWAY, Message, entry_order

log = structlog.get_logger()


@dataclass(slots=True)
class Hand:
    """The ids of messages that are being worked on; the heartbeat reads them in its own thread."""

    _ids: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, messages: Iterable[Message]) -> None:
        """Add messages."""
        with self._lock:
            self._ids.update(message.id for message in messages)

    def drop(self, messages: Iterable[Message]) -> None:
        """Let go of messages."""
        with self._lock:
            self._ids.difference_update(message.id for message in messages)

    def ids(self) -> list[str]:
        """Return the ids, oldest first."""
        with self._lock:
            return sorted(self._ids, key=entry_order)

    def clear(self) -> list[str]:
        """Let go of everything; return the ids, oldest first."""
        with self._lock:
            held = sorted(self._ids, key=entry_order)
            self._ids.clear()
        return held


@contextlib.contextmanager
def beating(beat: Callable[[], object], every: float, stream: str, group: str) -> Iterator[None]:
    """Beat from a thread for as long as the block lasts.

    Args:
        beat: gives the sign of life.
        every: seconds between two of them.
        stream: of the messages, for the log.
        group: that reads it, for the thread's name.
    """
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(every):
            try:
                beat()
            except AWAY as error:
                log.warning("heartbeat.missed", stream=stream, error=str(error))
            except ResponseError as error:
                log.warning("heartbeat.refused", stream=stream, error=str(error))

    thread = threading.Thread(target=run, name=f"beat-{group}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=every + 1)
