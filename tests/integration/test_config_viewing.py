"""Who only looks needs no secrets, and one broken file does not hide the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config import read
from monitor.config.problems import errors

WATCHLIST = "places:\n  overburg: {name: Overburg, held_by: crown}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A config folder with a channel whose secret comes from the environment."""
    folder = tmp_path / "config"
    (folder / "watchlists").mkdir(parents=True)
    (folder / "watchlists" / "north.yaml").write_text(
        WATCHLIST + "actors:\n  crown: {name: The Crown, kind: government}\n"
    )
    (folder / "monitor.yaml").write_text(
        "channels:\n  desk: {type: webhook, url: 'https://desk.example/x', secret: '${UNSET}'}\n"
        "log: {level: warning}\n"
    )
    return folder


def test_a_secret_that_is_not_set_stops_the_daemon_but_not_the_view(root: Path) -> None:
    """`monitor status` in another shell works without the daemon's secrets."""
    assert read(root, environ={})[1] is None

    problems, config = read(root, environ={}, viewing=True)

    assert errors(problems) == []
    assert config is not None
    assert config.settings.log.level == "warning"
    assert config.settings.channels == {}
    assert config.channels == {"desk": "webhook"}


def test_a_broken_watchlist_does_not_hide_the_others(root: Path) -> None:
    """The good lists are shown, the mistakes are still told."""
    (root / "watchlists" / "south.yaml").write_text("places: 7\n")

    problems, config = read(root, environ={}, viewing=True)

    assert {problem.file for problem in errors(problems)} == {
        str(root / "watchlists" / "south.yaml")
    }
    assert config is not None
    assert [watchlist.name for watchlist in config.watchlists] == ["north"]


def test_settings_that_cannot_be_read_cannot_be_viewed(root: Path) -> None:
    """Without the settings nobody knows where the data is."""
    (root / "monitor.yaml").write_text("data: [\n")

    problems, config = read(root, environ={}, viewing=True)

    assert errors(problems)
    assert config is None
