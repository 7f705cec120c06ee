"""Edited files are picked up; broken edits are told once and change nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from monitor.config import load
from monitor.config.reload import EVERY, Watch


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return what the test set."""
        return self.now


class Desk:
    """A config folder, the watch over it and the clock it goes by."""

    def __init__(self, root: Path) -> None:
        self.path = root / "watchlists" / "syria.yaml"
        self.path.parent.mkdir(parents=True)
        self.stamp = 0
        self.clock = Clock()
        self.edit("places:\n  homs: {name: Homs}\n")
        self.watch = Watch(load(root, environ={}), environ={}, clock=self.clock)

    def edit(self, text: str) -> None:
        """Save the watchlist; each save has a later time of change."""
        self.path.write_text(text)
        self.stamp += 1
        os.utime(self.path, ns=(self.stamp, self.stamp))

    def settle(self) -> list[str]:
        """Look until the files stand still, and return the subjects of what became of it."""
        found = []
        for _ in range(3):
            self.clock.now += EVERY
            if (config := self.watch.changed()) is not None:
                found += list(config.watchlists[0].places)
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a watched folder with one place."""
    return Desk(tmp_path / "config")


def test_nothing_changed(desk: Desk) -> None:
    """Given no edit, when asked, then there is nothing new."""
    assert desk.settle() == []


def test_an_edit_is_picked_up_once(desk: Desk) -> None:
    """Given a new place, when asked, then the new Config comes once and is in force."""
    desk.edit("places:\n  homs: {name: Homs}\n  hama: {name: Hama}\n")
    assert desk.settle() == ["homs", "hama"]
    assert desk.settle() == []
    assert list(desk.watch.config.watchlists[0].places) == ["homs", "hama"]


def test_the_files_are_looked_at_once_a_second(desk: Desk) -> None:
    """Given an edit, when asked again within the second, then no file is looked at."""
    desk.edit("places:\n  hama: {name: Hama}\n")
    desk.clock.now += EVERY / 2
    assert desk.watch.changed() is None
    assert desk.settle() == ["hama"]


def test_a_file_that_is_still_written_is_left_alone(desk: Desk) -> None:
    """Given a file that differs at every look, then it is read only when it stands still."""
    for number in range(3):
        desk.edit(f"places:\n  city-{number}: {{name: City}}\n")
        desk.clock.now += EVERY
        assert desk.watch.changed() is None
    assert desk.settle() == ["city-2"]


def test_a_broken_edit_is_told_once_and_changes_nothing(desk: Desk) -> None:
    """Given a broken edit, then each problem is logged once and the last good Config stays."""
    desk.edit("places:\n  homs: {nmae: Homs}\n")
    with capture_logs() as logs:
        assert desk.settle() == []
        assert desk.settle() == []
    assert [each["event"] for each in logs] == ["config.refused"] * 2
    assert ":2: places.homs.nmae: found an unknown key" in logs[1]["problem"]
    assert len(desk.watch.problems) == 2
    assert list(desk.watch.config.watchlists[0].places) == ["homs"]


def test_a_mended_edit_is_picked_up(desk: Desk) -> None:
    """Given a broken edit that is mended to something new, then that comes into force."""
    desk.edit("places: [\n")
    desk.settle()
    desk.edit("places:\n  hama: {name: Hama}\n")
    assert desk.settle() == ["hama"]
    assert desk.watch.problems == []


def test_an_edit_that_is_taken_back_says_nothing_new(desk: Desk) -> None:
    """Given a broken edit and then the old text again, then no change is announced."""
    desk.edit("places: [\n")
    desk.settle()
    desk.edit("places:\n  homs: {name: Homs}\n")
    assert desk.settle() == []
    assert desk.watch.problems == []


def test_a_new_and_a_deleted_watchlist_are_changes(desk: Desk) -> None:
    """Given a second watchlist that comes and goes, then both are picked up."""
    other = desk.path.with_name("other.yaml")
    other.write_text("places:\n  hama: {name: Hama}\n")
    assert desk.settle() == ["hama"]
    other.unlink()
    assert desk.settle() == ["homs"]


def test_a_doubtful_edit_is_in_force_and_told(desk: Desk) -> None:
    """Given an edit with a warning, then it is in force and the warning is logged."""
    desk.edit("places:\n  homs: {name: Homs}\n  hims: {name: Homs}\n")
    with capture_logs() as logs:
        assert desk.settle() == ["homs", "hims"]
    assert [each["event"] for each in logs] == ["config.doubtful", "config.changed"]


def test_of_many_processes_one_tells(desk: Desk) -> None:
    """Given a broken edit, when a quiet process looks, then it keeps the last good one silently."""
    quiet = Watch(desk.watch.config, environ={}, clock=desk.clock, quiet=True)
    desk.edit("places: 7\n")
    with capture_logs() as logs:
        for _ in range(3):
            desk.clock.now += EVERY
            assert quiet.changed() is None
    assert logs == []
    assert quiet.problems


def test_a_mended_file_is_told(desk: Desk) -> None:
    """Given a broken edit taken back, when asked, then the log says that all is well again."""
    desk.edit("places: 7\n")
    desk.settle()
    desk.edit("places:\n  homs: {name: Homs}\n")
    with capture_logs() as logs:
        assert desk.settle() == []
    assert [line["event"] for line in logs] == ["config.mended"]
