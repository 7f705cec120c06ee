"""The typed form of what users write: subjects, alert rules, sources.

Pure models without file access, so that the rules may import them; ``config.py`` reads them
from files and turns every mistake into one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from monitor.records import Confidence, Severity
from monitor.units import Span

ID_PATTERN = r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$"
COUNTRY_PATTERN = r"^[A-Z]{2}$"
WIKIDATA_PATTERN = r"^Q[1-9][0-9]*$"

#: the facet whose baseline is a place's ``held_by``
CONTROL = "control"

Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=80)]


class Model(BaseModel):
    """Base of every configuration model: unknown keys are refused, nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class ActorKind(StrEnum):
    """What an actor is; it decides which generic words ("the rebels") may mean it."""

    GOVERNMENT = "government"
    ARMED_GROUP = "armed-group"
    ORGANIZATION = "organization"
    PERSON = "person"


class Place(Model):
    """A tracked place."""

    name: str = Field(min_length=1)
    """How alerts call it; the news may call it so too."""
    aliases: tuple[str, ...] = ()
    """Other names in the news; a change of one letter is another alias."""
    country: str | None = Field(default=None, pattern=COUNTRY_PATTERN)
    """ISO 3166-1 alpha-2."""
    geonames: int | None = Field(default=None, gt=0)
    """GeoNames id."""
    held_by: str | None = None
    """Actor that holds the place before any news: the baseline of the facet control."""
    tags: tuple[str, ...] = ()
    """Words of your choice that rules can select by."""


class Actor(Model):
    """A tracked actor: a state, an armed group, an organisation or a person.

    An alias that starts with a small letter ("the rebels", "government forces") is a generic
    name: it is read in any case and may be shared by several actors.
    """

    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    kind: ActorKind
    country: str | None = Field(default=None, pattern=COUNTRY_PATTERN)
    wikidata: str | None = Field(default=None, pattern=WIKIDATA_PATTERN)
    office: str | None = None
    """What the person holds at the start ("president of Syria"), for people's eyes."""
    tags: tuple[str, ...] = ()
    """Words of your choice that rules can select by."""


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


#: one text or a list of texts
Listed = Annotated[
    tuple[str, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class Answer(StrEnum):
    """What a rule does about an event of its own kind."""

    ALERT = "alert"
    SILENT = "silent"


class AlertRule(Model):
    """Which transitions become alerts. What is left out matches everything."""

    name: Id
    subjects: Listed = Field(default=(), validation_alias=AliasChoices("subjects", "subject"))
    """Subject ids; empty means every subject of the watchlist."""
    tags: Listed = ()
    """Subjects that carry one of these tags."""
    country: Listed = ()
    """Subjects of these countries, ISO 3166-1 alpha-2."""
    facet: Listed = ()
    """Facets of ontology.yaml, such as control."""
    from_: Listed = Field(default=(), alias="from")
    """Values that were left: actor ids for control, else values of the facet."""
    to: Listed = ()
    """Values that were reached."""
    confidence: Literal[Confidence.CLAIMED, Confidence.REPORTED, Confidence.CONFIRMED] = (
        Confidence.REPORTED
    )
    """Least confidence that alerts."""
    severity: Severity = Severity.WARNING
    channels: Listed = ()
    """Channel names of monitor.yaml; empty means every channel."""
    for_: Span = Field(default=timedelta(0), alias="for")
    """How long a change must hold, surely enough, before it is told."""
    cooldown: Span = timedelta(0)
    """Pause after an alert about a subject's facet; what stands after it is told then."""
    repeat_interval: Span = timedelta(days=30)
    """Pause before a value that faded unsaid, and came back, is told again."""
    once: bool = False
    """Alert at most once about each subject's facet, until that is taken back."""
    on_upgrade: Answer = Answer.SILENT
    """Whether a change that was told is told again when it is surer."""
    on_retraction: Answer = Answer.ALERT
    """Whether who was told of a change is told that it was taken back."""
    on_fade: Answer = Answer.SILENT
    """Whether who was told of a value is told that nothing more was heard of it."""

    model_config = ConfigDict(populate_by_name=True)


class Watchlist(Model):
    """One file of config/watchlists/: who and what is tracked, and what is told to whom."""

    name: str = ""
    """Left out: a watchlist is named by its file."""
    places: dict[Id, Place] = Field(default_factory=dict)
    """Tracked places, by an id of your choice."""
    actors: dict[Id, Actor] = Field(default_factory=dict)
    """Tracked actors, by an id of your choice."""
    rules: tuple[AlertRule, ...] = ()
    """Which transitions become alerts."""

    def subject(self, subject_id: str) -> Place | Actor | None:
        """Return the place or actor of that id, or None."""
        return self.places.get(subject_id) or self.actors.get(subject_id)


def baseline(watchlists: Sequence[Watchlist], subject: str, facet: str) -> str | None:
    """Return what the watchlists say of a status before any news: the first that says it."""
    if facet != CONTROL:
        return None
    for watchlist in watchlists:
        place = watchlist.places.get(subject)
        if place is not None and place.held_by is not None:
            return place.held_by
    return None


#: Admiralty grades (NATO AJP-2.1): A completely reliable ... F cannot be judged
Grade = Literal["A", "B", "C", "D", "E", "F"]


class Source(Model):
    """A publisher. Sister outlets share a family; a party's mouthpiece names its party."""

    name: str = Field(min_length=1)
    domains: Listed = ()
    """Bare domains such as bbc.co.uk; subdomains belong to them."""
    family: str | None = None
    """Defaults to the source's own id."""
    grade: Grade = "C"
    party: Listed = ()
    """Subject ids of the actors that it speaks for."""
    wire: bool = False
    """An agency whose stories others reprint; a credit to it makes their copy its voice."""
