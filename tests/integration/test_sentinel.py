"""A Redis behind Sentinel: the address that Sentinel gives is the one that is used."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from monitor.connection import RedisUnusableError, connect
from monitor.embedded import _executable
from monitor.settings import Settings
from tests.conftest import free_port, until


def listens(port: int) -> bool:
    """Tell whether somebody answers at this port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def server(folder: Path, name: str, port: int, lines: list[str], *arguments: str) -> Iterator[None]:
    """Run a redis-server with a config of these lines, from when it listens."""
    config = folder / f"{name}.conf"
    config.write_text(
        "\n".join(["bind 127.0.0.1", f"port {port}", *lines, f"dir {folder}", 'save ""', ""])
    )
    process = subprocess.Popen([_executable(), str(config), *arguments], stdout=subprocess.DEVNULL)
    try:
        until(lambda: listens(port), what=f"{name} listens")
        yield
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def sentinel(tmp_path: Path) -> Iterator[int]:
    """A Redis with a password and one Sentinel that watches it; gives the Sentinel's port."""
    master, watcher = free_port(), free_port()
    with ExitStack() as stack:
        stack.enter_context(server(tmp_path, "master", master, ["requirepass knock"]))
        watching = [
            f"sentinel monitor newsroom 127.0.0.1 {master} 1",
            "sentinel auth-pass newsroom knock",
        ]
        stack.enter_context(server(tmp_path, "sentinel", watcher, watching, "--sentinel"))
        yield watcher


def test_the_master_is_found_through_sentinel(sentinel: int, tmp_path: Path) -> None:
    """Given a Sentinel, the password and the database of the URL reach the master."""
    settings = Settings(redis=f"redis+sentinel://:knock@127.0.0.1:{sentinel}/newsroom/1")

    def write() -> bool:
        try:
            client = connect(settings, tmp_path / "unused")
        except RedisUnusableError:
            return False
        with client:
            return bool(client.set("found", "yes")) and client.get("found") == "yes"

    assert until(write, what="the Sentinel knows its master")


def test_an_unknown_master_is_one_clear_line(sentinel: int, tmp_path: Path) -> None:
    """Given a name that no Sentinel watches, the message says so and shows no password."""
    settings = Settings(redis=f"redis+sentinel://:knock@127.0.0.1:{sentinel}/weather")

    with pytest.raises(RedisUnusableError) as caught:
        connect(settings, tmp_path / "unused")

    assert "weather" in str(caught.value)
    assert "knock" not in str(caught.value)
    assert "\n" not in str(caught.value)
