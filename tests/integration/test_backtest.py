"""Backtests: what a changed watchlist would have sent, beside the old one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.backtest import backtest_command
from monitor.config import load, seeds_folder
from monitor.settings import Config
from monitor.watchlist import AlertRule

SEEDS = seeds_folder() / "december-2024"

ITEMS = [
    ("levant-wire", 5, "Rebels captured the city of Hama on Thursday, residents said."),
    ("meridian", 5, "Rebels have taken Hama, our reporter in the city saw."),
    ("levant-wire", 7, "Rebels captured the city of Homs on Saturday, residents said."),
]


@pytest.fixture
def config() -> Config:
    """Sources and subjects of the demo."""
    return load(SEEDS, environ={}, watchlists=[SEEDS / "watchlists" / "syria.yaml"])


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Three items, and a line that is none."""
    lines = [
        json.dumps(
            {
                "feed": feed,
                "link": f"https://{feed}.example/{number}",
                "title": text,
                "description": "",
                "published": f"2024-12-{day:02}T{12 + number}:00:00Z",
            }
        )
        for number, (feed, day, text) in enumerate(ITEMS)
    ]
    path = tmp_path / "archive.jsonl"
    path.write_text("\n".join([*lines, "{}"]), encoding="utf-8")
    return path


def asking(config: Config, **rule: object) -> Config:
    """Return the configuration with this one rule."""
    made = AlertRule.model_validate({"name": "falls", "facet": "control", **rule})
    lists = (config.watchlists[0].model_copy(update={"rules": (made,)}),)
    return config.model_copy(update={"watchlists": lists})


def test_old_and_new_stand_side_by_side(
    config: Config, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who asks for confirmation is told of Hama an hour later, and not of Homs."""
    old, new = asking(config), asking(config, confidence="confirmed", severity="critical")

    status = backtest_command(archive, old, new, as_json=True)

    # outside the command the log of the embedded Redis goes there too
    lines = capsys.readouterr().out.splitlines()
    rows = [json.loads(line) for line in lines if line.startswith("{")]
    assert status == 1
    assert [(row["old"], row["new"]) for row in rows] == [
        (["falls (warning)"], []),
        ([], ["falls (critical)"]),
        (["falls (warning)"], []),
    ]
    assert rows[0]["summary"].startswith("Hama: held by Syrian government → held by")


def test_the_page_sums_up(
    config: Config, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table for people, and how many alerts each would have sent."""
    backtest_command(archive, asking(config), asking(config, subject="homs"), as_json=False)

    page = capsys.readouterr().out
    assert "old watchlist" in page
    assert page.rstrip().endswith(
        "old: 2 alerts; new: 1; changes that only the old tells: 1; only the new: 0"
    )
