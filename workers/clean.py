"""From a feed's HTML to the sentences of the news, without what surrounds them.

What credits a wire agency ("BEIRUT (Reuters) -", "Reporting by") leaves the text but is kept, as
:attr:`Cleaned.credit`. Nothing is cut from the middle of a sentence. ``clean`` is idempotent.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

#: passes after which cleaning has settled; each pass can uncover one more layer of noise
PASSES = 6

_BLOCKS = "p, div, br, li, ul, ol, h1, h2, h3, h4, h5, h6, tr, blockquote, section, article"
_NOISE = (
    "script, style, noscript, iframe, figure, figcaption, svg, form, button, nav, aside, template"
)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_SPACE = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\x00-\x08\x0b-\x1f\x7f]")
_MARKUP = re.compile(rf"[<&]|{_INVISIBLE.pattern}")

_LABEL = re.compile(
    r"^(?:[\[(](?:LIVE|Live|VIDEO|Video|WATCH|Watch|PHOTOS?|Photos?|UPDATED?|Updated?|BREAKING|Breaking)[\])]"
    r"|#(?:BREAKING|Breaking|LIVE|Live|URGENT)\b[:|\u2013\u2014-]?)\s*(?=\S)"
    r"|^\W*(?:(?:LIVE|Live|BREAKING|Breaking|UPDATED?|Updated?|WATCH|Watch|VIDEO|Video|PHOTOS?|Photos?"
    r"|IN PICTURES|In pictures|EXCLUSIVE|Exclusive|JUST IN|URGENT|ALERT|WRAPUP|REFILE|CORRECTED"
    r"|RECAST|LEAD|FLASH)(?: (?:NEWS|[Nn]ews|UPDATES?|[Uu]pdates?|BLOG|[Bb]log|LIVE|[Ll]ive))?(?: \d+)?\s*[:|\u2013\u2014-]"
    r"|(?:Opinion|OPINION|Analysis|ANALYSIS|Explainer|Editorial|Letters?)\s*[|:])\s*(?=\S)"
)
#: "... - live updates", "... (VIDEO)": what hangs on a title as a label
_AFTER_TITLE = re.compile(
    r"\s+(?:[-\u2013\u2014|]\s*(?:live(?: updates?| blog)?|as it happened|video|watch|in pictures|photos)"
    r"|[(\[](?:video|watch|photos?|pictures|updated?|live|with video)[)\]])\s*$",
    re.IGNORECASE,
)
_PUBLISHER = re.compile(
    r"\s+(?:[|\u00b7\u2022]\s*|[-\u2013\u2014]\s+)(?P<name>[^|\u00b7\u2022\u2013\u2014-][^|\u00b7\u2022\u2013\u2014]{1,38})$"
)
_OUTLET = re.compile(
    r"\b(?:News|Times|Post|Guardian|Reuters|AP|AFP|BBC|CNN|Herald|Tribune|Journal|Gazette|Daily|Mail"
    r"|Telegraph|Independent|Observer|Wire|Press|Today|Chronicle|Courier|Review|Standard|Express"
    r"|Online|TV|Radio|Jazeera|NPR|ABC|CBS|NBC|Sky|World news|Agency|Network|Media)\b|\.(?:com|org|net)$"
)
_AGENCY = r"(?:[A-Z][\w.&'\u2019/-]*)(?: (?:[A-Z][\w.&'\u2019/-]*|de|of|and|the)){0,4}"
_DASH = r"[-\u2013\u2014]{1,2}"
_DATELINE = re.compile(
    rf"^(?:(?P<place>[A-Z][\w.'\u2019-]*(?:[ /][A-Z][\w.'\u2019-]*){{0,3}}(?:, [A-Z][\w. '\u2019-]{{1,30}})?"
    rf"(?:, \w+\.? \d{{1,2}})?),?\s+)?\((?P<agency>{_AGENCY})\)\s*(?:{_DASH}|:)\s*(?=\S)"
)
_PLAIN_DATELINE = re.compile(
    rf"^[A-Z][A-Z.'\u2019-]+(?:[ /][A-Z.'\u2019-]+){{0,3}}(?:, [A-Z][\w. ]{{1,25}})?\s+{_DASH}\s+(?=\S)"
)
_CREDITS = (
    re.compile(
        rf"\s*[(\[](?P<agency>Reuters|AP|AFP|dpa|DPA|TASS|ANI|PTI|UPI|EFE|ANSA|Xinhua|{_AGENCY} Wire)[)\]]\.?\s*$"
    ),
    re.compile(
        r"^(?:With (?:reporting|inputs?|additional reporting|files) (?:by|from)) (?P<agency>[^.]+)\.?$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^[(\[]?(?:Additional )?(?:Reporting|Writing|Editing) by (?P<people>.{1,160}?)\.?[)\]]?$",
        re.IGNORECASE,
    ),
    re.compile(rf"^(?P<agency>{_AGENCY}) contributed to this (?:report|story|article)\.?$"),
    re.compile(
        rf"(?:^|(?<=[.!?])\s+)This (?:report|story|article) (?:was|is) (?:first |originally )?(?:produced|published|written|provided) by (?P<agency>{_AGENCY})\.?$"
    ),
    # "The city fell. \u2014 AFP", or on a line of its own
    re.compile(rf"(?:(?<=[.!?\u201d\"])\s+|^){_DASH}\s?(?P<agency>{_AGENCY})\.?$"),
    re.compile(r"^[(\[]?[Ww]ith (?P<agency>(?:news )?agencies)[)\]]?\.?$"),
)
_NOISE_LINE = re.compile(
    r"^(?:\W*(?i:Read|Find out|Learn|See|Watch) (?i:more|also|the full)\b.{0,160}"
    r"|(?i:Related|More on this|Also read)\b[^:]{0,40}:.{0,200}"
    r"|FILE(?: PHOTO)?\s?[:\u2013\u2014-].{0,300}|Image (?:caption|source)\b.{0,200}"
    r"|.{0,240}\b(?:Photograph|Photo|Picture|Image)s?(?: by)?: [A-Z].{2,60}"
    r"|(?:\d{1,2}[:.]\d{2} ?(?:[AaPp]\.?[Mm]\.?)?,? ?)?(?:[A-Z]{3,4},? )?(?:\w+ )?\d{1,2}(?:st|nd|rd|th)?,? \w+,? \d{4}(?:,? (?:at )?\d{1,2}[:.]\d{2})?(?: ?[AaPp][Mm])?(?: [A-Z]{3,4})?"
    r"|[\w'\u2019. -]{2,60}\b(?:correspondent|editor|reporter|staff writer)s?(?: in [A-Z]\w+(?: [A-Z]\w+)?)?"
    r"|Continue reading\b.{0,80}|Read (?:on|next)\b.{0,60}|Sign up\b.{0,160}|Subscribe\b.{0,160}"
    r"|Follow us\b.{0,120}|Click here\b.{0,120}|Share this\b.{0,80}|Related(?: stories| articles)?:.{0,200}"
    r"|Advertisement|Most (?:read|viewed)\b.{0,60}|Listen to (?:this|the|our)\b.{0,100}"
    r"|The post .{1,250} (?:first )?appeared first on .{1,80}"
    r"|(?:Photo(?:graph)?s?|Image|Picture|Video|Credit|File photo|Caption)\s*(?:credit|by|:).{0,200}"
    r"|.{0,200}(?:\((?:Photo|Image|Picture)[^()]{0,80}\)|/(?:Getty Images|AP Photo|AFP|Reuters))\.?"
    r"|(?:\u00a9|Copyright).{0,160}|(?:Last )?(?:Updated|Published)(?: on| at)?:?\s.{0,40}\d.{0,30}"
    r"|All rights reserved.{0,60}|Comments?|\d+ comments?|Share|Tweet|\[?(?:\u2026|\.\.\.)\]?"
    r"|[Bb]y [A-Z][\w.'\u2019-]+(?: (?:and )?[A-Z][\w.'\u2019-]+){1,6}(?:, [A-Z][\w ]{1,40})?)$"
)
_TRAILING_NOISE = re.compile(
    r"\s*(?:(?:\u2026|\.\.\.)?\s*Read (?:more|the full story|full story)(?: at| on)?[^.]{0,60}|Continue reading(?:[^.]{0,60})|The post .{1,250} (?:first )?"
    r"appeared first on [^.]{1,60}\.?|\[(?:\u2026|\.\.\.)\]|\[&#8230;\])\s*(?:\.\.\.|\u2026)?\s*$"
)
#: "10:12 GMT Rebels ...": the clock of a live page
CLOCK = re.compile(
    r"^\d{1,2}[:.]\d{2}(?: ?[AaPp]\.?[Mm]\.?)?(?: (?:GMT|UTC|[A-Z]{2,4}T))?\s*[:|\u2013\u2014-]?\s+(?=[A-Z\u201c\"])"
)
_BYLINE = re.compile(
    r"^(?:By|BY) [A-Z][\w.'\u2019-]+ [A-Z][\w.'\u2019-]+(?:, [A-Z]\w+)? [-|\u2013\u2014] (?=\S)"
)
#: a heading over other stories: the lines under it that are no sentences are their titles
_OTHER_STORIES = re.compile(
    r"^\W*(?:also in the news|more on this(?: story)?|more (?:from|news|stories|headlines)\b.{0,40}|related"
    r"(?: stories| articles| news| topics)?|other (?:news|stories|headlines)|top (?:stories|headlines)"
    r"|read next|recommended|most read|in other news|elsewhere|today's headlines)\W*$",
    re.IGNORECASE,
)
_DASHED = re.compile(r"^\s*[-\u2013] (?=[A-Z])")
_BULLET = re.compile(r"^\s*(?:[\u2022\u25aa\u25cf\u25e6\u2023*\u00bb\u25ba]|->)\s*")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An item's title and text as sentences; ``credit`` is the agency it names, as written."""

    title: str
    text: str
    credit: str | None = None


def clean(title: str, text: str) -> Cleaned:
    """Return the news of an item, plain and without noise.

    Args:
        title: the headline, HTML or not.
        text: the description or body, HTML or not.
    """
    credit: str | None = None
    headline = _SPACE.sub(" ", _plain(title).replace("\n", " ")).strip()
    lines = _plain(text)
    for _ in range(PASSES):
        before = headline, lines
        headline = _bare_title(headline)
        lines, found = _bare_text(lines)
        credit = credit or found
        if (headline, lines) == before:
            break
    return Cleaned(headline, lines, credit)


def is_plain(text: str) -> bool:
    """Tell a text without tags, entities and invisible letters, which may part or hide a word."""
    return _MARKUP.search(text) is None


def _plain(markup: str) -> str:
    """Return the text of HTML, one line a block; entities may be escaped twice, as feeds do."""
    text = markup
    for _ in range(PASSES):
        before = text
        if _TAG.search(text):
            text = _without_tags(text)
        if "&" in text:
            text = html.unescape(text)
        if text == before:
            break
    text = _INVISIBLE.sub("", text.replace("\r", "\n"))
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _without_tags(markup: str) -> str:
    tree = LexborHTMLParser(markup)
    for node in tree.css(_NOISE):
        node.decompose()
    for node in tree.css(_BLOCKS):
        node.insert_before("\n")
        if node.tag == "li":
            node.insert_before("\u2022 ")
        node.insert_after("\n")
    return tree.body.text() if tree.body is not None else ""


def _bare_title(title: str) -> str:
    bare = _AFTER_TITLE.sub("", _LABEL.sub("", title))
    match = _PUBLISHER.search(bare)
    if match is not None and len(bare[: match.start()].split()) > 2:  # noqa: PLR2004 — a headline is longer than a name
        separator = bare[match.start() : match.start("name")].strip()
        if separator in {"|", "\u00b7", "\u2022"} or _OUTLET.search(match["name"]):
            bare = bare[: match.start()]
    return bare.strip()


def _bare_text(text: str) -> tuple[str, str | None]:
    """Return the text without noise, and the agency that it credits."""
    credit: str | None = None
    kept: list[str] = []
    for line in _without_lists(text.split("\n")):
        if _NOISE_LINE.match(line.strip()):
            continue
        bare = CLOCK.sub("", _BYLINE.sub("", _LABEL.sub("", line)))
        dateline = _DATELINE.match(bare)
        if dateline is not None:
            credit = credit or dateline["agency"]
            bare = bare[dateline.end() :]
        bare = _PLAIN_DATELINE.sub("", bare, count=1)
        for pattern in _CREDITS:
            found = pattern.search(bare)
            if found is not None:
                credit = credit or (found.groupdict().get("agency") or "").rstrip(".") or None
                bare = bare[: found.start()]
        bare = _TRAILING_NOISE.sub("", bare)
        if bare.strip() and not _NOISE_LINE.match(bare.strip()):
            kept.append(bare.strip())
    return "\n".join(kept), credit


def _without_lists(lines: list[str]) -> list[str]:
    """Drop lists of other stories' headlines; a bullet that is a whole sentence stays, unmarked."""
    kept = []
    others = False
    # one dash alone may lead to a credit
    dashed = sum(_DASHED.match(line) is not None for line in lines) > 1
    for line in lines:
        others = _OTHER_STORIES.match(line) is not None or (others and not _is_sentence(line))
        bare = _BULLET.sub("", line)
        bare = _DASHED.sub("", bare) if dashed else bare
        if not others and (bare == line or _is_sentence(bare)):
            kept.append(bare)
    return kept


def _is_sentence(line: str) -> bool:
    return line.endswith((".", "!", ".\u201d", '."'))
