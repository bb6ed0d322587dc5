"""Whether an answer is the right one to a request that has to be switched (RFC 6455 section 4.2.2).

Read as fields, since servers differ in order, case and what they add. SHA-1 is OpenSSL's.
"""
import hashlib
import re
from base64 import b64encode

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*")


def accept_of(key):
    return b64encode(hashlib.new("sha1", key + GUID).digest())


def parsed(answer):
    """(status line, {name in lower case: [values]}); ValueError says where it is no such thing."""
    head, end, rest = answer.partition(b"\r\n\r\n")
    if not end:
        raise ValueError("no empty line ends it")
    if rest:
        raise ValueError(f"{len(rest)} octets behind the head")
    status, *lines = head.split(b"\r\n")
    fields = {}
    for line in lines:
        read = LINE.fullmatch(line)
        if not read:
            raise ValueError(f"no field line: {line[:60]!r}")
        fields.setdefault(read[1].lower(), []).append(read[2])
    return status, fields


def members(values):
    return [one.strip(b" \t").lower() for value in values for one in value.split(b",")]


def handshake_problem(answer, accept):
    try:
        status, fields = parsed(answer)
    except ValueError as why:
        return str(why)
    if not re.match(rb"HTTP/1\.1 101( |$)", status):
        return f"expected HTTP/1.1 101, got {status[:60]!r}"
    got = fields.get(b"sec-websocket-accept", [])
    if got != [accept]:
        return f"expected one Sec-WebSocket-Accept, {accept.decode()}, got {got}"
    if [value.lower() for value in fields.get(b"upgrade", [])] != [b"websocket"]:
        return f"expected one Upgrade, websocket, got {fields.get(b'upgrade', [])}"
    if b"upgrade" not in members(fields.get(b"connection", [])):
        return f"expected Connection to name upgrade, got {fields.get(b'connection', [])}"
    for name in (b"content-length", b"transfer-encoding", b"sec-websocket-protocol"):
        if name in fields:
            return f"expected no {name.decode()}, got {fields[name]}"
    return None


def problem(kind, answer, key):
    """What is wrong with an answer of a subject of that kind to a request with that key; None if
    nothing is. An answer of None is none at all."""
    accept = accept_of(key)
    if answer is None:
        return "no answer"
    if kind == "accept":
        return None if answer == accept else f"expected {accept.decode()}, got {answer!r}"
    return handshake_problem(answer, accept)
