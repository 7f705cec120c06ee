"""``monitor demo``: thirteen days of December 2024 in under a minute, alerts and all."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from monitor import board, show
from monitor.archive import read_archive
from monitor.config import seeds_folder
from monitor.daemon import usable_cores
from monitor.demo.scene import Scene

_STYLE = {"critical": "bold red", "warning": "yellow", "info": "cyan"}

#: sentences shown of an alert's evidence
_QUOTED = 2


def run_demo(seconds: float, *, keep: bool) -> int:
    """Replay the December archive and show what the product does; return the exit status.

    Args:
        seconds: real time for the thirteen days; reading needs some, whatever is asked for.
        keep: leave config, data and logs behind for a look.
    """
    out = show.console()
    started = time.monotonic()
    seeds = seeds_folder() / "december-2024"
    with (seeds / "archive.jsonl").open(encoding="utf-8") as lines:
        items = read_archive(lines, out.print)
    folder = Path(tempfile.mkdtemp(prefix="news-monitor-demo-"))
    try:
        with (
            (folder / "processes.log").open("wb") as output,
            Scene(seeds, items, folder, usable_cores(), output=output) as scene,
        ):
            status = _Show(out, scene).run(seconds, started)
    finally:
        if keep:
            out.print(f"Kept: {folder} (config/, data/, processes.log)")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return status


class _Show:
    """Prints what happens, day by day."""

    def __init__(self, out: Console, scene: Scene) -> None:
        self.out = out
        self.scene = scene
        self.told = 0
        self.changes = 0
        self.day = date.min

    def run(self, seconds: float, started: float) -> int:
        """Play the archive to its end; 0 when every alert arrived and was verified."""
        scene, out = self.scene, self.out
        feeds, subjects = len(scene.config.feeds), len(board.names(scene.config))
        out.print(
            f"[bold]news-monitor[/]: {len(scene.items)} items of {feeds} feeds, Syria, 27 November "
            f"to 9 December 2024; {subjects} tracked subjects"
        )
        with self._progress() as (progress, task):
            progress.update(task, description="workers load the language pipeline")
            if not scene.ready():
                out.print("[red]the worker processes did not start[/]; see: monitor demo --keep")
                return 1
            for moment in scene.play(seconds):
                self._tell()
                progress.update(task, advance=1, description=f"{moment:%d %b %H:%M}")
            progress.update(task, description="the last articles")
            done = scene.settle()
            self._tell()
        return self._sum_up(done=done, seconds=time.monotonic() - started)

    @contextmanager
    def _progress(self) -> Iterator[tuple[Progress, TaskID]]:
        columns = (TextColumn("{task.description:>34}"), BarColumn(), TimeElapsedColumn())
        with Progress(
            *columns, console=self.out, transient=True, disable=not self.out.is_terminal
        ) as progress:
            yield progress, progress.add_task("", total=len(self.scene.moments()))

    def _tell(self) -> None:
        for moved in self.scene.transitions():
            self.changes += 1
            # days by what happened, not by the clock, which the workers follow at a distance
            if moved.at.date() > self.day:
                self.day = moved.at.date()
                self.out.print(f"[dim]── {moved.at:%A %d %B %Y}[/]")
            self.out.print("  ", show.transition_line(moved), style="dim", sep="")
        alerts = self.scene.receiver.alerts
        for body in alerts[self.told :]:
            self._alert(body["data"])
        self.told = len(alerts)

    def _alert(self, data: dict[str, Any]) -> None:
        severity = data["severity"]
        self.out.print(
            f"  [{_STYLE[severity]}]ALERT {severity:<8}[/] [bold]{escape(data['summary'])}[/]"
        )
        for item in data["evidence"][:_QUOTED]:
            self.out.print(
                f"      “{escape(item['sentence'].strip())}”\n      [dim]{escape(item['link'])}[/]"
            )

    def _sum_up(self, *, done: bool, seconds: float) -> int:
        scene, out = self.scene, self.out
        refused = [item for item in scene.receiver.requests if item.status != HTTPStatus.NO_CONTENT]
        rows = board.subjects(scene.config, board.statuses(scene.redis, scene.keys))
        out.print()
        out.print(show.subjects_page(row for row in rows if row.facet != "-"))
        counters: Any = scene.redis.hgetall(scene.keys.counters)
        answers = scene.server.answers
        out.print(
            f"\n{scene.polls:,} polls of real HTTP ({answers[304]:,} answered 304 Not Modified), "
            f"{sum(answers.values()):,} answers"
            f"\n{counters.get('items_new', 0)} articles and {counters.get('items_revised', 0)} "
            f"later versions, {counters.get('claims_made', 0)} claims, {self.changes} changes "
            f"of status or confidence"
            f"\n{self.told} alerts arrived at the receiver, every signature verified, "
            f"{len(refused)} refused, {scene.receiver.repeats} sent twice"
            f"\n{seconds:.0f} seconds"
        )
        if not done:
            out.print("[red]some messages were not done in time[/]")
        return 0 if done and not refused and self.told else 1
