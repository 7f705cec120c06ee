"""What stands beside a clause or over a whole sentence: attributions, questions, fiction."""

from __future__ import annotations

from itertools import pairwise

from spacy.tokens import Token

from workers.factuality.answers import denier_of
from workers.factuality.clauses import (
    NOMINAL,
    has_child,
    subject_of,
)
from workers.factuality.cues import SPEECH, cues
from workers.factuality.governing import (
    lookup,
)
from workers.factuality.judgement import Judgement
from workers.factuality.quotes import quotation_around, speaker_of_quotation
from workers.factuality.speakers import mention_at, speaker_of
from workers.intervals import is_date
from workers.words import country_names, word_lists

_WH = frozenset({"why", "how", "who", "what", "when", "where", "which", "whose"})
#: "if confirmed, it would be the third": the whole sentence is open
_IF = frozenset({"confirmed", "correct", "genuine", "true", "verified"})
#: tags of what may begin a noun phrase, and of finite verbs
_OPENING = frozenset({"DT", "NNS", "NNP", "NN", "PRP$", "CD", "JJ"})
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_QUOTES = frozenset(
    "'\"\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
)
#: words on either side of one that a scare quote may hold
_FEW = 3
_ASKING = frozenset({"have", "be", "do", "will", "can", "could", "would", "may", "might", "should"})


def beside(event: Judgement, node: Token) -> None:
    """Apply attributions that stand beside a clause: ", a monitor said", "according to ..."."""
    for child in node.children:
        if child.dep_ in {"parataxis", "advcl", "ccomp", "dep"} and _is_tag(child):
            effect = lookup(child, "clause")
            speaker = speaker_of(child)
            # "as a newspaper had predicted" says no more than its clause
            foreseen = effect == "possible" and has_child(child, "as")
            if effect in {*SPEECH, "denied", "possible"} and effect is not None and not foreseen:
                event.apply(effect, child, speaker)
        elif child.dep_ in {"obl", "advcl", "nmod", "parataxis", "dep"} and any(
            c.lower_ == "according" for c in child.children
        ):
            event.apply("reported", "according to", child)
        elif child.lower_ == "according":
            speaker = next((c for c in child.children if c.pos_ in {*NOMINAL, "PRON"}), None)
            event.apply("reported", "according to", speaker)


def _is_tag(verb: Token) -> bool:
    """Tell a reporting tag (", he said") from a clause with a complement of its own."""
    if verb.pos_ not in {"VERB", "AUX"} or subject_of(verb) is None:
        return False
    marker = next((c.lower_ for c in verb.children if c.dep_ == "mark"), None)
    if marker not in {None, "as"} or (verb.dep_ == "ccomp" and verb.i < verb.head.i):
        return False
    return not any(c.dep_ in {"ccomp", "obj", "xcomp"} for c in verb.children)


def whole_sentence(event: Judgement) -> None:
    """Apply what bears on the sentence as a whole: question, headline tag, fiction, infinitive."""
    trigger = event.trigger
    sentence = trigger.sent
    lists = cues().sets
    words = [token for token in sentence if not token.is_space and not token.is_quote]
    asked = words and words[-1].text == "?" and not any(w.lower_ in _WH for w in words[:3])
    if asked and not _is_told_before(trigger, words):
        event.presumed = event.presumed and words[0].lemma_.lower() not in _ASKING
        denier = denier_of(sentence)
        event.apply("possible" if denier is None else "denied", "?", denier)
    if any(
        word.lower_ == "if" and word.i + 1 < sentence.end and word.nbor().lower_ in _IF
        for word in words
    ):
        event.presumed = False
        event.apply("possible", "if")
    for ancestor in trigger.ancestors:
        first, last = sorted((trigger.i, ancestor.i))
        if any(token.text == ";" for token in trigger.doc[first:last]):
            break
        if ancestor.lemma_.lower() in lists["fiction_verbs"]:
            event.presumed = False
            event.apply("possible", ancestor)
    if _is_scare_quoted(trigger):
        # 'Warlord "killed" by drone': somebody's word
        event.apply("claimed", "quotation marks")
    if event.attribution is None and not event.aside:
        _trailing_tag(event, words)
    if event.attribution is None and event.value in {"confirmed", "negated"}:
        _quotation(event)
    _headline_tag(event, words)


def _is_scare_quoted(trigger: Token) -> bool:
    """Tell a word in quotation marks, or a few that are no clause: "'in full control' of it"."""
    doc, sentence = trigger.doc, trigger.sent
    left, right = trigger.i, trigger.i
    while left > max(sentence.start, trigger.i - _FEW) and doc[left].text not in _QUOTES:
        left -= 1
    while right < min(sentence.end - 1, trigger.i + _FEW) and doc[right].text not in _QUOTES:
        right += 1
    inside = doc[left + 1 : right]
    quoted = doc[left].text in _QUOTES and doc[right].text in _QUOTES
    return quoted and not any(word.dep_.startswith("nsubj") for word in inside)


def _is_told_before(trigger: Token, words: list[Token]) -> bool:
    """Tell "Gao falls to rebels, Timbuktu next?", which asks of what has no verb only."""
    last = max((i for i, word in enumerate(words) if word.text == ","), default=0)
    rest = words[last + 1 :]
    finite = any(word.pos_ in {"VERB", "AUX"} for word in rest)
    return trigger.i < words[last].i and not finite and words[0].lemma_.lower() not in _ASKING


def _quotation(event: Judgement) -> None:
    """Apply that an event is told in a quotation, whose speaker may stand a sentence before."""
    span = quotation_around(event.trigger)
    if span is None:
        return
    told = speaker_of_quotation(event.trigger.doc, *span)
    event.apply("reported", "quotation marks", told[1] if told else None)


def _trailing_tag(event: Judgement, words: list[Token]) -> None:
    """Apply the attribution that closes a sentence, however its parse came out.

    ", a doctor there said.", ", residents told the paper on Monday.", ", according to two nurses."
    It covers the whole sentence, not only the clause that the parser hung it on.
    """
    quotes = sum(word.is_quote for word in words)
    commas = [i for i, word in enumerate(words) if word.text == ","]
    for at, end in reversed([*pairwise([*commas, len(words)])] if not quotes else []):
        if words[at].i < event.trigger.i:
            return
        tail = [word for word in words[at + 1 : end] if word.is_alpha]
        if not tail:
            continue
        nouns = [word for word in tail if word.pos_ in NOMINAL]
        if tail[0].lower_ == "according" and nouns:
            event.apply("reported", "according to", _speaker(nouns[0], tail))
            return
        verbs = [word for word in tail if word.pos_ in {"VERB", "AUX"}]
        if tail[-1].lower_ == "reports" and len(nouns) > 1 and not verbs and end == len(words):
            # ", Bucharest radio reports", a noun to the tagger
            event.apply("reported", tail[-1], nouns[-2])
            return
        if not verbs:
            continue
        said, effect = verbs[-1], lookup(verbs[-1], "clause")
        told = effect in SPEECH or said.lemma_.lower() in cues().sets["voiced"]
        plain = len(verbs) == 1 or any(word.tag_ == "WP" for word in tail)
        opens = bool(nouns) and nouns[0].i < said.i and tail[0].tag_ in _OPENING
        # "hours after presidents called for a truce" tells when, not who says so
        aside = any(one.dep_ == "mark" and one.lower_ != "as" for one in said.children)
        if effect is not None and told and plain and opens and said.tag_ in _FINITE and not aside:
            event.apply(effect, said, _speaker(nouns[0], tail))
            return


def _speaker(first: Token, tail: list[Token]) -> Token:
    """Return the head of the noun phrase that a noun begins: "Norway's chief mediator"."""
    while first.dep_ in {"compound", "nmod:poss"} and first.head in tail:
        first = first.head
    return first


def _headline_tag(event: Judgement, words: list[Token]) -> None:
    """Apply "...: monitor", "... - army" and "Monitor: ..." of headlines."""
    marks = [i for i, word in enumerate(words) if _parts(word)]
    for at in marks:
        before, after = words[:at], words[at + 1 :]
        tag = before if event.trigger.i > words[at].i else after
        lemmas = {w.lemma_.lower() for w in tag}
        lists = cues().sets
        sources = lists["thirds"] | lists["parties"]
        if not 0 < len(tag) <= 6 or any(  # noqa: PLR2004 — a name, not a clause
            w.pos_ in {"VERB", "AUX"} and w.lemma_.lower() not in sources for w in tag
        ):
            continue
        if lemmas & lists["no_source"]:
            continue
        if any(is_date(w.text) for w in tag):
            continue
        known = lemmas & sources
        where = any(w.ent_type_ in {"GPE", "LOC"} or w.text in country_names() for w in tag)
        if tag is before and not known and where:
            # "Myanmar: rebels bomb ...", "ROME, Georgia - ...": where, not who
            continue
        head = next(
            (w for w in reversed(tag) if w.pos_ in NOMINAL or w.lemma_.lower() in known), None
        )
        if head is None:
            continue
        # "Siege lifted - relief workers"
        people = tag is after and head.lower_ in word_lists()["persons"]
        if known or people or mention_at(head, event.mentions) is not None:
            event.apply("reported", words[at].text, head)


def _parts(mark: Token) -> bool:
    """Tell a colon, or a dash with space around it, from the hyphen of a name."""
    if mark.text == ":":
        return True
    dash = mark.text in {"-", "\N{EN DASH}", "\N{EM DASH}"}
    return dash and bool(mark.whitespace_) and mark.i > 0 and bool(mark.nbor(-1).whitespace_)
