"""What a text names: places, actors, dates, with the subject where it is a tracked one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from spacy.tokens import Token

Label = Literal["place", "person", "organization", "group", "date"]

#: how a part relates to its whole: "parts of Homs", "the outskirts of Homs", "eastern Homs",
#: or another thing of that name ("Homs airport", "Homs province")
Relation = Literal["", "portion", "edge", "district", "other"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of tokens that names something; ``start`` and ``end`` are token offsets."""

    start: int
    end: int
    text: str
    label: Label
    #: id of the tracked subject, None when it is none or not clear which
    subject: str | None = None
    #: a word that may mean several actors ("the rebels"), not a name
    generic: bool = False
    #: names a part of the place, or another thing of its name, not the place itself
    part: bool = False
    relation: Relation = ""
    #: the bare name inside ("Homs" of "the city of Homs")
    name: str = ""
    geonames: int | None = None
    lat: float | None = None
    lon: float | None = None

    @property
    def identity(self) -> str:
        """What tells it from others: its subject, or else its name."""
        return self.subject or self.name or self.text


def standing_in(antecedent: Mention, token: Token) -> Mention:
    """Return a mention of what a word stands for, where the word stands."""
    name = antecedent.name or antecedent.text
    return replace(antecedent, start=token.i, end=token.i + 1, text=token.text, name=name)
