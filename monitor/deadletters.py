"""Dead letters: messages that could not be processed, kept with their error until a person acts."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import ResponseError, WatchError

from monitor.keys import Keys
from monitor.streams import FIELD, entries_of


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be processed, with where it was and why."""

    id: str
    stream: str
    original: str
    deliveries: int
    error: str
    at: float
    fields: dict[str, str]


def dead_letters(redis: Redis, keys: Keys, count: int | None = 100) -> list[DeadLetter]:
    """Return the oldest dead letters; all of them when ``count`` is None."""
    return [
        _dead_letter(entry, row) for entry, row in entries_of(redis.xrange(keys.dead, count=count))
    ]


def dead_letter(redis: Redis, keys: Keys, entry: str) -> DeadLetter | None:
    """Return one dead letter, None when there is none of that id."""
    with contextlib.suppress(ResponseError):
        for found, row in entries_of(redis.xrange(keys.dead, entry, entry)):
            return _dead_letter(found, row)
    return None


def retry_dead(redis: Redis, keys: Keys, letter: DeadLetter) -> bool:
    """Put a dead letter back at the end of its stream; False when it was gone already."""
    return _remove_dead(redis, keys, letter, lambda pipe: pipe.xadd(letter.stream, _fields(letter)))


def drop_dead(redis: Redis, keys: Keys, letter: DeadLetter) -> bool:
    """Delete a dead letter for good; False when it was gone already."""
    return _remove_dead(redis, keys, letter, lambda _: None)


def _remove_dead(
    redis: Redis, keys: Keys, letter: DeadLetter, write: Callable[[Pipeline], object]
) -> bool:
    with redis.pipeline(transaction=True) as pipe:
        while True:
            try:
                pipe.watch(keys.dead)
                if not pipe.xrange(keys.dead, letter.id, letter.id):
                    return False
                pipe.multi()
                write(pipe)
                pipe.xdel(keys.dead, letter.id)
                pipe.execute()
            except WatchError:
                continue
            return True


def _dead_letter(entry: str, row: Mapping[str, str]) -> DeadLetter:
    fields = {
        name.removeprefix(FIELD): value for name, value in row.items() if name.startswith(FIELD)
    }
    return DeadLetter(
        id=entry,
        stream=row["stream"],
        original=row["original"],
        deliveries=int(row["deliveries"]),
        error=row["error"],
        at=float(row["at"]),
        fields=fields,
    )


def _fields(letter: DeadLetter) -> dict[Any, Any]:
    return dict(letter.fields)
