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
    ArchiveConfig,
    AsJson,
    Failure,
    MoreWatchlists,
    Watchlists,
    app,
    loaded_for_reading,
    refusing_pipelines,
)


def _world_of(archive: Path) -> Path:
    """Return the folder that says what an archive's feeds and sources are."""
    from monitor.config import default_config

    folders = (archive.parent, CONFIG)
    return next((each for each in folders if (each / "sources.yaml").exists()), default_config())


@app.command()
def replay(
    archive: Annotated[Path, typer.Argument(help="JSON lines of feed items.")],
    more: MoreWatchlists = None,
    watchlist: Watchlists = None,
    as_json: AsJson = False,
    config: ArchiveConfig = None,
) -> None:
    """Run an archive through the line; write the transitions.

    The clock is simulated; items are taken oldest first.
    """
    from monitor.replay import replay_command

    logs.setup("error")
    lists = [*(watchlist or []), *(more or [])]
    if not lists:
        raise Failure("which subjects? Give --watchlist FILE", USAGE)
    loaded = loaded_for_reading(config or _world_of(archive), lists)
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
        typer.Option("--against", help="The old one; left out, that of the same name in use."),
    ] = None,
    as_json: AsJson = False,
    config: ArchiveConfig = None,
) -> None:
    """Show what another watchlist would have sent."""
    from monitor.backtest import backtest_command

    logs.setup("error")
    folder = config or _world_of(archive)
    old = against or folder / "watchlists" / watchlist.name
    if not old.exists():
        raise Failure(f"{old}: no such file; name the old watchlist with --against FILE", USAGE)
    before, after = (loaded_for_reading(folder, [each]) for each in (old, watchlist))
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
