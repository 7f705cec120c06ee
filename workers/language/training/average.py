"""Averages two trained pipelines of one shape, weight by weight.

A model that was trained further on other texts gains there and loses a little on the first ones; the
average of both keeps most of either (M. Wortsman et al., *Robust fine-tuning of zero-shot models*,
CVPR 2022).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

#: The second one's share; chosen on the dev set, among 0.3, 0.5, 0.6, 0.7 and 1.
SHARE = 0.6


def main(first: Path, second: Path, out: Path, share: float = SHARE) -> None:
    """Write the average of two pipelines.

    Args:
        first: as spaCy's training left it.
        second: the same, trained further.
        out: folder to write.
        share: of the second.

    Raises:
        ValueError: they have not the same layers.
    """
    nlp, other = spacy.load(first), spacy.load(second)
    for mine, theirs in zip(_layers(nlp), _layers(other), strict=True):
        for name in mine.param_names:
            if mine.has_param(name):
                weights = (1 - share) * mine.get_param(name) + share * theirs.get_param(name)
                mine.set_param(name, weights)
    nlp.to_disk(out)


def _layers(nlp: Language) -> Iterator[Any]:
    """Yield every layer once: a network that components share is met in each of them."""
    met: set[int] = set()
    components: list[tuple[str, Any]] = nlp.pipeline
    for _, component in components:
        for layer in component.model.walk():
            if id(layer) not in met:
                met.add(id(layer))
                yield layer
