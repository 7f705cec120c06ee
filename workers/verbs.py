"""Events that a verb names."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from workers.arguments import Arguments
from workers.document import WINDOW
from workers.lexicon import Clause, Entry, Role
from workers.naming import Text
from workers.offices import is_determined, is_vague, office_after
from workers.parties import is_party, is_sum, meant
from workers.roles import Event, events_of
from workers.syntax import HYPHENS, has_auxiliary, is_verbal, phrases, preposition
from workers.wordorder import by_word_order, looks_finite
from workers.words import armed_words, word_lists

#: what ends a clause before "to" opens another
_CLAUSE_ENDS = frozenset(",;:\u2013\u2014")
#: where they happen is where whoever does them is posted; _LOSING: whoever suffers them
_STAYING = frozenset({"defend", "flee", "repel", "retreat", "surrender", "withdraw", "withdrawn"})
_LOSING = frozenset({"expel"})
#: these go elsewhere, perhaps to where the clause is about
_GOING = frozenset({"advance", "enter", "flee", "retreat", "withdraw", "withdrawn"})
#: what is accepted, refused, given and ended may be an "it" that the words before tell
_HELPING = frozenset({"end-help", "help", "limit-help"})
_SAID_OF_IT = _HELPING | {"agreement", "rejection"}
#: who is chosen may stand before the verb as before a passive
_CHOICES = frozenset({"appoint", "elect"})
_SUMS = frozenset({"billions", "dollars", "euros", "millions", "pounds"})
_THINGS = frozenset({"it", "them", "both"})
#: Penn tags of what stands before an adjective, and never before a verb whose subject it is
_NO_SUBJECTS = frozenset({",", "CC", "CD", "DT", "IN", "JJ"})
#: tokens between such a word and what it means
_MEMORY = 40
_POSSESSIVES = frozenset({"'s", "\u2019s", "'", "\u2019"})


def of_verb(text: Text, verb: Token, entry: Entry) -> Iterator[Event]:  # noqa: C901 — one slot a branch
    """Yield the events of a verb, or of a word that stands where a verb must."""
    if verb.i and text.doc[verb.i - 1].text in HYPHENS:
        if not _is_repeated(verb):
            return
        if is_verbal(verb.nbor(-2)) and verb.head in {verb.nbor(-2), verb.nbor(-2).head}:
            # the parser takes the "re" of "re-elected" for the verb
            for event in of_verb(text, verb.nbor(-2), entry):
                event.trigger = (verb.i - 2, verb.i + 1)
                yield event
            return
    attributive = verb.dep_ in {"amod", "case", "compound"} and not has_auxiliary(verb)
    if is_verbal(verb) and not attributive and not _is_of_armed_men(verb):
        roles = text.arguments(verb)
    elif not _is_of_armed_men(verb) and looks_finite(text, verb, entry):
        roles = by_word_order(text, verb)
    else:
        return
    _undo_passive(verb, entry, roles)
    if entry.event in _CHOICES:
        _turn_chosen(text, roles)
    if entry.office:
        office = office_after(verb, entry.office)
        titled = text.at.get(office.i) if office is not None else None
        if office is None or (titled is not None and titled.label == "person"):
            return
        if entry.patient:
            _turn_appointee(text, verb, roles, office)
    if not _frame_fits(text, verb, entry, roles) or _leaves_something_to_somebody(verb):
        return
    found = _phrases_around(text, entry, roles)

    def fill(role: Role) -> list[Token]:
        for slot in entry.slot(role):
            if slot == "subject":
                tokens = roles.subjects
            elif slot == "object":
                tokens = roles.objects or _behind_particle(entry, roles, found)
            elif slot == "owner":
                tokens = _owners(text, [*roles.subjects, *roles.objects])
            else:
                tokens = list(roles.recipients) if slot == "to" else []
                tokens += [
                    noun
                    for words, noun in found
                    if (words == slot or words.endswith(f" {slot}"))
                    and not text.is_date(noun)
                    and not (roles.passive and noun in roles.subjects)
                ]
            if role == "place":
                tokens = [token for token in tokens if text.ground(token, sure=entry.sure)]
            if role in entry.who:
                tokens = [token for token in tokens if is_party(text, token)]
            if tokens:
                return tokens
        if role == "patient" and entry.object and entry.event in _HELPING:
            return _named_before(text, roles.objects)
        if role != "place":
            return []
        near = _nested(text, roles, entry) if entry.place else text.scenes(verb)
        return near or _setting(text, verb, entry, roles)

    yield from events_of(text, verb, entry, fill, roles)


def _is_of_armed_men(word: Token) -> bool:
    """Tell "On Monday, armed men attacked", parsed as if Monday armed them."""
    if word.lower_ != "armed" or word.i == word.sent.start or word.i + 1 == word.sent.end:
        return False
    return word.nbor().tag_ in {"NN", "NNS"} and word.nbor(-1).tag_ in _NO_SUBJECTS


def _named_before(text: Text, nouns: list[Token]) -> list[Token]:
    """Return the state of "cut Ukraine aid" and "send Ukraine a battery", read as one name."""
    return [
        child
        for noun in nouns
        for child in noun.lefts
        if child.dep_ == "compound" and child.i in text.at and text.at[child.i].label == "place"
    ][:1]


def _is_repeated(verb: Token) -> bool:
    """Tell the second half of "re-entered" and "counter-attacked"."""
    return verb.i > verb.sent.start + 1 and verb.nbor(-2).lower_ in {"re", "counter"}


def _owners(text: Text, nouns: list[Token]) -> list[Token]:
    """Return whose something is: the rebels of "the flag of the rebels" and "the rebel flag"."""
    return [
        child
        for noun in nouns
        for child in noun.children
        if child.dep_ == "nmod:poss"
        or preposition(child) == "of"
        or (
            child.dep_ in {"compound", "amod"}
            and (child.i in text.at or child.lower_ in armed_words())
        )
    ]


def _turn_appointee(text: Text, verb: Token, roles: Arguments, office: Token) -> None:
    """Find who is appointed: "Okoro appointed prime minister" has no object but the office."""
    after = text.at.get(verb.i + 1)
    people = [noun for noun in roles.objects if text.actor(noun).label == "person"]
    owns = after is not None and text.doc[after.end : after.end + 1].text in _POSSESSIVES
    if after is not None and after.label == "person" and not owns:
        roles.passive, roles.objects = False, [text.doc[after.start]]
    elif roles.passive:
        return
    elif people and not is_vague(office):
        roles.objects = people
    elif named := [child for child in office.children if _is_person_beside(text, child)]:
        # "appointed a new minister, Orlando Vega"
        roles.objects = named
    elif others := [noun for noun in roles.objects if noun != office]:
        # "chose a former banker as premier"
        roles.objects = others
    elif verb.tag_ in {"VBN", "VBD"} and not is_determined(office) and not has_auxiliary(verb):
        roles.passive, roles.objects, roles.subjects = True, roles.subjects, []
    else:
        # "the king appointed a new premier", who is not named; nor is it the king
        roles.objects, roles.subjects = [], []


def _is_person_beside(text: Text, token: Token) -> bool:
    return token.dep_ == "appos" and text.actor(token).label == "person"


def _undo_passive(verb: Token, entry: Entry, roles: Arguments) -> None:
    """Turn back a participle that was read as passive where the verb cannot be.

    "Rebels swept into Hama" and "the moment a missile hit in Hama" are no rebels that were swept
    and no missile that was hit.
    """
    if not roles.passive or any(is_named(noun, entry) for noun in roles.objects):
        # "a proposal accepted by the rebels" is accepted
        return
    if verb.dep_ != "acl":
        acts = "subject" in entry.agent or bool(entry.subject_in)
        acts = acts and _object_role(entry) is None and not entry.passive
        if acts and not has_auxiliary(verb):
            # "The garrison surrendered", tagged as a participle
            roles.passive, roles.subjects, roles.objects = False, roles.objects, []
        return
    strikes = any(noun.lower_ in entry.subject_in for noun in roles.objects)
    if strikes or _object_role(entry) is None:
        roles.passive, roles.subjects, roles.objects = False, roles.objects, []


def _turn_chosen(text: Text, roles: Arguments) -> None:
    """Turn round "Okoro elected Chad's president", which headlines say for "was elected"."""
    ranks = word_lists()["offices"] | word_lists()["ranks"]
    if len(roles.subjects) != 1 or not roles.objects or roles.objects[0].lower_ not in ranks:
        return
    chosen = roles.subjects[0]
    named = text.at.get(chosen.i)
    somebody = chosen.dep_ == "nsubj:pass" or (named is not None and named.label == "person")
    somebody = somebody or chosen.lower_ in ranks | word_lists()["commanders"]
    if somebody and not any(child.dep_ == "det" for child in roles.objects[0].children):
        roles.passive, roles.subjects, roles.objects = True, [], [chosen]


def _phrases_around(text: Text, entry: Entry, roles: Arguments) -> list[tuple[str, Token]]:
    """Return the phrases of a verb, and those that hang on its object in its place."""
    found = list(roles.phrases)
    if entry.object and not entry.place and not entry.patient:
        return found
    particles = [noun for words, noun in found if words in entry.with_ and not roles.objects]
    for noun in (*roles.objects, *particles):
        if is_named(noun, entry) or (not entry.object and {"to", "of"} & {*entry.patient}):
            # "donated radar sets to Manila", "cleared Hama of rebels"
            found += (own := list(phrases(noun)))
            # "a motion of censure against the premier", "millions in aid to Kigali"; the Hama of
            # "control of parts of Hama" is not what is controlled
            inner = [pair for case, one in own if case in {"in", "of"} for pair in phrases(one)]
            found += [pair for pair in inner if pair[0] != "of"]
        elif text.ground(noun, sure=entry.sure):
            found += _parties(text, noun)
    for noun in roles.subjects if entry.subject_in else ():
        # "control of Hama passed to the rebels"
        found += phrases(noun)
    return found


def _parties(text: Text, noun: Token) -> list[tuple[str, Token]]:
    """Return who gives and gets a place, hung on its words: "ceded Hama and Homs to the rebels"."""
    # "the road from Hama to Homs" has no parties
    armed = armed_words() | word_lists()["rulers"]
    return [
        (words, one)
        for one in noun.subtree
        if (words := preposition(one)) in {"to", "from"}
        and (one.head == noun or one.lower_ in armed or _is_force(text, one))
        and (_is_behind_comma(one) or not _is_in_clause(one, noun))
    ]


def _is_in_clause(token: Token, noun: Token) -> bool:
    return any(is_verbal(above) and above.i > noun.i for above in token.ancestors)


def _is_behind_comma(token: Token) -> bool:
    """Tell "lost the town, which they took in May, to the rebels": the comma ends the clause."""
    case = next((child for child in token.lefts if child.dep_ == "case"), token)
    return case.i > 0 and case.nbor(-1).text == ","


def _is_force(text: Text, token: Token) -> bool:
    mention = text.at.get(token.i)
    return mention is not None and mention.label in {"organization", "group"}


def _nested(text: Text, roles: Arguments, entry: Entry) -> list[Token]:
    """Find the place in "clashed with the army in Hama", where it hangs on the army."""
    near = [*roles.objects, *(noun for _, noun in roles.phrases)]
    return [
        inner
        for noun in near
        if noun.i not in text.at or text.at[noun.i].label != "place"
        for words, inner in phrases(noun)
        if words in entry.place and words != "of" and text.place(inner)
    ]


def _setting(text: Text, verb: Token, entry: Entry, roles: Arguments) -> list[Token]:
    """Return the place that the clause is set in; where somebody flees "to" is none."""
    spoken_for = "object" in entry.place and (roles.objects or entry.event not in _STAYING)
    if spoken_for or (entry.event in _GOING and verb.dep_ == "acl:relcl"):
        return []
    whose = roles.objects if entry.event in _LOSING else roles.subjects
    holders = whose if entry.event in _LOSING | _STAYING else []
    return [token for token in text.setting(verb, holders) if text.ground(token)]


def _behind_particle(entry: Entry, roles: Arguments, found: list[tuple[str, Token]]) -> list[Token]:
    """Return the object of "called off the strike", where "off" was read as a preposition."""
    if roles.passive or entry.passive:
        return []
    particles = {word for needed in entry.with_ for word in needed.split("|")}
    return [noun for words, noun in found if words in particles]


def _leaves_something_to_somebody(verb: Token) -> bool:
    """Tell "leaving the army only a road" from leaving the army, or the road."""
    if verb.lemma_ != "leave":
        return False
    objects = [child for child in verb.children if child.dep_ in {"obj", "iobj"}]
    between = verb.doc[objects[0].i : objects[-1].i].text if len(objects) > 1 else ","
    return "," not in between


def is_named(noun: Token, entry: Entry) -> bool:
    """Tell whether an object is one that an entry names: "aid", "tons of aid", "$2bn"."""
    return any(
        one.lower_ in entry.object or ("dollars" in entry.object and is_sum(one))
        for counted in meant(noun)
        for one in (counted, *_in_kind(counted))
    )


def _in_kind(noun: Token) -> list[Token]:
    """Return the aid of "300 million dollars in aid"."""
    sums = is_sum(noun) or noun.lower_ in _SUMS
    return [child for child in noun.children if preposition(child) == "in"] if sums else []


def _is_meant(pronoun: Token, entry: Entry) -> bool:
    """Tell "Hamas accepted it" behind a proposal, and "it resumed them" behind deliveries."""
    if entry.event not in _SAID_OF_IT or pronoun.lower_ not in _THINGS:
        return False
    before = pronoun.doc[max(0, pronoun.i - _MEMORY) : pronoun.i]
    return any(one.lower_ in entry.object and one.tag_.startswith("NN") for one in before)


def _nearby(verb: Token) -> set[str]:
    words = set()
    if verb.dep_ == "acl":
        # "a deal struck in Hama"
        words.add(verb.head.lower_)
    for child in verb.children:
        if child.dep_ != "conj":
            words.add(child.lower_)
        # what a joined verb takes is its own: "took the town and held the road"
        for deep in child.children if child.dep_ != "conj" else ():
            if deep.dep_ in {
                "case",
                "compound:prt",
                "amod",
                "compound",
                "nmod",
                "nmod:poss",
                "obl",
                "obj",
                "fixed",
                "aux",
            }:
                words.add(deep.lower_)
    end = min(verb.i + 3, verb.sent.end)
    words.update(token.lower_ for token in verb.doc[verb.i + 1 : end] if token.pos_ != "PUNCT")
    return words


def _has_particle(verb: Token, entry: Entry) -> bool:
    """Tell "troops moved in at dawn" from "troops moved in May"."""
    after = verb.doc[verb.i + 1 : verb.i + 2]
    return any(
        child.lower_ in entry.particle and child.dep_ in {"compound:prt", "advmod"}
        for child in verb.children
    ) or any(one.lower_ in entry.particle and one.tag_ in {"RP", "RB"} for one in after)


def _has_clause(verb: Token, kind: Clause) -> bool:
    """Tell whether such a clause follows: "to leave", "that it left", "leaving"."""
    doc, end = verb.doc, verb.sent.end
    if kind == "that":
        near = doc[verb.i + 1 : min(verb.i + 5, end)]
        return any(token.lower_ == "that" and token.tag_ == "IN" for token in near) or any(
            child.dep_ == "ccomp" and child.i > verb.i for child in verb.children
        )
    if kind == "ing":
        return verb.i + 1 < end and doc[verb.i + 1].tag_ == "VBG"
    for token in doc[verb.i + 1 : min(verb.i + WINDOW, end - 1)]:
        if token.text in _CLAUSE_ENDS:
            return False
        if token.lower_ == "to" and doc[token.i + 1].tag_ in {"VB", "VBP", "RB"}:
            return True
    return any(
        child.i > verb.i and any(deep.tag_ == "TO" for deep in child.lefts)
        for child in verb.children
        if child.dep_ in {"xcomp", "ccomp", "advcl", "acl"}
    )


def _frame_fits(text: Text, verb: Token, entry: Entry, roles: Arguments) -> bool:  # noqa: C901, PLR0911 — a list of conditions, each named by its key
    if entry.war and not text.is_of_war:
        return False
    if (entry.clause is not None and not _has_clause(verb, entry.clause)) or (
        entry.particle and not _has_particle(verb, entry)
    ):
        return False
    words = _nearby(verb) if entry.with_ or entry.never else set()
    if entry.never & words:
        return False
    if entry.with_ and not all(
        any(choice in words for choice in needed.split("|")) for needed in entry.with_
    ):
        return False
    things = roles.objects or _behind_particle(entry, roles, roles.phrases)
    if entry.object and not any(is_named(noun, entry) or _is_meant(noun, entry) for noun in things):
        return False
    if entry.subject_in and not any(
        noun.lower_ in entry.subject_in
        or (noun.i in text.at and text.doc[text.at[noun.i].end - 1].lower_ in entry.subject_in)
        for noun in roles.subjects
    ):
        return False
    participle = verb.tag_ in {"VBN", "VBD"}
    if entry.alone and verb.i + 1 < verb.sent.end and verb.nbor(1).lower_ == "to":
        return False
    if entry.passive and not (roles.passive or (participle and not roles.objects)):
        return False
    if (
        participle
        and not roles.passive
        and not roles.objects
        and roles.subjects
        and not any(child.dep_ == "aux" for child in verb.children)
        and _object_role(entry) is not None
        and ("agent",) not in entry.needs
    ):
        # a headline's bare participle: "Hama bombed", "General killed in raid"
        wanted = _object_role(entry)
        mention = (
            text.ground(roles.subjects[0]) if wanted == "place" else text.actor(roles.subjects[0])
        )
        if mention is not None and (wanted == "place" or mention.label == "person"):
            roles.passive, roles.objects, roles.subjects = True, roles.subjects, []
    if entry.bare is not None and not roles.passive:
        objects = [
            noun
            for noun in roles.objects
            if not any(one.lower_ in entry.bare for one in meant(noun))
        ]
        if any(text.place(noun) is None or "object" not in entry.place for noun in objects):
            return False
    return not (entry.bare is not None and roles.passive and not entry.patient)


def _object_role(entry: Entry) -> Role | None:
    if "object" in entry.place:
        return "place"
    return "patient" if "object" in entry.patient else None
