"""Which articles are copies of one report: near-duplicate texts, and credits outside the text.

With the claims of an article goes a note on it: its MinHash (A. Broder, *On the resemblance and
containment of documents*, 1997; the library is datasketch) and its byline. The judge compares the
note with those that it kept on the articles that say the same of the same subject. Whether two
texts are near-copies does not depend on which came first, so neither do the statuses.
"""

from __future__ import annotations

import base64
import operator
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from redis import Redis
from redis.client import Pipeline

from monitor.keys import Keys
from monitor.records import Article, Claim, Note

#: words of a shingle
_SHINGLE = 3
#: texts with fewer words say too little to be told from each other
_LEAST_WORDS = 20
#: hash functions; the estimate of a resemblance of 0.35 is off by 0.04 (standard deviation)
_HASHES = 128
#: least resemblance of copies. In two months of feeds and in the demo archive, copies cut to half
#: have 0.41 and more, independent reports of one event 0.25 and less
_COPY = 0.35

#: seconds that a note is kept
_KEPT = 7 * 86_400

_WORD = re.compile(r"\w+")


def sketch(text: str) -> str:
    """Return the MinHash of a text as a short text, empty when it is too short to compare.

    The low 16 bits of each hash are enough (P. Li and A. König, *b-bit minwise hashing*, 2010).
    """
    words = _WORD.findall(text.lower())
    if len(words) < _LEAST_WORDS:
        return ""
    from datasketch import MinHash  # noqa: PLC0415 — it brings scipy, which few need

    hashes = MinHash(num_perm=_HASHES)
    hashes.update_batch(
        " ".join(words[start : start + _SHINGLE]).encode()
        for start in range(len(words) - _SHINGLE + 1)
    )
    low = (hashes.hashvalues & 0xFFFF).astype("<u2")
    return base64.b64encode(low.tobytes()).decode()


def resemblance(one: str, other: str) -> float:
    """Estimate which share of their shingles two texts have in common, from their sketches."""
    if not one or not other:
        return 0.0
    first, second = (memoryview(base64.b64decode(each)).cast("H") for each in (one, other))
    equal: int = sum(map(operator.eq, first, second))
    return equal / _HASHES


def note_of(article: Article) -> Note:
    """Return the note on an article, which goes with its claims."""
    return Note(sketch=sketch(article.body), byline=article.byline)


def keep_note(pipe: Pipeline, keys: Keys, article: str, note: Note) -> None:
    """Keep the note on an article, in the commit that judges its claims."""
    if note != Note():
        mapping: dict[Any, Any] = note.model_dump()
        pipe.hset(keys.note(article), mapping=mapping)
        pipe.expire(keys.note(article), _KEPT)


def notes(redis: Redis, keys: Keys, articles: Sequence[str]) -> dict[str, Note]:
    """Return the notes on articles, as far as they are still kept."""
    with redis.pipeline(transaction=False) as pipe:
        for article in articles:
            pipe.hgetall(keys.note(article))
        rows = zip(articles, pipe.execute(), strict=True)
    return {each: Note.model_validate(row) for each, row in rows if row}


def told_apart(
    claims: Iterable[Claim],
    own: Note,
    others: Collection[Claim],
    noted: Callable[[Sequence[str]], dict[str, Note]],
    credit: Callable[[str], str | None],
) -> list[Claim]:
    """Return new claims of one article, marked with what it copies and whom it credits.

    Args:
        claims: of one article, about one facet of one subject.
        own: the note on that article.
        others: the claims that are held on the same.
        noted: article ids -> their notes.
        credit: a byline -> source id of the agency that it names.
    """
    marked = []
    for claim in claims:
        rivals = {one.article for one in others if one.value == claim.value}
        known = noted(sorted(rivals - {claim.article})) if own.sketch else {}
        copies = tuple(each for each, note in known.items() if _same(own.sketch, note.sketch))
        agency = claim.credit or (credit(own.byline) if own.byline else None)
        marked.append(claim.model_copy(update={"copies": copies, "credit": agency}))
    return marked


def _same(one: str, other: str) -> bool:
    return resemblance(one, other) >= _COPY
