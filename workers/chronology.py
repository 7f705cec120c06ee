"""Dates that a paragraph tells once: at its head ("27 November: ..."), or before "two days later"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from spacy.tokens import Span

from monitor.records import Factuality
from workers.intervals import Interval, read
from workers.roles import Event
from workers.timing import HISTORY_AFTER, When, anchored, when

#: "1975: ...", "March 5, 2011 - ...", "27 November: ..."
_HEADING = re.compile(r"^\W*(?P<date>[\w.,' ]{3,24}?)\s*(?::|\s[-\u2013\u2014])\s")


class Calendar:
    """What one paragraph has dated so far; a new one begins with another."""

    def __init__(self, published: datetime) -> None:
        self._published = published
        #: the date of the entry, where it has one
        self._entry: When | None = None
        #: what was dated last
        self._last: Interval | None = None

    def date(self, sentence: Span, events: Iterable[Event], *, returns: bool) -> None:
        """Date the events of the next sentence, in place, that its own clauses do not date.

        Args:
            sentence: the next one of the paragraph.
            events: its events in order.
            returns: it tells of the present, to which the date of the entry does not reach.
        """
        events = list(events)
        found = _headed(sentence, self._published)
        if found is not None:
            self._entry, self._last = found, (found.start, found.end)
        main = when(sentence.root, self._published)
        here = None if main.text is None else (main.start, main.end)
        for event in events:
            root = event.trigger[0] == sentence.root.i
            here = self._count_on(sentence, event, None if root else here) or here
        if self._last is None and main.text is not None:
            self._last = main.start, main.end
        if self._entry is not None and (found is not None or not returns):
            # an entry's date reaches to a semicolon
            ends = next((token.i for token in sentence if token.text == ";"), sentence.end)
            for event in events:
                if event.time is None and event.trigger[0] < ends:
                    _set(event, self._entry, history=event.history or self._entry.history)

    def _count_on(self, sentence: Span, event: Event, here: Interval | None) -> Interval | None:
        """Date an event that is told from what was dated last, and go on from there.

        What its own sentence dates comes first: "who had seized it a day earlier left on Friday".
        """
        if event.factuality is Factuality.PLANNED:
            return None
        anchor = here or self._last
        if anchor is not None:
            trigger = sentence.doc[event.trigger[0]]
            told = anchored(trigger, anchor, self._published)
            if told is not None:
                _set(event, told, history=told.history)
        if event.time is not None and event.start is not None and event.end is not None:
            self._last = event.start, event.end
            return self._last
        return None


def _set(event: Event, dated: When, *, history: bool) -> None:
    event.start, event.end, event.time = dated.start, dated.end, dated.text
    event.history = history


def heading(span: Span, published: datetime) -> str | None:
    """Return whether the date before a colon or a dash is ``past`` or ``present``."""
    dated = _headed(span, published)
    return None if dated is None else "past" if dated.history else "present"


def _headed(span: Span, published: datetime) -> When | None:
    found = _HEADING.match(span.text)
    # "May: ..." is a prime minister as well as a month
    interval = read(f"in {found['date']}", published) if found is not None else None
    if found is None or interval is None or not any(c.isdigit() for c in found["date"]):
        return None
    start, end = interval
    return When(start, end, published - end > HISTORY_AFTER, found["date"])
