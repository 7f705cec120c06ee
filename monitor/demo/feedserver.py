"""A local feed server: an archive of items as real feeds over real HTTP, at a simulated time.

Each feed shows the items that stood in it at that time, newest first, as RSS 2.0 or Atom, with
a strong ETag and a Last-Modified, and answers 304 to whoever has them already. Meant for the
demo, for replays and for tests; it trusts its input and is no server for the open network.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.message import Message
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, Self
from urllib.parse import quote, unquote
from xml.etree import ElementTree as ET

from monitor.archive import ArchiveItem

Format = Literal["rss", "atom"]

#: items that a feed shows, as many as large publishers do
WINDOW = 50

_ATOM = "http://www.w3.org/2005/Atom"
_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}


class FeedServer:
    """Serves the feeds of an archive on a local port.

    Use as a context manager::

        with FeedServer(items, clock) as server:
            httpx.get(server.url("levant-wire"))

    Args:
        items: in any order.
        now: the simulated time; an item is visible from its ``seen`` on.
        formats: feed -> format; RSS for those that are not named.
        host: address to listen on.
        port: 0 takes a free one.
    """

    def __init__(
        self,
        items: Iterable[ArchiveItem],
        now: Callable[[], datetime],
        *,
        formats: Mapping[str, Format] | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.now = now
        self.formats = formats or {}
        #: HTTP status -> answers given
        self.answers: Counter[int] = Counter()
        self._items: dict[str, list[ArchiveItem]] = {}
        for item in sorted(items, key=lambda item: item.seen):
            self._items.setdefault(item.feed, []).append(item)
        self._server = ThreadingHTTPServer((host, port), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name="feed-server",
            daemon=True,
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def feeds(self) -> list[str]:
        """The feeds of the archive, sorted."""
        return sorted(self._items)

    def url(self, feed: str) -> str:
        """Return the address of a feed."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}/{quote(feed, safe='')}"

    def document(self, feed: str) -> tuple[bytes, datetime] | None:
        """Return a feed as it stands now and when it last changed; None when unknown."""
        if feed not in self._items:
            return None
        now = self.now()
        latest: dict[str, ArchiveItem] = {}
        for item in self._items[feed]:
            if item.seen <= now:
                latest.pop(item.id, None)  # an updated item moves to the top
                latest[item.id] = item
        items = list(reversed(latest.values()))[:WINDOW]
        changed = items[0].seen if items else datetime(1970, 1, 1, tzinfo=UTC)
        build = _atom if self.formats.get(feed) == "atom" else _rss
        return ET.tostring(build(feed, items, changed), "utf-8", xml_declaration=True), changed

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        feeds = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            server_version = "feed-server"
            #: headers and body would otherwise wait for each other (Nagle, delayed ACK)
            wbufsize = -1

            def do_GET(self) -> None:
                feeds.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — its name there
                """Stay silent: standard error belongs to the demo's own story."""

        return Handler

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one GET."""
        feed = unquote(request.path.lstrip("/"))
        found = self.document(feed)
        if found is None:
            self._send(request, HTTPStatus.NOT_FOUND, {}, b"no such feed\n")
            return
        body, changed = found
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        headers = {
            "ETag": etag,
            "Last-Modified": format_datetime(changed.replace(microsecond=0), usegmt=True),
            "Vary": "Accept-Encoding",
        }
        if _is_current(request.headers, etag, changed):
            self._send(request, HTTPStatus.NOT_MODIFIED, headers, b"")
            return
        headers["Content-Type"] = f"{_TYPES[self.formats.get(feed, 'rss')]}; charset=utf-8"
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, compresslevel=1, mtime=0)
        self._send(request, HTTPStatus.OK, headers, body)

    def _send(
        self,
        request: BaseHTTPRequestHandler,
        status: HTTPStatus,
        headers: Mapping[str, str],
        body: bytes,
    ) -> None:
        self.answers[status] += 1
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        if status is not HTTPStatus.NOT_MODIFIED:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)


def _is_current(headers: Message, etag: str, changed: datetime) -> bool:
    """Tell whether the client has this version; an ETag outranks a date (RFC 9110, 13.2.2)."""
    if tags := headers.get("If-None-Match"):
        return tags.strip() == "*" or etag in {tag.strip() for tag in tags.split(",")}
    if since := headers.get("If-Modified-Since"):
        try:
            return changed.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (ValueError, TypeError):
            return False
    return False


def _rss(feed: str, items: Iterable[ArchiveItem], changed: datetime) -> ET.Element:
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", feed)
    _add(channel, "link", "http://localhost/")
    _add(channel, "description", f"Archive of {feed}")
    _add(channel, "lastBuildDate", format_datetime(changed, usegmt=True))
    for item in items:
        node = ET.SubElement(channel, "item")
        _add(node, "title", item.title)
        _add(node, "link", item.link)
        _add(node, "description", item.description)
        _add(node, "guid", item.id, isPermaLink="false")
        _add(node, "pubDate", format_datetime(item.published, usegmt=True))
    return root


def _atom(feed: str, items: Iterable[ArchiveItem], changed: datetime) -> ET.Element:
    root = ET.Element("feed", xmlns=_ATOM)
    _add(root, "title", feed)
    _add(root, "id", f"urn:feed:{quote(feed, safe='')}")
    _add(root, "updated", changed.isoformat())
    for item in items:
        node = ET.SubElement(root, "entry")
        _add(node, "title", item.title)
        ET.SubElement(node, "link", rel="alternate", href=item.link)
        _add(node, "id", item.id)
        _add(node, "published", item.published.isoformat())
        _add(node, "updated", item.seen.isoformat())
        _add(node, "summary", item.description)
    return root


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = text


def _moment(text: str) -> datetime:
    """Read ISO 8601; without an offset it is UTC."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
