"""Pauses between attempts."""

from __future__ import annotations

import pytest

from monitor.alerts.backoff import LONGEST_RETRY_AFTER, Backoff


@pytest.mark.parametrize(
    ("attempts", "ceiling"), [(1, 1), (2, 2), (3, 4), (10, 512), (11, 900), (5000, 900)]
)
def test_the_ceiling_doubles_up_to_fifteen_minutes(attempts: int, ceiling: float) -> None:
    """Given the highest draw, the pause is 1, 2, 4 ... 900 seconds."""
    assert Backoff(draw=lambda: 1.0).pause(attempts) == ceiling


def test_the_jitter_is_full() -> None:
    """Given the lowest draw there is no pause, given the middle one half of it."""
    assert Backoff(draw=lambda: 0.0).pause(4) == 0
    assert Backoff(draw=lambda: 0.5).pause(4) == 4


def test_what_the_receiver_asks_for_is_the_least() -> None:
    """Retry-After prolongs a pause and never shortens it."""
    assert Backoff(draw=lambda: 0.0).pause(1, retry_after=30) == 30
    assert Backoff(draw=lambda: 1.0).pause(11, retry_after=30) == 900


def test_an_absurd_retry_after_is_capped() -> None:
    """A receiver that asks for ten years is asked again after a day."""
    assert Backoff().pause(1, retry_after=3e8) == LONGEST_RETRY_AFTER
