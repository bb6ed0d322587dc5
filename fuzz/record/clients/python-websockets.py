"""Opens one WebSocket with Python websockets, closes it, and reports what the library saw.

usage: python python-websockets.py --version
       python python-websockets.py [--ca FILE] [--origin ORIGIN] [--text TEXT --hex HEX]
                                   URL [SUBPROTOCOL...]

With --text and --hex it sends a text and a binary message and waits for an answer to each.
Prints one JSON line {"open", "protocol", "clean", "error", "text", "hex"}; see ../clients.py.
"""

import argparse
import importlib.metadata
import json
import platform
import ssl
import sys

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

PATIENCE = 10


def exchange(connection, words, report):
    """Sends both messages; what comes back goes into the report."""
    for message in (words.text, bytes.fromhex(words.hex)):
        connection.send(message)
        answer = connection.recv(timeout=PATIENCE)
        if isinstance(answer, str):
            report["text"] = answer
        else:
            report["hex"] = answer.hex()


def open_and_close(words):
    report = {"open": False, "protocol": "", "clean": False, "error": "", "text": None, "hex": None}
    context = ssl.create_default_context(cafile=words.ca) if words.ca else None
    try:
        with connect(
            words.url,
            subprotocols=words.subprotocols or None,
            origin=words.origin,
            ssl=context,
            proxy=None,
            open_timeout=PATIENCE,
            close_timeout=PATIENCE,
        ) as connection:
            report["open"] = True
            report["protocol"] = connection.subprotocol or ""
            if words.text is not None:
                exchange(connection, words, report)
        report["clean"] = connection.close_code == 1000
    except (InvalidHandshake, ConnectionClosed, OSError) as error:
        causes = [str(error)]
        while error.__cause__ is not None:
            error = error.__cause__
            causes.append(str(error))
        report["error"] = ": ".join(causes)
    return report


def main():
    if sys.argv[1:] == ["--version"]:
        version = importlib.metadata.version("websockets")
        print(f"{version} (python {platform.python_version()})")
        return 0
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    for option in ("--ca", "--origin", "--text", "--hex"):
        parser.add_argument(option)
    parser.add_argument("url")
    parser.add_argument("subprotocols", nargs="*")
    words = parser.parse_args()
    if (words.text is None) != (words.hex is None):
        parser.error("--text and --hex: expected both or neither")
    print(json.dumps(open_and_close(words)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
