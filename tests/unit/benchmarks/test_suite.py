"""The suite is checked line by line and scored rightly."""

from __future__ import annotations

import importlib
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.config import default_config, load
from monitor.records import Claim, Factuality
from workers.events import Event
from workers.mentions import Mention

sys.path.append(str(Path(__file__).parents[3] / "benchmarks"))
gold: Any = importlib.import_module("gold")
suite_gold: Any = importlib.import_module("suite_gold")
scoring: Any = importlib.import_module("suite_scoring")
suite: Any = importlib.import_module("suite")

EVENTS = load(default_config(), environ={}, watchlists=[]).ontology.events
TEXT = "Rebels took Port Amber and took Hill Fort from the army on Monday, residents said."
GOLD = f"""
- text: "{TEXT}"
  published: 2030-01-10T12:00Z
  trap: wrong-place
  events:
    - {{event: capture, trigger: took#1, agent: Rebels, place: Port Amber, factuality: reported,
       attribution: residents, when: 2030-01-07}}
    - {{event: capture, trigger: took#2, agent: Rebels, patient: army, place: Hill Fort,
       factuality: reported, when: 2030-01-06/2030-01-07}}
  control: {{Port Amber: Rebels}}
  maybe: {{Hill Fort: Rebels}}
"""


@pytest.fixture
def item(tmp_path: Path) -> Any:
    """Give one item with two events of one word."""
    path = tmp_path / "plain.yaml"
    path.write_text(GOLD, encoding="utf-8")
    return suite_gold.items_of(path, EVENTS)[0]


def named(text: str, **more: Any) -> Mention:
    """Return a mention; what it is called is its text unless told."""
    return Mention(**{"start": 0, "end": 1, "text": text, "label": "place", "name": text, **more})


def read(trigger: int, **more: Any) -> Any:
    """Return a capture that was read at a place of the text."""
    fields = {"id": "capture", "factuality": Factuality.REPORTED, **more}
    event = Event(**{"trigger": (0, 1), "sentence": (0, 9), **fields})
    return scoring.Found(event, trigger, trigger + 4)


def claimed(place: str, holder: str, **more: Any) -> Claim:
    """Return a claim of control."""
    moment = datetime(2030, 1, 10, tzinfo=UTC)
    fields: dict[str, Any] = {
        "id": "c",
        "subject": place,
        "facet": "control",
        "value": holder,
        "factuality": Factuality.REPORTED,
        "start": moment,
        "end": moment,
        "published": moment,
        "seen": moment,
        "article": "a",
        "source": "",
        "story": "s",
        "sentence": "",
    }
    return Claim(**fields | more)


def test_an_item_is_read_with_its_days_and_words(item: Any) -> None:
    """A day is an interval of its own; the second of two equal words is told by its number."""
    first, second = item.events

    assert [suite_gold.trigger_of(event, TEXT) for event in item.events] == [(7, 11), (27, 31)]
    assert first.when == (date(2030, 1, 7), date(2030, 1, 7))
    assert second.interval == (
        datetime(2030, 1, 6, tzinfo=UTC),
        datetime(2030, 1, 8, tzinfo=UTC),
    )
    assert item.published == datetime(2030, 1, 10, 12, tzinfo=UTC)


def test_a_headline_is_a_title_and_a_line_end_divides_title_from_text(item: Any) -> None:
    """A sentence is text; the name of the file tells which it is."""
    both = item.model_copy(update={"text": "Port falls\nRebels took it."})

    assert item.article(headline=True).title == TEXT
    assert item.article(headline=False).text == TEXT
    assert both.article(headline=False).title == "Port falls"
    assert both.article(headline=False).text == "Rebels took it."
    assert suite_gold.is_headlines(Path("more-headlines.yaml"))
    assert not suite_gold.is_headlines(Path("sentences.yaml"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("trap: wrong-place", "trap: wrong", "[#1].trap: found"),
        ("event: capture, trigger: took#1", "event: captur, trigger: took#1", "an event of the"),
        ("trigger: took#1", "trigger: took", "word#1 to word#2: it stands 2 times"),
        ("trigger: took#1", "trigger: took#3", "at most #2"),
        ("trigger: took#1", "trigger: seized", "expected a word of the text"),
        ("trigger: took#1", "trigger: took#x", "a number after #"),
        ("patient: army", "patient: navy", "events[#2].patient: found"),
        ("{Port Amber: Rebels}", "{Port Amber: League}", 'found "League", expected words of'),
        ("when: 2030-01-07}", "when: Monday}", "expected a day, 2024-12-05, or"),
        ("2030-01-06/2030-01-07", "2030-01-08/2030-01-07", "a first day that is not after"),
        ("agent: Rebels, place", "who: Rebels, place", "found an unknown key"),
    ],
)
def test_a_mistake_is_one_line_with_file_line_and_key(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    """Unknown words, words that are not in the text, days that are none."""
    path = tmp_path / "plain.yaml"
    assert old in GOLD
    path.write_text(GOLD.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(gold.MissingError) as caught:
        suite_gold.items_of(path, EVENTS)

    assert told in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_text_stands_once_and_files_must_be_there(tmp_path: Path) -> None:
    """The same item twice, no file, a folder without one."""
    path = tmp_path / "plain.yaml"
    path.write_text(GOLD + GOLD, encoding="utf-8")

    with pytest.raises(gold.MissingError, match="that is not that of item 1 again"):
        suite_gold.items_of(path, EVENTS)
    with pytest.raises(gold.MissingError, match="no such file"):
        suite_gold.items_of(tmp_path / "absent.yaml", EVENTS)
    path.write_text("text: Rebels took Port Amber\n", encoding="utf-8")
    with pytest.raises(gold.MissingError, match="found no list"):
        suite_gold.items_of(path, EVENTS)
    assert suite_gold.files_of(tmp_path) == [path]
    path.unlink()
    with pytest.raises(gold.MissingError, match=r"no \*.yaml"):
        suite_gold.files_of(tmp_path)


def test_the_holdout_is_scored_only_when_asked_for(tmp_path: Path) -> None:
    """Without names the suite is read, with --holdout the items kept apart; names add to it."""
    named_file = tmp_path / "plain.yaml"

    assert {path.parent for path in suite.files_named([], holdout=False)} == {suite_gold.SUITE}
    assert {path.parent for path in suite.files_named([], holdout=True)} == {suite_gold.HOLDOUT}
    assert suite.files_named([named_file], holdout=False) == [named_file]
    assert suite.files_named([named_file], holdout=True)[0] == named_file
    assert len(suite.files_named([named_file], holdout=True)) > 1


def test_the_holdout_is_whole() -> None:
    """Its files have no mistakes, and hold as many sentences and headlines as their README says."""
    counts = {True: 0, False: 0}
    for path in suite.files_named([], holdout=True):
        counts[suite_gold.is_headlines(path)] += len(suite_gold.items_of(path, EVENTS))

    assert counts == {True: 70, False: 240}


def test_events_of_one_word_are_paired_by_what_agrees(item: Any) -> None:
    """One verb and two cities: each is paired with its own, in any order."""
    rebels, day = named("Rebels"), datetime(2030, 1, 7, tzinfo=UTC)
    both = item.model_copy(
        update={
            "events": tuple(event.model_copy(update={"trigger": "took#1"}) for event in item.events)
        }
    )
    port = read(7, agent=rebels, place=named("Port Amber"), attribution="the residents", start=day,
                end=day)  # fmt: skip
    hill = read(7, agent=rebels, place=named("Hill Fort"), patient=named("the army"))

    judged = scoring.judge(both, [hill, port], [], EVENTS)

    assert [pair.gold.place for pair in judged.pairs] == ["Port Amber", "Hill Fort"]
    assert judged.pairs[0].wrong == ()
    assert judged.pairs[1].wrong == ("time",)
    assert all(pair.is_whole for pair in judged.pairs)
    counts = scoring.tally([judged])
    assert counts.events.f1 == counts.whole.f1 == 1
    assert counts.judged["time"] == (1, 2)
    assert counts.judged["attribution"] == (1, 1)


def test_type_mode_and_word_make_a_match(item: Any) -> None:
    """A fall is of the type and mode of a capture; a siege, and another word, are not."""
    fall = read(7, id="fall")
    siege = read(27, id="besiege")
    elsewhere = read(12)

    judged = scoring.judge(item, [fall, siege, elsewhere], [], EVENTS)

    assert [pair.found for pair in judged.pairs] == [fall]
    assert judged.missed == (item.events[1],)
    assert judged.false == (siege, elsewhere)
    assert scoring.tally([judged]).events.f1 == pytest.approx(2 / 5)
    assert not judged.pairs[0].is_whole


def test_a_role_that_nobody_fills_is_not_judged(item: Any) -> None:
    """What only one side fills is wrong."""
    plain = item.events[0].model_copy(update={"agent": None, "when": None, "attribution": None})
    event = read(7, place=named("Port Amber"), patient=named("army")).event

    assert scoring.verdicts(plain, event, TEXT) == {
        "patient": False,
        "place": True,
        "factuality": True,
        "history": True,
    }


@pytest.mark.parametrize(
    ("gold_name", "mention", "right"),
    [
        ("Homs", named("Homs"), True),
        ("Homs", named("the city of Homs", name="Homs"), True),
        ("Homs", named("the city", name="Homs"), True),
        ("Homs", named("Hama"), False),
        ("Homs", named("Homs airport", name="Homs", part=True, relation="other"), False),
        ("Homs airport", named("Homs airport", name="Homs", part=True, relation="other"), True),
        ("Homs airport", named("Homs"), False),
        ("outskirts", named("outskirts of Homs", name="Homs", part=True, relation="edge"), True),
        ("Homs", named("outskirts of Homs", name="Homs", part=True, relation="edge"), False),
        ("Homs", named("parts of Homs", name="Homs", part=True, relation="portion"), True),
    ],
)
def test_a_part_is_not_its_whole(gold_name: str, mention: Mention, right: bool) -> None:  # noqa: FBT001 — a column of the table
    """The airport is not the city, the city not the airport; portions are of the city."""
    assert scoring.is_place(gold_name, mention) is right


def test_an_actor_is_known_by_its_head_or_its_name() -> None:
    """The words of one stand in the other's, whole, or both in one phrase of the text."""
    text = "The Syrian government's army met Russian, not rebel, forces of the League."
    for gold_name, mention, right in (
        ("army", named("The Syrian army", name=""), True),
        ("Lena Okafor", named("President Okafor", name="Okafor"), True),
        ("the rebels", named("Rebels"), True),
        ("army", named("Syrian"), True),
        ("forces", named("Russian"), False),
        ("forces", named("League"), True),
        ("arm", named("army"), False),
    ):
        assert scoring.is_actor(gold_name, mention, text) is right


def test_control_is_right_missed_or_wrong(item: Any) -> None:
    """What may be is neither; plans, other facets and the second of two equal claims count not."""
    right = claimed("Port Amber", "the Rebels")
    maybe = claimed("Hill Fort", "Rebels")
    wrong = claimed("Hill Fort", "army")
    plan = claimed("Port Amber", "army", factuality=Factuality.PLANNED)
    threat = claimed("Port Amber", "besieged", facet="threat")

    judged = scoring.judge_control(item, [right, right, maybe, wrong, plan, threat])

    assert judged.right == (("Port Amber", "Rebels"),)
    assert judged.missed == ()
    assert judged.wrong == (("Hill Fort", "army"),)
    assert scoring.judge_control(item, [maybe]).missed == (("Port Amber", "Rebels"),)


def test_every_mistake_is_told_and_counted(item: Any) -> None:
    """Wrong holders come first; the table has files and traps."""
    odd = read(7, agent=named("army"), place=named("Port Amber"), factuality=Factuality.PLANNED)
    judged = scoring.judge(item, [odd, read(0)], [claimed("Port Amber", "army")], EVENTS)
    row = suite.Row("plain", judged, None)

    lines = "\n".join(suite.errors([row], 1))
    table = {figure.name: figure for figure in suite.figures([row])}

    assert "plain [wrong-place] Rebels took" in lines
    assert "CONTROL wrong: Port Amber: army" in lines
    assert "control missed: Port Amber: Rebels" in lines
    assert "event missed: capture (took#2), reported, agent Rebels" in lines
    assert "event false: capture at 0, reported" in lines
    assert "agent wrong: capture (took#1): wanted Rebels, told army" in lines
    assert "factuality wrong: capture (took#1): wanted reported, told planned []" in lines
    assert suite.kinds_of_mistakes([row])[0][1] == 1
    assert table["control: wrong holders"].reached is False
    assert table["trap wrong-place"].got == table["file plain"].got == 0.5


def test_items_are_read_as_monitor_extract_reads_them(tmp_path: Path) -> None:
    """Offsets are those of the item, with and without a title."""
    sentence = "Rebels captured Hama on Thursday."
    config = load(default_config(), environ={}, watchlists=[])
    reader = suite.reader_of(config)
    items = [suite_gold.Item(text=sentence), suite_gold.Item(text=f"Late news\n{sentence}")]

    rows = list(suite.judged(reader, tmp_path / "plain.yaml", items, EVENTS))

    places = [(found.start, found.end) for row in rows for found in row.judged.false]
    assert places == [(7, 15), (17, 25)]
