"""Live pages: one item that grows for hours, and whose old entries drop off its end.

An entry that is gone was not taken back, as a sentence is that a paper strikes from a report.
"""

from __future__ import annotations

import re

from monitor.records import Article
from workers.clean import CLOCK

_TITLE = re.compile(
    r"^\W*live(?: updates?| blog| coverage| news)?\s*[:|\u2013\u2014-]"
    r"|\b(?:live[ -]?blog|live updates|live coverage|rolling coverage|as it happened)\b"
    r"|[|\u2013\u2014-]\s*live\s*$|^\W{1,2}live\W{1,2}\s",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"/(?:live|live-?blogs?|live-updates?)(?:/|$)|/live-|-live(?:-updates?|-?blog)?(?:[/.?]|$)"
)
#: entries that begin with a clock
_ENTRIES = 2


def is_live_page(article: Article) -> bool:
    """Tell whether an item is a live page: by its title, its link or the clocks in its text."""
    if _TITLE.search(article.title) or _LINK.search(article.link.lower()):
        return True
    lines = re.split(r"\n|<br ?/?>|</?(?:p|li|div)\b[^>]*>", article.text)
    return sum(CLOCK.match(line.strip()) is not None for line in lines) >= _ENTRIES


def as_of_version(article: Article) -> Article:
    """Return a later version of a live page as of its own time: what is new in it is of then."""
    if article.revision == 0 or not is_live_page(article):
        return article
    return article.model_copy(update={"published": max(article.published, article.seen)})
