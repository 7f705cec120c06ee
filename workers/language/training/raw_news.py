"""Collects raw news for the teacher to read: JSON lines of ``text`` and ``kind``.

Any files of news will do: JSON lines with ``title``, ``text`` or ``description``, or a JSON array of
such objects, packed with gzip or not. Only their trees are learned from, no text of them is kept.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

#: Words of a piece; short paragraphs are read together, as the teacher sees no more at once.
PIECE_WORDS = 110
#: Words below which a line is a by-line or a caption, not a sentence.
LEAST_WORDS = 6
#: Words of the longest headline.
LONGEST_HEADLINE = 24

_SENTENCE_END = re.compile(r'(?<=[.!?]["\u201d\')])\s+|(?<=[.!?])\s+(?=[A-Z"\u201c])')
_SPACES = re.compile(r"[ \t\xa0]+")


def collected(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield (kind, text): ``headline`` or ``text``, each text once."""
    seen: set[str] = set()
    for path in paths:
        for row in _rows(path):
            for kind, text in _texts(row):
                key = text.casefold()
                if key not in seen:
                    seen.add(key)
                    yield kind, text


def pieces(text: str) -> Iterator[str]:
    """Cut a text into pieces of whole sentences."""
    piece: list[str] = []
    words = 0
    for line in text.split("\n"):
        for sentence in _SENTENCE_END.split(_SPACES.sub(" ", line).strip()):
            length = len(sentence.split())
            if length < LEAST_WORDS:
                continue
            if piece and words + length > PIECE_WORDS:
                yield " ".join(piece)
                piece, words = [], 0
            piece.append(sentence)
            words += length
    if piece:
        yield " ".join(piece)


def _texts(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    title = _SPACES.sub(" ", row.get("title") or "").strip()
    if LEAST_WORDS <= len(title.split()) <= LONGEST_HEADLINE:
        yield "headline", title
    for key in ("description", "text"):
        text = row.get(key) or ""
        if "<" in text:
            text = LexborHTMLParser(text).text(separator=" ")
        for piece in pieces(text):
            yield "text", piece


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        content = lines.read()
    if content.startswith("["):
        yield from json.loads(content)
        return
    for number, line in enumerate(content.split("\n"), start=1):
        try:
            if line.strip():
                yield json.loads(line)
        except ValueError as error:
            raise SystemExit(f"{path}:{number}: not a JSON object of news: {error}") from None


def write(files: Iterable[Path], out: Path) -> None:
    """Write the raw text of files of news."""
    counts = {"headline": 0, "text": 0}
    words = 0
    with out.open("w", encoding="utf-8") as lines:
        for kind, text in collected(files):
            lines.write(json.dumps({"kind": kind, "text": text}, ensure_ascii=False) + "\n")
            counts[kind] += 1
            words += len(text.split())
    print(f"{counts['headline']} headlines, {counts['text']} pieces of text, {words} words")
