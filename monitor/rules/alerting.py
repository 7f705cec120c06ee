"""From a status that moved, or held, to the alerts that the watchlists' rules ask for.

Pure: what was told before comes in as the ledger, and what is told now goes out with it. One
change is told once for each rule, however often its confidence rises and falls, and whoever was
told of a change is told when it is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.ontology import Ontology
from monitor.records import Alert, Confidence, Status, Transition, TransitionKind, fingerprint
from monitor.rules.ledger import State, Told
from monitor.rules.wording import names, summary
from monitor.watchlist import CONTROL, AlertRule, Answer, Place, Watchlist


@dataclass(slots=True)
class Answers:
    """What the rules make of one status at one moment."""

    alerts: list[Alert] = field(default_factory=list)
    #: rule -> its entry after this, of every rule that asks about the status
    ledger: dict[str, Told] = field(default_factory=dict)


def answer(
    status: Status,
    moved: Transition | None,
    ledger: Mapping[str, Told],
    watchlists: Sequence[Watchlist],
    ontology: Ontology,
    now: datetime,
) -> Answers:
    """Return the alerts that are due, and the ledger after them.

    Args:
        status: what is believed now.
        moved: how it came to that, if it moved.
        ledger: the entries of the rules on this status, as the last answer left them.
        watchlists: whose rules are asked, in their order.
        ontology: how people read the values.
        now: the moment; a pending change that is due and still holds is told.
    """
    answers = Answers()
    for watchlist, rule in asking(status, watchlists):
        entry = ledger.get(rule_key(watchlist, rule), Told())
        step = _Step(status, moved, watchlist, rule, ontology, now)
        after, told = step.taken(entry)
        answers.ledger[rule_key(watchlist, rule)] = after
        if told is not None:
            answers.alerts.append(told)
    return answers


def primed(
    status: Status, ledger: Mapping[str, Told], watchlists: Sequence[Watchlist]
) -> dict[str, Told]:
    """Return the ledger for edited watchlists: what stands already is no news to a new rule."""
    entries = {}
    for watchlist, rule in asking(status, watchlists):
        key = rule_key(watchlist, rule)
        if key in ledger:
            entries[key] = ledger[key]
        elif status.since is not None and status.confidence.rank >= rule.confidence.rank:
            entries[key] = Told(state=State.SILENT, value=status.value)
    return entries


def asking(
    status: Status, watchlists: Sequence[Watchlist]
) -> Iterator[tuple[Watchlist, AlertRule]]:
    """Yield the rules that ask about this subject and facet, whatever its value."""
    for watchlist in watchlists:
        subject = watchlist.subject(status.subject)
        if subject is None:
            continue
        for rule in watchlist.rules:
            if (
                (not rule.subjects or status.subject in rule.subjects)
                and (not rule.tags or not set(rule.tags).isdisjoint(subject.tags))
                and (not rule.country or subject.country in rule.country)
                and (not rule.facet or status.facet in rule.facet)
            ):
                yield watchlist, rule


def rule_key(watchlist: Watchlist, rule: AlertRule) -> str:
    """Return ``watchlist/rule``, the name of a rule among those of all watchlists."""
    return f"{watchlist.name}/{rule.name}"


@dataclass(frozen=True, slots=True)
class _Step:
    """One rule, asked about one status at one moment."""

    status: Status
    moved: Transition | None
    watchlist: Watchlist
    rule: AlertRule
    ontology: Ontology
    now: datetime

    def taken(self, entry: Told) -> tuple[Told, Alert | None]:
        """Return the rule's entry after this, and what it tells."""
        moved = self.moved
        match moved.kind if moved is not None else None:
            case TransitionKind.CHANGED:
                return self._changed(entry)
            case TransitionKind.UPGRADED:
                return self._upgraded(entry)
            case TransitionKind.RETRACTED | TransitionKind.FADED:
                return self._gone(entry)
            case TransitionKind.LEARNT:
                return entry.becomes(State.SILENT, self.status.value), None
            case _:
                return self._held(entry)

    def _changed(self, entry: Told) -> tuple[Told, Alert | None]:
        moved = self._transition
        if self._known_before():
            return entry.becomes(State.SILENT, moved.to), None
        reached = moved.confidence.rank >= self.rule.confidence.rank
        if self._matches():
            if entry.state is State.TOLD and self._alike(entry.value, moved.to):
                return entry.becomes(State.TOLD, moved.to), None
            if reached:
                return self._schedule(entry)
        after = entry.becomes(State.IDLE, moved.to)
        return after.is_past() if reached else after, None

    def _upgraded(self, entry: Told) -> tuple[Told, Alert | None]:
        moved = self._transition
        if entry.state is State.TOLD:
            surer = moved.confidence.rank > entry.confidence.rank
            if surer and self.rule.on_upgrade is Answer.ALERT and not self._cools(entry):
                return entry.tells(moved), self._alert(moved, known=True)
            return entry, None
        least = self.rule.confidence.rank
        crossed = moved.from_confidence.rank < least <= moved.confidence.rank
        if entry.state is State.IDLE and crossed:
            return self._schedule(entry) if self._matches() else (entry.is_past(), None)
        return self._held(entry)

    def _gone(self, entry: Told) -> tuple[Told, Alert | None]:
        """Answer a value that was taken back, or that faded."""
        moved = self._transition
        told = entry.state is State.TOLD and entry.value == moved.from_
        if told and self._alike(moved.from_, moved.to):
            return entry.becomes(State.TOLD, moved.to), None
        if moved.kind is TransitionKind.FADED:
            speaks = self.rule.on_fade
            unsaid = told and speaks is Answer.SILENT
            after = entry.becomes(State.IDLE, moved.to).model_copy(update={"faded": unsaid})
            after = after if unsaid else after.is_past()
        else:
            speaks = self.rule.on_retraction
            after = entry.takes_back(moved.to) if told else entry.becomes(State.SILENT, moved.to)
        return after, self._alert(moved) if told and speaks is Answer.ALERT else None

    def _held(self, entry: Told) -> tuple[Told, Alert | None]:
        """Tell a pending change whose time has come; forget one that did not hold."""
        if entry.state is not State.PENDING or entry.change is None or entry.due is None:
            return entry, None
        status = self.status
        if status.value != entry.value or status.confidence.rank < self.rule.confidence.rank:
            return entry.becomes(State.IDLE, status.value), None
        if self.now < entry.due:
            return entry, None
        if entry.last is not None and entry.last_value == entry.value:
            # back, within the cooldown, at what was told before it
            return entry.becomes(State.TOLD, entry.value), None
        change = entry.change.model_copy(
            update={
                "at": self.now,
                "confidence": status.confidence,
                "score": status.score,
                "since": status.since,
                "sources": tuple(dict.fromkeys(one.source for one in status.supporting)),
                "evidence": status.supporting,
                "opposing": status.opposing,
            }
        )
        return entry.tells(change), self._alert(change)

    def _schedule(self, entry: Told) -> tuple[Told, Alert | None]:
        """Tell the change, now or when it has held long enough."""
        moved, rule = self._transition, self.rule
        if self._stood_for_the_reader(entry):
            return entry.becomes(State.TOLD, moved.to), None
        if rule.once and entry.last is not None:
            return entry.becomes(State.SILENT, moved.to), None
        due = self.now + rule.for_
        if entry.last is not None:
            due = max(due, entry.last + rule.cooldown)
        if due > self.now:
            return entry.waits(moved, due), None
        return entry.tells(moved), self._alert(moved)

    def _stood_for_the_reader(self, entry: Told) -> bool:
        """Tell whether what is back was told last: what came between was too weak to be told.

        What faded unsaid in between is told again after ``repeat_interval``.
        """
        return (
            entry.last is not None
            and entry.last_value == self._transition.to
            and (not entry.faded or self.now < entry.last + self.rule.repeat_interval)
        )

    def _alike(self, one: str | None, other: str | None) -> bool:
        facet = self.ontology.facets.get(self.status.facet)
        return facet is not None and facet.are_alike(one, other)

    def _cools(self, entry: Told) -> bool:
        return entry.last is not None and self.now < entry.last + self.rule.cooldown

    @property
    def _transition(self) -> Transition:
        if self.moved is None:
            raise AssertionError("only asked about a status that moved")
        return self.moved

    def _matches(self) -> bool:
        from_, to = self._from(self._transition), self._transition.to
        return (not self.rule.from_ or from_ in self.rule.from_) and (
            not self.rule.to or to in self.rule.to
        )

    def _from(self, change: Transition) -> str | None:
        """Return the value before; before any news, what this watchlist itself says."""
        if change.kind is TransitionKind.UPGRADED:
            return change.previous
        own = self._held_by()
        if change.from_confidence is Confidence.BASELINE and own is not None:
            return own
        return change.from_

    def _known_before(self) -> bool:
        """Tell whether the watchlist itself says so, and only another one had it otherwise."""
        moved, own = self._transition, self._held_by()
        return moved.from_confidence is Confidence.BASELINE and own is not None and own == moved.to

    def _held_by(self) -> str | None:
        subject = self.watchlist.subject(self.status.subject)
        control = self.status.facet == CONTROL
        return subject.held_by if control and isinstance(subject, Place) else None

    def _alert(self, change: Transition, *, known: bool = False) -> Alert:
        called = names(change, self._from(change), self.watchlist, self.ontology)
        return Alert(
            # ``at`` is when the news was known, not when it was judged: the same over retries
            id=fingerprint(self.watchlist.name, self.rule.name, change.id, change.at.isoformat()),
            watchlist=self.watchlist.name,
            rule=self.rule.name,
            severity=self.rule.severity,
            channels=self.rule.channels,
            summary=summary(called, change, known=known),
            names=called,
            transition=change,
        )
