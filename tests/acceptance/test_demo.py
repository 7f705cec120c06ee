"""`monitor demo`: what a newcomer sees first."""

from __future__ import annotations

import re

import pytest

from tests.acceptance.desk import Desk
from tests.conftest import until

pytestmark = pytest.mark.xdist_group("daemon-b")


def test_the_demo_shows_the_whole_line(desk: Desk) -> None:
    """Thirteen days as fast as they can be read: alerts with evidence, a summary, plain text."""
    desk.environ["TMPDIR"] = str(desk.folder)

    page = desk.do("demo", "--seconds", "5").stdout

    assert "\x1b" not in page
    assert re.search(r"ALERT critical\s+Damascus: held by Syrian government → held by", page)
    assert "Tracked subjects" in page
    assert re.search(
        r"\d+ alerts arrived at the receiver, every signature verified, 0 refused", page
    )
    assert not list(desk.folder.glob("news-monitor-demo-*"))
    until(lambda: not desk.processes(), what="nothing of the demo is left")
