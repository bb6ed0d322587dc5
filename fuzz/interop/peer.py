"""A WebSocket server on loopback whose every handshake octet comes from `upheld check`.

It reads what a client sends, asks the command after each piece, and sends the octets of the answer
as they are. After 101 it answers the client's close frame, so that the client can end cleanly.
"""

import json
import re
import subprocess
import threading

from loopback import Failure, listening

KEYS = ("verdict", "status", "subprotocol", "accept", "consumed", "clauses", "response_hex")
DECIDE_SECONDS = 20
PATIENCE = 20
# `upheld check` decides any head at its limit, far below this.
REQUEST_MAX = 1 << 20
ACCEPT = re.compile(rb"(?i)(\r\nSec-WebSocket-Accept: )([^\r\n]*)")
CLOSE_NORMALLY = b"\x88\x02\x03\xe8"
# FIN and Close with the mask bit, as a client sends it (RFC 6455 section 5.2).
CLOSE_FROM_CLIENT = (0x88, 0x80)


def decide(upheld, octets):
    """The JSON object of `upheld check` for the octets of one request."""
    argv = [str(upheld), "check", "--json", "-"]
    try:
        ran = subprocess.run(argv, input=octets, capture_output=True, timeout=DECIDE_SECONDS)
    except OSError as error:
        raise Failure(f"{upheld}: {error.strerror}") from error
    except subprocess.TimeoutExpired:
        raise Failure(f"{upheld}: no verdict after {DECIDE_SECONDS} s") from None
    if ran.returncode != 0:
        said = ran.stderr.decode("utf-8", "replace").strip()[:200]
        raise Failure(f"{upheld}: exit {ran.returncode}: {said}")
    try:
        decision = json.loads(ran.stdout)
        missing = [key for key in KEYS if key not in decision]
    except (TypeError, ValueError):
        raise Failure(f"{upheld}: prints no JSON object: {ran.stdout[:80]!r}") from None
    if missing:
        raise Failure(f"{upheld}: its JSON has no {', '.join(missing)}")
    return decision


def answer_of(decision):
    try:
        return bytes.fromhex(decision["response_hex"])
    except (TypeError, ValueError):
        raise Failure(f"response_hex is no hex text: {decision['response_hex']!r}") from None


def spoil_accept(answer):
    """The answer with one character of its accept value changed to another of base64."""
    found = ACCEPT.search(answer)
    if not found or len(found.group(2)) < 2:
        raise Failure(f"no accept value to change in {answer[:200]!r}")
    # The middle: in the last character of base64 some bits carry nothing.
    at = (found.start(2) + found.end(2)) // 2
    other = b"A" if answer[at : at + 1] != b"A" else b"B"
    return answer[:at] + other + answer[at + 1 :]


class Exchange:
    """One connection: what came, what was decided, what went back."""

    def __init__(self):
        self.request = b""
        self.decision = {}
        self.sent = b""
        self.after = b""
        self.failure = ""


class Peer:
    """A server. spoil: it changes the accept value; hold: it waits for the client's close."""

    def __init__(self, upheld, spoil=False, hold=True):
        self.upheld = upheld
        self.spoil = spoil
        self.hold = hold
        self._exchanges = []
        self._changed = threading.Condition()
        self._busy = 0

    def listening(self):
        return listening(self._serve)

    def only_exchange(self):
        """The exchange of the one connection that sent anything, once it is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._exchanges and not self._busy, PATIENCE)
            if len(self._exchanges) != 1:
                raise Failure(f"{len(self._exchanges)} connections sent a request, expected 1")
            exchange = self._exchanges[0]
        if exchange.failure:
            raise Failure(exchange.failure)
        return exchange

    def _serve(self, connection):
        exchange = Exchange()
        connection.settimeout(PATIENCE)
        with self._changed:
            self._busy += 1
        try:
            self._converse(connection, exchange)
        except Failure as failure:
            exchange.failure = str(failure)
        except OSError as error:
            exchange.failure = f"connection: {error}"
        with self._changed:
            self._busy -= 1
            # A browser may open a connection ahead of need and never use it.
            if exchange.request:
                self._exchanges.append(exchange)
            self._changed.notify_all()

    def _converse(self, connection, exchange):
        if not self._read_request(connection, exchange):
            return
        answer = answer_of(exchange.decision)
        exchange.sent = spoil_accept(answer) if self.spoil else answer
        connection.sendall(exchange.sent)
        exchange.after = exchange.request[exchange.decision["consumed"] :]
        if self.hold and not self.spoil and exchange.decision["verdict"] == "SWITCH":
            self._answer_close(connection, exchange)

    def _read_request(self, connection, exchange):
        """Asks for the verdict after each piece, until it is no longer MORE."""
        while len(exchange.request) < REQUEST_MAX:
            octets = connection.recv(65536)
            if not octets:
                if exchange.request:
                    raise Failure("the client left before a verdict")
                return False
            exchange.request += octets
            exchange.decision = decide(self.upheld, exchange.request)
            if exchange.decision["verdict"] != "MORE":
                return True
        raise Failure(f"verdict MORE after {REQUEST_MAX} octets")

    def _answer_close(self, connection, exchange):
        while len(exchange.after) < 2:
            octets = connection.recv(65536)
            if not octets:
                raise Failure("the client left without a close frame")
            exchange.after += octets
        first, second = exchange.after[0], exchange.after[1] & 0x80
        if (first, second) != CLOSE_FROM_CLIENT:
            raise Failure(f"expected a masked close frame, got {exchange.after[:8]!r}")
        connection.sendall(CLOSE_NORMALLY)
