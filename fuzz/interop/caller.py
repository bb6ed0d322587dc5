"""A server on loopback that does what a function says to the client of core/example/, and how the
client must take it. By plain sockets; nothing of ours writes or reads an octet."""

import base64
import contextlib
import hashlib
import re
import select
import socket
import subprocess
import threading

from loopback import HOST, Failure, child, listening
from octets import CLOSE, TEXT, frame
from ours import check_echo, check_failure
from results import expect

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
PATIENCE = 10
# Long enough for a client that sends too early, or a second time, to have done so.
SOON = 0.3
HEAD_END = b"\r\n\r\n"
FIELD = re.compile(rb"\r\n([^:\r\n]+):[ \t]*([^\r\n]*?)[ \t]*(?=\r\n)")
CLOSE_NORMALLY = frame(CLOSE, b"\x03\xe8", mask=b"")


def accept_of(key):
    return base64.b64encode(hashlib.sha1(key + GUID).digest())


class Caller:
    """The client as the server sees it, read to the octet."""

    def __init__(self, connection):
        self.socket = connection
        self.socket.settimeout(PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.source = connection.makefile("rb")
        self.head = b""
        self.masks = []

    def request(self):
        """Reads the request; its fields by name in lower case."""
        while not self.head.endswith(HEAD_END):
            octet = self.source.read(1)
            expect(octet, f"the client ends in the middle of its request: {self.head[:80]!r}")
            self.head += octet
        self.fields = {name.lower(): value for name, value in FIELD.findall(self.head)}
        return self.fields

    def switch(self, *lines, accept=None, upgrade=b"Upgrade: websocket"):
        """The 101 to the request, with more lines in it."""
        key = self.request()[b"sec-websocket-key"]
        accept = accept or accept_of(key)
        first = b"HTTP/1.1 101 Switching Protocols"
        own = [upgrade, b"Connection: Upgrade", b"Sec-WebSocket-Accept: " + accept]
        return b"\r\n".join([first, *own, *lines]) + HEAD_END

    def send(self, octets):
        self.socket.sendall(octets)

    def opened(self):
        self.send(self.switch())
        return self

    def frame(self):
        """Opcode and payload of the client's next frame, which must be whole, and masked."""
        header = self.source.read(2)
        expect(len(header) == 2, "the client ends where a frame is expected")
        expect(header[0] & 0xF0 == 0x80, f"no FIN, or a reserved bit: {header!r}")
        expect(header[1] & 0x80, f"a frame of the client's has no mask: {header!r}")
        size = header[1] & 0x7F
        if size > 125:
            size = int.from_bytes(self.source.read(2 if size == 126 else 8), "big")
        mask = self.source.read(4)
        self.masks.append(mask)
        masked = self.source.read(size)
        return header[0] & 0x0F, bytes(octet ^ mask[at % 4] for at, octet in enumerate(masked))

    def expect_frame(self, opcode, payload):
        found = self.frame()
        expect(found == (opcode, payload), f"frame {found!r:.80}, expected {opcode}, {payload!r}")

    def answer(self, octets=None):
        """Takes a text, and sends it back, or something else."""
        opcode, payload = self.frame()
        expect(opcode == TEXT, f"opcode {opcode}, expected a text")
        self.send(frame(TEXT, payload, mask=b"") if octets is None else octets)

    def goodbye(self):
        """The client's Close 1000, and our own; then the server closes, as is its part."""
        self.expect_close(1000)
        self.send(CLOSE_NORMALLY)
        self.socket.shutdown(socket.SHUT_WR)
        self.expect_end()

    def expect_close(self, status):
        self.expect_frame(CLOSE, status.to_bytes(2, "big"))

    def silent(self):
        """The client says nothing for a while."""
        found = select.select([self.socket], [], [], SOON)[0]
        expect(not found, "the client speaks when it should wait")

    def expect_end(self):
        octets = b""
        with contextlib.suppress(ConnectionResetError):  # it may leave without reading us out
            octets = self.source.read(1)
        expect(octets == b"", f"{octets!r} where the client should end")


@contextlib.contextmanager
def server(act):
    """act(caller) is the whole server, for one connection; yields its URL. What it finds wrong with
    the client is raised when the block ends."""
    outcome, over = [], threading.Event()

    def serve(connection):
        caller = Caller(connection)
        try:
            act(caller)
            outcome.append(None)
        except (Failure, OSError) as failure:
            outcome.append(failure)
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        caller.source.close()
        over.set()

    with listening(serve) as port:
        try:
            yield f"ws://{HOST}:{port}/"
        except Failure as failure:
            over.wait(PATIENCE)
            raise Failure(f"{failure}; the server: {outcome or 'is not over'}") from None
        expect(over.wait(PATIENCE), "the client did not connect, or stayed")
        if outcome[0] is not None:
            raise Failure(f"as the server sees it: {outcome[0]}")


def good(ours, act, sent, *words):
    """The client gets all its messages back from this server."""
    with server(act) as url:
        said = ours.run(url, *words, messages=sent)
        check_echo(said, sent)
    return f"{len(sent)} messages came back"


def bad(ours, act, reason, *words, opened=False):
    """The client fails with this server, for this reason."""
    with server(act) as url:
        said = ours.run(url, *words, messages=["a message"])
        return check_failure(said, reason, opened=opened)


@contextlib.contextmanager
def running(ours, url, *words):
    """The client while it runs."""
    argv = [str(ours.command), url, "--verbose", *words, "--message", "a message"]
    pipe = subprocess.PIPE
    with child(argv, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe) as process:
        yield process
