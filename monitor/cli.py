"""One command, a verb per job. Each verb imports what it needs: not all of them need spaCy."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from redis.exceptions import RedisError

from monitor import logs
from monitor.config.problems import ConfigError, Problem, errors
from monitor.connection import RedisUnusableError
from monitor.supervisor import supervised

if TYPE_CHECKING:
    from monitor.board import Board
    from monitor.daemon import Context
    from monitor.deadletters import DeadLetter
    from monitor.settings import Config
    from workers.reader import ReadArticle

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
LetterId = Annotated[str, typer.Argument(help="Id of the dead letter, or: all")]


class Failure(Exception):  # noqa: N818 — what a person is told, not a fault of the program
    """Something a person must know, in one line, and the exit status that goes with it."""

    def __init__(self, line: str, status: int = 1) -> None:
        super().__init__(line)
        self.status = status


def main() -> None:
    """Run the command line; every expected failure is one line, not a traceback."""
    # a SIGTERM ends a verb as orderly as a Ctrl-C: what it started is stopped
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # a lone surrogate or a terminal that is not UTF-8 must not end a command halfway
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="monitor")
    except ConfigError as error:
        _print_problems(error.problems)
        sys.exit(USAGE)
    except Failure as error:
        _exit(str(error), error.status)
    except RedisUnusableError as error:
        _exit(str(error))
    except RedisError as error:
        _exit(f"redis: {str(error).partition(chr(10))[0] or type(error).__name__}")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # the reader of our output has seen enough; nothing may be flushed into it at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _exit(f"{error.filename or 'system'}: {error.strerror or error}")


def _exit(line: str, status: int = 1) -> None:
    typer.echo(f"monitor: {line}", err=True)
    sys.exit(status)


def _print_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        typer.echo(str(problem), err=True)


@contextmanager
def _opened(config: Path, stage: str | None = None) -> Iterator[Context]:
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


def _loaded_for_reading(config: Path, watchlists: Sequence[Path]) -> Config:
    """Load what reading needs; channels and their secrets are not looked at."""
    from monitor.config import read

    problems, loaded = read(config, environ=os.environ, watchlists=watchlists, viewing=True)
    if loaded is None or errors(problems):
        raise ConfigError(problems)
    return loaded


# --- the daemon


def _stage(verb: str, config: Path) -> None:
    from monitor import daemon

    with _opened(config, verb) as context:
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


# --- config files


@app.command()
def check(config: ConfigFolder = CONFIG) -> None:
    """Check the config files; list every mistake with its line."""
    from monitor.config import check as check_config

    problems, loaded = check_config(config)
    if loaded is not None:
        from workers.pipelines import check_pipelines

        problems += check_pipelines(loaded, os.environ)
    _print_problems(problems)
    if loaded is None or errors(problems):
        sys.exit(USAGE)
    if not loaded.settings.channels:
        typer.echo(f"{config}/monitor.yaml: warning: no channels: nobody is told", err=True)
    subjects = sum(len(each.places) + len(each.actors) for each in loaded.watchlists)
    rules = sum(len(each.rules) for each in loaded.watchlists)
    typer.echo(
        f"{config}: good. {_count(len(loaded.feeds), 'feed')}, "
        f"{_count(len(loaded.sources), 'source')}, "
        f"{_count(len(loaded.watchlists), 'watchlist')} with {_count(subjects, 'subject')} "
        f"and {_count(rules, 'rule')}, {_count(len(loaded.settings.channels), 'channel')}."
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


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
    _print_problems(outcome.refused)
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


# --- seeing it


@app.command()
def status(
    config: ConfigFolder = CONFIG,
    as_json: AsJson = False,
    watch: Annotated[bool, typer.Option("--watch", help="Refresh until Ctrl-C.")] = False,
) -> None:
    """Show stages, queues, feeds and the last alerts."""
    from monitor import show
    from monitor.board import board

    with _opened(config) as context:

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
    with _opened(config) as context:
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

    with _opened(config) as context:
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


# --- dead letters


@dead.command("list")
def dead_list(config: ConfigFolder = CONFIG, as_json: AsJson = False) -> None:
    """List the dead letters, oldest first."""
    from monitor import show
    from monitor.deadletters import dead_letters

    with _opened(config) as context:
        letters = dead_letters(context.redis, context.keys, count=None)
    if as_json:
        typer.echo(show.letters_json(letters))
    else:
        show.tell(show.letters_page(letters))


@dead.command("show")
def dead_show(letter: LetterId, config: ConfigFolder = CONFIG) -> None:
    """Show one dead letter with its whole message and error."""
    from monitor import show

    with _opened(config) as context:
        typer.echo(show.letters_json(_letters(context, letter)))


@dead.command("retry")
def dead_retry(letter: LetterId, config: ConfigFolder = CONFIG) -> None:
    """Put dead letters back into their streams."""
    from monitor.deadletters import retry_dead

    with _opened(config) as context:
        done = [retry_dead(context.redis, context.keys, each) for each in _letters(context, letter)]
    typer.echo(f"{sum(done)} put back")


@dead.command("drop")
def dead_drop(letter: LetterId, config: ConfigFolder = CONFIG) -> None:
    """Delete dead letters for good."""
    from monitor.deadletters import drop_dead

    with _opened(config) as context:
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

    with _opened(config) as context:
        configured = context.config.channels
        if channel not in configured:
            hint = nearest(channel, configured)
            suggestion = f'; did you mean "{hint}"?' if hint else ""
            raise Failure(f'no channel "{channel}" in monitor.yaml{suggestion}')
        now = datetime.now(UTC).timestamp() * 1000
        count = reopen_channel(context.redis, context.keys, channel, now)
    typer.echo(f"{channel}: open; {_count(count, 'alert')} put back")


# --- reading without the daemon


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
    loaded = _loaded_for_reading(config, lists)
    parts = (loaded.ontology, loaded.watchlists, loaded.sources, loaded.pipelines)
    with _refusing_pipelines():
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
    loaded = _loaded_for_reading(config, [])
    try:
        with _refusing_pipelines():
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


@contextmanager
def _refusing_pipelines() -> Iterator[None]:
    """Tell a language pipeline or a reader that cannot be used in one line."""
    from workers.language import PipelineError
    from workers.readers import ReaderError

    try:
        yield
    except (PipelineError, ReaderError) as error:
        raise Failure(str(error), USAGE) from error


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
    loaded = _loaded_for_reading(config or beside, lists)
    try:
        with _refusing_pipelines():
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
    before, after = (_loaded_for_reading(config, [each]) for each in (old, watchlist))
    try:
        with _refusing_pipelines():
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


if __name__ == "__main__":
    main()
