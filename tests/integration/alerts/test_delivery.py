"""Alerts through a real outbox in a real Redis to a real HTTP receiver."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from redis import Redis
from structlog.testing import capture_logs

from monitor.alerts.backoff import Backoff
from monitor.alerts.channels import Channel as SendingChannel
from monitor.alerts.deliver import build
from monitor.alerts.outbox import NOWHERE, Outbox, Outcome, State
from monitor.alerts.upkeep import KEPT, prune, reopen
from monitor.alerts.views import channel_views, pending_counts, recent
from monitor.alerts.webhook import secret
from monitor.connection import client_for
from monitor.deadletters import dead_letters
from monitor.demo.receiver import Answer, Receiver
from monitor.embedded import EmbeddedRedis
from monitor.keys import Keys
from monitor.settings import Channel
from monitor.streams import AWAY
from tests.alert_samples import alert
from tests.conftest import until
from tests.integration.alerts.conftest import Clock, Stage

Make = Callable[..., Stage]

#: so long a pause that nothing is tried again unless the clock is moved
PATIENT = Backoff(first=60, draw=lambda: 1.0)


def webhook(receiver: Receiver, key: str, **options: Any) -> dict[str, Any]:
    """Return the settings of a channel to the receiver."""
    return {"type": "webhook", "url": receiver.url, "secret": key, **options}


def ids(receiver: Receiver) -> list[str]:
    """Return the ids of the alerts received."""
    return [body["data"]["id"] for body in receiver.alerts]


def test_an_alert_arrives_once_signed_and_complete(
    make_stage: Make, receiver: Receiver, key: str
) -> None:
    """From the stream to the receiver: one request, valid signature, everything settled."""
    stage = make_stage({"desk": webhook(receiver, key)})
    stage.fire(alert())
    stage.run_dry()

    (request,) = receiver.requests
    assert ids(receiver) == [alert().id] == [request.headers["webhook-id"]]
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith("news-monitor/")
    assert stage.delivery(alert(), "desk")["state"] == "delivered"
    assert stage.counter("deliveries_delivered:desk") == stage.counter("alerts_queued") == 1
    assert stage.redis.xlen(stage.keys.alerts) == 0


def test_an_alert_fired_again_is_not_delivered_again(
    make_stage: Make, receiver: Receiver, key: str
) -> None:
    """The rules may say a thing twice, before and after it was settled; people read it once."""
    stage = make_stage({"desk": webhook(receiver, key)})
    stage.fire(alert(), alert())
    stage.run_dry()
    stage.fire(alert())
    stage.run_dry()

    assert len(receiver.requests) == 1
    assert stage.counter("alerts_repeated") == 2


def test_alerts_arrive_oldest_first(make_stage: Make, receiver: Receiver, key: str) -> None:
    """Forty alerts of one moment keep the order in which they were fired."""
    stage = make_stage({"desk": webhook(receiver, key)})
    fired = [alert(number) for number in range(40)]
    stage.fire(*fired)
    stage.run_dry()

    assert ids(receiver) == [each.id for each in fired]


def test_each_alert_goes_to_the_channels_it_names_or_to_all(
    make_stage: Make, receiver: Receiver, key: str
) -> None:
    """A rule without channels means every channel; one with channels means just those."""
    with Receiver(key) as other:
        stage = make_stage({"desk": webhook(receiver, key), "phone": webhook(other, key)})
        stage.fire(alert(1), alert(2, "phone"))
        stage.run_dry()

        assert ids(receiver) == [alert(1).id]
        assert ids(other) == [alert(1).id, alert(2).id]


def test_a_wrong_secret_is_refused_and_explained(
    make_stage: Make, receiver: Receiver, key: str
) -> None:
    """Given a secret the receiver does not know, it takes nothing; once corrected, it does."""
    stage = make_stage({"desk": webhook(receiver, secret())})
    stage.fire(alert())
    stage.run(lambda: stage.delivery(alert(), "desk").get("error"))
    assert (
        "answered 401: the receiver does not know this secret"
        in (stage.delivery(alert(), "desk")["error"])
    )
    assert receiver.alerts == []

    stage.set_channels({"desk": webhook(receiver, key)})
    stage.run_dry()
    assert ids(receiver) == [alert().id]


def test_a_retry_keeps_the_id_and_is_signed_anew(
    make_stage: Make, receiver: Receiver, key: str
) -> None:
    """Given 500 and then 204, webhook-id and body stay, timestamp and signature move on."""
    clock = Clock()
    receiver.answer(Answer(500, act=lambda: clock.advance(seconds=10)))
    stage = make_stage({"desk": webhook(receiver, key)}, clock=clock)
    stage.fire(alert())
    stage.run_dry()

    first, second = receiver.requests
    assert (first.status, second.status) == (500, 204)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert int(second.headers["webhook-timestamp"]) >= int(first.headers["webhook-timestamp"]) + 10
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    assert stage.counter("deliveries_retried:desk") == 1
    assert stage.delivery(alert(), "desk")["attempts"] == "2"


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_holds_the_whole_channel(
    make_stage: Make, receiver: Receiver, key: str, status: int
) -> None:
    """A receiver that asks for a minute gets a minute, from every alert of the channel."""
    clock = Clock()
    receiver.answer(Answer(status, {"retry-after": "60"}))
    stage = make_stage({"desk": webhook(receiver, key)}, clock=clock)
    stage.fire(alert(1))
    stage.run(lambda: stage.counter("deliveries_retried:desk"))
    stage.fire(alert(2))
    clock.advance(seconds=50)
    stage.run(lambda: stage.counter("alerts_queued") == 2)
    stage.deliverer.step()

    assert len(receiver.requests) == 1
    (view,) = channel_views(stage.redis, stage.keys, ["desk"], clock())
    assert view.held_until is not None
    assert not view.closed

    clock.advance(seconds=15)
    stage.run_dry()
    assert sorted(ids(receiver)) == sorted([alert(1).id, alert(2).id])


def test_gone_closes_the_channel_and_keeps_the_alerts(
    make_stage: Make, receiver: Receiver, key: str
) -> None:
    """Given 410, nothing more is sent there; alerts are kept as failed until it is reopened."""
    receiver.fail(1, status=410)
    stage = make_stage({"desk": webhook(receiver, key)})
    with capture_logs() as lines:
        stage.fire(alert(1), alert(2))
        stage.run_dry()

    assert len(receiver.requests) == 1
    assert [line["channel"] for line in lines if line["event"] == "channel.closed"] == ["desk"]
    assert stage.delivery(alert(1), "desk")["state"] == "failed"
    assert stage.delivery(alert(2), "desk")["state"] == "failed"
    assert stage.counter("channels_closed:desk") == 1
    (view,) = channel_views(stage.redis, stage.keys, ["desk"], datetime.now(UTC))
    assert view.closed

    assert reopen(stage.redis, stage.keys, "desk", stage.clock().timestamp() * 1000) == 2
    stage.run_dry()
    assert sorted(ids(receiver)) == sorted([alert(1).id, alert(2).id])


def test_another_url_opens_a_closed_channel(make_stage: Make, receiver: Receiver, key: str) -> None:
    """What one receiver said does not count for the next one."""
    receiver.fail(1, status=410)
    stage = make_stage({"desk": webhook(receiver, key)})
    stage.fire(alert(1))
    stage.run_dry()

    with Receiver(key) as moved:
        stage.set_channels({"desk": webhook(moved, key)})
        stage.fire(alert(2))
        stage.run_dry()
        assert ids(moved) == [alert(2).id]
    assert channel_views(stage.redis, stage.keys, ["desk"], stage.clock()) == []


def test_redirects_are_not_followed(make_stage: Make, receiver: Receiver, key: str) -> None:
    """A signed alert goes where the user said and nowhere else."""
    with Receiver(key) as elsewhere:
        receiver.answer(Answer(308, {"location": elsewhere.url}))
        stage = make_stage({"desk": webhook(receiver, key)}, backoff=PATIENT)
        stage.fire(alert())
        stage.run(lambda: stage.counter("deliveries_retried:desk"))

        assert (
            "answered 308: redirects are not followed" in (stage.delivery(alert(), "desk")["error"])
        )
        assert elsewhere.requests == []


def test_an_unreachable_receiver_is_tried_until_the_time_is_over(make_stage: Make) -> None:
    """Nobody listens: it is tried again and again, then kept as failed and told as an error."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    clock = Clock()
    channel = {"type": "webhook", "url": f"http://127.0.0.1:{port}/", "secret": secret()}
    stage = make_stage({"desk": {**channel, "give_up_after": "1h"}}, clock=clock)
    stage.fire(alert())
    stage.run(lambda: stage.counter("deliveries_retried:desk") >= 2)
    clock.advance(hours=1)
    with capture_logs() as lines:
        stage.run_dry()

    row = stage.delivery(alert(), "desk")
    assert (row["state"], int(row["attempts"]) >= 3) == ("failed", True)
    assert f"http://127.0.0.1:{port}: " in row["error"]
    assert "refused" in row["error"]
    (line,) = [line for line in lines if line["event"] == "delivery.failed"]
    assert line["log_level"] == "error"
    assert stage.counter("deliveries_failed:desk") == 1


def test_a_receiver_that_hangs_holds_up_nobody_else(
    make_stage: Make, receiver: Receiver, key: str
) -> None:
    """One channel waits for its timeout, the other delivers all the while."""
    with Receiver(key) as slow:
        slow.answer(Answer(200, hang=True))
        stage = make_stage(
            {"desk": webhook(receiver, key), "slow": webhook(slow, key, timeout="200ms")}
        )
        stage.fire(*(alert(number) for number in range(5)))
        stage.run_dry()

        assert len(ids(receiver)) == len(ids(slow)) == 5
        assert stage.counter("deliveries_retried:slow") == 1
        assert stage.delivery(alert(0), "slow")["attempts"] == "2"


def test_a_receiver_that_trickles_is_cut_off(make_stage: Make) -> None:
    """A header a moment keeps each read alive, but not the attempt."""
    stop = threading.Event()

    def trickle(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            try:
                while not stop.wait(0.02):
                    connection.sendall(b"x-more: 1\r\n")
            except OSError:
                stop.set()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=trickle, args=(server,))
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        channel = {"type": "webhook", "url": url, "secret": secret(), "timeout": "200ms"}
        stage = make_stage({"desk": channel}, backoff=PATIENT)
        stage.fire(alert())
        stage.run(lambda: stage.counter("deliveries_retried:desk"))
        stop.set()
        thread.join()

    assert "no answer within 0.2 s" in stage.delivery(alert(), "desk")["error"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"secret": "hunter2"}, "channels.desk in monitor.yaml: a webhook secret starts with"),
        ({"url": "http://[::1/hook"}, "http://[::1"),
        ({"url": "http://desk.example:port/"}, "port"),
    ],
)
def test_a_channel_that_cannot_work_keeps_its_alerts(
    make_stage: Make, receiver: Receiver, key: str, change: dict[str, str], expected: str
) -> None:
    """A slip in monitor.yaml is told in one line; corrected, everything goes out."""
    stage = make_stage({"desk": webhook(receiver, key) | change})
    stage.fire(alert())
    stage.run(lambda: stage.counter("deliveries_retried:desk"))
    error = stage.delivery(alert(), "desk")["error"]
    assert expected in error
    assert "\n" not in error

    stage.set_channels({"desk": webhook(receiver, key)})
    stage.run_dry()
    assert ids(receiver) == [alert().id]


@pytest.mark.parametrize(
    ("named", "channels", "kept_for"),
    [(("pager",), {"log": {"type": "log"}}, "pager"), ((), {}, NOWHERE)],
)
def test_an_alert_without_a_channel_is_kept_as_failed(
    make_stage: Make, named: tuple[str, ...], channels: dict[str, Any], kept_for: str
) -> None:
    """Neither an unknown channel nor none at all makes an alert disappear."""
    stage = make_stage(channels)
    with capture_logs() as lines:
        stage.fire(alert(1, *named))
        stage.run_dry()

    (view,) = recent(stage.redis, stage.keys, 10)
    assert (view.channel, view.state) == (kept_for, "failed")
    assert view.error is not None
    assert "monitor.yaml has no channel" in view.error
    assert stage.counter(f"deliveries_failed:{kept_for}") == 1
    assert [line["channel"] for line in lines if line["event"] == "delivery.failed"] == [kept_for]


def test_a_channel_that_was_removed_fails_what_was_waiting(
    make_stage: Make, receiver: Receiver, key: str
) -> None:
    """Its alerts are kept as failed, and go out when it comes back and is reopened."""
    receiver.fail(1)
    stage = make_stage({"desk": webhook(receiver, key)}, backoff=PATIENT)
    stage.fire(alert())
    stage.run(lambda: stage.counter("deliveries_retried:desk"))
    stage.clock.advance(seconds=61)
    stage.set_channels({})
    stage.run_dry()
    assert "has no channel 'desk'" in stage.delivery(alert(), "desk")["error"]

    stage.set_channels({"desk": webhook(receiver, key)})
    reopen(stage.redis, stage.keys, "desk", stage.clock().timestamp() * 1000)
    stage.run_dry()
    assert ids(receiver) == [alert().id]


def test_local_channels_get_their_alerts(
    make_stage: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """Standard output and log are channels like any other."""
    stage = make_stage({"log": {"type": "log"}, "out": {"type": "stdout", "format": "json"}})
    with capture_logs() as lines:
        stage.fire(alert())
        stage.run_dry()

    assert json.loads(capsys.readouterr().out)["data"]["id"] == alert().id
    assert [line["alert"] for line in lines if line["event"] == "alert.fired"] == [alert().id]


def test_what_is_no_alert_becomes_a_dead_letter(make_stage: Make) -> None:
    """A message of another version stops nobody and is not lost."""
    stage = make_stage({"log": {"type": "log"}})
    stage.redis.xadd(stage.keys.alerts, {"alert": '{"id": "a"}'})
    stage.redis.xadd(stage.keys.alerts, {"other": "1"})
    stage.fire(alert())
    stage.run_dry()

    letters = dead_letters(stage.redis, stage.keys)
    assert [letter.fields for letter in letters] == [{"alert": '{"id": "a"}'}, {"other": "1"}]
    assert stage.counter("deliveries_delivered:log") == 1


def test_two_processes_send_each_alert_once(make_stage: Make, receiver: Receiver, key: str) -> None:
    """Two stages at once, forty alerts, forty requests."""
    channels = {"desk": webhook(receiver, key)}
    first = make_stage(channels)
    second = make_stage(channels, name="deliver-2")
    first.fire(*(alert(number) for number in range(40)))
    done = threading.Event()

    def work() -> None:
        while not done.is_set():
            second.deliverer.step()

    peer = threading.Thread(target=work)
    peer.start()
    try:
        first.run_dry()
    finally:
        done.set()
        peer.join()

    assert len(receiver.requests) == len(receiver.alerts) == 40


DELIVER = """
import sys
from redis import Redis
from monitor.alerts.deliver import Deliverer
from monitor.keys import Keys
from monitor.settings import WebhookChannel
from monitor.connection import client_for
from monitor.streams import Consumer, Delays
redis_url, url, secret = sys.argv[1:]
redis, keys = client_for(redis_url), Keys("test")
consumer = Consumer(redis, keys, keys.alerts, "deliver", "killed", Delays(block=0.01))
channel = WebhookChannel.model_validate({"type": "webhook", "url": url, "secret": secret})
stage = Deliverer(redis, keys, consumer, lambda: {"desk": channel}, lease=300)
while True:
    stage.step()
"""


def test_killed_between_send_and_settle_it_is_sent_again_under_the_same_id(
    make_stage: Make, redis_server: EmbeddedRedis, receiver: Receiver, key: str
) -> None:
    """SIGKILL when the receiver has the alert and the sender has no answer: at least once."""
    stage = make_stage({"desk": webhook(receiver, key)})
    stage.fire(alert())
    arguments = [sys.executable, "-c", DELIVER, redis_server.url, receiver.url, key]
    with subprocess.Popen(arguments) as process:
        receiver.answer(Answer(204, act=lambda: os.kill(process.pid, signal.SIGKILL)))
        assert process.wait(30) == -signal.SIGKILL
    until(lambda: receiver.requests, 5, "the request of the killed process")
    assert stage.delivery(alert(), "desk")["state"] == "pending"
    stage.run_dry()

    assert [request.headers["webhook-id"] for request in receiver.requests] == [alert().id] * 2
    assert (ids(receiver), receiver.repeats) == ([alert().id], 1)
    assert stage.delivery(alert(), "desk")["state"] == "delivered"


def test_a_sending_that_outlasts_its_lease_is_not_taken_by_a_peer(
    make_stage: Make, receiver: Receiver, key: str
) -> None:
    """The stage prolongs what it has in hand, so a slow receiver gets one request."""
    release = threading.Event()
    receiver.answer(Answer(204, act=lambda: release.wait(20)))
    channels = {"desk": webhook(receiver, key)}
    stage = make_stage(channels, lease=200)
    peer = make_stage(channels, name="deliver-2", lease=200)
    stage.fire(alert())
    stage.run(lambda: stage.deliverer._in_hand)
    score = stage.redis.zscore(stage.keys.outbox, f"{alert().id}/desk")
    assert score is not None

    def outlasted() -> bool:
        peer.deliverer.step()
        return stage.clock().timestamp() * 1000 > score + 400

    stage.run(outlasted)
    release.set()
    stage.run_dry()
    assert len(receiver.requests) == 1


def test_closing_finishes_what_is_in_hand_and_starts_nothing(
    make_stage: Make, receiver: Receiver, key: str
) -> None:
    """The attempt under way is settled; the second alert waits for the next start."""
    started, release = threading.Event(), threading.Event()
    receiver.answer(Answer(204, act=lambda: (started.set(), release.wait(20))))
    stage = make_stage({"desk": webhook(receiver, key)})
    stage.fire(alert(1), alert(2))
    stage.run(started.is_set)
    closing = threading.Thread(target=stage.deliverer.close)
    closing.start()
    until(stage.deliverer._stop.is_set)
    release.set()
    closing.join()

    assert stage.delivery(alert(1), "desk")["state"] == "delivered"
    assert stage.delivery(alert(2), "desk")["state"] == "pending"
    later = make_stage({"desk": webhook(receiver, key)}, name="deliver-2")
    later.run_dry()
    assert len(receiver.requests) == 2


def test_redis_away_and_back_sends_once(
    make_stage: Make, own_server: EmbeddedRedis, receiver: Receiver, key: str
) -> None:
    """Redis dies while an alert is under way: it is settled when Redis is back, not resent."""
    client = client_for(own_server.url)
    receiver.answer(Answer(204, act=lambda: os.kill(own_server.pid() or 0, signal.SIGKILL)))
    stage = make_stage({"desk": webhook(receiver, key)}, redis=client)
    stage.fire(alert())

    def away() -> bool:
        try:
            stage.deliverer.step()
        except AWAY:
            return bool(stage.deliverer._unsettled)
        return False

    until(away, 15, "Redis away with something unsettled")
    until(lambda: not own_server.alive(), 5)
    own_server.ensure()
    stage.run_dry()

    assert len(receiver.requests) == 1
    assert stage.delivery(alert(), "desk")["state"] == "delivered"
    client.close()


def test_redis_away_before_the_sending_leaves_it_to_the_next_turn(
    make_stage: Make, own_server: EmbeddedRedis, receiver: Receiver, key: str
) -> None:
    """Redis dies when a delivery is taken but not sent: its lease runs out and it is sent once."""
    client = client_for(own_server.url)
    killed = threading.Event()

    def kill_and_build(settings: Channel) -> SendingChannel:
        if not killed.is_set():
            os.kill(own_server.pid() or 0, signal.SIGKILL)
            until(lambda: not own_server.alive(), 5)
            killed.set()
        return build(settings)

    channels = {"desk": webhook(receiver, key)}
    stage = make_stage(channels, redis=client, lease=200, build=kill_and_build)
    stage.fire(alert())

    def away() -> bool:
        try:
            stage.deliverer.step()
        except AWAY:
            return killed.is_set() and not stage.deliverer._in_hand
        return False

    until(away, 15, "Redis away with nothing in hand")
    own_server.ensure()
    stage.run_dry()

    assert len(receiver.requests) == 1
    client.close()


def test_a_mistake_in_a_channel_costs_an_attempt_and_no_alert(
    make_stage: Make, receiver: Receiver, key: str
) -> None:
    """An exception nobody foresaw is kept with the delivery, which is tried again."""
    broken = iter([True])

    def build_late(settings: Channel) -> SendingChannel:
        if next(broken, False):
            raise RuntimeError("unforeseen")
        return build(settings)

    stage = make_stage({"desk": webhook(receiver, key)}, build=build_late, backoff=PATIENT)
    stage.fire(alert())
    stage.run(lambda: stage.counter("deliveries_retried:desk"))
    assert stage.delivery(alert(), "desk")["error"] == "RuntimeError: unforeseen"

    stage.clock.advance(seconds=61)
    stage.run_dry()
    assert ids(receiver) == [alert().id]


def test_closing_does_not_wait_longer_than_the_grace(
    make_stage: Make, receiver: Receiver, key: str
) -> None:
    """What still hangs when the grace is over stays pending, and the log says so."""
    receiver.answer(Answer(200, hang=True))
    stage = make_stage({"desk": webhook(receiver, key, timeout="2s")})
    stage.fire(alert())
    stage.run(lambda: stage.deliverer._in_hand)
    with capture_logs() as lines:
        stage.deliverer.close(grace=0.01)

    assert [line["deliveries"] for line in lines if line["event"] == "deliver.unfinished"] == [
        [f"{alert().id}/desk"]
    ]
    assert stage.delivery(alert(), "desk")["state"] == "pending"


def test_the_outbox_can_be_seen(make_stage: Make, receiver: Receiver, key: str) -> None:
    """People see what was delivered, what is pending, why, and when it is tried next."""
    receiver.answer(Answer(500), Answer(204))
    stage = make_stage({"desk": webhook(receiver, key)}, backoff=PATIENT)
    stage.fire(alert(1))
    stage.run(lambda: stage.counter("deliveries_retried:desk"))
    stage.fire(alert(2))
    stage.run(lambda: stage.counter("deliveries_delivered:desk"))

    delivered, pending = recent(stage.redis, stage.keys, 10)
    assert (delivered.alert, delivered.state, delivered.error) == (alert(2).id, "delivered", None)
    assert (pending.alert, pending.state, pending.attempts) == (alert(1).id, "pending", 1)
    assert (pending.settled, delivered.due) == (None, None)
    assert pending.due is not None
    assert pending.due > pending.queued
    assert pending_counts(stage.redis, stage.keys) == {"desk": 1}
    assert recent(stage.redis, stage.keys, 1) == [delivered]


def test_pruning_forgets_the_settled_and_keeps_the_pending(
    make_stage: Make, redis: Redis, keys: Keys, receiver: Receiver, key: str
) -> None:
    """After ninety days settled deliveries and alert ids go; what is pending never does."""
    receiver.answer(Answer(204), Answer(500))
    stage = make_stage({"desk": webhook(receiver, key)}, backoff=PATIENT)
    stage.fire(alert(1), alert(2))
    stage.run(lambda: stage.counter("deliveries_retried:desk"))
    now = stage.clock().timestamp() * 1000

    assert prune(redis, keys, now) == 0
    assert redis.zcard(keys.alert_ids) == 2
    assert prune(redis, keys, now + KEPT + 1000) == 1
    assert stage.delivery(alert(1), "desk") == {}
    assert stage.delivery(alert(2), "desk")["state"] == "pending"
    assert redis.zcard(keys.alert_ids) == 0


def test_an_entry_whose_delivery_was_deleted_by_hand_is_dropped_and_told(make_stage: Make) -> None:
    """What stands in the outbox without an alert cannot be sent: it is counted and logged."""
    stage = make_stage({"log": {"type": "log"}})
    stage.redis.zadd(stage.keys.outbox, {"gone/log": 1})
    with capture_logs() as lines:
        stage.run_dry()

    assert [line["delivery"] for line in lines if line["event"] == "delivery.orphaned"] == [
        "gone/log"
    ]
    assert stage.counter("deliveries_orphaned") == 1


def test_who_lost_the_lease_may_say_delivered_but_not_failed(
    make_stage: Make, receiver: Receiver, key: str
) -> None:
    """A late "failed" would undo what a peer did; a late "delivered" is true all the same."""
    receiver.fail(1)
    stage = make_stage({"desk": webhook(receiver, key)}, backoff=PATIENT)
    stage.fire(alert())
    stage.run(lambda: stage.counter("deliveries_retried:desk"))
    outbox = Outbox(stage.redis, stage.keys, lease=1000)
    now = stage.clock().timestamp() * 1000 + 61_000
    slow = outbox.take("desk", now)
    assert slow is not None
    assert outbox.take("desk", now) is None
    peer = outbox.take("desk", now + 2000)
    assert peer is not None

    assert not outbox.settle(slow, Outcome(State.FAILED, "late"), now)
    assert outbox.settle(slow, Outcome(State.DELIVERED), now)
    assert not outbox.settle(peer, Outcome(State.PENDING, "no answer", now), now)
    assert stage.delivery(alert(), "desk")["state"] == "delivered"
    assert stage.redis.zcard(stage.keys.outbox) == 0
