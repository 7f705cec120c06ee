"""Gives a trained parser more hidden units: it reads as before, and can learn more.

The new units are drawn at random and the next layer passes them over at first (T. Chen, I.
Goodfellow, J. Shlens, *Net2Net*, ICLR 2016, where copies are split instead). Trained from the
start with as many, the first leg would take twice as long.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from spacy.ml._precomputable_affine import PrecomputableAffine
from thinc.api import Linear

#: Hidden units of the parser in the second leg.
HIDDEN = 128
SEED = 0
_Array = NDArray[np.float32]


def main(model: Path, out: Path, hidden: int = HIDDEN) -> None:
    """Write a trained pipeline with a wider parser.

    Args:
        model: as spaCy's training left it.
        out: folder to write.
        hidden: units, at least as many as the parser has.
    """
    nlp = spacy.load(model)
    widen(nlp, hidden)
    nlp.to_disk(out)


def widen(nlp: Language, hidden: int) -> None:
    """Widen the parser of a pipeline in place."""
    random = np.random.default_rng(SEED)
    pipe: Any = nlp.get_pipe("parser")  # Any: thinc types the shapes of arrays, numpy does not
    parser = pipe.model
    tok2vec = parser.get_ref("tok2vec")
    words, lower, upper = tok2vec.layers[-1], parser.get_ref("lower"), parser.get_ref("upper")
    few, inputs = words.get_dim("nO"), words.get_dim("nI")
    precomputable: Any = PrecomputableAffine
    features, pieces = lower.get_dim("nF"), lower.get_dim("nP")

    def drawn(shape: tuple[int, ...], incoming: int) -> _Array:
        """Draw weights with Glorot's variance."""
        bound = np.sqrt(6 / (incoming + hidden))
        return random.uniform(-bound, bound, shape).astype("f")

    wide_words: Any = Linear(nO=hidden, nI=inputs)
    added = drawn((hidden - few, inputs), inputs)
    wide_words.set_param("W", np.concatenate([words.get_param("W"), added]))
    wide_words.set_param("b", _padded(words.get_param("b"), {0: hidden}))

    wide_lower: Any = precomputable(nO=hidden, nI=hidden, nF=features, nP=pieces)
    weights = drawn((features, hidden, pieces, hidden), features * hidden)
    weights[:, :few, :, :few] = lower.get_param("W")
    weights[:, :few, :, few:] = 0
    wide_lower.set_param("W", weights)
    wide_lower.set_param("b", _padded(lower.get_param("b"), {0: hidden}))
    wide_lower.set_param("pad", _padded(lower.get_param("pad"), {2: hidden}))

    wide_upper: Any = Linear(nO=upper.get_dim("nO"), nI=hidden)
    wide_upper.set_param("W", _padded(upper.get_param("W"), {1: hidden}))
    wide_upper.set_param("b", upper.get_param("b"))

    for narrow, wide in ((words, wide_words), (lower, wide_lower), (upper, wide_upper)):
        parser.replace_node(narrow, wide)
    tok2vec.set_dim("nO", hidden, force=True)
    nlp.config["components"]["parser"]["model"]["hidden_width"] = hidden


def _padded(array: _Array, sizes: dict[int, int]) -> _Array:
    """Return the array with zeros behind, as long as said along each axis."""
    missing = [(0, sizes.get(axis, size) - size) for axis, size in enumerate(array.shape)]
    return np.pad(array, missing)
