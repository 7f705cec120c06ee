"""The commands that need no daemon: config files, secrets, dead letters, help, and mistakes."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from monitor.config import default_config, seeds_folder
from monitor.connection import client_for
from monitor.embedded import EmbeddedRedis
from monitor.keys import Keys
from monitor.streams import Consumer
from tests.acceptance.desk import PATIENCE, WATCHLIST, Desk, command, save
from tests.conftest import free_port


def test_the_command_explains_itself(desk: Desk) -> None:
    """`--help` lists the verbs as they are typed, and no line of it is cut off."""
    page = desk.do("--help").stdout

    assert page.startswith("Usage: monitor ")
    assert "  run  " in page
    assert "..." not in page.replace("[ARGS]...", "")
    assert desk.do("dead", "-h").stdout.startswith("Usage: monitor dead ")


def test_an_unknown_verb_is_a_mistake_of_usage(desk: Desk) -> None:
    """A typo ends with status 2 and says what was not understood."""
    assert "frobnicate" in desk.do("frobnicate", fails=2).stderr
    assert "--frob" in desk.do("status", "--frob", fails=2).stderr
    desk.do(fails=2)


def test_a_new_config_is_good(desk: Desk) -> None:
    """`monitor init` writes a config that `monitor check` accepts, and never overwrites one."""
    desk.do("init", "config")

    said = desk.do("check").stdout
    again = desk.do("init", "config", fails=2)

    assert re.search(r"config: good\. \d+ feeds, \d+ sources, 1 watchlist with \d+ subjects", said)
    assert again.stderr.count("\n") == 1
    assert {path.name for path in desk.config.iterdir()} >= {
        path.name for path in default_config().glob("*.yaml")
    }


def test_all_mistakes_are_told_at_once(desk: Desk) -> None:
    """Three files, three mistakes: three lines with file, line and a suggestion, status 2."""
    desk.write(
        feeds={"herald": "https://herald.example/feed"},
        settings={
            "grace": "soon",
            "channels": {
                "desk": {
                    "type": "webhook",
                    "url": "https://desk.example/",
                    "secret": "${NO_SUCH_SECRET}",
                }
            },
        },
        watchlist=WATCHLIST | {"rules": [{"name": "changes-hands", "facet": "controll"}]},
    )
    feeds = desk.config / "feeds.yaml"
    feeds.write_text(feeds.read_text().replace('"url"', '"ulr"'))

    told = desk.do("check", fails=2).stderr

    assert re.search(r"monitor\.yaml:\d+: grace: ", told)
    assert "NO_SUCH_SECRET" in told
    assert re.search(r'feeds\.yaml:\d+: .*"?ulr"?.*did you mean "?url', told)
    assert re.search(r'syria\.yaml:\d+: .*"controll".*did you mean "control"', told)
    assert desk.do("run", fails=2).stderr == told


def test_a_config_that_is_not_there(desk: Desk) -> None:
    """Without a config folder every verb says how to make one, in one line."""
    for verb in ("check", "run", "status", "subjects"):
        told = desk.do(verb, fails=2).stderr
        assert told.count("\n") == 1
        assert "monitor init config" in told


def test_schemas_are_written_where_they_are_wanted(desk: Desk) -> None:
    """`monitor schema` writes one JSON Schema a file; a place it cannot write is one line."""
    written = desk.do("schema", "schemas").stdout.splitlines()
    (desk.folder / "file").write_text("in the way")
    refused = desk.do("schema", "file/schemas", fails=1).stderr

    assert {Path(line).name for line in written} >= {"monitor.json", "watchlist.json"}
    assert all("$defs" in json.loads((desk.folder / line).read_text()) for line in written[:1])
    assert refused.startswith("monitor: file")
    assert refused.count("\n") == 1


def test_a_secret_fits_a_channel(desk: Desk) -> None:
    """`monitor secret` makes a new one each time, and the config accepts it."""
    first, second = (desk.do("secret").stdout.strip() for _ in range(2))
    channel = {"type": "webhook", "url": "https://desk.example/", "secret": first}
    desk.write(settings={"channels": {"desk": channel}})

    assert first != second
    assert "good" in desk.do("check").stdout


def test_feeds_come_from_other_readers_and_go_to_them(desk: Desk) -> None:
    """OPML in and out: what was exported brings nothing new when it is imported again."""
    desk.write(feeds={"herald": "https://herald.example/feed"})
    (desk.folder / "mine.opml").write_text(
        '<opml version="2.0"><body>'
        '<outline type="rss" text="Courier" xmlUrl="https://courier.example/rss"/>'
        '<outline type="rss" text="Herald" xmlUrl="https://herald.example/feed"/>'
        "</body></opml>"
    )

    assert "1 added, 1 skipped, 0 refused" in desk.do("opml", "import", "mine.opml").stdout
    (desk.folder / "out.opml").write_text(desk.do("opml", "export").stdout)
    assert "0 added, 2 skipped, 0 refused" in desk.do("opml", "import", "out.opml").stdout

    assert desk.do("opml", "import", "absent.opml", fails=2).stderr.count("\n") == 1
    (desk.folder / "not.opml").write_text("no such thing")
    assert desk.do("opml", "import", "not.opml", fails=2).stderr.count("\n") == 1


@pytest.fixture
def buried(desk: Desk) -> list[str]:
    """A desk with two dead letters; their ids."""
    desk.write()
    server = EmbeddedRedis(desk.folder / "data")
    server.ensure()
    keys = Keys()
    with client_for(server.url) as redis:
        reader = Consumer(redis, keys, keys.articles, "workers", "test")
        for text in ("one", "two [red]"):
            redis.xadd(keys.articles, {"article": text})
        for message in reader.read(10):
            reader.bury(message, f"cannot read {message.fields['article']}")
    server.release()
    return [letter["id"] for letter in desk.ask("dead", "list")]


def test_dead_letters_are_shown_put_back_and_dropped(desk: Desk, buried: list[str]) -> None:
    """A person looks at what could not be read, tries one again and deletes the other."""
    first, second = buried

    page = desk.do("dead", "list").stdout
    [letter] = json.loads(desk.do("dead", "show", second).stdout)
    assert "cannot read two [red]" in page
    assert letter["fields"] == {"article": "two [red]"}

    assert desk.do("dead", "retry", first).stdout == "1 put back\n"
    depths = {row["queue"]: row["depth"] for row in desk.ask("status")["queues"]}
    assert (depths["articles"], depths["dead"]) == (1, 1)

    assert desk.do("dead", "drop", "all").stdout == "1 deleted\n"
    assert desk.do("dead", "list").stdout == "No dead letters.\n"
    for verb in ("show", "retry", "drop"):
        for unknown in (first, "nonsense"):
            told = desk.do("dead", verb, unknown, fails=1).stderr
            assert f'no dead letter "{unknown}"' in told


def test_a_data_folder_that_cannot_be_written(desk: Desk) -> None:
    """A file stands where the folder should be: one line that names it, and status 1."""
    desk.write(settings={"data": "taken"})
    (desk.folder / "taken").write_text("a file")

    for verb in ("run", "fetch", "status"):
        told = desk.do(verb, fails=1).stderr
        assert told.count("\n") == 1
        assert "taken: cannot be written" in told


def test_a_redis_that_is_not_there(desk: Desk) -> None:
    """A shared Redis that refuses: one line with its address, without its password."""
    port = free_port()
    desk.write(settings={"redis": f"redis://user:hush@127.0.0.1:{port}/0"})

    for verb in ("run", "work", "status"):
        told = desk.do(verb, fails=1).stderr
        assert told.count("\n") == 1
        assert f"127.0.0.1:{port}" in told
        assert "hush" not in told


def test_a_name_with_brackets_is_shown_as_it_is(desk: Desk) -> None:
    """What looks like markup in a watchlist is text."""
    watchlist = {
        "places": {"port": {"name": "Port [bold]Said[/]", "held_by": "league"}},
        "actors": {"league": {"name": "League [red] :fire:", "kind": "armed-group"}},
    }
    desk.write()
    save(desk.watchlist, watchlist)

    page = desk.do("subjects").stdout

    assert "Port [bold]Said[/]" in page
    assert "League [red] :fire:" in page


def test_a_reader_that_has_seen_enough(desk: Desk) -> None:
    """Piped into something that stops reading, a command ends without a word."""
    desk.do("init", "config")
    piped = " ".join(command("subjects")) + " | head -1"
    done = subprocess.run(
        ["/bin/sh", "-c", piped],
        cwd=desk.folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )

    assert done.stderr == ""
    assert done.stdout == "Tracked subjects\n"


def test_an_ascii_terminal_gets_an_answer_too(desk: Desk) -> None:
    """A locale that cannot show a letter costs that letter, not the command."""
    desk.write(watchlist={"places": {"sana": {"name": "Malmö → صنعاء"}}})
    desk.environ["PYTHONIOENCODING"] = "ascii"

    assert "Malm" in desk.do("subjects").stdout


def test_moments_are_asked_for_one_at_a_time(desk: Desk) -> None:
    """What was believed then, or what is known now; and a moment must be one."""
    desk.write(feeds={"herald": "https://herald.example/feed"})

    both = desk.do("subjects", "--at", "2024-12-06", "--as-of", "2024-12-06", fails=2)
    assert both.stderr == "monitor: --at or --as-of, not both: believed then, or known now\n"
    assert "2024-99-06" in desk.do("subjects", "--at", "2024-99-06", fails=2).stderr
    for option in ("--at", "--as-of"):
        rows = json.loads(desk.do("subjects", option, "2024-12-06T12:00", "--json").stdout)
        assert {row["confidence"] for row in rows} == {"baseline"}


def test_a_backtest_names_the_watchlist_that_it_misses(desk: Desk) -> None:
    """Without an old watchlist of that name there is nothing to hold the new one against."""
    desk.write(feeds={"herald": "https://herald.example/feed"})

    said = desk.do("backtest", "--watchlist", "other.yaml", "archive.jsonl", fails=2).stderr

    assert said.endswith("other.yaml: no such file; name the old watchlist with --against FILE\n")


def test_an_archive_is_read_with_the_sources_beside_it(desk: Desk) -> None:
    """Two good papers confirm; to publishers that nobody knows the same rule says nothing."""
    seeds = seeds_folder() / "december-2024"
    asked = (seeds / "watchlists" / "syria.yaml").read_text(encoding="utf-8")
    lists = desk.folder / "sure.yaml"
    lists.write_text(asked.replace("confidence: reported", "confidence: confirmed"), "utf-8")
    lines = [
        json.dumps(
            {
                "feed": feed,
                "link": f"https://{feed}.example/1",
                "title": title,
                "published": "2024-12-05T12:00:00Z",
            }
        )
        for feed, title in (
            ("levant-wire", "Rebels captured the city of Hama, residents said"),
            ("meridian", "Rebels have taken Hama, our reporter in the city saw"),
        )
    ]
    told = []
    for name in ("known", "unknown"):
        folder = desk.folder / name
        folder.mkdir()
        (folder / "archive.jsonl").write_text("\n".join(lines), encoding="utf-8")
        if name == "known":
            for each in ("sources.yaml", "feeds.yaml"):
                (folder / each).write_bytes((seeds / each).read_bytes())
        rows = desk.do(
            *("backtest", "--json", "--watchlist", str(lists), "--against", str(lists)),
            str(folder / "archive.jsonl"),
        ).stdout
        told.append("Hama" in rows)

    assert told == [True, False]
