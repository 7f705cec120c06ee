"""Statuses that are looked at again without a reading: time has passed, or the config was edited."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from redis import Redis
from redis.client import Pipeline

from monitor.keys import Keys
from monitor.leases import Lease, LostLeaseError
from monitor.records import fingerprint
from monitor.ruling import Change, Desk, in_ms, log_change, of_ms
from monitor.settings import Config
from monitor.streams import AWAY, Consumer

log = structlog.get_logger()


@dataclass(slots=True)
class Reviews:
    """The judge's looks at what already stands; its time goes with the news and never back.

    Only for the judge that holds the lease.
    """

    redis: Redis
    keys: Keys
    consumer: Consumer
    lease: Lease
    #: nothing is due before this (ms); 0: not known
    _idle_until: float = 0
    _adopted: Config | None = None

    def forget(self) -> None:
        """Know nothing any more: another judge may have led meanwhile."""
        self._idle_until, self._adopted = 0, None

    def note(self, change: Change) -> None:
        """Take in when a change that was written is due."""
        if change.due is not None:
            self._idle_until = min(self._idle_until, in_ms(change.due))

    def pass_time(self, desk: Desk, until: datetime) -> None:
        """Look again, each at its own moment, at statuses that are due by then."""
        while in_ms(until) >= self._idle_until:
            first: Any = self.redis.zrange(self.keys.timers, 0, 0, withscores=True)
            self._idle_until = first[0][1] if first else float("inf")
            if self._idle_until > in_ms(until):
                return
            key, due = first[0]
            self._look(key, functools.partial(_rule, desk, of_ms(due)))
            self._idle_until = 0

    def adopt(self, desk: Desk) -> None:
        """Let every status follow from an edited configuration, without telling anybody."""
        config = desk.config
        if config is self._adopted:
            return
        mark = fingerprint(
            config.ontology.model_dump_json(),
            *(f"{name} {source.model_dump_json()}" for name, source in config.sources.items()),
            *(watchlist.model_dump_json(by_alias=True) for watchlist in config.watchlists),
        )
        known: Any = self.redis.hget(self.keys.judging, "config")
        if known is not None and known != mark:
            statuses: Any = self.redis.hkeys(self.keys.statuses)
            for key in sorted(statuses):
                self._look(key, desk.adopt)
            log.info("config.adopted", statuses=len(statuses))
        if known != mark:
            self.redis.hset(self.keys.judging, "config", mark)
        self._adopted = config
        self._idle_until = 0

    def _look(self, key: str, ask: Callable[[Change, datetime], object]) -> None:
        change = Change.of(key)

        def look(pipe: Pipeline) -> None:
            nonlocal change
            self.lease.check(pipe)
            change = Change.of(key)
            ask(change, judged_until(self.redis, self.keys))

        def write(pipe: Pipeline) -> None:
            pipe.zrem(self.keys.timers, key)
            change.write(pipe, self.keys)

        try:
            self.consumer.commit([], write, watch=look, watched=(self.lease.key,))
        except (*AWAY, LostLeaseError):
            raise
        except Exception as error:  # noqa: BLE001 — one strange status must not stop all others
            log.error("review.failed", status=key, error=str(error))
            self.redis.hincrby(self.keys.counters, "reviews_failed", 1)
            self.redis.zrem(self.keys.timers, key)
        else:
            log_change(change)


def _rule(desk: Desk, moment: datetime, change: Change, now: datetime) -> None:
    desk.rule(change, max(moment, now))


def judged_until(redis: Redis | Pipeline, keys: Keys) -> datetime:
    """Return the judge's time: when the last thing that it judged was known."""
    told: Any = redis.hget(keys.judging, "now")
    return of_ms(float(told or 0))
