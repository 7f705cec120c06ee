"""Holds what a replay told against the timeline that is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

SURE = {"reported": 1, "confirmed": 2}

EVER = datetime(1, 1, 1, tzinfo=UTC)
NEVER_ENDS = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Stand:
    """A value that stood, at ``reported`` or better, from a moment to another."""

    subject: str
    facet: str
    value: str | None
    sure: int
    start: datetime
    end: datetime

    def __str__(self) -> str:
        word = "confirmed" if self.sure == 2 else "reported"
        return f"{self.subject}.{self.facet} = {self.value} ({word}) at {self.start:%d %b %H:%M}"


def moment(value: Any) -> datetime:
    """Read a moment or a day of the timeline."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    return datetime.fromisoformat(value)


def stands(lines: Iterable[dict[str, Any]]) -> dict[tuple[str, str], list[Stand]]:
    """Turn the transitions of a replay into what stood when; mere claims move nothing."""
    found: dict[tuple[str, str], list[Stand]] = {}
    for line in lines:
        if line["facet"] not in {"control", "leadership"}:
            continue
        sure = SURE.get(line["confidence"], 0)
        if not sure and line["confidence"] != "baseline":
            continue
        key = (line["subject"], line["facet"])
        at = moment(line["at"])
        history = found.setdefault(key, [])
        if history:
            last = history[-1]
            history[-1] = Stand(*key, last.value, last.sure, last.start, at)
        history.append(Stand(*key, line["to"], sure, at, NEVER_ENDS))
    return found


def differences(lines: Iterable[dict[str, Any]], timeline: dict[str, Any]) -> list[str]:
    """Return every way in which a replay differs from the timeline; none is right."""
    found = stands(lines)
    return [
        *_transitions(found, timeline),
        *_final(found, timeline),
        *_never(found, timeline),
        *_unchanged(found, timeline),
    ]


def _changes(history: list[Stand]) -> list[Stand]:
    """Keep the stands at which the value changed."""
    return [
        stand
        for before, stand in zip([None, *history], history, strict=False)
        if before is None or before.value != stand.value
    ]


def _transitions(
    found: dict[tuple[str, str], list[Stand]], timeline: dict[str, Any]
) -> Iterator[str]:
    expected: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in timeline["transitions"]:
        expected.setdefault((row["subject"], row["facet"]), []).append(row)
    for key in sorted(expected.keys() | found.keys()):
        rows = expected.get(key, [])
        changes = _changes(found.get(key, []))
        allowed: set[str] = set()
        for change in changes:
            if rows and change.value in {rows[0]["to"], *rows[0].get("or", ())}:
                row = rows.pop(0)
                allowed = {row["to"], *row.get("or", ()), *row.get("passing", ())}
                yield from _times(change, found[key], row)
            elif change.value not in allowed:
                yield f"not in the timeline: {change}"
        yield from (f"missing: {key[0]}.{key[1]} = {row['to']}, {row['since']}" for row in rows)


def _times(change: Stand, history: list[Stand], row: dict[str, Any]) -> Iterator[str]:
    if change.start > moment(row["known_by"]):
        yield f"late: {change}, due {row['known_by']}"
    if change.start < moment(row["since"]):
        yield f"early: {change}, happened {row['since']}"
    if due := row.get("confirmed_by"):
        values = {row["to"], *row.get("or", ())}
        if not any(
            stand.value in values and stand.sure == 2 and change.start <= stand.start <= moment(due)
            for stand in history
        ):
            yield f"never confirmed, or late: {change}, due {due}"


def _final(found: dict[tuple[str, str], list[Stand]], timeline: dict[str, Any]) -> Iterator[str]:
    for subject, facets in timeline["final"].items():
        for facet, value in facets.items():
            history = found.get((subject, facet))
            wanted = value if isinstance(value, list) else [value]
            if history is None:
                # an untouched status stands as the watchlist has it
                if subject not in timeline["unchanged"]:
                    yield f"nothing at the end: {subject}.{facet}, expected {value}"
            elif history[-1].value not in wanted:
                yield f"at the end: {history[-1]}, expected {value}"


def _never(found: dict[tuple[str, str], list[Stand]], timeline: dict[str, Any]) -> Iterator[str]:
    for row in timeline["never"]:
        values = row["value"] if isinstance(row["value"], list) else [row["value"]]
        after = moment(row.get("after", EVER))
        before = moment(row.get("before", NEVER_ENDS))
        least = SURE.get(row.get("confidence", "reported"), 1)
        for stand in found.get((row["subject"], row["facet"]), []):
            overlap = stand.start < before and stand.end > after
            if stand.value in values and stand.sure >= least and overlap:
                yield f"trap: {stand} ({row['why']})"


def _unchanged(
    found: dict[tuple[str, str], list[Stand]], timeline: dict[str, Any]
) -> Iterator[str]:
    for (subject, _), history in found.items():
        if subject in timeline["unchanged"]:
            yield from (f"must not change: {stand}" for stand in history)


def caused_by_copies(
    lines: Iterable[dict[str, Any]], items: Iterable[dict[str, Any]]
) -> Iterator[str]:
    """Yield the transitions at moments at which nothing but copies came in.

    A copy has the title of an item that stood in another feed before.
    """
    titles: dict[str, str] = {}
    fresh: dict[datetime, bool] = {}
    for item in sorted(items, key=lambda row: row.get("seen", row["published"])):
        first = titles.setdefault(item["title"], item["feed"])
        at = moment(item.get("seen", item["published"]))
        fresh[at] = fresh.get(at, False) or first == item["feed"]
    for line in lines:
        if fresh.get(moment(line["at"])) is False:
            yield f"caused by a copy: {line['at']} {line['subject']}.{line['facet']} = {line['to']}"
