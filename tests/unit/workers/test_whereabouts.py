"""Where the event of a verb happened: the name that the tree gives it, not the nearest one."""

from __future__ import annotations

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from workers.mentions import Mention
from workers.reader import pipeline
from workers.whereabouts import whereabouts


def doc_of(text: str, heads: str) -> Doc:
    """Build a tree: ``head/relation/tag`` of each word, heads counted from 0."""
    rows = [row.split("/") for row in heads.split()]
    return Doc(
        pipeline("en_news_sm").vocab,
        words=text.split(),
        heads=[int(head) for head, _, _ in rows],
        deps=[relation for _, relation, _ in rows],
        tags=[tag for _, _, tag in rows],
    )


def told(doc: Doc, verb: str, *places: str, label: str = "place") -> list[str]:
    """Return the names of the places of a verb, of those that the document names."""
    words = [token.text for token in doc]
    mentions = [
        Mention(at, at + 1, place, label, name=place)  # type: ignore[arg-type]
        for place in places
        for at in [words.index(place)]
    ]
    return [span.text for span in whereabouts(doc[words.index(verb)], mentions)]


def test_what_is_acted_on_comes_before_phrases() -> None:
    """Both of two, and a street of the place counts as the place."""
    doc = doc_of(
        "Rebels took Homs and Hama in Syria",
        "1/nsubj/NNS 1/ROOT/VBD 1/obj/NNP 4/cc/CC 2/conj/NNP 6/case/IN 1/obl/NNP",
    )
    streets = doc_of(
        "Police patrolled the streets of Homs",
        "1/nsubj/NNS 1/ROOT/VBD 3/det/DT 1/obj/NNS 5/case/IN 3/nmod/NNP",
    )

    assert told(doc, "took", "Homs", "Hama", "Syria") == ["Homs", "Hama"]
    assert told(streets, "patrolled", "Homs") == ["Homs"]


def test_a_person_shot_in_a_town_is_no_place() -> None:
    """A phrase of place tells; so does that of the object."""
    phrase = doc_of(
        "Ten people died near Homs",
        "1/nummod/CD 2/nsubj/NNS 2/ROOT/VBD 4/case/IN 2/obl/NNP",
    )
    hung = doc_of(
        "Gunmen shot a guard at a house in Homs",
        "1/nsubj/NNS 1/ROOT/VBD 3/det/DT 1/obj/NN 6/case/IN 6/det/DT 3/nmod/NN 8/case/IN 6/nmod/NNP",
    )

    assert told(phrase, "died", "Homs") == ["Homs"]
    assert told(hung, "shot", "Homs") == ["Homs"]
    assert told(hung, "shot", "Homs", label="person") == []


def test_each_verb_has_its_own_place() -> None:
    """Two clauses, two towns; a clause that goes on shares the place of the one before."""
    two = doc_of(
        "Shells hit Homs and troops left Hama",
        "1/nsubj/NNS 1/ROOT/VBD 1/obj/NNP 5/cc/CC 5/nsubj/NNS 1/conj/VBD 5/obj/NNP",
    )
    on = doc_of(
        "Planes bombed Homs , killing two",
        "1/nsubj/NNS 1/ROOT/VBD 1/obj/NNP 1/punct/, 1/advcl/VBG 4/obj/CD",
    )

    assert told(two, "hit", "Homs", "Hama") == ["Homs"]
    assert told(two, "left", "Homs", "Hama") == ["Hama"]
    assert told(on, "killing", "Homs") == ["Homs"]


def test_a_country_before_its_embassy_or_army_is_not_where_it_is() -> None:
    """The phrase behind it is."""
    doc = doc_of(
        "Crowds stormed the France embassy in Homs",
        "1/nsubj/NNS 1/ROOT/VBD 4/det/DT 4/compound/NNP 1/obj/NN 6/case/IN 4/nmod/NNP",
    )

    assert told(doc, "stormed", "France", "Homs") == ["Homs"]


def test_regions_behind_a_comma_are_left_out_and_months_are_no_towns() -> None:
    """Kano of "Kano, Nigeria"."""
    doc = doc_of(
        "He died in Kano , Nigeria in March",
        "1/nsubj/PRP 1/ROOT/VBD 3/case/IN 1/obl/NNP 5/punct/, 3/conj/NNP 7/case/IN 1/obl/NNP",
    )

    assert told(doc, "died", "Kano", "Nigeria", "March") == ["Kano"]
    assert told(doc, "died", "March") == []


def test_the_clause_that_tells_when_tells_where() -> None:
    """As in "killed when a bomb exploded in Homs"."""
    doc = doc_of(
        "Two died when bombs exploded in Homs",
        "1/nsubj/CD 1/ROOT/VBD 4/advmod/WRB 4/nsubj/NNS 1/advcl/VBD 6/case/IN 4/obl/NNP",
    )

    assert told(doc, "died", "Homs") == ["Homs"]


def test_what_stands_first_is_the_place_of_what_is_told() -> None:
    """As in "In Homs, police said, gunmen killed two"."""
    doc = doc_of(
        "In Homs police said gunmen killed two",
        "1/case/IN 3/obl/NNP 3/nsubj/NNS 3/ROOT/VBD 5/nsubj/NNS 3/ccomp/VBD 5/obj/CD",
    )

    assert told(doc, "killed", "Homs") == ["Homs"]


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("close to Homs", ["Homs"]),
        ("west of Homs", ["Homs"]),
        ("in the town of Homs", ["Homs"]),
        ("about the Homs plan", []),
    ],
)
def test_a_phrase_that_hangs_elsewhere_is_found_by_its_words(words: str, places: list[str]) -> None:
    """Where the parser hung it on another word, the order of the words still tells."""
    tags = {"in": "IN", "of": "IN", "to": "IN", "about": "IN", "the": "DT", "Homs": "NNP"}
    phrase = words.split()
    doc = Doc(
        pipeline("en_news_sm").vocab,
        words=["Guards", "resting", "fired", *phrase],
        heads=[2, 0, 2, *([1] * len(phrase))],
        deps=["nsubj", "amod", "ROOT", *(["dep"] * len(phrase))],
        tags=["NNS", "VBG", "VBD", *(tags.get(word, "NN") for word in phrase)],
    )

    assert told(doc, "fired", "Homs") == places


def test_the_name_inside_a_mention_is_told() -> None:
    """Homs of "the city of Homs"."""
    nlp: Language = pipeline("en_news_sm")
    doc = nlp("Troops left the city of Homs.")
    mention = Mention(2, 6, "the city of Homs", "place", name="Homs")

    assert [span.text for span in whereabouts(doc[1], [mention])] == ["Homs"]


def test_a_name_before_or_behind_a_kind_of_place_is_one() -> None:
    """Nobody need know it; a district stands before the land it is of, a town's land before it."""
    district = doc_of(
        "Bombs fell in the Zorba district of Chad",
        "1/nsubj/NNS 1/ROOT/VBD 5/case/IN 5/det/DT 5/compound/NNP 1/obl/NN 7/case/IN 5/nmod/NNP",
    )
    town = doc_of(
        "Bombs fell in the Chad town of Zorba",
        "1/nsubj/NNS 1/ROOT/VBD 5/case/IN 5/det/DT 5/compound/NNP 1/obl/NN 7/case/IN 5/nmod/NNP",
    )

    assert told(district, "fell", "Chad") == ["Zorba"]
    assert told(town, "fell", "Chad") == ["Zorba"]


def test_who_was_shot_somewhere_is_not_the_place() -> None:
    """A phrase of place outweighs the subject of a passive, whatever that was taken for."""
    doc = doc_of(
        "Jordan was shot in Belfast",
        "2/nsubj:pass/NNP 2/aux:pass/VBD 2/ROOT/VBN 4/case/IN 2/obl/NNP",
    )

    assert told(doc, "shot", "Jordan", "Belfast") == ["Belfast"]
