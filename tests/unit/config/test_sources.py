"""Who publishes: feeds and links to sources, and who credits whom."""

from __future__ import annotations

import pytest

from monitor.settings import Feed
from monitor.sources import SourceBook
from monitor.watchlist import Source

BOOK = SourceBook(
    {
        "reuters": Source(name="Reuters", domains=("reuters.com",), grade="A", wire=True),
        "ap": Source(name="Associated Press", domains=("apnews.com",), grade="A", wire=True),
        "afp": Source(name="Agence France-Presse", domains=("afp.com",), wire=True),
        "bbc": Source(name="BBC News", domains=("bbc.co.uk", "bbc.com"), family="bbc-group"),
        "english-desk": Source(name="English Desk", domains=("english.herald.example",)),
        "herald": Source(name="Herald", domains=("herald.example",), party=("hts",)),
    }
)


@pytest.mark.parametrize(
    ("url", "link", "source"),
    [
        ("https://feeds.bbc.co.uk/rss", "https://www.bbc.co.uk/news/1", "bbc"),
        ("https://herald.example/rss", "https://English.Herald.example/1", "english-desk"),
        ("https://herald.example/rss", "https://m.herald.example/1", "herald"),
        ("https://herald.example/rss", "", "herald"),
        ("https://herald.example/rss", "http://[bad", "herald"),
        ("https://herald.example/rss", "https://click.example/1", "herald"),
        ("https://feeds.example/rss", "https://www.bbc.com/news/1", "bbc"),
        ("https://feeds.other.co.uk/rss", "https://news.some.co.uk/1", "some.co.uk"),
        ("https://feeds.other.co.uk/rss", "", "other.co.uk"),
        ("http://127.0.0.1:8080/rss", "", "127.0.0.1"),
        ("http://localhost:8080/rss", "", "localhost"),
        ("https://rss.desk.example/rss", "https://a.b.gazette.example/1", "gazette.example"),
    ],
)
def test_a_link_has_a_source(url: str, link: str, source: str) -> None:
    """Given a feed and a link, then the most telling domain decides."""
    assert BOOK.resolve(Feed(url=url), link) == source


def test_the_feed_says_its_source_itself() -> None:
    """Given a feed with a source, then no link overrides it."""
    feed = Feed(url="https://herald.example/rss", source="herald")
    assert BOOK.resolve(feed, "https://www.bbc.com/news/1") == "herald"


def test_an_unknown_source_cannot_be_judged() -> None:
    """Given an id that no file names, then it is its own family and graded F."""
    source = BOOK.get("gazette.example")
    assert (source.name, source.family, source.grade) == ("gazette.example", "gazette.example", "F")


def test_families() -> None:
    """Given sources, then a family defaults to the id."""
    assert BOOK.family("bbc") == "bbc-group"
    assert BOOK.family("herald") == "herald"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Reuters", "reuters"),
        ("By Associated Press", "ap"),
        ("The Associated Press", "ap"),
        ("AFP, Reuters", "afp"),
        ("HOMS, Syria (AP) — Fighters entered the city.", "ap"),
        ("Fighters entered the city. (AFP/Reuters)", "afp"),
        ("Fighters entered the city.\nReuters - The army left.", "reuters"),
        ("Fighters entered the city — Reuters", "reuters"),
        ("Source: AFP", "afp"),
        ("Fighters entered the city. With AFP", "afp"),
        ("Additional reporting by Reuters in Beirut.", "reuters"),
        ("Additional reporting by A. Writer and Reuters.", "reuters"),
        ("The army told Reuters that it had left.", None),
        ("An AP photographer was hurt in Homs.", None),
        ("Reuters reported on Sunday that the army left.", None),
        ("(Herald)", None),
        ("MAPS (APPENDIX)", None),
        ("", None),
    ],
)
def test_a_credit_is_told_from_a_mention(text: str, source: str | None) -> None:
    """Given a text, then only the forms of a credit name the agency it came from."""
    assert BOOK.credit(text) == source


def test_without_agencies_nothing_is_credited() -> None:
    """Given no wire source, then no text credits one."""
    assert SourceBook({}).credit("Reuters") is None


def test_a_hostile_text_costs_no_time() -> None:
    """Given a text made to confuse the credit pattern, then it is searched all the same."""
    assert BOOK.credit("(AP" + " and a , a" * 5000) is None
