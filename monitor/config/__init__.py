"""From the files of a config folder to one typed ``Config``; every mistake is one line.

Which files there are::

    monitor.yaml        may be left out: every setting has a default
    feeds.yaml          may be left out: nothing is polled then
    sources.yaml        may be left out: sources are told by their domains then
    ontology.yaml       may be left out: the packaged one is used then
    watchlists/*.yaml   one or more
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import structlog
from pydantic import BaseModel

from monitor.config.drafts import Drafts, ListDraft
from monitor.config.filecheck import check_files, check_ontology
from monitor.config.listcheck import check_watchlists
from monitor.config.problems import ConfigError, Problem, errors, nearest
from monitor.config.validation import PATTERNS, build, slug
from monitor.config.yamlfile import Document
from monitor.config.yamlfile import read as read_yaml
from monitor.ontology import Ontology
from monitor.settings import Config, FeedsFile, Settings, SourcesFile
from monitor.watchlist import ID_PATTERN, Watchlist

log = structlog.get_logger()

M = TypeVar("M", bound=BaseModel)

__all__ = ["ConfigError", "Problem", "check", "default_config", "init", "load", "read"]

FILES = ("monitor.yaml", "feeds.yaml", "sources.yaml", "ontology.yaml")
WATCHLISTS = "watchlists"


def load(
    root: Path, *, environ: Mapping[str, str], watchlists: Sequence[Path] | None = None
) -> Config:
    """Read a config folder; warnings are logged as ``config.doubtful``.

    Args:
        root: The config folder.
        environ: Variables for ``${NAME}`` in monitor.yaml and feeds.yaml.
        watchlists: Watchlist files to use instead of the folder's, as `monitor replay` does. The
            folder may then be absent, no watchlist is needed, and a rule's unknown channel is
            only a warning.

    Raises:
        ConfigError: with every mistake of every file.
    """
    problems, config = read(root, environ=environ, watchlists=watchlists)
    if config is None:
        raise ConfigError(problems)
    for problem in problems:
        log.warning("config.doubtful", problem=str(problem))
    return config


def check(
    root: Path, *, environ: Mapping[str, str] | None = None
) -> tuple[list[Problem], Config | None]:
    """Return every problem of a config folder, and the Config unless one is an error.

    Args:
        root: The config folder.
        environ: Variables for ``${NAME}``; None takes those of this process.
    """
    return read(root, environ=os.environ if environ is None else environ)


def read(
    root: Path,
    *,
    environ: Mapping[str, str],
    watchlists: Sequence[Path] | None = None,
    viewing: bool = False,
) -> tuple[list[Problem], Config | None]:
    """Do what ``load`` does and return the problems, sorted by file and line.

    ``viewing`` is for who only looks: the channels with their secrets are left out, and a
    mistake in one file does not hide the others.
    """
    if not root.is_dir() and watchlists is None:
        expected = f"a config folder; `monitor init {root}` makes one"
        found = "a file" if root.exists() else "no such folder"
        return [Problem(str(root), found, expected)], None
    problems: list[Problem] = []
    unneeded = "channels" if viewing else None
    settings, settings_file = _file(Settings, root / "monitor.yaml", problems, environ, unneeded)
    feeds, feeds_file = _file(FeedsFile, root / "feeds.yaml", problems, environ)
    sources, sources_file = _file(SourcesFile, root / "sources.yaml", problems, None)
    ontology = _ontology(root, problems)
    lists, whole = _watchlists(_watchlist_files(root, watchlists, problems), problems)
    if watchlists is None:
        problems += _strangers(root)
    drafts = Drafts(
        settings_file, feeds_file, sources_file, ontology, [draft for draft, _ in lists], whole
    )
    problems += check_files(drafts, settings)
    problems += check_watchlists(drafts, channels_needed=watchlists is None and not viewing)
    problems = sorted(dict.fromkeys(problems), key=lambda each: (each.file, each.line or 0))
    whole_lists = tuple(watchlist for _, watchlist in lists if watchlist is not None)
    if settings is None or feeds is None or sources is None or ontology is None:
        return problems, None
    if errors(problems) and not viewing:
        return problems, None
    config = Config(
        root=root,
        settings=settings,
        feeds=feeds.feeds,
        sources=sources.sources,
        ontology=ontology,
        watchlists=whole_lists,
        channels=_channel_types(settings_file),
    )
    return problems, config


def _channel_types(document: Document | None) -> dict[str, str]:
    """Return the types of the channels by name, as they stand in the file."""
    raw = document.raw.get(("channels",)) if document else None
    rows = raw.items() if isinstance(raw, dict) else ()
    return {str(name): str(row.get("type", "?")) for name, row in rows if isinstance(row, dict)}


def _file(
    model: type[M],
    path: Path,
    problems: list[Problem],
    environ: Mapping[str, str] | None,
    unneeded: str | None = None,
) -> tuple[M | None, Document | None]:
    """Read a file that may be left out; an unreadable one gives neither model nor document.

    A section that is not needed is taken out together with its mistakes.
    """
    if not path.exists():
        return model(), Document(file=str(path), data={})
    document = read_yaml(path, environ=environ, private=model is Settings)
    broken = document.data is None and bool(document.problems)
    if broken:
        problems += document.problems
        return None, None
    data = {} if document.data is None else document.data
    if unneeded is not None and isinstance(data, dict):
        data.pop(unneeded, None)
        document.problems = [
            problem for problem in document.problems if not problem.key.startswith(unneeded)
        ]
    built, wrong = build(model, document, data)
    problems += document.problems + wrong
    if document.data is None and model is not Settings:
        problems.append(
            Problem(
                str(path),
                "an empty file",
                f"{path.stem}: and entries below it, or no file",
                severity="warning",
            )
        )
    return built, document


def _ontology(root: Path, problems: list[Problem]) -> Ontology | None:
    path = root / "ontology.yaml"
    if not path.exists():
        path = default_config() / "ontology.yaml"
    document = read_yaml(path)
    if document.data is None:
        problems += document.problems or [
            Problem(str(path), "an empty file", "facets: and events:, or no file at all")
        ]
        return None
    ontology, wrong = build(Ontology, document, document.data)
    deeper = list(check_ontology(document))
    # The model's own check of the effects has no line; the deeper one says the same with it.
    kept = [each for each in wrong if each.key or not deeper]
    problems += document.problems + kept + deeper
    return ontology


def _watchlist_files(
    root: Path, given: Sequence[Path] | None, problems: list[Problem]
) -> list[Path]:
    if given is not None:
        absent = [path for path in given if not path.is_file()]
        problems += [Problem(str(path), "no such file", "a watchlist file") for path in absent]
        return [path for path in given if path not in absent]
    folder = root / WATCHLISTS
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not files:
        found = "no watchlist" if folder.is_dir() else "no such folder"
        problems.append(Problem(str(folder), found, "one or more .yaml files with subjects"))
    return files


def _watchlists(
    files: Sequence[Path], problems: list[Problem]
) -> tuple[list[tuple[ListDraft, Watchlist | None]], bool]:
    lists = []
    whole = True
    for path in files:
        document = read_yaml(path)
        problems += document.problems
        if document.data is None:
            whole = whole and not document.problems
            if not document.problems:
                expected = "places:, actors: and rules:"
                problems.append(Problem(str(path), "an empty file", expected))
            continue
        built, wrong = build(Watchlist, document, document.data)
        problems += wrong
        problems += _stem(path)
        watchlist = built.model_copy(update={"name": path.stem}) if built else None
        lists.append((ListDraft.of(path.stem, document), watchlist))
    return lists, whole


def _stem(path: Path) -> list[Problem]:
    if slug(path.stem) == path.stem:
        return []
    found, expected = f'the file name "{path.stem}"', PATTERNS[ID_PATTERN]
    return [Problem(str(path), found, expected, suggestion=slug(path.stem))]


def _strangers(root: Path) -> list[Problem]:
    """Name the YAML files that nobody reads: most are mistyped."""
    problems = []
    for path in sorted([*root.glob("*.y*ml"), *root.glob(f"{WATCHLISTS}/*.yml")]):
        listed = path.parent != root
        if path.name not in FILES:
            known = [path.with_suffix(".yaml").name] if listed else FILES
            problems.append(
                Problem(
                    str(path),
                    "a file that is not read",
                    "a name that ends in .yaml" if listed else ", ".join(FILES),
                    suggestion=nearest(path.name, known),
                    severity="warning",
                )
            )
    return problems


def default_config() -> Path:
    """Return the config folder that comes with the package, or the checkout's."""
    return _shipped("config")


def seeds_folder() -> Path:
    """Return the folder of seeds that comes with the package, or the checkout's."""
    return _shipped("seeds")


def _shipped(name: str) -> Path:
    packaged = Path(__file__).parents[1] / "defaults" / name
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / name


def init(folder: Path) -> list[Path]:
    """Copy the default config into a new or empty folder.

    Returns:
        The files written.

    Raises:
        ConfigError: something stands there already, or the folder cannot be written.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ConfigError([Problem(str(folder), "something there", "a new or empty folder")])
        shutil.copytree(default_config(), folder, dirs_exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        problem = Problem(str(folder), f"no way to write it ({reason})", "a folder you may write")
        raise ConfigError([problem]) from error
    return sorted(path for path in folder.rglob("*") if path.is_file())
