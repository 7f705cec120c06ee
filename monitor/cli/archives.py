"""Whole archives through the line on a simulated clock: replay, backtest, the demo."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from monitor import logs
from monitor.cli.common import (
    CONFIG,
    USAGE,
    AsJson,
    ConfigFolder,
    Failure,
    MoreWatchlists,
    Watchlists,
    app,
    loaded_for_reading,
    refusing_pipelines,
)


@app.command()
def replay(
    archive: Annotated[Path, typer.Argument(help="JSON lines of feed items.")],
    more: MoreWatchlists = None,
    watchlist: Watchlists = None,
    as_json: AsJson = False,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="A config folder for the rest.")
    ] = None,
) -> None:
    """Run an archive through the line; write the transitions.

    The clock is simulated; items are taken oldest first. sources.yaml, feeds.yaml and
    ontology.yaml are taken from --config, or from beside the archive, or else those that come with
    the monitor.
    """
    from monitor.config import default_config
    from monitor.replay import replay_command

    logs.setup("error")
    lists = [*(watchlist or []), *(more or [])]
    if not lists:
        raise Failure("which subjects? Give --watchlist FILE", USAGE)
    beside = archive.parent if (archive.parent / "sources.yaml").exists() else default_config()
    loaded = loaded_for_reading(config or beside, lists)
    try:
        with refusing_pipelines():
            status = replay_command(archive, loaded, as_json=as_json)
    except OSError as error:
        raise Failure(f"{archive}: {error.strerror or error}") from error
    sys.exit(status)


@app.command()
def backtest(
    archive: Annotated[Path, typer.Argument(help="JSON lines of feed items.")],
    watchlist: Annotated[Path, typer.Option("--watchlist", help="The changed watchlist.")],
    against: Annotated[
        Path | None,
        typer.Option("--against", help="The old one; left out, that of the same name in --config."),
    ] = None,
    as_json: AsJson = False,
    config: ConfigFolder = CONFIG,
) -> None:
    """Show what another watchlist would have sent."""
    from monitor.backtest import backtest_command

    logs.setup("error")
    old = against or config / "watchlists" / watchlist.name
    if not old.exists():
        raise Failure(f"{old}: no such file; name the old watchlist with --against FILE", USAGE)
    before, after = (loaded_for_reading(config, [each]) for each in (old, watchlist))
    try:
        with refusing_pipelines():
            status = backtest_command(archive, before, after, as_json=as_json)
    except OSError as error:
        raise Failure(f"{archive}: {error.strerror or error}") from error
    sys.exit(status)


@app.command()
def demo(
    seconds: Annotated[float, typer.Option(help="How long the thirteen days may take.")] = 40.0,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the data folder.")] = False,
) -> None:
    """Replay December 2024 in Syria through the whole line."""
    from monitor.demo.run import run_demo

    logs.setup("error")
    sys.exit(run_demo(seconds, keep=keep))
