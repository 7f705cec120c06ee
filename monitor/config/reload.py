"""Picks up edited config files without a restart; a broken edit changes nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import structlog

from monitor.config import FILES, WATCHLISTS, read
from monitor.config.problems import Problem
from monitor.settings import Config

log = structlog.get_logger()

#: seconds between two looks at the files
EVERY = 1.0

#: path -> (time of change in ns, size in bytes)
Stamps = dict[Path, tuple[int, int]]


class Watch:
    """The last good Config of a folder, and whether its files have changed since.

    A ``quiet`` one logs no mistakes: another process of the same daemon does.

    A changed file is read once two looks in a row find it the same, so that a file in the middle
    of being written is left alone.
    """

    def __init__(
        self,
        config: Config,
        *,
        environ: Mapping[str, str],
        watchlists: Sequence[Path] | None = None,
        quiet: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.config = config
        #: why the files as they stand now are not in force; empty when they are
        self.problems: list[Problem] = []
        self._environ = environ
        self._given = watchlists
        self._quiet = quiet
        self._clock = clock
        self._lock = threading.Lock()
        self._looked = clock()
        self._read = self._seen = self._stamps()

    def changed(self) -> Config | None:
        """Return the new Config when the files have changed to a good one, else None.

        Cheap: call it as often as you like, the files are looked at once a second. A broken edit
        is logged once, a line for each problem, and the last good Config stays in force. Several
        threads may ask; a change is returned to one of them.
        """
        with self._lock:
            now = self._clock()
            if now - self._looked < EVERY:
                return None
            self._looked = now
            stamps, before = self._stamps(), self._seen
            self._seen = stamps
            if stamps == self._read or stamps != before:
                return None
            self._read = stamps
            return self._reread()

    def _reread(self) -> Config | None:
        problems, config = read(self.config.root, environ=self._environ, watchlists=self._given)
        if config is None:
            self.problems = problems
            for problem in [] if self._quiet else problems:
                log.error("config.refused", problem=str(problem))
            return None
        mended, self.problems = bool(self.problems), []
        if config == self.config:
            if mended and not self._quiet:
                log.info("config.mended", root=str(config.root))
            return None
        for problem in [] if self._quiet else problems:
            log.warning("config.doubtful", problem=str(problem))
        self.config = config
        log.info("config.changed", root=str(config.root))
        return config

    def _stamps(self) -> Stamps:
        root = self.config.root
        lists = root.glob(f"{WATCHLISTS}/*.yaml") if self._given is None else self._given
        stamps: Stamps = {}
        for path in [*(root / name for name in FILES), *lists]:
            try:
                stat = path.stat()
            except OSError:
                continue  # absent, as an optional file may be: its return is a change
            stamps[path] = (stat.st_mtime_ns, stat.st_size)
        return stamps
