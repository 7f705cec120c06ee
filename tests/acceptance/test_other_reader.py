"""A reader that asks an HTTP endpoint, in a real worker process with a real redis-server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from monitor.connection import client_for
from monitor.embedded import EmbeddedRedis
from monitor.keys import Keys
from monitor.records import Article, Reading
from tests.acceptance.desk import Desk

pytestmark = pytest.mark.xdist_group("daemon-b")


@dataclass
class Oracle:
    """An endpoint that answers what it is told to, and keeps what it was asked."""

    answers: dict[str, Any]
    asked: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        oracle = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                oracle.asked.append(asked)
                answer = oracle.answers.get(asked["title"])
                self.send_response(500 if answer is None else 200)
                body = json.dumps(answer).encode()
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def oracle() -> Iterator[Oracle]:
    """An endpoint that knows one article, in German."""
    sentence = "HTS hat Homs eingenommen."
    found = [{"event": "capture", "agent": "HTS", "place": "Homs", "sentence": sentence}]
    made = Oracle({"Homs gefallen": found})
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_an_endpoint_reads_beside_ours(desk: Desk, oracle: Oracle) -> None:
    """Its events are added; where it answers 500, ours counts, and the worker goes on."""
    shutil.copy(Path(__file__).parents[1] / "other_readers.py", desk.folder / "mine.py")
    use = {"use": "mine:Endpoint", "options": {"url": oracle.url}}
    desk.write(settings={"workers": {"processes": 1, "reader": use}, "metrics": {"port": 0}})
    assert desk.do("check").stderr.count("\n") == 1
    keys, now = Keys(), datetime.now(UTC)
    server = EmbeddedRedis(desk.folder / "data")
    server.ensure()
    with client_for(server.url) as redis:
        for name, title, text in (
            ("de", "Homs gefallen", "HTS hat Homs eingenommen. Die Stadt ist ruhig, heißt es."),
            ("en", "Rebels capture Hama", "The rebels captured Hama, residents said."),
        ):
            sent = Article(
                id=name, feed="f", source="x", title=title, text=text, published=now, seen=now
            )
            redis.xadd(keys.articles, {"article": sent.to_json()})

        worker = desk.start("work")
        worker.expect(lambda: redis.xlen(keys.claims) == 2, "two readings")

        rows: Any = redis.xrange(keys.claims)
        counters: Any = redis.hgetall(keys.counters)
        assert worker.stop() == 0
    server.release()
    held = {
        claim.subject: claim.value
        for _, fields in rows
        for claim in Reading.from_json(fields["reading"]).claims
        if claim.facet == "control"
    }
    assert held == {"hama": "hts", "homs": "hts"}
    assert counters["readers_failed"] == "1"
    assert "500" in worker.saw("reader.failed")["error"]
    assert {one["title"] for one in oracle.asked} == {"Homs gefallen", "Rebels capture Hama"}


def test_a_reader_that_is_not_there_is_one_line(desk: Desk) -> None:
    """In check and at the start, with file, line and key."""
    desk.write(settings={"workers": {"reader": {"use": "nobody:Reader"}}, "metrics": {"port": 0}})

    told = desk.do("check", fails=2).stderr

    assert told.count("\n") == 1
    assert told.startswith("config/monitor.yaml:")
    assert 'workers.reader.use: found "nobody:Reader", which cannot be made' in told
    said = [line for line in desk.do("work", fails=2).stderr.splitlines() if line[0] != "{"]
    assert len(said) == 1
    assert said[0].startswith('monitor: reader "nobody:Reader"')
