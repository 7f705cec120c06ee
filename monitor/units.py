"""Lengths of time and numbers of bytes as people write them: ``15m``, ``10MB``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

_SPAN = r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)"
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_SIZE = r"(\d+(?:\.\d+)?)\s*(B|kB|KB|MB|GB)"
_BYTES = {"B": 1, "kB": 1_000, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}


def _span(value: object) -> object:
    if not isinstance(value, str) or value.startswith("P"):
        return value
    if match := re.fullmatch(_SPAN, value.strip()):
        return timedelta(seconds=float(match[1]) * _SECONDS[match[2]])
    if re.fullmatch(r"\d+(\.\d+)?", value.strip()):
        return timedelta(seconds=float(value))
    raise PydanticCustomError("span", "a length of time such as 90s, 15m, 2h or 1d")


def _size(value: object) -> object:
    if not isinstance(value, str):
        return value
    if match := re.fullmatch(_SIZE, value.strip()):
        return int(float(match[1]) * _BYTES[match[2]])
    if value.strip().isdecimal():
        return int(value)
    raise PydanticCustomError("size", "a number of bytes such as 500kB or 10MB")


def span_text(span: timedelta) -> str:
    """Write a length of time in the largest unit that gives a whole number: ``15m``."""
    milliseconds = round(span / timedelta(milliseconds=1))
    for unit in ("d", "h", "m", "s"):
        if milliseconds and milliseconds % (each := int(_SECONDS[unit] * 1000)) == 0:
            return f"{milliseconds // each}{unit}"
    return f"{milliseconds}ms" if milliseconds else "0s"


#: a length of time, never negative: ``90s``, ``15m``, ``2h``, ``1d``, ISO 8601, or seconds
Span = Annotated[
    timedelta,
    BeforeValidator(_span),
    Field(ge=timedelta(0)),
    WithJsonSchema(
        {"type": ["string", "number"], "pattern": f"^(?:{_SPAN}|P.+)$", "examples": ["90s", "15m"]}
    ),
]

#: a number of bytes: ``10MB``, ``500kB``, or a plain number
Size = Annotated[
    int,
    BeforeValidator(_size),
    WithJsonSchema(
        {"type": ["string", "integer"], "pattern": f"^{_SIZE}$", "examples": ["500kB", "10MB"]}
    ),
]
