"""Every number that the rules weigh with, in one place.

Grades are the Admiralty code's source reliability (NATO AJP-2.1, *Allied Joint Doctrine for
Intelligence, Counter-Intelligence and Security*): A completely, B usually, C fairly, D not
usually reliable, E unreliable, F cannot be judged. The code gives words, not numbers; these are
editorial choices, held in place by the situations in ``tests/unit/rules/test_situations.py``.
"""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType

from monitor.records import Factuality
from monitor.watchlist import Grade

#: probability that a plain report of a source of that grade is right; an unknown publisher (F)
#: is trusted less than a fairly reliable one, more than one known to be unreliable
GRADE: MappingProxyType[Grade, float] = MappingProxyType(
    {"A": 0.9, "B": 0.8, "C": 0.65, "D": 0.4, "E": 0.15, "F": 0.3}
)

#: grades of which two voices suffice to confirm; of others three are needed
SOLID_GRADES: frozenset[Grade] = frozenset({"A", "B", "C"})

#: how far the words themselves commit to the event
FACTUALITY: MappingProxyType[Factuality, float] = MappingProxyType(
    {
        Factuality.CONFIRMED: 1.0,
        Factuality.REPORTED: 0.9,
        Factuality.CLAIMED: 0.4,
        Factuality.DENIED: 0.8,
        Factuality.NEGATED: 0.8,
    }
)

#: a state named in passing ("rebel-held Hama") against a told event, for facets of kind state:
#: one voice of grade A or B just reaches ``reported`` with it, of grade C only two
STANDING = 0.35
#: a denial that is an interested party's, against one in the publisher's own voice
PARTY_DENIAL = 0.3
#: a report of another value in the same episode, against an outright denial
RIVAL = 0.3

#: least score of ``reported``: one unknown publisher (F) that tells the event reaches 0.27
REPORTED = 0.25
#: least score of ``confirmed``: two voices of grade C reach 0.83, three of D 0.74, four of F 0.72
CONFIRMED = 0.7
#: least number of independent voices of ``confirmed``, with and without two of solid grade
CONFIRMING_VOICES, CONFIRMING_VOICES_LOW_GRADES = 2, 3

#: reports of a challenging value add up when they happened within this time
RALLY = timedelta(hours=72)
#: a party's boast does not move a value that others reported within this time before it
BOAST_BLOCKED = timedelta(days=7)
#: desks lag: the old value named in passing this soon after a change is no news
SETTLE = timedelta(hours=12)
#: an event dated no better than this may lie before the present value began
VAGUE = timedelta(hours=48)

#: evidence shown with a status: newest per family, and in all, on each side
SHOWN_PER_FAMILY, SHOWN = 3, 12
