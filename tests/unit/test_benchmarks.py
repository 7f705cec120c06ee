"""The benchmarks score rightly: what is in time, what is a trap, what is a false alarm."""

from __future__ import annotations

import gzip
import importlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.records import Alert, Article, Confidence, Severity, Transition, TransitionKind
from monitor.watchlist import AlertRule

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
gold: Any = importlib.import_module("gold")
scoring: Any = importlib.import_module("scoring")
rss: Any = importlib.import_module("rss")

#: a month without alerts
EMPTY = scoring.Stream({}, (), (), ())

GOLD = """
- month: 2030-01
  places:
    port: {name: Port Amber, country: XA, held_by: kingdom}
    hill: {name: Hill Fort, country: XA, held_by: kingdom}
  actors:
    kingdom: {name: The Kingdom, kind: government}
    league: {name: The League, aliases: [the rebels], kind: armed-group}
    queen: {name: Queen Ada, kind: person}
  expect:
    - {subject: port, facet: control, any_of: [league], first: 2030-01-10T12:00, within: 2}
  never:
    - {subject: hill, facet: control, value: league, before: 2030-01-20, why: a film}
    - {subject: queen, facet: leadership, value: any, why: only told to resign}
"""


@pytest.fixture
def month(tmp_path: Path) -> Any:
    """Give the gold of an invented month."""
    path = tmp_path / "gold.yaml"
    path.write_text(GOLD, encoding="utf-8")
    return gold.gold_of(path)[0]


def told(at: str, subject: str, facet: str, to: str | None, **changed: Any) -> Transition:
    """Return a change of January 2030 as the judge tells it; ``at`` is ``day hour:minute``."""
    day, _, clock = at.partition(" ")
    fields: dict[str, Any] = {
        "id": f"{at}/{subject}",
        "kind": TransitionKind.CHANGED,
        "at": datetime.fromisoformat(f"2030-01-{day}T{clock or '00:00'}").replace(tzinfo=UTC),
        "subject": subject,
        "facet": facet,
        "from_": "kingdom" if facet == "control" else None,
        "to": to,
        "from_confidence": Confidence.BASELINE,
        "confidence": Confidence.REPORTED,
    }
    return Transition(**fields | changed)


@pytest.mark.parametrize("at", ["10 11:00", "10 12:00", "12 12:00"])
def test_a_change_told_in_time_meets_what_is_expected(month: Any, at: str) -> None:
    """From an hour before the first item to the last minute of ``within``."""
    score = scoring.score(month, 100, [told(at, "port", "control", "league")])

    assert (score.met, score.recall, score.false) == (1, 1.0, ())


def test_a_late_change_is_a_miss_but_no_false_alarm(month: Any) -> None:
    """It is true, only not in time; the report says when it came."""
    late = told("12 12:01", "port", "control", "league")

    score = scoring.score(month, 100, [late])

    assert (score.met, score.false) == (0, ())
    assert score.outcomes[0].late == late
    assert score.outcomes[0].stood is None


def test_an_early_change_is_a_miss_and_a_false_alarm(month: Any) -> None:
    """No item supported it yet, although it stands when the time comes."""
    early = told("10 10:59", "port", "control", "league")

    score = scoring.score(month, 100, [early])

    assert score.met == 0
    assert score.outcomes[0].early
    assert score.false == (early,)
    assert score.false_per_1000 == 10


def test_a_claim_meets_only_when_it_is_upgraded(month: Any) -> None:
    """A party's boast is not enough; the report that confirms it is."""
    boast = told("10 12:00", "port", "control", "league", confidence=Confidence.CLAIMED)
    report = told(
        "10 13:00",
        "port",
        "control",
        "league",
        kind=TransitionKind.UPGRADED,
        from_="league",
        from_confidence=Confidence.CLAIMED,
    )

    alone, both = scoring.score(month, 100, [boast]), scoring.score(month, 100, [boast, report])

    assert (alone.met, both.met) == (0, 1)
    assert alone.outcomes[0].stood == boast
    assert not alone.outcomes[0].early
    assert alone.claimed == both.claimed == ()


def test_a_trap_is_hit_by_a_claim_and_not_after_its_time(month: Any) -> None:
    """``before`` ends a trap, and a baseline that returns is none."""
    inside = told("19 23:59", "hill", "control", "league", confidence=Confidence.CLAIMED)
    after = told("20 00:00", "hill", "control", "league", confidence=Confidence.CLAIMED)

    score = scoring.score(month, 100, [inside, after])

    assert [(hit.never.why, hit.transitions) for hit in score.hits] == [("a film", (inside,))]
    assert score.traps == 2


def test_any_change_hits_a_trap_without_a_value(month: Any) -> None:
    """A confidence that moves is no change; a value taken back to the baseline is none either."""
    back = told(
        "05",
        "queen",
        "leadership",
        None,
        kind=TransitionKind.RETRACTED,
        from_="resigned",
        confidence=Confidence.BASELINE,
    )
    gone = told("06", "queen", "leadership", "resigned")

    assert scoring.score(month, 100, [back]).hits == ()
    assert [hit.transitions for hit in scoring.score(month, 100, [gone]).hits] == [(gone,)]


def test_false_alarms_are_changes_of_control_and_leadership_that_nobody_asked_for(
    month: Any,
) -> None:
    """Claims are counted apart; other facets and growing certainty are not counted."""
    wrong = told("03", "port", "control", "league")
    boast = told("04", "hill", "control", "league", confidence=Confidence.CLAIMED)
    believed = told(
        "05",
        "hill",
        "control",
        "league",
        kind=TransitionKind.UPGRADED,
        from_="league",
        from_confidence=Confidence.CLAIMED,
    )
    surer = told(
        "06",
        "hill",
        "control",
        "league",
        kind=TransitionKind.UPGRADED,
        from_="league",
        from_confidence=Confidence.REPORTED,
        confidence=Confidence.CONFIRMED,
    )
    threat = told("07", "hill", "threat", "besieged", from_="none")

    score = scoring.score(month, 2000, [wrong, boast, believed, surer, threat])

    assert score.false == (wrong, believed)
    assert score.claimed == (boast,)
    assert score.false_per_1000 == 1


def test_going_back_to_an_older_value_is_a_false_alarm(month: Any) -> None:
    """What was right once is wrong when the items support a newer change."""
    newer = month.expect[0].model_copy(
        update={"any_of": ("kingdom",), "first": month.expect[0].first.replace(day=20)}
    )
    both = month.model_copy(update={"expect": (*month.expect, newer)})
    there = told("11", "port", "control", "league")
    returned = told("20 12:30", "port", "control", "kingdom", from_="league")
    again = told("21", "port", "control", "league")

    assert scoring.score(both, 100, [there, returned, again]).false == (again,)


def test_the_total_weighs_each_month_by_its_size(month: Any) -> None:
    """Figures are of all items and all expectations together, not means of means."""
    good = scoring.score(month, 3000, [told("11", "port", "control", "league")])
    bad = scoring.score(month, 1000, [told("02", "port", "control", "league")])

    both = scoring.total([good, bad])

    assert (both.items, both.met, both.recall, both.traps) == (4000, 1, 0.5, 4)
    assert both.false_per_1000 == 0.25


def test_a_gold_file_with_mistakes_names_line_and_key(tmp_path: Path) -> None:
    """Mistyped keys, unknown subjects, no list, no file: one line for each."""
    path = tmp_path / "gold.yaml"
    for text, expected in (
        (
            GOLD.replace("within", "witin"),
            f"{path}:11: [#1].expect[#1].witin: found an unknown key",
        ),
        (GOLD.replace("subject: hill", "subject: hall"), "'hall' to be one of this month's"),
        ("month: 2030-01\n", "found no list"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(gold.MissingError) as caught:
            gold.gold_of(path)
        assert expected in str(caught.value)
    with pytest.raises(gold.MissingError, match="no such file; --gold"):
        gold.gold_of(tmp_path / "absent.yaml")


def test_items_are_read_packed_or_plain(tmp_path: Path) -> None:
    """A month is a file of JSON lines, with or without gzip; none is one line."""
    line = '{"feed": "post", "link": "https://post.example/1", "published": "2030-01-02T03:04:05Z"}'
    with gzip.open(tmp_path / "2030-01.jsonl.gz", "wt", encoding="utf-8") as packed:
        packed.write(line + "\n")
    (tmp_path / "2030-02.jsonl").write_text(f"{line}\n{line}\n", encoding="utf-8")
    (tmp_path / "2030-03.jsonl.gz").write_bytes(b"no gzip")

    assert [len(gold.items_of(tmp_path, month)) for month in ("2030-01", "2030-02")] == [1, 2]
    with pytest.raises(gold.MissingError, match="cannot be read"):
        gold.items_of(tmp_path, "2030-03")
    with pytest.raises(gold.MissingError, match="no such file; --items"):
        gold.items_of(tmp_path, "2030-04")


def test_the_watchlist_of_a_month_has_one_plain_rule(month: Any) -> None:
    """The default ontology and sources stand, with the month's subjects."""
    config = gold.config_of(month)

    assert [watchlist.name for watchlist in config.watchlists] == ["2030-01"]
    assert config.watchlists[0].places["port"].held_by == "kingdom"
    assert config.watchlists[0].rules == (AlertRule(name="newsroom"),)
    assert config.ontology.facets
    assert config.sources


def test_slices_take_every_article_once() -> None:
    """More slices than articles give one each."""
    throughput: Any = importlib.import_module("throughput")
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    articles = [
        Article(id=str(n), feed="post", source="post", published=moment, seen=moment)
        for n in range(7)
    ]

    assert [len(part) for part in throughput.slices(articles, 3)] == [2, 2, 3]
    assert [one for part in throughput.slices(articles, 20) for one in part] == articles
    assert throughput.slices([], 3) == []


def test_a_run_is_told_in_full(month: Any) -> None:
    """A miss shows what stood, a trap its transition, a false alarm its item and sentence."""
    line = (
        '{"feed": "post", "link": "https://post.example/1", "title": "The rebels <b>roll in</b>",'
        ' "published": "2030-01-03T00:00:00Z"}'
    )
    item = gold.ArchiveItem.from_json(line)
    evidence = {
        "claim": "c",
        "source": "post",
        "link": item.link,
        "sentence": "The League rolls into Hill Fort.",
        "factuality": "reported",
        "value": "league",
        "published": item.published,
    }
    wrong = told("03", "hill", "control", "league", evidence=(evidence,))
    scored = scoring.score(month, 1, [wrong])
    run = rss.Run(month, [item], 1.0, [wrong], scored, {month.expect[0]: []}, 0, EMPTY)

    text = "\n".join([*rss.report(run, errors=True), *rss.table([run])])

    assert "MISS  port control league: wanted 2030-01-10 12:00 to 2030-01-12 12:00" in text
    assert "stood: kingdom (baseline)" in text
    assert "TRAP  hill control league before 2030-01-20 00:00: a film" in text
    assert "hill control: kingdom -> league  changed, reported" in text
    assert "* post, 2030-01-03 00:00: The rebels roll in" in text
    assert '"The League rolls into Hill Fort."' in text
    assert rss.as_json([run])["all"]["false_per_1000"] == 1000


def test_mentions_are_whole_names_within_the_time(month: Any) -> None:
    """A proper name as it is written, a generic one in any case; no part of a word."""
    titles = ["The Rebels wait", "the league of clubs", "The League at sea", "The Leagues"]
    items = [
        gold.ArchiveItem(feed="post", title=title, published=month.expect[0].first, seen=at, id="")
        for title in titles
        for at in (month.expect[0].first, month.expect[0].closes.replace(day=30))
    ]
    expect = month.expect[0].model_copy(update={"subject": "league"})
    run = rss.Run(month, items, 1.0, [], scoring.score(month, 8, []), {}, 0, EMPTY)

    found = [item.title for item in rss.mentions(run, expect)]

    assert found == ["The Rebels wait", "The League at sea"]


def alerted(at: str, to: str, kind: TransitionKind = TransitionKind.CHANGED) -> Alert:
    """Return an alert about the port."""
    moved = told(at, "port", "control", to, kind=kind)
    return Alert(
        id=at,
        watchlist="2030-01",
        rule="newsroom",
        severity=Severity.WARNING,
        channels=(),
        summary=f"Port Amber: {to}",
        transition=moved,
    )


def test_alerts_are_counted_for_each_change(month: Any) -> None:
    """One in time is right, a second is a repeat; later ones and others are counted apart."""
    sent = [
        alerted("10 13:00", "league"),
        alerted("11", "league"),
        alerted("12", "kingdom"),
        alerted("14", "kingdom", TransitionKind.RETRACTED),
        alerted("20", "league"),
    ]

    stream = scoring.stream(month, sent)

    assert stream.per_change == 2.0
    assert [alert.id for alert in stream.later] == ["20"]
    assert [alert.id for alert in stream.others] == ["12"]
    assert [alert.id for alert in stream.retracted] == ["14"]
    assert EMPTY.per_change == 1.0
