"""Whom generic words mean when a watchlist has two groups that fit."""

from __future__ import annotations

import pytest

from monitor.watchlist import Watchlist
from tests.unit.workers.newsroom import article, ontology
from workers.reader import Reader

LIST = Watchlist.model_validate(
    {
        "places": {"overburg": {"name": "Overburg", "country": "SY"}},
        "actors": {
            "front": {"name": "Northern Front", "kind": "armed-group", "country": "SY"},
            "legion": {"name": "Southern Legion", "kind": "armed-group", "country": "SY"},
        },
    }
)


@pytest.mark.parametrize(
    ("title", "text", "holder"),
    [
        ("Northern Front fighters gather", "The rebels captured Overburg on Sunday.", ["front"]),
        ("Overburg falls to rebels", "The Southern Legion attacked a convoy elsewhere.", []),
        ("Overburg falls to rebels", "Nobody said which.", []),
    ],
)
def test_a_generic_word_means_who_was_named_before(
    title: str, text: str, holder: list[str]
) -> None:
    """Given a group named earlier, it is meant; one named only later is not."""
    reader = Reader(ontology(), [LIST], {})
    [read] = reader.read([article(title, text)])

    assert [claim.value for claim in read.claims if claim.facet == "control"] == holder


@pytest.mark.parametrize(
    ("sentence", "facet", "expected"),
    [
        (
            "The Northern Front and the Southern Legion held talks on Sunday.",
            "diplomacy",
            {("front", "talks"), ("legion", "talks")},
        ),
        (
            "The Southern Legion pulled its commanders out of Overburg.",
            "posture",
            {("legion", "withdrawing")},
        ),
    ],
)
def test_each_of_those_who_act_together_acts(
    sentence: str, facet: str, expected: set[tuple[str, str]]
) -> None:
    """Given two who meet, both have met; officers who leave are a withdrawal too."""
    reader = Reader(ontology(), [LIST], {})
    [read] = reader.read([article(sentence)])

    assert {(one.subject, one.value) for one in read.claims if one.facet == facet} == expected


ABROAD = Watchlist.model_validate(
    {
        "places": {
            "overburg": {"name": "Overburg", "country": "SY"},
            "lakeside": {"name": "Lakeside", "country": "CD"},
        },
        "actors": {
            "front": {
                "name": "Northern Front",
                "aliases": ["rebels"],
                "kind": "armed-group",
                "country": "SY",
            }
        },
    }
)


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Rebels captured Overburg.", {("overburg", "front")}),
        ("Rebels captured Lakeside.", set()),
        ("The Northern Front went abroad. Its rebels captured Lakeside.", {("lakeside", "front")}),
    ],
)
def test_the_rebels_of_one_country_are_not_those_of_another(
    text: str, holder: set[tuple[str, str]]
) -> None:
    """Given a town elsewhere, an alias in small letters means its owner only beside its name."""
    reader = Reader(ontology(), [ABROAD], {})
    [read] = reader.read([article("News", text)])

    assert {(one.subject, one.value) for one in read.claims if one.facet == "control"} == holder


STATES = Watchlist.model_validate(
    {
        "places": {
            "toretsk": {"name": "Toretsk", "country": "UA"},
            "kyiv": {"name": "Kyiv", "country": "UA"},
            "nyala": {"name": "Nyala", "country": "SD"},
        },
        "actors": {
            "russia": {"name": "Russia", "kind": "government"},
            "ukraine": {"name": "Ukraine", "kind": "government"},
            "army": {"name": "Sudanese army", "kind": "government", "country": "SD"},
            "rsf": {
                "name": "Rapid Support Forces",
                "aliases": ["RSF", "insurgents"],
                "kind": "armed-group",
                "country": "SD",
            },
        },
    }
)


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Moscow has taken control of Toretsk.", {("toretsk", "russia")}),
        ("Moscow's forces have taken Toretsk.", {("toretsk", "russia")}),
        ("Toretsk is in Russian hands.", {("toretsk", "russia")}),
        ("Kyiv has recaptured Toretsk.", {("toretsk", "ukraine")}),
        ("Sudan's army has recaptured Nyala.", {("nyala", "army")}),
        ("Khartoum's troops have recaptured Nyala.", {("nyala", "army")}),
        ("The regime recaptured Nyala.", {("nyala", "army")}),
        ("The paramilitaries captured Nyala.", {("nyala", "rsf")}),
        ("The paramilitary group captured Nyala.", {("nyala", "rsf")}),
        ("Nyala is in insurgent hands.", {("nyala", "rsf")}),
        ("Moscow's critics have taken Toretsk.", set()),
        ("Chad-backed rebels captured Nyala.", set()),
    ],
)
def test_a_state_goes_by_its_capital_and_its_army(text: str, holder: set[tuple[str, str]]) -> None:
    """Capital, demonym, possessor of an army: the one tracked government of that country."""
    reader = Reader(ontology(), [STATES], {})
    [read] = reader.read([article("", text)])

    assert {(one.subject, one.value) for one in read.claims if one.facet == "control"} == holder
