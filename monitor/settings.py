"""The typed form of ``monitor.yaml`` and ``feeds.yaml``; ``config.py`` reads them from files."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr

from monitor.ontology import Ontology
from monitor.units import Size, Span
from monitor.watchlist import Id, Model, Source, Watchlist

#: a length of time that may not be zero
PositiveSpan = Annotated[Span, Field(gt=timedelta(0))]

URL_PATTERN = r"^https?://[^\s/]+\S*$"
REDIS_PATTERN = r"^(?:embedded|rediss?://\S+|unix://\S+|rediss?\+sentinel://\S+)$"
LANGUAGE_PATTERN = r"^[a-z]{2}$"
READER_PATTERN = r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$"


#: ISO 639-1 code
Language = Annotated[str, Field(pattern=LANGUAGE_PATTERN)]

#: the pipeline for English that comes with the monitor
PIPELINE = "en_news_sm"
#: name of an installed spaCy pipeline, or the path of one
Pipeline = Annotated[str, Field(min_length=1)]


class Log(Model):
    """Where the daemon's own story goes: standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """Least level that is written."""
    format: Literal["auto", "console", "json"] = "auto"
    """auto: readable on a terminal, JSON lines elsewhere."""


class Fetch(Model):
    """How feeds are polled; a feed's own keys win."""

    interval: PositiveSpan = timedelta(minutes=15)
    """Pause between two polls of one feed."""
    timeout: PositiveSpan = timedelta(seconds=20)
    """Longest wait for one feed, from the first byte asked to the last received."""
    max_bytes: Size = Field(default=10_000_000, gt=0)
    """Largest feed accepted, after decompression."""
    max_items: int = Field(default=500, gt=0)
    """Items taken from one poll; the rest are counted and left."""
    concurrency: int = Field(default=8, gt=0, le=64)
    """Feeds polled at the same time."""
    user_agent: str = Field(
        default="news-monitor/0.1 (+https://news-monitor.example)", min_length=1
    )
    """How the monitor names itself to publishers; put an address of yours into it."""
    backoff_max: Span = timedelta(hours=6)
    """Longest pause after repeated errors."""
    pause_above: int = Field(default=5000, gt=0)
    """Articles waiting to be read above which fetching pauses."""
    max_age: Span = timedelta(days=30)
    """Items published longer ago than this are marked seen and not read."""


class ForeignReader(Model):
    """A reader of another make; ``workers/readers.py`` says what it must have."""

    use: str = Field(pattern=READER_PATTERN)
    """Its class: module:Class. The module is installed, or lies where the monitor is started."""
    mode: Literal["joined", "alone"] = "joined"
    """joined: its events are added to ours. alone: only its events count."""
    options: dict[str, str | int | float | bool] = Field(default_factory=dict)
    """Given to the class as keyword arguments."""


class Workers(Model):
    """How articles are read."""

    processes: Annotated[int, Field(gt=0, le=256)] | Literal["auto"] = "auto"
    """auto: one for each core."""
    batch: int = Field(default=128, gt=0, le=1000)
    """Articles that one process reads at once."""
    pipeline: Pipeline | dict[Language, Pipeline] = PIPELINE
    """Name or path of the spaCy pipeline for English, or one for each language: {en: …, fr: …}.
    What has a slash in it is a path, relative to the folder that holds the config folder."""
    reader: ForeignReader | None = None
    """A reader of another make, beside ours or in its place; left out, ours alone."""


class Queue(Model):
    """When a message counts as abandoned, and when as hopeless."""

    claim_after: PositiveSpan = timedelta(seconds=60)
    """Silence of a stage after which a peer takes over what it had in hand."""
    heartbeat: PositiveSpan = timedelta(seconds=10)
    """How often a stage says that it still works; shorter than claim_after."""
    max_deliveries: int = Field(default=5, gt=0)
    """Attempts after which a message is set aside as dead."""
    order_wait: Span = timedelta(seconds=30)
    """Longest that the rules wait for an older article that is still being read."""


class WebhookChannel(Model):
    """A URL that receives alerts, signed by Standard Webhooks 1.0.0."""

    type: Literal["webhook"]
    url: str = Field(pattern=URL_PATTERN)
    """Where alerts are posted."""
    secret: SecretStr
    """``whsec_`` and base64 of 24 to 64 random bytes; `monitor secret` makes one."""
    timeout: PositiveSpan = timedelta(seconds=15)
    """Longest wait for the receiver's answer."""
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
    redis: str = Field(default="embedded", pattern=REDIS_PATTERN)
    """embedded, redis://, rediss://, unix:// or redis+sentinel://host:port,host:port/master/db."""
    fsync: Literal["always", "everysec"] = "always"
    """How the embedded Redis syncs its append-only file."""
    namespace: Id = "monitor"
    """Two monitors on one Redis differ in it."""
    grace: Span = timedelta(seconds=20)
    """How long a stop waits for what is in hand."""
    log: Log = Log()
    fetch: Fetch = Fetch()
    workers: Workers = Workers()
    queue: Queue = Queue()
    channels: dict[Id, Channel] = Field(default_factory=dict)
    """Where alerts go, by the name that the rules use."""
    metrics: Metrics = Metrics()


class Feed(Model):
    """A URL that is polled."""

    url: str = Field(pattern=URL_PATTERN)
    source: Id | None = None
    """Source id; left out, it is found by the URL's domain."""
    interval: PositiveSpan | None = None
    """Pause between two polls; left out, that of monitor.yaml."""
    title: str = ""
    """Name for people."""
    tags: tuple[str, ...] = ()
    enabled: bool = True
    """false: not polled, but kept."""
    language: Language | None = None
    """ISO 639-1 code, when the feed does not say it rightly itself."""


class FeedsFile(Model):
    """``feeds.yaml``."""

    feeds: dict[Id, Feed] = Field(default_factory=dict)
    """What is polled, by an id of your choice."""


class SourcesFile(Model):
    """``sources.yaml``."""

    sources: dict[Id, Source] = Field(default_factory=dict)
    """Publishers, by the id that feeds.yaml uses."""


class Config(Model):
    """Everything that stands in one config folder."""

    root: Path
    """The config folder."""
    settings: Settings
    feeds: dict[Id, Feed]
    sources: dict[Id, Source]
    ontology: Ontology
    watchlists: tuple[Watchlist, ...]
    channels: dict[str, str] = Field(default_factory=dict)
    """Types of the channels by name; there even for who only looks and has no secrets."""

    @property
    def data(self) -> Path:
        """The data folder as an absolute path."""
        return (self.root.parent / self.settings.data).resolve()

    @property
    def pipelines(self) -> dict[str, str]:
        """The pipelines by language; what has a slash in it is a path, and is made absolute."""
        named = self.settings.workers.pipeline
        named = {"en": named} if isinstance(named, str) else {"en": PIPELINE, **named}
        return {
            language: str((self.root.parent / name).resolve()) if "/" in name else name
            for language, name in named.items()
        }
