"""The benchmark of places reads both files' forms, and counts what is unresolved as wrong."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from workers.toponyms.index import load

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
places: Any = importlib.import_module("places")

LGL = """<articles><article docid="1"><text>Rain fell on Homs and Nowhereville Xyz.</text><toponyms>
<toponym><start>13</start><end>17</end><phrase>Homs</phrase>
<gaztag geonameid="169577"><lat>34.7</lat><lon>36.7</lon></gaztag></toponym>
<toponym><start>22</start><end>38</end><phrase>Nowhereville Xyz</phrase>
<gaztag geonameid="1"><lat>0.0</lat><lon>0.0</lon></gaztag></toponym>
<toponym><start>0</start><end>4</end><phrase>Rain</phrase></toponym>
</toponyms></article></articles>"""

GEOVIRUS = """<articles><article><source>x</source><text>Rain fell on Hama.</text><locations>
<location><name>Hama</name><start>14</start><end>18</end><lat>35.1</lat><lon>36.8</lon>
<page>x</page></location></locations></article></articles>"""


def read(folder: Path, content: str) -> Any:
    """Read a file of one article."""
    path = folder / "lgl.xml"
    path.write_text(content)
    [text] = places.texts(path)
    return text


def test_unresolved_is_wrong(tmp_path: Path) -> None:
    """Given one name that is found and one that nobody has, half is right; no tag, no question."""
    found = list(places.answers(load(), read(tmp_path, LGL)))
    assert [one.error < places.WITHIN for one in found] == [True, False]
    [line] = places.report("lgl", found, 0.01, 1)
    assert "0.500" in line
    assert "not resolved; no place" in "\n".join(places.misses(found, 5))


def test_slipped_offsets_are_set_right(tmp_path: Path) -> None:
    """Given an offset that is one too large, the name is found where it stands."""
    text = read(tmp_path, GEOVIRUS)
    assert text.text[text.toponyms[0].start :].startswith("Hama")
    assert all(one.error < places.WITHIN for one in places.answers(load(), text))


def test_missing_data_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a folder without data, the benchmark says so."""
    monkeypatch.setattr(sys, "argv", ["places.py", str(tmp_path)])
    with pytest.raises(SystemExit, match=r"missing: .*\*\.xml"):
        places.main()
