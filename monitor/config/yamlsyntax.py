"""What a YAML parser complains of, in the words of who wrote the file."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError

from monitor.config.problems import Problem

#: what the parser says -> what a person sees, what to do, and whether the opening mark is meant
_SYNTAX: tuple[tuple[str, str, str, bool], ...] = (
    (r"character '\\t'", "a tab", "spaces: YAML is indented with spaces only", False),
    (
        r"character '(.)' that cannot start",
        r'"\1" at the start of a value',
        "quotes around the value",
        False,
    ),
    (
        "mapping values are not allowed",
        'a ":" that makes a second key on the line, or a deeper indent',
        'quotes around text that holds ": ", and keys of one mapping in one column',
        False,
    ),
    ("expected ',' or ']'", 'a "[" that is not closed', '"]" at the end of the list', True),
    ("expected ',' or '}'", 'a "{" that is not closed', '"}" at the end of the mapping', True),
    (
        "unexpected end of stream",
        "a quote that is not closed",
        "the same quote at the end of the text",
        True,
    ),
    (
        "could not find expected ':'",
        "a line that is neither a key nor a value",
        '"key: value", or "- " in front of a list item',
        True,
    ),
    (
        "expected <block end>",
        "a line that is indented differently from its neighbours",
        "keys of one mapping, and items of one list, in one column",
        False,
    ),
    (
        "undefined alias",
        'a "*" name that no "&" defines',
        "quotes around text that starts with *",
        False,
    ),
    (
        "expected '<document start>'",
        "a line that is indented differently from its neighbours",
        "keys of one mapping, and items of one list, in one column",
        False,
    ),
    (
        "sequence entries are not allowed",
        'a "-" where no list can begin',
        "each list item on a line of its own, below its key",
        False,
    ),
    (
        "mapping keys are not allowed",
        'a "?" or a key where none can stand',
        "quotes around text",
        False,
    ),
    (
        "alphabetic or numeric character",
        'a "&" or "*" at the start of a value',
        "quotes around the value",
        False,
    ),
    (
        "chomping or indentation|a comment or a line break",
        'a ">" or "|" at the start of a value',
        "quotes around the value",
        False,
    ),
    (
        "determine a constructor for the tag|found undefined tag",
        'a "!" at the start of a value',
        "quotes around the value",
        False,
    ),
    (
        "expected the node content, but found '<stream end>'",
        'the end of the file inside "[" or "{"',
        "the closing bracket",
        False,
    ),
    ("expected the node content", "a sign where a value should be", "a value, in quotes", False),
    ("unhashable key", "a list or mapping as a key", "text as a key", False),
    ("but found another document", 'a second "---"', "one document a file", False),
    (
        "special characters are not allowed",
        "a control character",
        "plain text; delete the character",
        False,
    ),
)


def syntax_problem(file: str, error: MarkedYAMLError) -> Problem:
    """Turn what the YAML parser raised into a problem that a person can mend."""
    words = " ".join(str(error.problem or error.context or "text that cannot be read").split())
    found, expected, opening = plainly(words)
    mark = error.problem_mark or error.context_mark
    if opening and error.context_mark:
        mark = error.context_mark
    return Problem(file, found, expected, line=mark.line + 1 if mark else None)


def plainly(words: str) -> tuple[str, str, bool]:
    """Return what was found, what is expected, and whether the opening mark is meant."""
    for pattern, says, advice, opening in _SYNTAX:
        if match := re.search(pattern, words):
            return match.expand(says), advice, opening
    return f"what YAML cannot read ({words})", "valid YAML", False
