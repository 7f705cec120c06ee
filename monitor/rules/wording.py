"""How an alert puts a change into one line that a person can read."""

from __future__ import annotations

from datetime import datetime

from monitor.ontology import Ontology
from monitor.records import Confidence, Transition, TransitionKind
from monitor.watchlist import Watchlist

#: strftime's names would follow the locale of the host
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def names(
    transition: Transition, from_: str | None, watchlist: Watchlist, ontology: Ontology
) -> dict[str, str]:
    """Return how people call the subject and both values."""
    facet = ontology.facets.get(transition.facet)
    label = facet.label if facet is not None and facet.label else "{value}"
    subject = watchlist.subject(transition.subject)
    return {
        "subject": subject.name if subject is not None else transition.subject,
        "from": _label(label, from_, watchlist),
        "to": _label(label, transition.to, watchlist),
    }


def _label(label: str, value: str | None, watchlist: Watchlist) -> str:
    if value is None:
        return "unknown"
    subject = watchlist.subject(value)
    name = subject.name if subject is not None else value.replace("-", " ")
    return label.replace("{value}", name)


def summary(called: dict[str, str], transition: Transition, *, known: bool) -> str:
    """Return the line; ``known``: the value was told before, and is only surer now."""
    name, from_, to = called["subject"], called["from"], called["to"]
    sure = [] if transition.confidence is Confidence.BASELINE else [str(transition.confidence)]
    if transition.since is not None:
        sure.append(f"since {_day(transition.since)}")
    aside = f" ({', '.join(sure)})" if sure else ""
    if transition.kind is TransitionKind.RETRACTED:
        return f"{name}: taken back: {from_}; still {to}{aside}"
    if transition.kind is TransitionKind.FADED:
        heard = max((one.published for one in transition.opposing), default=None)
        last = f" since {_day(heard)}" if heard is not None else ""
        return f"{name}: no more news of: {from_}{last}; now {to}"
    if known:
        return f"{name}: {to}: now {transition.confidence}{aside}"
    return f"{name}: {from_} → {to}{aside}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
