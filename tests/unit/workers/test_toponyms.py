"""Names of places in a text are told apart by the text: invented sentences, real places."""

from __future__ import annotations

import pytest

from workers.toponyms.areas import Kind
from workers.toponyms.index import GeoPlace
from workers.toponyms.resolver import Named, resolve_all


def places(text: str, *names: str, countries: tuple[str, ...] = ()) -> list[GeoPlace | None]:
    """Resolve names at the first place where they stand in a text."""
    named = [Named(text.index(name), text.index(name) + len(name), name) for name in names]
    return resolve_all(named, text, countries)


def where(text: str, *names: str) -> list[str]:
    """Return country and state or province of every name."""
    return [f"{one.country}.{one.division}" if one else "" for one in places(text, *names)]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("The army left Homs and Hama.", ["Homs", "Hama"], ["SY.11", "SY.10"]),
        ("A tanker left the Libyan port of Homs.", ["Homs"], ["LY.82"]),
        ("Shops in Tripoli and Beirut closed.", ["Tripoli", "Beirut"], ["LB.09", "LB.04"]),
        ("Militias in Tripoli and Misrata agreed.", ["Tripoli", "Misrata"], ["LY.77", "LY.72"]),
        ("Lebanon's second city Tripoli was quiet.", ["Tripoli"], ["LB.09"]),
        ("A flood hit Paris, Texas, on Monday.", ["Paris"], ["US.TX"]),
        ("A storm hit the Texas town of Paris.", ["Paris"], ["US.TX"]),
        ("Shops in London, Paris, Georgia and Armenia.", ["London", "Paris"], ["GB.ENG", "FR.11"]),
        ("Ministers met in London and Paris.", ["London", "Paris"], ["GB.ENG", "FR.11"]),
        ("Talks in Rome and Athens failed.", ["Rome", "Athens"], ["IT.07", "GR.ESYE31"]),
        ("A fire in London, Ontario, killed two.", ["London"], ["CA.08"]),
        ("In Tbilisi crowds filled the streets as Georgia voted.", ["Tbilisi", "Georgia"], ["GE.51", "GE."]),
        ("Police in Atlanta and Macon, across Georgia.", ["Atlanta", "Macon", "Georgia"], ["US.GA"] * 3),
        ("Farmers from Cordoba drove to Buenos Aires.", ["Cordoba", "Buenos Aires"], ["AR.05", "AR.07"]),
        ("The train from Seville to Cordoba was late.", ["Seville", "Cordoba"], ["ES.51", "ES.51"]),
        ("A church in Birmingham, Alabama, burned.", ["Birmingham"], ["US.AL"]),
        ("Strikes in Birmingham and Coventry went on.", ["Birmingham", "Coventry"], ["GB.ENG", "GB.ENG"]),
        ("Santiago was shaken; Chile has many quakes.", ["Santiago"], ["CL.12"]),
        ("Crowds in Valencia and Caracas.", ["Valencia", "Caracas"], ["VE.07", "VE.25"]),
        ("Rain in Valencia and Madrid.", ["Valencia", "Madrid"], ["ES.60", "ES.29"]),
        ("Hyderabad and Karachi had no power.", ["Hyderabad", "Karachi"], ["PK.05", "PK.05"]),
        ("Hyderabad and Bengaluru had no power.", ["Hyderabad", "Bengaluru"], ["IN.40", "IN.19"]),
        ("Boats left Derna and Benghazi.", ["Derna", "Benghazi"], ["LY.70", "LY.69"]),
        ("U.S. officials in Washington denied it.", ["Washington"], ["US.DC"]),
        ("Drivers from Springfield, Mass., complained.", ["Springfield"], ["US.MA"]),
        ("Clarke and Madison counties, in Georgia, share a jail.", ["Clarke", "Madison", "Georgia"], ["US.GA"] * 3),
    ],
)  # fmt: skip
def test_the_text_decides(text: str, names: list[str], expected: list[str]) -> None:
    """Given names that several places have, the words and places around them tell which."""
    assert where(text, *names) == expected


def test_one_sense_per_text() -> None:
    """Given a name told once, its bare repetition far away means the same."""
    text = "Paris, Texas, is small. " + "It has a fair. " * 60 + "People in Paris like it."
    last = text.rindex("Paris")
    both = resolve_all([Named(0, 5, "Paris"), Named(last, last + 5, "Paris")], text)
    assert [one.division for one in both if one] == ["TX", "TX"]


def test_two_senses_when_both_are_told() -> None:
    """Given two places of one name, each told, they stay two."""
    text = "Paris, Texas, was named after Paris, France."
    last = text.rindex("Paris")
    both = resolve_all([Named(0, 5, "Paris"), Named(last, last + 5, "Paris")], text)
    assert [one.country for one in both if one] == ["US", "FR"]


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("Syrian", Kind.COUNTRY, "Syria"),
        ("Syrians", Kind.COUNTRY, "Syria"),
        ("UK", Kind.COUNTRY, "United Kingdom"),
        ("the Netherlands", Kind.COUNTRY, "The Netherlands"),
        ("Calif.", Kind.DIVISION, "California"),
        ("NSW", Kind.DIVISION, "New South Wales"),
        ("Helmand", Kind.DIVISION, "Helmand"),
        ("Middle East", Kind.REGION, "Middle East"),
        ("Mediterranean Sea", Kind.REGION, "Mediterranean"),
        ("BEIRUT", Kind.TOWN, "Beirut"),
        ("northern Aleppo", Kind.TOWN, "Aleppo"),
        ("Idlib", Kind.TOWN, "Idlib"),
        ("Mt. Pleasant", Kind.TOWN, "Mount Pleasant"),
        ("Sharm El-Sheikh", Kind.TOWN, "Sharm el-Sheikh"),
        ("Ohioans", Kind.DIVISION, "Ohio"),
        ("Laurel County", Kind.COUNTY, "Laurel County"),
    ],
)
def test_kinds_and_spellings(name: str, kind: Kind, found: str) -> None:
    """Given a name by itself, it is found in the spelling of the gazetteer."""
    [place] = places(f"{name}.", name)
    assert place is not None
    assert (place.kind, place.name) == (kind, found)


def test_what_the_caller_knows_counts_most() -> None:
    """Given a country or an id, no text turns it; other names follow it."""
    text = "Tripoli and Misrata traded shots with Zahle."
    sure = Named(0, 7, "Tripoli", country="LB")
    [place] = resolve_all([sure], text)
    assert place is not None
    assert place.country == "LB"
    by_id = Named(0, 7, "Anywhere", geonames=266826)
    [place] = resolve_all([by_id], text)
    assert place is not None
    assert place.name == "Tripoli"
    [place] = places("Tripoli was quiet.", "Tripoli", countries=("LB",))
    assert place is not None
    assert place.country == "LB"


def test_unknown_names_and_no_names() -> None:
    """Given what no gazetteer has, nothing is guessed."""
    assert places("Nowhereville Xyz is far.", "Nowhereville Xyz") == [None]
    assert resolve_all([], "Nothing here.") == []
