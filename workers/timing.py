"""When an event happened: an interval relative to publication, and whether it is history.

A time expression of the event's own clause counts, then that of the clause that it hangs on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from spacy.tokens import Token

from workers.anchors import in_its_year, read_from
from workers.intervals import Interval, is_date, night_before, read, span
from workers.syntax import is_perfect, preposition

#: events older than this are history: they explain the news and are not it
HISTORY_AFTER = timedelta(days=30)

_OWN = frozenset({"obl", "obl:tmod", "obl:npmod", "obl:unmarked", "nmod", "nmod:tmod", "advmod"}) | {
    "nmod:unmarked", "nmod:npmod", "npadvmod", "compound", "amod", "nummod", "nmod:poss", "advcl"
}  # fmt: skip
_CLAUSE_STEPS = frozenset({"obj", "nsubj", "nsubj:pass", "xcomp", "obl", "conj"})
#: clauses that happened when the clause happened that they hang on
_MEANWHILE = frozenset({"after", "as", "before", "once", "until", "when", "where", "while"})
#: what opens a clause about the time of a noun: "the war in which", "the week when"
_RELATIVE = frozenset({"which", "that"})
_DURING = frozenset({"during", "in", "on"})
_NESTED = frozenset({"acl", "acl:relcl", "advcl", "ccomp", "conj", "csubj", "parataxis", "xcomp"})
#: steps from an event to the clause that dates it
_STEPS = 3
#: what is not told to have happened lies ahead with these: "must leave by Monday"
_DEADLINE = re.compile(r"^(?:by|until|before|next|over the|tomorrow)\b", re.IGNORECASE)
_NIGHT = re.compile(r"\b(?:during|in) the night\b")
#: nouns whose "of" tells what they are made of: "opened a round of talks on Monday"
_STRETCHES = frozenset({"outbreak", "resumption", "round", "series", "session", "start", "wave"})
_FINITE = frozenset({"VBD", "VBP", "VBZ"})
_PARTICIPLES = frozenset({"VBD", "VBN"})
_THE_UNIT = re.compile(r"\bthe(?= \w+$)")
_SAME_DAY = re.compile(r"\bsame (?:day|morning|afternoon|evening|night)\b")
#: words around a word of time that make a phrase with it
_BEFORE, _AFTER = 4, 2


@dataclass(frozen=True, slots=True)
class When:
    """The interval of an event, UTC; ``text`` is the expression that says so, if one does."""

    start: datetime
    end: datetime
    history: bool
    text: str | None


def when(
    trigger: Token, published: datetime, *, future: bool = False, unsure: bool = False
) -> When:
    """Return when the event of a trigger happened.

    Without an expression the event is as old as its report: start = end = ``published``.

    Args:
        trigger: the verb or noun that names the event, in a parsed document.
        published: when the article appeared; time-zone aware.
        future: the text presents the event as something to come.
        unsure: it does not say that it happened, so that "by Monday" lies ahead.
    """
    published = published.astimezone(UTC)
    future = future or (unsure and any(map(_DEADLINE.match, _expressions(trigger))))
    dated = _dated(trigger, published, _STEPS, future=future)
    if dated is None:
        return When(published, published, history=False, text=None)
    (start, end), text = dated
    if not future:
        start = min(start, published)
        end = max(start, min(end, published))
    return When(start, end, published - end > HISTORY_AFTER, text)


def anchored(trigger: Token, anchor: Interval, published: datetime) -> When | None:
    """Return when an event happened that is dated from another one: "two days later".

    Args:
        trigger: the word that names the event.
        anchor: the interval that was told last before it.
        published: when the article appeared.
    """
    published = published.astimezone(UTC)
    past = published - anchor[1] > HISTORY_AFTER
    for text in (*_expressions(trigger), *_windows(trigger), *_tail(trigger)):
        night = night_before(anchor[0]) if _NIGHT.search(text) and _had(trigger) else None
        found = (
            night
            or read_from(text, anchor)
            or (in_its_year(text, anchor, published) if past else None)
        )
        if found is not None and found[0] <= published:
            start, end = found[0], min(found[1], published)
            return When(start, end, published - end > HISTORY_AFTER, text)
    return None


def _dated(
    trigger: Token, published: datetime, steps: int, *, future: bool
) -> tuple[Interval, str] | None:
    """Return the interval of an event with the expression that names it, or None."""
    for text in (*_expressions(trigger), *_windows(trigger)):
        interval = read(text, published, future=future) or _same_day(text, trigger, published)
        if interval is not None:
            return interval, text
    return _beside(trigger, published, steps) if steps and not future else None


def _same_day(text: str, trigger: Token, published: datetime) -> Interval | None:
    """Return the day that the words before tell: "fled on Friday and was caught the same night"."""
    if not _SAME_DAY.search(text.lower()):
        return None
    for token in reversed(trigger.doc[trigger.sent.start : trigger.i]):
        if is_date(token.text):
            phrase = trigger.doc[max(trigger.sent.start, token.i - 2) : token.i + _AFTER]
            return read(phrase.text, published)
    return None


def _beside(trigger: Token, published: datetime, steps: int) -> tuple[Interval, str] | None:
    """Return the time of the clause that an undated one hangs on, or is joined to.

    "Left on Saturday, eleven days after they had taken it"; "resigned and fled on Tuesday".
    """
    clause = trigger
    while clause.dep_ in {"xcomp", "nsubj", "obj", "obl", "nsubj:pass"} and clause.head != clause:
        clause = clause.head
    if clause.dep_ == "ccomp" and clause.head.dep_ in {"advcl", "parataxis"}:
        # "a day after the army said that it had taken it"
        clause = clause.head
    if clause.dep_ in {"advcl", "parataxis"} and (mark := _mark(clause)) is not None:
        dated = _dated(clause.head, published, steps - 1, future=False)
        before = clause.doc[max(clause.sent.start, mark.i - 3) : mark.i].text
        # "on Tuesday, the day after militants had seized him"
        away = span(_THE_UNIT.sub("a", before)) if mark.lower_ in {"after", "before"} else None
        if away is None:
            return dated
        # "thirty years after the siege began, survivors lit candles"
        (start, end), text = dated or ((published - away / 60, published), "")
        away = -away if mark.lower_ == "after" else away
        return (start + away, end + away), f"{before} {mark.text} {text}".strip()
    if _is_attendant(clause):
        # "seized the town on Monday, killing ten policemen in a gun battle"
        return _dated(clause.head, published, steps - 1, future=False)
    if clause.tag_ not in _PARTICIPLES or is_perfect(clause):
        return None
    if (scene := _told_with(clause, published)) is not None:
        return scene
    joined = [child for child in clause.children if child.dep_ == "conj" and child.tag_ == "VBD"]
    if clause.dep_ == "conj" and (clause.head.tag_ == clause.tag_ or _is_told(clause)):
        # "tried to enter the town on Friday and was beaten back"
        joined += [clause.head, *(one for one in clause.head.children if one.dep_ == "xcomp")]
    found = (_dated(other, published, 0, future=False) for other in joined)
    return next((dated for dated in found if dated is not None), None)


def _had(verb: Token) -> bool:
    return any(child.lower_ in {"had", "'d"} for child in verb.children)


def _is_attendant(clause: Token) -> bool:
    """Tell what came along with a deed: a participle without a subject or a conjunction."""
    return (
        clause.dep_ == "advcl"
        and clause.tag_ == "VBG"
        and clause.head.tag_ == "VBD"
        and not any(
            child.dep_.startswith(("nsubj", "aux")) or child.dep_ in {"mark", "case"}
            for child in clause.children
        )
    )


def _is_told(verb: Token) -> bool:
    """Tell a passive in the past behind a verb in the past: "and was beaten back"."""
    passive = any(child.lower_ in {"was", "were"} for child in verb.children)
    return verb.tag_ == "VBN" and passive and verb.head.tag_ == "VBD"


def _told_with(clause: Token, published: datetime) -> tuple[Interval, str] | None:
    """Return the time of what an undated clause is told with.

    "the 1967 war, in which they took it"; "took it when they won the war of 1967".
    """
    if clause.dep_ == "acl:relcl" and any(
        child.lower_ == "when" or (child.lower_ in _RELATIVE and preposition(child) in _DURING)
        for child in clause.children
    ):
        inside = set(clause.subtree)
        text = " ".join(one.text for one in clause.head.subtree if one not in inside)
        # what happened in a war that others count their years from happened then
        interval = read(text.strip().removeprefix("Since ").removeprefix("since "), published)
        return None if interval is None else (interval, text)
    found = (
        _dated(child, published, 0, future=False)
        for child in clause.children
        if child.dep_ == "advcl" and any(one.lower_ == "when" for one in child.children)
    )
    return next((dated for dated in found if dated is not None), None)


def _mark(clause: Token) -> Token | None:
    return next((child for child in clause.children if child.lower_ in _MEANWHILE), None)


def _expressions(trigger: Token) -> Iterator[str]:
    """Yield the phrases that may date the event, its own first, then those of its clause."""
    node = trigger
    seen: set[int] = set()
    for _ in range(_STEPS):
        parts = sorted(node.children, key=lambda child: abs(child.i - node.i))
        for child in parts:
            if child.i in seen or child.dep_ not in _OWN:
                continue
            if trigger.i == child.i or child.is_ancestor(trigger):
                continue
            if child.dep_ == "advcl" and child.pos_ == "VERB":
                continue
            seen.add(child.i)
            yield _phrase(child, skip=trigger)
        stretch = node.dep_ == "nmod" and node.head.lemma_ in _STRETCHES
        if not (node.dep_ in _CLAUSE_STEPS or stretch) or node.head == node:
            return
        if node.dep_ == "conj" and (
            any(c.dep_.startswith("nsubj") for c in node.children) or is_perfect(node)
        ):
            return
        if node.dep_ in {"obl", "nsubj"} and node.pos_ in {"NOUN", "PROPN"} and _leans(node):
            return
        node = node.head


def _windows(trigger: Token) -> Iterator[str]:
    """Yield the words around each word of the event's clause that hangs on a verb's argument.

    "took it from the separatists last November", where the parse gives November to them.
    """
    if not trigger.tag_.startswith("VB"):
        return
    for token in own_words(trigger):
        if is_date(token.text):
            words = trigger.doc[max(trigger.sent.start, token.i - _BEFORE) : token.i + _AFTER]
            openings = [word.i for word in words if word.pos_ == "ADP" and word.i < token.i]
            first = max(openings[-1:] or [token.i - 1], default=token.i)
            if first <= trigger.i < token.i:
                first = trigger.i + 1
            yield trigger.doc[first : token.i + _AFTER].text


def _tail(trigger: Token) -> Iterator[str]:
    """Yield what ends a relative clause, where the parse cuts it: "who seized it a day earlier fled"."""
    if trigger.dep_ == "acl:relcl":
        doc = trigger.doc
        stops = (
            t.i for t in doc[trigger.i + 1 : trigger.sent.end] if t.is_punct or t.tag_ in _FINITE
        )
        yield doc[trigger.i + 1 : next(stops, trigger.sent.end)].text


def own_words(verb: Token) -> Iterator[Token]:
    """Yield the words of a clause without those of the clauses in it."""
    for child in verb.children:
        if child.dep_ not in _NESTED:
            yield child
            yield from own_words(child)


def _leans(noun: Token) -> bool:
    """Tell a noun that has a time of its own ("after the fall ...") from its verb's."""
    return any(
        c.dep_ == "case" and c.lower_ in {"after", "since", "following"} for c in noun.children
    )


def _phrase(head: Token, skip: Token) -> str:
    words = [t for t in head.subtree if t != skip]
    clause = {t.i for t in words if t.dep_ in {"acl:relcl", "acl", "parataxis"}}
    kept = [t for t in words if not clause & {a.i for a in (t, *t.ancestors)}]
    if kept and kept[0].i > 0 and kept[0].nbor(-1).lower_ == "ago":
        # "ten years ago today" is no news of today
        kept = list(head.doc[max(head.sent.start, kept[0].i - 4) : kept[-1].i + 1])
    return " ".join(token.text for token in kept)
