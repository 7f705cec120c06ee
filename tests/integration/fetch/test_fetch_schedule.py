"""The fetch stage: when feeds are polled, and when not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from redis import Redis
from structlog.testing import capture_logs

from monitor.embedded import EmbeddedRedis
from monitor.fetch import FetchStage, Health
from monitor.fetch.state import milliseconds
from monitor.keys import Keys
from monitor.ontology import Ontology
from monitor.settings import Config, Feed, Fetch, Settings
from tests.conftest import until
from tests.integration.fetch.conftest import OneSource, Site

RSS = b"<rss version='2.0'><channel><item><title>Homs falls</title></item></channel></rss>"


def present() -> datetime:
    """Return the real time, which is what the daemon runs on."""
    return datetime.now(UTC)


class Line:
    """A fetch stage whose config can be changed."""

    def __init__(self, redis: Redis, keys: Keys, root: Path) -> None:
        self.redis, self.keys, self.root = redis, keys, root
        self.config = self.make({})
        self.stage = FetchStage(redis, keys, lambda: self.config, lambda _: OneSource(), present)

    def make(self, feeds: dict[str, Feed], fetch: Fetch | None = None) -> Config:
        """Return a config with these feeds."""
        return Config(
            root=self.root,
            settings=Settings(fetch=fetch or Fetch()),
            feeds=feeds,
            sources={},
            ontology=Ontology.model_construct(),
            watchlists=(),
        )

    def counter(self, name: str) -> int:
        """Return a counter."""
        return int(self.redis.hget(self.keys.counters, name) or 0)

    def job(self, name: str) -> datetime | None:
        """Return when a feed is to be polled."""
        job = self.stage.scheduler.get_job(name)
        return job.trigger.run_date if job else None


class BrokenBook:
    """A source book with a mistake in it."""

    def resolve(self, _feed: Feed, _link: str) -> str:
        """Fail."""
        raise LookupError("no such source")


@pytest.fixture
def line(redis: Redis, keys: Keys, tmp_path: Path) -> Iterator[Line]:
    """A stage without feeds; stopped at the end."""
    line = Line(redis, keys, tmp_path)
    yield line
    assert line.stage.stop(10)


def feed_of(site: Site, path: str = "/feed", seconds: float = 0.1) -> Feed:
    """Return a feed on the site that is polled often."""
    return Feed(url=site.url(path), interval=timedelta(seconds=seconds))


def test_a_feed_is_polled_again_and_again(line: Line, site: Site) -> None:
    """Given a short interval, polls follow each other, and items are taken once."""
    site.serve(RSS)
    line.config = line.make({"times": feed_of(site)})

    line.stage.start()

    until(lambda: line.counter("polls:ok") >= 3)
    assert line.redis.xlen(line.keys.articles) == 1


def test_the_next_date_survives_a_restart(line: Line, site: Site) -> None:
    """Given a feed polled by an earlier process, it is due when that process said."""
    feed = feed_of(site, seconds=900)
    due = present() + timedelta(minutes=10)
    stored = {"url": feed.url, "status": "ok", "next_due": milliseconds(due)}
    line.redis.hset(line.keys.feed("times"), mapping=stored | {"last_poll": milliseconds(due)})
    line.config = line.make({"times": feed})

    line.stage.tick()

    armed = line.job("times")
    assert armed is not None
    assert abs(armed - due) < timedelta(seconds=5)


def test_overdue_feeds_are_spread(line: Line, site: Site) -> None:
    """Feeds that are due at once do not all start in the same moment."""
    line.config = line.make({f"feed-{n}": feed_of(site, seconds=900) for n in range(20)})

    line.stage.tick()

    dates = {line.job(f"feed-{n}") for n in range(20)}
    assert len(dates) > 15


def test_feeds_come_and_go_with_the_config(line: Line, site: Site) -> None:
    """Added, removed, disabled and changed feeds are taken up at the next tick."""
    slow = feed_of(site, seconds=900)
    line.config = line.make({"a": slow, "b": slow, "c": slow})
    line.stage.tick()
    off = slow.model_copy(update={"enabled": False})
    line.config = line.make({"a": slow, "b": off, "d": slow})

    with capture_logs() as logs:
        line.stage.tick()

    assert [line.job(name) is not None for name in "abcd"] == [True, False, False, True]
    (told,) = [entry for entry in logs if entry["event"] == "fetch.reconfigured"]
    assert (told["added"], told["removed"]) == (["d"], ["b", "c"])


def test_a_feed_that_is_gone_is_asked_once(line: Line, site: Site) -> None:
    """After 410 there is no next date, until the URL changes."""
    site.serve(status=410)
    site.serve(RSS, path="/new")
    line.config = line.make({"times": feed_of(site)})
    line.stage.start()
    until(lambda: line.counter("polls:gone") == 1)
    until(lambda: not line.stage._running)
    line.stage.tick()
    assert line.job("times") is None

    line.config = line.make({"times": feed_of(site, "/new")})
    line.stage.tick()

    until(lambda: line.counter("polls:ok") >= 1)
    assert line.redis.hget(line.keys.feed("times"), "status") == Health.OK


def test_fetching_pauses_while_too_much_waits(line: Line, site: Site) -> None:
    """Above the limit nothing is polled; when the readers caught up it goes on."""
    site.serve(RSS)
    for _ in range(11):
        line.redis.xadd(line.keys.articles, {"article": "waits"})
    line.config = line.make({"times": feed_of(site)}, Fetch(pause_above=10))

    with capture_logs() as logs:
        line.stage.start()
        until(lambda: line.redis.hget(line.keys.fetching, "paused") == "1")
        line.stage.tick()
        assert site.requests == []
        line.redis.delete(line.keys.articles)
        line.stage.tick()
        until(lambda: line.counter("polls:ok") >= 1)

    assert line.redis.hget(line.keys.fetching, "paused") == "0"
    assert line.counter("fetch_pauses") == 1
    events = [entry["event"] for entry in logs]
    assert events.index("fetch.paused") < events.index("fetch.resumed")


def test_another_host_may_be_faster(line: Line, site: Site) -> None:
    """A feed that another host has polled meanwhile is left until its new date."""
    feed = feed_of(site, seconds=900)
    line.config = line.make({"times": feed})
    line.stage.scheduler.start(paused=True)
    line.stage.tick()
    due = milliseconds(present() + timedelta(minutes=15))
    line.redis.hset(
        line.keys.feed("times"),
        mapping={"url": feed.url, "status": "ok", "next_due": due, "last_poll": due},
    )

    line.stage._run("times", present())

    assert site.requests == []
    armed = line.job("times")
    assert armed is not None
    assert armed > present() + timedelta(minutes=14)


def test_a_slipped_schedule_is_told_and_counted(line: Line, site: Site) -> None:
    """A poll that starts minutes late is done, and seen."""
    site.serve(RSS)
    line.config = line.make({"times": feed_of(site, seconds=60)})
    line.stage.tick()

    with capture_logs() as logs:
        line.stage._run("times", present() - timedelta(minutes=5))

    assert line.counter("polls_slipped") == 1
    assert line.counter("polls:ok") == 1
    assert "fetch.slipped" in [entry["event"] for entry in logs]


def test_a_stop_waits_for_the_poll_in_hand(line: Line, site: Site) -> None:
    """A stop that cannot wait says so; one that can leaves nothing half done."""
    asked, go_on = threading.Event(), threading.Event()

    def slow(request: BaseHTTPRequestHandler) -> None:
        asked.set()
        go_on.wait(10)
        request.send_response(200)
        request.end_headers()
        request.wfile.write(RSS)

    site.pages["/feed"] = slow
    line.config = line.make({"times": feed_of(site)})
    line.stage.start()
    assert asked.wait(10)

    assert not line.stage.stop(0.01)
    go_on.set()
    assert line.stage.stop(10)
    assert line.redis.xlen(line.keys.articles) == 1


def test_one_broken_feed_does_not_end_the_turns_of_others(line: Line, site: Site) -> None:
    """A mistake of ours is logged, and the feed gets another date."""
    site.serve(RSS)
    line.config = line.make({"times": feed_of(site)})
    line.stage.scheduler.start(paused=True)
    line.stage.tick()
    line.stage.poller.book = BrokenBook()

    with capture_logs() as logs:
        line.stage._run("times", present())

    armed = line.job("times")
    assert "feed.broken" in [entry["event"] for entry in logs]
    assert armed is not None
    assert armed > present() + timedelta(seconds=20)


def test_redis_away_is_told_once_and_survived(
    own_server: EmbeddedRedis, keys: Keys, site: Site, tmp_path: Path
) -> None:
    """While Redis is away nothing is lost; when it is back the polls go on."""
    site.serve(RSS)
    with own_server.client() as redis:
        line = Line(redis, keys, tmp_path)
        line.config = line.make({"times": feed_of(site)})
        line.stage.start()
        until(lambda: line.counter("polls:ok") >= 1)
        with capture_logs() as logs:
            with own_server.client() as killer:
                killer.shutdown(nosave=True)
            until(lambda: [entry for entry in logs if entry["event"] == "redis.away"])
            line.stage.tick()
            line.stage.tick()
            own_server.ensure()
            before = line.counter("polls:ok")
            until(lambda: line.counter("polls:ok") > before)

        assert [entry["event"] for entry in logs].count("redis.away") == 1
        assert redis.xlen(keys.articles) == 1
        assert line.stage.stop(10)
