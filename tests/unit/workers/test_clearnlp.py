"""Trees with ClearNLP labels become Universal Dependencies, which is all that the rules read."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from workers.language.clearnlp import to_universal

VOCAB = spacy.blank("en").vocab

#: word/tag/label>head, as spaCy's own English pipelines parse; then what must stand in the UD tree
SENTENCES = [
    (
        "Rebels/NNS/nsubj>2 captured/VBD/ROOT>2 Hama/NNP/dobj>2 from/IN/prep>2 troops/NNS/pobj>4",
        "captured/ROOT Hama/obj>captured troops/obl>captured from/case>troops",
    ),
    (
        "Hama/NNP/nsubjpass>3 was/VBD/auxpass>3 captured/VBN/ROOT>3 by/IN/agent>3 rebels/NNS/pobj>4",
        "Hama/nsubj:pass>captured was/aux:pass>captured rebels/obl:agent>captured by/case>rebels",
    ),
    (
        "The/DT/det>2 fall/NN/ROOT>2 of/IN/prep>2 Hama/NNP/pobj>3",
        "fall/ROOT Hama/nmod>fall of/case>Hama",
    ),
    (
        "They/PRP/nsubj>2 pulled/VBD/ROOT>2 out/IN/prep>2 of/IN/prep>3 Hama/NNP/pobj>4",
        "Hama/obl>pulled out/case>Hama of/case>Hama",
    ),
    (
        "They/PRP/nsubj>2 pulled/VBD/ROOT>2 back/RB/advmod>2 from/IN/prep>3 Hama/NNP/pobj>4",
        "back/advmod>pulled Hama/obl>pulled from/case>Hama",
    ),
    (
        "Fighting/NN/ROOT>1 in/IN/prep>1 and/CC/cc>2 around/IN/conj>2 Hama/NNP/pobj>4",
        "Hama/nmod>Fighting in/case>Hama around/case>Hama and/cc>around",
    ),
    (
        "After/IN/prep>5 capturing/VBG/pcomp>1 Hama/NNP/dobj>2 they/PRP/nsubj>5 rested/VBD/ROOT>5",
        "capturing/advcl>rested After/mark>capturing Hama/obj>capturing",
    ),
    (
        "Assad/NNP/nsubj>2 is/VBZ/ROOT>2 president/NN/attr>2",
        "president/ROOT is/cop>president Assad/nsubj>president",
    ),
    (
        "Hama/NNP/nsubj>2 is/VBZ/ROOT>2 under/IN/prep>2 siege/NN/pobj>3",
        "siege/ROOT is/cop>siege Hama/nsubj>siege under/case>siege",
    ),
    (
        "There/EX/expl>2 was/VBD/ROOT>2 fighting/NN/attr>2",
        "was/ROOT There/expl>was fighting/nsubj>was",
    ),
    (
        "Hama/NNP/ROOT>1 ,/,/punct>1 Homs/NNP/conj>1 and/CC/cc>3 Aleppo/NNP/conj>3",
        "Homs/conj>Hama Aleppo/conj>Hama and/cc>Aleppo",
    ),
    (
        "Rebels/NNS/nsubj>2 want/VBP/ROOT>2 him/PRP/nsubj>5 to/TO/aux>5 leave/VB/ccomp>2",
        "him/obj>want leave/xcomp>want to/mark>leave",
    ),
    (
        "Rebels/NNS/nsubj>2 took/VBD/ccomp>4 it/PRP/dobj>2 deny/VBP/ROOT>4 that/DT/dobj>4",
        "took/ROOT deny/parataxis>took that/obj>deny",
    ),
    (
        "Forces/NNS/ROOT>1 to/TO/aux>3 leave/VB/relcl>1",
        "leave/acl>Forces to/mark>leave",
    ),
    (
        "from/IN/prep>6 Homs/NNP/pobj>1 to/IN/prep>1 Hama/NNP/pobj>3 they/PRP/nsubj>6 fled/VBD/ROOT>6",
        "Homs/obl>fled Hama/nmod>Homs to/case>Hama",
    ),
]


def tree(told: str) -> Doc:
    """Return a sentence as its parser left it; heads are counted from 1."""
    rows = [item.rsplit("/", 2) for item in told.split()]
    relations = [row[2].rsplit(">", 1) for row in rows]
    words = [row[0] for row in rows]
    return Doc(
        VOCAB,
        words=words,
        tags=[row[1] for row in rows],
        lemmas=["be" if word in {"is", "was"} else word for word in words],
        deps=[label for label, _ in relations],
        heads=[int(head) - 1 for _, head in relations],
    )


@pytest.mark.parametrize(("before", "expected"), SENTENCES, ids=[row[1] for row in SENTENCES])
def test_a_tree_becomes_universal(before: str, expected: str) -> None:
    """Each construction that the schemes build differently has the arcs of UD."""
    doc = to_universal(tree(before))

    arcs = {
        f"{token.text}/{token.dep_}" + ("" if token.head == token else f">{token.head.text}")
        for token in doc
    }
    assert set(expected.split()) <= arcs


#: the labels that the conversion looks at, and one that it does not
_TURNED = ("agent", "dative", "pcomp", "pcomp", *(["pobj", "prep"] * 4), "prt", "advmod")
_OTHERS = ("acomp", "attr", "aux", "cc", "ccomp", "conj", "dobj", "expl", "mark", "nsubj", "relcl")
LABELS = st.sampled_from([*_TURNED, *_OTHERS])
TAGS = st.sampled_from(["IN", "IN", "IN", "TO", "RB", "RP", "NN", "VB", "VBG", "DT"])


@st.composite
def trees(draw: st.DrawFn) -> Doc:
    """Draw a tree with any labels at all: parsers err."""
    size = draw(st.integers(1, 9))
    order = draw(st.permutations(range(size)))
    heads = [0] * size
    for place, word in enumerate(order):
        heads[word] = order[draw(st.integers(0, place - 1))] if place else word
    return Doc(
        VOCAB,
        words=[draw(st.sampled_from(["of", "x"])) for _ in range(size)],
        tags=[draw(TAGS) for _ in range(size)],
        lemmas=[draw(st.sampled_from(["be", "x"])) for _ in range(size)],
        deps=["ROOT" if head == word else draw(LABELS) for word, head in enumerate(heads)],
        heads=heads,
    )


@given(trees())
def test_a_tree_stays_a_tree(doc: Doc) -> None:
    """Whatever the parser made of a sentence, every word has a way to the one root."""
    sentences = [(sentence.start, sentence.end) for sentence in doc.sents]

    to_universal(doc)

    assert [(sentence.start, sentence.end) for sentence in doc.sents] == sentences
    for sentence in doc.sents:
        assert sum(token.head == token for token in sentence) == 1
        assert all(token == sentence.root or sentence.root.is_ancestor(token) for token in sentence)


def test_a_document_without_words_is_left_alone() -> None:
    """Nothing is parsed, nothing is changed."""
    assert len(to_universal(Doc(VOCAB, words=[]))) == 0
