"""What `status`, `subjects` and `explain` read from Redis."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis

from monitor import board
from monitor.keys import Keys
from monitor.ontology import Ontology
from monitor.records import Claim, Confidence, Factuality, Status, Transition, TransitionKind
from monitor.settings import Config, Feed, Settings
from monitor.streams import Consumer
from monitor.watchlist import Watchlist

NOON = datetime(2024, 12, 5, 12, tzinfo=UTC)


@pytest.fixture
def config() -> Config:
    """A city with a baseline, a town without one, two parties, three feeds."""
    watchlist = {
        "name": "north",
        "places": {
            "overburg": {"name": "Overburg", "held_by": "crown"},
            "netherby": {"name": "Netherby"},
        },
        "actors": {
            "crown": {"name": "The Crown", "kind": "government"},
            "league": {"name": "The League", "kind": "armed-group"},
        },
    }
    facets = {
        "control": {"applies_to": ["place"], "values": "actor"},
        "threat": {"applies_to": ["place"], "values": ["none", "besieged"]},
    }
    return Config(
        root=Path("config"),
        settings=Settings(),
        feeds={name: Feed(url=f"https://{name}.example/") for name in ("good", "bad", "new")},
        sources={},
        ontology=Ontology.model_validate({"facets": facets}),
        watchlists=(Watchlist.model_validate(watchlist),),
    )


def claim(number: int, value: str = "league") -> Claim:
    """One report that Overburg is held by somebody."""
    return Claim(
        id=f"c{number}",
        subject="overburg",
        facet="control",
        value=value,
        factuality=Factuality.REPORTED,
        start=NOON,
        end=NOON,
        published=NOON,
        seen=NOON,
        article=f"a{number}",
        source=f"desk{number}.example",
        story=f"s{number}",
        sentence=f"{value} took Overburg.",
    )


def test_the_board_shows_what_lives_and_what_waits(
    redis: Redis, keys: Keys, config: Config
) -> None:
    """Stages with their age, queues with what is in hand, feeds with their errors."""
    now = datetime.now(UTC)
    stamp = now.timestamp()
    for name, silent in (("work:here:1", 1.0), ("judge:here:2", 300.0)):
        life = {"at": stamp - silent, "started": stamp - 600, "done": 4}
        redis.hset(keys.stages, name, json.dumps(life))
    for number in range(3):
        redis.xadd(keys.articles, {"article": str(number)})
    Consumer(redis, keys, keys.articles, "workers", "a").read(2)
    redis.zadd(keys.outbox, {"alert/desk": (stamp - 60) * 1000})
    redis.hset(keys.feed("good"), mapping={"status": "ok", "last_ok": int(stamp * 1000)})
    redis.hset(keys.feed("bad"), mapping={"status": "failing", "failures": 2, "error": "is HTML"})
    redis.hset(keys.fetching, "paused", "1")

    seen = board.board(redis, keys, config, now)

    assert [(row.stage, row.alive, row.up, row.done) for row in seen.stages] == [
        ("judge", False, 600.0, 4),
        ("work", True, 600.0, 4),
    ]
    queues = {row.queue: row for row in seen.queues}
    assert (queues["articles"].depth, queues["articles"].in_hand) == (3, 2)
    assert (queues["claims"].depth, queues["claims"].in_hand) == (0, 0)
    assert (queues["outbox"].depth, queues["outbox"].lag) == (1, 60.0)
    assert [(row.feed, row.state, row.error) for row in seen.feeds] == [
        ("good", "ok", None),
        ("bad", "failing", "is HTML"),
        ("new", "new", None),
    ]
    assert seen.feeds[0].last_ok is not None
    assert abs(seen.feeds[0].last_ok - now) < timedelta(seconds=1)
    assert seen.fetch_paused


def test_the_board_shows_which_channels_take_nothing(
    redis: Redis, keys: Keys, config: Config
) -> None:
    """Open ones with what waits for them, one that asked for a pause, one that wants no more."""
    now = datetime.now(UTC)
    until = now.replace(microsecond=0) + timedelta(minutes=5)
    channels = dict.fromkeys(("desk", "night", "old"), "webhook")
    redis.zadd(keys.outbox, {"a/desk": 1, "b/desk": 2, "a/night": 3})
    redis.hset(keys.channel("night"), "hold", int(until.timestamp() * 1000))
    redis.hset(keys.channel("old"), mapping={"closed": "x", "error": "answered 410"})

    seen = board.board(redis, keys, config.model_copy(update={"channels": channels}), now)

    assert [(row.channel, row.state, row.waiting, row.error) for row in seen.channels] == [
        ("desk", "open", 2, None),
        ("night", "held", 1, None),
        ("old", "closed", 0, "answered 410"),
    ]
    assert seen.channels[1].held_until == until


def test_every_tracked_subject_has_a_row(redis: Redis, keys: Keys, config: Config) -> None:
    """Those without news show the baseline, or that nothing is known."""
    held = Status(
        subject="overburg", facet="control", value="league", confidence=Confidence.REPORTED
    )
    threat = Status(
        subject="overburg", facet="threat", value="besieged", confidence=Confidence.CLAIMED
    )
    for status in (threat, held):
        redis.hset(keys.statuses, status.key, status.to_json())

    rows = board.subjects(config, board.statuses(redis, keys))

    assert [(row.name, row.facet, row.value_name, row.confidence) for row in rows] == [
        ("Overburg", "control", "The League", "reported"),
        ("Overburg", "threat", "besieged", "claimed"),
        ("Netherby", "control", None, "baseline"),
        ("The Crown", "-", None, "baseline"),
        ("The League", "-", None, "baseline"),
    ]
    assert json.loads(board.as_json(rows))[0]["subject"] == "overburg"


def test_an_explanation_is_made_from_the_evidence(redis: Redis, keys: Keys, config: Config) -> None:
    """The status as the rules see it now, its evidence, and how it came to this."""
    for each in (claim(1), claim(2)):
        redis.hset(keys.evidence("overburg", "control"), each.id, each.to_json())
    moved = Transition(
        id="t1",
        kind=TransitionKind.CHANGED,
        at=NOON,
        subject="overburg",
        facet="control",
        from_="crown",
        to="league",
        from_confidence=Confidence.BASELINE,
        confidence=Confidence.REPORTED,
    )
    other = moved.model_copy(update={"subject": "netherby"})
    for transition in (moved, other):
        redis.xadd(keys.transitions, {"transition": transition.to_json()})

    [told] = board.explain(redis, keys, config, "overburg", "control")

    assert told.value_name == "The League"
    assert {item.claim for item in told.status.supporting} == {"c1", "c2"}
    assert [one.subject for one in told.transitions] == ["overburg"]
    assert board.explain(redis, keys, config, "crown") == []


def test_names_and_kinds_come_from_the_watchlists(config: Config) -> None:
    """By subject id."""
    assert board.names(config)["league"] == "The League"
    assert board.kinds(config) == {
        "overburg": "place",
        "netherby": "place",
        "crown": "government",
        "league": "armed-group",
    }
