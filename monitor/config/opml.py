"""Feed lists of other readers: OPML into feeds.yaml and back."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import listparser
from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from w3lib.url import canonicalize_url

from monitor.config.problems import ConfigError, Problem, errors, shown
from monitor.config.validation import build, slug
from monitor.config.yamlfile import read as read_yaml
from monitor.settings import Feed, FeedsFile
from monitor.sources import SourceBook

#: first line of a new feeds.yaml
HEADER = "yaml-language-server: $schema=schemas/feeds.json"


@dataclass(slots=True)
class Import:
    """What became of the feeds of an OPML file."""

    #: id -> feed, now in feeds.yaml
    added: dict[str, Feed] = field(default_factory=dict)
    #: URL -> id of the feed that already has it
    skipped: dict[str, str] = field(default_factory=dict)
    #: one line for each entry that is no feed
    refused: list[Problem] = field(default_factory=list)


def import_opml(opml: Path, feeds_file: Path) -> Import:
    """Add the feeds of an OPML file to feeds.yaml, whose comments and order are kept.

    Args:
        opml: The OPML file.
        feeds_file: feeds.yaml, made when absent; it is replaced in one step.

    Raises:
        ConfigError: one of the files cannot be read, or feeds.yaml has mistakes of its own.
    """
    entries = _entries(opml)
    before = _feeds(feeds_file)
    document = _round_trip(feeds_file)
    by_url = {canonicalize_url(feed.url): feed_id for feed_id, feed in before.items()}
    result = Import()
    book = SourceBook({})
    for entry in entries:
        url, title = entry["url"], " ".join(entry.get("title", "").split())
        tags = [tag for each in entry.get("tags", []) if (tag := slug(each))]
        try:
            feed = Feed(url=url, title=title, tags=tuple(dict.fromkeys(tags)))
        except ValidationError:
            result.refused.append(
                Problem(
                    str(opml), shown(url), "a URL that starts with http:// or https://", key=title
                )
            )
            continue
        if (known := by_url.get(canonicalize_url(url))) is not None:
            result.skipped[url] = known
            continue
        name = slug(title) or slug(book.resolve(feed, url)) or "feed"
        feed_id = _unique(name, {*before, *result.added})
        by_url[canonicalize_url(url)] = feed_id
        result.added[feed_id] = feed
        document["feeds"][feed_id] = _lines(feed)
    if result.added:
        _write(feeds_file, document)
    return result


def export_opml(feeds: Mapping[str, Feed], *, title: str = "news-monitor") -> str:
    """Write feeds as OPML 2.0; tags become categories."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = title
    body = ET.SubElement(root, "body")
    for feed_id, feed in feeds.items():
        name = feed.title or feed_id
        outline = ET.SubElement(body, "outline", type="rss", text=name, title=name)
        outline.set("xmlUrl", feed.url)
        if feed.tags:
            outline.set("category", ",".join(feed.tags))
        if feed.language:
            outline.set("language", feed.language)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")


def _entries(opml: Path) -> list[dict[str, Any]]:
    try:
        content = opml.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError([Problem(str(opml), reason, "a readable OPML file")]) from error
    declared = re.match(rb"""\s*<\?xml[^>]*encoding=["']([\w.-]+)""", content)
    encoding = declared[1].decode() if declared else "utf-8-sig"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        problem = Problem(str(opml), f"text that is not {encoding}", "a file saved as UTF-8")
        raise ConfigError([problem]) from error
    entries: list[dict[str, Any]] = listparser.parse(text.encode()).feeds
    if not entries:
        problem = Problem(str(opml), "no feed", "OPML with <outline xmlUrl=…> entries")
        raise ConfigError([problem])
    return entries


def _feeds(feeds_file: Path) -> dict[str, Feed]:
    if not feeds_file.exists():
        return {}
    document = read_yaml(feeds_file)
    built, problems = build(FeedsFile, document, document.data or {})
    problems = document.problems + problems
    if built is None or errors(problems):
        raise ConfigError(problems)
    return built.feeds


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1000
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _round_trip(feeds_file: Path) -> CommentedMap:
    text = feeds_file.read_text(encoding="utf-8-sig") if feeds_file.exists() else f"# {HEADER}\n"
    document = _yaml().load(text)
    if document is None:
        # A file of comments only has no map that could carry them: put one below them.
        document = _yaml().load(f"{text.rstrip()}\nfeeds:\n")
    if not document.get("feeds"):
        document["feeds"] = CommentedMap()
    return document  # type: ignore[no-any-return]  # ruamel's load is untyped


def _lines(feed: Feed) -> CommentedMap:
    lines = CommentedMap(url=feed.url)
    if feed.title:
        lines["title"] = feed.title
    if feed.tags:
        lines["tags"] = list(feed.tags)
    return lines


def _write(feeds_file: Path, document: CommentedMap) -> None:
    text = StringIO()
    _yaml().dump(document, text)
    temporary = feeds_file.with_name(f".{feeds_file.name}.new")
    temporary.write_text(text.getvalue(), encoding="utf-8")
    temporary.replace(feeds_file)


def _unique(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"
