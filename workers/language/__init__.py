"""Loads language pipelines, and says what their labels mean to the product."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import spacy
from spacy.about import __version__
from spacy.language import Language
from spacy.util import get_installed_models

from workers.language import arithmetic, stepping
from workers.language.clearnlp import COMPONENT
from workers.language.lemmatizer import FACTORY as LEMMATIZER
from workers.mentions import Label

#: The pipeline in the package, used for English unless the settings name another.
PACKAGED: Final = "en_news_sm"

#: Entity labels of our pipeline, of OntoNotes ("en_core_web_*") and of other languages' pipelines,
#: and the product's word for them. What is not here (MONEY, MISC …) is no entity to us.
LABELS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        "PERSON": "person",
        "PER": "person",
        "ORG": "organization",
        "NORP": "group",
        "LOC": "place",
        "GPE": "place",
        "FAC": "place",
        "DATE": "date",
    }
)

#: Dependency schemes by labels that only they have. The rules read UD; trees of ClearNLP (those of
#: "en_core_web_*") are turned into UD as they come out of the parser.
UNIVERSAL: Final = frozenset({"nsubj:pass", "obj", "obl"})
CLEARNLP: Final = frozenset({"nsubjpass", "dobj", "pobj", "prep"})

#: Components that the rules cannot do without, and those that finding names takes.
NEEDED: Final = ("tagger", "parser", "lemmatizer", "ner")
NEEDED_FOR_NAMES: Final = ("parser", "ner")
#: factories of our own -> those of spaCy for which they stand
_STANDS_FOR: Final[Mapping[str, str]] = {LEMMATIZER: "lemmatizer", **stepping.FACTORIES}


class PipelineError(Exception):
    """A language pipeline is missing, broken or of no use here; the message is one line.

    Attributes:
        name: what was asked for.
        why: what is wrong with it.
        there: which pipelines are installed, for which spaCy.
    """

    def __init__(self, name: str, why: str) -> None:
        packaged = [PACKAGED] if Path(__file__).with_name(PACKAGED).is_dir() else []
        installed = ", ".join([*packaged, *sorted(get_installed_models())]) or "none"
        self.name, self.why = name, why
        self.there = f"installed: {installed}; spaCy {__version__}"
        super().__init__(f"language pipeline {name!r}: {why}; {self.there}")


def source_of(name: str) -> str | Path:
    """Return what ``spacy.load`` takes for the name of a pipeline."""
    return Path(__file__).with_name(PACKAGED) if name == PACKAGED else name


def load_pipeline(name: str = PACKAGED, language: str = "en") -> Language:
    """Load the packaged pipeline, or another by the name of its package or its path.

    An English one gives Universal Dependencies, whichever scheme its parser knows.

    Raises:
        PipelineError: it is not there, or not one that this version can work with.
    """
    source = source_of(name)
    config = stepping.CONFIG if name == PACKAGED else {}
    try:
        with warnings.catch_warnings(), arithmetic.fitting():
            # spaCy only warns of a pipeline made for another version, then fails somewhere.
            warnings.filterwarnings("error", message=r"\[W09[45]\]")
            nlp = spacy.load(source, config=dict(config))
    except Exception as error:  # a damaged file raises whatever its reader does
        raise PipelineError(name, _reason(name, error)) from error
    _check_use(name, nlp, language)
    if language == "en" and not _relations(nlp) >= UNIVERSAL:
        nlp.add_pipe(COMPONENT)
    return nlp


def _reason(asked: str, error: Exception) -> str:
    if isinstance(error, UserWarning):
        return f"made for another version of spaCy ({_line(error).partition('. ')[0]})"
    if asked in {PACKAGED, *get_installed_models()} or Path(asked).exists():
        return f"cannot be loaded ({type(error).__name__}: {_line(error)})"
    return "no such folder" if "/" in asked else "not installed and no folder"


def _check_use(asked: str, nlp: Language, language: str) -> None:
    needed = NEEDED if language == "en" else NEEDED_FOR_NAMES
    there = {_STANDS_FOR.get(each, each) for each in nlp.pipe_factories.values()}
    absent = [factory for factory in needed if factory not in there]
    if nlp.lang != language:
        raise PipelineError(asked, f"is for language {nlp.lang!r}, not {language!r}")
    if absent:
        raise PipelineError(asked, f"has no {', '.join(absent)}")
    if language == "en" and not any(scheme <= _relations(nlp) for scheme in (UNIVERSAL, CLEARNLP)):
        raise PipelineError(
            asked, "parses to another scheme than Universal Dependencies or ClearNLP"
        )


def _relations(nlp: Language) -> set[str]:
    return {label for labels in nlp.pipe_labels.values() for label in labels}


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or "no reason given"
