"""What the verbs share: the app, options, opening and loading, and mistakes told in one line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor import logs
from monitor.config.problems import ConfigError, Problem, errors
from monitor.supervisor import supervised

if TYPE_CHECKING:
    from monitor.daemon import Context
    from monitor.settings import Config

app = typer.Typer(
    help="Watch news feeds and alert when a tracked city or actor changes status.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
dead = typer.Typer(help="Messages that could not be processed.", no_args_is_help=True)
opml = typer.Typer(help="Exchange feeds with other readers.", no_args_is_help=True)
app.add_typer(dead, name="dead")
app.add_typer(opml, name="opml")

#: exit status for a mistake in the configuration or on the command line
USAGE = 2

CONFIG = Path("config")
ConfigFolder = Annotated[
    Path, typer.Option("--config", "-c", envvar="MONITOR_CONFIG", help="The config folder.")
]
ArchiveConfig = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        envvar="MONITOR_CONFIG",
        help="Folder of feeds, sources and ontology; else those beside the archive, in config/, "
        "or that come with the monitor.",
    ),
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Tell which words decided how sure the text is.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
Watchlists = Annotated[
    list[Path] | None,
    typer.Option("--watchlist", help="A watchlist file; may be given several times."),
]
MoreWatchlists = Annotated[
    list[Path] | None, typer.Argument(help="More watchlist files.", show_default=False)
]
#: how an option takes a moment
MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]


class Failure(Exception):  # noqa: N818 — what a person is told, not a fault of the program
    """Something a person must know, in one line, and the exit status that goes with it."""

    def __init__(self, line: str, status: int = 1) -> None:
        super().__init__(line)
        self.status = status


def print_problems(problems: Sequence[Problem]) -> None:
    """Write each mistake as one line."""
    for problem in problems:
        typer.echo(str(problem), err=True)


@contextmanager
def opened(config: Path, stage: str | None = None) -> Iterator[Context]:
    """Open what a verb works on and close it again; the last user stops the embedded Redis."""
    from monitor import daemon
    from monitor.config.reload import Watch

    logs.setup("warning")
    loaded = _loaded(config, viewing=stage is None)
    if stage is not None:
        logs.setup(loaded.settings.log.level, loaded.settings.log.format, stage=stage)
    # of all processes of a daemon the first one tells what is wrong with an edited file
    context = daemon.prepare(Watch(loaded, environ=os.environ, quiet=supervised()))
    try:
        yield context
    finally:
        daemon.leave(context)


def _loaded(config: Path, *, viewing: bool) -> Config:
    """Load the config; who only looks is told of mistakes and sees what can be seen."""
    from monitor.config import load, read

    if not viewing:
        return load(config, environ=os.environ)
    problems, loaded = read(config, environ=os.environ, viewing=True)
    if loaded is None:
        raise ConfigError(problems)
    if count := len(errors(problems)):
        mistakes = "1 mistake" if count == 1 else f"{count} mistakes"
        typer.echo(f"{config}: {mistakes}; see: monitor check -c {config}", err=True)
    return loaded


def loaded_for_reading(config: Path, watchlists: Sequence[Path]) -> Config:
    """Load what reading needs; channels and their secrets are not looked at."""
    from monitor.config import read

    problems, loaded = read(config, environ=os.environ, watchlists=watchlists, viewing=True)
    if loaded is None or errors(problems):
        raise ConfigError(problems)
    return loaded


@contextmanager
def refusing_pipelines() -> Iterator[None]:
    """Tell a language pipeline or a reader that cannot be used in one line."""
    from workers.language import PipelineError
    from workers.readers import ReaderError

    try:
        yield
    except (PipelineError, ReaderError) as error:
        raise Failure(str(error), USAGE) from error


def count(number: int, noun: str) -> str:
    """Return "1 feed" or "2 feeds"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
