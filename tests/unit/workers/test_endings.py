"""What a sentence itself tells to be over."""

from __future__ import annotations

import pytest

from tests.unit.workers.newsroom import NOON, WATCHLIST
from workers.endings import close
from workers.events import find_events
from workers.gazetteer import Gazetteer
from workers.lexicon import load
from workers.naming import Text
from workers.reader import parse, pipeline


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("Hama, which rebels had held for a year, was retaken by the army.", True),
        ("Hama was retaken by the army and lost again on Sunday.", True),
        ("Rebels held Hama for three days.", True),
        ("It was the rebels that held Hama.", True),
        ("Hama was captured by rebels, then retaken by the army.", True),
        ("The rebels who had seized Hama left it on Monday.", True),
        ("The army took Hama from rebels who had seized it.", True),
        ("Rebels withdrew from Hama on Friday, after they had taken it.", True),
        ("Soldiers took Hama, the last town held by rebels.", True),
        ("Held by rebels for a year, Hama is back under army control.", True),
        ("Hama, previously held by rebels, is quiet.", True),
        ("Formerly rebel-held Hama is quiet.", True),
        ("The rebels, who used to control Hama, are gone.", True),
        ("Nobody forgets when the rebels ruled Hama.", True),
        ("The rebels ruled Hama throughout the war.", True),
        ("Rebels briefly captured Hama.", True),
        ("Rebels captured Hama on Sunday and pulled out on Monday.", True),
        ("Rebels captured Hama, looted it and left the town.", True),
        ("Rebels captured Hama on Monday but were driven back by dusk.", True),
        ("Rebels took Hama and its mill before being expelled by the army.", True),
        ("Rebels stormed and seized Hama, only to be chased off.", False),
        ("Rebels overran Hama and were forced to leave the town.", True),
        ("Rebels seized Hama for a few hours.", True),
        ("Hama was occupied by rebels on Sunday; the mayor says that they have since left.", True),
        ("Rebels seized the barracks of Hama on Sunday. They have since left.", True),
        ("Rebels overran the barracks in Hama and withdrew from the city at dawn.", True),
        ("Rebels overran the barracks in Hama and withdrew from Homs at dawn.", False),
        ("Rebels seized Hama on Sunday. Residents have since left.", False),
        ("Rebels initially captured Hama.", True),
        ("Hama, originally held by rebels, has no bread.", True),
        ("Rebels captured Hama after the army was driven back.", False),
        ("Rebels captured Hama, whose garrison was expelled.", False),
        ("Rebels captured Hama for the third time in a year.", False),
        ("Hama has been occupied by rebels for two days.", False),
        ("Rebels captured Hama and withdrew from Homs.", False),
        ("Rebels captured Hama, leaving ten dead.", False),
        ("Held by rebels for a year, Hama has no bread.", False),
        ("The army lost Hama nine days after rebels announced that they had captured it.", True),
        ("Rebels hold Hama.", False),
        ("Rebels have held Hama for three days.", False),
        ("Officials said that rebels held Hama.", False),
        ("Rebels captured Hama after the army left it.", False),
        ("Hama was retaken by the army a day after rebels captured it.", False),
    ],
)
def test_a_sentence_ends_what_it_tells(text: str, over: bool) -> None:  # noqa: FBT001 — a column of the table
    """What had been, lasted for a time or was lost again is not held now."""
    nlp = pipeline("en_news_sm")
    doc = parse(nlp, text)
    events = find_events(Text(doc, Gazetteer(nlp, [WATCHLIST]).mentions(doc)), load())
    close(events, doc, NOON)
    held = [one for one in events if one.id in {"hold", "capture"}]

    assert held
    assert any(one.over for one in held) is over or held[0].over is over


def test_a_past_that_is_told_with_its_date_is_old() -> None:
    """Given "until March 2012, when", what happened then is history as well."""
    nlp = pipeline("en_news_sm")
    doc = parse(nlp, "Rebels held Hama until March 2012, when the army took it.")
    events = find_events(Text(doc, Gazetteer(nlp, [WATCHLIST]).mentions(doc)), load())
    for event in events:
        event.history = event.id == "hold"

    close(events, doc)

    assert [one.id for one in events if one.history] == ["hold", "capture"]
