"""Language pipelines through the real command: the tree they see, other languages, broken ones."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from monitor.settings import PIPELINE
from tests import tiny
from tests.acceptance.desk import Desk, as_lines, json_lines
from workers.language import load_pipeline

pytestmark = pytest.mark.xdist_group("daemon-b")


def settings(pipeline: str | dict[str, str]) -> dict[str, Any]:
    """Name a pipeline."""
    return {"workers": {"processes": 2, "pipeline": pipeline}, "metrics": {"port": 0}}


def test_the_tree_of_a_sentence(desk: Desk) -> None:
    """Plain in a pipe: a line for each token; the text comes as words or from standard input."""
    words = desk.do("parse", "Rebels captured", "Hama.").stdout
    piped = desk.do("parse", "-", stdin="\ufeffRebels captured Hama.\n").stdout

    assert piped == words
    lines = words.splitlines()
    assert lines[0] == "Rebels captured Hama."
    assert re.fullmatch(r"┌─► +Rebels +rebel +NNS +nsubj +captured", lines[2])
    assert re.fullmatch(r"├── +captured +capture +VBD +ROOT", lines[3])
    assert re.fullmatch(r"├─► +Hama +Hama +NNP +obj +captured +B-GPE", lines[4])


def test_the_tree_as_json_and_as_a_picture(desk: Desk) -> None:
    """The same for programs, and displaCy's SVG."""
    [sentence] = desk.ask("parse", "Rebels captured Hama.")["sentences"]
    said = desk.do("parse", "Rebels captured Hama.", "--svg", "tree.svg").stdout

    assert [token["lemma"] for token in sentence["tokens"]] == ["rebel", "capture", "Hama", "."]
    assert said == "tree.svg: written\n"
    picture = ET.parse(desk.folder / "tree.svg").getroot()  # noqa: S314 — our own output
    assert picture.tag.endswith("svg")


def test_what_cannot_be_parsed_is_one_line(desk: Desk) -> None:
    """No text, another language, a picture that cannot be written, a config that is wrong."""
    for words, status, told in (
        (["parse"], 2, "which text"),
        (["parse", "-"], 2, "no text"),
        (["parse", "Les rebelles ont pris la ville de Hama."], 2, 'language "fr"'),
        (["parse", "Hama fell.", "--svg", "absent/tree.svg"], 1, "absent/tree.svg: No such file"),
    ):
        said = desk.do(*words, fails=status).stderr
        assert said.count("\n") == 1
        assert told in said


def test_a_broken_pipeline_is_one_line_everywhere(desk: Desk) -> None:
    """In check and at the start with file, line and key; a path counts from beside the config."""
    shutil.copytree(str(load_pipeline().path), desk.folder / "models" / "half")
    weights = desk.folder / "models" / "half" / "parser" / "model"
    weights.write_bytes(weights.read_bytes()[:1000])
    desk.write(settings=settings("./models/half"))

    told = desk.do("check", fails=2).stderr
    started = desk.do("run", fails=2).stderr.splitlines()

    assert told.count("\n") == 1
    assert re.match(r"config/monitor\.yaml:\d+: workers\.pipeline: found \".*models/half\"", told)
    assert "cannot be loaded" in told
    assert f"installed: {PIPELINE}" in told
    assert [line for line in started if not line.startswith("{")] == [told.strip()]
    assert not any("stage.started" in line for line in started)
    archive = ("replay", "archive.jsonl", "--watchlist", str(desk.watchlist), "-c", "config")
    row = {"feed": "levant", "link": "https://levant.example/1", "title": "Hama fell"}
    (desk.folder / "archive.jsonl").write_text(
        as_lines([row | {"published": "2024-12-05T12:00:00Z"}])
    )
    for words in (("work",), ("extract",), ("parse", "Hama fell."), archive):
        said = desk.do(*words, fails=2).stderr.splitlines()
        refused = [line for line in said if not line.startswith("{")]
        assert len(refused) == 1
        assert refused[0].startswith("monitor: language pipeline '")


def test_a_pipeline_that_is_not_installed(desk: Desk) -> None:
    """What is installed is named."""
    desk.write(settings=settings({"en": PIPELINE, "fr": "fr_core_news_none"}))

    told = desk.do("check", fails=2).stderr

    assert 'workers.pipeline.fr: found "fr_core_news_none", not installed and no folder' in told
    assert f"installed: {PIPELINE}" in told


def test_a_pipeline_for_another_language(desk: Desk) -> None:
    """Its articles are parsed and names are found; that this is all is said by check and extract."""
    tiny.pipeline(desk.folder / "models" / "es", "es")
    desk.write(settings=settings({"es": "models/es"}))
    articles = [
        {"id": 1, "title": "Los rebeldes tomaron la ciudad de Hama", "published": "2024-12-05"},
        {"id": 2, "title": "Rebellen nehmen die Stadt Hama ein", "published": "2024-12-05"},
        {"id": 3, "title": "Rebels capture Hama", "published": "2024-12-05"},
    ]

    checked = desk.do("check")
    done = desk.do("extract", "--watchlist", str(desk.watchlist), stdin=as_lines(articles))
    parsed = desk.ask("parse", "Los rebeldes tomaron la ciudad de Hama.")

    assert 'workers.pipeline.es: found the language "es", which has no lexicon' in checked.stderr
    spanish, german, english = json_lines(done.stdout)
    assert [one["subject"] for one in spanish["entities"]] == ["hama"]
    assert (spanish["claims"], german["entities"]) == ([], [])
    assert english["claims"]
    assert done.stderr.splitlines() == [
        'line 1: language "es": names were found; events are read in English only',
        'line 2: language "de": no pipeline reads it; see workers.pipeline',
    ]
    assert parsed["language"] == "es"


def test_replay_tells_what_it_did_not_read(desk: Desk) -> None:
    """By language, at the end."""
    desk.write()
    rows = [
        {"feed": "levant", "title": title, "published": "2024-12-05T12:00:00Z"}
        | {"link": f"https://levant.example/{number}", "language": "en"}
        for number, title in enumerate(
            ["Les rebelles ont pris la ville de Hama", "الجيش ينسحب من حماة", "Rebels capture Hama"]
        )
    ]
    (desk.folder / "archive.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    done = desk.do("replay", "archive.jsonl", "--watchlist", str(desk.watchlist), "-c", "config")

    assert "hama control: government → " in done.stdout
    assert done.stderr.splitlines() == [
        f'archive.jsonl: language "{language}": no pipeline reads it; see workers.pipeline '
        "(1 of 3 items)"
        for language in ("ar", "fr")
    ]
