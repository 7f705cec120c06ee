"""Reading without the daemon: lines of articles, or one text and its tree."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor import logs
from monitor.cli.common import (
    CONFIG,
    USAGE,
    AsJson,
    ConfigFolder,
    Explain,
    Failure,
    MoreWatchlists,
    Watchlists,
    app,
    loaded_for_reading,
    refusing_pipelines,
)

if TYPE_CHECKING:
    from monitor.settings import Config
    from workers.reader import ReadArticle


@app.command()
def extract(
    more: MoreWatchlists = None,
    watchlist: Watchlists = None,
    explain: Explain = False,
    config: ConfigFolder = CONFIG,
) -> None:
    """Read articles as JSON lines, write what they say.

    Standard input: {"id", "title", "text", "published", "source"} a line. Standard output:
    entities, events and claims of each, as one line. With --watchlist only about its subjects,
    without about every place and actor that can be named.
    """
    from workers.extract import extract as extract_lines
    from workers.reader import Reader

    logs.setup("error")
    lists = [*(watchlist or []), *(more or [])]
    if isinstance(sys.stdin, TextIOWrapper):
        # JSON is UTF-8 whatever the locale; a broken byte costs one character, not the run
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
    loaded = loaded_for_reading(config, lists)
    parts = (loaded.ontology, loaded.watchlists, loaded.sources, loaded.pipelines)
    with refusing_pipelines():
        reader = Reader(*parts, open_world=not lists)
    sys.exit(extract_lines(sys.stdin, sys.stdout, reader, explain=explain))


@app.command()
def parse(
    text: Annotated[
        list[str] | None, typer.Argument(help="The text, or - for standard input.")
    ] = None,
    as_json: AsJson = False,
    explain: Explain = False,
    svg: Annotated[Path | None, typer.Option("--svg", help="Write a picture to this file.")] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="Its language, if it is told wrongly.")
    ] = None,
    config: ConfigFolder = CONFIG,
) -> None:
    """Show the tree and the names that the parser sees in a text.

    For who writes rules: they read these words, lemmas, tags and relations. With --explain also
    the events that they find, with the words that decided about each.
    """
    from monitor import verdicts
    from monitor.parse import ParseError, as_svg, page, parsed
    from monitor.parse import as_json as parse_json
    from monitor.show import tell

    logs.setup("error")
    if not text:
        raise Failure('which text? monitor parse "Rebels captured Hama.", or - to read it', USAGE)
    words = _standard_input() if text == ["-"] else " ".join(text)
    loaded = loaded_for_reading(config, [])
    try:
        with refusing_pipelines():
            found = parsed(words, loaded.pipelines, language)
    except ParseError as error:
        raise Failure(str(error), USAGE) from error
    if svg is not None:
        svg.write_text(as_svg(found.doc), encoding="utf-8")
        typer.echo(f"{svg}: written")
    elif as_json:
        typer.echo(parse_json(found))
    else:
        tell(page(found.doc))
        if explain:
            tell(verdicts.page(_read_openly(loaded, words)))


def _read_openly(loaded: Config, text: str) -> ReadArticle:
    """Read a text that was published now, without a watchlist."""
    from monitor.records import Article
    from workers.reader import Reader

    now = datetime.now(UTC)
    reader = Reader(loaded.ontology, (), loaded.sources, loaded.pipelines, open_world=True)
    reader.keep_offsets()
    article = Article(
        id="text", feed="parse", source="", title="", text=text, published=now, seen=now
    )
    return next(reader.read([article]))


def _standard_input() -> str:
    # whatever the locale; a broken byte costs one character, not the run
    return sys.stdin.buffer.read().decode("utf-8-sig", errors="replace")
