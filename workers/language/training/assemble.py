"""Puts the trained parts together into the pipeline that the repository ships."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

NAME, VERSION = "en_news_sm", "1.0.0"
LICENSE = "CC-BY-SA-4.0"

#: Lemmas of auxiliaries, which the rule lemmatizer has no rules for.
AUXILIARIES = {
    "be": "am is are was were been being be 's 're 'm ’s ’re ’m ai",
    "have": "has had have having 've ’ve 'd ’d",
    "do": "does did do done doing",
    "will": "will 'll ’ll wo",
    "would": "would",
    "can": "can ca",
    "could": "could",
    "may": "may",
    "might": "might",
    "must": "must",
    "shall": "shall",
    "should": "should",
}
NEGATIONS = ("n't", "n’t")


def main(parser: Path, names: Path, out: Path) -> None:
    """Write the pipeline; nothing else need be installed to load it than spaCy."""
    nlp = spacy.load(parser)
    _add_lemmatizer(nlp)
    nlp.add_pipe("ner", source=spacy.load(names))
    _forget_the_training(nlp)
    shutil.rmtree(out, ignore_errors=True)
    nlp.to_disk(out)
    print(f"{out.name}: {' '.join(nlp.pipe_names)}, {size(out) / 1e6:.1f} MB")


def size(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _add_lemmatizer(nlp: Language) -> None:
    """Add spaCy's rule lemmatizer with its tables inside, and the lemmas of auxiliaries."""
    lemmatizer: Any = nlp.add_pipe("lemmatizer", config={"mode": "rule", "overwrite": True})
    lemmatizer.initialize(list, nlp=nlp)
    ruler: Any = nlp.add_pipe("attribute_ruler")
    for lemma, forms in AUXILIARIES.items():
        ruler.add([[{"LOWER": form, "POS": "AUX"}] for form in forms.split()], {"LEMMA": lemma})
    # "'d" is "would" only where its tag says that it is a modal.
    ruler.add([[{"LOWER": {"IN": ["'d", "’d"]}, "TAG": "MD"}]], {"LEMMA": "would"})
    ruler.add([[{"LOWER": {"IN": list(NEGATIONS)}}]], {"LEMMA": "not"})


def _forget_the_training(nlp: Language) -> None:
    """Drop what only training needs, the paths of the machine it ran on among it."""
    config = nlp.config.copy()
    for section in ("paths", "corpora", "training", "initialize", "pretraining"):
        config[section] = {}
    nlp.config = config
    meta = {
        "lang": "en",
        "name": NAME.removeprefix("en_"),
        "version": VERSION,
        "description": "English news: tags, UD trees, lemmas and names, from open treebanks",
        "author": "news-monitor",
        "license": LICENSE,
    }
    nlp.meta.clear()
    nlp.meta.update(json.loads(json.dumps(meta)))
