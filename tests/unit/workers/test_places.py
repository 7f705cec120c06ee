"""Names of places are resolved offline."""

import pytest

from workers.toponyms.index import fold
from workers.toponyms.resolver import resolve


@pytest.mark.parametrize(
    ("name", "countries", "country", "found"),
    [
        ("Homs", (), "SY", "Homs"),
        ("Aleppo", (), "SY", "Aleppo"),
        ("Kiev", (), "UA", "Kyiv"),
        ("Tripoli", (), "LY", "Tripoli"),
        ("Tripoli", ("LB",), "LB", "Tripoli"),
        ("Moscow", ("US",), "RU", "Moscow"),
        ("Paris", (), "FR", "Paris"),
        ("Paris, Texas", (), "US", "Paris"),
        ("Tripoli, Lebanon", (), "LB", "Tripoli"),
        ("Syria", (), "SY", "Syria"),
        ("U.S.", (), "US", "United States"),
        ("Texas", (), "US", "Texas"),
        ("Bogot\u00e1", (), "CO", "Bogot\u00e1"),
        ("Bogota", ("CO",), "CO", "Bogot\u00e1"),
    ],
)
def test_name(name: str, countries: tuple[str, ...], country: str, found: str) -> None:
    """Given a name and the countries of the text, the place that is meant is found."""
    place = resolve(name, countries)
    assert place is not None
    assert (place.country, place.name) == (country, found)
    assert -90 <= place.lat <= 90
    assert -180 <= place.lon <= 180


@pytest.mark.parametrize("name", ["", ",", "nice", "Nowhereville Xyz", "Homs, Texas", "the city"])
def test_no_place(name: str) -> None:
    """What GeoNames does not know is not guessed; case matters."""
    assert resolve(name) is None


def test_fold_takes_diacritics_off() -> None:
    """Letters with marks become plain ones."""
    assert fold("\u0141\u00f3d\u017a") == "Lodz"
