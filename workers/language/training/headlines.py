"""Makes headlines of ordinary treebank sentences, with their trees.

No open treebank holds news headlines, which drop articles, auxiliaries and the final period
and are written In Title Case. A parser that never saw one takes "Rebels Seize Hama" for a name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from workers.language.training.conllu import Word

#: Words in the sentence and in the headline made of it.
MIN_WORDS, MAX_WORDS = 3, 22

_BE_RELATIONS = frozenset({"aux", "aux:pass", "cop"})
_SPEAKER_OR_READER = ("Person=1", "Person=2")
_SMALL_WORDS = frozenset({"ADP", "CCONJ", "DET", "PART", "SCONJ"})
_SMALL_WORD_LENGTH = 3
_SENTENCE_CASE, _TITLE_CASE = 0.45, 0.9
#: Shares of the headlines that tell the past in the present, say "to" for "will", drop articles
#: and drop forms of "be".
_PRESENT, _INFINITIVE, _NO_ARTICLES, _NO_BE = 0.6, 0.7, 0.85, 0.7
#: The last, for passives without an agent: too many of them, and "they reported in" is one too.
_NO_BE_NO_AGENT = 0.3
#: Share of what somebody says that names who says it behind a dash, and words of that name.
_DASH, _SPEAKER_WORDS = 0.7, 5
_SAYING = frozenset({"say", "report", "announce", "claim", "warn", "state", "tell", "add"})
_VOWELS = "aeiou"


def make(words: Sequence[Word], random: np.random.Generator) -> tuple[Word, ...] | None:
    """Return the sentence as a headline, or None where it would not make one."""
    if not MIN_WORDS <= len(words) <= MAX_WORDS or not is_statement(words):
        return None
    kept = list(words)
    if random.random() < _DASH:
        kept = dashed(kept) or kept
    if random.random() < _PRESENT:
        kept = [_in_present_tense(word, kept) for word in kept]
    if random.random() < _INFINITIVE:
        kept = [_as_infinitive_marker(word) for word in kept]
    drop_articles, drop_be = random.random() < _NO_ARTICLES, random.random() < _no_be(kept)
    headline = _without(
        kept,
        lambda word: (
            _is_final_period(word)
            or (drop_articles and _is_article(word))
            or (drop_be and _is_auxiliary_be(word))
        ),
    )
    if len(headline) < MIN_WORDS:
        return None
    style = random.random()
    if style < _SENTENCE_CASE:
        headline = [_capitalized(headline[0]), *headline[1:]]
    elif style < _TITLE_CASE:
        headline = [_capitalized(headline[0]), *map(_in_title_case, headline[1:])]
    else:
        headline = [replace(word, form=word.form.lower()) for word in headline]
    return (*headline[:-1], replace(headline[-1], space_after=False))


def dashed(words: Sequence[Word]) -> list[Word] | None:
    """Return "…, the mayor said" as "… - mayor", or None where nobody is named behind the news."""
    root = next(i for i, word in enumerate(words) if word.head < 0)
    says = _speech(words, root)
    if says is None:
        return None
    told, verb = says
    speaker = next(
        (i for i in _children(words, verb, {"nsubj"}) if words[i].upos in {"NOUN", "PROPN"}), None
    )
    if speaker is None:
        return None
    beside = _below(words, verb) - (_below(words, told) if verb == root else set())
    news = [i for i in sorted(_below(words, told) - beside) if not _is_loose(words[i], told)]
    name = [i for i in sorted(_below(words, speaker)) if not _is_article(words[i])]
    if news[-1] > min(name) or len(name) > _SPEAKER_WORDS or name != _run(name):
        return None
    order = [*news, verb, *name]
    position = {old: new for new, old in enumerate(order)}
    made = []
    for old in order:
        word = words[old]
        if old == verb:
            made.append(Word("-", "-", "PUNCT", ":", "", position[told], "punct", space_after=True))
        elif old == told:
            made.append(replace(word, head=-1, relation="root"))
        elif old == speaker:
            made.append(replace(word, head=position[told], relation="parataxis"))
        else:
            made.append(replace(word, head=position[word.head]))
    made[len(news) - 1] = replace(made[len(news) - 1], space_after=True)
    return made


def _speech(words: Sequence[Word], root: int) -> tuple[int, int] | None:
    """Return the verb of the news and, behind it, that of who tells it."""
    if words[root].lemma in _SAYING:
        told = _children(words, root, {"ccomp", "parataxis"})
        fits = len(told) == 1 and told[0] < root and not _children(words, told[0], {"mark"})
        return (told[0], root) if fits else None
    beside = [i for i in _children(words, root, {"parataxis"}) if words[i].lemma in _SAYING]
    return (root, beside[0]) if beside and beside[0] > root else None


def _children(words: Sequence[Word], head: int, relations: set[str]) -> list[int]:
    return [i for i, word in enumerate(words) if word.head == head and word.relation in relations]


def _below(words: Sequence[Word], top: int) -> set[int]:
    found, grown = {top}, 0
    while len(found) > grown:
        grown = len(found)
        found |= {i for i, word in enumerate(words) if word.head in found}
    return found


def _is_loose(word: Word, told: int) -> bool:
    return word.head == told and word.relation == "punct" and word.form in {",", ".", ";"}


def _run(places: Sequence[int]) -> list[int]:
    return list(range(places[0], places[-1] + 1))


def _no_be(words: Sequence[Word]) -> float:
    """Return how often such a headline goes without its forms of "be"."""
    relations = {word.relation for word in words}
    passive = "aux:pass" in relations and not relations & {"obl:agent"}
    return _NO_BE_NO_AGENT if passive else _NO_BE


def is_statement(words: Sequence[Word]) -> bool:
    """Tell whether the root has a subject and the sentence speaks of others, as news does."""
    if any(mark in word.feats for word in words for mark in _SPEAKER_OR_READER):
        return False
    root = next((i for i, word in enumerate(words) if word.head < 0), -1)
    return words[-1].form not in {"?", ":"} and any(
        word.head == root and word.relation in {"nsubj", "nsubj:pass"} and word.upos != "PRON"
        for word in words
    )


def _is_final_period(word: Word) -> bool:
    return word.form == "." and word.relation == "punct"


def _is_article(word: Word) -> bool:
    return word.relation == "det" and word.form.lower() in {"a", "an", "the"}


def _is_auxiliary_be(word: Word) -> bool:
    return word.lemma == "be" and word.relation in _BE_RELATIONS and "VerbForm=Fin" in word.feats


def _as_infinitive_marker(word: Word) -> Word:
    """Headlines say "to" for "will": "Iran to send troops"."""
    if word.form.lower() == "will" and word.relation == "aux":
        return replace(
            word, form="to", lemma="to", upos="PART", xpos="TO", feats="", relation="mark"
        )
    return word


def _in_present_tense(word: Word, sentence: Sequence[Word]) -> Word:
    """Headlines tell the past in the present: "seized" becomes "seize" or "seizes"."""
    if word.xpos != "VBD" or word.upos != "VERB":
        return word
    verb = sentence.index(word)
    subjects = [w for w in sentence if w.head == verb and w.relation == "nsubj"]
    if not subjects:
        return word
    joined = any(w.head == sentence.index(subjects[0]) and w.relation == "conj" for w in sentence)
    if joined or "Number=Plur" in subjects[0].feats:
        feats = "Mood=Ind|Number=Plur|Person=3|Tense=Pres|VerbForm=Fin"
        return replace(word, form=word.lemma, xpos="VBP", feats=feats)
    feats = "Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin"
    return replace(word, form=_third_person(word.lemma), xpos="VBZ", feats=feats)


def _third_person(verb: str) -> str:
    if verb == "have":
        return "has"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return f"{verb[:-1]}ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def _in_title_case(word: Word) -> Word:
    if word.upos in _SMALL_WORDS and len(word.form) <= _SMALL_WORD_LENGTH:
        return word
    return _capitalized(word)


def _capitalized(word: Word) -> Word:
    if word.form[:1] in {"'", "\u2019"} or word.form.lower() in {"n't", "n\u2019t"}:
        return word
    return replace(word, form=word.form[:1].upper() + word.form[1:])


def _without(words: Sequence[Word], dropped: Callable[[Word], bool]) -> list[Word]:
    """Drop words that govern nothing, and count the heads of the others anew."""
    governors = {word.head for word in words}
    kept = [i for i, word in enumerate(words) if i in governors or not dropped(word)]
    position = {old: new for new, old in enumerate(kept)}
    return [
        replace(
            words[i],
            head=position.get(words[i].head, -1),
            # "There" of "There've been" stands apart from "been"
            space_after=any(word.space_after for word in words[i:following]),
        )
        for i, following in pairwise([*kept, len(words)])
    ]
