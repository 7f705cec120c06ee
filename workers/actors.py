"""Who "the rebels", "government forces" and an unnamed conqueror are, when the text makes it clear.

Works on the events of one article, after the names are found and before claims are made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.watchlist import ActorKind
from workers.events import Event
from workers.gazetteer import Gazetteer
from workers.mentions import Mention
from workers.roles import DEEDS
from workers.words import word_lists

#: events whose agent attacks
_ATTACKS = frozenset({"capture", "enter", "advance", "besiege", "attack", "expel", "fall"})
#: "a former president" is not the one in office
_OTHERS = frozenset({"a", "an", "another", "ex", "former", "late", "new", "next", "vice", "deputy"})


def name_actors(events: Sequence[Event], mentions: Sequence[Mention], gazetteer: Gazetteer) -> None:
    """Give generic words their actors, in place, where only one fits country and side."""
    countries: set[str | None] = {
        country for one in mentions if (country := gazetteer.countries.get(one.subject or ""))
    }
    for event in events:
        # who is named only further on in the text is not whom "the rebels" already meant
        named: set[str | None] = {
            one.subject
            for one in mentions
            if one.subject in gazetteer.actors and one.start < event.sentence[1]
        }
        here = gazetteer.countries.get(event.place.subject or "") if event.place else None
        around: set[str | None] = {here} if here else countries
        event.agent = _at_home(event.agent, gazetteer, mentions, here)
        event.patient = _at_home(event.patient, gazetteer, mentions, here)
        event.agent = _named(event.agent, gazetteer, named, around)
        event.patient = _named(event.patient, gazetteer, named, around)
        event.agent = _in_office(event.agent, mentions)
        event.patient = _in_office(event.patient, mentions)


def _at_home(
    mention: Mention | None,
    gazetteer: Gazetteer,
    mentions: Sequence[Mention],
    country: str | None,
) -> Mention | None:
    """Take a generic word from the actor of another country that nobody names.

    "Rebels" that take a town in Congo are not the rebels of Syria whose alias the word is.
    """
    if mention is None or not mention.generic or mention.subject is None or country is None:
        return mention
    if gazetteer.countries.get(mention.subject) in {None, country}:
        return mention
    by_name = any(one.subject == mention.subject and not one.generic for one in mentions)
    return mention if by_name else replace(mention, subject=None)


def _named(
    mention: Mention | None,
    gazetteer: Gazetteer,
    named: set[str | None],
    countries: set[str | None],
) -> Mention | None:
    if mention is None:
        return None
    owners = _governments(mention, gazetteer)
    if len(owners) == 1:
        return replace(mention, subject=next(iter(owners)))
    if mention.subject or not mention.generic:
        return mention
    words = mention.text.lower().removeprefix("the ")
    head = words.rsplit(" ", 1)[-1]
    lists = word_lists()
    aliased = {
        name
        for name in gazetteer.owners_of(head)
        if name in gazetteer.actors and gazetteer.countries[name] in {*countries, None}
    }
    if len(aliased) == 1 and " " not in words:
        return replace(mention, subject=next(iter(aliased)))
    if words in lists["government"] or f"the {words}" in lists["government"]:
        kinds = {ActorKind.GOVERNMENT}
    elif _is_armed_group(words):
        kinds = {ActorKind.ARMED_GROUP}
    else:
        return mention
    fitting = [
        name
        for name, actor in gazetteer.actors.items()
        if actor.kind in kinds and (gazetteer.countries[name] in {*countries, None})
    ]
    here = [name for name in fitting if name in named]
    if kinds == {ActorKind.GOVERNMENT}:
        fitting = [name for name in fitting if gazetteer.countries[name] in countries]
        here = fitting
    choice = here or fitting
    return replace(mention, subject=choice[0]) if len(choice) == 1 else mention


def _governments(mention: Mention, gazetteer: Gazetteer) -> set[str]:
    """Return the governments that "Moscow", "Russian" and "Russia's army" may mean.

    A tracked capital that acts is its government, too: towns take no towns.
    """
    if mention.part or (mention.subject and mention.label != "place"):
        return set()
    owner, of, rest = mention.text.replace("\u2019", "'").partition("'s ")
    if of and rest.rsplit(" ", 1)[-1] not in word_lists()["state_members"]:
        return set()
    return gazetteer.governments_of(owner.removeprefix("the ").removeprefix("The "))


def _is_armed_group(words: str) -> bool:
    """Tell "rebels", "islamist rebels" and "paramilitary group", not "Turkish-backed rebels"."""
    lists = word_lists()
    before, _, head = words.rpartition(" ")
    if head in lists["rebels"]:
        return not before or words.split(maxsplit=1)[0] in lists["opposition"]
    return before in lists["rebels"] and head in {"force", "forces", "group", "groups", "movement"}


def _in_office(mention: Mention | None, mentions: Sequence[Mention]) -> Mention | None:
    """Let "the prime minister" be the one whom the article calls Prime Minister So-and-so."""
    if mention is None or mention.subject or not mention.generic:
        return mention
    *before, office = mention.text.lower().split()
    if office not in word_lists()["titles"] or not _OTHERS.isdisjoint(before):
        return mention
    holders = {
        one.subject
        for one in mentions
        if one.label == "person" and one.subject and office in one.text.lower().split()[:-1]
    }
    return replace(mention, subject=next(iter(holders))) if len(holders) == 1 else mention


def _name_occupier(event: Event, mentions: Sequence[Mention], gazetteer: Gazetteer) -> None:
    """Let an "occupied" place be held by the one foreign or armed actor of the article."""
    home = gazetteer.countries.get(event.place.subject or "") if event.place else None
    occupiers = {
        one.subject: one
        for one in mentions
        if one.subject in gazetteer.actors
        and one.label in {"organization", "group"}
        and home is not None
        and gazetteer.countries.get(one.subject or "") not in {home, None}
    }
    if len(occupiers) == 1:
        event.agent = next(iter(occupiers.values()))
        event.id, event.otherwise = "hold", None


def name_conquerors(
    events: Sequence[Event], mentions: Sequence[Mention], gazetteer: Gazetteer
) -> None:
    """Let "Hama has fallen" name its conqueror where the article has one attacker only."""
    for event in events:
        if event.otherwise is None:
            continue
        if event.otherwise == "hold":
            _name_occupier(event, mentions, gazetteer)
            continue
        loser = event.patient.subject if event.patient else None
        attackers = {
            other.agent.subject: other.agent
            for other in events
            if other.agent is not None
            and other.id in _ATTACKS
            and other.factuality in DEEDS
            and not other.history
            and other.agent.subject in gazetteer.actors
            and other.agent.subject != loser
            and gazetteer.actors[other.agent.subject].kind is not ActorKind.PERSON
            and other.place is not None
            and (event.place is None or other.place.subject == event.place.subject)
        }
        if len(attackers) == 1:
            event.agent = next(iter(attackers.values()))
            event.id, event.otherwise = event.otherwise, None
