"""Which person, and whose people, a name means: "Maher al-Assad", "Taliban fighters"."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Doc, Token

from monitor.watchlist import Actor, ActorKind, Place
from workers.mentions import Mention
from workers.syntax import HYPHENS
from workers.words import word_lists

_POSSESSIVE = frozenset({"'s", "\u2019s", "'", "\u2019"})


def is_name(token: Token) -> bool:
    """Tell a capitalised proper noun."""
    return token.is_alpha and token.text[0].isupper() and token.tag_ in {"NNP", "NNPS"}


def family_name(subject: Place | Actor) -> set[str]:
    """Particles belong to the name: "al-Assad" and "Assad" are both tried for the full name."""
    if isinstance(subject, Actor) and subject.kind is ActorKind.PERSON:
        parts = subject.name.split()
        last = parts[-1]
        if len(parts) > 1 and last.lower().startswith(("al-", "el-")):
            return {" ".join([*parts[:-1], last[3:]])}
    return set()


def is_right_person(doc: Doc, index: int) -> bool:
    """Tell "Assad" and "President Assad" from "Maher al-Assad" and "Asma Assad"."""
    before = index - 1
    while before >= 0 and (doc[before].lower_ in {"al", "el"} or doc[before].text in HYPHENS):
        before -= 1
    after = index + 1
    if (
        after < len(doc)
        and is_name(doc[after])
        and doc[after].dep_ in {"flat", "compound"}
        and doc[after].ent_type_ == "PERSON"
    ):
        return False
    if before < 0 or (doc[before].is_sent_start and doc[before].tag_ != "NNP"):
        return True
    previous = doc[before]
    if not is_name(previous) or previous.lower_ in word_lists()["titles"]:
        return previous.lower_ not in word_lists()["not_titles"]
    together = previous.head == doc[index] or doc[index].head == previous
    same = previous.ent_type_ == "PERSON" and doc[index].ent_iob_ == "I"
    return not (same or (together and previous.ent_type_ != "LOC"))


def with_title(doc: Doc, mention: Mention) -> Mention:
    """Widen a person's name by the titles before it."""
    start = mention.start
    lists = word_lists()
    while start and doc[start - 1].lower_ in lists["titles"] and doc[start].sent_start != 1:
        start -= 1
    return replace(mention, start=start, text=doc[start : mention.end].text)


def with_members(doc: Doc, mention: Mention) -> Mention:
    """Widen "Taliban" to "Taliban fighters", not to "Taliban opponents"."""
    lists = word_lists()
    end = mention.end
    if end < len(doc) and doc[end].text in _POSSESSIVE:
        end += 1
    first = end
    while end < len(doc) and doc[end].lower_ in lists["member_adjectives"] and end - first < 3:  # noqa: PLR2004 — "special armed security"
        end += 1
    if end < len(doc) and doc[end].lower_ in lists["members"] and not doc[end].is_sent_start:
        noun = doc[end].tag_.startswith("NN")
        if noun and not _acts(doc, end):
            return replace(mention, end=end + 1, text=doc[mention.start : end + 1].text)
    return mention


def _acts(doc: Doc, index: int) -> bool:
    """Tell "Russia shells Kharkiv", where the noun's form is the verb."""
    token = doc[index]
    return token.lower_ in {"shells", "bombs", "rockets", "forces"} and (
        index + 1 < len(doc) and doc[index + 1].tag_ in {"NNP", "DT"} and token.lower_ != "forces"
    )
