"""The factuality benchmark: its tokens, and the numbers that it learns."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.append(str(Path(__file__).parents[3] / "benchmarks"))
factuality: Any = importlib.import_module("factuality")
scale: Any = importlib.import_module("factuality_scale")


def test_words_are_cut_as_the_tokenizer_cuts_them() -> None:
    """And the places of the given words are kept."""
    assert factuality.tokens_of("It hasn't moved") == (["It", "has", "n't", "moved"], [0, 1, 3, 4])


def test_cues_get_the_numbers_that_annotators_gave_them() -> None:
    """Classes are coarse, cues move them; what was never seen gets the number of its class."""
    verdicts = [("planned", ("will",)), ("planned", ("wants",))] * 10 * scale.SEEN
    labels = np.array([2.5, 1.0] * 10 * scale.SEEN)

    will, wants, other = scale.fit(verdicts, labels).numbers(
        [("planned", ("will",)), ("planned", ("wants",)), ("planned", ("hopes",))]
    )

    assert abs(will - 2.5) < 0.2
    assert abs(wants - 1.0) < 0.2
    assert other < will
