"""Seeing it: stages and queues, what is believed, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.common import CONFIG, MOMENTS, USAGE, AsJson, ConfigFolder, Failure, app, opened

if TYPE_CHECKING:
    from monitor.board import Board


@app.command()
def status(
    config: ConfigFolder = CONFIG,
    as_json: AsJson = False,
    watch: Annotated[bool, typer.Option("--watch", help="Refresh until Ctrl-C.")] = False,
) -> None:
    """Show stages, queues, feeds and the last alerts."""
    from monitor import show
    from monitor.board import board

    with opened(config) as context:

        def look() -> Board:
            return board(context.redis, context.keys, context.config, datetime.now(UTC))

        if as_json:
            typer.echo(look().model_dump_json(indent=2))
        elif watch:
            show.live(lambda: show.status_page(look()))
        else:
            show.tell(show.status_page(look()))


@app.command()
def subjects(
    config: ConfigFolder = CONFIG,
    as_json: AsJson = False,
    at: Annotated[
        datetime | None, typer.Option("--at", formats=MOMENTS, help="As it was believed then, UTC.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of", formats=MOMENTS, help="What is now known to have been so then, UTC."
        ),
    ] = None,
) -> None:
    """Show what is believed of each subject, now or then."""
    from monitor import board, past, show

    if at is not None and as_of is not None:
        raise Failure("--at or --as-of, not both: believed then, or known now", USAGE)
    with opened(config) as context:
        redis, keys, settings = context.redis, context.keys, context.config
        try:
            if at is not None:
                statuses = past.believed(redis, keys, at.replace(tzinfo=at.tzinfo or UTC))
            elif as_of is not None:
                moment = as_of.replace(tzinfo=as_of.tzinfo or UTC)
                statuses = past.known_now(redis, keys, settings, moment)
            else:
                statuses = board.statuses(redis, keys)
        except past.TooLongAgoError as error:
            raise Failure(str(error)) from error
        rows = board.subjects(settings, statuses)
    if as_json:
        typer.echo(board.as_json(rows))
    else:
        show.tell(show.subjects_page(rows))


@app.command()
def explain(
    subject: Annotated[str, typer.Argument(help="Id or name of a tracked subject.")],
    facet: Annotated[str | None, typer.Argument(help="Only this facet.")] = None,
    config: ConfigFolder = CONFIG,
    as_json: AsJson = False,
) -> None:
    """Show the evidence for and against a subject's statuses."""
    from monitor import board, show
    from monitor.config.problems import nearest, one_of

    with opened(config) as context:
        named = board.names(context.config)
        by_name = {name.casefold(): each for each, name in named.items()}
        found = subject if subject in named else by_name.get(subject.casefold())
        if found is None:
            hint = nearest(subject, [*named, *named.values()])
            suggestion = f'; did you mean "{hint}"?' if hint else ""
            raise Failure(f'"{subject}" is not tracked by any watchlist{suggestion}')
        facets = context.config.ontology.facets
        if facet is not None and facet not in facets:
            raise Failure(f'"{facet}" is no facet; expected {one_of(facets)}')
        explanations = board.explain(context.redis, context.keys, context.config, found, facet)
    if as_json:
        typer.echo(board.as_json(explanations))
    elif explanations:
        show.tell(show.explanation_page(explanations))
    else:
        typer.echo(f"{named[found]}: no news yet")
