"""What a word of the parse is, and which words and phrases hang on it: the grammar of every rule.

Written for Universal Dependencies; ``workers.language`` gives nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from workers.words import word_lists

#: "Turkish-backed", with hyphens and the dashes that are printed for them
HYPHENS = frozenset("-\u2013\u2011")
#: adverbs whose phrase is that of the verb
_ONWARDS = frozenset({"back", "over", "closer", "nearer", "deeper", "deep", "further", "away"})
#: verbs and particles of leaving
_GOES = frozenset({"pulled", "pulling", "fell", "falling", "melted", "melting", "slipped", "faded"})
_GONE = frozenset({"away", "back", "out"})


def is_attribute(token: Token) -> bool:
    """Tell the held of "rebel-held Hama"."""
    return token.dep_ in {"amod", "compound"} and (
        token.nbor(-1).text in HYPHENS if token.i else False
    )


def is_verbal(token: Token) -> bool:
    """Tell a verb from its Penn tag."""
    return token.tag_.startswith("VB") or token.tag_ == "MD"


def is_nominal(token: Token) -> bool:
    """Tell a noun, name or pronoun from its Penn tag."""
    return token.tag_.startswith(("NN", "PRP", "CD", "DT"))


def is_perfect(verb: Token) -> bool:
    """Tell the present perfect: "have taken it", which lasts."""
    return any(child.lower_ in {"has", "have", "'ve"} for child in verb.children)


def has_auxiliary(verb: Token) -> bool:
    """Tell a verb with "has", "was", "will" from a bare one."""
    return bool(dependents(verb, "aux", "aux:pass"))


def is_departure(verb: Token) -> bool:
    """Tell "left", "pulled out" and "fell back"."""
    if verb.lemma_.lower() in word_lists()["departures"]:
        return True
    return verb.lower_ in _GOES and any(child.lower_ in _GONE for child in verb.children)


def is_planned(verb: Token) -> bool:
    """Tell "an attempt to take" and "the aim of taking" from "forces taking"."""
    return verb.dep_ == "acl" and any(
        child.tag_ == "TO" or (verb.tag_ == "VBG" and child.dep_ in {"mark", "case"})
        for child in verb.lefts
    )


def dependents(verb: Token, *labels: str) -> list[Token]:
    """Return the words that hang on a verb by one of some relations, in order."""
    return [child for child in verb.children if child.dep_ in labels]


def preposition(token: Token) -> str:
    """Return the words that introduce a phrase: ``"out of"``, ``"from"``, ``""``."""
    words = []
    for child in token.lefts:
        if child.dep_ == "case" and child.lower_ not in {"'s", "\u2019s", "'", "\u2019"}:
            words += [child.lower_, *(deep.lower_ for deep in child.rights if deep.dep_ == "fixed")]
    return " ".join(words)


def phrases(token: Token) -> Iterator[tuple[str, Token]]:
    """Yield (preposition, noun) for the prepositional phrases that hang on a word."""
    for child in token.children:
        dep = child.dep_
        if dep.startswith(("obl", "nmod")) and dep != "nmod:poss":
            yield preposition(child), child
        elif dep == "advmod" and child.lower_ in _ONWARDS:
            # "gave the base back to the army", "moved closer to Hama"
            yield from phrases(child)
        elif dep in {"advcl", "acl", "xcomp", "advmod"} and is_nominal(child):  # noqa: SIM102 — the name is bound only where it is asked for
            if words := preposition(child):
                yield words, child
