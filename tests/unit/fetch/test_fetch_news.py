"""What is new, decided without any I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from monitor.fetch.news import MEMORY, Decision, Rules, decide
from monitor.fetch.parse import Document, Item

NOW = datetime(2024, 12, 8, 12, tzinfo=UTC)
RULES = Rules(
    feed="times",
    source=lambda _: "the-times",
    now=NOW,
    max_age=timedelta(days=30),
    max_items=100,
)
HOMS = Item("g1", "https://times.example/homs", "Homs falls", "Rebels took Homs.", "en", NOW)


def first(*items: Item, rules: Rules = RULES, known: Mapping[str, str] | None = None) -> Decision:
    """Decide on a document of these items."""
    return decide(Document(items), known or {}, rules)


def later(before: Decision, *items: Item, rules: Rules = RULES) -> Decision:
    """Decide on the next document, with what the last decision remembered."""
    return decide(Document(items), before.seen, rules)


def test_a_new_item_is_an_article() -> None:
    """Given an unknown item, it becomes revision 0 with everything filled in."""
    (article,) = first(HOMS).articles

    assert (article.revision, article.feed, article.source) == (0, "times", "the-times")
    assert (article.title, article.text, article.link) == (HOMS.title, HOMS.text, HOMS.link)
    assert (article.published, article.seen, article.language) == (NOW, NOW, "en")


def test_a_known_item_is_no_news() -> None:
    """The same item again gives nothing."""
    assert later(first(HOMS), HOMS).articles == ()


def test_a_changed_text_is_a_revision_of_the_same_article() -> None:
    """Same guid with another text: same id, next revision; and again."""
    before = first(HOMS)
    corrected = later(before, replace(HOMS, text="Rebels did not take Homs."))
    again = decide(
        Document((replace(HOMS, text="Rebels now took Homs."),)), dict(corrected.seen), RULES
    )

    assert [article.revision for article in corrected.articles] == [1]
    assert [article.revision for article in again.articles] == [2]
    assert corrected.articles[0].id == before.articles[0].id == again.articles[0].id
    assert (corrected.new, corrected.revised) == (0, 1)


def test_white_space_is_no_revision() -> None:
    """A change of spacing alone is not a change."""
    assert later(first(HOMS), replace(HOMS, text="Rebels  took\nHoms.")).articles == ()


def test_without_guid_the_link_identifies_whatever_its_tracking() -> None:
    """Two spellings of one link are one item."""
    bare = replace(HOMS, guid="")

    assert later(first(bare), replace(bare, link=f"{HOMS.link}?utm_source=x")).articles == ()


def test_a_guid_shared_by_all_items_tells_nothing() -> None:
    """Given one guid on different items, each stands for itself, also when alone later."""
    hama = replace(HOMS, link="https://times.example/hama", title="Hama falls")
    before = first(HOMS, hama)

    assert before.new == 2
    assert later(before, hama).articles == ()


def test_guid_and_link_shared_by_all_items_leave_the_text() -> None:
    """Given a feed whose items all name the front page, the words identify them."""
    front = replace(HOMS, link="https://times.example/")
    other = replace(front, title="Hama falls")
    before = first(front, other)

    assert before.new == 2
    assert later(before, other, front).articles == ()


def test_an_item_listed_twice_is_taken_once() -> None:
    """The same item twice in one document is one article."""
    assert first(HOMS, HOMS).new == 1


def test_an_item_without_words_is_skipped_and_counted() -> None:
    """No title and no text: nothing to read."""
    decision = first(Item(guid="g", link=HOMS.link))

    assert decision.articles == ()
    assert decision.counts == {"items_skipped": 1}


def test_an_item_without_link_or_date_is_taken() -> None:
    """The moment it was seen stands in for the date."""
    decision = first(Item(title="Only a title"))

    assert decision.articles[0].published == NOW
    assert decision.articles[0].link == ""
    assert decision.counts == {"items_undated": 1}


def test_a_future_date_becomes_now_and_is_counted() -> None:
    """Nothing was published after it was seen."""
    decision = first(replace(HOMS, published=NOW + timedelta(days=400)))

    assert decision.articles[0].published == NOW
    assert decision.counts == {"items_future": 1}


def test_an_old_item_is_remembered_but_not_read() -> None:
    """Older than max_age: marked seen, counted; a later change of it is news."""
    old = replace(HOMS, published=NOW - timedelta(days=31))
    before = first(old)

    assert before.articles == ()
    assert before.counts == {"items_old": 1}
    assert later(before, replace(old, text="A correction.")).revised == 1


def test_articles_come_oldest_first() -> None:
    """Feeds list the newest first; with equal dates their order is turned round."""
    items = [
        replace(HOMS, guid=str(n), link="", title=f"t{n}", published=NOW - timedelta(hours=n // 2))
        for n in range(6)
    ]

    titles = [article.title for article in first(*items).articles]

    assert titles == ["t5", "t4", "t3", "t2", "t1", "t0"]


def test_items_over_the_limit_are_left_for_the_next_poll() -> None:
    """The oldest go first; what is left is not remembered, and comes with the next poll."""
    items = [replace(HOMS, guid=str(n), link="", title=f"t{n}") for n in range(5)]
    rules = replace(RULES, max_items=3)
    before = first(*items, rules=rules)
    after = later(before, *items, rules=rules)

    assert (before.new, before.left) == (3, 2)
    assert (after.new, after.left) == (2, 0)


def test_only_what_left_the_document_long_ago_is_forgotten() -> None:
    """Identities still in the document stay, whatever their age."""
    hama = replace(HOMS, guid="g2", link="", title="Hama falls")
    before = first(HOMS, hama)
    much_later = replace(RULES, now=NOW + RULES.max_age + MEMORY + timedelta(days=1))

    after = later(before, HOMS, rules=much_later)

    assert len(after.forget) == 1
    assert later(before, HOMS).forget == ()
    assert later(before, HOMS, hama, rules=much_later).forget == ()


def test_the_language_of_the_settings_wins() -> None:
    """What the user says knowingly outranks what the feed claims."""
    assert first(HOMS, rules=replace(RULES, language="fr")).articles[0].language == "fr"


words = st.text(st.sampled_from("ab "), max_size=3)
links = st.sampled_from(["", "https://a.example/1", "https://a.example/2"])
items = st.lists(st.builds(Item, guid=words, link=links, title=words, text=words), max_size=8)


@given(items)
def test_the_same_document_twice_is_never_news(document: list[Item]) -> None:
    """Whatever guids and links collide, a second look finds nothing new."""
    before = first(*document)

    assert later(before, *document).articles == ()


@given(items)
@example([Item(guid="a", link="", title="", text="a"), Item(guid="a", link="", title="a", text="")])
def test_every_different_title_is_taken(document: list[Item]) -> None:
    """However badly a feed identifies its items, no headline is lost; one without is its text."""
    titles = {" ".join(item.title.split()) for item in document if item.title.strip()}
    taken = {" ".join((one.title or one.text).split()) for one in first(*document).articles}

    assert titles <= taken
