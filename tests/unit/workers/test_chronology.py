"""Dates that a paragraph tells once, and times that count from them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.records import Article
from tests.unit.workers.newsroom import reader
from workers.anchors import in_its_year, read_from

#: a Friday
PUBLISHED = datetime(2031, 5, 9, 12, tzinfo=UTC)
ANCHOR = datetime(2031, 5, 1, tzinfo=UTC), datetime(2031, 5, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("two days later", 3),
        ("the following day", 2),
        ("the next morning", 2),
        ("that night", 1),
        ("the same evening", 1),
        ("on the 4th", 4),
        ("a week afterwards", 8),
        ("the two men later", None),
        ("by nightfall", 1),
        ("within the hour", 1),
        ("the evening before", 30),
        ("on the 44th floor", None),
        ("some days later", None),
        ("on Thursday", None),
    ],
)
def test_what_is_counted_from_a_date(phrase: str, day: int | None) -> None:
    """Given the first of the month, a phrase names a day of it or nothing."""
    found = read_from(phrase, ANCHOR)

    assert (None if found is None else found[0].day) == day


def test_what_was_before_a_date() -> None:
    """Earlier and previous count back."""
    assert read_from("two days earlier", ANCHOR) == (
        datetime(2031, 4, 29, tzinfo=UTC),
        datetime(2031, 4, 30, tzinfo=UTC),
    )
    assert read_from("the day before", ANCHOR) == (datetime(2031, 4, 30, tzinfo=UTC), ANCHOR[0])


def test_a_date_without_a_year_behind_one_with_a_year() -> None:
    """It is the next from there, unless it may be of the last weeks."""
    then = datetime(1992, 5, 8, tzinfo=UTC), datetime(1992, 5, 9, tzinfo=UTC)

    found = in_its_year("on 9 August", then, PUBLISHED)
    assert found is not None
    assert found[0] == datetime(1992, 8, 9, tzinfo=UTC)
    assert in_its_year("on 2 May", then, PUBLISHED) is None
    assert in_its_year("in August 2030", then, PUBLISHED) is None


#: text, trigger -> its first day, and whether it is history
PARAGRAPHS = [
    ("27 April: Rebels attacked Hama. The army captured Homs.\nRebels seized Kalma.",
     {"attacked": ("04-27", False), "captured": ("04-27", False), "seized": ("05-09", False)}),
    ("Rebels entered Hama on Sunday. Two days later they captured Homs.",
     {"captured": ("05-06", False)}),
    ("Rebels captured Hama on Thursday. Two days earlier they had seized Homs.",
     {"seized": ("05-06", False)}),
    ("On 8 May 1992 rebels stormed Hama. Ten days later they captured Homs. In June they seized Kalma.",
     {"captured": ("05-18", True), "seized": ("06-01", True)}),
    ("Rebels who had seized Homs a day earlier captured Hama on Thursday.", {"seized": ("05-07", False)}),
    ("Rebels captured Hama on Wednesday. The army had left Homs during the night.",
     {"left": ("05-06", False)}),
    ("Rebels captured Hama on Tuesday. By nightfall they were shelling Homs.",
     {"shelling": ("05-06", False)}),
    ("The army retook Homs in March 1994. On 2 May, rebels captured Hama.", {"captured": ("05-02", False)}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), PARAGRAPHS)
def test_paragraphs(text: str, told: dict[str, tuple[str, bool]]) -> None:
    """An entry's date holds for the sentences of its paragraph; what counts from one follows it."""
    article = Article(
        id="x", feed="f", source="s", title="", text=text, published=PUBLISHED, seen=PUBLISHED
    )
    [read] = reader().read([article])
    assert read.doc is not None
    found = {
        read.doc[one.trigger[0]].text: (f"{one.start:%m-%d}", one.history)
        for one in read.events
        if one.start
    }

    assert {word: found.get(word) for word in told} == told
