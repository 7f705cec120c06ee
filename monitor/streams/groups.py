"""Groups of consumers, and up to where their stream is done."""

from __future__ import annotations

import sys

from redis import Redis
from redis.exceptions import ResponseError

from monitor.streams.messages import entry_order


def ensure_group(redis: Redis, stream: str, group: str) -> None:
    """Create stream and group where they are missing. Groups start at 0: nothing is skipped."""
    try:
        redis.xgroup_create(stream, group, id="0", mkstream=True)
    except ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise


def low_watermark(redis: Redis, stream: str) -> tuple[int, int]:
    """Return the order below which every message ever added is done.

    Messages are deleted by the commit that finishes them, so the first entry left is the
    watermark; when none is left, it lies just above the last one ever added. Without a stream
    there is nothing to wait for.
    """
    with redis.pipeline(transaction=True) as pipe:
        pipe.xrange(stream, count=1)
        pipe.exists(stream)
        pipe.xinfo_stream(stream)
        entries, exists, info = pipe.execute(raise_on_error=False)
    if entries:
        return entry_order(entries[0][0])
    if not exists:
        return (sys.maxsize, 0)
    milliseconds, sequence = entry_order(info["last-generated-id"])
    return (milliseconds, sequence + 1)
