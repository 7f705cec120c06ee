"""The cue lists of ``factuality.yaml``, and how their effects add up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

CUES = Path(__file__).parents[1] / "factuality.yaml"
#: what an effect makes of the verdict so far. ``attempted`` is possible as long as nobody denies
#: it: "tried to capture" is open, "did not try to capture" is not. ``prevented`` is negated as long
#: as nobody only means it: "kept them from leaving", but "will keep them from leaving" is open.
#: ``wanted`` is asked of somebody else.
#: Absent pairs change nothing.
COMPOSITION: dict[str, dict[str, str]] = {
    "negated": {
        "confirmed": "negated",
        "reported": "possible",
        "claimed": "possible",
        "attempted": "negated",
        # "he has no intention of leaving, he said" refuses, and denies no deed
        "planned": "prevented",
        "denied": "possible",
        "excluded": "possible",
        "negated": "confirmed",
        "prevented": "confirmed",
    },
    "failed": {
        "confirmed": "prevented",
        "reported": "possible",
        "claimed": "possible",
        "attempted": "prevented",
        "planned": "prevented",
        "denied": "possible",
        "negated": "confirmed",
        "prevented": "confirmed",
    },
    # what somebody says will not be: without it, it is open
    "excluded": {
        "confirmed": "excluded",
        "reported": "excluded",
        "claimed": "excluded",
        "attempted": "excluded",
        "planned": "excluded",
        "possible": "excluded",
    },
    "denied": {
        "confirmed": "denied",
        "reported": "denied",
        "claimed": "denied",
        "possible": "denied",
        "attempted": "denied",
        "planned": "denied",
        "denied": "possible",
        "negated": "claimed",
        "prevented": "claimed",
    },
    "retracted": {
        "confirmed": "negated",
        "reported": "negated",
        "claimed": "negated",
        "possible": "negated",
        "attempted": "negated",
        "planned": "negated",
        "denied": "possible",
        "negated": "possible",
        "prevented": "possible",
    },
    "wanted": {
        "confirmed": "possible",
        "reported": "possible",
        "claimed": "possible",
        "attempted": "possible",
        "planned": "possible",
        "prevented": "possible",
    },
    "planned": {
        "confirmed": "planned",
        "reported": "planned",
        "claimed": "planned",
        "attempted": "planned",
        "prevented": "possible",
    },
    "attempted": {
        "confirmed": "attempted",
        "reported": "possible",
        "claimed": "possible",
        "prevented": "possible",
    },
    "possible": {
        "confirmed": "possible",
        "reported": "possible",
        "claimed": "possible",
        "attempted": "possible",
        "planned": "possible",
        "negated": "possible",
        "prevented": "possible",
    },
    # whoever tells that something did not happen, denies it
    "claimed": {"confirmed": "claimed", "reported": "claimed", "negated": "denied"},
    "reported": {"confirmed": "reported", "negated": "denied"},
    "admitted": {"confirmed": "reported", "negated": "denied"},
}
#: values on the way to a verdict, and what they are when nothing further out changes them
OUTCOME = {"attempted": "possible", "excluded": "negated", "prevented": "negated"}
#: attribution of a denial whose speaker the text leaves out
UNNAMED = "unnamed"
#: effects that name a speaker; only these reach an event through a presupposition
SPEECH = frozenset({"reported", "claimed", "admitted"})
#: the shapes in which a governor takes its event
FORMS = ("clause", "infinitive", "gerund", "noun", "report")
_SETS = (
    "deniable",
    "light",
    "breaks_off",
    "phases",
    "states",
    "occur",
    "parties",
    "beaten",
    "pauses",
    "tries",
    "unlucky",
    "neutral",
    "kin",
    "state_voices",
    "thirds",
    "no_source",
    "fiction",
    "hearsay",
    "hearsay_adjectives",
    "proof",
    "amiss",
    "voiced",
    "untrue",
    "versions",
)


@dataclass(frozen=True, slots=True)
class Cues:
    """The cue lists of ``factuality.yaml``; see there."""

    governors: dict[str, dict[str, str]]
    nouns: dict[str, str]
    adjectives: dict[str, str]
    modifiers: dict[str, str]
    adverbs: dict[str, str]
    modals: dict[str, str]
    markers: dict[str, str]
    sets: dict[str, frozenset[str]]


@cache
def cues() -> Cues:
    """Return the cue lists, read once."""
    data = YAML(typ="safe").load(CUES)

    def invert(name: str) -> dict[str, str]:
        return {word: effect for effect, words in data[name].items() for word in words}

    return Cues(
        governors={
            lemma: {form: group[form] for form in FORMS if form in group}
            for group in data["governors"]
            for lemma in group["lemmas"]
        },
        nouns=invert("nouns"),
        adjectives=invert("adjectives"),
        modifiers=invert("modifiers"),
        adverbs=invert("adverbs"),
        modals=data["modals"],
        markers=invert("markers"),
        sets={name: frozenset(data[name]) for name in _SETS}
        | {"fiction_verbs": frozenset(data["fiction_verbs"])},
    )
