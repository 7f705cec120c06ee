"""spaCy's rule lemmatizer, corrected by the lemmas of the treebanks.

Its tables travel inside the pipeline, so that ``spacy-lookups-data`` is needed only here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from workers.language.lemmatizer import FACTORY

#: Word classes whose lemmas are learned; names keep their form, numbers and symbols too.
CLASSES = frozenset({"VERB", "NOUN", "ADJ", "ADV", "AUX", "PRON", "DET"})

#: Auxiliaries by their forms, also those that no treebank happens to hold.
AUXILIARIES = {
    "be": "am is are was were been being be 's 're 'm ai",
    "have": "has had have having 've 'd",
    "do": "does did do done doing",
    "will": "will 'll wo",
    "would": "would",
    "can": "can ca",
    "could": "could",
    "may": "may",
    "might": "might",
    "must": "must",
    "shall": "shall sha",
    "should": "should",
}

#: A word that ends in two consonants or in one behind two vowels: "storm", "retreat".
_KEEPS_CONSONANT = re.compile(r"(?:[^aeiou]|[aeiou]{2})[^aeiouy]$")


def add_lemmatizer(nlp: Language, docs: Iterable[Doc]) -> None:
    """Add the lemmatizer, with exceptions for what the treebanks and auxiliaries do otherwise."""
    lemmatizer: Any = nlp.add_pipe(FACTORY, name="lemmatizer")
    lemmatizer.initialize(list, nlp=nlp)
    rules = lemmatizer.lookups.get_table("lemma_rules")
    # The last rule that yields a known word wins, and the first one where none does. "-e" at
    # both ends: "hoping" is of "hope"; verbs that double the consonant ("hopping") are exceptions.
    rules["verb"] = sorted(rules["verb"], key=_adds_e, reverse=True) + [
        rule for rule in rules["verb"] if _adds_e(rule)
    ]
    index = lemmatizer.lookups.get_table("lemma_index")
    for word_class in list(index):
        # spaCy looks each form up in a list of thousands
        index[word_class] = dict.fromkeys(index[word_class], 0)
    _learn_exceptions(lemmatizer, docs)
    _add_auxiliaries(lemmatizer)


def _adds_e(rule: Sequence[str]) -> bool:
    return rule[1] == "e"


def _learn_exceptions(lemmatizer: Any, docs: Iterable[Doc]) -> None:
    """Make an exception of each word of which the treebanks know better than the rules.

    Words are tried with a capital, as they stand in headlines: rules leave what they do not
    change as it is, and "Seize" is to be the verb "seize". Of other classes than verbs, base
    forms never come to the rules.
    """
    index = lemmatizer.lookups.get_table("lemma_index")
    exceptions = lemmatizer.lookups.get_table("lemma_exc")
    seen: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for token in (token for doc in docs for token in doc):
        base = token.pos_ != "VERB" and lemmatizer.is_base_form(token)
        # EWT and GUM have a few typing errors: "fled" of "flead".
        known = token.pos_ != "VERB" or token.lemma_ in index["verb"]
        if token.pos_ in CLASSES and known and not base and not token.text.isupper():
            seen[token.pos_, token.lower_][token.lemma_] += 1
    for verb in sorted(index["verb"]):
        for form in (verb, *_regular_forms(verb)):
            if form not in exceptions["verb"] and ("VERB", form) not in seen:
                seen["VERB", form][verb] += 1
    for (word_class, word), lemmas in sorted(seen.items()):
        lemma, _ = lemmas.most_common(1)[0]
        sample = Doc(lemmatizer.vocab, words=[word.capitalize()], pos=[word_class])
        if lemmatizer.lemmatize(sample[0])[0] != lemma:
            table = exceptions.get(word_class.lower(), {})
            # The last exception wins.
            table[word] = [*(form for form in table.get(word, []) if form != lemma), lemma]
            exceptions[word_class.lower()] = table
    lemmatizer.cache = {}


def _regular_forms(verb: str) -> tuple[str, ...]:
    """Return the past and the participle of a verb that cannot double its consonant."""
    if verb.endswith("e"):
        return f"{verb}d", f"{verb.removesuffix('e')}ing"
    return (f"{verb}ed", f"{verb}ing") if _KEEPS_CONSONANT.search(verb) else ()


def _add_auxiliaries(lemmatizer: Any) -> None:
    exceptions = lemmatizer.lookups.get_table("lemma_exc")
    exceptions["aux"] = {
        form: [lemma]
        for lemma, forms in AUXILIARIES.items()
        for form in (*forms.split(), *forms.replace("'", "\u2019").split())
    }
