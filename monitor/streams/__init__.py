"""Consumer groups, claiming, the one commit, dead letters: all Redis Streams code.

A stage reads one stream through one consumer group. Everything that a message causes goes into
a single ``MULTI/EXEC`` together with the ``XACK`` and ``XDEL`` of the message, so state and queue
cannot disagree, wherever a process is killed.

Only commands of Redis 6.2 are used; the same code runs on Redis 7, 8 and Valkey.
"""

from __future__ import annotations

from monitor.streams.consumer import Consumer
from monitor.streams.groups import ensure_group, low_watermark
from monitor.streams.messages import (
    AWAY,
    FIELD,
    Delays,
    Message,
    entries_of,
    entry_order,
)

__all__ = [
    "AWAY",
    "FIELD",
    "Consumer",
    "Delays",
    "Message",
    "ensure_group",
    "entries_of",
    "entry_order",
    "low_watermark",
]
