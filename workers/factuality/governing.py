"""One step outwards from a verb: what a word says of the clause that it governs."""

from __future__ import annotations

from spacy.tokens import Token

from workers.factuality.clauses import form_of, has_child, has_dependent, subject_of
from workers.factuality.cues import SPEECH, cues

CLAUSAL = frozenset({"ccomp", "xcomp", "csubj", "csubj:pass", "csubj:outer", "parataxis"})
ADVERBIAL = frozenset({"advcl", "advcl:relcl", "dep"})
#: "won by shelling" is as sure as the clause; "did not wait, firing at once" escapes its negation
_OF_GERUND = dict.fromkeys(("by", "in", "through", "via"), "happened") | dict.fromkeys(
    (None, "before", "while", "when"), "settled"
)
#: verbs of those who tell somebody something; what somebody is persuaded of need not be so
_TELLS = frozenset({"assure", "inform", "notify", "remind", "tell", "warn"})
_SPANS = frozenset({"day", "hour", "minute", "month", "week", "year"})
_GOVERNED_BY = frozenset({"from", "of", "to", "at", "on", "about", "for", "into"})
#: "is believed to have left" tells what people say, "believes that" what somebody thinks
_HEARD = frozenset({"believe", "think", "understand"})


def lookup(head: Token, form: str) -> str | None:
    """Return what a verb says of an event in this form, its particle included."""
    particle = next((c.lower_ for c in head.children if c.dep_ == "compound:prt"), None)
    table = cues().governors
    lemma = head.lemma_.lower()
    if particle is not None and f"{lemma}_{particle}" in table:
        lemma = f"{lemma}_{particle}"
    return table.get(lemma, {}).get(form)


def teller(node: Token) -> Token | None:
    """Return the "told" of "told the mission that they had left", where the parse gives it to the mission."""
    heard = node.dep_ in {"acl", "acl:relcl"} and node.head.dep_ in {"obj", "iobj"}
    told = heard and has_child(node, "that") and node.head.head.lemma_.lower() in _TELLS
    return node.head.head if told and form_of(node) == "clause" else None


def of_clause(node: Token, base: str, head: Token, form: str) -> str:
    """Return what a head says of a complement clause."""
    fronted = "presumed" if base == "ccomp" and is_fronted(node, head) else None
    effect = fronted or _of_construction(node, head, form) or _of_predicate(base, head)
    if effect is not None:
        return effect
    effect = lookup(head, form)
    if effect is None and base == "ccomp" and form == "clause":
        effect = _of_told_object(node, head)
    finite = form == "clause" and base in {"ccomp", "csubj"}
    if finite and effect not in SPEECH and _is_asked(node):
        return "presumed"
    if base == "parataxis":
        if effect in {*SPEECH, "denied", "possible"} and effect is not None:
            return effect
        return "reported" if effect is None and _is_quoted(node, head) else "presumed"
    if effect is None and _is_quoted(node, head):
        return "reported"
    subject = subject_of(head)
    if effect is None and base == "ccomp" and subject is not None and form == "clause":
        # "speculation grew that ...", "news spread that ..."
        effect = cues().nouns.get(subject.lemma_.lower())
    return effect or (
        "possible"
        if form == "infinitive" or (form == "gerund" and node.tag_ == "VBN")
        else "happened"
    )


def is_fronted(node: Token, head: Token) -> bool:
    """Tell "M23 enters Goma, says it holds the port", parsed as if the first were what it says."""
    alone = node.i < head.i and not any(child.dep_.startswith("nsubj") for child in head.children)
    return alone and any(child.dep_ == "ccomp" and child.i > head.i for child in head.children)


def _of_told_object(clause: Token, head: Token) -> str | None:
    """Return what becomes of a report: "withdrew its report that ...", hung on the verb."""
    for child in head.children:
        told = child.dep_ == "obj" and child.i < clause.i and cues().nouns.get(child.lemma_.lower())
        if told in {"reported", "claimed", "possible"}:
            return lookup(head, "report") or told
    return None


def _of_construction(node: Token, head: Token, form: str) -> str | None:
    """Return what constructions of several words say: "yet to", "going to", "stop short of"."""
    lemma = head.lemma_.lower()
    if form == "infinitive":
        before = next((c for c in node.children if c.tag_ == "TO"), node)
        if before.i > 0 and before.nbor(-1).lower_ == "yet":
            return "failed"
        if lemma == "go" and head.tag_ == "VBG":
            return "planned"
        if lemma == "have" or _took_time(head):
            # "still had to take it"
            return "happened" if head.tag_ == "VBD" and not has_child(head, "still") else "planned"
    if lemma in {"stop", "fall"} and has_child(head, "short"):
        return "failed"
    # "local media had it that"
    had_it = lemma == "have" and form == "clause" and has_child(head, "it")
    heard = lemma in _HEARD and has_child(node, "have") and has_dependent(head, "aux:pass")
    return "reported" if heard or had_it else None


def _took_time(verb: Token) -> bool:
    """Tell "needed less than a day to take it", "it took them a week to reach it"."""
    return (
        verb.lemma_.lower() in {"need", "take"}
        and verb.tag_ == "VBD"
        and any(child.lemma_.lower() in _SPANS for child in verb.rights if child.dep_ == "obj")
    )


def _of_predicate(base: str, head: Token) -> str | None:
    """Return what an adjective or a predicate noun says: "is likely to", "the fear is that"."""
    if head.pos_ != "ADJ" and not has_dependent(head, "cop"):
        return None
    lists = cues()
    effect = lists.adjectives.get(head.lower_) or lists.nouns.get(head.lemma_.lower())
    subject = subject_of(head)
    if effect is None and subject is not None and base != "parataxis":
        effect = lists.nouns.get(subject.lemma_.lower())
    return effect


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


def of_adverbial(node: Token, head: Token, form: str) -> str:
    """Return what a head says of an adverbial clause, allowing for complements parsed as one."""
    marker = next((c.lower_ for c in node.children if c.dep_ == "mark" and c.tag_ != "TO"), None)
    adjective = cues().adjectives.get(head.lower_) if head.pos_ == "ADJ" else None
    if form == "infinitive":
        # "took the town, only to lose it"
        resulted = (
            (head.lemma_ == "go" and has_child(head, "on"))
            or has_child(node, "only")
            or _took_time(head)
        )
        effect = "happened" if resulted else adjective or lookup(head, form) or "purpose"
        return (
            "purpose" if not resulted and effect == "happened" and _is_aim(node, head) else effect
        )
    if head.lower_ == "far" and marker == "from":
        return "failed"
    if head.head.lemma_.lower() in {"short": {"stop", "fall"}, "close": {"come"}}.get(
        head.lower_, ()
    ):
        return "failed"
    if form == "gerund":
        # "the plan involves the king stepping down"
        planned = marker is None and subject_of(node) and lookup(head, form) == "planned"
        return "planned" if planned else _of_gerund(marker, adjective, head)
    if marker == "that" and form == "clause":
        # "there was no sign on Monday that ...", "news spread that ..."
        subject = subject_of(head) or head
        told = [subject, *(child for child in head.children if child.dep_ == "nsubj")]
        said = (cues().nouns.get(noun.lemma_.lower()) for noun in told)
        return next(filter(None, said), "presumed")
    said_of_it = lookup(head, form) if marker is None else None
    return said_of_it if said_of_it in SPEECH and said_of_it is not None else "presumed"


def _is_aim(node: Token, head: Token) -> bool:
    """Tell "began an offensive to take it" and "came to the gate to seize it" from "began to take it"."""
    return head.lemma_.lower() in cues().sets["phases"] and any(
        child.dep_ in {"obj", "obl"} and head.i < child.i < node.i and child.ent_type_ != "DATE"
        for child in head.children
    )


def _of_gerund(marker: str | None, adjective: str | None, head: Token) -> str:
    """Return what a head says of a gerund behind a preposition."""
    if has_child(head, "short") or (head.lemma_ == "come" and has_child(head, "close")):
        return "failed"
    if marker == "before" and head.lemma_.lower() in cues().sets["breaks_off"]:
        return "possible"
    if marker not in _GOVERNED_BY:
        return _OF_GERUND.get(marker, "presumed")
    effect = adjective or lookup(head, "gerund")
    if effect in {None, "happened"} and marker == "from" and _has_victim(head):
        # "disqualified her from running", whatever the verb
        return "failed"
    return effect or "settled"


def _has_victim(verb: Token) -> bool:
    return any(child.dep_ in {"obj", "nsubj:pass"} for child in verb.children)
