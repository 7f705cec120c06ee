"""Entries of streams as messages, the delays of a queue, and the form of a dead letter."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis.client import Pipeline
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from monitor.keys import Keys

#: what it looks like when Redis is away: the message stays pending and is done again
AWAY = (RedisConnectionError, RedisTimeoutError)

#: prefix of the fields of the original message in a dead letter
FIELD = "field:"

#: id and fields of one entry of a stream
Entry = tuple[str, dict[str, str]]

#: characters of an error kept with a message that failed
ERROR_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of a stream in hand; ``deliveries`` counts how often it was handed out."""

    id: str
    fields: dict[str, str]
    deliveries: int = 1

    @property
    def order(self) -> tuple[int, int]:
        """The id as numbers, so that messages sort as Redis sorts them."""
        return entry_order(self.id)


def entry_order(entry_id: str) -> tuple[int, int]:
    """Turn ``"1526919030474-55"`` into ``(1526919030474, 55)``."""
    milliseconds, _, sequence = entry_id.partition("-")
    return int(milliseconds), int(sequence or 0)


@dataclass(frozen=True, slots=True)
class Delays:
    """When a message counts as abandoned and when as hopeless. Times in seconds."""

    #: idle time after which a peer takes a message over
    claim_after: float = 60.0
    #: how often a stage says that it still works on what it has in hand
    heartbeat: float = 10.0
    #: longest wait for new messages in one read
    block: float = 1.0
    #: deliveries after which a message is a dead letter
    max_deliveries: int = 5


def bury_into(pipe: Pipeline, keys: Keys, stream: str, message: Message, reason: str) -> None:
    """Write a dead letter; ``deadletters.py`` reads them."""
    kept: dict[Any, Any] = {f"{FIELD}{name}": value for name, value in message.fields.items()}
    pipe.xadd(
        keys.dead,
        {
            "stream": stream,
            "original": message.id,
            "deliveries": message.deliveries,
            "error": reason[:ERROR_LENGTH],
            "at": time.time(),
            **kept,
        },
    )


def entries_of(reply: Any) -> list[Entry]:
    """Give a stream's entries one type; redis-py's annotations allow for bytes and None."""
    return list(reply or ())


def pairs_of(reply: Any) -> list[tuple[str, list[Entry]]]:
    """Bring XREADGROUP's reply to one shape: RESP3 gives a mapping, RESP2 pairs."""
    if not reply:
        return []
    return list(reply.items()) if isinstance(reply, Mapping) else list(reply)


def reason_of(error: BaseException | str) -> str:
    """Return what is kept of an error."""
    text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    return text[:ERROR_LENGTH]
