"""The design's invariants 1, 2 and 3, over random claims."""

from __future__ import annotations

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.records import Claim, Confidence, Status
from monitor.rules.voices import reports, voices
from monitor.weights import DEFAULT
from tests.unit.rules.newsroom import (
    CONTROL,
    GOVERNMENT,
    KURDS,
    REBELS,
    SOURCES,
    control,
    says,
    threat,
)

NEUTRAL = ["wire", "globe", "globe-sunday", "courier", "herald", "tattler", "rumour", "blog-1"]
PARTIES = ["state-news", "rebel-radio"]
VALUES = [GOVERNMENT, REBELS, KURDS]
SUPPORT = ["confirmed", "reported", "claimed"]
ALL = [*SUPPORT, "possible", "planned", "denied", "negated"]
EXAMPLES = 100


@st.composite
def claims(
    draw: st.DrawFn,
    factualities: list[str] = ALL,
    values: list[str] = VALUES,
    sources: list[str] = [*NEUTRAL, *PARTIES],  # noqa: B006 — never changed
    most: int = 200,
) -> Claim:
    """Draw a claim published within a few days, with few stories so that copies occur."""
    at = draw(st.integers(0, most))
    story = draw(st.sampled_from([None, None, "S1", "S2", "S3"]))
    return says(
        draw(st.sampled_from(sources)),
        draw(st.sampled_from(values)),
        at,
        draw(st.sampled_from(factualities)),
        happened=at - draw(st.sampled_from([0, 0, 6, 30])),
        width=draw(st.sampled_from([0, 12, 100])),
        story=story,
        standing=draw(st.booleans()),
        attribution=draw(st.sampled_from([None, None, GOVERNMENT, REBELS])),
        credit=draw(st.sampled_from([None, None, None, "wire"])),
    )


sets_of_claims = st.lists(claims(), max_size=14)


@settings(max_examples=EXAMPLES)
@given(sets_of_claims, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(said: list[Claim], chance: random.Random) -> None:
    """Shuffled, and with claims repeated, the status is the same to the last evidence."""
    shuffled = said + chance.choices(said, k=len(said) // 2) if said else []
    chance.shuffle(shuffled)

    assert control(shuffled) == control(said)


@settings(max_examples=EXAMPLES)
@given(sets_of_claims, st.randoms(use_true_random=False))
def test_batches_do_not_matter(said: list[Claim], chance: random.Random) -> None:
    """Told in batches of any size and order, with a status after each, the end is the same."""
    shuffled = list(said)
    chance.shuffle(shuffled)
    held: dict[str, Claim] = {}
    status = control([])
    while shuffled:
        cut = chance.randint(1, len(shuffled))
        held.update({claim.id: claim for claim in shuffled[:cut]})
        shuffled = shuffled[cut:]
        status = control(held.values())

    assert status == control(said)


@settings(max_examples=EXAMPLES)
@given(
    st.lists(
        claims(values=["none", "threatened", "under-attack", "contested", "besieged"]),
        max_size=14,
    ),
    st.randoms(use_true_random=False),
)
def test_order_does_not_matter_for_levels(said: list[Claim], chance: random.Random) -> None:
    """A level too follows from the set of claims, and its score is a probability."""
    shuffled = said + said[:3]
    chance.shuffle(shuffled)

    status = threat(*said)

    assert threat(*shuffled) == status
    assert 0.0 <= status.score <= 1.0


@settings(max_examples=EXAMPLES)
@given(sets_of_claims)
def test_score_and_evidence_are_in_bounds(said: list[Claim]) -> None:
    """The score is a probability, and the evidence shown is capped."""
    status = control(said)

    assert 0.0 <= status.score <= 1.0
    assert len(status.supporting) <= 12
    assert len(status.opposing) <= 12
    assert (status.confidence is Confidence.BASELINE) <= (status.since is None)


@settings(max_examples=EXAMPLES)
@given(
    st.lists(claims(factualities=SUPPORT, sources=NEUTRAL), min_size=1, max_size=10),
    st.data(),
)
def test_copies_count_once(said: list[Claim], data: st.DataObject) -> None:
    """A copy of a claim, in the same story or the same family, never raises word or score."""
    before = control(said)
    copied = data.draw(st.sampled_from(said))
    changed = {"source": data.draw(st.sampled_from(["blog-2", "gazette"]))}
    alone = sum(claim.story == copied.story for claim in said) == 1
    if alone and data.draw(st.booleans(), label="same family, told again"):
        changed = {"story": "another"}
    copy = copied.model_copy(update={"id": f"{copied.id}-copy", **changed})

    after = control([*said, copy])

    assert after.value == before.value
    assert after.score <= before.score
    assert after.confidence.rank <= before.confidence.rank


@settings(max_examples=EXAMPLES)
@given(
    sets_of_claims,
    st.lists(claims(factualities=["possible", "planned"]), min_size=1, max_size=5),
)
def test_plans_and_possibilities_move_nothing(said: list[Claim], mere: list[Claim]) -> None:
    """Adding what may happen or is planned leaves the status as it is."""
    fresh = [claim.model_copy(update={"story": f"mere-{claim.id}"}) for claim in mere]

    assert control([*said, *fresh]) == control(said)


@settings(max_examples=EXAMPLES)
@given(
    st.lists(
        st.one_of(
            claims(factualities=["claimed"]),
            claims(values=[REBELS], sources=["rebel-radio"], factualities=SUPPORT),
            claims(values=[GOVERNMENT], sources=["state-news"], factualities=SUPPORT),
        ),
        max_size=14,
    )
)
def test_boasts_never_exceed_claimed(said: list[Claim]) -> None:
    """However many boasts, by parties and by those who quote them, nothing is reported."""
    own = [claim.model_copy(update={"credit": None}) for claim in said]

    assert control(own).confidence.rank <= Confidence.CLAIMED.rank


@settings(max_examples=EXAMPLES)
@given(sets_of_claims, st.data())
def test_denial_never_raises(said: list[Claim], data: st.DataObject) -> None:
    """A denial of what is believed never makes it surer."""
    before = control(said)
    if before.value is None:
        return
    denial = data.draw(claims(factualities=["denied", "negated"], values=[before.value]))
    denial = denial.model_copy(update={"story": "denial"})

    after = control([*said, denial])

    if (after.value, after.since) == (before.value, before.since):
        assert after.score <= before.score
        assert after.confidence.rank <= before.confidence.rank


def _told_as_event(status: Status, said: list[Claim]) -> bool:
    shown = {evidence.claim for evidence in status.supporting}
    return status.confidence.rank >= Confidence.REPORTED.rank and any(
        claim.id in shown
        and not claim.standing
        and claim.start == claim.end
        and claim.factuality != "claimed"
        and claim.source in NEUTRAL
        for claim in said
    )


@settings(max_examples=EXAMPLES)
@given(
    st.lists(claims(factualities=SUPPORT), min_size=1, max_size=10),
    st.lists(claims(factualities=SUPPORT, most=20), min_size=1, max_size=5),
)
def test_late_old_reports_never_overturn(said: list[Claim], old: list[Claim]) -> None:
    """What happened earlier, however often told and late, leaves a newer reported event."""
    status = control(said)
    if status.since is None or not _told_as_event(status, said):
        return
    published = max(claim.published for claim in said)
    late = []
    for claim in old:
        happened = claim.end - timedelta(days=30)
        times = {"start": happened, "end": happened, "published": published}
        late.append(claim.model_copy(update={"story": f"late-{claim.id}", **times}))

    assert control([*said, *late]).value == status.value


@settings(max_examples=EXAMPLES)
@given(st.lists(claims(factualities=SUPPORT, values=[REBELS], sources=NEUTRAL), max_size=14))
def test_voices_are_a_partition_without_ties(said: list[Claim]) -> None:
    """Every report is in one voice, and no family or story in two."""
    group = reports(said, SOURCES, DEFAULT, actor_valued=CONTROL.values == "actor", standing=1.0)

    found = voices(group)

    assert sorted(one.claim.id for voice in found for one in voice) == sorted(
        one.claim.id for one in group
    )
    for kind in ("family", "story"):
        per_voice = [
            {one.claim.story if kind == "story" else one.family for one in voice} for voice in found
        ]
        assert sum(map(len, per_voice)) == len(set().union(*per_voice))
