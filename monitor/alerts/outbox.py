"""The durable outbox: which alert still has to reach which channel, and when.

One delivery is one alert for one channel, ``<alert id>/<channel>``. It is *pending* until it is
settled as *delivered* or *failed*. While a process works on it, it holds a lease: the due time
lies a little ahead, so that no peer takes it, and comes by itself when the process dies.
"""

from __future__ import annotations

import contextlib
import itertools
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import structlog
from redis.exceptions import WatchError

from monitor.keys import Keys
from monitor.records import Alert

if TYPE_CHECKING:
    from redis import Redis
    from redis.client import Pipeline

log = structlog.get_logger()

#: ms that a delivery is left to the process that took it; prolonged while that process works
LEASE = 10_000
#: channel of an alert that no channel is there for; no channel can have this name
NOWHERE = "-"
#: entries looked at in one command
_PAGE = 500


class State(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery in hand. ``queued`` is in ms; ``lease`` tells this holder from later ones."""

    id: str
    channel: str
    alert: str
    queued: int
    attempts: int
    lease: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a delivery: its new state, or when (ms) it is tried again."""

    state: State
    error: str = ""
    #: next attempt; for pending deliveries only
    due: float = 0.0
    #: whether something was sent, so that it counts as an attempt
    attempted: bool = True
    #: the channel takes nothing before this time (ms): what ``Retry-After`` asked for
    hold: int = 0
    #: endpoint to close for good: the receiver answered 410
    close: str = ""


def delivery_id(alert: str, channel: str) -> str:
    """Return the id of the delivery of an alert to a channel."""
    return f"{alert}/{channel}"


def channel_of(delivery: str) -> str:
    """Return the channel that a delivery is for."""
    return delivery.rpartition("/")[2]


def known(pipe: Redis | Pipeline, keys: Keys, alert: str) -> bool:
    """Tell whether an alert was ever queued; to be asked with ``keys.alert_ids`` under WATCH."""
    return pipe.zscore(keys.alert_ids, alert) is not None


def enqueue(
    pipe: Pipeline,
    keys: Keys,
    alert: Alert,
    channels: Collection[str],
    now_ms: float,
    *,
    missing: Collection[str] = (),
) -> None:
    """Queue an alert for its channels, inside a transaction that found it not ``known``.

    ``now_ms`` is also its place in the queue. An alert for ``missing`` channels, or for none, is
    kept as failed: it is never dropped.
    """
    pipe.zadd(keys.alert_ids, {alert.id: now_ms})
    pipe.hincrby(keys.counters, "alerts_queued", 1)
    row: dict[Any, Any] = {"alert": alert.to_json(), "attempts": 0, "queued": int(now_ms)}
    for channel in channels:
        delivery = delivery_id(alert.id, channel)
        pipe.hset(keys.delivery(delivery), mapping={**row, "state": State.PENDING.value})
        pipe.zadd(keys.outbox, {delivery: now_ms})
    for channel in missing or (() if channels else (NOWHERE,)):
        delivery = delivery_id(alert.id, channel)
        error = no_channel(channel)
        lost: dict[Any, Any] = {"state": State.FAILED.value, "error": error, "settled": int(now_ms)}
        pipe.hset(keys.delivery(delivery), mapping={**row, **lost})
        pipe.zadd(keys.deliveries, {delivery: now_ms})
        pipe.hincrby(keys.counters, f"deliveries_failed:{channel}", 1)


def no_channel(channel: str) -> str:
    """Return the line that says why nothing can be delivered there."""
    if channel == NOWHERE:
        return "monitor.yaml has no channels: add one under `channels:`"
    return f"monitor.yaml has no channel {channel!r}: add it, or correct the rule's channels"


@dataclass(frozen=True, slots=True)
class Outbox:
    """Taking deliveries out of Redis and settling them. Safe to use from several threads."""

    redis: Redis
    keys: Keys
    #: ms
    lease: int = LEASE

    def waiting(self, now_ms: float) -> set[str]:
        """Return the channels for which something is due."""
        return {channel_of(delivery) for delivery in self._due(now_ms)}

    def take(self, channel: str, now_ms: float) -> Delivery | None:
        """Take the delivery of a channel that is longest due; None when none is."""
        hold = self.redis.hget(self.keys.channel(channel), "hold")
        if hold and float(hold) > now_ms:
            return None
        for delivery in self._due(now_ms):
            if channel_of(delivery) == channel and (taken := self._take(delivery, now_ms)):
                return taken
        return None

    def _due(self, now_ms: float) -> Iterator[str]:
        for start in itertools.count(0, _PAGE):
            page: Any = self.redis.zrangebyscore(self.keys.outbox, "-inf", now_ms, start, _PAGE)
            yield from page
            if len(page) < _PAGE:
                return

    def _take(self, delivery: str, now_ms: float) -> Delivery | None:
        key = self.keys.delivery(delivery)
        with self.redis.pipeline(transaction=True) as pipe:
            try:
                # every change of a delivery writes its hash, so one key is enough to watch
                pipe.watch(key)
                due = pipe.zscore(self.keys.outbox, delivery)
                if due is None or due > now_ms:
                    return None
                row: Any = pipe.hgetall(key)
                pipe.multi()
                if "alert" not in row:
                    pipe.zrem(self.keys.outbox, delivery)
                    pipe.hincrby(self.keys.counters, "deliveries_orphaned", 1)
                    pipe.execute()
                    log.error("delivery.orphaned", delivery=delivery)
                    return None
                lease = secrets.token_hex(8)
                pipe.zadd(self.keys.outbox, {delivery: now_ms + self.lease}, xx=True)
                pipe.hset(key, "lease", lease)
                pipe.execute()
            except WatchError:
                return None
        return Delivery(
            id=delivery,
            channel=channel_of(delivery),
            alert=row["alert"],
            queued=int(row["queued"]),
            attempts=int(row["attempts"]),
            lease=lease,
        )

    def prolong(self, delivery: Delivery, now_ms: float) -> None:
        """Keep what is in hand from peers for another lease, if it still is in hand."""
        key = self.keys.delivery(delivery.id)
        with self.redis.pipeline(transaction=True) as pipe, contextlib.suppress(WatchError):
            pipe.watch(key)
            if pipe.hget(key, "lease") == delivery.lease:
                pipe.multi()
                pipe.zadd(self.keys.outbox, {delivery.id: now_ms + self.lease}, xx=True)
                pipe.execute()

    def settle(self, delivery: Delivery, outcome: Outcome, now_ms: float) -> bool:
        """Write what became of a delivery; False when it is a peer's, delivered or pruned by now.

        A holder that lost its lease may still say "delivered", for then it was.
        """
        key = self.keys.delivery(delivery.id)
        while True:
            with self.redis.pipeline(transaction=True) as pipe:
                try:
                    pipe.watch(key)
                    state, lease = pipe.hmget(key, "state", "lease")
                    late = lease != delivery.lease
                    if state in {None, State.DELIVERED}:
                        return False
                    if late and outcome.state != State.DELIVERED:
                        return False
                    pipe.multi()
                    self._write(pipe, delivery, outcome, now_ms)
                    pipe.execute()
                except WatchError:
                    continue
                return True

    def _write(self, pipe: Pipeline, delivery: Delivery, outcome: Outcome, now_ms: float) -> None:
        keys, key = self.keys, self.keys.delivery(delivery.id)
        pipe.hset(key, mapping={"state": outcome.state.value, "error": outcome.error})
        pipe.hdel(key, "lease")
        if outcome.attempted:
            pipe.hincrby(key, "attempts", 1)
        if outcome.state == State.PENDING:
            pipe.zadd(keys.outbox, {delivery.id: outcome.due}, xx=True)
            if outcome.attempted:
                pipe.hincrby(keys.counters, f"deliveries_retried:{delivery.channel}", 1)
        else:
            pipe.zrem(keys.outbox, delivery.id)
            pipe.zadd(keys.deliveries, {delivery.id: now_ms})
            pipe.hset(key, "settled", int(now_ms))
            pipe.hincrby(keys.counters, f"deliveries_{outcome.state}:{delivery.channel}", 1)
        if outcome.state == State.DELIVERED:
            pipe.hdel(keys.channel(delivery.channel), "closed", "error", "at")
        if outcome.hold:
            pipe.hset(keys.channel(delivery.channel), "hold", outcome.hold)
        if outcome.close:
            closed: dict[Any, Any] = {
                "closed": outcome.close,
                "error": outcome.error,
                "at": int(now_ms),
            }
            pipe.hset(keys.channel(delivery.channel), mapping=closed)
            pipe.hincrby(keys.counters, f"channels_closed:{delivery.channel}", 1)

    def closed(self, channel: str, endpoint: str) -> bool:
        """Tell whether the receiver behind a channel said that it wants no more.

        A channel that was given another URL is open again.
        """
        return self.redis.hget(self.keys.channel(channel), "closed") == endpoint
