"""Archives of feed items, as JSON lines: what replays and the demo run on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from monitor.records import Instant


class ArchiveItem(BaseModel):
    """One line: an item, or a later version of one, as it came up in a feed."""

    model_config = ConfigDict(frozen=True)

    feed: str
    published: Instant
    link: str = ""
    title: str = ""
    description: str = ""
    #: when this version first stood in the feed; left out, when it was published
    seen: Instant
    #: same for all versions of an item; left out, the link
    id: str
    language: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, row: Any) -> Any:
        if isinstance(row, dict):
            row = {name: value for name, value in row.items() if value is not None}
            row.setdefault("seen", row.get("published"))
            row.setdefault("id", row.get("link", ""))
        return row

    @field_validator("id", mode="before")
    @classmethod
    def _id_is_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Read one line.

        Raises:
            ValueError: it is no item; one line that names the key.
        """
        try:
            return cls.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(map(str, first["loc"]))
            raise ValueError(f"{key + ': ' if key else ''}{first['msg']}") from error


def read_archive(lines: Iterable[str], complain: Callable[[str], object]) -> list[ArchiveItem]:
    """Return the items, oldest first; a bad line is told with its number and left out."""
    items = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            items.append(ArchiveItem.from_json(line))
        except ValueError as error:
            complain(f"line {number}: {error}; left out")
    return sorted(items, key=lambda item: item.seen)
