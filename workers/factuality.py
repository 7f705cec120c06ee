"""How sure a text is that an event happened, and who says so.

The verdict is built from the event outwards. It starts as ``confirmed``; every word that governs
the event (a verb of saying, an "attempt", a "could") turns it into something less, until the root
of the sentence is reached or a presupposition is met: "condemned the capture" takes the capture
for granted, whatever becomes of the condemning. What each word does is data, in
``factuality.yaml``; how effects add up is :data:`COMPOSITION`. The idea of signatures (what a
verb says of its complement, under either polarity) is Nairn, Condoravdi and Karttunen (2006).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from spacy.tokens import Token

from monitor.records import Factuality
from workers.syntax import is_content_clause

if TYPE_CHECKING:
    from workers.mentions import Mention

CUES = Path(__file__).with_name("factuality.yaml")

#: what an effect makes of the verdict so far. ``attempted`` is possible as long as nobody denies
#: it: "tried to capture" is open, "did not try to capture" is not. Absent pairs change nothing.
COMPOSITION: dict[str, dict[str, str]] = {
    "negated": {
        "confirmed": "negated",
        "reported": "possible",
        "claimed": "possible",
        "attempted": "negated",
        "planned": "negated",
        "denied": "possible",
        "negated": "confirmed",
    },
    "failed": {
        "confirmed": "negated",
        "reported": "negated",
        "claimed": "negated",
        "possible": "negated",
        "attempted": "negated",
        "planned": "negated",
        "denied": "possible",
        "negated": "confirmed",
    },
    "denied": {
        "confirmed": "denied",
        "reported": "denied",
        "claimed": "denied",
        "possible": "denied",
        "attempted": "denied",
        "planned": "denied",
        "denied": "possible",
        "negated": "claimed",
    },
    "retracted": {
        "confirmed": "denied",
        "reported": "denied",
        "claimed": "denied",
        "possible": "denied",
        "attempted": "denied",
        "planned": "denied",
        "denied": "possible",
        "negated": "possible",
    },
    "planned": {
        "confirmed": "planned",
        "reported": "planned",
        "claimed": "planned",
        "attempted": "planned",
    },
    "attempted": {"confirmed": "attempted", "reported": "possible", "claimed": "possible"},
    "possible": {
        "confirmed": "possible",
        "reported": "possible",
        "claimed": "possible",
        "attempted": "possible",
        "planned": "possible",
    },
    "claimed": {"confirmed": "claimed", "reported": "claimed"},
    "reported": {"confirmed": "reported"},
    "admitted": {"confirmed": "reported"},
}
#: attribution of a denial whose speaker the text leaves out
UNNAMED = "unnamed"
#: effects that name a speaker; only these reach an event through a presupposition
SPEECH = frozenset({"reported", "claimed", "admitted"})

_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj", "expl"})
_NOMINAL = frozenset({"NOUN", "PROPN"})
_CLAUSAL = frozenset({"ccomp", "xcomp", "csubj", "csubj:pass", "csubj:outer", "parataxis"})
_ADVERBIAL = frozenset({"advcl", "advcl:relcl", "dep"})
_GOVERNED_CASES = frozenset({"of", "for", "about", "on", "with", "to", "against", "from", "at"})
_PRONOUNS = frozenset({"it", "they", "we", "he", "she", "i", "its", "their", "our", "his", "her"})
_OPEN_PAST = frozenset({"before", "until", "till", "when", "once", "as", "after"})
_WH = frozenset({"why", "how", "who", "what", "when", "where", "which", "whose"})
_ASKING = frozenset({"have", "be", "do", "will", "can", "could", "would", "may", "might", "should"})
_AGAINST = frozenset({"denied", "failed", "retracted"})
_EMPTY_SUBJECTS = frozenset({"none", "nobody", "nothing", "neither", "no"})


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


@dataclass(frozen=True, slots=True)
class Cues:
    """The cue lists of ``factuality.yaml``; see there."""

    governors: dict[str, dict[str, str]]
    nouns: dict[str, str]
    adjectives: dict[str, str]
    modifiers: dict[str, str]
    adverbs: dict[str, str]
    modals: dict[str, str]
    markers: dict[str, str]
    sets: dict[str, frozenset[str]]


@cache
def cues() -> Cues:
    """Return the cue lists, read once."""
    data = YAML(typ="safe").load(CUES)

    def invert(name: str) -> dict[str, str]:
        return {word: effect for effect, words in data[name].items() for word in words}

    return Cues(
        governors={
            lemma: {form: group[form] for form in FORMS if form in group}
            for group in data["governors"]
            for lemma in group["lemmas"]
        },
        nouns=invert("nouns"),
        adjectives=invert("adjectives"),
        modifiers=invert("modifiers"),
        adverbs=invert("adverbs"),
        modals=data["modals"],
        markers=invert("markers"),
        sets={
            name: frozenset(data[name])
            for name in _SETS
        }
        | {"fiction_verbs": frozenset(data["fiction_verbs"])},
    )


#: the shapes in which a governor takes its event
FORMS = ("clause", "infinitive", "gerund", "noun", "report")
_SETS = (
    "deniable",
    "light",
    "parties",
    "thirds",
    "no_source",
    "fiction",
    "hearsay",
    "hearsay_adjectives",
    "proof",
    "untrue",
    "versions",
)


@dataclass(slots=True)
class _Event:
    """The event whose verdict is being built, with everyone who might be speaking of it."""

    trigger: Token
    parties: tuple[Mention, ...]
    mentions: Sequence[Mention]
    value: str = "confirmed"
    attribution: str | None = None
    attributed_to: Mention | None = None
    cues: list[str] = field(default_factory=list)
    #: a presupposition was met: words further out no longer bear on whether it happened
    presumed: bool = False

    def apply(self, effect: str, cue: Token | str, speaker: Token | None = None) -> None:
        """Compose one effect with the verdict so far and remember the cue."""
        if effect == "happened":
            return
        if effect == "presumed":
            self.presumed = True
            return
        if self.presumed and effect not in SPEECH:
            return
        if effect in SPEECH and speaker is not None:
            effect = self._told_by(speaker, effect)
        elif effect == "denied":
            self.attribution = _phrase(speaker) if speaker is not None else UNNAMED
            self.attributed_to = _mention_at(speaker, self.mentions) if speaker else None
        if effect == "retracted":
            self.attribution = self.attributed_to = None
        self.value = COMPOSITION[effect].get(self.value, self.value)
        self.cues.append(cue if isinstance(cue, str) else cue.lower_)

    def _told_by(self, speaker: Token, effect: str) -> str:
        """Remember who speaks, and return what their word is worth."""
        phrase = list(_noun_phrase(speaker))
        words = {token.lower_ for token in phrase}
        lists = cues().sets
        if "version" in words and words & lists["versions"]:
            return "retracted"
        mention = _mention_at(speaker, self.mentions)
        if self.attribution is None:
            self.attribution, self.attributed_to = _phrase(speaker), mention
        hearsay = speaker.lemma_.lower() in lists["hearsay"] and speaker.tag_ != "NNP"
        if hearsay or words & lists["hearsay_adjectives"]:
            return "possible"
        if effect == "reported" and self._is_party(speaker, mention):
            return "claimed"
        return effect

    def _is_party(self, speaker: Token, mention: Mention | None) -> bool:
        """Tell whether the speaker takes part in the event, or speaks for one who does."""
        if mention is not None and mention.subject is not None:
            known = [party.subject for party in self.parties]
            if mention.subject in known:
                return True
            if len(known) > 1 and None not in known:
                return False
        words = {token.lemma_.lower() for token in _noun_phrase(speaker)}
        lists = cues().sets
        stems = {_stem(word) for word in words if len(word) > 2}  # noqa: PLR2004 — "UN" is no stem
        for party in self.parties:
            if stems & {_stem(word) for word in party.text.lower().split() if len(word) > 3}:  # noqa: PLR2004 — skips "the"
                return True
        head = speaker.lemma_.lower()
        if head in lists["thirds"]:
            return bool((words - {head}) & lists["parties"])
        if _speaks_of_itself(self.trigger):
            return True
        return bool(words & lists["parties"])


def assess(
    trigger: Token,
    *,
    agent: Mention | None = None,
    patient: Mention | None = None,
    mentions: Sequence[Mention] = (),
) -> Verdict:
    """Judge how the text presents the event of a trigger.

    Args:
        trigger: the verb or noun that names the event, in a parsed document.
        agent: who did it; its own word makes the event ``claimed``.
        patient: to whom; likewise.
        mentions: of the document, to tell who an attribution names.
    """
    parties = tuple(one for one in (agent, patient) if one is not None)
    event = _Event(trigger, parties, mentions)
    _own_words(event, trigger)
    node = trigger
    while True:
        _beside(event, node)
        if node.head == node:
            break
        node = _ascend(event, node)
    _sentence(event)
    value = "possible" if event.value == "attempted" else event.value
    return Verdict(
        Factuality(value), event.attribution, event.attributed_to, tuple(dict.fromkeys(event.cues))
    )


# -- what stands at a word itself: negation, modals, adverbs, conjunctions -----------------------


def _own_words(  # noqa: C901 — one flat table of what can stand at a word
    event: _Event, node: Token, below: Token | None = None
) -> None:
    """Apply what stands directly at a word of the chain, save what stands at the word below."""
    if event.presumed:
        return
    lists = cues()
    lemmas = {child.lower_ for child in node.children if child.dep_ in {"aux", "aux:pass"}}
    modal = next((word for word in lists.modals if word in lemmas), None)
    if modal in {"'d", "need"} and "had" in lemmas:
        modal = None
    negation = _negation(node, below)
    if negation is not None:
        hard = modal is None or modal in lists.sets["deniable"]
        unproven = node.lemma_.lower() in lists.sets["proof"] and below is not None
        event.apply("failed" if unproven else "negated" if hard else "possible", negation)
    if modal is not None and not (negation is not None and modal in lists.sets["deniable"]):
        event.apply(_modal_effect(event, node, modal), modal)
    for child in node.children:
        word = child.lower_
        if child.dep_ in {"advmod", "discourse"} and word in lists.adverbs:
            effect = lists.adverbs[word]
            told = effect != "retracted" or below is not None
            if effect != "negated" and told:
                event.apply(effect, child)
        elif child.tag_ == "VBD" and child.dep_ == "amod" and node.pos_ in _NOMINAL:
            # "The army rejected reports that ...", read as reports that were rejected
            effect = _lookup(child, "report") or _lookup(child, "noun")
            if effect in _AGAINST:
                event.apply(effect, child, _speaker(child) or _speaker(node))
        elif child.dep_ in {"amod", "compound", "advmod"} and node.pos_ in _NOMINAL:
            if word in lists.modifiers:
                event.apply(lists.modifiers[word], child)
        elif child.dep_ == "det" and word == "any":
            event.apply("possible", child)
    _conjunction(event, node)


def _negation(node: Token, below: Token | None) -> Token | None:
    """Return the word that negates a verb or noun, or None."""
    words = cues().adverbs
    for child in node.children:
        if child.dep_ in {"advmod", "neg", "det", "cc", "cc:preconj"} and (
            words.get(child.lower_) == "negated"
            or child.lower_ == "n\N{RIGHT SINGLE QUOTATION MARK}t"
        ):
            after = child.nbor().lower_ if child.i + 1 < len(child.doc) else ""
            if after not in {"only", "just", "merely", "least", "doubt"}:
                return child
        if child.dep_ == "advmod" and child.lower_ == "longer" and _has_child(child, "no"):
            return child
        if (
            child.dep_ in {"nsubj", "nsubj:pass", "obj"}
            and node.pos_ not in _NOMINAL
            and child != below
        ):
            if child.lower_ in _EMPTY_SUBJECTS:
                return child
            for part in child.children:
                if part.dep_ == "det" and part.lower_ in {"no", "neither"}:
                    return part
    return None


def _conjunction(event: _Event, node: Token) -> None:
    """Apply the conjunction that opens the clause of a verb."""
    for child in node.children:
        word = child.lower_
        if child.dep_ not in {"mark", "advmod", "case", "aux"} or child.i > node.i:
            continue
        effect = cues().markers.get(word) if child.dep_ in {"mark", "case"} else None
        present = node.tag_ in {"VBZ", "VBP", "VB"}
        if effect == "possible" and word in {"until", "till", "once"} and not present:
            effect = None
        if word == "so" or (word == "as" and child.nbor().lower_ in {"if", "though"}):
            effect = "possible" if word == "as" else None
        if word in _OPEN_PAST and present and effect is None and node.dep_.startswith("advcl"):
            effect = "possible" if word == "before" or _is_future(node.head) else None
        if effect in {"instead", "failed"}:
            event.apply("failed", child)
        elif effect is not None:
            event.apply(effect, child)
    if node.dep_ == "advcl" and _inverted(node):
        event.apply("possible", "inversion")


def _inverted(node: Token) -> bool:
    """Tell "had they captured it, ..." by an auxiliary that stands before its subject."""
    first = next((child for child in node.children if child.dep_.startswith("aux")), None)
    subject = _subject(node)
    return (
        first is not None
        and subject is not None
        and first.i < subject.i
        and first.lower_ in {"had", "should", "were"}
    )


def _modal_effect(event: _Event, node: Token, modal: str) -> str:
    """Return what a modal says: "would" after "said" is a future, under "if" nothing is sure."""
    if _is_conditional(node):
        return "possible"
    if modal in {"would", "'d"}:
        perfect = any(child.lower_ == "have" for child in node.children)
        told = node.dep_ == "ccomp" and _lookup(node.head, "clause") in SPEECH
        if not perfect and (told or event.value == "planned"):
            return "planned"
    return cues().modals[modal]


def _is_conditional(node: Token) -> bool:
    """Tell "the town will fall unless help comes"."""
    return any(
        part.dep_ == "mark" and part.lower_ in {"if", "unless"}
        for child in node.children
        if child.dep_ == "advcl"
        for part in child.children
    )


def _is_future(node: Token) -> bool:
    return any(
        child.lower_ in {"will", "would", "wo", "'ll", "shall", "could", "can", "may", "might"}
        for child in node.children
        if child.dep_ == "aux"
    )


# -- one step outwards ---------------------------------------------------------------------------


def _ascend(event: _Event, node: Token) -> Token:
    """Apply what the head of a word says about it, then what stands there; return the head."""
    relation, head = node.dep_, node.head
    base = relation.split(":")[0]
    if base == "conj":
        if _shares(node, head):
            _own_words(event, head, node)
        else:
            _conjunction(event, head)
        return head
    complement = is_content_clause(node)
    if (relation == "acl:relcl" and not complement) or base in {
        "appos",
        "vocative",
        "dislocated",
        "list",
    }:
        event.apply("presumed", head)
        return head
    form = _form(node)
    if form == "gerund" and _has_child(node, "from") and head.dep_ in {"obj", "obl"}:
        # "prevented the rebels from capturing", where the gerund hangs on the rebels
        base, head = "xcomp", head.head
    effect: str | None
    if form == "noun":
        effect = _of_report(node, base, head) or _of_noun(node, base, head)
    elif base == "acl" and head.lower_ == "nothing":
        effect = "failed"
    elif base == "acl":
        effect = cues().nouns.get(head.lemma_.lower())
        if effect is None or (form == "gerund" and effect not in {"possible", "planned"}):
            effect = "planned" if form == "infinitive" else "presumed"
    elif base in _CLAUSAL or relation in _CLAUSAL:
        effect = _of_clause(node, base, head, form)
    elif relation in _ADVERBIAL:
        effect = _of_adverbial(node, head, form)
    else:
        effect = _of_adverbial(node, head, form) if form == "infinitive" else "presumed"
    event.apply(effect, head, _speaker(head))
    _own_words(event, head, node)
    return head


def _shares(node: Token, head: Token) -> bool:
    """Tell whether a conjunct shares negation and modals with the first one."""
    if node.pos_ in _NOMINAL:
        return False
    own = _subject(node) is not None or any(c.dep_.startswith("aux") for c in node.children)
    return not own and node.tag_ == head.tag_ and node.tag_ in {"VB", "VBN", "VBG"}


def _form(node: Token) -> str:
    """Return the shape in which a word stands under its governor; see :data:`FORMS`."""
    if node.pos_ in _NOMINAL and not _has_dependent(node, "cop"):
        return "noun"
    if any(child.tag_ == "TO" and child.dep_ in {"mark", "aux"} for child in node.children):
        return "infinitive"
    auxiliary = any(child.dep_.startswith("aux") for child in node.children)
    if node.tag_ == "VBG" and not auxiliary:
        return "gerund"
    bare = node.tag_ in {"VB", "VBN"} and not auxiliary and _subject(node) is None
    return "infinitive" if bare and node.dep_ == "xcomp" else "clause"


def _lookup(head: Token, form: str) -> str | None:
    """Return what a verb says of an event in this form, its particle included."""
    particle = next((c.lower_ for c in head.children if c.dep_ == "compound:prt"), None)
    table = cues().governors
    lemma = head.lemma_.lower()
    if particle is not None and f"{lemma}_{particle}" in table:
        lemma = f"{lemma}_{particle}"
    return table.get(lemma, {}).get(form)


def _of_clause(  # noqa: C901, PLR0911 — a cascade, most specific first
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
    if _has_dependent(head, "cop") or head.pos_ == "ADJ":
        subject = _subject(head)
        about = subject.lemma_.lower() if subject is not None else ""
        effect = lists.adjectives.get(head.lower_) or lists.nouns.get(lemma)
        effect = effect or (lists.nouns.get(about) if base != "parataxis" else None)
        if effect is not None:
            return effect
    effect = _lookup(head, form)
    if effect is not None:
        if base == "parataxis" and effect not in {*SPEECH, "denied", "possible"}:
            return "presumed"
        return effect
    if base == "parataxis":
        return "presumed"
    return "possible" if form == "infinitive" else "happened"


def _of_adverbial(node: Token, head: Token, form: str) -> str:
    """Return what a head says of an adverbial clause, allowing for complements parsed as one."""
    marker = next((c.lower_ for c in node.children if c.dep_ == "mark" and c.tag_ != "TO"), None)
    adjective = cues().adjectives.get(head.lower_) if head.pos_ == "ADJ" else None
    if form == "infinitive":
        if head.lemma_ == "go":
            return "happened"
        return adjective or _lookup(head, form) or "planned"
    if head.lower_ == "short" and head.head.lemma_.lower() in {"stop", "fall"}:
        return "failed"
    if form == "gerund" and marker in {"from", "of", "to", "at", "on", "about", "for", "into"}:
        if any(c.lower_ == "short" for c in head.children):
            return "failed"
        return adjective or _lookup(head, form) or "presumed"
    if marker is None and form == "clause":
        effect = _lookup(head, form)
        if effect in SPEECH:
            return effect
    return "presumed"


def _of_report(node: Token, base: str, head: Token) -> str | None:
    """Return what becomes of a report, a rumour or a claim that tells the event, if that is said.

    "Newspaper withdraws report that ...", "Rumours that ... turned out to be false".
    """
    if cues().nouns.get(node.lemma_.lower()) not in {"reported", "claimed", "possible"}:
        return None
    if base == "nsubj":
        told = {head.lower_, *(c.lower_ for c in head.children if c.dep_ == "xcomp")}
        if told & cues().sets["untrue"]:
            return "retracted"
    return _lookup(head, "report")


def _of_noun(node: Token, base: str, head: Token) -> str:  # noqa: PLR0911 — a cascade, as above
    """Return what a head says of an event noun."""
    lists = cues()
    lemma = head.lemma_.lower()
    case = next((c.lower_ for c in node.children if c.dep_ == "case"), None)
    if base in {"nmod", "compound"}:
        if case in {"without", "instead"}:
            return "failed"
        governed = case is None or case in _GOVERNED_CASES
        return (lists.nouns.get(lemma) if governed else None) or "presumed"
    if base == "nsubj" and "pass" not in node.dep_:
        return _of_subject(head)
    if base in {"obj", "nsubj", "obl", "iobj", "xcomp", "ccomp"}:
        if case in {"without", "instead"}:
            return "failed"
        if case in {"until", "till"} or (case == "case" and lemma == "in"):
            return "possible"
        if case is not None and case not in _GOVERNED_CASES:
            return "presumed"
        effect = _lookup(head, "noun")
        if effect is not None and not (case is not None and effect in SPEECH):
            return effect
        return "happened" if lemma in lists.sets["light"] else "presumed"
    return "happened" if base in {"root", "parataxis"} else "presumed"


def _of_subject(head: Token) -> str:
    """Return what a predicate says of the event noun that is its subject."""
    lists = cues()
    lemma = head.lemma_.lower()
    if head.pos_ == "ADJ":
        return lists.adjectives.get(head.lower_) or lists.modifiers.get(head.lower_) or "presumed"
    if lemma in {"loom", "threaten", "near"}:
        return "possible"
    if lemma in {"fail", "falter", "collapse", "stall"}:
        return "failed"
    if lemma in lists.sets["light"] or _is_future(head):
        return "happened"
    return "presumed"


# -- attribution set beside the clause -----------------------------------------------------------


def _beside(event: _Event, node: Token) -> None:
    """Apply attributions that stand beside a clause: ", a monitor said", "according to ..."."""
    for child in node.children:
        if child.dep_ in {"parataxis", "advcl", "ccomp", "dep"} and _is_tag(child):
            effect = _lookup(child, "clause")
            speaker = _speaker(child)
            if effect in {*SPEECH, "denied", "possible"} and effect is not None:
                event.apply(effect, child, speaker)
        elif child.dep_ in {"obl", "advcl", "nmod", "parataxis", "dep"} and any(
            c.lower_ == "according" for c in child.children
        ):
            event.apply("reported", "according to", child)
        elif child.lower_ == "according":
            speaker = next((c for c in child.children if c.pos_ in {*_NOMINAL, "PRON"}), None)
            event.apply("reported", "according to", speaker)


def _is_tag(verb: Token) -> bool:
    """Tell a reporting tag (", he said") from a clause with a complement of its own."""
    if verb.pos_ not in {"VERB", "AUX"} or _subject(verb) is None:
        return False
    marker = next((c.lower_ for c in verb.children if c.dep_ == "mark"), None)
    if marker not in {None, "as"} or (verb.dep_ == "ccomp" and verb.i < verb.head.i):
        return False
    return not any(c.dep_ in {"ccomp", "obj", "xcomp"} for c in verb.children)


def _sentence(event: _Event) -> None:
    """Apply what bears on the sentence as a whole: question, headline tag, fiction, infinitive."""
    trigger = event.trigger
    sentence = trigger.sent
    lists = cues().sets
    words = [token for token in sentence if not token.is_space and not token.is_quote]
    passive = any(c.lower_ == "be" for c in trigger.children)
    bare = trigger.tag_ == "VB" or (trigger.tag_ == "VBN" and passive)
    root_like = trigger.dep_ in {"ROOT", "conj", "parataxis", "ccomp"} and bare
    if root_like and _form(trigger) == "infinitive":
        yet = any(child.lower_ == "yet" for child in trigger.children)
        event.apply("failed" if yet else "planned", "yet to" if yet else "to")
    if words and words[-1].text == "?" and not any(w.lower_ in _WH for w in words[:3]):
        event.presumed = event.presumed and words[0].lemma_.lower() not in _ASKING
        event.apply("possible", "?")
    for token in words:
        if token.lemma_.lower() in lists["fiction"] and (
            token.is_ancestor(trigger) or token.dep_ == "obl" or token.head.is_ancestor(trigger)
        ):
            event.presumed = False
            event.apply("possible", token)
    for ancestor in trigger.ancestors:
        if ancestor.lemma_.lower() in lists["fiction_verbs"]:
            event.presumed = False
            event.apply("possible", ancestor)
    _headline_tag(event, words)


def _headline_tag(event: _Event, words: list[Token]) -> None:
    """Apply "...: monitor", "... - army" and "Monitor: ..." of headlines."""
    marks = [i for i, word in enumerate(words) if _parts(word)]
    for at in marks:
        before, after = words[:at], words[at + 1 :]
        tag = before if event.trigger.i > words[at].i else after
        lemmas = {w.lemma_.lower() for w in tag}
        lists = cues().sets
        sources = lists["thirds"] | lists["parties"]
        if not 0 < len(tag) <= 6 or any(  # noqa: PLR2004 — a name, not a clause
            w.pos_ in {"VERB", "AUX"} and w.lemma_.lower() not in sources for w in tag
        ):
            continue
        if lemmas & lists["no_source"]:
            continue
        known = lemmas & sources
        head = next(
            (w for w in reversed(tag) if w.pos_ in _NOMINAL or w.lemma_.lower() in known), None
        )
        if head is not None and (known or _mention_at(head, event.mentions) is not None):
            event.apply("reported", words[at].text, head)


def _parts(mark: Token) -> bool:
    """Tell a colon, or a dash with space around it, from the hyphen of a name."""
    if mark.text == ":":
        return True
    dash = mark.text in {"-", "\N{EN DASH}", "\N{EM DASH}"}
    return dash and bool(mark.whitespace_) and mark.i > 0 and bool(mark.nbor(-1).whitespace_)


# -- small helpers over the parse ----------------------------------------------------------------


def _subject(node: Token) -> Token | None:
    return next((child for child in node.children if child.dep_ in _SUBJECTS), None)


def _has_child(node: Token, word: str) -> bool:
    return any(child.lower_ == word for child in node.children)


def _has_dependent(node: Token, relation: str) -> bool:
    return any(child.dep_ == relation for child in node.children)


def _speaker(head: Token) -> Token | None:
    """Return who speaks: the subject, the agent of a passive, the "by" or "'s" of a noun."""
    for child in head.children:
        if child.dep_ in {"obl:agent", "nmod:poss"} or (
            child.dep_ in {"obl", "nmod"} and _has_child(child, "by")
        ):
            return child
    before = [child for child in head.lefts if child.dep_ == "nsubj"]
    subject = before[-1] if before else _subject(head)
    if subject is not None and subject.dep_ == "nsubj":
        return subject
    if head.dep_ in {"xcomp", "conj"} and subject is None:
        return _speaker(head.head)
    return None


def _noun_phrase(head: Token) -> Iterator[Token]:
    """Yield the words of a noun phrase without its clauses."""
    yield head
    for child in head.children:
        if child.dep_ not in {"acl", "acl:relcl", "punct", "parataxis", "case", "conj", "cc"}:
            yield from _noun_phrase(child)


def _phrase(head: Token) -> str:
    """Return the words of a noun phrase as they stand in the text."""
    tokens = sorted(_noun_phrase(head), key=lambda token: token.i)
    first, last = tokens[0], tokens[-1]
    if last.i - first.i >= len(tokens) + 3:
        return head.text
    return head.doc[first.i : last.i + 1].text


def _mention_at(token: Token, mentions: Sequence[Mention]) -> Mention | None:
    return next((m for m in mentions if m.start <= token.i < m.end), None)


def _stem(word: str) -> str:
    return word[:5]


def _speaks_of_itself(trigger: Token) -> bool:
    """Tell whether the doer is a pronoun or "its forces": the speaker, that is."""
    subject = _subject(trigger)
    for node in (subject, trigger):
        if node is None:
            continue
        if node.lower_ in _PRONOUNS:
            return True
        if any(c.dep_ == "nmod:poss" and c.lower_ in _PRONOUNS for c in node.children):
            return True
    return False
