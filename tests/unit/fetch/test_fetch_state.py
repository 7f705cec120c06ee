"""When a feed is next due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.fetch.state import FeedState, Health, backoff, instant, milliseconds
from monitor.settings import Feed, Fetch

HOUR = timedelta(hours=1)
FEED = Feed(url="https://times.example/rss")


@pytest.mark.parametrize(("failures", "expected"), [(1, 1), (2, 2), (3, 4), (4, 6), (99, 6)])
def test_the_pause_doubles_up_to_the_longest(failures: int, expected: int) -> None:
    """With an hour between polls and six at most: 1, 2, 4, 6, 6 ... hours."""
    assert backoff(HOUR, failures, 6 * HOUR, chance=0.5) == expected * HOUR


def test_the_jitter_spreads_by_a_tenth() -> None:
    """Chance makes the pause a tenth shorter or longer."""
    assert backoff(HOUR, 1, 6 * HOUR, chance=0.0) == timedelta(minutes=54)
    assert backoff(HOUR, 1, 6 * HOUR, chance=1.0) == timedelta(minutes=66)


def test_a_long_interval_is_never_made_shorter_by_a_failure() -> None:
    """A daily feed that fails is asked again after a day."""
    assert backoff(24 * HOUR, 3, 6 * HOUR, chance=0.5) == 24 * HOUR


def test_a_shorter_interval_counts_from_the_last_poll() -> None:
    """A feed stored as due in an hour is due in a minute once its interval says so."""
    state = FeedState(FEED.url, Health.OK, last_poll=1000, next_due=3_601_000)
    minutely = FEED.model_copy(update={"interval": timedelta(minutes=1)})

    assert state.due(minutely, Fetch()) == instant(61_000)


def test_a_feed_that_is_gone_is_never_due() -> None:
    """Until its URL changes."""
    stored = {"url": FEED.url, "status": "gone", "polls": "7", "etag": '"x"'}
    gone = FeedState.read(stored, FEED.url)
    moved = FeedState.read(stored, "https://times.example/new")

    assert gone.due(FEED, Fetch()) is None
    assert moved.due(FEED, Fetch()) == instant(0)
    assert (moved.polls, moved.etag) == (7, "")


def test_moments_survive_as_milliseconds() -> None:
    """What is written is read back."""
    assert milliseconds(instant(1_733_650_000_123)) == 1_733_650_000_123
