"""One step outwards from a noun: what a word says of the event that the noun names."""

from __future__ import annotations

from spacy.tokens import Token

from workers.factuality.clauses import has_child, has_dependent, is_definite, is_future
from workers.factuality.cues import SPEECH, cues
from workers.factuality.governing import lookup

_GOVERNED_CASES = frozenset({"of", "for", "about", "on", "with", "to", "against", "from", "at"})
#: prepositions of what did not take place
_NOT_BUT = frozenset({"without", "instead", "rather"})
#: prepositions that date or ground a clause by an event, which is then taken for granted
_TEMPORAL_CASES = frozenset(
    {"after", "amid", "because", "before", "despite", "due", "during", "following", "since"}
)

#: prepositions of the state that something is in or comes to
_INTO = frozenset({"in", "into", "to", "under", "within"})
#: "under a truce" grounds a clause too, "under siege" does not
_ACCORDS = frozenset({"accord", "agreement", "ceasefire", "deal", "pact", "truce"})


def of_report(node: Token, base: str, head: Token) -> str | None:
    """Return what becomes of a report, a rumour or a claim that tells the event, if that is said.

    "Newspaper withdraws report that ...", "Rumours that ... turned out to be false".
    """
    if cues().nouns.get(node.lemma_.lower()) not in {"reported", "claimed", "possible"}:
        return None
    if base == "nsubj":
        told = {head.lower_, *(c.lower_ for c in head.children if c.dep_ == "xcomp")}
        if told & cues().sets["untrue"]:
            return "retracted"
    return lookup(head, "report")


def of_noun(node: Token, base: str, head: Token) -> str:
    """Return what a head says of an event noun."""
    case = next((c.lower_ for c in node.children if c.dep_ == "case"), None)
    if base in {"nmod", "compound", "obj", "nsubj", "obl", "iobj", "xcomp", "ccomp"}:
        if case in _NOT_BUT:
            return "failed"
        if base == "nsubj" and "pass" not in node.dep_:
            return _of_subject(node, head)
        if base in {"nmod", "compound"}:
            return _of_attribute(node, base, case, head)
        return _of_object(node, case, head)
    return "happened" if base in {"root", "parataxis"} else "presumed"


def _of_attribute(noun: Token, base: str, case: str | None, head: Token) -> str:
    """Return what a noun says of the event noun that hangs on it: "fears of a siege"."""
    lemma = head.lemma_.lower()
    # "news of the capture" is of a fact, "reports of it" need not be; "no end to the siege": it goes on
    lasts = lemma in cues().sets["pauses"] and has_child(head, "no")
    if (case == "of" and lemma == "news") or (case in _GOVERNED_CASES | {"in"} and lasts):
        return "presumed"
    told = case is None or case in _GOVERNED_CASES
    effect = cues().nouns.get(lemma) if told else None
    return effect or ("happened" if base == "compound" else _presumed(noun))


def _of_object(noun: Token, case: str | None, head: Token) -> str:
    """Return what a verb or adjective says of the event noun that it governs."""
    lists = cues()
    lemma = head.lemma_.lower()
    if case in {"until", "till"} or (case == "case" and lemma == "in"):
        return "possible"
    if case in _TEMPORAL_CASES or (case == "under" and noun.lemma_.lower() in _ACCORDS):
        return "presumed"
    effect = lists.governors.get(f"{lemma}_{case}", {}).get("noun")
    if effect is not None:
        return effect
    if case is None or case in _GOVERNED_CASES:
        effect = lookup(head, "noun")
    if effect is None and head.pos_ == "ADJ" and case is not None:
        effect = lists.adjectives.get(head.lower_)
    if effect is not None and not (case is not None and effect in SPEECH):
        return effect
    return "happened" if lemma in lists.sets["light"] else _presumed(noun)


def _presumed(noun: Token) -> str:
    """Return ``presumed`` of an event that its noun phrase takes for granted.

    "Will condemn the attack" presumes one, "will answer with an attack" does not: what a definite
    noun phrase names exists for the speaker, what an indefinite one names is only as sure as the
    clause that it stands in (Karttunen 1976, "Discourse referents").
    "In the hands of" and "under the control of" name no thing: they are as sure as their clause.
    """
    state = noun.lemma_.lower() in cues().sets["states"] and any(
        child.dep_ == "case" and child.lower_ in _INTO for child in noun.children
    )
    return "presumed" if is_definite(noun) and not state else "happened"


def _of_subject(noun: Token, head: Token) -> str:
    """Return what a predicate says of the event noun that is its subject."""
    lists = cues()
    lemma = head.lemma_.lower()
    if head.pos_ == "ADJ":
        return lists.adjectives.get(head.lower_) or lists.modifiers.get(head.lower_) or "presumed"
    seen = next((c for c in head.children if c.dep_ == "xcomp" and c.pos_ == "ADJ"), None)
    if seen is not None and head.tag_ != "VBD" and (effect := lists.modifiers.get(seen.lower_)):
        return effect
    if lemma in {"loom", "threaten", "near"} and not has_dependent(head, "obj"):
        return "possible"
    if lemma == "fail":
        return "presumed" if noun.lemma_.lower() in lists.sets["tries"] else "failed"
    ahead = is_future(head) and not any(has_child(head, word) for word in ("not", "n't", "never"))
    if lemma in lists.sets["occur"] or ahead:
        return "happened"
    return _presumed(noun)
