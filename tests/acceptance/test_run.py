"""A day at the desk: `monitor run` on a small config, and all that can be seen of it."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from monitor.alerts.webhook import secret
from monitor.demo.feedserver import FeedServer
from monitor.demo.receiver import Receiver
from tests.acceptance.desk import WATCHLIST, Daemon, Desk, Hands, save, told
from tests.conftest import free_port, until

pytestmark = pytest.mark.xdist_group("daemon-a")

ITEMS = [
    told("orontes-herald", 1, "Evening bulletin", "Rebels captured the city of Hama."),
    told("levant-courier", 1, "Hama falls to the rebels", "Rebels seized Hama, residents said."),
    told("levant-courier", 2, "Tulip fair opens", "The spring fair opened with music."),
    told(
        "orontes-herald", 2, "Rebels captured Rastan", "Rebels captured Rastan on Friday.", hour=1
    ),
    told("levant-courier", 3, "Rebels capture Homs", "Rebels captured Homs on Saturday.", hour=2),
    told("orontes-herald", 3, "Homs falls", "Rebels captured Homs, residents said.", hour=2),
]


class Odd:
    """Publishers that are of no use: one sends HTML, one is gone, one never answers."""

    def __init__(self) -> None:
        self.over = Event()
        odd = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/slow":
                    odd.over.wait()
                    return
                gone = self.path == "/gone"
                self.send_response(410 if gone else 200)
                self.send_header("content-type", "text/html")
                self.end_headers()
                self.wfile.write(b"<!doctype html><html><body><h1>Welcome</h1></body></html>")

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — its name there
                """Stay silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def url(self, path: str) -> str:
        """Return the address of a page."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/{path}"

    def close(self) -> None:
        """Let go of who still waits."""
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@dataclass
class Day:
    """Everything that plays a part."""

    desk: Desk
    daemon: Daemon
    hands: Hands
    receiver: Receiver
    metrics: str

    def status(self) -> Any:
        """Return what `monitor status --json` says."""
        return self.desk.ask("status")

    def feed(self, name: str) -> Any:
        """Return what it says of one feed."""
        return next(row for row in self.status()["feeds"] if row["feed"] == name)


@pytest.fixture(scope="module")
def day(shared_desk: Desk) -> Iterator[Day]:
    """A daemon with good and odd publishers, a good and a dead webhook, and standard output."""
    hands, key, port, odd = Hands(), secret(), free_port(), Odd()
    with FeedServer(ITEMS, hands) as server, Receiver(key) as receiver:
        channels = {
            "desk": {"type": "webhook", "url": receiver.url, "secret": "${DESK_SECRET}"},
            "wrong": {
                "type": "webhook",
                "url": f"http://127.0.0.1:{free_port()}/",
                "secret": secret(),
            },
            "terminal": {"type": "stdout"},
        }
        good = {name: server.url(name) for name in server.feeds}
        bad = {name: odd.url(name) for name in ("html", "gone", "slow")}
        shared_desk.environ["DESK_SECRET"] = key
        shared_desk.write(
            feeds=good | bad,
            settings={"channels": channels, "metrics": {"port": port}},
        )
        daemon = shared_desk.start("run")
        daemon.expect(lambda: receiver.alerts, "a first alert")
        yield Day(shared_desk, daemon, hands, receiver, f"http://127.0.0.1:{port}/metrics")
        assert daemon.stop() == 0
        until(lambda: not shared_desk.processes(), what="nothing of it is left")
    odd.close()


def test_an_alert_arrives_signed_and_with_its_evidence(day: Day) -> None:
    """Two publishers write that Hama fell: the receiver verifies an alert that quotes them."""
    [body] = [body for body in day.receiver.alerts if body["data"]["subject"]["id"] == "hama"][:1]

    assert body["type"] == "status.changed"
    assert body["data"]["to"]["value"] == "hts"
    assert "Hama" in body["data"]["summary"]
    assert all("Hama" in item["sentence"] for item in body["data"]["evidence"])
    assert {request.status for request in day.receiver.requests} == {204}


def test_the_terminal_shows_the_alert_too(day: Day) -> None:
    """The stdout channel of `monitor run` prints the same alert as readable text."""
    until(lambda: "Hama" in day.daemon.printed(), what="the alert on standard output")


def test_the_status_shows_every_stage_and_queue(day: Day) -> None:
    """While the daemon runs, all four stages are alive and the queues come to rest."""
    board = day.status()

    assert {row["stage"] for row in board["stages"] if row["alive"]} == {
        "fetch",
        "work",
        "judge",
        "deliver",
    }
    assert {row["queue"] for row in board["queues"]} == {
        "articles",
        "claims",
        "alerts",
        "dead",
        "outbox",
    }
    until(
        lambda: all(
            row["depth"] == 0 for row in day.status()["queues"] if row["queue"] != "outbox"
        ),
        what="empty queues",
    )


def test_good_feeds_go_on_beside_bad_ones(day: Day) -> None:
    """HTML, a gone feed and a slow one each have one clear line; the good ones have none."""
    for name, words in (("html", "HTML"), ("gone", "410"), ("slow", "2")):
        row = until(lambda name=name: (found := day.feed(name))["error"] and found)
        assert words in row["error"]
        assert "\n" not in row["error"]
        assert row["failures"] >= 1 or row["state"] == "gone"
    for name in ("orontes-herald", "levant-courier"):
        row = day.feed(name)
        assert (row["state"], row["error"]) == ("ok", None)


def test_a_webhook_that_is_not_there_keeps_its_alert_waiting(day: Day) -> None:
    """The alert for a wrong URL stands in the outbox with its error, and is tried again."""

    def waiting() -> Any:
        return next(
            (
                row
                for row in day.status()["alerts"]
                if row["channel"] == "wrong" and row["attempts"] > 0
            ),
            None,
        )

    row = until(waiting, what="a failed attempt")

    assert row["state"] == "pending"
    assert "refused" in row["error"]
    page = day.desk.do("status").stdout
    assert "wrong" in page
    assert "pending" in page
    assert "refused" in page


def test_the_subjects_say_who_holds_what(day: Day) -> None:
    """`monitor subjects` shows the new holder of Hama and the old one of Homs."""
    held = {
        row["subject"]: (row["value"], row["confidence"])
        for row in day.desk.ask("subjects")
        if row["facet"] == "control"
    }

    assert held["hama"][0] == "hts"
    assert held["hama"][1] in {"reported", "confirmed"}
    page = day.desk.do("subjects").stdout
    assert re.search(r"Hama\s+control\s+Hayat Tahrir al-Sham", page)


def test_explain_quotes_the_sentences(day: Day) -> None:
    """`monitor explain hama` shows the evidence with its link, as text and as JSON."""
    page = day.desk.do("explain", "hama").stdout
    [told_of] = day.desk.ask("explain", "Hama", "control")

    assert "Rebels captured the city of Hama." in page
    assert "https://orontes.example/1" in page
    quoted = {item["sentence"].strip() for item in told_of["status"]["supporting"]}
    assert "Rebels captured the city of Hama." in quoted
    assert told_of["transitions"][-1]["to"] == "hts"


def test_explain_suggests_what_was_meant(day: Day) -> None:
    """A typo is answered with the nearest name, an unknown facet with those there are."""
    typo = day.desk.do("explain", "hma", fails=1)
    facet = day.desk.do("explain", "hama", "controll", fails=1)

    assert '"hma" is not tracked by any watchlist; did you mean "Hama"?' in typo.stderr
    assert "control, threat" in facet.stderr


def test_the_metrics_are_served(day: Day) -> None:
    """Prometheus finds the counters, the queues and the feeds on the port of the settings."""
    text = httpx.get(day.metrics).text

    assert "monitor_redis_up 1.0" in text
    assert re.search(r'monitor_stage_processes\{stage="work"\} 1\.0', text)
    assert re.search(r"monitor_items_new_total [1-9]", text)
    assert re.search(r'monitor_feed_failures\{feed="html"\} [1-9]', text)
    assert re.search(r'monitor_queue_depth\{queue="outbox"\} [0-9]', text)


def test_an_edited_watchlist_counts_without_a_restart(day: Day) -> None:
    """A place is added while the daemon runs: the next item about it makes an alert."""
    edited: dict[str, Any] = json.loads(json.dumps(WATCHLIST))
    edited["places"]["rastan"] = {"name": "Rastan", "held_by": "government"}
    save(day.desk.watchlist, edited)
    for stage in ("work", "judge"):
        day.daemon.saw("config.changed", lambda line, stage=stage: line["stage"] == stage)

    day.hands.hour = 1

    until(
        lambda: any(body["data"]["subject"]["id"] == "rastan" for body in day.receiver.alerts),
        what="an alert about the new place",
    )


def test_a_broken_edit_is_told_and_changes_nothing(day: Day) -> None:
    """A watchlist that breaks is one line in the log; the last good one stays in force."""
    good = day.desk.watchlist.read_text()
    day.desk.watchlist.write_text(good.replace('"facet": "control"', '"facet": "controll"'))
    try:
        line = day.daemon.saw("config.refused")
        day.hands.hour = 2
        until(
            lambda: any(body["data"]["subject"]["id"] == "homs" for body in day.receiver.alerts),
            what="an alert under the old rules",
        )
    finally:
        day.desk.watchlist.write_text(good)

    assert "controll" in line["problem"]
    assert "syria.yaml" in line["problem"]


def test_a_setting_that_needs_a_restart_says_so(day: Day) -> None:
    """An edit that a running daemon cannot take up is not ignored in silence."""
    path = day.desk.config / "monitor.yaml"
    before = path.read_text()
    path.write_text(before.replace('"processes": 1', '"processes": 2'))

    line = day.daemon.saw("config.needs-restart")

    path.write_text(before)
    assert line["settings"] == ["workers.processes"]


def test_the_board_is_there_for_watching(day: Day) -> None:
    """`monitor status --watch` shows the page until Ctrl-C and ends without a fuss."""
    watching = day.desk.start("status", "--watch")
    until(lambda: "Queues" in watching.printed(), what="the page")

    assert watching.stop(signal.SIGINT) == 0
