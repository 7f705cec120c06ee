"""Converts five corpora of names to spaCy documents with one label scheme.

Trained on: UNER-EWT, the open genres of GUM, wikigold, CrossNER politics and re3d without its
BBC part (CC BY-NC). Only tests: UNER-PUD, re3d's held-out documents, worldwide (no licence).
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from workers.language.training import gum_names, swap_names
from workers.language.training.annotation import (
    Mention,
    annotated,
    is_capital,
    lists,
    may_be_inside,
    settled,
    spans,
)

#: The part of re3d that is not free for commercial use: tested on, never trained on.
NON_COMMERCIAL = "BBC Online"
#: Share of each re3d folder that is held out, and the seed that drew it.
RE3D_HELD_OUT, RE3D_SEED = 0.25, 1
#: Annotators' agreement below which a re3d entity is left out.
RE3D_CONFIDENCE = 0.5
#: Words after which a document without sentence marks is cut at the next sentence end.
CHUNK_WORDS = 40
#: Sentences (UNER) and words (wikigold) in a training document.
UNER_SENTENCES, WIKIGOLD_WORDS = 6, 70
#: worldwide: lines in a document, and how many of twenty articles are the test part.
WORLDWIDE_SENTENCES, WORLDWIDE_TEST = 4, 3

SEED = 0

_SHORT = {"PER": "PERSON", "LOC": "LOC", "ORG": "ORG"}
_CROSSNER = {
    "politician": "PERSON",
    "person": "PERSON",
    "politicalparty": "ORG",
    "organisation": "ORG",
    "location": "LOC",
    "country": "LOC",
}
_WORLDWIDE = {
    "Person": "PERSON",
    "Organization": "ORG",
    "Location": "LOC",
    "Facility": "LOC",
    "NORP": "NORP",
    "Date": "DATE",
}
_GROUP_ENDINGS = ("i", "ian", "ish", "ese", "ist", "ists", "is", "ans")
_CLOSING = frozenset({",", ".", ";", ":", "'s", "\u2019s", ")", "?", "!", "%", "n't", "”"})
_OPENING = frozenset({"(", "“", "$"})
_BEFORE_TIME = frozenset({"the", "on", "in", "a", "an", "at"})


def guessed_spaces(words: Sequence[str]) -> list[bool]:
    """Guess where spaces stood, for a corpus that does not say."""
    following = [*words[1:], ""]
    return [
        word not in _OPENING and after not in _CLOSING
        for word, after in zip(words, following, strict=True)
    ]


def spaces_in(words: Sequence[str], text: str) -> list[bool]:
    """Find where spaces stand between the words of a text."""
    spaces: list[bool] = []
    position = 0
    for word in words:
        found = text.find(word, position)
        if found < 0:
            return [True] * len(words)
        position = found + len(word)
        spaces.append(text[position : position + 1].isspace())
    return spaces


def uner(nlp: Language, path: Path, sentences_per_doc: int = UNER_SENTENCES) -> list[Doc]:
    """Read UNER: PER, ORG and LOC over a UD treebank, and OTH, which holds nationalities."""
    docs: list[Doc] = []
    for _, document in groupby(_uner_sentences(path), key=lambda item: item[0]):
        sentences = list(document)
        for first in range(0, len(sentences), sentences_per_doc):
            words: list[str] = []
            spaces: list[bool] = []
            mentions: list[Mention] = []
            for _, more, text, tags in sentences[first : first + sentences_per_doc]:
                offset = len(words)
                mentions += [
                    Mention(m.start + offset, m.end + offset, m.label)
                    for m in _uner_mentions(more, tags)
                ]
                words += more
                spaces += [*spaces_in(more, text)[:-1], True]
            docs.append(annotated(nlp.vocab, words, spaces, mentions))
    return docs


def _uner_sentences(path: Path) -> Iterator[tuple[str, list[str], str, list[str]]]:
    """Yield (document, words, text, tags) of an .iob2 file."""
    document = text = ""
    rows: list[list[str]] = []
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        if line.startswith("# newdoc"):
            document = line
        elif line.startswith("# text"):
            text = line.partition("=")[2].strip()
        elif line and not line.startswith("#"):
            rows.append(line.split("\t"))
        elif not line and rows:
            tags = ["O" if row[2] in {"B-O", "I-O"} else row[2] for row in rows]
            yield document, [row[1] for row in rows], text, tags
            rows = []


def _uner_mentions(words: Sequence[str], tags: Sequence[str]) -> Iterator[Mention]:
    for start, end, label in spans(tags):
        if label in _SHORT:
            yield Mention(start, end, _SHORT[label])
        for i in range(start, end) if label == "OTH" else ():
            alone = end - start == 1 and words[i].endswith(_GROUP_ENDINGS)
            if alone or words[i] in lists().groups:
                yield Mention(i, i + 1, "NORP")


def wikigold(nlp: Language, path: Path) -> list[Doc]:
    """Read wikigold: PER, LOC, ORG and MISC over Wikipedia, tagged I- throughout."""
    docs: list[Doc] = []
    words: list[str] = []
    tags: list[str] = []
    for line in [*path.read_text(encoding="utf-8").split("\n"), "-DOCSTART- O"]:
        fields = line.split()
        starts = fields[:1] == ["-DOCSTART-"]
        if words and (starts or (not fields and len(words) > WIKIGOLD_WORDS)):
            mentions = [
                Mention(m.start, m.end, _SHORT.get(m.label, "NORP"))
                for m in spans(tags)
                if m.label in _SHORT or (m.end - m.start == 1 and words[m.start] in lists().groups)
            ]
            docs.append(annotated(nlp.vocab, words, guessed_spaces(words), mentions))
            words, tags = [], []
        if fields and not starts:
            words.append(fields[0])
            tags.append(fields[-1])
    return docs


def crossner(nlp: Language, folder: Path) -> list[Doc]:
    """Read CrossNER's politics; what it calls "misc" is mixed, so it counts as missing."""
    docs: list[Doc] = []
    for part in ("train", "dev", "test"):
        for block in (folder / f"{part}.txt").read_text(encoding="utf-8").split("\n\n"):
            rows = [line.split("\t") for line in block.splitlines() if "\t" in line]
            if not rows:
                continue
            words, found = [row[0] for row in rows], list(spans([row[1] for row in rows]))
            mentions = [
                Mention(m.start, m.end, _CROSSNER[m.label]) for m in found if m.label in _CROSSNER
            ]
            missing = [i for m in found if m.label == "misc" for i in range(m.start, m.end)]
            missing = [i for i in missing if words[i] not in lists().groups]
            docs.append(annotated(nlp.vocab, words, guessed_spaces(words), mentions, missing))
    return docs


def worldwide(nlp: Language, folder: Path) -> list[Doc]:
    """Read the test part of worldwide: newspapers of all continents."""
    docs: list[Doc] = []
    for path in sorted(folder.glob("*.tsv")):
        digest = hashlib.md5(path.name.encode(), usedforsecurity=False).hexdigest()
        if int(digest, 16) % 20 >= WORLDWIDE_TEST:
            continue
        blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
        sentences = [[line.split("\t") for line in block.splitlines()] for block in blocks]
        for first in range(0, len(sentences), WORLDWIDE_SENTENCES):
            rows = [
                (fields[0].split()[-1], fields[1].strip())
                for sentence in sentences[first : first + WORLDWIDE_SENTENCES]
                for fields in sentence
                if len(fields) > 1
                and fields[0].strip()
                and not fields[0].startswith(("http", "HYPERLINK"))
            ]
            words = [word for word, _ in rows]
            mentions = [
                Mention(m.start, m.end, _WORLDWIDE[m.label])
                for m in spans([tag for _, tag in rows])
                if m.label in _WORLDWIDE
            ]
            if words:
                spaces = guessed_spaces(words)
                docs.append(
                    annotated(nlp.vocab, words, spaces, mentions, has_groups=True, has_dates=True)
                )
    return docs


def re3d(nlp: Language, root: Path) -> dict[tuple[str, str], list[Doc]]:
    """Read re3d by (folder, document): military and diplomatic texts on Syria and Iraq."""
    docs: dict[tuple[str, str], list[Doc]] = {}
    for folder in sorted(path.parent for path in root.glob("*/documents.json")):
        entities: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for entity in _json_lines(folder / "entities.json"):
            if entity["confidence"] >= RE3D_CONFIDENCE:
                entities[entity["documentId"]].append(entity)
        for document in _json_lines(folder / "documents.json"):
            text = nlp.make_doc(document["text"])
            mentions, missing = _re3d_mentions(text, entities[document["_id"]])
            docs[folder.name, document["_id"]] = list(_chunks(text, mentions, missing))
    return docs


def _re3d_mentions(text: Doc, entities: Iterable[dict[str, Any]]) -> tuple[list[Mention], set[int]]:
    """Tell names from descriptions: re3d marks "rebel groups" and "the Army" alike."""
    words = [token.text for token in text]
    found: set[Mention] = set()
    for entity in entities:
        span = text.char_span(entity["begin"], entity["end"], alignment_mode="expand")
        if span is not None:
            found.add(Mention(span.start, span.end, entity["type"]))
    mentions: list[Mention] = []
    missing: set[int] = set()
    used: set[int] = set()
    for mention in sorted(found, key=lambda m: (m.start - m.end, m)):
        inside = range(mention.start, mention.end)
        if used.isdisjoint(inside):
            names = list(_re3d_names(words, mention))
            mentions += [name for name in names if name.label]
            missing.update(i for name in names if not name.label for i in inside)
            used.update(inside if names else ())
    return mentions, missing


def _re3d_names(words: Sequence[str], mention: Mention) -> Iterator[Mention]:
    """Yield the names in one re3d entity; one without label where it is unclear."""
    start, end, kind = mention
    if kind == "Nationality":
        yield from (Mention(i, i + 1, "NORP") for i in range(start, end) if is_capital(words[i]))
    elif kind == "Temporal":
        while start < end and words[start].lower() in _BEFORE_TIME:
            start += 1
        if start < end:
            yield Mention(start, end, "DATE")
    elif kind in {"Person", "Organisation", "Location"}:
        label = {"Person": "PERSON", "Organisation": "ORG", "Location": "LOC"}[kind]
        name = settled(words, Mention(start, end, label))
        if name is None:
            return
        inside = words[name.start : name.end]
        if all(map(may_be_inside, inside)) and is_capital(inside[-1]):
            yield name
        elif inside[0] in lists().groups and not any(map(is_capital, inside[1:])):
            yield Mention(name.start, name.start + 1, "NORP")
        elif any(map(is_capital, inside)):
            yield Mention(start, end, "")


def _chunks(text: Doc, mentions: Sequence[Mention], missing: set[int]) -> Iterator[Doc]:
    """Cut a document at sentence ends, never inside a name."""
    inside = {i for m in mentions for i in range(m.start, m.end - 1)}
    start = 0
    for i, token in enumerate(text):
        ends = token.text in {".", "!", "?"} or "\n" in token.text
        if i + 1 < len(text) and (i in inside or i - start < CHUNK_WORDS or not ends):
            continue
        part = text[start : i + 1]
        yield annotated(
            text.vocab,
            [t.text for t in part],
            [bool(t.whitespace_) for t in part],
            [
                Mention(m.start - start, m.end - start, m.label)
                for m in mentions
                if m.start >= start and m.end <= i + 1
            ],
            {j - start for j in missing if start <= j <= i},
            has_dates=True,
        )
        start = i + 1


def _json_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8-sig").splitlines() if line]


def held_out(keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Draw the re3d documents that are only tested on: a quarter of each folder."""
    shuffled = sorted(keys)
    random.Random(RE3D_SEED).shuffle(shuffled)  # noqa: S311 - a reproducible split, no secret
    chosen: set[tuple[str, str]] = set()
    for folder in {folder for folder, _ in shuffled}:
        inside = [key for key in shuffled if key[0] == folder]
        chosen.update(inside[: max(1, round(RE3D_HELD_OUT * len(inside)))])
    return chosen


def save(docs: Sequence[Doc], path: Path) -> None:
    """Write documents and say what is in them."""
    DocBin(docs=docs).to_disk(path)
    labels = Counter(ent.label_ for doc in docs for ent in doc.ents)
    counts = " ".join(f"{label} {n}" for label, n in sorted(labels.items()))
    print(f"{path.stem}: {len(docs)} documents, {sum(map(len, docs))} words, {counts}")


def on_trees(nlp: Language, data: Path, sentences: int = UNER_SENTENCES) -> list[Doc]:
    """Read the names that are trained on and whose sentences are in the treebanks too."""
    ewt = uner(nlp, next((data / "uner-ewt").glob("*-train*.iob2")), sentences)
    return ewt + gum_names.training_docs(nlp, data / "gum", sentences)


def dev_on_trees(nlp: Language, data: Path, sentences: int = UNER_SENTENCES) -> list[Doc]:
    """Read the names that training is stopped by; their sentences are in the treebanks too."""
    ewt = uner(nlp, data / "uner-ewt" / "en_ewt-ud-dev.iob2", sentences)
    return ewt + gum_names.dev_docs(nlp, data / "gum", sentences)


def main(data: Path, out: Path) -> None:
    """Convert what is trained on into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    nlp = spacy.blank("en")
    wiki = data / "wikigold" / "data" / "wikigold" / "CONLL-format" / "data"
    reports = re3d(nlp, data / "re3d")
    tested = held_out(reports)
    train = on_trees(nlp, data)
    train += wikigold(nlp, wiki / "wikigold.conll.txt")
    train += crossner(nlp, data / "crossner-politics" / "ner_data" / "politics")
    train += [
        doc
        for key, docs in sorted(reports.items())
        if key not in tested and key[0] != NON_COMMERCIAL
        for doc in docs
    ]
    save(swap_names.with_copies(nlp, train, SEED), out / "names-train.spacy")
