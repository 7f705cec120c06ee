"""Who holds what when nobody is tracked: the table of open_world.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from monitor.records import Factuality
from tests.unit.workers.newsroom import article, ontology
from workers.mentions import Mention
from workers.openworld import holder_name, place_name
from workers.reader import Reader

TABLE: dict[str, list[tuple[str, dict[str, str]]]] = YAML(typ="safe").load(
    Path(__file__).with_name("open_world.yaml")
)
DEEDS = {Factuality.CONFIRMED, Factuality.REPORTED, Factuality.CLAIMED}


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, str]]:
    """Sentence -> place -> holder, as `monitor extract` without a watchlist tells it."""
    reader = Reader(ontology(), [], {}, open_world=True)
    reader.keep_offsets()
    texts = [text for rows in TABLE.values() for text, _ in rows]
    read = reader.read([article("", text) for text in texts])
    return {
        text: {
            claim.subject: claim.value
            for claim in one.claims
            if claim.facet == "control" and claim.factuality in DEEDS
        }
        for text, one in zip(texts, read, strict=True)
    }


@pytest.mark.parametrize(("text", "held"), [*TABLE["says"], *TABLE["traps"]])
def test_places_are_claimed_under_their_plain_names(
    told: dict[str, dict[str, str]], text: str, held: dict[str, str]
) -> None:
    """All holders that a sentence tells, and no other."""
    assert told[text] == held


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        (Mention(0, 1, "Hama", "place", name="Hama"), "Hama"),
        (Mention(0, 1, "Hama", "place", name="Hama", geonames=170017), "170017"),
        (Mention(0, 3, "the Hama airport", "place", part=True, relation="other"), "Hama airport"),
        (Mention(0, 3, "parts of Hama", "place", part=True, relation="portion"), None),
        (Mention(0, 2, "presidential palace", "place", generic=True), "presidential palace"),
        (Mention(0, 2, "northern quarter", "place", generic=True), "northern quarter"),
        (Mention(0, 1, "quarter", "place", generic=True), None),
        (Mention(0, 1, "villages", "place", generic=True), None),
        (Mention(0, 1, "it", "place", generic=True, name="Hama"), None),
        (Mention(0, 1, "Bukavu", "place", generic=True, name="Bukavu"), "Bukavu"),
        (Mention(0, 1, "Zzyzxville", "place", generic=True, name="Zzyzxville"), None),
        (Mention(0, 1, "Hama", "person"), None),
    ],
)
def test_the_name_of_a_place(mention: Mention, name: str | None) -> None:
    """A part has its own; what has none goes by its description, if that tells anything."""
    assert place_name(mention) == name


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        (Mention(0, 2, "the rebels", "group", generic=True), "rebels"),
        (Mention(0, 2, "The junta", "group", generic=True), "junta"),
        (Mention(0, 2, "the Sandinists", "group", generic=True), "Sandinists"),
        (Mention(0, 1, "nobody", "group", generic=True), None),
        (Mention(0, 2, "the film", "group", generic=True), None),
        (Mention(0, 2, "Reform party", "organization"), None),
        (Mention(0, 2, "Joseph Mbeki", "person"), None),
        (Mention(0, 1, "M23", "person"), "M23"),
        (Mention(0, 1, "Russia", "place"), "Russia"),
        (Mention(0, 1, "Kunduz", "place"), None),
        (Mention(0, 1, "Monday", "date"), None),
    ],
)
def test_who_may_hold_a_place(mention: Mention, name: str | None) -> None:
    """Forces, states and groups; no persons, towns, parties, days."""
    assert holder_name(mention) == name
