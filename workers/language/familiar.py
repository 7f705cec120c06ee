"""Keeps the words that come again and again, which a process that reads for months may not all keep.

Inside ``Language.memory_zone`` spaCy's tokenizer remembers nothing, so that it takes every "the" apart
anew. What it is given outside of one it remembers for good, within its own limit.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from spacy.language import Language

#: words kept at most; the tokenizer itself remembers no more than 10,000
MOST = 8_000
#: times that a word is met before it is kept
_OFTEN = 3
#: words that are counted at most before the count begins anew
_COUNTED = 100_000


@dataclass(slots=True)
class Familiar:
    """Counts the words of the texts of a pipeline, and makes it remember the frequent ones."""

    nlp: Language
    kept: set[str] = field(init=False, default_factory=set)
    _met: Counter[str] = field(init=False, default_factory=Counter)

    def meet(self, text: str) -> None:
        """Count the words of a text, as the tokenizer is given them: between blanks."""
        self._met.update(text.split())

    def keep(self) -> None:
        """Make the tokenizer remember what came often; to be called outside of any memory zone."""
        if len(self.kept) >= MOST:
            return
        often = [word for word, times in self._met.items() if times >= _OFTEN]
        fresh = [word for word in often if word not in self.kept][: MOST - len(self.kept)]
        self.nlp.tokenizer(" ".join(fresh))
        self.kept.update(fresh)
        if len(self._met) > _COUNTED or len(self.kept) >= MOST:
            self._met.clear()
