"""One step outwards: what a word says of the event that it governs."""

from __future__ import annotations

from spacy.tokens import Token

from workers.factuality.clauses import (
    has_child,
    has_dependent,
    is_definite,
    is_future,
    subject_of,
)
from workers.factuality.cues import SPEECH, cues

CLAUSAL = frozenset({"ccomp", "xcomp", "csubj", "csubj:pass", "csubj:outer", "parataxis"})
ADVERBIAL = frozenset({"advcl", "advcl:relcl", "dep"})
_GOVERNED_CASES = frozenset({"of", "for", "about", "on", "with", "to", "against", "from", "at"})
#: "won by shelling" is as sure as the clause; "did not wait, firing at once" escapes its negation
_OF_GERUND = {word: "happened" for word in ("by", "in", "through", "via")} | {
    word: "settled" for word in (None, "before", "while", "when")
}
#: "is believed to have left" tells what people say, "believes that" what somebody thinks
_HEARD = frozenset({"believe", "think", "understand"})
#: prepositions of what did not take place
_NOT_BUT = frozenset({"without", "instead", "rather"})
#: prepositions that date or ground a clause by an event, which is then taken for granted
_TEMPORAL_CASES = frozenset(
    {"after", "amid", "because", "before", "despite", "due", "during", "following", "since"}
)


def lookup(head: Token, form: str) -> str | None:
    """Return what a verb says of an event in this form, its particle included."""
    particle = next((c.lower_ for c in head.children if c.dep_ == "compound:prt"), None)
    table = cues().governors
    lemma = head.lemma_.lower()
    if particle is not None and f"{lemma}_{particle}" in table:
        lemma = f"{lemma}_{particle}"
    return table.get(lemma, {}).get(form)


def of_clause(  # noqa: C901, PLR0911 — a cascade, most specific first
    node: Token, base: str, head: Token, form: str
) -> str:
    """Return what a head says of a complement clause."""
    lists = cues()
    lemma = head.lemma_.lower()
    if form == "infinitive":
        before = next((c for c in node.children if c.tag_ == "TO"), node)
        if before.i > 0 and before.nbor(-1).lower_ == "yet":
            return "failed"
        if lemma == "go" and head.tag_ == "VBG":
            return "planned"
        if lemma == "have":
            return "happened" if head.tag_ == "VBD" else "planned"
    if lemma in {"stop", "fall"} and any(c.lower_ == "short" for c in head.children):
        return "failed"
    if lemma in _HEARD and has_child(node, "have") and has_dependent(head, "aux:pass"):
        return "reported"
    if has_dependent(head, "cop") or head.pos_ == "ADJ":
        subject = subject_of(head)
        about = subject.lemma_.lower() if subject is not None else ""
        effect = lists.adjectives.get(head.lower_) or lists.nouns.get(lemma)
        effect = effect or (lists.nouns.get(about) if base != "parataxis" else None)
        if effect is not None:
            return effect
    effect = lookup(head, form)
    if form == "clause" and base in {"ccomp", "csubj"} and effect not in SPEECH and _is_asked(node):
        return "presumed"
    if effect is not None:
        if base == "parataxis" and effect not in {*SPEECH, "denied", "possible"}:
            return "presumed"
        return effect
    if _is_quoted(node, head):
        return "reported"
    if base == "parataxis":
        return "presumed"
    subject = subject_of(head)
    if base == "ccomp" and subject is not None and form == "clause":
        # "speculation grew that ...", "news spread that ..."
        return lists.nouns.get(subject.lemma_.lower(), "happened")
    return "possible" if form == "infinitive" else "happened"


def _is_quoted(node: Token, head: Token) -> bool:
    """Tell '"Nobody has left," the minister snapped', whatever the verb."""
    first, last = sorted((node.i, head.i))
    return subject_of(head) is not None and any(
        token.is_quote or token.tag_ == "''" for token in head.doc[first:last]
    )


def _is_asked(node: Token) -> bool:
    """Tell "does not know who took the town": that somebody took it is taken for granted."""
    first = node.left_edge
    return first.tag_ in {"WP", "WRB", "WDT", "WP$"} and first.lower_ != "that"


def of_adverbial(  # noqa: PLR0911 — a cascade, as above
    node: Token, head: Token, form: str
) -> str:
    """Return what a head says of an adverbial clause, allowing for complements parsed as one."""
    marker = next((c.lower_ for c in node.children if c.dep_ == "mark" and c.tag_ != "TO"), None)
    adjective = cues().adjectives.get(head.lower_) if head.pos_ == "ADJ" else None
    if form == "gerund" and head.lemma_ == "come" and has_child(head, "close"):
        return "failed"
    if form == "infinitive":
        if head.lemma_ == "go" or has_child(node, "only"):
            # "took the town, only to lose it"
            return "happened"
        return adjective or lookup(head, form) or "purpose"
    if head.lower_ == "short" and head.head.lemma_.lower() in {"stop", "fall"}:
        return "failed"
    if form == "gerund" and marker in {"from", "of", "to", "at", "on", "about", "for", "into"}:
        if any(c.lower_ == "short" for c in head.children):
            return "failed"
        effect = adjective or lookup(head, form)
        if effect in {None, "happened"} and marker == "from" and _has_victim(head):
            # "disqualified her from running", whatever the verb
            return "failed"
        return effect or "settled"
    if marker == "that" and form == "clause":
        # "there was no sign on Monday that ...", "news spread that ..."
        subject = subject_of(head) or head
        told = [subject, *(child for child in head.children if child.dep_ == "nsubj")]
        return next((e for t in told if (e := cues().nouns.get(t.lemma_.lower()))), "presumed")
    if marker is None and form == "clause":
        effect = lookup(head, form)
        if effect in SPEECH:
            return effect
    if form == "gerund":
        return _OF_GERUND.get(marker, "presumed")
    return "presumed"


def _has_victim(verb: Token) -> bool:
    return any(child.dep_ in {"obj", "nsubj:pass"} for child in verb.children)


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


def of_noun(node: Token, base: str, head: Token) -> str:  # noqa: PLR0911 — a cascade, as above
    """Return what a head says of an event noun."""
    lists = cues()
    lemma = head.lemma_.lower()
    case = next((c.lower_ for c in node.children if c.dep_ == "case"), None)
    if base in {"nmod", "compound"}:
        if case in _NOT_BUT:
            return "failed"
        governed = case is None or case in _GOVERNED_CASES
        return (lists.nouns.get(lemma) if governed else None) or (
            "happened" if base == "compound" else _presumed(node)
        )
    if base == "nsubj" and "pass" not in node.dep_:
        return _of_subject(node, head)
    if base in {"obj", "nsubj", "obl", "iobj", "xcomp", "ccomp"}:
        if case in _NOT_BUT:
            return "failed"
        if case in {"until", "till"} or (case == "case" and lemma == "in"):
            return "possible"
        if case in _TEMPORAL_CASES:
            return "presumed"
        effect = lists.governors.get(f"{lemma}_{case}", {}).get("noun")
        if effect is not None:
            return effect
        if (case is None or case in _GOVERNED_CASES):
            effect = lookup(head, "noun")
        if effect is None and head.pos_ == "ADJ" and case is not None:
            effect = lists.adjectives.get(head.lower_)
        if effect is not None and not (case is not None and effect in SPEECH):
            return effect
        return "happened" if lemma in lists.sets["light"] else _presumed(node)
    return "happened" if base in {"root", "parataxis"} else "presumed"


def _presumed(noun: Token) -> str:
    """Return ``presumed`` of an event that its noun phrase takes for granted.

    "Will condemn the attack" presumes one, "will answer with an attack" does not: what a definite
    noun phrase names exists for the speaker, what an indefinite one names is only as sure as the
    clause that it stands in (Karttunen 1976, "Discourse referents").
    """
    return "presumed" if is_definite(noun) else "happened"


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
        return "failed"
    if lemma in lists.sets["occur"] or is_future(head):
        return "happened"
    return _presumed(noun)
