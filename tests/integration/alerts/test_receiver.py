"""The receiver refuses what it cannot trust."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

import httpx
import pytest

from monitor.alerts.body import Body
from monitor.alerts.webhook import WebhookChannel, secret
from monitor.demo.receiver import Receiver
from monitor.settings import WebhookChannel as WebhookSettings
from tests.alert_samples import alert

BODY = Body.of(alert()).to_json()


def signed(key: str, body: str = BODY, *, age: timedelta = timedelta()) -> dict[str, str]:
    """Return the headers for a body."""
    settings = WebhookSettings.model_validate(
        {"type": "webhook", "url": "http://desk.example/", "secret": key}
    )
    return WebhookChannel(settings).headers(alert().id, body, datetime.now(UTC) - age)


def test_a_repeated_alert_is_kept_once(receiver: Receiver, key: str) -> None:
    """The same webhook-id twice: both are taken, one alert is there."""
    for _ in range(2):
        assert httpx.post(receiver.url, content=BODY, headers=signed(key)).status_code == 204

    assert receiver.wait(1, seconds=5)
    assert [each["data"]["id"] for each in receiver.alerts] == [alert().id]
    assert receiver.repeats == 1


def test_another_secret_is_refused(receiver: Receiver) -> None:
    """A body signed by somebody else is answered 401 and not kept."""
    answer = httpx.post(receiver.url, content=BODY, headers=signed(secret()))

    assert (answer.status_code, receiver.alerts) == (401, [])


def test_a_changed_body_is_refused(receiver: Receiver, key: str) -> None:
    """One more space and the signature no longer fits."""
    answer = httpx.post(receiver.url, content=BODY + " ", headers=signed(key))

    assert (answer.status_code, receiver.alerts) == (401, [])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-id": "a", "webhook-timestamp": "soon", "webhook-signature": "v1,AAAA"},
        {"webhook-signature": "garbage"},
        {"webhook-signature": "v1,!"},
    ],
)
def test_missing_or_broken_headers_are_refused(
    receiver: Receiver, key: str, headers: dict[str, str]
) -> None:
    """Whatever stands in the headers, the answer is 401."""
    given = {**(signed(key) if len(headers) == 1 else {}), **headers}
    assert httpx.post(receiver.url, content=BODY, headers=given).status_code == 401


def test_an_old_request_is_refused(receiver: Receiver, key: str) -> None:
    """A replay from an hour ago is not taken."""
    headers = signed(key, age=timedelta(hours=1))
    assert httpx.post(receiver.url, content=BODY, headers=headers).status_code == 401


def test_a_huge_body_is_refused_unread(receiver: Receiver, key: str) -> None:
    """What announces more than a megabyte is answered 413."""
    headers = {**signed(key), "content-length": "2000000"}
    address = httpx.URL(receiver.url)
    with contextlib.closing(HTTPConnection(address.host, address.port, timeout=10)) as connection:
        connection.request("POST", address.path, headers=headers)
        assert connection.getresponse().status == 413
