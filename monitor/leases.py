"""Leases: the right of one process to do alone what must not be done twice at once."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import WatchError

log = structlog.get_logger()


class LostLeaseError(Exception):
    """Another process holds the lease now: nothing was written."""


@dataclass(slots=True)
class Lease:
    """The right of one process to do alone what must not be done twice at once.

    Fencing: put ``key`` under ``WATCH`` and call ``check`` before the ``MULTI``; a holder that
    lost the lease then cannot write.
    """

    redis: Redis
    key: str
    holder: str
    seconds: float = 15.0

    def take(self) -> bool:
        """Take the lease, or prolong it; False when another process holds it."""
        lifetime = int(self.seconds * 1000)
        if self.redis.set(self.key, self.holder, nx=True, px=lifetime):
            return True
        with self.redis.pipeline(transaction=True) as pipe:
            try:
                pipe.watch(self.key)
                if pipe.get(self.key) != self.holder:
                    return False
                pipe.multi()
                pipe.pexpire(self.key, lifetime)
                pipe.execute()
            except WatchError:
                return False
        return True

    def check(self, pipe: Pipeline) -> None:
        """Make sure, under ``WATCH``, that the lease is still held.

        Raises:
            LostLeaseError: it is not.
        """
        if pipe.get(self.key) != self.holder:
            raise LostLeaseError(self.key)

    def give_back(self) -> None:
        """Let the next one have it at once, if it is still held."""
        with self.redis.pipeline(transaction=True) as pipe:
            try:
                pipe.watch(self.key)
                if pipe.get(self.key) == self.holder:
                    pipe.multi()
                    pipe.delete(self.key)
                    pipe.execute()
            except WatchError:
                log.info("lease.lost", lease=self.key)
