"""The stage between claims and alerts: gives the pure rules their evidence, keeps what they say.

Judging is serial by design: alerts depend on the order in which evidence arrives, so one judge
holds a lease and the others stand by. It takes readings in the order in which their articles
were fetched, whatever the order in which workers finished them; a killed worker or judge
therefore changes no alert.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import structlog
from pydantic import ValidationError
from redis import Redis
from redis.client import Pipeline

from monitor.keys import Keys
from monitor.leases import Lease, LostLeaseError
from monitor.records import Alert, Claim, Reading, Status, Transition
from monitor.rules.alerting import alerts
from monitor.rules.belief import believe
from monitor.rules.transitions import transition
from monitor.rules.voices import Sources
from monitor.settings import Config
from monitor.streams import AWAY, Consumer, Message, entry_order, low_watermark

log = structlog.get_logger()

#: readings held in memory at most while they wait for older articles
MOST_WAITING = 5000

#: seconds that the record of what an article touched is kept after its last revision
ARTICLE_MEMORY = 60 * 86400

#: transitions kept for people and the API
TRANSITIONS_KEPT = 10_000


@dataclass(slots=True)
class _Waiting:
    message: Message
    reading: Reading
    order: tuple[int, int]
    since: float


@dataclass(slots=True)
class _Change:
    """What one reading does to one facet of one subject."""

    subject: str
    facet: str
    removed: set[str]
    added: list[Claim]
    status: Status | None = None
    transition: Transition | None = None
    alerts: list[Alert] = field(default_factory=list)


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
        self._take_in(self._consumer.read(256))
        # the mark first, then all that was written before it: nothing older can still come
        mark = low_watermark(self._redis, self._keys.articles)
        while len(self._waiting) < MOST_WAITING and (more := self._consumer.read(256, block=0)):
            self._take_in(more)
        return self._judge_up_to(mark)

    def _lead(self) -> None:
        """Begin to judge: what the judge before had in hand comes before all that is new."""
        self._consumer.ensure()
        self._take_in(self._consumer.seize())
        self._leading = self._suspicious = True
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
            self._judge(held)
            done += 1
        return done

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
        changes: list[_Change] = []
        stale = False
        untracked = 0

        def look(pipe: Pipeline) -> None:
            nonlocal stale, untracked
            self._lease.check(pipe)
            known: Any = pipe.hgetall(self._keys.article(held.reading.article))
            stale = bool(known) and int(known["revision"]) > held.reading.revision
            changes[:] = [] if stale else self._changes(pipe, held.reading, known)
            added = sum(len(change.added) for change in changes)
            untracked = 0 if stale else len(held.reading.claims) - added

        def write(pipe: Pipeline) -> None:
            counters = self._keys.counters
            pipe.hincrby(counters, "readings_stale" if stale else "readings_judged", 1)
            if untracked:
                pipe.hincrby(counters, "claims_untracked", untracked)
            for change in changes:
                self._write_change(pipe, change)
            if not stale:
                touched = sorted(
                    [change.subject, change.facet, claim.id]
                    for change in changes
                    for claim in change.added
                )
                key = self._keys.article(held.reading.article)
                pipe.hset(
                    key,
                    mapping={"revision": held.reading.revision, "touched": json.dumps(touched)},
                )
                pipe.expire(key, ARTICLE_MEMORY)

        self._consumer.commit([held.message], write, watch=look, watched=(self._lease.key,))
        for change in changes:
            _log_change(change)

    def _changes(self, pipe: Pipeline, reading: Reading, known: dict[str, str]) -> list[_Change]:
        config = self._config()
        changes: dict[tuple[str, str], _Change] = {}

        def change_of(subject: str, facet: str) -> _Change:
            return changes.setdefault(
                (subject, facet), _Change(subject, facet, removed=set(), added=[])
            )

        for subject, facet, claim_id in json.loads(known.get("touched", "[]")):
            change_of(subject, facet).removed.add(claim_id)
        tracked = {
            subject
            for watchlist in config.watchlists
            for subject in (*watchlist.places, *watchlist.actors)
        }
        for claim in reading.claims:
            if claim.subject in tracked and claim.facet in config.ontology.facets:
                change_of(claim.subject, claim.facet).added.append(claim)
        book = Sources(config.sources)
        for change in changes.values():
            self._weigh(pipe, change, reading, config, book)
        return list(changes.values())

    def _weigh(
        self, pipe: Pipeline, change: _Change, reading: Reading, config: Config, book: Sources
    ) -> None:
        facet = config.ontology.facets.get(change.facet)
        if facet is None:
            return
        stored: Any = pipe.hgetall(self._keys.evidence(change.subject, change.facet))
        claims = {
            claim_id: Claim.from_json(line)
            for claim_id, line in stored.items()
            if claim_id not in change.removed
        }
        claims.update({claim.id: claim for claim in change.added})
        baseline = baseline_of(config, change.subject, change.facet)
        line: Any = pipe.hget(self._keys.statuses, f"{change.subject}/{change.facet}")
        before = (
            Status.from_json(line)
            if line
            else believe(change.subject, change.facet, facet, (), book, baseline)
        )
        change.status = believe(
            change.subject, change.facet, facet, claims.values(), book, baseline
        )
        change.transition = transition(before, change.status, reading.seen)
        if change.transition is not None:
            change.alerts = alerts(change.transition, config.watchlists, config.ontology)

    def _write_change(self, pipe: Pipeline, change: _Change) -> None:
        evidence = self._keys.evidence(change.subject, change.facet)
        if change.removed:
            pipe.hdel(evidence, *sorted(change.removed))
        for claim in change.added:
            pipe.hset(evidence, claim.id, claim.to_json())
        if change.status is not None:
            pipe.hset(self._keys.statuses, change.status.key, change.status.to_json())
        if change.transition is not None:
            pipe.xadd(
                self._keys.transitions,
                {"transition": change.transition.to_json()},
                maxlen=TRANSITIONS_KEPT,
                approximate=True,
            )
            pipe.hincrby(self._keys.counters, f"transitions:{change.transition.kind}", 1)
        for alert in change.alerts:
            pipe.xadd(self._keys.alerts, {"alert": alert.to_json()})
            pipe.hincrby(self._keys.counters, f"alerts:{alert.severity}", 1)


def baseline_of(config: Config, subject: str, facet: str) -> str | None:
    """Return what the watchlists say of a status before any news."""
    if facet != "control":
        return None
    for watchlist in config.watchlists:
        place = watchlist.places.get(subject)
        if place is not None and place.held_by is not None:
            return place.held_by
    return None


def _log_change(change: _Change) -> None:
    moved = change.transition
    if moved is not None:
        log.info(
            "status.changed",
            kind=str(moved.kind),
            subject=moved.subject,
            facet=moved.facet,
            before=moved.from_,
            after=moved.to,
            confidence=str(moved.confidence),
            alerts=len(change.alerts),
        )
