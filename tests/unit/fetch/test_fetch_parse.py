"""From the bytes of a feed to items."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.fetch.parse import NotAFeedError, parse

URL = "https://times.example/feeds/world.xml"
RSS_TYPE = "application/rss+xml"


def rss(items: str, channel: str = "") -> bytes:
    """Return an RSS document around some items."""
    return f"<rss version='2.0'><channel><title>T</title>{channel}{items}</channel></rss>".encode()


def test_an_rss_item_is_read_in_full() -> None:
    """Given an item with everything, all of it arrives as plain values."""
    document = parse(
        rss(
            "<item><title>Smith &amp;amp; Sons</title><link>/2024/one</link><guid>g1</guid>"
            "<description>&lt;p&gt;First.&lt;/p&gt;&lt;p&gt;Second.&lt;/p&gt;</description>"
            "<pubDate>Sat, 07 Dec 2024 10:00:00 +0300</pubDate></item>",
            "<language>en-GB</language>",
        ),
        URL,
        RSS_TYPE,
    )

    (item,) = document.items
    assert item.title == "Smith & Sons"
    assert item.text == "First.\nSecond."
    assert item.link == "https://times.example/2024/one"
    assert item.guid == "g1"
    assert item.language == "en"
    assert item.published == datetime(2024, 12, 7, 7, tzinfo=UTC)
    assert document.warning is None


def test_an_atom_entry_gives_its_longer_text() -> None:
    """Given a summary and a longer content, the content is taken; updated serves as date."""
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>T</title><entry>
        <title type="html">A &lt;b&gt;title&lt;/b&gt;</title><id>urn:1</id>
        <link href="https://times.example/1"/><updated>2024-12-07T10:00:00Z</updated>
        <summary>Short.</summary><content type="html">&lt;p&gt;A longer text.&lt;/p&gt;</content>
        </entry></feed>"""

    (item,) = parse(body, URL, "application/atom+xml").items

    assert (item.title, item.text, item.language) == ("A title", "A longer text.", "de")
    assert item.published == datetime(2024, 12, 7, 10, tzinfo=UTC)


def test_a_summary_that_repeats_the_title_is_dropped() -> None:
    """A text equal to the title would make every sentence count twice."""
    (item,) = parse(
        rss("<item><title>Same</title><description>Same</description></item>"), URL, RSS_TYPE
    ).items

    assert item.text == ""


def test_a_guid_that_is_no_url_is_no_link() -> None:
    """RSS takes a guid for a permalink when no link is there; "g1" is none."""
    (item,) = parse(rss("<item><title>T</title><guid>g1</guid></item>"), URL, RSS_TYPE).items

    assert (item.guid, item.link) == ("g1", "")


def test_missing_parts_are_empty() -> None:
    """An item without link, date and title is read all the same."""
    (item,) = parse(rss("<item><description>Words.</description></item>"), URL, RSS_TYPE).items

    assert (item.guid, item.link, item.title, item.text) == ("", "", "", "Words.")
    assert item.published is None


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("utf-8", "application/rss+xml"),
        ("utf-8", None),
        ("windows-1251", "text/xml; charset=windows-1251"),
        ("iso-8859-5", "application/rss+xml; charset=iso-8859-5"),
        ("utf-16", "application/rss+xml"),
    ],
)
def test_the_charset_of_the_header_counts(encoding: str, content_type: str | None) -> None:
    """Whatever the encoding, the words come out right."""
    words = "<rss version='2.0'><channel><item><title>Хомс</title></item></channel></rss>"
    body = f"<?xml version='1.0' encoding='utf-16'?>{words}" if encoding == "utf-16" else words

    (item,) = parse(body.encode(encoding), URL, content_type).items

    assert item.title == "Хомс"


def test_a_broken_feed_gives_its_items_and_a_warning() -> None:
    """XML that breaks off still gives what stood before the break."""
    document = parse(
        b"<rss version='2.0'><channel><item><title>Kept</title></item><item><titl", URL, RSS_TYPE
    )

    assert [item.title for item in document.items if item.title] == ["Kept"]
    assert document.warning


def test_an_empty_feed_is_a_feed() -> None:
    """A feed without items is no error."""
    assert parse(rss(""), URL, RSS_TYPE).items == ()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"<!DOCTYPE html><html><body>Hello</body></html>", "web page"),
        (b"<html><p>One<p>Two", "web page"),
        (b'<?xml version="1.0"?><kml><Document/></kml>', "XML but no feed (<kml>)"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "is JSON"),
        (b"just words", "neither RSS nor Atom"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither RSS nor Atom"),
        (b"<rss version='2.0'><channel><title>cut of", "broken XML"),
    ],
)
def test_what_is_no_feed_is_told_apart(body: bytes, says: str) -> None:
    """Every kind of body that is no feed has its own clear line."""
    with pytest.raises(NotAFeedError, match=r"\w") as caught:
        parse(body, URL, "text/html")

    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_web_page_tells_where_its_feed_is() -> None:
    """The line about a page names the feed that the page links."""
    page = b"<html><link rel=alternate type=application/rss+xml href=/news.rss></html>"

    with pytest.raises(NotAFeedError, match=r"https://times\.example/news\.rss"):
        parse(page, URL, "text/html")


def test_hostile_authors_cost_nothing() -> None:
    """An author that drives feedparser's address pattern quadratic is not looked at."""
    author = "a@" + "a." * 100_000
    (item,) = parse(
        rss(f"<item><title>Kept</title><author>{author}</author></item>"), URL, RSS_TYPE
    ).items

    assert item.title == "Kept"


@pytest.mark.parametrize("date", ["yesterday", "Sat, 99 Foo 2024", ""])
def test_a_date_that_is_none_is_none(date: str) -> None:
    """What cannot be read as a date is no date."""
    body = rss(f"<item><title>Kept</title><pubDate>{date}</pubDate></item>")

    assert parse(body, URL, RSS_TYPE).items[0].published is None


def test_a_permalink_that_breaks_the_url_parser_is_no_link() -> None:
    """A link that cannot be resolved costs the link, not the item."""
    (item,) = parse(
        rss("<item><title>Kept</title><link>http://[broken/</link></item>"), URL, RSS_TYPE
    ).items

    assert (item.title, item.link) == ("Kept", "")


def test_a_crash_of_the_parser_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever feedparser raises on one document becomes one line about that document."""

    def crash(*_: object, **__: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("monitor.fetch.parse.feedparser.parse", crash)

    with pytest.raises(NotAFeedError, match=r"cannot be parsed \(RecursionError: too deep\)"):
        parse(rss(""), URL, RSS_TYPE)
