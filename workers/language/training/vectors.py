"""Static vectors: what a large reader and old counts know of words, in a table of a few megabytes.

Two sources. **Brown clusters** of ``spacy-lookups-data``: a path of bits through a tree in which words
used alike stand close, counted on far more text than is at hand here. **The teacher** (`teacher.py`):
what it makes of each word when it reads it alone, which carries what its encoder saw in
pretraining (Bommasani et al. 2020 distil static vectors so; one word, no context, as model2vec does).
Both are laid side by side, rotated to their main directions, and the rare words are put together to
clusters, so that the table stays small.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import spacy
import torch
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans
from spacy.strings import get_string_id
from spacy.tokens import DocBin
from spacy.vocab import Vocab

from workers.language.training.joined import NAMED_TREES, OTHER_NAMES
from workers.language.training.teacher import Encoder, Teacher, restored, tensors

#: The most frequent words of English that get a vector, in the spellings of the list.
WORDS = 90_000
LONGEST_WORD = 24
#: How often a word of the texts must occur to get one too.
LEAST = 2
#: Bits of the path that a part of the code stands for, and the part's width.
PREFIXES = ((4, 8), (6, 12), (8, 12), (10, 16), (12, 16), (40, 32))
#: Length of a code, and of a reading; the first training's codes had this length.
LENGTH = 3.7
#: Directions kept of the teacher's readings, and of both together: the width of the table.
READ_WIDTH, WIDTH = 64, 96
#: Words that have a row of their own, and rows for all the others.
OWN_ROWS, SHARED_ROWS = 3000, 5300
#: Weight of a word that is in no list of frequencies when directions are looked for.
RARE_WEIGHT = 0.3
#: Probability (log) of a word that the frequency list does not have.
UNSEEN = -30.0
#: Words that the teacher reads at once.
BATCH = 256
SEED = 0

_WORD = re.compile(r"[A-Za-z][A-Za-z'\u2019.\-]*")
Table = NDArray[np.float32]


def clusters() -> dict[str, int]:
    """Read the cluster of each frequent word, in both its spellings."""
    cluster_of: dict[str, int] = _table("en_lexeme_cluster")
    frequency: dict[str, float] = _table("en_lexeme_prob")
    words = [
        word
        for word, cluster in cluster_of.items()
        if cluster and len(word) <= LONGEST_WORD and _WORD.fullmatch(word)
    ]
    words.sort(key=lambda word: -frequency.get(word, UNSEEN))
    chosen = {word: cluster_of[word] for word in words[:WORDS]}
    for word, cluster in list(chosen.items()):
        chosen.setdefault(word.title() if word.islower() else word.lower(), cluster)
    return chosen


def code(cluster: int | None) -> Table:
    """Return a cluster's code: clusters that share a prefix share that part of it."""
    parts = []
    for bits, width in PREFIXES:
        if cluster is None:
            parts.append(np.zeros(width))
        else:
            random = np.random.default_rng([bits, cluster & ((1 << bits) - 1)])
            parts.append(random.normal(size=width) / np.sqrt(width))
    whole: Table = np.concatenate(parts).astype(np.float32)
    return whole * np.float32(LENGTH / np.sqrt(len(PREFIXES)))


def counted(raw: Path, data: Path) -> Counter[str]:
    """Count the words of the raw text and of the corpora, in lower case."""
    nlp = spacy.blank("en")
    counts: Counter[str] = Counter()
    for line in raw.read_text(encoding="utf-8").splitlines():
        counts.update(word.lower_ for word in nlp.make_doc(json.loads(line)["text"]))
    for name in (NAMED_TREES, OTHER_NAMES):
        for doc in DocBin().from_disk(data / f"{name}.spacy").get_docs(Vocab()):
            counts.update(word.lower_ for word in doc)
    return counts


@torch.inference_mode()
def readings(words: Sequence[str], teacher: Teacher, encoder: Encoder) -> Table:
    """Let the teacher read words alone.

    Args:
        words: in lower case.
        teacher: who reads.
        encoder: turns words into the teacher's numbers.

    Returns:
        words x (3 x width of the encoder): what its trees and its tags rest on for the word as it
        is, and what its names rest on for the word In Title Case.
    """
    width = teacher.case.embedding_dim
    found = np.zeros((len(words), 3 * width), dtype=np.float32)
    order = sorted(range(len(words)), key=lambda i: len(words[i]))
    for start in range(0, len(order), BATCH):
        chosen = order[start : start + BATCH]
        plain = _mixed(teacher, encoder, [words[i] for i in chosen])
        title = _mixed(teacher, encoder, [words[i].title() for i in chosen])
        found[chosen] = np.concatenate([plain[0], plain[1], title[2]], axis=1)
    return found


def _mixed(teacher: Teacher, encoder: Encoder, words: Iterable[str]) -> Table:
    items = [encoder.plain([word]) for word in words]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed = teacher.mixed(tensors(items, encoder.tokenizer.pad_token_id))
    found: Table = mixed[:, :, 0].float().numpy()
    return found


def directions(rows: Table, weights: Table, width: int, power: float = 1.0) -> Table:
    """Rotate rows to their main directions (weighted PCA).

    Args:
        rows: words x numbers.
        weights: how much each row counts.
        width: directions that are kept.
        power: 1 keeps the spread of each direction, 0 makes all alike.
    """
    centred = rows - rows.mean(0)
    _, vectors = np.linalg.eigh((centred * weights[:, None]).T @ centred)
    rotated = centred @ vectors[:, ::-1][:, :width]
    found: Table = (rotated * rotated.std(0) ** (power - 1)).astype(np.float32)
    return found


def rows_of(keys: Sequence[str], counts: Counter[str], table: Table) -> tuple[NDArray[Any], Table]:
    """Give frequent words a row of their own and put the others together.

    Returns:
        The row of each key, and the rows.
    """
    ranked = sorted(range(len(keys)), key=lambda i: -counts[keys[i].lower()])
    own, others = ranked[:OWN_ROWS], ranked[OWN_ROWS:]
    means = MiniBatchKMeans(SHARED_ROWS, random_state=SEED, n_init=1, batch_size=16384, max_iter=30)
    shared = means.fit_predict(table[others])
    rows = np.zeros(len(keys), dtype=np.int64)
    rows[own] = np.arange(len(own))
    rows[others] = len(own) + shared
    return rows, np.concatenate([table[own], means.cluster_centers_]).astype(np.float32)


def main(teacher_folder: Path, raw: Path, data: Path, out: Path) -> None:
    """Write an empty pipeline that holds the vectors, for ``initialize.vectors``."""
    counts = counted(raw, data)
    cluster_of = clusters()
    words = sorted(
        {word.lower() for word in cluster_of}
        | {w for w, n in counts.items() if n >= LEAST and w.strip() and len(w) <= LONGEST_WORD}
    )
    write(words, readings(words, *restored(teacher_folder)), counts, cluster_of, out)


def write(
    words: Sequence[str],
    read: Table,
    counts: Counter[str],
    cluster_of: dict[str, int],
    out: Path,
) -> None:
    """Put readings and codes together and write them."""
    third = read.shape[1] // 3
    parts = [read[:, i * third : (i + 1) * third] for i in range(3)]
    even = np.concatenate([(part - part.mean(0)) / part.std() for part in parts], axis=1)
    known = {word.lower() for word in cluster_of}
    weights = np.array([1.0 if word in known else RARE_WEIGHT for word in words], dtype=np.float32)
    reading = directions(even, weights, READ_WIDTH, power=0.5)
    reading *= LENGTH / np.linalg.norm(reading, axis=1).mean()
    at = {word: i for i, word in enumerate(words)}
    keys = sorted({*cluster_of, *words, *(word.title() for word in words)})
    table = np.concatenate(
        [
            np.stack([code(cluster_of.get(key)) for key in keys]),
            reading[[at[key.lower()] for key in keys]],
        ],
        axis=1,
    )
    rows, data = rows_of(
        keys, counts, directions(table, np.ones(len(keys), dtype=np.float32), WIDTH)
    )
    nlp = spacy.blank("en")
    vocab: Any = nlp.vocab  # its type stub is behind its code
    vocab.reset_vectors(shape=data.shape)
    vectors = vocab.vectors
    vectors.data[:] = data
    for key, row in zip(keys, rows, strict=True):
        # By hash: the words themselves would be stored too, 3 MB that nothing reads.
        vectors.add(get_string_id(key), row=int(row))
    vectors.name = "en_news_words"
    nlp.to_disk(out)
    print(f"vectors: {vectors.n_keys} words, {vectors.shape[0]} rows")


def _table(name: str) -> dict[str, Any]:
    data = files("spacy_lookups_data").joinpath("data", f"{name}.json.gz").read_bytes()
    table: dict[str, Any] = json.loads(gzip.decompress(data))
    return table
