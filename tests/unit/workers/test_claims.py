"""Claims: who may say what with which weight."""

from __future__ import annotations

from monitor.records import Article, Claim, Factuality
from tests.unit.workers.newsroom import WATCHLIST, article, ontology, reader
from workers.reader import Reader


def _read(one: Article) -> dict[str, Claim]:
    (read,) = reader().read([one])
    return {f"{claim.subject}/{claim.facet}": claim for claim in read.claims}


def test_title_and_text_that_say_the_same_make_one_claim() -> None:
    """The surest sentence is kept."""
    (read,) = reader().read(
        [article("Rebels capture Hama", "Rebels captured Hama on Thursday, residents said.")]
    )

    control = [claim for claim in read.claims if claim.facet == "control"]

    assert len(control) == 1
    assert control[0].factuality is Factuality.CONFIRMED
    assert control[0].sentence == "Rebels capture Hama"


def test_a_party_only_claims_its_own_deeds() -> None:
    """What the state agency says of its army's victory is no confirmation."""
    claims = _read(article("Syrian army recaptures Hama", source="state"))

    assert claims["hama/control"].factuality is Factuality.CLAIMED


def test_a_party_that_speaks_in_the_text_claims_too() -> None:
    """An attribution to the winner weighs as little as its own channel."""
    claims = _read(article("Russia says Russian forces have captured Kherson."))

    assert claims["kherson/control"].factuality is Factuality.CLAIMED


def test_a_denial_is_kept_against_the_value() -> None:
    """Denied and negated events are evidence too."""
    claims = _read(article("The army did not lose Hama: rebels have not captured Hama."))

    assert claims["hama/control"].factuality is Factuality.NEGATED


def test_a_standing_condition_is_told_from_a_change() -> None:
    """The word rebel-held reports no new capture."""
    claims = _read(article("Families left rebel-held Hama in the morning."))

    assert claims["hama/control"].standing


def test_a_possible_capture_is_a_reported_threat() -> None:
    """A city that could fall is threatened, and changes no hands."""
    claims = _read(article("Rebels could capture Hama within days."))

    assert "hama/control" not in claims
    assert claims["hama/threat"].value == "threatened"


def test_copies_share_a_story_whatever_the_dateline() -> None:
    """The fingerprint leaves case and dateline out."""
    one = _read(article("", "HOMS (Levant Wire) - Rebels captured Hama on Thursday."))
    two = _read(article("", "Rebels captured Hama on Thursday.", source="other"))

    assert one["hama/control"].story == two["hama/control"].story
    assert one["hama/control"].credit == "wire"


def test_reading_twice_gives_the_same_ids() -> None:
    """Doing a message again changes nothing."""
    (first,) = reader().read([article("Rebels capture Hama")])
    (second,) = reader().read([article("Rebels capture Hama")])

    assert first.reading == second.reading


def test_an_event_that_the_ontology_leaves_out_is_not_told() -> None:
    """Given an ontology without captures, a capture gives neither event nor claim."""
    whole = ontology()
    events = {name: event for name, event in whole.events.items() if name != "capture"}
    limited = Reader(whole.model_copy(update={"events": events}), [WATCHLIST], {})

    [read] = limited.read([article("Rebels captured Hama. Rebels attacked Homs.")])

    assert "capture" not in {event.id for event in read.events}
    assert all(claim.facet != "control" for claim in read.claims)
    assert read.claims
