"""Who stands where around a verb: one view of the parse for all rules.

The parser errs in one sentence out of three, so a shared argument is looked for along every path
on which English grammar shares one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Token

from workers.coordination import is_excluded, says_again
from workers.propernames import looks_like_name
from workers.relativeclauses import antecedent, is_content_clause, possessed
from workers.sharedarguments import inherited_subject, is_time, shared_object
from workers.syntax import dependents, has_auxiliary, is_planned, phrases, preposition

_WHERE = frozenset({"where", "when", "why"})
_DEPTH = 4
_REMAINS = frozenset({"lie", "remain", "stand", "stay"})


@dataclass(slots=True)
class Arguments:
    """The arguments of one verb, inherited ones included. Passives are turned round."""

    subjects: list[Token] = field(default_factory=list)
    objects: list[Token] = field(default_factory=list)
    phrases: list[tuple[str, Token]] = field(default_factory=list)
    #: to whom: the rebels of "sent the rebels arms"
    recipients: list[Token] = field(default_factory=list)
    passive: bool = False


def arguments(verb: Token) -> Arguments:  # noqa: C901, PLR0912 — one construction of English a branch
    """Collect the arguments of a verb, along relative clauses, control and coordination."""
    found = Arguments(phrases=list(phrases(verb)))
    dep = verb.dep_
    agents = [noun for words, noun in found.phrases if noun.dep_ == "obl:agent" or words == "by"]
    subjects = [
        antecedent(token, verb) for token in dependents(verb, "nsubj") if not is_time(token)
    ]
    patients = [antecedent(token, verb) for token in dependents(verb, "nsubj:pass")]
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
            objects = [] if where else possessed(verb, subjects) or [verb.head]
        elif not subjects:
            subjects = [verb.head]
    if not subjects and not patients:
        # "The rebels, a monitor said, had left", whose rebels hang on "said"
        tags = [child for child in verb.lefts if child.dep_ == "parataxis"]
        subjects = [own[0] for tag in tags if len(own := dependents(tag, "nsubj")) > 1]
    if not subjects and not patients:
        inherited, passive = inherited_subject(verb, _DEPTH)
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
            for noun in dependents(child, "nsubj")
        ][:1]
        found.passive = found.passive or bool(patients)
    if not objects and not found.passive:
        objects = shared_object(verb)
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
    objects = [antecedent(token, verb) for token in _before_clauses(verb, dependents(verb, "obj"))]
    if content:
        objects = [token for token in objects if token != verb.head]
    if not objects:
        # "elected Lena Okafor", parsed as if Lena were what somebody became
        objects = [
            child
            for child in dependents(verb, "xcomp")
            if child.tag_.startswith("NN") or looks_like_name(child)
        ]
    if objects:
        found.recipients = dependents(verb, "iobj")
        # "Kunduz, Sar-e-Pol and Taloqan", hung on the verb
        last = objects[-1].i
        return objects + [
            child
            for child in dependents(verb, "conj", "parataxis")
            if child.i > last
            and _is_bare_noun(child)
            and not is_excluded(child)
            and not says_again(child, objects[-1])
            and not dependents(child, "obj", "nsubj")
        ]
    # "warned the rebels", parsed as if something were given to them; "gunned down General Okoro",
    # parsed as if a preposition were left out
    return dependents(verb, "iobj") or [
        child
        for child in dependents(verb, "obl")
        if child.tag_ == "NNP" and child.ent_type_ != "DATE" and not preposition(child)
    ]


def _before_clauses(verb: Token, objects: list[Token]) -> list[Token]:
    """Drop Homs of "take Hama after the army leaves, eye Homs", whose second verb was not seen."""
    clauses = [
        child.i
        for child in dependents(verb, "advcl", "ccomp", "parataxis")
        if objects and child.i > objects[0].i
    ]
    return [token for token in objects if not clauses or token.i < min(clauses)]


def _is_bare_noun(token: Token) -> bool:
    """Tell a noun from a clause that it is the predicate of, or that hangs on it."""
    own = {"nsubj", "nsubj:pass", "cop", "case"}
    return token.tag_.startswith("NN") and not any(child.dep_ in own for child in token.children)


def _has_aux_passive(verb: Token) -> bool:
    return bool(dependents(verb, "aux:pass"))
