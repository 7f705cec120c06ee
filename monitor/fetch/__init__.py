"""Feeds in: when to poll, how to ask, how to parse, what is new.

``FetchStage`` is the stage; ``Poller`` does one poll; ``decide`` is pure.
"""

from monitor.fetch.ask import new_client
from monitor.fetch.poll import Outcome, Poller, Result, SourceBook
from monitor.fetch.schedule import FetchStage
from monitor.fetch.state import FeedState, Health

__all__ = [
    "FeedState",
    "FetchStage",
    "Health",
    "Outcome",
    "Poller",
    "Result",
    "SourceBook",
    "new_client",
]
