"""The world that the sentences of these tests are read against."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ruamel.yaml import YAML

from monitor.ontology import Ontology
from monitor.records import Article
from monitor.watchlist import Source, Watchlist
from workers.reader import Reader

NOON = datetime(2024, 12, 6, 12, tzinfo=UTC)

WATCHLIST = Watchlist.model_validate(
    {
        "places": {
            "hama": {"name": "Hama", "country": "SY"},
            "homs": {"name": "Homs", "country": "SY"},
            "aleppo": {"name": "Aleppo", "country": "SY"},
            "damascus": {"name": "Damascus", "country": "SY"},
            "kherson": {"name": "Kherson", "country": "UA"},
            "kherson-airport": {"name": "Kherson airport", "country": "UA"},
            "kharkiv": {"name": "Kharkiv", "country": "UA"},
        },
        "actors": {
            "hts": {
                "name": "Hayat Tahrir al-Sham",
                "aliases": ["HTS", "rebels", "insurgents"],
                "kind": "armed-group",
                "country": "SY",
            },
            "syrian-government": {
                "name": "Syrian government",
                "aliases": ["Syrian army", "government forces"],
                "kind": "government",
                "country": "SY",
            },
            "russia": {"name": "Russia", "kind": "government"},
            "ukraine": {"name": "Ukraine", "kind": "government"},
            "assad": {"name": "Bashar al-Assad", "aliases": ["Assad"], "kind": "person"},
            "okafor": {"name": "Lena Okafor", "kind": "person"},
        },
    }
)

SOURCES = {
    "state": Source(name="State agency", party=("syrian-government",)),
    "wire": Source(name="Levant Wire", wire=True),
}


def ontology() -> Ontology:
    """Return the ontology that the product ships."""
    path = Path(__file__).parents[3] / "config" / "ontology.yaml"
    return Ontology.model_validate(YAML(typ="safe").load(path))


def reader(**options: bool) -> Reader:
    """Return a reader of this world."""
    return Reader(ontology(), [WATCHLIST], SOURCES, **options)


def article(title: str, text: str = "", *, source: str = "herald", revision: int = 0) -> Article:
    """Return an article published at noon."""
    return Article(
        id="a1",
        revision=revision,
        feed="feed",
        source=source,
        title=title,
        text=text,
        language="en",
        published=NOON,
        seen=NOON,
    )
