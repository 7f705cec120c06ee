"""The one commit, taking over, dead letters: against a real redis-server."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from redis import Redis
from redis.client import Pipeline

from monitor.connection import client_for
from monitor.deadletters import dead_letter, dead_letters, drop_dead, retry_dead
from monitor.embedded import EmbeddedRedis
from monitor.keys import Keys
from monitor.leases import Lease, LostLeaseError
from monitor.streams import AWAY, Consumer, Delays, entry_order, low_watermark
from tests.conftest import until

AT_ONCE = Delays(claim_after=0.0, heartbeat=0.01, block=0.001, max_deliveries=3)
PATIENT = Delays(claim_after=60.0, heartbeat=0.01, block=0.001, max_deliveries=3)


def consumer(redis: Redis, keys: Keys, name: str = "a", delays: Delays = PATIENT) -> Consumer:
    """One process of the reading stage."""
    return Consumer(redis, keys, keys.articles, "workers", name, delays)


@pytest.fixture
def second(redis_server: EmbeddedRedis) -> Iterator[Redis]:
    """Another connection, as another process would have."""
    client = client_for(redis_server.url)
    yield client
    client.close()


def test_what_came_before_the_group_is_read(redis: Redis, keys: Keys) -> None:
    """A group starts at 0: messages added before any worker lived are not skipped."""
    redis.xadd(keys.articles, {"article": "early"})

    messages = consumer(redis, keys).read(10)

    assert [message.fields for message in messages] == [{"article": "early"}]


def test_a_commit_is_everything_or_nothing(redis: Redis, keys: Keys) -> None:
    """The state written, the message sent on and the acknowledgement appear together."""
    redis.xadd(keys.articles, {"article": "1"})
    reader = consumer(redis, keys)
    [message] = reader.read(10)

    def write(pipe: Pipeline) -> None:
        pipe.set("state", "done")
        pipe.xadd(keys.claims, {"claim": "1"})

    reader.commit([message], write)

    assert redis.get("state") == "done"
    assert redis.xlen(keys.claims) == 1
    assert redis.xlen(keys.articles) == 0
    assert redis.xpending(keys.articles, "workers")["pending"] == 0


def test_nothing_is_written_when_the_write_fails(redis: Redis, keys: Keys) -> None:
    """An error while the commit is put together leaves the message pending and no trace."""
    redis.xadd(keys.articles, {"article": "1"})
    reader = consumer(redis, keys)
    [message] = reader.read(10)

    def write(pipe: Pipeline) -> None:
        pipe.set("state", "half")
        raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        reader.commit([message], write)

    assert redis.get("state") is None
    assert redis.xpending(keys.articles, "workers")["pending"] == 1


def test_a_watched_key_that_changes_makes_the_decision_again(
    redis: Redis, second: Redis, keys: Keys
) -> None:
    """The decision is taken on what stands when it is written, not on what stood before."""
    redis.xadd(keys.articles, {"article": "1"})
    reader = consumer(redis, keys)
    [message] = reader.read(10)
    seen: list[str | None] = []

    def look(pipe: Pipeline) -> None:
        seen.append(pipe.get("state"))
        if len(seen) == 1:
            second.set("state", "changed by another")

    reader.commit(
        [message], lambda pipe: pipe.set("result", seen[-1] or ""), watch=look, watched=["state"]
    )

    assert seen == [None, "changed by another"]
    assert redis.get("result") == "changed by another"


def test_a_peer_takes_over_what_was_abandoned(redis: Redis, keys: Keys) -> None:
    """A message whose worker died is handed to the next one, counted as delivered twice."""
    redis.xadd(keys.articles, {"article": "1"})
    consumer(redis, keys, "dead").read(10)

    [message] = consumer(redis, keys, "alive", AT_ONCE).read(10)

    assert message.fields == {"article": "1"}
    assert message.deliveries == 2


def test_a_heartbeat_keeps_a_slow_message(redis: Redis, second: Redis, keys: Keys) -> None:
    """A message that is being worked on never looks abandoned, however long it takes."""
    redis.xadd(keys.articles, {"article": "1"})
    slow = consumer(redis, keys, "slow")
    [message] = slow.read(10)

    def idle() -> int:
        [row] = second.xpending_range(keys.articles, "workers", "-", "+", 1)
        return int(row["time_since_delivered"])

    until(lambda: idle() > 50, what="the message looks idle without a heartbeat")
    with slow.beating():
        until(lambda: idle() < 50, what="the heartbeat makes it look young again")
    [row] = second.xpending_range(keys.articles, "workers", message.id, message.id, 1)
    assert row["times_delivered"] == 1


def test_a_restarted_worker_finds_what_it_had_in_hand(redis: Redis, keys: Keys) -> None:
    """The same consumer name gets its own pending messages first, one at a time."""
    for number in range(3):
        redis.xadd(keys.articles, {"article": str(number)})
    consumer(redis, keys).read(2)

    again = consumer(redis, keys)
    hands = [again.read(10) for _ in range(3)]

    assert [[message.fields["article"] for message in hand] for hand in hands] == [
        ["0"],
        ["1"],
        ["2"],
    ]


def test_a_message_that_always_fails_becomes_a_dead_letter(redis: Redis, keys: Keys) -> None:
    """After the last try the message stands among the dead letters with its error."""
    redis.xadd(keys.articles, {"article": "poison"})
    reader = consumer(redis, keys, delays=AT_ONCE)
    outcomes = []
    for _ in range(3):
        [message] = until(lambda: reader.read(10))
        outcomes.append(reader.fail(message, ValueError("cannot read this")))

    assert outcomes == [False, False, True]
    [letter] = dead_letters(redis, keys)
    assert letter.error == "ValueError: cannot read this"
    assert letter.fields == {"article": "poison"}
    assert letter.deliveries == 3
    assert redis.xlen(keys.articles) == 0
    assert redis.hget(keys.counters, "messages_dead:workers") == "1"


def test_a_message_that_kills_its_workers_becomes_a_dead_letter(redis: Redis, keys: Keys) -> None:
    """Workers that die leave no error behind; the count of deliveries is enough."""
    redis.xadd(keys.articles, {"article": "killer"})
    for number in range(3):
        until(lambda number=number: consumer(redis, keys, f"victim-{number}", AT_ONCE).read(10))

    until(lambda: not consumer(redis, keys, "last", AT_ONCE).read(10) and redis.xlen(keys.dead))

    [letter] = dead_letters(redis, keys)
    assert letter.error == "every process that worked on it died"


def test_dead_letters_are_retried_and_dropped(redis: Redis, keys: Keys) -> None:
    """A person puts a dead letter back into its stream, or deletes it for good."""
    reader = consumer(redis, keys)
    for number in range(2):
        redis.xadd(keys.articles, {"article": str(number)})
    for message in reader.read(10):
        reader.bury(message, "wrong")
    first, other = dead_letters(redis, keys)

    assert retry_dead(redis, keys, first)
    assert drop_dead(redis, keys, other)

    assert [message.fields for message in reader.read(10)] == [{"article": "0"}]
    assert dead_letters(redis, keys) == []
    assert not retry_dead(redis, keys, first)
    assert dead_letter(redis, keys, "no-such-id") is None


def test_what_is_handed_back_is_read_at_once(redis: Redis, keys: Keys) -> None:
    """A stage that stops leaves nothing behind that peers must wait for."""
    redis.xadd(keys.articles, {"article": "1"})
    leaving = consumer(redis, keys, "leaving")
    leaving.read(10)

    leaving.hand_back()

    [message] = consumer(redis, keys, "staying").read(10)
    assert message.fields == {"article": "1"}


def test_a_missing_group_is_made_again(redis: Redis, keys: Keys) -> None:
    """Redis came back empty: the stage creates what is missing and goes on."""
    reader = consumer(redis, keys)
    reader.read(1)
    redis.flushall()
    redis.xadd(keys.articles, {"article": "1"})

    [message] = until(lambda: reader.read(10))

    assert message.fields == {"article": "1"}


def test_a_killed_redis_loses_nothing(own_server: EmbeddedRedis, keys: Keys) -> None:
    """SIGKILL to redis-server: after the restart the pending message is read again."""
    redis = client_for(own_server.url)
    redis.xadd(keys.articles, {"article": "1"})
    reader = consumer(redis, keys)
    [message] = reader.read(10)
    pid = own_server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: not own_server.alive())

    with pytest.raises(AWAY):
        reader.commit([message], lambda pipe: pipe.set("state", "done"))
    own_server.ensure()

    [again] = reader.read(10)
    reader.commit([again], lambda pipe: pipe.set("state", "done"))
    assert again.id == message.id
    assert redis.get("state") == "done"
    redis.close()


def test_only_one_holds_a_lease(redis: Redis, second: Redis, keys: Keys) -> None:
    """A second process gets the lease when the first gave it back, not before."""
    first = Lease(redis, keys.lease("judge"), "a")
    other = Lease(second, keys.lease("judge"), "b")

    assert first.take()
    assert first.take()
    assert not other.take()
    first.give_back()
    assert other.take()


def test_who_lost_the_lease_cannot_write(redis: Redis, second: Redis, keys: Keys) -> None:
    """Fencing: a commit under a lease that another process took over writes nothing."""
    redis.xadd(keys.articles, {"article": "1"})
    reader = consumer(redis, keys)
    [message] = reader.read(10)
    lease = Lease(redis, keys.lease("judge"), "a")
    lease.take()
    second.set(lease.key, "b")

    with pytest.raises(LostLeaseError):
        reader.commit(
            [message], lambda pipe: pipe.set("state", "x"), watch=lease.check, watched=[lease.key]
        )

    assert redis.get("state") is None


def test_the_watermark_is_the_oldest_message_not_done(redis: Redis, keys: Keys) -> None:
    """Everything below the mark is done; with all done it lies above the last one."""
    assert low_watermark(redis, keys.articles) > entry_order("9999999999999-0")
    first = redis.xadd(keys.articles, {"article": "1"})
    second = redis.xadd(keys.articles, {"article": "2"})
    reader = consumer(redis, keys)
    one, two = reader.read(10)

    reader.commit([two])
    assert low_watermark(redis, keys.articles) == entry_order(str(first))
    reader.commit([one])
    assert low_watermark(redis, keys.articles) > entry_order(str(second))


def test_gone_consumers_are_swept(redis: Redis, keys: Keys) -> None:
    """Names of processes that died long ago with nothing in hand disappear."""
    redis.xadd(keys.articles, {"article": "1"})
    gone = consumer(redis, keys, "gone")
    gone.commit(gone.read(1))

    def names() -> set[str]:
        """Start a new process, which is what clears the names."""
        consumer(redis, keys, "here", AT_ONCE).read(1)
        return {str(row["name"]) for row in redis.xinfo_consumers(keys.articles, "workers")}

    assert until(lambda: "gone" not in names())
