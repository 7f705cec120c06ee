"""Converts UD English EWT, GUM and PUD to spaCy documents: tags, morphology, lemmas, trees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from workers.language.training import datelines, headlines
from workers.language.training.conllu import Sentence, Word, read, to_doc, with_line_break

#: GUM genres whose texts allow commercial use; the others are NC and serve only as a test.
OPEN_GENRES = frozenset(
    {"academic", "bio", "conversation", "court", "interview", "news", "speech", "textbook"}
    | {"vlog", "voyage"}
)
#: Corpora that read like news; they are seen twice in each epoch.
NEWS_LIKE = ("newsgroup-", "weblog-", "GUM_news_", "GUM_interview_", "GUM_speech_")

#: Sentences in one training document, so that the parser learns where sentences end.
SENTENCES_PER_DOC = 8
#: Words after which a new paragraph also starts a new training document.
PARAGRAPH_WORDS = 60
#: Share of the suitable sentences that get a copy as a headline; in news, all get two.
HEADLINE_SHARE = 0.8
#: Share of the headlines that stand above a text, as title and text do in an article.
HEADLINE_ABOVE_TEXT = 0.6
#: Share of the documents that open with a statement and get a dateline before it.
DATELINE_SHARE = 0.4
#: Share of the paragraph borders inside a document that are written as a line break.
LINE_BREAK_SHARE = 0.5
#: Share of those that are one line break, not an empty line.
ONE_LINE_BREAK = 0.5

SEED = 1


def training_files(data: Path) -> list[Path]:
    """List the treebank files that the pipeline may be trained on."""
    ewt, gum = data / "ewt" / "not-to-release", data / "gum" / "not-to-release"
    ewt_names = (ewt / "file-lists" / "files.train").read_text(encoding="utf-8").split()
    gum_names = (gum / "file-lists" / "files.train").read_text(encoding="utf-8").split()
    return [ewt / "sources" / name for name in ewt_names] + [
        gum / "sources" / f"{name}.conllu" for name in gum_names if is_open(name)
    ]


def is_open(document: str) -> bool:
    """Tell whether a GUM document belongs to one of the open genres; EWT's all do."""
    return not document.startswith("GUM_") or document.split("_")[1] in OPEN_GENRES


def is_news_like(document: str) -> bool:
    """Tell whether a document is closer to news than to chat, mail and reviews."""
    return any(mark in document for mark in NEWS_LIKE)


def grouped(
    sentences: Iterable[Sentence], per_doc: int = SENTENCES_PER_DOC
) -> Iterator[list[Sentence]]:
    """Group consecutive sentences of one document into training documents."""
    group: list[Sentence] = []
    for sentence in sentences:
        full = len(group) >= per_doc or (
            sentence.opens_paragraph and sum(len(s.words) for s in group) > PARAGRAPH_WORDS
        )
        if group and (full or sentence.document != group[0].document):
            yield group
            group = []
        group.append(sentence)
    if group:
        yield group


def with_paragraph_breaks(
    group: Sequence[Sentence], random: np.random.Generator
) -> list[tuple[Word, ...]]:
    """Write some paragraph borders as the line breaks that they are in a real text."""
    texts = [sentence.words for sentence in group]
    for i, following in enumerate(group[1:]):
        if following.opens_paragraph and random.random() < LINE_BREAK_SHARE:
            texts[i] = with_line_break(
                texts[i], "\n" if random.random() < ONE_LINE_BREAK else "\n\n"
            )
    return texts


def training_docs(nlp: Language, files: Iterable[Path]) -> list[Doc]:
    """Build the training documents: the treebanks, news twice, and headlines."""
    random = np.random.default_rng(SEED)
    places = datelines.Places(random)
    groups = [group for path in files for group in grouped(read(path))]
    docs: list[Doc] = []
    titles: list[tuple[Word, ...]] = []
    for sentence in (sentence for group in groups for sentence in group):
        copies = 2 if is_news_like(sentence.document) else int(random.random() < HEADLINE_SHARE)
        for _ in range(copies):
            headline = headlines.make(sentence.words, random)
            if headline is not None and random.random() < HEADLINE_ABOVE_TEXT:
                titles.append(headline)
            elif headline is not None:
                docs.append(to_doc(nlp.vocab, [headline]))
    print(f"headlines: {len(docs)} alone, {len(titles)} above a text")
    repeated = [g for g in groups for _ in range(2 if is_news_like(g[0].document) else 1)]
    for i in random.permutation(len(repeated)):
        texts = with_paragraph_breaks(repeated[i], random)
        if random.random() < DATELINE_SHARE and headlines.is_statement(texts[0]):
            texts.insert(0, datelines.tree(nlp, places.dateline()))
        if titles:
            texts.insert(0, with_line_break(titles.pop()))
        docs.append(to_doc(nlp.vocab, texts))
    return [docs[i] for i in random.permutation(len(docs))]


def plain_docs(
    nlp: Language,
    path: Path,
    keep: Callable[[str], bool],
    per_doc: int = SENTENCES_PER_DOC,
) -> list[Doc]:
    """Build the documents of a dev or test file as they are."""
    chosen = (sentence for sentence in read(path) if keep(sentence.document))
    return [to_doc(nlp.vocab, [s.words for s in group]) for group in grouped(chosen, per_doc)]


def save(docs: Sequence[Doc], path: Path) -> None:
    """Write documents and say how many."""
    DocBin(docs=docs).to_disk(path)
    sentences = sum(1 for doc in docs for _ in doc.sents)
    print(f"{path.stem}: {len(docs)} documents, {sentences} sentences, {sum(map(len, docs))} words")


def main(data: Path, out: Path) -> None:
    """Convert what is trained on and what training is stopped by into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    nlp = spacy.blank("en")
    save(training_docs(nlp, training_files(data)), out / "ud-train.spacy")
    dev = plain_docs(nlp, data / "ewt" / "en_ewt-ud-dev.conllu", is_open)
    dev += plain_docs(nlp, data / "gum" / "en_gum-ud-dev.conllu", is_open)
    save(dev, out / "ud-dev.spacy")
