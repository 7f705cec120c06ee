"""Archives of feed items: order, defaults, and mistakes that are named."""

from __future__ import annotations

from monitor.archive import ArchiveItem, read_archive

LATER = '{"feed": "times", "link": "https://times.example/b", "published": "2024-12-05T10:00:00Z"}'
EARLIER = (
    '{"feed": "times", "link": "https://times.example/a", "published": "2024-12-01T10:00:00+02:00",'
    ' "title": null}'
)


def test_items_come_oldest_first_with_their_defaults() -> None:
    """The link is the id and the publication the first sight, when nothing else is said."""
    items = read_archive([LATER, "", EARLIER], print)

    assert [item.id for item in items] == ["https://times.example/a", "https://times.example/b"]
    assert items[0].seen == items[0].published
    assert items[0].published.hour == 8
    assert items[0].title == ""


def test_a_bad_line_is_named_and_left_out() -> None:
    """One complaint a line, with its number and the key; the rest is read."""
    told: list[str] = []

    items = read_archive([LATER, '{"feed": "times"}', "no json", "[]"], told.append)

    assert len(items) == 1
    assert [each.partition(":")[0] for each in told] == ["line 2", "line 3", "line 4"]
    assert "published" in told[0]


def test_a_number_may_be_an_id() -> None:
    """Some archives number their items."""
    assert ArchiveItem.from_json(LATER.replace("{", '{"id": 7, ', 1)).id == "7"
