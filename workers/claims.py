"""From events to claims: what each event says about the facets of tracked subjects.

Which event moves which facet is data (``ontology.yaml``). Here stands what may not be claimed:
history moves nothing, a plan moves no control, a part is not the whole, a person holds no city,
and who speaks of its own deeds only claims them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.ontology import Effect, EventType, Facet, Ontology
from monitor.records import Article, Claim, Factuality, Reading, fingerprint
from monitor.watchlist import Actor, ActorKind, Place, Source
from workers.events import Event
from workers.livepages import is_live_page
from workers.mentions import Mention
from workers.openworld import holder_name, place_name

#: from the strongest statement to the weakest, when one article says a thing twice
_STRENGTH = list(Factuality)
_WORDS = re.compile(r"\w+")
_DATELINE = re.compile(r"^[A-Z][\w .,'/-]{2,40}(?:\([^)]{2,40}\))?\s*[-\u2013\u2014:]\s+")
#: what happens to a part that also says something about the whole
_OF_PART: Mapping[str, str] = {"capture": "capture-part", "fall": "capture-part"}
_CONTROL = "control"


@dataclass(frozen=True, slots=True)
class World:
    """What claims are made against."""

    ontology: Ontology
    places: Mapping[str, Place]
    actors: Mapping[str, Actor]
    sources: Mapping[str, Source]
    #: also claim control of places that nobody tracks, under their plain names
    open_world: bool = False


def claims_of(
    article: Article,
    events: Sequence[Event],
    sentences: Mapping[int, str],
    world: World,
    credit: str | None = None,
) -> tuple[Claim, ...]:
    """Return the claims of an article's events; a thing said twice is one claim.

    Args:
        article: what was read.
        events: with factuality and time filled in.
        sentences: evidence sentence by the token offset at which it starts.
        world: ontology, subjects and sources.
        credit: source id of the wire agency that the article credits.
    """
    # the entries of a live page stay themselves from version to version
    version = 0 if is_live_page(article) else article.revision
    best: dict[tuple[str, str, str], Claim] = {}
    for event in events:
        if event.history or event.over:
            continue
        sentence = sentences[event.sentence[0]]
        for claim in _of_event(article, version, event, sentence, world, credit):
            key = (claim.subject, claim.facet, claim.value)
            other = best.get(key)
            if other is None or _precedence(claim) < _precedence(other):
                best[key] = claim
    return tuple(best.values())


def reading_of(article: Article, claims: tuple[Claim, ...]) -> Reading:
    """Return all that a revision of an article says, to be judged."""
    return Reading(
        article=article.id,
        revision=article.revision,
        seen=article.seen,
        claims=claims,
        # of one that says nothing, and said nothing before, nobody asks
        live=bool(claims or article.revision) and is_live_page(article),
    )


def _precedence(claim: Claim) -> tuple[bool, int]:
    return claim.standing, _STRENGTH.index(claim.factuality)


def _of_event(
    article: Article, version: int, event: Event, sentence: str, world: World, credit: str | None
) -> Iterator[Claim]:
    name = event.id
    if event.place is not None and event.place.relation == "portion":
        name = _OF_PART.get(name, name)
    kind = world.ontology.events.get(name)
    if kind is None:
        return
    factuality = _as_told(article, event, world)
    for effect in kind.effects:
        if factuality not in effect.when:
            continue
        subject = _subject(event, effect, kind, world)
        facet = world.ontology.facets[effect.facet]
        if subject is None or not _applies(subject, facet, world):
            continue
        value = _value(event, effect, world)
        if value is None or value == subject:
            continue
        told = _effect_factuality(effect, factuality)
        if event.start is None or event.end is None:
            start = end = article.published
        else:
            # a plan is a threat of today, whenever it is to be carried out
            start, end = (min(moment, article.published) for moment in (event.start, event.end))
        yield Claim(
            id=fingerprint(article.id, version, subject, effect.facet, value, told, sentence),
            subject=subject,
            facet=effect.facet,
            value=value,
            factuality=told,
            start=start,
            end=end,
            published=article.published,
            seen=article.seen,
            article=article.id,
            revision=article.revision,
            source=article.source,
            credit=credit,
            story=story(sentence),
            link=article.link,
            sentence=sentence,
            attribution=_attribution(event),
            standing=event.standing or kind.standing,
        )


def story(sentence: str) -> str:
    """Return the fingerprint of a sentence's words, without its dateline."""
    return fingerprint(" ".join(_WORDS.findall(_DATELINE.sub("", sentence).lower())))


def _attribution(event: Event) -> str | None:
    if event.attributed_to is not None and event.attributed_to.subject:
        return event.attributed_to.subject
    return event.attribution


def _effect_factuality(effect: Effect, factuality: Factuality) -> Factuality:
    if effect.factuality is None or factuality in {
        Factuality.CLAIMED,
        Factuality.REPORTED,
        Factuality.CONFIRMED,
    }:
        return factuality
    return effect.factuality


def _as_told(article: Article, event: Event, world: World) -> Factuality:
    """Lower what a party says of its own deeds, or of its enemy's losses, to ``claimed``."""
    if event.factuality not in {Factuality.CONFIRMED, Factuality.REPORTED}:
        return event.factuality
    source = world.sources.get(article.source)
    speakers = set(source.party) if source else set()
    if event.attributed_to is not None and event.attributed_to.subject:
        speakers.add(event.attributed_to.subject)
    loses = {"capture", "fall", "lose", "expel", "withdraw", "retreat", "surrender"}
    agent = event.agent.subject if event.agent else None
    patient = event.patient.subject if event.patient else None
    admits = event.id in loses and (
        (event.id in {"withdraw", "retreat", "surrender"} and agent in speakers)
        or (patient in speakers and agent not in speakers)
    )
    if speakers & {agent, patient} and not admits:
        return Factuality.CLAIMED
    if source and source.party and event.factuality is Factuality.CONFIRMED and not admits:
        return Factuality.CLAIMED
    return event.factuality


def _mention(event: Event, role: str) -> Mention | None:
    if role == "agent":
        return event.agent
    return event.patient if role == "patient" else event.place


def _subject(event: Event, effect: Effect, kind: EventType, world: World) -> str | None:
    mention = _mention(event, effect.role)
    if mention is None:
        return None
    if mention.subject is not None and (not mention.part or _part_counts(mention, effect, kind)):
        return mention.subject
    if not world.open_world or effect.role != "place":
        return None
    if effect.facet == _CONTROL:
        return place_name(mention)
    nameless = mention.generic or (mention.part and not _part_counts(mention, effect, kind))
    return None if nameless or mention.subject else place_name(replace(mention, part=False))


def _part_counts(mention: Mention, effect: Effect, kind: EventType) -> bool:
    """Tell which parts say something about the whole: fire on a district is fire on the city."""
    if effect.facet == _CONTROL:
        return False
    if mention.relation == "portion":
        return True
    if mention.relation in {"edge", "district"}:
        return kind.type in {"ASSAULT", "MOBILIZE", "COERCE"} and effect.facet == "threat"
    return False


def _applies(subject: str, facet: Facet, world: World) -> bool:
    if subject in world.places:
        return "place" in facet.applies_to
    actor = world.actors.get(subject)
    if actor is None:
        return world.open_world and "place" in facet.applies_to
    return actor.kind.value in facet.applies_to


def _value(event: Event, effect: Effect, world: World) -> str | None:
    """Return the value; ``@agent`` must be an actor that can hold something."""
    if not effect.value.startswith("@"):
        return effect.value
    mention = event.agent if effect.value == "@agent" else event.patient
    if mention is None:
        return None
    actor = world.actors.get(mention.subject or "")
    if actor is not None:
        return None if actor.kind is ActorKind.PERSON else mention.subject
    return holder_name(mention) if world.open_world and mention.subject is None else None
