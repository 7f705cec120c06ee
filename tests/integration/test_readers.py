"""Readers of another make in the worker: beside ours, in its place, and when they fail."""

from __future__ import annotations

from typing import Any

import pytest
from redis import Redis
from structlog.testing import capture_logs

from monitor.deadletters import dead_letters
from monitor.keys import Keys
from monitor.records import Article, Claim, Reading
from monitor.settings import Config, ForeignReader
from monitor.streams import Consumer, Delays
from tests.unit.workers.newsroom import SOURCES, WATCHLIST, article, ontology, reader
from workers.joined import JoinedReader
from workers.readers import EventReader, ReaderError, ToldEvent, load_reader
from workers.worker import Worker

DELAYS = Delays(claim_after=0.0, heartbeat=10.0, block=0.001, max_deliveries=2)
PATTERN = "tests.other_readers:Pattern"


@pytest.fixture
def config(tmp_path: Any) -> Config:
    """A config with the tests' watchlist, and nothing else."""
    return Config.model_validate(
        {
            "root": tmp_path,
            "settings": {},
            "feeds": {},
            "sources": SOURCES,
            "ontology": ontology(),
            "watchlists": (WATCHLIST,),
        }
    )


def with_reader(config: Config, **keys: Any) -> Config:
    """Name a reader in the settings."""
    workers = config.settings.workers.model_copy(update={"reader": ForeignReader(**keys)})
    settings = config.settings.model_copy(update={"workers": workers})
    return config.model_copy(update={"settings": settings})


def work(redis: Redis, keys: Keys, config: Config, *articles: Article) -> dict[str, list[Claim]]:
    """Let a worker read articles, each as often as it comes back; return the claims by article."""
    for one in articles:
        redis.xadd(keys.articles, {"article": one.to_json()})
    consumer = Consumer(redis, keys, keys.articles, "workers", "a", DELAYS)
    worker = Worker(redis, keys, consumer, lambda: config)
    while redis.xlen(keys.articles):
        worker.step()
    entries: Any = redis.xrange(keys.claims)
    rows = [Reading.from_json(fields["reading"]) for _, fields in entries]
    return {row.article: list(row.claims) for row in rows}


def of(name: str, text: str) -> Article:
    """Return an article with an id of its own."""
    return article("", text).model_copy(update={"id": name})


def control(claims: list[Claim]) -> dict[str, str]:
    """Return who is claimed to hold what."""
    return {claim.subject: claim.value for claim in claims if claim.facet == "control"}


def test_what_both_read_is_claimed_once(redis: Redis, keys: Keys, config: Config) -> None:
    """Joined: what the other one alone reads is added, what it repeats is not."""
    joined = with_reader(config, use=PATTERN)

    claims = work(
        redis,
        keys,
        joined,
        of("both", "HTS took Hama."),
        of("other", "Rebellen: HTS nahmen Homs. Die Stadt ist ruhig, sagen die Leute dort."),
    )

    assert control(claims["both"]) == {"hama": "hts"}
    ids = [(claim.subject, claim.facet, claim.value) for claim in claims["both"]]
    assert len(ids) == len(set(ids))
    assert control(claims["other"]) == {"homs": "hts"}
    assert claims["other"][0].sentence == "HTS nahmen Homs."


@pytest.mark.parametrize("joined", [False, True])
def test_a_live_page_is_one_to_both(*, joined: bool) -> None:
    """What it told before is not taken back, whoever read it."""
    page = of("page", "HTS took Homs.").model_copy(update={"title": "LIVE: Syria", "revision": 1})
    other, own = load_reader(ForeignReader(use=PATTERN)), reader() if joined else None

    [read] = JoinedReader(other, ontology(), [WATCHLIST], SOURCES, own).read([page])

    assert read.reading.live
    assert control(list(read.claims)) == {"homs": "hts"}


def test_alone_only_the_other_reader_counts(redis: Redis, keys: Keys, config: Config) -> None:
    """Ours would have read the first one; it was not asked."""
    alone = with_reader(config, use=PATTERN, mode="alone")

    claims = work(
        redis, keys, alone, of("ours", "Rebels captured Hama."), of("its", "HTS took Homs.")
    )

    assert {name: control(each) for name, each in claims.items()} == {"its": {"homs": "hts"}}


def test_a_joined_reader_that_fails_leaves_ours(redis: Redis, keys: Keys, config: Config) -> None:
    """Counted, told under its action; the article is done, and so are the others."""
    joined = with_reader(config, use=PATTERN, options={"dislikes": "captured"})

    with capture_logs() as logs:
        claims = work(
            redis, keys, joined, of("bad", "Rebels captured Hama."), of("good", "HTS took Homs.")
        )

    assert control(claims["bad"]) == {"hama": "hts"}
    assert control(claims["good"]) == {"homs": "hts"}
    counters: Any = redis.hgetall(keys.counters)
    assert counters["readers_failed"] == "1"
    [line] = [line for line in logs if line["event"] == "reader.failed"]
    assert (line["article"], line["error"]) == ("bad", "I do not like this text")
    assert dead_letters(redis, keys, count=None) == []


def test_alone_what_cannot_be_read_is_a_dead_letter(
    redis: Redis, keys: Keys, config: Config
) -> None:
    """After its retries; the others are read."""
    alone = with_reader(config, use=PATTERN, mode="alone", options={"dislikes": "Kherson"})

    claims = work(redis, keys, alone, of("bad", "HTS took Kherson."), of("good", "HTS took Homs."))

    assert set(claims) == {"good"}
    [letter] = dead_letters(redis, keys, count=None)
    assert "I do not like this text" in letter.error


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (ToldEvent(event="abduction-by-aliens", sentence="HTS took Hama."), "not in ontology.yaml"),
        (ToldEvent(event="capture", sentence="HTS took Homs."), "the text has no sentence"),
    ],
)
def test_what_is_made_up_is_a_failure(told: ToldEvent, why: str) -> None:
    """An event that nobody knows, evidence that nobody wrote."""

    class Dreamer:
        def events(self, _article: Article) -> list[ToldEvent]:
            return [told]

    alone = JoinedReader(Dreamer(), ontology(), [WATCHLIST], SOURCES)

    with pytest.raises(ValueError, match=why):
        list(alone.read([article("", "HTS took Hama.")]))


def test_ours_is_one_of_them() -> None:
    """Behind the interface it tells the same: who holds what, how sure, and what is history."""
    ours = reader()
    assert isinstance(ours, EventReader)
    behind = JoinedReader(ours, ontology(), [WATCHLIST], SOURCES)
    texts = [
        "Rebels captured Hama and Homs from the Syrian army, residents said.",
        "Syrian government forces could retake Aleppo.",
        "In 2016 the Syrian army captured Aleppo.",
        "Lena Okafor resigned on Thursday.",
        "Rebels captured Kherson airport.",
    ]

    for text in texts:
        (plain,), (through,) = ours.read([article("", text)]), behind.read([article("", text)])

        assert {claim.id for claim in through.claims} == {claim.id for claim in plain.claims}, text


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ({"use": "no_such_module:Reader"}, "no_such_module"),
        ({"use": f"{PATTERN}s"}, "has no attribute"),
        ({"use": PATTERN, "options": {"colour": "red"}}, "colour"),
        ({"use": "datetime:datetime", "options": {"year": 1, "month": 1, "day": 1}}, "no method"),
    ],
)
def test_a_reader_that_cannot_be_made_is_one_line(keys: dict[str, Any], why: str) -> None:
    """What was asked for, and why not."""
    with pytest.raises(ReaderError, match=why) as caught:
        load_reader(ForeignReader(**keys))

    assert "\n" not in str(caught.value)


def test_a_wrong_reader_in_an_edit_is_refused(redis: Redis, keys: Keys, config: Config) -> None:
    """Given a running worker, what worked reads on."""
    current = [with_reader(config, use=PATTERN)]
    consumer = Consumer(redis, keys, keys.articles, "workers", "a", DELAYS)
    worker = Worker(redis, keys, consumer, lambda: current[0])
    worker.step()
    current[0] = with_reader(config, use="no_such_module:Reader")
    redis.xadd(keys.articles, {"article": of("a", "HTS took Hama.").to_json()})

    with capture_logs() as logs:
        worker.step()

    assert [line["event"] for line in logs] == ["reader.refused"]
    assert redis.xlen(keys.claims) == 1
