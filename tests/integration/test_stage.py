"""The life of a stage process: it loops, says that it lives, and survives Redis."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from monitor.connection import client_for
from monitor.embedded import EmbeddedRedis
from monitor.keys import Keys
from monitor.leases import LostLeaseError
from monitor.stage import GONE_AFTER, Stopper, Vital, living, run, stage_name


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """Give the test process its signals back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class Story:
    """A stage that does what is written for it, one act a step, and then asks to stop."""

    def __init__(self, *acts: Callable[[], int]) -> None:
        self.acts = list(acts)
        self.stopper = Stopper()
        self.said: list[str] = []

    def step(self) -> int:
        """Play the next act."""
        act = self.acts.pop(0)
        if not self.acts:
            self.stopper.event.set()
        return act()

    def note(self, word: str) -> Callable[[], None]:
        """Return something that notes the word when it is called."""
        return lambda: self.said.append(word)

    def play(self, redis: Redis, keys: Keys, **changed: Callable[[], object]) -> Vital:
        """Run the stage to its end."""
        vital = Vital(redis, keys, stage_name("work"))
        hooks = {name: self.note(name) for name in ("reach", "forget", "close")} | changed
        assert run(vital, self.step, self.stopper, **hooks) == 0
        return vital


def raising(error: Exception) -> Callable[[], int]:
    """Return an act that ends with an error."""

    def act() -> int:
        raise error

    return act


def test_it_counts_its_work_and_says_goodbye(redis: Redis, keys: Keys) -> None:
    """While it runs its sign of life stands in Redis; at the end it is taken away."""
    lives: list[str] = []

    def look() -> int:
        lives.extend(living(redis, keys, time.time()))
        return 2

    story = Story(look, lambda: 3)
    vital = story.play(redis, keys)

    assert lives == [stage_name("work")]
    assert vital.done == 5
    assert story.said == ["close"]
    assert living(redis, keys, time.time()) == {}


def test_a_lost_connection_is_survived(redis: Redis, keys: Keys) -> None:
    """Redis away: what is in hand is let go, Redis is brought back, the work goes on."""
    story = Story(raising(RedisConnectionError("gone")), lambda: 1)

    vital = story.play(redis, keys)

    assert story.said == ["forget", "reach", "close"]
    assert vital.done == 1


def test_a_redis_that_cannot_be_brought_back_is_tried_again(redis: Redis, keys: Keys) -> None:
    """A reach that fails is told and does not end the stage."""

    def reach() -> None:
        raise OSError("data: cannot be written")

    story = Story(raising(RedisConnectionError()), lambda: 1)

    assert story.play(redis, keys, reach=reach).done == 1


def test_a_lost_lease_only_lets_go(redis: Redis, keys: Keys) -> None:
    """Another process took over: nothing to bring back, nothing to wait for."""
    story = Story(raising(LostLeaseError("judge")), lambda: 1)

    story.play(redis, keys)

    assert story.said == ["forget", "close"]


def test_a_stop_while_redis_is_away(own_server: EmbeddedRedis, keys: Keys) -> None:
    """A stage can end without Redis; what it had in hand is a peer's after a while."""
    redis = client_for(own_server.url)

    def shut_down() -> int:
        with own_server.client() as other:
            other.shutdown(nosave=True)
        return 1

    def close() -> None:
        redis.ping()

    Story(shut_down).play(redis, keys, close=close)
    redis.close()


def test_a_signal_is_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first SIGTERM asks politely, the second one ends the process at once."""
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    stopper = Stopper()
    stopper.install()
    assert not stopper()

    signal.raise_signal(signal.SIGTERM)
    assert stopper()
    assert ended == []

    signal.raise_signal(signal.SIGINT)
    assert ended == [128 + signal.SIGINT]


def test_those_long_gone_are_swept_out(redis: Redis, keys: Keys) -> None:
    """A process that was killed stays on the board for a while, not for ever."""
    redis.hset(keys.stages, "work:old:1", json.dumps({"at": 0, "started": 0, "done": 1}))
    redis.hset(keys.stages, "work:new:2", json.dumps({"at": 5000, "started": 0, "done": 1}))

    assert set(living(redis, keys, now=5000 + GONE_AFTER)) == {"work:new:2"}
    assert redis.hkeys(keys.stages) == ["work:new:2"]
