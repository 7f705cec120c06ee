"""Articles per second through the whole line, against plain ``nlp.pipe`` over the same texts.

Usage: ``python benchmarks/throughput.py [--month MONTH] [--rounds N] [--gold FILE] [--items FOLDER]``.
The line is everything between a fetched item and the stream of alerts, in one process on one
core: articles stream, reading, claims stream, judging, alerts stream, in a real Redis. The month
is cut into slices; each goes through both before the next begins, and they take turns in going
first, so that other load on the machine meets both alike.
"""

from __future__ import annotations

import one_thread  # noqa: F401 — before all that computes

# isort: split
import argparse
import os
import resource
import sys
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from gold import DATA, MissingError, Month, config_of, gold_of, items_of, one_line_errors
from redis import Redis
from spacy.language import Language

from monitor import logs
from monitor.archive import ArchiveItem
from monitor.keys import Keys
from monitor.records import Article
from monitor.replay import Replay, articles_of, scratch_redis
from workers.reader import pipeline

#: articles that both read before the clock starts, so that neither pays for loading
WARM_UP = 64
#: texts that plain ``nlp.pipe`` gets at once: it is as fast with 256, and takes the more memory
PLAIN_BATCH = 32


@dataclass(frozen=True, slots=True)
class Pair:
    """One slice through both. Times in seconds."""

    articles: int
    words: int
    line: float
    plain: float

    @property
    def ratio(self) -> float:
        """How many times as many articles a second the line does."""
        return self.plain / self.line


def slices(articles: Sequence[Article], count: int) -> list[Sequence[Article]]:
    """Cut into ``count`` runs of nearly equal length, none empty."""
    count = min(count, len(articles))
    borders = [len(articles) * number // count for number in range(count + 1)] if count else []
    return [articles[start:end] for start, end in pairwise(borders)]


def timed(work: Iterable[object]) -> float:
    """Return how long it takes to run through an iterable, in seconds; nothing is kept."""
    began = time.perf_counter()
    deque(work, maxlen=0)
    return time.perf_counter() - began


def measure(replay: Replay, nlp: Language, articles: Sequence[Article], rounds: int) -> list[Pair]:
    """Send each slice through the line and through ``nlp.pipe``, taking turns."""

    def line(part: Sequence[Article]) -> float:
        return timed(replay.run(part))

    def plain(part: Sequence[Article]) -> float:
        return timed(nlp.pipe((article.body for article in part), batch_size=PLAIN_BATCH))

    for way in (line, plain):
        way(articles[:WARM_UP])
    pairs = []
    for number, part in enumerate(slices(articles[WARM_UP:], rounds)):
        if number % 2:
            plain_time, line_time = plain(part), line(part)
        else:
            line_time, plain_time = line(part), plain(part)
        words = sum(len(article.body.split()) for article in part)
        pairs.append(Pair(len(part), words, line_time, plain_time))
    return pairs


def one_core() -> str:
    """Keep this process, and the Redis that it will start, to one core where that is possible."""
    if hasattr(os, "sched_setaffinity"):
        core = max(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {core})
        return f"one core (number {core}), shared with the redis-server"
    return "one thread; the redis-server may use another core"


def _megabytes(usage: resource.struct_rusage) -> float:
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage counts bytes there, else KiB
    return usage.ru_maxrss * unit / 1e6


def report(pairs: Sequence[Pair], redis: Redis, keys: Keys) -> None:
    """Print the figures."""
    articles, words = sum(pair.articles for pair in pairs), sum(pair.words for pair in pairs)
    line, plain = sum(pair.line for pair in pairs), sum(pair.plain for pair in pairs)
    counters: Any = redis.hgetall(keys.counters)
    memory: Any = redis.info("memory")
    form = "{:22} {:>8} {:>12} {:>12}"
    print(form.format("", "seconds", "articles/s", "words/s"))
    for name, seconds in (("the whole line", line), ("plain nlp.pipe", plain)):
        print(
            form.format(
                name, f"{seconds:.2f}", f"{articles / seconds:.1f}", f"{words / seconds:.0f}"
            )
        )
    ratios = sorted(pair.ratio for pair in pairs)
    print(
        f"\nline / plain           {median(ratios):.2f} (median of {len(pairs)} pairs,"
        f" {ratios[0]:.2f} to {ratios[-1]:.2f})"
    )
    print(f"articles timed         {articles}, {words} words")
    print(f"what became of all     {_counted(counters, 'articles_')}")
    print(f"messages on the way    {_counted(counters, 'claims_made', 'readings_', 'alerts:')}")
    print(f"dead letters           {redis.xlen(keys.dead)}")
    own = _megabytes(resource.getrusage(resource.RUSAGE_SELF))
    print(f"peak memory            {own:.0f} MB this process, both ways with one pipeline")
    # RUSAGE_CHILDREN would tell the size of this process when it forked, not of its children
    print(f"                       {memory['used_memory_peak'] / 1e6:.1f} MB redis-server")


def _counted(counters: dict[str, str], *names: str) -> str:
    told = [f"{name} {count}" for name, count in sorted(counters.items()) if name.startswith(names)]
    return ", ".join(told) or "nothing counted"


def data_of(options: argparse.Namespace) -> tuple[Month, list[ArchiveItem]]:
    """Return the month that was asked for, or the first of the gold file, with its items.

    Raises:
        MissingError: there is no such month.
    """
    months = {month.month: month for month in gold_of(options.gold)}
    asked = options.month or next(iter(months), "")
    if asked not in months:
        raise MissingError(f"{options.gold}: no month {asked!r}; there is {', '.join(months)}")
    return months[asked], items_of(options.items, asked)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--gold", type=Path, default=DATA / "gold.yaml", help="names the subjects")
    parser.add_argument("--items", type=Path, default=DATA, help="folder of <month>.jsonl[.gz]")
    parser.add_argument("--month", help="a month of the gold file; left out, its first")
    parser.add_argument("--rounds", type=int, default=12, help="slices that the month is cut into")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds: at least 1")
    logs.setup(level="warning")
    with one_line_errors():
        month, items = data_of(options)
    config, keys = config_of(month), Keys("throughput")
    articles = list(articles_of(items, config))
    if len(articles) <= WARM_UP:
        sys.exit(f"{month.month}: {len(articles)} articles; more than {WARM_UP} are needed")
    print(f"{month.month}: {len(articles)} articles, {one_core()}")
    with scratch_redis() as redis:
        nlp = pipeline(config.pipelines["en"])
        pairs = measure(Replay(config, redis, keys), nlp, articles, options.rounds)
        report(pairs, redis, keys)


if __name__ == "__main__":
    main()
