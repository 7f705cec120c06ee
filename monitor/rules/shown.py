"""Which evidence is shown with a status, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from monitor.records import Evidence
from monitor.rules.voices import Report

#: evidence shown with a status on each side: newest of each family, and in all
_PER_FAMILY, _MOST = 3, 12


def shown(reports: Sequence[Report], *, founded: bool = False) -> tuple[Evidence, ...]:
    """Return the reports as evidence for people, newest publication first, and capped.

    The cap (newest few of each family, and in all) concerns only what is shown; the status is
    computed from everything.

    Args:
        reports: any number, on one side.
        founded: the first report began the episode; it then comes first, whatever its age,
            because a transition is identified by it.
    """
    chosen = list(reports[:1]) if founded else []
    per_family = Counter(report.family for report in chosen)
    rest = sorted(
        reports[len(chosen) :],
        key=lambda report: (report.claim.published, report.claim.id),
        reverse=True,
    )
    for report in rest:
        if len(chosen) == _MOST:
            break
        if per_family[report.family] < _PER_FAMILY:
            per_family[report.family] += 1
            chosen.append(report)
    return tuple(
        Evidence(
            claim=report.claim.id,
            source=report.claim.source,
            link=report.claim.link,
            sentence=report.claim.sentence,
            factuality=report.claim.factuality,
            value=report.claim.value,
            published=report.claim.published,
            grade=report.grade,
            story=report.claim.story,
            carried=report.carriers,
            happened=report.claim.end,
            standing=report.claim.standing,
            party=report.party,
        )
        for report in chosen
    )
