#!/usr/bin/python3
"""Real clients against the answers of `upheld check`, and the examples against real clients and
servers, over loopback.

usage: interop.py --upheld COMMAND --examples DIR --packages DIR --recorded DIR --out FILE

Each client must report an open connection, and a failure when one character of the accept value is
changed. curl is judged by the status it sees only: it never checks the accept value. Each recorded
handshake must be switched, with the accept value that hashlib computes. The echo server and the
client of core/example/ must bring every message back, and fail where they should. The results go to
FILE (JSON); the last line is `N passed, N failed`. Exit 1 if any failed or could not run.
"""

import argparse
import base64
import hashlib
import http.client
import io
import os
import pathlib
import re
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "record"))

import bad_servers  # noqa: E402
import echo  # noqa: E402
import octets  # noqa: E402
import ours  # noqa: E402
from clients import Ask, all_clients  # noqa: E402
from loopback import HOST, Failure, leave_on_signals  # noqa: E402
from peer import Peer, answer_of, decide  # noqa: E402
from results import Results, expect, write_json  # noqa: E402

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
OFFER = ("superchat", "chat")
SPOKEN = "chat"
# What stands for the version of our own programs: they are of this tree.
OURS = "this tree"
NAME = re.compile(r"client-(.+?)(-subprotocol)?\.http")
# One section of the provenance file, as record.py writes it.
SECTION = re.compile(
    r"^## (?P<name>\S+)\n\n- client: .+\n- version: (?P<version>.+)\n- date: \S+\n"
    r"- SHA-256: (?P<digest>\S+)$",
    re.M,
)


def fields_of(head):
    """Field lines of a head by Python's own parser, and the first line."""
    stream = io.BytesIO(head)
    first = stream.readline().rstrip(b"\r\n").decode("ascii", "replace")
    return first, http.client.parse_headers(stream)


def accept_of(request):
    """RFC 6455 section 4.2.2 by hashlib, from a key that Python's own parser found."""
    _, fields = fields_of(request)
    keys = fields.get_all("Sec-WebSocket-Key", [])
    expect(len(keys) == 1, f"the request has {len(keys)} keys, expected 1")
    digest = hashlib.sha1(keys[0].strip().encode("ascii") + GUID).digest()
    return base64.b64encode(digest).decode("ascii")


def check_switch(request, decision, offered):
    """A verdict of SWITCH, with the answer that RFC 6455 demands; returns the accept value."""
    verdict = f"{decision['verdict']} {decision['status']}"
    expect(verdict == "SWITCH 101", f"verdict {verdict} {decision['clauses']}, not SWITCH 101")
    accept = accept_of(request)
    expect(decision["accept"] == accept, f"accept {decision['accept']}, hashlib: {accept}")
    head_size = request.find(b"\r\n\r\n") + 4
    consumed = decision["consumed"]
    expect(consumed == head_size, f"consumed {consumed}, the head has {head_size} octets")
    subprotocol = SPOKEN if offered else None
    expect(
        decision["subprotocol"] == subprotocol,
        f"subprotocol {decision['subprotocol']}, expected {subprotocol}",
    )
    check_answer(answer_of(decision), accept, subprotocol)
    return accept


def check_answer(answer, accept, subprotocol):
    first, fields = fields_of(answer)
    expect(first.startswith("HTTP/1.1 101 "), f"status line {first!r}, expected HTTP/1.1 101")
    ends = answer.find(b"\r\n\r\n") + 4
    expect(ends == len(answer), f"the answer's head ends at {ends}, it has {len(answer)} octets")
    wanted = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Accept": accept,
        "Sec-WebSocket-Protocol": subprotocol,
        "Sec-WebSocket-Extensions": None,
    }
    for name, value in wanted.items():
        values = fields.get_all(name, [])
        expect(values == ([] if value is None else [value]), f"{name}: {values}, expected {value}")


def open_scenario(client, upheld, subprotocols):
    """The client opens, and closes cleanly, on the answer of the core."""
    peer = Peer(upheld)
    with peer.listening() as port:
        report = client.open(f"ws://{HOST}:{port}/chat", Ask(subprotocols=subprotocols))
        try:
            exchange = peer.only_exchange()
        except Failure as failure:
            raise Failure(f"{failure}; the client says: {report['error'] or 'open'}") from None
    check_switch(exchange.request, exchange.decision, subprotocols)
    expect(report["open"], f"the client reports no open connection: {report['error']}")
    spoken = SPOKEN if subprotocols else ""
    expect(report["protocol"] == spoken, f"it sees subprotocol {report['protocol']!r}")
    expect(report["clean"], "it opened but did not close cleanly")
    return "reports open, closes with 1000" + (f", subprotocol {spoken}" if spoken else "")


def wrong_accept_scenario(client, upheld):
    """The control: the same answer, one character changed, must not open."""
    peer = Peer(upheld, spoil=True)
    with peer.listening() as port:
        report = client.open(f"ws://{HOST}:{port}/chat")
        exchange = peer.only_exchange()
    accept = check_switch(exchange.request, exchange.decision, ())
    expect(accept.encode() not in exchange.sent, "the accept value was sent unchanged")
    expect(not report["open"], "the client reports an open connection on a wrong accept value")
    error = report["error"]
    expect(re.search(client.rejects, error), f"it failed for another reason: {error}")
    return f"refused: {error}"


def curl_open_scenario(client, upheld):
    peer = Peer(upheld, hold=False)
    with peer.listening() as port:
        status = client.status(f"ws://{HOST}:{port}/chat")
        exchange = peer.only_exchange()
    check_switch(exchange.request, exchange.decision, ())
    expect(status == 101, f"curl reports status {status}, expected 101")
    return "reports status 101; curl never checks the accept value"


def curl_refused_scenario(client, upheld):
    """curl's control: what the core refuses must not look like 101 to it."""
    peer = Peer(upheld, hold=False)
    with peer.listening() as port:
        status = client.status(f"ws://{HOST}:{port}/chat", version="12")
        exchange = peer.only_exchange()
    decided = exchange.decision["status"]
    expect(decided == 426, f"version 12 is decided with {decided}, expected 426")
    expect(status == 426, f"curl reports status {status}, expected 426")
    return "reports status 426 for Sec-WebSocket-Version 12"


def scenarios_of(client, upheld):
    if client.rejects is None:
        return [
            ("open", lambda: curl_open_scenario(client, upheld)),
            ("version-12", lambda: curl_refused_scenario(client, upheld)),
        ]
    return [
        ("open", lambda: open_scenario(client, upheld, ())),
        ("open-subprotocol", lambda: open_scenario(client, upheld, OFFER)),
        ("wrong-accept", lambda: wrong_accept_scenario(client, upheld)),
    ]


def live(results, client, upheld):
    """Runs the client against `upheld check`; its version, or None if it is not to be had."""
    scenarios = scenarios_of(client, upheld)
    try:
        client.install()
        version = client.version()
    except (Failure, OSError) as failure:
        results.skip(client.name, [name for name, _ in scenarios], str(failure))
        return None
    for name, action in scenarios:
        results.attempt(client.name, version, name, action)
    return version


def examples(results, folder, ready):
    """The examples of the core, in `folder`, with every client and library that is ready."""
    hunted = folder / "sanitize"
    try:
        with echo.servers(hunted) as site:
            echo.run(results, ready, site)
            octets.run_all(results, folder, site, OURS)
            ours.run_all(results, hunted, site, ready, OURS)
            bad_servers.run_all(results, hunted, OURS)
            echo.stop(results, site, OURS)
    except (Failure, OSError) as failure:
        results.skip("upheld-echo", ["servers"], str(failure), role="server")


def provenance_of(folder):
    text = (folder / "CLIENTS.md").read_text(encoding="utf-8")
    return {found["name"]: found for found in SECTION.finditer(text)}


def recorded_scenario(path, origin, offered, upheld):
    request = path.read_bytes()
    digest = hashlib.sha256(request).hexdigest()
    expect(origin is not None, f"CLIENTS.md does not say where {path.name} is from")
    expect(origin["digest"] == digest, f"SHA-256 {digest}, CLIENTS.md: {origin['digest']}")
    decision = decide(upheld, request)
    accept = check_switch(request, decision, offered)
    return f"{path.name}: SWITCH 101, accept {accept} as hashlib computes it"


def recorded(results, folder, upheld, names):
    """Every recorded handshake, and at least one for every client."""
    try:
        origins = provenance_of(folder)
    except OSError as error:
        origins = {}
        results.add("recorded", "", "provenance", False, f"{error.filename}: {error.strerror}")
    seen = set()
    for path in sorted(folder.glob("client-*.http")):
        found = NAME.fullmatch(path.name)
        origin = origins.get(path.name)
        version = origin["version"] if origin else ""
        offered = found.group(2) is not None
        seen.add(found.group(1))
        scenario = "recorded-subprotocol" if offered else "recorded"
        action = (path, origin, offered, upheld)
        results.attempt(found.group(1), version, scenario, lambda a=action: recorded_scenario(*a))
    for name in names:
        if name not in seen:
            detail = f"SKIPPED: {folder}/client-{name}.http is missing; run `make record`"
            results.add(name, "", "recorded", False, detail)


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"interop.py: {message}; see interop.py --help\n")


def arguments():
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upheld", type=pathlib.Path, required=True, metavar="COMMAND")
    parser.add_argument("--examples", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--packages", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--recorded", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="FILE")
    words = parser.parse_args()
    if not os.access(words.upheld, os.X_OK) or words.upheld.is_dir():
        parser.error(f"{words.upheld}: no such command; run `make build/upheld`")
    if not words.recorded.is_dir():
        parser.error(f"{words.recorded}: no such folder")
    words.upheld = words.upheld.resolve()
    words.examples = words.examples.resolve()
    return words


def main():
    words = arguments()
    leave_on_signals()
    started = time.monotonic()
    results = Results()
    clients = all_clients(words.packages)
    try:
        recorded(results, words.recorded, words.upheld, [client.name for client in clients])
        versions = [(client, live(results, client, words.upheld)) for client in clients]
        ready = [(client, version) for client, version in versions if version is not None]
        examples(results, words.examples, ready)
        write_json(words.out, results.rows)
    except OSError as error:
        print(f"interop.py: {error}; no result was written", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interop.py: interrupted; no result was written", file=sys.stderr)
        return 130
    failed = results.failed()
    print(f"interop: {len(results.rows)} scenarios in {time.monotonic() - started:.0f} s")
    print(f"{len(results.rows) - failed} passed, {failed} failed")
    return 1 if failed or not results.rows else 0


if __name__ == "__main__":
    sys.exit(main())
