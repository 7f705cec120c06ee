"""When a delivery that failed is tried again.

Exponential backoff with full jitter over several days, as Standard Webhooks 1.0.0 recommends
("Deliverability and reliability"). Full jitter (Brooker, "Exponential Backoff And Jitter", AWS
Architecture Blog, 2015) spreads the retries of many alerts over the whole pause, so that a
receiver that comes back is not met by all of them at once.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

#: seconds; a receiver that asks for a longer pause is asked again after this one all the same
LONGEST_RETRY_AFTER = 86_400.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses between attempts: up to 1 s, 2 s, 4 s ... 15 min. Times in seconds."""

    #: longest pause after the first failed attempt
    first: float = 1.0
    #: longest pause after any attempt
    longest: float = 900.0
    #: a number in [0, 1): the jitter
    draw: Callable[[], float] = random.random

    def pause(self, attempts: int, retry_after: float | None = None) -> float:
        """Return the seconds to wait after so many failed attempts (at least 1).

        What the receiver asked for (``Retry-After``) is the least, up to one day.
        """
        # 2**64 is far above any cap and keeps the power from overflowing a float
        ceiling = min(self.longest, self.first * 2.0 ** min(attempts - 1, 64))
        return max(ceiling * self.draw(), min(retry_after or 0.0, LONGEST_RETRY_AFTER))
