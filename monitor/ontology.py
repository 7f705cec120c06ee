"""The ontology: facets, their values, and which event moves which facet. Data, not code.

The models here are pure; ``config.py`` reads ``ontology.yaml`` into them. Event types and modes
carry PLOVER names (PLOVER manual, 2021), sub-events those of the ACLED codebook.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from monitor.records import Factuality
from monitor.units import Span
from monitor.watchlist import Id, Listed, Model
from monitor.weights import DEFAULT, Weights

#: the sixteen PLOVER event types
PloverType = Literal[
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
]


class FacetKind(StrEnum):
    """How values of a facet follow each other.

    ``state``: the latest well supported value stands until another replaces it.
    ``level``: values are ordered; the highest one supported within ``hold`` stands.
    """

    STATE = "state"
    LEVEL = "level"


class Facet(Model):
    """One dimension of status."""

    applies_to: tuple[Literal["place", "government", "armed-group", "organization", "person"], ...]
    kind: FacetKind = FacetKind.STATE
    values: tuple[str, ...] | Literal["actor"]
    """The values in order, weakest first, or ``actor``: the id of an actor."""
    hold: Span = timedelta(days=3)
    """For levels: how long a report counts after it happened."""
    half_life: Span | None = None
    """Time in which the evidence for a value loses half its weight; left out, it stays until
    something changes it. Exponential decay, as in Cormode et al., *Forward Decay*, ICDE 2009."""
    final: tuple[str, ...] = ()
    """Values that nothing follows ("dead"): a later event shows that they never were so."""
    alike: tuple[tuple[str, ...], ...] = ()
    """Values that come to the same for a reader ("retreating", "withdrawing"): who was told one
    is not told that it became the other."""
    label: str = ""
    """How people read it: "held by {value}"."""

    @model_validator(mode="after")
    def _named_values_are_values(self) -> Self:
        named = {"final": self.final, "alike": tuple(one for some in self.alike for one in some)}
        for key, values in named.items():
            unknown = [value for value in values if not self.allows(value)]
            if unknown:
                raise ValueError(f"{key}: {unknown[0]!r} is none of the facet's values")
        return self

    @property
    def values_listed(self) -> tuple[str, ...]:
        """The values in order; none for ``actor``, whose values are the actors' ids."""
        return () if self.values == "actor" else tuple(self.values)

    def are_alike(self, one: str | None, other: str | None) -> bool:
        """Tell whether two values come to the same for a reader."""
        return one == other or any(one in some and other in some for some in self.alike)

    def allows(self, value: str) -> bool:
        """Tell whether the value belongs to this facet (any actor id does for ``actor``)."""
        return self.values == "actor" or value in self.values


class Effect(Model):
    """What an event says about one of its roles."""

    role: Literal["agent", "patient", "place"]
    facet: Id
    value: str
    """A value of the facet, or ``@agent`` / ``@patient``: the actor in that role."""
    when: tuple[Factuality, ...] = (
        Factuality.CONFIRMED,
        Factuality.REPORTED,
        Factuality.CLAIMED,
        Factuality.DENIED,
        Factuality.NEGATED,
    )
    """Factualities of the event for which the effect is claimed."""
    factuality: Factuality | None = None
    """Factuality of the claim when it differs from the event's: fear of an attack
    (possible) is a reported threat."""


class EventType(Model):
    """One kind of event with its effects on the facets of those who take part."""

    type: PloverType
    mode: str = ""
    acled: str = ""
    """ACLED sub-event type, where there is one."""
    standing: bool = False
    """A condition ("rebel-held"), not a change."""
    effects: tuple[Effect, ...] = ()


class Ontology(Model):
    """Facets and events; event ids are what the lexicon of the workers names."""

    facets: dict[Id, Facet]
    events: dict[Id, EventType] = Field(default_factory=dict)
    weights: Weights = DEFAULT
    """What evidence counts, and how much of it a word needs."""

    @model_validator(mode="after")
    def _effects_name_known_facets(self) -> Self:
        for name, event in self.events.items():
            for effect in event.effects:
                facet = self.facets.get(effect.facet)
                if facet is None:
                    raise ValueError(f"event {name}: unknown facet {effect.facet!r}")
                if not effect.value.startswith("@") and not facet.allows(effect.value):
                    raise ValueError(
                        f"event {name}: {effect.value!r} is no value of {effect.facet}"
                    )
        return self


__all__ = ["Effect", "EventType", "Facet", "FacetKind", "Listed", "Ontology", "PloverType"]
