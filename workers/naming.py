"""Whom and what a noun phrase names, by its head: places, actors, pronouns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from spacy.tokens import Doc, Token

from workers import anaphora, pronouns
from workers.mentions import Mention
from workers.syntax import (
    HYPHENS,
    Arguments,
    arguments,
    begins_name,
    looks_like_name,
    phrases,
    preposition,
)
from workers.toponyms.areas import is_land
from workers.words import armed_words, demonyms, word_lists, words_of

_PRONOUNS = frozenset({"they", "their", "who", "it", "its", "them", "he", "she", "him", "group"})
_ACTORS = frozenset({"person", "organization", "group", "place"})
_THINGS = frozenset({"it", "its", "them", "itself"})
#: what may stand before "of the bridges", beside numbers and the portions of words.yaml
_SHARES = frozenset({"both", "each", "none", "one", "rest"})
#: what stands before "of Homs" and means no part of it
_WHOLES = frozenset(
    {"all", "cluster", "dozens", "entirety", "handful", "hundreds", "row", "scores", "series"}
    | {"string", "whole"}
)
_VAGUE = frozenset({"alliance", "coalition", "faction", "force", "forces", "front", "group", "groups",
                    "militia", "movement", "sect", "side"})  # fmt: skip
#: prepositions before the town of "the base at Homs"
_SITED = frozenset({"of", "at"})
#: what stands before places, not before people: a name behind it was taken for a person's
_INTO = frozenset(
    {"in", "into", "inside", "near", "outside", "out of", "around", "towards", "toward"}
)
#: and nouns of what is done to places only
_OF_PLACES = frozenset({"bombardment", "control", "encirclement", "recapture", "shelling", "siege"})
#: prepositions of where something happens
_SCENE = frozenset({"in", "at", "near", "outside", "inside"})
#: beside the measures of words.yaml, those who are told by whom they are made of
_CROWDS = frozenset({"band", "column", "columns", "convoy", "elements", "remnants", "thousands"})
#: those of where somebody is posted
_POSTED = frozenset({"at", "in", "inside"})
#: tokens between a light verb and its noun: "took full and lasting control"
WINDOW = 8


class Text:
    """A document with its mentions by token.

    ``whole`` is the text that it is from, where not all of that was parsed.
    """

    def __init__(self, doc: Doc, mentions: Sequence[Mention], whole: str = "") -> None:
        self.doc = doc
        self._whole = whole
        self.mentions = list(mentions)
        self.at = {index: one for one in mentions for index in range(one.start, one.end)}
        #: the place that the text is an entry on: its title, or else None
        self.topic = anaphora.topic(self)
        self._arguments: dict[int, Arguments] = {}

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
            one = anaphora.settlement(self, token)
            return None if one is None else _standing_in(one, token)
        if token.lower_ == "capital":
            seat = anaphora.capital(self, token)
            return None if seat is None else _standing_in(seat, token)
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
        return replace(_standing_in(named, token), subject=None, generic=True) if held else named

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
            return _standing_in(clear, token)
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
        sure = sure or (mention.label == "person" and _is_where(token))
        if sure and token.tag_ in {"NNP", "NNPS"}:
            return replace(mention, label="place", name=mention.text)
        return self._common_ground(token) if mention.label == "organization" else None

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
                same = whole is None or (whole.label == "place" and whole.end == before.i + 1)
                whole = whole or self.nameless(before)
                return replace(whole, start=token.i, end=token.i + 1) if same else None
        return None

    def _unknown_name(self, token: Token, *, sure: bool) -> Mention | None:
        """Return a name that the pipeline missed."""
        if not looks_like_name(token):
            return None
        start, end = token.i, token.i + 1
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

    def nameless(self, token: Token) -> Mention:
        """Return a place by its description: "presidential palace", "the base at Homs"."""
        first, end = self._start_of(token, but="det"), token.i + 1
        if end + 1 < token.sent.end and self.doc[end].lower_ in _SITED:
            where = self.at.get(end + 1)
            named = where is not None and where.label == "place" and not where.generic
            end = where.end if where is not None and named else end
        return Mention(first, end, self.doc[first:end].text, "place", generic=True)

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
            if mention.label == "person" and _are_people(token):
                mention = replace(mention, label="group")
            return self._bearer(mention)
        if (counted := self._counted(token)) is not None:
            return self.actor(counted)
        found = self._members_of(token) or self._person(token) or self._told(token)
        if found is None and token.lower_ in _PRONOUNS:
            one = pronouns.actor(self, token)
            found = None if one is None or _opposes(token, one) else _standing_in(one, token)
        if found is not None:
            return found
        start = self._start_of(token)
        return Mention(
            start, token.i + 1, self.doc[start : token.i + 1].text, "group", generic=True
        )

    def _start_of(self, token: Token, *, but: str = "") -> int:
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

    def _bearer(self, mention: Mention) -> Mention:
        """Return the person of "Democrat Lena Okafor", Hamas of "Islamist group Hamas"."""
        last = self.doc[mention.end - 1].lower_
        if last in _VAGUE and not mention.subject and (named := self._named_beside(mention.end)):
            return named
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
                    return self._with_members(inner, token)
        return None

    def _told(self, token: Token) -> Mention | None:
        """Return the militia of "a third force, the Nuba militia", M23 of "the rebel group M23"."""
        if token.lower_ not in _VAGUE:
            return None
        if (beside := self._named_beside(token.i + 1)) is not None:
            return beside
        for child in token.rights:
            denied = any(word.lower_ == "not" for word in child.lefts)
            if child.dep_ == "appos" and child.lower_ in armed_words() and not denied:
                return self.actor(child)
        return None

    def _named_beside(self, index: int) -> Mention | None:
        """Return the force whose name begins at a token."""
        beside = self.at.get(index)
        if beside is None or beside.start != index:
            return None
        return beside if beside.label in {"organization", "group"} else None

    def _with_members(self, owner: Mention, token: Token) -> Mention:
        """Return "Somali troops" for those who are named by their country only."""
        first = self.doc[owner.start]
        people = owner.label == "group" or owner.text in demonyms()
        if owner.subject or not people or owner.end > token.i:
            return owner
        if first.dep_ not in {"amod", "compound"}:
            return owner
        start = min(owner.start, self._start_of(token))
        while self.doc[start].tag_ == "DT":
            start += 1
        phrase = self.doc[start : token.i + 1].text
        return replace(owner, start=start, end=token.i + 1, text=phrase, name=phrase)

    def _person(self, token: Token) -> Mention | None:
        """Return the person of "the prime minister, Lena Okafor"."""
        lists = word_lists()
        held = token.lower_ in lists["titles"] | lists["offices"]
        if token.dep_ == "appos" and held:
            # "Mohamed Morsi, the president whom the army overthrew"
            above = self.at.get(token.head.i)
            if above is not None and above.label == "person":
                return above
        for child in token.children:
            inner = self.at.get(child.i)
            if inner and inner.label == "place" and child.dep_ == "appos" and held:
                # a name of a person that was taken for a place
                inner = replace(inner, label="person")
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

    def _counted(self, token: Token) -> Token | None:
        """Return the garrison of "half of the garrison", the rebels of "a column of rebels"."""
        lists = word_lists()
        crowd = token.lower_ in lists["measures"] | _CROWDS
        for child in token.children:
            armed = child.lower_ in armed_words() or self._is_force(child)
            share = token.lower_ in lists["portions"] or (crowd and armed)
            if share and preposition(child) == "of":
                return child
        return None

    def _is_force(self, token: Token) -> bool:
        mention = self.at.get(token.i)
        return mention is not None and mention.label in {"organization", "group"}

    def modifier(self, token: Token) -> Mention:
        """Return whom the first half of "rebel-held" means; it stands for itself alone."""
        mention = self.at.get(token.i)
        if mention is not None and mention.subject is not None:
            return mention
        return Mention(token.i, token.i + 1, token.text, "group", generic=True)


def _opposes(token: Token, antecedent: Mention) -> bool:
    """Tell "the rebel group" from the army that was named before it."""
    lists = word_lists()
    rebel = any(child.lower_ in lists["opposition"] | lists["rebels"] for child in token.lefts)
    return rebel and antecedent.text.split()[-1].lower() in lists["state_members"]


def _is_where(token: Token) -> bool:
    """Tell the town of "moved into Kisoro" and "the siege of Kisoro" from a person."""
    words = preposition(token)
    return words in _INTO or (words == "of" and token.head.lower_ in _OF_PLACES)


def _standing_in(antecedent: Mention, token: Token) -> Mention:
    """Return a mention of what a word stands for, where the word stands."""
    name = antecedent.name or antecedent.text
    return replace(antecedent, start=token.i, end=token.i + 1, text=token.text, name=name)


def _are_people(token: Token) -> bool:
    """Tell "the Houthis" from a person; no first names stand before them."""
    return token.tag_ == "NNPS" or [child.lower_ for child in token.lefts] == ["the"]


def _is_listed(token: Token) -> bool:
    return any(child.dep_ == "cc" for child in token.children)
