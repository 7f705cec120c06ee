"""Asking over real HTTP, of servers that behave as badly as servers do."""

from __future__ import annotations

import gzip
import socket
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

import httpx
import pytest

from monitor.fetch.ask import MOST_REDIRECTS, AskError, Validators, ask, shown
from monitor.settings import Fetch
from tests.integration.fetch.conftest import Site

NOW = datetime(2024, 12, 8, 12, tzinfo=UTC)
SETTINGS = Fetch(max_bytes=100_000)
HASTY = Fetch(timeout=timedelta(seconds=0.3))


def refused(client: httpx.Client, url: str, settings: Fetch = SETTINGS) -> AskError:
    """Ask for what cannot be had, and return how that is told."""
    with pytest.raises(AskError) as caught:
        ask(client, url, Validators(), settings, NOW)
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_body_arrives_with_its_validators(site: Site, client: httpx.Client) -> None:
    """Given a gzipped answer, the body is decoded and the validators are noted."""
    site.serve(gzip.compress(b"<rss/>"), Content_Encoding="gzip", ETag='"1"', Content_Type="x/y")

    answer = ask(client, site.url(), Validators(), SETTINGS, NOW)

    assert (answer.body, answer.status, answer.content_type) == (b"<rss/>", 200, "x/y")
    assert answer.validators == Validators('"1"', "")
    assert site.requests[0]["accept-encoding"] == "gzip, deflate"
    assert site.requests[0]["user-agent"] == SETTINGS.user_agent


def test_a_feed_without_end_stops_at_the_cap(site: Site, client: httpx.Client) -> None:
    """A server that would send 500 MB gets rid of little more than the cap."""
    sent = 0

    def endless(request: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        request.send_response(200)
        request.end_headers()
        for _ in range(500):
            sent += request.wfile.write(b"<item/> " * 125_000)

    site.pages["/feed"] = endless

    error = refused(client, site.url())

    assert error.kind == "too-large"
    assert "100,000 bytes" in str(error)
    assert sent < 50_000_000


def test_a_gzip_bomb_stops_at_the_cap(site: Site, client: httpx.Client) -> None:
    """200 MB in 200 kB of gzip are never inflated."""
    site.serve(gzip.compress(bytes(50_000_000), 9), Content_Encoding="gzip")

    assert refused(client, site.url()).kind == "too-large"


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_dripping_server_is_cut_off(head: bytes, client: httpx.Client) -> None:
    """A server that sends a byte now and then, in headers or body, holds nobody for long."""
    stop = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(head)
            while not stop.wait(0.02):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        try:
            error = refused(client, f"http://127.0.0.1:{listener.getsockname()[1]}/", HASTY)
        finally:
            stop.set()
            thread.join()

    assert error.kind == "timeout"
    assert "within 0.3 s" in str(error)


def test_a_silent_server_is_a_timeout(client: httpx.Client) -> None:
    """A server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        assert refused(client, f"http://127.0.0.1:{port}/", HASTY).kind == "timeout"
        assert refused(client, f"https://127.0.0.1:{port}/", HASTY).kind == "timeout"


def test_redirects_are_followed_and_permanent_ones_noted(site: Site, client: httpx.Client) -> None:
    """The permanent part of a chain is where the feed moved; the rest is only followed."""
    site.serve(status=301, Location="/moved")
    site.serve(status=302, path="/moved", Location="/today")
    site.serve(b"<rss/>", path="/today")

    answer = ask(client, site.url(), Validators(), SETTINGS, NOW)

    assert answer.body == b"<rss/>"
    assert answer.url == site.url("/today")
    assert answer.moved_to == site.url("/moved")


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("/feed", f"more than {MOST_REDIRECTS} times"),
        ("file:///etc/passwd", "is not http"),
        ("http://host:port/", "to no URL"),
    ],
)
def test_redirects_that_lead_nowhere(
    site: Site, client: httpx.Client, location: str, says: str
) -> None:
    """Loops and places that are no web pages are refused."""
    site.serve(status=302, Location=location)

    error = refused(client, site.url())

    assert error.kind == "redirect"
    assert says in str(error)


@pytest.mark.parametrize(
    ("status", "kind", "says"),
    [
        (404, "http", "answered 404 Not Found: check the URL"),
        (401, "http", "password"),
        (500, "http", "answered 500 Internal Server Error"),
        (410, "gone", "the publisher ended this feed"),
        (304, "http", "asked for everything"),
        (599, "http", "answered 599"),
    ],
)
def test_refusals_are_told(
    site: Site, client: httpx.Client, status: int, kind: str, says: str
) -> None:
    """Every status that is no answer has its line."""
    site.serve(status=status)

    error = refused(client, site.url())

    assert (error.kind, error.status) == (kind, status)
    assert says in str(error)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("Sun, 08 Dec 2024 12:10:00 GMT", 600),
        ("Sun, 08 Dec 2024 11:00:00 GMT", 0),
        ("9" * 400, 86_400),
        ("soon", None),
    ],
)
def test_retry_after_is_read(
    site: Site, client: httpx.Client, header: str, seconds: int | None
) -> None:
    """Seconds, dates, and nonsense; a day at most."""
    site.serve(status=503, Retry_After=header)

    pause = refused(client, site.url()).retry_after

    assert pause == (None if seconds is None else timedelta(seconds=seconds))


def test_network_errors_are_told_apart(site: Site, client: httpx.Client) -> None:
    """A refused connection, a name that is not found, plain HTTP where TLS is meant."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    site.serve(b"")

    assert refused(client, f"http://127.0.0.1:{port}/").kind == "connect"
    assert refused(client, "http://no-such-host.invalid/").kind == "dns"
    assert refused(client, site.url().replace("http:", "https:")).kind == "tls"
    assert refused(client, "http://exa mple/").kind in {"url", "dns"}


def test_an_answer_that_breaks_off_is_no_answer(site: Site, client: httpx.Client) -> None:
    """Half a body is not taken for a whole one."""
    site.serve(b"<rss>", Content_Length="1000")

    assert refused(client, site.url()).kind == "broken"


def test_passwords_do_not_reach_the_log() -> None:
    """User name and password are cut from URLs that are shown."""
    assert shown("https://me:secret@times.example/rss") == "https://times.example/rss"
    assert shown("http://[broken") == "http://[broken"
