"""Prometheus metrics, read from Redis at each scrape.

The counters are raised inside the commits of the stages, so they are exact, survive restarts and
are the same from whichever process they are scraped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from wsgiref.simple_server import WSGIServer

import structlog
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis import Redis

from monitor.keys import Keys
from monitor.settings import Config
from monitor.stage import GONE_AFTER, living
from monitor.streams import AWAY, entry_order

log = structlog.get_logger()


@dataclass(slots=True, eq=False)
class RedisCollector(Collector):
    """Turns what stands in Redis into metric families."""

    redis: Redis
    keys: Keys
    config: Callable[[], Config]

    def describe(self) -> list[Metric]:
        """Name nothing at registration: Redis may be away then."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield every metric; only ``monitor_redis_up`` when Redis is away."""
        up = GaugeMetricFamily("monitor_redis_up", "1 when Redis answers")
        try:
            metrics = [*self._counters(), *self._queues(), *self._feeds(), *self._stages()]
        except AWAY:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from metrics

    def _counters(self) -> Iterator[Metric]:
        rows: Any = self.redis.hgetall(self.keys.counters)
        families: dict[str, CounterMetricFamily] = {}
        for name in sorted(rows):
            base, _, label = name.partition(":")
            family = families.get(base)
            if family is None:
                family = families[base] = CounterMetricFamily(
                    f"monitor_{base}",
                    f"Count of {base.replace('_', ' ')} since the data folder was made",
                    labels=["of"] if label else [],
                )
            family.add_metric([label] if label else [], int(rows[name]))
        yield from families.values()

    def _queues(self) -> Iterator[Metric]:
        depth = GaugeMetricFamily("monitor_queue_depth", "Messages not done yet", labels=["queue"])
        age = GaugeMetricFamily(
            "monitor_queue_oldest_seconds", "Age of the oldest message not done", labels=["queue"]
        )
        for name in ("articles", "claims", "alerts", "dead"):
            stream = getattr(self.keys, name)
            depth.add_metric([name], int(self.redis.xlen(stream)))
            age.add_metric([name], oldest_age(self.redis, stream, time.time()))
        depth.add_metric(["outbox"], int(self.redis.zcard(self.keys.outbox)))
        yield from (depth, age)

    def _feeds(self) -> Iterator[Metric]:
        ok = GaugeMetricFamily(
            "monitor_feed_last_ok_timestamp_seconds", "Last good poll", labels=["feed"]
        )
        failures = GaugeMetricFamily(
            "monitor_feed_failures", "Polls that failed since the last good one", labels=["feed"]
        )
        for feed in self.config().feeds:
            row: Any = self.redis.hgetall(self.keys.feed(feed))
            ok.add_metric([feed], float(row.get("last_ok") or 0) / 1000)
            failures.add_metric([feed], int(row.get("failures") or 0))
        yield from (ok, failures)

    def _stages(self) -> Iterator[Metric]:
        now = time.time()
        alive: dict[str, int] = {}
        for name, life in living(self.redis, self.keys, now).items():
            stage = name.partition(":")[0]
            alive[stage] = alive.get(stage, 0) + (now - life["at"] < GONE_AFTER)
        family = GaugeMetricFamily("monitor_stage_processes", "Living processes", labels=["stage"])
        for stage, count in sorted(alive.items()):
            family.add_metric([stage], count)
        yield family


def oldest_age(redis: Redis, stream: str, now: float) -> float:
    """Return the age in seconds of the oldest entry of a stream, 0 when it is empty."""
    entries: Any = redis.xrange(stream, count=1)
    return max(0.0, now - entry_order(entries[0][0])[0] / 1000) if entries else 0.0


@contextmanager
def served(redis: Redis, keys: Keys, config: Callable[[], Config]) -> Iterator[None]:
    """Serve the metrics as the settings say, for as long as the ``with`` block lasts.

    A port that is taken is told in the log and stops nothing else.
    """
    server = _start(redis, keys, config)
    try:
        yield
    finally:
        if server is not None:
            server.shutdown()
            server.server_close()


def _start(redis: Redis, keys: Keys, config: Callable[[], Config]) -> WSGIServer | None:
    settings = config().settings.metrics
    if settings.port == 0:
        return None
    registry = CollectorRegistry(auto_describe=False)
    registry.register(RedisCollector(redis, keys, config))
    try:
        server, _ = start_http_server(settings.port, settings.host, registry)
    except OSError as error:
        log.error(
            "metrics.unavailable",
            address=f"{settings.host}:{settings.port}",
            error=error.strerror or str(error),
            hint="another process has the port; set metrics.port in monitor.yaml, 0 for none",
        )
        return None
    log.info("metrics.serving", url=f"http://{settings.host}:{server.server_port}/metrics")
    return server
