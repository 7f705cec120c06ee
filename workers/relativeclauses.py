"""Clauses that hang on a noun: what their "who" and "which" mean, and which tell what the noun says."""

from __future__ import annotations

from spacy.tokens import Token

from workers.syntax import dependents

RELATIVIZERS = frozenset({"who", "which", "that", "whom", "whose", "where"})
#: nouns whose "that" opens what they tell, not a relative clause
_TELLING = frozenset(
    {
        "account",
        "allegation",
        "belief",
        "claim",
        "confirmation",
        "denial",
        "evidence",
        "fear",
        "hope",
        "indication",
        "news",
        "proof",
        "report",
        "rumor",
        "rumour",
        "sign",
        "speculation",
        "statement",
        "story",
        "suggestion",
        "theory",
        "truth",
        "warning",
        "word",
    }
)


def is_content_clause(verb: Token) -> bool:
    """Tell "rumours that he had died", which parsers take for a relative clause."""
    if not verb.dep_.startswith("acl"):
        return False
    that = next((child for child in verb.children if child.lower_ == "that"), None)
    if that is None:
        return _is_bare_content(verb)
    own = any(child != that for child in dependents(verb, "nsubj", "nsubj:pass", "expl"))
    # "word spread in camp that the rebels had taken it": what has its own object relates to nothing
    whole = own and any(child != that for child in dependents(verb, "obj"))
    return that.dep_ == "mark" or whole or (own and verb.head.lemma_.lower() in _TELLING)


def _is_bare_content(verb: Token) -> bool:
    """Tell "claims it had shelled the town", where nothing is left out, from "claims it made"."""
    if verb.head.lemma_.lower() not in _TELLING or verb.tag_ == "VBG":
        return False
    if any(child.lower_ in RELATIVIZERS for child in verb.children):
        return False
    acts = bool(dependents(verb, "nsubj")) and bool(dependents(verb, "obj"))
    return acts or bool(dependents(verb, "nsubj:pass"))


def antecedent(token: Token, verb: Token) -> Token:
    """Return the noun that a "who" or "which" stands for; any other word stands for itself."""
    if token.lower_ in RELATIVIZERS:
        clause = verb
        while clause.dep_ == "conj":
            clause = clause.head
        if clause.dep_.startswith("acl") or (clause.head != clause and _is_cleft(clause.head)):
            return _agreeing(_affirmed(clause.head), verb)
        if token.lower_ in {"which", "who", "whom"} and (before := _noun_before(token)):
            return before
    return token


def _affirmed(noun: Token) -> Token:
    """Return the Front of "it is the Front, not the army, that": what is set against it is not meant."""
    negated = any(child.lower_ == "not" and child.i < noun.i for child in noun.children)
    return noun.head if negated and noun.dep_ in {"appos", "conj"} else noun


def _agreeing(noun: Token, verb: Token) -> Token:
    """Return the fighters of "the fighters of Okoro, who hold the town": a plural verb, a plural noun."""
    above = noun.head
    plural = verb.tag_ == "VBP" and above.tag_ in {"NNS", "NNPS"}
    return above if plural and noun.tag_ == "NNP" and noun.dep_ == "nmod" else noun


def _noun_before(relative: Token) -> Token | None:
    """Return the noun of "from Hama, which they then occupied", parsed as two clauses."""
    index = relative.i - 1
    if index > relative.sent.start and relative.doc[index].text == ",":
        index -= 1
    noun = relative.doc[index]
    return noun if index >= relative.sent.start and noun.tag_.startswith("NN") else None


def _is_cleft(noun: Token) -> bool:
    """Tell the Front of "it is the Front, not the army, that holds the town"."""
    words = {child.lower_ for child in noun.children if child.dep_ in {"nsubj", "cop"}}
    return "it" in words and len(words) > 1 and noun.tag_.startswith("NN")


def possessed(verb: Token, subjects: list[Token]) -> list[Token]:
    """Return the port of "the town, whose port the rebels hold": no object is the town itself."""
    whose = next((one for one in verb.subtree if one.lower_ == "whose"), None)
    if whose is None or whose.i > verb.i:
        return []
    return [] if whose.head in subjects else [whose.head]
