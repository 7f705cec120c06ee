"""How sure a text is that an event happened, and who says so.

The verdict is built from the event outwards. It starts as ``confirmed``; every word that governs
the event (a verb of saying, an "attempt", a "could") turns it into something less, until the root
of the sentence is reached or a presupposition is met: "condemned the capture" takes the capture
for granted, whatever becomes of the condemning. What each word does is data, in
``factuality.yaml``; how effects add up is :data:`COMPOSITION`. The idea of signatures (what a
verb says of its complement, under either polarity) is Nairn, Condoravdi and Karttunen (2006).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from monitor.records import Factuality
from workers.factuality.atword import conjunction, own_words
from workers.factuality.beside import beside, whole_sentence
from workers.factuality.clauses import (
    NOMINAL,
    form_of,
    has_child,
    is_definite,
    subject_of,
)
from workers.factuality.cues import OUTCOME, cues
from workers.factuality.governing import (
    ADVERBIAL,
    CLAUSAL,
    lookup,
    of_adverbial,
    of_clause,
    teller,
)
from workers.factuality.judgement import Judgement
from workers.factuality.nominal import of_noun, of_report
from workers.factuality.speakers import speaker_of
from workers.mentions import Mention
from workers.relativeclauses import is_content_clause
from workers.syntax import is_verbal

#: what belongs to a verb and says no more than it: "has", "down", "back"
_PARTS = frozenset({"aux", "cop", "advmod", "compound:prt", "fixed"})


#: what the parser makes of the rest of a clause without a verb
_HANGING = frozenset({"advmod", "obl", "xcomp"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a text presents an event.

    Attributes:
        factuality: the class.
        attribution: who says so, in the words of the text.
        attributed_to: the mention that these words are, when they are one.
        cues: the words that decided, from the event outwards, for ``--explain``.
    """

    factuality: Factuality
    attribution: str | None = None
    attributed_to: Mention | None = None
    cues: tuple[str, ...] = ()


def assess(
    trigger: Token,
    *,
    agent: Mention | None = None,
    patient: Mention | None = None,
    mentions: Sequence[Mention] = (),
    where: frozenset[str] = frozenset(),
) -> Verdict:
    """Judge how the text presents the event of a trigger.

    Args:
        trigger: the verb or noun that names the event, in a parsed document.
        agent: who did it; its own word makes the event ``claimed``.
        patient: to whom; likewise.
        mentions: of the document, to tell who an attribution names.
        where: ISO 3166 codes of the countries in which it may have happened; the word of their
            governments makes it ``claimed`` too.
    """
    parties = tuple(one for one in (agent, patient) if one is not None)
    event = Judgement(trigger, parties, mentions, where)
    own_words(event, trigger)
    node = trigger
    while True:
        beside(event, node)
        if node.head == node:
            break
        node = _ascend(event, node)
    whole_sentence(event)
    value = OUTCOME.get(event.value, event.value)
    return Verdict(
        Factuality(value), event.attribution, event.attributed_to, tuple(dict.fromkeys(event.cues))
    )


def _ascend(event: Judgement, node: Token) -> Token:
    """Apply what the head of a word says about it, then what stands there; return the head."""
    relation, head = node.dep_, node.head
    base = relation.split(":")[0]
    if base == "conj":
        head = _joined(node, head)
        if _shares(node, head):
            own_words(event, head, node)
        else:
            _hearsay(event, node, head)
            conjunction(event, head)
        return head
    verbless = _is_verbless(node, head)
    if base in _PARTS and not verbless:
        own_words(event, head, node)
        return head
    if base == "parataxis" and _has_semicolon(node, head):
        # "..., a monitor said; the town has not fallen": a sentence of its own
        event.apply("presumed", head)
        event.aside = True
        return head
    if base in {"parataxis", "ccomp"} and head.i < node.i and _has_colon(node, head):
        # "It is not: the army has left it": what the colon explains is not what was negated
        event.settled = True
    complement = is_content_clause(node)
    if (told := teller(node)) is not None:
        base, head, complement = "ccomp", told, True
    if (relation == "acl:relcl" and not complement) or base in {
        "appos",
        "vocative",
        "dislocated",
        "list",
    }:
        event.apply("presumed", head)
        event.aside = event.aside or (
            relation == "acl:relcl" and (_is_set_off(node) or _is_standing(node))
        )
        return head
    form = "clause" if verbless else form_of(node)
    base = "ccomp" if verbless else base
    if form == "gerund" and has_child(node, "from") and head.dep_ in {"obj", "obl"}:
        # "prevented the rebels from capturing", where the gerund hangs on the rebels
        base, head = "xcomp", head.head
    event.apply(_effect(event.trigger, node, base, head, form), head, speaker_of(head))
    if form == "noun" and any(has_child(node, word) for word in ("despite", "since")):
        # "stationed there since the truce, villagers said": known, whoever speaks
        event.aside = True
    own_words(event, head, node)
    return head


def _is_verbless(node: Token, head: Token) -> bool:
    """Tell what is said in "Army says troops back in control", a clause without a verb."""
    told = [child for child in head.rights if child.dep_ == "nsubj" and child.i < node.i]
    if not told or node.dep_ not in _HANGING or any(one.dep_ == "ccomp" for one in head.children):
        return False
    speaks = any(child.dep_ == "nsubj" for child in head.lefts)
    return speaks and lookup(head, "clause") in {"reported", "claimed"}


def _has_semicolon(node: Token, head: Token) -> bool:
    first, last = sorted((node.i, head.i))
    return any(token.text == ";" for token in node.doc[first:last])


def _has_colon(node: Token, head: Token) -> bool:
    return any(token.text == ":" for token in node.doc[head.i : node.i])


def _effect(trigger: Token, node: Token, base: str, head: Token, form: str) -> str:
    """Return what the head says of a word that stands under it in this form."""
    if form == "noun":
        told = of_report(node, base, head) if node != trigger else None
        return told or of_noun(node, base, head)
    if base == "acl":
        return _of_content(node, head, form)
    if base in CLAUSAL:
        return of_clause(node, base, head, form)
    if node.dep_ in ADVERBIAL or form == "infinitive":
        return of_adverbial(node, head, form)
    if base == "amod":
        return "presumed" if is_definite(head) else "settled"
    return of_noun(node, base, head) if form == "gerund" else "presumed"


def _of_content(node: Token, head: Token, form: str) -> str:
    """Return what a noun says of the clause that tells its content."""
    if head.lower_ == "nothing":
        return "retracted"
    if has_child(head, "within") and head.head.lemma_.lower() == "come":
        # "came within an hour of taking it"
        return "failed"
    effect = cues().nouns.get(head.lemma_.lower())
    teller = subject_of(head.head) if form == "clause" else None
    if effect is None and teller is not None:
        # "word spread through the camp that they had taken it", hung on the camp
        effect = cues().nouns.get(teller.lemma_.lower())
    bare = not any(child.dep_ in {"mark", "case"} for child in node.children)
    participle = node.tag_ == "VBN" and subject_of(node) is None and form != "infinitive"
    if bare and (form == "gerund" or participle):
        # "forces leading the attack", "the video taped in secret": a short relative clause
        return "presumed" if is_definite(head) else "settled"
    if form == "infinitive" and _is_singled_out(head):
        return "happened"
    if effect is None or (effect == "retracted" and form == "infinitive"):
        return "planned" if form == "infinitive" else "happened" if form == "gerund" else "presumed"
    return effect


def _is_singled_out(noun: Token) -> bool:
    """Tell "the first city to fall": there is one that did."""
    words = [noun, *noun.children]
    return any(one.tag_ == "JJS" or one.lower_ in {"first", "last", "only"} for one in words)


def _is_standing(clause: Token) -> bool:
    """Tell "the town that they have held since May": known, whoever is quoted around it."""
    return any(
        has_child(child, "since") for child in clause.children if child.dep_.startswith("obl")
    )


def _is_set_off(clause: Token) -> bool:
    """Tell ", which they had held since May," from "the town which they held"."""
    edge = clause.left_edge
    return edge.text == "," or (edge.i > 0 and edge.nbor(-1).text == ",")


def _joined(node: Token, head: Token) -> Token:
    """Return what a finite verb is joined to: "failed to hold it and fled" joins the finite ones."""
    while (
        node.tag_ in {"VBD", "VBZ"}
        and head.tag_ in {"VB", "VBG"}
        and subject_of(head) is None
        and head.dep_ in {"xcomp", "advcl", "acl"}
        and is_verbal(head.head)
    ):
        head = head.head
    return head


def _hearsay(event: Judgement, node: Token, head: Token) -> None:
    """Apply the adverb of "allegedly shot and killed him", which is of both verbs."""
    if node.tag_ != head.tag_ or subject_of(node) is not None:
        return
    for child in head.children:
        effect = cues().adverbs.get(child.lower_)
        if child.dep_ == "advmod" and child.i < head.i and effect in {"reported", "claimed"}:
            event.apply(effect, child)


def _shares(node: Token, head: Token) -> bool:
    """Tell whether a conjunct shares negation and modals with the first one."""
    if node.pos_ in NOMINAL:
        return False
    own = subject_of(node) is not None or any(c.dep_.startswith("aux") for c in node.children)
    return not own and node.tag_ == head.tag_ and node.tag_ in {"VB", "VBN", "VBG"}
