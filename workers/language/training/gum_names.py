"""Takes names from GUM, whose nested mentions cover every noun phrase, named or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from workers.language.training.annotation import (
    Mention,
    annotated,
    is_capital,
    lists,
    looks_like_date,
)
from workers.language.training.conllu import Word, read
from workers.language.training.convert_treebanks import grouped, is_open, training_files

SENTENCES_PER_DOC = 6
#: Words in the longest mention that still is a date and no description of a time.
LONGEST_DATE = 5

_LABELS = {"person": "PERSON", "organization": "ORG", "place": "LOC"}
_ENTITY = re.compile(r"(?:^|\|)Entity=([^|]*)")
_BRACKET = re.compile(r"\([^()]*\)?|[^()]+\)")
_JOINING = frozenset({"of", "for", "&", "and", "the"})
_ARTICLES = frozenset({"the", "a", "an"})


def training_docs(nlp: Language, root: Path, sentences: int = SENTENCES_PER_DOC) -> list[Doc]:
    """Build the documents of GUM's open genres."""
    files = [path for path in training_files(root.parent) if root in path.parents]
    return [doc for path in files for doc in docs(nlp, path, sentences)]


def dev_docs(nlp: Language, root: Path, sentences: int = SENTENCES_PER_DOC) -> list[Doc]:
    """Build the development documents, of the open genres too."""
    return docs(nlp, root / "en_gum-ud-dev.conllu", sentences)


def docs(nlp: Language, path: Path, sentences: int = SENTENCES_PER_DOC) -> list[Doc]:
    """Build the documents of one file."""
    built: list[Doc] = []
    open_sentences = (sentence for sentence in read(path) if is_open(sentence.document))
    for group in grouped(open_sentences, sentences):
        words: list[Word] = []
        mentions: list[Mention] = []
        for sentence in group:
            for start, end, label in _names(sentence.words):
                mentions.append(Mention(start + len(words), end + len(words), label))
            words += sentence.words
        missing = [i for m in mentions if not m.label for i in range(m.start, m.end)]
        built.append(
            annotated(
                nlp.vocab,
                [word.form for word in words],
                [word.space_after for word in words[:-1]] + [True],
                [mention for mention in mentions if mention.label],
                missing,
            )
        )
    return built


def _names(words: Sequence[Word]) -> Iterator[Mention]:
    """Yield the names among a sentence's mentions; label "" marks what cannot be told."""
    for start, end, kind in sorted(_mentions(words), key=lambda m: m.start - m.end):
        if kind == "time":
            yield _date(words, start, end)
            continue
        heads = [i for i in range(start, end) if not start <= words[i].head < end]
        if kind not in _LABELS or not heads or not words[heads[0]].xpos.startswith("NNP"):
            continue
        head = heads[0]
        if kind == "person" and words[head].xpos == "NNPS":
            is_group = words[head].form in lists().groups
            yield Mention(head, head + 1, "NORP") if is_group else Mention(start, end, "")
        else:
            yield _around(words, head, Mention(start, end, _LABELS[kind]))


def _mentions(words: Sequence[Word]) -> Iterator[Mention]:
    """Yield all mentions of the Entity brackets in MISC: ``(12-person-...`` up to ``12)``."""
    pending: list[tuple[str, int, str]] = []
    for i, word in enumerate(words):
        entity = _ENTITY.search(word.misc)
        for bracket in _BRACKET.findall(entity.group(1)) if entity else ():
            identity, _, rest = bracket.strip("()").partition("-")
            kind = rest.partition("-")[0]
            if bracket.startswith("(") and bracket.endswith(")"):
                yield Mention(i, i + 1, kind)
            elif bracket.startswith("("):
                pending.append((identity, i, kind))
            else:
                position = next(
                    (k for k in reversed(range(len(pending))) if pending[k][0] == identity), None
                )
                if position is not None:
                    _, start, kind = pending.pop(position)
                    yield Mention(start, i + 1, kind)


def _date(words: Sequence[Word], start: int, end: int) -> Mention:
    """Return a mention of time as a date where it names one."""
    first = start
    while first < end and words[first].form.lower() in _ARTICLES:
        first += 1
    forms = [word.form for word in words[start:end]]
    names_one = any(re.search(r"\d", form) or form in lists().date_anchors for form in forms)
    if 0 < end - first <= LONGEST_DATE and names_one and any(looks_like_date(forms)):
        return Mention(first, end, "DATE")
    return Mention(start, end, "")


def _around(words: Sequence[Word], head: int, mention: Mention) -> Mention:
    """Widen a head to the name around it: "the former [Bank of England] chief economist"."""
    start, end = head, head + 1
    while start > mention.start and _belongs(words[start - 1]):
        start -= 1
    while end < mention.end:
        if _belongs(words[end]):
            end += 1
            continue
        after = end
        while after < mention.end and words[after].form.lower() in _JOINING:
            after += 1
        joins_places = mention.label == "LOC" and words[end].form.lower() == "and"
        if (
            mention.label == "PERSON"
            or after in {end, mention.end}
            or joins_places
            or not words[after].xpos.startswith("NNP")
        ):
            break
        end = after + 1
    return Mention(start, end, mention.label)


def _belongs(word: Word) -> bool:
    return word.xpos.startswith("NNP") or (
        word.xpos in {"HYPH", "CD"} or (is_capital(word.form) and word.xpos in {"JJ", "NN", "NNS"})
    )
