"""The demo archive, replayed by the real command, ends with exactly its timeline."""

from __future__ import annotations

import json
import subprocess
import sys

from ruamel.yaml import YAML

from monitor.config import seeds_folder
from tests.acceptance.timeline import caused_by_copies, differences

SEEDS = seeds_folder() / "december-2024"


def test_the_replay_tells_the_timeline() -> None:
    """Every change in time and confirmed, no trap, no change too many."""
    command = [sys.executable, "-m", "monitor", "replay", str(SEEDS / "archive.jsonl"), "--json"]
    watchlist = ["--watchlist", str(SEEDS / "watchlists" / "syria.yaml")]
    replay = subprocess.run([*command, *watchlist], capture_output=True, text=True, check=False)
    assert replay.returncode == 0, replay.stderr

    told = [json.loads(line) for line in replay.stdout.splitlines()]
    timeline = YAML(typ="safe").load(SEEDS / "timeline.yaml")

    assert differences(told, timeline) == []
    items = (SEEDS / "archive.jsonl").read_text(encoding="utf-8").splitlines()
    assert list(caused_by_copies(told, map(json.loads, items))) == []
