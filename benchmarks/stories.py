"""Prints which reports were taken for one story, in real months and in the demo archive.

Usage: ``python benchmarks/stories.py [--gold FILE] [--items FOLDER]``. Each group of claims that say
the same of the same subject, by several publishers and as one voice, is shown with what joins
them: the same sentence, near-copies, or a credit to one agency. Without the months only the demo.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gold import DATA, config_of, gold_of, items_of, one_line_errors
from redis import Redis

from monitor import logs
from monitor.archive import ArchiveItem, read_archive
from monitor.config import load, seeds_folder
from monitor.keys import Keys
from monitor.records import Claim, Factuality
from monitor.replay import Replay, articles_of, scratch_redis
from monitor.rules.joins import Joins
from monitor.rules.voices import Sources
from monitor.settings import Config

DEMO = seeds_folder() / "december-2024"
_AGAINST = (Factuality.DENIED, Factuality.NEGATED)
#: characters of a sentence shown
LENGTH = 110


@dataclass(frozen=True, slots=True)
class Story:
    """Claims that are one voice, though several publishers made them."""

    about: str
    claims: tuple[Claim, ...]
    joined_by: tuple[str, ...]


def claims_of(redis: Redis, keys: Keys) -> Iterator[tuple[str, list[Claim]]]:
    """Yield what is held on each status."""
    statuses: Any = redis.hkeys(keys.statuses)
    for key in sorted(statuses):
        subject, _, facet = key.partition("/")
        lines: Any = redis.hvals(keys.evidence(subject, facet))
        yield key, [Claim.from_json(line) for line in lines]


def joined(claims: Iterable[Claim], sources: Sources) -> Iterator[Story]:
    """Yield the stories among the claims on one status."""
    joins = Joins()
    by_side: dict[tuple[str, bool], list[Claim]] = defaultdict(list)
    for claim in claims:
        by_side[(claim.value, claim.factuality in _AGAINST)].append(claim)
    for (value, against), side in by_side.items():
        about = f"{'not ' if against else ''}{value}"
        for claim in side:
            joins.join((about, claim.id), _links(about, claim))
        groups: dict[Hashable, list[Claim]] = defaultdict(list)
        for claim in side:
            groups[joins.root((about, claim.id))].append(claim)
        for group in groups.values():
            if len({sources.family(claim.source) for claim in group}) > 1:
                group.sort(key=lambda claim: (claim.published, claim.id))
                yield Story(about, tuple(group), tuple(_reasons(group)))


def _links(about: str, claim: Claim) -> Iterator[Hashable]:
    yield about, "sentence", claim.story
    yield about, "article", claim.article
    yield from ((about, "article", article) for article in claim.copies)
    # the agency's own report and those that credit it
    yield about, "agency", claim.credit or claim.source


def _reasons(group: Sequence[Claim]) -> Iterator[str]:
    if any(claim.copies for claim in group):
        yield "near-copies"
    if len({claim.story for claim in group}) < len(group):
        yield "the same sentence"
    if agencies := sorted({claim.credit for claim in group if claim.credit}):
        yield f"credit to {', '.join(agencies)}"


def shown(name: str, config: Config, items: Sequence[ArchiveItem], redis: Redis) -> None:
    """Replay the items and print the stories."""
    keys = Keys(f"stories-{name}")
    for _ in Replay(config, redis, keys).run(articles_of(items, config)):
        continue
    print(f"== {name}: {len(items)} items")
    sources = Sources(config.sources)
    counts: Counter[str] = Counter()
    for key, claims in claims_of(redis, keys):
        counts["claims"] += len(claims)
        for story in joined(claims, sources):
            counts["stories"] += 1
            counts["claims in them"] += len(story.claims)
            print(f"{key} {story.about}: {' and '.join(story.joined_by)}")
            for claim in story.claims:
                credit = f", credits {claim.credit}" if claim.credit else ""
                print(
                    f"    {claim.published:%d %b %H:%M}  {claim.source}{credit}:"
                    f" {claim.sentence[:LENGTH]}"
                )
    told = ", ".join(f"{count} {what}" for what, count in counts.items())
    print(f"{name}: {told or 'no claims'}; told by several publishers and counted as one voice\n")


def main() -> None:
    """Read the arguments, replay, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--gold", type=Path, default=DATA / "gold.yaml", help="the months' subjects"
    )
    parser.add_argument("--items", type=Path, default=DATA, help="folder of <month>.jsonl[.gz]")
    options = parser.parse_args()
    logs.setup(level="error")
    with scratch_redis() as redis:
        watchlists = [DEMO / "watchlists" / "syria.yaml"]
        config = load(DEMO, environ=os.environ, watchlists=watchlists)
        with (DEMO / "archive.jsonl").open(encoding="utf-8") as lines:
            shown("demo", config, read_archive(lines, print), redis)
        if not options.gold.exists():
            return
        with one_line_errors():
            for month in gold_of(options.gold):
                items = items_of(options.items, month.month)
                shown(month.month, config_of(month), items, redis)


if __name__ == "__main__":
    main()
