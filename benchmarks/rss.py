"""Replays months of real feeds and scores what the monitor says against what they support.

Usage: ``python benchmarks/rss.py [--gold FILE] [--items FOLDER] [--errors] [--json]``. Every miss,
trap and false alarm is shown with the item and the sentence it rests on; a table closes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gold import DATA, Expect, Month, config_of, gold_of, items_of, one_line_errors
from redis import Redis
from scoring import (
    ALERTS_PER_CHANGE,
    FALSE_PER_1000,
    RECALL,
    TRAPS,
    Outcome,
    Score,
    Stream,
    score,
    stream,
    total,
)

from monitor import logs
from monitor.archive import ArchiveItem
from monitor.fetch.text import plain
from monitor.keys import Keys
from monitor.records import Alert, Claim, Transition
from monitor.replay import Replay, articles_of, line_of, scratch_redis

#: pieces of evidence shown with a transition
SHOWN = 3

#: characters of a description shown
LENGTH = 300


@dataclass(frozen=True, slots=True)
class Run:
    """One month replayed."""

    month: Month
    items: Sequence[ArchiveItem]
    seconds: float
    transitions: Sequence[Transition]
    score: Score
    #: claims held at the end on each expected change that was missed
    held: dict[Expect, list[Claim]]
    #: messages that no stage could process
    dead: int
    #: what a rule without conditions sent
    alerts: Stream


def replayed(redis: Redis, month: Month, items: Sequence[ArchiveItem]) -> Run:
    """Run a month through the real pipeline and score what it says."""
    config, keys = config_of(month), Keys(f"rss-{month.month}")
    began = time.perf_counter()
    transitions = list(Replay(config, redis, keys).run(articles_of(items, config)))
    seconds = time.perf_counter() - began
    scored = score(month, len(items), transitions)
    held = {
        outcome.expect: _claims(redis, keys, outcome.expect)
        for outcome in scored.outcomes
        if outcome.met is None
    }
    dead = int(redis.xlen(keys.dead))
    sent: Any = redis.xrange(keys.alerts)
    alerts = stream(month, [Alert.from_json(fields["alert"]) for _, fields in sent])
    return Run(month, items, seconds, transitions, scored, held, dead, alerts)


def _claims(redis: Redis, keys: Keys, expect: Expect) -> list[Claim]:
    stored: Any = redis.hgetall(keys.evidence(expect.subject, expect.facet))
    claims = [Claim.from_json(line) for line in stored.values()]
    within = [one for one in claims if expect.opens <= one.seen <= expect.closes]
    return sorted(within, key=lambda claim: (claim.seen, claim.id))


def mentions(run: Run, expect: Expect) -> Iterator[ArchiveItem]:
    """Yield the items of the expected change's time that name its subject."""
    subject = run.month.subjects[expect.subject]
    names = "|".join(
        # a generic name ("the rebels") is read in any case, a proper name as it is written
        f"(?i:{re.escape(name)})" if name[0].islower() else re.escape(name)
        for name in (subject.name, *subject.aliases)
    )
    named = re.compile(rf"\b(?:{names})\b")
    for item in run.items:
        if expect.opens <= item.seen <= expect.closes and named.search(_text(item)):
            yield item


def _text(item: ArchiveItem) -> str:
    return f"{plain(item.title)} | {plain(item.description)}"


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def report(run: Run, *, errors: bool) -> Iterator[str]:
    """Yield the lines on one month."""
    scored = run.score
    yield f"== {run.month.month}: {scored.items} items, {run.seconds:.1f} s, {_kinds(run)}"
    if run.dead:
        yield f"   {run.dead} messages could not be processed and are left out"
    yield f"\nRecall: {scored.met} of {len(scored.outcomes)} expected changes met in time"
    for outcome in scored.outcomes:
        yield from _outcome(run, outcome, errors=errors)
    yield f"\nTraps: {len(scored.hits)} of {scored.traps} hit"
    for hit in scored.hits:
        never = hit.never
        before = f" before {_minute(never.before)}" if never.before else ""
        yield f"  TRAP  {never.subject} {never.facet} {never.value}{before}: {never.why}"
        for moved in hit.transitions:
            yield from _transition(run, moved, "        ")
    for name, told in (("reported or better", scored.false), ("claimed", scored.claimed)):
        yield f"\nChanges not asked for, told as {name}: {len(told)}"
        for moved in told:
            yield from _transition(run, moved, "  ")
    yield from _stream(run.alerts)
    yield ""


def _stream(alerts: Stream) -> Iterator[str]:
    repeated = {expect: told for expect, told in alerts.told.items() if len(told) > 1}
    yield (
        f"\nAlerts: {alerts.per_change:.2f} for each of {len(alerts.told)} expected changes told,"
        f" {len(alerts.later)} about the same values later, {len(alerts.retracted)} taken back,"
        f" {len(alerts.others)} about other changes"
    )
    for expect, told in repeated.items():
        yield f"  MORE  {expect.subject} {expect.facet} {'|'.join(expect.any_of)}"
        for alert in told:
            yield f"        {_minute(alert.transition.at)}  {alert.summary}"
    for alert in alerts.later:
        yield f"  LATER {_minute(alert.transition.at)}  {alert.summary}"


def _kinds(run: Run) -> str:
    counts: dict[str, int] = defaultdict(int)
    for moved in run.transitions:
        counts[moved.kind.value] += 1
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    return f"{len(run.transitions)} transitions" + (f" ({kinds})" if kinds else "")


def _outcome(run: Run, outcome: Outcome, *, errors: bool) -> Iterator[str]:
    expect, met = outcome.expect, outcome.met
    what = f"{expect.subject} {expect.facet} {'|'.join(expect.any_of)}"
    if met is not None:
        yield f"  met   {what}: {met.to} ({met.confidence}) at {_minute(met.at)}"
        return
    yield f"  MISS  {what}: wanted {_minute(expect.first)} to {_minute(expect.closes)}"
    if outcome.stood is None:
        baseline = run.month.baseline(expect.subject, expect.facet)
        yield f"        stood: {baseline or 'nothing'} (baseline)"
    else:
        yield "        stood, from before its time:" if outcome.early else "        stood:"
        yield from _transition(run, outcome.stood, "        ")
    if outcome.late is not None:
        yield "        came late:"
        yield from _transition(run, outcome.late, "        ")
    if errors:
        for item in mentions(run, expect):
            yield f"        item  {_minute(item.seen)}  {item.link}"
            yield f"              {_text(item)[:LENGTH]}"
        for claim in run.held[expect]:
            yield f"        claim {_minute(claim.seen)}  {claim.value} ({claim.factuality})"
            yield f"              {claim.sentence}"


def _transition(run: Run, moved: Transition, margin: str) -> Iterator[str]:
    yield (
        f"{margin}{_minute(moved.at)}  {moved.subject} {moved.facet}: {moved.from_} -> {moved.to}"
        f"  {moved.kind}, {moved.confidence}, score {moved.score:.2f}"
    )
    by_link: dict[str, list[ArchiveItem]] = defaultdict(list)
    for item in run.items:
        by_link[item.link].append(item)

    def caused(link: str) -> bool:
        return any(item.seen == moved.at for item in by_link[link])

    evidence = [*moved.evidence, *moved.opposing]
    for one in sorted(evidence, key=lambda one: not caused(one.link))[:SHOWN]:
        known = [item for item in by_link[one.link] if item.seen <= moved.at]
        title = plain(known[-1].title) if known else "(no such item)"
        mark = "*" if caused(one.link) else "-"
        yield f"{margin}  {mark} {one.source}, {_minute(one.published)}: {title}"
        yield f"{margin}    {one.link}"
        yield f'{margin}    {one.value} ({one.factuality}): "{one.sentence}"'


def table(runs: Sequence[Run]) -> Iterator[str]:
    """Yield the summary, with what is to be reached beside it."""
    head = ("", "items", "seconds", "recall", "traps", "false", "per 1,000", "claimed")
    form = "{:10} {:>6} {:>8} {:>16} {:>8} {:>6} {:>10} {:>8}"
    yield form.format(*head)
    scores = [(run.month.month, run.seconds, run.score) for run in runs]
    both = total([run.score for run in runs])
    for name, seconds, one in [*scores, ("all", sum(run.seconds for run in runs), both)]:
        yield form.format(
            name,
            one.items,
            f"{seconds:.1f}",
            f"{one.met} of {len(one.outcomes)} = {one.recall:.2f}",
            f"{len(one.hits)} of {one.traps}",
            len(one.false),
            f"{one.false_per_1000:.2f}",
            len(one.claimed),
        )
    yield form.format(
        "to reach", "", "", f">= {RECALL:.2f}", str(TRAPS), "", f"<= {FALSE_PER_1000}", ""
    )
    told = sum(len(run.alerts.told) for run in runs)
    sent = sum(len(each) for run in runs for each in run.alerts.told.values())
    later = sum(len(run.alerts.later) for run in runs)
    yield (
        f"alerts per expected change that was told: {sent} of {told} = {sent / (told or 1):.2f}"
        f" (to reach: <= {ALERTS_PER_CHANGE}); with {later} about the same values later:"
        f" {(sent + later) / (told or 1):.2f}"
    )
    yield "false: changes of control or leadership that no expectation asks for, as reported or"
    yield "better; read each of them, the items may support it. claimed: the same, as claimed."


def as_json(runs: Sequence[Run]) -> dict[str, Any]:
    """Return everything that is printed, for programs."""
    months = [
        {
            "month": run.month.month,
            **_figures(run.score, run.seconds),
            "alerts_per_change": round(run.alerts.per_change, 3),
            "alerts_later": len(run.alerts.later),
            "alerts_other": len(run.alerts.others),
            "alerts_retracted": len(run.alerts.retracted),
        }
        for run in runs
    ]
    both = total([run.score for run in runs])
    return {
        "months": months,
        "all": _figures(both, sum(run.seconds for run in runs)),
        "to_reach": {
            "recall": RECALL,
            "traps": TRAPS,
            "false_per_1000": FALSE_PER_1000,
            "alerts_per_change": ALERTS_PER_CHANGE,
        },
    }


def _figures(scored: Score, seconds: float) -> dict[str, Any]:
    return {
        "items": scored.items,
        "seconds": round(seconds, 1),
        "recall": round(scored.recall, 4),
        "met": scored.met,
        "expected": len(scored.outcomes),
        "traps": scored.traps,
        "traps_hit": len(scored.hits),
        "false_per_1000": round(scored.false_per_1000, 3),
        "misses": [
            {
                "expect": outcome.expect.model_dump(mode="json"),
                "early": outcome.early,
                "stood": line_of(outcome.stood) if outcome.stood else None,
                "late": line_of(outcome.late) if outcome.late else None,
            }
            for outcome in scored.outcomes
            if outcome.met is None
        ],
        "hits": [
            {
                "never": hit.never.model_dump(mode="json"),
                "transitions": [line_of(moved) for moved in hit.transitions],
            }
            for hit in scored.hits
        ],
        "false": [line_of(moved) for moved in scored.false],
        "claimed": [line_of(moved) for moved in scored.claimed],
    }


def main() -> None:
    """Read the arguments, replay, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--gold", type=Path, default=DATA / "gold.yaml", help="what is right")
    parser.add_argument("--items", type=Path, default=DATA, help="folder of <month>.jsonl[.gz]")
    parser.add_argument("--errors", action="store_true", help="show what misses had to go by")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of text")
    options = parser.parse_args()
    logs.setup(level="warning")
    with one_line_errors():
        months = [(month, items_of(options.items, month.month)) for month in gold_of(options.gold)]
    runs = []
    with scratch_redis() as redis:
        for month, items in months:
            sys.stderr.write(f"replaying {month.month}: {len(items)} items\n")
            runs.append(replayed(redis, month, items))
    if options.json:
        print(json.dumps(as_json(runs), ensure_ascii=False, indent=1))
        return
    for run in runs:
        print(*report(run, errors=options.errors), sep="\n")
    print(*table(runs), sep="\n")


if __name__ == "__main__":
    main()
