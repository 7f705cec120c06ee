"""How the daemon ends and begins again: asked to, interrupted, killed, started twice."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psutil
import pytest

from monitor.alerts.webhook import secret
from monitor.demo.feedserver import FeedServer
from monitor.demo.receiver import Receiver
from tests.acceptance.desk import Daemon, Desk, Hands, told
from tests.conftest import until

pytestmark = pytest.mark.xdist_group("daemon-b")

ITEMS = [
    told("orontes-herald", 1, "Hama falls", "Rebels captured Hama."),
    told("levant-courier", 1, "Homs falls", "Rebels captured Homs.", hour=1),
]


@dataclass
class Night:
    """A desk with two publishers and a receiver; the daemon comes and goes."""

    desk: Desk
    hands: Hands
    receiver: Receiver

    def begin(self, *, alerts: int) -> Daemon:
        """Start the daemon and wait until so many alerts were received in all."""
        daemon = self.desk.start("run")
        daemon.expect(lambda: len(self.receiver.alerts) >= alerts, f"{alerts} alerts")
        daemon.expect(lambda: len(daemon.actions("stage.started")) == 4, "four stages")
        return daemon

    def told_of(self) -> list[str]:
        """Return the subjects of all requests that the receiver took, repeats too."""
        assert self.receiver.repeats == 0
        return [body["data"]["subject"]["id"] for body in self.receiver.alerts]


@pytest.fixture
def night(desk: Desk) -> Iterator[Night]:
    """A config with feeds and a webhook; nothing runs yet."""
    hands, key = Hands(), secret()
    with FeedServer(ITEMS, hands) as server, Receiver(key) as receiver:
        channel = {"type": "webhook", "url": receiver.url, "secret": key}
        desk.write(
            feeds={name: server.url(name) for name in server.feeds},
            settings={"channels": {"desk": channel}, "grace": "20s"},
        )
        yield Night(desk, hands, receiver)
        desk.close()


def test_asked_to_stop_it_leaves_nothing_behind_and_repeats_nothing(night: Night) -> None:
    """SIGTERM, then a new start, then Ctrl-C: exit 0 twice, no process left, no alert twice."""
    first = night.begin(alerts=1)
    assert first.stop(signal.SIGTERM) == 0
    assert first.actions("process.killed") == []
    until(lambda: not night.desk.processes(), what="no process left after SIGTERM")

    second = night.begin(alerts=1)
    night.hands.hour = 1
    second.expect(lambda: len(night.receiver.alerts) == 2, "news of the second day")
    assert second.stop(signal.SIGINT) == 0
    until(lambda: not night.desk.processes(), what="no process left after Ctrl-C")

    assert night.told_of() == ["hama", "homs"]


def test_killed_outright_it_goes_on_where_it_was(night: Night) -> None:
    """After kill -9 of the daemon its stages and its Redis end, and the next start goes on."""
    daemon = night.begin(alerts=1)
    daemon.process.send_signal(signal.SIGKILL)
    until(lambda: not night.desk.processes(), what="the orphans stop by themselves")

    again = night.begin(alerts=1)
    night.hands.hour = 1
    again.expect(lambda: len(night.receiver.alerts) == 2, "news of the second day")

    assert again.stop() == 0
    assert night.told_of() == ["hama", "homs"]


def test_a_dead_stage_and_a_dead_redis_are_started_again(night: Night) -> None:
    """The daemon brings back a worker and a redis-server that were killed, and counts it."""
    daemon = night.begin(alerts=1)
    work, server = (
        next(each for each in night.desk.processes() if word in each.cmdline())
        for word in ("work", _redis(night.desk))
    )
    server.kill()
    work.kill()

    daemon.saw("process.died", lambda line: line["process"] == "work")
    until(lambda: len(daemon.actions("stage.started")) >= 5, what="a new worker")
    night.hands.hour = 1
    daemon.expect(lambda: len(night.receiver.alerts) == 2, "news after the deaths")

    until(
        lambda: night.desk.ask("status")["counters"].get("processes_died:work") == 1,
        what="the death counted, though Redis was dead too",
    )
    assert daemon.stop() == 0
    assert night.told_of() == ["hama", "homs"]


def _redis(desk: Desk) -> str:
    """Return the word that tells the redis-server from the others: its executable."""
    return next(each.cmdline()[0] for each in desk.processes() if "redis" in each.name())


def test_a_second_daemon_is_refused(night: Night) -> None:
    """Two daemons on one data folder: the second says who has it, and exits with 1."""
    first = night.begin(alerts=1)

    refused = night.desk.do("run", fails=1)

    last = refused.stderr.splitlines()[-1]
    assert "already in use by the daemon with process id " + str(first.process.pid) in last
    assert psutil.pid_exists(first.process.pid)
    assert first.stop() == 0


def test_stages_run_one_by_one(night: Night) -> None:
    """Four commands on one data folder do what the daemon does; the last one ends the Redis."""
    stages = {verb: night.desk.start(verb) for verb in ("deliver", "judge", "work", "fetch")}
    stages["fetch"].expect(lambda: night.receiver.alerts, "an alert through four commands")

    alive = [row["stage"] for row in night.desk.ask("status")["stages"] if row["alive"]]
    assert sorted(alive) == ["deliver", "fetch", "judge", "work"]

    for verb in ("judge", "fetch", "deliver"):
        assert stages[verb].stop() == 0
    assert any("redis" in each.name() for each in night.desk.processes())
    assert stages["work"].stop() == 0
    until(lambda: not night.desk.processes(), what="the last one turns off the light")


def test_a_poll_that_hangs_does_not_hold_up_the_stop(desk: Desk) -> None:
    """A publisher that never answers is left alone when the stage is asked to stop."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/feed"
        desk.write(
            feeds={"silent": url},
            settings={"grace": "4s", "fetch": {"timeout": "10m", "interval": "1s"}},
        )
        fetch = desk.start("fetch")
        # the request came, and is never answered
        client, _ = silent.accept()
        with client:
            assert fetch.stop(seconds=20) == 0
    until(lambda: not desk.processes(), what="no process left")


def test_a_closed_channel_is_shown_and_reopened_by_a_command(night: Night) -> None:
    """410 closes the channel; `monitor reopen` sends what failed, under the same ids."""
    night.receiver.fail(1, status=410)
    daemon = night.desk.start("run")

    def channel() -> Any:
        [row] = night.desk.ask("status")["channels"]
        return row

    daemon.expect(lambda: channel()["state"] == "closed", "the channel closed")
    assert "monitor reopen desk" in night.desk.do("status").stdout
    assert "did you mean" in night.desk.do("reopen", "dsk", fails=1).stderr

    assert "1 alert put back" in night.desk.do("reopen", "desk").stdout

    daemon.expect(lambda: night.receiver.alerts, "the alert")
    assert channel()["state"] == "open"
    assert night.told_of() == ["hama"]
