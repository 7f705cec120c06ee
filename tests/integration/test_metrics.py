"""Prometheus metrics: over real HTTP, from a real Redis."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from monitor.connection import client_for
from monitor.embedded import EmbeddedRedis
from monitor.keys import Keys
from monitor.metrics import RedisCollector, oldest_age, served
from monitor.ontology import Ontology
from monitor.settings import Config, Feed, Settings
from tests.conftest import free_port


def config(port: int = 0) -> Config:
    """One feed, and a port for the metrics."""
    return Config(
        root=Path("config"),
        settings=Settings.model_validate({"metrics": {"port": port}}),
        feeds={"herald": Feed(url="https://herald.example/feed")},
        sources={},
        ontology=Ontology.model_validate({"facets": {}}),
        watchlists=(),
    )


def scrape(port: int) -> dict[str, float]:
    """Return what a Prometheus would see, by name and labels."""
    text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    return {
        sample.name + "".join(f"/{value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_everything_that_stands_in_redis_is_served(redis: Redis, keys: Keys) -> None:
    """Counters with and without a label, queues, feeds, stages."""
    redis.hset(keys.counters, mapping={"items_new": 7, "alerts:critical": 2, "alerts:info": 1})
    redis.xadd(keys.articles, {"article": "1"})
    redis.zadd(keys.outbox, {"alert/desk": 1})
    redis.hset(keys.feed("herald"), mapping={"last_ok": 5000, "failures": 3})
    life = json.dumps({"at": time.time(), "started": 0, "done": 1})
    late = json.dumps({"at": time.time() - 60, "started": 0, "done": 1})
    redis.hset(
        keys.stages, mapping={"work:here:1": life, "work:here:2": life, "judge:here:3": late}
    )

    port = free_port()
    with served(redis, keys, lambda: config(port)):
        seen = scrape(port)

    assert seen["monitor_redis_up"] == 1
    assert seen["monitor_items_new_total"] == 7
    assert seen["monitor_alerts_total/critical"] == 2
    assert seen["monitor_alerts_total/info"] == 1
    assert seen["monitor_queue_depth/articles"] == 1
    assert seen["monitor_queue_depth/outbox"] == 1
    assert seen["monitor_feed_last_ok_timestamp_seconds/herald"] == 5
    assert seen["monitor_feed_failures/herald"] == 3
    assert seen["monitor_stage_processes/work"] == 2
    assert seen["monitor_stage_processes/judge"] == 0
    with pytest.raises(httpx.ConnectError):
        scrape(port)


def test_a_redis_that_is_away_is_a_metric_too(own_server: EmbeddedRedis, keys: Keys) -> None:
    """Without Redis the scrape does not fail: it says that Redis is down."""
    redis = client_for(own_server.url)
    with own_server.client() as other:
        other.shutdown(nosave=True)

    families = list(RedisCollector(redis, keys, config).collect())

    assert [family.name for family in families] == ["monitor_redis_up"]
    assert families[0].samples[0].value == 0
    redis.close()


def test_a_port_that_is_taken_stops_nothing(
    redis: Redis, keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another process has the port: one line that says so, and the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with served(redis, keys, lambda: config(port)):
            pass

    assert "metrics.unavailable" in capsys.readouterr().out


def test_port_0_means_no_metrics(redis: Redis, keys: Keys) -> None:
    """Switched off, nothing listens."""
    with served(redis, keys, config):
        assert redis.ping()


def test_the_age_of_a_queue_is_that_of_its_oldest_message(redis: Redis, keys: Keys) -> None:
    """In seconds; an empty queue has no age, a clock that runs behind gives none either."""
    assert oldest_age(redis, keys.articles, now=100.0) == 0
    redis.xadd(keys.articles, {"article": "1"}, id="40000-0")
    redis.xadd(keys.articles, {"article": "2"}, id="90000-0")

    assert oldest_age(redis, keys.articles, now=100.0) == 60
    assert oldest_age(redis, keys.articles, now=1.0) == 0
