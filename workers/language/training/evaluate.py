"""Scores a pipeline on the test sets and prints the tables of its model card.

The functions are also those of ``benchmarks/language.py``.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from spacy.language import Language
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example

from workers.language import load_pipeline
from workers.language.training.assemble import size

TREES = ("ewt-test", "gum-test", "gum-news-test", "pud-test", "pud-news-test")
NAMES = ("uner-test", "pud-test", "re3d-test", "worldwide-test")
RELATIONS = ("nsubj", "obj", "nsubj:pass", "obl", "obl:agent", "ccomp", "conj")
ACCURACIES = ("tag_acc", "pos_acc", "morph_acc", "lemma_acc", "dep_uas", "dep_las", "sents_f")
LABELS = ("PERSON", "ORG", "LOC", "NORP", "DATE")
#: What is in each corpus, as far as names go; what a corpus lacks is not held against us.
ANNOTATED = {"uner-test": LABELS[:4], "pud-test": LABELS[:4]}
#: Labels that the corpora of names do not know, or not all of them, and theirs.
SAME = {"GPE": "LOC", "FAC": "LOC", "PER": "PERSON"}

#: Parts that a text is cut into for the speed.
ROUNDS = 5


def main(pipeline: Path, data: Path) -> None:
    """Print the scores, the size and the speed of a pipeline."""
    started = time.perf_counter()
    nlp = load_pipeline(str(pipeline))
    print(f"load {time.perf_counter() - started:.2f} s, {size(pipeline) / 1e6:.1f} MB")
    trees = {name: tree_scores(nlp, data / f"{name}.spacy") for name in TREES}
    print_table(("trees", *ACCURACIES), _accuracy_rows(trees))
    print_table(("relations, F", *RELATIONS), _relation_rows(trees))
    print_table(("names, F", "P", "R", "F", "span F", *LABELS), _name_rows(nlp, data))
    rounds = words_per_second([nlp], speed_texts(nlp, data))
    print(f"{median(speed for (speed,) in rounds):.0f} words a second")


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table as Markdown."""
    print("\n| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)
    print()


def speed_texts(nlp: Language, data: Path) -> list[str]:
    """Return running text to measure the speed on."""
    return [doc.text for doc in docs(nlp, data / "names-worldwide-test.spacy")]


def words_per_second(
    pipelines: Sequence[Language], texts: Sequence[str], rounds: int = ROUNDS
) -> list[tuple[float, ...]]:
    """Time whole pipelines against each other on running text.

    The text is cut into parts; each goes through all of them before the next, and they take turns
    in going first, so that other load meets all alike. It is the time of the processor that
    counts; keep the process to one thread.

    Returns:
        Words a second by round, one number a pipeline.
    """
    for nlp in pipelines:
        list(nlp.pipe(texts[:64]))  # what is loaded on first use
    borders = [len(texts) * number // rounds for number in range(rounds + 1)]
    found = []
    for number, (start, end) in enumerate(pairwise(borders)):
        order = list(range(len(pipelines)))
        speeds = dict.fromkeys(order, 0.0)
        for index in order[number % len(order) :] + order[: number % len(order)]:
            started = time.process_time()
            words = sum(len(doc) for doc in pipelines[index].pipe(texts[start:end]))
            speeds[index] = words / (time.process_time() - started)
        found.append(tuple(speeds.values()))
    return found


def tree_scores(nlp: Language, path: Path) -> dict[str, Any]:
    """Return spaCy's scores of the trees of a file, parsed from raw text."""
    with nlp.select_pipes(disable=["ner"]):
        gold = docs(nlp, path)
        return nlp.evaluate([Example(nlp.make_doc(doc.text), doc) for doc in gold])


def parsed(nlp: Language, gold: Iterable[Doc]) -> list[Doc]:
    """Run a pipeline over the words of annotated documents.

    The corpora's own words: some do not say where spaces were, and a guess costs names.
    """
    return list(nlp.pipe(_same_words(nlp, doc) for doc in gold))


def name_scores(found: Iterable[Doc], gold: Iterable[Doc]) -> dict[str, Any]:
    """Return spaCy's scores of names, and ``span_f``: F of their borders alone.

    All places count as LOC, whatever the pipeline or the corpus tells apart; where the gold says
    nothing, nothing counts.
    """
    examples = [
        Example(in_scheme(doc), in_scheme(right)) for doc, right in zip(found, gold, strict=True)
    ]
    return {**get_ner_prf(examples), "span_f": _span_f(examples)}


def in_scheme(doc: Doc) -> Doc:
    """Return a copy with the labels of :data:`LABELS`; what is none of them is no name."""
    copy = doc.copy()
    names = [(ent, SAME.get(ent.label_, ent.label_)) for ent in doc.ents]
    copy.set_ents(
        [Span(copy, ent.start, ent.end, label=label) for ent, label in names if label in LABELS],
        outside=[copy[ent.start : ent.end] for ent, label in names if label not in LABELS],
        default="unmodified",
    )
    return copy


def docs(nlp: Language, path: Path) -> list[Doc]:
    """Read the documents of a file."""
    return list(DocBin().from_disk(path).get_docs(nlp.vocab))


def _accuracy_rows(trees: Mapping[str, dict[str, Any]]) -> Iterable[list[str]]:
    for name, scores in trees.items():
        yield [name, *(f"{100 * scores[key]:.1f}" for key in ACCURACIES)]


def _relation_rows(trees: Mapping[str, dict[str, Any]]) -> Iterable[list[str]]:
    for name, scores in trees.items():
        of = scores["dep_las_per_type"]
        yield [name, *(f"{of[key]['f']:.3f}" if key in of else "-" for key in RELATIONS)]


def _name_rows(nlp: Language, data: Path) -> Iterable[list[str]]:
    for name in NAMES:
        gold = docs(nlp, data / f"names-{name}.spacy")
        scores = name_scores(parsed(nlp, gold), gold)
        found = {label: f"{values['f']:.3f}" for label, values in scores["ents_per_type"].items()}
        labels = ANNOTATED.get(name, LABELS)
        yield [
            name,
            *(f"{scores[key]:.3f}" for key in ("ents_p", "ents_r", "ents_f", "span_f")),
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


def _same_words(nlp: Language, doc: Doc) -> Doc:
    spaces = [bool(token.whitespace_) for token in doc]
    return Doc(nlp.vocab, words=[token.text for token in doc], spaces=spaces)
