"""Articles per second through the whole line, against plain ``nlp.pipe`` over the same texts.

Usage: ``python benchmarks/throughput.py [--month MONTH] [--rounds N] [--gold FILE] [--items FOLDER]``.
The line is everything between a fetched item and the stream of alerts, in one process on one
core: articles stream, reading, claims stream, judging, alerts stream, in a real Redis. The month
is cut into slices; each goes through all ways before the next begins, and they take turns in going
first, so that other load on the machine meets all alike. Plain ``nlp.pipe`` is timed twice: of the
pipeline as ``spacy.load`` gives it, which is what the line is measured by, and as the line loads it.
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
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import spacy
from gold import DATA, MissingError, Month, config_of, gold_of, items_of, one_line_errors
from redis import Redis
from spacy.language import Language

from monitor import logs
from monitor.archive import ArchiveItem
from monitor.keys import Keys
from monitor.records import Article
from monitor.replay import Replay, articles_of, scratch_redis
from workers.language import source_of
from workers.languages import ENGLISH
from workers.reader import pipeline

#: articles that all read before the clock starts, so that none pays for loading: enough that some make claims
WARM_UP = 256
#: texts that plain ``nlp.pipe`` gets at once: it is as fast with 256, and takes the more memory
PLAIN_BATCH = 32


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds that a slice took one way."""

    #: by the clock on the wall
    wall: float
    #: of the processor, by this process and the redis-server: what others run beside does not count
    busy: float


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice through all ways."""

    articles: int
    words: int
    line: Spent
    #: ``nlp.pipe`` of the pipeline as spaCy loads it
    plain: Spent
    #: the same as the line loads it: other arithmetic, another loop in parser and names
    ours: Spent


def slices(articles: Sequence[Article], count: int) -> list[Sequence[Article]]:
    """Cut into ``count`` runs of nearly equal length, none empty."""
    count = min(count, len(articles))
    borders = [len(articles) * number // count for number in range(count + 1)] if count else []
    return [articles[start:end] for start, end in pairwise(borders)]


def timed(work: Iterable[object], redis: Redis) -> Spent:
    """Return how long it takes to run through an iterable; nothing is kept."""
    began, busy = time.perf_counter(), _busy(redis)
    deque(work, maxlen=0)
    return Spent(time.perf_counter() - began, _busy(redis) - busy)


def _busy(redis: Redis) -> float:
    server: Any = redis.info("cpu")
    return time.process_time() + float(server["used_cpu_sys"]) + float(server["used_cpu_user"])


def measure(
    replay: Replay, plain: Language, ours: Language, articles: Sequence[Article], rounds: int
) -> list[Slice]:
    """Send each slice through the line and through both pipelines, taking turns."""

    def line(part: Sequence[Article]) -> Spent:
        return timed(replay.run(part), replay.redis)

    def pipe(nlp: Language, part: Sequence[Article]) -> Spent:
        bodies = (article.body for article in part)
        return timed(nlp.pipe(bodies, batch_size=PLAIN_BATCH), replay.redis)

    ways: dict[str, Callable[[Sequence[Article]], Spent]] = {
        "line": line,
        "plain": partial(pipe, plain),
        "ours": partial(pipe, ours),
    }
    for way in ways.values():
        way(articles[:WARM_UP])
    done = []
    for number, part in enumerate(slices(articles[WARM_UP:], rounds)):
        order = deque(ways)
        order.rotate(number)
        seconds = {name: ways[name](part) for name in order}
        words = sum(len(article.body.split()) for article in part)
        done.append(Slice(len(part), words, **seconds))
    return done


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


def report(parts: Sequence[Slice], redis: Redis, keys: Keys) -> None:
    """Print the figures."""
    articles, words = sum(part.articles for part in parts), sum(part.words for part in parts)
    counters: Any = redis.hgetall(keys.counters)
    memory: Any = redis.info("memory")
    form = "{:30} {:>8} {:>12} {:>12} {:>18}"
    print(form.format("", "seconds", "articles/s", "words/s", "processor seconds"))
    for name, spent in (
        ("the whole line", [part.line for part in parts]),
        ("nlp.pipe as spaCy loads it", [part.plain for part in parts]),
        ("nlp.pipe as the line loads it", [part.ours for part in parts]),
    ):
        wall, busy = sum(one.wall for one in spent), sum(one.busy for one in spent)
        rates = f"{articles / wall:.1f}", f"{words / wall:.0f}"
        print(form.format(name, f"{wall:.2f}", *rates, f"{busy:.2f}"))
    print()
    lines = [part.line for part in parts]
    for name, others in (
        ("line / plain as spaCy loads it", [part.plain for part in parts]),
        ("line / plain as the line does", [part.ours for part in parts]),
    ):
        pairs = list(zip(others, lines, strict=True))
        _ratio(name, [other.wall / line.wall for other, line in pairs])
        _ratio("  of processor seconds", [other.busy / line.busy for other, line in pairs])
    print(f"articles timed         {articles}, {words} words")
    print(f"what became of all     {_counted(counters, 'articles_')}")
    print(f"messages on the way    {_counted(counters, 'claims_made', 'readings_', 'alerts:')}")
    print(f"dead letters           {redis.xlen(keys.dead)}")
    own = _megabytes(resource.getrusage(resource.RUSAGE_SELF))
    print(f"peak memory            {own:.0f} MB this process, all ways, with both pipelines")
    # RUSAGE_CHILDREN would tell the size of this process when it forked, not of its children
    print(f"                       {memory['used_memory_peak'] / 1e6:.1f} MB redis-server")


def _ratio(name: str, ratios: Sequence[float]) -> None:
    """Print how many times as much the line does in the same time."""
    least, most = min(ratios), max(ratios)
    print(f"{name:31}{median(ratios):.2f} (median of {len(ratios)}, {least:.2f} to {most:.2f})")


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
        name = config.pipelines[ENGLISH]
        plain, ours = spacy.load(source_of(name)), pipeline(name, ENGLISH)
        parts = measure(Replay(config, redis, keys), plain, ours, articles, options.rounds)
        report(parts, redis, keys)


if __name__ == "__main__":
    main()
