"""Secrets, signatures and what a refusal means."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta, timezone

import pytest

from monitor.alerts.webhook import WebhookChannel, check_secret, retry_after, secret
from monitor.settings import WebhookChannel as WebhookSettings

NOW = datetime(2024, 12, 7, 22, 10, tzinfo=UTC)


def channel(url: str = "https://desk.example/hook", key: str = "") -> WebhookChannel:
    """Return a webhook channel."""
    return WebhookChannel(
        WebhookSettings.model_validate({"type": "webhook", "url": url, "secret": key or secret()})
    )


def test_a_new_secret_is_one_that_is_accepted() -> None:
    """Secrets carry the prefix and 32 random bytes, and no two are equal."""
    made = secret()

    check_secret(made)
    assert len(base64.b64decode(made.removeprefix("whsec_"))) == 32
    assert made != secret()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hunter2", "starts with whsec_"),
        ("whsec_not base64!", "and base64"),
        ("whsec_" + base64.b64encode(b"short").decode(), "24 to 64 bytes, this one 5"),
    ],
)
def test_a_bad_secret_is_explained_but_not_repeated(text: str, expected: str) -> None:
    """The line says what is wrong; the secret itself stays out of every log."""
    with pytest.raises(ValueError, match=expected) as caught:
        channel(key=text)
    assert text not in str(caught.value)


def test_the_signature_is_that_of_the_specification() -> None:
    """HMAC-SHA256 over id.timestamp.body, computed here by hand."""
    key = secret()
    headers = channel(key=key).headers("a1b2", '{"what":"Ḥimṣ"}', NOW)

    signed = f'a1b2.{int(NOW.timestamp())}.{{"what":"Ḥimṣ"}}'.encode()
    raw = base64.b64decode(key.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()
    assert headers == {
        "webhook-id": "a1b2",
        "webhook-timestamp": str(int(NOW.timestamp())),
        "webhook-signature": f"v1,{expected}",
    }


def test_the_time_zone_of_the_clock_does_not_matter() -> None:
    """One instant gives one signature, in whatever zone it is told."""
    sender = channel()
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5)))

    assert sender.headers("a", "{}", NOW) == sender.headers("a", "{}", elsewhere)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("Sat, 07 Dec 2024 22:11:00 GMT", 60.0),
        ("Sat, 07 Dec 2024 22:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str, seconds: float | None) -> None:
    """Seconds or a date; anything else counts as not given."""
    assert retry_after(header, NOW) == seconds


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (301, "redirects are not followed"),
        (401, "does not know this secret"),
        (404, "check the url"),
        (500, "answered 500"),
    ],
)
def test_a_refusal_says_what_to_do(code: int, expected: str) -> None:
    """The line names the host and the remedy, and not the path, which may be a secret."""
    error = channel("https://u:p@desk.example:8443/t0ken?k=v")._refusal(code, {}, NOW)

    assert expected in str(error)
    assert str(error).startswith("https://desk.example:8443: ")
    assert "t0ken" not in str(error)
