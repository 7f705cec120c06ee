"""Markup to plain text, and links to one canonical form."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser
from w3lib.url import canonicalize_url, url_query_cleaner

#: characters of text kept of one item; a longer one is cut at a paragraph
TEXT_LENGTH = 100_000

#: characters of a title kept
TITLE_LENGTH = 1_000

#: "<" signs above which markup is not parsed but cut out: an HTML parser walks all open elements
#: for each new one, so 200,000 nested <div> take minutes, and 5,000 some milliseconds
MOST_TAGS = 5_000

#: query parameters that only say how a reader came, and so differ between copies of one link
TRACKING = re.compile(
    r"^(?:utm_\w+|at_(?:medium|campaign)\w*|ns_\w+|mc_[ce]id|fbclid|gclid|msclkid|igshid"
    r"|cmpid|cmp|icid|ocid|ftag|smid|partner|source_rss|rss|ref_src)$",
    re.IGNORECASE,
)

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&#?\w+;")
_TAG = re.compile(r"<[^<>]*>")
_SILENT = "script, style, noscript, template, iframe, object, svg, form, title"
_BLOCKS = (
    "address, article, aside, blockquote, br, dd, div, dl, dt, figcaption, figure, footer, h1, h2,"
    " h3, h4, h5, h6, header, hr, li, main, ol, p, pre, section, table, td, th, tr, ul"
)
#: stands where a block element began or ended; U+2029 is Unicode's own paragraph separator
_BREAK = "\u2029"
_BLANK_LINE = re.compile(r"\n[ \t\r\f\v]*\n|\u2029")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\u200b\ufeff]")


def plain(value: str, *, limit: int = TEXT_LENGTH) -> str:
    r"""Return the words of HTML or plain text: paragraphs as lines, all other space single.

    A line break inside a paragraph is a wrap, not a paragraph: it becomes a space.
    """
    if _MARKUP.search(value):
        value = _strip(value)
    value = _CONTROL.sub("", value)
    lines = (" ".join(part.split()) for part in _BLANK_LINE.split(value))
    text = "\n".join(line for line in lines if line)
    if len(text) <= limit:
        return text
    cut = text.rfind("\n", 0, limit)
    return text[: cut if cut > limit // 2 else limit].rstrip()


def _strip(markup: str) -> str:
    if markup.count("<") > MOST_TAGS:
        return html.unescape(_TAG.sub(" ", markup))
    tree = LexborHTMLParser(markup)
    for node in tree.css(_SILENT):
        node.decompose()
    for node in tree.css(_BLOCKS):
        node.insert_before(_BREAK)
        node.insert_after(_BREAK)
    return tree.body.text(deep=True).replace("\n", " ") if tree.body else ""


def web_link(link: str) -> str:
    """Return the link when it is an absolute http or https URL, else an empty string."""
    try:
        parts = urlsplit(link.strip())
        usable = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return link.strip() if usable else ""


def canonical(link: str) -> str:
    """Return one form for all spellings of a link: no fragment, no tracking, sorted query."""
    if not link:
        return ""
    try:
        names = [pair.partition("=")[0] for pair in urlsplit(link).query.split("&")]
        tracking = [name for name in names if TRACKING.match(name)]
        return str(canonicalize_url(url_query_cleaner(link, tracking, remove=True)))
    except ValueError:
        return link


def normalised(text: str) -> str:
    """Return the text as it is compared: a change of white space alone is no change."""
    return " ".join(text.split())
