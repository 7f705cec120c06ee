"""Who stands where around a verb: one view of the parse for all rules.

Written for Universal Dependencies; ``workers.language`` gives nothing else. The parser errs in one
sentence out of three, so a shared argument is looked for along every path on which English grammar
shares one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.tokens import Span, Token

from workers.words import word_lists

#: "Turkish-backed", with hyphens and the dashes that are printed for them
HYPHENS = frozenset("-\u2013\u2011")
RELATIVIZERS = frozenset({"who", "which", "that", "whom", "whose", "where"})
#: verbs with whose phrase it is the same as with an object: "called on the militia to leave"
_PHRASE_CONTROL = {
    "appeal": ("to", "for"),
    "call": ("on", "upon", "for", "to"),
    "count": ("on",),
    "hope": ("for",),
    "plead": ("with",),
    "prevail": ("on", "upon"),
    "rely": ("on",),
    "signal": ("to",),
    "wait": ("for",),
}
#: letters of what a headline in Title Case writes with a capital
_LONG_WORD = 5
_WHERE = frozenset({"where", "when", "why"})
_DEPTH = 4
#: nouns whose "that" opens what they tell, not a relative clause
_TELLING = frozenset(
    {
        "account",
        "allegation",
        "belief",
        "claim",
        "confirmation",
        "denial",
        "evidence",
        "fear",
        "hope",
        "indication",
        "news",
        "proof",
        "report",
        "rumor",
        "rumour",
        "sign",
        "speculation",
        "statement",
        "story",
        "suggestion",
        "theory",
        "truth",
        "warning",
        "word",
    }
)


#: adverbs whose phrase is that of the verb
_ONWARDS = frozenset({"back", "over", "closer", "nearer", "deeper", "deep", "further", "away"})
#: verbs and particles of leaving
_GOES = frozenset({"pulled", "pulling", "fell", "falling", "melted", "melting", "slipped", "faded"})
_GONE = frozenset({"away", "back", "out"})
_REMAINS = frozenset({"lie", "remain", "stand", "stay"})
_VILLAGES = frozenset({"towns", "villages", "cities"})
_INCLUDING = frozenset({"including", "such as", "among them"})


def is_attribute(token: Token) -> bool:
    """Tell the held of "rebel-held Hama"."""
    return token.dep_ in {"amod", "compound"} and (
        token.nbor(-1).text in HYPHENS if token.i else False
    )


def is_verbal(token: Token) -> bool:
    """Tell a verb from its Penn tag."""
    return token.tag_.startswith("VB") or token.tag_ == "MD"


def is_perfect(verb: Token) -> bool:
    """Tell the present perfect: "have taken it", which lasts."""
    return any(child.lower_ in {"has", "have", "'ve"} for child in verb.children)


def is_departure(verb: Token) -> bool:
    """Tell "left", "pulled out" and "fell back"."""
    if verb.lemma_.lower() in word_lists()["departures"]:
        return True
    return verb.lower_ in _GOES and any(child.lower_ in _GONE for child in verb.children)


def is_nominal(token: Token) -> bool:
    """Tell a noun, name or pronoun from its Penn tag."""
    return token.tag_.startswith(("NN", "PRP", "CD", "DT"))


def looks_like_name(token: Token) -> bool:
    """Tell a name by its capital, whatever the tagger took it for; not in a title's capitals."""
    if token.tag_ in {"NNP", "NNPS"}:
        return True
    before = token.doc[token.sent.start : token.i]
    if not token.is_title or not any(word.is_alpha for word in before):
        return False
    words = [word for word in token.sent if word.is_alpha]
    return sum(word.text[0].isupper() for word in words) * 2 <= len(words)


def begins_name(before: Token, name: Token) -> bool:
    """Tell the first half of "Wad Madani", and of "Elephant Pass", tagged as a noun."""
    if before.tag_ in {"NNP", "NNPS", "HYPH"}:
        return True
    if not before.is_title or before.is_sent_start:
        return False
    # a compound, or parsed as a second object
    beside = before.head == name.head and before.dep_ == name.dep_
    joined = before.dep_ == "compound" and before.head == name
    return beside or joined or is_first_half(before, name)


def is_first_half(before: Token, name: Token) -> bool:
    """Tell "Thin Gan Nyi Naung" and "New Halfa", whose first word is an adjective to the tagger."""
    adjective = before.is_title and before.lower_ in word_lists()["name_adjectives"]
    return adjective and not before.is_sent_start and not _is_title_case(name.sent)


def _is_title_case(sentence: Span) -> bool:
    """Tell a headline in which every longer word has a capital."""
    return not any(word.is_lower and len(word) >= _LONG_WORD for word in sentence)


def preposition(token: Token) -> str:
    """Return the words that introduce a phrase: ``"out of"``, ``"from"``, ``""``."""
    words = []
    for child in token.lefts:
        if child.dep_ == "case" and child.lower_ not in {"'s", "\u2019s", "'", "\u2019"}:
            words += [child.lower_, *(deep.lower_ for deep in child.rights if deep.dep_ == "fixed")]
    return " ".join(words)


def phrases(token: Token) -> Iterator[tuple[str, Token]]:
    """Yield (preposition, noun) for the prepositional phrases that hang on a word."""
    for child in token.children:
        dep = child.dep_
        if dep.startswith(("obl", "nmod")) and dep != "nmod:poss":
            yield preposition(child), child
        elif dep == "advmod" and child.lower_ in _ONWARDS:
            # "gave the base back to the army", "moved closer to Hama"
            yield from phrases(child)
        elif dep in {"advcl", "acl", "xcomp", "advmod"} and is_nominal(child):  # noqa: SIM102 — the name is bound only where it is asked for
            if words := preposition(child):
                yield words, child


def conjuncts(token: Token) -> list[Token]:
    """Return the word and what is coordinated with it, in order."""
    found = [token]
    for child in token.children:
        listed = child.dep_ == "conj" and not is_verbal(child) and not _is_excluded(child)
        if (listed and not _says_again(child, token)) or (
            child.dep_ == "appos"
            and child.i > token.i
            and any(deep.dep_ == "cc" for deep in child.children)
        ):
            found += conjuncts(child)
        elif child.dep_ == "flat":
            found += conjuncts(child)[1:]
    return found


def _says_again(token: Token, name: Token) -> bool:
    """Tell what is no second place: "took Hama on Sunday, the last town in the north".

    Also the capital of "took Hama, the second city and capital of the south".
    """
    kinds = word_lists()["places"]
    if token.tag_ != "NN" or token.lower_ not in kinds:
        return False
    if any(
        one.dep_ == "appos" and one.i < token.i and one.lower_ in kinds for one in name.children
    ):
        return True
    again = name.tag_ == "NNP" and any(one.lower_ == "the" for one in token.lefts)
    return again and not any(one.dep_ == "cc" for one in token.children)


def is_one_of(kind: Token, name: Token) -> bool:
    """Tell Bama of "the villages of Bama and Konduga" from a place that has villages."""
    return kind.lower_ in _VILLAGES and any(child.dep_ == "conj" for child in name.children)


def included(token: Token) -> list[Token]:
    """Return the towns that a plural names.

    "Several towns, including Bama and Konduga", "two towns: Bama and Konduga", "the towns of both names".
    """
    for child in token.children:
        if preposition(child) == "of" and is_one_of(token, child):
            return conjuncts(child)
    return _listed(token) or [
        one
        for noun in token.subtree
        if noun.i > token.i and preposition(noun) in _INCLUDING
        for one in conjuncts(noun)
    ]


def _listed(token: Token) -> list[Token]:
    """Return the last word of each name behind the colon of a noun in the plural."""
    sentence, doc = token.sent, token.doc
    if token.tag_ != "NNS":
        return []
    colon = next((one for one in doc[token.i + 1 : sentence.end] if one.text in ":;."), None)
    if colon is None or colon.text != ":":
        return []
    found: list[Token] = []
    for one in doc[colon.i + 1 : sentence.end]:
        if one.tag_ in {"NNP", "NNPS"} and found and found[-1].i == one.i - 1:
            found[-1] = one
        elif one.tag_ in {"NNP", "NNPS"}:
            found.append(one)
        elif one.text not in {",", "and", "."}:
            return []
    return found


def _is_excluded(token: Token) -> bool:
    """Tell the airport of "the port but not the airport"."""
    return any(child.lower_ in {"not", "nor"} for child in token.lefts)


def is_content_clause(verb: Token) -> bool:
    """Tell "rumours that he had died", which parsers take for a relative clause."""
    if not verb.dep_.startswith("acl"):
        return False
    that = next((child for child in verb.children if child.lower_ == "that"), None)
    if that is None:
        return _is_bare_content(verb)
    own = any(child != that for child in _own(verb, "nsubj", "nsubj:pass", "expl"))
    # "word spread in camp that the rebels had taken it": what has its own object relates to nothing
    whole = own and any(child != that for child in _own(verb, "obj"))
    return that.dep_ == "mark" or whole or (own and verb.head.lemma_.lower() in _TELLING)


def _is_bare_content(verb: Token) -> bool:
    """Tell "claims it had shelled the town", where nothing is left out, from "claims it made"."""
    if verb.head.lemma_.lower() not in _TELLING or verb.tag_ == "VBG":
        return False
    if any(child.lower_ in RELATIVIZERS for child in verb.children):
        return False
    acts = bool(_own(verb, "nsubj")) and bool(_own(verb, "obj"))
    return acts or bool(_own(verb, "nsubj:pass"))


@dataclass(slots=True)
class Arguments:
    """The arguments of one verb, inherited ones included. Passives are turned round."""

    subjects: list[Token] = field(default_factory=list)
    objects: list[Token] = field(default_factory=list)
    phrases: list[tuple[str, Token]] = field(default_factory=list)
    #: to whom: the rebels of "sent the rebels arms"
    recipients: list[Token] = field(default_factory=list)
    passive: bool = False


def _own(verb: Token, *labels: str) -> list[Token]:
    return [child for child in verb.children if child.dep_ in labels]


def _has_aux_passive(verb: Token) -> bool:
    return bool(_own(verb, "aux:pass"))


def has_auxiliary(verb: Token) -> bool:
    """Tell a verb with "has", "was", "will" from a bare one."""
    return bool(_own(verb, "aux", "aux:pass"))


def _antecedent(token: Token, verb: Token) -> Token:
    if token.lower_ in RELATIVIZERS:
        clause = verb
        while clause.dep_ == "conj":
            clause = clause.head
        if clause.dep_.startswith("acl") or (clause.head != clause and _is_cleft(clause.head)):
            return _agreeing(_affirmed(clause.head), verb)
        if token.lower_ in {"which", "who", "whom"} and (before := _noun_before(token)):
            return before
    return token


def _affirmed(noun: Token) -> Token:
    """Return the Front of "it is the Front, not the army, that": what is set against it is not meant."""
    negated = any(child.lower_ == "not" and child.i < noun.i for child in noun.children)
    return noun.head if negated and noun.dep_ in {"appos", "conj"} else noun


def _agreeing(noun: Token, verb: Token) -> Token:
    """Return the fighters of "the fighters of Okoro, who hold the town": a plural verb, a plural noun."""
    above = noun.head
    plural = verb.tag_ == "VBP" and above.tag_ in {"NNS", "NNPS"}
    return above if plural and noun.tag_ == "NNP" and noun.dep_ == "nmod" else noun


def _is_time(token: Token) -> bool:
    """Tell "by dusk held the port", where the parser takes the dusk for who held it."""
    return preposition(token) in {"by", "in", "at", "on", "within", "before", "after"}


def _noun_before(relative: Token) -> Token | None:
    """Return the noun of "from Hama, which they then occupied", parsed as two clauses."""
    index = relative.i - 1
    if index > relative.sent.start and relative.doc[index].text == ",":
        index -= 1
    noun = relative.doc[index]
    return noun if index >= relative.sent.start and noun.tag_.startswith("NN") else None


def _is_cleft(noun: Token) -> bool:
    """Tell the Front of "it is the Front, not the army, that holds the town"."""
    words = {child.lower_ for child in noun.children if child.dep_ in {"nsubj", "cop"}}
    return "it" in words and len(words) > 1 and noun.tag_.startswith("NN")


def arguments(verb: Token) -> Arguments:  # noqa: C901, PLR0912 — one construction of English a branch
    """Collect the arguments of a verb, along relative clauses, control and coordination."""
    found = Arguments(phrases=list(phrases(verb)))
    dep = verb.dep_
    agents = [noun for words, noun in found.phrases if noun.dep_ == "obl:agent" or words == "by"]
    subjects = [_antecedent(token, verb) for token in _own(verb, "nsubj") if not _is_time(token)]
    patients = [_antecedent(token, verb) for token in _own(verb, "nsubj:pass")]
    content = is_content_clause(verb)
    objects = _objects(verb, found, content=content)
    participle = verb.tag_ in {"VBN", "VBD"}
    if patients and objects and not agents and not has_auxiliary(verb):
        # "HTS captured Hama", tagged as a participle: no passive takes an object
        subjects, patients = patients, []
    found.passive = bool(patients) or _has_aux_passive(verb)
    if (
        subjects
        and participle
        and not objects
        and any(noun.dep_ == "obl:agent" for _, noun in found.phrases)
    ):
        # headlines drop the auxiliary: "Hama captured by rebels"
        found.passive = True
    if dep == "acl" and verb.tag_ in {"VBN", "VBD"} and not subjects and not patients:
        if objects and not agents:
            # no participle takes an object: "Voters elected Okoro" is a clause of its own
            subjects = [verb.head]
        else:
            found.passive, patients = True, [verb.head]
    elif dep == "acl" and not subjects and verb.tag_ == "VBG" and not is_planned(verb):
        subjects = [verb.head]
    elif dep == "acl:relcl" and not objects and not found.passive and not content:
        if subjects and not any(token == verb.head for token in subjects):
            # "the palace where he surrendered" is not what he surrendered
            where = any(child.lower_ in _WHERE for child in verb.children)
            objects = [] if where else _owned(verb, subjects) or [verb.head]
        elif not subjects:
            subjects = [verb.head]
    if not subjects and not patients:
        # "The rebels, a monitor said, had left", whose rebels hang on "said"
        tags = [child for child in verb.lefts if child.dep_ == "parataxis"]
        subjects = [own[0] for tag in tags if len(own := _own(tag, "nsubj")) > 1]
    if not subjects and not patients:
        inherited, passive = _inherited(verb, _DEPTH)
        # with an object it is active: "Rebels led by Okoro captured Hama"
        active = bool(objects) and not agents and not found.passive
        # "remains held by the army", "remains besieged"
        remains = dep == "xcomp" and verb.head.lemma_.lower() in _REMAINS
        held_by = verb.tag_ == "VBN" and (bool(agents) or remains) and not has_auxiliary(verb)
        held_by = held_by and not objects
        if (passive and not active) or found.passive or held_by:
            found.passive, patients = True, inherited
        else:
            subjects = inherited
    if not subjects and not patients and dep == "ROOT" and participle and not has_auxiliary(verb):
        # "Besieged for weeks, the town has no bread", parsed as two sentences in one
        patients = [
            noun
            for child in verb.rights
            if child.dep_ in {"parataxis", "ccomp"}
            for noun in _own(child, "nsubj")
        ][:1]
        found.passive = found.passive or bool(patients)
    if not objects and not found.passive:
        objects = _shared_object(verb)
    if found.passive:
        found.objects = patients or subjects
        found.subjects = agents
    else:
        found.subjects, found.objects = subjects, objects
    return found


def _objects(verb: Token, found: Arguments, *, content: bool) -> list[Token]:
    """Return the objects of a verb, and put into the arguments to whom they go.

    Args:
        verb: the verb.
        found: its arguments so far.
        content: its clause tells what a noun says, and is no relative clause.
    """
    objects = [_antecedent(token, verb) for token in _before_clauses(verb, _own(verb, "obj"))]
    if content:
        objects = [token for token in objects if token != verb.head]
    if not objects:
        # "elected Lena Okafor", parsed as if Lena were what somebody became
        objects = [
            child
            for child in _own(verb, "xcomp")
            if child.tag_.startswith("NN") or looks_like_name(child)
        ]
    if objects:
        found.recipients = _own(verb, "iobj")
        # "Kunduz, Sar-e-Pol and Taloqan", hung on the verb
        last = objects[-1].i
        return objects + [
            child
            for child in _own(verb, "conj", "parataxis")
            if child.i > last
            and _is_bare_noun(child)
            and not _is_excluded(child)
            and not _says_again(child, objects[-1])
            and not _own(child, "obj", "nsubj")
        ]
    # "warned the rebels", parsed as if something were given to them; "gunned down General Okoro",
    # parsed as if a preposition were left out
    return _own(verb, "iobj") or [
        child
        for child in _own(verb, "obl")
        if child.tag_ == "NNP" and child.ent_type_ != "DATE" and not preposition(child)
    ]


def _before_clauses(verb: Token, objects: list[Token]) -> list[Token]:
    """Drop Homs of "take Hama after the army leaves, eye Homs", whose second verb was not seen."""
    clauses = [
        child.i
        for child in _own(verb, "advcl", "ccomp", "parataxis")
        if objects and child.i > objects[0].i
    ]
    return [token for token in objects if not clauses or token.i < min(clauses)]


def _owned(verb: Token, subjects: list[Token]) -> list[Token]:
    """Return the port of "the town, whose port the rebels hold": no object is the town itself."""
    whose = next((one for one in verb.subtree if one.lower_ == "whose"), None)
    if whose is None or whose.i > verb.i:
        return []
    return [] if whose.head in subjects else [whose.head]


def is_planned(verb: Token) -> bool:
    """Tell "an attempt to take" and "the aim of taking" from "forces taking"."""
    return verb.dep_ == "acl" and any(
        child.tag_ == "TO" or (verb.tag_ == "VBG" and child.dep_ in {"mark", "case"})
        for child in verb.lefts
    )


def _is_bare_noun(token: Token) -> bool:
    """Tell a noun from a clause that it is the predicate of, or that hangs on it."""
    own = {"nsubj", "nsubj:pass", "cop", "case"}
    return token.tag_.startswith("NN") and not any(child.dep_ in own for child in token.children)


def _inherited(verb: Token, depth: int) -> tuple[list[Token], bool]:  # noqa: PLR0911 — one construction a return
    """Return the subject a verb shares with another, and whether both are passive."""
    dep, head = verb.dep_, verb.head
    if not depth or head == verb:
        return [], False
    if dep == "conj" and is_verbal(head):
        passive = _own(head, "nsubj:pass")
        if passive and verb.tag_ == "VBN" and not _own(verb, "aux") and not _own(verb, "obj"):
            return [_antecedent(token, head) for token in passive], True
        return _subject(head, depth), False
    if dep == "conj" and head.dep_ in {"acl", "acl:relcl"}:
        return [head.head], False
    if dep == "acl" and is_planned(verb):
        return _planners(verb, depth), False
    if dep in {"xcomp", "advcl", "ccomp", "parataxis", "dep"}:
        if dep in {"xcomp", "advcl"} and (controlled := _controllers(verb, head)):
            return controlled, False
        if dep in {"xcomp", "ccomp"} or verb.tag_ in {"VBG", "VBN", "VB"}:
            bare = dep == "advcl" and verb.tag_ == "VBN" and not has_auxiliary(verb)
            return _subject(head, depth), bare
    return [], False


def _controllers(verb: Token, head: Token) -> list[Token]:
    """Return who is told, forced or awaited to do what a verb says."""
    objects = [child for child in _own(head, "obj", "iobj") if child.i < verb.i]
    if verb.dep_ == "xcomp" and objects:
        return objects if head.lemma_.lower() in word_lists()["object_control"] else []
    words = _PHRASE_CONTROL.get(head.lemma_.lower(), ())
    if objects and verb.tag_ == "VBG" and any(child.lower_ == "from" for child in verb.lefts):
        # "prevented the crowd from storming"
        return objects
    if verb.tag_ == "VBG" and any(child.lower_ == "for" for child in verb.lefts):
        # "condemned Iraq for invading"
        judged = head.lemma_.lower() in word_lists()["judging"]
        return objects if judged else []
    infinitive = any(child.tag_ == "TO" for child in verb.lefts)
    return [
        noun for case, noun in phrases(head) if infinitive and case in words and noun.i < verb.i
    ]


def _planners(verb: Token, depth: int) -> list[Token]:
    """Return who does what a noun plans: "the army's bid to", "no intention of", "an order to"."""
    noun = verb.head
    whose = _own(noun, "nmod:poss")
    told = [other for case, other in phrases(noun) if case in {"by", "for", "to", "from"}]
    if noun.lemma_.lower() in word_lists()["addressed"]:
        return [other for other in told if preposition(other) in {"for", "to"} and other.i < verb.i]
    by = [other for other in told if preposition(other) != "to" and other.i < verb.i]
    if by or whose:
        return by or whose
    if said_of := _own(noun, "nsubj"):
        # "are on the verge of taking"
        return said_of
    above = noun.head
    if noun.dep_ == "obl" and noun.lemma_.lower() in word_lists()["requitals"]:
        # "ordered sanctions as punishment for invading"
        return []
    if noun.dep_ in {"obj", "obl"} and is_verbal(above):
        return _subject(above, depth - 1)
    return []


def _subject(verb: Token, depth: int) -> list[Token]:
    own = [token for token in _own(verb, "nsubj", "nsubj:pass") if not _is_time(token)]
    if own:
        return [_antecedent(token, verb) for token in own]
    if verb.dep_ in {"acl", "acl:relcl"} and not is_planned(verb):
        return [verb.head]
    if verb.dep_ == "advmod":
        # "far from taking it, the army", hung on "far"
        return _subject(verb.head, depth - 1) if depth else []
    return _inherited(verb, depth - 1)[0]


def _shared_object(verb: Token) -> list[Token]:
    """Return the object of the other verb in "captured and looted Hama"."""
    if verb.dep_ == "conj" and is_verbal(verb.head):
        return [noun for noun in _own(verb.head, "obj") if noun.i > verb.i]
    for child in verb.children:
        if child.dep_ == "conj" and is_verbal(child) and child.i - verb.i <= 3:  # noqa: PLR2004 — "and then"
            return _own(child, "obj")
    return []


def is_alternative(verb: Token) -> bool:
    """Tell one of several verbs joined by "or": none of them is said to have happened."""
    first = verb
    while first.dep_ == "conj" and first.head != first:
        first = first.head
    if not is_verbal(first):
        return False
    return any(
        child.lower_ == "or"
        for member in [first, *first.conjuncts]
        if is_verbal(member)
        for child in member.children
        if child.dep_ == "cc"
    )
