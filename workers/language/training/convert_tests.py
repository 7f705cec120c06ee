"""Converts the test sets: what a pipeline is scored on and never trained on.

Needs nothing that the project does not install.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import spacy

from workers.language.training import convert_names, convert_treebanks
from workers.language.training.convert_treebanks import SENTENCES_PER_DOC, is_open

#: Folders of the corpora that hold test sets.
FOLDERS = ("ewt", "gum", "pud", "uner-ewt", "uner-pud", "re3d", "worldwide")


def main(data: Path, out: Path) -> None:
    """Convert the test sets under ``data`` into ``out``, all or nothing."""
    building = out.with_name(f"{out.name}.part")
    building.mkdir(parents=True, exist_ok=True)
    trees(data, building)
    names(data, building)
    building.rename(out)


def trees(data: Path, out: Path) -> None:
    """Write the test sets of trees."""
    nlp = spacy.blank("en")
    ewt, gum = data / "ewt" / "en_ewt-ud-test.conllu", data / "gum" / "en_gum-ud-test.conllu"
    pud = data / "pud" / "en_pud-ud-test.conllu"
    sets: dict[str, tuple[Path, Callable[[str], bool], int]] = {
        "ewt-test": (ewt, is_open, SENTENCES_PER_DOC),
        "gum-test": (gum, lambda _: True, SENTENCES_PER_DOC),
        "gum-news-test": (
            gum,
            lambda document: document.startswith("GUM_news_"),
            SENTENCES_PER_DOC,
        ),
        # PUD's sentences do not follow each other in their source.
        "pud-test": (pud, lambda _: True, 1),
        "pud-news-test": (pud, lambda document: document.startswith("n"), 1),
    }
    for name, (path, keep, per_doc) in sets.items():
        docs = convert_treebanks.plain_docs(nlp, path, keep, per_doc)
        convert_treebanks.save(docs, out / f"{name}.spacy")


def names(data: Path, out: Path) -> None:
    """Write the test sets of names."""
    nlp = spacy.blank("en")
    reports = convert_names.re3d(nlp, data / "re3d")
    tested = sorted(convert_names.held_out(reports))
    sets = {
        "uner-test": convert_names.uner(nlp, data / "uner-ewt" / "en_ewt-ud-test.iob2"),
        "pud-test": convert_names.uner(nlp, data / "uner-pud" / "en_pud-ud-test.iob2", 1),
        "re3d-test": [doc for key in tested for doc in reports[key]],
        "worldwide-test": convert_names.worldwide(nlp, data / "worldwide" / "processed_annotated"),
    }
    for name, docs in sets.items():
        convert_names.save(docs, out / f"names-{name}.spacy")
