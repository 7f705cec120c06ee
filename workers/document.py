"""A parsed text with its mentions: what the rules on pronouns and on names look into."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from spacy.tokens import Doc, Token

from workers.arguments import Arguments, arguments
from workers.mentions import Mention
from workers.propernames import end_of_numbered
from workers.syntax import HYPHENS
from workers.words import word_lists, words_of

#: prepositions before the town of "the base at Homs"
_SITED = frozenset({"of", "at"})
#: tokens between a light verb and its noun: "took full and lasting control"
WINDOW = 8


class Document(ABC):
    """A document with its mentions by token.

    ``whole`` is the text that it is from, where not all of that was parsed.
    """

    def __init__(self, doc: Doc, mentions: Sequence[Mention], whole: str = "") -> None:
        self.doc = doc
        self._whole = whole
        self.mentions = list(mentions)
        self.at = {index: one for one in mentions for index in range(one.start, one.end)}
        #: the place of an entry in a list or an almanac, whose title is its name alone
        self.topic = self._topic()
        self._arguments: dict[int, Arguments] = {}

    def _topic(self) -> Mention | None:
        head = [token for token in next(self.doc.sents, ()) if not token.is_space]
        place = self.at.get(head[0].i) if head else None
        alone = place is not None and place.label == "place" and place.end > head[-1].i
        return place if alone and head[-1].i + 1 < len(self.doc) else None

    def learn(self, place: Mention) -> None:
        """Take a name that the pipeline missed for a place from here on: its event tells it is one."""
        before = {self.at.get(index) for index in range(place.start, place.end)} - {None}
        known = any(one.label == "place" or one.subject for one in before if one is not None)
        bare = place.text == place.name and self.doc[place.start].tag_ == "NNP"
        if bare and not known and not place.part:
            self.mentions = [one for one in self.mentions if one not in before]
            self.at.update(dict.fromkeys(range(place.start, place.end), place))
            self.mentions.append(replace(place, generic=False))

    @cached_property
    def is_of_war(self) -> bool:
        """Whether it speaks of arms or those who bear them, so that its sieges are no figures of speech."""
        return self._speaks_of("war")

    @cached_property
    def is_of_play(self) -> bool:
        """Whether it speaks of sport, show or business, so that who is dropped or crowned may be a player."""
        return self._speaks_of("play")

    def _speaks_of(self, subject: str) -> bool:
        return not word_lists()[subject].isdisjoint(words_of(self._whole or self.doc.text))

    def arguments(self, verb: Token) -> Arguments:
        """Return the arguments of a verb, collected once for all its lines of the lexicon."""
        found = self._arguments.get(verb.i)
        if found is None:
            found = self._arguments[verb.i] = arguments(verb)
        return replace(found)

    def nameless(self, token: Token) -> Mention:
        """Return a place by its description: "presidential palace", "the base at Homs"."""
        first, end = self.start_of(token, but="det"), end_of_numbered(token)
        if end + 1 < token.sent.end and self.doc[end].lower_ in _SITED:
            where = self.at.get(end + 1)
            named = where is not None and where.label == "place" and not where.generic
            end = where.end if where is not None and named else end
        return Mention(first, end, self.doc[first:end].text, "place", generic=True)

    def start_of(self, token: Token, *, but: str = "") -> int:
        """Return where a noun phrase begins: "the Kokang army", "Sudan's army", "old airport"."""
        start = token.i
        for word in token.lefts:
            owns = word.dep_ == "nmod:poss" and word.tag_ not in {"PRP$", "WP$"}
            if owns or word.dep_ in {"det", "amod", "compound"} - {but}:
                # "a town whose port Haftar's men hold": the port is not the men's
                whose = self.doc[word.left_edge.i].lower_ == "whose"
                start = min(start, word.i if whose else word.left_edge.i)
        while start - 1 > token.sent.start and self.doc[start - 1].text in HYPHENS:
            # "Turkish-backed fighters"
            start -= 2
        while self.doc[start].is_space:
            start += 1
        return start

    @abstractmethod
    def actor(self, token: Token) -> Mention:
        """Return who a noun phrase names, by its head; an open mention if nobody tracked."""

    @abstractmethod
    def place(self, token: Token) -> Mention | None:
        """Return the place that a noun phrase names, by its head."""
