"""Histories of control are cut into dispatches, and the last holder is scored rightly."""

from __future__ import annotations

import importlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.config import default_config, load

sys.path.append(str(Path(__file__).parents[3] / "benchmarks"))
gold: Any = importlib.import_module("gold")
control: Any = importlib.import_module("control")

HEAD = "place,held_by,single_holder,has_control_verb,history\n"


def row(place: str = "Al-Bayda", holder: str = "GOV", history: str = "", **more: Any) -> Any:
    """Return a row of one holder that tells of control."""
    fields = {"place": place, "holders": (holder,), "history": history, **more}
    return control.Row(**{"single": True, "told": True, **fields})


def test_a_sentence_is_of_the_day_that_it_or_one_before_it_tells() -> None:
    """Months and years end; a date without a year follows the one before."""
    found = control.dispatches(
        "In June 2012, rebels took it. They stayed. On 20 December the army shelled it. "
        "By January, rebels had left. The army came on 3 March 2014. See also: the siege. "
        "See the siege."
    )

    assert [one.published.strftime("%Y-%m-%d") for one in found] == [
        "2012-06-30",
        "2012-06-30",
        "2012-12-20",
        "2013-01-31",
        "2014-03-03",
    ]
    assert found[0].published < found[1].published


def test_a_day_that_does_not_exist_tells_nothing() -> None:
    """30 February; the day before stands."""
    assert [one.published.year for one in control.dispatches("On 30 February 2015 it fell.")] == [
        2011
    ]
    ends = control.dispatches("In December 2013 it fell.")
    assert ends[0].published == datetime(2013, 12, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("place", "history", "names"),
    [
        ("Damascus \u2013 Barzeh", "", {"Barzeh"}),
        ("Al-Bayda (Baida)", "", {"Al-Bayda", "Bayda", "Baida"}),
        ("Kafr Nabudah", "The town of Kafr Naboudeh fell.", {"Kafr Nabudah", "Kafr Naboudeh"}),
        ("Al-Husn", "The town of Al-Hosn fell.", {"Al-Husn", "Husn", "Al-Hosn"}),
        ("Khanasir", "Rebels left Khanassir Monday.", {"Khanasir", "Khanassir"}),
        (
            "Outside listed towns in Homs G.",
            "",
            {"Homs Governorate", "Homs province", "Homs countryside"},
        ),
    ],
)
def test_a_place_has_the_spellings_of_its_history(
    place: str, history: str, names: set[str]
) -> None:
    """Those with the same consonants, if there are three at least."""
    found = control.place_of(row(place=place, history=history))

    assert {found.name, *found.aliases} == names


def test_the_mean_is_over_the_holders_of_the_gold() -> None:
    """A holder that is rare counts as much as one that is not."""
    pairs = [("GOV", "GOV")] * 8 + [("HTS", "GOV"), ("HTS", "HTS"), ("GOV", "ISIL")]

    mean, counts = control.macro_f1(pairs)

    assert set(counts) == {"GOV", "HTS"}
    assert counts["GOV"].f1 == pytest.approx(16 / 18)
    assert mean == pytest.approx((16 / 18 + 2 / 3) / 2)
    assert control.macro_f1([])[0] == 1


def test_rows_are_read_from_their_columns(tmp_path: Path) -> None:
    """A holder that is none, a column that lacks, no file: one line."""
    path = tmp_path / "rows.csv"
    path.write_text(HEAD + "Hill Fort,OPP+TUR,1,0,\nPort,GOV+SDF,0,1,It fell.\n", encoding="utf-8")

    hill, port = control.rows_of(path)

    assert (hill.holder, hill.single, hill.told) == ("OPP", True, False)
    assert (port.holders, port.single, port.history) == (("GOV", "SDF"), False, "It fell.")
    path.write_text(HEAD + "Hill Fort,XYZ,1,0,\n", encoding="utf-8")
    with pytest.raises(
        gold.MissingError, match=r"rows\.csv:2: found holder 'XYZ', expected one of"
    ):
        control.rows_of(path)
    path.write_text("place,history\n", encoding="utf-8")
    with pytest.raises(gold.MissingError, match="no column held_by, single_holder"):
        control.rows_of(path)
    with pytest.raises(gold.MissingError, match="no such file"):
        control.rows_of(tmp_path / "absent.csv")


def test_a_history_is_read_and_its_last_holder_told() -> None:
    """A history that never names the holder cannot tell it; without claims the baseline stands."""
    config = load(default_config(), environ={}, watchlists=[])
    history = (
        "On 3 May 2013, the Free Syrian Army captured Hama. ISIS captured Hama on 4 June 2013."
    )
    rows = [row("Hama", "HTS", history), row("Homs", "GOV", "Prices rose in 2013.")]

    hama, homs = (control.judged(one, config) for one in rows)

    assert [claim.value for claim in hama.claims] == ["opp", "isil"]
    assert (hama.last, hama.believed) == ("ISIL", "ISIL")
    assert not hama.row.is_named
    assert (homs.claims, homs.last) == ((), "GOV")
    assert not homs.row.is_named
    table = {figure.name: figure for figure in control.figures([hama, homs])}
    assert table["last claim, macro-F1 over holders"].got == 0.5
    assert table["last claim, histories that name the holder"].rests == "0 rows"
    lines = "\n".join(control.errors([hama, homs], 5))
    assert "Hama: held by HTS, whom the history never names, told ISIL" in lines
    assert "claim 2013-06-04 isil (confirmed)" in lines
