"""How sure a text is that an event happened, and who says so."""

from workers.factuality.cues import COMPOSITION, FORMS, SPEECH, UNNAMED, cues
from workers.factuality.verdict import Verdict, assess

__all__ = ["COMPOSITION", "FORMS", "SPEECH", "UNNAMED", "Verdict", "assess", "cues"]
