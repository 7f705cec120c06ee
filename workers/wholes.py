"""Whole or part: what the words around a place's name make of it.

"Homs airport" is another thing, "parts of Homs" a portion, "northern Homs" a district of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spacy.tokens import Doc, Token

from workers.coordination import is_one_of
from workers.mentions import Mention, Relation
from workers.people import is_name
from workers.propernames import looks_like_name
from workers.syntax import HYPHENS
from workers.toponyms.areas import is_land
from workers.toponyms.index import is_town
from workers.words import capitals, word_lists

_POSSESSIVE = frozenset({"'s", "\u2019s", "'", "\u2019"})
#: of these the bare word means the docks: "the port of Homs" is not "the strategic port of Homs"
_HARBOURS = frozenset({"port"})
#: what titles write large behind a hyphen: "Russia-Occupied"
_STATES = frozenset({"held", "occupied", "controlled", "ruled", "run", "led", "based"})
#: kinds of settlement told by two words: "the hilltop market of Homs"
_STATIONS = frozenset(
    {
        ("hill", "station"),
        ("hilltop", "market"),
        ("market", "centre"),
        ("market", "center"),
        ("mission", "station"),
        ("trading", "centre"),
        ("trading", "center"),
        ("trading", "post"),
    }
)
#: words between a part and its whole: "parts of the northern city of Homs"
_REACH = 6


def whole_or_part(doc: Doc, mention: Mention, taken: Mapping[int, Mention]) -> Mention:
    """Widen a place by the words that make it a part, another thing, or clearly the city."""
    lists = word_lists()
    start, end = mention.start, mention.end
    relation: Relation = ""
    if (joined := _hyphenated(doc, end)) > end:
        return replace(
            mention, end=joined, text=doc[start:joined].text, part=True, relation="other"
        )

    def free(index: int) -> bool:
        return 0 <= index < len(doc) and index not in taken and not doc[index].is_space

    if free(end) and _goes_on(doc[end]):
        end += 1
        mention = replace(mention, end=end, name=doc[start:end].text)

    kinds = lists["places"] - _HARBOURS
    # "the fifth Myanmar town" is no town of that name
    country = is_land(mention.text)
    if free(end) and doc[end].lower_ in kinds and doc[end].tag_ != "NNPS" and not country:
        end += 1
    following = end + 1 if free(end) and doc[end].text in _POSSESSIVE else end
    stop = following
    while (
        free(stop)
        and doc[stop].tag_.startswith(("NN", "JJ"))
        and doc[stop].sent_start != 1
        and doc[stop].lower_
        not in lists["others"] | lists["edges"] | lists["districts"] | _HARBOURS
        and stop - following < 3  # noqa: PLR2004 — "Homs central military prison"
    ):
        stop += 1
    # "Tripoli port back in use", whose port is a verb to the tagger
    noun = free(stop) and doc[stop].tag_ in {"NN", "NNS", "NNP", "NNPS", "VB", "VBP"}
    if noun and doc[stop].sent_start != 1:
        word = doc[stop].lower_
        found: Relation = (
            "other"
            if word in lists["others"] | lists["other_names"] | _HARBOURS
            else "edge"
            if word in lists["edges"]
            else "district"
            if word in lists["districts"]
            else ""
        )
        if found:
            relation, end = found, stop + 1
    if not relation and _is_longer_name(doc, mention, end):
        relation = "other"
    if relation != "other":
        start, before = _before(doc, start, free)
        relation = "portion" if before == "portion" else relation or before
    return replace(
        mention,
        start=start,
        end=end,
        text=doc[start:end].text,
        part=bool(relation),
        relation=relation,
        subject=mention.subject,
    )


def _hyphenated(doc: Doc, end: int) -> int:
    """Return where "Homs-Gharbi" and "Homs-Hama" end, which are not Homs."""
    while (
        end + 1 < len(doc)
        and doc[end].text in HYPHENS
        and not doc[end - 1].whitespace_
        and not doc[end].whitespace_
        and is_name(doc[end + 1])
        and doc[end + 1].lower_ not in word_lists()["backed"] | _STATES
    ):
        end += 2
    return end


def _goes_on(after: Token) -> bool:
    """Tell the second half of "Sanski Most", which is no noun to the tagger."""
    noun = after.tag_.startswith(("NN", "VB", "CD", "DT", "IN", "PRP", "W"))
    return not noun and not after.is_sent_start and after.is_alpha and looks_like_name(after)


def _is_longer_name(doc: Doc, mention: Mention, end: int) -> bool:
    """Tell "Homs Al-Fidaa" and "Kabul Times": a name goes on behind the place's."""
    if end >= len(doc) or end != mention.end:
        return False
    last, after = doc[mention.end - 1], doc[end]
    if not is_name(after) or after.is_sent_start or after.ent_type_ == "DATE":
        return False
    if last.head == after:
        return last.dep_ in {"compound", "flat"}
    return after.head == last and after.dep_ in {"flat", "compound"}


def _before(doc: Doc, start: int, free: Any) -> tuple[int, Relation]:  # noqa: C901, PLR0911, PLR0912 — one kind of part a branch
    """Look left of a place: "northern Homs", "the city of Homs", "parts of Homs"."""
    lists = word_lists()
    index = start - 1
    relation: Relation = ""
    if free(index) and doc[index].lower_ in lists["directions"] and doc[start].sent_start != 1:
        relation, start, index = "district", index, index - 1
    reach = 0
    while free(index) and reach < _REACH and doc[index + 1].sent_start != 1:
        word = doc[index].lower_
        if word == "of" and free(index - 1):
            noun = index - 1
            kind = doc[noun].lower_
            if doc[start].head.i == noun and is_one_of(doc[noun], doc[start]):
                return start, relation
            described = noun and doc[noun - 1].tag_.startswith(("JJ", "VBN", "NN"))
            if kind in _HARBOURS and not described:
                return _widened(doc, noun), "other"
            if kind == "capital" and not _is_seat(doc[noun], doc[start]):
                # nor is "the capital of Helmand" the province
                return noun, "other"
            if kind in lists["places"] or (noun and (doc[noun - 1].lower_, kind) in _STATIONS):
                start = noun - (kind not in lists["places"])
                index = start - 1
                while free(index) and doc[index].lower_ in lists["place_adjectives"]:
                    start, index = index, index - 1
                reach += 1
                continue
            if kind in lists["portions"] or (kind == "quarters" and doc[noun - 1].like_num):
                return noun, "portion"
            if kind in lists["edges"]:
                return _widened(doc, noun), "edge"
            if kind in lists["districts"] or kind in lists["directions"]:
                return _widened(doc, noun), "district"
            if kind in lists["others"]:
                return _widened(doc, noun), "other"
            return start, relation
        if word in {"the", "a"} or word in lists["place_adjectives"] or word in _POSSESSIVE:
            index -= 1
            reach += 1
            continue
        return start, relation
    return start, relation


def _is_seat(capital: Token, name: Token) -> bool:
    """Tell the town of "the rebels' de facto capital of Kilinochchi", and of "the capital of Sanaa"."""
    owned = any(child.dep_ == "nmod:poss" or child.lower_ == "facto" for child in capital.lefts)
    town = owned and not is_land(name.text) and is_town(name.text)
    return town or name.text in capitals().values()


def _widened(doc: Doc, noun: int) -> int:
    """Return where the noun phrase of a part begins, articles left out: "air base of Homs"."""
    start = noun
    while start and doc[start - 1].head.i == noun and doc[start - 1].dep_ in {"compound", "amod"}:
        if start > 1 and doc[start - 2].text in HYPHENS:
            # "rebel-held districts"
            break
        start -= 1
    return start
