"""Quotations that run over several sentences: who speaks stands in the one before."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from workers.factuality.clauses import NOMINAL
from workers.factuality.cues import SPEECH
from workers.factuality.governing import lookup
from workers.factuality.speakers import speaker_of

#: words in the shortest quotation that tells something, and is no name or "so-called" thing
_SHORTEST = 4
_SINGLE = frozenset("'\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}")


def quotation_around(trigger: Token) -> tuple[int, int] | None:
    """Return the first and last token of a quoted sentence that holds a word, None if none does.

    A quotation may go on after its sentence, and begin before it.
    """
    doc, opening = trigger.doc, None
    for token in reversed(doc[: trigger.i]):
        if token.is_quote and token.text not in _SINGLE:
            opening = token if _opens(token) else None
            break
    if opening is None or opening.i > opening.sent.start + 1:
        return None
    closing = next(
        (one.i for one in doc[trigger.i : trigger.sent.end] if one.is_quote), trigger.sent.end
    )
    return (opening.i, closing) if closing - opening.i > _SHORTEST else None


def speaker_of_quotation(doc: Doc, first: int, last: int) -> tuple[Token, Token | None] | None:
    """Return the verb and who speaks of a quotation, from behind it or from the sentence before."""
    behind = doc[last : doc[min(last, len(doc) - 1)].sent.end]
    before = doc[doc[first - 1].sent.start : first] if first else doc[:0]
    for verb in (*behind, *reversed(before)):
        if verb.pos_ == "VERB" and lookup(verb, "clause") in SPEECH:
            speaker = speaker_of(verb)
            if speaker is not None and speaker.pos_ in {*NOMINAL, "PRON"}:
                return verb, speaker
    return None


def _opens(mark: Token) -> bool:
    """Tell an opening quotation mark from a closing one by the space around it."""
    if mark.text in {"\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"}:
        return mark.text == "\N{LEFT DOUBLE QUOTATION MARK}"
    return not mark.whitespace_ and (mark.i == 0 or bool(mark.nbor(-1).whitespace_))
