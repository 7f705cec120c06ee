"""What "it", "they" and "the town" stand for; where the text leaves a choice, nothing."""

from __future__ import annotations

import pytest

from monitor.watchlist import Watchlist
from tests.unit.workers.newsroom import article, ontology
from workers.events import find_events
from workers.gazetteer import Gazetteer
from workers.lexicon import load
from workers.naming import Text
from workers.reader import Reader, parse, pipeline

WORLD = Watchlist.model_validate(
    {
        "places": {
            "hama": {"name": "Hama", "country": "SY"},
            "homs": {"name": "Homs", "country": "SY"},
            "haffah": {"name": "Al-Haffah", "aliases": ["Haffah"], "country": "SY"},
        },
        "actors": {
            "front": {
                "name": "Northern Front",
                "aliases": ["NF", "rebels"],
                "kind": "armed-group",
                "country": "SY",
            },
            "army": {"name": "Syrian army", "kind": "government", "country": "SY"},
        },
    }
)


def _control(title: str, text: str) -> set[tuple[str, str]]:
    [read] = Reader(ontology(), [WORLD], {}).read([article(title, text)])
    return {(one.subject, one.value) for one in read.claims if one.facet == "control"}


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Rebels reached Hama on Monday. They took it on Friday.", {("hama", "front")}),
        ("Rebels reached Hama on Monday. They took the city on Friday.", {("hama", "front")}),
        ("Fighting raged in Hama until rebels captured the city.", {("hama", "front")}),
        ("Rebels entered Hama, the central city which they now control.", {("hama", "front")}),
        ("The rebels in Hama took control of the city.", {("hama", "front")}),
        ("The rebels in Hama took control of parts of the city.", set()),
        ("Rebels besieged Hama and Homs. They took the city on Friday.", set()),
        ("Rebels found a lorry in Hama on Monday. They took it on Friday.", set()),
        ("Rebels attacked the airport of Hama. They took it on Friday.", set()),
        ("Rebels entered the old town of Hama. They took the market on Friday.", set()),
        ("Rebels attacked Hama and two bridges. They took them on Friday.", set()),
    ],
)
def test_a_town_that_is_meant_clearly(text: str, held: set[tuple[str, str]]) -> None:
    """One town is told before, and is what the sentence before is about."""
    assert _control("News", text) == held


@pytest.mark.parametrize(
    ("text", "trigger", "place"),
    [
        ("Georgian troops left Gori. The government in Tbilisi said Russians took the town.", "took", "Gori"),
        ("The army left Zliten. An official in Tripoli said rebels hold the village.", "hold", "Zliten"),
        ("Troops crossed the Hama river near Salamiyah. They seized the town.", "seized", "Salamiyah"),
        ("Rebels reached Khartoum from Omdurman. They entered the capital.", "entered", "Khartoum"),
        ("Rebels reached Kosti from Omdurman. They entered the capital.", "entered", "capital"),
    ],
)  # fmt: skip
def test_which_of_several_towns_is_meant(text: str, trigger: str, place: str) -> None:
    """Not where those are who speak of it, nor a river; a village is no capital."""
    reader = Reader(ontology(), [], {}, open_world=True)
    reader.keep_offsets()
    [read] = reader.read([article("", text)])
    assert read.doc is not None
    [event] = [one for one in read.events if read.doc[one.trigger[0]].text == trigger]

    assert event.place is not None
    assert (event.place.name or event.place.text) == place


@pytest.mark.parametrize(
    ("title", "text", "held"),
    [
        ("Hama", "FSA fighters left. On 6 December, came under control of the Syrian army.",
         {("hama", "army")}),
        ("Hama", "The Northern Front has control.", {("hama", "front")}),
        ("Hama", "It was reported to be under rebel control.", {("hama", "front")}),
        ("Hama", "On the edge of Homs, rebels took the town.", {("hama", "front")}),
        ("Hama news", "The Northern Front has control.", set()),
        ("Hama", "Rebels seized a base, the nearest to fall under rebel control.", set()),
        ("Hama", "Rebels seized a base on its edge, making it the first to fall to them.", set()),
    ],
)  # fmt: skip
def test_notes_on_one_place(title: str, text: str, held: set[tuple[str, str]]) -> None:
    """An entry whose title is a place's name alone leaves the name out."""
    assert _control(title, text) == held


@pytest.mark.parametrize(
    ("text", "trigger", "agent"),
    [
        ("The army says that it holds Hama.", "holds", "The army"),
        ("A spokesman for the militia said that it had captured Hama.", "captured", "the militia"),
        ("The government left. The separatists say they still hold Hama.", "hold", "The separatists"),
        ("The Taliban have Hama in their hands.", "hands", "Taliban"),
        ("It is the Northern Front, not the army, that controls Hama.", "controls", "Northern Front"),
        ("The army and the militia met. They hold Hama.", "hold", "They"),
        ("HTS left Idlib. Southern fighters took Deraa. They entered Hama.", "entered", "Southern fighters"),
        ("Rebels fought the army. They took Hama.", "took", "Rebels"),
        ("The army fought the rebels. They took Hama.", "took", "They"),
        ("Rebels fought soldiers. They took Hama.", "took", "They"),
        ("Officers told him that troops were coming. They entered Hama.", "entered", "They"),
        ("The commander said that troops were coming. They entered Hama.", "entered", "troops"),
        ("ELN guerrillas came. Jihadists slept. The group holds Hama.", "holds", "ELN"),
        ("Gunmen came. Soldiers left Homs. They control Hama.", "control", "Gunmen"),
    ],
)  # fmt: skip
def test_whom_a_pronoun_means(text: str, trigger: str, agent: str) -> None:
    """Whoever speaks above it first; of two who are as near, neither."""
    nlp = pipeline("en_news_sm")
    doc = parse(nlp, text)
    events = find_events(Text(doc, Gazetteer(nlp, [WORLD]).mentions(doc)), load())
    [event] = [one for one in events if doc[one.trigger[0]].text == trigger]

    assert event.agent is not None
    assert (event.agent.name or event.agent.text) == agent


def test_an_article_of_its_language_belongs_to_a_name() -> None:
    """Given "al-" and a hyphen before it, Haffah is Haffah."""
    assert _control("News", "The Syrian army recaptured al-Haffah.") == {("haffah", "army")}
