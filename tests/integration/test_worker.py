"""The worker stage against a real Redis: each article is read once and committed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis
from ruamel.yaml import YAML

from monitor.keys import Keys
from monitor.ontology import Ontology
from monitor.records import Article, Reading
from monitor.settings import Config, Settings
from monitor.streams import Consumer, Delays
from monitor.watchlist import Watchlist
from workers.reader import Reader
from workers.worker import Worker

NOON = datetime(2024, 12, 6, 12, tzinfo=UTC)
WATCHLIST = Watchlist.model_validate(
    {
        "places": {"hama": {"name": "Hama", "country": "SY"}},
        "actors": {
            "hts": {"name": "HTS", "aliases": ["rebels"], "kind": "armed-group", "country": "SY"}
        },
    }
)


def _config() -> Config:
    root = Path(__file__).parents[2] / "config"
    ontology = Ontology.model_validate(YAML(typ="safe").load(root / "ontology.yaml"))
    return Config(
        root=root,
        settings=Settings(),
        feeds={},
        sources={},
        ontology=ontology,
        watchlists=(WATCHLIST,),
    )


def _article(name: str, title: str, revision: int = 0) -> str:
    return Article(
        id=name,
        revision=revision,
        feed="f",
        source="s",
        title=title,
        language="en",
        published=NOON,
        seen=NOON,
    ).to_json()


def _worker(redis: Redis, keys: Keys) -> Worker:
    consumer = Consumer(redis, keys, keys.articles, "workers", "w1", Delays(block=0.01))
    consumer.ensure()
    config = _config()
    return Worker(redis, keys, consumer, lambda: config)


def test_claims_and_the_done_article_change_places_in_one_commit(redis: Redis, keys: Keys) -> None:
    """A reading with claims goes on, an empty first one does not, an empty revision does."""
    worker = _worker(redis, keys)
    first = redis.xadd(keys.articles, {"article": _article("a", "Rebels capture Hama")})
    redis.xadd(keys.articles, {"article": _article("b", "Snow in the hills")})
    redis.xadd(keys.articles, {"article": _article("c", "Snow in the hills", revision=1)})

    assert worker.step() == 3

    rows = [row for _, row in redis.xrange(keys.claims)]
    readings = [Reading.from_json(row["reading"]) for row in rows]
    assert [one.article for one in readings] == ["a", "c"]
    assert rows[0]["order"] == first
    assert redis.xlen(keys.articles) == 0
    assert redis.hget(keys.counters, "articles_read") == "1"
    assert redis.hget(keys.counters, "articles_set_aside") == "2"


def test_what_is_no_article_is_buried_with_its_reason(redis: Redis, keys: Keys) -> None:
    """The rest of the batch is read."""
    worker = _worker(redis, keys)
    redis.xadd(keys.articles, {"article": "{}"})
    redis.xadd(keys.articles, {"nothing": "here"})
    redis.xadd(keys.articles, {"article": _article("a", "Rebels capture Hama")})

    worker.step()

    errors = [row["error"] for _, row in redis.xrange(keys.dead)]
    assert [error.split(":")[0] for error in errors] == ["not an article", "not an article"]
    assert redis.xlen(keys.claims) == 1


def test_an_article_that_cannot_be_read_fails_alone(
    redis: Redis, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its neighbours in the batch are committed, it waits for another try."""
    worker = _worker(redis, keys)
    whole = Reader._of_doc

    def poisoned(self: Reader, article: Article, *rest: object) -> object:
        if article.id == "bad":
            raise ValueError("a text from hell")
        return whole(self, article, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Reader, "_of_doc", poisoned)
    redis.xadd(keys.articles, {"article": _article("bad", "Rebels capture Hama")})
    redis.xadd(keys.articles, {"article": _article("good", "Rebels capture Hama")})

    worker.step()

    readings = [Reading.from_json(row["reading"]) for _, row in redis.xrange(keys.claims)]
    assert [one.article for one in readings] == ["good"]
    assert redis.xlen(keys.articles) == 1
