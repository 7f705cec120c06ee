"""A desk that runs the real command: its config folder, its publishers, its daemon."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from monitor.archive import ArchiveItem
from tests.conftest import Found, until

#: seconds that a command may take which does not run for ever
PATIENCE = 300.0

#: queue times for tests: what a killed process had in hand is taken over soon
QUEUE = {"claim_after": "3s", "heartbeat": "500ms", "order_wait": "5s"}

WATCHLIST: dict[str, Any] = {
    "places": {
        "hama": {"name": "Hama", "country": "SY", "held_by": "government"},
        "homs": {"name": "Homs", "country": "SY", "held_by": "government"},
    },
    "actors": {
        "government": {
            "name": "Syrian government",
            "aliases": ["Syrian army", "government forces"],
            "kind": "government",
        },
        "hts": {
            "name": "Hayat Tahrir al-Sham",
            "aliases": ["HTS", "the rebels"],
            "kind": "armed-group",
        },
    },
    "rules": [{"name": "changes-hands", "facet": "control", "severity": "critical"}],
}

SOURCES = {
    "orontes-herald": {"name": "Orontes Herald", "domains": ["orontes.example"], "grade": "B"},
    "levant-courier": {"name": "Levant Courier", "domains": ["levant.example"], "grade": "B"},
}


def told(source: str, number: int, title: str, text: str = "", *, hour: int = 0) -> ArchiveItem:
    """One item that a publisher put into its feed yesterday; ``hour`` is when it shows up."""
    domain = SOURCES[source]["domains"][0]
    yesterday = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=1)
    return ArchiveItem.model_validate(
        {
            "feed": source,
            "link": f"https://{domain}/{number}",
            "title": title,
            "description": text or f"{title}.",
            "published": yesterday,
            "seen": at(hour),
        }
    )


def at(hour: int) -> datetime:
    """The publishers' own clock: so many hours after their first item."""
    return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hour)


@dataclass
class Hands:
    """The publishers' clock, turned by hand."""

    hour: int = 0

    def __call__(self) -> datetime:
        """Return their time."""
        return at(self.hour)


@dataclass
class Desk:
    """One folder with a config, and the commands given in it."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    started: list[Daemon] = field(default_factory=list)

    @property
    def config(self) -> Path:
        """The config folder."""
        return self.folder / "config"

    @property
    def watchlist(self) -> Path:
        """Its watchlist."""
        return self.config / "watchlists" / "syria.yaml"

    def write(
        self,
        *,
        feeds: Mapping[str, str] | None = None,
        settings: Mapping[str, Any] | None = None,
        watchlist: Mapping[str, Any] = WATCHLIST,
    ) -> None:
        """Write the config; ``feeds`` are ids and URLs."""
        self.watchlist.parent.mkdir(parents=True, exist_ok=True)
        defaults = {
            "fetch": {"interval": "1s", "timeout": "2s"},
            "workers": {"processes": 1, "batch": 4},
            "queue": QUEUE,
            "metrics": {"port": 0},
        }
        entries = {
            name: {"url": url} | ({"source": name} if name in SOURCES else {})
            for name, url in (feeds or {}).items()
        }
        save(self.config / "monitor.yaml", defaults | dict(settings or {}))
        save(self.config / "feeds.yaml", {"feeds": entries})
        save(self.config / "sources.yaml", {"sources": SOURCES})
        save(self.watchlist, watchlist)

    def do(
        self, *words: str, stdin: str | bytes = "", fails: int = 0
    ) -> subprocess.CompletedProcess[str]:
        """Give a command, wait for its end, expect its exit status; never a traceback."""
        given = stdin.encode() if isinstance(stdin, str) else stdin
        raw = subprocess.run(
            command(*words),
            cwd=self.folder,
            env=self._environment(),
            input=given,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        done = subprocess.CompletedProcess(
            raw.args, raw.returncode, raw.stdout.decode(), raw.stderr.decode()
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        assert done.returncode == fails, (words, done.stdout, done.stderr)
        return done

    def ask(self, *words: str) -> Any:
        """Give a command with ``--json`` and return what it says."""
        return json.loads(self.do(*words, "--json").stdout)

    def start(self, *words: str) -> Daemon:
        """Start a command that runs until it is stopped."""
        number = len(self.started)
        output, log = self.folder / f"out-{number}.txt", self.folder / f"log-{number}.jsonl"
        with output.open("wb") as out, log.open("wb") as err:
            process = subprocess.Popen(
                command(*words),
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        daemon = Daemon(self, process, output, log)
        self.started.append(daemon)
        return daemon

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name != "MONITOR_PARENT"}
        return inherited | {"COLUMNS": "120"} | self.environ

    def processes(self) -> list[psutil.Process]:
        """Return every living process that belongs to this desk, its redis-server included."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.status() != psutil.STATUS_ZOMBIE and self._mine(process):
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found

    def _mine(self, process: psutil.Process) -> bool:
        inside = Path(process.cwd()).is_relative_to(self.folder.resolve())
        return inside and process.pid != os.getpid()

    def close(self) -> None:
        """Leave no process behind, whatever a test did."""
        for process in self.processes():
            process.kill()
        for daemon in self.started:
            daemon.process.wait()


@dataclass
class Daemon:
    """A command that runs: its process, what it printed, what it logged."""

    desk: Desk
    process: subprocess.Popen[bytes]
    output: Path
    log: Path

    def actions(self, name: str) -> list[dict[str, Any]]:
        """Return the log lines of one action so far."""
        return [line for line in self.lines() if line.get("action") == name]

    def lines(self) -> list[dict[str, Any]]:
        """Return the log; every line of it is one JSON object."""
        text = self.log.read_text(encoding="utf-8")
        assert "Traceback" not in text, text
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def saw(self, action: str, test: Callable[[dict[str, Any]], bool] = bool) -> dict[str, Any]:
        """Wait for a log line of an action and return it."""
        return until(
            lambda: next((line for line in self.actions(action) if test(line)), None),
            what=f"{action} in the log",
        )

    def expect(self, condition: Callable[[], Found], what: str) -> Found:
        """Wait for something while it runs; when it ends instead, show its log."""

        def look() -> Found:
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            return condition()

        return until(look, seconds=PATIENCE, what=what)

    def printed(self) -> str:
        """Return its standard output so far."""
        return self.output.read_text(encoding="utf-8")

    def stop(self, number: signal.Signals = signal.SIGTERM, seconds: float = 30.0) -> int:
        """Ask it to stop and return its exit status."""
        self.process.send_signal(number)
        status = self.process.wait(seconds)
        self.lines()
        return status


def command(*words: str) -> list[str]:
    """Return the command line of the real command."""
    return [sys.executable, "-m", "monitor", *words]


def save(path: Path, data: object) -> None:
    """Write data as YAML; JSON is YAML."""
    path.write_text(json.dumps(data, indent=1), encoding="utf-8")


def json_lines(text: str) -> list[dict[str, Any]]:
    """Read JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


def as_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """Write JSON lines."""
    return "".join(json.dumps(row) + "\n" for row in rows)
