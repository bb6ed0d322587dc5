"""Opens one WebSocket with Python websockets, closes it, and reports what the library saw.

usage: python python-websockets.py --version | python python-websockets.py URL [SUBPROTOCOL...]

Prints one JSON line {"open", "protocol", "clean", "error"}; see ../clients.py.
"""

import importlib.metadata
import json
import platform
import sys

from websockets.exceptions import InvalidHandshake
from websockets.sync.client import connect

PATIENCE = 10
USAGE = "usage: python-websockets.py --version | python-websockets.py URL [SUBPROTOCOL...]"


def open_and_close(url, subprotocols):
    report = {"open": False, "protocol": "", "clean": False, "error": ""}
    try:
        with connect(
            url,
            subprotocols=subprotocols or None,
            proxy=None,
            open_timeout=PATIENCE,
            close_timeout=PATIENCE,
        ) as connection:
            report["open"] = True
            report["protocol"] = connection.subprotocol or ""
        report["clean"] = connection.close_code == 1000
    except (InvalidHandshake, OSError) as error:
        causes = [str(error)]
        while error.__cause__ is not None:
            error = error.__cause__
            causes.append(str(error))
        report["error"] = ": ".join(causes)
    return report


def main(words):
    if not words:
        print(USAGE, file=sys.stderr)
        return 2
    if words[0] == "--version":
        version = importlib.metadata.version("websockets")
        print(f"{version} (python {platform.python_version()})")
    else:
        print(json.dumps(open_and_close(words[0], words[1:])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
