"""Two times: what was believed at a moment, and what is now known to have been so then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from redis import Redis

from monitor import past
from monitor.keys import Keys
from monitor.records import Confidence, Status
from monitor.settings import Config
from tests.integration.test_judge import NOON, claim, config, make_judge, send, settle

__all__ = ["config"]


def hour(number: float) -> datetime:
    """Return the moment so many hours after noon."""
    return NOON + timedelta(hours=number)


@pytest.fixture
def story(redis: Redis, keys: Keys, config: Config) -> None:
    """Netherby fell at noon and is known at two; that Overburg had fallen too came days later."""
    judge = make_judge(redis, keys, config)
    fall = claim("netherby", article="a1").model_copy(update={"seen": hour(2)})
    late = claim("overburg", article="a2", source="courier").model_copy(update={"seen": hour(72)})
    for told in (fall, late):
        send(redis, keys, told)
    settle(judge, redis, keys)


def held(statuses: list[Status]) -> dict[str, tuple[str | None, str]]:
    """Return who holds what, and how sure."""
    return {one.subject: (one.value, str(one.confidence)) for one in statuses}


@pytest.mark.usefixtures("story")
def test_what_was_believed_then(redis: Redis, keys: Keys) -> None:
    """The fall of Overburg was not known yet; before any news the baseline stood."""
    assert held(past.believed(redis, keys, hour(1))) == {
        "netherby": ("crown", "baseline"),
        "overburg": ("crown", "baseline"),
    }
    assert held(past.believed(redis, keys, hour(3))) == {
        "netherby": ("league", "reported"),
        "overburg": ("crown", "baseline"),
    }
    assert held(past.believed(redis, keys, hour(100)))["overburg"] == ("league", "reported")


@pytest.mark.usefixtures("story")
def test_what_is_known_now_to_have_been_so(redis: Redis, keys: Keys, config: Config) -> None:
    """Both had fallen at noon, whenever it came to be known."""
    before = held(past.known_now(redis, keys, config, hour(-1)))
    after = held(past.known_now(redis, keys, config, hour(1)))

    assert before == dict.fromkeys(("netherby", "overburg"), ("crown", "baseline"))
    assert after == dict.fromkeys(("netherby", "overburg"), ("league", "reported"))


@pytest.mark.usefixtures("story")
def test_what_is_no_longer_kept_is_said(
    redis: Redis, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line names the first moment that can still be asked about."""
    monkeypatch.setattr(past, "TRANSITIONS_KEPT", 2)

    with pytest.raises(past.TooLongAgoError, match="before 2024-12-05T14:00 is not kept"):
        past.believed(redis, keys, hour(1))


def test_a_status_that_never_moved_stands_as_it_is(redis: Redis, keys: Keys) -> None:
    """Nothing was told of it, so it was so then too."""
    status = Status(
        subject="overburg", facet="control", value="crown", confidence=Confidence.REPORTED
    )
    redis.hset(keys.statuses, status.key, status.to_json())

    assert past.believed(redis, keys, NOON) == [status]
