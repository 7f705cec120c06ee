"""The webhook channel: Standard Webhooks 1.0.0, signed with HMAC-SHA256."""

from __future__ import annotations

import base64
import binascii
import secrets
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import httpx
from standardwebhooks.webhooks import Webhook

from monitor.alerts.body import Body
from monitor.alerts.channels import DeliveryError
from monitor.records import Alert, fingerprint

if TYPE_CHECKING:
    from monitor.settings import WebhookChannel as WebhookSettings

PREFIX = "whsec_"
#: bytes of a new secret; the specification asks for 24 to 64
SECRET_BYTES = 32
FEWEST_BYTES, MOST_BYTES = 24, 64

_HINTS = {
    401: "the receiver does not know this secret",
    403: "the receiver does not know this secret",
    404: "check the url in monitor.yaml",
    405: "check the url in monitor.yaml: it does not take POST",
    413: "the receiver must accept bodies of 30 kB",
}


def secret() -> str:
    """Return a new random signing secret."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def check_secret(text: str) -> None:
    """Make sure that a secret is one of the specification.

    Raises:
        ValueError: it is not; the message is one line and does not repeat the secret.
    """
    if not text.startswith(PREFIX):
        raise ValueError(f"a webhook secret starts with {PREFIX}; `monitor secret` makes one")
    encoded = text.removeprefix(PREFIX)
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(
            f"a webhook secret is {PREFIX} and base64; `monitor secret` makes one"
        ) from error
    if not FEWEST_BYTES <= len(raw) <= MOST_BYTES:
        raise ValueError(
            f"a webhook secret holds {FEWEST_BYTES} to {MOST_BYTES} bytes, this one {len(raw)}; "
            "`monitor secret` makes one"
        )


class WebhookChannel:
    """A URL that receives alerts.

    Each attempt opens its own connection: alerts are rare, and so the deadline of an attempt can
    cut its connection and no other.
    """

    def __init__(self, settings: WebhookSettings) -> None:
        """Prepare to send.

        Raises:
            ValueError: the secret is not usable.
        """
        check_secret(settings.secret.get_secret_value())
        self._webhook = Webhook(settings.secret.get_secret_value())
        self._url = settings.url
        #: seconds for one attempt, from the first packet to the status line
        self.timeout = settings.timeout.total_seconds()
        self._client = httpx.Client(
            timeout=self.timeout,
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={
                "user-agent": f"news-monitor/{version('news-monitor')}",
                "content-type": "application/json",
            },
        )

    @property
    def endpoint(self) -> str:
        """A fingerprint of the URL: the URL itself may hold credentials."""
        return fingerprint("webhook", self._url)

    @property
    def _shown(self) -> str:
        """Scheme and host; path and query of a webhook are often as good as a password."""
        scheme, _, rest = self._url.partition("://")
        host = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
        return f"{scheme}://{host}"

    def send(self, alert: Alert, delivery: str, now: datetime) -> None:  # noqa: ARG002 — protocol
        """Post one alert, signed anew; see ``Channel.send``.

        The header ``webhook-id`` is the alert's id whatever the attempt and the channel, so that
        one receiver behind two channels can tell that it knows the alert.
        """
        body = Body.of(alert).to_json()
        request_headers = self.headers(alert.id, body, now)
        try:
            with (
                _deadline(self.timeout) as (cut, extensions),
                self._client.stream(
                    "POST", self._url, content=body, headers=request_headers, extensions=extensions
                ) as response,
            ):
                code, headers = response.status_code, response.headers
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise DeliveryError(self._failure(error, timed_out=cut.is_set())) from error
        if not httpx.codes.is_success(code):
            raise self._refusal(code, headers, now)

    def headers(self, message: str, body: str, now: datetime) -> dict[str, str]:
        """Return the three headers of the specification for this attempt."""
        return {
            "webhook-id": message,
            "webhook-timestamp": str(int(now.timestamp())),
            # the library takes the clock face for UTC, whatever the time zone
            "webhook-signature": self._webhook.sign(message, now.astimezone(UTC), body),
        }

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _failure(self, error: Exception, *, timed_out: bool) -> str:
        if timed_out or isinstance(error, httpx.TimeoutException):
            return f"{self._shown}: no answer within {self.timeout:g} s"
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return f"{self._shown}: {reason}"

    def _refusal(self, code: int, headers: Mapping[str, str], now: datetime) -> DeliveryError:
        if code == httpx.codes.GONE:
            return DeliveryError(
                f"{self._shown}: answered 410: the receiver wants no more alerts", gone=True
            )
        hint = _HINTS.get(code, "")
        if httpx.codes.is_redirect(code):
            hint = "redirects are not followed, write the new address as url in monitor.yaml"
        return DeliveryError(
            f"{self._shown}: answered {code}" + (f": {hint}" if hint else ""),
            retry_after=retry_after(headers.get("retry-after", ""), now),
        )


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for (RFC 9110, 10.2.3), or None."""
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


@contextmanager
def _deadline(seconds: float) -> Iterator[tuple[threading.Event, dict[str, Any]]]:
    """Cut the connection after so many seconds, however slowly it still trickles.

    The client's own timeouts start again with each packet. This one holds a second handle on the
    socket, so that it ends the connection below TLS, too. Yields whether it was cut, and the
    request extensions that let it see the socket.
    """
    handles: list[socket.socket] = []
    cut = threading.Event()

    def trace(event: str, info: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            handles.append(info["return_value"].get_extra_info("socket").dup())
            if cut.is_set():
                end()

    def end() -> None:
        cut.set()
        for handle in handles:
            # the peer may have closed it this very moment
            with suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield cut, {"trace": trace}
    finally:
        timer.cancel()
        timer.join()
        for handle in handles:
            handle.close()
