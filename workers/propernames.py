"""Which words belong to a name, by their capitals: the tagger often takes one for something else."""

from __future__ import annotations

from spacy.tokens import Span, Token

from workers.words import word_lists

#: letters of what a headline in Title Case writes with a capital
_LONG_WORD = 5
#: beside the grounds of words.yaml, what maps and roads give numbers to
_NUMBERED = frozenset({"kilo", "kilometer", "kilometre", "point"})


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


def end_of_numbered(token: Token) -> int:
    """Return where a name ends that may be a word and its number: "Hill 350", "Base 46"."""
    end: int = token.i + 1
    kind = token.is_title and token.lower_ in word_lists()["grounds"] | _NUMBERED
    number = kind and end < token.sent.end and token.doc[end].tag_ == "CD"
    return end + 1 if number else end
