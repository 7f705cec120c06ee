"""Who publishes: from a feed or a link to a source, and what is known of that source."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import tldextract

from monitor.settings import Feed
from monitor.watchlist import Source

#: what may stand between the names of a joint credit: "AFP, Reuters", "AP/AFP"
_JOINT = r"\s*(?:,|/|&|;|\band\b)\s*"


class SourceBook:
    """Every known source; pure after construction.

    A domain that no source has is a source of its own, named by the domain, in a family of its
    own, and graded F: reliability cannot be judged (NATO AJP-2.1).
    """

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = dict(sources)
        self._by_domain = {
            domain.casefold(): source_id
            for source_id, source in sources.items()
            for domain in source.domains
        }
        # No URLs: only the public suffix list inside the package, never the network.
        self._extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
        self._extract("example.org")  # reads the list now, so that later calls do no I/O
        self._wires = self._wire_names()
        self._credit = self._credit_pattern()

    def resolve(self, feed: Feed, link: str) -> str:
        """Return the id of the source that published a link of a feed.

        The feed's own ``source`` wins; then a known domain of the link, then of the feed; then
        the registrable domain of the link, or of the feed when the link has none.
        """
        if feed.source:
            return feed.source
        hosts = [host for url in (link, feed.url) if (host := _host(url))]
        for host in hosts:
            if known := self._known(host):
                return known
        return self.domain(hosts[0]) if hosts else "unknown"

    def get(self, source_id: str) -> Source:
        """Return a source with its family filled in; an unknown id gets grade F."""
        source = self._sources.get(source_id)
        if source is None:
            return Source(name=source_id, domains=(source_id,), family=source_id, grade="F")
        return source if source.family else source.model_copy(update={"family": source_id})

    def family(self, source_id: str) -> str:
        """Return the family: desks and sister outlets that count as one voice."""
        return self.get(source_id).family or source_id

    def credit(self, text: str) -> str | None:
        """Return the id of the wire agency that a text credits as its origin, or None.

        Only the forms of a credit count: a byline, "(AFP)", "HOMS, Syria (AP) —", a closing
        "— Reuters", "with Reuters", "Source: AFP", "additional reporting by AP". "Reuters
        reported that" is attribution, and "an AP photographer was hurt" is news.
        """
        if self._credit is None:
            return None
        match = self._credit.search(text)
        name = next((each for each in match.groups() if each), None) if match else None
        return self._wires.get(name) if name else None

    def domain(self, host: str) -> str:
        """Return the registrable domain of a host; of an unlisted suffix the last two labels."""
        found = self._extract(host).top_domain_under_public_suffix
        if found or _is_address(host):
            return found or host
        return ".".join(host.rsplit(".", 2)[-2:])

    def _known(self, host: str) -> str | None:
        labels = host.split(".")
        ends = (".".join(labels[start:]) for start in range(len(labels) - 1))
        return next((self._by_domain[end] for end in ends if end in self._by_domain), None)

    def _wire_names(self) -> dict[str, str]:
        names = {}
        for source_id, source in self._sources.items():
            if source.wire:
                names[source.name.removeprefix("The ")] = source_id
                names[source_id.upper()] = source_id
        return names

    def _credit_pattern(self) -> re.Pattern[str] | None:
        if not self._wires:
            return None
        ordered = sorted(self._wires, key=len, reverse=True)
        names = "|".join(re.escape(name) for name in ordered)
        one = rf"(?:[Tt]he\s+)?\b({names})\b"
        more = rf"(?:{_JOINT}\w[\w ]{{1,30}}){{0,3}}"
        return re.compile(
            rf"\A\s*(?:[Bb]y\s+)?{one}{more}\s*\Z"  # the whole text: a byline
            rf"|\(\s*{one}{more}\s*\)"  # (AFP), (AP/Reuters)
            rf"|^\W*{one}\s*[-\u2013\u2014:]\s"  # Reuters - at the start of a line
            rf"|[-\u2013\u2014/]\s*{one}{more}\s*\.?\s*$"  # — Reuters at the end of a line
            rf"|\b(?:[Ss]ource|[Cc]redit):\s*{one}"
            rf"|\b(?:[Ww]ith|[Ff]rom)\s+{one}{more}\s*\.?\s*$"
            rf"|\b(?:[Rr]eporting|[Ww]riting)\s+by\s+(?:\w[\w .]{{1,40}}{_JOINT})?{one}",
            re.MULTILINE,
        )


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:  # a malformed IPv6 address: such a link names no host
        return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
