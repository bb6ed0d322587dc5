"""A relay on loopback that changes one thing of what a server says: the control of a test that must
see the difference. Plain connections only: TLS would not let it."""

import contextlib
import socket
import threading

from loopback import HOST, Failure, listening
from peer import spoil_accept

PATIENCE = 20
HEAD_END = b"\r\n\r\n"
HEAD_MAX = 65536
DATA_FRAMES = (1, 2)


def _head(source):
    head = b""
    while not head.endswith(HEAD_END):
        octet = source.read(1)
        if not octet or len(head) > HEAD_MAX:
            raise Failure("the server sent no whole head")
        head += octet
    return head


def _frame(source):
    """One frame of a server's, which has no mask: (its header, its payload); None at the end."""
    header = source.read(2)
    if len(header) < 2:
        return None
    size = header[1] & 0x7F
    if size > 125:
        longer = source.read(2 if size == 126 else 8)
        header += longer
        size = int.from_bytes(longer, "big")
    return header, source.read(size)


def _frames(source, sink, change):
    """Passes frames on; of those with data, one bit of the first octet is changed if asked."""
    frame = _frame(source)
    while frame is not None:
        header, payload = frame
        if change and header[0] & 0x0F in DATA_FRAMES and payload:
            payload = bytes([payload[0] ^ 1]) + payload[1:]
        sink.sendall(header + payload)
        frame = _frame(source)


def _pass_on(source, sink):
    with contextlib.suppress(OSError):
        octets = source.recv(65536)
        while octets:
            sink.sendall(octets)
            octets = source.recv(65536)
        sink.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def relay(port, accept=False, echo=False):
    """Before the server at `port`; yields its own. accept, echo: what it changes."""

    def serve(client):
        client.settimeout(PATIENCE)
        with socket.create_connection((HOST, port), PATIENCE) as server:
            thread = threading.Thread(target=_pass_on, args=(client, server), daemon=True)
            thread.start()
            # A client that sees the difference leaves in the middle.
            with contextlib.suppress(OSError, Failure), server.makefile("rb") as source:
                head = _head(source)
                client.sendall(spoil_accept(head) if accept else head)
                _frames(source, client, echo)
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE)

    with listening(serve) as own:
        yield own
