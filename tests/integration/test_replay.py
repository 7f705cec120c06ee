"""Replays of archives: the real pipeline on a simulated clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from redis import Redis

from monitor.archive import ArchiveItem
from monitor.config import load, seeds_folder
from monitor.records import Transition
from monitor.replay import Replay, articles_of, line_of, scratch_redis
from monitor.settings import Config

SEEDS = seeds_folder() / "december-2024"


@pytest.fixture(scope="module")
def config() -> Config:
    """Sources and watchlist of the demo."""
    return load(SEEDS, environ={}, watchlists=[SEEDS / "watchlists" / "syria.yaml"])


@pytest.fixture(scope="module")
def server() -> Iterator[Redis]:
    """A redis-server as replays use it."""
    with scratch_redis() as redis:
        yield redis


def item(feed: str, number: int, title: str, day: int, **changed: Any) -> ArchiveItem:
    """One item of a feed in December 2024."""
    row = {
        "feed": feed,
        "link": f"https://{feed}.example/{number}",
        "title": title,
        "published": datetime(2024, 12, day, 12, tzinfo=UTC),
    }
    return ArchiveItem.model_validate(row | changed)


def test_items_become_articles_as_in_polling(config: Config) -> None:
    """An item seen twice is one article, a changed one its next revision; HTML is plain text."""
    items = [
        item("levant-wire", 1, "Rebels &amp; army clash", 1, description="<p>In <b>Hama</b>.</p>"),
        item("levant-wire", 1, "Rebels &amp; army clash", 1, description="<p>In <b>Hama</b>.</p>"),
        item("levant-wire", 1, "Rebels and army clash in Hama", 1, description="Corrected."),
        item("elsewhere", 1, "Tulips", 2),
    ]

    made = list(articles_of(items, config))

    assert [(one.source, one.revision, one.title) for one in made] == [
        ("levant-wire", 0, "Rebels & army clash"),
        ("levant-wire", 1, "Rebels and army clash in Hama"),
        ("elsewhere.example", 0, "Tulips"),
    ]
    assert made[0].text == "In Hama."
    assert made[0].seen == items[0].seen


def test_a_replay_tells_what_changed_and_when(server: Redis, config: Config) -> None:
    """Transitions come in order; ``at`` is when the item stood in its feed."""
    server.flushall()
    items = [
        item("levant-wire", 1, "Rebels capture Hama", 5),
        item("meridian", 1, "Hama falls to rebels", 5, seen="2024-12-05T15:00:00Z"),
        item("levant-wire", 2, "Rebels capture Homs", 8),
    ]
    replay = Replay(config, server)

    moved = [one for one in replay.run(articles_of(items, config)) if one.facet == "control"]

    assert [(one.subject, one.to, f"{one.at:%d %H:%M}") for one in moved] == [
        ("hama", "hts", "05 12:00"),
        ("hama", "hts", "05 15:00"),
        ("homs", "hts", "08 12:00"),
    ]
    assert (replay.articles, replay.claims > 0) == (3, True)


def test_the_line_of_a_transition_is_the_published_interface(server: Redis, config: Config) -> None:
    """Exactly the keys that others script against, with evidence as link and sentence."""
    server.flushall()
    items = [item("levant-wire", 1, "Rebels capture Hama", 5)]
    moved: list[Transition] = list(Replay(config, server).run(articles_of(items, config)))

    line = line_of(next(one for one in moved if one.facet == "control"))

    assert line == {
        "at": "2024-12-05T12:00:00+00:00",
        "subject": "hama",
        "facet": "control",
        "from": "syrian-government",
        "to": "hts",
        "confidence": "reported",
        "since": "2024-12-05T12:00:00+00:00",
        "sources": ["levant-wire"],
        "evidence": [{"link": "https://levant-wire.example/1", "sentence": "Rebels capture Hama"}],
    }
