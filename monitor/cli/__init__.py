"""One command, a verb per job. Each verb imports what it needs: not all of them need spaCy."""

from __future__ import annotations

import os
import signal
import sys
from io import TextIOWrapper

import typer
from redis.exceptions import RedisError

# isort: off
# each registers its verbs; help lists them in this order
from monitor.cli import stages, files, looking, upkeep, reading, archives  # noqa: F401

# isort: on
from monitor.cli.common import USAGE, Failure, app, print_problems
from monitor.config.problems import ConfigError
from monitor.connection import RedisUnusableError


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
        print_problems(error.problems)
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
