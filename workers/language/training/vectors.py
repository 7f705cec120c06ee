"""Brown clusters as a small table of static vectors.

``spacy-lookups-data`` has a cluster for each of some 200,000 English words: a path of bits
through a tree in which words used alike stand close. One row a cluster, about a thousand rows
of 96 numbers, brings them into spaCy's own static vectors, without code at run time.
"""

from __future__ import annotations

import gzip
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.strings import get_string_id

#: The most frequent words that get a vector, before their other spelling (Title, lower) is added.
WORDS = 120_000
LONGEST_WORD = 24
#: Bits of the path that a part of the row stands for, and the part's width.
PREFIXES = ((4, 8), (6, 12), (8, 12), (10, 16), (12, 16), (40, 32))
#: Length of a whole row is about this times the square root of the number of prefixes.
SCALE = 1.5
#: Probability (log) of a word that the frequency list does not have.
UNSEEN = -30.0

_WORD = re.compile(r"[A-Za-z][A-Za-z'\u2019.\-]*")


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


def row(cluster: int) -> NDArray[np.float32]:
    """Return a cluster's vector: clusters that share a prefix share that part of the row."""
    parts = []
    for bits, width in PREFIXES:
        prefix = cluster & ((1 << bits) - 1)
        random = np.random.default_rng([bits, prefix])
        parts.append(random.normal(size=width) / np.sqrt(width))
    return (SCALE * np.concatenate(parts)).astype(np.float32)


def main(out: Path) -> None:
    """Write an empty pipeline that holds the vectors, for ``initialize.vectors``."""
    cluster_of = clusters()
    rows = {cluster: i for i, cluster in enumerate(sorted(set(cluster_of.values())))}
    nlp = spacy.blank("en")
    vocab: Any = nlp.vocab  # its type stub is behind its code
    vocab.reset_vectors(shape=(len(rows), sum(width for _, width in PREFIXES)))
    vectors = vocab.vectors
    vectors.data[:] = np.stack([row(cluster) for cluster in rows])
    for word, cluster in cluster_of.items():
        # By hash: the words themselves would be stored too, 3 MB that nothing reads.
        vectors.add(get_string_id(word), row=rows[cluster])
    vectors.name = "en_brown_clusters"
    nlp.to_disk(out)
    print(f"vectors: {vectors.n_keys} words, {vectors.shape[0]} clusters")


def _table(name: str) -> dict[str, Any]:
    data = files("spacy_lookups_data").joinpath("data", f"{name}.json.gz").read_bytes()
    table: dict[str, Any] = json.loads(gzip.decompress(data))
    return table
