"""The sieve: what is parsed, told by words alone."""

from __future__ import annotations

import pytest

from tests.unit.workers.newsroom import WATCHLIST, article, ontology, reader
from workers.gazetteer import Gazetteer
from workers.lexicon import load
from workers.reader import pipeline
from workers.sieve import Sieve


@pytest.fixture(scope="module")
def sieve() -> Sieve:
    """The sieve of the tests' watchlist."""
    gazetteer = Gazetteer(pipeline("en_news_sm"), [WATCHLIST])
    return Sieve(load(), ontology(), gazetteer.traces())


def passes(sieve: Sieve, text: str) -> bool:
    """Tell whether a text is let through."""
    named = sieve.named(text)
    return bool(named) and sieve.lets_through(text, named)


@pytest.mark.parametrize(
    "text",
    [
        "Rebels retook Hama",
        "Shells rain on Hama",
        "Hama was quiet on Monday. At night rebels took the city.",
        "Rebels lay siege to Hama, residents said",
        "Fierce shelling of Kherson by Russian artillery",
        "The Russians pulled back from the river near Kherson",
        "Okafor spoke for an hour. Then she resigned.",
        "Russia sent more troops. To take the town it needs them.\nKherson waits",
        "Kherson\nFell to Russia in the first week.",
        "Taken by Russia in a week: the port of Kherson",
        "Moscow withdraws its forces, and Russia is silent",
    ],
)
def test_what_may_move_a_subject_is_parsed(sieve: Sieve, text: str) -> None:
    """An event word, and in its sentence a subject of a kind that it moves, or a word for it."""
    assert passes(sieve, text)


@pytest.mark.parametrize(
    "text",
    [
        "Rebels lay on the grass in Hama",
        "Ministers praised Hama and its bakers",
        "Hama baker sings a song. Gunmen stormed a bank in Springfield, police said.",
        "A village band was attacked by wasps in Ukraine",
        "Ukraine war: three bakers left with nothing",
        "A Russian ballet is loved in Hama",
        "Families leave Ukraine for the coast",
        "Moscow withdraws its forces",
    ],
)
def test_what_can_move_no_subject_is_not(sieve: Sieve, text: str) -> None:
    """The event and the subject in two sentences, a state that is only where it happens, a label."""
    assert not passes(sieve, text)


def test_words_that_need_others_need_them_in_their_sentence(sieve: Sieve) -> None:
    """To lay siege is one, to lie deep none, whatever the next sentence says."""
    assert passes(sieve, "Rebels lay siege to Hama")
    assert not passes(
        sieve, "The snow lay deep in Hama. Chess players spoke of the siege of a king."
    )


def test_in_the_open_any_event_will_do() -> None:
    """Without a watchlist nothing is known of who may be meant."""
    sieve = Sieve(load(), ontology())

    assert passes(sieve, "Gunmen captured Springfield")
    assert not passes(sieve, "Sunny in Springfield")


def test_plain_text_beside_the_point_is_set_aside_as_html_is() -> None:
    """Tags, entities and soft hyphens may hide a name, so they are taken off first."""
    hidden = article("Rebels capture H<b>am</b>a", "Rebels captured Ha&shy;ma on Friday.")
    beside = article("Bakers of <b>Springfield</b>", "They captured a prize.")

    read = list(reader().read([hidden, beside]))

    assert [one.outcome for one in read] == ["read", "set_aside"]
