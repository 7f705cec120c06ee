"""The daemon: all stages, or one."""

from __future__ import annotations

import sys
from pathlib import Path

from monitor.cli.common import CONFIG, USAGE, ConfigFolder, Failure, app, opened


def _stage(verb: str, config: Path) -> None:
    from monitor import daemon

    with opened(config, verb) as context:
        try:
            status = daemon.STAGES[verb](context)
        except daemon.AlreadyRunningError as error:
            raise Failure(str(error)) from error
        except daemon.RefusedError as error:
            raise Failure(str(error), USAGE) from error
    sys.exit(status)


@app.command()
def run(config: ConfigFolder = CONFIG) -> None:
    """Run all stages on this machine until Ctrl-C."""
    _stage("run", config)


@app.command()
def fetch(config: ConfigFolder = CONFIG) -> None:
    """Run only the fetching of feeds."""
    _stage("fetch", config)


@app.command()
def work(config: ConfigFolder = CONFIG) -> None:
    """Run one worker that reads articles."""
    _stage("work", config)


@app.command()
def judge(config: ConfigFolder = CONFIG) -> None:
    """Run only the rules.

    Of several judges one works and the others stand by.
    """
    _stage("judge", config)


@app.command()
def deliver(config: ConfigFolder = CONFIG) -> None:
    """Run only the delivery of alerts."""
    _stage("deliver", config)
