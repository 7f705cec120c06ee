"""One interface for readers of any make: an article in, events out.

Ours (:class:`workers.reader.Reader`) is one. Another, such as a transformer or a language model
behind an HTTP endpoint, is a class of yours, named in ``monitor.yaml``::

    workers:
      reader:
        use: mine.readers:Endpoint      # module:Class, installed or beside where you start
        mode: joined                    # its events are added to ours; alone: only they count
        options: {url: "http://127.0.0.1:9000/"}

It is made once a process, with its options as keyword arguments, and asked about one article at a
time. None is used, and nothing is asked of any service, unless the settings name one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from monitor.records import Factuality, Instant, Record

if TYPE_CHECKING:
    from monitor.records import Article
    from monitor.settings import ForeignReader


class ToldEvent(Record):
    """An event as a reader tells it.

    ``agent``, ``patient`` and ``place`` are ids of subjects or names as the text has them; a name
    that no watchlist knows is nobody's.
    """

    #: an event of ``ontology.yaml``: ``capture``, ``withdraw`` …
    event: str
    #: the sentence that says so, as the text has it; it is shown as the evidence
    sentence: str
    agent: str | None = None
    patient: str | None = None
    place: str | None = None
    factuality: Factuality = Factuality.CONFIRMED
    #: who says so inside the text
    attribution: str | None = None
    #: it lies in [start, end]; left out, it is as old as its article
    start: Instant | None = None
    end: Instant | None = None
    #: told as something of the past: it moves nothing
    history: bool = False


@runtime_checkable
class EventReader(Protocol):
    """Whatever reads events out of articles. Called by one thread of each worker process."""

    def events(self, article: Article) -> Iterable[ToldEvent]:
        """Return what an article says happened.

        It should give up after a while: a worker waits for it, and no peer takes over.

        Args:
            article: title and text as the feed has them, HTML and all; ``published`` in UTC.

        Raises:
            Exception: anything; the worker counts it and goes on.
        """


class ReaderError(Exception):
    """A reader that the settings name cannot be used; the message is one line.

    Attributes:
        why: what was asked for, and what is wrong with it.
    """

    def __init__(self, name: str, why: str) -> None:
        self.why = f'"{name}", {why}'
        super().__init__(f"reader {self.why}")


def load_reader(named: ForeignReader) -> EventReader:
    """Make the reader that the settings name.

    Raises:
        ReaderError: there is no such class, it refuses its options, or it is no reader.
    """
    module, _, name = named.use.partition(":")
    if "" not in sys.path:
        sys.path.append("")
    try:
        made: Any = getattr(import_module(module), name)(**named.options)
    except Exception as error:  # whatever the code of somebody else does
        why = " ".join(f"{type(error).__name__}: {error}".split())
        raise ReaderError(named.use, f"which cannot be made ({why})") from error
    if not isinstance(made, EventReader):
        raise ReaderError(named.use, "which has no method events(article)")
    return made
