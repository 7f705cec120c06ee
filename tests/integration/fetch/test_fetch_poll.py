"""One poll over real HTTP into a real Redis."""

from __future__ import annotations

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from monitor.embedded import EmbeddedRedis
from monitor.fetch import Poller, Result
from monitor.fetch.state import milliseconds
from monitor.keys import Keys
from monitor.records import Article
from monitor.settings import Feed, Fetch
from tests.integration.fetch.conftest import Clock, OneSource, Site

ITEM = "<item><title>{title}</title><guid>{guid}</guid><description>{text}</description></item>"


def rss(*items: tuple[str, str, str]) -> bytes:
    """Return an RSS document of (guid, title, text) items, newest first."""
    body = "".join(ITEM.format(guid=guid, title=title, text=text) for guid, title, text in items)
    return f"<rss version='2.0'><channel><title>T</title>{body}</channel></rss>".encode()


HOMS = ("g1", "Homs falls", "Rebels took Homs.")
HAMA = ("g2", "Hama falls", "Rebels took Hama.")


def articles(redis: Redis, keys: Keys) -> list[Article]:
    """Return what waits to be read, in order."""
    return [Article.from_json(row["article"]) for _, row in redis.xrange(keys.articles)]


def test_new_items_become_articles_oldest_first(
    poller: Poller, redis: Redis, keys: Keys, site: Site, clock: Clock
) -> None:
    """Given a feed with two items, both wait to be read, and the feed is well."""
    site.serve(rss(HAMA, HOMS), ETag='"1"')

    outcome = poller.poll("times", Feed(url=site.url()))

    assert (outcome.result, outcome.items, outcome.new) == (Result.OK, 2, 2)
    assert [article.title for article in articles(redis, keys)] == ["Homs falls", "Hama falls"]
    state = redis.hgetall(keys.feed("times"))
    assert (state["status"], state["etag"], state["failures"]) == ("ok", '"1"', "0")
    assert int(state["next_due"]) == milliseconds(clock.now + timedelta(minutes=15))
    assert redis.hget(keys.counters, "items_new") == "2"
    assert redis.exists(keys.lease("feed:times")) == 0


def test_an_unchanged_feed_is_told_by_its_validators(
    poller: Poller, redis: Redis, keys: Keys, site: Site
) -> None:
    """The second request carries the ETag and the date; a 304 brings nothing and costs nothing."""
    feed = Feed(url=site.url())
    site.serve(rss(HOMS), ETag='"1"', Last_Modified="Sun, 08 Dec 2024 10:00:00 GMT")
    poller.poll("times", feed)
    site.serve(status=304)

    outcome = poller.poll("times", feed)
    poller.poll("times", feed)

    assert (outcome.result, outcome.status) == (Result.UNCHANGED, 304)
    assert site.requests[-1]["if-none-match"] == '"1"'
    assert site.requests[-1]["if-modified-since"] == "Sun, 08 Dec 2024 10:00:00 GMT"
    assert len(articles(redis, keys)) == 1


def test_a_changed_item_is_a_revision(poller: Poller, redis: Redis, keys: Keys, site: Site) -> None:
    """Given a corrected item, the same article comes again with the next revision."""
    feed = Feed(url=site.url())
    site.serve(rss(HOMS))
    poller.poll("times", feed)
    site.serve(rss(("g1", "Homs falls", "Rebels have <![CDATA[<b>not</b>]]> taken Homs.")))

    outcome = poller.poll("times", feed)

    first, second = articles(redis, keys)
    assert (outcome.new, outcome.revised) == (0, 1)
    assert (first.id, first.revision, second.revision) == (second.id, 0, 1)
    assert second.text == "Rebels have not taken Homs."


def test_a_restart_finds_nothing_new(
    poller: Poller, redis: Redis, keys: Keys, site: Site, clock: Clock, client: httpx.Client
) -> None:
    """Another process, later, takes nothing twice."""
    feed = Feed(url=site.url())
    site.serve(rss(HOMS))
    poller.poll("times", feed)
    clock.advance(hours=1)
    reborn = Poller(redis, keys, Fetch(), OneSource(), clock, client)

    assert reborn.poll("times", feed).new == 0
    assert len(articles(redis, keys)) == 1


def test_items_over_the_limit_come_with_the_next_poll(
    redis: Redis, keys: Keys, site: Site, clock: Clock, client: httpx.Client
) -> None:
    """With items left, the validators are not kept, or a 304 would hide them for good."""
    feed = Feed(url=site.url())
    poller = Poller(redis, keys, Fetch(max_items=1), OneSource(), clock, client)
    site.serve(rss(HAMA, HOMS), ETag='"1"')

    first, second = poller.poll("times", feed), poller.poll("times", feed)

    assert (first.new, second.new) == (1, 1)
    assert "if-none-match" not in site.requests[1]
    assert [article.title for article in articles(redis, keys)] == ["Homs falls", "Hama falls"]


def test_failures_are_counted_and_back_off(
    poller: Poller, redis: Redis, keys: Keys, site: Site, clock: Clock
) -> None:
    """Each failure doubles the pause; a good answer ends it; every line says when."""
    feed = Feed(url=site.url())
    site.serve(status=500)

    first, second = poller.poll("times", feed), poller.poll("times", feed)

    assert first.next_due == clock.now + timedelta(minutes=15)
    assert second.next_due == clock.now + timedelta(minutes=30)
    assert second.error == (
        f"{site.url()} answered 500 Internal Server Error; tried again at 2024-12-08 12:30:00 UTC"
    )
    assert redis.hget(keys.feed("times"), "failures") == "2"
    assert redis.hget(keys.counters, "polls_failed:http") == "2"
    site.serve(rss(HOMS))
    assert poller.poll("times", feed).result is Result.OK
    assert redis.hget(keys.feed("times"), "failures") == "0"


def test_retry_after_is_obeyed(poller: Poller, site: Site, clock: Clock) -> None:
    """A server that asks for two hours gets them."""
    site.serve(status=429, Retry_After="7200")

    outcome = poller.poll("times", Feed(url=site.url()))

    assert outcome.next_due == clock.now + timedelta(hours=2)
    assert "it asks for a pause of 7200 s" in outcome.error


def test_a_feed_that_is_gone_says_so(poller: Poller, redis: Redis, keys: Keys, site: Site) -> None:
    """410 is final for this URL."""
    site.serve(status=410)

    outcome = poller.poll("times", Feed(url=site.url()))

    assert (outcome.result, outcome.next_due) == (Result.GONE, None)
    assert "until its url in feeds.yaml changes" in outcome.error
    assert redis.hget(keys.feed("times"), "status") == "gone"


@pytest.mark.parametrize(
    ("body", "says"), [(b"", "is empty"), (b"<html><body>Sorry</body></html>", "is a web page")]
)
def test_a_body_that_is_no_feed_fails(
    poller: Poller, redis: Redis, keys: Keys, site: Site, body: bytes, says: str
) -> None:
    """Web pages and empty bodies are failures with one line."""
    site.serve(body, Content_Type="text/html")

    outcome = poller.poll("times", Feed(url=site.url()))

    assert (outcome.result, outcome.status) == (Result.FAILED, 200)
    assert says in outcome.error
    assert redis.hget(keys.counters, "polls_failed:not-a-feed") == "1"


def test_a_permanent_move_is_noted(poller: Poller, redis: Redis, keys: Keys, site: Site) -> None:
    """The feed is read from its new place, which is kept for people to see."""
    site.serve(status=308, Location="/new")
    site.serve(rss(HOMS), path="/new")

    assert poller.poll("times", Feed(url=site.url())).new == 1
    assert redis.hget(keys.feed("times"), "moved_to") == site.url("/new")


def test_a_new_url_starts_without_the_old_validators(
    poller: Poller, redis: Redis, keys: Keys, site: Site
) -> None:
    """After a change of URL nothing of the old server is sent; what was seen stays seen."""
    site.serve(rss(HOMS), ETag='"old"')
    site.serve(status=500, path="/new")
    poller.poll("times", Feed(url=site.url()))
    moved = Feed(url=site.url("/new"))

    poller.poll("times", moved)
    site.serve(rss(HOMS), path="/new")
    outcome = poller.poll("times", moved)

    assert (outcome.result, outcome.new) == (Result.OK, 0)
    assert all("if-none-match" not in request for request in site.requests)
    assert len(articles(redis, keys)) == 1


def test_two_fetchers_at_once_commit_once(
    poller: Poller, redis: Redis, keys: Keys, site: Site, clock: Clock, client: httpx.Client
) -> None:
    """While one has the feed in hand, the other leaves it alone."""
    feed = Feed(url=site.url())
    asked, go_on = threading.Event(), threading.Event()

    def slow(request: BaseHTTPRequestHandler) -> None:
        asked.set()
        go_on.wait(10)
        request.send_response(200)
        request.end_headers()
        request.wfile.write(rss(HOMS))

    site.pages["/feed"] = slow
    thread = threading.Thread(target=poller.poll, args=("times", feed))
    thread.start()
    assert asked.wait(10)

    again = poller.poll("times", feed)
    other = Poller(redis, keys, Fetch(), OneSource(), clock, client).poll("times", feed)

    go_on.set()
    thread.join()
    assert (again.result, other.result) == (Result.BUSY, Result.BUSY)
    assert len(articles(redis, keys)) == 1


@pytest.mark.parametrize("lost", ["lease", "polls"])
def test_a_fetcher_that_lost_its_turn_writes_nothing(
    poller: Poller, redis: Redis, keys: Keys, site: Site, lost: str
) -> None:
    """Given a fetcher so slow that another took over, its commit is refused."""

    def meanwhile(request: BaseHTTPRequestHandler) -> None:
        if lost == "lease":
            redis.set(keys.lease("feed:times"), "another")
        else:
            redis.hincrby(keys.feed("times"), "polls", 1)
        request.send_response(200)
        request.end_headers()
        request.wfile.write(rss(HOMS))

    site.pages["/feed"] = meanwhile

    assert poller.poll("times", Feed(url=site.url())).result is Result.BUSY
    assert articles(redis, keys) == []


def test_redis_killed_in_the_middle_of_a_poll(
    own_server: EmbeddedRedis, keys: Keys, site: Site, clock: Clock, client: httpx.Client
) -> None:
    """Given a Redis that dies during the request, the poll done again loses and doubles nothing."""
    feed = Feed(url=site.url())

    def deadly(request: BaseHTTPRequestHandler) -> None:
        with own_server.client() as killer:
            killer.shutdown(nosave=True)
        request.send_response(200)
        request.end_headers()
        request.wfile.write(rss(HAMA, HOMS))

    with own_server.client() as redis:
        poller = Poller(redis, keys, Fetch(), OneSource(), clock, client)
        site.serve(rss(HOMS), ETag='"1"')
        poller.poll("times", feed)
        site.pages["/feed"] = deadly

        with pytest.raises(RedisConnectionError):
            poller.poll("times", feed)
        own_server.ensure()
        site.serve(rss(HAMA, HOMS))
        outcome = poller.poll("times", feed)

        assert outcome.new == 1
        titles = [article.title for article in articles(redis, keys)]
        assert titles == ["Homs falls", "Hama falls"]
