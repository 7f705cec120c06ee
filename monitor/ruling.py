"""One status at the desk: reads what stands of it in Redis, asks the rules, writes what they say.

Everything is read by the one judge that holds the lease, and written in its one commit.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

import structlog
from redis import Redis
from redis.client import Pipeline

from monitor.keys import Keys
from monitor.records import Alert, Claim, Note, Status, Transition
from monitor.rules.alerting import answer, primed
from monitor.rules.belief import anchors, believe
from monitor.rules.bounds import LIMIT, dropped
from monitor.rules.ledger import Told
from monitor.rules.transitions import transition
from monitor.rules.voices import Sources
from monitor.settings import Config
from monitor.sources import SourceBook
from monitor.stories import keep_note, notes, told_apart
from monitor.watchlist import baseline

log = structlog.get_logger()

#: transitions kept for people and the API
TRANSITIONS_KEPT = 10_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Change:
    """What one reading, or the mere passing of time, does to one facet of one subject."""

    subject: str
    facet: str
    removed: set[str] = field(default_factory=set)
    added: list[Claim] = field(default_factory=list)
    #: on the article of what is added
    note: Note = field(default_factory=Note)
    status: Status | None = None
    transition: Transition | None = None
    alerts: list[Alert] = field(default_factory=list)
    #: entries of rules to write, and to delete
    told: dict[str, Told] = field(default_factory=dict)
    untold: set[str] = field(default_factory=set)
    #: ids of claims that are not needed any more
    dropped: set[str] = field(default_factory=set)
    #: the judge's time with it; None: it did not pass
    now: datetime | None = None
    #: when to look again if nothing comes
    due: datetime | None = None

    @classmethod
    def of(cls, key: str) -> Self:
        """Return the mere passing of time for ``subject/facet``."""
        subject, _, facet = key.partition("/")
        return cls(subject, facet)

    @property
    def key(self) -> str:
        """``subject/facet``."""
        return f"{self.subject}/{self.facet}"

    def write(self, pipe: Pipeline, keys: Keys) -> None:
        """Write all that follows, inside the commit."""
        evidence = keys.evidence(self.subject, self.facet)
        if self.removed:
            pipe.hdel(evidence, *sorted(self.removed))
        for claim in self.added:
            pipe.hset(evidence, claim.id, claim.to_json())
        if self.added:
            keep_note(pipe, keys, self.added[0].article, self.note)
        if self.dropped:
            pipe.hdel(evidence, *sorted(self.dropped))
            pipe.hincrby(keys.counters, "claims_dropped", len(self.dropped))
        if self.status is None:
            return
        if self.now is not None:
            pipe.hset(keys.judging, "now", in_ms(self.now))
        pipe.hset(keys.statuses, self.key, self.status.to_json())
        self._write_rules(pipe, keys)
        if self.transition is not None:
            pipe.xadd(
                keys.transitions,
                {"transition": self.transition.to_json()},
                maxlen=TRANSITIONS_KEPT,
                approximate=True,
            )
            pipe.hincrby(keys.counters, f"transitions:{self.transition.kind}", 1)
        for alert in self.alerts:
            pipe.xadd(keys.alerts, {"alert": alert.to_json()})
            pipe.hincrby(keys.counters, f"alerts:{alert.severity}", 1)

    def _write_rules(self, pipe: Pipeline, keys: Keys) -> None:
        """Write what the rules made of it, and when to look again."""
        told = keys.told(self.subject, self.facet)
        for rule, entry in self.told.items():
            pipe.hset(told, rule, entry.to_json())
        if self.untold:
            pipe.hdel(told, *sorted(self.untold))
        if self.due is None:
            pipe.zrem(keys.timers, self.key)
        else:
            # never too early
            pipe.zadd(keys.timers, {self.key: in_ms(self.due) + 1})


@dataclass(frozen=True, slots=True)
class Held:
    """What stands in Redis of one status."""

    claims: dict[str, Claim]
    status: Status | None
    ledger: dict[str, Told]


class Desk:
    """The rules with one configuration, over one Redis.

    Args:
        redis: where everything stands.
        keys: its key names.
        config: the configuration in force.
    """

    def __init__(self, redis: Redis, keys: Keys, config: Config) -> None:
        self.redis = redis
        self.keys = keys
        self.config = config
        self.tracked = {
            subject
            for watchlist in config.watchlists
            for subject in (*watchlist.places, *watchlist.actors)
        }
        self._sources = Sources(config.sources)
        self._book = SourceBook(config.sources)
        self._weights = config.ontology.weights

    def rule(self, change: Change, now: datetime) -> None:
        """Fill in what follows from the change by then: status, transition, alerts."""
        if change.facet not in self.config.ontology.facets:
            return
        held = self._held(change)
        claims = {each: one for each, one in held.claims.items() if each not in change.removed}
        # what may happen, or is planned, never counts: it need not be kept
        added = [one for one in change.added if one.factuality in self._weights.factuality]
        change.added = told_apart(
            added,
            change.note,
            claims.values(),
            lambda ids: notes(self.redis, self.keys, ids),
            self._book.credit,
        )
        claims.update({claim.id: claim for claim in change.added})
        before = held.status or self._believe(change, (), now)
        after = self._believe(change, claims.values(), now)
        moved = transition(before, after, now)
        answers = answer(
            after, moved, held.ledger, self.config.watchlists, self.config.ontology, now
        )
        change.status, change.transition, change.alerts = after, moved, answers.alerts
        change.now = now
        self._keep(change, held.ledger, answers.ledger)
        change.due = _first(now, after.fades, *(told.due for told in answers.ledger.values()))
        if len(claims) > LIMIT:
            change.dropped = self._dropped(change, claims, now)

    def adopt(self, change: Change, now: datetime) -> None:
        """Fill in the status under an edited configuration: no transition, and no alert."""
        if change.facet not in self.config.ontology.facets:
            return
        held = self._held(change)
        change.status = self._believe(change, held.claims.values(), now)
        ledger = primed(change.status, held.ledger, self.config.watchlists)
        self._keep(change, held.ledger, ledger)
        change.due = _first(now, change.status.fades, *(told.due for told in ledger.values()))

    def _believe(self, change: Change, claims: Collection[Claim], now: datetime) -> Status:
        facet = self.config.ontology.facets[change.facet]
        return believe(
            change.subject,
            change.facet,
            facet,
            claims,
            self._sources,
            baseline(self.config.watchlists, change.subject, change.facet),
            weights=self._weights,
            now=now,
        )

    def _dropped(self, change: Change, claims: dict[str, Claim], now: datetime) -> set[str]:
        facet = self.config.ontology.facets[change.facet]
        kept = anchors(
            change.subject,
            change.facet,
            facet,
            claims.values(),
            self._sources,
            baseline(self.config.watchlists, change.subject, change.facet),
            weights=self._weights,
        )
        return dropped(claims, kept, lambda some: self._believe(change, some, now))

    def _held(self, change: Change) -> Held:
        # no need of WATCH: only who holds the lease writes these, and the lease is watched
        with self.redis.pipeline(transaction=False) as pipe:
            pipe.hgetall(self.keys.evidence(change.subject, change.facet))
            pipe.hget(self.keys.statuses, change.key)
            pipe.hgetall(self.keys.told(change.subject, change.facet))
            claims, status, ledger = pipe.execute()
        return Held(
            {each: Claim.from_json(line) for each, line in claims.items()},
            Status.from_json(status) if status else None,
            {each: Told.from_json(line) for each, line in ledger.items()},
        )

    def _keep(self, change: Change, before: dict[str, Told], after: dict[str, Told]) -> None:
        """Note which entries of rules changed; those of rules that are gone are deleted."""
        change.told = {
            rule: told for rule, told in after.items() if told != before.get(rule, Told())
        }
        change.untold = before.keys() - after.keys()


def _first(now: datetime, *moments: datetime | None) -> datetime | None:
    """Return the first moment that is still to come: what is past was answered."""
    return min((moment for moment in moments if moment is not None and moment > now), default=None)


def in_ms(moment: datetime) -> int:
    """Return whole ms since 1970."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def of_ms(milliseconds: float) -> datetime:
    """Return the moment of whole ms since 1970."""
    return _EPOCH + timedelta(milliseconds=int(milliseconds))


def log_change(change: Change) -> None:
    """Log a status that moved."""
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
