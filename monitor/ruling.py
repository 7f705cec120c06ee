"""One status at the desk: reads what stands of it in Redis, asks the rules, writes what they say.

Everything is read under the judge's lease and written in the judge's one commit.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import structlog
from redis.client import Pipeline

from monitor.keys import Keys
from monitor.records import Alert, Claim, Status, Transition
from monitor.rules.alerting import answer, primed
from monitor.rules.belief import believe
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
    status: Status | None = None
    transition: Transition | None = None
    alerts: list[Alert] = field(default_factory=list)
    #: entries of rules to write, and to delete
    told: dict[str, Told] = field(default_factory=dict)
    untold: set[str] = field(default_factory=set)
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


@dataclass(frozen=True, slots=True)
class Held:
    """What stands in Redis of one status."""

    claims: dict[str, Claim]
    status: Status | None
    ledger: dict[str, Told]


class Desk:
    """The rules with one configuration, over one Redis.

    Args:
        keys: names in Redis.
        config: the configuration in force.
    """

    def __init__(self, keys: Keys, config: Config) -> None:
        self.keys = keys
        self.config = config
        self._sources = Sources(config.sources)
        self._book = SourceBook(config.sources)

    def rule(self, pipe: Pipeline, change: Change, now: datetime) -> None:
        """Fill in what follows from the change: status, transition, alerts."""
        facet = self.config.ontology.facets.get(change.facet)
        if facet is None:
            return
        held = self._held(pipe, change.subject, change.facet)
        claims = {each: one for each, one in held.claims.items() if each not in change.removed}
        if change.added:
            change.added = told_apart(
                change.added,
                claims.values(),
                lambda articles: notes(pipe, self.keys, articles),
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
        self._keep(change, held.ledger, answers.ledger)
        change.due = _first(now, after.fades, *(told.due for told in answers.ledger.values()))

    def adopt(self, pipe: Pipeline, change: Change, now: datetime) -> None:
        """Fill in the status under an edited configuration: no transition, and no alert."""
        if change.facet not in self.config.ontology.facets:
            return
        held = self._held(pipe, change.subject, change.facet)
        change.status = self._believe(change, held.claims.values(), now)
        ledger = primed(change.status, held.ledger, self.config.watchlists)
        self._keep(change, held.ledger, ledger)
        change.due = _first(now, change.status.fades, *(told.due for told in ledger.values()))

    def _believe(self, change: Change, claims: Collection[Claim], now: datetime) -> Status:
        return believe(
            change.subject,
            change.facet,
            self.config.ontology.facets[change.facet],
            claims,
            self._sources,
            baseline(self.config.watchlists, change.subject, change.facet),
            weights=self.config.ontology.weights,
            now=now,
        )

    def _held(self, pipe: Pipeline, subject: str, facet: str) -> Held:
        claims: Any = pipe.hgetall(self.keys.evidence(subject, facet))
        status: Any = pipe.hget(self.keys.statuses, f"{subject}/{facet}")
        ledger: Any = pipe.hgetall(self.keys.told(subject, facet))
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

    def write(self, pipe: Pipeline, change: Change) -> None:
        """Write all that follows from a change, inside the commit."""
        keys = self.keys
        evidence = keys.evidence(change.subject, change.facet)
        if change.removed:
            pipe.hdel(evidence, *sorted(change.removed))
        for claim in change.added:
            pipe.hset(evidence, claim.id, claim.to_json())
            keep_note(pipe, keys, claim.article)
        if change.status is None:
            return
        pipe.hset(keys.statuses, change.key, change.status.to_json())
        told = keys.told(change.subject, change.facet)
        for rule, entry in change.told.items():
            pipe.hset(told, rule, entry.to_json())
        if change.untold:
            pipe.hdel(told, *sorted(change.untold))
        if change.due is None:
            pipe.zrem(keys.timers, change.key)
        else:
            # never too early
            pipe.zadd(keys.timers, {change.key: in_ms(change.due) + 1})
        if change.transition is not None:
            pipe.xadd(
                keys.transitions,
                {"transition": change.transition.to_json()},
                maxlen=TRANSITIONS_KEPT,
                approximate=True,
            )
            pipe.hincrby(keys.counters, f"transitions:{change.transition.kind}", 1)
        for alert in change.alerts:
            pipe.xadd(keys.alerts, {"alert": alert.to_json()})
            pipe.hincrby(keys.counters, f"alerts:{alert.severity}", 1)


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
