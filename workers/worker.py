"""The stage between articles and claims: the loop around the reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from pydantic import ValidationError

from monitor.keys import Keys
from monitor.records import Article, Reading
from monitor.settings import Config
from monitor.stories import note_of
from monitor.streams import AWAY, Consumer, Message
from workers.joined import JoinedReader
from workers.language import PipelineError
from workers.reader import ReadArticle, Reader
from workers.readers import EventReader, ReaderError, load_reader

if TYPE_CHECKING:
    from redis import Redis
    from redis.client import Pipeline

log = structlog.get_logger()

Pair = tuple[Message, Article]
AnyReader = Reader | JoinedReader


@dataclass(slots=True)
class Worker:
    """Reads articles and commits their claims.

    An article that cannot be read fails alone, never its batch. A changed config is taken up
    between two batches.
    """

    redis: Redis
    keys: Keys
    consumer: Consumer
    config: Callable[[], Config]
    _current: Config | None = field(default=None, init=False)
    _reader: AnyReader | None = field(default=None, init=False)
    _other: EventReader | None = field(default=None, init=False)
    _pipelines: Mapping[str, str] = field(default_factory=dict, init=False)

    def step(self) -> int:
        """Read one batch; return how many messages were in hand.

        Raises:
            redis.exceptions.ConnectionError: Redis is away; call again later.
        """
        reader, batch = self._up_to_date()
        messages = self.consumer.read(batch)
        if not messages:
            return 0
        with reader.memory():
            self._read(reader, self._articles(messages))
        return len(messages)

    def _read(self, reader: AnyReader, pairs: Sequence[Pair]) -> None:
        try:
            done = list(reader.read([article for _, article in pairs]))
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001 — whatever a hostile text raises
            log.warning("batch.failed", articles=len(pairs), error=str(error))
            self._one_by_one(reader, pairs)
        else:
            self._commit([message for message, _ in pairs], done)

    def _up_to_date(self) -> tuple[AnyReader, int]:
        config = self.config()
        if self._reader is None or config is not self._current:
            self._reader = self._new_reader(config)
            self._current = config
        return self._reader, config.settings.workers.batch

    def _new_reader(self, config: Config) -> AnyReader:
        """Make what the settings name; of a wrong name in an edited file the old one stays."""
        parts = (config.ontology, config.watchlists, config.sources)
        named = config.settings.workers.reader
        try:
            self._other = load_reader(named) if named is not None else None
        except ReaderError as error:
            if self._reader is None:
                raise
            log.error("reader.refused", error=str(error))
        if self._other is not None and named is not None and named.mode == "alone":
            return JoinedReader(self._other, *parts)
        try:
            own = Reader(*parts, config.pipelines)
        except PipelineError as error:
            if self._reader is None:
                raise
            log.error("pipeline.refused", pipeline=error.name, error=str(error))
            own = Reader(*parts, self._pipelines)
        self._pipelines = own.pipelines
        return own if self._other is None else JoinedReader(self._other, *parts, own)

    def _articles(self, messages: Sequence[Message]) -> list[Pair]:
        pairs = []
        for message in messages:
            try:
                pairs.append((message, Article.from_json(message.fields["article"])))
            except KeyError:
                self.consumer.bury(message, 'not an article: the field "article" is missing')
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"]) or "record"
                self.consumer.bury(message, f"not an article: {where}: {first['msg']}")
        return pairs

    def _one_by_one(self, reader: AnyReader, pairs: Sequence[Pair]) -> None:
        for message, article in pairs:
            try:
                done = list(reader.read([article]))
            except AWAY:
                raise
            except Exception as error:  # noqa: BLE001 — the message keeps it, and is tried again
                self.consumer.fail(message, error)
            else:
                self._commit([message], done)

    def _commit(self, messages: Sequence[Message], done: Sequence[ReadArticle]) -> None:
        if not messages:
            return
        counts: Counter[str] = Counter()
        for one in done:
            counts[f"articles_{one.outcome}"] += 1
            counts["claims_made"] += len(one.claims)
            counts["readers_failed"] += one.lacking

        def write(pipe: Pipeline) -> None:
            for message, one in zip(messages, done, strict=True):
                if one.claims or one.article.revision > 0:
                    fields: dict[Any, Any] = {
                        "reading": _with_note(one).to_json(),
                        "order": message.id,
                    }
                    pipe.xadd(self.keys.claims, fields)
            for name, count in sorted(counts.items()):
                if count:
                    pipe.hincrby(self.keys.counters, name, count)

        self.consumer.commit(messages, write)


def _with_note(one: ReadArticle) -> Reading:
    """Return what an article says, with the note that copies of it are known by."""
    if not one.claims:
        return one.reading
    return one.reading.model_copy(update={"note": note_of(one.article)})
