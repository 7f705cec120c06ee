"""Places named in passing, which "it" and "the town" behind them do not mean.

Those of a relative clause, of a thing that is no place ("the lights of Kinshasa"), and those that
only tell how far it is ("25 km west of Goma").
"""

from __future__ import annotations

from spacy.tokens import Span, Token

from workers.syntax import preposition
from workers.words import word_lists

#: what happens to places: "the siege of Homs" is about Homs
_BEFALL = frozenset(
    {
        "assault",
        "attack",
        "battle",
        "bombardment",
        "bombing",
        "blockade",
        "capture",
        "conquest",
        "control",
        "defence",
        "defense",
        "encirclement",
        "evacuation",
        "fall",
        "fighting",
        "invasion",
        "liberation",
        "loss",
        "occupation",
        "recapture",
        "seizure",
        "shelling",
        "siege",
        "storming",
        "surrender",
        "takeover",
    }
)
_KINDS = ("places", "grounds", "portions", "edges", "districts", "directions", "people")
_UNITS = frozenset({"km", "kilometers", "kilometres", "miles", "mile", "hour", "hours", "kms"})
#: tokens between a distance and the place that it is counted from
_REACH = 5


def is_aside(name: Span, token: Token) -> bool:
    """Tell whether a place is named in passing only, for a word that stands behind it.

    Args:
        name: the place's name.
        token: the word that may mean it.
    """
    root = name.root
    return (
        in_clause_beside(root, token)
        or _is_of_thing(root)
        or _is_distance(name)
        or _is_joined(root, token)
    )


def in_clause_beside(noun: Token, token: Token) -> bool:
    """Tell the airstrip of "soldiers flown in from an airstrip took it", whose clause ended before."""
    for above in noun.ancestors:
        if above.dep_ in {"acl", "acl:relcl"}:
            return above != token and token not in above.subtree
    return False


def _is_of_thing(root: Token) -> bool:
    """Tell Kinshasa of "the lights of Kinshasa"."""
    if root.dep_ != "nmod" or preposition(root) != "of" or root.head.tag_ != "NNS":
        return False
    lists, thing = word_lists(), root.head.lower_
    return thing.removesuffix("s") not in _BEFALL and not any(
        thing in lists[kind] for kind in _KINDS
    )


def _is_distance(name: Span) -> bool:
    """Tell Goma of "a market town 25 km west of Goma"."""
    before = name.doc[max(name.start - _REACH, name.sent.start) : name.end]
    words = [word.lower_ for word in before]
    at = next((index for index, word in enumerate(words) if word in _UNITS), None)
    return at is not None and any(word in {"of", "from", "to"} for word in words[at:])


def _is_joined(root: Token, token: Token) -> bool:
    """Tell the mill of "took the mill and half of the town", which is not the town."""
    above = token
    while above.dep_ == "nmod":
        above = above.head
    return above.dep_ == "conj" and (above.head == root or root in above.head.conjuncts)
