"""What stands at a word itself: negation, modals, adverbs, conjunctions."""

from __future__ import annotations

from spacy.tokens import Token

from workers.factuality.clauses import (
    NOMINAL,
    form_of,
    has_child,
    is_future,
    subject_of,
)
from workers.factuality.cues import SPEECH, cues
from workers.factuality.governing import (
    lookup,
    teller,
)
from workers.factuality.judgement import Judgement
from workers.factuality.speakers import speaker_of

_AGAINST = frozenset({"denied", "failed", "retracted"})
_OPEN_PAST = frozenset({"before", "until", "till", "when", "once", "as", "after"})
_UNREAL = frozenset({"would", "could", "might", "'d"})
#: where an infinitive has no governor
_MAIN = frozenset({"ROOT", "conj", "parataxis", "ccomp", "acl:relcl"})
#: what may stand before the verb of a command: "Please, do ..." and adverbs
_OPENERS = frozenset({"advmod", "discourse", "vocative", "cc"})
#: "no army", "neither the army nor the rebels"
_NEGATES_NOUN = frozenset({"det", "cc", "cc:preconj"})
#: auxiliaries that open a condition
_INVERTED = frozenset({"had", "should", "were"})
#: "makes no secret of training them": it does
_CERTAIN = frozenset({"doubt", "secret", "surprise", "wonder"})
_EMPTY_SUBJECTS = frozenset({"none", "nobody", "nothing", "neither", "no"})


def own_words(  # noqa: C901 — one flat table of what can stand at a word
    event: Judgement, node: Token, below: Token | None = None
) -> None:
    """Apply what stands directly at a word of the chain, save what stands at the word below."""
    if event.presumed:
        return
    lists = cues()
    _auxiliaries(event, node, below)
    for child in node.children:
        word = child.lower_
        if child.dep_ in {"advmod", "discourse"} and word in lists.adverbs:
            effect = lists.adverbs[word]
            told = effect != "retracted" or below is not None
            if effect != "negated" and told:
                event.apply(effect, child)
        elif child.tag_ == "VBD" and child.dep_ == "amod" and node.pos_ in NOMINAL:
            # "The army rejected reports that ...", read as reports that were rejected
            turned = lookup(child, "report") or lookup(child, "noun")
            if turned in _AGAINST:
                event.apply(turned, child, speaker_of(child) or speaker_of(node))
        elif child.dep_ in {"amod", "compound", "advmod"} and node.pos_ in NOMINAL:
            tried = below is None and node.lemma_.lower() in lists.sets["tries"]
            if word in lists.modifiers and not (tried and word in lists.sets["unlucky"]):
                event.apply(lists.modifiers[word], child)
            elif word in {"few", "little"} and not has_child(node, "a"):
                event.apply("possible", child)
        elif child.dep_ == "det" and word == "any":
            event.apply("possible", child)
    parallel = node.dep_ == "conj" and form_of(node.head) == "infinitive"
    if node.dep_ in _MAIN and form_of(node) == "infinitive" and not parallel:
        # "Rebels to attack", "the army is to leave", "was to have left", "has yet to leave"
        yet, perfect = has_child(node, "yet"), has_child(node, "have")
        event.apply("failed" if yet or perfect else "planned", "yet to" if yet else "to")
    if _is_command(node) or _is_subjunctive(node):
        event.apply("wanted", node)
    _told_amiss(event, node, below)
    _around_clause(event, node)
    conjunction(event, node)


def _told_amiss(event: Judgement, node: Token, below: Token | None) -> None:
    """Apply "reported in error", "said by mistake"."""
    for word in node.children if below is not None else ():
        fits = word.dep_ == "obl" and word.lower_ in cues().sets["amiss"]
        if fits and (has_child(word, "in") or has_child(word, "by")):
            event.apply("retracted", word)


def _around_clause(event: Judgement, node: Token) -> None:
    """Apply what became of an attempt, and the noun of which a clause is the content."""
    if event.value == "attempted" and (outcome := _outcome(node)) is not None:
        event.apply("failed", outcome)
    if node.dep_ == "ROOT" and has_child(node, "that") and (what := _predicated(node)) is not None:
        event.apply(cues().nouns[what.lemma_.lower()], what)


def _outcome(verb: Token) -> Token | None:
    """Return what became of an attempt: "tried to enter and was beaten back"."""
    for child in verb.children:
        particles = [deep.lower_ for deep in child.children if deep.lower_ in {"back", "off"}]
        words = {"_".join([child.lemma_.lower(), *particles]), child.lemma_.lower()}
        passive = any(deep.dep_ == "aux:pass" for deep in child.children)
        if child.dep_ == "conj" and passive and words & cues().sets["beaten"]:
            return child
    return None


def _predicated(verb: Token) -> Token | None:
    """Return the nightmare of "The nightmare is that the town falls", parsed as two subjects."""
    if not any(child.dep_ == "cop" for child in verb.children):
        return None
    subjects = [child for child in verb.lefts if child.dep_.startswith("nsubj")]
    told = [one for one in subjects[:-1] if one.lemma_.lower() in cues().nouns]
    return told[0] if told else None


def _auxiliaries(event: Judgement, node: Token, below: Token | None) -> None:
    """Apply the negation and the modal of a word."""
    lists = cues()
    words = {child.lower_ for child in node.children if child.dep_ in {"aux", "aux:pass"}}
    modal = next((word for word in lists.modals if word in words), None)
    if modal in {"'d", "need"} and "had" in words:
        modal = None
    negation = _negation(node, below)
    if modal in _UNREAL and _is_counterfactual(node):
        # "would have fallen if ...": it did not; "would never have fallen if ...": it did
        if negation is None:
            event.apply("failed", modal)
        return
    if negation is not None:
        hard = modal is None or modal in lists.sets["deniable"]
        unproven = node.lemma_.lower() in lists.sets["proof"] and below is not None
        refused = modal is not None
        effect = "retracted" if unproven else "failed" if refused else "negated"
        event.apply(effect if hard else "possible", negation)
    if modal is not None and (negation is None or modal not in lists.sets["deniable"]):
        event.apply(_modal_effect(event, node, modal), modal)


def _is_counterfactual(verb: Token) -> bool:
    """Tell "would have" with the condition that was not met."""
    if not any(child.lower_ == "have" and child.dep_ == "aux" for child in verb.children):
        return False
    return any(
        (child.dep_ == "advcl" and (_inverted(child) or _is_unmet(child)))
        or (child.dep_ == "obl" and has_child(child, "without"))
        or child.lower_ == "otherwise"
        for child in verb.children
    )


def _is_unmet(verb: Token) -> bool:
    """Tell "if they had held it" and "had they held it"."""
    return has_child(verb, "had") and (has_child(verb, "if") or _inverted(verb))


def _is_command(verb: Token) -> bool:
    """Tell "Free the hostages now": a bare verb on its own that opens its sentence."""
    if verb.tag_ != "VB" or verb.dep_ not in {"ROOT", "ccomp", "parataxis"}:
        return False
    if subject_of(verb) is not None or any(
        child.dep_ in {"aux", "aux:pass", "mark"} for child in verb.children
    ):
        return False
    before = verb.doc[verb.sent.start : verb.i]
    return not any(token.is_alpha and token.dep_ not in _OPENERS for token in before)


def _is_subjunctive(verb: Token) -> bool:
    """Tell "that it be handed over", "that the army leave": what somebody wants."""
    if not any(child.dep_ == "mark" and child.lower_ == "that" for child in verb.children):
        return False
    auxiliaries = [child for child in verb.children if child.dep_.startswith("aux")]
    if auxiliaries:
        return auxiliaries[0].tag_ == "VB" and auxiliaries[0].lower_ == "be"
    subject = subject_of(verb)
    # a tagger may take "the army leave" for a present tense, which it cannot be
    bare = verb.tag_ == "VB" or (
        verb.tag_ == "VBP" and subject is not None and subject.tag_ in {"NN", "NNP"}
    )
    return bare and subject is not None and subject.tag_ in {"NN", "NNP", "PRP"}


def _negation(node: Token, below: Token | None) -> Token | None:
    """Return the word that negates a verb or noun, or None."""
    words = cues().adverbs
    # "at no point did they", "is no longer wholly theirs"
    deeper = [
        deep
        for child in node.children
        if child.dep_ == "aux" or (child.dep_ == "advmod" and child.i < node.i)
        for deep in child.children
    ]
    for child in (*node.children, *deeper):
        if child.dep_ in {"advmod", "det", "cc", "cc:preconj"} and (
            words.get(child.lower_) == "negated"
            or child.lower_ == "n\N{RIGHT SINGLE QUOTATION MARK}t"
        ):
            after = child.nbor().lower_ if child.i + 1 < len(child.doc) else ""
            few = child.lower_ in {"hardly", "scarcely"} and after in {"a", "an", "any"}
            if after not in {"only", "just", "merely", "least"} | _CERTAIN and not few:
                return child
        if child.dep_ == "advmod" and child.lower_ == "longer" and has_child(child, "no"):
            return child
        if (
            (child.dep_ in {"nsubj", "nsubj:pass", "obj"} or _is_fronted(child, node))
            and node.pos_ not in NOMINAL
            and child != below
        ):
            if child.lower_ in _EMPTY_SUBJECTS:
                return child
            for part in child.children:
                no = part.lower_ in {"no", "neither"} and child.lemma_.lower() not in _CERTAIN
                if part.dep_ in _NEGATES_NOUN and no:
                    return part
    return None


def _is_fronted(phrase: Token, node: Token) -> bool:
    """Tell "at no point did they", where the auxiliary stands before the subject."""
    subject = subject_of(node)
    return phrase.dep_ == "obl" and subject is not None and phrase.i < subject.i


def conjunction(event: Judgement, node: Token) -> None:
    """Apply the conjunction that opens the clause of a verb."""
    for child in node.children:
        word = child.lower_
        if child.dep_ == "cc" and word == "let" and has_child(child, "alone"):
            event.apply("failed", "let alone")
        rather = child.dep_ == "cc" and word == "rather"
        if child.i > node.i or not (rather or child.dep_ in {"mark", "advmod", "case", "aux"}):
            continue
        effect = cues().markers.get(word) if rather or child.dep_ in {"mark", "case"} else None
        present = node.tag_ in {"VBZ", "VBP", "VB"}
        if effect == "possible" and word in {"until", "till", "once"} and not present:
            # "held it until the others came", but "will not leave until they have come"
            awaited = is_future(node.head) or _negation(node.head, node) is not None
            effect = effect if awaited and word != "once" else None
        if word == "so" or (word == "as" and child.nbor().lower_ in {"if", "though"}):
            effect = "possible" if word == "as" else None
        if word in _OPEN_PAST and present and effect is None and node.dep_.startswith("advcl"):
            effect = "possible" if word == "before" or is_future(node.head) else None
        unmet = word == "if" and _is_unmet(node) and _is_unreal(node.head)
        if effect in {"instead", "failed"} or unmet:
            event.apply("failed", child)
        elif effect is not None:
            event.apply(effect, child)
    if node.dep_ == "advcl" and _inverted(node):
        event.apply("failed" if _is_unreal(node.head) else "possible", "inversion")


def _is_unreal(verb: Token) -> bool:
    words = {child.lower_ for child in verb.children if child.dep_ == "aux"}
    return "have" in words and bool(words & _UNREAL)


def _inverted(node: Token) -> bool:
    """Tell "had they captured it, ..." by an auxiliary that stands before its subject."""
    edge = node.left_edge
    if edge.lower_ in _INVERTED and edge.head == node and edge.dep_.startswith("aux"):
        return True
    first = next((child for child in node.children if child.dep_.startswith("aux")), None)
    subject = subject_of(node)
    return (
        first is not None
        and subject is not None
        and first.i < subject.i
        and first.lower_ in _INVERTED
    )


def _modal_effect(event: Judgement, node: Token, modal: str) -> str:
    """Return what a modal says: "would" after "said" is a future, under "if" nothing is sure."""
    if _is_conditional(node) or (modal == "should" and _is_condition(node)):
        return "possible"
    if modal in {"would", "'d"}:
        perfect = any(child.lower_ == "have" for child in node.children)
        told = (
            node.dep_ == "ccomp" and lookup(node.head, "clause") in {*SPEECH, "planned"}
        ) or teller(node) is not None
        if not perfect and (told or event.value == "planned"):
            return "planned"
    return cues().modals[modal]


def _is_condition(node: Token) -> bool:
    """Tell "Should the town fall, ...", however its subject was parsed."""
    return node.dep_ == "advcl" and node.left_edge.lower_ == "should"


def _is_conditional(node: Token) -> bool:
    """Tell "the town will fall unless help comes"."""
    return any(
        part.dep_ == "mark" and part.lower_ in {"if", "unless"}
        for child in node.children
        if child.dep_ == "advcl"
        for part in child.children
    )
