"""What the parser sees in a text, for who writes rules: `monitor parse`."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from spacy import displacy
from spacy.tokens import Doc, Span, Token

from monitor import show
from workers import lexicon
from workers.languages import language_of
from workers.reader import parse, pipeline

#: a cell of the drawing by the directions in which lines leave it: 1 up, 2 down, 4 left, 8 right
_BOX = " ╵╷│╴┘┐┤╶└┌├─┴┬┼"
_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8

_SVG = "http://www.w3.org/2000/svg"


class ParseError(Exception):
    """A text that cannot be parsed; the message is one line."""


def parsed(text: str, pipelines: Mapping[str, str], language: str | None = None) -> Parsed:
    """Parse a text with the pipeline of its language.

    Args:
        text: one or more sentences.
        pipelines: language to the name or path of its pipeline.
        language: that of the text; None when it is to be told from the text.

    Raises:
        ParseError: there is no text, or no pipeline for its language.
        workers.language.PipelineError: the pipeline cannot be used.
    """
    text = "".join(each if each.isprintable() or each == "\n" else " " for each in text).rstrip()
    if not text.strip():
        raise ParseError("there is no text to parse")
    spoken = language or language_of(text, None, lexicon.load().forms)
    if spoken not in pipelines:
        hint = "" if language else "; if it is English, add: --language en"
        raise ParseError(f'no pipeline reads language "{spoken}": see workers.pipeline{hint}')
    name = pipelines[spoken]
    return Parsed(parse(pipeline(name, spoken), text), spoken, name)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed text, its language and the name of its pipeline."""

    doc: Doc
    language: str
    pipeline: str


def page(doc: Doc) -> RenderableType:
    """Return a table for each sentence of a parsed text, a line for each token."""
    parts = (part for each in _sentences(doc) for part in (_head(each), _table(each), Text()))
    return Group(*parts)


def _sentences(doc: Doc) -> Iterator[Span]:
    """Yield the sentences that are more than blanks."""
    return (sentence for sentence in doc.sents if sentence.text.strip())


def _head(sentence: Span) -> Text:
    return Text(show.printable(sentence.text), "bold")


def _table(sentence: Span) -> Table:
    made = show.table("", "tree", "word", "lemma", "tag", "dep", "head", "entity")
    made.columns[0].no_wrap = True
    tokens = _words(sentence)
    for token, lines in zip(tokens, drawing(_heads(tokens)), strict=True):
        root = token.head == token
        made.add_row(
            Text(lines, "dim"),
            Text(token.text, "bold" if root else ""),
            Text(token.lemma_),
            Text(token.tag_, "dim"),
            Text(token.dep_, "cyan"),
            Text("" if root else token.head.text),
            Text(f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "", "yellow"),
        )
    return made


def _words(sentence: Span) -> list[Token]:
    return [token for token in sentence if not token.is_space]


def _heads(tokens: Sequence[Token]) -> list[int]:
    """Return the position of the head of each token; what hangs on a blank is its own."""
    places = {token.i: place for place, token in enumerate(tokens)}
    return [places.get(token.head.i, place) for place, token in enumerate(tokens)]


def drawing(heads: Sequence[int]) -> list[str]:
    """Draw a tree with a line for each word: a bracket for each head, an arrow to each dependent.

    Args:
        heads: the position of the head of each word; that of a root is its own.
    """
    levels = _levels(heads)
    width = max(levels.values(), default=0)
    cells = [[0] * width for _ in heads]
    for head, level in levels.items():
        joined = _joined(heads, head)
        column, first, last = width - level, min(joined), max(joined)
        for row in range(first, last + 1):
            cells[row][column] |= _UP * (row > first) | _DOWN * (row < last)
        for row in joined:
            cells[row][column] |= _RIGHT
            for passed in range(column + 1, width):
                cells[row][passed] |= _LEFT | _RIGHT
    return [
        "".join(_BOX[cell] + ("─" if cell & _RIGHT else " ") for cell in row)
        + _end(head == place, any(row))
        for place, (head, row) in enumerate(zip(heads, cells, strict=True))
    ]


def _end(root: bool, drawn: bool) -> str:  # noqa: FBT001 — two facts of a row
    return ("─" if drawn else " ") if root else "►"


def _joined(heads: Sequence[int], head: int) -> list[int]:
    """Return a head and its dependents."""
    return [place for place, above in enumerate(heads) if head in {above, place}]


def _levels(heads: Sequence[int]) -> dict[int, int]:
    """Return the level of the bracket of each head: right of it stand those of its dependents."""
    levels: dict[int, int] = {}
    spans: dict[int, tuple[int, int]] = {}
    governing = {above for place, above in enumerate(heads) if above != place}
    for head in sorted(governing, key=lambda each: -_depth(heads, each)):
        joined = _joined(heads, head)
        first, last = min(joined), max(joined)
        level = 1 + max((levels.get(each, 0) for each in joined), default=0)
        while any(
            levels[other] == level and begin <= last and first <= end
            for other, (begin, end) in spans.items()
        ):
            level += 1
        levels[head], spans[head] = level, (first, last)
    return levels


def _depth(heads: Sequence[int], place: int) -> int:
    steps = 0
    while heads[place] != place:
        place, steps = heads[place], steps + 1
    return steps


def as_json(text: Parsed) -> str:
    """Return a parsed text as one JSON document; offsets count its characters."""
    sentences = [
        {
            "text": sentence.text,
            "start": sentence.start_char,
            "end": sentence.end_char,
            "tokens": list(_rows(sentence)),
            "entities": [
                {
                    "text": entity.text,
                    "start": entity.start_char,
                    "end": entity.end_char,
                    "label": entity.label_,
                }
                for entity in sentence.ents
            ],
        }
        for sentence in _sentences(text.doc)
    ]
    whole = {"language": text.language, "pipeline": text.pipeline, "sentences": sentences}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _rows(sentence: Span) -> Iterator[dict[str, Any]]:
    for token in _words(sentence):
        yield {
            "i": token.i,
            "text": token.text,
            "start": token.idx,
            "end": token.idx + len(token),
            "lemma": token.lemma_,
            "pos": token.pos_,
            "tag": token.tag_,
            "dep": token.dep_,
            "head": token.head.i,
        }


def as_svg(doc: Doc) -> str:
    """Return displaCy's pictures of the sentences of a text as one SVG, one below the other."""
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    whole = ET.Element(f"{{{_SVG}}}svg")
    width = height = 0.0
    for sentence in _sentences(doc):
        drawn = displacy.render(
            sentence, style="dep", jupyter=False, options={"fine_grained": True}
        )
        picture = ET.fromstring(drawn)  # noqa: S314 — displaCy's own output
        picture.set("y", f"{height:g}")
        whole.append(picture)
        width = max(width, float(picture.get("width", 0)))
        height += float(picture.get("height", 0))
    whole.set("width", f"{width:g}")
    whole.set("height", f"{height:g}")
    return ET.tostring(whole, encoding="unicode")
