"""What travels between the stages: articles, claims, statuses, transitions, alerts.

Every record is immutable, validates itself and has one JSON form, which is what stands in
Redis and in every ``--json`` output. Instants are time-zone aware and in UTC.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field


def _to_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


#: An instant; always UTC, whatever offset it was written with.
Instant = Annotated[AwareDatetime, AfterValidator(_to_utc)]


def fingerprint(*parts: object) -> str:
    """Return a short stable id (80 bits, hex) of the parts, equal on every host and run."""
    text = "\x1f".join(str(part) for part in parts)
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


class Record(BaseModel):
    """Base of everything that is stored or sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_json(self) -> str:
        """Return the record as one line of JSON."""
        return self.model_dump_json(exclude_none=True)

    @classmethod
    def from_json(cls, line: str | bytes) -> Self:
        """Read a record back.

        Raises:
            pydantic.ValidationError: the line is not such a record.
        """
        return cls.model_validate_json(line)


class Factuality(StrEnum):
    """How a text presents an event, from most to least certain that it happened."""

    CONFIRMED = "confirmed"
    REPORTED = "reported"
    CLAIMED = "claimed"
    POSSIBLE = "possible"
    PLANNED = "planned"
    DENIED = "denied"
    NEGATED = "negated"


class Confidence(StrEnum):
    """How sure a status is; ``baseline`` is what the watchlist said before any news."""

    BASELINE = "baseline"
    CLAIMED = "claimed"
    REPORTED = "reported"
    CONFIRMED = "confirmed"

    @property
    def rank(self) -> int:
        """Position in the order baseline < claimed < reported < confirmed."""
        return _RANK[self]


_RANK = {word: rank for rank, word in enumerate(Confidence)}


class Severity(StrEnum):
    """Alertmanager's customary severities."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class TransitionKind(StrEnum):
    """What changed: the value, how sure it is, or a belief that had to be taken back or faded.

    ``learnt``: a value that nobody knew before, of which no report tells how it began.
    """

    CHANGED = "changed"
    LEARNT = "learnt"
    UPGRADED = "upgraded"
    DOWNGRADED = "downgraded"
    RETRACTED = "retracted"
    FADED = "faded"


class Article(Record):
    """One item of a feed. ``revision`` counts the versions of the same item from 0."""

    id: str
    revision: int = 0
    feed: str
    source: str
    link: str = ""
    title: str = ""
    text: str = ""
    language: str | None = None
    #: who wrote it, as the feed says: an author, or the source that it was taken from
    byline: str = ""
    published: Instant
    #: when the fetcher first saw this revision: the moment "we knew"
    seen: Instant

    @property
    def body(self) -> str:
        """Title and text as the reader sees them; offsets count characters of this."""
        return f"{self.title}\n{self.text}"


class Claim(Record):
    """What an event says about one facet of one subject."""

    id: str
    subject: str
    facet: str
    value: str
    factuality: Factuality
    #: the event lies in [start, end]; end never lies after publication
    start: Instant
    end: Instant
    published: Instant
    seen: Instant
    article: str
    revision: int = 0
    source: str
    #: source id of the wire agency that the article credits, when it credits one
    credit: str | None = None
    #: same for copies of one report
    story: str
    #: ids of articles known before it of which its article is a near-copy
    copies: tuple[str, ...] = ()
    link: str = ""
    sentence: str
    #: who says so inside the text: a subject id, or the words of the text
    attribution: str | None = None
    #: a report of a standing condition ("rebel-held Hama"), not of a change
    standing: bool = False


class Note(Record):
    """What is known of an article beside its claims, to tell copies by."""

    #: MinHash of its text; empty when that is too short to compare
    sketch: str = ""
    #: who wrote it, as the feed says
    byline: str = ""


class Reading(Record):
    """All that one revision of an article says: it replaces what earlier revisions said.

    That of a ``live`` page adds to them: what has dropped off its end was not taken back.
    """

    article: str
    revision: int
    seen: Instant
    claims: tuple[Claim, ...] = ()
    live: bool = False
    note: Note = Note()


class Evidence(Record):
    """One sentence for or against a status, as shown to people."""

    claim: str
    source: str
    link: str
    sentence: str
    factuality: Factuality
    value: str
    published: Instant
    #: Admiralty grade of who says so: the credited agency, else the source
    grade: str = "F"
    #: same for copies of one report
    story: str = ""
    #: sources that carried the same story, and so are no voices of their own
    carried: tuple[str, ...] = ()
    #: when it happened, as the text has it
    happened: Instant | None = None
    #: a state named in passing
    standing: bool = False
    #: an interested party says so
    party: bool = False


class Status(Record):
    """What is believed of one facet of one subject, and why."""

    subject: str
    facet: str
    value: str | None = None
    confidence: Confidence
    #: probability-like strength in [0, 1] behind the word
    score: float = 0.0
    #: when it happened (None for a baseline)
    since: Instant | None = None
    #: the value that stood before, for what must be taken back
    previous: str | None = None
    #: the value that stood until it turned out never to have been so
    refuted: str | None = None
    #: when it fades if no evidence comes; None where it stays, or rests already
    fades: Instant | None = None
    #: a value faded, and nothing has changed it since
    faded: bool = False
    supporting: tuple[Evidence, ...] = ()
    opposing: tuple[Evidence, ...] = ()

    @property
    def key(self) -> str:
        """``subject/facet``."""
        return f"{self.subject}/{self.facet}"


class Transition(Record):
    """A status that changed; ``at`` is when the pipeline knew, ``since`` when it happened."""

    id: str
    kind: TransitionKind
    at: Instant
    subject: str
    facet: str
    from_: str | None = Field(default=None, alias="from", serialization_alias="from")
    to: str | None = None
    #: the value before ``to``, also where only the confidence changed and ``from`` is ``to``
    previous: str | None = None
    from_confidence: Confidence
    confidence: Confidence
    score: float = 0.0
    since: Instant | None = None
    sources: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    opposing: tuple[Evidence, ...] = ()

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True
    )


class Alert(Record):
    """A transition that a watchlist's rule asked for; ``id`` never changes over retries."""

    id: str
    watchlist: str
    rule: str
    severity: Severity
    channels: tuple[str, ...]
    #: one line a person can read: "Homs: held by the Syrian government -> held by HTS"
    summary: str
    #: names of the subject and of the values, for people
    names: dict[str, str] = Field(default_factory=dict)
    transition: Transition
