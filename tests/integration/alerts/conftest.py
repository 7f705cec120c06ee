"""A deliver stage that waits for nothing, and a receiver to send to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter
from redis import Redis

from monitor.alerts.backoff import Backoff
from monitor.alerts.channels import Channel as SendingChannel
from monitor.alerts.deliver import GROUP, Deliverer, build
from monitor.alerts.webhook import secret
from monitor.demo.receiver import Receiver
from monitor.keys import Keys
from monitor.records import Alert
from monitor.settings import Channel
from monitor.streams import Consumer, Delays
from tests.conftest import until

#: what stands under ``channels:`` in monitor.yaml
CHANNELS: TypeAdapter[dict[str, Channel]] = TypeAdapter(dict[str, Channel])


@dataclass
class Clock:
    """The real time, moved forward at will."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC) + self.ahead

    def advance(self, **span: float) -> None:
        """Move forward by the parts of a ``timedelta``."""
        self.ahead += timedelta(**span)


@dataclass
class Stage:
    """One deliver process, as a test drives it."""

    redis: Redis
    keys: Keys
    channels: Mapping[str, Any]
    name: str = "deliver-1"
    clock: Clock = field(default_factory=Clock)
    backoff: Backoff = field(default_factory=lambda: Backoff(first=0.001, longest=0.001))
    lease: int = 10_000
    build: Callable[[Channel], SendingChannel] = build

    def __post_init__(self) -> None:
        self.set_channels(self.channels)
        consumer = Consumer(
            self.redis, self.keys, self.keys.alerts, GROUP, self.name, Delays(block=0.01)
        )
        self.deliverer = Deliverer(
            self.redis,
            self.keys,
            consumer,
            lambda: self.settings,
            clock=self.clock,
            backoff=self.backoff,
            lease=self.lease,
            build=self.build,
        )

    def set_channels(self, channels: Mapping[str, Any]) -> None:
        """Put other channels in force, as an edit of monitor.yaml does."""
        self.settings = CHANNELS.validate_python(channels)

    def fire(self, *alerts: Alert) -> None:
        """Append alerts to the stream, as the rules do."""
        for alert in alerts:
            self.redis.xadd(self.keys.alerts, {"alert": alert.to_json()})

    def run(self, condition: Callable[[], object], what: str = "") -> None:
        """Step until something is true."""

        def stepped() -> object:
            self.deliverer.step()
            return condition()

        until(stepped, 15, what)

    def run_dry(self) -> None:
        """Step until every alert is queued and every delivery settled."""
        self.run(
            lambda: not self.redis.xlen(self.keys.alerts) and not self.redis.zcard(self.keys.outbox)
        )

    def counter(self, name: str) -> int:
        """Return a counter."""
        return int(self.redis.hget(self.keys.counters, name) or 0)

    def delivery(self, alert: Alert, channel: str) -> dict[str, str]:
        """Return what Redis holds of a delivery."""
        return self.redis.hgetall(self.keys.delivery(f"{alert.id}/{channel}"))


@pytest.fixture
def key() -> str:
    """A signing secret."""
    return secret()


@pytest.fixture
def receiver(key: str) -> Iterator[Receiver]:
    """A receiver that knows the secret."""
    with Receiver(key) as listening:
        yield listening


@pytest.fixture
def make_stage(redis: Redis, keys: Keys) -> Iterator[Callable[..., Stage]]:
    """Make deliver stages that are stopped after the test."""
    made: list[Stage] = []

    def make(channels: Mapping[str, Any], **options: Any) -> Stage:
        made.append(Stage(options.pop("redis", redis), keys, channels, **options))
        return made[-1]

    yield make
    for stage in made:
        stage.deliverer.close(grace=5)
