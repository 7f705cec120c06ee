"""Tells the kinds of places apart that the corpora of names call LOC alike.

OntoNotes' kinds, which every spaCy pipeline uses: GPE for countries, cities and provinces, FAC
for what people built, LOC for nature and for regions that no government governs.
"""

from __future__ import annotations

from collections.abc import Sequence

_BUILT = frozenset(
    """airport airfield airbase aerodrome barracks base bridge building camp canal castle cathedral
    cemetery church compound crossing dam embassy expressway facility fort garrison gate hall
    headquarters highway hospital hotel house library mall market memorial mill mine monument mosque
    motorway museum palace pipeline plant port prison railway refinery road runway school shrine
    square stadium station street synagogue temple terminal theater theatre tower tunnel university
    avenue boulevard checkpoint college citadel arena park zoo""".split()  # noqa: SIM905
)
_NATURE = frozenset(
    """bay basin cape channel coast continent creek delta desert falls forest glacier gulf heights
    highlands hills hill island islands isle jungle lake mount mountain mountains ocean peninsula
    peak plain plains plateau ridge river rivers sea steppe strait straits triangle valley volcano
    waters wadi woods belt corridor frontier""".split()  # noqa: SIM905
)
_BEFORE = frozenset(
    {"mount", "lake", "cape", "mt", "mt.", "gulf", "strait", "bay", "river", "wadi"}
)
_REGIONS = frozenset(
    """africa americas antarctica arctic asia atlantic balkans caribbean caucasus europe eurasia
    levant maghreb mediterranean mideast oceania pacific sahara sahel scandinavia siberia
    mesopotamia kashmir kurdistan donbas donbass amazon himalayas alps andes earth moon
    east west north south northeast northwest southeast southwest""".split()  # noqa: SIM905
)
_DIRECTIONS = frozenset(
    """north south east west northern southern eastern western central upper lower sub-saharan the
    middle far near latin""".split()  # noqa: SIM905
)
_SMALL = frozenset({"the", "of", "'s", "and", "al", "de", ","})


def kind_of(words: Sequence[str]) -> str:
    """Return GPE, LOC or FAC for the words of a place's name."""
    lowered = [word.lower() for word in words if word.lower() not in _SMALL]
    if not lowered:
        return "GPE"
    whole = [word.lower() for word in words]
    # "Port of Tartus", "Gulf of Aden": the head stands before "of".
    head = whole[whole.index("of") - 1] if "of" in whole[1:] else lowered[-1]
    if len(words) > 1 and (head in _BUILT or lowered[0] in {"camp", "fort", "port"} & {head}):
        return "FAC"
    if len(words) > 1 and (head in _NATURE or lowered[0] in _BEFORE):
        return "LOC"
    rest = [word for word in lowered if word not in _DIRECTIONS]
    if not rest or (len(rest) == 1 and rest[0] in _REGIONS):
        return "LOC"
    return "GPE"
