"""What places and holders are called that nobody tracks, and who may be a holder at all.

For `monitor extract`, which claims control of such places too, under their plain names.
"""

from __future__ import annotations

from workers.mentions import Mention
from workers.toponyms.areas import country_aliases
from workers.toponyms.index import is_town
from workers.words import armed_words, capitals, country_names, word_lists

#: what may follow the noun that tells a kind of place
_SITED = frozenset({"of", "at"})
#: words that tell no force from another
_ANYBODY = frozenset({"group", "groups", "movement", "side", "sides"})
_ARTICLES = frozenset({"the", "a", "an", "its", "their", "his", "her", "this", "that"})
#: nouns that tell no place from another without a name
_ANYWHERE = frozenset(
    {
        "area", "areas", "capital", "cities", "city", "coast", "country", "hamlet", "island",
        "islands", "positions", "province", "provinces", "region", "settlement", "settlements",
        "stronghold", "strongholds", "territories", "territory", "town", "towns", "village",
        "villages", "zone",
    }
)  # fmt: skip
#: nouns that do so only beside a word of their own: "northern quarter"
_QUARTERS = frozenset(
    {
        "block", "blocks", "camps", "district", "districts", "neighborhood", "neighbourhood", "office",
        "offices", "post", "posts", "quarter", "north", "south", "east", "west", "northeast",
        "northwest", "southeast", "southwest", "center", "centre",
    }
)  # fmt: skip
#: what tells nothing of where: "key posts" are offices as well
_GRADES = frozenset({"key", "several", "some", "many", "top", "senior", "high"})
_PLURALS = frozenset({"suburbs", "districts", "neighbourhoods", "neighborhoods", "quarters"})
#: people in a town that has suburbs of its own
_CITY = 100_000


def place_name(mention: Mention) -> str | None:
    """Return the name under which a place is claimed, None where the text does not tell which.

    A part goes by its own name: "Hama airport", "western suburbs"; never by that of its whole.
    What has no name goes by its description: "presidential palace".
    """
    if mention.label != "place" or mention.relation == "portion":
        return None
    if mention.geonames and not mention.part:
        return str(mention.geonames)
    if mention.generic and mention.name and not mention.part:
        # a guess: where a name stood that may be a town's, if it is not a pronoun's
        return mention.name if mention.name == mention.text and is_town(mention.name, 0) else None
    if mention.part or mention.generic:
        words = mention.text.split()
        while words and words[0].lower() in _ARTICLES:
            words.pop(0)
        # the base of "base at Hama"
        head = next((at for at, word in enumerate(words) if word in _SITED), len(words))
        last = words[head - 1].lower() if words else ""
        if (
            last in _PLURALS
            and head < len(words)
            and not is_town(" ".join(words[head + 1 :]), _CITY)
        ):
            # "the suburbs of Kissy and Wellington", which are suburbs themselves
            return None
        told = [word for word in words if word.lower() not in _GRADES]
        vague = last in _ANYWHERE or (len(told) == 1 and last in _QUARTERS)
        tells = bool(words) and last != "capital" and (mention.part or not vague)
        return " ".join(words) if tells else None
    return mention.name or mention.text


def holder_name(mention: Mention) -> str | None:
    """Return the name of one who may hold a place, None for whoever cannot.

    Persons hold no towns, nor do other towns: a capital or a country stands for its government.
    """
    bare = (mention.name or mention.text).split()
    while bare and bare[0].lower() in _ARTICLES:
        bare.pop(0)
    name = " ".join(bare)
    armed = bool(bare) and bare[-1].lower() in armed_words() | word_lists()["rulers"]
    if mention.label == "date" or not bare or bare[-1].lower() in word_lists()["political"]:
        return None
    if name.lower() in _ANYBODY:
        return None
    if mention.label == "person":
        return name if armed or any(letter.isdigit() for letter in name) else None
    if mention.label == "place":
        rules = name in country_names() or name in country_aliases() or name in capitals().values()
        return name if rules or not is_town(name.title()) else None
    named = not mention.generic or (" " in (mention.name or mention.text) and bare[-1][0].isupper())
    return name if named or armed else None
