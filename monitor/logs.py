"""Structured logs: one line an action, on standard error."""

from __future__ import annotations

import logging
import os
import sys
from typing import Literal

import structlog
from structlog.typing import EventDict


def setup(
    level: Literal["debug", "info", "warning", "error"] = "info",
    form: Literal["auto", "console", "json"] = "auto",
    **bound: object,
) -> None:
    """Send logs to standard error, readable on a terminal and as JSON lines elsewhere.

    The name of what happened stands under ``action``. ``bound`` is added to every line.
    """

    def bind(_logger: object, _method: str, event: EventDict) -> EventDict:
        # not by context variables: those of this thread are not those of the others
        return {**bound, **event}

    pretty = form == "console" or (form == "auto" and sys.stderr.isatty())
    shape: list[structlog.typing.Processor] = (
        [
            structlog.dev.ConsoleRenderer(
                event_key="action",
                colors=sys.stderr.isatty() and "NO_COLOR" not in os.environ,
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
        if pretty
        else [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            bind,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.EventRenamer("action"),
            *shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        # one write a line: the processes of a daemon share one standard error
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    # libraries that log by the standard library speak only when something is wrong
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
