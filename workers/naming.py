"""Whom and what a noun phrase names, by its head: places, actors, pronouns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from workers.mentions import Mention
from workers.syntax import Arguments, arguments, phrases, preposition
from workers.words import word_lists

_PRONOUNS = frozenset({"they", "who", "it", "he", "she", "group"})
_ACTORS = frozenset({"person", "organization", "group", "place"})
_THINGS = frozenset({"it", "its", "them", "itself"})
#: what may stand before "of the bridges", beside numbers and the portions of words.yaml
_SHARES = frozenset({"all", "both", "each", "none", "one", "rest", "whole"})
#: prepositions of where something happens
_SCENE = frozenset({"in", "at", "near", "outside", "inside"})
#: sentences before its own in which a pronoun's place is looked for
_REACH = 2
_SETTLEMENTS = frozenset({"city", "town", "village", "island"})
#: tokens between a light verb and its noun: "took full and lasting control"
WINDOW = 8
#: what may stand before "city" when it means the one that was named: not "the old town"
_THE = (["the"], ["that"], ["this"], ["the", "whole"], ["the", "entire"])


class Text:
    """A document with its mentions by token."""

    def __init__(self, doc: Doc, mentions: Sequence[Mention]) -> None:
        self.doc = doc
        self.mentions = mentions
        self.at = {index: one for one in mentions for index in range(one.start, one.end)}
        self._arguments: dict[int, Arguments] = {}

    def arguments(self, verb: Token) -> Arguments:
        """Return the arguments of a verb, collected once for all its lines of the lexicon."""
        found = self._arguments.get(verb.i)
        if found is None:
            found = self._arguments[verb.i] = arguments(verb)
        return replace(found)

    def place(self, token: Token) -> Mention | None:
        """Return the place that a noun phrase names, by its head."""
        mention = self.at.get(token.i)
        first = token if mention is None else self.doc[mention.start]
        if (behind := self._behind(first)) is not None:
            return behind
        if mention is not None:
            return mention if mention.label == "place" else None
        lists = word_lists()
        if token.lower_ in lists["places"]:
            for child in token.children:
                inner = self.at.get(child.i)
                named = child.dep_ in {"appos", "flat", "compound", "nmod:desc"} or (
                    child.dep_ == "nmod" and preposition(child) == "of"
                )
                if inner and inner.label == "place" and named:
                    return inner
            if [child.lower_ for child in token.lefts if child.dep_ != "case"] in _THE:
                return self._antecedent(token, "city")
        if token.lower_ in lists["portions"]:
            for child in token.children:
                inner = self.at.get(child.i)
                if inner and inner.label == "place" and preposition(child) == "of":
                    return replace(inner, part=True, relation="portion")
        return self._owner(token)

    def is_date(self, token: Token) -> bool:
        """Tell a noun of a date: nobody bans anything on Friday, but a place or a person."""
        mention = self.at.get(token.i)
        return mention is not None and mention.label == "date"

    def scenes(self, word: Token) -> list[Token]:
        """Return the named places in, at or near which what a word tells took place."""
        return [
            noun
            for words, noun in phrases(word)
            if words in _SCENE and (named := self.place(noun)) is not None and not named.generic
        ]

    def ground(self, token: Token, *, sure: bool = False) -> Mention | None:
        """Return the place that a noun phrase means, a nameless one too: "the palace", "it".

        Args:
            token: the head of the noun phrase.
            sure: nothing but a place can stand here, so a name is one, whatever it was taken for.
        """
        if (found := self.place(token)) is not None:
            return found
        if token.lower_ in _THINGS:
            return self._last_ground(token)
        mention = self.at.get(token.i)
        if mention is not None:
            return self._taken_for(token, mention, sure=sure)
        return (
            self._share(token, sure=sure) or self._common_ground(token) or self._unknown_name(token)
        )

    def _taken_for(self, token: Token, mention: Mention, *, sure: bool) -> Mention | None:
        """Return the place that the pipeline took for something else."""
        if mention.label == "date" or mention.subject:
            return None
        if sure and token.tag_ in {"NNP", "NNPS"}:
            return replace(mention, label="place", generic=True, name=mention.text)
        return self._common_ground(token) if mention.label == "organization" else None

    def _share(self, token: Token, *, sure: bool) -> Mention | None:
        """Return the whole of "one of the bridges" and "most of it", as a part."""
        shares = token.tag_ == "CD" or token.lower_ in _SHARES | word_lists()["portions"]
        for child in token.children if shares else ():
            if preposition(child) == "of" and (whole := self.ground(child, sure=sure)):
                return replace(whole, part=True, relation="portion", generic=True)
        return None

    def _common_ground(self, token: Token) -> Mention | None:
        if token.lower_ not in word_lists()["grounds"] or not token.tag_.startswith("NN"):
            return None
        alone = [child.lower_ for child in token.lefts if child.dep_ != "case"] in _THE
        if token.lower_ in _SETTLEMENTS and alone:
            # "the town" is the one named last, most likely
            return self._last_ground(token, named=True) or self._nameless(token)
        return self._nameless(token)

    def _unknown_name(self, token: Token) -> Mention | None:
        """Return a name that the pipeline missed."""
        if token.tag_ != "NNP":
            return None
        start = token.i
        while start > token.sent.start and start - 1 not in self.at:
            if self.doc[start - 1].tag_ != "NNP":
                break
            start -= 1
        name = self.doc[start : token.i + 1].text
        return Mention(start, token.i + 1, name, "place", generic=True, name=name)

    def _nameless(self, token: Token) -> Mention:
        first = min((t.i for t in token.lefts if t.dep_ in {"amod", "compound"}), default=token.i)
        text = self.doc[first : token.i + 1].text
        return Mention(first, token.i + 1, text, "place", generic=True)

    def _last_ground(self, token: Token, *, named: bool = False) -> Mention | None:
        """Return the nearest place before a pronoun; which one it is, is never sure."""
        sentence = token.sent
        floor = sentence.start
        for _ in range(_REACH):
            floor = self.doc[floor - 1].sent.start if floor else 0
        for before in reversed(self.doc[floor : token.i]):
            mention = self.at.get(before.i)
            if mention is not None:
                if mention.label == "place" and not (named and mention.part):
                    return replace(
                        mention, start=token.i, end=token.i + 1, subject=None, generic=True
                    )
            elif (
                not named
                and before.lower_ in word_lists()["grounds"]
                and before.tag_.startswith("NN")
            ):
                return replace(self._nameless(before), start=token.i, end=token.i + 1)
        return None

    def _behind(self, token: Token) -> Mention | None:
        """Return Homs of "the capital of the province of that name, Homs"."""
        if token.lower_ != "capital":
            return None
        for comma in self.doc[token.i + 1 : min(token.i + WINDOW, token.sent.end - 1)]:
            after = self.at.get(comma.i + 1)
            if comma.text == "," and comma.i > token.i + 1:
                return after if after is not None and after.label == "place" else None
        return None

    def _owner(self, token: Token) -> Mention | None:
        """Return the place of "Homs's old market" and "the residents of Homs", as its part."""
        people = token.lower_ in word_lists()["people"]
        for child in token.children:
            inner = self.at.get(child.i)
            owns = child.dep_ == "nmod:poss" or (
                people and (child.dep_ == "compound" or preposition(child) in {"of", "in"})
            )
            if inner and owns and inner.label == "place" and inner.subject and not inner.part:
                return replace(inner, part=True, relation="district")
        return None

    def actor(self, token: Token) -> Mention:
        """Return who a noun phrase names, by its head; an open mention if nobody tracked."""
        mention = self.at.get(token.i)
        if mention is not None and mention.label in _ACTORS:
            return self._bearer(mention)
        found = self._members_of(token) or self._person(token)
        if found is None and token.lower_ in _PRONOUNS:
            kind = "person" if token.lower_ in {"he", "she"} else "actor"
            found = self._antecedent(token, kind)
        if found is not None:
            return found
        start = min(
            (t.i for t in token.lefts if t.dep_ in {"det", "amod", "compound"}), default=token.i
        )
        return Mention(
            start, token.i + 1, self.doc[start : token.i + 1].text, "group", generic=True
        )

    def _bearer(self, mention: Mention) -> Mention:
        """Return the person of "Democrat Lena Okafor", else the mention itself."""
        beside = self.at.get(mention.end)
        party = mention.subject is None and mention.label == "group"
        return beside if party and beside is not None and beside.label == "person" else mention

    def _members_of(self, token: Token) -> Mention | None:
        """Return whose "fighters" or "forces" are meant."""
        lists = word_lists()
        if token.lower_ in lists["members"]:
            for child in token.children:
                inner = self.at.get(child.i)
                close = child.dep_ in {"compound", "amod", "nmod:poss"} or (
                    child.dep_ == "nmod" and preposition(child) in {"of", "from"}
                )
                if inner and close and inner.label in {"organization", "group"}:
                    return inner
        return None

    def _person(self, token: Token) -> Mention | None:
        """Return the person of "the prime minister, Lena Okafor"."""
        lists = word_lists()
        for child in token.children:
            inner = self.at.get(child.i)
            named = child.dep_ in {"flat", "appos", "nmod:desc"} or (
                child.dep_ == "compound" and token.lower_ in lists["titles"]
            )
            if inner and inner.label == "person" and named and not _is_listed(child):
                return inner
        beside = self.at.get(token.i + 1)
        if (
            beside is not None
            and beside.label == "person"
            and beside.start == token.i + 1
            and token.tag_ in {"NNP", "NN"}
        ):
            return beside
        return None

    def modifier(self, token: Token) -> Mention:
        """Return whom the first half of "rebel-held" means; it stands for itself alone."""
        mention = self.at.get(token.i)
        if mention is not None and mention.subject is not None:
            return mention
        return Mention(token.i, token.i + 1, token.text, "group", generic=True)

    def _antecedent(self, token: Token, kind: str) -> Mention | None:
        """Return what a pronoun stands for when the text before leaves one choice only."""
        before = [
            one
            for one in self.mentions
            if one.end <= token.i and one.label != "date" and not one.part and _is_kind(one, kind)
        ]
        if kind in {"place", "city"}:
            names = {one.subject or one.text for one in before if one.subject}
        else:
            floor = self.doc[token.i].sent.start
            recent = [one for one in before if one.end <= floor] or before
            names = {one.subject or one.text for one in recent}
            before = recent
        if kind == "person" and not before:
            sentence = token.sent
            before = [
                one
                for one in self.mentions
                if token.i < one.start < sentence.end and one.label == "person"
            ]
            names = {one.subject or one.text for one in before}
        if len(names) != 1 or not before:
            return None
        tracked = [one for one in before if one.subject] or before
        last = tracked[-1]
        return replace(last, start=token.i, end=token.i + 1, text=token.text)


def _is_listed(token: Token) -> bool:
    return any(child.dep_ == "cc" for child in token.children)


def _is_kind(mention: Mention, kind: str) -> bool:
    if kind == "city":
        last = mention.text.rsplit(" ", 1)[-1].lower()
        return mention.label == "place" and last not in word_lists()["others"]
    if kind == "actor":
        return mention.label in {"organization", "group"}
    return mention.label == kind
