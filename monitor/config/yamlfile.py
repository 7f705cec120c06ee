"""One YAML file with the line of every key and value, and environment variables filled in.

Reads through ruamel's node graph rather than its round-trip maps, because only the graph still
holds a key that stands twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from monitor.config.problems import Problem, nearest, shown
from monitor.config.yamlsyntax import plainly, syntax_problem

#: where a value stands: keys, and positions in lists counted from 0
Path_ = tuple[str | int, ...]

#: ``${NAME}``, ``${NAME:-default}`` and the escape ``$${``
_VARIABLE = re.compile(r"\$\$\{|\$\{([^}:]*)(?::-([^}]*))?\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(slots=True)
class Document:
    """A file as it was read. ``data`` has its variables filled in, ``raw`` shows what stands."""

    file: str
    data: Any = None
    raw: dict[Path_, Any] = field(default_factory=dict)
    lines: dict[Path_, int] = field(default_factory=dict)
    #: paths whose text came from the environment: never shown, never compared
    filled: set[Path_] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    #: whether the path of a URL in it may be a secret
    private: bool = False

    def line(self, path: Path_) -> int | None:
        """Return the line of a value, or of the closest thing around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def key(self, path: Path_) -> str:
        """Write a path for people: ``rules[homs-falls].to``; items without a name by number."""
        text = ""
        for end, part in enumerate(path, start=1):
            if isinstance(part, int):
                item = self.raw.get(path[:end])
                name = item.get("name") if isinstance(item, dict) else None
                text += f"[{name}]" if isinstance(name, str) else f"[#{part + 1}]"
            else:
                text += f".{part}" if text else part
        return text

    def shown(self, path: Path_) -> str:
        """Put into words what stands at a path, before any variable was filled in."""
        return shown(self.raw.get(path), private=self.private)

    def section(self, name: str) -> dict[str, Any]:
        """Return a top-level mapping, empty when it is absent or no mapping."""
        value = self.data.get(name) if isinstance(self.data, dict) else None
        return {str(key): each for key, each in value.items()} if isinstance(value, dict) else {}

    def problem(
        self, path: Path_, expected: str, *, found: str | None = None, **more: Any
    ) -> Problem:
        """Build a problem that stands at a path of this file."""
        return Problem(
            file=self.file,
            line=self.line(path),
            key=self.key(path),
            found=self.shown(path) if found is None else found,
            expected=expected,
            **more,
        )


def read(
    path: Path, *, environ: Mapping[str, str] | None = None, private: bool = False
) -> Document:
    """Read one file; mistakes stand in ``problems``, and a file that is no YAML has no data.

    Args:
        path: The file, which must exist.
        environ: Variables for ``${NAME}``; None leaves text as it stands.
        private: Whether the path of a URL in this file may be a secret.
    """
    document = Document(file=str(path), private=private)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        document.problems.append(
            Problem(document.file, f"no readable file ({reason})", "a file that can be read")
        )
        return document
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        document.problems.append(
            Problem(
                document.file,
                f"byte 0x{error.object[error.start]:02x}, which is not UTF-8",
                "a file saved as UTF-8",
                line=line,
            )
        )
        return document
    try:
        _parse(document, text)
        if environ is not None:
            document.data = _fill(document, document.data, (), environ)
    except MarkedYAMLError as error:
        document.data = None
        document.problems.append(syntax_problem(document.file, error))
    except (YAMLError, ValueError) as error:
        document.data = None
        at = text[: error.position].count("\n") + 1 if isinstance(error, ReaderError) else None
        found, expected, _ = plainly(" ".join(str(error).split()))
        document.problems.append(Problem(document.file, found, expected, line=at))
    except RecursionError:
        document.data = None
        document.problems.append(
            Problem(
                document.file,
                "values that are nested without end",
                "less depth, and no * inside its own &",
            )
        )
    return document


def _parse(document: Document, text: str) -> None:
    yaml = YAML(typ="safe", pure=True)
    yaml.allow_duplicate_keys = True
    constructor, parser = yaml.get_constructor_parser(StringIO(text))
    try:
        node = constructor.composer.get_single_node()
        if node is None:
            return
        document.problems += _locate(document, node, ())
        document.data = constructor.construct_document(node)
    finally:
        parser.dispose()
    _keep_raw(document, document.data, ())


def _locate(document: Document, node: Node, path: Path_) -> Iterator[Problem]:
    document.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, SequenceNode):
        for position, item in enumerate(node.value):
            yield from _locate(document, item, (*path, position))
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                continue
            here = (*path, str(key.value))
            line = key.start_mark.line + 1
            if here in document.lines:
                yield Problem(
                    document.file,
                    f"the key a second time (first on line {document.lines[here]})",
                    "each key once",
                    line=line,
                    key=document.key(here),
                )
                continue
            document.lines[here] = line
            yield from _locate(document, value, here)


def _keep_raw(document: Document, value: Any, path: Path_) -> None:
    document.raw[path] = value
    if isinstance(value, dict):
        for key, each in value.items():
            _keep_raw(document, each, (*path, str(key)))
    elif isinstance(value, list):
        for position, each in enumerate(value):
            _keep_raw(document, each, (*path, position))


def _fill(document: Document, value: Any, path: Path_, environ: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: _fill(document, each, (*path, str(key)), environ) for key, each in value.items()
        }
    if isinstance(value, list):
        return [
            _fill(document, each, (*path, position), environ) for position, each in enumerate(value)
        ]
    if not isinstance(value, str) or "${" not in value:
        return value

    def replace(match: re.Match[str]) -> str:
        if match[0] == "$${":
            return "${"
        document.filled.add(path)
        name, default = match[1], match[2]
        if not _NAME.fullmatch(name):
            document.problems.append(
                document.problem(path, "a variable name in ${…}, such as ${DESK_SECRET}")
            )
        elif environ.get(name):
            return environ[name]
        elif default is None:
            document.problems.append(
                document.problem(
                    path,
                    f"the environment variable {name} to be set",
                    found=f"${{{name}}}",
                    suggestion=nearest(name, environ, likeness=0.85),
                )
            )
        return default or ""

    return _VARIABLE.sub(replace, value)
