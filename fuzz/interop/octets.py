"""What no well-behaved client does to the echo server: heads in pieces, frames ahead of the 101,
frames that break RFC 6455, peers that stall, crowds. By plain sockets; nothing of ours reads it."""

import base64
import contextlib
import os
import re
import select
import signal
import socket
import ssl
import threading
import time

from loopback import HOST, Failure, run
from programs import echo_server
from results import expect

PATIENCE = 10
HANDSHAKE_SECONDS = 1
KEY = base64.b64encode(bytes(range(16))).decode()
HEAD_END = b"\r\n\r\n"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
MESSAGE_MAX = 1 << 20
# Far more than the sockets' buffers hold, and what the server may keep of it.
UNREAD = 48
UNREAD_GROWTH = 8 << 20
DESCRIPTORS = 16
BAD_WORDS = (
    ["--port", "99999"], ["--port", "x"], ["--connections", "0"], ["--handshake-seconds", "-1"],
    ["--cert", "a.pem"], ["--cert", "missing.pem", "--key", "missing.pem"], ["--token", ""],
    ["--origin", "HTTPS://Example.com"], ["--unknown"], ["--host"], ["word"],
)


def request(*fields, target="/", method="GET"):
    lines = [f"{method} {target} HTTP/1.1", "Host: a", *fields, "", ""]
    return "\r\n".join(lines).encode()


UPGRADE = request(
    "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
    f"Sec-WebSocket-Key: {KEY}")


def frame(opcode, payload=b"", mask=b"\x11\x22\x33\x44"):
    """One frame; mask: as a client must, or b"" as it must not."""
    size = len(payload)
    flag = 0x80 if mask else 0
    if size < 126:
        header = bytes([0x80 | opcode, flag | size])
    elif size < 1 << 16:
        header = bytes([0x80 | opcode, flag | 126]) + size.to_bytes(2, "big")
    else:
        header = bytes([0x80 | opcode, flag | 127]) + size.to_bytes(8, "big")
    if mask:
        key = (mask * (size // 4 + 1))[:size]
        mixed = int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")
        payload = mixed.to_bytes(size, "big")
    return header + mask + payload


class Peer:
    """A socket to the server, read to the octet."""

    def __init__(self, port, octets=b"", ca=None):
        self.socket = socket.create_connection((HOST, port), PATIENCE)
        if ca:
            context = ssl.create_default_context(cafile=str(ca))
            self.socket = context.wrap_socket(self.socket, server_hostname=HOST)
        self.source = self.socket.makefile("rb")
        self.send(octets)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.source.close()
        self.socket.close()

    def send(self, octets):
        self.socket.sendall(octets)

    def head(self):
        """The status and the octets of the next head."""
        head = b""
        while not head.endswith(HEAD_END):
            octet = self.source.read(1)
            expect(octet, f"the server ends in the middle of a head: {head[:80]!r}")
            head += octet
        found = re.match(rb"HTTP/1\.1 (\d{3}) ", head)
        expect(found, f"no status line: {head[:80]!r}")
        return int(found.group(1)), head

    def opened(self):
        status, _ = self.head()
        expect(status == 101, f"status {status}, expected 101")
        return self

    def frame(self):
        """Opcode and payload of the server's next frame."""
        header = self.source.read(2)
        expect(len(header) == 2, "the server ends where a frame is expected")
        expect(header[0] & 0x70 == 0 and header[1] < 0x80, f"reserved bit or mask: {header!r}")
        size = header[1]
        if size > 125:
            size = int.from_bytes(self.source.read(2 if size == 126 else 8), "big")
        return header[0] & 0x0F, self.source.read(size)

    def expect_frame(self, opcode, payload):
        found = self.frame()
        expect(found == (opcode, payload), f"frame {found!r:.80}, expected {opcode}, {payload!r}")

    def expect_close(self, status):
        self.expect_frame(CLOSE, status.to_bytes(2, "big"))
        self.expect_end()

    def expect_end(self):
        octets = self.source.read(1)
        expect(octets == b"", f"{octets!r} behind the end")


def status_of(octets, expected, port, content=b""):
    """The server answers with a status and closes: nothing else follows."""
    with Peer(port, octets) as peer:
        status, head = peer.head()
        expect(status == expected, f"status {status}, expected {expected}")
        expect(b"\r\nConnection: close" in head, f"no Connection: close in {head!r}")
        body = peer.source.read()
        size = re.search(rb"\r\nContent-Length: (\d+)\r\n", head)
        expect(content in body, f"{body[:80]!r} does not hold {content!r}")
        told = int(size.group(1)) if size else None
        if octets.startswith(b"HEAD "):
            expect(told and not body, f"HEAD is answered with {len(body)} octets, told {told}")
        else:
            expect(told == len(body), f"Content-Length {told}, {len(body)} octets came")
    return f"{status}, {len(body)} octets, then the end"


def refusals(port):
    long_field = "X: " + "x" * 20000
    checks = [
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        (UPGRADE.replace(b": 13", b": 12"), 426),
        (request(target="/" + "x" * 4000), 414),
        (request(long_field), 431),
        # More behind it than is ever read: the answer must come nevertheless.
        (b"\0" * 100000, 400),
    ]
    for octets, status in checks:
        status_of(octets, status, port)
    return f"{len(checks)} refusals arrive whole: " + ", ".join(str(s) for _, s in checks)


def drained(port):
    """A peer that still sends when it is refused is not cut off: the answer would go with it."""
    with Peer(port, b"\0") as peer:
        status, _ = peer.head()
        expect(status == 400, f"status {status}, expected 400")
        peer.expect_end()
        # The second of these would fail after a reset.
        for _ in range(3):
            peer.send(b"\0" * 1000)
            time.sleep(0.05)
    return "what comes behind a refusal is taken and thrown away"


def octet_by_octet(port):
    with Peer(port) as peer:
        peer.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(UPGRADE)):
            peer.send(UPGRADE[at : at + 1])
        peer.opened()
        for octet in frame(TEXT, b"slow"):
            peer.send(bytes([octet]))
        peer.expect_frame(TEXT, b"slow")
        peer.send(frame(CLOSE, b"\x03\xe8"))
        peer.expect_close(1000)
    return f"{len(UPGRADE)} pieces of one octet open a connection"


def behind_the_head(port, ca=None):
    """Frames in the segment, or TLS record, of the head: the core consumes the head alone."""
    messages = frame(TEXT, b"early") + frame(PING, b"p") + frame(BINARY, b"\0\1")
    with Peer(port, UPGRADE + messages, ca) as peer:
        peer.opened()
        # wslay puts control frames first.
        peer.expect_frame(PONG, b"p")
        peer.expect_frame(TEXT, b"early")
        peer.expect_frame(BINARY, b"\0\1")
        peer.send(frame(CLOSE, b"\x03\xe8"))
        peer.expect_close(1000)
    return "two messages and a ping sent ahead of the 101 are answered behind it"


def broken_frames(port):
    cases = [
        ("no mask", frame(TEXT, b"x", mask=b""), 1002),
        ("no UTF-8", frame(TEXT, b"\xff"), 1007),
        ("too long", frame(BINARY, b"x" * (MESSAGE_MAX + 1))[:100], 1009),
        ("status 999", frame(CLOSE, b"\x03\xe7"), 1002),
    ]
    for name, octets, status in cases:
        with Peer(port, UPGRADE) as peer:
            peer.opened()
            peer.send(octets)
            try:
                peer.expect_close(status)
            except Failure as failure:
                raise Failure(f"{name}: {failure}") from None
    return "closed with " + ", ".join(f"{status} ({name})" for name, _, status in cases)


def large(port, ca=None):
    """The greatest message, and more messages at once than the server lets wait."""
    message = os.urandom(MESSAGE_MAX)
    small = [f"{number:05}".encode() for number in range(10000)]
    with Peer(port, UPGRADE, ca) as peer:
        peer.opened()
        peer.send(frame(BINARY, message))
        peer.expect_frame(BINARY, message)
        peer.send(b"".join(frame(TEXT, one) for one in small))
        for one in small:
            peer.expect_frame(TEXT, one)
        peer.send(frame(CLOSE, b"\x03\xe8"))
        peer.expect_close(1000)
    return f"{MESSAGE_MAX} octets in one message and {len(small)} small messages came back in order"


def peak(process):
    """The most memory that a process had so far, in octets."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        found = re.search(r"^VmHWM:\s+(\d+) kB$", status.read(), re.M)
    return int(found.group(1)) * 1024


def unread(folder):
    """A peer that reads late: the server stops taking more instead of keeping it all."""
    message = os.urandom(MESSAGE_MAX)
    with echo_server(folder) as echo, Peer(echo.port, UPGRADE) as peer:
        peer.opened()
        before = peak(echo.process)
        octets = frame(BINARY, message) * UNREAD
        sender = threading.Thread(target=peer.send, args=(octets,), daemon=True)
        sender.start()
        time.sleep(1)
        grown = peak(echo.process) - before
        for _ in range(UNREAD):
            peer.expect_frame(BINARY, message)
        sender.join(PATIENCE)
        expect(grown < UNREAD_GROWTH, f"the server grew by {grown >> 20} MiB")
        peer.send(frame(CLOSE, b"\x03\xe8"))
        peer.expect_close(1000)
    return f"of {UNREAD} messages of 1 MiB left unread it keeps {grown >> 20} MiB; all came back"


def stalled(folder):
    """A peer that sends half a head is left after its time; the others are not held up by it."""
    with echo_server(folder, "--handshake-seconds", str(HANDSHAKE_SECONDS)) as echo:
        started = time.monotonic()
        with Peer(echo.port, UPGRADE[:-2]) as slow, Peer(echo.port, UPGRADE) as quick:
            quick.opened()
            slow.expect_end()
            seconds = time.monotonic() - started
            expect(seconds >= HANDSHAKE_SECONDS, f"left after {seconds:.2f} s already")
            expect(seconds < HANDSHAKE_SECONDS + 2, f"left after {seconds:.2f} s only")
            quick.send(frame(TEXT, b"still here"))
            quick.expect_frame(TEXT, b"still here")
        return f"left after {seconds:.1f} s; an open connection stays; {echo.stop()}"


def crowded(folder):
    """At the limit a third peer waits in the queue, and is served when one has left."""
    with echo_server(folder, "--connections", "2") as echo, contextlib.ExitStack() as stack:
        # Stopped, so that it finds all three at once.
        echo.process.send_signal(signal.SIGSTOP)
        first, second, third = (
            stack.enter_context(Peer(echo.port, UPGRADE)) for _ in range(3))
        echo.process.send_signal(signal.SIGCONT)
        first.opened()
        second.opened()
        third.socket.settimeout(0.5)
        with contextlib.suppress(TimeoutError):
            raise Failure(f"a third is served: {third.socket.recv(80)!r}")
        third.socket.settimeout(PATIENCE)
        first.send(frame(CLOSE, b"\x03\xe8"))
        first.expect_close(1000)
        first.__exit__()
        third.opened()
        return f"the third waits until the first has left; {echo.stop()}"


def no_descriptors(folder):
    """As many connections as the system lets the server have, and more: they wait, it says so."""
    limit = ("prlimit", f"--nofile={DESCRIPTORS}")
    with echo_server(folder, before=limit) as echo, contextlib.ExitStack() as stack:
        peers = [stack.enter_context(Peer(echo.port, UPGRADE)) for _ in range(DESCRIPTORS)]
        time.sleep(0.5)
        served = [bool(select.select([peer.socket], [], [], 0)[0]) for peer in peers]
        expect(any(served) and not all(served), f"{sum(served)} of {len(peers)} are served")
        said = echo.said().count("echo: accept: ")
        expect(1 <= said <= 5, f"it complains {said} times in half a second")
        for peer in peers:
            peer.opened()
            peer.send(frame(CLOSE, b"\x03\xe8"))
            peer.expect_close(1000)
            peer.__exit__()
        return f"{sum(served)} at once, the others when these have left; {echo.stop()}"


def no_tls(folder, tls):
    """On a wss:// port: who speaks no TLS is left at once, who says nothing after its time."""
    _, cert, key = tls
    words = ["--cert", cert, "--key", key, "--handshake-seconds", str(HANDSHAKE_SECONDS)]
    with echo_server(folder, *words) as echo:
        with Peer(echo.port, UPGRADE) as plain:
            started = time.monotonic()
            answer = b""
            with contextlib.suppress(ConnectionResetError):  # it did not read it all
                answer = plain.source.read()
            expect(not answer.startswith(b"HTTP"), f"it answers in plain: {answer[:80]!r}")
            expect(time.monotonic() - started < HANDSHAKE_SECONDS, "it waits for more")
        with Peer(echo.port) as mute:
            mute.expect_end()
        seconds = time.monotonic() - started
        expect(seconds >= HANDSHAKE_SECONDS, f"left after {seconds:.2f} s already")
        return f"both are left; {echo.stop()}"


def goodbye(folder):
    """SIGTERM: who is open hears 1001, who has not said who it is is left, nobody else comes in."""
    with echo_server(folder) as echo:
        with Peer(echo.port, UPGRADE) as open_one, Peer(echo.port, UPGRADE[:40]) as half:
            open_one.opened()
            echo.process.terminate()
            open_one.expect_frame(CLOSE, (1001).to_bytes(2, "big"))
            with contextlib.suppress(ConnectionResetError):  # left as well, its octets unread
                half.expect_end()
            open_one.send(frame(CLOSE, (1001).to_bytes(2, "big")))
            open_one.expect_end()
        status = echo.process.wait(PATIENCE)
        expect(status == 0, f"exit status {status}: {echo.said()[-200:]}")
        with contextlib.suppress(ConnectionRefusedError):
            Peer(echo.port)
            raise Failure("the port is still served")
    return "1001 to the open one, exit status 0"


def bad_words(folder):
    for words in BAD_WORDS:
        status, out, err = run([str(folder / "echo"), *words], PATIENCE)
        lines = err.splitlines()
        good = status == 2 and not out and len(lines) == 1 and lines[0].startswith("echo: ")
        expect(good, f"{words}: exit {status}, stdout {out!r:.80}, stderr {err!r:.200}")
    return f"{len(BAD_WORDS)} unusable arguments: one line and exit status 2 each"


def taken_port(folder, port):
    status, _, err = run([str(folder / "echo"), "--port", str(port)], PATIENCE)
    expect(status == 1 and len(err.splitlines()) == 1, f"exit {status}, stderr {err!r:.200}")
    return err.strip()


def run_all(results, folder, site, version):
    """site: our servers of folder/sanitize, see echo.py. Memory is measured without a sanitizer."""
    port, secure, ca = site.all["plain"].port, site.all["secure"].port, site.ca
    hunted = folder / "sanitize"
    dropped = UPGRADE.replace(b"Connection: Upgrade\r\n", b"")
    scenarios = {
        "ordinary-get": lambda: status_of(request(), 200, port, b"<!doctype html>"),
        "ordinary-head": lambda: status_of(request(method="HEAD"), 200, port),
        "no-connection-upgrade": lambda: status_of(dropped, 200, port, b"WebSocket"),
        "refusals": lambda: refusals(port),
        "drained": lambda: drained(port),
        "octet-by-octet": lambda: octet_by_octet(port),
        "behind-the-head": lambda: behind_the_head(port),
        "tls-behind-the-head": lambda: behind_the_head(secure, ca),
        "broken-frames": lambda: broken_frames(port),
        "large": lambda: large(port),
        "tls-large": lambda: large(secure, ca),
        "unread": lambda: unread(folder),
        "stalled": lambda: stalled(hunted),
        "crowded": lambda: crowded(hunted),
        "no-descriptors": lambda: no_descriptors(folder),
        "no-tls": lambda: no_tls(hunted, site.tls),
        "goodbye": lambda: goodbye(hunted),
        "bad-arguments": lambda: bad_words(hunted),
        "taken-port": lambda: taken_port(hunted, port),
    }
    for name, action in scenarios.items():
        results.attempt("sockets", version, name, action)
