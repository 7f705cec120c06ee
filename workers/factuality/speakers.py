"""Who speaks: the subject of a verb of saying, the "by" of a passive."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from workers.factuality.clauses import NOMINAL, has_child, subject_of
from workers.factuality.cues import SPEECH
from workers.factuality.governing import is_fronted, lookup
from workers.mentions import Mention
from workers.syntax import preposition

#: sentences before its own in which a pronoun's speaker is looked for
_REACH = 2
_FIRST = frozenset({"we", "i", "our", "my", "us", "me"})
_FORCES = frozenset({"group", "organization"})
_PRONOUNS = _FIRST | {"it", "they", "he", "she", "its", "their", "his", "her"}


def speaker_of(head: Token) -> Token | None:
    """Return who speaks: the subject, the agent of a passive, the "by" or "'s" of a noun."""
    before = [child for child in head.lefts if child.dep_ == "nsubj" and child.lower_ != "there"]
    subject = before[-1] if before else subject_of(head)
    if subject is not None and subject.dep_ == "nsubj":
        relative = subject.lower_ in {"who", "which", "that"} and head.dep_ == "acl:relcl"
        return head.head if relative else subject
    for child in head.children:
        if child.dep_ in {"obl:agent", "nmod:poss"} or (
            child.dep_ in {"obl", "nmod"} and has_child(child, "by")
        ):
            return child
    for child in head.lefts:
        if child.dep_ == "ccomp" and is_fronted(child, head):
            return subject_of(child)
    if head.dep_ in {"xcomp", "conj", "advcl"} and subject is None:
        return speaker_of(head.head)
    return None


def speaker_before(pronoun: Token) -> Token | None:
    """Return who spoke last in the two sentences before, if a pronoun may stand for them."""
    floor = pronoun.sent.start
    for _ in range(_REACH):
        floor = pronoun.doc[floor - 1].sent.start if floor else 0
    for verb in reversed(pronoun.doc[floor : pronoun.sent.start]):
        if verb.pos_ == "VERB" and lookup(verb, "clause") in SPEECH:
            speaker = speaker_of(verb)
            if speaker is not None and speaker.pos_ in NOMINAL:
                plural = speaker.tag_ in {"NNS", "NNPS"}
                return speaker if plural == (pronoun.lower_ == "they") else None
    return None


def mention_at(token: Token, mentions: Sequence[Mention]) -> Mention | None:
    """Return the mention that covers a token."""
    return next((m for m in mentions if m.start <= token.i < m.end), None)


def speaks_of_itself(trigger: Token) -> bool:
    """Tell whether the doer is a pronoun or "its forces": the speaker, that is."""
    own = _FIRST if is_quoted(trigger) else _PRONOUNS
    subject = subject_of(trigger)
    for node in (subject, trigger):
        if node is None:
            continue
        if node.lower_ in own:
            return True
        if any(c.dep_ == "nmod:poss" and c.lower_ in own for c in node.children):
            return True
    return False


def is_quoted(token: Token) -> bool:
    """Tell whether a word stands between the quotation marks of its sentence."""
    before = token.doc[token.sent.start : token.i]
    after = token.doc[token.i + 1 : token.sent.end]
    return any(one.is_quote for one in before) and any(one.is_quote for one in after)


def first_person(
    word: str, speaker: Mention, trigger: Token, mentions: Sequence[Mention]
) -> Mention | None:
    """Return whom "I" and "we" mean: who speaks, and the force that somebody speaks of or for.

    Args:
        word: the pronoun.
        speaker: who speaks.
        trigger: a word of what is said.
        mentions: what the text names.
    """
    if word.lower() == "i":
        return speaker if speaker.label == "person" else None
    if word.lower() not in {"our", "we"}:
        return None
    root = trigger.doc[speaker.start : speaker.end].root
    beside = [child for child in root.children if child.dep_ == "appos"]
    for noun in (root, *beside):
        for child in noun.children:
            force = mention_at(child, mentions)
            own = preposition(child) in {"for", "from", "of"} or child.dep_ == "nmod:poss"
            if own and force is not None and force.label in _FORCES:
                return force
    return None
