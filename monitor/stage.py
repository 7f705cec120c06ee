"""The life of one stage process: loop, say that it lives, survive Redis, stop when asked."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import structlog
from redis import Redis

from monitor.keys import Keys
from monitor.leases import LostLeaseError
from monitor.streams import AWAY
from monitor.supervisor import orphaned

log = structlog.get_logger()

#: seconds between two signs of life
VITAL_EVERY = 2.0

#: seconds without a sign of life after which a stage process counts as gone
GONE_AFTER = 30.0

#: longest pause, in seconds, between two attempts to reach Redis
LONGEST_PAUSE = 5.0


def stage_name(stage: str) -> str:
    """Return ``stage:host:pid``, the name of this process among all that share the Redis."""
    return f"{stage}:{socket.gethostname()}:{os.getpid()}"


class Stopper:
    """Turns SIGTERM and SIGINT into a polite request; the second one ends the process."""

    def __init__(self) -> None:
        self.event = threading.Event()

    def install(self) -> None:
        """Take the signals of this process."""
        signal.signal(signal.SIGTERM, self._handle)
        signal.signal(signal.SIGINT, self._handle)

    def _handle(self, number: int, _: FrameType | None) -> None:
        if self.event.is_set():
            os._exit(128 + number)
        self.event.set()

    def __call__(self) -> bool:
        """Tell whether a stop was asked for, or the supervisor is gone."""
        return self.event.is_set() or orphaned()


@dataclass(slots=True)
class Vital:
    """The sign of life of one stage process, for ``monitor status``."""

    redis: Redis
    keys: Keys
    name: str
    started: float = field(default_factory=time.time)
    done: int = 0
    _next: float = 0.0

    def sign(self, *, force: bool = False) -> None:
        """Write the sign of life when one is due."""
        if not force and time.monotonic() < self._next:
            return
        self._next = time.monotonic() + VITAL_EVERY
        life = {"at": time.time(), "started": self.started, "done": self.done}
        self.redis.hset(self.keys.stages, self.name, json.dumps(life))

    def end(self) -> None:
        """Say goodbye."""
        self.redis.hdel(self.keys.stages, self.name)


def run(
    vital: Vital,
    step: Callable[[], int],
    stopped: Stopper,
    *,
    reach: Callable[[], object],
    forget: Callable[[], object],
    close: Callable[[], object],
) -> int:
    """Call ``step`` until a stop is asked for; return the exit status.

    Args:
        vital: whose sign of life to give.
        step: does some work and returns how much; it waits for work itself.
        stopped: tells whether to stop.
        reach: brings Redis back when it can be brought back (the embedded one).
        forget: drops what is in hand, after Redis was away.
        close: hands back what is in hand, at the end.
    """
    log.info("stage.started", stage=vital.name)
    pause = 0.0
    while not stopped():
        try:
            vital.sign()
            vital.done += step()
            if pause:
                log.info("redis.back", stage=vital.name)
            pause = 0.0
        except AWAY as error:
            if not pause:
                log.warning("redis.away", stage=vital.name, error=_line(error))
            forget()
            pause = min(LONGEST_PAUSE, pause * 2 or 0.1)
            _try_to_reach(reach)
            stopped.event.wait(pause)
        except LostLeaseError:
            log.warning("lease.lost", stage=vital.name)
            forget()
    try:
        close()
        vital.end()
    except AWAY as error:
        log.warning("stage.left-in-hand", stage=vital.name, error=_line(error))
    log.info("stage.stopped", stage=vital.name, done=vital.done)
    return 0


def _try_to_reach(reach: Callable[[], object]) -> None:
    try:
        reach()
    except OSError as error:
        log.warning("redis.unreachable", error=_line(error))


def living(redis: Redis, keys: Keys, now: float) -> dict[str, dict[str, Any]]:
    """Return the last sign of life of every stage process, those long gone swept out."""
    rows: Any = redis.hgetall(keys.stages)
    lives = {name: json.loads(line) for name, line in rows.items()}
    gone = [name for name, life in lives.items() if now - life["at"] > 100 * GONE_AFTER]
    if gone:
        redis.hdel(keys.stages, *gone)
    return {name: life for name, life in lives.items() if name not in gone}


def _line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
