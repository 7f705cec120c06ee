"""What is kept of one feed between polls, and when it is next due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from redis import Redis

from monitor.fetch.ask import Validators
from monitor.keys import Keys
from monitor.settings import Feed, Fetch

#: random share by which a backoff is made longer or shorter, so that feeds of one host spread
JITTER = 0.1


class Health(StrEnum):
    """How a feed is; ``gone`` feeds are not asked again until their URL changes."""

    NEW = "new"
    OK = "ok"
    FAILING = "failing"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class FeedState:
    """The hash ``keys.feed(feed)``. Moments are milliseconds since 1970; 0 or "" is never."""

    url: str = ""
    status: Health = Health.NEW
    #: polls committed, whatever their outcome; it fences two fetchers that poll at once
    polls: int = 0
    #: failed polls since the last good one
    failures: int = 0
    etag: str = ""
    last_modified: str = ""
    next_due: int = 0
    last_poll: int = 0
    last_ok: int = 0
    last_error: int = 0
    #: what is wrong, as one line; empty when all is well
    error: str = ""

    @classmethod
    def read(cls, stored: Mapping[str, str], url: str) -> Self:
        """Read the stored hash; under another URL the feed starts anew, but is not forgotten."""
        state = cls(
            url=stored.get("url", url),
            status=Health(stored.get("status", Health.NEW)),
            etag=stored.get("etag", ""),
            last_modified=stored.get("last_modified", ""),
            error=stored.get("error", ""),
            polls=int(stored.get("polls", 0)),
            failures=int(stored.get("failures", 0)),
            next_due=int(stored.get("next_due") or 0),
            last_poll=int(stored.get("last_poll", 0)),
            last_ok=int(stored.get("last_ok", 0)),
            last_error=int(stored.get("last_error", 0)),
        )
        return state if state.url == url else cls(url=url, polls=state.polls)

    @property
    def validators(self) -> Validators:
        """What makes the next request conditional."""
        return Validators(self.etag, self.last_modified)

    def due(self, feed: Feed, settings: Fetch) -> datetime | None:
        """Return when to poll next, the far past for at once, None for never.

        An interval that was made shorter counts from the last poll; a backoff stays.
        """
        if self.status is Health.GONE:
            return None
        due = self.next_due
        if self.status is Health.OK:
            due = min(due, self.last_poll + interval(feed, settings) // timedelta(milliseconds=1))
        return instant(due)


def read_state(redis: Redis, keys: Keys, feed: str, url: str) -> FeedState:
    """Return what Redis keeps of a feed that now has this URL."""
    return FeedState.read(read_hash(redis, keys.feed(feed)), url)


def read_hash(redis: Redis, key: str) -> dict[str, str]:
    """Return a hash, empty where there is none; the client decodes."""
    stored: dict[Any, Any] = redis.hgetall(key)
    return stored


def interval(feed: Feed, settings: Fetch) -> timedelta:
    """Return how often the feed is polled when all is well."""
    return feed.interval if feed.interval is not None else settings.interval


def backoff(base: timedelta, failures: int, longest: timedelta, chance: float) -> timedelta:
    """Return the pause after so many failures: the interval doubled each time, with jitter.

    Args:
        base: the feed's interval.
        failures: in a row, from 1.
        longest: cap; an interval that is longer anyway is kept.
        chance: uniform in [0, 1].
    """
    # 2 ** 20 intervals are beyond any cap, and more would overflow
    doubled = base * (1 << min(failures - 1, 20))
    pause = min(doubled, max(longest, base))
    return pause * (1 + JITTER * (2 * chance - 1))


def milliseconds(moment: datetime) -> int:
    """Return milliseconds since 1970."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def instant(milliseconds_: int) -> datetime:
    """Return the moment so many milliseconds after 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds_)
