"""Scores a pipeline on the test sets and prints the tables of its model card."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, DocBin
from spacy.training import Example

from workers.language.training.assemble import size

TREES = ("ewt-test", "gum-test", "gum-news-test", "pud-test", "pud-news-test")
NAMES = ("uner-test", "pud-test", "re3d-test", "worldwide-test")
RELATIONS = ("nsubj", "obj", "nsubj:pass", "obl", "obl:agent", "ccomp", "conj")
ACCURACIES = ("tag_acc", "pos_acc", "morph_acc", "lemma_acc", "dep_uas", "dep_las", "sents_f")
LABELS = ("PERSON", "ORG", "LOC", "NORP", "DATE")
#: What is in each corpus, as far as names go; what a corpus lacks is not held against us.
ANNOTATED = {"uner-test": LABELS[:4], "pud-test": LABELS[:4]}

#: Runs over the same text; the fastest counts, as the others measure the machine.
SPEED_RUNS = 3


def main(pipeline: Path, data: Path) -> None:
    """Print the scores, the size and the speed of a pipeline."""
    started = time.perf_counter()
    nlp = spacy.load(pipeline)
    print(f"load {time.perf_counter() - started:.2f} s, {size(pipeline) / 1e6:.1f} MB")
    trees = {name: _tree_scores(nlp, data / f"{name}.spacy") for name in TREES}
    print_table(("trees", *ACCURACIES), _accuracy_rows(trees))
    print_table(("relations, F", *RELATIONS), _relation_rows(trees))
    print_table(("names, F", "P", "R", "F", "span F", *LABELS), _name_rows(nlp, data))
    print(f"{words_per_second(nlp, data):.0f} words a second")


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table as Markdown."""
    print("\n| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)
    print()


def words_per_second(nlp: Language, data: Path) -> float:
    """Time the whole pipeline on running text, in one process."""
    texts = [doc.text for doc in _docs(nlp, data / "names-worldwide-test.spacy")]
    fastest = 0.0
    for _ in range(SPEED_RUNS):
        started = time.perf_counter()
        words = sum(len(doc) for doc in nlp.pipe(texts))
        fastest = max(fastest, words / (time.perf_counter() - started))
    return fastest


def _accuracy_rows(trees: Mapping[str, dict[str, Any]]) -> Iterable[list[str]]:
    for name, scores in trees.items():
        yield [name, *(f"{100 * scores[key]:.1f}" for key in ACCURACIES)]


def _relation_rows(trees: Mapping[str, dict[str, Any]]) -> Iterable[list[str]]:
    for name, scores in trees.items():
        of = scores["dep_las_per_type"]
        yield [name, *(f"{of[key]['f']:.3f}" if key in of else "-" for key in RELATIONS)]


def _tree_scores(nlp: Language, path: Path) -> dict[str, Any]:
    with nlp.select_pipes(disable=["ner"]):
        gold = _docs(nlp, path)
        return nlp.evaluate([Example(nlp.make_doc(doc.text), doc) for doc in gold])


def _name_rows(nlp: Language, data: Path) -> Iterable[list[str]]:
    for name in NAMES:
        gold = _docs(nlp, data / f"names-{name}.spacy")
        with nlp.select_pipes(enable=["ner"]):
            # The corpora's own words: some do not say where spaces were, and a guess costs names.
            docs = nlp.pipe([_same_words(nlp, doc) for doc in gold])
            examples = [Example(doc, right) for doc, right in zip(docs, gold, strict=True)]
        scores = get_ner_prf(examples)
        found = {label: f"{values['f']:.3f}" for label, values in scores["ents_per_type"].items()}
        labels = ANNOTATED.get(name, LABELS)
        yield [
            name,
            *(f"{scores[key]:.3f}" for key in ("ents_p", "ents_r", "ents_f")),
            f"{_span_f(examples):.3f}",
            *(found.get(label, "0.000") if label in labels else "-" for label in LABELS),
        ]


def _span_f(examples: Iterable[Example]) -> float:
    """Return F of the names' borders alone, whatever their label, where the gold says."""
    both = predicted = gold = 0
    for example in examples:
        found = {
            (ent.start, ent.end)
            for ent in example.predicted.ents
            if all(token.ent_iob_ for token in example.reference[ent.start : ent.end])
        }
        wanted = {(ent.start, ent.end) for ent in example.reference.ents}
        both, predicted, gold = (
            both + len(found & wanted),
            predicted + len(found),
            gold + len(wanted),
        )
    return 2 * both / max(1, predicted + gold)


def _docs(nlp: Language, path: Path) -> list[Doc]:
    return list(DocBin().from_disk(path).get_docs(nlp.vocab))


def _same_words(nlp: Language, doc: Doc) -> Doc:
    spaces = [bool(token.whitespace_) for token in doc]
    return Doc(nlp.vocab, words=[token.text for token in doc], spaces=spaces)
