"""Reads CoNLL-U and turns its sentences into spaCy documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from spacy.tokens import Doc
from spacy.vocab import Vocab

_COLUMNS = 10
_ROOT = "ROOT"


@dataclass(frozen=True)
class Word:
    """A syntactic word; ``head`` is its governor's index in the sentence, -1 for the root."""

    form: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    relation: str
    space_after: bool
    misc: str = ""


@dataclass(frozen=True)
class Sentence:
    """The words of one sentence and where in its document it stands."""

    document: str
    opens_paragraph: bool
    words: tuple[Word, ...]


def read(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a CoNLL-U file.

    Parts of a multi-word token stay words of their own: "don't" is "do" and "n't" there and in
    spaCy's English tokenizer alike. Empty nodes are left out, and so are sentences whose text
    the treebank withholds (every form an underscore).
    """
    document, opens_paragraph = path.stem, False
    rows: list[list[str]] = []
    with path.open(encoding="utf-8") as lines:
        for raw in lines:
            line = raw.rstrip("\n")
            if line.startswith("# newdoc"):
                document, opens_paragraph = line.partition("=")[2].strip() or path.stem, True
            elif line.startswith("# newpar"):
                opens_paragraph = True
            elif line and not line.startswith("#"):
                rows.append(line.split("\t"))
            elif not line and rows:
                words = tuple(_words(rows))
                if any(word.form != "_" for word in words):
                    yield Sentence(document, opens_paragraph, words)
                rows, opens_paragraph = [], False


def _words(rows: Sequence[Sequence[str]]) -> Iterator[Word]:
    """Yield the words of one sentence, with the spacing of the tokens that they are part of."""
    last_part, space_after_token = 0, True
    for row in rows:
        if len(row) != _COLUMNS:
            msg = f"not a CoNLL-U row: {row}"
            raise ValueError(msg)
        number, space_after = row[0], "SpaceAfter=No" not in row[9]
        if "." in number:
            continue
        if "-" in number:
            last_part, space_after_token = int(number.partition("-")[2]), space_after
            continue
        if int(number) < last_part:
            space_after = False
        elif int(number) == last_part:
            space_after = space_after_token
        yield Word(
            form=row[1],
            lemma=row[1] if row[2] == "_" else row[2],
            upos=row[3],
            xpos=row[4],
            feats="" if row[5] == "_" else row[5],
            head=int(row[6]) - 1,
            relation=_ROOT if row[6] == "0" else row[7],
            space_after=space_after,
            misc=row[9],
        )


def line_break(after: Sequence[Word], text: str = "\n") -> Word:
    """Return the token that spaCy's tokenizer makes of a line break behind these words.

    It hangs on the last word by "dep", as in spaCy's own whitespace augmentation.
    """
    return Word(text, text, "SPACE", "_SP", "", len(after) - 1, "dep", space_after=False)


def with_line_break(words: Sequence[Word], text: str = "\n") -> tuple[Word, ...]:
    """Close a sentence with a line break instead of a space."""
    return (*words[:-1], replace(words[-1], space_after=False), line_break(words, text))


def to_doc(vocab: Vocab, sentences: Sequence[Sequence[Word]]) -> Doc:
    """Put sentences into one annotated document."""
    words = [word for sentence in sentences for word in sentence]
    spaces: list[bool] = []
    heads: list[int] = []
    for sentence in sentences:
        start = len(heads)
        heads += [start + (i if w.head < 0 else w.head) for i, w in enumerate(sentence)]
        spaces += [word.space_after for word in sentence]
        spaces[-1] = sentence[-1].upos != "SPACE"
    return Doc(
        vocab,
        words=[word.form for word in words],
        spaces=spaces,
        tags=[word.xpos for word in words],
        pos=[word.upos for word in words],
        morphs=[word.feats for word in words],
        lemmas=[word.lemma for word in words],
        heads=heads,
        deps=[word.relation for word in words],
    )
