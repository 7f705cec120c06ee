"""Tells the language of an article, headlines of three words included.

A guesser of languages alone is at a loss before "Erdogan meets Tokayev", for names have no
language. So the small words that spaCy lists for each language are counted, too, and where neither
decides a text is English: of another language read as English nothing comes, since it has no words
that mean an event, but an English report that is skipped is lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from runpy import run_path

import spacy.lang
from py3langid.langid import MODEL_FILE, LanguageIdentifier

ENGLISH = "en"

#: characters of a text that are looked at; more of them tell nothing new
LOOKED_AT = 2_000
#: English small words, and their share in the words of a text, that settle it: whatever is quoted
SETTLE, SHARE = 2, 0.15
#: of all letters, the share that must be Latin for a text to be in English at all
LATIN = 0.2
#: how likely English may be, at most, for another language: where that one's small words are by
#: far more; more; where there is no English word; where the feed says so and no word contradicts
FAR_MORE, MORE, NO_WORD, FEED_SAYS = 0.05, 0.001, 0.01, 0.1

#: other names of languages, as spaCy has them
_SPACY = {"no": "nb"}
#: known to the guesser, but of no newsroom; they draw short headlines of their neighbours to them
_NO_NEWS = frozenset({"an", "eo", "la", "oc", "vo", "wa"})
#: languages whose small words an English text may have: "in", "on", "an", "under"
_ROMANCE = ("ca", "es", "fr", "it", "pt", "ro")
_GERMANIC = ("da", "de", "nb", "nl", "sv")
_NEIGHBOURS = (*_ROMANCE, *_GERMANIC, "cs", "fi", "hu", "id", "pl", "tr")

_WORD = re.compile(r"[^\W\d_]+")
_LATIN_LETTERS = "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_LATIN_WORD = re.compile(rf"(?<![^\W\d_])[{_LATIN_LETTERS}]+(?![^\W\d_])")
_CODE = re.compile(r"[a-z]{2}(?![a-z])")


def language_of(text: str, hint: str | None, english: Collection[str] = ()) -> str:
    """Return the language of a text as its two letters (ISO 639-1).

    Args:
        text: title and body, as plain text.
        hint: what the feed says, such as ``en-GB``; often wrong, so it decides only doubtful texts.
        english: further words, in small letters, that are English: those of the lexicon.
    """
    declared = _CODE.match((hint or "").lower())
    text = text[:LOOKED_AT]
    latin = _LATIN_WORD.findall(text)
    letters = sum(map(len, _WORD.findall(text)))
    words = [word.lower() for word in latin if len(word) > 1]
    if sum(map(len, latin)) >= LATIN * letters and _is_plain(words):
        return ENGLISH
    if sum(map(len, latin)) * 2 < letters:
        return _likely(text)[0]
    if not words:
        return ENGLISH
    small = [word for word in latin if word[0].islower()]
    return _of_words(words, small, declared[0] if declared else "", english)


def in_words(outcome: str) -> str:
    """Say what became of an article in another language, and nothing of one in English.

    Args:
        outcome: that of the reading, such as ``skipped:fr``.
    """
    what, _, language = outcome.partition(":")
    told = {
        "skipped": "no pipeline reads it; see workers.pipeline",
        "names_only": "names were found; events are read in English only",
    }
    return f'language "{language}": {told[what]}' if what in told else ""


def _is_plain(words: list[str]) -> bool:
    found = sum(word in _only_english() for word in words)
    if found and _foreign().isdisjoint(words):
        return True
    return found >= SETTLE and found >= SHARE * len(words)


def _of_words(words: list[str], small: list[str], declared: str, english: Collection[str]) -> str:
    # names begin with capitals, so what does not tells more, if there is enough of it
    likely, chances = _likely(" ".join(small if len(small) > 1 else words))
    doubt = chances.pop(ENGLISH, 0.0)
    for other in dict.fromkeys((likely, declared)):
        if other in {ENGLISH, ""} or doubt >= chances.get(other, 0.0):
            continue
        known = _small_words(other) or _small_words(ENGLISH) - _only_english()
        mine = sum(word in known and word not in _small_words(ENGLISH) for word in words)
        ours = sum(
            word not in known and (word in _small_words(ENGLISH) or word in english)
            for word in words
        )
        if (
            (mine >= max(1, 2 * ours) and doubt < FAR_MORE)
            or (mine > ours and doubt < MORE)
            or (not ours and other == likely and doubt < NO_WORD)
            or (1 >= ours <= mine and other == declared and doubt < FEED_SAYS)
        ):
            return other
    return ENGLISH


def _likely(text: str) -> tuple[str, dict[str, float]]:
    """Return the likeliest language but English, and how likely each of all is."""
    ranked = _guesser().rank(text)
    return next(each for each, _ in ranked if each != ENGLISH), dict(ranked)


@cache
def _guesser() -> LanguageIdentifier:
    guesser = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    two = [each for each in guesser.labels if len(each) == 2 and each not in _NO_NEWS]  # noqa: PLR2004 — ISO 639-1
    guesser.set_languages(two)
    return guesser


@cache
def _small_words(language: str) -> frozenset[str]:
    """Return the small words of a language; none where spaCy does not know it."""
    code = _SPACY.get(language, language)
    # the list alone: the package around it takes seconds to import, for French
    file = Path(spacy.lang.__path__[0], code, "stop_words.py")
    return frozenset(run_path(str(file))["STOP_WORDS"] if file.exists() else ())


@cache
def _only_english() -> frozenset[str]:
    return _small_words(ENGLISH).difference(*map(_small_words, _NEIGHBOURS))


@cache
def _foreign() -> frozenset[str]:
    """Return the small words of the neighbours that no English text has."""
    return frozenset().union(*map(_small_words, _NEIGHBOURS)) - _small_words(ENGLISH)
