"""Starting, starting again, stopping: the supervisor with real processes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from monitor.supervisor import FIRST_PAUSE, LONG_LIFE, LONGEST_PAUSE, Supervisor, orphaned
from tests.conftest import until

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
END = [sys.executable, "-c", "raise SystemExit(3)"]
#: does not listen to SIGTERM, and says so when that is in force
_DEAF = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.write(2, b"deaf")
time.sleep(600)
"""
DEAF = [sys.executable, "-c", _DEAF]


@dataclass
class Hand:
    """A clock turned by hand, in seconds."""

    now: float = 1000.0

    def __call__(self) -> float:
        """Return its time."""
        return self.now


@pytest.fixture
def clock() -> Hand:
    """A clock that stands."""
    return Hand()


@pytest.fixture
def supervisor(clock: Hand) -> Iterator[Supervisor]:
    """A supervisor whose children end with the test."""
    made = Supervisor(grace=10.0, clock=clock)
    yield made
    for child in made.children:
        if child.process is not None and child.process.poll() is None:
            child.process.kill()
            child.process.wait()


def test_a_dead_process_is_started_again_after_a_pause(supervisor: Supervisor, clock: Hand) -> None:
    """Each death doubles the pause, up to the longest; the deaths are told with their status."""
    told: list[tuple[str, int]] = []
    supervisor.on_death = lambda child, code: told.append((child.name, code))
    child = supervisor.add("work", END)
    pauses = []

    for _ in range(9):
        supervisor.tick()
        process = child.process
        assert process is not None
        process.wait()
        supervisor.tick()
        assert child.process is None
        pauses.append(child.start_at - clock.now)
        supervisor.tick()
        assert child.process is None, "not before its time"
        clock.now = child.start_at

    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    assert told == [("work", 3)] * 9


def test_a_long_life_makes_up_for_earlier_deaths(supervisor: Supervisor, clock: Hand) -> None:
    """A process that ran well for a while begins again with the shortest pause."""
    child = supervisor.add("work", SLEEP)
    child.deaths = 7
    supervisor.tick()
    process = child.process
    assert process is not None

    clock.now += LONG_LIFE + 1
    process.kill()
    process.wait()
    supervisor.tick()

    assert child.start_at - clock.now == FIRST_PAUSE


def test_a_stop_asks_all_and_is_clean(supervisor: Supervisor) -> None:
    """SIGTERM reaches every child; none has to be killed."""
    children = [supervisor.add(name, SLEEP) for name in ("work-1", "work-2")]
    supervisor.tick()
    processes = [child.process for child in children]

    assert supervisor.stop()

    assert [each.returncode for each in processes if each] == [-signal.SIGTERM] * 2
    assert all(child.process is None for child in children)


def test_who_does_not_listen_is_killed_after_the_grace(supervisor: Supervisor) -> None:
    """A child that ignores SIGTERM is ended all the same, and the stop was not clean."""
    read, write = os.pipe()
    with os.fdopen(read, "rb") as ready, os.fdopen(write, "wb") as output:
        supervisor.output, supervisor.grace = output, 0.2
        child = supervisor.add("deaf", DEAF)
        supervisor.tick()
        process = child.process
        assert process is not None
        assert ready.read(4) == b"deaf"

        assert not supervisor.stop()

    assert process.returncode == -signal.SIGKILL


def test_a_child_that_died_before_the_stop_is_no_trouble(supervisor: Supervisor) -> None:
    """A stop in the moment of a death ends like any other."""
    child = supervisor.add("work", END)
    supervisor.tick()
    until(lambda: child.process is None or child.process.poll() == 3)

    assert supervisor.stop()


def test_a_child_knows_when_its_supervisor_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The supervisor gives its process id along; another parent means that it died."""
    monkeypatch.delenv("MONITOR_PARENT", raising=False)
    assert not orphaned()
    monkeypatch.setenv("MONITOR_PARENT", str(os.getppid()))
    assert not orphaned()
    monkeypatch.setenv("MONITOR_PARENT", str(os.getpid()))
    assert orphaned()
