"""Why the reader took a text as it did: `monitor parse --explain`."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from monitor import show
from workers.extract import reasons
from workers.reader import ReadArticle


def page(read: ReadArticle) -> RenderableType:
    """Return a line for each event of a text: its verdict, and the words that decided."""
    if read.doc is None or not read.events:
        return Text("no events")
    made = show.table("", "event", "word", "verdict", "because of", "says", "time", "history")
    for event in read.events:
        why = reasons(event)
        made.add_row(
            Text(event.id, "cyan"),
            Text(show.printable(read.doc[event.trigger[0]].text), "bold"),
            Text(event.factuality.value),
            Text(show.printable(", ".join(why.get("factuality", ())) or "-")),
            Text(show.printable(event.attribution or "-")),
            Text(show.printable(event.time or "-")),
            Text(why.get("history", "-"), "dim"),
        )
    return Group(made)
