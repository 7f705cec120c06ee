"""What a changed watchlist would have sent, side by side with the old one, over an archive."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.text import Text

from monitor import show
from monitor.archive import ArchiveItem
from monitor.keys import Keys
from monitor.records import Alert
from monitor.replay import Replay, articles_of, items_in, scratch_redis
from monitor.settings import Config


@dataclass(frozen=True, slots=True)
class Row:
    """One change of status, and the rules that tell it in either watchlist."""

    at: datetime
    summary: str
    old: tuple[str, ...]
    new: tuple[str, ...]


def alerts_of(items: Sequence[ArchiveItem], config: Config) -> list[Alert]:
    """Replay the items; return the alerts that the rules of the configuration send."""
    with scratch_redis() as redis:
        replay = Replay(config, redis, Keys("backtest"))
        for _ in replay.run(articles_of(items, config)):
            continue
        entries: Any = redis.xrange(replay.keys.alerts)
        return [Alert.from_json(fields["alert"]) for _, fields in entries]


def side_by_side(old: Sequence[Alert], new: Sequence[Alert]) -> list[Row]:
    """Return what either sends, in order of time; alerts about one change are one row."""
    rows: dict[tuple[object, ...], tuple[Alert, list[str], list[str]]] = {}
    for column, told in ((1, old), (2, new)):
        for alert in told:
            change = alert.transition
            key = change.at, change.subject, change.facet, change.kind, change.from_, change.to
            row = rows.setdefault(key, (alert, [], []))
            row[column].append(f"{alert.rule} ({alert.severity})")  # type: ignore[union-attr]  # columns 1 and 2 are the lists
    found = [
        Row(alert.transition.at, alert.summary, tuple(was), tuple(now))
        for alert, was, now in rows.values()
    ]
    return sorted(found, key=lambda row: (row.at, row.summary))


def backtest_command(archive: Path, old: Config, new: Config, *, as_json: bool) -> int:
    """Do what ``monitor backtest`` does; return the exit status.

    Raises:
        OSError: the archive cannot be read.
    """
    items, bad = items_in(archive)
    rows = side_by_side(alerts_of(items, old), alerts_of(items, new))
    if as_json:
        for row in rows:
            line = {
                "at": row.at.isoformat(),
                "summary": row.summary,
                "old": list(row.old),
                "new": list(row.new),
            }
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        return 1 if bad else 0
    made = show.table("Alerts", "known", "what", "old watchlist", "new watchlist")
    for row in rows:
        style = "" if bool(row.old) == bool(row.new) else "yellow"
        cells = (show.when(row.at), row.summary, _cell(row.old), _cell(row.new))
        made.add_row(*(Text(cell) for cell in cells), style=style)
    show.tell(made)
    show.tell(Text("; ".join(_sums(rows))))
    return 1 if bad else 0


def _cell(rules: Sequence[str]) -> str:
    return ", ".join(rules) or "-"


def _sums(rows: Sequence[Row]) -> Iterator[str]:
    yield f"old: {sum(len(row.old) for row in rows)} alerts"
    yield f"new: {sum(len(row.new) for row in rows)}"
    yield f"changes that only the old tells: {sum(not row.new for row in rows)}"
    yield f"only the new: {sum(not row.old for row in rows)}"
