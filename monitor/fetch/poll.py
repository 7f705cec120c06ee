"""One poll: ask, parse, decide, and the one commit.

The articles, what was seen, the feed's validators and its health go into a single
``MULTI/EXEC``. Whatever happens before it, the poll is simply done again; after it, it is done.
"""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

import httpx
import structlog
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import WatchError

from monitor.fetch.ask import Answer, AskError, Validators, ask, shown
from monitor.fetch.news import Decision, Rules, decide
from monitor.fetch.parse import Document, NotAFeedError, parse
from monitor.fetch.state import (
    FeedState,
    Health,
    backoff,
    interval,
    milliseconds,
    read_hash,
    read_state,
)
from monitor.keys import Keys
from monitor.leases import Lease, LostLeaseError
from monitor.settings import Feed, Fetch
from monitor.streams import AWAY

log = structlog.get_logger()

#: what a poll without a document decides
NOTHING = Decision()

#: seconds that a lease outlives the longest request: parsing and the commit happen in them
LEASE_MARGIN = 60.0


class SourceBook(Protocol):
    """Tells which source an article is from."""

    def resolve(self, feed: Feed, link: str, /) -> str:
        """Return the source id for an item of the feed with that link."""


class Result(StrEnum):
    """How a poll ended; ``busy`` means that another fetcher has the feed in hand."""

    OK = "ok"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    GONE = "gone"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one poll did. ``status`` is the HTTP status, 0 where there was none."""

    feed: str
    result: Result
    status: int = 0
    items: int = 0
    new: int = 0
    revised: int = 0
    error: str = ""
    #: None: never again under this URL, or another fetcher decides
    next_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Commit:
    """What one poll writes, besides what every poll writes."""

    outcome: Outcome
    fields: Mapping[str, str | int]
    counts: Mapping[str, int]
    decision: Decision = NOTHING


class Poller:
    """Polls feeds, one call a poll; safe to call from several threads and hosts at once.

    Args:
        redis: a client with ``decode_responses``.
        keys: names in Redis.
        settings: the section ``fetch`` of ``monitor.yaml``.
        book: tells the source of an item.
        clock: the present, aware; stamped on articles as ``seen``.
        client: for the requests; see ``ask.new_client``.
        chance: uniform in [0, 1), for the jitter of the backoff.
    """

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        settings: Fetch,
        book: SourceBook,
        clock: Callable[[], datetime],
        client: httpx.Client,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.redis = redis
        self.keys = keys
        self.settings = settings
        self.book = book
        self.clock = clock
        self.client = client
        self.chance = chance
        #: one name for all polls of this poller: it may take back what a lost connection left held
        self._holder = uuid.uuid4().hex
        self._in_hand: set[str] = set()
        self._lock = threading.Lock()

    def poll(self, feed_id: str, feed: Feed) -> Outcome:
        """Poll one feed and commit what is new.

        A feed that fails in any way is an ``Outcome`` with its error, not an exception.

        Raises:
            redis.exceptions.ConnectionError: Redis is away; whether the commit was done is
                decided by Redis alone, and the next poll goes on from there.
        """
        with self._lock:
            if feed_id in self._in_hand:
                return Outcome(feed_id, Result.BUSY)
            self._in_hand.add(feed_id)
        try:
            return self._poll(feed_id, feed)
        finally:
            with self._lock:
                self._in_hand.discard(feed_id)

    def _poll(self, feed_id: str, feed: Feed) -> Outcome:
        seconds = self.settings.timeout.total_seconds() + LEASE_MARGIN
        lease = Lease(self.redis, self.keys.lease(f"feed:{feed_id}"), self._holder, seconds)
        if not lease.take():
            return Outcome(feed_id, Result.BUSY)
        try:
            state = read_state(self.redis, self.keys, feed_id, feed.url)
            commit = self._ask(feed_id, feed, state)
            if not self._write(feed_id, state, lease, commit):
                return Outcome(feed_id, Result.BUSY)
        except LostLeaseError:
            log.info("feed.lease-lost", feed=feed_id)
            return Outcome(feed_id, Result.BUSY)
        finally:
            self._give_back(lease)
        _tell(commit.outcome, feed.url)
        return commit.outcome

    def _ask(self, feed_id: str, feed: Feed, state: FeedState) -> _Commit:
        try:
            answer = ask(self.client, feed.url, state.validators, self.settings, self.clock())
        except AskError as error:
            if error.kind == "gone":
                return self._gone(feed_id, feed, error)
            return self._failed(feed_id, feed, state, error, error.kind)
        if answer.moved_to:
            log.warning(
                "feed.moved",
                feed=feed_id,
                url=shown(feed.url),
                to=shown(answer.moved_to),
                hint="the move is permanent: change the url in feeds.yaml",
            )
        if answer.unchanged:
            return self._unchanged(feed_id, feed, answer, state)
        try:
            document = parse(answer.body, answer.url, answer.content_type)
        except NotAFeedError as error:
            return self._failed(feed_id, feed, state, error, "not-a-feed", answer.status)
        return self._taken(feed_id, feed, answer, document)

    def _taken(self, feed_id: str, feed: Feed, answer: Answer, document: Document) -> _Commit:
        now = self.clock()
        rules = Rules(
            feed=feed_id,
            source=lambda link: self.book.resolve(feed, link),
            now=now,
            max_age=self.settings.max_age,
            max_items=self.settings.max_items,
            language=feed.language,
        )
        known = read_hash(self.redis, self.keys.seen(feed_id))
        decision = decide(document, known, rules)
        # with items left over, the next answer must not be "nothing changed"
        validators = Validators() if decision.left else answer.validators
        outcome = Outcome(
            feed_id,
            Result.OK,
            answer.status,
            len(document.items),
            decision.new,
            decision.revised,
            next_due=now + interval(feed, self.settings),
        )
        fields = {
            **_good(now, answer),
            "etag": validators.etag,
            "last_modified": validators.last_modified,
            "items": outcome.items,
            "items_new": outcome.new,
            "items_revised": outcome.revised,
            "items_left": decision.left,
            "title": document.title,
            "warning": document.warning or "",
        }
        return _Commit(outcome, fields, decision.counts, decision)

    def _unchanged(self, feed_id: str, feed: Feed, answer: Answer, state: FeedState) -> _Commit:
        now = self.clock()
        due = now + interval(feed, self.settings)
        # a 304 may bring fresher validators, but need not repeat them
        fields = {
            **_good(now, answer),
            "etag": answer.validators.etag or state.etag,
            "last_modified": answer.validators.last_modified or state.last_modified,
        }
        outcome = Outcome(feed_id, Result.UNCHANGED, answer.status, next_due=due)
        return _Commit(outcome, fields, {})

    def _failed(
        self,
        feed_id: str,
        feed: Feed,
        state: FeedState,
        error: Exception,
        kind: str,
        status: int = 0,
    ) -> _Commit:
        now = self.clock()
        failures = state.failures + 1
        pause = backoff(
            interval(feed, self.settings), failures, self.settings.backoff_max, self.chance()
        )
        if isinstance(error, AskError):
            status = error.status
            pause = max(pause, error.retry_after or timedelta(0))
        due = now + pause
        line = f"{shown(feed.url)} {error}; tried again at {due:%Y-%m-%d %H:%M:%S} UTC"
        fields: dict[str, str | int] = {
            "status": Health.FAILING,
            "failures": failures,
            "http": status,
            "last_error": milliseconds(now),
            "error": line,
        }
        outcome = Outcome(feed_id, Result.FAILED, status, error=line, next_due=due)
        return _Commit(outcome, fields, {f"polls_failed:{kind}": 1})

    def _gone(self, feed_id: str, feed: Feed, error: AskError) -> _Commit:
        line = f"{shown(feed.url)} {error}; not asked again until its url in feeds.yaml changes"
        fields: dict[str, str | int] = {
            "status": Health.GONE,
            "http": error.status,
            "last_error": milliseconds(self.clock()),
            "error": line,
        }
        outcome = Outcome(feed_id, Result.GONE, error.status, error=line)
        return _Commit(outcome, fields, {})

    def _write(self, feed_id: str, state: FeedState, lease: Lease, commit: _Commit) -> bool:
        """Do the one commit; False when another fetcher committed this feed meanwhile."""
        key = self.keys.feed(feed_id)
        with self.redis.pipeline(transaction=True) as pipe:
            try:
                pipe.watch(key, lease.key)
                lease.check(pipe)
                if int(_immediate(pipe, key) or 0) != state.polls:
                    return False
                pipe.multi()
                self._queue(pipe, feed_id, state, commit)
                pipe.execute()
            except WatchError:
                return False
        return True

    def _queue(self, pipe: Pipeline, feed_id: str, state: FeedState, commit: _Commit) -> None:
        decision, outcome = commit.decision, commit.outcome
        for article in decision.articles:
            pipe.xadd(self.keys.articles, {"article": article.to_json()})
        if decision.seen:
            seen: dict[Any, Any] = dict(decision.seen)
            pipe.hset(self.keys.seen(feed_id), mapping=seen)
        if decision.forget:
            pipe.hdel(self.keys.seen(feed_id), *decision.forget)
        due = "" if outcome.next_due is None else milliseconds(outcome.next_due)
        fields: dict[Any, Any] = {
            # under a new URL these are empty, and must not stay from the old one
            "etag": state.etag,
            "last_modified": state.last_modified,
            "failures": state.failures,
            **commit.fields,
            "url": state.url,
            "polls": state.polls + 1,
            "last_poll": milliseconds(self.clock()),
            "next_due": due,
        }
        pipe.hset(self.keys.feed(feed_id), mapping=fields)
        if "last_ok" in commit.fields:
            pipe.hset(self.keys.fetching, "polled", fields["last_poll"])
        counts = {
            f"polls:{outcome.result}": 1,
            "items_new": outcome.new,
            "items_revised": outcome.revised,
            **commit.counts,
        }
        for name, count in counts.items():
            if count:
                pipe.hincrby(self.keys.counters, name, count)

    def _give_back(self, lease: Lease) -> None:
        try:
            lease.give_back()
        except AWAY:
            log.info("feed.lease-kept", lease=lease.key, seconds=lease.seconds)


def _immediate(pipe: Pipeline, key: str) -> str | None:
    """Read under WATCH, where a pipeline answers at once."""
    value: Any = pipe.hget(key, "polls")
    return value if isinstance(value, str) else None


def _good(now: datetime, answer: Answer) -> dict[str, str | int]:
    return {
        "status": Health.OK,
        "failures": 0,
        "error": "",
        "http": answer.status,
        "last_ok": milliseconds(now),
        "moved_to": answer.moved_to or "",
    }


def _tell(outcome: Outcome, url: str) -> None:
    if outcome.result is Result.FAILED:
        log.warning("feed.failed", feed=outcome.feed, status=outcome.status, error=outcome.error)
    elif outcome.result is Result.GONE:
        log.error("feed.gone", feed=outcome.feed, error=outcome.error)
    else:
        log.info(
            "feed.polled",
            feed=outcome.feed,
            url=shown(url),
            status=outcome.status,
            items=outcome.items,
            new=outcome.new,
            revised=outcome.revised,
        )
