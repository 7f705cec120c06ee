"""One process of one stage: reads a stream through a group, takes over, commits, gives up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import structlog
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import ResponseError, WatchError

from monitor.keys import Keys
from monitor.streams.groups import ensure_group
from monitor.streams.hand import Hand, beating
from monitor.streams.messages import (
    AWAY,
    Delays,
    Message,
    bury_into,
    entries_of,
    pairs_of,
    reason_of,
)

log = structlog.get_logger()


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
    _hand: Hand = field(default_factory=Hand)

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
            Message(entry, fields) for _, entries in pairs_of(reply) for entry, fields in entries
        ]
        self._hand.take(messages)
        return messages

    def _own_pending(self) -> list[Message]:
        held = set(self._hand.ids())
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
        self._hand.take(messages)
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
        self._hand.take(alive)
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

    def forget(self) -> None:
        """Let go of what is in hand without a word to Redis; the next read starts with it."""
        self._hand.clear()
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
        self._hand.drop(messages)

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
        reason = reason_of(error)
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
        self._hand.drop([message])
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
        held: list[Any] = self._hand.clear()
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
        held: list[Any] = self._hand.ids()
        if held:
            self.redis.xclaim(self.stream, self.group, self.name, 0, held, justid=True)

    def beating(self) -> AbstractContextManager[None]:
        """Beat from a thread for as long as the block lasts."""
        return beating(self.beat, self.delays.heartbeat, self.stream, self.group)

    def sweep(self) -> None:
        """Delete long-gone consumers of the group that have nothing in hand."""
        for row in self.redis.xinfo_consumers(self.stream, self.group):
            gone = row["idle"] > 10 * self.delays.claim_after * 1000
            if gone and row["pending"] == 0 and row["name"] != self.name:
                self.redis.xgroup_delconsumer(self.stream, self.group, row["name"])
