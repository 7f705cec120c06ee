"""The documents to train on: the corpora, and raw news as the teacher reads it.

One tok2vec learns trees and names from both. What the teacher is unsure of counts as missing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import networkx as nx
import numpy as np
import spacy
import torch
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from workers.language.training import raw_headlines
from workers.language.training.joined import NAMED_TREES, OTHER_NAMES, with_kinds
from workers.language.training.place_kinds import kind_of
from workers.language.training.swap_names import title_cased
from workers.language.training.teacher import Encoder, Teacher, batches, cuts, restored, tensors

#: Share of the raw documents that is dropped, where the teacher is least sure of the heads.
UNSURE = 0.1
#: Probability below which the teacher's name of a word counts as missing.
NAME_FLOOR = 0.6
#: Documents of raw text read at once.
CHUNK = 2000
SEED = 0
#: Names of the training sets of both legs: without and with headlines made of raw news.
TRAIN, WITH_HEADLINES = "train", "train-headlines"


class Reading:
    """What the teacher says of one piece of a document."""

    def __init__(self, scores: dict[str, np.ndarray], labels: Encoder, words: int) -> None:
        self.words = words
        known = labels.labels
        self.heads = tree(scores["arcs"][:words, : words + 1], starts_of(scores["starts"][:words]))
        self.sure = float(
            np.take_along_axis(scores["arcs"][:words], np.maximum(self.heads, 0)[:, None], 1).mean()
        )
        self.tags = [known.tags[i] for i in scores["tags"][:words].argmax(-1)]
        self.morphs = [known.morphs[i].split("~", 1) for i in scores["morphs"][:words].argmax(-1)]
        self.names, self.unsure = names_of(scores["names"][:words], known.names)
        self.relations: list[str] = []


def starts_of(scores: np.ndarray) -> list[int]:
    """Return the positions where sentences start."""
    return [0, *(i for i in range(1, len(scores)) if scores[i, 1] > scores[i, 0])]


def tree(arcs: np.ndarray, starts: Sequence[int]) -> np.ndarray:
    """Find the best tree of each sentence: one root, no cycle.

    Args:
        arcs: words x (words + 1) probabilities; column 0 is the root.
        starts: first words of the sentences.

    Returns:
        For each word 0 for the root, else the position of its head plus one.
    """
    heads = np.zeros(len(arcs), dtype=np.int64)
    scores = np.log(arcs + 1e-9)
    for start, end in zip(starts, [*starts[1:], len(arcs)], strict=True):
        inside = scores[start:end, start + 1 : end + 1].copy()
        np.fill_diagonal(inside, -np.inf)
        if end - start == 1:
            continue
        best = inside.argmax(1)
        gain = scores[start:end, 0] - inside.max(1)
        root = int(gain.argmax())
        best[root] = -1
        if not _is_tree(best, root):
            best = _arborescence(inside, root)
        heads[start:end] = np.where(best < 0, 0, best + start + 1)
    return heads


def _is_tree(heads: np.ndarray, root: int) -> bool:
    for word in range(len(heads)):
        steps, at = 0, word
        while at != root:
            at, steps = int(heads[at]), steps + 1
            if steps > len(heads):
                return False
    return True


def _arborescence(scores: np.ndarray, root: int) -> np.ndarray:
    """Chu-Liu and Edmonds, for the few sentences whose best heads make a cycle."""
    graph = nx.DiGraph()
    for child in range(len(scores)):
        for head in np.argsort(scores[child])[-12:]:
            if child not in (root, head):
                graph.add_edge(int(head), child, weight=max(-50.0, float(scores[child, head])))
        if child != root:
            graph.add_edge(root, child, weight=max(-60.0, float(scores[child, root])))
    found = nx.maximum_spanning_arborescence(graph)
    heads = np.full(len(scores), -1)
    for head, child in found.edges:
        heads[child] = head
    return heads


def names_of(
    scores: np.ndarray, labels: Sequence[str]
) -> tuple[list[tuple[int, int, str]], list[int]]:
    """Read the most probable names that are well formed, and the words in doubt.

    Args:
        scores: words x labels probabilities.
        labels: "O", then B- and I- of each type.
    """
    allowed = np.array(
        [[not b.startswith("I-") or a in (b, f"B-{b[2:]}") for b in labels] for a in labels]
    )
    step = np.where(allowed, 0.0, -1e9)
    logs = np.log(scores + 1e-9)
    best = logs[0] + np.array([-1e9 if b.startswith("I-") else 0.0 for b in labels])
    back: list[np.ndarray] = []
    for row in logs[1:]:
        through = best[:, None] + step
        back.append(through.argmax(0))
        best = through.max(0) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    path.reverse()
    spans: list[tuple[int, int, str]] = []
    for i, label in enumerate(path):
        if labels[label].startswith("B-"):
            spans.append((i, i + 1, labels[label][2:]))
        elif label:
            spans[-1] = (spans[-1][0], i + 1, spans[-1][2])
    unsure = {i for i, label in enumerate(path) if scores[i, label] < NAME_FLOOR}
    doubtful = [s for s in spans if unsure & set(range(s[0], s[1]))]
    unsure.update(i for s in doubtful for i in range(s[0], s[1]))
    return [s for s in spans if s not in doubtful], sorted(unsure)


@torch.inference_mode()
def readings(teacher: Teacher, encoder: Encoder, words: Sequence[Sequence[str]]) -> list[Reading]:
    """Read pieces of text."""
    items = [encoder.plain(piece) for piece in words]
    found: dict[int, Reading] = {}
    for group in batches(items, None):
        batch = tensors([items[i] for i in group], encoder.tokenizer.pad_token_id)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = teacher(batch)
        arrays = {
            name: torch.softmax(scores[name].float(), -1).numpy()
            for name in ("arcs", "starts", "tags", "morphs", "names")
        }
        heads = torch.zeros(batch["words"].shape, dtype=torch.long)
        for row, i in enumerate(group):
            reading = Reading({k: v[row] for k, v in arrays.items()}, encoder, len(words[i]))
            heads[row, : reading.words] = torch.from_numpy(reading.heads)
            found[i] = reading
        with torch.autocast("cpu", dtype=torch.bfloat16):
            relations = teacher.relation_scores(scores, heads).argmax(-1).numpy()
        for row, i in enumerate(group):
            known = relations[row, : found[i].words]
            found[i].relations = [encoder.labels.relations[r] for r in known]
    return [found[i] for i in range(len(items))]


def read(docs: Sequence[Doc], teacher: Teacher, encoder: Encoder) -> Iterator[tuple[Doc, float]]:
    """Yield documents as the teacher reads them, each with its mean certainty of heads."""
    pieces = [(number, start, end) for number, doc in enumerate(docs) for start, end in cuts(doc)]
    texts = [[word.text for word in docs[number][start:end]] for number, start, end in pieces]
    parts: list[list[tuple[int, Reading]]] = [[] for _ in docs]
    for (number, start, _), reading in zip(pieces, readings(teacher, encoder, texts), strict=True):
        parts[number].append((start, reading))
    for doc, found in zip(docs, parts, strict=True):
        yield _annotated(doc, found), float(np.mean([reading.sure for _, reading in found]))


def _annotated(doc: Doc, parts: Sequence[tuple[int, Reading]]) -> Doc:
    heads: list[int] = []
    relations: list[str] = []
    tags: list[str] = []
    classes: list[str] = []
    morphs: list[str] = []
    spans: list[tuple[int, int, str]] = []
    missing: list[int] = []
    for start, reading in parts:
        for i in range(reading.words):
            above = int(reading.heads[i])
            heads.append(start + (i if above == 0 else above - 1))
            # a root has only itself as its head, whatever the relation's scorer says
            relations.append("ROOT" if above == 0 else _not_root(reading.relations[i]))
            tags.append(reading.tags[i])
            classes.append(reading.morphs[i][0])
            morphs.append(reading.morphs[i][1])
        spans += [(start + first, start + last, label) for first, last, label in reading.names]
        missing += [start + i for i in reading.unsure]
    words = [word.text for word in doc]
    made = Doc(
        doc.vocab,
        words=words,
        spaces=[bool(word.whitespace_) for word in doc],
        heads=heads,
        deps=relations,
        tags=tags,
        pos=classes,
        morphs=morphs,
    )
    made.set_ents(
        [Span(made, a, b, label=kind_of(words[a:b]) if k == "LOC" else k) for a, b, k in spans],
        missing=[made[i : i + 1] for i in missing],
        default="outside",
    )
    return made


def _not_root(relation: str) -> str:
    return "dep" if relation.lower() == "root" else relation


def raw_docs(path: Path, vocab: Vocab) -> Iterable[tuple[str, Doc]]:
    """Read raw texts, JSON lines of ``text`` and ``kind``, with the pipeline's own tokenizer."""
    nlp = spacy.blank("en", vocab=vocab)
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        yield entry["kind"], nlp.make_doc(entry["text"])


def write_silver(teacher_folder: Path, raw_text: Path, data: Path) -> None:
    """Write the corpora and what the teacher reads in raw text, in random order."""
    # imported after spaCy, torch keeps to one thread
    torch.set_num_threads(os.cpu_count() or 1)
    teacher, encoder = restored(teacher_folder)
    vocab = spacy.blank("en").vocab
    raw = list(raw_docs(raw_text, vocab))
    done: list[tuple[str, Doc, float]] = []
    for first in range(0, len(raw), CHUNK):
        part = raw[first : first + CHUNK]
        results = read([doc for _, doc in part], teacher, encoder)
        done += [(kind, doc, sure) for (kind, _), (doc, sure) in zip(part, results, strict=True)]
        print(f"raw: {len(done)} of {len(raw)}", flush=True)
    floor = float(np.quantile([sure for _, _, sure in done], UNSURE))
    print(f"raw: dropped below a certainty of {floor:.3f}")
    training: list[Doc] = []
    for name in (NAMED_TREES, OTHER_NAMES):
        corpus = DocBin().from_disk(data / f"{name}.spacy").get_docs(vocab)
        training += [with_kinds(doc) for doc in corpus]
    for kind, doc, sure in done:
        if sure >= floor:
            # headlines are half of what is read and a tenth of the words
            training += [doc, doc, in_title_case(doc)] if kind == "headline" else [doc]
    save(training, data / f"{TRAIN}.spacy")
    treebank = DocBin().from_disk(data / "ud-train.spacy").get_docs(vocab)
    training += raw_headlines.made((doc for _, doc, sure in done if sure >= floor), treebank, vocab)
    save(training, data / f"{WITH_HEADLINES}.spacy")


def save(docs: Sequence[Doc], path: Path) -> None:
    """Write documents in random order."""
    order = np.random.default_rng(SEED).permutation(len(docs))
    DocBin(docs=[docs[i] for i in order]).to_disk(path)
    print(f"{path.stem}: {len(docs)} documents, {sum(map(len, docs))} words")


def in_title_case(doc: Doc) -> Doc:
    """Return a copy In Title Case, as half of the newspapers print headlines."""
    copy = Doc(
        doc.vocab,
        words=[title_cased(word.text) for word in doc],
        spaces=[bool(word.whitespace_) for word in doc],
        heads=[word.head.i for word in doc],
        deps=[word.dep_ for word in doc],
        tags=[word.tag_ for word in doc],
        pos=[word.pos_ for word in doc],
        morphs=[str(word.morph) for word in doc],
    )
    copy.set_ents(
        [Span(copy, ent.start, ent.end, label=ent.label_) for ent in doc.ents],
        missing=[copy[i : i + 1] for i, word in enumerate(doc) if not word.ent_iob_],
        default="outside",
    )
    return copy
