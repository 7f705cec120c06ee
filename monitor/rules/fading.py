"""When a value is given up because nothing new is heard.

The weight of evidence halves with every half-life of its facet since the newest report for the
value (exponential decay: G. Cormode et al., *Forward Decay*, ICDE 2009). A value fades when its
score has sunk to ``faded``, so what was well supported lasts longer; but none fades within one
half-life.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import log2

from monitor.rules.strength import Strength
from monitor.weights import Weights


def fades(weights: Weights, half_life: timedelta, strength: Strength) -> datetime:
    """Return when a value of that strength fades; ``upheld`` must not be empty."""
    newest = max(report.time for report in strength.upheld)
    halvings = log2(max(strength.score, weights.faded) / weights.faded) if weights.faded else 0.0
    return newest + half_life * max(1.0, halvings)
