"""Numbers for verdicts, learned from labelled events: how likely a class with its cues makes one.

A class is coarse: annotators put "will sell" at +2.3 and "wants to sell" at +1, both are plans to
us. So a verdict's number is that of its class plus an offset for each of its cues, fitted by least
absolute deviations (iteratively reweighted least squares, Schlossmacher 1973) with a small ridge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: features seen less often say nothing
SEEN = 4
_RIDGE = 3.0
_ROUNDS = 15
#: residuals below this weigh alike
_LEAST = 0.1

Verdict = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Scale:
    """Weights of classes and cues; made by :func:`fit`."""

    columns: dict[str, int]
    weights: NDArray[np.floating[Any]]

    def numbers(self, verdicts: Sequence[Verdict]) -> NDArray[np.float64]:
        """Return a number from -3 to +3 for each (class, cues)."""
        return np.clip(_matrix(verdicts, self.columns) @ self.weights, -3, 3)


def fit(verdicts: Sequence[Verdict], labels: NDArray[np.float64]) -> Scale:
    """Learn the weights from the verdicts on events whose labels are known."""
    seen = Counter(name for verdict in verdicts for name in _features(verdict))
    common = [name for name, count in seen.items() if count >= SEEN]
    columns = {name: column for column, name in enumerate(common)}
    known = _matrix(verdicts, columns)
    ridge = _RIDGE * np.eye(len(columns))
    weights = np.linalg.solve(known.T @ known + ridge, known.T @ labels)
    for _ in range(_ROUNDS):
        weighed = known * (1 / np.maximum(np.abs(labels - known @ weights), _LEAST))[:, None]
        weights = np.linalg.solve(weighed.T @ known + ridge, weighed.T @ labels)
    return Scale(columns, weights)


def _features(verdict: Verdict) -> list[str]:
    value, cues = verdict
    first = [f"{value} by {cues[0]}"] if cues else []
    return [value, *(f"cue {cue}" for cue in cues), *first]


def _matrix(verdicts: Sequence[Verdict], columns: dict[str, int]) -> NDArray[np.float64]:
    rows = np.zeros((len(verdicts), len(columns)))
    for row, verdict in zip(rows, verdicts, strict=True):
        row[[columns[name] for name in _features(verdict) if name in columns]] = 1
    return rows
