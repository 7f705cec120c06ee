"""Voices: who counts as one, who as a party, and what a copy adds."""

from __future__ import annotations

from monitor.records import Claim, Factuality
from monitor.rules.voices import Report, reports, voices
from monitor.weights import DEFAULT
from tests.unit.rules.newsroom import GOVERNMENT, REBELS, SOURCES, says, threat


def reported(*claims: Claim, actor_valued: bool = True) -> list[Report]:
    """Return the reports in these claims, as for the facet control."""
    return reports(claims, SOURCES, DEFAULT, actor_valued=actor_valued, standing=0.35)


def test_an_unknown_source_is_a_family_of_grade_f() -> None:
    """A publisher that nobody described stands alone and cannot be judged."""
    assert SOURCES.family("blog-1") == "blog-1"
    assert SOURCES.grade("blog-1") == "F"
    assert SOURCES.parties("blog-1") == frozenset()


def test_families_and_stories_tie_in_chains() -> None:
    """A copies B's story, and C is B's sister: one voice; D stands alone."""
    group = reported(
        says("courier", REBELS, 1, story="S"),
        says("globe", REBELS, 2, story="S"),
        says("globe-sunday", REBELS, 3),
        says("herald", REBELS, 4),
    )

    assert sorted(len(voice) for voice in voices(group)) == [1, 2]


def test_a_copy_speaks_no_second_time() -> None:
    """Printed again a day later, "today" does not become a newer event."""
    first = says("courier", REBELS, 1, story="S")

    [report] = reported(says("herald", REBELS, 25, story="S"), first)

    assert report.claim == first
    assert report.families == {"courier", "herald"}
    assert report.carriers == ("herald",)


def test_a_credit_makes_it_the_wire_s_report() -> None:
    """Family and grade are the agency's."""
    [report] = reported(says("blog-1", REBELS, 1, credit="wire"))

    assert (report.family, report.weight) == ("wire", 0.9 * 0.9)


def test_parties() -> None:
    """Quoted claims and own praise are a party's; an admission is not."""
    said = {
        "quoted": says("wire", REBELS, 1, "claimed", attribution=REBELS),
        "own outlet": says("rebel-radio", REBELS, 2),
        "admission": says("state-news", REBELS, 3),
        "quoted denial": says("wire", REBELS, 4, "denied", attribution=GOVERNMENT),
        "own denial": says("state-news", REBELS, 5, "negated"),
        "denial against interest": says("rebel-radio", REBELS, 6, "negated"),
        "plain": says("wire", REBELS, 7),
    }
    by_id = {report.claim.id: report.party for report in reported(*said.values())}

    assert {name for name, claim in said.items() if by_id[claim.id]} == {
        "quoted",
        "own outlet",
        "quoted denial",
        "own denial",
    }


def test_a_mouthpiece_is_a_party_where_values_are_no_actors() -> None:
    """Whose interest "besieged" serves is unknown: the mouthpiece only claims."""
    assert threat(says("state-news", "besieged", 1)).confidence == "claimed"


def test_two_forms_of_one_claim_are_settled_by_revision() -> None:
    """Whatever comes first, the later revision of an id counts."""
    old = says("courier", REBELS, 1)
    new = old.model_copy(update={"revision": 1, "factuality": Factuality.CONFIRMED})

    assert reported(old, new) == reported(new, old)
    assert reported(old, new)[0].claim.revision == 1
