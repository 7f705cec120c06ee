"""A webhook receiver as a user would write one: verify, drop repeats, keep.

It verifies with the public ``standardwebhooks`` library and knows nothing of how the monitor
signs. The demo shows what it gets; the tests make it slow, failing or gone. Not a server for
the open internet.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import structlog
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

log = structlog.get_logger()

#: bytes of the largest body accepted
LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """How one request is answered instead of by the rules."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    #: the answer is held back until the receiver is closed
    hang: bool = False
    #: called before anything is answered
    act: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrived, and what was answered."""

    headers: dict[str, str]
    body: bytes
    status: int


class Receiver:
    """Receives alerts on a free port of this machine, for as long as the ``with`` block lasts."""

    def __init__(self, secret: str, host: str = "127.0.0.1", port: int = 0) -> None:
        self._webhook = Webhook(secret)
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._alerts: dict[str, dict[str, Any]] = {}
        self._requests: list[Request] = []
        self._answers: deque[Answer] = deque()
        self._server = _Server((host, port), _handler(self))
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="receiver", daemon=True
        )

    @property
    def url(self) -> str:
        """Where to send alerts."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}/alerts"

    @property
    def alerts(self) -> list[dict[str, Any]]:
        """The bodies received, each alert once, in the order of arrival."""
        with self._changed:
            return list(self._alerts.values())

    @property
    def requests(self) -> list[Request]:
        """Every request, refused and repeated ones too."""
        with self._changed:
            return list(self._requests)

    @property
    def repeats(self) -> int:
        """How many valid requests brought an alert that was known."""
        with self._changed:
            taken = [request for request in self._requests if request.status == _TAKEN]
            return len(taken) - len(self._alerts)

    def answer(self, *answers: Answer) -> None:
        """Answer the next requests like this, whatever they bring."""
        with self._changed:
            self._answers.extend(answers)

    def fail(self, times: int, status: int = 500) -> None:
        """Answer the next requests with an error."""
        self.answer(*[Answer(status)] * times)

    def wait(self, count: int, seconds: float) -> bool:
        """Wait until so many different alerts are there; False when the time is over."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._alerts) >= count, seconds)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening; requests that hang are let go."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, headers: dict[str, str], body: bytes) -> Answer:
        """Judge one request and keep it; called by the server's threads."""
        with self._changed:
            planned = self._answers.popleft() if self._answers else None
        if planned and planned.act:
            planned.act()
        if planned and planned.hang:
            self._closing.wait()
        answer = planned or Answer(self._judge(headers, body))
        with self._changed:
            self._requests.append(Request(headers, body, answer.status))
            if answer.status == _TAKEN:
                self._alerts.setdefault(headers["webhook-id"], json.loads(body))
            self._changed.notify_all()
        return answer

    def _judge(self, headers: dict[str, str], body: bytes) -> int:
        try:
            self._webhook.verify(body, headers)
        except (WebhookVerificationError, ValueError) as error:
            log.warning("webhook.refused", error=str(error))
            return 401
        return _TAKEN


#: No Content: all is well and there is nothing to say
_TAKEN = 204


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # hanging requests are let go by close(), and there is nothing to wait for
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 — its signature
        """Log in one line that a client went away, instead of a traceback."""
        log.info("webhook.interrupted", error=repr(sys.exception()))


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = self.headers.get("content-length", "")
            if not length.isdecimal() or int(length) > LARGEST:
                self.close_connection = True
                self._reply(Answer(413 if length.isdecimal() else 411))
                return
            body = self.rfile.read(int(length))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._reply(receiver.take(headers, body))

        def _reply(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != _TAKEN:
                self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — its signature
            log.debug("webhook.request", request=format % args)

    return Handler
