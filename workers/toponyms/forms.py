"""What a written name may stand for: "Mt. Pleasant", "BEIRUT", "northern Homs", "the Neches River".

Gazetteers have names in one spelling; texts shorten, shout, and put words around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORDS = {
    "Mt.": "Mount",
    "Mt": "Mount",
    "Mts.": "Mountains",
    "St.": "Saint",
    "St": "Saint",
    "Ste.": "Sainte",
    "Ft.": "Fort",
    "Ft": "Fort",
    "Pt.": "Point",
    "Pt": "Point",
    "Co.": "County",
    "Twp.": "Township",
    "N.": "North",
    "S.": "South",
    "E.": "East",
    "W.": "West",
    "Intl": "International",
}
#: words that names write small: "Port-Au-Prince", "Sharm El-Sheikh"
_SMALL = re.compile(
    r"(?<=[ -])(?:Al|El|Au|De|Du|Des|La|Le|Ez|Es|Ed|Of|On|Upon|Of|The|And|Da|Do)(?=[ -])"
)
_SAINT = re.compile(r"\bSaint\b")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_BEFORE = re.compile(
    r"^(?:(?:the|greater|metro|metropolitan|downtown|uptown|central|inner|upper|lower|"
    r"mid|north|south|east|west|northern|southern|eastern|western|north[- ]?east(?:ern)?|"
    r"north[- ]?west(?:ern)?|south[- ]?east(?:ern)?|south[- ]?west(?:ern)?|"
    r"(?:city|town|township|village|port|county|province|state|republic|kingdom|district|region|"
    r"university|borough|isle|island|lake|river|mount|camp|fort|"
    r"commonwealth|governorate) (?:of )?(?:the )?)[ -])",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[ -](?:county|counties|parish|province|state|region|district|city|town|township|village|"
    r"borough|municipality|governorate|oblast|prefecture|department|territory|area|metro|valley|"
    r"river|rivers|lake|creek|bay|beach|harbou?r|island|islands|isle|hills?|mountains?|mount|"
    r"park|national park|state park|heights|basin|delta|peninsula|coast|strait|"
    r"airport|international airport|air base|base|port|university|college|high school|"
    r"camp|refugee camp|crossing|road|street|avenue|bridge|square|zoo|hospital|proper|"
    r"co\.?)$",
    re.IGNORECASE,
)
#: endings of people's names for themselves, and what stands there in the place's name
_PEOPLE = (
    ("ans", "a"),
    ("an", "a"),
    ("ians", "ia"),
    ("ian", "ia"),
    ("ns", ""),
    ("ers", ""),
    ("er", ""),
    ("ites", ""),
    ("ite", ""),
    ("s", ""),
    ("n", ""),
    ("ans", ""),
    ("an", ""),
    ("ean", "e"),
    ("eans", "e"),
)


def spellings(name: str) -> Iterator[str]:
    """Yield the name as written, then what is the same name in another spelling."""
    name = " ".join(name.split()).replace("\u2019", "'")
    seen = dict.fromkeys((name, _POSSESSIVE.sub("", name)))
    for one in list(seen):
        words = one.split(" ")
        seen[" ".join(_WORDS.get(word, word) for word in words)] = None
        if one.isupper() and len(one) > 3:  # noqa: PLR2004 — "BEIRUT", not "USA" or "US"
            seen[_titled(one)] = None
            seen[" ".join(_WORDS.get(word, word) for word in _titled(one).split(" "))] = None
        seen[_SMALL.sub(lambda word: word[0].lower(), one)] = None
    for one in list(seen):
        seen[_SAINT.sub("St.", one)] = None
        seen[one.replace("-", " ")] = None
        seen[one.replace(" ", "-")] = None
        seen[one.removeprefix("the ").removeprefix("The ")] = None
        if one.endswith("."):
            seen[one.removesuffix(".")] = None
        elif "." in one or len(one) <= 6:  # noqa: PLR2004 — "N.Y", "Calif"
            seen[one + "."] = None
    return iter(seen)


def _titled(name: str) -> str:
    words = name.lower().split(" ")
    small = {"of", "the", "and", "de", "la", "el", "on", "upon", "in"}
    return " ".join(
        word if word in small and place else "-".join(part.capitalize() for part in word.split("-"))
        for place, word in enumerate(words)
    )


def cores(name: str) -> Iterator[str]:
    """Yield names that the name is made of: "Homs" of "northern Homs" and of "Homs Airport"."""
    name = next(iter(spellings(name)))
    seen = [name]
    for _ in range(2):
        for one in tuple(seen):
            for less in (_BEFORE.sub("", one), _AFTER.sub("", one)):
                if less and less not in seen:
                    seen.append(less)
                    yield less


def peoples(name: str) -> Iterator[str]:
    """Yield places whose people may be called so: "Ohioans", "Minnesotan", "New Yorkers"."""
    for ending, instead in _PEOPLE:
        if name.endswith(ending) and len(name) > len(ending) + 2:
            yield name[: -len(ending)] + instead
