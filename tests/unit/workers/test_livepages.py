"""Live pages: what makes an item one, and what its versions say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.records import Article
from tests.unit.workers.newsroom import NOON, reader
from workers.livepages import is_live_page


def page(
    title: str = "Rebels near Homs", text: str = "", link: str = "", version: int = 0
) -> Article:
    """Return one version of an item; each is seen an hour after the one before."""
    return Article(
        id="page",
        revision=version,
        feed="globe",
        source="globe",
        link=link or "https://globe.example/2024/homs",
        title=title,
        text=text,
        published=NOON,
        seen=NOON + timedelta(hours=version),
    )


@pytest.mark.parametrize(
    "article",
    [
        page("LIVE: rebels near Homs"),
        page("Live updates: rebels near Homs"),
        page("Rebels near Homs | live"),
        page("Syria war: Homs siege as it happened"),
        page(link="https://globe.example/world/live/2024/dec/06/syria"),
        page(link="https://globe.example/syria-homs-live-updates.html"),
        page(text="<p>11:02 Rockets hit Homs.<br/>10:41 Schools are closed.</p>"),
    ],
)
def test_what_is_a_live_page(article: Article) -> None:
    """The title, the link or the clocks of its entries tell."""
    assert is_live_page(article)


@pytest.mark.parametrize(
    "article",
    [
        page("Assad to live in Moscow, Kremlin says"),
        page("How people live in besieged Homs"),
        page(text="Rockets hit Homs at 11:02, a resident said."),
        page(link="https://globe.example/2024/lives-lost-in-homs"),
        page(link="https://globe.example/delivery/2024"),
    ],
)
def test_what_is_none(article: Article) -> None:
    """Who lives somewhere is not live."""
    assert not is_live_page(article)


def test_an_entry_stays_itself_from_version_to_version() -> None:
    """What is told again has the same claim; what is new is of the version's own time."""
    first = page("LIVE: Syria", "Rebels captured Hama, residents said.")
    second = page(
        "LIVE: Syria",
        "Rebels captured Homs, residents said.\nRebels captured Hama, residents said.",
        version=3,
    )
    told, again = (read.reading for read in reader().read([first, second]))

    assert told.live
    hama = next(claim for claim in told.claims if claim.subject == "hama")
    homs = next(claim for claim in again.claims if claim.subject == "homs")
    assert hama.id in {claim.id for claim in again.claims}
    assert (hama.published, homs.published) == (NOON, NOON + timedelta(hours=3))
