"""When to poll: every feed at its interval, as far as the readers keep up.

APScheduler holds one dated job for each feed. The dates come from ``next_due`` in Redis, so a
restart polls only what is due, and several hosts share the work: whoever comes first takes the
feed's lease, commits, and moves ``next_due`` for all.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import structlog
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, JobSubmissionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import (
    BackgroundScheduler,
)
from redis import Redis

from monitor.fetch.ask import new_client
from monitor.fetch.poll import Poller, Result, SourceBook
from monitor.fetch.state import interval, milliseconds, read_state
from monitor.keys import Keys
from monitor.records import fingerprint
from monitor.settings import Config, Feed, Fetch
from monitor.streams import AWAY

log = structlog.get_logger()

#: how often config and queue depth are looked at, and lost jobs are put back
TICK = timedelta(seconds=2)

#: feeds that are due at once are spread over at most this time, or a tenth of their interval
SPREAD = timedelta(seconds=10)

#: a poll that starts later than this after it was due, or a tenth of its interval, has slipped
SLIP = timedelta(seconds=30)

#: pause before a feed in another fetcher's hands, or hit by our own mistake, is looked at again
LOOK_AGAIN = timedelta(seconds=30)

#: least time between two polls of one feed, whatever its interval
LEAST = timedelta(seconds=0.1)

#: share of ``pause_above`` to which the queue must fall before fetching goes on
RESUME_AT = 0.8

_TICK_JOB = " tick"


class FetchStage:
    """The fetch stage of one process.

    Args:
        redis: a client with ``decode_responses``; used from several threads.
        keys: names in Redis.
        config_source: gives the config in force; asked at every tick.
        book: makes the source book of a config.
        clock: the present, aware.
        client: for the requests; left out, the stage makes and closes its own.
    """

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        config_source: Callable[[], Config],
        book: Callable[[Config], SourceBook],
        clock: Callable[[], datetime],
        client: httpx.Client | None = None,
    ) -> None:
        self.redis = redis
        self.keys = keys
        self.config_source = config_source
        self.book = book
        self.clock = clock
        self.config = config_source()
        self._owns_client = client is None
        self.client = client or new_client(self.config.settings.fetch.concurrency)
        self.poller = self._new_poller()
        self.paused = False
        self._away = False
        self._stopping = False
        self._armed: set[str] = set()
        self._running: set[str] = set()
        self._idle = threading.Condition()
        self._ticking = threading.Lock()
        self.scheduler = BackgroundScheduler(
            executors={
                "default": ThreadPoolExecutor(self.settings.concurrency),
                # ticks have their own thread, or slow feeds would hold up the config
                "tick": ThreadPoolExecutor(1),
            },
            # however late, a poll is done, once, and never twice at a time
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )
        self.scheduler.add_listener(self._refused, EVENT_JOB_MAX_INSTANCES)

    @property
    def settings(self) -> Fetch:
        """The section ``fetch`` of the config in force."""
        return self.config.settings.fetch

    def start(self) -> None:
        """Begin to poll, in threads of its own."""
        self.scheduler.add_job(
            self.tick,
            "interval",
            seconds=TICK.total_seconds(),
            id=_TICK_JOB,
            executor="tick",
            next_run_time=datetime.now(UTC),
        )
        self.scheduler.start()
        log.info("fetch.started", feeds=len(self.feeds()), concurrency=self.settings.concurrency)

    def stop(self, timeout: float) -> bool:
        """Start no more polls and wait for those in hand, at most ``timeout`` seconds.

        Returns:
            Whether all ended. One that did not writes all or nothing, so it may be killed.
        """
        self._stopping = True
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)
        deadline = time.monotonic() + timeout
        # a tick in progress uses Redis, which the caller may close after the stop
        if self._ticking.acquire(timeout=timeout):
            self._ticking.release()
        with self._idle:
            finished = self._idle.wait_for(
                lambda: not self._running, max(0.0, deadline - time.monotonic())
            )
            left = sorted(self._running)
        if finished and self._owns_client:
            self.client.close()
        log.info("fetch.stopped", unfinished=left)
        return finished

    def feeds(self) -> dict[str, Feed]:
        """Return the feeds of the config in force that are enabled."""
        return {name: feed for name, feed in self.config.feeds.items() if feed.enabled}

    def tick(self) -> None:
        """Take up a changed config, pause or resume, and give every feed its next date."""
        with self._ticking:
            if self._stopping:
                return
            changed = self._reload()
            try:
                if self._may_poll():
                    self._arm_all(again=changed)
            except AWAY as error:
                self._went_away(error)
            else:
                self._came_back()

    def _new_poller(self) -> Poller:
        return Poller(
            self.redis, self.keys, self.settings, self.book(self.config), self.clock, self.client
        )

    def _reload(self) -> bool:
        config = self.config_source()
        if config is self.config:
            return False
        before, self.config = self.feeds(), config
        self.poller = self._new_poller()
        after = self.feeds()
        for name in before.keys() - after.keys():
            self._disarm(name)
        log.info(
            "fetch.reconfigured",
            added=sorted(after.keys() - before.keys()),
            removed=sorted(before.keys() - after.keys()),
            changed=sorted(name for name in before.keys() & after if before[name] != after[name]),
        )
        return True

    def _may_poll(self) -> bool:
        """Compare the queue with its limit, and tell everyone when that changes something."""
        waiting = self.redis.xlen(self.keys.articles)
        limit = self.settings.pause_above
        paused = waiting > (limit * RESUME_AT if self.paused else limit)
        if paused != self.paused:
            self.paused = paused
            with self.redis.pipeline(transaction=True) as pipe:
                since = milliseconds(self.clock())
                state: dict[Any, Any] = {
                    "paused": int(paused),
                    "since": since,
                    "waiting": waiting,
                }
                pipe.hset(self.keys.fetching, mapping=state)
                if paused:
                    pipe.hincrby(self.keys.counters, "fetch_pauses", 1)
                pipe.execute()
            log.warning("fetch.paused" if paused else "fetch.resumed", waiting=waiting, limit=limit)
        return not paused

    def _arm_all(self, *, again: bool) -> None:
        for name in self.feeds():
            with self._idle:
                skip = name in self._running or (name in self._armed and not again)
            if not skip:
                self._arm(name)

    def _arm(self, name: str, least: timedelta = LEAST) -> None:
        """Give a feed the date of its next poll, as it stands in Redis."""
        feed = self.feeds().get(name)
        due = self._due(name, feed) if feed else None
        if feed is None or due is None:
            self._disarm(name)
            return
        now = self.clock()
        wait = due - now if due > now else self._spread(name, feed)
        with self._idle:
            self._armed.add(name)
        self.scheduler.add_job(
            self._run,
            "date",
            run_date=datetime.now(UTC) + max(wait, least),
            args=(name, max(due, now)),
            id=name,
            replace_existing=True,
        )

    def _due(self, name: str, feed: Feed) -> datetime | None:
        return read_state(self.redis, self.keys, name, feed.url).due(feed, self.settings)

    def _disarm(self, name: str) -> None:
        with self._idle:
            self._armed.discard(name)
        with contextlib.suppress(JobLookupError):  # it is running, or never had a date
            self.scheduler.remove_job(name)

    def _refused(self, event: JobSubmissionEvent) -> None:
        """Note that the last poll still runs, so that a tick gives the feed a new date."""
        with self._idle:
            self._armed.discard(event.job_id)

    def _spread(self, name: str, feed: Feed) -> timedelta:
        share = int(fingerprint("spread", name)[:4], 16) / 0xFFFF
        return min(SPREAD, interval(feed, self.settings) / 10) * share

    def _run(self, name: str, due: datetime) -> None:
        """Poll one feed in a thread of the pool, and give it its next date."""
        if not self._begin(name):
            return
        least: timedelta | None = LEAST
        try:
            least = self._turn(name, due)
        except AWAY as error:
            # without a date, the next tick that reaches Redis gives it one
            self._went_away(error)
            least = None
        except Exception as error:
            # a mistake of ours on one feed must not end the turns of the others
            log.exception("feed.broken", feed=name, error=str(error))
            least = LOOK_AGAIN
        try:
            if least is not None and not self._stopping:
                self._arm_again(name, least)
        finally:
            # only now: whoever waits for the end may close Redis
            self._end(name)

    def _turn(self, name: str, due: datetime) -> timedelta | None:
        """Poll one feed if it is its turn.

        Returns:
            The least pause before its next turn; None while fetching pauses.
        """
        feed = self.feeds().get(name)
        if feed is None or not self._may_poll():
            return None
        by_now = self._due(name, feed)
        if by_now is None or by_now > self.clock():
            return LEAST  # another host was faster
        self._note_slip(name, feed, due)
        outcome = self.poller.poll(name, feed)
        self._came_back()
        return LOOK_AGAIN if outcome.result is Result.BUSY else LEAST

    def _arm_again(self, name: str, least: timedelta) -> None:
        try:
            self._arm(name, least)
        except AWAY as error:
            self._went_away(error)

    def _begin(self, name: str) -> bool:
        with self._idle:
            self._armed.discard(name)
            if self._stopping or name in self._running:
                return False
            self._running.add(name)
            return True

    def _end(self, name: str) -> None:
        with self._idle:
            self._running.discard(name)
            self._idle.notify_all()

    def _note_slip(self, name: str, feed: Feed, due: datetime) -> None:
        late = self.clock() - due
        if late > max(SLIP, interval(feed, self.settings) / 10):
            log.warning("fetch.slipped", feed=name, late=round(late.total_seconds(), 1))
            self.redis.hincrby(self.keys.counters, "polls_slipped", 1)

    def _went_away(self, error: Exception) -> None:
        if not self._away:
            self._away = True
            log.warning("redis.away", error=str(error), hint="fetching goes on when it is back")

    def _came_back(self) -> None:
        if self._away:
            self._away = False
            log.info("redis.back")
