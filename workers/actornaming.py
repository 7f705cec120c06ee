"""Which force, party or person a noun phrase names, by its head: "rebels", "his men", "the group"."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from workers import pronouns
from workers.document import Document
from workers.mentions import Mention, standing_in
from workers.syntax import preposition
from workers.words import armed_words, demonyms, word_lists

_PRONOUNS = frozenset({"they", "their", "who", "it", "its", "them", "he", "she", "him", "group"})
_ACTORS = frozenset({"person", "organization", "group", "place"})
_VAGUE = frozenset({"alliance", "coalition", "faction", "force", "forces", "front", "group", "groups",
                    "militia", "movement", "sect", "side"})  # fmt: skip
#: beside the measures of words.yaml, those who are told by whom they are made of
_CROWDS = frozenset({"band", "column", "columns", "convoy", "elements", "remnants", "thousands"})

_SEVERAL = frozenset(
    {"all", "both", "dozens", "many", "most", "others", "scores", "several", "some"}
)


class ActorNaming(Document):
    """A document that tells who a noun phrase names."""

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
            found = None if one is None or _opposes(token, one) else standing_in(one, token)
        if found is not None:
            return found
        start = self.start_of(token)
        return Mention(
            start, token.i + 1, self.doc[start : token.i + 1].text, "group", generic=True
        )

    def modifier(self, token: Token) -> Mention:
        """Return whom the first half of "rebel-held" means; it stands for itself alone."""
        mention = self.at.get(token.i)
        if mention is not None and mention.subject is not None:
            return mention
        name = token.tag_ in {"NNP", "NNPS"}
        return Mention(token.i, token.i + 1, token.text, "group", generic=not name)

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
        start = min(owner.start, self.start_of(token))
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
        # "two hundred of them"
        many = crowd or token.tag_ == "CD" or token.lower_ in _SEVERAL
        for child in token.children:
            armed = child.lower_ in armed_words() or self._is_force(child)
            share = token.lower_ in lists["portions"] or (crowd and armed)
            share = share or (many and child.lower_ == "them" and token.dep_ == "nsubj")
            if share and preposition(child) == "of":
                return child
        return None

    def _is_force(self, token: Token) -> bool:
        mention = self.at.get(token.i)
        return mention is not None and mention.label in {"organization", "group"}


def _opposes(token: Token, antecedent: Mention) -> bool:
    """Tell "the rebel group" from the army that was named before it."""
    lists = word_lists()
    rebel = any(child.lower_ in lists["opposition"] | lists["rebels"] for child in token.lefts)
    return rebel and antecedent.text.split()[-1].lower() in lists["state_members"]


def _are_people(token: Token) -> bool:
    """Tell "the Houthis" from a person; no first names stand before them."""
    return token.tag_ == "NNPS" or [child.lower_ for child in token.lefts] == ["the"]


def _is_listed(token: Token) -> bool:
    return any(child.dep_ == "cc" for child in token.children)
