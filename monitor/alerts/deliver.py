"""The stage that hands alerts to channels: stream to outbox, outbox to receivers."""

from __future__ import annotations

import concurrent.futures
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, assert_never

import structlog
from pydantic import ValidationError

from monitor import settings
from monitor.alerts import outbox
from monitor.alerts.backoff import Backoff
from monitor.alerts.channels import Channel, DeliveryError, LogChannel, StdoutChannel
from monitor.alerts.outbox import Delivery, Outbox, Outcome, State
from monitor.alerts.upkeep import prune
from monitor.alerts.webhook import WebhookChannel
from monitor.keys import Keys
from monitor.records import Alert
from monitor.streams import AWAY, Consumer, Message

if TYPE_CHECKING:
    from redis import Redis
    from redis.client import Pipeline

log = structlog.get_logger()

#: consumer group on the alerts stream
GROUP = "deliver"
#: alerts read from the stream in one step
BATCH = 32
#: channels that send at the same time
MOST_CHANNELS = 64
#: for channels whose settings name no age
GIVE_UP_AFTER = timedelta(days=3)
#: seconds between two looks for what is old enough to forget
PRUNE_EVERY = 3600.0


def build(channel: settings.Channel) -> Channel:
    """Return the channel that the settings describe.

    Raises:
        ValueError: it cannot work as described, in one line.
    """
    match channel:
        case settings.WebhookChannel():
            return WebhookChannel(channel)
        case settings.StdoutChannel():
            return StdoutChannel(channel.format)
        case settings.LogChannel():
            return LogChannel()
        case _:
            assert_never(channel)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Deliverer:
    """One deliver process; any number of them share the work.

    Each channel has at most one thread here, so a slow receiver holds up only itself, and its
    alerts go out oldest first as far as retries allow. ``channels`` gives the settings in force
    and is asked at every step: a changed webhook URL counts from the next attempt on.

    Not for use from several threads: one loop calls ``step``, and ``close`` at the end.
    """

    redis: Redis
    keys: Keys
    consumer: Consumer
    channels: Callable[[], Mapping[str, settings.Channel]]
    clock: Callable[[], datetime] = _utc_now
    backoff: Backoff = field(default_factory=Backoff)
    #: ms for which a delivery stays with a process that has died
    lease: int = outbox.LEASE
    build: Callable[[settings.Channel], Channel] = build
    _outbox: Outbox = field(init=False)
    _pool: concurrent.futures.ThreadPoolExecutor = field(init=False)
    _threads: dict[str, concurrent.futures.Future[None]] = field(default_factory=dict)
    _built: dict[str, tuple[settings.Channel, Channel]] = field(default_factory=dict)
    _in_hand: dict[str, Delivery] = field(default_factory=dict)
    _unsettled: list[tuple[Delivery, Outcome]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _done: int = 0
    _last_place: float = 0.0
    _next_prune: float = 0.0

    def __post_init__(self) -> None:
        self._outbox = Outbox(self.redis, self.keys, self.lease)
        self._pool = concurrent.futures.ThreadPoolExecutor(MOST_CHANNELS, "channel")

    def step(self) -> int:
        """Queue new alerts and see that what is due is sent; return how many of both were done.

        Waits for new alerts at most as long as the consumer does; sending goes on meanwhile.

        Raises:
            redis.exceptions.ConnectionError: Redis is away; call again later.
        """
        self._settle_rest()
        with self._lock:
            in_hand = list(self._in_hand.values())
        for delivery in in_hand:
            self._outbox.prolong(delivery, self._now_ms())
        self._send_due()
        messages = self.consumer.read(BATCH)
        for message in messages:
            self._queue(message)
        if messages:
            self._send_due()
        if time.monotonic() >= self._next_prune:
            prune(self.redis, self.keys, self._now_ms())
            self._next_prune = time.monotonic() + PRUNE_EVERY
        with self._lock:
            done, self._done = self._done, 0
        return done + len(messages)

    def close(self, grace: float = 20.0) -> None:
        """Finish the attempts in hand, for at most ``grace`` seconds, and start no other.

        What is still being sent then goes out again later, under the same id; the process ends
        at the latest when the channel's timeout has passed.
        """
        self._stop.set()
        _, late = concurrent.futures.wait(self._threads.values(), timeout=grace)
        self._pool.shutdown(wait=False, cancel_futures=True)
        if late:
            log.warning("deliver.unfinished", deliveries=sorted(self._in_hand))
        try:
            self._settle_rest()
            self.consumer.hand_back()
        except AWAY as error:
            log.warning("redis.away", error=str(error))
        for _, channel in self._built.values():
            channel.close()

    def _now_ms(self) -> float:
        return self.clock().timestamp() * 1000

    def _queue(self, message: Message) -> None:
        """Put the alert of a message into the outbox, once, with the commit of the message."""
        try:
            alert = Alert.from_json(message.fields["alert"])
        except (KeyError, ValidationError) as error:
            self.consumer.bury(message, f"is no alert: {error}")
            return
        configured = self.channels()
        wanted = dict.fromkeys(alert.channels or configured)
        found = [name for name in wanted if name in configured]
        missing = [name for name in wanted if name not in configured]
        # alerts of one millisecond keep their order: a double holds ms and some thousandths
        place = self._last_place = max(self._now_ms(), self._last_place + 0.001)
        repeated = False

        def look(pipe: Pipeline) -> None:
            nonlocal repeated
            repeated = outbox.known(pipe, self.keys, alert.id)

        def write(pipe: Pipeline) -> None:
            if repeated:
                pipe.hincrby(self.keys.counters, "alerts_repeated", 1)
            else:
                outbox.enqueue(pipe, self.keys, alert, found, place, missing=missing)

        self.consumer.commit([message], write, watch=look, watched=[self.keys.alert_ids])
        if repeated:
            log.debug("alert.repeated", alert=alert.id)
            return
        log.info("alert.queued", alert=alert.id, channels=found, summary=alert.summary)
        for name in missing or ([] if found else [outbox.NOWHERE]):
            log.error(
                "delivery.failed", alert=alert.id, channel=name, error=outbox.no_channel(name)
            )

    def _send_due(self) -> None:
        for name in sorted(self._outbox.waiting(self._now_ms())):
            thread = self._threads.get(name)
            if thread is not None and not thread.done():
                continue
            self._threads.pop(name, None)
            if thread is not None:
                # a thread that ended by a mistake of ours must not end in silence
                thread.result()
            self._threads[name] = self._pool.submit(self._drain, name)

    def _drain(self, name: str) -> None:
        """Send everything that is due on one channel, in its thread."""
        try:
            while not self._stop.is_set():
                delivery = self._outbox.take(name, self._now_ms())
                if delivery is None:
                    return
                with self._lock:
                    self._in_hand[delivery.id] = delivery
                try:
                    outcome = self._attempt(delivery)
                except AWAY:
                    # nothing was sent; the lease runs out and it is taken again
                    self._let_go(delivery)
                    raise
                self._settle(delivery, outcome)
        except AWAY as error:
            log.warning("redis.away", channel=name, error=str(error))

    def _attempt(self, delivery: Delivery) -> Outcome:
        configured = self.channels().get(delivery.channel)
        if configured is None:
            error = outbox.no_channel(delivery.channel)
            return Outcome(State.FAILED, error, attempted=False)
        give_up_after = getattr(configured, "give_up_after", GIVE_UP_AFTER)
        try:
            channel = self._channel(delivery.channel, configured)
            if self._outbox.closed(delivery.channel, channel.endpoint):
                error = "the receiver answered 410 Gone before; give the channel another url"
                return Outcome(State.FAILED, error, attempted=False)
            channel.send(Alert.from_json(delivery.alert), delivery.id, self.clock())
        except DeliveryError as error:
            if error.gone:
                return Outcome(State.FAILED, str(error), close=channel.endpoint)
            return self._again(delivery, str(error), give_up_after, error.retry_after)
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001 — an alert outlives any mistake of a channel
            reason = f"{type(error).__name__}: {error}"
            return self._again(delivery, reason, give_up_after, None)
        return Outcome(State.DELIVERED)

    def _again(
        self, delivery: Delivery, error: str, give_up_after: timedelta, retry_after: float | None
    ) -> Outcome:
        now = self._now_ms()
        end = delivery.queued + give_up_after.total_seconds() * 1000
        if now >= end:
            return Outcome(State.FAILED, error)
        pause = self.backoff.pause(delivery.attempts + 1, retry_after) * 1000
        # the last attempt is made when its time is over, not given up before
        due = min(now + pause, max(end, now + 1))
        return Outcome(State.PENDING, error, due, hold=int(now + pause) if retry_after else 0)

    def _channel(self, name: str, configured: settings.Channel) -> Channel:
        with self._lock:
            known = self._built.get(name)
        if known and known[0] == configured:
            return known[1]
        try:
            channel = self.build(configured)
        except ValueError as error:
            raise DeliveryError(f"channels.{name} in monitor.yaml: {error}") from error
        if known:
            known[1].close()
        with self._lock:
            self._built[name] = (configured, channel)
        return channel

    def _settle(self, delivery: Delivery, outcome: Outcome) -> None:
        try:
            mine = self._outbox.settle(delivery, outcome, self._now_ms())
        except AWAY:
            # what was sent is known here alone: the next step writes it, before anything else
            with self._lock:
                self._unsettled.append((delivery, outcome))
            raise
        self._let_go(delivery)
        with self._lock:
            self._done += 1
        if mine:
            _tell(delivery, outcome)

    def _let_go(self, delivery: Delivery) -> None:
        with self._lock:
            self._in_hand.pop(delivery.id, None)

    def _settle_rest(self) -> None:
        with self._lock:
            rest, self._unsettled = self._unsettled, []
        for position, (delivery, outcome) in enumerate(rest):
            try:
                self._settle(delivery, outcome)
            except AWAY:
                with self._lock:
                    self._unsettled.extend(rest[position + 1 :])
                raise


def _tell(delivery: Delivery, outcome: Outcome) -> None:
    attempts = delivery.attempts + outcome.attempted
    told = log.bind(delivery=delivery.id, channel=delivery.channel, attempts=attempts)
    match outcome.state:
        case State.DELIVERED:
            told.info("delivery.delivered")
        case State.FAILED:
            told.error("delivery.failed", error=outcome.error)
        case State.PENDING:
            told.warning("delivery.retried", error=outcome.error)
    if outcome.close:
        told.error("channel.closed", error=outcome.error)
