"""Content-Encoding is undone within the cap."""

from __future__ import annotations

import gzip
import zlib

import pytest

from monitor.fetch.inflate import Body, EncodingError, TooLargeError

WORDS = b"words " * 500


def collect(encoding: str, sent: bytes, cap: int = 10_000, chunk: int = 7) -> bytes:
    """Return the body that comes out of ``sent``, fed in small chunks."""
    body = Body(encoding, cap)
    for start in range(0, len(sent), chunk):
        body.add(sent[start : start + chunk])
    return body.finish()


def headerless(data: bytes) -> bytes:
    """Return what some servers send as "deflate"."""
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


@pytest.mark.parametrize(
    ("encoding", "sent"),
    [
        ("", WORDS),
        ("identity", WORDS),
        ("gzip", gzip.compress(WORDS, mtime=0)),
        ("GZIP", gzip.compress(WORDS, mtime=0)),
        ("x-gzip", gzip.compress(WORDS[:1500], mtime=0) + gzip.compress(WORDS[1500:], mtime=0)),
        ("gzip", gzip.compress(WORDS, mtime=0) + b"\0\0\0"),
        ("deflate", zlib.compress(WORDS)),
        ("deflate", headerless(WORDS)),
    ],
)
def test_every_accepted_encoding_is_read(encoding: str, sent: bytes) -> None:
    """Given each way to send the words, the words come out."""
    assert collect(encoding, sent, chunk=len(sent)) == WORDS


def test_chunks_may_be_cut_anywhere() -> None:
    """A gzip stream in chunks of seven bytes is the same."""
    assert collect("gzip", gzip.compress(WORDS, mtime=0)) == WORDS


def test_a_bomb_is_stopped_at_the_cap() -> None:
    """100 MB in 100 kB of gzip ends at the cap."""
    bomb = gzip.compress(bytes(100_000_000), compresslevel=9)

    with pytest.raises(TooLargeError):
        collect("gzip", bomb, cap=200_000, chunk=len(bomb))


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_more_bytes_than_the_cap_are_refused_before_decoding(encoding: str) -> None:
    """Endless empty members decode to nothing, and still end."""
    with pytest.raises(TooLargeError):
        collect(encoding, gzip.compress(b"") * 1000, cap=1000)


@pytest.mark.parametrize(
    ("encoding", "sent", "says"),
    [
        ("br", b"", "'br'"),
        ("gzip, gzip", b"", "'gzip, gzip'"),
        ("gzip", b"<rss/> is not gzip", "says it is gzip but is not"),
        ("gzip", gzip.compress(WORDS, mtime=0)[:-9], "is cut off"),
    ],
)
def test_a_wrong_encoding_is_named(encoding: str, sent: bytes, says: str) -> None:
    """Each mismatch between header and bytes has its words."""
    with pytest.raises(EncodingError, match=says):
        collect(encoding, sent, chunk=1000)
