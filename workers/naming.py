"""Whom and what the words of a text name: places, actors, and where its clauses are set."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from workers import anaphora
from workers.actornaming import ActorNaming
from workers.placenaming import PlaceNaming
from workers.syntax import phrases
from workers.toponyms.areas import is_land
from workers.words import word_lists

#: prepositions of where something happens
_SCENE = frozenset({"in", "at", "near", "outside", "inside"})
#: those of where somebody is posted
_POSTED = frozenset({"at", "in", "inside"})


class Text(PlaceNaming, ActorNaming):
    """A document whose noun phrases are told, places and actors alike."""

    def is_date(self, token: Token) -> bool:
        """Tell a noun of a date: nobody bans anything on Friday, but a place or a person."""
        mention = self.at.get(token.i)
        counts = token.lower_ in word_lists()["spans"]
        return counts or (mention is not None and mention.label == "date")

    def scenes(self, word: Token) -> list[Token]:
        """Return the named places in, at or near which what a word tells took place.

        Of a noun also those of its verb: "talks opened in Homs", "a deal struck in Homs".
        """
        verbs = [child for child in word.children if child.dep_ == "acl" and child.tag_ == "VBN"]
        if word.dep_ in {"nsubj", "nsubj:pass", "obj"}:
            verbs.append(word.head)
        return [
            noun
            for one in (word, *(verbs if word.tag_.startswith("NN") else ()))
            for words, noun in phrases(one)
            if words in _SCENE and (named := self.place(noun)) is not None and not named.generic
        ]

    def setting(self, verb: Token, subjects: Sequence[Token]) -> list[Token]:
        """Return the word of the place that a clause is set in, where its verb names none.

        The town of "Hama, where rebels fought the army", "there", and the place of those who hold
        it: "the garrison at Hama surrendered".
        """
        adverbs = {child.lower_ for child in verb.children if child.dep_.startswith("advmod")}
        if verb.dep_ == "acl:relcl" and "where" in adverbs:
            return [anaphora.contained(self, verb.head)]
        if "there" in adverbs:
            return [child for child in verb.children if child.lower_ == "there"]
        holders = [one for one in subjects if one.lower_ in word_lists()["holders"]]
        return [noun for one in holders for words, noun in phrases(one) if words in _POSTED] + [
            child
            for one in holders
            for child in one.children
            if child.lower_ == "there" or self.is_town_of(child)
        ]

    def is_town_of(self, owner: Token) -> bool:
        """Tell Hama of "Hama's defenders" and "its defenders" from Sudan of "Sudan's army"."""
        if owner.dep_ != "nmod:poss":
            return False
        if owner.lower_ == "its":
            return anaphora.thing(self, owner) is not None
        named = self.place(owner)
        return named is not None and not is_land(named.name or named.text)
