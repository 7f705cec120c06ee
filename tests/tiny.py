"""Pipelines made in a moment: they know nothing, but have the parts and labels of real ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import spacy
from spacy.lookups import Lookups

UNIVERSAL = ("nsubj", "nsubj:pass", "obj", "obl", "ROOT")
CLEARNLP = ("nsubj", "nsubjpass", "dobj", "pobj", "prep", "ROOT")
#: the German scheme of TIGER
TIGER = ("sb", "oa", "mo", "ROOT")


def pipeline(
    folder: Path,
    language: str = "en",
    relations: Sequence[str] = UNIVERSAL,
    without: Sequence[str] = (),
) -> Path:
    """Write a pipeline to a folder and return the folder."""
    nlp = spacy.blank(language)
    labels = {"tagger": ["NN", "VB"], "parser": relations, "ner": ["PER", "LOC"]}
    for name, known in labels.items():
        if name not in without:
            pipe = nlp.add_pipe(name)
            for label in known:
                pipe.add_label(label)  # type: ignore[attr-defined]
    nlp.initialize()
    if "lemmatizer" not in without:
        lookups = Lookups()
        lookups.add_table("lemma_lookup", {"captured": "capture"})
        lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
        lemmatizer.initialize(lookups=lookups)  # type: ignore[attr-defined]
    folder.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(folder)
    return folder
