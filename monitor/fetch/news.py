"""What is new: a pure decision from a document and what was seen of it before.

No clock, no socket, no Redis: everything comes in as an argument, everything that follows is in
the ``Decision``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

from monitor.fetch.parse import Document, Item
from monitor.fetch.text import canonical, normalised
from monitor.records import Article, fingerprint

#: how long an identity that left the document is remembered on top of ``max_age``
MEMORY = timedelta(days=30)

#: how old "last seen" may be before it is written again; saves a write per item and poll
TOUCH_AFTER = timedelta(days=1)

#: revision of a guid or link that several items share, which therefore tells nothing
_SHARED = -1


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of one item; stored as ``revision|hash|last seen in ms``."""

    revision: int
    hash: str
    at: int

    @classmethod
    def read(cls, stored: str) -> Self:
        """Read the stored form back.

        Raises:
            ValueError: it is something else.
        """
        revision, digest, at = stored.split("|")
        return cls(int(revision), digest, int(at))

    def __str__(self) -> str:
        return f"{self.revision}|{self.hash}|{self.at}"


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from one document."""

    #: to be read, oldest first
    articles: tuple[Article, ...] = ()
    #: identities to write, stored form
    seen: Mapping[str, str] = field(default_factory=dict)
    #: identities to delete
    forget: tuple[str, ...] = ()
    #: counter -> how often, for everything that was not simply taken
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def new(self) -> int:
        """Articles never seen before."""
        return sum(article.revision == 0 for article in self.articles)

    @property
    def revised(self) -> int:
        """Articles whose title or text changed."""
        return len(self.articles) - self.new

    @property
    def left(self) -> int:
        """Items over ``max_items``: not remembered, so that the next poll takes them."""
        return self.counts.get("items_left", 0)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the decision depends on besides the document and the memory."""

    #: feed id
    feed: str
    #: link -> source id
    source: Callable[[str], str]
    #: the moment of the poll
    now: datetime
    max_age: timedelta
    max_items: int
    #: language set for the feed by the user, which wins
    language: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """An item that is new or changed, on its way into the decision."""

    identity: str
    item: Item
    after: Seen
    article: Article


def decide(document: Document, known: Mapping[str, str], rules: Rules) -> Decision:
    """Tell new and changed items from seen ones.

    Args:
        document: the parsed feed.
        known: identity -> stored form of ``Seen``, all that is remembered of this feed.
        rules: the feed's circumstances.
    """
    memory = {identity: Seen.read(stored) for identity, stored in known.items()}
    now = _milliseconds(rules.now)
    counts: Counter[str] = Counter()
    seen: dict[str, str] = {}
    found: list[_Found] = []
    shared, identified = identify(_usable(document.items, counts), memory)
    for identity in shared:
        _remember(seen, identity, Seen(_SHARED, "", now), memory)
    # feeds list their newest first: read backwards, and equal dates stay in order
    for identity, item in reversed(identified.items()):
        before = memory.get(identity)
        digest = _content(item)
        if before is not None and before.hash == digest:
            _remember(seen, identity, Seen(before.revision, digest, now), memory)
            continue
        after = Seen(before.revision + 1 if before else 0, digest, now)
        article = _article(item, identity, after.revision, rules)
        if before is None and article.published < rules.now - rules.max_age:
            counts["items_old"] += 1
            seen[identity] = str(after)
            continue
        found.append(_Found(identity, item, after, article))
    found.sort(key=lambda one: one.article.published)
    counts["items_left"] = max(0, len(found) - rules.max_items)
    taken = found[: rules.max_items]
    for one in taken:
        seen[one.identity] = str(one.after)
        counts["items_undated"] += one.item.published is None
        counts["items_future"] += one.item.published is not None and one.item.published > rules.now
    present = {*identified, *shared}
    oldest = _milliseconds(rules.now - rules.max_age - MEMORY)
    return Decision(
        articles=tuple(one.article for one in taken),
        seen=seen,
        forget=tuple(
            identity
            for identity, before in memory.items()
            if identity not in present and before.at < oldest
        ),
        counts={name: count for name, count in counts.items() if count},
    )


def identify(items: Iterable[Item], memory: Mapping[str, Seen]) -> tuple[set[str], dict[str, Item]]:
    """Give every item an identity that stays the same over polls.

    The guid, or the canonical link, or a hash of title and text: the first that is there and is
    not shared by different items. What was found shared once is remembered as such, or the
    identity of an item would change when the others leave the document.

    Returns:
        The guids and links that are shared, and identity -> item. Of several items that are the
        same, the first in the document is kept.
    """
    items = list(items)
    shared = {identity for identity, before in memory.items() if _is_shared(before)}
    shared |= _shared((_guid(item), f"{canonical(item.link)}\n{_title(item)}") for item in items)
    shared |= _shared((_link(item), _title(item)) for item in items)
    used: set[str] = set()
    identified: dict[str, Item] = {}
    for item in items:
        candidates = [identity for identity in (_guid(item), _link(item)) if identity]
        used |= shared.intersection(candidates)
        identity = next((one for one in candidates if one not in shared), _hash(item))
        identified.setdefault(identity, item)
    return used, identified


def _shared(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """Return the identities that stand for more than one thing."""
    stands_for: dict[str, set[str]] = {}
    for identity, thing in pairs:
        stands_for.setdefault(identity, set()).add(thing)
    return {identity for identity, things in stands_for.items() if identity and len(things) > 1}


def _is_shared(before: Seen) -> bool:
    return before.revision == _SHARED


def _guid(item: Item) -> str:
    return fingerprint("guid", item.guid) if item.guid else ""


def _link(item: Item) -> str:
    return fingerprint("link", canonical(item.link)) if item.link else ""


def _title(item: Item) -> str:
    return normalised(item.title) or normalised(item.text)


def _hash(item: Item) -> str:
    return fingerprint("text", _content(item))


def _content(item: Item) -> str:
    return fingerprint(normalised(item.title), normalised(item.text))


def _usable(items: Iterable[Item], counts: Counter[str]) -> list[Item]:
    usable = []
    for item in items:
        if item.title or item.text:
            usable.append(item)
        else:
            counts["items_skipped"] += 1
    return usable


def _remember(seen: dict[str, str], identity: str, now: Seen, memory: Mapping[str, Seen]) -> None:
    before = memory.get(identity)
    if before is None or now.at - before.at >= _duration(TOUCH_AFTER):
        seen[identity] = str(now)


def _article(item: Item, identity: str, revision: int, rules: Rules) -> Article:
    return Article(
        id=fingerprint("article", rules.feed, identity),
        revision=revision,
        feed=rules.feed,
        source=rules.source(item.link),
        link=item.link,
        title=item.title,
        text=item.text,
        language=rules.language or item.language,
        byline=item.byline,
        published=min(item.published or rules.now, rules.now),
        seen=rules.now,
    )


def _milliseconds(moment: datetime) -> int:
    return _duration(moment - datetime(1970, 1, 1, tzinfo=UTC))


def _duration(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
