"""What an article tells of the past or of fiction is history, dated or not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.records import Article
from tests.unit.workers.newsroom import reader
from workers.reader import Reader
from workers.roles import Event

#: a Friday
PUBLISHED = datetime(2031, 5, 9, 12, tzinfo=UTC)
ROUTED = "Government troops captured the bridge and the militia surrendered."
#: (words of the events that are history, words of those that are news, title, text)
ARTICLES = [
    (
        "lost surrendered captured",
        "",
        "March 1994: how Kalma was lost",
        "The defenders surrendered after nine weeks. Government troops captured the bridge.",
    ),
    (
        "surrounded captured surrendered",
        "entered",
        "How Kalma was lost",
        f"In March 1994 the army surrounded Kalma. {ROUTED}\nOn Thursday rebels entered Kalma.",
    ),
    (
        "losing fled",
        "",
        "What the army learned from losing Kalma",
        "When rebels took the streets of Kalma in March 1994, the officers fled.",
    ),
    (
        "retook captured",
        "capture entered",
        "Rebels capture Kalma",
        (
            "The army retook Kalma in 1994. Government troops captured the bridge.\n"
            "Rebels entered the palace, a nurse said."
        ),
    ),
    (
        "retook",
        "captured hold",
        "",
        (
            "Rebels captured Kalma on Thursday. In 1994 the army retook the city. "
            "The rebels now hold the palace."
        ),
    ),
    (
        "besiege",
        "capture",
        "Timeline: the war for Kalma",
        "12 March 2029: Rebels besiege Kalma.\n8 May 2031: Rebels capture Kalma.",
    ),
    ("capture flees", "", "On this day: Kalma falls", "Rebels capture Kalma and the king flees."),
    ("fall fled", "", "Ten years ago today: the fall of Kalma", "The governor fled at dawn."),
    (
        "fell withdrew",
        "attacked",
        "Thirty years on, Kalma remembers",
        (
            "The city fell to rebels. The army withdrew without a fight. "
            "Rebels attacked Port Sudan on Wednesday."
        ),
    ),
    (
        "appointed arrested",
        "died",
        "Obituary: Ana Brecht, 1941-2031",
        "Ana Brecht, who has died aged 90, was appointed governor and was arrested by the junta.",
    ),
    (
        "took besieged",
        "dies",
        "General Ilo Brandt, who took Kalma, dies at 91",
        "He besieged Port Sudan.",
    ),
    ("took", "", "General who took Kalma wins vote", ""),
    ("Fall capture", "", "Film review: The Fall of Kalma", "Rebels capture Kalma in scene one."),
    ("capture", "", "", "The novel's rebels capture Kalma before breakfast."),
    ("recaptured", "", "", "Marines recaptured Kalma on Tuesday in the largest drill of the year."),
    ("takes", "", "War game: militia takes Kalma in a week", ""),
    ("liberation", "", "", "Thousands marked the anniversary of the liberation of Kalma."),
    ("captured", "", "", "He was nineteen when rebels captured Kalma."),
    ("ousted", "", "", "The former president, who was ousted in a coup, returned on Monday."),
    ("captured", "entered", "", "Three years after the army captured Kalma, rebels entered it."),
    ("lost", "", "", "The army, which lost Kalma last autumn, is back."),
    ("", "resigned quits", "President quits", "President Okoro has resigned, his aide said."),
]


@pytest.fixture(scope="module")
def anywhere() -> Reader:
    """A reader of any place and actor."""
    made = reader(open_world=True)
    made.keep_offsets()
    return made


def read(anywhere: Reader, title: str, text: str) -> dict[str, Event]:
    """The events of an article, each under the word that names it."""
    article = Article(
        id="1", feed="x", source="x", title=title, text=text, published=PUBLISHED, seen=PUBLISHED
    )
    (found,) = anywhere.read([article])
    assert found.doc is not None
    return {found.doc[event.trigger[0]].text: event for event in found.events}


@pytest.mark.parametrize(("past", "news", "title", "text"), ARTICLES)
def test_article(anywhere: Reader, past: str, news: str, title: str, text: str) -> None:
    """Given an article, its events are news or history as a person reads it."""
    events = read(anywhere, title, text)

    told = {word: event.history for word, event in events.items()}
    wanted = dict.fromkeys(past.split(), True) | dict.fromkeys(news.split(), False)
    assert wanted.items() <= told.items(), told


def test_the_date_of_a_heading_dates_what_stands_under_it(anywhere: Reader) -> None:
    """Entries of a timeline carry their day before a colon."""
    events = read(anywhere, "Timeline", "12 March 2029: Rebels besiege Kalma.")

    start = events["besiege"].start
    assert start is not None
    assert start.date().isoformat() == "2029-03-12"


def test_why_it_is_history_is_kept(anywhere: Reader) -> None:
    """For --explain."""
    events = read(anywhere, "", "In 1994 rebels captured Kalma. The militia surrendered.")

    assert (events["captured"].past, events["surrendered"].past) == ("its time", "its scene")
