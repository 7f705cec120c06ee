"""Config files: checked, written, exchanged with other readers of feeds."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from monitor import logs
from monitor.cli.common import CONFIG, USAGE, ConfigFolder, app, count, opml, print_problems
from monitor.config.problems import errors


@app.command()
def check(config: ConfigFolder = CONFIG) -> None:
    """Check the config files; list every mistake with its line."""
    from monitor.config import check as check_config

    problems, loaded = check_config(config)
    if loaded is not None:
        from workers.pipelines import check_pipelines

        problems += check_pipelines(loaded, os.environ)
    print_problems(problems)
    if loaded is None or errors(problems):
        sys.exit(USAGE)
    if not loaded.settings.channels:
        typer.echo(f"{config}/monitor.yaml: warning: no channels: nobody is told", err=True)
    subjects = sum(len(each.places) + len(each.actors) for each in loaded.watchlists)
    rules = sum(len(each.rules) for each in loaded.watchlists)
    typer.echo(
        f"{config}: good. {count(len(loaded.feeds), 'feed')}, "
        f"{count(len(loaded.sources), 'source')}, "
        f"{count(len(loaded.watchlists), 'watchlist')} with {count(subjects, 'subject')} "
        f"and {count(rules, 'rule')}, {count(len(loaded.settings.channels), 'channel')}."
    )


@app.command()
def schema(
    folder: Annotated[Path, typer.Argument(help="Where to write.")] = CONFIG / "schemas",
) -> None:
    """Write JSON Schemas of the config files, for editors."""
    from monitor.config.schemas import write_schemas

    for path in write_schemas(folder):
        typer.echo(str(path))


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="A new folder.")] = CONFIG) -> None:
    """Copy the starting configuration to a new folder."""
    from monitor.config import init as init_config

    init_config(folder)
    typer.echo(f"{folder}: written. Edit {folder}/watchlists, then: monitor check -c {folder}")


@app.command()
def secret() -> None:
    """Make a secret for a webhook channel."""
    from monitor.alerts.webhook import secret as make

    typer.echo(make())


@opml.command("import")
def opml_import(
    file: Annotated[Path, typer.Argument(help="The OPML file.")], config: ConfigFolder = CONFIG
) -> None:
    """Add the feeds of an OPML file to feeds.yaml."""
    from monitor.config.opml import import_opml

    outcome = import_opml(file, config / "feeds.yaml")
    for feed_id, feed in outcome.added.items():
        typer.echo(f"added {feed_id}: {feed.url}")
    for url, feed_id in outcome.skipped.items():
        typer.echo(f"skipped {url}: {feed_id} has it already")
    print_problems(outcome.refused)
    typer.echo(
        f"{len(outcome.added)} added, {len(outcome.skipped)} skipped, "
        f"{len(outcome.refused)} refused"
    )
    sys.exit(1 if outcome.refused else 0)


@opml.command("export")
def opml_export(config: ConfigFolder = CONFIG) -> None:
    """Write the feeds of feeds.yaml as OPML to standard output."""
    from monitor.config import load
    from monitor.config.opml import export_opml

    logs.setup("warning")
    typer.echo(export_opml(load(config, environ=os.environ).feeds))
