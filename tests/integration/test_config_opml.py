"""Feed lists of other readers, into feeds.yaml and out of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.opml import export_opml, import_opml
from monitor.config.problems import ConfigError
from monitor.config.yamlfile import read
from monitor.settings import Feed, FeedsFile

OPML = """<?xml version="1.0"?>
<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Middle East">
  <outline type="rss" text="The Herald &amp; Sun" xmlUrl="https://herald.example/rss"/>
  <outline type="rss" text="The Herald &amp; Sun" xmlUrl="https://herald.example/world"/>
</outline>
<outline type="rss" text="" xmlUrl="https://news.plain.example/feed"/>
<outline type="rss" text="Known" xmlUrl="https://KNOWN.example/rss"/>
<outline type="rss" text="Gopher" xmlUrl="gopher://old.example/"/>
</body></opml>
"""

FEEDS = """\
# yaml-language-server: $schema=schemas/feeds.json
# My own remark.
feeds:
  known:
    url: https://known.example/rss   # the one we trust
    tags: [a, b]
"""


def feeds_of(path: Path) -> dict[str, Feed]:
    """Read a feeds.yaml."""
    return FeedsFile.model_validate(read(path).data).feeds


def test_import_adds_skips_and_refuses(tmp_path: Path) -> None:
    """Given new, known and impossible feeds, then each is told apart and comments stay."""
    opml, feeds = tmp_path / "mine.opml", tmp_path / "feeds.yaml"
    opml.write_text(OPML)
    feeds.write_text(FEEDS)
    result = import_opml(opml, feeds)
    assert list(result.added) == ["the-herald-sun", "the-herald-sun-2", "plain-example"]
    assert result.added["the-herald-sun"].tags == ("middle-east",)
    assert result.skipped == {"https://KNOWN.example/rss": "known"}
    assert [str(problem) for problem in result.refused] == [
        (
            f'{opml}: Gopher: found "gopher://old.example/", '
            "expected a URL that starts with http:// or https://"
        )
    ]
    assert feeds.read_text().startswith(FEEDS)
    assert list(feeds_of(feeds)) == ["known", *result.added]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_import_twice_adds_nothing(tmp_path: Path) -> None:
    """Given feeds that were imported, when imported again, then the file is not touched."""
    opml, feeds = tmp_path / "mine.opml", tmp_path / "feeds.yaml"
    opml.write_text(OPML)
    import_opml(opml, feeds)
    before = feeds.read_text()
    assert before.startswith("# yaml-language-server: $schema=")
    assert import_opml(opml, feeds).added == {}
    assert feeds.read_text() == before


@pytest.mark.parametrize("text", ["", "# only this\n", "feeds:\n", "# this\nfeeds: {}\n"])
def test_import_into_a_file_without_feeds(tmp_path: Path, text: str) -> None:
    """Given a feeds.yaml that holds none, then feeds are added below what stands there."""
    opml, feeds = tmp_path / "mine.opml", tmp_path / "feeds.yaml"
    opml.write_text(OPML)
    feeds.write_text(text)
    result = import_opml(opml, feeds)
    assert feeds_of(feeds) == result.added
    assert text.partition("feeds")[0] in feeds.read_text()


def test_export_and_import_give_the_same_feeds(tmp_path: Path) -> None:
    """Given feeds, when exported and imported again, then they are the same."""
    before = {
        "herald-world": Feed(url="https://h.example/?a=1&b=2", title="Herald: World", tags=("a",)),
        "plain": Feed(url="https://p.example/rss"),
        "al-quds": Feed(url="https://q.example/rss", title="Al-Quds", tags=("x", "y-z")),
    }
    opml = tmp_path / "mine.opml"
    opml.write_text(export_opml(before))
    after = import_opml(opml, tmp_path / "feeds.yaml").added
    assert list(after) == list(before)
    assert [feed.url for feed in after.values()] == [feed.url for feed in before.values()]
    assert [feed.tags for feed in after.values()] == [feed.tags for feed in before.values()]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "found no feed"),
        (b"<html><body>Sign in</body></html>", "found no feed"),
        (b"<opml><body/>", "found no feed"),
        (b"<opml>\xff\xfe caf\xe9</opml>", "found text that is not utf-8-sig"),
        (b'<?xml version="1.0" encoding="klingon"?><opml/>', "found text that is not klingon"),
        (None, "found No such file or directory"),
    ],
)
def test_a_file_that_is_no_opml(tmp_path: Path, content: bytes | None, says: str) -> None:
    """Given what is no OPML, when imported, then one line says so and nothing is written."""
    opml, feeds = tmp_path / "mine.opml", tmp_path / "feeds.yaml"
    if content is not None:
        opml.write_bytes(content)
    with pytest.raises(ConfigError, match=says):
        import_opml(opml, feeds)
    assert not feeds.exists()


def test_utf16_is_read(tmp_path: Path) -> None:
    """Given OPML that Windows saved as UTF-16, when imported, then its feeds are there."""
    opml = tmp_path / "mine.opml"
    opml.write_bytes(OPML.encode("utf-16"))
    assert len(import_opml(opml, tmp_path / "feeds.yaml").added) == 4


def test_a_broken_feeds_file_is_not_written(tmp_path: Path) -> None:
    """Given a feeds.yaml with a mistake, when importing, then it is told and the file stays."""
    opml, feeds = tmp_path / "mine.opml", tmp_path / "feeds.yaml"
    opml.write_text(OPML)
    feeds.write_text("feeds:\n  a: {urll: https://a.example}\n")
    with pytest.raises(ConfigError, match=r"feeds\.a\.urll"):
        import_opml(opml, feeds)
    assert feeds.read_text() == "feeds:\n  a: {urll: https://a.example}\n"
