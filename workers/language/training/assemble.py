"""Puts the trained parts together into the pipeline that the repository ships."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import DocBin

from workers.language.training.lemmas import add_lemmatizer

NAME, VERSION = "en_news_sm", "1.3.0"
DESCRIPTION = "English news: tags, UD trees, lemmas and names, from open treebanks and raw news"
LICENSE = "CC-BY-SA-4.0"
#: Not the version it was trained with alone, which a meta file would ask for.
SPACY = ">=3.8.0,<3.9.0"


def main(model: Path, treebank: Path, out: Path) -> None:
    """Write the pipeline; nothing but spaCy need be installed to load it."""
    nlp = spacy.load(model)
    add_lemmatizer(nlp, DocBin().from_disk(treebank).get_docs(nlp.vocab))
    _forget_the_training(nlp)
    shutil.rmtree(out, ignore_errors=True)
    nlp.to_disk(out)
    needed = json.dumps(sorted(_needed_strings(nlp)), indent=0, ensure_ascii=False)
    (out / "vocab" / "strings.json").write_text(needed, encoding="utf-8")
    print(f"{out.name}: {' '.join(nlp.pipe_names)}, {size(out) / 1e6:.1f} MB")


def _needed_strings(nlp: Language) -> set[str]:
    """Return the strings that must be known at load: spaCy's own and the labels.

    Training leaves every word of the corpora in the store, 0.8 MB that nothing looks up.
    """
    needed = set(spacy.blank("en").vocab.strings)
    for labels in nlp.pipe_labels.values():
        for label in labels:
            features = label.split("|")
            needed.update([label, *features, *(p for f in features for p in f.split("="))])
    return needed


def size(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _forget_the_training(nlp: Language) -> None:
    """Drop what only training needs, the paths of the machine it ran on among it."""
    config = nlp.config.copy()
    for section in ("paths", "corpora", "training", "initialize"):
        config[section] = {}
    config["nlp"]["before_creation"] = None
    nlp.config = config
    nlp.meta.clear()
    nlp.meta.update(
        lang="en",
        name=NAME.removeprefix("en_"),
        version=VERSION,
        description=DESCRIPTION,
        author="news-monitor",
        license=LICENSE,
        spacy_version=SPACY,
    )
