"""Tiny readers of another make, as somebody else would write them; they know nothing of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx

from workers.readers import ToldEvent

if TYPE_CHECKING:
    from monitor.records import Article

_TAKEN = re.compile(r"(?P<agent>[A-Z]\w+) (?:took|nahmen) (?P<place>[A-Z]\w+)\.")


class Pattern:
    """Reads one pattern, and raises at what it is told not to like."""

    def __init__(self, *, dislikes: str = "\0") -> None:
        self.dislikes = dislikes
        self.asked: list[str] = []

    def events(self, article: Article) -> Iterator[ToldEvent]:
        """Yield who took what."""
        self.asked.append(article.id)
        if self.dislikes in article.body:
            raise RuntimeError("I do not like this text")
        for found in _TAKEN.finditer(article.body):
            yield ToldEvent(event="capture", sentence=found[0], **found.groupdict())


class Endpoint:
    """Asks an HTTP endpoint, which answers with a JSON list of events."""

    def __init__(self, url: str, timeout: float = 5.0) -> None:
        self.client = httpx.Client(timeout=timeout)
        self.url = url

    def events(self, article: Article) -> list[ToldEvent]:
        """Post the text and take the answer."""
        answer = self.client.post(self.url, json={"title": article.title, "text": article.text})
        answer.raise_for_status()
        return [ToldEvent.from_json(json.dumps(row)) for row in answer.json()]
