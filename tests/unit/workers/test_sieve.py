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
    return bool(named and sieve.sifted(text, named))


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
        "Russia's invasion of the Kherson region began at dawn",
        "Kherson saw a night of shelling",
        "The attack by Russian troops on Kherson failed",
        "An attack on Kherson was launched at dawn",
        "A dozen rebels attack Hama",
        "After taking the town of Hama, rebels rested",
        "Which town does Russia want? The one that it takes next is Kherson",
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
        "Russia's invasion of Ukraine has bakers worried",
        "Ukraine's bakers spoke of a Russian invasion",
        "Reporters are leaving Ukraine after a year",
        "The baker of Hama takes cover in a storm",
    ],
)
def test_what_can_move_no_subject_is_not(sieve: Sieve, text: str) -> None:
    """The event and the subject in two sentences, a state that is only where it happens, a label."""
    assert not passes(sieve, text)


def test_only_what_a_claim_is_read_by_is_parsed(sieve: Sieve) -> None:
    """Title, names, the paragraph up to the claim and a denial of it: no weather, no supper."""
    text = (
        "A day by the river\n"
        "It rained at noon. Cooks made soup.\n"
        "Ukraine waited. Nobody knew more.\n"
        "It was a Friday. Russian marines took Kherson, a monitor said. A mayor denied the report. "
        "The soup was eaten.\n"
        "Good night."
    )

    assert sieve.sifted(text, sieve.named(text)) == (
        "A day by the river\n"
        "\nUkraine waited. \n"
        "It was a Friday. Russian marines took Kherson, a monitor said. A mayor denied the report."
    )


def test_the_opening_tells_the_time_of_a_title_that_looks_back(sieve: Sieve) -> None:
    """So it is kept, whoever it names."""
    text = "How rebels took Hama\nThe autumn of 1989 was wet.\nHistorians still argue."

    assert sieve.sifted(text, sieve.named(text)) == "\n".join(text.splitlines()[:2])


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
