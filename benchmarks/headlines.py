"""How well headlines are parsed: the main verb, its subject, its object, who did it.

The headlines and how they are marked stand in ``headlines.yaml``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from spacy.language import Language
from spacy.tokens import Doc, Token

FILE = Path(__file__).with_name("headlines.yaml")

#: mark of an argument -> its relation in Universal Dependencies
ROLES = {"subj": "nsubj", "pass": "nsubj:pass", "obj": "obj", "agent": "obl:agent"}
MARKS = frozenset({"verb", "beside", *ROLES})
#: the group of the headlines that have no main verb
VERBLESS = "no verb"

_MARKED = re.compile(r"([^\s/]*[^\W_])/([a-z]+)")
#: what may hang on the one who says it: "Mayor: bridge destroyed", "say rebels took the bridge"
_CONTENT = frozenset({"ccomp", "parataxis", "advcl"})
_VERBS = frozenset({"VERB", "AUX"})

#: characters of a word, from and to
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline without its marks, and where they stood.

    Attributes:
        text: as it stands in a feed.
        kind: its group in the file.
        marks: mark -> the words that have it; of several, any is right.
    """

    text: str
    kind: str
    marks: Mapping[str, tuple[Place, ...]]

    @property
    def case(self) -> str:
        """``sentence``, ``title`` or ``other`` (small letters, capitals), by its longer words."""
        if self.text.islower() or self.text.isupper():
            return "other"
        words = [word for word in re.findall(r"\w+", self.text) if len(word) > 4]
        capital = sum(word[0].isupper() for word in words)
        return "title" if capital > 0.85 * len(words) else "sentence"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a parse makes of a headline.

    Attributes:
        headline: what was read.
        doc: the parse.
        verb: the main verb that the parse tells, None for none.
        right: the main verb is the right one, or there rightly is none.
        hit: the roles that were found.
        missed: the roles that were not.
        wrong: (role, word) that the parse tells and that are not so.
    """

    headline: Headline
    doc: Doc
    verb: Token | None
    right: bool
    hit: tuple[str, ...]
    missed: tuple[str, ...]
    wrong: tuple[tuple[str, Token], ...]


@dataclass(slots=True)
class Tally:
    """Counts over headlines, by role."""

    headlines: int = 0
    verbs: int = 0
    hit: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def f(self, *roles: str) -> float:
        """Return F over the (role, word) pairs of these roles, or of all."""
        chosen = roles or tuple(ROLES)
        hit, others = (
            sum(sum(counts[role] for role in chosen) for counts in group)
            for group in ([self.hit], [self.missed, self.wrong])
        )
        return 2 * hit / (2 * hit + others) if hit or others else 1.0

    @property
    def verb_accuracy(self) -> float:
        """Return the share of headlines whose main verb, or lack of one, was told rightly."""
        return self.verbs / max(1, self.headlines)


def load(path: Path = FILE) -> list[Headline]:
    """Read the headlines.

    Raises:
        ValueError: one is marked wrongly; the message tells which.
    """
    groups: dict[str, list[str]] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return [marked(line, kind) for kind, lines in groups.items() for line in lines]


def marked(line: str, kind: str) -> Headline:
    """Take the marks off a headline.

    Raises:
        ValueError: an unknown mark, not one verb, or an agent without a passive.
    """
    marks: dict[str, list[Place]] = {}
    text, end = "", 0
    for match in _MARKED.finditer(line):
        text += line[end : match.start()] + match[1]
        end = match.end()
        word = match[1].lstrip("'\"\u2018\u201c($")
        marks.setdefault(match[2], []).append((len(text) - len(word), len(text)))
    text += line[end:]
    if unknown := marks.keys() - MARKS:
        raise ValueError(f"{line}: unknown mark {', '.join(sorted(unknown))}")
    if len(marks.get("verb", ())) != (kind != VERBLESS):
        raise ValueError(f'{line}: one verb, and none in "{VERBLESS}"')
    if ("agent" in marks and "pass" not in marks) or {"subj", "pass"} <= marks.keys():
        raise ValueError(f"{line}: active or passive")
    return Headline(text, kind, {mark: tuple(places) for mark, places in marks.items()})


def judge(nlp: Language, headlines: Sequence[Headline]) -> list[Verdict]:
    """Parse the headlines, each for itself, and compare."""
    docs = nlp.pipe(headline.text for headline in headlines)
    return [verdict(headline, doc) for headline, doc in zip(headlines, docs, strict=True)]


def verdict(headline: Headline, doc: Doc) -> Verdict:
    """Compare a parse with the marks of its headline."""
    verb = main_verb(doc, headline.marks.get("beside", ()))
    found = [] if verb is None else list(arguments(verb))
    gold = headline.marks
    hit = {role for role, word in found if _is_at(word, gold.get(role, ()))}
    return Verdict(
        headline,
        doc,
        verb,
        right=_is_at(verb, gold.get("verb", ())) if verb is not None else "verb" not in gold,
        hit=tuple(sorted(hit)),
        missed=tuple(role for role in ROLES if role in gold and role not in hit),
        wrong=tuple((role, word) for role, word in found if not _is_at(word, gold.get(role, ()))),
    )


def main_verb(doc: Doc, beside: Sequence[Place] = ()) -> Token | None:
    """Return the main verb that a parse tells: the root of the first sentence, where it is one.

    Where the root is what stands beside the news, it is the root of what hangs on that, or else
    of the next sentence: "Mayor: bridge destroyed" may be cut at the colon.
    """
    for sentence in doc.sents:
        root = sentence.root
        if not any(token.is_alpha for token in sentence):
            continue
        if _is_at(root, beside):
            content = [child for child in root.children if child.dep_ in _CONTENT]
            if not content:
                continue
            root = content[0]
        return root if root.pos_ in _VERBS else None
    return None


def arguments(verb: Token) -> Iterator[tuple[str, Token]]:
    """Yield (role, word) of a verb's subjects, objects and agents."""
    roles = {relation: role for role, relation in ROLES.items()}
    for child in verb.children:
        # not every treebank tells an agent from other phrases with "by"
        by = child.dep_ == "obl" and any(
            word.dep_ == "case" and word.lower_ == "by" for word in child.children
        )
        role = "agent" if by else roles.get(child.dep_)
        if role is not None:
            yield role, child


def _is_at(token: Token, places: Iterable[Place]) -> bool:
    """Tell whether a token is, or is a part of, one of the words there."""
    start, end = token.idx, token.idx + len(token)
    return any(first < end and start < last for first, last in places)


def tally(verdicts: Iterable[Verdict]) -> Tally:
    """Count what was found and missed."""
    counts = Tally()
    for verdict in verdicts:
        counts.headlines += 1
        counts.verbs += verdict.right
        counts.hit.update(verdict.hit)
        counts.missed.update(verdict.missed)
        counts.wrong.update(role for role, _ in verdict.wrong)
    return counts


def errors(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Yield each headline that was not read rightly, with what was wrong and its parse."""
    for one in verdicts:
        if one.right and not one.missed and not one.wrong:
            continue
        told = [] if one.right else [f"main verb {_text(one, 'verb') or 'none'}, told {one.verb}"]
        told += [f"missed {role} {_text(one, role)}" for role in one.missed]
        told += [f"wrong {role} {word}" for role, word in one.wrong]
        tree = " ".join(f"{t}/{t.pos_}/{t.dep_}>{t.head.i - t.i:+d}" for t in one.doc)
        yield f"{one.headline.text}\n    {'; '.join(told)}\n    {tree}"


def _text(verdict: Verdict, mark: str) -> str:
    places = verdict.headline.marks.get(mark, ())
    return " ".join(verdict.headline.text[start:end] for start, end in places)
