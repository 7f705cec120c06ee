"""Checks of the settings, feeds, sources and ontology beyond the types of their keys."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook
from w3lib.url import canonicalize_url

from monitor.config.drafts import Drafts, entries
from monitor.config.problems import Problem, nearest, one_of
from monitor.config.yamlfile import Document, Path_
from monitor.ontology import EventType, Facet
from monitor.settings import Settings

#: bytes of a webhook secret (Standard Webhooks 1.0.0, "Signature scheme")
SECRET_BYTES = (24, 64)

#: likeness from which an unknown party is taken for a mistyped actor
PARTY_LIKENESS = 0.8


def check_files(drafts: Drafts, settings: Settings | None) -> Iterator[Problem]:
    """Find what the types of the keys do not show."""
    if drafts.settings is not None:
        yield from _secrets(drafts.settings)
        if settings is not None and settings.queue.heartbeat >= settings.queue.claim_after:
            path = ("queue", "heartbeat" if ("queue", "heartbeat") in drafts.settings.raw else "")
            yield drafts.settings.problem(
                path, "a heartbeat shorter than claim_after", found="one that is not shorter"
            )
    yield from _feeds(drafts)
    yield from _sources(drafts)


def _secrets(document: Document) -> Iterator[Problem]:
    for name, channel in document.section("channels").items():
        path: Path_ = ("channels", name, "secret")
        secret = channel.get("secret") if isinstance(channel, dict) else None
        unset = path in document.filled and not secret
        if not isinstance(secret, str) or unset or channel.get("type") != "webhook":
            continue
        low, high = SECRET_BYTES
        try:
            encoded = secret.removeprefix("whsec_")
            size = len(base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True))
            Webhook(secret)
        except (binascii.Error, ValueError, EmptyWebhookSecretError):
            yield document.problem(
                path,
                "whsec_ and base64, as `monitor secret` writes it",
                found="a value that is no secret (not shown)",
            )
            continue
        if not low <= size <= high:
            yield document.problem(
                path,
                f"{low} to {high}, as `monitor secret` makes them",
                found=f"a secret of {size} bytes",
                severity="warning",
            )


def _feeds(drafts: Drafts) -> Iterator[Problem]:
    document = drafts.feeds
    if document is None:
        return
    known = None if drafts.sources is None else list(drafts.sources.section("sources"))
    first: dict[str, str] = {}
    for feed_id, feed in drafts.feed_entries.items():
        if feed.source is not None and known is not None and feed.source not in known:
            yield document.problem(
                ("feeds", feed_id, "source"),
                "the id of a source in sources.yaml",
                suggestion=nearest(feed.source, known),
            )
        other = first.setdefault(canonicalize_url(feed.url), feed_id)
        if other != feed_id:
            line = document.line(("feeds", other, "url"))
            yield document.problem(
                ("feeds", feed_id, "url"),
                "each URL once",
                found=f"the URL of {other} (line {line}) again",
                severity="warning",
            )


def _sources(drafts: Drafts) -> Iterator[Problem]:
    document = drafts.sources
    if document is None:
        return
    first: dict[str, str] = {}
    for source_id, source in drafts.source_entries.items():
        base: Path_ = ("sources", source_id)
        for position, domain in enumerate(source.domains):
            path = _item(document, (*base, "domains"), position)
            bare = re.sub(r"^[a-z]+://|/.*$", "", domain.casefold()).removeprefix("www.")
            if not re.fullmatch(r"[^\s/:.]+(\.[^\s/:.]+)+", domain) or bare != domain:
                yield document.problem(
                    path,
                    "a bare domain such as bbc.co.uk",
                    suggestion=bare if "." in bare and " " not in bare else None,
                )
                continue
            other = first.setdefault(domain, source_id)
            if other != source_id:
                line = document.line(("sources", other))
                yield document.problem(
                    path,
                    "each domain at one source",
                    found=f'"{domain}", which {other} (line {line}) has too',
                )
        for position, party in enumerate(source.party):
            meant = nearest(party, drafts.actor_ids, likeness=PARTY_LIKENESS)
            if party not in drafts.actor_ids and meant:
                yield document.problem(
                    _item(document, (*base, "party"), position),
                    "the id of an actor",
                    suggestion=meant,
                    severity="warning",
                )


def _item(document: Document, path: Path_, position: int) -> Path_:
    return (*path, position) if isinstance(document.raw.get(path), list) else path


def check_ontology(document: Document) -> Iterator[Problem]:
    """Hold every effect of every event against the facets."""
    facets = entries(Facet, document.section("facets"))
    known = list(document.section("facets"))
    for name, event in entries(EventType, document.section("events")).items():
        for position, effect in enumerate(event.effects):
            path: Path_ = ("events", name, "effects", position)
            if effect.facet not in known:
                yield document.problem(
                    (*path, "facet"), one_of(known), suggestion=nearest(effect.facet, known)
                )
            facet = facets.get(effect.facet)
            if facet is None or effect.value in {"@agent", "@patient"}:
                continue
            if effect.value.startswith("@") or not facet.allows(effect.value):
                values = [*facet.values_listed, "@agent", "@patient"]
                yield document.problem(
                    (*path, "value"), one_of(values), suggestion=nearest(effect.value, values)
                )
