"""Runs an archive of feed items through the real pipeline on a simulated clock.

The items become articles by the same decision that polling uses, go through a real Redis, a
worker and the judge of this process, oldest first. ``at`` of a transition is the simulated time
at which the item stood in its feed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from redis import Redis
from rich.progress import Progress

from monitor import show
from monitor.archive import ArchiveItem, read_archive
from monitor.connection import client_for
from monitor.deadletters import dead_letters
from monitor.embedded import EmbeddedRedis
from monitor.fetch.news import Rules, decide
from monitor.fetch.parse import Document, Item
from monitor.fetch.text import plain
from monitor.judge import Judge
from monitor.keys import Keys
from monitor.leases import Lease
from monitor.records import Article, Transition
from monitor.settings import Config, Feed
from monitor.sources import SourceBook
from monitor.streams import Consumer, Delays
from workers.languages import in_words
from workers.worker import Worker

#: articles in the queue at once
CHUNK = 256

#: an archive has no "too old"
FOREVER = timedelta(days=36500)

#: a stage of a replay never waits: what it needs is there already, and what fails once would
#: fail again
_DELAYS = Delays(claim_after=3600.0, block=0.001, max_deliveries=1)


def articles_of(items: Iterable[ArchiveItem], config: Config) -> Iterator[Article]:
    """Turn items into articles: new ones and revisions, exactly as polling decides it."""
    book = SourceBook(config.sources)
    memory: dict[str, dict[str, str]] = {}
    for item in items:
        known = memory.setdefault(item.feed, {})

        def source(link: str, feed: str = item.feed) -> str:
            return _source(config, book, feed, link)

        rules = Rules(feed=item.feed, source=source, now=item.seen, max_age=FOREVER, max_items=1)
        decision = decide(Document(items=(_item(item),)), known, rules)
        known.update(decision.seen)
        yield from decision.articles


def _item(item: ArchiveItem) -> Item:
    """Return what the parser of feeds would have made of it."""
    return Item(
        guid=item.id,
        link=item.link,
        title=plain(item.title),
        text=plain(item.description),
        language=item.language.partition("-")[0].lower() if item.language else None,
        published=item.published,
    )


def _source(config: Config, book: SourceBook, feed: str, link: str) -> str:
    if feed in config.feeds:
        return book.resolve(config.feeds[feed], link)
    if feed in config.sources:
        return feed
    url = feed if urlsplit(feed).netloc else f"https://{feed}.invalid/"
    return book.resolve(Feed(url=url), link)


@dataclass(slots=True)
class Replay:
    """One replay: its stages and what they said so far."""

    config: Config
    redis: Redis
    keys: Keys = field(default_factory=lambda: Keys("replay"))
    articles: int = 0
    claims: int = 0
    _last: str = "0"
    _worker: Worker = field(init=False)
    _judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        reading = Consumer(self.redis, self.keys, self.keys.articles, "workers", "replay", _DELAYS)
        judging = Consumer(self.redis, self.keys, self.keys.claims, "judge", "replay", _DELAYS)
        lease = Lease(self.redis, self.keys.lease("judge"), "replay", seconds=3600)
        self._worker = Worker(self.redis, self.keys, reading, lambda: self.config)
        self._judge = Judge(
            self.redis, self.keys, judging, lease, lambda: self.config, order_wait=3600
        )

    def run(self, articles: Iterable[Article]) -> Iterator[Transition]:
        """Yield the transitions that the articles cause, in order."""
        remaining = iter(articles)
        while chunk := list(islice(remaining, CHUNK)):
            with self.redis.pipeline(transaction=False) as pipe:
                for article in chunk:
                    pipe.xadd(self.keys.articles, {"article": article.to_json()})
                pipe.execute()
            self.articles += len(chunk)
            while self.redis.xlen(self.keys.articles):
                self._worker.step()
            self.claims += int(self.redis.xlen(self.keys.claims))
            while self.redis.xlen(self.keys.claims):
                self._judge.step()
            yield from self._new()

    def _new(self) -> Iterator[Transition]:
        entries: Any = self.redis.xrange(self.keys.transitions, f"({self._last}")
        for entry, fields in entries:
            self._last = entry
            yield Transition.from_json(fields["transition"])


@contextmanager
def scratch_redis() -> Iterator[Redis]:
    """Give a real redis-server that lives as long as the block."""
    with tempfile.TemporaryDirectory(prefix="news-monitor-") as folder:
        server = EmbeddedRedis(Path(folder), fsync="no")
        server.ensure()
        client = client_for(server.url)
        try:
            yield client
        finally:
            client.shutdown(nosave=True)
            client.close()


def line_of(moved: Transition) -> dict[str, Any]:
    """Return a transition as ``monitor replay --json`` writes it."""
    return {
        "at": moved.at.isoformat(),
        "subject": moved.subject,
        "facet": moved.facet,
        "from": moved.from_,
        "to": moved.to,
        "confidence": str(moved.confidence),
        "since": moved.since.isoformat() if moved.since else None,
        "sources": list(moved.sources),
        "evidence": [{"link": item.link, "sentence": item.sentence} for item in moved.evidence],
    }


def items_in(archive: Path) -> tuple[list[ArchiveItem], int]:
    """Return the items of an archive, and how many lines were left out and told.

    Raises:
        OSError: the archive cannot be read.
    """
    bad: list[str] = []
    with archive.open(encoding="utf-8-sig", errors="replace") as lines:
        items = read_archive(lines, bad.append)
    for complaint in bad:
        sys.stderr.write(f"{archive}: {complaint}\n")
    return items, len(bad)


def replay_command(archive: Path, config: Config, *, as_json: bool) -> int:
    """Do what ``monitor replay`` does; return the exit status.

    Raises:
        OSError: the archive cannot be read.
    """
    items, bad = items_in(archive)
    out, err = show.console(), show.console(stderr=True)
    progress = Progress(console=err, transient=True, disable=not err.is_terminal)
    with scratch_redis() as redis, progress:
        task = progress.add_task("reading", total=len(items))
        replay = Replay(config, redis)
        for moved in replay.run(articles_of(_counted(items, progress, task), config)):
            if as_json:
                sys.stdout.write(json.dumps(line_of(moved), ensure_ascii=False) + "\n")
            else:
                out.print(show.transition_line(moved))
        lost = dead_letters(redis, replay.keys, count=None)
        counters: Any = redis.hgetall(replay.keys.counters)
    for name, count in sorted(counters.items()):
        if told := in_words(name.removeprefix("articles_")):
            sys.stderr.write(f"{archive}: {told} ({count} of {len(items)} items)\n")
    for letter in lost:
        sys.stderr.write(f"{archive}: an item could not be processed: {letter.error}\n")
    return 1 if bad or lost else 0


def _counted(items: Sequence[ArchiveItem], progress: Progress, task: Any) -> Iterator[ArchiveItem]:
    for item in items:
        progress.advance(task)
        yield item
