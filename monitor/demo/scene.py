"""The whole line on one machine, on a simulated clock: what the demo shows and tests disturb.

Local feeds over real HTTP, a real Redis, the real processes of the stages, a real webhook
receiver. Only the clock is not real: the fetcher polls every feed at each simulated moment.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import httpx
import structlog
from redis import Redis

from monitor.alerts.webhook import secret
from monitor.archive import ArchiveItem
from monitor.config import load
from monitor.connection import connect
from monitor.daemon import staff
from monitor.demo.feedserver import FeedServer
from monitor.demo.receiver import Receiver
from monitor.embedded import EmbeddedRedis
from monitor.fetch import Poller, new_client
from monitor.keys import Keys
from monitor.records import Transition
from monitor.settings import Config
from monitor.sources import SourceBook
from monitor.stage import living
from monitor.streams import AWAY
from monitor.supervisor import Supervisor

log = structlog.get_logger()

#: simulated time between two polls of every feed
STEP = timedelta(hours=1)

#: seconds for which a stage may be silent before peers take its messages over
CLAIM_AFTER = 3.0


@dataclass(slots=True)
class Clock:
    """The simulated time."""

    now: datetime

    def __call__(self) -> datetime:
        """Return it."""
        return self.now


@dataclass(slots=True)
class Scene:
    """The line, from feeds to receiver. Use as a context manager.

    Args:
        seeds: a folder with sources.yaml, feeds.yaml and watchlists/.
        items: the archive that the feeds show.
        folder: an empty folder for config and data.
        workers: worker processes.
        step: simulated time between two polls of every feed.
        output: where the processes' own logs go.
    """

    seeds: Path
    items: Sequence[ArchiveItem]
    folder: Path
    workers: int = 1
    step: timedelta = STEP
    output: IO[bytes] | None = None
    clock: Clock = field(init=False)
    receiver: Receiver = field(init=False)
    server: FeedServer = field(init=False)
    config: Config = field(init=False)
    redis: Redis = field(init=False)
    keys: Keys = field(init=False)
    supervisor: Supervisor = field(init=False)
    polls: int = 0
    _client: httpx.Client = field(init=False)
    _poller: Poller = field(init=False)
    _last: str = "0"
    _pause: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.clock = Clock(self.items[0].seen)
        shared = secret()
        self.receiver = Receiver(shared).__enter__()
        self.server = FeedServer(self.items, self.clock).__enter__()
        root = self.folder / "config"
        self._write_config(root, shared)
        self.config = load(root, environ=os.environ)
        self.redis = connect(self.config.settings, self.config.data)
        self.keys = Keys(self.config.settings.namespace)
        self._client = new_client(1)
        book = SourceBook(self.config.sources)
        self._poller = Poller(
            self.redis, self.keys, self.config.settings.fetch, book, self.clock, self._client
        )
        self.supervisor = Supervisor(grace=20.0, output=self.output)
        staff(self.supervisor, self.config, ("work", "judge", "deliver"))
        self.supervisor.tick()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.supervisor.stop()
        self._client.close()
        self.server.__exit__(kind, error, trace)
        self.receiver.close()
        self.redis.close()
        self.redis.connection_pool.disconnect()
        self.embedded.release()

    @property
    def embedded(self) -> EmbeddedRedis:
        """The redis-server of the scene."""
        return EmbeddedRedis(self.config.data, self.config.settings.fsync)

    def _write_config(self, root: Path, shared: str) -> None:
        root.mkdir(parents=True)
        shutil.copytree(self.seeds / "watchlists", root / "watchlists")
        shutil.copy(self.seeds / "sources.yaml", root / "sources.yaml")
        channel = {"type": "webhook", "url": self.receiver.url, "secret": shared}
        settings = {
            "data": str(self.folder / "data"),
            "log": {"format": "json", "level": "warning"},
            "workers": {"processes": self.workers, "batch": 8},
            "queue": {
                "claim_after": f"{CLAIM_AFTER}s",
                "heartbeat": f"{CLAIM_AFTER / 6}s",
                "order_wait": "10m",
                # the disturbed replay kills on purpose, and more often than any real week
                "max_deliveries": 20,
            },
            "metrics": {"port": 0},
            "channels": {"demo": channel},
        }
        feeds = {name: {"url": self.server.url(name), "source": name} for name in self.server.feeds}
        # JSON is YAML
        (root / "monitor.yaml").write_text(json.dumps(settings), encoding="utf-8")
        (root / "feeds.yaml").write_text(json.dumps({"feeds": feeds}), encoding="utf-8")

    def ready(self, seconds: float = 60.0) -> bool:
        """Wait until every process gave its first sign of life; False when the time is over."""
        return self._until(lambda: len(self._alive()) >= len(self.supervisor.children), seconds)

    def _alive(self) -> dict[str, Any]:
        return living(self.redis, self.keys, 0.0)

    def moments(self) -> list[datetime]:
        """Return the simulated moments of :meth:`play`."""
        first, last = self.items[0].seen, self.items[-1].seen
        start = first.replace(minute=0, second=0, microsecond=0)
        count = (last - start) // self.step + 2
        return [start + number * self.step for number in range(count)]

    def play(self, seconds: float = 0.0) -> Iterator[datetime]:
        """Poll every feed at each moment, spread over ``seconds``; yield the moments."""
        moments = self.moments()
        begun = time.monotonic()
        for number, moment in enumerate(moments, start=1):
            self.clock.now = moment
            self.poll()
            self.supervisor.tick()
            yield moment
            self._pause.wait(max(0.0, begun + seconds * number / len(moments) - time.monotonic()))

    def poll(self) -> None:
        """Poll every feed once; when Redis is away, bring it back and poll again."""
        for name, feed in self.config.feeds.items():
            self._again(lambda name=name, feed=feed: self._poller.poll(name, feed))
            self.polls += 1

    def settle(self, seconds: float = 60.0) -> bool:
        """Wait until nothing is left to read, judge or deliver; False when the time is over."""
        return self._until(lambda: self._again(self._left) == 0, seconds)

    def _left(self) -> int:
        streams = (self.keys.articles, self.keys.claims, self.keys.alerts)
        return sum(int(self.redis.xlen(stream)) for stream in streams) + int(
            self.redis.zcard(self.keys.outbox)
        )

    def transitions(self) -> list[Transition]:
        """Return the transitions since the last call."""
        entries: Any = self._again(
            lambda: self.redis.xrange(self.keys.transitions, f"({self._last}")
        )
        if entries:
            self._last = entries[-1][0]
        return [Transition.from_json(fields["transition"]) for _, fields in entries]

    def _again(self, act: Any) -> Any:
        while True:
            try:
                return act()
            except AWAY as error:
                log.warning("redis.away", error=str(error))
                self.embedded.ensure()

    def _until(self, condition: Any, seconds: float) -> bool:
        waited = 0.0
        while not condition():
            if waited > seconds:
                return False
            self.supervisor.tick()
            self._pause.wait(0.05)
            waited += 0.05
        return True
