"""What the sentence behind a question answers: "Has Hama fallen? Army says no"."""

from __future__ import annotations

from spacy.tokens import Span, Token

from workers.factuality.clauses import subject_of
from workers.factuality.cues import SPEECH
from workers.factuality.governing import lookup

_NO = frozenset({"no", "not", "never", "nonsense", "otherwise", "untrue", "false", "wrong"})
#: words of an answer that is nothing else
_LONGEST = 9


def denier_of(question: Span) -> Token | None:
    """Return who says no to a question in the sentence behind it."""
    if question.end >= len(question.doc):
        return None
    answer = question.doc[question.end].sent
    words = [token for token in answer if token.is_alpha]
    root = answer.root
    speaker = next((one for one in root.rights if one.dep_ == "nsubj"), None) or subject_of(root)
    if not 1 < len(words) <= _LONGEST or speaker is None:
        return None
    effect = lookup(root, "clause")
    if effect == "denied":
        return speaker
    flat = effect in SPEECH and (words[0].lower_ in _NO or words[-1].lower_ in _NO)
    quoted = any(one.is_quote for one in answer) and any(
        one.lower_ == "such" and one.nbor(-1).lower_ == "no" for one in words[1:]
    )
    return speaker if flat or quoted else None
