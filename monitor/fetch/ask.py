"""How to ask: one conditional GET with a deadline and a size cap.

Nothing here knows about feeds or Redis. Every way in which a request can fail ends as one
``AskError`` whose message completes the sentence "<url> ...".
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import httpx

from monitor.fetch.inflate import ACCEPTED, Body, EncodingError, TooLargeError
from monitor.settings import Fetch

#: redirects followed for one request, as many as curl's documentation recommends for crawlers
MOST_REDIRECTS = 10

#: longest pause that a Retry-After can ask for
LONGEST_RETRY_AFTER = timedelta(days=1)

#: longest validator (ETag, Last-Modified) that is kept and sent back, in characters
VALIDATOR_LENGTH = 1024

_PERMANENT = {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT}
_REDIRECTS = _PERMANENT | {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT}
_FEED_TYPES = "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"

_HINTS = {
    HTTPStatus.UNAUTHORIZED: "it wants a password: put it in the URL",
    HTTPStatus.FORBIDDEN: "it refuses this client: ask the publisher, or set another user_agent",
    HTTPStatus.NOT_FOUND: "check the URL",
    HTTPStatus.TOO_MANY_REQUESTS: "it is asked too often: give the feed a longer interval",
}


class AskError(Exception):
    """The request gave no body; ``kind`` is one word for counters.

    Kinds: ``dns``, ``connect``, ``tls``, ``timeout``, ``broken``, ``too-large``, ``encoding``,
    ``redirect``, ``url``, ``http``, ``gone``.
    """

    def __init__(
        self, message: str, kind: str, *, status: int = 0, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave with its last answer, to be told when nothing changed since."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        """Return the request headers that make a GET conditional."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


@dataclass(frozen=True, slots=True)
class Answer:
    """A body (status 2xx), or the word that nothing changed (status 304)."""

    url: str
    status: int
    validators: Validators
    body: bytes = b""
    content_type: str | None = None
    #: where an unbroken chain of permanent redirects ended
    moved_to: str | None = None

    @property
    def unchanged(self) -> bool:
        """Whether the server said 304."""
        return self.status == HTTPStatus.NOT_MODIFIED


def new_client(connections: int) -> httpx.Client:
    """Return a client for that many requests at a time; proxies come from the environment."""
    return httpx.Client(limits=httpx.Limits(max_connections=connections))


def shown(url: str) -> str:
    """Return the URL as it may stand in logs: without user name and password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def ask(
    client: httpx.Client, url: str, validators: Validators, settings: Fetch, now: datetime
) -> Answer:
    """GET ``url``, following redirects, within ``settings.timeout`` and ``settings.max_bytes``.

    Args:
        client: its own redirect and timeout settings are not used.
        url: an http or https URL.
        validators: of the last answer; empty ones make the request unconditional.
        settings: ``timeout``, ``max_bytes`` and ``user_agent`` are used.
        now: what a Retry-After with a date is counted from.

    Raises:
        AskError: there is no usable answer; says why, and what to do when something can be done.
    """
    deadline = _Deadline(settings.timeout.total_seconds())
    headers = {
        "User-Agent": settings.user_agent,
        "Accept": _FEED_TYPES,
        "Accept-Encoding": ACCEPTED,
        # the deadline closes the connection it saw being opened, so no older one may be used
        "Connection": "close",
        **validators.headers(),
    }
    try:
        with deadline:
            return _follow(client, url, headers, settings, deadline, now)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _network_error(error, deadline) from error


def _follow(
    client: httpx.Client,
    url: str,
    headers: Mapping[str, str],
    settings: Fetch,
    deadline: _Deadline,
    now: datetime,
) -> Answer:
    moved_to: str | None = None
    permanent = True
    for _ in range(MOST_REDIRECTS + 1):
        request = client.build_request(
            "GET", url, headers=headers, timeout=deadline.left, extensions=deadline.extensions
        )
        response = client.send(request, stream=True, follow_redirects=False)
        try:
            if response.status_code not in _REDIRECTS or "location" not in response.headers:
                return _read(response, settings, deadline, now, moved_to)
            url = _target(response)
        finally:
            response.close()
        permanent = permanent and response.status_code in _PERMANENT
        moved_to = url if permanent else moved_to
    raise AskError(f"redirects more than {MOST_REDIRECTS} times: check the URL", "redirect")


def _target(response: httpx.Response) -> str:
    location = response.headers["location"]
    target = response.url.join(location)
    if target.scheme not in {"http", "https"} or not target.host:
        raise AskError(f"redirects to {location[:200]!r}, which is not http", "redirect")
    return str(target)


def _read(
    response: httpx.Response,
    settings: Fetch,
    deadline: _Deadline,
    now: datetime,
    moved_to: str | None,
) -> Answer:
    status = response.status_code
    validators = Validators(
        _validator(response.headers.get("etag")), _validator(response.headers.get("last-modified"))
    )
    if status == HTTPStatus.NOT_MODIFIED:
        if not _is_conditional(response.request):
            raise AskError(
                "answered 304 to a request that asked for everything", "http", status=304
            )
        return Answer(str(response.url), status, validators, moved_to=moved_to)
    if not response.is_success:
        raise _refusal(response, now)
    try:
        body = Body(response.headers.get("content-encoding", ""), settings.max_bytes)
        for chunk in response.iter_raw():
            body.add(chunk)
            deadline.check()
        deadline.check()
        content = body.finish()
    except TooLargeError as error:
        cap = settings.max_bytes
        message = f"is larger than {cap:,} bytes (fetch.max_bytes): the rest was not read"
        raise AskError(message, "too-large", status=status) from error
    except EncodingError as error:
        raise AskError(str(error), "encoding", status=status) from error
    content_type = response.headers.get("content-type")
    return Answer(str(response.url), status, validators, content, content_type, moved_to)


def _is_conditional(request: httpx.Request) -> bool:
    return "if-none-match" in request.headers or "if-modified-since" in request.headers


def _refusal(response: httpx.Response, now: datetime) -> AskError:
    status = response.status_code
    answered = f"answered {status} {response.reason_phrase}".rstrip()
    if status == HTTPStatus.GONE:
        return AskError(f"{answered}: the publisher ended this feed", "gone", status=status)
    hint = _HINTS.get(HTTPStatus(status)) if status in set(HTTPStatus) else None
    pause = _retry_after(response.headers.get("retry-after", ""), now)
    if pause is not None:
        hint = f"it asks for a pause of {pause.total_seconds():.0f} s"
    message = f"{answered}: {hint}" if hint else answered
    return AskError(message, "http", status=status, retry_after=pause)


def _retry_after(value: str, now: datetime) -> timedelta | None:
    """Read a Retry-After: seconds, or a date (RFC 9110, section 10.2.3)."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        # ten digits are three centuries; more would overflow
        return min(timedelta(seconds=int(value[:10])), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    pause = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    return min(max(pause, timedelta(0)), LONGEST_RETRY_AFTER)


def _validator(value: str | None) -> str:
    """Keep what can be sent back as a header."""
    fits = value is not None and value.isascii() and len(value) <= VALIDATOR_LENGTH
    return value if value is not None and fits else ""


@dataclass(slots=True)
class _Deadline:
    """The end of a whole request, redirects included.

    httpx limits the wait for each single read, so a server that sends a byte now and then, in
    the handshake, the headers or the body, could hold a request for ever. At the deadline the
    connection is shut from outside, which ends whatever waits on it.
    """

    seconds: float
    passed: bool = False
    _end: float = 0.0
    _timer: threading.Timer | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sockets: list[socket.socket] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._end = time.monotonic() + self.seconds
        self._timer = threading.Timer(self.seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            for connection in self._sockets:
                connection.close()
            self._sockets.clear()

    @property
    def left(self) -> float:
        """Seconds left, never zero, which would mean something else to a socket."""
        return max(self._end - time.monotonic(), 0.001)

    @property
    def extensions(self) -> dict[str, Any]:
        """Request extensions that let the deadline see the connection."""
        return {"trace": self._trace}

    def check(self) -> None:
        """Raise when time is up.

        Raises:
            AskError: it is.
        """
        if self.passed or time.monotonic() >= self._end:
            raise self.error()

    def error(self) -> AskError:
        """Return the error that says that time is up."""
        return AskError(f"did not answer in full within {self.seconds:g} s", "timeout")

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            # a duplicate stays usable while TLS wraps the original away
            connection = info["return_value"].get_extra_info("socket").dup()
            with self._lock:
                self._sockets.append(connection)

    def _cut(self) -> None:
        self.passed = True
        with self._lock:
            for connection in self._sockets:
                with contextlib.suppress(OSError):  # the peer was faster
                    connection.shutdown(socket.SHUT_RDWR)


def _network_error(error: httpx.HTTPError | httpx.InvalidURL, deadline: _Deadline) -> AskError:
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return AskError(f"is no usable URL ({error}): check it", "url")
    if deadline.passed or isinstance(error, httpx.TimeoutException):
        return deadline.error()
    if "location header" in str(error):
        # httpx reads the header even when it is not to follow it
        return AskError(f"redirects to no URL ({error})", "redirect")
    for cause in _chain(error):
        if found := _known_cause(cause):
            return found
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        return AskError(f"cannot be reached ({error})", "connect")
    return AskError(f"broke off the answer ({error or type(error).__name__})", "broken")


def _known_cause(cause: BaseException) -> AskError | None:
    match cause:
        case socket.gaierror():
            found = ("has a host name that is not found: check the URL", "dns")
        case ssl.SSLCertVerificationError():
            found = (f"has a certificate that is not valid ({cause.verify_message})", "tls")
        case ssl.SSLError():
            found = (f"cannot be reached over TLS ({cause.reason or cause})", "tls")
        case ConnectionRefusedError():
            found = ("refuses the connection: is the server down?", "connect")
        case _:
            return None
    return AskError(*found)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
