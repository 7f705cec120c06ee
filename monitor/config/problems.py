"""A mistake in a configuration file, told in one line that says what to do about it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

#: characters of a found value that are shown
SHOWN = 60

#: likeness (difflib ratio) from which a known word is suggested for an unknown one
LIKENESS = 0.6


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. An ``error`` keeps the configuration from loading, a ``warning`` does not."""

    file: str
    found: str
    expected: str
    #: counted from 1; None when it is the file as a whole
    line: int | None = None
    #: where in the file: ``places.homs.held_by``, ``rules[homs-falls].to``
    key: str = ""
    suggestion: str | None = None
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """Return ``file:line: key: found …, expected …; did you mean "…"?``."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        mark = "warning: " if self.severity == "warning" else ""
        key = f"{self.key}: " if self.key else ""
        hint = f'; did you mean "{self.suggestion}"?' if self.suggestion else ""
        return f"{where}: {mark}{key}found {self.found}, expected {self.expected}{hint}"


class ConfigError(Exception):
    """The configuration cannot be used; ``problems`` holds every mistake, warnings included."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return those that keep the configuration from loading."""
    return [problem for problem in problems if problem.severity == "error"]


def nearest(word: object, known: Iterable[str], *, likeness: float = LIKENESS) -> str | None:
    """Return the known word that was probably meant, or None."""
    if not isinstance(word, str):
        return None
    by_folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=likeness)
    return by_folded[close[0]] if close and by_folded[close[0]] != word else None


def one_of(known: Iterable[str]) -> str:
    """Put what is allowed into words; a long list is cut."""
    words = list(known)
    if len(words) == 1:
        return words[0]
    if len(words) > 12:  # noqa: PLR2004 — as many as a line can carry
        return f"one of {', '.join(words[:11])} and {len(words) - 11} more"
    return f"one of {', '.join(words)}"


def shown(value: object, *, private: bool = False) -> str:
    """Put a found value into words that fit a line and give no password away.

    Args:
        value: What stands in the file.
        private: Whether a URL's path may be a secret, as those of webhooks often are.
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "keys and values" if value else "an empty mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if not isinstance(value, str):
        return str(value)
    text = re.sub(r"://[^/\s]*@", "://…@", " ".join(value.split()))
    text = re.sub(r"\?\S+", "?…", text)
    if private:
        text = re.sub(r"(://[^/\s]+/)\S+", r"\1…", text)
    return f'"{text[: SHOWN - 1]}…"' if len(text) > SHOWN else f'"{text}"'
