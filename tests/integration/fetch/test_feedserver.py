"""The local feed server serves an archive as it stood at any moment."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from redis import Redis

from monitor.archive import ArchiveItem
from monitor.demo.feedserver import FeedServer, Format
from monitor.fetch import Poller, Result
from monitor.keys import Keys
from monitor.records import Article
from monitor.settings import Feed
from tests.integration.fetch.conftest import Clock

LINE = (
    '{"feed": "times", "link": "https://times.example/%s", "title": "%s", '
    '"description": "Words & more.", "published": "2024-12-0%dT10:00:00Z"}'
)


def item(name: str, title: str, day: int) -> ArchiveItem:
    """Return an item of one feed."""
    return ArchiveItem.from_json(LINE % (name, title, day))


ARCHIVE = [item("a", "First", 1), item("b", "Second", 5), item("a", "First, corrected", 8)]


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_an_archive_is_polled_as_time_goes_on(
    poller: Poller, redis: Redis, keys: Keys, clock: Clock, form: Format
) -> None:
    """Items appear at their time, nothing in between costs a body, an update is a revision."""
    results = []
    with FeedServer(ARCHIVE, clock, formats={"times": form}) as server:
        feed = Feed(url=server.url("times"))
        for day in (1, 2, 5, 8):
            clock.now = datetime(2024, 12, day, 12, tzinfo=UTC)
            results.append(poller.poll("times", feed).result)

    taken = [Article.from_json(row["article"]) for _, row in redis.xrange(keys.articles)]
    assert results == [Result.OK, Result.UNCHANGED, Result.OK, Result.OK]
    assert [(article.title, article.revision) for article in taken] == [
        ("First", 0),
        ("Second", 0),
        ("First, corrected", 1),
    ]
    assert taken[0].text == "Words & more."
    assert taken[0].published == datetime(2024, 12, 1, 10, tzinfo=UTC)
    assert server.answers == {200: 3, 304: 1}


def test_the_date_alone_is_a_validator_too(clock: Clock) -> None:
    """If-Modified-Since is honoured, unless an ETag says otherwise."""
    with FeedServer(ARCHIVE, clock) as server:
        url = server.url("times")
        changed = {"If-Modified-Since": httpx.get(url).headers["last-modified"]}

        assert httpx.get(url, headers=changed).status_code == 304
        assert httpx.get(url, headers=changed | {"If-None-Match": '"old"'}).status_code == 200
        assert httpx.get(url, headers={"If-Modified-Since": "rubbish"}).status_code == 200


def test_feeds_are_named_and_unknown_ones_are_not_found(clock: Clock) -> None:
    """Any feed name, an URL included, can be asked for."""
    strange = ArchiveItem.from_json((LINE % ("a", "First", 1)).replace('"times"', '"http://x/y"'))
    with FeedServer([*ARCHIVE, strange], clock) as server:
        assert server.feeds == ["http://x/y", "times"]
        assert httpx.get(server.url("http://x/y")).status_code == 200
        assert httpx.get(server.url("herald")).status_code == 404
