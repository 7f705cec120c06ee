"""How to parse: the bytes of a feed to items with plain text.

feedparser reads RSS, RDF and Atom of every age and repair; what it cannot tell (a web page, an
empty body, XML that is no feed) is told apart here, each with one clear line.
"""

from __future__ import annotations

import calendar
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin
from xml.sax import SAXException

import feedparser
from feedparser.mixin import _FeedParserMixin
from selectolax.lexbor import LexborHTMLParser

from monitor.fetch.text import TITLE_LENGTH, plain, web_link

#: bytes of a body looked at to say what it is when it is no feed
HEAD = 4096

#: bytes of a web page searched for the address of its feed
PAGE = 200_000

_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)[\s/>]")
_LANGUAGE = re.compile(r"^([a-z]{2,3})(?:[-_]|$)", re.IGNORECASE)
_FEED_LINK = "link[rel~=alternate][type='application/rss+xml'], link[rel~=alternate][type='application/atom+xml']"


def _no_author(*_: object) -> None:
    """Replace feedparser's reading of author addresses.

    Its regular expression is quadratic: one item of 32 kB costs 6 s (feedparser #562, #580).
    The author is read as it stands.
    """


_FeedParserMixin._sync_author_detail = _no_author  # noqa: SLF001 — no option switches it off


class NotAFeedError(Exception):
    """The body is no feed; the message completes the sentence "<url> ..."."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed as it stands there; what is missing is empty."""

    guid: str = ""
    link: str = ""
    title: str = ""
    text: str = ""
    language: str | None = None
    published: datetime | None = None
    #: the author, or the source that it was taken from, a line each
    byline: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed feed, items in the order of the document (newest first, by custom)."""

    items: tuple[Item, ...]
    title: str = ""
    #: what is wrong with a feed that could be read all the same
    warning: str | None = None


def parse(body: bytes, url: str, content_type: str | None) -> Document:
    """Read a feed.

    Args:
        body: as sent, without Content-Encoding.
        url: where it came from; relative links are resolved against it.
        content_type: the HTTP header; its charset counts, as RFC 3023 says.

    Raises:
        NotAFeedError: the body is no feed, or a feed too broken to give a single item.
    """
    if not body.strip():
        raise NotAFeedError("is empty: nothing was sent")
    if body.lstrip().startswith((b"{", b"[")):
        raise NotAFeedError("is JSON, not RSS or Atom: look for the site's RSS or Atom feed")
    # without a type feedparser would take Latin-1, and XML's own default is UTF-8. It is not told
    # the URL: it would resolve guids against it, and they must not change with a redirect
    headers = {"content-type": content_type or "application/xml"}
    try:
        # a stream, because feedparser opens a file when bytes happen to be a file's name
        result = feedparser.parse(
            io.BytesIO(body),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        entries, feed = result.entries, result.feed
        items = tuple(_item(entry, feed, url) for entry in entries)
        title = plain(_value(feed, "title"), limit=TITLE_LENGTH)
    except Exception as error:
        # whatever one document breaks, only its own feed may fail
        raise NotAFeedError(
            f"cannot be parsed ({type(error).__name__}: {str(error)[:200]})"
        ) from error
    broken = result.get("bozo_exception")
    warning = _oneline(broken) if result.get("bozo") and not _mere_type(broken) else None
    if not items:
        if not result.get("version") or _is_page(body):
            raise NotAFeedError(_what_it_is(body, url))
        if isinstance(broken, SAXException):
            raise NotAFeedError(f"is broken XML without a readable item ({_oneline(broken)})")
    return Document(items, title, warning)


def _mere_type(error: object) -> bool:
    return isinstance(error, feedparser.NonXMLContentType)


def _is_page(body: bytes) -> bool:
    root = _ROOT.search(body[:HEAD])
    return bool(_HTML.match(body.lstrip()[:HEAD])) or (
        root is not None and root[1].lower() == b"html"
    )


def _what_it_is(body: bytes, url: str) -> str:
    head = body[:HEAD]
    if _HTML.search(head):
        found = _feed_of_page(body[:PAGE], url)
        advice = f"the page names the feed {found}" if found else "look for the address of its feed"
        return f"is a web page (HTML), not a feed: {advice}"
    if root := _ROOT.search(head):
        return f"is XML but no feed (<{root[1].decode()}>): check the URL"
    return "is neither RSS nor Atom: check the URL"


def _feed_of_page(page: bytes, url: str) -> str:
    node = LexborHTMLParser(page).css_first(_FEED_LINK)
    href = node.attributes.get("href") if node else None
    try:
        return web_link(urljoin(url, href)) if href else ""
    except ValueError:
        return ""


def _oneline(error: object) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


def _item(entry: Any, feed: Any, url: str) -> Item:
    title = plain(_value(entry, "title"), limit=TITLE_LENGTH)
    text = max(map(plain, _bodies(entry)), key=len, default="")
    return Item(
        guid=_value(entry, "id").strip(),
        link=_link(entry, url),
        title=title,
        # the title once more adds nothing, and every sentence would count twice
        text="" if text == title else text,
        language=_language(entry, feed),
        published=_published(entry),
        byline="\n".join(plain(name, limit=TITLE_LENGTH) for name in _bylines(entry)),
    )


def _bylines(entry: Any) -> list[str]:
    """Return the author and RSS's ``<source>``, as far as they are there."""
    source = dict.get(entry, "source") or {}
    return [name for name in (_value(entry, "author"), _value(source, "title")) if name]


def _value(node: Any, name: str) -> str:
    # dict.get, because feedparser's own guesses one field from another and warns about it
    value = dict.get(node, name)
    return value if isinstance(value, str) else ""


def _bodies(entry: Any) -> list[str]:
    contents = [content for content in dict.get(entry, "content", []) if _is_text(content)]
    return [_value(content, "value") for content in contents] + [_value(entry, "summary")]


def _is_text(content: Any) -> bool:
    return (
        str(dict.get(content, "type") or "text/plain")
        .lower()
        .startswith(("text/", "application/xhtml"))
    )


def _link(entry: Any, url: str) -> str:
    link = _value(entry, "link").strip()
    if link == _value(entry, "id").strip():
        return web_link(link)  # a guid stands in as permalink; many are no URL at all
    try:
        return web_link(urljoin(url, link)) if link else ""
    except ValueError:
        return ""


def _language(entry: Any, feed: Any) -> str | None:
    details = [
        *dict.get(entry, "content", []),
        dict.get(entry, "summary_detail"),
        dict.get(entry, "title_detail"),
    ]
    tags = [_value(detail, "language") for detail in details if detail]
    for tag in [*tags, _value(feed, "language")]:
        if match := _LANGUAGE.match(tag.strip()):
            return match[1].lower()
    return None


def _published(entry: Any) -> datetime | None:
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        if moment := _instant(dict.get(entry, name)):
            return moment
    return None


def _instant(parts: Any) -> datetime | None:
    """Turn feedparser's UTC time tuple into an instant, None when there is no such day."""
    if parts is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parts), UTC)
    except (ValueError, OverflowError, OSError):
        return None
