"""The embedded redis-server: started once, found again, stopped by the last who uses it."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from monitor.connection import RedisUnusableError, client_for, connect, hide_password
from monitor.embedded import LONGEST_SOCKET_PATH, EmbeddedRedis
from monitor.settings import Settings
from tests.conftest import until


def test_many_who_start_it_get_one_server(tmp_path: Path) -> None:
    """Processes that ask at the same moment share one server."""
    server = EmbeddedRedis(tmp_path / "data")
    started: list[bool] = []
    threads = [threading.Thread(target=lambda: started.append(server.ensure())) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(started) == [False, False, False, False, True]
    assert server.release()


def test_it_is_found_again_after_a_crash_with_its_data(own_server: EmbeddedRedis) -> None:
    """SIGKILL: the next who asks starts it on the same file, and nothing is missing."""
    with own_server.client() as client:
        client.set("kept", "yes")
    pid = own_server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: not own_server.alive())

    assert own_server.ensure()

    with own_server.client() as client:
        assert client.get("kept") == "yes"


def test_the_last_user_turns_off_the_light(tmp_path: Path) -> None:
    """While another is connected the server stays; then it goes, and its socket with it."""
    server = EmbeddedRedis(tmp_path / "data")
    server.ensure()
    other = server.client()
    other.ping()

    assert not server.release()
    other.close()
    until(server.release)
    until(lambda: not server.alive())


def test_a_folder_with_a_very_long_name_works(tmp_path: Path) -> None:
    """A unix socket's path is short by law of the system; the data folder's need not be."""
    server = EmbeddedRedis(tmp_path / ("long" * 30) / ("longer" * 20))

    assert server.ensure()
    assert len(str(server.socket)) <= LONGEST_SOCKET_PATH
    assert server.release()


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    """The data folder's parent is a file: the message names the folder and the setting."""
    (tmp_path / "file").write_text("")

    with pytest.raises(RedisUnusableError, match=r"cannot be written .*set `data:`"):
        connect(Settings(), tmp_path / "file" / "data")


def test_a_redis_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    """Nothing listens: the message names the address, without its password, and the setting."""
    settings = Settings(redis="redis://user:secret@127.0.0.1:1/0")

    with pytest.raises(RedisUnusableError) as caught:
        connect(settings, tmp_path)

    message = str(caught.value)
    assert "redis://user:***@127.0.0.1:1/0" in message
    assert "monitor.yaml" in message
    assert "secret" not in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1",
        "redis+sentinel://one:26379",
        "redis+sentinel://one:port/main",
        "redis+sentinel://one/main/zero",
    ],
)
def test_a_url_of_another_kind_is_refused(url: str) -> None:
    """What is no Redis URL is refused before anything is asked."""
    with pytest.raises(RedisUnusableError, match="redis: "):
        client_for(url)


def test_a_shared_server_is_used_by_its_url(own_server: EmbeddedRedis, tmp_path: Path) -> None:
    """unix:// reaches a server that is there already; nothing is started."""
    client = connect(Settings(redis=own_server.url), tmp_path / "unused")

    assert client.ping()
    assert not (tmp_path / "unused").exists()
    client.close()


def test_a_password_never_shows() -> None:
    """Log lines may hold the address."""
    assert (
        hide_password("rediss://:pw@redis.example:6379/1") == "rediss://:***@redis.example:6379/1"
    )
    assert hide_password("redis://redis.example") == "redis://redis.example"
