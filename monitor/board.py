"""What ``monitor status``, ``subjects`` and ``explain`` know: plain data, read from Redis."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel
from redis import Redis

from monitor.alerts.views import channel_views, pending_counts, recent
from monitor.keys import Keys
from monitor.metrics import oldest_age
from monitor.records import Claim, Confidence, Status, Transition
from monitor.rules.belief import believe
from monitor.rules.ledger import Told
from monitor.rules.voices import Sources
from monitor.settings import Config
from monitor.stage import GONE_AFTER, living
from monitor.watchlist import CONTROL, baseline


class StageRow(BaseModel):
    """One process of one stage."""

    stage: str
    host: str
    pid: int
    alive: bool
    #: seconds since its last sign of life
    silent: float
    #: seconds since it started
    up: float
    #: messages done since it started
    done: int


class QueueRow(BaseModel):
    """One stream, or the outbox."""

    queue: str
    depth: int
    #: of these, handed to a stage and not yet done
    in_hand: int
    #: age in seconds of the oldest message that is not done
    lag: float


class FeedRow(BaseModel):
    """One feed and how it does."""

    feed: str
    url: str
    state: str
    failures: int
    last_ok: datetime | None
    next_due: datetime | None
    error: str | None


class AlertRow(BaseModel):
    """One delivery of one alert."""

    at: datetime
    alert: str
    severity: str
    channel: str
    state: str
    attempts: int
    summary: str
    error: str | None


class ChannelRow(BaseModel):
    """One channel: whether it takes alerts, and how many wait for it."""

    channel: str
    type: str
    #: ``open``, ``held`` by its receiver until then, or ``closed`` by it for good
    state: str
    held_until: datetime | None
    waiting: int
    error: str | None


class Board(BaseModel):
    """Everything ``monitor status`` shows."""

    now: datetime
    stages: list[StageRow]
    queues: list[QueueRow]
    feeds: list[FeedRow]
    channels: list[ChannelRow]
    alerts: list[AlertRow]
    counters: dict[str, int]
    fetch_paused: bool


class SubjectRow(BaseModel):
    """One facet of one tracked subject."""

    subject: str
    name: str
    kind: str
    facet: str
    value: str | None
    value_name: str | None
    confidence: str
    score: float
    since: datetime | None
    supporting: int
    opposing: int


class Explanation(BaseModel):
    """Why a status is what it is."""

    subject: str
    name: str
    status: Status
    value_name: str | None
    transitions: list[Transition]
    #: ``watchlist/rule`` -> what it made of the status
    told: dict[str, Told] = {}


def board(redis: Redis, keys: Keys, config: Config, now: datetime) -> Board:
    """Read the state of the whole line."""
    counters: Any = redis.hgetall(keys.counters)
    return Board(
        now=now,
        stages=_stages(redis, keys, now),
        queues=_queues(redis, keys, now),
        feeds=[_feed(redis, keys, feed, entry.url) for feed, entry in config.feeds.items()],
        channels=_channels(redis, keys, config, now),
        alerts=[
            AlertRow.model_validate(view, from_attributes=True) for view in recent(redis, keys, 10)
        ],
        counters={name: int(count) for name, count in sorted(counters.items())},
        fetch_paused=redis.hget(keys.fetching, "paused") == "1",
    )


def _stages(redis: Redis, keys: Keys, now: datetime) -> list[StageRow]:
    rows = []
    for name, life in sorted(living(redis, keys, now.timestamp()).items()):
        stage, host, pid = name.split(":")
        silent = max(0.0, now.timestamp() - life["at"])
        rows.append(
            StageRow(
                stage=stage,
                host=host,
                pid=int(pid),
                alive=silent < GONE_AFTER,
                silent=round(silent, 1),
                up=round(now.timestamp() - life["started"], 1),
                done=life["done"],
            )
        )
    return rows


def _queues(redis: Redis, keys: Keys, now: datetime) -> list[QueueRow]:
    rows = []
    for name, stream, group in (
        ("articles", keys.articles, "workers"),
        ("claims", keys.claims, "judge"),
        ("alerts", keys.alerts, "deliver"),
        ("dead", keys.dead, None),
    ):
        in_hand = 0
        if group is not None and redis.exists(stream):
            groups: Any = redis.xinfo_groups(stream)
            in_hand = sum(row["pending"] for row in groups if row["name"] == group)
        rows.append(
            QueueRow(
                queue=name,
                depth=int(redis.xlen(stream)),
                in_hand=in_hand,
                lag=round(oldest_age(redis, stream, now.timestamp()), 1),
            )
        )
    waiting: Any = redis.zrange(keys.outbox, 0, 0, withscores=True)
    overdue = max(0.0, now.timestamp() - waiting[0][1] / 1000) if waiting else 0.0
    depth = int(redis.zcard(keys.outbox))
    rows.append(QueueRow(queue="outbox", depth=depth, in_hand=0, lag=round(overdue, 1)))
    return rows


def _feed(redis: Redis, keys: Keys, feed: str, url: str) -> FeedRow:
    row: Any = redis.hgetall(keys.feed(feed))
    failures = int(row.get("failures") or 0)
    state = row.get("status") or ("new" if not row else "failing" if failures else "ok")
    return FeedRow(
        feed=feed,
        url=url,
        state=state,
        failures=failures,
        last_ok=_moment(row.get("last_ok")),
        next_due=_moment(row.get("next_due")),
        error=row.get("error") or None,
    )


def _channels(redis: Redis, keys: Keys, config: Config, now: datetime) -> list[ChannelRow]:
    stopped = {view.channel: view for view in channel_views(redis, keys, config.channels, now)}
    waiting = pending_counts(redis, keys)
    rows = []
    for name, kind in config.channels.items():
        view = stopped.get(name)
        rows.append(
            ChannelRow(
                channel=name,
                type=kind,
                state="open" if view is None else "closed" if view.closed else "held",
                held_until=view.held_until if view else None,
                waiting=waiting.get(name, 0),
                error=view.error if view else None,
            )
        )
    return rows


def _moment(milliseconds: str | None) -> datetime | None:
    return datetime.fromtimestamp(float(milliseconds) / 1000, UTC) if milliseconds else None


def names(config: Config) -> dict[str, str]:
    """Return subject id to name over all watchlists."""
    called: dict[str, str] = {}
    for watchlist in config.watchlists:
        called.update({subject: place.name for subject, place in watchlist.places.items()})
        called.update({subject: actor.name for subject, actor in watchlist.actors.items()})
    return called


def kinds(config: Config) -> dict[str, str]:
    """Return subject id to ``place`` or the kind of actor."""
    found: dict[str, str] = {}
    for watchlist in config.watchlists:
        found.update(dict.fromkeys(watchlist.places, "place"))
        found.update({subject: str(actor.kind) for subject, actor in watchlist.actors.items()})
    return found


def statuses(redis: Redis, keys: Keys) -> list[Status]:
    """Return what is believed now."""
    stored: Any = redis.hvals(keys.statuses)
    return [Status.from_json(line) for line in stored]


def subjects(config: Config, believed: Iterable[Status]) -> list[SubjectRow]:
    """Return every tracked subject with its statuses; one that has none yet appears too."""
    by_subject: dict[str, list[Status]] = {}
    for status in believed:
        by_subject.setdefault(status.subject, []).append(status)
    called = names(config)
    rows: list[SubjectRow] = []
    for subject, kind in kinds(config).items():
        held = by_subject.get(subject, [])
        if kind == "place" and not any(status.facet == CONTROL for status in held):
            held = [_baseline(config, subject), *held]
        order = list(config.ontology.facets)
        held.sort(key=lambda status: order.index(status.facet) if status.facet in order else 99)
        rows.extend(_subject_row(status, called, kind) for status in held)
        if not held:
            rows.append(_subject_row(_unknown(subject), called, kind))
    return rows


def _baseline(config: Config, subject: str) -> Status:
    return Status(
        subject=subject,
        facet=CONTROL,
        value=baseline(config.watchlists, subject, CONTROL),
        confidence=Confidence.BASELINE,
    )


def _unknown(subject: str) -> Status:
    return Status(subject=subject, facet="-", value=None, confidence=Confidence.BASELINE)


def _subject_row(status: Status, called: dict[str, str], kind: str) -> SubjectRow:
    return SubjectRow(
        subject=status.subject,
        name=called.get(status.subject, status.subject),
        kind=kind,
        facet=status.facet,
        value=status.value,
        value_name=called.get(status.value, status.value) if status.value else None,
        confidence=str(status.confidence),
        score=round(status.score, 3),
        since=status.since,
        supporting=len(status.supporting),
        opposing=len(status.opposing),
    )


def explain(
    redis: Redis, keys: Keys, config: Config, subject: str, facet: str | None = None
) -> list[Explanation]:
    """Return the evidence for and against every status of a subject (or one facet of it)."""
    called = names(config)
    kind = kinds(config).get(subject, "place")
    book = Sources(config.sources)
    history = _history(redis, keys, subject)
    judged: Any = redis.hget(keys.judging, "now")
    now = _moment(judged)
    found = []
    for name, entry in config.ontology.facets.items():
        if kind not in entry.applies_to or facet not in (None, name):
            continue
        stored: Any = redis.hvals(keys.evidence(subject, name))
        claims = [Claim.from_json(line) for line in stored]
        status = believe(
            subject,
            name,
            entry,
            claims,
            book,
            baseline(config.watchlists, subject, name),
            weights=config.ontology.weights,
            now=now,
        )
        if status.value is None and not claims and facet is None:
            continue
        found.append(
            Explanation(
                subject=subject,
                name=called.get(subject, subject),
                status=status,
                value_name=called.get(status.value, status.value) if status.value else None,
                transitions=[moved for moved in history if moved.facet == name],
                told=_told(redis, keys, subject, name),
            )
        )
    return found


def _told(redis: Redis, keys: Keys, subject: str, facet: str) -> dict[str, Told]:
    stored: Any = redis.hgetall(keys.told(subject, facet))
    return {rule: Told.from_json(line) for rule, line in sorted(stored.items())}


def _history(redis: Redis, keys: Keys, subject: str) -> list[Transition]:
    entries: Any = redis.xrange(keys.transitions)
    moves = (Transition.from_json(fields["transition"]) for _, fields in entries)
    return [moved for moved in moves if moved.subject == subject]


def as_json(rows: list[SubjectRow] | list[Explanation]) -> str:
    """Return rows as one JSON document."""
    return json.dumps([row.model_dump(mode="json") for row in rows], ensure_ascii=False, indent=2)
