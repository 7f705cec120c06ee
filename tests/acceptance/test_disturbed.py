"""Kill anything: the same final statuses and the same alerts as an undisturbed run."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.archive import ArchiveItem, read_archive
from monitor.config import seeds_folder
from monitor.demo.scene import Scene
from monitor.streams import ensure_group
from tests.conftest import until

SEEDS = seeds_folder() / "december-2024"

#: moments of the replay at which something is killed
KILL_WORKER = {8, 30, 48}
KILL_REDIS = {15, 40}
KILL_JUDGE = {22, 44}
KILL_DELIVER = {35}


@dataclass
class Outcome:
    """What a replay ended with."""

    statuses: dict[str, str]
    #: id -> what it says, of whom a failure tells
    alerts: dict[str, str]
    counters: dict[str, str]


@pytest.fixture(scope="module")
def archive() -> list[ArchiveItem]:
    """The demo archive."""
    with (SEEDS / "archive.jsonl").open(encoding="utf-8") as lines:
        return read_archive(lines, pytest.fail)


def outcome(scene: Scene) -> Outcome:
    """Wait for the end of the line and return what stands."""
    assert scene.settle(120), "the line did not come to rest"
    statuses: Any = scene.redis.hgetall(scene.keys.statuses)
    counters: Any = scene.redis.hgetall(scene.keys.counters)
    alerts = {
        body["data"]["id"]: f"{body['timestamp']} {body['data']['summary']}"
        for body in scene.receiver.alerts
    }
    return Outcome(statuses, alerts, counters)


def pid_of(scene: Scene, name: str) -> int:
    """Return the process id of a child that lives."""

    def look() -> int | None:
        scene.supervisor.tick()
        for child in scene.supervisor.children:
            if child.name == name and child.process is not None:
                return child.process.pid
        return None

    pid = until(look, what=f"{name} lives")
    assert pid is not None
    return pid


def in_hand(scene: Scene, consumer: str) -> int:
    """Return how many articles a worker has in hand."""
    rows: Any = scene.redis.xinfo_consumers(scene.keys.articles, "workers")
    return sum(row["pending"] for row in rows if row["name"] == consumer)


def kill_in_the_middle_of_a_batch(scene: Scene) -> bool:
    """Freeze a worker that has articles in hand, make sure that it still has, and kill it.

    False when the workers were faster and none has any.
    """
    while scene.redis.xlen(scene.keys.articles):
        scene.supervisor.tick()
        alive = {child.process.pid for child in scene.supervisor.children if child.process}
        rows: Any = scene.redis.xinfo_consumers(scene.keys.articles, "workers")
        for row in rows:
            pid = int(row["name"].rpartition(":")[2])
            if not row["pending"] or pid not in alive:
                continue
            os.kill(pid, signal.SIGSTOP)
            if in_hand(scene, row["name"]):
                os.kill(pid, signal.SIGKILL)
                return True
            os.kill(pid, signal.SIGCONT)
    return False


def test_killed_processes_change_nothing(tmp_path: Path, archive: list[ArchiveItem]) -> None:
    """SIGKILL to workers in mid-batch, to redis-server, to the judge and to the deliverer."""
    step = timedelta(hours=5)
    with Scene(SEEDS, archive, tmp_path / "calm", workers=2, step=step) as scene:
        assert scene.ready()
        for _ in scene.play():
            pass
        calm = outcome(scene)

    batches_cut = 0
    with Scene(SEEDS, archive, tmp_path / "disturbed", workers=2, step=step) as scene:
        assert scene.ready()
        # a worker makes its group only once its pipeline is loaded, which the test may overtake
        ensure_group(scene.redis, scene.keys.articles, "workers")
        for number, _ in enumerate(scene.play()):
            if number in KILL_WORKER:
                batches_cut += kill_in_the_middle_of_a_batch(scene)
            if number in KILL_REDIS:
                server = scene.embedded.pid()
                assert server is not None
                os.kill(server, signal.SIGKILL)
                until(lambda: not scene.embedded.alive(), what="redis-server is gone")
            if number in KILL_JUDGE:
                os.kill(pid_of(scene, "judge"), signal.SIGKILL)
            if number in KILL_DELIVER:
                os.kill(pid_of(scene, "deliver"), signal.SIGKILL)
        disturbed = outcome(scene)

    assert batches_cut, "no worker was killed with articles in hand"
    assert int(disturbed.counters["messages_taken_over:workers"]) >= batches_cut
    assert disturbed.statuses == calm.statuses
    changed = disturbed.alerts.keys() ^ calm.alerts.keys()
    assert not changed, [(disturbed.alerts.get(each), calm.alerts.get(each)) for each in changed]
    assert calm.alerts
