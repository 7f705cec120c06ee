"""Turns ClearNLP trees, those of spaCy's own English pipelines, into Universal Dependencies.

The rules read UD and nothing else. Most labels only have other names, but three constructions are
built the other way round: a preposition governs its noun, "be" governs what it says of somebody,
and each conjunct hangs on the one before it. A pipeline with such labels gets this component at
its end, so that all that follows sees one scheme.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

#: name of the component
COMPONENT: Final = "clearnlp_to_ud"

#: labels that only have another name in UD
_NAMES: Final[Mapping[str, str]] = {
    "acomp": "xcomp",
    "agent": "advmod",
    "attr": "xcomp",
    "auxpass": "aux:pass",
    "csubjpass": "csubj:pass",
    "dative": "iobj",
    "dobj": "obj",
    "intj": "discourse",
    "meta": "dep",
    "neg": "advmod",
    "nn": "compound",
    "npadvmod": "obl:unmarked",
    "nsubjpass": "nsubj:pass",
    "oprd": "xcomp",
    "pcomp": "advcl",
    "poss": "nmod:poss",
    "preconj": "cc:preconj",
    "predet": "det:predet",
    "prep": "advmod",
    "prt": "compound:prt",
    "quantmod": "advmod",
    "relcl": "acl:relcl",
}
#: labels of a word that may be a preposition with an object
_PREPOSITIONS = frozenset({"prep", "agent", "dative"})
#: labels on which a preposition hangs on another: "out of", "from behind", "in and around"
_OBJECTS = frozenset({"pobj", "pcomp"})
_LINKED = frozenset({"prep", *_OBJECTS})
_CHAINED = frozenset({"conj", *_LINKED})
#: adverbs between a verb and its preposition: "pulled back from"
_BETWEEN = frozenset({"advmod", "prt"})
_ADPOSITIONS = frozenset({"IN", "TO", "RP"})


class _Tree:
    """Heads and labels of one sentence, as lists that may be changed at will."""

    def __init__(self, sentence: Span) -> None:
        first = sentence.start
        self.heads = [token.head.i - first for token in sentence]
        self.labels = [token.dep_ for token in sentence]
        self.tags = [token.tag_ for token in sentence]
        self.lemmas = [token.lemma_.lower() for token in sentence]
        self.words = [token.lower_ for token in sentence]

    def children(self, head: int, *labels: str) -> list[int]:
        """Return the dependents of a word in order, all or those with one of the labels."""
        return [
            child
            for child, above in enumerate(self.heads)
            if above == head and child != head and (not labels or self.labels[child] in labels)
        ]

    def hang(self, child: int, head: int, label: str) -> None:
        """Hang a word on another; on itself it becomes the root."""
        self.heads[child] = head
        self.labels[child] = "ROOT" if child == head else label

    def takes_obliques(self, word: int) -> bool:
        """Tell verbs and adjectives from nouns: a phrase on a noun is another relation."""
        return not self.tags[word].startswith(("NN", "PRP", "CD", "DT", "WP"))


@Language.component(COMPONENT)
def to_universal(doc: Doc) -> Doc:
    """Turn the trees of a document with ClearNLP labels into Universal Dependencies."""
    rows: list[tuple[int, int]] = []
    for sentence in doc.sents:
        tree = _Tree(sentence)
        _lower_prepositions(tree)
        _raise_objects(tree)
        _part_clauses(tree)
        _join_conjuncts(tree)
        _lower_copulas(tree)
        rows += [
            # offsets of heads are signed, in an array that is not
            ((head - word) % 2**64, doc.vocab.strings.add(_renamed(label, tree.tags[word])))
            for word, (head, label) in enumerate(zip(tree.heads, tree.labels, strict=True))
        ]
    if rows:
        values: Any = np.array(rows, dtype="uint64")
        doc.from_array(["HEAD", "DEP"], values)
    return doc


def _renamed(label: str, tag: str) -> str:
    if label == "aux" and tag == "TO":
        return "mark"
    return _NAMES.get(label, label)


def _lower_prepositions(tree: _Tree) -> None:
    """Hang nouns where their prepositions hung, and the prepositions on them as ``case``."""
    before = _Before(tree)
    chains = {word: before.chain(word) for word in sorted(before.preposition)}
    for word, chain in chains.items():
        tree.hang(word, *before.place(word, chain[0]))
    lowered = {member for chain in chains.values() for member in chain}
    for word, chain in chains.items():
        clause = before.is_clause(word)
        for position, member in enumerate(chain):
            for child in before.children(member):
                if child in lowered or child in chains:
                    continue
                after = chain[position + 1 : position + 2]
                joins = tree.labels[child] == "cc" and after and before.labels[after[0]] == "conj"
                tree.heads[child] = after[0] if joins else word
            tree.hang(member, word, "mark" if clause else "case")


class _Before:
    """The sentence as the parser left it, and which words are objects of which prepositions."""

    def __init__(self, tree: _Tree) -> None:
        self.tree = tree
        self.heads, self.labels = list(tree.heads), list(tree.labels)
        #: object -> its preposition
        self.preposition: dict[int, int] = {}
        for word, label in enumerate(self.labels):
            head = self.heads[word]
            # "from behind Hama": a preposition that is an object itself is a link of the chain
            if label in _OBJECTS and tree.tags[word] not in _ADPOSITIONS:  # noqa: SIM102 — two questions
                if self._is_preposition(head):
                    self.preposition[word] = head
        #: preposition -> its first object, which the "out" of "out of Hama" has too
        self.object: dict[int, int] = {}
        for word, head in self.preposition.items():
            self.object.setdefault(head, word)
            while self.labels[head] in _LINKED and self._is_preposition(self.heads[head]):
                head = self.heads[head]  # noqa: PLW2901 — climbs the chain
                self.object.setdefault(head, word)

    def children(self, head: int) -> list[int]:
        """Return what depended on a word."""
        return [child for child, above in enumerate(self.heads) if above == head and child != head]

    def _is_preposition(self, word: int) -> bool:
        return self.labels[word] in _PREPOSITIONS or self.tree.tags[word] in _ADPOSITIONS

    def is_clause(self, word: int) -> bool:
        """Tell the "capturing" of "after capturing Hama" from a noun."""
        return self.labels[word] == "pcomp" and self.tree.tags[word].startswith("VB")

    def chain(self, word: int) -> list[int]:
        """Return the prepositions of an object in order: those of "out of Hama"."""
        chain = [self.preposition[word]]
        while (head := self.heads[chain[0]]) != chain[0]:
            label = self.labels[chain[0]]
            free = self.object.get(head, word) == word
            joined = label in _CHAINED and self._is_preposition(head) and free
            ahead = (
                self.tree.words[chain[0]] == "of"
                and not self.is_clause(word)
                and self.tree.tags[head] in {*_ADPOSITIONS, "RB"}
                and self.labels[head] in _BETWEEN
            )
            if not joined and not ahead:
                break
            chain.insert(0, head)
        # "because of" has its second word as a childless complement
        behind = [
            child
            for child in self.children(chain[-1])
            if self.labels[child] in _LINKED and self.tree.tags[child] in _ADPOSITIONS
            if child not in self.object
        ]
        return chain + behind

    def place(self, word: int, top: int) -> tuple[int, str]:
        """Return head and label that an object takes over from its outermost preposition."""
        first = self.object[self.preposition[word]]
        if first != word:
            return first, "dep"
        head, label = self.heads[top], self.labels[top]
        if head == top:
            return word, "ROOT"
        if label == "conj":
            return self.object.get(head, head), label
        if label == "agent":
            return head, "obl:agent"
        if label not in {"prep", "dative", "advmod", "prt", *_OBJECTS}:
            return head, label
        clause, above = self.is_clause(word), self.heads[head]
        if self.labels[head] in _BETWEEN and self.tree.tags[above].startswith("VB") and not clause:
            head = above
        # "from Homs to Hama", hung on each other
        head = self.object.get(head, head)
        verbal, nominal = ("advcl", "acl") if clause else ("obl", "nmod")
        return head, verbal if self.tree.takes_obliques(head) else nominal


def _raise_objects(tree: _Tree) -> None:
    """Make the army the object in "want the army to leave", and what stands bare one, too."""
    for word, label in enumerate(tree.labels):
        head = tree.heads[word]
        infinitive = any(tree.tags[child] == "TO" for child in tree.children(word, "aux"))
        subjects = tree.children(word, "nsubj", "nsubjpass")
        if label == "ccomp" and infinitive and subjects and word > head:
            if not tree.children(word, "mark"):
                tree.hang(subjects[0], head, "dobj")
                tree.labels[word] = "xcomp"
        elif label == "relcl" and infinitive and not subjects:
            tree.labels[word] = "acl"
        elif label == "pobj":
            tree.labels[word] = "obl" if tree.children(head, "dobj") else "dobj"


def _part_clauses(tree: _Tree) -> None:
    """Hang the second clause on the first in "rebels claim the town, the army denies it"."""
    for word, label in enumerate(tree.labels):
        head = tree.heads[word]
        if label == "ccomp" and word < head and tree.children(head, "dobj"):
            above = tree.heads[head]
            tree.hang(word, word if above == head else above, tree.labels[head])
            tree.hang(head, word, "parataxis")


def _join_conjuncts(tree: _Tree) -> None:
    """Hang all conjuncts on the first one, and each "and" on the conjunct that it introduces."""
    for word, label in enumerate(tree.labels):
        if label == "cc":
            after = [each for each in tree.children(tree.heads[word], "conj") if each > word]
            if after:
                tree.heads[word] = after[0]
    for word, label in enumerate(tree.labels):
        while label == "conj" and tree.labels[head := tree.heads[word]] == "conj":
            if tree.heads[head] == head:
                break
            tree.heads[word] = tree.heads[head]


def _lower_copulas(tree: _Tree) -> None:
    """Make what somebody is the head, and "be" its ``cop``."""
    for verb, lemma in enumerate(tree.lemmas):
        if lemma != "be" or tree.labels[verb] in {"aux", "auxpass"}:
            continue
        said = tree.children(verb, "attr", "acomp")
        if tree.children(verb, "expl"):
            # "there was fighting": the verb stays the head
            for word in said[:1]:
                tree.labels[word] = "nsubj"
            continue
        if not said and not tree.children(verb, "dobj", "xcomp", "ccomp"):
            said = [word for word in tree.children(verb, "obl") if word > verb]
        if not said:
            continue
        word, head = said[0], tree.heads[verb]
        for child in tree.children(verb):
            tree.heads[child] = word
        tree.hang(word, word if head == verb else head, tree.labels[verb])
        tree.hang(verb, word, "cop")
