"""Which evidence may be dropped without changing the answer, so that a status stays small.

A status that is told again every day for years would keep thousands of claims. Dropped is what
lies behind the newest ones and is no *anchor*. Anchors of the present episode and of the one
before it are the reports that began it and, of each family, the first, the strongest and the
newest for its value, against it, and for another value; of a level, one report of each half
``hold``. They hold value, date, score and word in place: every voice is as strong as its
strongest report, and the windows of the rules look back a week at most.

What is lost: a report that comes late, about a time behind the newest claims, may find the one
that would have borne it out dropped; and a value that is refuted twice over falls back to the
watchlist's baseline.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from monitor.ontology import Facet
from monitor.records import Claim, Status
from monitor.rules.episodes import Fold
from monitor.rules.voices import Report

#: claims on one status from which on some are dropped
LIMIT = 600
#: newest claims that are kept beside the anchors: the first number that leaves the answer as it
#: is; the last is taken in any case
NEWEST = (300, 450, 600)


def dropped(
    claims: Mapping[str, Claim],
    anchors: Collection[str],
    answer: Callable[[Collection[Claim]], Status],
    newest: Iterable[int] = NEWEST,
) -> set[str]:
    """Return the ids of claims that may be dropped.

    Args:
        claims: id -> claim, all that is held on one status.
        anchors: ids of claims that must be kept.
        answer: what a set of claims makes believed.
        newest: how many of the newest claims are kept, to be tried in turn.
    """
    before = _core(answer(claims.values()))
    ordered = sorted(claims.values(), key=lambda claim: (claim.end, claim.published, claim.id))
    kept: set[str] = set()
    for count in newest:
        kept = {claim.id for claim in ordered[-count:]} | set(anchors)
        kept |= _copies([claims[each] for each in anchors if each in claims], ordered)
        if _core(answer([claims[each] for each in kept if each in claims])) == before:
            break
    return claims.keys() - kept


def _core(status: Status) -> Status:
    """Return what must not change; which of the old sentences are shown may."""
    return status.model_copy(update={"supporting": (), "opposing": ()})


def _copies(anchors: Collection[Claim], claims: Iterable[Claim]) -> set[str]:
    """Return one claim of each source that carried an anchor's story: it is no other voice."""
    stories = {claim.story for claim in anchors}
    articles = {claim.article for claim in anchors}
    copied = {article for claim in anchors for article in claim.copies}
    found: dict[tuple[str, str, str], str] = {}
    for claim in claims:
        if (
            claim.story in stories
            or claim.article in copied
            or not articles.isdisjoint(claim.copies)
        ):
            found.setdefault((claim.source, claim.value, claim.story), claim.id)
    return set(found.values())


def anchors_of(folded: Fold) -> set[str]:
    """Return the anchors of a state's last two episodes."""
    found: set[str] = set()
    for number, (episode, over) in enumerate(folded.history()):
        if number == 2:  # noqa: PLR2004 — the present episode and the one before
            break
        began = folded.seen[episode.first : episode.open]
        found |= {one.claim.id for one in began if one.value == episode.value}
        found |= set(_of_families(folded.seen[episode.first : over]))
    return found


def _of_families(reports: Iterable[Report]) -> Iterator[str]:
    """Yield the first, strongest and newest report of each family for and against each value."""
    groups: dict[tuple[str, str, bool, bool], list[Report]] = {}
    for report in reports:
        key = report.family, report.value, report.against, report.claim.standing
        groups.setdefault(key, []).append(report)
    for group in groups.values():
        yield group[0].claim.id
        yield max(group, key=lambda report: report.weight).claim.id
        yield max(group, key=lambda report: report.claim.published).claim.id


def anchors_of_level(facet: Facet, counted: Iterable[Report]) -> set[str]:
    """Return the anchors of a level: without one of each half ``hold`` the chain would break."""
    found: dict[tuple[int, str, bool], Report] = {}
    for report in counted:
        key = int(report.time.timestamp() / (facet.hold.total_seconds() / 2 or 1)), report.value
        best = found.setdefault((*key, report.against), report)
        if report.weight > best.weight:
            found[(*key, report.against)] = report
    return {report.claim.id for report in found.values()}
