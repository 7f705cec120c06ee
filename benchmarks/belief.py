"""Feeds the rules random claims: the same end in any order, the speed, and several judges at once.

Usage: ``python benchmarks/belief.py [--claims N] [--subjects N] [--orders N] [--judged N]``. The
claims are made up from a seed. Prints whether final statuses are the same in every order, claims a
second of the pure rules and of the judge with Redis beside the bare commits, whether four judge
processes end where one does, and the memory of a status.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from redis import Redis
from redis.client import Pipeline

from monitor import logs
from monitor.config import default_config, load
from monitor.connection import client_for
from monitor.judge import Judge
from monitor.keys import Keys
from monitor.leases import Lease, LostLeaseError
from monitor.records import Claim, Factuality, Reading, Status
from monitor.replay import scratch_redis
from monitor.rules.alerting import answer
from monitor.rules.belief import believe
from monitor.rules.ledger import Told
from monitor.rules.transitions import transition
from monitor.rules.voices import Sources
from monitor.settings import Config
from monitor.streams import Consumer, Delays
from monitor.watchlist import Actor, ActorKind, AlertRule, Place, Watchlist, baseline

START = datetime(2024, 1, 1, tzinfo=UTC)
#: days over which the events are spread
DAYS = 60
HOLDERS = ("crown", "league", "guild")
OUTLETS = 40
JUDGES = 4
GRADES = "AABBBCCCCCDDEF"


def config_of(subjects: int) -> Config:
    """Return the packaged ontology with made-up publishers and towns, and two rules."""
    base = load(default_config(), environ={}, watchlists=[])
    chance = random.Random(1)  # noqa: S311 — made-up news, no secrets
    sources: dict[str, Any] = {
        f"outlet-{number}": {"name": f"Outlet {number}", "grade": chance.choice(GRADES)}
        for number in range(OUTLETS)
    }
    sources["outlet-0"]["party"] = HOLDERS[0]
    watchlist = Watchlist(
        name="towns",
        places={
            f"town-{number}": Place(name=f"Town {number}", held_by=HOLDERS[0])
            for number in range(subjects)
        },
        actors={name: Actor(name=name, kind=ActorKind.ARMED_GROUP) for name in HOLDERS},
        rules=(
            AlertRule(name="any", on_upgrade="alert"),
            AlertRule.model_validate({"name": "held", "for": "6h", "cooldown": "1d"}),
        ),
    )
    return Config.model_validate(
        {**dict(base), "sources": sources, "watchlists": (watchlist,), "feeds": {}}
    )


def made_up(count: int, subjects: int) -> list[Claim]:
    """Return claims in the order in which they become known, some copied, some denied."""
    chance = random.Random(2)  # noqa: S311 — made-up news, no secrets
    levels = ("none", "threatened", "under-attack", "contested", "besieged")
    made = []
    for number in range(count):
        facet = chance.choice(("control", "control", "threat"))
        known = START + timedelta(days=DAYS) * chance.random()
        happened = known - timedelta(hours=chance.choice((0, 0, 0, 2, 12, 60)))
        source = f"outlet-{chance.randrange(OUTLETS)}"
        made.append(
            Claim(
                id=f"claim-{number:06}",
                subject=f"town-{chance.randrange(subjects)}",
                facet=facet,
                value=chance.choice(HOLDERS if facet == "control" else levels),
                factuality=chance.choice(
                    (*(Factuality.REPORTED,) * 4, *(Factuality.CONFIRMED,) * 2, *Factuality)
                ),
                start=happened - timedelta(hours=chance.choice((0, 0, 24))),
                end=happened,
                published=known,
                seen=known,
                article=f"article-{number}",
                source=source,
                story=f"story-{chance.randrange(count)}",
                link=f"https://{source}.example/{number}",
                sentence="Fighters of the league hold the town, residents said by telephone.",
                standing=chance.random() < 0.2,
            )
        )
    return sorted(made, key=lambda claim: claim.seen)


class Rules:
    """The pure rules over claims held in memory."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.sources = Sources(config.sources)

    def believe(self, key: tuple[str, str], claims: Iterable[Claim], now: datetime) -> Status:
        """Return the status of a subject's facet."""
        subject, facet = key
        ontology = self.config.ontology
        return believe(
            subject,
            facet,
            ontology.facets[facet],
            claims,
            self.sources,
            baseline(self.config.watchlists, subject, facet),
            weights=ontology.weights,
            now=now,
        )

    def final(self, claims: Sequence[Claim]) -> dict[tuple[str, str], Status]:
        """Return the statuses that follow from the claims, in the order in which they come."""
        held: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        for claim in claims:
            held[(claim.subject, claim.facet)].append(claim)
        now = max(claim.seen for claim in claims)
        return {key: self.believe(key, said, now) for key, said in held.items()}

    def one_by_one(self, claims: Sequence[Claim]) -> dict[tuple[str, str], Status]:
        """Return the same, with status, transition and alerts after every single claim."""
        held: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        stands: dict[tuple[str, str], Status] = {}
        ledgers: dict[tuple[str, str], dict[str, Told]] = defaultdict(dict)
        for claim in claims:
            key = claim.subject, claim.facet
            held[key].append(claim)
            after = self.believe(key, held[key], claim.seen)
            moved = transition(stands.get(key), after, claim.seen)
            lists, ontology = self.config.watchlists, self.config.ontology
            ledgers[key] = answer(after, moved, ledgers[key], lists, ontology, claim.seen).ledger
            stands[key] = after
        return stands


def orders_agree(rules: Rules, claims: Sequence[Claim], orders: int) -> int:
    """Return in how many random orders, with repetitions, the final statuses are the same."""
    expected = rules.final(claims)
    same = 0
    for number in range(orders):
        chance = random.Random(number)  # noqa: S311 — made-up news, no secrets
        shuffled = [*claims, *chance.sample(claims, len(claims) // 10)]
        chance.shuffle(shuffled)
        same += rules.final(shuffled) == expected
        sys.stderr.write(f"\rorder {number + 1} of {orders}: {same} the same")
    sys.stderr.write("\n")
    return same


def queue(redis: Redis, keys: Keys, claims: Sequence[Claim]) -> None:
    """Queue each claim as the reading of an article of its own."""
    with redis.pipeline(transaction=False) as pipe:
        for number, claim in enumerate(claims, start=1):
            reading = Reading(article=claim.article, revision=0, seen=claim.seen, claims=(claim,))
            fields: dict[Any, Any] = {"reading": reading.to_json(), "order": f"{number}-0"}
            pipe.xadd(keys.claims, fields)
        pipe.execute()


def judge_of(redis: Redis, keys: Keys, config: Config, name: str) -> Judge:
    """Return one judge process's judge."""
    delays = Delays(claim_after=60.0, block=0.01)
    consumer = Consumer(redis, keys, keys.claims, "judge", name, delays)
    lease = Lease(redis, keys.lease("judge"), name, seconds=15.0)
    return Judge(redis, keys, consumer, lease, lambda: config, order_wait=600.0)


def judged(redis: Redis, keys: Keys, config: Config, claims: Sequence[Claim]) -> float:
    """Let one judge do the claims; return the seconds."""
    queue(redis, keys, claims)
    judge = judge_of(redis, keys, config, "one")
    began = time.perf_counter()
    while redis.xlen(keys.claims):
        judge.step()
    return time.perf_counter() - began


def bare(redis: Redis, keys: Keys, claims: Sequence[Claim], status: str) -> float:
    """Return the seconds of as many commits of the same kind and size, without any rules."""
    queue(redis, keys, claims)
    consumer = Consumer(redis, keys, keys.claims, "judge", "bare", Delays(block=0.01))
    lease = Lease(redis, keys.lease("judge"), "bare", seconds=600.0)
    lease.take()
    began = time.perf_counter()
    while messages := consumer.read(256):
        for message in messages:

            def write(pipe: Pipeline, each: str = message.id) -> None:
                pipe.hset(keys.evidence(each, "control"), each, status)
                pipe.hset(keys.statuses, each, status)
                pipe.hincrby(keys.counters, "readings_judged", 1)

            consumer.commit([message], write, watch=lease.check, watched=(lease.key,))
    return time.perf_counter() - began


def outcome(redis: Redis, keys: Keys) -> tuple[Any, ...]:
    """Return what judges leave: statuses, transitions and alerts."""
    moves: Any = redis.xrange(keys.transitions)
    alerts: Any = redis.xrange(keys.alerts)
    told = [fields for _, fields in (*moves, *alerts)]
    return redis.hgetall(keys.statuses), told


def work(url: str, namespace: str, config: Config, name: str) -> None:
    """Judge with others until nothing is left (in a process of its own)."""
    logs.setup(level="error")
    redis, keys = client_for(url), Keys(namespace)
    judge = judge_of(redis, keys, config, name)
    while redis.xlen(keys.claims):
        try:
            judge.step()
        except LostLeaseError:
            judge.forget()
    judge.drop()


def together(redis: Redis, url: str, keys: Keys, config: Config, claims: Sequence[Claim]) -> None:
    """Let several judge processes do the claims at once."""
    queue(redis, keys, claims)
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=work, args=(url, keys.namespace, config, f"judge-{number}"))
        for number in range(JUDGES)
    ]
    for process in processes:
        process.start()
    # the one that leads first is killed half-way: another must take over
    deadline = time.monotonic() + 600
    while redis.xlen(keys.claims) > len(claims) // 2 and time.monotonic() < deadline:
        redis.ping()
    leader = redis.get(keys.lease("judge"))
    for number, process in enumerate(processes):
        if leader == f"judge-{number}":
            process.kill()
    for process in processes:
        process.join()


def memory(redis: Redis, keys: Keys) -> tuple[float, float]:
    """Return the bytes that a status takes in Redis with all that belongs to it: mean and most."""
    sizes = []
    held: Any = redis.hkeys(keys.statuses)
    for key in held:
        subject, _, facet = key.partition("/")
        names = (keys.evidence(subject, facet), keys.told(subject, facet))
        sizes.append(sum(redis.memory_usage(name, samples=0) or 0 for name in names))
    return statistics.mean(sizes), max(sizes)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--subjects", type=int, default=200)
    parser.add_argument("--orders", type=int, default=50)
    parser.add_argument("--judged", type=int, default=10_000, help="claims for the speeds")
    options = parser.parse_args()
    logs.setup(level="error")
    config = config_of(options.subjects)
    rules = Rules(config)
    claims = made_up(options.claims, options.subjects)
    began = time.perf_counter()
    same = orders_agree(rules, claims, options.orders)
    each = (time.perf_counter() - began) / (options.orders + 1) / len(claims)
    print(f"{len(claims):,} claims over {options.subjects} subjects")
    print(f"  final statuses the same in {same} of {options.orders} random orders")
    print(f"  all at once: {1 / each:,.0f} claims a second")

    few = claims[: options.judged]
    began = time.perf_counter()
    rules.one_by_one(few)
    pure = len(few) / (time.perf_counter() - began)
    with scratch_redis() as redis:
        status = next(iter(rules.final(few).values())).to_json()
        commits = len(few) / bare(redis, Keys("bare"), few, status)
        engine = len(few) / judged(redis, Keys("one"), config, few)
        url = f"unix://{redis.connection_pool.connection_kwargs['path']}"
        together(redis, url, Keys("four"), config, few)
        alike = outcome(redis, Keys("one")) == outcome(redis, Keys("four"))
        mean, most = memory(redis, Keys("one"))
    print(f"one by one, with transitions and alerts, over {len(few):,} claims:")
    print(
        f"  pure rules          {pure:8,.0f} claims a second, {pure / commits:.2f} of bare commits"
    )
    print(f"  judge with Redis    {engine:8,.0f} claims a second, {engine / commits:.2f}")
    print(f"  bare Redis commits  {commits:8,.0f} a second")
    print(
        f"{JUDGES} judge processes, the first killed half-way: {'the same' if alike else 'NOT the same'}"
    )
    print(
        f"memory of a status in Redis: {mean / 1000:.0f} kB in the mean, {most / 1000:.0f} kB at most"
    )
    sys.exit(0 if alike and same == options.orders else 1)


if __name__ == "__main__":
    main()
