"""The typed form of what users write: subjects, alert rules, sources.

Pure models without file access, so that the rules may import them; ``config.py`` reads them
from files and turns every mistake into one line.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from monitor.records import Confidence, Severity

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$", max_length=80)]


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
    aliases: tuple[str, ...] = ()
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    """ISO 3166-1 alpha-2."""
    geonames: int | None = Field(default=None, gt=0)
    """GeoNames id."""
    held_by: str | None = None
    """Actor that holds the place before any news: the baseline of the facet control."""
    tags: tuple[str, ...] = ()


class Actor(Model):
    """A tracked actor: a state, an armed group, an organisation or a person.

    An alias that starts with a small letter ("the rebels", "government forces") is a generic
    name: it is read in any case and may be shared by several actors.
    """

    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    kind: ActorKind
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    wikidata: str | None = Field(default=None, pattern=r"^Q[1-9][0-9]*$")
    office: str | None = None
    """What the person holds at the start ("president of Syria"), for people's eyes."""
    tags: tuple[str, ...] = ()


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class AlertRule(Model):
    """Which transitions become alerts. What is left out matches everything."""

    name: Id
    subjects: Listed = Field(default=(), validation_alias=AliasChoices("subjects", "subject"))
    """Subject ids; empty means every subject of the watchlist."""
    tags: Listed = ()
    facet: Listed = ()
    from_: Listed = Field(default=(), alias="from")
    to: Listed = ()
    confidence: Literal[Confidence.CLAIMED, Confidence.REPORTED, Confidence.CONFIRMED] = (
        Confidence.REPORTED
    )
    """Least confidence that alerts."""
    severity: Severity = Severity.WARNING
    channels: Listed = ()
    """Channel names of monitor.yaml; empty means every channel."""

    model_config = ConfigDict(populate_by_name=True)


class Watchlist(Model):
    """One file of config/watchlists/: who and what is tracked, and what is told to whom."""

    name: str = ""
    places: dict[Id, Place] = Field(default_factory=dict)
    actors: dict[Id, Actor] = Field(default_factory=dict)
    rules: tuple[AlertRule, ...] = ()

    def subject(self, subject_id: str) -> Place | Actor | None:
        """Return the place or actor of that id, or None."""
        return self.places.get(subject_id) or self.actors.get(subject_id)


#: Admiralty grades (NATO AJP-2.1): A completely reliable ... F cannot be judged
Grade = Literal["A", "B", "C", "D", "E", "F"]


class Source(Model):
    """A publisher. Sister outlets share a family; a party's mouthpiece names its party."""

    name: str
    domains: Listed = ()
    family: str | None = None
    """Defaults to the source's own id."""
    grade: Grade = "C"
    party: Listed = ()
    """Subject ids of the actors that it speaks for."""
    wire: bool = False
    """An agency whose stories others reprint; a credit to it makes their copy its voice."""
