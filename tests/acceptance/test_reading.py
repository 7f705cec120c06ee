"""`monitor extract` and `monitor replay`, with exactly the interfaces that others script against."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from tests.acceptance.desk import Desk, as_lines, json_lines

pytestmark = pytest.mark.xdist_group("daemon-a")

NOON = "2024-12-05T12:00:00Z"

ARTICLES: list[dict[str, Any]] = [
    {
        "id": "fall",
        "title": "Türkiye: “news” 😀",
        "text": "Rebels captured Hama. Troops did not leave Homs.",
        "published": NOON,
        "source": "orontes.example",
    },
    {"id": 7, "title": "Tulips", "text": "The fair opened.", "published": NOON, "source": "x"},
]

MENTION = {"text", "start", "end", "subject", "geonames", "lat", "lon"}
EVENT = {"type", "mode", "trigger", "factuality", "history", "sentence"}
EVENT_MAY = {"agent", "patient", "place", "attribution", "time"}
CLAIM = {"subject", "facet", "value", "factuality", "time", "evidence"}
TRANSITION = {
    *("at", "subject", "facet", "from", "to", "confidence", "since", "sources", "evidence"),
}


def check_row(row: dict[str, Any], article: dict[str, Any]) -> None:
    """Hold one line of extract against the design; offsets must point at the words."""
    body = f"{article['title']}\n{article['text']}"
    assert set(row) == {"id", "entities", "events", "claims"}
    for one in row["entities"]:
        assert {"text", "start", "end", "label"} <= set(one) <= MENTION | {"label"}
        assert body[one["start"] : one["end"]] == one["text"]
    for event in row["events"]:
        assert EVENT <= set(event) <= EVENT | EVENT_MAY
        assert isinstance(event["history"], bool)
        for role in ("trigger", "agent", "patient", "place"):
            if part := event.get(role):
                assert {"text", "start", "end"} <= set(part) <= MENTION
                assert body[part["start"] : part["end"]] == part["text"]
        sentence = body[event["sentence"]["start"] : event["sentence"]["end"]]
        assert event["trigger"]["text"] in sentence
    for claim in row["claims"]:
        assert set(claim) == CLAIM
        assert claim["evidence"].strip() in body


def test_extract_with_a_watchlist(desk: Desk) -> None:
    """Who took what is said about the watchlist's subjects, by their ids."""
    desk.write()

    done = desk.do("extract", "--watchlist", str(desk.watchlist), stdin=as_lines(ARTICLES))
    rows = json_lines(done.stdout)

    assert [row["id"] for row in rows] == ["fall", "7"]
    for row, article in zip(rows, ARTICLES, strict=True):
        check_row(row, article)
    held = [claim for claim in rows[0]["claims"] if claim["facet"] == "control"]
    assert [(claim["subject"], claim["value"]) for claim in held] == [("hama", "hts")]
    assert {one.get("subject") for one in rows[0]["entities"]} >= {"hama"}
    assert rows[1]["claims"] == []


def test_extract_without_one_reads_the_world(desk: Desk) -> None:
    """No config, no watchlist: what can be named is named; bad lines are told and left out."""
    good = as_lines(ARTICLES)
    bad = b'not json\n[]\n{"id": "undated", "title": "x"}\n\xff\xfe\n\n'

    done = desk.do("extract", stdin=b"\xef\xbb\xbf" + good.encode() + bad, fails=1)
    rows = json_lines(done.stdout)

    assert [row["id"] for row in rows] == ["fall", "7", "undated"]
    for row, article in zip(rows, ARTICLES, strict=False):
        check_row(row, article)
    assert any(claim["facet"] == "control" for claim in rows[0]["claims"])
    told = done.stderr.splitlines()
    assert [line.partition(":")[0] for line in told] == ["line 3", "line 4", "line 5", "line 6"]
    assert told[2].endswith('"published" is missing: taken for now')


def item(feed: str, number: int, title: str, text: str, at: str = NOON) -> dict[str, str]:
    """One line of an archive."""
    link = f"https://{feed}.example/{number}"
    return {"feed": feed, "link": link, "title": title, "description": text, "published": at}


ARCHIVE = [
    item("levant", 1, "Hama falls", "Rebels seized Hama, residents said.", "2024-12-05T14:00:00Z"),
    item("orontes", 1, "Rebels take Hama", "Rebels captured Hama, two residents said."),
    item("orontes", 2, "Tulips", "The spring fair opened."),
]


def test_replay_writes_one_transition_a_line(desk: Desk) -> None:
    """An archive in any order, a simulated clock: the keys are exactly those of the design."""
    desk.write()
    (desk.folder / "archive.jsonl").write_text(as_lines(ARCHIVE))

    done = desk.do(
        "replay", "archive.jsonl", "--watchlist", str(desk.watchlist), "-c", "config", "--json"
    )
    rows = json_lines(done.stdout)

    assert done.stderr == ""
    assert all(set(row) == TRANSITION for row in rows)
    assert all(set(quote) == {"link", "sentence"} for row in rows for quote in row["evidence"])
    first = next(row for row in rows if (row["subject"], row["facet"]) == ("hama", "control"))
    assert (first["from"], first["to"]) == ("government", "hts")
    assert datetime.fromisoformat(first["at"]).isoformat() == "2024-12-05T12:00:00+00:00"
    assert first["sources"] == ["orontes.example"] or first["sources"] == ["orontes-herald"]
    assert first["evidence"][0]["link"] == "https://orontes.example/1"
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)


def test_replay_for_people_is_one_line_a_transition(desk: Desk) -> None:
    """Without --json the same is readable; a bad line is told, the rest is replayed."""
    desk.write()
    lines = "{broken\n" + as_lines(ARCHIVE) + json.dumps({"feed": "levant"}) + "\n"
    (desk.folder / "archive.jsonl").write_text(lines)

    done = desk.do(
        "replay", "archive.jsonl", "--watchlist", str(desk.watchlist), "-c", "config", fails=1
    )

    assert "hama control: government → hts" in done.stdout
    told = done.stderr.splitlines()
    assert [line.split(": ")[1] for line in told] == ["line 1", "line 5"]
    assert all(line.startswith("archive.jsonl: ") and line.endswith("left out") for line in told)


def test_several_watchlists_may_follow_one_flag(desk: Desk) -> None:
    """Files after the first are watchlists too, and reading needs no channel's secret."""
    desk.write()
    settings = desk.config / "monitor.yaml"
    desk_channel = "{type: webhook, url: 'https://desk.example', secret: '${UNSET_SECRET}'}"
    settings.write_text(f"channels:\n  desk: {desk_channel}\n")
    other = desk.folder / "towns.yaml"
    other.write_text("places:\n  tartus: {name: Tartus, country: SY}\n")
    both = ("--watchlist", str(desk.watchlist), str(other), "-c", "config")
    (desk.folder / "archive.jsonl").write_text(as_lines(ARCHIVE))

    read = desk.do("extract", *both, stdin=as_lines(ARTICLES))
    replayed = desk.do("replay", "archive.jsonl", *both, "--json")

    assert len(json_lines(read.stdout)) == len(ARTICLES)
    assert {row["subject"] for row in json_lines(replayed.stdout)} >= {"hama"}


def test_replay_of_nothing(desk: Desk) -> None:
    """No archive, a folder for an archive, no watchlist, a watchlist that is not there: a line."""
    desk.write()
    watchlist = ("--watchlist", str(desk.watchlist))
    (desk.folder / "empty.jsonl").write_text("")

    for words, status in (
        (("absent.jsonl", *watchlist), 1),
        ((".", *watchlist), 1),
        (("empty.jsonl",), 2),
        (("empty.jsonl", "--watchlist", "absent.yaml"), 2),
    ):
        assert desk.do("replay", *words, fails=status).stderr.count("\n") == 1
    assert desk.do("replay", "empty.jsonl", *watchlist).stdout == ""
