"""The worker: articles in, readings out, and what it does with those that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from redis import Redis
from structlog.testing import capture_logs

from monitor.config import load, seeds_folder
from monitor.deadletters import dead_letters
from monitor.keys import Keys
from monitor.records import Article, Reading
from monitor.settings import Config
from monitor.streams import Consumer, Delays
from workers.language import PipelineError
from workers.reader import ReadArticle, Reader
from workers.worker import Worker

NOON = datetime(2024, 12, 5, 12, tzinfo=UTC)
SEEDS = seeds_folder() / "december-2024"
DELAYS = Delays(claim_after=0.0, heartbeat=10.0, block=0.001, max_deliveries=2)


@pytest.fixture(scope="module")
def config() -> Config:
    """The watchlist of the demo."""
    return load(SEEDS, environ={}, watchlists=[SEEDS / "watchlists" / "syria.yaml"])


@pytest.fixture
def worker(redis: Redis, keys: Keys, config: Config) -> Worker:
    """One worker process."""
    consumer = Consumer(redis, keys, keys.articles, "workers", "a", DELAYS)
    return Worker(redis, keys, consumer, lambda: config)


def article(number: int, text: str, *, revision: int = 0) -> Article:
    """One article with a text."""
    return Article(
        id=f"a{number}",
        revision=revision,
        feed="herald",
        source="herald.example",
        text=text,
        published=NOON,
        seen=NOON,
    )


def send(redis: Redis, keys: Keys, *articles: Article) -> list[str]:
    """Do what fetching does; return the ids of the messages."""
    return [str(redis.xadd(keys.articles, {"article": one.to_json()})) for one in articles]


def readings(redis: Redis, keys: Keys) -> dict[str, Reading]:
    """Return what the worker wrote, by the message of the article."""
    entries: Any = redis.xrange(keys.claims)
    return {fields["order"]: Reading.from_json(fields["reading"]) for _, fields in entries}


def test_an_article_becomes_a_reading(redis: Redis, keys: Keys, worker: Worker) -> None:
    """Claims go on with the place of their article; what says nothing leaves no message."""
    first, _, third = send(
        redis,
        keys,
        article(1, "Rebels captured Hama."),
        article(2, "The spring fair opened."),
        article(3, "The fair was corrected.", revision=1),
    )

    assert worker.step() == 3

    found = readings(redis, keys)
    assert set(found) == {first, third}
    assert {claim.subject for claim in found[first].claims} >= {"hama"}
    assert found[third].claims == (), "a revision that says nothing takes back what was said"
    assert redis.xlen(keys.articles) == 0
    counters: Any = redis.hgetall(keys.counters)
    assert sum(int(count) for name, count in counters.items() if name.startswith("articles_")) == 3
    assert worker.step() == 0


def test_what_is_no_article_is_a_dead_letter(redis: Redis, keys: Keys, worker: Worker) -> None:
    """A message that can never be read is set aside at once, with what is wrong."""
    redis.xadd(keys.articles, {"article": '{"id": "x"}'})
    redis.xadd(keys.articles, {"something": "else"})
    send(redis, keys, article(1, "Rebels captured Hama."))

    worker.step()

    errors = [letter.error for letter in dead_letters(redis, keys)]
    assert errors == [
        "not an article: feed: Field required",
        'not an article: the field "article" is missing',
    ]
    assert len(readings(redis, keys)) == 1


def test_a_poisonous_article_fails_alone(
    redis: Redis, keys: Keys, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others of its batch are read; after its last try it is a dead letter with its error."""
    read = Reader.read

    def choking(self: Reader, articles: Sequence[Article]) -> Iterator[ReadArticle]:
        if any("poison" in one.text for one in articles):
            raise ValueError("cannot swallow this")
        return read(self, articles)

    monkeypatch.setattr(Reader, "read", choking)
    good, _ = send(redis, keys, article(1, "Rebels captured Hama."), article(2, "poison"))

    worker.step()
    assert set(readings(redis, keys)) == {good}
    assert dead_letters(redis, keys) == []

    worker.step()
    [letter] = dead_letters(redis, keys)
    assert letter.error == "ValueError: cannot swallow this"
    assert redis.xlen(keys.articles) == 0
    assert redis.hget(keys.counters, "messages_failed:workers") == "1"


def test_a_changed_config_counts_from_the_next_batch(
    redis: Redis, keys: Keys, config: Config, worker: Worker
) -> None:
    """A subject that the watchlist no longer has makes no claims any more."""
    send(redis, keys, article(1, "Rebels captured Hama."))
    worker.step()
    watchlist = config.watchlists[0]
    places = {name: place for name, place in watchlist.places.items() if name != "hama"}
    fewer = watchlist.model_copy(update={"places": places})
    edited = config.model_copy(update={"watchlists": (fewer,)})

    worker.config = lambda: edited
    send(redis, keys, article(2, "Rebels captured Hama."))
    worker.step()

    subjects = [{claim.subject for claim in one.claims} for one in readings(redis, keys).values()]
    assert "hama" in subjects[0]
    assert all("hama" not in others for others in subjects[1:])


def test_other_languages_are_counted_by_language(redis: Redis, keys: Keys, worker: Worker) -> None:
    """Headlines too, whatever they are about; what was said before of the article is taken back."""
    send(
        redis,
        keys,
        article(1, "Les rebelles prennent la ville de Hama."),
        article(2, "Suriye ordusu Homs kentinden çekildi."),
        article(3, "Les prix augmentent encore dans la région.", revision=1),
        article(4, "Rebels captured Hama."),
    )

    worker.step()

    counters: Any = redis.hgetall(keys.counters)
    assert counters["articles_skipped:fr"] == "2"
    assert counters["articles_skipped:tr"] == "1"
    assert counters["articles_read"] == "1"
    assert [one.claims == () for one in readings(redis, keys).values()] == [True, False]


def test_a_wrong_pipeline_in_an_edit_is_refused(redis: Redis, keys: Keys, config: Config) -> None:
    """Given a running worker, a pipeline that is not there is told, and reading goes on."""
    current = [config]
    consumer = Consumer(redis, keys, keys.articles, "workers", "a", DELAYS)
    worker = Worker(redis, keys, consumer, lambda: current[0])
    worker.step()
    settings = config.settings
    wrong = settings.workers.model_copy(update={"pipeline": "no-such-pipeline"})
    current[0] = config.model_copy(
        update={"settings": settings.model_copy(update={"workers": wrong})}
    )
    send(redis, keys, article(1, "Rebels captured Hama."))

    with capture_logs() as logs:
        worker.step()

    assert [line["event"] for line in logs] == ["pipeline.refused"]
    assert len(readings(redis, keys)) == 1


def test_a_wrong_pipeline_at_the_start_is_one_clear_line(
    redis: Redis, keys: Keys, config: Config
) -> None:
    """Without a pipeline that works there is nothing to go on with."""
    wrong = config.settings.workers.model_copy(update={"pipeline": "no-such-pipeline"})
    settings = config.settings.model_copy(update={"workers": wrong})
    consumer = Consumer(redis, keys, keys.articles, "workers", "a", DELAYS)
    worker = Worker(redis, keys, consumer, lambda: config.model_copy(update={"settings": settings}))

    with pytest.raises(PipelineError, match=r"no-such-pipeline.*installed: en_news_sm"):
        worker.step()
