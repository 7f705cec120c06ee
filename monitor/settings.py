"""The typed form of ``monitor.yaml`` and ``feeds.yaml``; ``config.py`` reads them from files."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr

from monitor.ontology import Ontology
from monitor.watchlist import Id, Model, Source, Watchlist

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_SIZES = {"B": 1, "kB": 1_000, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}


def _span(value: object) -> object:
    if isinstance(value, str) and (match := re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)", value)):
        return timedelta(seconds=float(match[1]) * _UNITS[match[2]])
    return value


def _size(value: object) -> object:
    if isinstance(value, str) and (
        match := re.fullmatch(r"(\d+(?:\.\d+)?)\s*(B|kB|KB|MB|GB)", value)
    ):
        return int(float(match[1]) * _SIZES[match[2]])
    return value


#: a length of time: ``90s``, ``15m``, ``2h``, ``1d``, ISO 8601, or seconds
Span = Annotated[timedelta, BeforeValidator(_span)]
#: a number of bytes: ``10MB``, ``500kB``, or a plain number
Size = Annotated[int, BeforeValidator(_size)]


class Log(Model):
    """Where the daemon's own story goes: standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "console", "json"] = "auto"
    """auto: readable on a terminal, JSON lines elsewhere."""


class Fetch(Model):
    """How feeds are polled; a feed's own keys win."""

    interval: Span = timedelta(minutes=15)
    timeout: Span = timedelta(seconds=20)
    """Longest wait for one feed, from the first byte asked to the last received."""
    max_bytes: Size = Field(default=10_000_000, gt=0)
    """Largest feed accepted, after decompression."""
    max_items: int = Field(default=500, gt=0)
    """Items taken from one poll; the rest are counted and left."""
    concurrency: int = Field(default=8, gt=0, le=64)
    user_agent: str = "news-monitor/0.1 (+https://news-monitor.example)"
    backoff_max: Span = timedelta(hours=6)
    """Longest pause after repeated errors."""
    pause_above: int = Field(default=5000, gt=0)
    """Articles waiting to be read above which fetching pauses."""
    max_age: Span = timedelta(days=30)
    """Items published longer ago than this are marked seen and not read."""


class Workers(Model):
    """How articles are read."""

    processes: Annotated[int, Field(gt=0, le=256)] | Literal["auto"] = "auto"
    """auto: one for each core."""
    batch: int = Field(default=32, gt=0, le=1000)
    pipeline: str = "en_news_sm"
    """Name or path of a spaCy pipeline."""


class Queue(Model):
    """When a message counts as abandoned, and when as hopeless."""

    claim_after: Span = timedelta(seconds=60)
    heartbeat: Span = timedelta(seconds=10)
    max_deliveries: int = Field(default=5, gt=0)
    order_wait: Span = timedelta(seconds=30)
    """Longest that the rules wait for an older article that is still being read."""


class WebhookChannel(Model):
    """A URL that receives alerts, signed by Standard Webhooks 1.0.0."""

    type: Literal["webhook"]
    url: str = Field(pattern=r"^https?://[^\s/]+\S*$")
    secret: SecretStr
    """``whsec_`` and base64 of 24 to 64 random bytes; `monitor secret` makes one."""
    timeout: Span = timedelta(seconds=15)
    give_up_after: Span = timedelta(days=3)
    """Age at which a delivery that always failed is set aside as failed."""


class StdoutChannel(Model):
    """Alerts on the standard output of `monitor deliver` or `monitor run`."""

    type: Literal["stdout"]
    format: Literal["text", "json"] = "text"


class LogChannel(Model):
    """Alerts as structured log lines."""

    type: Literal["log"]


Channel = Annotated[WebhookChannel | StdoutChannel | LogChannel, Field(discriminator="type")]


class Metrics(Model):
    """Prometheus metrics over HTTP."""

    host: str = "127.0.0.1"
    port: int = Field(default=9464, ge=0, le=65535)
    """0 switches them off."""


class Settings(Model):
    """``monitor.yaml``."""

    data: Path = Path("data")
    """Folder for the embedded Redis, relative to the folder that holds the config folder."""
    redis: str = "embedded"
    """embedded, redis://, rediss://, unix:// or redis+sentinel://host:port,host:port/master/db."""
    fsync: Literal["always", "everysec"] = "always"
    """How the embedded Redis syncs its append-only file."""
    namespace: Id = "monitor"
    grace: Span = timedelta(seconds=20)
    """How long a stop waits for what is in hand."""
    log: Log = Log()
    fetch: Fetch = Fetch()
    workers: Workers = Workers()
    queue: Queue = Queue()
    channels: dict[Id, Channel] = Field(default_factory=dict)
    metrics: Metrics = Metrics()


class Feed(Model):
    """A URL that is polled."""

    url: str = Field(pattern=r"^https?://[^\s/]+\S*$")
    source: Id | None = None
    """Source id; left out, it is found by the URL's domain."""
    interval: Span | None = None
    title: str = ""
    tags: tuple[str, ...] = ()
    enabled: bool = True
    language: str | None = Field(default=None, pattern=r"^[a-z]{2}$")


class Config(Model):
    """Everything that stands in one config folder."""

    root: Path
    """The config folder."""
    settings: Settings
    feeds: dict[Id, Feed]
    sources: dict[Id, Source]
    ontology: Ontology
    watchlists: tuple[Watchlist, ...]

    @property
    def data(self) -> Path:
        """The data folder as an absolute path."""
        return (self.root.parent / self.settings.data).resolve()
