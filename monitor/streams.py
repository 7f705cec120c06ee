"""Consumer groups, claiming, the one commit, dead letters: all Redis Streams code.

A stage reads one stream through one consumer group. Everything that a message causes goes into
a single ``MULTI/EXEC`` together with the ``XACK`` and ``XDEL`` of the message, so state and queue
cannot disagree, wherever a process is killed.

Only commands of Redis 6.2 are used; the same code runs on Redis 7, 8 and Valkey.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError, WatchError
from redis.exceptions import TimeoutError as RedisTimeoutError

from monitor.keys import Keys

log = structlog.get_logger()

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


@dataclass(slots=True)
class Consumer:
    """One process of one stage, reading one stream.

    Not for use from several threads, except that the heartbeat runs in its own.

    Typical use::

        for message in consumer.read(32):
            ...
            consumer.commit([message], lambda pipe: pipe.hset(...))
    """

    redis: Redis
    keys: Keys
    stream: str
    group: str
    name: str
    delays: Delays = field(default_factory=Delays)
    _recovered: bool = False
    _next_claim: float = 0.0
    _held: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ensure(self) -> None:
        """Create the stream and the group where they are missing; the group reads from 0."""
        ensure_group(self.redis, self.stream, self.group)

    def read(self, count: int, block: float | None = None) -> list[Message]:
        """Return messages to work on, at most ``count``.

        Waits at most ``block`` seconds for new ones (``delays.block`` when left out).

        What this consumer had in hand before a crash or a lost connection comes first, then
        what peers abandoned, then new messages. Messages that were handed out before come one
        at a time: if one of them kills the process it takes no others along.

        Raises:
            redis.exceptions.ConnectionError: Redis is away; call again later.
        """
        try:
            return self._read(count, self.delays.block if block is None else block)
        except ResponseError as error:
            if "NOGROUP" not in str(error):
                raise
            log.warning("stream.recreated", stream=self.stream, group=self.group)
            self.ensure()
            return []
        except AWAY:
            self.forget()
            raise

    def _read(self, count: int, block: float) -> list[Message]:
        if not self._recovered:
            self.ensure()
            if own := self._own_pending():
                return own
            self._recovered = True
            # names pile up only with new processes, so a new one is who clears them
            self.sweep()
        if time.monotonic() >= self._next_claim and (taken := self._take_over()):
            return taken
        reply = self.redis.xreadgroup(
            self.group,
            self.name,
            {self.stream: ">"},
            count=count,
            block=max(1, int(block * 1000)),
        )
        messages = [
            Message(entry, fields) for _, entries in _pairs(reply) for entry, fields in entries
        ]
        self._hold(messages)
        return messages

    def _own_pending(self) -> list[Message]:
        with self._lock:
            held = set(self._held)
        for entry in self._pending_ids(self.name):
            if entry not in held:
                return self._claim(entry, idle=0)
        return []

    def _take_over(self) -> list[Message]:
        idle = int(self.delays.claim_after * 1000)
        reply: Any = self.redis.xautoclaim(
            self.stream, self.group, self.name, min_idle_time=idle, count=1
        )
        entries = entries_of(reply[1])
        if not entries:
            self._next_claim = time.monotonic() + min(self.delays.claim_after, 5.0) / 2
            return []
        messages = [self._counted(entry, fields) for entry, fields in entries if fields]
        self.redis.hincrby(self.keys.counters, f"messages_taken_over:{self.group}", len(messages))
        log.warning(
            "message.taken-over", stream=self.stream, messages=[message.id for message in messages]
        )
        return self._sift(messages)

    def seize(self) -> list[Message]:
        """Take all that any consumer of the group has in hand, however young.

        For who holds a lease over the whole group: the ones before it cannot commit any more.
        """
        messages = []
        for entry in list(self._pending_ids(None)):
            claimed = self.redis.xclaim(self.stream, self.group, self.name, 0, [entry])
            messages += [self._counted(each, row) for each, row in entries_of(claimed) if row]
        self._hold(messages)
        self._recovered = True
        self.sweep()
        return messages

    def _claim(self, entry: str, idle: int) -> list[Message]:
        claimed = self.redis.xclaim(self.stream, self.group, self.name, idle, [entry])
        messages = [self._counted(found, fields) for found, fields in entries_of(claimed) if fields]
        if not messages:
            # the entry was deleted by hand while pending: nothing is left to do for it
            self.redis.xack(self.stream, self.group, entry)
        return self._sift(messages)

    def _counted(self, entry: str, fields: dict[str, str]) -> Message:
        rows: Any = self.redis.xpending_range(self.stream, self.group, entry, entry, 1)
        return Message(entry, fields, rows[0]["times_delivered"] if rows else 1)

    def _sift(self, messages: Sequence[Message]) -> list[Message]:
        """Bury what was handed out too often (its workers died), keep the rest."""
        alive = []
        for message in messages:
            if message.deliveries > self.delays.max_deliveries:
                last: Any = self.redis.hget(self.keys.errors(self.stream), message.id)
                self.bury(message, last or "every process that worked on it died")
            else:
                alive.append(message)
        self._hold(alive)
        return alive

    def _pending_ids(self, consumer: str | None) -> Iterator[str]:
        start = "-"
        while True:
            rows: Any = self.redis.xpending_range(
                self.stream, self.group, start, "+", 500, consumer
            )
            if not rows:
                return
            for row in rows:
                yield row["message_id"]
            start = f"({row['message_id']}"

    def _hold(self, messages: Sequence[Message]) -> None:
        with self._lock:
            self._held.update(message.id for message in messages)

    def _drop(self, messages: Sequence[Message]) -> None:
        with self._lock:
            self._held.difference_update(message.id for message in messages)

    def forget(self) -> None:
        """Let go of what is in hand without a word to Redis; the next read starts with it."""
        with self._lock:
            self._held.clear()
        self._recovered = False

    def commit(
        self,
        messages: Sequence[Message],
        write: Callable[[Pipeline], object] | None = None,
        *,
        watch: Callable[[Pipeline], object] | None = None,
        watched: Sequence[str] = (),
    ) -> None:
        """Write everything the messages caused and acknowledge them, in one ``MULTI/EXEC``.

        ``watched`` keys are put under ``WATCH`` before ``watch`` reads them and decides; when
        one of them changes in between, both ``watch`` and ``write`` run again.

        Raises:
            redis.exceptions.ConnectionError: Redis went away. Whether the commit was done is
                decided by Redis alone: messages that are still pending are read again.
        """
        try:
            while True:
                with self.redis.pipeline(transaction=True) as pipe:
                    try:
                        if watched:
                            pipe.watch(*watched)
                            if watch is not None:
                                watch(pipe)
                        pipe.multi()
                        if write is not None:
                            write(pipe)
                        self._settle(pipe, messages)
                        pipe.execute()
                        break
                    except WatchError:
                        continue
        except AWAY:
            self.forget()
            raise
        self._drop(messages)

    def _settle(self, pipe: Pipeline, messages: Sequence[Message]) -> None:
        if not messages:
            return
        ids = [message.id for message in messages]
        pipe.xack(self.stream, self.group, *ids)
        pipe.xdel(self.stream, *ids)
        if any(message.deliveries > 1 for message in messages):
            pipe.hdel(self.keys.errors(self.stream), *ids)

    def fail(self, message: Message, error: BaseException | str) -> bool:
        """Note that a message could not be processed; True when it became a dead letter.

        Otherwise it stays pending and comes back after ``delays.claim_after``.
        """
        reason = _reason(error)
        if message.deliveries >= self.delays.max_deliveries:
            self.bury(message, reason)
            return True
        self.redis.hset(self.keys.errors(self.stream), message.id, reason)
        self.redis.hincrby(self.keys.counters, f"messages_failed:{self.group}", 1)
        log.warning(
            "message.failed",
            stream=self.stream,
            message=message.id,
            deliveries=message.deliveries,
            error=reason,
        )
        self._drop([message])
        return False

    def bury(self, message: Message, reason: str) -> None:
        """Move a message to the dead letters with its error."""
        log.error("message.dead", stream=self.stream, message=message.id, error=reason)

        def write(pipe: Pipeline) -> None:
            bury_into(pipe, self.keys, self.stream, message, reason)
            pipe.hincrby(self.keys.counters, f"messages_dead:{self.group}", 1)
            pipe.hdel(self.keys.errors(self.stream), message.id)

        self.commit([message], write)

    def hand_back(self) -> None:
        """Give what is in hand to the peers at once, as the last act of a stage.

        Redis has no "unread"; the entries are made to look idle long enough to be taken over.
        """
        with self._lock:
            held: list[Any] = sorted(self._held, key=entry_order)
            self._held.clear()
        if held:
            self.redis.xclaim(
                self.stream,
                self.group,
                self.name,
                0,
                held,
                idle=int(self.delays.claim_after * 1000) + 1,
                justid=True,
            )

    def beat(self) -> None:
        """Say that what is in hand is being worked on, so that no peer takes it."""
        with self._lock:
            held: list[Any] = sorted(self._held, key=entry_order)
        if held:
            self.redis.xclaim(self.stream, self.group, self.name, 0, held, justid=True)

    @contextlib.contextmanager
    def beating(self) -> Iterator[None]:
        """Beat from a thread for as long as the block lasts."""
        stop = threading.Event()

        def run() -> None:
            while not stop.wait(self.delays.heartbeat):
                try:
                    self.beat()
                except AWAY as error:
                    log.warning("heartbeat.missed", stream=self.stream, error=str(error))
                except ResponseError as error:
                    log.warning("heartbeat.refused", stream=self.stream, error=str(error))

        thread = threading.Thread(target=run, name=f"beat-{self.group}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(timeout=self.delays.heartbeat + 1)

    def sweep(self) -> None:
        """Delete long-gone consumers of the group that have nothing in hand."""
        for row in self.redis.xinfo_consumers(self.stream, self.group):
            gone = row["idle"] > 10 * self.delays.claim_after * 1000
            if gone and row["pending"] == 0 and row["name"] != self.name:
                self.redis.xgroup_delconsumer(self.stream, self.group, row["name"])


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


def _pairs(reply: Any) -> list[tuple[str, list[Entry]]]:
    """Bring XREADGROUP's reply to one shape: RESP3 gives a mapping, RESP2 pairs."""
    if not reply:
        return []
    return list(reply.items()) if isinstance(reply, Mapping) else list(reply)


def _reason(error: BaseException | str) -> str:
    text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    return text[:ERROR_LENGTH]
