"""What was believed at a moment, and what is now known to have been so then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from redis import Redis

from monitor.keys import Keys
from monitor.records import Claim, Status, Transition
from monitor.rules.belief import as_of
from monitor.rules.voices import Sources
from monitor.ruling import TRANSITIONS_KEPT
from monitor.settings import Config
from monitor.watchlist import baseline


class TooLongAgoError(Exception):
    """What was believed then is not kept any more; the message is one clear line."""


def believed(redis: Redis, keys: Keys, moment: datetime) -> list[Status]:
    """Return every status as it was believed at a moment, right or wrong.

    The transitions tell it, as they were written then: no later claim, correction or edit of the
    configuration changes the answer.

    Raises:
        TooLongAgoError: the transitions of that time are not kept any more.
    """
    entries: Any = redis.xrange(keys.transitions)
    moves = [Transition.from_json(fields["transition"]) for _, fields in entries]
    if len(moves) >= TRANSITIONS_KEPT and moment < moves[0].at:
        raise TooLongAgoError(
            f"what was believed before {moves[0].at:%Y-%m-%dT%H:%M} is not kept; "
            f"the last {TRANSITIONS_KEPT:,} changes are. See --as-of for what was so"
        )
    stored: Any = redis.hgetall(keys.statuses)
    found = {key: Status.from_json(line) for key, line in stored.items()}
    before: dict[str, Transition] = {}
    after: dict[str, Transition] = {}
    for moved in moves:
        key = f"{moved.subject}/{moved.facet}"
        if moved.at <= moment:
            before[key] = moved
        else:
            after.setdefault(key, moved)
    found.update({key: _led_to(moved) for key, moved in before.items()})
    found.update({key: _led_from(after[key]) for key in after.keys() - before.keys()})
    return _known(found.values())


def _led_to(moved: Transition) -> Status:
    return Status(
        subject=moved.subject,
        facet=moved.facet,
        value=moved.to,
        confidence=moved.confidence,
        score=moved.score,
        since=moved.since,
        previous=moved.previous,
        supporting=moved.evidence,
        opposing=moved.opposing,
    )


def _led_from(moved: Transition) -> Status:
    """Return what stood before the first transition of all."""
    return Status(
        subject=moved.subject,
        facet=moved.facet,
        value=moved.from_,
        confidence=moved.from_confidence,
    )


def known_now(redis: Redis, keys: Keys, config: Config, moment: datetime) -> list[Status]:
    """Return what all that is known now says was so at a moment."""
    book = Sources(config.sources)
    stored: Any = redis.hkeys(keys.statuses)
    found = []
    for key in stored:
        subject, _, name = key.partition("/")
        facet = config.ontology.facets.get(name)
        if facet is None:
            continue
        lines: Any = redis.hvals(keys.evidence(subject, name))
        found.append(
            as_of(
                moment,
                subject,
                name,
                facet,
                [Claim.from_json(line) for line in lines],
                book,
                baseline(config.watchlists, subject, name),
                weights=config.ontology.weights,
            )
        )
    return _known(found)


def _known(statuses: Iterable[Status]) -> list[Status]:
    """Leave out what nobody knew anything of."""
    return [one for one in statuses if one.value is not None or one.supporting]
