"""Where a thing is: the name of a place that a noun phrase gives it.

"The town of Hama", "a house in Hama", "Hama's airport", "a Hama hotel".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from spacy.tokens import Doc, Span, Token

from workers.coordination import conjuncts
from workers.language import LABELS
from workers.mentions import Mention
from workers.syntax import is_verbal, preposition
from workers.toponyms.areas import country_aliases
from workers.words import country_names, word_lists

#: prepositions behind which the place of an event stands
WHERE = frozenset(
    {
        "above",
        "across",
        "along",
        "around",
        "at",
        "beside",
        "between",
        "in",
        "inside",
        "into",
        "near",
        "off",
        "on",
        "outside",
        "over",
        "through",
        "throughout",
        "to",
        "toward",
        "towards",
        "within",
    }
)
#: those that tell the place of a noun
_OF_NOUN = frozenset(
    {
        "across",
        "around",
        "at",
        "between",
        "in",
        "inside",
        "into",
        "near",
        "of",
        "on",
        "outside",
        "through",
        "throughout",
        "within",
    }
)
#: word lists of kinds of place
_SITE_LISTS = ("sites", "places", "others", "edges", "portions", "districts", "directions")
#: what follows the name of a part: "the Hama region of Syria", but "the Syrian town of Hama"
_DIVISIONS = frozenset(
    {
        "area",
        "county",
        "department",
        "district",
        "governorate",
        "municipality",
        "neighborhood",
        "neighbourhood",
        "oblast",
        "province",
        "region",
        "sector",
        "township",
    }
)
#: a country before these sends or owns them, and is not where they are: "the U.S. embassy"
FOREIGN = frozenset({"base", "consulate", "embassy", "legation", "mission"})


class Names:
    """The names of places by token."""

    def __init__(self, doc: Doc, mentions: Sequence[Mention]) -> None:
        self._at: dict[int, Span] = {}
        for one in mentions:
            if one.label == "place" and not _is_time(doc[one.start]):
                name = _bare(doc, one)
                if name[-1].lower_ in FOREIGN:
                    continue
                self._at.update(dict.fromkeys(range(name.start, name.end), name))

        for name in _told_by_kind(doc):
            if not any(token.i in self._at for token in name):
                self._at.update(dict.fromkeys(range(name.start, name.end), name))

    def of(self, token: Token) -> Span | None:
        """Return the name that a word belongs to."""
        return self._at.get(token.i)


def _told_by_kind(doc: Doc) -> Iterator[Span]:
    """Yield names that must be places: "the Hama district", "the towns of Hama"."""
    kinds = word_lists()["places"] | _DIVISIONS
    for token in doc:
        start = end = token.i
        if token.lower_ in _DIVISIONS:
            while start and doc[start - 1].tag_ == "NNP" and not doc[start].is_sent_start:
                start -= 1
        elif (
            token.lower_ == "of" and token.i and doc[token.i - 1].lower_.removesuffix("s") in kinds
        ):
            start = end = token.i + 1
            while end < len(doc) and doc[end].tag_ == "NNP" and not doc[end].is_sent_start:
                end += 1
        if start < end:
            yield doc[start:end]


def _is_time(token: Token) -> bool:
    return LABELS.get(token.ent_type_) == "date" or token.lower_ in word_lists()["months"]


def is_country(name: Span) -> bool:
    """Tell a country's name."""
    return name.text in country_names() or name.text in country_aliases()


def _bare(doc: Doc, mention: Mention) -> Span:
    """Return Hama of "the city of Hama"."""
    span = doc[mention.start : mention.end]
    name = mention.name
    if not name or name == span.text:
        return span
    at = span.text.find(name)
    bare = None
    if at >= 0:
        start = span.start_char + at
        bare = doc.char_span(start, start + len(name), alignment_mode="expand")
    return bare or span


def is_of(words: str, prepositions: Iterable[str]) -> bool:
    """Tell whether a phrase opens with one of the prepositions."""
    return words.split(" ", 1)[0] in prepositions


def phrases(verb: Token) -> Iterator[tuple[str, Token]]:
    """Yield (preposition, noun) for the phrases of a verb, those tagged as adverbs too."""
    for child in verb.children:
        if child.dep_.startswith(("obl", "nmod", "advmod", "advcl")) and not is_verbal(child):
            yield preposition(child), child


def is_site(noun: Token) -> bool:
    """Tell a kind of place: "street", "airport", "outskirts"."""
    lists = word_lists()
    forms = {noun.lower_, noun.lemma_.lower(), noun.lower_.removesuffix("s")}
    return any(not forms.isdisjoint(lists[kind]) for kind in _SITE_LISTS)


def named(noun: Token, names: Names, depth: int) -> list[Span]:
    """Return the names in a phrase of place: of its head, or deeper inside."""
    found = [place for one in conjuncts(noun) if (place := names.of(one)) is not None]
    if found:
        return _without_regions(found)
    for one in conjuncts(noun):
        if found := inside(one, names, depth, site=True):
            return found
    return []


def _without_regions(places: list[Span]) -> list[Span]:
    """Take Kano of "in Kano, Nigeria", but both of "in Kano and Lagos"."""
    first, *others = places
    doc, last = first.doc, places[-1]
    listed = any(token.lower_ in {"and", "or"} for token in doc[first.start : last.start])
    return places if listed else [first, *(one for one in others if one.start < first.start)]


def inside(noun: Token, names: Names, depth: int, *, site: bool = False) -> list[Span]:
    """Return the place of a noun: "a house in Hama", "the town of Hama", "the Hama prison".

    Args:
        noun: what has a place.
        names: the names of places.
        depth: steps down that are left.
        site: the noun is a place itself, and not who comes from one: "a Hama hotel".
    """
    if not depth:
        return []
    found = _division(noun, names) or _called(noun, names, depth)
    if not found and (site or is_site(noun)):
        found = _before(noun, names, depth)
    return found or _behind(noun, names, depth)


def _division(noun: Token, names: Names) -> list[Span]:
    """Read "the Hama region of Syria"."""
    if noun.lower_ not in _DIVISIONS or noun.i == noun.sent.start:
        return []
    here = names.of(noun.nbor(-1))
    return [here] if here is not None else []


def _called(noun: Token, names: Names, depth: int) -> list[Span]:
    """Read "the town of Hama", "the capital, Hama"."""
    for child in noun.children:
        here = names.of(child)
        if child.dep_ == "nmod" and preposition(child) == "of":
            if found := named(child, names, depth - 1):
                return found
        elif child.dep_ in {"appos", "flat"} and here is not None:
            return [here]
    return []


def _before(noun: Token, names: Names, depth: int) -> list[Span]:
    """Read "the Hama prison", "Hama's prison", "the Hama airport's gates"."""
    for child in noun.children:
        if child.dep_ not in {"compound", "nmod:poss", "nmod", "amod"} or preposition(child):
            continue
        here = names.of(child)
        if here is not None and not (
            is_country(here) and noun.lower_ not in word_lists()["places"]
        ):
            return [here]
        if child.dep_ == "nmod:poss" and (found := inside(child, names, depth - 1)):
            return found
    return []


def _behind(noun: Token, names: Names, depth: int) -> list[Span]:
    """Read "a house in Hama", "men held in Hama"."""
    for child in noun.children:
        words = preposition(child)
        if child.dep_.startswith(("nmod", "obl")) and words and is_of(words, _OF_NOUN):
            found = named(child, names, depth - 1)
            if found:
                return found
    for child in noun.children:
        if child.dep_.startswith("acl") and is_verbal(child):
            for words, one in phrases(child):
                if is_of(words, WHERE) and (found := named(one, names, depth - 1)):
                    return found
    return []
