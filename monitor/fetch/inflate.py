"""Undo Content-Encoding without ever holding more than the cap.

httpx decodes without a bound: a body of 500 bytes, gzipped twice, arrives as one chunk of
200 MB, and counting bytes after that is too late. Here zlib is told how much it may give.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

#: what is asked for, and all that is understood
ACCEPTED = "gzip, deflate"

#: zlib's switch for "gzip or zlib header, tell by the first bytes"
_ANY_HEADER = 47
#: zlib's switch for a stream without header, which some servers send as "deflate"
_NO_HEADER = -15
_GZIP_MAGIC = b"\x1f\x8b"


class TooLargeError(Exception):
    """The body is larger than the cap."""


class EncodingError(Exception):
    """The body is not encoded as its header says; the message says how."""


class Body:
    """Collects the chunks of one response body, decoded, up to ``cap`` bytes."""

    def __init__(self, encoding: str, cap: int) -> None:
        self._name = encoding.strip().lower()
        self._cap = cap
        self._received = 0
        self._size = 0
        self._parts: list[bytes] = []
        self._inflater: _Inflater | None = None
        if self._name in {"gzip", "x-gzip", "deflate"}:
            self._inflater = _Inflater()
        elif self._name not in {"", "identity"}:
            raise EncodingError(
                f"is encoded as {self._name!r} though only {ACCEPTED} was asked for"
            )

    def add(self, chunk: bytes) -> None:
        """Take one chunk as it came over the wire.

        Raises:
            TooLargeError: the body is larger than the cap, before or after decoding.
            EncodingError: the bytes are not what Content-Encoding says.
        """
        self._received += len(chunk)
        if self._received > self._cap:
            raise TooLargeError
        if self._inflater is None:
            self._keep(chunk)
            return
        try:
            self._inflater.add(chunk, self._room, self._keep)
        except zlib.error as error:
            raise EncodingError(f"says it is {self._name} but is not ({error})") from error

    def finish(self) -> bytes:
        """Return the whole decoded body.

        Raises:
            EncodingError: the compressed stream ends in the middle.
        """
        if self._inflater is not None and self._received and not self._inflater.complete:
            raise EncodingError(f"is cut off: its {self._name} stream has no end")
        return b"".join(self._parts)

    def _room(self) -> int:
        return self._cap - self._size

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._cap:
            raise TooLargeError
        self._parts.append(piece)


class _Inflater:
    """One gzip, zlib or headerless stream; gzip may have several members after each other."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_ANY_HEADER)
        self._started = False
        self._ended = False

    @property
    def complete(self) -> bool:
        return self._ended

    def add(self, data: bytes, room: Callable[[], int], keep: Callable[[bytes], None]) -> None:
        """Decode ``data`` and hand it on in pieces one byte larger than the room at most."""
        while data:
            if self._ended:
                if not data.startswith(_GZIP_MAGIC):
                    return  # padding after the last member carries nothing
                self._stream, self._ended = zlib.decompressobj(_ANY_HEADER), False
            keep(self._decompress(data, room() + 1))
            self._ended = self._stream.eof
            data = self._stream.unused_data if self._ended else self._stream.unconsumed_tail

    def _decompress(self, data: bytes, most: int) -> bytes:
        try:
            piece = self._stream.decompress(data, most)
        except zlib.error:
            if self._started:
                raise
            self._stream = zlib.decompressobj(_NO_HEADER)
            piece = self._stream.decompress(data, most)
        self._started = True
        return piece
