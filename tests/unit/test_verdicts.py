"""`monitor parse --explain`: each event with the words that decided."""

from __future__ import annotations

import io

from rich.console import Console

from monitor.verdicts import page
from tests.unit.workers.newsroom import article, reader


def _shown(title: str) -> str:
    (read,) = reader().read([article(title)])
    out = io.StringIO()
    Console(file=out, width=200).print(page(read))
    return out.getvalue()


def test_a_line_for_each_event_names_its_verdict_and_why() -> None:
    """The words of the text, from the event outwards."""
    told = _shown("Rebels reportedly captured Hama on Thursday, a monitor said")

    assert "captured" in told
    assert "reported" in told
    assert "reportedly, said" in told
    assert "on Thursday" in told


def test_a_text_without_events_says_so() -> None:
    """Nothing is silent."""
    assert "no events" in _shown("Hama is a city in the west")
