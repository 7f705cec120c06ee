"""What `monitor parse` shows: a tree in lines, JSON, a picture."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from monitor.parse import Parsed, ParseError, as_json, as_svg, drawing, page, parsed

PIPELINES = {"en": "en_news_sm"}
TWO = "Rebels captured Hama on Thursday.\n\nThe army, residents said, withdrew from <Homs> & fled."


@pytest.fixture(scope="module")
def two() -> Parsed:
    """Two paragraphs, parsed."""
    return parsed(TWO, PIPELINES)


def lines(text: Parsed, width: int = 100) -> list[str]:
    """Return the page as a terminal of that width shows it."""
    out = io.StringIO()
    Console(file=out, width=width, highlight=False, emoji=False).print(page(text.doc))
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_a_tree_is_drawn_beside_its_words() -> None:
    """A bracket for each head, an arrow to each dependent, none to the root."""
    # the rebels captured Hama
    assert drawing([1, 2, 2, 2]) == [
        "  ┌─►",
        "┌─┴─►",
        "├────",
        "└───►",
    ]


def test_lone_words_need_no_lines() -> None:
    """Each is a root of its own."""
    assert drawing([0, 1]) == [" ", " "]
    assert drawing([]) == []


def test_brackets_that_cross_stand_apart() -> None:
    """A tree with crossing arcs has a column for each of them."""
    assert len(set(map(len, drawing([2, 3, 2, 2, 1])))) == 1


@given(st.integers(1, 8).flatmap(lambda size: st.permutations(range(size))))
def test_any_tree_can_be_drawn(order: list[int]) -> None:
    """Each word has a line, all lines are as wide, one word is the root."""
    heads = [0] * len(order)
    for place, word in enumerate(order):
        heads[word] = order[place // 2] if place else word

    drawn = drawing(heads)

    assert len({len(line) for line in drawn}) == 1
    assert sum(not line.endswith("►") for line in drawn) == 1


def test_each_token_is_a_line(two: Parsed) -> None:
    """Word, lemma, tag, relation, head and entity, under the sentence."""
    shown = lines(two)

    assert shown[0] == "Rebels captured Hama on Thursday."
    assert shown[1].split() == ["tree", "word", "lemma", "tag", "dep", "head", "entity"]
    assert shown[2].split()[1:] == ["Rebels", "rebel", "NNS", "nsubj", "captured"]
    assert shown[3].split()[1:] == ["captured", "capture", "VBD", "ROOT"]
    assert shown[4].split()[1:] == ["Hama", "Hama", "NNP", "obj", "captured", "B-GPE"]
    assert "The army, residents said, withdrew from <Homs> & fled." in shown


def test_blanks_and_what_steers_a_terminal_are_not_shown() -> None:
    """Paragraph breaks are no sentences; an escape is a blank."""
    shown = lines(parsed("\n\nRebels captured\x1bHama.\n\n\n", PIPELINES))

    assert "\x1b" not in "".join(shown)
    assert sum(line.startswith("tree") for line in shown) == 1


def test_json_counts_the_characters_of_the_text(two: Parsed) -> None:
    """Every offset points at its word; heads are tokens."""
    told = json.loads(as_json(two))

    assert (told["language"], told["pipeline"]) == ("en", "en_news_sm")
    sentences = told["sentences"]
    assert len(sentences) == 2
    for sentence in sentences:
        for one in (*sentence["tokens"], *sentence["entities"]):
            assert TWO[one["start"] : one["end"]] == one["text"]
    first = sentences[0]["tokens"]
    assert [first[token["head"]]["text"] for token in first[:2]] == ["captured", "captured"]
    assert sentences[0]["entities"][0]["label"] == "GPE"


def test_the_picture_holds_all_sentences_one_below_the_other(two: Parsed) -> None:
    """One SVG of displaCy's pictures, as high as all of them."""
    whole = ET.fromstring(as_svg(two.doc))  # noqa: S314 — our own output

    pictures = list(whole)
    heights = [float(each.get("height", 0)) for each in pictures]
    assert len(pictures) == 2
    assert float(whole.get("height", 0)) == sum(heights)
    assert float(pictures[1].get("y", 0)) == heights[0]
    assert "Thursday." in {part.text for part in whole.iter()}


@pytest.mark.parametrize(
    ("text", "language", "message"),
    [
        (" \n", None, "no text"),
        ("Les rebelles ont pris la ville.", None, 'no pipeline reads language "fr".*--language en'),
        ("Rebels captured Hama.", "uk", 'no pipeline reads language "uk": see workers.pipeline$'),
    ],
)
def test_what_cannot_be_parsed_is_told(text: str, language: str | None, message: str) -> None:
    """Nothing to parse, or nobody who could."""
    with pytest.raises(ParseError, match=message):
        parsed(text, PIPELINES, language)


def test_a_language_that_was_told_wrongly_can_be_named() -> None:
    """The person knows better than the guesser."""
    assert parsed("Les rebelles ont pris la ville.", PIPELINES, "en").language == "en"
