"""Loads the language pipeline, and says what its labels mean to the product."""

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

#: The pipeline in the package, used unless the settings name another.
PACKAGED: Final = "en_news_sm"

#: Entity labels of our pipeline and of OntoNotes ("en_core_web_*"), and the product's word for
#: them. What is not here (MONEY, CARDINAL, WORK_OF_ART …) is no entity to us.
LABELS: Final[Mapping[str, str]] = MappingProxyType(
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

#: Dependency schemes by labels that only they have. The rules read UD. ClearNLP's trees (those of
#: "en_core_web_*") cannot be had by renaming: a preposition governs its noun there, not the
#: reverse, so that such a pipeline would run and find next to nothing. It is refused instead.
HANDLED_DEPENDENCIES: Final = frozenset({"nsubj:pass", "obj", "obl"})
UNHANDLED_DEPENDENCIES: Final = frozenset({"nsubjpass", "dobj", "pobj", "prep"})

#: Components that the rules cannot do without.
NEEDED: Final = ("parser", "lemmatizer", "ner")


class PipelineError(Exception):
    """A language pipeline is missing, broken or of no use here; the message is one line."""


def load_pipeline(name: str | None = None) -> Language:
    """Load the packaged pipeline, or another by the name of its package or its path.

    Raises:
        PipelineError: it is not there, or not one that this version can work with.
    """
    asked = name or PACKAGED
    packaged = Path(__file__).with_name(PACKAGED)
    source = packaged if asked == PACKAGED else asked
    try:
        with warnings.catch_warnings():
            # spaCy only warns of a pipeline made for another version, then fails somewhere.
            warnings.filterwarnings("error", message=r"\[W09[45]\]")
            nlp = spacy.load(source)
    except Exception as error:  # a damaged file raises whatever its reader does
        raise _error(asked, _reason(asked, error)) from error
    _check_use(asked, nlp)
    return nlp


def _reason(asked: str, error: Exception) -> str:
    if isinstance(error, UserWarning):
        return f"made for another version of spaCy ({_line(error)})"
    if asked in {PACKAGED, *get_installed_models()} or Path(asked).exists():
        return f"cannot be loaded ({type(error).__name__}: {_line(error)})"
    return "not installed and no folder"


def _check_use(asked: str, nlp: Language) -> None:
    absent = [factory for factory in NEEDED if factory not in nlp.pipe_factories.values()]
    if nlp.lang != "en":
        raise _error(asked, f"is for language {nlp.lang!r}, not 'en'")
    if absent:
        raise _error(asked, f"has no {', '.join(absent)}")
    relations = {label for labels in nlp.pipe_labels.values() for label in labels}
    if not relations >= HANDLED_DEPENDENCIES or relations & UNHANDLED_DEPENDENCIES:
        raise _error(asked, "parses to another scheme than Universal Dependencies")


def _error(asked: str, why: str) -> PipelineError:
    packaged = [PACKAGED] if Path(__file__).with_name(PACKAGED).is_dir() else []
    installed = ", ".join([*packaged, *sorted(get_installed_models())]) or "none"
    return PipelineError(
        f"language pipeline {asked!r}: {why}; installed: {installed}; spaCy {__version__}"
    )


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or "no reason given"
