"""The event whose verdict is being built, with everyone who might be speaking of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Token

from workers import pronouns
from workers.factuality.clauses import (
    noun_phrase,
    phrase_of,
)
from workers.factuality.cues import COMPOSITION, SPEECH, UNNAMED, cues
from workers.factuality.sides import country_in, country_of_speaker
from workers.factuality.speakers import mention_at, speaker_before, speaks_of_itself
from workers.mentions import Mention
from workers.naming import Text
from workers.words import demonyms

_PERSON = frozenset({"he", "she"})
_FORCE = frozenset({"they", "it"})
_RELATIONS = frozenset({"his", "her", "their"})


@dataclass(slots=True)
class Judgement:
    """The event whose verdict is being built, with everyone who might be speaking of it."""

    trigger: Token
    parties: tuple[Mention, ...]
    mentions: Sequence[Mention]
    #: ISO 3166 codes of the countries in which it may have happened
    where: frozenset[str] = frozenset()
    value: str = "confirmed"
    attribution: str | None = None
    attributed_to: Mention | None = None
    cues: list[str] = field(default_factory=list)
    #: a presupposition was met: words further out no longer bear on whether it happened
    presumed: bool = False
    #: it is told in an aside, in the writer's own words: whoever is quoted around it did not say it
    aside: bool = False
    #: negation further out no longer bears on it, modality does: "did not wait, firing at once",
    #: "did not come to take the town"
    settled: bool = False

    def apply(self, effect: str, cue: Token | str, speaker: Token | None = None) -> None:
        """Compose one effect with the verdict so far and remember the cue."""
        if effect in {"presumed", "settled", "purpose"}:
            self.presumed = self.presumed or effect == "presumed"
            self.settled = self.settled or effect != "presumed"
            effect = "planned" if effect == "purpose" else "happened"
        if effect == "happened" or self._is_beyond(effect):
            return
        if effect in SPEECH and speaker is not None:
            effect = self._told_by(speaker, effect)
        elif effect == "denied" or (self.attribution is None and _is_voiced(cue)):
            if speaker is not None:
                self._name(speaker)
            elif effect == "denied":
                self.attribution, self.attributed_to = UNNAMED, None
        if effect == "retracted":
            self.attribution = self.attributed_to = None
        self.value = COMPOSITION[effect].get(self.value, self.value)
        self.cues.append(cue if isinstance(cue, str) else cue.lower_)

    def _is_beyond(self, effect: str) -> bool:
        """Tell whether the event is out of reach of an effect."""
        if self.presumed and (self.aside or effect not in SPEECH):
            return True
        return self.settled and effect in {"negated", "failed", "denied"}

    def _name(self, speaker: Token) -> None:
        named = self._antecedent(speaker)
        self.attribution = named.name or named.text if named else phrase_of(speaker)
        if speaker.lower_ == "it" and named is None:
            # "it emerged on Friday"
            self.attribution = None
        self.attributed_to = named or mention_at(speaker, self.mentions)

    def _antecedent(self, speaker: Token) -> Mention | None:
        """Return who "he", "it" or "they" are that speak, where the text leaves one choice."""
        if speaker.lower_ not in _PERSON | _FORCE:
            return None
        text = Text(speaker.doc, self.mentions)
        if (one := pronouns.actor(text, speaker)) is not None:
            return one
        before = speaker_before(speaker)
        return None if before is None else text.actor(before)

    def _told_by(self, speaker: Token, effect: str) -> str:
        """Remember who speaks, and return what their word is worth."""
        phrase = list(noun_phrase(speaker))
        words = {token.lower_ for token in phrase}
        lists = cues().sets
        if "version" in words and words & lists["versions"]:
            return "retracted"
        doer = self.parties[0] if self.parties else None
        if doer is not None and _stands_for(speaker, doer):
            # "The officers have seized the palace, they announced"
            if self.attribution is None:
                pronoun = doer.text.lower() in _PERSON | _FORCE
                self.attribution = doer.name if pronoun and doer.name else doer.text
                self.attributed_to = doer
            return "claimed" if effect == "reported" else effect
        if self.attribution is None:
            self._name(speaker)
        named = self._antecedent(speaker)
        if named is not None and named.start != speaker.i:
            speaker = speaker.doc[named.start : named.end].root
        mention = mention_at(speaker, self.mentions)
        hearsay = speaker.lemma_.lower() in lists["hearsay"] and speaker.tag_ != "NNP"
        if hearsay or words & lists["hearsay_adjectives"]:
            return "possible"
        if effect == "reported" and self._is_party(speaker, mention):
            return "claimed"
        return effect

    def _is_party(self, speaker: Token, mention: Mention | None) -> bool:
        """Tell whether the speaker takes part in the event, or speaks for one who does."""
        known = [party.subject for party in self.parties]
        if mention is not None and mention.subject is not None:
            strangers = len(known) > 1 and None not in known
            if mention.subject in known or strangers:
                return mention.subject in known
        words = {token.lemma_.lower() for token in noun_phrase(speaker)}
        lists = cues().sets
        head = speaker.lemma_.lower()
        # "a Chadian doctor" is of no side, "Chadian officials" are
        of_people = head in lists["thirds"] - lists["state_voices"]
        whose = {token.lower_ for token in noun_phrase(speaker) if token.text in demonyms()}
        naming = words - whose if of_people else words
        stems = {_stem(word) for word in naming if len(word) > 2}  # noqa: PLR2004 — "UN" is no stem
        for party in self.parties:
            name = party.name or party.text
            if stems & {_stem(word) for word in name.lower().split() if len(word) > 3}:  # noqa: PLR2004 — skips "the"
                return True
        if self._is_outsider(speaker, words):
            return False
        own_country = self._is_of_its_country(speaker)
        if own_country is not None:
            return own_country
        if known and all(party.label == "person" for party in self.parties):
            # what a person does is no deed of an army or a government that speaks of it
            return bool(words & {"his", "her"}) or speaks_of_itself(self.trigger)
        third = head in lists["thirds"] or bool(words & lists["neutral"]) or _is_anybody(speaker)
        own = not third and speaks_of_itself(self.trigger)
        return own or bool((words - {head} if third else words) & lists["parties"])

    def _is_outsider(self, speaker: Token, words: set[str]) -> bool:
        """Tell who is of no side: "his wife", "a UN military observer", "a Ugandan officer" of Congo."""
        lists, head = cues().sets, speaker.lemma_.lower()
        neutral = words & lists["neutral"] and head in lists["parties"] | lists["thirds"]
        if neutral or (words & _RELATIONS and head in lists["kin"]):
            return True
        own = [word for word in noun_phrase(speaker) if word.text in demonyms()]
        sides = {country_in(party.text) for party in self.parties} - {None}
        if not own or not (sides or self.where) or speaks_of_itself(self.trigger):
            return False
        countries = {demonyms()[word.text] for word in own}
        return speaker.tag_ == "NN" and not countries & (sides | self.where)

    def _is_of_its_country(self, speaker: Token) -> bool | None:
        """Tell whether a speaker speaks for a country at war here, or for another; None if unclear.

        "Kyiv" of a town in Ukraine, "Hanoi radio" of Vietnamese troops; "Thai officials" of a town
        in Myanmar.
        """
        lists, head = cues().sets, speaker.lemma_.lower()
        side = country_of_speaker(speaker)
        if side is None or head in lists["thirds"] - lists["state_voices"]:
            return None
        sides = {country_in(party.text) for party in self.parties} - {None}
        if side in sides or side in self.where:
            return True
        return False if self.where and head in lists["state_voices"] else None


def _is_anybody(speaker: Token) -> bool:
    """Tell "a baggage handler", "two elders", who are of no side whatever their trade."""
    return (
        speaker.tag_ in {"NN", "NNS"}
        and speaker.lemma_.lower() not in cues().sets["parties"]
        and any(child.lower_ in {"a", "an"} or child.tag_ == "CD" for child in speaker.children)
    )


def _stands_for(speaker: Token, doer: Mention) -> bool:
    """Tell whether a pronoun may mean who was named before it."""
    pronouns = _PERSON if doer.label == "person" else _FORCE
    last = speaker.doc[doer.end - 1]
    several = speaker.lower_ == "it" and last.tag_ in {"NNS", "NNPS"}
    return speaker.lower_ in pronouns and doer.end <= speaker.i and not several


def _is_voiced(cue: Token | str) -> bool:
    """Tell a verb whose subject speaks, though what it says is a plan, a fear or a refusal."""
    return isinstance(cue, Token) and cue.lemma_.lower() in cues().sets["voiced"]


def _stem(word: str) -> str:
    return word[:5]
