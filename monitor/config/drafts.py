"""A configuration as far as it could be read: what the checks across files work on.

One wrong entry must not hide the mistakes of the others, so each entry stands for itself here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel

from monitor.config.validation import salvage
from monitor.config.yamlfile import Document
from monitor.ontology import Ontology
from monitor.settings import Feed
from monitor.watchlist import Actor, AlertRule, Place, Source

M = TypeVar("M", bound=BaseModel)


@dataclass(slots=True)
class ListDraft:
    """One watchlist file."""

    name: str
    document: Document
    places: dict[str, Place] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    #: with their positions in the file
    rules: list[tuple[int, AlertRule]] = field(default_factory=list)

    @classmethod
    def of(cls, name: str, document: Document) -> ListDraft:
        """Read what can be read."""
        raw = document.data.get("rules") if isinstance(document.data, dict) else None
        rules = [
            (position, rule)
            for position, each in enumerate(raw if isinstance(raw, list) else [])
            if (rule := salvage(AlertRule, each)) is not None
        ]
        return cls(
            name,
            document,
            entries(Place, document.section("places")),
            entries(Actor, document.section("actors")),
            rules,
        )

    @property
    def place_ids(self) -> list[str]:
        """Every id under ``places``, of broken entries too."""
        return list(self.document.section("places"))

    @property
    def actor_ids(self) -> list[str]:
        """Every id under ``actors``, of broken entries too."""
        return list(self.document.section("actors"))

    @property
    def subjects(self) -> dict[str, Place | Actor]:
        """Places and actors that could be read."""
        return {**self.places, **self.actors}


@dataclass(slots=True)
class Drafts:
    """All files; a part that could not be read at all is None and nothing is held against it."""

    settings: Document | None
    feeds: Document | None
    sources: Document | None
    ontology: Ontology | None
    lists: list[ListDraft]
    #: whether every watchlist file could be read, so that an unknown id is really unknown
    whole: bool = True

    @property
    def actor_ids(self) -> list[str]:
        """Ids of the actors of all watchlists."""
        return [each for watchlist in self.lists for each in watchlist.actor_ids]

    @property
    def feed_entries(self) -> dict[str, Feed]:
        """Feeds that could be read."""
        return entries(Feed, self.feeds.section("feeds")) if self.feeds else {}

    @property
    def source_entries(self) -> dict[str, Source]:
        """Sources that could be read."""
        return entries(Source, self.sources.section("sources")) if self.sources else {}


def entries(model: type[M], section: dict[str, Any]) -> dict[str, M]:
    """Build each entry of a section by itself and leave out those that cannot be built."""
    built = ((key, salvage(model, value)) for key, value in section.items())
    return {key: each for key, each in built if each is not None}
