"""Second events of one word: what somebody else denies, and what "not" sets against it."""

from __future__ import annotations

import pytest
from newsroom import article, reader

from monitor.records import Factuality
from workers.events import Event


def events(text: str) -> list[Event]:
    """Return the events of a text."""
    (one,) = reader().read([article("", text)])
    return list(one.events)


def captures(text: str) -> list[tuple[str, Factuality]]:
    """Return place and factuality of the captures and holds of a text, in order."""
    return [
        (one.place.text if one.place else "", one.factuality)
        for one in events(text)
        if one.id in {"capture", "hold"}
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Russia said its marines had taken Kherson; Ukraine denied it.",
        "Russia said its marines had taken Kherson, which Ukraine denied.",
        "Russian marines took Kherson, a monitor said. Ukraine disputed the report.",
        "Russia says it has taken Kherson; Ukraine says it has not.",
    ],
)
def test_what_was_told_is_denied_by_another(text: str) -> None:
    """The deed stands as it was told, and once more as the other side denies it."""
    found = captures(text)

    assert [place for place, _ in found] == ["Kherson", "Kherson"]
    assert found[1][1] is Factuality.DENIED
    assert events(text)[-1].attribution == "Ukraine"


@pytest.mark.parametrize(
    "text",
    ["Ukraine denied the charge of theft.", "Ukraine denied it.", "Russian marines took Kherson."],
)
def test_nothing_is_denied_that_was_not_told(text: str) -> None:
    """Without an event before, or without a denial, there is no second event."""
    assert not [one for one in events(text) if one.factuality is Factuality.DENIED]


def test_a_place_is_set_against_another() -> None:
    """The mine was taken, "but not the city"."""
    assert captures("Rebels have taken the mine outside Homs but not the town.") == [
        ("mine", Factuality.CONFIRMED),
        ("town", Factuality.NEGATED),
    ]


def test_a_holder_is_set_against_another() -> None:
    """One holds it, the other does not: "the rebels, not the army"."""
    told = [
        (one.agent.text if one.agent else "", one.factuality)
        for one in events("The militia, not the army, now controls Hama.")
    ]

    assert told == [
        ("The militia", Factuality.CONFIRMED),
        ("the army", Factuality.NEGATED),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Rebels captured Hama, but not before the garrison had left.",
        "Rebels captured Hama, not without losses.",
        "Rebels captured Hama, and not a shot was fired.",
    ],
)
def test_not_before_other_words_takes_nothing(text: str) -> None:
    """What "not" takes back is a place or an actor, nothing else."""
    assert captures(text) == [("Hama", Factuality.CONFIRMED)]
