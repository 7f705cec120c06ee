"""From pydantic's errors to problems that name file, line and key and say what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.config.problems import Problem, nearest, one_of
from monitor.config.yamlfile import Document, Path_
from monitor.settings import LANGUAGE_PATTERN, READER_PATTERN, REDIS_PATTERN, URL_PATTERN
from monitor.watchlist import COUNTRY_PATTERN, ID_PATTERN, WIKIDATA_PATTERN

M = TypeVar("M", bound=BaseModel)

#: what a text must look like, in words
PATTERNS = {
    ID_PATTERN: "an id: small letters and digits with single dashes between, such as deir-ez-zor",
    URL_PATTERN: "a URL that starts with http:// or https://",
    REDIS_PATTERN: "embedded, or a URL: redis://, rediss://, unix:// or redis+sentinel://",
    READER_PATTERN: "a class as module:Class, such as mine.readers:Endpoint",
    LANGUAGE_PATTERN: "a language code of two small letters, such as en",
    COUNTRY_PATTERN: "a country code of two capital letters, such as SY",
    WIKIDATA_PATTERN: "a Wikidata id such as Q858",
}

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "keys and values, indented below the key",
    "model_type": "keys and values, indented below the key",
    "model_attributes_type": "keys and values, indented below the key",
    "time_delta_type": "a length of time such as 90s, 15m, 2h or 1d",
    "time_delta_parsing": "a length of time such as 90s, 15m, 2h or 1d",
    "path_type": "the path of a folder",
}

_BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}


def build(
    model: type[M], document: Document, data: Any, at: Path_ = ()
) -> tuple[M | None, list[Problem]]:
    """Build a model from the part of a document that stands at ``at``.

    Returns:
        The model and no problems, or None and every problem.
    """
    try:
        return model.model_validate(_without_empty_sections(model, data)), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    return None, list(_explain(model, document, details, at))


def _without_empty_sections(model: type[BaseModel], data: Any) -> Any:
    """Take ``rules:`` with every line below it commented out for no rules."""
    if not isinstance(data, dict):
        return data
    sections = {
        name
        for name, field in model.model_fields.items()
        if isinstance(
            field.get_default(call_default_factory=True, validated_data={}),
            dict | tuple | BaseModel,
        )
    }
    return {key: value for key, value in data.items() if value is not None or key not in sections}


def salvage(model: type[M], data: Any) -> M | None:
    """Build a model without the keys that are wrong, so that the rest can still be checked."""
    for _ in range(2):
        try:
            return model.model_validate(data)
        except ValidationError as error:
            wrong = {detail["loc"][0] for detail in error.errors() if detail["loc"]}
        if not isinstance(data, dict):
            return None
        data = {key: value for key, value in data.items() if key not in wrong}
    return None


def _explain(
    model: type[BaseModel], document: Document, details: Iterable[ErrorDetails], at: Path_
) -> Iterator[Problem]:
    # A variable that is not set was told already; that its place is empty follows from it.
    told = {problem.key for problem in document.problems}
    by_path: dict[tuple[Path_, bool], list[ErrorDetails]] = {}
    for detail in details:
        path = _path(document, detail, at)
        by_path.setdefault((path, detail["loc"][-1:] == ("[key]",)), []).append(detail)
    for (path, is_key), group in by_path.items():
        if _is_other_choice(document, path, group, by_path):
            continue
        if path in document.filled and document.key(path) in told:
            continue
        schema = _schema_at(model, group[0]["loc"])
        yield _problem(document, path, group, schema, is_key=is_key)


def _is_other_choice(
    document: Document,
    path: Path_,
    group: list[ErrorDetails],
    by_path: Iterable[tuple[Path_, bool]],
) -> bool:
    """Tell "not text" of keys and values that may stand there, and in which the mistake is."""
    return (
        isinstance(document.raw.get(path), dict)
        and all(detail["type"] == "string_type" for detail in group)
        and any(len(deep) > len(path) and deep[: len(path)] == path for deep, _ in by_path)
    )


def _path(document: Document, detail: ErrorDetails, at: Path_) -> Path_:
    """Find where an error stands; names of union members in ``loc`` are in no file."""
    path = at
    for part in detail["loc"]:
        named = part if isinstance(part, int) and (*path, part) in document.raw else str(part)
        if (*path, named) in document.raw:
            path = (*path, named)
    if detail["type"] == "missing":
        path = (*path, str(detail["loc"][-1]))
    elif detail["type"].startswith("union_tag"):
        path = (*path, detail["ctx"]["discriminator"].strip("'"))
    return path


def _problem(
    document: Document,
    path: Path_,
    group: list[ErrorDetails],
    schema: dict[str, Any],
    *,
    is_key: bool,
) -> Problem:
    kinds = {detail["type"] for detail in group}
    here = str(path[-1]) if path else ""
    if "extra_forbidden" in kinds:
        return document.problem(
            path,
            one_of(_known(schema)),
            found="an unknown key",
            suggestion=nearest(here, _known(schema)),
        )
    if is_key or "invalid_key" in kinds:
        pattern = group[0].get("ctx", {}).get("pattern", ID_PATTERN)
        meant = slug(here)
        if meant is not None and not re.fullmatch(pattern, meant):
            meant = None
        return document.problem(
            path, PATTERNS[pattern], found=f'"{here}" as a key', suggestion=meant
        )
    found = None if path in document.raw else "nothing"
    if schema.get("format") == "password" and path in document.raw:
        found = "a value that is not shown"
    choices = [choice for detail in group for choice in _choices(detail, schema)]
    words = [one_of(choices)] if choices else []
    words += [word for detail in group if (word := _words(detail, document, path))]
    suggestion = None
    if choices and path not in document.filled:
        suggestion = nearest(document.raw.get(path), choices)
    if REDIS_PATTERN in {detail.get("ctx", {}).get("pattern") for detail in group}:
        suggestion = nearest(document.raw.get(path), ["embedded"])
    return document.problem(
        path, " or ".join(dict.fromkeys(words)), found=found, suggestion=suggestion
    )


def _choices(detail: ErrorDetails, schema: dict[str, Any]) -> list[str]:
    context = detail.get("ctx", {})
    if detail["type"] == "union_tag_not_found":
        return list(schema.get("discriminator", {}).get("mapping", {}))
    listed = context.get("expected_tags") or context.get("expected")
    return re.findall(r"'([^']*)'", str(listed)) if listed else []


def _words(detail: ErrorDetails, document: Document, path: Path_) -> str | None:
    """Say what one error expects; None where the choices say it."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in {"enum", "literal_error", "union_tag_invalid", "union_tag_not_found"}:
        return None
    if kind in _BOUNDS:
        word, name = _BOUNDS[kind]
        bound = str(context[name])
        return f"{word} {'0s' if 'timedelta' in bound else bound}"
    if kind == "string_pattern_mismatch":
        return PATTERNS[context["pattern"]]
    if kind == "string_type" and isinstance(document.raw.get(path), int | float):
        return "text (put it in quotes)"
    said = {
        "string_too_short": "text that is not empty",
        "string_too_long": f"at most {context.get('max_length')} characters",
        "missing": "this key, which is required",
    }
    return said.get(kind) or _KINDS.get(kind, detail["msg"].removeprefix("Value error, "))


def slug(text: str) -> str | None:
    """Turn text into an id (``Homs City`` -> ``homs-city``), None when nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:80].strip("-") or None


@lru_cache(maxsize=16)
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _known(schema: dict[str, Any]) -> list[str]:
    return sorted(schema.get("properties", {}))


def _schema_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> dict[str, Any]:
    """Follow an error's ``loc`` through the model's JSON Schema.

    For an unknown key this ends at the mapping that does not know it.
    """
    root = _schema(model)
    here = root
    for part in loc:
        tags = here.get("discriminator", {}).get("mapping", {})
        if part in here.get("properties", {}):
            here = here["properties"][part]
        elif part in tags:
            here = {"$ref": tags[part]}
        elif isinstance(here.get("additionalProperties"), dict):
            here = here["additionalProperties"]
        elif "patternProperties" in here:
            here = next(iter(here["patternProperties"].values()))
        elif isinstance(part, int) and isinstance(here.get("items"), dict):
            here = here["items"]
        if "$ref" in here:
            here = root["$defs"][here["$ref"].rpartition("/")[2]]
    return here
