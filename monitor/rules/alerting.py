"""From a transition to the alerts that the watchlists' rules ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.ontology import Ontology
from monitor.records import (
    Alert,
    Confidence,
    Transition,
    TransitionKind,
    fingerprint,
)
from monitor.watchlist import Actor, AlertRule, Place, Watchlist

#: the facet whose baseline is a place's ``held_by``
_CONTROL = "control"
#: strftime's names would follow the locale of the host
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def alerts(
    transition: Transition, watchlists: Sequence[Watchlist], ontology: Ontology
) -> list[Alert]:
    """Return the alerts that the transition causes, in the order of watchlists and rules.

    ``changed`` alerts at the rule's confidence or more, ``upgraded`` when the value only now
    reaches it, ``retracted`` when the value that is taken back had reached it; a ``retracted``
    goes to whoever was told of the change, so ``from`` and ``to`` are matched as they were
    then. ``downgraded`` does not alert.

    The id names the change (its first report and what it led to), not the path of confidence
    to it: claimed, then reported, then doubted, then reported again alerts once.
    """
    return [
        _alert(transition, watchlist, rule, subject, ontology)
        for watchlist in watchlists
        if (subject := watchlist.subject(transition.subject)) is not None
        and not _known_before(transition, watchlist)
        for rule in watchlist.rules
        if _asks(rule, transition, watchlist, subject)
    ]


def _asks(
    rule: AlertRule, transition: Transition, watchlist: Watchlist, subject: Place | Actor
) -> bool:
    old, new = _told(transition, watchlist)
    return (
        _reaches(transition, rule.confidence)
        and (not rule.subjects or transition.subject in rule.subjects)
        and (not rule.tags or not set(rule.tags).isdisjoint(subject.tags))
        and (not rule.facet or transition.facet in rule.facet)
        and (not rule.from_ or old in rule.from_)
        and (not rule.to or new in rule.to)
    )


def _reaches(transition: Transition, least: Confidence) -> bool:
    before, after = transition.from_confidence.rank, transition.confidence.rank
    match transition.kind:
        case TransitionKind.CHANGED:
            return after >= least.rank
        case TransitionKind.UPGRADED:
            return before < least.rank <= after
        case TransitionKind.RETRACTED:
            return before >= least.rank
        case TransitionKind.DOWNGRADED:
            return False


def _told(transition: Transition, watchlist: Watchlist) -> tuple[str | None, str | None]:
    """Return from and to of the change that is told, or was told and is taken back."""
    if transition.kind is TransitionKind.RETRACTED:
        return transition.to, transition.from_
    return _from(transition, watchlist), transition.to


def _from(transition: Transition, watchlist: Watchlist) -> str | None:
    """Return the value before; before any news, what this watchlist itself says."""
    if transition.kind is TransitionKind.UPGRADED:
        return transition.previous
    own = _held_by(transition, watchlist)
    if transition.from_confidence is Confidence.BASELINE and own is not None:
        return own
    return transition.from_


def _known_before(transition: Transition, watchlist: Watchlist) -> bool:
    """Tell whether the watchlist itself says so, and only another one had it otherwise."""
    own = _held_by(transition, watchlist)
    return (
        transition.kind is TransitionKind.CHANGED
        and transition.from_confidence is Confidence.BASELINE
        and own is not None
        and own == transition.to
    )


def _held_by(transition: Transition, watchlist: Watchlist) -> str | None:
    place = watchlist.places.get(transition.subject)
    return place.held_by if place is not None and transition.facet == _CONTROL else None


def _alert(
    transition: Transition,
    watchlist: Watchlist,
    rule: AlertRule,
    subject: Place | Actor,
    ontology: Ontology,
) -> Alert:
    facet = ontology.facets.get(transition.facet)
    label = facet.label if facet is not None and facet.label else "{value}"
    from_ = _label(label, _from(transition, watchlist), watchlist)
    to = _label(label, transition.to, watchlist)
    return Alert(
        id=fingerprint(watchlist.name, rule.name, *_change(transition)),
        watchlist=watchlist.name,
        rule=rule.name,
        severity=rule.severity,
        channels=rule.channels,
        summary=_summary(subject.name, from_, to, transition),
        names={"subject": subject.name, "from": from_, "to": to},
        transition=transition,
    )


def _change(transition: Transition) -> tuple[object, ...]:
    """Return what names the change itself, however often and sure it is told."""
    if transition.kind is TransitionKind.RETRACTED:
        return (transition.id,)
    first = transition.evidence[0].claim if transition.evidence else transition.since
    return transition.subject, transition.facet, transition.to, first


def _label(label: str, value: str | None, watchlist: Watchlist) -> str:
    if value is None:
        return "unknown"
    subject = watchlist.subject(value)
    name = subject.name if subject is not None else value.replace("-", " ")
    return label.replace("{value}", name)


def _summary(name: str, from_: str, to: str, transition: Transition) -> str:
    sure = [] if transition.confidence is Confidence.BASELINE else [str(transition.confidence)]
    if transition.since is not None:
        sure.append(f"since {_day(transition.since)}")
    aside = f" ({', '.join(sure)})" if sure else ""
    if transition.kind is TransitionKind.RETRACTED:
        return f"{name}: taken back: {from_}; still {to}{aside}"
    return f"{name}: {from_} → {to}{aside}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
