"""A publisher on loopback that answers as each test says, and a poller with a clock by hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from redis import Redis

from monitor.fetch import Poller, new_client
from monitor.keys import Keys
from monitor.settings import Feed, Fetch

Answerer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A web server whose pages are functions; requests are kept for the tests to look at."""

    def __init__(self) -> None:
        self.pages: dict[str, Answerer] = {}
        self.requests: list[dict[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                site.requests.append(headers | {"path": self.path})
                site.pages[self.path](self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — its name there
                """Stay silent."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """Stay silent: clients that hang up are what the tests are about."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def url(self, path: str = "/feed") -> str:
        """Return the address of a page."""
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}"

    def serve(
        self, body: bytes = b"", status: int = 200, path: str = "/feed", **headers: str
    ) -> None:
        """Let a page answer with a body; ``content_type=...`` becomes ``Content-Type``."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            for name, value in headers.items():
                request.send_header(name.replace("_", "-"), value)
            request.end_headers()
            request.wfile.write(body)

        self.pages[path] = answer

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Clock:
    """The time, moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2024, 12, 8, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the present."""
        return self.now

    def advance(self, **span: float) -> None:
        """Move on."""
        self.now += timedelta(**span)


class OneSource:
    """A source book with one source."""

    def resolve(self, _feed: Feed, _link: str) -> str:
        """Return the one source."""
        return "the-times"


@pytest.fixture
def site() -> Iterator[Site]:
    """A publisher."""
    site = Site()
    yield site
    site.close()


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """The HTTP client that the stage uses."""
    with new_client(4) as client:
        yield client


@pytest.fixture
def poller(redis: Redis, keys: Keys, clock: Clock, client: httpx.Client) -> Poller:
    """A poller without jitter."""
    return Poller(redis, keys, Fetch(), OneSource(), clock, client, chance=lambda: 0.5)
