"""Markup to plain text, and links to one form."""

from __future__ import annotations

import pytest

from monitor.fetch.text import MOST_TAGS, canonical, normalised, plain, web_link


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Rebels took the town", "Rebels took the town"),
        ("<p>One.</p><p>Two.<br>Three.</p>", "One.\nTwo.\nThree."),
        ("<b>Ham</b>a fell", "Hama fell"),
        ("Smith &amp; Sons", "Smith & Sons"),
        ("2 < 3 and 5 > 4", "2 < 3 and 5 > 4"),
        ("a wrapped\nline\n\nnew paragraph", "a wrapped line\nnew paragraph"),
        ("<script>alert(1)</script><style>p{}</style>kept", "kept"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("  \t\u00a0 ", ""),
        ("zero\u200bwidth\x00", "zerowidth"),
    ],
)
def test_plain_text_keeps_words_and_paragraphs(value: str, expected: str) -> None:
    """Markup goes, entities are read, paragraphs become lines."""
    assert plain(value) == expected


def test_hostile_nesting_is_cut_out_not_parsed() -> None:
    """Markup of absurd depth still gives its words, in linear time."""
    value = "<div>" * (MOST_TAGS * 40) + "the words" + "</div>" * 10

    assert plain(value) == "the words"


def test_long_text_is_cut_at_a_paragraph() -> None:
    """What is over the limit is cut where a paragraph ends, or hard when there is none."""
    assert plain("first line\n\nsecond line", limit=15) == "first line"
    assert plain("x" * 50, limit=15) == "x" * 15


@pytest.mark.parametrize(
    "link",
    [
        "https://times.example/a?b=1&a=2",
        "https://times.example/a?utm_source=rss&a=2&b=1#top",
        "https://TIMES.example/a?a=2&at_medium=RSS&at_campaign=X&b=1",
    ],
)
def test_spellings_of_one_link_are_one(link: str) -> None:
    """Tracking parameters, fragments, order and case of the host make no difference."""
    assert canonical(link) == "https://times.example/a?a=2&b=1"


@pytest.mark.parametrize(
    "link", ["", "javascript:alert(1)", "/relative", "http://", "mailto:a@b.example", "http://[x"]
)
def test_only_web_links_are_links(link: str) -> None:
    """What is not an absolute http or https URL is no link."""
    assert web_link(link) == ""


def test_a_link_that_cannot_be_read_stands_for_itself() -> None:
    """A link that breaks the URL parser is compared as it is."""
    assert canonical("http://[broken") == "http://[broken"


def test_white_space_does_not_count_in_comparisons() -> None:
    """Comparing normalised texts ignores how they are spaced."""
    assert normalised("a \n b") == normalised("a b")
