"""Gives a trained parser more hidden units, or fewer.

With more it reads as before, and can learn more: the new units are drawn at random and the next
layer passes them over at first (T. Chen, I. Goodfellow, J. Shlens, *Net2Net*, ICLR 2016, where
copies are split instead). With fewer it is faster: those go whose weights matter least (H. Li et
al., *Pruning Filters for Efficient ConvNets*, ICLR 2017).
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

#: Hidden units of the parser in the second leg, and as it is shipped.
WIDE, SHIPPED = 128, 104
SEED = 0
_Array = NDArray[np.float32]


def main(model: Path, out: Path, units: int) -> None:
    """Write a trained pipeline whose parser has that many hidden units.

    Args:
        model: as spaCy's training left it.
        out: folder to write.
        units: how many.
    """
    nlp = spacy.load(model)
    resize(nlp, units)
    nlp.to_disk(out)


def resize(nlp: Language, units: int) -> None:
    """Change the number of hidden units of a pipeline's parser in place."""
    pipe: Any = nlp.get_pipe("parser")  # Any: thinc types the shapes of arrays, numpy does not
    layers = _Layers(pipe.model)
    layers.widen(units) if units > layers.units else layers.narrow(units)
    layers.put(units)
    nlp.config["components"]["parser"]["model"]["hidden_width"] = units


class _Layers:
    """The weights around the hidden units: of words, of states (``lower``) and of actions (``upper``)."""

    def __init__(self, parser: Any) -> None:
        self.parser = parser
        self.tok2vec = parser.get_ref("tok2vec")
        self.old = self.tok2vec.layers[-1], parser.get_ref("lower"), parser.get_ref("upper")
        words, lower, upper = self.old
        self.words: _Array = words.get_param("W")  # units, inputs
        self.words_bias: _Array = words.get_param("b")
        self.lower: _Array = lower.get_param("W")  # features, units, pieces, units of words
        self.lower_bias: _Array = lower.get_param("b")
        self.pad: _Array = lower.get_param("pad")  # 1, features, units, pieces
        self.upper: _Array = upper.get_param("W")  # actions, units
        self.upper_bias: _Array = upper.get_param("b")

    @property
    def units(self) -> int:
        return len(self.words)

    def widen(self, units: int) -> None:
        random = np.random.default_rng(SEED)
        few, inputs = self.words.shape
        features, _, pieces, _ = self.lower.shape

        def drawn(shape: tuple[int, ...], incoming: int) -> _Array:
            """Draw weights with Glorot's variance."""
            bound = np.sqrt(6 / (incoming + units))
            return random.uniform(-bound, bound, shape).astype("f")

        self.words = np.concatenate([self.words, drawn((units - few, inputs), inputs)])
        weights = drawn((features, units, pieces, units), features * units)
        weights[:, :few, :, :few] = self.lower
        weights[:, :few, :, few:] = 0
        self.lower = weights
        self.words_bias = _padded(self.words_bias, {0: units})
        self.lower_bias = _padded(self.lower_bias, {0: units})
        self.pad = _padded(self.pad, {2: units})
        self.upper = _padded(self.upper, {1: units})

    def narrow(self, units: int) -> None:
        squares = self.lower**2
        told = self.upper - self.upper.mean(axis=0)  # what all actions get alike decides nothing
        given = np.linalg.norm(self.words, axis=1) * np.sqrt(squares.sum((0, 1, 2)))
        made = np.sqrt(squares.sum((0, 2, 3))) * np.linalg.norm(told, axis=0)
        of_words, of_states = (np.sort(np.argsort(-size)[:units]) for size in (given, made))
        self.words, self.words_bias = self.words[of_words], self.words_bias[of_words]
        self.lower = self.lower[:, of_states][:, :, :, of_words]
        self.lower_bias, self.pad = self.lower_bias[of_states], self.pad[:, :, of_states]
        self.upper = self.upper[:, of_states]

    def put(self, units: int) -> None:
        """Put layers with these weights in the place of the old ones."""
        features, _, pieces, _ = self.lower.shape
        precomputable: Any = PrecomputableAffine
        words: Any = Linear(nO=units, nI=self.words.shape[1])
        lower = precomputable(nO=units, nI=units, nF=features, nP=pieces)
        upper: Any = Linear(nO=len(self.upper), nI=units)
        weights = (
            (words, {"W": self.words, "b": self.words_bias}),
            (lower, {"W": self.lower, "b": self.lower_bias, "pad": self.pad}),
            (upper, {"W": self.upper, "b": self.upper_bias}),
        )
        for old, (new, arrays) in zip(self.old, weights, strict=True):
            for name, array in arrays.items():
                new.set_param(name, np.ascontiguousarray(array))
            self.parser.replace_node(old, new)
        self.tok2vec.set_dim("nO", units, force=True)


def _padded(array: _Array, sizes: dict[int, int]) -> _Array:
    """Return the array with zeros behind, as long as said along each axis."""
    missing = [(0, sizes.get(axis, size) - size) for axis, size in enumerate(array.shape)]
    return np.pad(array, missing)
