"""What is told of the past or of fiction: history that its own clause does not date.

An undated event belongs to the scene that was set before it: by the title ("December 2016: how
the city fell"), by the sentence's heading ("1975: ..."), or by a dated sentence of its paragraph.
The scene ends where the text returns to the present: a present tense, a recent day, a quoted word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from spacy.tokens import Doc, Span, Token

from monitor.records import Article
from workers.chronology import Calendar, heading
from workers.factuality import SPEECH, cues
from workers.frames import is_fiction
from workers.roles import Event
from workers.syntax import is_perfect
from workers.timing import own_words, when
from workers.words import word_lists

_UNIT = r"(?:weeks?|months?|years?|decades?|centur(?:y|ies))"
#: titles of articles about the past, whatever their tense
_ABOUT_THE_PAST = re.compile(
    r"\bon this day\b|\bthis day in\b|\btime-?line\b|\banniversar(?:y|ies)\b|\bobituary\b"
    r"|\b(?:\w+) (?:years|decades) (?:on|ago|later|since|after)\b|\b(?:a|one) (?:year|decade) (?:on|ago|after)\b"
    r"|\b(?:dies|dead|died)(?:,)? (?:aged|at(?: age)?) \d+\b|\blook(?:ing)? back\b|\bremember(?:ing|s|ed)\b"
    r"|\b(?:a )?(?:brief |short )?history of\b|\bfrom the archives?\b|^flashback\b|\bretrospective\b",
    re.IGNORECASE,
)
#: titles of what happened long ago, told in the present
_SAME_DAY = re.compile(r"\b(?:on this day|this day in|ago today)\b", re.IGNORECASE)
#: titles that tell how or why something came about, not that it did
_LOOKS_BACK = re.compile(
    r"^(?:how|what|why|when|where|inside|the (?:day|night|week|month|year|hour)s?)\b", re.IGNORECASE
)
_LINE_END = re.compile(r"\s*\n\s*")
_NOW = frozenset({"now", "today", "currently", "nowadays", "still", "tonight", "yesterday"})
_PRESENT = frozenset({"is", "are", "has", "have", "will", "can", "'s", "'re", "'ve"})
_MEMORY = frozenset(
    {"anniversary", "centenary", "commemoration", "memorial", "memoir", "museum", "obituary"}
)
_UPRISINGS = frozenset(
    {"coup", "invasion", "movement", "protest", "putsch", "rebellion", "revolt", "revolution"}
    | {"riot", "unrest", "uprising", "war"}
)
#: "In 'The Ridge', which opened on Friday, ..."
_IN_A_WORK = re.compile(
    r"\W*In (?:'[A-Z][^']{1,50}'|\u2018[A-Z][^\u2019]{1,50}\u2019|\"[A-Z][^\"]{1,50}\"|\u201c[A-Z][^\u201d]{1,50}\u201d)(?:,|\W*\()"
)
_MOCK = frozenset({"fictional", "imaginary", "mock", "simulated"})
_REMEMBERS = frozenset({"commemorate", "recall", "remember"})
#: "marked the day in July when rebels took the town"
_MARKS = re.compile(
    r"\b(?:mark|commemorat|celebrat|observ|honou?r|remember|recall)\w*(?: \S+){0,4} (?:days?|moment|night|hour|date)"
    r"(?: \S+){0,4} (?:when|that|on which|in which|since)\b",
    re.IGNORECASE,
)
#: of these only what hangs on them is past: "a historian of the siege"
_OF_THE_PAST = frozenset({"documentary", "historian", "history", "play", "book"})
_AGE = r"(?:\d{1,2}|[a-z]+teen|(?:twenty|thirty|forty|fifty|sixty|seventy)(?:-[a-z]+)?|ten|eleven|twelve|nine|eight|seven|six)"
_AGED_WHEN = re.compile(
    rf"\b(?:was|were)(?: (?:aged )?{_AGE}(?: years? old)?| an? (?:young )?(?:baby|child|boy|girl|pupil"
    r"|student|teenager|schoolboy|schoolgirl|cadet|recruit|(?<=young )\w+)) when\b",
    re.IGNORECASE,
)
_BYGONE = frozenset({"former", "late", "ex", "erstwhile", "onetime"})
#: wars that are over: "World War II", "the Six-Day War", "the 1967 war", "in that war"
_OLD_WAR = re.compile(
    r"\bWorld Wars? (?:One|Two|I{1,2}|1|2)\b|\b(?:First|Second) World War\b|\b(?:Six-Day|Yom Kippur) War\b"
    r"|\b(?:Spanish|American|English|Lebanese) Civil War\b|\bBoxer Rebellion\b|\bWars? of Independence\b"
    r"|\b(?:First|Second) (?:Gulf|Chechen|Congo|Balkan|Boer|Sudanese) War\b"
    r"|\b(?:[Ii]n|[Dd]uring|throughout|of) (?:that|those) (?:wars?|conflicts?|uprisings?|years|days)\b"
)
#: the same, wherever a sentence has it
_WAR_OF = re.compile(
    r"\b(?:[Ii]n|[Dd]uring) the (?P<year>1\d{3}|20\d\d) (?:[\w-]+ ){0,3}(?:[Ww]ar|invasion)\b"
)
_FOR_YEARS = re.compile(rf"\bfor (?:\w+ ){{0,2}}{_UNIT}\b", re.IGNORECASE)
#: "Ten years on she runs a clinic there": what was told before is as long ago
_YEARS_ON = re.compile(
    r"^\W*(?:(?:almost|nearly|some|more than|over) )?[\w-]+ (?:years|decades) (?:on|later|afterwards?),? (?:he|she|they|we|I)\b"
)
#: words that may stand between a work and the colon of what happens in it: "War game: ..."
_LABEL = 4


def looks_back(title: str) -> bool:
    """Tell titles of how something came about, whose time the text's first sentence tells."""
    return _LOOKS_BACK.search(title) is not None


def place_in_time(doc: Doc, events: Sequence[Event], text: str, article: Article) -> None:
    """Mark as history, in place, the events that their scene makes history.

    Args:
        doc: the parsed article.
        events: its events, with the times of their own clauses.
        text: what was parsed, with its line ends.
        article: where it is from.
    """
    if not events:
        return
    published = article.published
    lines = [0, *(found.end() for found in _LINE_END.finditer(text) if found.start())]
    end_of_title = lines[1] if len(lines) > 1 else len(text) + 1
    title_end = sum(token.idx < end_of_title for token in doc) if article.title.strip() else 0
    of_sentence: dict[int, list[Event]] = {}
    for event in events:
        of_sentence.setdefault(event.sentence[0], []).append(event)
    sentences = [sentence for sentence in doc.sents if sentence.text.strip()]
    fiction = "fiction" if is_fiction(article.title) else None
    essay = _is_essay(doc[:title_end], published)
    first = next((one for one in sentences if one.start >= title_end), None)
    opens_past = first is not None and _setting(first, published) == "past"
    since = max((one.start for one in sentences if _is_years_on(one)), default=0)
    scene, last = essay, 0
    calendar = Calendar(published)
    final = max(of_sentence)
    for sentence in sentences:
        if sentence.start > final:
            return
        titled = sentence.start < title_end
        if titled:
            scene = essay or (opens_past and looks_back(sentence.text))
        elif any(last < line <= sentence.start_char for line in lines):
            scene, calendar = essay, Calendar(published)
        last = sentence.start_char
        setting = _setting(sentence, published)
        if not titled and setting is not None and not (essay and setting == "tense"):
            scene = setting == "past"
        inside = of_sentence.get(sentence.start, ())
        calendar.date(sentence, inside, returns=setting == "present")
        for event in inside:
            dated_scene = scene and event.time is None
            event.past = _past(doc, event, events, published, titled=titled, scene=dated_scene)
            told_since = event.time is None and sentence.start < since
            event.past = event.past or ("its scene" if told_since else fiction)
            event.history = event.past is not None


def _past(
    doc: Doc,
    event: Event,
    events: Sequence[Event],
    published: datetime,
    *,
    titled: bool,
    scene: bool,
) -> str | None:
    """Return why an event is past, if it is."""
    trigger = doc[event.trigger[0]]
    undated = event.time is None
    recalled = event.id != "die" and (
        _is_background(trigger, titled, events) or (event.id == "oust" and _is_of_uprising(trigger))
    )
    reasons = {
        "its time": event.history,
        "its scene": scene and not _is_new(trigger, titled=titled and not _is_same_day(trigger)),
        "background": undated and recalled,
        "of old": undated and _is_of_old(event, doc, published),
        "fiction": is_fictional(trigger),
        "memory": _is_memory(trigger),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _is_same_day(trigger: Token) -> bool:
    return _SAME_DAY.search(trigger.sent.text) is not None


def _is_new(trigger: Token, *, titled: bool) -> bool:
    """Tell the tenses of news: the perfect, and in titles the present."""
    if titled and trigger.tag_ in {"VBZ", "VBP"}:
        return True
    return is_perfect(trigger)


def is_fictional(trigger: Token) -> bool:
    """Tell what happens in a film, a novel, a game or an exercise, or is only said to there."""
    works = cues().sets["fiction"]
    sentence = trigger.sent
    if _IN_A_WORK.match(sentence.text):
        return True
    for at, token in enumerate(sentence):
        if token.text == ":" and at <= _LABEL and trigger.i > token.i:
            return any(word.lemma_.lower() in works for word in sentence[:at])
    for token in (trigger, *trigger.ancestors):
        if token != trigger and token.lemma_.lower() in works:
            return True
        for child in token.children:
            name = child.lemma_.lower()
            around = child.dep_ == "obl" and _is_inside(child)
            above = child.dep_ == "nsubj" and token != trigger
            mock = around and any(one.lower_ in _MOCK for one in child.children)
            if mock or (name in works and (around or above)):
                return True
            if child.dep_.startswith("nsubj") and any(
                owner.dep_ == "nmod:poss" and owner.lemma_.lower() in works
                for owner in child.children
            ):
                return True
    return False


def _is_inside(phrase: Token) -> bool:
    return any(child.lower_ in {"in", "during", "within"} for child in phrase.children)


def _is_essay(title: Span, published: datetime) -> bool:
    """Tell a title that dates its story to the past, or announces a look back."""
    if not len(title):
        return False
    if _ABOUT_THE_PAST.search(title.text) or heading(title, published) == "past":
        return True
    return when(title.root, published).history


def _setting(sentence: Span, published: datetime) -> str | None:
    """Return whether a sentence sets its scene in the ``past`` or the ``present``, if it does.

    ``tense``: in the present by its tense alone, in which essays tell of the past, too.
    """
    root = sentence.root
    told = heading(sentence, published)
    if told is not None:
        return told
    opening = (
        child
        for child in root.children
        if child.dep_ == "advcl" and child.i < root.i and _is_meanwhile(child)
    )
    for verb in (root, *opening):
        time = when(verb, published)
        if time.text is not None:
            return "past" if time.history else "present"
    words = {token.lower_ for token in sentence}
    if words & _NOW:
        return "present"
    if root.tag_ in {"VBZ", "VBP"}:
        return "tense"
    if any(child.lower_ in _PRESENT for child in root.children if child.dep_ in {"aux", "cop"}):
        return "present"
    speech = cues().governors.get(root.lemma_.lower(), {}).get("clause") in SPEECH
    return "present" if speech else None


def _is_years_on(sentence: Span) -> bool:
    """Tell "Ten years on she runs a clinic there", in the present tense."""
    return sentence.root.tag_ in {"VBZ", "VBP"} and _YEARS_ON.match(sentence.text) is not None


def _is_meanwhile(clause: Token) -> bool:
    return any(child.lower_ in {"when", "as", "while"} for child in clause.children)


def _is_background(trigger: Token, titled: bool, events: Sequence[Event]) -> bool:  # noqa: FBT001 — where it stands
    """Tell what a sentence only recalls: of the dead, of a life, of long years before."""
    relative = any(
        token.dep_ == "acl:relcl" for token in (trigger, *trigger.ancestors)
    ) and trigger.tag_ not in {"VBZ", "VBP"}
    sentence = trigger.sent
    if relative and titled and trigger.tag_ == "VBD":
        # headlines tell news in the present: "General who took the port wins vote"
        return True
    if relative and any(
        child.lower_ in _BYGONE for one in trigger.ancestors for child in one.children
    ):
        return True
    if relative and any(
        event.id == "die" and sentence.start <= event.trigger[0] < sentence.end for event in events
    ):
        return True
    before = sentence.doc[sentence.start : trigger.i].text
    if _AGED_WHEN.search(before):
        return True
    had = any(child.lower_ == "had" and child.dep_ == "aux" for child in trigger.children)
    clause = " ".join(token.text for token in trigger.subtree)
    return had and _FOR_YEARS.search(clause) is not None


def _is_of_uprising(trigger: Token) -> bool:
    """Tell "the revolt that toppled him", by which readers know it already."""
    head = trigger.head
    return (
        trigger.dep_ == "acl:relcl"
        and trigger.tag_ == "VBD"
        and head.lemma_.lower() in _UPRISINGS
        and any(child.lower_ in {"the", "that"} and child.i < head.i for child in head.children)
        and not any(child.lower_ in {"after", "when"} for child in trigger.children)
    )


def _is_of_old(event: Event, doc: Doc, published: datetime) -> bool:
    """Tell what powers did that are no more, and what happened in a war that is over."""
    powers = word_lists()["bygone_powers"]
    for one in (event.agent, event.patient):
        if one is not None and any(word.lower_ in powers for word in doc[one.start : one.end]):
            return True
    trigger = doc[event.trigger[0]]
    if is_perfect(trigger):
        return False
    if trigger.tag_ == "VBD" and (told := _WAR_OF.search(trigger.sent.text)):
        return int(told["year"]) < published.year - 1
    wars = word_lists()["bygone_wars"]
    clause = sorted(own_words(trigger), key=lambda word: word.i)
    if any(
        word.text in {"War", "Wars"} and word.i and word.nbor(-1).lower_ in wars for word in clause
    ):
        return True
    return _OLD_WAR.search(" ".join(word.text for word in clause)) is not None


def _is_memory(trigger: Token) -> bool:
    """Tell what is remembered: on an anniversary, in memoirs, "every 30 April"."""
    lemmas = {
        token.lemma_.lower()
        for token in trigger.sent
        if token.dep_ in {"obl", "nsubj", "obj", "nmod"}
    }
    if _MARKS.search(trigger.doc[trigger.sent.start : trigger.i].text):
        return True
    if lemmas & _MEMORY or any(one.lemma_.lower() in _REMEMBERS for one in trigger.ancestors):
        return True
    return any(one.lemma_.lower() in _MEMORY | _OF_THE_PAST for one in trigger.ancestors)
