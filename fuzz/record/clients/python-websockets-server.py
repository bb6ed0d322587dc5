"""Echoes with Python websockets on a free port of loopback.

usage: python python-websockets-server.py [--cert FILE --key FILE] [SUBPROTOCOL...]

Prints `listening on PORT`; runs until it is killed.
"""

import argparse
import ssl

from websockets.sync.server import serve


def echo(connection):
    for message in connection:
        connection.send(message)


def chooser(spoken):
    """The library itself refuses who offers none of ours; this takes them without one."""

    def choose(_connection, offered):
        return next((name for name in offered if name in spoken), None)

    return choose


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("subprotocols", nargs="*")
    words = parser.parse_args()
    context = None
    if words.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(words.cert, words.key)
    with serve(
        echo,
        "127.0.0.1",
        0,
        ssl=context,
        subprotocols=words.subprotocols or None,
        select_subprotocol=chooser(words.subprotocols),
    ) as server:
        print(f"listening on {server.socket.getsockname()[1]}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
