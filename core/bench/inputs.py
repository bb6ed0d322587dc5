#!/usr/bin/python3
"""The inputs of the benchmark: requests that every server has to switch. Byte-identical each time.

    inputs.py FOLDER    writes FOLDER/NAME.bin and checks each against inputs.sha256

rfc     the sample of RFC 6455 section 1.3
chrome  835 octets, as Chrome sends them
4k      4096 octets, most of them cookies
mix     512 different requests as browsers send them; only here does no branch predictor learn the
        one request by heart
key     the 512 keys of mix
and heads of 1 to 64 KiB that repeat one shape, to see whether work grows as octets do:
fields-* ordinary field lines          commas-* Connection: upgrade,,,,,
ones-*   lines of one octet and one    misses-* what only looks like the end of a line or head
"""
import hashlib
import sys
from base64 import b64encode
from pathlib import Path

HERE = Path(__file__).resolve().parent
HANDSHAKES = ("rfc", "chrome", "4k", "mix")
SHAPES = ("fields", "commas", "ones", "misses")
KIBS = (1, 4, 16, 64)
MIX = 512

RFC = (b"GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n"
       b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
       b"Origin: http://example.com\r\nSec-WebSocket-Protocol: chat, superchat\r\n"
       b"Sec-WebSocket-Version: 13\r\n\r\n")


class Draw:
    """splitmix64: the same numbers on every machine and under every version of Python."""

    def __init__(self, seed):
        self.state = seed

    def number(self, below):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
        return (z ^ z >> 31) % below

    def one(self, of):
        return of[self.number(len(of))]

    def chance(self, percent):
        return self.number(100) < percent

    def text(self, least, most, octets):
        return "".join(self.one(octets) for _ in range(least + self.number(most - least + 1)))

    def key(self):
        return b64encode(bytes(self.number(256) for _ in range(16))).decode()


LOWER = "abcdefghijklmnopqrstuvwxyz"
WORD = LOWER + "0123456789"
TOKEN = WORD + LOWER.upper() + "-_"
DOMAINS = ("example.com", "example.org", "example.net", "chat.example", "app.test", "localhost")
LABELS = ("ws", "www", "live", "socket", "push", "realtime", "edge-3", "stream", "a", "gateway")
PATHS = ("/", "/chat", "/ws", "/socket.io/", "/cable", "/graphql", "/api/v2/events", "/hub",
         "/signalr/connect", "/_next/webpack-hmr", "/live/websocket", "/room")
LANGUAGES = ("en-US,en;q=0.9", "de-DE,de;q=0.9,en;q=0.8", "en-GB,en;q=0.5", "fr",
             "ja,en-US;q=0.9,en;q=0.8", "pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7", "zh-CN,zh;q=0.9")
COOKIES = ("session", "sid", "_ga", "_gid", "csrftoken", "auth", "theme", "lang", "JSESSIONID")
SYSTEMS = ("Windows NT 10.0; Win64; x64", "X11; Linux x86_64", "Macintosh; Intel Mac OS X 10_15_7",
           "Linux; Android 10; K", "iPhone; CPU iPhone OS 17_5 like Mac OS X")
PROTOCOLS = ("chat", "graphql-transport-ws", "actioncable-v1-json, actioncable-unsupported",
             "mqtt", "v10.stomp, v11.stomp, v12.stomp", "json")
DEFLATE = "permessage-deflate; client_max_window_bits"
CHROMIUM = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 ({0}; rv:{1}.0) Gecko/20100101 Firefox/{1}.0"
SAFARI = ("Mozilla/5.0 ({}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{}.{} "
          "Safari/605.1.15")


def target(draw):
    path = draw.one(PATHS)
    for _ in range(draw.number(3)):
        path = path.rstrip("/") + "/" + draw.text(1, 16, WORD)
    pairs = [draw.text(1, 8, LOWER) + "=" + draw.text(1, 40, TOKEN) for _ in range(draw.number(4))]
    return path + ("?" + "&".join(pairs) if pairs else "")


def host(draw):
    name = draw.one(DOMAINS)
    if draw.chance(60):
        name = draw.one(LABELS) + "." + name
    return name + (f":{1024 + draw.number(60000)}" if draw.chance(30) else "")


def cookie(draw):
    pairs = (draw.one(COOKIES) + "=" + draw.text(8, 60, TOKEN) for _ in range(1 + draw.number(6)))
    return "; ".join(pairs)


def like_chromium(draw, name):
    yield "Host", name
    yield "Connection", "Upgrade"
    if draw.chance(80):
        yield "Pragma", "no-cache"
        yield "Cache-Control", "no-cache"
    yield "User-Agent", CHROMIUM.format(draw.one(SYSTEMS), 100 + draw.number(40))
    yield "Upgrade", "websocket"
    yield "Origin", "https://" + name
    yield "Sec-WebSocket-Version", "13"
    yield "Accept-Encoding", draw.one(("gzip, deflate, br", "gzip, deflate, br, zstd"))
    yield "Accept-Language", draw.one(LANGUAGES)
    if draw.chance(75):
        yield "Cookie", cookie(draw)
    yield "Sec-WebSocket-Key", draw.key()
    yield "Sec-WebSocket-Extensions", DEFLATE
    if draw.chance(30):
        yield "Sec-WebSocket-Protocol", draw.one(PROTOCOLS)


def like_firefox(draw, name):
    yield "Host", name
    yield "User-Agent", FIREFOX.format(draw.one(SYSTEMS), 102 + draw.number(40))
    yield "Accept", "*/*"
    yield "Accept-Language", draw.one(LANGUAGES)
    yield "Accept-Encoding", draw.one(("gzip, deflate, br", "gzip, deflate, br, zstd"))
    yield "Sec-WebSocket-Version", "13"
    yield "Origin", "https://" + name
    if draw.chance(30):
        yield "Sec-WebSocket-Protocol", draw.one(PROTOCOLS)
    yield "Sec-WebSocket-Extensions", "permessage-deflate"
    yield "Sec-WebSocket-Key", draw.key()
    if draw.chance(40):
        yield "DNT", "1"
    yield "Connection", "keep-alive, Upgrade"
    if draw.chance(75):
        yield "Cookie", cookie(draw)
    yield "Sec-Fetch-Dest", draw.one(("empty", "websocket"))
    yield "Sec-Fetch-Mode", "websocket"
    yield "Sec-Fetch-Site", draw.one(("same-origin", "same-site", "cross-site"))
    yield "Pragma", "no-cache"
    yield "Cache-Control", "no-cache"
    yield "Upgrade", "websocket"


def like_safari(draw, name):
    yield "Upgrade", "websocket"
    yield "Connection", "Upgrade"
    yield "Host", name
    yield "Origin", "https://" + name
    yield "Pragma", "no-cache"
    yield "Cache-Control", "no-cache"
    yield "Sec-WebSocket-Key", draw.key()
    yield "Sec-WebSocket-Version", "13"
    yield "Sec-WebSocket-Extensions", DEFLATE
    if draw.chance(60):
        yield "Cookie", cookie(draw)
    yield "User-Agent", SAFARI.format(draw.one(SYSTEMS), 14 + draw.number(5), draw.number(7))


def head(path, fields):
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode("ascii")


def mix():
    """Six of ten like Chromium, a quarter like Firefox, the others like Safari; some behind a
    proxy that adds lines of its own, some with names in lower case."""
    draw, made = Draw(6455), []
    for _ in range(MIX):
        like = draw.one([like_chromium] * 12 + [like_firefox] * 5 + [like_safari] * 3)
        fields = list(like(draw, host(draw)))
        if draw.chance(20):
            address = ".".join(str(draw.number(256)) for _ in range(4))
            fields += [("X-Forwarded-For", address), ("X-Forwarded-Proto", "https"),
                       ("X-Request-Id", draw.text(32, 32, "0123456789abcdef"))]
        if draw.chance(10):
            fields = [(name.lower(), value) for name, value in fields]
        made.append(head(target(draw), fields))
    return made


def of_size(size, cookies):
    """One request like Chrome's of exactly that many octets; the last cookie fills it up."""
    draw = Draw(size)
    fields = [("Host", "chat.example.com"), ("Connection", "Upgrade"), ("Pragma", "no-cache"),
              ("Cache-Control", "no-cache"),
              ("User-Agent", CHROMIUM.format("Windows NT 10.0; Win64; x64", 130)),
              ("Upgrade", "websocket"), ("Origin", "https://chat.example.com"),
              ("Sec-WebSocket-Version", "13"), ("Accept-Encoding", "gzip, deflate, br, zstd"),
              ("Accept-Language", "en-US,en;q=0.9,de;q=0.8")]
    pairs = [f"{draw.one(COOKIES)}={draw.text(*cookies, TOKEN)}" for _ in range(3)]
    end = [("Sec-WebSocket-Key", draw.key()), ("Sec-WebSocket-Extensions", DEFLATE)]

    def made(fill):
        return head("/room/42?token=abc", [*fields, ("Cookie", "; ".join([*pairs, fill])), *end])

    return made("id=" + draw.text(*[size - len(made("id="))] * 2, TOKEN))


def base(commas=b"", fill=b""):
    """What is switched in 256 octets, and what fills it up. The sizes that are left, 768 octets
    for 1 KiB and multiples of it, are whole periods, so that every size holds the same mixture."""
    return (b"GET /chat HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            b"User-Agent: " + b"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/130.0, "
            b"the browser of a benchmark\r\n"
            b"Connection: Upgrade" + commas + b"\r\n" + fill + b"\r\n")


def whole(lines, size):
    """Lines in their order while they fit; the last is as long as makes `size` octets of them."""
    used = b""
    while len(used) + 96 < size:
        used += next(lines)
    rest = size - len(used)
    return used + b"x: " + b"y" * (rest - 5) + b"\r\n"


def ordinary():
    draw = Draw(9110)
    while True:
        yield (draw.text(4, 20, TOKEN) + ": " + draw.text(4, 60, TOKEN)).encode() + b"\r\n"


def near_misses():
    """CR and LF with the bit above or a bit beside them, and lines that end as soon as they may:
    `r:` CRLF CRLF would end the head."""
    draw = Draw(9112)
    parts = [b"\x8d\x8a", b"\x8d\x8a\x8d\x8a", b"-*", b"MJ", b"\t", b" ", b"\x8a\x8d\x8d"]
    while True:
        yield b"x:" + b"".join(draw.one(parts) for _ in range(draw.number(32))) + b"\r\n"
        yield b"r:\r\nn:\r\n"


def shaped(shape, size):
    room = size - len(base())
    if shape == "commas":
        return base(commas=b"," * room)
    period = {"fields": whole(ordinary(), 384), "ones": b"a: b\r\n",
              "misses": whole(near_misses(), 384)}[shape]
    return base(fill=period * (room // len(period)))


def key_of(request):
    """The key of a request as generated here."""
    lower = request.lower()
    at = lower.index(b"\r\nsec-websocket-key: ") + len(b"\r\nsec-websocket-key: ")
    return request[at:request.index(b"\r\n", at)]


def generated():
    """Name -> requests; `base` is what all the shapes are filled into."""
    inputs = {"rfc": [RFC], "chrome": [of_size(835, (20, 40))], "4k": [of_size(4096, (700, 900))],
              "mix": mix(), "base": [base()]}
    inputs["key"] = [key_of(request) for request in inputs["mix"]]
    for shape in SHAPES:
        for kib in KIBS:
            inputs[f"{shape}-{kib}k"] = [shaped(shape, kib * 1024)]
    return inputs


def counted_passes(requests):
    """Passes whose instructions are counted together: a single request a few times over."""
    return max(1, 16 // len(requests))


def packed(requests):
    return b"".join(len(one).to_bytes(4, "little") + one for one in requests)


def expected():
    """Name -> SHA-256 as checked in."""
    rows = (line.split() for line in (HERE / "inputs.sha256").read_text().splitlines())
    return {name: digest for digest, name in rows}


def digests(inputs):
    return {name: hashlib.sha256(packed(requests)).hexdigest() for name, requests in inputs.items()}


def differing(inputs, known):
    """Names of inputs that are not, octet for octet, what is checked in."""
    got = digests(inputs)
    return sorted(name for name in set(got) | set(known) if got.get(name) != known.get(name))


def main(arguments):
    if len(arguments) != 1:
        print("inputs.py: usage: inputs.py FOLDER", file=sys.stderr)
        return 2
    folder, inputs = Path(arguments[0]), generated()
    folder.mkdir(parents=True, exist_ok=True)
    for name, requests in inputs.items():
        (folder / f"{name}.bin").write_bytes(packed(requests))
    wrong = differing(inputs, expected())
    if wrong:
        print(f"inputs.py: {', '.join(wrong)}: not what core/bench/inputs.sha256 says; if the "
              "change is meant, write the new sums there", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
