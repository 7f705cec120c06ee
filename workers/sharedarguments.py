"""Who does what a verb without a subject says: that of another verb, as English grammar shares it.

"Rebels captured and looted Hama", "the army ordered them to leave", "a bid to take the town".
"""

from __future__ import annotations

from spacy.tokens import Token

from workers.relativeclauses import antecedent
from workers.syntax import dependents, has_auxiliary, is_planned, is_verbal, phrases, preposition
from workers.words import word_lists

#: what opens a clause as well as a phrase
_OPENERS = frozenset({"after", "before", "since", "until"})
#: verbs with whose phrase it is the same as with an object: "called on the militia to leave"
_PHRASE_CONTROL = {
    "appeal": ("to", "for"),
    "call": ("on", "upon", "for", "to"),
    "count": ("on",),
    "hope": ("for",),
    "plead": ("with",),
    "prevail": ("on", "upon"),
    "rely": ("on",),
    "signal": ("to",),
    "wait": ("for",),
}


def inherited_subject(verb: Token, depth: int) -> tuple[list[Token], bool]:  # noqa: PLR0911 — one construction a return
    """Return the subject a verb shares with another, and whether both are passive."""
    dep, head = verb.dep_, verb.head
    if not depth or head == verb:
        return [], False
    if own := _taken_for_phrase(verb, head):
        return own, False
    if dep == "conj" and (is_verbal(head) or dependents(head, "cop")):
        passive = dependents(head, "nsubj:pass")
        if (
            passive
            and verb.tag_ == "VBN"
            and not dependents(verb, "aux")
            and not dependents(verb, "obj")
        ):
            return [antecedent(token, head) for token in passive], True
        return _subject(head, depth), False
    if dep == "conj" and head.dep_ in {"acl", "acl:relcl"}:
        return [head.head], False
    if dep == "acl" and is_planned(verb):
        return _planners(verb, depth), False
    if dep in {"xcomp", "advcl", "ccomp", "parataxis", "dep"}:
        if dep in {"xcomp", "advcl"} and (controlled := _controllers(verb, head)):
            return controlled, False
        if dep in {"xcomp", "ccomp"} or verb.tag_ in {"VBG", "VBN", "VB"}:
            bare = dep == "advcl" and verb.tag_ == "VBN" and not has_auxiliary(verb)
            return _subject(head, depth), bare
    return [], False


def _taken_for_phrase(verb: Token, head: Token) -> list[Token]:
    """Return the marines of "held it until marines who had landed retook it", parsed as a phrase."""
    if verb.tag_ == "VBG" or any(child.dep_ in {"aux", "mark"} for child in verb.lefts):
        return []
    return [
        noun
        for case, noun in phrases(head)
        if case in _OPENERS and noun.tag_ in {"NNS", "NNPS"} and noun.right_edge.i == verb.i - 1
    ]


def _controllers(verb: Token, head: Token) -> list[Token]:
    """Return who is told, forced or awaited to do what a verb says."""
    objects = [child for child in dependents(head, "obj", "iobj") if child.i < verb.i]
    if verb.dep_ == "xcomp" and objects:
        return objects if head.lemma_.lower() in word_lists()["object_control"] else []
    words = _PHRASE_CONTROL.get(head.lemma_.lower(), ())
    if objects and verb.tag_ == "VBG" and any(child.lower_ == "from" for child in verb.lefts):
        # "prevented the crowd from storming"
        return objects
    if verb.tag_ == "VBG" and any(child.lower_ == "for" for child in verb.lefts):
        # "condemned Iraq for invading"
        judged = head.lemma_.lower() in word_lists()["judging"]
        return objects if judged else []
    infinitive = any(child.tag_ == "TO" for child in verb.lefts)
    return [
        noun for case, noun in phrases(head) if infinitive and case in words and noun.i < verb.i
    ]


def _planners(verb: Token, depth: int) -> list[Token]:
    """Return who does what a noun plans: "the army's bid to", "no intention of", "an order to"."""
    noun = verb.head
    whose = dependents(noun, "nmod:poss")
    told = [other for case, other in phrases(noun) if case in {"by", "for", "to", "from"}]
    if noun.lemma_.lower() in word_lists()["addressed"]:
        return [other for other in told if preposition(other) in {"for", "to"} and other.i < verb.i]
    by = [other for other in told if preposition(other) != "to" and other.i < verb.i]
    if by or whose:
        return by or whose
    if said_of := dependents(noun, "nsubj"):
        # "are on the verge of taking"
        return said_of
    above = noun.head
    if noun.dep_ == "obl" and noun.lemma_.lower() in word_lists()["requitals"]:
        # "ordered sanctions as punishment for invading"
        return []
    if noun.dep_ in {"obj", "obl"} and is_verbal(above):
        return _subject(above, depth - 1)
    return []


def _subject(verb: Token, depth: int) -> list[Token]:
    own = [token for token in dependents(verb, "nsubj", "nsubj:pass") if not is_time(token)]
    if own:
        return [antecedent(token, verb) for token in own]
    if verb.dep_ in {"acl", "acl:relcl"} and not is_planned(verb):
        return [verb.head]
    if verb.dep_ == "advmod":
        # "far from taking it, the army", hung on "far"
        return _subject(verb.head, depth - 1) if depth else []
    return inherited_subject(verb, depth - 1)[0]


def is_time(token: Token) -> bool:
    """Tell "by dusk held the port", where the parser takes the dusk for who held it."""
    return preposition(token) in {"by", "in", "at", "on", "within", "before", "after"}


def shared_object(verb: Token) -> list[Token]:
    """Return the object of the other verb in "captured and looted Hama"."""
    if verb.dep_ == "conj" and is_verbal(verb.head):
        return [noun for noun in dependents(verb.head, "obj") if noun.i > verb.i]
    for child in verb.children:
        if child.dep_ == "conj" and is_verbal(child) and child.i - verb.i <= 3:  # noqa: PLR2004 — "and then"
            return dependents(child, "obj")
    return []
