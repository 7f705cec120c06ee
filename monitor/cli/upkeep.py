"""Upkeep: dead letters, and channels that their receivers closed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.common import CONFIG, AsJson, ConfigFolder, Failure, app, count, dead, opened

if TYPE_CHECKING:
    from monitor.daemon import Context
    from monitor.deadletters import DeadLetter

LetterId = Annotated[str, typer.Argument(help="Id of the dead letter, or: all")]


@dead.command("list")
def dead_list(config: ConfigFolder = CONFIG, as_json: AsJson = False) -> None:
    """List the dead letters, oldest first."""
    from monitor import show
    from monitor.deadletters import dead_letters

    with opened(config) as context:
        letters = dead_letters(context.redis, context.keys, count=None)
    if as_json:
        typer.echo(show.letters_json(letters))
    else:
        show.tell(show.letters_page(letters))


@dead.command("show")
def dead_show(letter: LetterId, config: ConfigFolder = CONFIG) -> None:
    """Show one dead letter with its whole message and error."""
    from monitor import show

    with opened(config) as context:
        typer.echo(show.letters_json(_letters(context, letter)))


@dead.command("retry")
def dead_retry(letter: LetterId, config: ConfigFolder = CONFIG) -> None:
    """Put dead letters back into their streams."""
    from monitor.deadletters import retry_dead

    with opened(config) as context:
        done = [retry_dead(context.redis, context.keys, each) for each in _letters(context, letter)]
    typer.echo(f"{sum(done)} put back")


@dead.command("drop")
def dead_drop(letter: LetterId, config: ConfigFolder = CONFIG) -> None:
    """Delete dead letters for good."""
    from monitor.deadletters import drop_dead

    with opened(config) as context:
        done = [drop_dead(context.redis, context.keys, each) for each in _letters(context, letter)]
    typer.echo(f"{sum(done)} deleted")


def _letters(context: Context, letter: str) -> list[DeadLetter]:
    from monitor.deadletters import dead_letter, dead_letters

    if letter == "all":
        return dead_letters(context.redis, context.keys, count=None)
    found = dead_letter(context.redis, context.keys, letter)
    if found is None:
        raise Failure(f'no dead letter "{letter}"; `monitor dead list` shows their ids')
    return [found]


@app.command()
def reopen(
    channel: Annotated[str, typer.Argument(help="A channel of monitor.yaml.")],
    config: ConfigFolder = CONFIG,
) -> None:
    """Open a channel that its receiver closed; send what failed."""
    from monitor.alerts.upkeep import reopen as reopen_channel
    from monitor.config.problems import nearest

    with opened(config) as context:
        configured = context.config.channels
        if channel not in configured:
            hint = nearest(channel, configured)
            suggestion = f'; did you mean "{hint}"?' if hint else ""
            raise Failure(f'no channel "{channel}" in monitor.yaml{suggestion}')
        now = datetime.now(UTC).timestamp() * 1000
        number = reopen_channel(context.redis, context.keys, channel, now)
    typer.echo(f"{channel}: open; {count(number, 'alert')} put back")
