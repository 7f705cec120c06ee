"""Names of everything that stands in Redis, in one place.

All keys share the hash tag ``{<namespace>}``, so that on a Redis Cluster they live in one slot
and one ``MULTI`` may hold any of them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keys:
    """Key names of one monitor; two monitors on one Redis differ in ``namespace``."""

    namespace: str = "monitor"

    def _key(self, *parts: str) -> str:
        return ":".join((f"{{{self.namespace}}}", *parts))

    @property
    def articles(self) -> str:
        """Stream: articles to read."""
        return self._key("articles")

    @property
    def claims(self) -> str:
        """Stream: readings to judge."""
        return self._key("claims")

    @property
    def alerts(self) -> str:
        """Stream: alerts to deliver."""
        return self._key("alerts")

    @property
    def dead(self) -> str:
        """Stream: messages of any stage that could not be processed."""
        return self._key("dead")

    def errors(self, stream: str) -> str:
        """Hash: message id -> last error of a message that will be tried again."""
        return f"{stream}:errors"

    def feed(self, feed: str) -> str:
        """Hash: validators, schedule and health of one feed."""
        return self._key("feed", feed)

    def seen(self, feed: str) -> str:
        """Hash: item identity -> what was last seen of it."""
        return self._key("seen", feed)

    @property
    def fetching(self) -> str:
        """Hash: whether fetching pauses (``paused``), since when (ms), articles waiting.

        And when a feed was last ``polled`` (ms): the news are known up to then.
        """
        return self._key("fetching")

    def lease(self, name: str) -> str:
        """String with expiry: who alone may do a thing."""
        return self._key("lease", name)

    @property
    def statuses(self) -> str:
        """Hash: ``subject/facet`` -> Status."""
        return self._key("statuses")

    def evidence(self, subject: str, facet: str) -> str:
        """Hash: claim id -> Claim, all that is held for or against one status."""
        return self._key("evidence", subject, facet)

    def told(self, subject: str, facet: str) -> str:
        """Hash: ``watchlist/rule`` -> what that rule made of one status."""
        return self._key("told", subject, facet)

    @property
    def timers(self) -> str:
        """Sorted set: ``subject/facet`` by when (ms) it is looked at again if nothing comes."""
        return self._key("timers")

    @property
    def judging(self) -> str:
        """Hash: the judge's time (``now``) and the configuration that statuses follow from."""
        return self._key("judging")

    def article(self, article: str) -> str:
        """Hash: what the judged revision of an article touched."""
        return self._key("article", article)

    def note(self, article: str) -> str:
        """Hash with expiry: MinHash and byline of an article, as last judged."""
        return self._key("note", article)

    @property
    def transitions(self) -> str:
        """Stream: every transition, newest last, for people and the API."""
        return self._key("transitions")

    @property
    def outbox(self) -> str:
        """Sorted set: ``alert/channel`` by the time it is next due (ms)."""
        return self._key("outbox")

    def delivery(self, delivery: str) -> str:
        """Hash: the alert, attempts and outcome of one ``alert/channel``."""
        return self._key("delivery", delivery)

    def channel(self, channel: str) -> str:
        """Hash: whether a channel is held back or was closed by its receiver."""
        return self._key("channel", channel)

    @property
    def deliveries(self) -> str:
        """Sorted set: ``alert/channel`` by the time it was settled (ms)."""
        return self._key("deliveries")

    @property
    def alert_ids(self) -> str:
        """Sorted set: ids of alerts by the time they were queued (ms), so that none is queued twice."""
        return self._key("alert-ids")

    @property
    def counters(self) -> str:
        """Hash: counter -> integer; raised inside the commits, so exact."""
        return self._key("counters")

    @property
    def stages(self) -> str:
        """Hash: ``stage:host:pid`` -> last sign of life."""
        return self._key("stages")
