"""Runs the stage processes of one machine: starts them, starts the dead again, stops them all."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import IO

import structlog

log = structlog.get_logger()

#: seconds: the pause before the first restart doubles up to the longest
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0

#: exit status of a process that cannot work as it is configured: to start it again is no use
REFUSED = 2

#: seconds a process must have lived for its earlier deaths to be forgotten
LONG_LIFE = 60.0


@dataclass(slots=True)
class Child:
    """One stage process: its command and its history."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    start_at: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """Keeps the children running.

    Each child is a fresh interpreter, not a fork: a loaded pipeline, threads and sockets of
    the parent never leak into it.
    """

    grace: float
    children: list[Child] = field(default_factory=list)
    clock: Callable[[], float] = time.monotonic
    on_death: Callable[[Child, int], None] | None = None
    #: where the children's own standard error goes; None: where the parent's goes
    output: IO[bytes] | None = None
    #: name of the process that refused its configuration at its start, if one did
    refused: str | None = None

    def add(self, name: str, command: Sequence[str]) -> Child:
        """Take a process under supervision; it starts at the next :meth:`tick`."""
        child = Child(name, command)
        self.children.append(child)
        return child

    def tick(self) -> None:
        """Start what is due and note what died. Call it a few times a second."""
        now = self.clock()
        for child in self.children:
            if child.process is None:
                if now >= child.start_at:
                    self._start(child, now)
            elif (code := child.process.poll()) is not None:
                self._bury(child, code, now)

    def _start(self, child: Child, now: float) -> None:
        child.process = subprocess.Popen(  # noqa: S603 — our own command line
            list(child.command),
            stdin=subprocess.DEVNULL,
            stderr=self.output,
            # a Ctrl-C on the terminal is for the parent, which stops its children in order
            start_new_session=True,
            env={**os.environ, "MONITOR_PARENT": str(os.getpid())},
        )
        child.started = now
        log.info("process.started", process=child.name, pid=child.process.pid)

    def _bury(self, child: Child, code: int, now: float) -> None:
        child.deaths = 1 if now - child.started > LONG_LIFE else child.deaths + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (child.deaths - 1))
        child.start_at = now + pause
        child.process = None
        if code == REFUSED and child.deaths == 1 and now - child.started < LONG_LIFE:
            self.refused = child.name
        log.error("process.died", process=child.name, code=code, again_in=pause)
        if self.on_death is not None:
            self.on_death(child, code)

    def stop(self) -> bool:
        """Ask all to stop, wait the grace time, kill the rest; True when none had to be killed."""
        alive = [child for child in self.children if child.process is not None]
        for child in alive:
            _send(child, signal.SIGTERM)
        deadline = time.monotonic() + self.grace
        clean = True
        for child in alive:
            process = child.process
            if process is None:
                continue
            try:
                process.wait(timeout=max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                clean = False
                log.error("process.killed", process=child.name, grace=self.grace)
                _send(child, signal.SIGKILL)
                process.wait()
            child.process = None
        return clean


def _send(child: Child, number: signal.Signals) -> None:
    if child.process is not None and child.process.poll() is None:
        child.process.send_signal(number)


def supervised() -> bool:
    """Tell whether this process was started by a supervisor."""
    return "MONITOR_PARENT" in os.environ


def orphaned() -> bool:
    """Tell whether the supervisor that started this process is gone.

    A supervisor that was killed cannot stop its children; they stop by themselves.
    """
    parent = os.environ.get("MONITOR_PARENT")
    return parent is not None and os.getppid() != int(parent)
