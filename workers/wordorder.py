"""What the order of the words tells where the parse does not: headlines, mostly."""

from __future__ import annotations

from spacy.tokens import Token

from workers.arguments import Arguments, arguments
from workers.document import WINDOW
from workers.lexicon import Entry
from workers.mentions import Mention
from workers.naming import Text
from workers.syntax import HYPHENS, is_verbal
from workers.words import armed_words, word_lists

#: what may stand between a subject and its verb
_PASSED_OVER = frozenset({"RB", "MD", ","})
#: what an ambiguous word acts on when it is a verb
_GOALS = frozenset({"place", "person"})


def looks_finite(text: Text, word: Token, entry: Entry) -> bool:
    """Tell a verb that the tagger or parser took for something else, by what stands around it."""
    if _is_infinitive(word):
        return True
    before = _before(word)
    if before < word.sent.start or not text.doc[before].tag_.startswith("NN"):
        return False
    if word.tag_ == "IN":
        return word.lower_ != "near"  # "sites near Hama"; "the army retook Hama"
    inflected = word.lower_.endswith("ed") or word.tag_ in {"VBD", "VBN", "VBZ"}
    return (
        inflected
        or _is_relative(word)
        or _ends_on(text, word, before)
        or (_may_act(text, word, before) and _has_goal(text, word, entry, before))
    )


def _ends_on(text: Text, word: Token, before: int) -> bool:
    """Tell the verb of "Okoro Resigns": behind a person, with nothing that it could be said of."""
    known = text.at.get(before)
    last = word.i + 1 >= word.sent.end or text.doc[word.i + 1].tag_ in {"IN", "RP", "_SP", ",", "."}
    inflected = word.lower_.endswith("s") or word.tag_ == "NNP"
    return known is not None and known.label == "person" and inflected and last


def _may_act(text: Text, word: Token, before: int) -> bool:
    """Tell a noun that may be a subject from the first half of a compound."""
    noun, known = text.doc[before], text.at.get(before)
    return (
        (known is not None and known.label != "date")
        or noun.tag_ == "NNS"
        or any(child.tag_ == "DT" for child in noun.lefts)
        or noun.lower_ in armed_words()
        or before == word.sent.start
    )


def _has_goal(text: Text, word: Token, entry: Entry, before: int) -> bool:
    """Tell whether what a verb acts on stands right behind it."""
    after = text.at.get(word.i + 1)
    if after is text.at.get(before):
        return False
    if after is not None and after.start == word.i + 1 and after.label in _GOALS:
        return True
    if word.i + 1 >= word.sent.end:
        return False
    following = text.doc[word.i + 1]
    near = text.doc[word.i + 1 : min(word.i + 3, word.sent.end)]
    return (
        any(token.lower_ in entry.object for token in near)
        # "Taliban close in on Hama"
        or any(following.lower_ in one.split("|") for one in entry.with_)
        or (word.lower_.endswith("s") and following.tag_ in {"DT", "IN", "RP"})
    )


def _before(word: Token) -> int:
    """Return the index of the noun that a misparsed verb would have for its subject."""
    before: int = word.i - 1
    while before > word.sent.start and word.doc[before].tag_ in _PASSED_OVER:
        before -= 1
    return before


def _is_infinitive(word: Token) -> bool:
    """Tell "Vows to March on Hama", where a title's capital makes a name of a verb."""
    after = word.i + 1 < word.sent.end and word.nbor().tag_ in {"IN", "RP"}
    before = word.nbor(-1) if word.i > word.sent.start + 1 else None
    to = before is not None and before.lower_ == "to" and is_verbal(before.nbor(-1))
    return after and to and word.is_title


def by_word_order(text: Text, verb: Token) -> Arguments:
    """Read subject, object and phrases off the order of the words around a misparsed verb."""
    doc, end = text.doc, verb.sent.end
    governed = _is_infinitive(verb)
    found = Arguments(
        subjects=arguments(doc[verb.i - 2]).subjects if governed else [_top(doc[_before(verb)])]
    )
    index, words = verb.i + 1, ""
    while index < end and index - verb.i <= WINDOW:
        token = doc[index]
        known = text.at.get(index)
        if known is not None or token.tag_.startswith(("NN", "PRP")):
            last = known.end - 1 if known is not None else index
            while known is None and last + 1 < end and doc[last + 1].tag_.startswith("NN"):
                last += 1
            head = doc[last]
            if words:
                found.phrases.append((words, head))
            elif not found.objects:
                found.objects.append(head)
            index, words = last + 1, ""
            continue
        if token.tag_ in {"IN", "TO", "RP"}:
            words = f"{words} {token.lower_}".strip()
        elif token.tag_ not in {"DT", "JJ", "RB", "PRP$", "CD", "VBN", "POS", "JJS"}:
            break
        index += 1
    if _is_relative(verb) and not found.objects:
        found.objects = [verb.head]
    return found


def _is_relative(word: Token) -> bool:
    """Tell "Hama, which the army controls", taken for controls of an army."""
    relative = word.dep_ == "acl:relcl" and word.tag_ == "NNS"
    return relative and any(child.lower_ in {"which", "that"} for child in word.children)


def _top(noun: Token) -> Token:
    """Return the troops of "troops backed by the coalition retook"."""
    top = noun
    for above in noun.ancestors:
        if above.i > noun.i:
            break
        own = [child for child in above.children if child.dep_.startswith("nsubj")]
        if is_verbal(above) and own and own[0].i < noun.i:
            return own[0]
        if above.tag_.startswith("NN"):
            top = above
    return top


def phrase_after(text: Text, word: Token) -> list[tuple[str, Token]]:
    """Return the phrase right behind a noun, "of President Okoro", however it was parsed."""
    index = word.i + 1
    if index >= word.sent.end or text.doc[index].tag_ not in {"IN", "TO"}:
        return []
    words = text.doc[index].lower_
    index += 1
    while index < word.sent.end and index not in text.at and text.doc[index].tag_ in {"DT", "JJ"}:
        index += 1
    known = text.at.get(index)
    if known is None:
        return []
    # "of Hama's suburbs" is not of Hama, nor "against the Hama-backed rebels"
    after = text.doc[known.end] if known.end < len(text.doc) else None
    other = after is not None and (
        after.tag_ == "POS" or after.text in HYPHENS or after.lower_ in word_lists()["backed"]
    )
    return [] if other else [(words, text.doc[known.end - 1])]


def neighbours(text: Text, word: Token) -> tuple[Mention | None, Mention | None]:
    """Return the mentions right before and right behind a word, small words passed over."""
    left, right = word.i - 1, word.i + 1
    while left > word.sent.start and text.doc[left].tag_ in {"RB", "MD"}:
        left -= 1
    while right < word.sent.end - 1 and text.doc[right].tag_ in {"DT", "JJ", "RB"}:
        if right in text.at:
            break
        right += 1
    before = text.at.get(left) if left >= word.sent.start else None
    after = text.at.get(right) if right < word.sent.end else None
    return before, after
