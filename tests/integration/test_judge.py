"""The judge: readings in, statuses, transitions and alerts out, against a real redis-server."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from monitor.deadletters import dead_letters
from monitor.judge import Judge
from monitor.keys import Keys
from monitor.leases import Lease
from monitor.ontology import Ontology
from monitor.records import Alert, Article, Claim, Factuality, Reading, Status, Transition
from monitor.settings import Config, Settings
from monitor.stories import note_of
from monitor.streams import Consumer, Delays, Message
from monitor.watchlist import AlertRule, Watchlist
from tests.conftest import until

NOON = datetime(2024, 12, 5, 12, tzinfo=UTC)

QUICK = Delays(claim_after=60.0, heartbeat=10.0, block=0.001, max_deliveries=3)


@pytest.fixture
def config() -> Config:
    """Two cities, two parties, one rule."""
    return Config(
        root=Path("config"),
        settings=Settings(),
        feeds={},
        sources={
            name: {"name": name, "grade": "B"}  # type: ignore[dict-item]
            for name in ("herald", "courier", "tribune")
        },
        ontology=Ontology.model_validate(
            {"facets": {"control": {"applies_to": ["place"], "values": "actor"}}}
        ),
        watchlists=(
            Watchlist.model_validate(
                {
                    "name": "north",
                    "places": {
                        "overburg": {"name": "Overburg", "held_by": "crown"},
                        "netherby": {"name": "Netherby", "held_by": "crown"},
                    },
                    "actors": {
                        "crown": {"name": "The Crown", "kind": "government"},
                        "league": {"name": "The League", "kind": "armed-group"},
                    },
                    "rules": [{"name": "changes-hands", "facet": "control"}],
                }
            ),
        ),
    )


def make_judge(redis: Redis, keys: Keys, config: Config, name: str = "a") -> Judge:
    """One judge process; it waits for older articles as long as a test lives."""
    consumer = Consumer(redis, keys, keys.claims, "judge", name, QUICK)
    lease = Lease(redis, keys.lease("judge"), name)
    return Judge(redis, keys, consumer, lease, lambda: config, order_wait=3600)


def claim(
    subject: str = "overburg",
    value: str = "league",
    *,
    article: str = "a1",
    source: str = "herald",
    at: datetime = NOON,
    revision: int = 0,
) -> Claim:
    """One report that a city is held by somebody."""
    return Claim(
        id=f"{article}-{revision}-{subject}-{value}",
        subject=subject,
        facet="control",
        value=value,
        factuality=Factuality.REPORTED,
        start=at,
        end=at,
        published=at,
        seen=at,
        article=article,
        revision=revision,
        source=source,
        story=article,
        link=f"https://{source}.example/{article}",
        sentence=f"{value} took {subject}.",
    )


def send(
    redis: Redis, keys: Keys, *claims: Claim, order: str | None = None, text: str = ""
) -> None:
    """Do what a worker does with the claims of one article."""
    first = claims[0]
    article = Article(
        id=first.article, feed="any", source="any", text=text, published=NOON, seen=NOON
    )
    reading = Reading(
        article=first.article,
        revision=first.revision,
        seen=first.seen,
        claims=claims,
        note=note_of(article),
    )
    fields = {"reading": reading.to_json()}
    redis.xadd(keys.claims, fields | ({"order": order} if order else {}))


def settle(judge: Judge, redis: Redis, keys: Keys) -> None:
    """Judge until nothing waits."""

    def done() -> bool:
        judge.step()
        return redis.xlen(keys.claims) == 0

    until(done)


def status(redis: Redis, keys: Keys, subject: str = "overburg") -> Status:
    """Return what is believed of a city."""
    return Status.from_json(str(redis.hget(keys.statuses, f"{subject}/control")))


def moves(redis: Redis, keys: Keys) -> list[Transition]:
    """Return all transitions."""
    return [Transition.from_json(row["transition"]) for _, row in redis.xrange(keys.transitions)]


def sent(redis: Redis, keys: Keys) -> list[Alert]:
    """Return all alerts on their way."""
    return [Alert.from_json(row["alert"]) for _, row in redis.xrange(keys.alerts)]


def test_a_report_moves_a_status_and_alerts(redis: Redis, keys: Keys, config: Config) -> None:
    """One independent report: the city changes hands, and the rule's alert is queued."""
    send(redis, keys, claim())

    settle(make_judge(redis, keys, config), redis, keys)

    assert (status(redis, keys).value, str(status(redis, keys).confidence)) == (
        "league",
        "reported",
    )
    [moved] = moves(redis, keys)
    assert (moved.from_, moved.to, moved.at) == ("crown", "league", NOON)
    [alert] = sent(redis, keys)
    assert alert.rule == "changes-hands"
    assert "Overburg" in alert.summary


def test_readings_are_judged_in_the_order_of_their_articles(
    redis: Redis, keys: Keys, config: Config
) -> None:
    """A worker that was faster with a younger article does not change what is told."""
    older = str(redis.xadd(keys.articles, {"article": "older"}))
    younger = str(redis.xadd(keys.articles, {"article": "younger"}))
    judge = make_judge(redis, keys, config)
    send(redis, keys, claim("netherby", article="a2"), order=younger)
    redis.xdel(keys.articles, younger)

    assert judge.step() == 0
    send(redis, keys, claim("overburg", article="a1"), order=older)
    redis.xdel(keys.articles, older)
    settle(judge, redis, keys)

    assert [moved.subject for moved in moves(redis, keys)] == ["overburg", "netherby"]


def test_a_reading_does_not_wait_for_ever(redis: Redis, keys: Keys, config: Config) -> None:
    """An article that nobody finishes holds younger ones up only for the order wait."""
    redis.xadd(keys.articles, {"article": "stuck"})
    younger = str(redis.xadd(keys.articles, {"article": "younger"}))
    consumer = Consumer(redis, keys, keys.claims, "judge", "a", QUICK)
    lease = Lease(redis, keys.lease("judge"), "a")
    judge = Judge(redis, keys, consumer, lease, lambda: config, order_wait=0.0)
    send(redis, keys, claim(), order=younger)

    settle(judge, redis, keys)

    assert status(redis, keys).value == "league"


def test_a_revision_replaces_what_the_article_said(
    redis: Redis, keys: Keys, config: Config
) -> None:
    """A correction without the claim takes it back: the city is the crown's again."""
    judge = make_judge(redis, keys, config)
    send(redis, keys, claim(article="a1"))
    settle(judge, redis, keys)
    later = NOON + timedelta(hours=2)
    empty = Reading(article="a1", revision=1, seen=later, claims=())
    redis.xadd(keys.claims, {"reading": empty.to_json()})

    settle(judge, redis, keys)

    assert status(redis, keys).value == "crown"
    assert [str(moved.kind) for moved in moves(redis, keys)] == ["changed", "retracted"]
    assert redis.hlen(keys.evidence("overburg", "control")) == 0


def test_what_drops_off_a_live_page_was_not_taken_back(
    redis: Redis, keys: Keys, config: Config
) -> None:
    """A later version that no longer tells of one town, and tells of another, adds to the first."""
    judge = make_judge(redis, keys, config)
    versions = (
        Reading(article="a1", revision=0, seen=NOON, live=True, claims=(claim(),)),
        Reading(
            article="a1", revision=1, seen=NOON, live=True, claims=(claim(), claim("netherby"))
        ),
        Reading(article="a1", revision=2, seen=NOON, live=True, claims=()),
    )
    for version in versions:
        redis.xadd(keys.claims, {"reading": version.to_json()})

    settle(judge, redis, keys)

    assert status(redis, keys).value == status(redis, keys, "netherby").value == "league"
    assert [(moved.subject, str(moved.kind)) for moved in moves(redis, keys)] == [
        ("overburg", "changed"),
        ("netherby", "changed"),
    ]
    assert redis.hget(keys.counters, "claims_untracked") is None


def test_an_older_revision_that_comes_late_is_stale(
    redis: Redis, keys: Keys, config: Config
) -> None:
    """What a newer revision said stands, whatever the order of arrival."""
    judge = make_judge(redis, keys, config)
    send(redis, keys, claim("netherby", article="a1", revision=1))
    send(redis, keys, claim("overburg", article="a1", revision=0))

    settle(judge, redis, keys)

    assert [moved.subject for moved in moves(redis, keys)] == ["netherby"]
    assert redis.hget(keys.counters, "readings_stale") == "1"


def test_the_same_reading_twice_changes_nothing(redis: Redis, keys: Keys, config: Config) -> None:
    """A message done twice, because a commit's answer was lost, is told once."""
    judge = make_judge(redis, keys, config)
    send(redis, keys, claim())
    send(redis, keys, claim())

    settle(judge, redis, keys)

    assert len(moves(redis, keys)) == 1
    assert len(sent(redis, keys)) == 1


def test_of_two_judges_one_stands_by(redis: Redis, keys: Keys, config: Config) -> None:
    """The second judge takes nothing while the first holds the lease, and goes on after it."""
    first, second = make_judge(redis, keys, config, "a"), make_judge(redis, keys, config, "b")
    first.step()
    send(redis, keys, claim())

    assert second.step() == 0
    Lease(redis, keys.lease("judge"), "a").give_back()
    settle(second, redis, keys)

    assert status(redis, keys).value == "league"


def test_a_message_that_is_no_reading_is_a_dead_letter(
    redis: Redis, keys: Keys, config: Config
) -> None:
    """Garbage in the stream is set aside with a reason and stops nothing."""
    redis.xadd(keys.claims, {"reading": "{}"})
    redis.xadd(keys.claims, {"nonsense": "1"})
    send(redis, keys, claim())

    settle(make_judge(redis, keys, config), redis, keys)

    assert status(redis, keys).value == "league"
    assert [letter.error.partition(":")[0] for letter in dead_letters(redis, keys)] == [
        "not a reading",
        "not a reading",
    ]


def test_an_untracked_subject_leaves_no_trace(redis: Redis, keys: Keys, config: Config) -> None:
    """Claims about what no watchlist tracks are dropped."""
    send(redis, keys, claim("elsewhere"))

    settle(make_judge(redis, keys, config), redis, keys)

    assert redis.hlen(keys.statuses) == 0
    assert redis.hget(keys.counters, "claims_untracked") == "1"


def fading(config: Config) -> Config:
    """The same, with a posture that fades after a week or two, and a rule that tells so."""
    ontology = Ontology.model_validate(
        {
            "facets": {
                "control": {"applies_to": ["place"], "values": "actor"},
                "posture": {
                    "applies_to": ["armed-group"],
                    "values": ["advancing", "retreating"],
                    "half_life": "7d",
                },
            }
        }
    )
    rule = AlertRule.model_validate({"name": "moves", "facet": "posture", "on_fade": "alert"})
    lists = (config.watchlists[0].model_copy(update={"rules": (rule,)}),)
    return config.model_copy(update={"ontology": ontology, "watchlists": lists})


def advance(at: datetime = NOON, article: str = "a1") -> Claim:
    """One report that the League advances."""
    return claim("league", "advancing", article=article, at=at).model_copy(
        update={"facet": "posture"}
    )


def test_a_status_fades_while_the_feeds_are_polled(
    redis: Redis, keys: Keys, config: Config
) -> None:
    """No news for weeks: the posture fades at its own moment, however late the judge looks."""
    judge = make_judge(redis, keys, fading(config))
    send(redis, keys, advance())
    settle(judge, redis, keys)
    before = Status.from_json(str(redis.hget(keys.statuses, "league/posture")))
    assert before.fades is not None

    judge.step()
    assert [str(moved.kind) for moved in moves(redis, keys)] == ["changed"]
    polled = before.fades + timedelta(days=3)
    redis.hset(keys.fetching, "polled", int(polled.timestamp() * 1000))
    judge.step()

    assert [str(moved.kind) for moved in moves(redis, keys)] == ["changed", "faded"]
    told = moves(redis, keys)[-1]
    assert timedelta(0) <= told.at - before.fades < timedelta(seconds=1)
    assert [alert.transition.kind for alert in sent(redis, keys)] == ["changed", "faded"]
    assert redis.zcard(keys.timers) == 0


def test_nothing_fades_before_older_news_are_read(redis: Redis, keys: Keys, config: Config) -> None:
    """An article that waits to be read may hold the evidence that keeps a status up."""
    judge = make_judge(redis, keys, fading(config))
    send(redis, keys, advance())
    settle(judge, redis, keys)
    redis.hset(keys.fetching, "polled", int((NOON + timedelta(days=60)).timestamp() * 1000))
    waiting = redis.xadd(keys.articles, {"article": "unread"})

    judge.step()
    assert len(moves(redis, keys)) == 1
    redis.xdel(keys.articles, str(waiting))
    judge.step()

    assert len(moves(redis, keys)) == 2


def test_nothing_fades_before_what_a_worker_has_just_read(
    redis: Redis, keys: Keys, config: Config
) -> None:
    """The last article is read just after the judge looked for readings: it still comes first."""
    faded = fading(config)
    judge = make_judge(redis, keys, faded)
    send(redis, keys, advance())
    settle(judge, redis, keys)
    redis.hset(keys.fetching, "polled", int((NOON + timedelta(days=60)).timestamp() * 1000))
    last = str(redis.xadd(keys.articles, {"article": "a2"}))

    class Overtaken(Consumer):
        """Finds nothing, and then a worker finishes."""

        def read(self, count: int, block: float | None = None) -> list[Message]:
            found = super().read(count, block)
            if block == 0 and redis.xlen(keys.articles):
                send(redis, keys, advance(NOON + timedelta(days=5), "a2"), order=last)
                redis.xdel(keys.articles, last)
            return found

    consumer = Overtaken(redis, keys, keys.claims, "judge", "a", QUICK)
    late = Judge(
        redis,
        keys,
        consumer,
        Lease(redis, keys.lease("judge"), "a"),
        lambda: faded,
        order_wait=3600,
    )
    late.step()

    assert redis.xlen(keys.articles) == 0
    assert [str(moved.kind) for moved in moves(redis, keys)] == ["changed"]


def test_what_is_seen_later_finds_it_faded(redis: Redis, keys: Keys, config: Config) -> None:
    """Time passes with the news: first the old spell fades, then the new one begins."""
    judge = make_judge(redis, keys, fading(config))
    send(redis, keys, advance())
    send(redis, keys, advance(NOON + timedelta(days=60), "a2"))

    settle(judge, redis, keys)

    assert [str(moved.kind) for moved in moves(redis, keys)] == ["changed", "faded", "changed"]


def test_a_change_is_told_when_it_has_held(redis: Redis, keys: Keys, config: Config) -> None:
    """With ``for: 6h`` the alert waits in Redis, over a change of judges."""
    rule = AlertRule.model_validate({"name": "held", "for": "6h"})
    lists = (config.watchlists[0].model_copy(update={"rules": (rule,)}),)
    patient = config.model_copy(update={"watchlists": lists})
    send(redis, keys, claim())
    settle(make_judge(redis, keys, patient), redis, keys)
    assert sent(redis, keys) == []

    Lease(redis, keys.lease("judge"), "a").give_back()
    redis.hset(keys.fetching, "polled", int((NOON + timedelta(hours=7)).timestamp() * 1000))
    make_judge(redis, keys, patient, "b").step()

    [alert] = sent(redis, keys)
    assert alert.transition.to == "league"
    assert alert.transition.at - NOON < timedelta(hours=6, seconds=1)


def test_an_edited_watchlist_tells_nothing_old(redis: Redis, keys: Keys, config: Config) -> None:
    """Another baseline, another rule: statuses follow at once, and nobody is alerted."""
    settled = make_judge(redis, keys, config)
    send(redis, keys, claim())
    send(redis, keys, claim("netherby", "crown", article="a2"))
    settle(settled, redis, keys)
    assert len(sent(redis, keys)) == 1
    Lease(redis, keys.lease("judge"), "a").give_back()
    before = config.watchlists[0]
    places = {
        name: place.model_copy(update={"held_by": "league"})
        for name, place in before.places.items()
    }
    rules = (AlertRule.model_validate({"name": "new", "confidence": "claimed"}),)
    edited = before.model_copy(update={"places": places, "rules": rules})

    make_judge(redis, keys, config.model_copy(update={"watchlists": (edited,)}), "b").step()

    assert (status(redis, keys).value, status(redis, keys).since) == ("league", None)
    assert status(redis, keys, "netherby").value == "crown"
    assert len(sent(redis, keys)) == 1
    assert len(moves(redis, keys)) == 1


def test_a_revision_that_says_the_same_tells_nothing(
    redis: Redis, keys: Keys, config: Config
) -> None:
    """A corrected spelling changes the claim's id and no status."""
    judge = make_judge(redis, keys, config)
    send(redis, keys, claim(article="a1"))
    send(redis, keys, claim(article="a1", revision=1))

    settle(judge, redis, keys)

    assert len(moves(redis, keys)) == len(sent(redis, keys)) == 1
    assert redis.hkeys(keys.evidence("overburg", "control")) == ["a1-1-overburg-league"]


def test_a_status_that_cannot_be_looked_at_stops_nothing(
    redis: Redis, keys: Keys, config: Config
) -> None:
    """Garbage in a status costs its own timer, and is counted."""
    judge = make_judge(redis, keys, fading(config))
    send(redis, keys, advance())
    settle(judge, redis, keys)
    redis.hset(keys.statuses, "league/posture", "garbage")
    redis.hset(keys.fetching, "polled", int((NOON + timedelta(days=60)).timestamp() * 1000))

    judge.step()

    assert redis.hget(keys.counters, "reviews_failed") == "1"
    assert redis.zcard(keys.timers) == 0


def test_a_rewrite_is_no_second_voice(redis: Redis, keys: Keys, config: Config) -> None:
    """Two papers with one text, and no credit: reported, not confirmed."""
    text = " ".join(f"word{number}" for number in range(60))
    judge = make_judge(redis, keys, config)
    send(redis, keys, claim(article="a1", source="herald"), text=text)
    rewritten = text.replace("word3 ", "another ")
    send(redis, keys, claim(article="a2", source="courier"), text=rewritten)
    settle(judge, redis, keys)
    assert str(status(redis, keys).confidence) == "reported"

    send(redis, keys, claim(article="a3", source="tribune"), text=text.upper()[::-1])
    settle(judge, redis, keys)

    assert str(status(redis, keys).confidence) == "confirmed"
    assert redis.ttl(keys.note("a1")) > 86_400 * 6


def test_a_copy_is_told_by_the_version_that_it_copied(
    redis: Redis, keys: Keys, config: Config
) -> None:
    """Workers may be ahead: the text that follows is not yet the one that was copied."""
    text = " ".join(f"word{number}" for number in range(60))
    send(redis, keys, claim(article="a1", source="herald"), text=text)
    send(redis, keys, claim(article="a2", source="courier"), text=text.replace("word3 ", ""))
    later = claim(article="a1", source="herald", revision=1)
    send(redis, keys, later, text=text.upper()[::-1])

    settle(make_judge(redis, keys, config), redis, keys)

    held = {row.article: row for row in map(Claim.from_json, evidence(redis, keys))}
    assert held["a2"].copies == ("a1",)
    assert held["a1"].copies == ()


def evidence(redis: Redis, keys: Keys) -> list[str]:
    """Return the claims that are held on who holds Overburg."""
    rows: Any = redis.hvals(keys.evidence("overburg", "control"))
    return list(rows)


def test_four_judges_end_where_one_does(redis: Redis, keys: Keys, config: Config) -> None:
    """The lease goes round between readings; statuses, transitions and alerts are the same."""
    told = [
        claim(
            subject,
            value,
            article=f"{subject}-{hour}",
            source=source,
            at=NOON + timedelta(hours=hour),
        )
        for hour, (subject, value, source) in enumerate(
            [
                ("overburg", "league", "herald"),
                ("netherby", "league", "courier"),
                ("overburg", "league", "tribune"),
                ("overburg", "crown", "courier"),
                ("netherby", "league", "herald"),
                ("overburg", "crown", "herald"),
            ]
        )
    ]
    alone, shared = Keys(f"{keys.namespace}-one"), Keys(f"{keys.namespace}-four")
    for one in told:
        send(redis, alone, one)
    settle(make_judge(redis, alone, config), redis, alone)

    judges = [make_judge(redis, shared, config, name) for name in "abcd"]
    for one, judge in zip(told, itertools.cycle(judges), strict=False):
        send(redis, shared, one)
        settle(judge, redis, shared)
        assert [other.step() for other in judges if other is not judge] == [0, 0, 0]
        redis.delete(shared.lease("judge"))

    assert redis.hgetall(shared.statuses) == redis.hgetall(alone.statuses)
    assert moves(redis, shared) == moves(redis, alone)
    assert sent(redis, shared) == sent(redis, alone)
