"""Cuts a text where its title, a paragraph or a sentence ends, before anything is parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: behind a word in small letters, before a capital: only where the parser would end a sentence, too
_GAP = re.compile(
    r"(?<=[a-z]{3}[.!?])[\"'\u201d\u2019]?[^\S\n]+(?=[\"'\u201c\u2018]?[A-Z])|\s*\n\s*"
)
#: behind a quotation that is a sentence, and behind the time of an entry: '... left." Rebels', "14:10 Rebels"
_MORE = re.compile(
    r"(?<=[.!?][\"\u201d]) (?=[A-Z])|(?m:^\d{1,2}[:.]\d{2}(?: ?[A-Z]{2,4}\b)?(?: ?[:\u2013\u2014-])?) (?=[\"\u201cA-Z])"
)
_SENTENCE_ENDS = frozenset('.!?:;"\u201d')
_SPACES = re.compile(r"\s")


def gaps(body: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of what stands between two sentences, as far as that is plain to see."""
    for found in _GAP.finditer(body):
        if "\n" not in found[0] or _ends(body, found):
            yield found.span()


def segments(body: str) -> list[str]:
    """Cut a text where its title or a paragraph ends; one character is lost at each cut.

    The parser was trained on sentences without line ends and stumbles over them, so what remains
    of them becomes spaces. Joined with one character between, the segments have the length and
    the offsets of the text.
    """
    found, start = [], 0
    for border in _GAP.finditer(body):
        if "\n" not in border[0] or not _ends(body, border):
            continue
        if body[start : border.start()].strip() and body[border.end() :].strip():
            found.append(body[start : border.start()])
            start = border.start() + 1
    found.append(body[start:])
    parts = (part for segment in found for part in _parts(segment))
    return [_SPACES.sub(" ", part) for part in parts]


def _parts(segment: str) -> Iterator[str]:
    start = 0
    for border in _MORE.finditer(segment):
        yield segment[start : border.end() - 1]
        start = border.end()
    yield segment[start:]


def _ends(body: str, border: re.Match[str]) -> bool:
    """Tell the end of a title or a paragraph from a line that is only full."""
    title = "\n" not in body[: border.start()]
    return title or border[0].count("\n") > 1 or body[border.start() - 1] in _SENTENCE_ENDS
