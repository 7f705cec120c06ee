"""Builds a pipeline as large as that of the first training, to measure the speed against.

Speed depends on the sizes of the layers, the number of labels and of vectors, not on how good the
weights are. So the configs of the first training are trained for some hundred steps on a part of the
corpora, with vectors of the same shape in place of its own: until most tags are right, as the
lemmatizer's work depends on them. Its scores mean nothing.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from gold import MissingError
from spacy.cli.train import train
from spacy.language import Language
from spacy.strings import get_string_id

from workers.language import load_pipeline
from workers.language.training import convert_names, convert_treebanks
from workers.language.training.lemmas import AUXILIARIES

STEPS = 400
#: rows and length of its vectors, and the words that had one
ROWS, LENGTH, WORDS = 987, 96, 148_000
SEED = 0

TREES, NAMES = "parser.brown.cfg", "ner.brown.cfg"


def build(configs: Path, data: Path, work: Path) -> Path:
    """Return the folder of the pipeline, after building it where it is not there yet.

    Args:
        configs: folder of the first training's configs.
        data: folder of the corpora.
        work: it is built in the folder ``like-first`` in it.

    Raises:
        MissingError: the configs are not there.
    """
    for name in (TREES, NAMES):
        if not (configs / name).exists():
            raise MissingError(f"missing: {configs / name}: a config of the first training")
    done = work / "like-first"
    if done.exists():
        return done
    building = work / "like-first.part"
    shutil.rmtree(building, ignore_errors=True)
    _texts(data, building)
    nlp = spacy.load(_trained(configs / TREES, "trees", building))
    _add_lemmas(nlp)
    nlp.add_pipe("ner", source=spacy.load(_trained(configs / NAMES, "names", building)))
    nlp.to_disk(building / "pipeline")
    (building / "pipeline").rename(done)
    shutil.rmtree(building)
    return done


def _add_lemmas(nlp: Language) -> None:
    """Add what gave it its lemmas: spaCy's rules, whose index is a list, and a ruler."""
    lookups = load_pipeline().get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    index = lookups.get_table("lemma_index")
    for word_class in list(index):
        index[word_class] = list(index[word_class])
    lemmatizer: Any = nlp.add_pipe("lemmatizer", config={"mode": "rule", "overwrite": True})
    lemmatizer.initialize(lookups=lookups)
    ruler: Any = nlp.add_pipe("attribute_ruler")
    for lemma, forms in AUXILIARIES.items():
        ruler.add([[{"LOWER": form, "POS": "AUX"}] for form in forms.split()], {"LEMMA": lemma})


def _texts(data: Path, out: Path) -> None:
    """Write what it is trained on: all labels occur in it."""
    out.mkdir(parents=True)
    nlp = spacy.blank("en")
    files = convert_treebanks.training_files(data)
    trees = [
        doc for path in files for doc in convert_treebanks.plain_docs(nlp, path, lambda _: True)
    ]
    convert_treebanks.save(trees, out / "trees.spacy")
    ewt = data / "uner-ewt" / "en_ewt-ud-dev.iob2"
    reports = convert_names.re3d(nlp, data / "re3d")
    tested = convert_names.held_out(reports)
    more = [doc for key, docs in sorted(reports.items()) if key not in tested for doc in docs]
    convert_names.save(convert_names.uner(nlp, ewt) + more, out / "names.spacy")
    vocab: Any = nlp.vocab  # its type stub is behind its code
    vocab.reset_vectors(shape=(ROWS, LENGTH))
    vocab.vectors.data[:] = np.random.default_rng(SEED).normal(scale=0.1, size=(ROWS, LENGTH))
    words = dict.fromkeys(token.text for doc in trees for token in doc)
    # so many words that looking one up takes as long
    padding = (f"word{number}" for number in range(WORDS - len(words)))
    for number, word in enumerate((*words, *padding)):
        vocab.vectors.add(get_string_id(word), row=number % ROWS)
    nlp.to_disk(out / "vectors")


def _trained(config: Path, corpus: str, work: Path) -> Path:
    """Train a config for some steps; return the folder of the last model."""
    texts = str(work / f"{corpus}.spacy")
    folder = work / f"{corpus}-model"
    train(
        config,
        folder,
        overrides={
            "paths.train": texts,
            "paths.dev": texts,
            "paths.vectors": str(work / "vectors"),
            "training.max_steps": STEPS,
            "training.max_epochs": 0,
            "training.eval_frequency": STEPS + 1,
            "corpora.dev.limit": 10,
        },
    )
    return folder / "model-last"
