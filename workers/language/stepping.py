"""spaCy's parser and its finder of names, taken step by step under Python's lock.

Their own loop runs without the lock and takes it again at every check for an error that its compiled
code makes (Cython 3 makes one for nearly each call), several times a word: half of their time. Here
all documents of a batch take each step together, in Python, and the trees and names are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from spacy.language import Language
from spacy.pipeline import DependencyParser, EntityRecognizer
from spacy.tokens import Doc

#: factory -> that of spaCy which it stands for
FACTORIES: Final[Mapping[str, str]] = MappingProxyType(
    {"stepped_parser": "parser", "stepped_ner": "ner"}
)
#: what makes of the packaged pipeline's components stepped ones as they are loaded
CONFIG: Final[Mapping[str, Any]] = MappingProxyType(
    {"components": {of: {"factory": factory} for factory, of in FACTORIES.items()}}
)


class SteppedParser(DependencyParser):  # type: ignore[misc]  # compiled, without types
    """spaCy's parser, but for its loop."""

    def greedy_parse(self, docs: Sequence[Doc], drop: float = 0.0) -> Any:  # noqa: ARG002 — the signature of spaCy
        """Parse documents together; return their final states."""
        return _stepped(self, docs)


class SteppedRecognizer(EntityRecognizer):  # type: ignore[misc]  # compiled, without types
    """spaCy's finder of names, but for its loop."""

    def greedy_parse(self, docs: Sequence[Doc], drop: float = 0.0) -> Any:  # noqa: ARG002 — the signature of spaCy
        """Find the names in documents together; return their final states."""
        return _stepped(self, docs)


def _stepped(pipe: Any, docs: Sequence[Doc]) -> Any:
    batch = pipe.moves.init_batch(docs)
    scorer = pipe.model.predict(docs)
    states = [state for state in batch if not state.is_final()]
    while states:
        states = pipe.transition_states(states, scorer.predict(states))
    scorer.clear_memory()
    return batch


@Language.factory(
    "stepped_parser",
    assigns=["token.dep", "token.head", "token.is_sent_start", "doc.sents"],
    default_config={"scorer": {"@scorers": "spacy.parser_scorer.v1"}},
)
def make_parser(
    nlp: Language,
    name: str,
    model: Any,
    moves: Any,
    update_with_oracle_cut_size: int,
    learn_tokens: bool,  # noqa: FBT001 — the same
    min_action_freq: int,
    scorer: Any,
) -> SteppedParser:
    """Build the parser; spaCy calls this."""
    return SteppedParser(
        nlp.vocab,
        model,
        name,
        moves,
        update_with_oracle_cut_size=update_with_oracle_cut_size,
        learn_tokens=learn_tokens,
        min_action_freq=min_action_freq,
        scorer=scorer,
    )


@Language.factory(
    "stepped_ner",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_config={"scorer": {"@scorers": "spacy.ner_scorer.v1"}},
)
def make_recognizer(
    nlp: Language,
    name: str,
    model: Any,
    moves: Any,
    update_with_oracle_cut_size: int,
    incorrect_spans_key: str | None,
    scorer: Any,
) -> SteppedRecognizer:
    """Build the finder of names; spaCy calls this."""
    return SteppedRecognizer(
        nlp.vocab,
        model,
        name,
        moves,
        update_with_oracle_cut_size=update_with_oracle_cut_size,
        incorrect_spans_key=incorrect_spans_key,
        scorer=scorer,
    )
