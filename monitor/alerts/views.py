"""What people see of the outbox: last deliveries, what is pending, closed channels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitor.alerts.outbox import State, channel_of
from monitor.keys import Keys
from monitor.records import Alert, Severity

if TYPE_CHECKING:
    from redis import Redis


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One delivery as `monitor status` shows it."""

    id: str
    #: id of the alert
    alert: str
    #: when the monitor knew of the change
    at: datetime
    severity: Severity
    summary: str
    channel: str
    state: State
    attempts: int
    #: why the last attempt failed; None when it did not
    error: str | None
    queued: datetime
    #: next attempt, for pending ones
    due: datetime | None
    settled: datetime | None


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A channel that takes nothing now: closed by its receiver, or held back until then."""

    channel: str
    closed: bool
    held_until: datetime | None
    error: str | None


def recent(redis: Redis, keys: Keys, count: int) -> list[DeliveryView]:
    """Return up to ``count`` deliveries: the last settled and the next due, newest alert first."""
    pending: Any = redis.zrange(keys.outbox, 0, count - 1, withscores=True)
    settled: Any = redis.zrevrange(keys.deliveries, 0, count - 1)
    due = dict(pending)
    views = []
    for delivery in (*due, *settled):
        row: Any = redis.hgetall(keys.delivery(delivery))
        # one that was pruned between the two reads is of no interest
        if "alert" in row:
            views.append(_view(delivery, row, due.get(delivery)))
    return sorted(views, key=lambda view: view.queued, reverse=True)[:count]


def pending_counts(redis: Redis, keys: Keys) -> dict[str, int]:
    """Return how many deliveries are pending for each channel that has any."""
    pending: Any = redis.zrange(keys.outbox, 0, -1)
    return dict(Counter(channel_of(delivery) for delivery in pending))


def channel_views(
    redis: Redis, keys: Keys, channels: Iterable[str], now: datetime
) -> list[ChannelView]:
    """Return those of the channels that are closed or held back."""
    views = []
    for channel in channels:
        row: Any = redis.hgetall(keys.channel(channel))
        hold = _moment(row["hold"]) if "hold" in row else None
        held_until = hold if hold and hold > now else None
        if "closed" in row or held_until:
            views.append(ChannelView(channel, "closed" in row, held_until, row.get("error")))
    return views


def _view(delivery: str, row: dict[str, str], due: float | None) -> DeliveryView:
    alert = Alert.from_json(row["alert"])
    return DeliveryView(
        id=delivery,
        alert=alert.id,
        at=alert.transition.at,
        severity=alert.severity,
        summary=alert.summary,
        channel=channel_of(delivery),
        state=State(row["state"]),
        attempts=int(row["attempts"]),
        error=row.get("error") or None,
        queued=_moment(row["queued"]),
        due=None if due is None else _moment(due),
        settled=_moment(row["settled"]) if "settled" in row else None,
    )


def _moment(ms: str | float) -> datetime:
    return datetime.fromtimestamp(float(ms) / 1000, UTC)
