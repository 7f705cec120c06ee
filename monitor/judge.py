"""The stage between claims and alerts: gives the pure rules their evidence, keeps what they say.

Judging is serial by design: alerts depend on the order in which evidence arrives, so one judge
holds a lease and the others stand by. It takes readings in the order in which their articles
were fetched, whatever the order in which workers finished them; a killed worker or judge
therefore changes no alert.

Its time is that of the news: when the reading in hand was seen, and, while nothing waits to be
read, when a feed was last polled. So a status fades, and a change has held long enough, at the
same moment however late the judge comes to it; and not while nobody looks at the feeds.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from pydantic import ValidationError
from redis import Redis
from redis.client import Pipeline

from monitor.keys import Keys
from monitor.leases import Lease, LostLeaseError
from monitor.records import Claim, Reading
from monitor.reviews import Reviews, judged_until
from monitor.ruling import Change, Desk, log_change, of_ms
from monitor.settings import Config
from monitor.streams import AWAY, Consumer, Message, entry_order, low_watermark

log = structlog.get_logger()

#: readings held in memory at most while they wait for older articles
MOST_WAITING = 5000

#: seconds that the record of what an article touched is kept after its last revision
ARTICLE_MEMORY = 60 * 86400


@dataclass(slots=True)
class _Waiting:
    message: Message
    reading: Reading
    order: tuple[int, int]
    since: float


class Judge:
    """One judge process; call :meth:`step` for ever.

    Args:
        redis: where everything stands.
        keys: its key names.
        consumer: reads the stream of claims as the group ``judge``.
        lease: makes this judge the only one.
        config: gives the configuration in force.
        order_wait: longest wait, in seconds, for an older article that is still being read.
    """

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        consumer: Consumer,
        lease: Lease,
        config: Callable[[], Config],
        order_wait: float,
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._consumer = consumer
        self._lease = lease
        self._config = config
        self._order_wait = order_wait
        self._waiting: dict[str, _Waiting] = {}
        self._leading = False
        self._prolong_at = 0.0
        self._reviews = Reviews(redis, keys, consumer, lease)
        self._rules: Desk | None = None
        #: nothing was judged since the judge before ended: it may have died of the next reading
        self._suspicious = False

    def step(self) -> int:
        """Judge what can be judged now; return how many readings were.

        Raises:
            redis.exceptions.ConnectionError: Redis is away; call again later.
            LostLeaseError: another judge took over; nothing was written. Call again.
        """
        if not self._lease.take():
            self.drop()
            return 0
        if not self._leading:
            self._lead()
        self._reviews.adopt(self._desk())
        self._take_in(self._consumer.read(256))
        polled = self._polled()
        # the mark first, then all that was written before it: nothing older can still come
        mark = low_watermark(self._redis, self._keys.articles)
        while len(self._waiting) < MOST_WAITING and (more := self._consumer.read(256, block=0)):
            self._take_in(more)
        done = self._judge_up_to(mark)
        if not self._left():
            self._reviews.pass_time(self._desk(), polled)
        return done

    def _lead(self) -> None:
        """Begin to judge: what the judge before had in hand comes before all that is new."""
        self._consumer.ensure()
        self._take_in(self._consumer.seize())
        self._leading = self._suspicious = True
        self._reviews.forget()
        log.info("judge.leading", in_hand=len(self._waiting))

    def drop(self) -> None:
        """Forget what was taken in; it is still pending and will be read again."""
        self._leading = False
        if self._waiting:
            self._consumer.hand_back()
            self._waiting.clear()

    def forget(self) -> None:
        """Forget without a word to Redis, because Redis was away."""
        self._leading = False
        self._waiting.clear()
        self._consumer.forget()

    def _take_in(self, messages: Iterable[Message]) -> None:
        now = time.monotonic()
        for message in messages:
            try:
                reading = Reading.from_json(message.fields["reading"])
                order = entry_order(message.fields.get("order", message.id))
            except (ValidationError, KeyError, ValueError) as error:
                self._consumer.bury(message, f"not a reading: {str(error).splitlines()[0]}")
                continue
            self._waiting[message.id] = _Waiting(message, reading, order, now)

    def _judge_up_to(self, mark: tuple[int, int]) -> int:
        patience = time.monotonic() - self._order_wait
        full = len(self._waiting) >= MOST_WAITING
        ready = sorted(
            (held for held in self._waiting.values()),
            key=lambda held: (held.order, held.message.order),
        )
        done = 0
        for held in ready:
            if held.order >= mark and held.since > patience and not full:
                break
            self._prolong()
            self._reviews.pass_time(self._desk(), held.reading.seen)
            self._judge(held)
            done += 1
        return done

    def _prolong(self) -> None:
        """Keep the lease over a step that takes long."""
        if time.monotonic() >= self._prolong_at:
            if not self._lease.take():
                raise LostLeaseError(self._lease.key)
            self._prolong_at = time.monotonic() + self._lease.seconds / 3

    def _judge(self, held: _Waiting) -> None:
        most = self._consumer.delays.max_deliveries
        try:
            if self._suspicious and held.message.deliveries > most:
                self._consumer.bury(held.message, "every judge that worked on it died")
            else:
                self._commit(held)
        except (*AWAY, LostLeaseError):
            raise
        except Exception as error:  # noqa: BLE001 — one strange claim must not stop all others
            self._consumer.fail(held.message, error)
        self._suspicious = False
        del self._waiting[held.message.id]

    def _commit(self, held: _Waiting) -> None:
        desk = self._desk()
        reading = held.reading
        changes: list[Change] = []
        kept: list[list[str]] = []
        stale = False
        untracked = 0

        def look(pipe: Pipeline) -> None:
            nonlocal stale, untracked
            self._lease.check(pipe)
            known: Any = pipe.hgetall(self._keys.article(reading.article))
            stale = bool(known) and int(known["revision"]) > reading.revision
            touched = json.loads(known.get("touched", "[]"))
            kept[:] = touched if reading.live else []
            changes[:] = [] if stale else _changes(reading, touched, desk)
            untracked = 0 if stale else sum(not _is_asked_for(one, desk) for one in reading.claims)
            # two fetchers may see things in another order than they write them
            now = max(reading.seen, judged_until(pipe, self._keys)) if changes else reading.seen
            for change in changes:
                desk.rule(change, now)

        def write(pipe: Pipeline) -> None:
            counters = self._keys.counters
            pipe.hincrby(counters, "readings_stale" if stale else "readings_judged", 1)
            if untracked:
                pipe.hincrby(counters, "claims_untracked", untracked)
            for change in changes:
                change.write(pipe, self._keys)
            if not stale:
                touched = sorted(
                    [
                        *(
                            [change.subject, change.facet, one.id]
                            for change in changes
                            for one in change.added
                        ),
                        *kept,
                    ]
                )
                key = self._keys.article(reading.article)
                pipe.hset(
                    key, mapping={"revision": reading.revision, "touched": json.dumps(touched)}
                )
                pipe.expire(key, ARTICLE_MEMORY)

        self._consumer.commit([held.message], write, watch=look, watched=(self._lease.key,))
        for change in changes:
            self._reviews.note(change)
            log_change(change)

    def _desk(self) -> Desk:
        """Return the rules with the configuration in force."""
        config = self._config()
        if self._rules is None or self._rules.config is not config:
            self._rules = Desk(self._redis, self._keys, config)
        return self._rules

    def _left(self) -> int:
        """Return how many articles are not read and readings not judged.

        Both are counted at one moment: what a worker finishes between two looks is in neither.
        """
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.xlen(self._keys.articles)
            pipe.xlen(self._keys.claims)
            return sum(pipe.execute())

    def _polled(self) -> datetime:
        """Return when a feed was last polled: up to then the news are known."""
        told: Any = self._redis.hget(self._keys.fetching, "polled")
        return of_ms(float(told or 0))


def _is_asked_for(claim: Claim, desk: Desk) -> bool:
    return claim.subject in desk.tracked and claim.facet in desk.config.ontology.facets


def _changes(reading: Reading, touched: list[list[str]], desk: Desk) -> list[Change]:
    """Return what the reading adds, and what of its article's earlier revisions it replaces."""
    changes: dict[tuple[str, str], Change] = {}

    def change_of(subject: str, facet: str) -> Change:
        return changes.setdefault((subject, facet), Change(subject, facet))

    if not reading.live:
        for subject, facet, claim_id in touched:
            change_of(subject, facet).removed.add(claim_id)
    known = {claim_id for *_, claim_id in touched} if reading.live else set()
    for claim in reading.claims:
        if claim.id not in known and _is_asked_for(claim, desk):
            change = change_of(claim.subject, claim.facet)
            change.added.append(claim)
            change.note = reading.note
    return list(changes.values())
