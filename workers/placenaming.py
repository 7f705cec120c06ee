"""Which place a noun phrase names, by its head, a nameless one too: "Homs", "the town", "it"."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from workers import anaphora
from workers.document import WINDOW, Document
from workers.mentions import Mention, standing_in
from workers.propernames import begins_name, end_of_numbered, looks_like_name
from workers.syntax import preposition
from workers.toponyms.areas import is_land
from workers.words import word_lists

_THINGS = frozenset({"it", "its", "them", "itself"})
#: what may stand before "of the bridges", beside numbers and the portions of words.yaml
_SHARES = frozenset({"both", "each", "none", "one", "rest"})
#: what stands before "of Homs" and means no part of it
_WHOLES = frozenset(
    {"all", "cluster", "dozens", "entirety", "handful", "hundreds", "row", "scores", "series"}
    | {"string", "whole"}
)
#: what stands before places, not before people: a name behind it was taken for a person's
_INTO = frozenset(
    {"in", "into", "inside", "near", "outside", "out of", "around", "towards", "toward"}
)
#: and nouns of what is done to places only
_OF_PLACES = frozenset({"bombardment", "control", "encirclement", "recapture", "shelling", "siege"})


class PlaceNaming(Document):
    """A document that tells which place a noun phrase names."""

    def place(self, token: Token) -> Mention | None:
        """Return the place that a noun phrase names, by its head."""
        mention = self.at.get(token.i)
        first = token if mention is None else self.doc[mention.start]
        if (behind := self._behind(first)) is not None:
            return behind
        if mention is not None:
            return mention if mention.label == "place" else None
        if token.lower_ in word_lists()["places"] and (named := self._of_kind(token)):
            return named
        if token.lower_ in word_lists()["portions"]:
            for child in token.children:
                inner = self.at.get(child.i)
                if inner and inner.label == "place" and preposition(child) == "of":
                    return replace(inner, part=True, relation="portion")
        return self._owner(token)

    def _of_kind(self, token: Token) -> Mention | None:
        """Return Homs of "the town of Homs", of "Homs, the town which", and of "the town"."""
        if (above := self._beside(token) or self._called(token)) is not None:
            return above
        for child in token.children:
            inner = self.at.get(child.i)
            named = child.dep_ in {"appos", "flat", "compound", "nmod:desc"} or (
                child.dep_ == "nmod" and preposition(child) == "of" and token.lower_ != "capital"
            )
            # "the fifth Homsland town" is not all of that country
            whole = inner and child.dep_ == "compound" and is_land(inner.name or inner.text)
            if inner and inner.label == "place" and named and not whole:
                return inner
        if token.lower_ in anaphora.SETTLEMENTS and anaphora.is_definite(token):
            if (entitled := self._of_name(token)) is not None:
                return entitled
            # not "the town of" a name that nobody knows
            of_name = any(preposition(child) == "of" for child in token.rights)
            one = None if of_name else anaphora.settlement(self, token)
            return None if one is None else standing_in(one, token)
        if token.lower_ == "capital":
            seat = anaphora.capital(self, token)
            return None if seat is None else standing_in(seat, token)
        return None

    def _called(self, token: Token) -> Mention | None:
        """Return Homs of "Homs became the latest city to fall", "Homs was the only city they held"."""
        becomes = token.head.lemma_ in {"become", "remain"} and token.dep_ in {"xcomp", "obj"}
        verb = token.head if becomes else token
        cop = becomes or any(child.dep_ == "cop" for child in token.children)
        if not cop or preposition(token):
            return None
        subjects = [child for child in verb.children if child.dep_ == "nsubj"]
        named = self.at.get(subjects[0].i) if len(subjects) == 1 else None
        if named is None or named.part or named.label == "date" or subjects[0].tag_ != "NNP":
            return None
        named = replace(named, label="place", name=named.name or named.text)
        held = any(child.dep_ == "acl:relcl" for child in token.children)
        # what they held, they need not hold: nobody is told to hold it by that
        return replace(standing_in(named, token), subject=None, generic=True) if held else named

    def _of_name(self, token: Token) -> Mention | None:
        """Return Sheikh Omar of "the town of Sheikh Omar", taken for a person: a town it is."""
        for child in token.children:
            inner = self.at.get(child.i)
            name = child.tag_ == "NNP" and preposition(child) == "of"
            if name and inner is not None and inner.label != "date" and not inner.subject:
                start = inner.start
                while self.doc[start - 1].tag_ == "NNP":
                    start -= 1
                text = self.doc[start : inner.end].text
                return replace(inner, start=start, text=text, label="place", name=text)
        return None

    def _beside(self, token: Token) -> Mention | None:
        """Return Homs of "Homs, the central city which rebels hold", however it was parsed."""
        start: int = token.left_edge.i
        start += self.doc[start].text == ","
        if self.doc[start].lower_ == "whose" or start < 2 or self.doc[start - 1].text != ",":  # noqa: PLR2004 — a name and a comma
            return None
        listed = any(child.dep_ == "cc" for child in token.children) or token.dep_ == "conj"
        above = self.at.get(start - 2)
        named = above is not None and above.label == "place" and not above.part and not listed
        return above if named else None

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

    def ground(self, token: Token, *, sure: bool = False) -> Mention | None:
        """Return the place that a noun phrase means, a nameless one too: "the palace", "it".

        Args:
            token: the head of the noun phrase.
            sure: nothing but a place can stand here, so a name is one, whatever it was taken for.
        """
        if (found := self.place(token)) is not None:
            return found
        if token.is_title and token.lower_ in word_lists()["titles"] and not token.is_sent_start:
            # "seized President Said Djohar", a name that the parser broke
            return None
        there = token.lower_ == "there"
        if there or token.lower_ in _THINGS:
            clear = anaphora.settlement(self, token) if there else anaphora.thing(self, token)
            if clear is None:
                return anaphora.guess(self, token, named=there)
            return standing_in(clear, token)
        mention = self.at.get(token.i)
        if mention is not None:
            return self._taken_for(token, mention, sure=sure)
        return (
            self._share(token, sure=sure)
            or self._common_ground(token)
            or self._unknown_name(token, sure=sure)
        )

    def _taken_for(self, token: Token, mention: Mention, *, sure: bool) -> Mention | None:
        """Return the place that the pipeline took for something else."""
        if mention.label == "date" or mention.subject:
            return None
        sure = sure or (mention.label == "person" and (_is_where(token) or _is_called_town(token)))
        if sure and token.tag_ in {"NNP", "NNPS"}:
            return self._widened(replace(mention, label="place", name=mention.text))
        return self._common_ground(token) if mention.label == "organization" else None

    def _widened(self, place: Mention) -> Mention:
        """Return the airstrip of "Konna airstrip" where only Konna was taken for a name."""
        after = self.doc[place.end] if place.end < len(self.doc) else None
        lists = word_lists()
        if after is None or after.is_sent_start or after.lower_ not in lists["others"]:
            return place
        text = self.doc[place.start : after.i + 1].text
        return replace(place, end=after.i + 1, text=text, part=True, relation="other")

    def _share(self, token: Token, *, sure: bool) -> Mention | None:
        """Return the whole of "one of the bridges" and "most of it", as a part."""
        word = token.lower_
        shares = token.tag_ == "CD" or word in _SHARES | _WHOLES | word_lists()["portions"]
        for child in token.children if shares else ():
            # "captured scores of them" are men, more often than towns
            if child.lower_ == "them":
                return None
            if preposition(child) == "of" and (whole := self.ground(child, sure=sure)):
                if word in _WHOLES:
                    return whole
                return replace(whole, part=True, relation="portion", generic=True)
        return None

    def _common_ground(self, token: Token) -> Mention | None:
        if token.lower_ not in word_lists()["grounds"] or not token.tag_.startswith("NN"):
            return None
        if token.lower_ in word_lists()["places"]:
            for child in token.children:
                if child.i not in self.at and preposition(child) == "of":
                    return self._unknown_name(child, sure=True) or self.nameless(token)
        if token.lower_ in anaphora.SETTLEMENTS and anaphora.is_definite(token):
            # "the town" is the one named last, most likely
            return anaphora.guess(self, token, named=True) or self.nameless(token)
        return self._introduced(token) or self.nameless(token)

    def _introduced(self, token: Token) -> Mention | None:
        """Return the border post of "The post", where that was named before."""
        if not anaphora.is_definite(token):
            return None
        for before in reversed(self.doc[anaphora.floor_of(token) : token.i]):
            if before.lower_ == token.lower_:
                whole = self.at.get(before.i)
                end = end_of_numbered(before)
                placed = whole is None or whole.label == "place" or end > before.i + 1
                same = placed and (whole is None or whole.end == end)
                whole = whole or self.nameless(before)
                found = replace(whole, start=token.i, end=token.i + 1, label="place")
                return found if same else None
        return None

    def _unknown_name(self, token: Token, *, sure: bool) -> Mention | None:
        """Return a name that the pipeline missed."""
        if not looks_like_name(token) or any(one.lower_ in {"a", "an"} for one in token.lefts):
            return None
        start, end = token.i, end_of_numbered(token)
        while start > token.sent.start and self._is_free_name(start - 1, token):
            start -= 1
        while (
            end < token.sent.end and self._is_free_name(end, token) and self.doc[end].dep_ == "flat"
        ):
            end += 1
        name = self.doc[start:end].text
        return Mention(start, end, name, "place", generic=not sure, name=name)

    def _is_free_name(self, index: int, name: Token) -> bool:
        return index not in self.at and begins_name(self.doc[index], name)


def _is_where(token: Token) -> bool:
    """Tell the town of "moved into Kisoro" and "the siege of Kisoro" from a person."""
    words = preposition(token)
    return words in _INTO or (words == "of" and token.head.lower_ in _OF_PLACES)


def _is_called_town(token: Token) -> bool:
    """Tell the town of "Luong, the last town on the river" from a person."""
    towns = anaphora.SETTLEMENTS | {"port"}
    return any(child.dep_ == "appos" and child.lower_ in towns for child in token.children)
