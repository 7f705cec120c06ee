"""Puts the stages together from a configuration and runs them: one each, or all on one machine."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import structlog
from redis import Redis

from monitor import metrics
from monitor.alerts.deliver import Deliverer
from monitor.config.reload import Watch
from monitor.connection import connect
from monitor.embedded import EmbeddedRedis
from monitor.fetch import FetchStage
from monitor.judge import Judge
from monitor.keys import Keys
from monitor.leases import Lease
from monitor.settings import PIPELINE, Config, Settings
from monitor.sources import SourceBook
from monitor.stage import Stopper, Vital, run, stage_name
from monitor.streams import AWAY, Consumer, Delays
from monitor.supervisor import REFUSED, Child, Supervisor, supervised

log = structlog.get_logger()

#: seconds between two looks of the supervisor at its children
TICK = 0.2

#: seconds that a judge may be silent before another takes its place
JUDGE_LEASE = 15.0


#: settings that a daemon reads when it starts and then never again
AT_START = ("data", "redis", "fsync", "namespace", "grace", "log", "queue", "metrics")


class RefusedError(Exception):
    """A stage cannot work as it is configured; the message is one clear line."""


class AlreadyRunningError(Exception):
    """Another daemon uses the data folder; the message is one clear line."""


@dataclass(slots=True)
class Context:
    """What every stage process starts from."""

    watch: Watch
    redis: Redis
    keys: Keys
    #: the server in use, whatever an edit of monitor.yaml says meanwhile; None: a shared one
    embedded: EmbeddedRedis | None = None

    @property
    def config(self) -> Config:
        """The configuration in force; a good edit of a file shows here without a restart."""
        self.watch.changed()
        return self.watch.config

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.config.settings

    def consumer(self, stream: str, group: str, name: str) -> Consumer:
        """Return the consumer of one stage process."""
        queue = self.settings.queue
        delays = Delays(
            claim_after=queue.claim_after.total_seconds(),
            heartbeat=queue.heartbeat.total_seconds(),
            max_deliveries=queue.max_deliveries,
        )
        return Consumer(self.redis, self.keys, stream, group, name, delays)

    def reach(self) -> None:
        """Start the embedded Redis again when it is the one in use and it died."""
        if self.embedded is not None:
            self.embedded.ensure()


def prepare(watch: Watch) -> Context:
    """Connect to the Redis of the configuration.

    Raises:
        RedisUnusableError: it cannot be used; one clear line.
    """
    config = watch.config
    settings = config.settings
    redis = connect(settings, config.data)
    embedded = EmbeddedRedis(config.data, settings.fsync) if settings.redis == "embedded" else None
    return Context(watch, redis, Keys(settings.namespace), embedded)


def now() -> datetime:
    """Return the time of the day."""
    return datetime.now(UTC)


def run_worker(context: Context) -> int:
    """Read articles until asked to stop.

    Raises:
        RefusedError: the language pipeline or the reader of the settings cannot be used.
    """
    from workers.language import PipelineError  # noqa: PLC0415 — no other stage needs spaCy
    from workers.readers import ReaderError  # noqa: PLC0415
    from workers.worker import Worker  # noqa: PLC0415

    name = stage_name("work")
    if not supervised():
        _tell_names_only(context.config)
    consumer = context.consumer(context.keys.articles, "workers", name)
    worker = Worker(context.redis, context.keys, consumer, lambda: context.config)
    try:
        return _run(context, name, worker.step, consumer, consumer.forget, consumer.hand_back)
    except (PipelineError, ReaderError) as error:
        raise RefusedError(str(error)) from error


def _tell_names_only(config: Config) -> None:
    for language, pipeline in config.pipelines.items():
        if language != "en":
            log.warning("pipeline.names-only", language=language, pipeline=pipeline)


def run_judge(context: Context) -> int:
    """Keep the statuses until asked to stop."""
    name = stage_name("judge")
    consumer = context.consumer(context.keys.claims, "judge", name)
    lease = Lease(context.redis, context.keys.lease("judge"), name, JUDGE_LEASE)
    judge = Judge(
        context.redis,
        context.keys,
        consumer,
        lease,
        lambda: context.config,
        context.settings.queue.order_wait.total_seconds(),
    )

    def close() -> None:
        judge.drop()
        lease.give_back()

    return _run(context, name, judge.step, consumer, judge.forget, close)


def run_deliver(context: Context) -> int:
    """Deliver alerts until asked to stop."""
    name = stage_name("deliver")
    consumer = context.consumer(context.keys.alerts, "deliver", name)
    deliverer = Deliverer(context.redis, context.keys, consumer, lambda: context.settings.channels)

    def close() -> None:
        deliverer.close(context.settings.grace.total_seconds() / 2)

    return _run(context, name, deliverer.step, consumer, consumer.forget, close)


def run_fetch(context: Context) -> int:
    """Poll the feeds until asked to stop."""
    name = stage_name("fetch")
    stage = FetchStage(
        context.redis,
        context.keys,
        lambda: context.config,
        lambda config: SourceBook(config.sources),
        clock=now,
    )
    stopped = Stopper()
    stopped.install()

    def step() -> int:
        # the stage has threads of its own; this one gives the sign of life
        stopped.event.wait(1.0)
        context.redis.ping()
        return 0

    finished = True

    def close() -> None:
        nonlocal finished
        finished = stage.stop(context.settings.grace.total_seconds() / 2)

    stage.start()
    vital = Vital(context.redis, context.keys, name)
    status = run(vital, step, stopped, reach=context.reach, forget=_nothing, close=close)
    if not finished:
        # a poll writes all or nothing, so one that hangs may be left; Python would wait for it
        leave(context)
        os._exit(status)
    return status


def _nothing() -> None:
    """A fetcher holds nothing in hand between two polls."""


def _run(
    context: Context,
    name: str,
    step: Callable[[], int],
    consumer: Consumer,
    forget: Callable[[], object],
    close: Callable[[], object],
) -> int:
    stopped = Stopper()
    stopped.install()
    vital = Vital(context.redis, context.keys, name)

    def turn() -> int:
        # an idle stage looks too: an edit is in force before the next message comes
        context.watch.changed()
        return step()

    with consumer.beating():
        return run(vital, turn, stopped, reach=context.reach, forget=forget, close=close)


def leave(context: Context) -> None:
    """Close the connections; the last user of the embedded Redis stops it."""
    context.redis.close()
    context.redis.connection_pool.disconnect()
    if context.embedded is not None:
        context.embedded.release()


def usable_cores() -> int:
    """Return how many processors this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def processes(settings: Settings) -> int:
    """Return how many workers the settings ask for."""
    wanted = settings.workers.processes
    return usable_cores() if wanted == "auto" else wanted


def command(verb: str, root: Path) -> list[str]:
    """Return the command line of one stage process."""
    return [sys.executable, "-m", "monitor", verb, "--config", str(root)]


def staff(supervisor: Supervisor, config: Config, verbs: Sequence[str]) -> None:
    """Put the stages of one machine under supervision; ``work`` once for each core."""
    for verb in verbs:
        count = processes(config.settings) if verb == "work" else 1
        for number in range(count):
            name = f"{verb}-{number + 1}" if count > 1 else verb
            supervisor.add(name, command(verb, config.root))


def run_all(context: Context) -> int:
    """Run every stage on this machine until asked to stop; return the exit status.

    Raises:
        AlreadyRunningError: another daemon runs on the same data folder.
    """
    config = context.config
    if not _pipelines_work(config):
        return REFUSED
    _tell_names_only(config)
    with _only_one(config.data):
        stopped = Stopper()
        stopped.install()
        deaths = _Deaths(context)
        supervisor = Supervisor(config.settings.grace.total_seconds(), on_death=deaths.note)
        staff(supervisor, config, ("fetch", "work", "judge", "deliver"))
        log.info("daemon.started", data=str(config.data), workers=processes(config.settings))
        with metrics.served(context.redis, context.keys, lambda: context.config):
            while not stopped() and supervisor.refused is None:
                supervisor.tick()
                _keep_redis(context)
                deaths.write()
                config = _take_up(context, config)
                stopped.event.wait(TICK)
        log.info("daemon.stopping", grace=supervisor.grace)
        clean = supervisor.stop()
        log.info("daemon.stopped", clean=clean)
        return 0 if clean and supervisor.refused is None else 1


def _pipelines_work(config: Config) -> bool:
    """Tell whether the pipelines and the reader of the config can be used, or write why they cannot.

    A process of its own tries them: this one lives long and needs no spaCy.
    """
    if config.settings.workers.pipeline == PIPELINE and config.settings.workers.reader is None:
        return True
    done = subprocess.run(  # noqa: S603 — our own command line
        command("check", config.root), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.stderr.write(done.stderr)
    return done.returncode == 0


def _keep_redis(context: Context) -> None:
    try:
        context.redis.ping()
    except AWAY as error:
        log.warning("redis.away", error=str(error))
        try:
            context.reach()
        except OSError as reason:
            log.error("redis.unreachable", error=str(reason))


@dataclass(slots=True)
class _Deaths:
    """Counts the stage processes that died; while Redis is away the count waits here."""

    context: Context
    uncounted: Counter[str] = field(default_factory=Counter)

    def note(self, child: Child, _code: int) -> None:
        """Remember a death; the supervisor has logged it."""
        self.uncounted[f"processes_died:{child.name.partition('-')[0]}"] += 1

    def write(self) -> None:
        """Raise the counters, now or when Redis is back."""
        with contextlib.suppress(*AWAY):
            while self.uncounted:
                name, count = next(iter(self.uncounted.items()))
                self.context.redis.hincrby(self.context.keys.counters, name, count)
                del self.uncounted[name]


def _take_up(context: Context, before: Config) -> Config:
    """Look for an edit of the config; say which of its settings count from the next start on."""
    after = context.config
    if after is not before and (late := late_settings(before.settings, after.settings)):
        log.warning("config.needs-restart", settings=late)
    return after


def late_settings(before: Settings, after: Settings) -> list[str]:
    """Return the names of changed settings that a running daemon does not take up."""
    late = [name for name in AT_START if getattr(before, name) != getattr(after, name)]
    if before.workers.processes != after.workers.processes:
        late.append("workers.processes")
    return late


def _only_one(data: Path) -> IO[str]:
    """Return the open lock file of the data folder; closing it lets the next daemon in."""
    path = data / "run.lock"
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = path.open("a+")
    except OSError as error:
        raise AlreadyRunningError(
            f"{data}: cannot be written ({error.strerror}); set `data:` in monitor.yaml"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise AlreadyRunningError(
            f"{data}: already in use by the daemon with process id {holder}; "
            "stop it, or give this one another `data:` in monitor.yaml"
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


#: verb -> what runs it
STAGES: dict[str, Callable[[Context], int]] = {
    "fetch": run_fetch,
    "work": run_worker,
    "judge": run_judge,
    "deliver": run_deliver,
    "run": run_all,
}
