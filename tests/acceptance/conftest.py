"""Desks for the acceptance tests, and the end of every process that they leave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk of one test alone, without a config yet."""
    made = Desk(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk that the tests of a file share."""
    made = Desk(tmp_path_factory.mktemp("desk"))
    yield made
    made.close()
