"""A config folder that is right: what it becomes, and what ships."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from monitor.config import ConfigError, check, default_config, init, load, read
from monitor.config.schemas import KINDS, schemas, write_schemas
from monitor.settings import WebhookChannel

LIST = "places:\n  homs: {name: Homs}\n"


def write(root: Path, **files: str) -> Path:
    """Write ``name.yaml`` files and one watchlist."""
    (root / "watchlists").mkdir(parents=True)
    (root / "watchlists" / "syria.yaml").write_text(LIST)
    for name, text in files.items():
        (root / f"{name}.yaml").write_text(text)
    return root


def test_a_watchlist_alone_is_enough(tmp_path: Path) -> None:
    """Given only a watchlist, when loaded, then all else has defaults and no warning is logged."""
    root = write(tmp_path / "config")
    with capture_logs() as logs:
        config = load(root, environ={})
    assert config.settings.fetch.interval == timedelta(minutes=15)
    assert config.feeds == {}
    assert "control" in config.ontology.facets
    assert [each.name for each in config.watchlists] == ["syria"]
    assert config.data == tmp_path / "data"
    assert logs == []


def test_variables_are_filled_in(tmp_path: Path) -> None:
    """Given set, defaulted and escaped variables, when loaded, then their values stand there."""
    secret = "whsec_" + "AAAA" * 8
    text = (
        "namespace: ${SPACE:-quiet}\nmetrics: {port: '${PORT}'}\n"
        "fetch: {user_agent: '$${NAME} ${SPACE:-}'}\n"
        "channels:\n  desk: {type: webhook, url: 'https://${HOST}/x', secret: '${SECRET}'}\n"
    )
    environ = {"PORT": "9000", "HOST": "a.example", "SECRET": secret}
    config = load(write(tmp_path / "config", monitor=text), environ=environ)
    assert config.settings.namespace == "quiet"
    assert config.settings.metrics.port == 9000
    assert config.settings.fetch.user_agent == "${NAME} "
    desk = config.settings.channels["desk"]
    assert isinstance(desk, WebhookChannel)
    assert desk.url == "https://a.example/x"
    assert desk.secret.get_secret_value() == secret


def test_warnings_are_logged_and_do_not_refuse(tmp_path: Path) -> None:
    """Given a feed URL that stands twice, when loaded, then it is logged and both feeds stay."""
    text = "feeds:\n  a: {url: https://a.example}\n  b: {url: https://a.example}\n"
    with capture_logs() as logs:
        config = load(write(tmp_path / "config", feeds=text), environ={})
    assert list(config.feeds) == ["a", "b"]
    assert [each["event"] for each in logs] == ["config.doubtful"]
    assert "feeds.b.url" in logs[0]["problem"]


def test_one_subject_may_stand_in_two_watchlists(tmp_path: Path) -> None:
    """Given the same definition in two files, when checked, then nothing is said."""
    root = write(tmp_path / "config")
    (root / "watchlists" / "other.yaml").write_text(LIST)
    problems, config = check(root)
    assert problems == []
    assert config is not None
    assert [each.name for each in config.watchlists] == ["other", "syria"]


def test_a_generic_alias_may_be_shared(tmp_path: Path) -> None:
    """Given two groups that are both "the rebels", when checked, then nothing is said."""
    root = write(tmp_path / "config")
    group = "{name: %s, kind: armed-group, aliases: [the rebels]}"
    text = f"actors:\n  a: {group % 'North'}\n  b: {group % 'South'}\n"
    (root / "watchlists" / "syria.yaml").write_text(text)
    assert check(root)[0] == []


def test_a_section_whose_lines_are_commented_out_is_empty(tmp_path: Path) -> None:
    """Given section names with nothing below, when loaded, then they count as left out."""
    root = write(
        tmp_path / "config", monitor="channels:\nfetch:\n  # interval: 5m\n", feeds="feeds:\n"
    )
    (root / "watchlists" / "syria.yaml").write_text(LIST + "actors:\nrules:\n")
    assert check(root)[0] == []


def test_given_watchlists_replace_those_of_the_folder(tmp_path: Path) -> None:
    """Given watchlist files as `replay` does, then no folder and no channel is needed."""
    path = tmp_path / "mine.yaml"
    path.write_text(LIST + "rules:\n  - {name: r, channels: desk}\n")
    problems, config = read(tmp_path / "none", environ={}, watchlists=[path])
    assert config is not None
    assert [each.name for each in config.watchlists] == ["mine"]
    assert [problem.severity for problem in problems] == ["warning"]
    problems, config = read(tmp_path / "none", environ={}, watchlists=[])
    assert problems == []
    assert config is not None
    assert config.watchlists == ()


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Given a file that an editor saved with a mark in front, then it is read."""
    root = write(tmp_path / "config", monitor="\ufeffnamespace: quiet\n")
    assert load(root, environ={}).settings.namespace == "quiet"


def test_the_shipped_config_is_clean() -> None:
    """Given what ships, when checked without any variable set, then nothing is said."""
    problems, config = check(default_config(), environ={})
    assert problems == []
    assert config is not None
    assert len(config.watchlists[0].places) >= 30
    assert len(config.feeds) >= 8


def test_the_committed_schemas_are_current() -> None:
    """Given the models, when schemas are written, then they are those in config/schemas."""
    folder = default_config() / "schemas"
    committed = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    assert committed == schemas(), "run `monitor schema`"


def test_every_shipped_file_names_its_schema() -> None:
    """Given the shipped files, then the first line tells editors where their schema is."""
    root = default_config()
    for path in [*root.glob("*.yaml"), *root.glob("watchlists/*.yaml")]:
        mark, _, schema = path.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")
        assert mark == "# yaml-language-server: "
        assert (path.parent / schema).is_file(), path


def test_schemas_are_written(tmp_path: Path) -> None:
    """Given a new folder, when schemas are written, then one JSON file a kind stands there."""
    written = write_schemas(tmp_path / "schemas")
    assert {path.name for path in written} == set(KINDS)
    assert all("$schema" in json.loads(path.read_text()) for path in written)


def test_init_copies_and_never_overwrites(tmp_path: Path) -> None:
    """Given an empty folder, then init fills it with a clean config; a second time it refuses."""
    folder = tmp_path / "mine"
    written = init(folder)
    assert folder / "monitor.yaml" in written
    assert check(folder, environ={})[0] == []
    with pytest.raises(ConfigError, match="expected a new or empty folder"):
        init(folder)
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="expected a new or empty folder"):
        init(tmp_path / "file")
    with pytest.raises(ConfigError, match="no way to write it"):
        init(tmp_path / "file" / "below")


def test_an_installed_package_brings_its_own_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given the folder that a wheel holds, then it goes before that of a checkout."""
    packaged = tmp_path / "monitor" / "defaults" / "config"
    packaged.mkdir(parents=True)
    monkeypatch.setattr(
        "monitor.config.__file__", str(tmp_path / "monitor" / "config" / "__init__.py")
    )
    assert default_config() == packaged


def test_a_folder_can_be_a_file(tmp_path: Path) -> None:
    """Given a file instead of a config folder, then one line says so."""
    path = tmp_path / "config"
    path.write_text("")
    assert "found a file, expected a config folder" in str(read(path, environ={})[0][0])
