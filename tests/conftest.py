"""What all tests share: a real redis-server and ways to wait without sleeping."""

from __future__ import annotations

import contextlib
import random
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from redis import Redis

from monitor.connection import client_for
from monitor.embedded import EmbeddedRedis
from monitor.keys import Keys

Found = TypeVar("Found")


def until(condition: Callable[[], Found], seconds: float = 120.0, what: str = "") -> Found:
    """Poll until the condition gives something true and return it; fail after the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        if found := condition():
            return found
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds:.0f} s: {what or condition}")
        time.sleep(0.01)


def free_port() -> int:
    """Return a port that nobody uses now.

    It lies below those that systems give to outgoing connections (from 32768 on Linux, from 49152
    on macOS): nobody takes it by chance before the server that it is meant for does.
    """
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    """A real redis-server for the tests of this process."""
    server = EmbeddedRedis(tmp_path_factory.mktemp("redis"), fsync="everysec")
    server.ensure()
    yield server
    with server.client() as client:
        client.shutdown(nosave=True)


@pytest.fixture
def redis(redis_server: EmbeddedRedis) -> Iterator[Redis]:
    """A client of an empty database."""
    client = client_for(redis_server.url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def keys() -> Keys:
    """Key names as the stages use them."""
    return Keys("test")


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A redis-server of one test alone, which may kill it."""
    server = EmbeddedRedis(tmp_path / "data")
    server.ensure()
    yield server
    if server.alive():
        with server.client() as client:
            client.shutdown(nosave=True)
