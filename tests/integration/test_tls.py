"""rediss:// speaks TLS and checks the certificate: to a real redis-server behind a TLS relay.

The embedded build has no TLS of its own. ``tls/`` holds a certificate for 127.0.0.1 that is made
for this test and guards nothing.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.connection import RedisUnusableError, connect
from monitor.embedded import EmbeddedRedis
from monitor.settings import Settings

CERTIFICATE = Path(__file__).parent / "tls" / "cert.pem"
KEY = Path(__file__).parent / "tls" / "key.pem"


def pump(source: socket.socket, sink: socket.socket) -> None:
    """Carry bytes one way until either end closes."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def port(redis_server: EmbeddedRedis) -> Iterator[int]:
    """A port that takes TLS and hands what it carries to redis-server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)

    class Relay(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
                outer = stack.enter_context(context.wrap_socket(self.request, server_side=True))
                inner = stack.enter_context(socket.socket(socket.AF_UNIX))
                inner.connect(str(redis_server.socket))
                back = threading.Thread(target=pump, args=(inner, outer), daemon=True)
                back.start()
                pump(outer, inner)
                back.join()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Relay) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()


def test_a_trusted_server_is_used(port: int, tmp_path: Path) -> None:
    """Given the certificate in the URL, what is written over TLS is read back."""
    url = f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={CERTIFICATE}"

    with connect(Settings(redis=url), tmp_path / "unused") as client:
        client.set("over", "tls")
        assert client.get("over") == "tls"
        client.connection_pool.disconnect()


def test_a_server_that_nobody_vouches_for_is_one_clear_line(port: int, tmp_path: Path) -> None:
    """Given no authority for the certificate, nothing is sent and the message says why."""
    with pytest.raises(RedisUnusableError) as caught:
        connect(Settings(redis=f"rediss://127.0.0.1:{port}/0"), tmp_path / "unused")

    assert "certificate" in str(caught.value).lower()
    assert "\n" not in str(caught.value)
