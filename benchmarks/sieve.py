"""What the look before the parse loses: claims of whole articles, with it and without.

Usage: ``python benchmarks/sieve.py FILE [--watchlist FILE] [--errors N]``. FILE has JSON lines
``{"id", "title", "text", "published", "source"}``, packed with gzip or not; the watchlists are those of
the packaged config when left out. A claim is lost when the article parsed whole makes it and what the
sieve leaves of it does not; one that is made only of what is left is added.
"""

from __future__ import annotations

import argparse
import gzip
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from gold import MissingError, one_line_errors
from pydantic import ValidationError

from monitor.config import default_config, load
from monitor.records import Article, Claim
from workers.extract import BATCH, Line
from workers.reader import ReadArticle, Reader


def articles_of(path: Path) -> Iterator[Article]:
    """Yield the articles of a file.

    Raises:
        MissingError: it is not there, or a line is not of that form.
    """
    opener: Any = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield Line.model_validate_json(line).article()
    except ValidationError as error:
        raise MissingError(f"{path}: not of that form ({error.errors()[0]['msg']})") from error
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise MissingError(f"{path}: cannot be read ({error})") from error


def key(claim: Claim) -> tuple[str, ...]:
    """Return what a claim says, whatever sentence it is from."""
    return claim.subject, claim.facet, claim.value, claim.factuality.value


def words(read: Sequence[ReadArticle]) -> int:
    """Return the number of words that were parsed."""
    return sum(0 if one.doc is None else len(one.doc) for one in read)


def main() -> None:
    """Print what was read, lost and added."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="JSON lines, .gz or not")
    parser.add_argument("--watchlist", type=Path, action="append", help="instead of the packaged")
    parser.add_argument("--errors", type=int, default=0, help="lost and added claims to show")
    options = parser.parse_args()
    config = load(default_config(), environ={}, watchlists=options.watchlist)
    sifting = Reader(config.ontology, config.watchlists, config.sources)
    whole = Reader(config.ontology, config.watchlists, config.sources)
    whole.lift_sieve()
    articles, parsed, claims, lost, added = 0, [0, 0], [0, 0], 0, 0
    shown = options.errors
    with one_line_errors():
        rest = articles_of(options.data)
        while batch := list(islice(rest, BATCH)):
            articles += len(batch)
            with sifting.memory(), whole.memory():
                ways = [list(reader.read(batch)) for reader in (sifting, whole)]
                for way, read in enumerate(ways):
                    parsed[way] += words(read)
                    claims[way] += sum(len({key(one) for one in each.claims}) for each in read)
                for left, right in zip(*ways, strict=True):
                    told = [{key(one): one for one in each.claims} for each in (left, right)]
                    lost += len(told[1].keys() - told[0].keys())
                    added += len(told[0].keys() - told[1].keys())
                    for what in told[0].keys() ^ told[1].keys():
                        if shown > 0:
                            shown -= 1
                            made = told[0].get(what) or told[1][what]
                            sort = "added" if what in told[0] else "lost"
                            print(f"{sort}: {' '.join(what)}: {made.sentence}")
    print(f"{articles:,} articles; words parsed: {parsed[0]:,} of {parsed[1]:,}")
    print(f"claims of whole articles: {claims[1]:,}; lost: {lost} ({lost / max(claims[1], 1):.3f})")
    print(f"claims of what is left: {claims[0]:,}; added: {added}")


if __name__ == "__main__":
    main()
