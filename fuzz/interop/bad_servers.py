"""What no well-behaved server does to the client of core/example/: replies that are no 101, or not
its own; replies in pieces or without an end; frames that break RFC 6455. By plain sockets; nothing
of ours writes or reads it."""

import base64
import contextlib
import os
import re
import secrets
import signal
import subprocess
import threading
import time

from caller import (
    CLOSE_NORMALLY,
    FIELD,
    HEAD_END,
    PATIENCE,
    SOON,
    accept_of,
    bad,
    good,
    running,
    server,
)
from loopback import HOST, Failure, child
from octets import BINARY, CLOSE, PING, PONG, TEXT, frame
from ours import Ours, Said, check_echo, check_failure
from results import expect

SORRY = frame(CLOSE, b"\x03\xf3", mask=b"")
# What is waited for where nothing will come: --timeout, and what may pass beyond it.
SHORT, SLACK = 1, 1.5
# How long the client waits for the server to close the connection behind both Closes.
DRAIN = 2
EARLY_HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
REQUEST_FIELDS = {
    b"upgrade": b"websocket", b"connection": b"Upgrade", b"sec-websocket-version": b"13",
    b"origin": b"https://a.example", b"x-more": b"one two", b"cookie": b"a=b",
}
BAD_WORDS = (
    [], ["ws://a/", "ws://b/"], ["http://a/"], ["ws://"], ["ws://a:0/"], ["ws://a:65536/"],
    ["ws://a:x/"], ["ws://[::1/"], ["ws://u@a/"], ["ws://a/#x"], ["ws://a b/"], ["ws://a/\u00fc"],
    ["ws://a/" + "x" * 9000], ["ws://a/\r\nX: y"], ["ws://a/", "--unknown"],
    ["ws://a/", "--message"], ["ws://a/", "--timeout", "0"], ["ws://a/", "--timeout", "1x"],
    ["ws://a/", "--header", "X"], ["ws://a/", "--header", "X: \r\nY: z"],
    ["ws://a/", "--header", "Sec-WebSocket-Key: x"], ["ws://a/", "--subprotocol", "a b"],
    ["ws://a/", "--subprotocol", "a", "--subprotocol", "a"], ["ws://a/", "--origin", "a\r\nX: y"],
    ["wss://a/", "--ca", "/nonexistent.pem"],
)


def refusing(status_line, *lines):
    """A server that answers so, sees no octet more, and the end."""

    def act(caller):
        caller.request()
        caller.send(b"\r\n".join([b"HTTP/1.1 " + status_line, *lines]) + HEAD_END)
        caller.expect_end()

    return act


def refusals(ours):
    """The status is told, and what may help."""
    empty = b"Content-Length: 0"
    cases = {
        b"401 Unauthorized": "status 401; say who you are",
        b"403 Forbidden": "status 403; .*--origin",
        b"404 Not Found": "status 404; .*path",
        b"302 Found": "status 302; the server is at another address",
        b"426 Upgrade Required": "status 426; ",
        b"503 Busy": "status 503; .*later",
        b"200 OK": "status 200; is there a WebSocket server",
    }
    for line, reason in cases.items():
        bad(ours, refusing(line, empty), reason)
    return f"{len(cases)} refusals are told: " + ", ".join(line.decode()[:3] for line in cases)


def versions(ours):
    """A 426 or 400 that lists versions: each is told, once, in order."""
    lines = [b"Sec-WebSocket-Version: 8, 7", b"Sec-WebSocket-Version: 255", b"Content-Length: 0"]
    said = ""
    for line in (b"426 Upgrade Required", b"400 Bad Request"):
        said = bad(ours, refusing(line, *lines), "versions 7 8 255; this client speaks 13 alone")
        # One of them is what it asked for: the fault lies elsewhere.
        known = bad(ours, refusing(line, b"Sec-WebSocket-Version: 8, 13"), "versions 8 13; ")
        none = bad(ours, refusing(line, b"Sec-WebSocket-Version: x"), "refused with status 4")
        expect("alone" not in known, f"it gives up though 13 is listed: {known}")
        expect("versions" not in none, f"it lists versions though there are none: {none}")
    other = refusing(b"404 Not Found", *lines)
    told = bad(ours, other, "status 404")
    expect("versions" not in told, "a 404 is taken for a list of versions")
    return said


def not_ours(ours):
    """A 101 that is no answer to this request fails with the clause it breaks."""

    def reply(*lines, **changed):
        def act(caller):
            caller.send(caller.switch(*lines, **changed))
            caller.expect_end()

        return act

    protocol, offer = b"Sec-WebSocket-Protocol: chat", ("--subprotocol", "superchat")
    cases = [
        (reply(protocol), (), r"R6455-4\.1-18"),
        (reply(protocol), offer, r"R6455-4\.1-18"),
        (reply(b"Sec-WebSocket-Protocol: superchat, superchat"), offer, r"R6455-4\.3-3"),
        (reply(b"Sec-WebSocket-Extensions: permessage-deflate"), (), r"R6455-4\.1-17"),
        (reply(accept=accept_of(b"dGhlIHNhbXBsZSBub25jZQ==")), (), r"R6455-4\.1-16"),
        (reply(upgrade=b"Upgrade: h2c"), (), r"R6455-4\.1-14"),
        (reply(b"Content-Length: 0"), (), r"R9110-8\.6-1"),
        (reply(b"X : y"), (), "fails R9112-"),
    ]
    for act, words, clause in cases:
        bad(ours, act, clause, *words)
    return f"{len(cases)} replies fail: " + ", ".join(
        clause.replace("\\", "").removeprefix("fails ") for _, _, clause in cases)


def asks_rightly(ours):
    """The request has each field once, a key of 16 octets that is fresh, and nothing behind it."""
    keys, heads = [], []

    def act(caller):
        caller.request()
        heads.append(caller.head)
        keys.append(caller.fields[b"sec-websocket-key"])
        caller.silent()
        caller.opened()
        caller.answer()
        caller.answer()
        caller.goodbye()
        expect(len(set(caller.masks)) == 3, f"masks are used again: {caller.masks}")

    words = ["--origin", "https://a.example", "--header", "X-More:  one two ",
             "--header", "Cookie: a=b", "--subprotocol", "b", "--subprotocol", "a"]
    good(ours, act, ["one", "two"], *words)
    with server(act) as url:
        check_echo(ours.run(f"{url}a/b?c=%20d", *words, messages=["1", "2"]), ["1", "2"])
    names = [name.lower() for name, _ in FIELD.findall(heads[1])]
    expect(len(names) == len(set(names)), f"a field stands twice: {names}")
    fields = dict(zip(names, [value for _, value in FIELD.findall(heads[1])]))
    for name, value in REQUEST_FIELDS.items():
        expect(fields.get(name) == value, f"{name}: {fields.get(name)}, expected {value}")
    offered = re.split(rb"[ \t]*,[ \t]*", fields.get(b"sec-websocket-protocol", b""))
    expect(offered == [b"b", b"a"], f"it offers {offered}, expected b before a")
    expect(heads[1].startswith(b"GET /a/b?c=%20d HTTP/1.1\r\n"), f"request-line of {heads[1]!r}")
    expect(fields[b"host"].startswith(HOST.encode() + b":"), f"Host: {fields[b'host']}")
    sizes = [len(base64.b64decode(key, validate=True)) for key in keys]
    expect(sizes == [16, 16] and keys[0] != keys[1], f"keys {keys}")
    return f"{len(names)} fields, each once; two keys and three masks, all different"


def in_pieces(ours):
    """103 before the 101, all of it octet by octet, and a first frame in the same way."""

    def act(caller):
        for octet in EARLY_HINTS + caller.switch() + frame(PING, b"p", mask=b""):
            caller.send(bytes([octet]))
        # The message may go before the whole ping is there.
        found = sorted([caller.frame(), caller.frame()])
        expect(found == [(TEXT, b"slow"), (PONG, b"p")], f"frames {found!r:.80}")
        caller.send(frame(TEXT, b"slow", mask=b""))
        caller.goodbye()

    return good(ours, act, ["slow"])


def behind_the_head(ours):
    """Frames in the segment of the 101 are not lost."""

    def act(caller):
        caller.send(caller.switch() + frame(TEXT, b"early", mask=b""))
        caller.expect_frame(TEXT, b"early")
        caller.goodbye()

    def leaving(caller):
        caller.send(caller.switch() + frame(CLOSE, b"\x03\xe9", mask=b""))
        caller.expect_close(1001)

    good(ours, act, ["early"])
    return bad(ours, leaving, "closed with 1001 after 0 of 1", opened=True)


def in_fragments(ours):
    """An echo in three frames, with a ping between them, is one message."""

    def act(caller):
        caller.opened()
        _, text = caller.frame()
        first, last = frame(TEXT, text[:2], mask=b""), frame(0, text[4:], mask=b"")
        middle = frame(0, text[2:4], mask=b"")
        more = [bytes([one[0] & 0x7F]) + one[1:] for one in (first, middle)]
        caller.send(more[0] + frame(PING, b"p", mask=b"") + more[1] + last)
        caller.expect_frame(PONG, b"p")
        caller.goodbye()

    return good(ours, act, ["fragments"])


def broken_frames(ours):
    """The client closes with the status that says why."""
    long_one = b"\x82\x7f" + ((1 << 20) + 1).to_bytes(8, "big") + b"x"
    cases = [
        ("a mask", frame(TEXT, b"x"), 1002),
        ("a reserved bit", b"\xc1\x00", 1002),
        ("a fragment of nothing", b"\x80\x00", 1002),
        ("no UTF-8", frame(TEXT, b"\xff", mask=b""), 1007),
        ("too long", long_one, 1009),
    ]
    for name, octets, status in cases:

        def act(caller, octets=octets, status=status):
            caller.opened().answer(octets)
            caller.expect_close(status)

        try:
            bad(ours, act, f"broke the rules .* with {status}", opened=True)
        except Failure as failure:
            raise Failure(f"{name}: {failure}") from None
    return "closed with " + ", ".join(f"{status} ({name})" for name, _, status in cases)


def ends(ours):
    """A server that leaves where it should not: the client says so, and at once."""

    def half(caller):
        caller.send(caller.switch()[:-2])

    def bare(caller):
        caller.opened().frame()

    bad(ours, lambda caller: None, "before its reply did")
    bad(ours, half, "before its reply did")
    return bad(ours, bare, "without a Close", opened=True)


def early_close(ours):
    """A Close before the answer, or with another status than 1000, is no good end."""

    def closing(octets):
        return lambda caller: caller.opened().answer(octets)

    def after_the_answer(caller):
        caller.opened().answer()
        caller.expect_close(1000)
        caller.send(SORRY)

    bad(ours, closing(CLOSE_NORMALLY), "closed with 1000 after 0 of 1", opened=True)
    bad(ours, closing(SORRY), "closed with 1011 after 0 of 1", opened=True)
    with server(after_the_answer) as url:
        said = ours.run(url, messages=["x"])
    expect(said.out == "x\n", f"it printed {said.out!r}")
    return check_failure(Said(said.status, "", said.err), "closed with 1011 after 1 of 1",
                         opened=True)


def reset(ours):
    """A Close and a reset behind it reach the client at once: it can read, but no longer write."""
    met, stopped, gone = threading.Event(), threading.Event(), threading.Event()

    def act(caller):
        caller.opened()
        caller.socket.recv(1)
        met.set()
        stopped.wait(PATIENCE)
        caller.send(SORRY)
        # Closed with octets unread, a socket resets.
        caller.source.close()
        caller.socket.close()
        gone.set()

    with server(act) as url, running(ours, url) as process:
        expect(met.wait(PATIENCE), "no message comes")
        process.send_signal(signal.SIGSTOP)
        stopped.set()
        expect(gone.wait(PATIENCE), "the server does not end")
        process.send_signal(signal.SIGCONT)
        out, err = process.communicate(timeout=PATIENCE)
        said = Said(process.returncode, out.decode(), err.decode())
        return check_failure(said, "closed with 1011 after 0 of 1", opened=True)


def late(ours, act, reason, opened=False):
    """The client waits as long as it was told to, and no longer."""
    started = time.monotonic()
    said = bad(ours, act, reason, "--timeout", str(SHORT), opened=opened)
    seconds = time.monotonic() - started
    expect(SHORT <= seconds < SHORT + SLACK, f"it leaves after {seconds:.2f} s")
    return said


def timeouts(ours):
    """No reply, half a reply, no answer to a message, no Close; and drops that never end."""

    def mute(caller):
        caller.request()
        caller.expect_end()

    def half(caller):
        caller.send(caller.switch()[:-1])
        caller.expect_end()

    def no_echo(caller):
        caller.opened().frame()
        caller.expect_end()

    def dripping(octets):
        def act(caller):
            caller.opened().frame()
            with contextlib.suppress(OSError):
                for _ in range(100):
                    caller.send(octets)
                    time.sleep(SHORT / 20)

        return act

    def hints(caller):
        caller.request()
        with contextlib.suppress(OSError):
            for octet in EARLY_HINTS * 3:
                caller.send(bytes([octet]))
                time.sleep(SHORT / 20)

    def flooding(caller):
        caller.opened().frame()
        until = time.monotonic() + SHORT + SLACK
        with contextlib.suppress(OSError):
            while time.monotonic() < until:
                caller.send(frame(PONG, b"", mask=b"") * 10000)

    late(ours, mute, "no reply within 1 s")
    late(ours, half, "no reply within 1 s")
    late(ours, hints, "no reply within 1 s")
    late(ours, dripping(frame(PONG, b"", mask=b"")), "no answer within 1 s", opened=True)
    late(ours, flooding, "no answer within 1 s", opened=True)
    return late(ours, no_echo, "no answer within 1 s", opened=True)


def tls_timeout(ours):
    """Nobody answers the TLS handshake."""

    def act(caller):
        expect(caller.source.read(1) == b"\x16", "no TLS handshake comes")
        with contextlib.suppress(ConnectionResetError):
            caller.source.read()

    with server(act) as url:
        said = ours.run(url.replace("ws:", "wss:"), "--timeout", str(SHORT))
    return check_failure(said, "no end of the TLS handshake within 1 s")


def no_close(ours):
    """The echo came, but no Close: it is printed, and that fails nevertheless."""

    def act(caller):
        caller.opened().answer()
        caller.expect_close(1000)
        caller.expect_end()

    with server(act) as url:
        said = ours.run(url, "--timeout", str(SHORT), messages=["x"])
    expect(said.out == "x\n", f"it printed {said.out!r}")
    return check_failure(Said(said.status, "", said.err), "no Close from the server within 1 s",
                         opened=True)


def not_closing(ours):
    """The server keeps the connection behind both Closes: the client waits a while, and leaves."""

    def act(caller):
        caller.opened().expect_close(1000)
        caller.send(CLOSE_NORMALLY)
        started = time.monotonic()
        caller.expect_end()
        seconds = time.monotonic() - started
        expect(DRAIN - SLACK < seconds < DRAIN + SLACK, f"it leaves after {seconds:.2f} s")

    return good(ours, act, [])


def endless(ours):
    """More head, and more heads, than the client takes."""

    def head(caller):
        caller.request()
        with contextlib.suppress(OSError):
            caller.send(b"HTTP/1.1 101 Switching Protocols\r\n")
            for _ in range(100):
                caller.send(b"X: " + b"x" * 4096 + b"\r\n")
        caller.expect_end()

    def interim(caller):
        caller.request()
        with contextlib.suppress(OSError):
            caller.send(EARLY_HINTS * 100)
        caller.expect_end()

    bad(ours, head, r"R9110-5\.4-2")
    return bad(ours, interim, r"R9110-15\.2-3")


def signals(ours):
    """Stopped and woken in the middle of a wait, the client goes on waiting; SIGTERM ends it."""
    waiting = threading.Event()

    def act(caller):
        reply = caller.switch()
        waiting.set()
        time.sleep(SOON)
        caller.send(reply)
        caller.source.read()

    with server(act) as url, running(ours, url) as process:
        expect(waiting.wait(PATIENCE), "it sends no request")
        for number in (signal.SIGSTOP, signal.SIGCONT):
            process.send_signal(number)
            time.sleep(SOON / 6)
        opened = process.stderr.readline()
        expect(opened == b"client: open\n", f"it says {opened!r:.300}")
        process.terminate()
        status = process.wait(PATIENCE)
        expect(status == -signal.SIGTERM, f"exit status {status} after SIGTERM")
    return "stopped and woken it goes on; SIGTERM ends it"


def no_reader(ours):
    """Nobody reads its stdout: it is not killed by SIGPIPE, it says so."""

    def act(caller):
        caller.opened().answer()

    with server(act) as url:
        argv = [str(ours.command), url, "--message", "x"]
        read, write = os.pipe()
        os.close(read)
        with child(argv, stdin=subprocess.DEVNULL, stdout=write,
                   stderr=subprocess.PIPE) as process:
            os.close(write)
            _, err = process.communicate(timeout=PATIENCE)
            said = err.decode("utf-8", "replace")
            lines = said.count("\n")
            expect(process.returncode == 1 and lines == 1 and "stdout" in said,
                   f"exit status {process.returncode}: {said[:300]}")
    return said.strip()


def long_message(ours):
    """The greatest message that the client takes comes back for one octet."""
    text = secrets.token_hex(1 << 19)

    def act(caller):
        caller.opened().answer(frame(TEXT, text.encode(), mask=b""))
        caller.goodbye()

    with server(act) as url:
        said = ours.run(url, messages=["x"])
    check_echo(said, [text])
    return f"{len(text)} octets in one message"


def binary(ours):
    """A binary message is an answer as well."""

    def act(caller):
        caller.opened().answer(frame(BINARY, b"\x01\x02", mask=b""))
        caller.goodbye()

    with server(act) as url:
        said = ours.run(url, messages=["x"])
    check_echo(said, ["\x01\x02"])
    return "printed as it came"


def nothing_to_say(ours):
    """Without messages it opens, and closes."""

    def act(caller):
        caller.opened().goodbye()

    return good(ours, act, [])


def bad_words(ours):
    for words in BAD_WORDS:
        said = ours.plain(*words)
        good_line = said.err.startswith("client: ") and said.err.count("\n") == 1
        expect(said.status == 2 and not said.out and good_line,
               f"{words!r:.80}: exit {said.status}, stdout {said.out!r:.80}, {said.err!r:.200}")
    helped = ours.plain("--help")
    good_help = helped.status == 0 and helped.out.startswith("usage: client URL ")
    expect(good_help and not helped.err, f"--help: exit {helped.status}, {helped.err!r:.200}")
    return f"{len(BAD_WORDS)} unusable arguments: one line and exit status 2 each"


SCENARIOS = {
    "refusals": refusals,
    "versions": versions,
    "not-its-reply": not_ours,
    "request": asks_rightly,
    "octet-by-octet": in_pieces,
    "behind-the-head": behind_the_head,
    "fragments": in_fragments,
    "broken-frames": broken_frames,
    "ends": ends,
    "early-close": early_close,
    "reset": reset,
    "timeouts": timeouts,
    "tls-timeout": tls_timeout,
    "no-close": no_close,
    "not-closing": not_closing,
    "endless": endless,
    "signals": signals,
    "no-reader": no_reader,
    "long": long_message,
    "binary": binary,
    "no-messages": nothing_to_say,
    "bad-arguments": bad_words,
}


def run_all(results, folder, version):
    """folder: the examples with sanitizers."""
    ours = Ours(folder)
    for name, action in SCENARIOS.items():
        results.attempt("upheld-client", version, name, lambda a=action: a(ours))
