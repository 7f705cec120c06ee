"""A reader of another make in our line: its events become claims as ours do, beside ours or alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

import structlog

from monitor.ontology import Ontology
from monitor.records import Article, Claim
from monitor.watchlist import Actor, ActorKind, Place, Source, Watchlist
from workers.claims import World, claims_of, reading_of
from workers.livepages import as_of_version
from workers.mentions import Label, Mention
from workers.reader import ReadArticle, Reader
from workers.readers import EventReader, ToldEvent
from workers.roles import Event

log = structlog.get_logger()

#: our outcome of articles that name nothing of interest: no other reader is asked about them
_ASIDE = "set_aside"


@dataclass(slots=True)
class JoinedReader:
    """Reads as :class:`workers.reader.Reader` does, with a reader of another make.

    Joined to ours, it is asked about what we did not set aside. Where it fails there, ours counts
    alone; where it is alone, the article fails, is tried again and ends as a dead letter.
    """

    other: EventReader
    ontology: Ontology
    watchlists: Sequence[Watchlist]
    sources: Mapping[str, Source]
    #: None: the other one reads alone
    own: Reader | None = None
    _world: World = field(init=False)
    _names: dict[str, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        places: dict[str, Place] = {}
        actors: dict[str, Actor] = {}
        for watchlist in self.watchlists:
            places.update(watchlist.places)
            actors.update(watchlist.actors)
        self._world = World(self.ontology, places, actors, self.sources)
        self._names = {}
        rows = [(subject, each.name, *each.aliases) for subject, each in places.items()]
        rows += [(subject, each.name, *each.aliases) for subject, each in actors.items()]
        for subject, *others in rows:
            for name in (subject, *others):
                self._names.setdefault(name.casefold(), set()).add(subject)

    def memory(self) -> AbstractContextManager[None]:
        """Free after the block what the words of its texts took."""
        return nullcontext() if self.own is None else self.own.memory()

    def read(self, articles: Sequence[Article]) -> Iterator[ReadArticle]:
        """Read a batch; the answers come in the order of the articles.

        Raises:
            Exception: what the other reader raises where it reads alone.
        """
        if self.own is None:
            for article in articles:
                yield ReadArticle(article, reading_of(article, self._claims(article)))
            return
        for read in self.own.read(articles):
            yield read if read.outcome == _ASIDE else self._joined(read)

    def _joined(self, read: ReadArticle) -> ReadArticle:
        try:
            found = self._claims(read.article)
        except Exception as error:  # noqa: BLE001 — whatever the code of somebody else does
            log.warning("reader.failed", article=read.article.id, error=str(error))
            return replace(read, lacking=True)
        known = {_key(claim) for claim in read.claims}
        more = tuple(claim for claim in found if _key(claim) not in known)
        return replace(read, reading=reading_of(read.article, read.claims + more))

    def _claims(self, article: Article) -> tuple[Claim, ...]:
        article = as_of_version(article)
        told = list(self.other.events(article))
        words = " ".join(article.body.split())
        for one in told:
            if one.event not in self.ontology.events:
                raise ValueError(f'event "{one.event}" is not in ontology.yaml')
            if " ".join(one.sentence.split()) not in words:
                raise ValueError(f'the text has no sentence "{one.sentence}"')
        events = [self._event(number, one) for number, one in enumerate(told)]
        sentences = {number: one.sentence for number, one in enumerate(told)}
        return claims_of(article, events, sentences, self._world)

    def _event(self, number: int, told: ToldEvent) -> Event:
        here = (number, number + 1)
        return Event(
            told.event,
            here,
            here,
            agent=self._mention(told.agent),
            patient=self._mention(told.patient),
            place=self._mention(told.place),
            factuality=told.factuality,
            attribution=told.attribution,
            attributed_to=self._mention(told.attribution),
            start=told.start or told.end,
            end=told.end or told.start,
            history=told.history,
        )

    def _mention(self, name: str | None) -> Mention | None:
        """Return whom a name means; several subjects of one name are nobody."""
        if name is None:
            return None
        owners = self._names.get(name.casefold(), set())
        subject = next(iter(owners)) if len(owners) == 1 else None
        actor = self._world.actors.get(subject or "")
        person = actor is not None and actor.kind is ActorKind.PERSON
        label: Label = "person" if person else "group" if actor is not None else "place"
        return Mention(0, 0, name, label, subject, name=name)


def _key(claim: Claim) -> tuple[str, str, str]:
    return claim.subject, claim.facet, claim.value
