"""JSON Schemas of the config files, so that editors complete keys and underline mistakes."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from monitor.ontology import Ontology
from monitor.settings import FeedsFile, Settings, SourcesFile
from monitor.units import span_text
from monitor.watchlist import Watchlist

#: schema file -> model, and whether ``${NAME}`` may stand for any value
KINDS: dict[str, tuple[type[BaseModel], bool]] = {
    "monitor.json": (Settings, True),
    "feeds.json": (FeedsFile, True),
    "sources.json": (SourcesFile, False),
    "ontology.json": (Ontology, False),
    "watchlist.json": (Watchlist, False),
}

_VARIABLE = {"type": "string", "pattern": r"\$\{"}


def schemas() -> dict[str, str]:
    """Return file name -> JSON text of every schema."""
    return {name: _text(model, variables) for name, (model, variables) in KINDS.items()}


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema into a folder, made when absent.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in schemas().items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _text(model: type[BaseModel], variables: bool) -> str:  # noqa: FBT001 — a column of KINDS
    schema = model.model_json_schema()
    rule = schema.get("$defs", {}).get("AlertRule")
    if rule:
        rule["properties"]["subject"] = rule["properties"]["subjects"]
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_tidy(schema, variables=variables),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _tidy(schema: Any, *, variables: bool) -> Any:
    """Write defaults as people do, close mappings to wrong ids and allow ``${NAME}``."""
    if isinstance(schema, list):
        return [_tidy(each, variables=variables) for each in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {key: _tidy(each, variables=variables) for key, each in schema.items()}
    default = tidy.get("default")
    if isinstance(default, str) and default.startswith("P") and "pattern" in tidy:
        tidy["default"] = span_text(TypeAdapter(timedelta).validate_python(default))
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    narrow = "pattern" in tidy or tidy.get("type") in ("integer", "number", "boolean")
    if not variables or not narrow:
        return tidy
    about = {key: tidy.pop(key) for key in ("title", "description", "default") if key in tidy}
    return {**about, "anyOf": [tidy, _VARIABLE]}
