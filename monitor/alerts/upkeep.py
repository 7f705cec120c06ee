"""Upkeep of the outbox: what failed is queued again, what is old is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from redis.exceptions import WatchError

from monitor.alerts.outbox import State, channel_of
from monitor.keys import Keys

if TYPE_CHECKING:
    from redis import Redis

log = structlog.get_logger()

#: ms for which settled deliveries and the ids of alerts are kept: 90 days
KEPT = 90 * 86_400_000
#: deliveries forgotten in one transaction
_PAGE = 500


def reopen(redis: Redis, keys: Keys, channel: str, now_ms: float) -> int:
    """Open a closed channel and queue its failed deliveries again; return how many.

    Their age starts again, their ids stay, so a receiver that knows an alert can tell.
    """
    redis.delete(keys.channel(channel))
    settled: Any = redis.zrange(keys.deliveries, 0, -1)
    mine = [delivery for delivery in settled if channel_of(delivery) == channel]
    count = sum(_requeue(redis, keys, delivery, now_ms) for delivery in mine)
    if count:
        log.info("channel.reopened", channel=channel, deliveries=count)
    return count


def _requeue(redis: Redis, keys: Keys, delivery: str, now_ms: float) -> bool:
    key = keys.delivery(delivery)
    with redis.pipeline(transaction=True) as pipe:
        try:
            pipe.watch(key)
            if pipe.hget(key, "state") != State.FAILED:
                return False
            pipe.multi()
            pipe.hset(key, mapping={"state": State.PENDING.value, "queued": int(now_ms)})
            pipe.hdel(key, "settled")
            pipe.zrem(keys.deliveries, delivery)
            pipe.zadd(keys.outbox, {delivery: now_ms})
            pipe.execute()
        except WatchError:
            # a peer queued it again or pruned it this very moment
            return False
    return True


def prune(redis: Redis, keys: Keys, now_ms: float, kept: int = KEPT) -> int:
    """Forget settled deliveries and alert ids older than ``kept`` ms; return how many deliveries.

    What is pending stays, whatever its age.
    """
    before, count = now_ms - kept, 0
    while True:
        old: Any = redis.zrangebyscore(keys.deliveries, "-inf", before, 0, _PAGE)
        if not old:
            break
        with redis.pipeline(transaction=True) as pipe:
            pipe.delete(*(keys.delivery(delivery) for delivery in old))
            pipe.zrem(keys.deliveries, *old)
            pipe.execute()
        count += len(old)
    redis.zremrangebyscore(keys.alert_ids, "-inf", before)
    return count
