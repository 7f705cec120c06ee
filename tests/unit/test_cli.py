"""The command line itself: every verb explains itself, expected failures are one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import typer.main
from redis.exceptions import ResponseError
from typer.testing import CliRunner

from monitor import cli
from monitor.config.problems import ConfigError, Problem
from monitor.connection import RedisUnusableError


def verbs() -> Iterator[tuple[str, ...]]:
    """Return every verb, as the words that are typed."""
    whole = typer.main.get_command(cli.app)
    for name, command in getattr(whole, "commands").items():  # noqa: B009 — a group, typed as a command
        yield (name,)
        for below in getattr(command, "commands", {}):
            yield (name, below)


@pytest.mark.parametrize("words", list(verbs()), ids=" ".join)
def test_every_verb_explains_itself(words: tuple[str, ...]) -> None:
    """`--help` of each verb names it and says in a sentence what it does."""
    shown = CliRunner().invoke(cli.app, [*words, "--help"], prog_name="monitor")

    assert shown.exit_code == 0
    usage, _, rest = shown.stdout.partition("\n")
    assert usage.startswith(f"Usage: monitor {' '.join(words)} ")
    assert rest.strip().partition("\n")[0].endswith((".", ":", "and"))


def failing(error: BaseException) -> Callable[..., None]:
    """Return an app that ends like this."""

    def app(**_: object) -> None:
        raise error

    return app


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (cli.Failure("no such thing"), 1, "monitor: no such thing"),
        (cli.Failure("which one?", cli.USAGE), 2, "monitor: which one?"),
        (RedisUnusableError("redis: too old"), 1, "monitor: redis: too old"),
        (ResponseError("OOM no memory\nmore"), 1, "monitor: redis: OOM no memory"),
        (ResponseError(), 1, "monitor: redis: ResponseError"),
        (OSError(28, "No space left on device", "data/x"), 1, "monitor: data/x: No space left"),
        (ConfigError([Problem("feeds.yaml", "x", "y", line=3)]), 2, "feeds.yaml:3: "),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_expected_failure_is_one_line(
    error: Exception,
    status: int,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whatever a verb may meet ends with a status and one line on standard error."""
    monkeypatch.setattr(cli, "app", failing(error))

    with pytest.raises(SystemExit) as ended:
        cli.main()

    told = capsys.readouterr().err
    assert ended.value.code == status
    assert told.startswith(line)
    assert told.count("\n") == 1


def test_ctrl_c_is_no_failure_to_explain(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C ends a verb with the customary status and no words."""
    monkeypatch.setattr(cli, "app", failing(KeyboardInterrupt()))

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 130
    assert capsys.readouterr() == ("", "")
