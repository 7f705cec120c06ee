"""What a stretch of text is as a text: a scenario, a rumour laid to rest, a look back.

These are turns of phrase that reach over whole sentences, where parsers err most; they are read
off the order of the words, and only ever make of an event less than its clause says.
"""

from __future__ import annotations

import re

from spacy.tokens import Doc, Span, Token

_TITLE = re.compile(
    r"^(?:\w+ ){0,3}(?:scenarios|futures|outcomes|endings)\b|\bscenarios? for\b|\bworst[- ]case\b"
    r"|^what if\b|\bwhat happens if\b|^how .*\b(?:could|might|may) (?:end|play out|unfold)\b"
    r"|^(?:what|where) .*\b(?:could|might) (?:come|happen|go|look)\b",
    re.IGNORECASE,
)
_ORDINAL = r"(?:first|second|third|fourth|fifth|sixth|last|final|next|best|worst|other|darkest)"
#: "TV review: …", "Film: …", "Novel about war …", "a thriller set in …"
_GENRE = r"(?:films?|movies?|novels?|books?|dramas?|plays?|thrillers?|series|documentar(?:y|ies)|memoirs?)"
_FICTION = re.compile(
    rf"^(?:[\w-]+ )?reviews?\s*[:|\u2013\u2014-]|\b(?:film|movie|book|tv|theatre|theater|game|album) review\b|^{_GENRE}(?: of the week)?\s*[:|]"
    rf"|\b{_GENRE} (?:about|set in|set during|tells|follows|turns|recounts|recreates|imagines)\b"
    r"|\bin (?:a |the )?(?:new |debut |latest )?(?:film|movie|novel|drama|thriller)\b",
    re.IGNORECASE,
)
_KIND = r"(?:case|scenario|option|future|outcome|variant|version|ending|possibility)"
_IN_SCENARIO = re.compile(
    rf"^\W*(?:in|under|on) (?:(?:the|a|an|one|another|this|that) )(?:\w+ )?(?:{_ORDINAL}"
    rf"(?: {_KIND})?|{_KIND}),"
    rf"|^\W*(?:the )?(?:\w+ )?{_KIND}(?: \w+)? ?[:\u2013\u2014-]",
    re.IGNORECASE,
)
_TOLD = (
    r"(?:rumou?rs?|reports?|claims?|stor(?:y|ies)|speculation|suggestions?|allegations?|news"
    r"|theory|theories|idea|notion|statements?)"
)
#: "should the protests bring him down": a condition without "if"
_SHOULD = re.compile(
    r"\bshould (?:the|a|an|they|it|he|she|we|this|that|these|any|[A-Z]\w+)\b[^,.;:]*$"
)
_UNPROVEN = re.compile(
    rf"\b(?:no (?:truth|evidence|proof|substance|basis|confirmation)|nothing)\b(?: \w+){{0,3}} "
    rf"(?:that|{_TOLD})\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    rf"\b{_TOLD}\b(?: \w+){{0,2}} (?:that|of|about)\b"
    rf"|\b(?:{_TOLD}|(?:articles?|broadcasts?|clips?|documents?|images?|leaflets?|letters?|messages?|notices?"
    r"|photos?|pictures?|posts?|recordings?|tweets?|videos?))\b[^.;:]*?"
    r"\b(?:alleging|announcing|claiming|declaring|purporting to show|said to show|saying|showing|stating|suggesting)\b",
    re.IGNORECASE,
)
_UNTRUE = re.compile(
    r"\b(?:(?:turned out|proved|proven|shown|found)(?: later)?(?: to (?:be|have been))?(?: (?!not\b|never\b)\w+){0,4}?"
    r"|(?:is|are|was|were|been)(?: later)?(?: \w+ly)?) (?:false|untrue|wrong|incorrect|inaccurate|baseless|unfounded|bogus|fake|a hoax"
    r"|mistaken|erroneous|premature|fabricated|invented)\b",
    re.IGNORECASE,
)
#: "nearly two years before he was elected": what it dates from is long known
_LONG_SINCE = re.compile(
    r"\b(?:months?|years?|decades?|centur(?:y|ies)) (?:before|after|since)\b[^,;]*$", re.IGNORECASE
)
#: a death in the family dates the rise of an heir, which nobody reports as news without a date
_SUCCEEDED = re.compile(
    r"\b(?:after|on|upon|following) (?:the )?(?:death|overthrow) of (?:his|her|their)\b"
    r"|\b(?:after|when) (?:his|her|their) (?:father|mother|brother|uncle|predecessor)\b",
    re.IGNORECASE,
)
_WANTED = re.compile(
    r"\b(?:demand\w*|urg(?:e|es|ed|ing)|want\w*|seek\w*|sought"
    r"|(?:call|push|press|hop|pray|campaign)\w* for|preparations? for|prepar(?:ed?|es|ing) for|braced? for|bracing for)\b(?:[ -]?[\w'\u2019.]+){1,5} ?$",
    re.IGNORECASE,
)
_ELECTED = re.compile(
    r"\bafter\b.*\b(?:conced\w+|w[io]n|winning|wins|victory|defeat\w*|beat|beating|landslide)\b",
    re.IGNORECASE,
)
_BE = frozenset({"is", "are", "was", "were", "'s", "'re"})
#: what only sports pages and film charts say; their captures and sieges are won on a pitch
_CONTEST = re.compile(
    r"\b(?:on penalties|penalty shoot-?out|hat-?tricks?|goalkeepers?|midfielders?|half-?time|kick-?off"
    r"|(?:semi|quarter)-?finals?|play-?offs?|(?:premier|champions|europa) league|league title|scoring record"
    r"|to a draw|goalless|equali[sz]er|touchdowns?|wickets?|innings|grand slam|title race|relegation"
    r"|stoppage time|box office|\d{1,3}-\d{1,3} (?:win|victory|defeat|draw|thriller))\b",
    re.IGNORECASE,
)
#: the same, said of other things too: it counts only where nobody bears arms
_GAME = re.compile(
    r"\b(?:goals?|strikers?|leagues?|cup|champions?|championships?|tournament|fixture|referee|umpire|coached"
    r"|free kick|penalt(?:y|ies)|inning|baseball|football|rugby|cricket|tennis|golf|chess|rooks?|pawns?|grandmaster"
    r"|second half|first half|top spot|batsm[ae]n|bowlers?|seeded|sevens|grocer|retailers?|supermarkets?|startup"
    r"|shareholders?|stakeholders?|market share|investors?|bourse|stocks|shares (?:fell|rose|slid)|dividends?"
    r"|box-office|album|orchestra|customers|shoppers|streaming|smartphones?|brewers?|brewery|price war|flagship|checkmate|on move \d+)\b",
    re.IGNORECASE,
)
#: "the rebels were to have taken the port by Easter": they had not
_WAS_TO_HAVE = re.compile(r"\b(?:was|were) to have(?: \w+ly)? ?$", re.IGNORECASE)
#: what opens a sentence that goes on with a story of long ago
_THEN = re.compile(
    r"^\W*(?:(?:\w+ ){1,2}(?:weeks|months|years|decades) (?:later|after that)"
    r"|(?:a|one) (?:month|year|decade) later|by then|at (?:the|that) time"
    r"|(?:that|the (?:following|next)) (?:month|year|spring|summer|autumn|winter))\b",
    re.IGNORECASE,
)
#: times told from another time in the text, not from its date
_TOLD_FROM = re.compile(
    r"\b(?:within (?:a|two|three|four|five|six|\d+|several) (?:weeks?|months?|years?)"
    r"|(?:weeks|months|years|a (?:month|year)|decades) later|by then|at (?:the|that) time"
    r"|in those (?:days|months|years)|that (?:year|summer|autumn|winter|spring)"
    r"|the (?:following|next) (?:month|year|spring|summer|autumn|winter))\b",
    re.IGNORECASE,
)


def is_fiction(title: str) -> bool:
    """Tell whether a title announces a work of fiction or its review, and no news of its makers."""
    return _FICTION.search(title) is not None


def is_scenario(title: str) -> bool:
    """Tell whether a title announces what might happen: "Three scenarios for the coast"."""
    return _TITLE.search(title) is not None


def is_imagined(trigger: Token, *, scenario: bool) -> bool:
    """Tell whether an event in the present tense is told of a future that somebody imagines.

    Args:
        trigger: the word of the event.
        scenario: the article's title announces scenarios.
    """
    if not _is_present(trigger):
        return False
    return scenario or _IN_SCENARIO.search(trigger.sent.text) is not None


def is_open(trigger: Token) -> bool:
    """Tell one of two choices ("quits or is overthrown"), and conditions that begin with should."""
    doc, sentence = trigger.doc, trigger.sent
    behind = doc[trigger.i + 1 : min(trigger.i + 2, sentence.end)]
    before = doc[max(trigger.i - 2, sentence.start) : trigger.i]
    verb = trigger.tag_.startswith("VB")
    if verb and any(token.lower_ == "or" for token in (*behind, *before)):
        return True
    return _SHOULD.search(_around(sentence, trigger)[0]) is not None


def is_wanted(trigger: Token) -> bool:
    """Tell what somebody asks for: "crowds demanding the king's resignation", a plan at most.

    Also "their aim is to join the council and overthrow him", however the verbs were joined.
    """
    if trigger.tag_.startswith("NN"):
        return _WANTED.search(_around(trigger.sent, trigger)[0]) is not None
    if trigger.tag_ not in {"VB", "VBP"} or trigger.i == trigger.sent.start:
        return False
    if any(child.dep_.startswith(("nsubj", "aux")) for child in trigger.children):
        return False
    if trigger.dep_ == "conj" and any(one.lower_ == "to" for one in trigger.head.lefts):
        # "were able to break the siege and take the town": joined rightly, and weighed with the first
        return False
    before = trigger.doc[trigger.sent.start : trigger.i]
    joined = before[-1].lower_ in {"and", "or", ","}
    return joined and any(
        token.lower_ == "to" and token.i + 1 < trigger.i and token.nbor().tag_ == "VB"
        for token in before
    )


def is_elect(trigger: Token) -> bool:
    """Tell "is set to become president after her rival conceded": elected, not yet in office."""
    sentence = trigger.sent
    return _ELECTED.search(sentence.doc[trigger.i + 1 : sentence.end].text) is not None


def is_laid_to_rest(trigger: Token) -> bool:
    """Tell "there is no truth to rumours that ..." and "reports that ... turned out to be false"."""
    sentence = trigger.sent
    before, after = _around(sentence, trigger)
    if (unproven := _UNPROVEN.search(before)) is not None:
        return "," not in before[unproven.end() :]
    told = _ABOUT.search(before)
    return (
        told is not None and _UNTRUE.search(after) is not None and "," not in before[told.end() :]
    )


def is_contest(trigger: Token) -> bool:
    """Tell a sentence of sport or show business: "Liverpool overrun Villa", with a final in it."""
    return _CONTEST.search(trigger.sent.text) is not None


def is_game(trigger: Token) -> bool:
    """Tell a sentence of sport, shares or shops by words that texts about war have, too."""
    return _GAME.search(trigger.sent.text) is not None


def is_under_way(trigger: Token) -> bool:
    """Tell "is falling to the rebels" and "are taking control", which is not yet done."""
    verb = trigger if trigger.tag_.startswith("VB") else trigger.head
    return verb.tag_ == "VBG" and any(
        child.dep_ == "aux" and child.lower_ in _BE for child in verb.children
    )


def never_came(trigger: Token) -> bool:
    """Tell "was to have fallen": a plan of the past, named because nothing came of it."""
    return _WAS_TO_HAVE.search(_around(trigger.sent, trigger)[0]) is not None


def is_told_from_afar(trigger: Token) -> bool:
    """Tell what continues a story of the past, or is only what something else is dated from.

    "Within a month the army had retaken it." "A year before she was elected, she said ..."
    """
    before, after = _around(trigger.sent, trigger)
    if _LONG_SINCE.search(before) or _SUCCEEDED.search(after):
        return True
    if trigger.tag_ in {"VBD", "VBN"} and _is_narrated(trigger) and _THEN.search(trigger.sent.text):
        return True
    had = any(child.lower_ in {"had", "'d"} and child.i < trigger.i for child in trigger.children)
    if not had or trigger.tag_ != "VBN":
        return False
    return _TOLD_FROM.search(f"{before} | {after}") is not None


def _is_narrated(verb: Token) -> bool:
    """Tell a verb in the simple past."""
    helpers = {child.lower_ for child in verb.children if child.dep_.startswith("aux")}
    return helpers <= {"was", "were", "did"} and (verb.tag_ == "VBD" or bool(helpers))


def _around(sentence: Span, trigger: Token) -> tuple[str, str]:
    doc: Doc = trigger.doc
    return doc[sentence.start : trigger.i].text, doc[trigger.i + 1 : sentence.end].text


def _is_present(trigger: Token) -> bool:
    """Tell the present tense; the ending decides, for taggers confuse "quits" and "quit"."""
    if trigger.tag_ in {"VBD", "VBN", "VBG"} and not trigger.lower_.endswith("s"):
        return False
    return not any(child.lower_ in {"had", "has", "have"} for child in trigger.children)
