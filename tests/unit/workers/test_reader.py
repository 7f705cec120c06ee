"""The reader: what is not parsed, and what extract writes."""

from __future__ import annotations

import io
import json

import pytest

from tests import tiny
from tests.unit.workers.newsroom import SOURCES, WATCHLIST, article, ontology, reader
from workers.extract import extract
from workers.reader import Reader


def _line(**keys: str) -> str:
    return json.dumps({"id": "1", "published": "2024-12-06T12:00:00Z", "source": "x", **keys})


def test_an_article_without_a_tracked_name_is_set_aside() -> None:
    """It is never parsed."""
    (read,) = reader().read([article("Gunmen captured Springfield")])

    assert read.outcome == "set_aside"
    assert read.doc is None


def test_an_article_whose_events_move_nothing_is_set_aside() -> None:
    """A visit to a tracked place is no reason to parse it."""
    (read,) = reader().read([article("Okafor tours Homs", "She praised the bakers of Homs.")])

    assert read.outcome == "set_aside"


def test_an_article_without_an_event_word_is_set_aside() -> None:
    """A name alone says nothing."""
    (read,) = reader().read([article("Weather in Hama: sunny")])

    assert read.outcome == "set_aside"


FRENCH = (
    "Les rebelles ont pris la ville de Hama jeudi, selon des habitants, et avancent "
    "maintenant vers le sud du pays; control, attack. Les combats ont fait dix morts."
)


@pytest.mark.parametrize("hint", [None, "en", "fr"])
def test_another_language_is_skipped_and_named(hint: str | None) -> None:
    """Whatever the feed says: no English rule is let loose on it."""
    french = article("Hama", FRENCH).model_copy(update={"language": hint})

    (read,) = reader().read([french])

    assert read.outcome == "skipped:fr"
    assert read.claims == ()


def test_another_language_is_named_where_nothing_of_interest_is_in_it() -> None:
    """It is counted as what it is, not as an article about something else."""
    (read,) = reader().read([article("الجيش السوري ينسحب من حمص")])

    assert read.outcome == "skipped:ar"


def test_english_is_read_in_a_feed_of_another_language() -> None:
    """The text decides."""
    english = article("Rebels capture Hama").model_copy(update={"language": "ar"})

    (read,) = reader().read([english])

    assert {claim.subject for claim in read.claims} >= {"hama"}


@pytest.fixture(scope="module")
def bilingual(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A reader with a pipeline for Spanish."""
    spanish = tiny.pipeline(tmp_path_factory.mktemp("es"), "es", without=["tagger", "lemmatizer"])
    return Reader(ontology(), [WATCHLIST], SOURCES, {"es": str(spanish)})


def test_a_language_with_a_pipeline_is_parsed_for_its_names(bilingual: Reader) -> None:
    """Names are found by that pipeline; the rules are English and claim nothing."""
    articles = [
        article(
            "Los rebeldes tomaron Hama", "Atacan ahora el sur, según vecinos; control, attack."
        ),
        article("Rebels capture Hama"),
        article("Los vecinos de Lugo esperan la primavera con impaciencia"),
        article("Rebellen nehmen die Stadt Hama ein"),
    ]

    with bilingual.memory():
        read = list(bilingual.read(articles))

        assert [one.outcome for one in read] == ["names_only:es", "read", "set_aside", "skipped:de"]
        assert read[0].doc is not None
        assert read[0].doc.lang_ == "es"
        assert {one.subject for one in read[0].mentions} >= {"hama"}
        assert (read[0].events, read[0].claims) == ((), ())
        assert read[1].claims


def test_extract_tells_what_it_does_not_read(
    bilingual: Reader, capsys: pytest.CaptureFixture[str]
) -> None:
    """The names of one language, nothing of another: one line each says so."""
    out = io.StringIO()
    titles = ("Los rebeldes tomaron la ciudad de Hama", "Rebellen nehmen die Stadt Hama ein")

    status = extract([_line(title=title) for title in titles], out, bilingual)

    spanish, german = (json.loads(line) for line in out.getvalue().splitlines())
    assert status == 0
    assert [one["subject"] for one in spanish["entities"]] == ["hama"]
    assert (spanish["claims"], german["entities"]) == ([], [])
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in told] == ["line 1", "line 2"]
    assert 'language "es"' in told[0]
    assert 'language "de": no pipeline reads it' in told[1]


def test_extract_keeps_the_offsets_of_its_input() -> None:
    """Offsets count characters of title, newline and text."""
    out = io.StringIO()
    line = _line(title="Rebels  capture <b>Hama</b>", text="A day later rebels captured Homs.")

    status = extract([line], out, reader())

    row = json.loads(out.getvalue())
    body = "Rebels  capture <b>Hama</b>\nA day later rebels captured Homs."
    assert status == 0
    for entity in row["entities"]:
        assert body[entity["start"] : entity["end"]] == entity["text"]
    assert {claim["subject"] for claim in row["claims"] if claim["facet"] == "control"} >= {"homs"}


def test_extract_names_a_bad_line_and_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    """One clear line with the number; the rest is read."""
    out = io.StringIO()

    status = extract(["{nonsense", _line(title="Rebels capture Hama")], out, reader())

    assert status == 1
    assert capsys.readouterr().err.startswith("line 1: ")
    assert len(out.getvalue().splitlines()) == 1


def test_extract_without_a_watchlist_names_what_it_can() -> None:
    """Untracked places are claimed under their plain names, with coordinates beside."""
    out = io.StringIO()

    extract([_line(title="Rebels capture the city of Bukavu")], out, reader(open_world=True))

    row = json.loads(out.getvalue())
    assert any(event["type"] == "COERCE" for event in row["events"])


def test_a_reader_does_not_grow_with_what_it_reads() -> None:
    """Given texts full of words never seen, what they took is free again after the block."""
    reading = reader()
    list(reading.read([article("Rebels captured Hama.")]))
    strings = reading._tongues["en"].nlp.vocab.strings
    before = len(strings)

    with reading.memory():
        for number in range(20):
            invented = " ".join(f"Qx{number}y{index}z" for index in range(20))
            list(reading.read([article("Rebels captured Hama.", invented)]))

    assert len(strings) - before < 50


def test_extract_explains_when_asked() -> None:
    """The words that decided stand with each event; without the option they do not."""
    line = _line(title="News", text="Rebels failed to capture Hama in 2016, residents said.")
    plain, explained = io.StringIO(), io.StringIO()

    extract([line], plain, reader(), explain=False)
    extract([line], explained, reader(), explain=True)

    (event,) = json.loads(explained.getvalue())["events"]
    assert event["explain"] == {
        "factuality": ["failed", "said"],
        "time": "in 2016",
        "history": "its time",
    }
    assert "explain" not in json.loads(plain.getvalue())["events"][0]
