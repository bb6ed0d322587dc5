#!/usr/bin/python3
"""Records the opening handshake of each real client, as the octets that it sends over loopback.

usage: record.py --packages DIR --into DIR

Writes client-NAME.http for each client, and CLIENTS.md which says where each file is from. Nothing
is replaced unless every client was recorded.
"""

import argparse
import datetime
import hashlib
import os
import pathlib
import queue
import shlex
import sys
import tempfile

from clients import Ask, all_clients
from loopback import HOST, Failure, leave_on_signals, listening

OFFER = ("superchat", "chat")
HEAD_END = b"\r\n\r\n"
HEAD_MAX = 65536
PATIENCE = 20
QUIET = 0.2

PROVENANCE = "CLIENTS.md"
INTRO = """# Where the recorded handshakes are from

Each `client-NAME.http` is what a real client sent over loopback, octet for octet, up to the moment
when it waited for the answer. `make record` records all of them again and writes this file; the
keys, the ports and the versions change. PORT and KEY below stand for the ones in the recording.
curl is recorded by its header flags only: Debian's has no WebSocket of its own, so the order and
the spelling of its last four field lines are ours, and so is its key.
"""
SECTION = """
## {name}

- client: {title}
- version: {version}
- date: {date}
- SHA-256: {digest}

{command}
"""


def receive_opening(connection):
    """All octets until the head has ended and the client has gone quiet."""
    received = b""
    connection.settimeout(PATIENCE)
    try:
        while len(received) < HEAD_MAX:
            octets = connection.recv(HEAD_MAX)
            if not octets:
                break
            received += octets
            if HEAD_END in received:
                connection.settimeout(QUIET)
    except TimeoutError:
        pass
    return received


def capture(client, subprotocols):
    """What the client sends; no answer is given, so that no answer of ours shapes it."""
    taken = queue.Queue()

    def serve(connection):
        octets = receive_opening(connection)
        # A browser may open a connection ahead of need and never use it.
        if octets:
            taken.put(octets)

    with listening(serve) as port:
        report = client.open(f"ws://{HOST}:{port}/chat", Ask(subprotocols=subprotocols))
    if report["open"]:
        raise Failure(f"{client.title} reports an open connection, but nobody answered it")
    if taken.qsize() != 1:
        raise Failure(f"{client.title} used {taken.qsize()} connections, expected 1")
    octets = taken.get()
    if HEAD_END not in octets or len(octets) >= HEAD_MAX:
        raise Failure(f"{client.title} sent no complete head: {octets[:80]!r}")
    return octets


def shown_command(words):
    """A shell command, indented as Markdown wants code, in lines that fit a page."""
    lines = [""]
    for word in words:
        word = shlex.quote(word)
        if lines[-1] and len(lines[-1]) + len(word) > 84:
            lines.append("  ")
        lines[-1] += (" " if lines[-1].strip() else "") + word
    return " \\\n".join(f"    {line}" for line in lines)


def section(name, client, version, subprotocols, octets):
    return SECTION.format(
        name=name,
        title=client.title,
        version=version,
        date=datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        digest=hashlib.sha256(octets).hexdigest(),
        command=shown_command(client.command(f"ws://{HOST}:PORT/chat", subprotocols)),
    )


def record_client(client, folder):
    """Records one client, plain and with subprotocols; returns its part of the provenance."""
    client.install()
    version = client.version()
    sections = []
    for suffix, subprotocols in (("", ()), ("-subprotocol", OFFER)):
        if subprotocols and not client.subprotocols:
            continue
        name = f"client-{client.name}{suffix}.http"
        octets = capture(client, subprotocols)
        (folder / name).write_bytes(octets)
        sections.append(section(name, client, version, subprotocols, octets))
        print(f"{name}: {client.title} {version}, {len(octets)} octets", flush=True)
    return sections


def record_all(packages, into):
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=".record-") as made:
        folder = pathlib.Path(made)
        sections = []
        for client in all_clients(packages):
            sections += record_client(client, folder)
        (folder / PROVENANCE).write_text(INTRO + "".join(sections), encoding="utf-8")
        names = sorted(path.name for path in folder.iterdir())
        for old in into.glob("client-*.http"):
            if old.name not in names:
                old.unlink()
        for name in names:
            os.replace(folder / name, into / name)


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"record.py: {message}; see record.py --help\n")


def main():
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--into", type=pathlib.Path, required=True, metavar="DIR")
    words = parser.parse_args()
    leave_on_signals()
    try:
        record_all(words.packages, words.into)
    except (Failure, OSError) as failure:
        print(f"record.py: {failure}; nothing was replaced", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("record.py: interrupted; nothing was replaced", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
