"""Real clients against the echo server of core/example/: they open, send a text and a binary
message, and get both back; or they are refused, and see with which status."""

import contextlib
import re
import secrets

from clients import Ask
from loopback import HOST, Failure
from programs import certificate, echo_server, free_port
from relay import relay
from results import expect

TEXT = "one text: \u00e9\u4e2d\U0001f642 \"<&>\\"
OCTETS = bytes(range(256)) * 16
OFFER = ("superchat", "chat")
SPOKEN = "chat"
ORIGIN = "https://example.com"
OTHER_ORIGIN = "https://example.org"
# curl waits for more behind a 101 until its time is up.
CURL_SECONDS = 2
UNTRUSTED = r"(?i)certificate|ERR_CERT"


class Servers:
    """Our server in three settings: as it is, under TLS, and asking for an origin and a token."""

    def __init__(self, folder, stack):
        self.ca, cert, key = self.tls = stack.enter_context(certificate())
        # A browser sends where its page is from, so that has to be known before.
        self.page = f"http://{HOST}:{free_port()}"
        self.token = secrets.token_hex(8)
        rules = ["--origin", ORIGIN, "--origin", self.page, "--token", self.token]
        started = {"plain": (), "secure": ("--cert", cert, "--key", key), "guarded": rules}
        self.all = {name: stack.enter_context(echo_server(folder, *words))
                    for name, words in started.items()}

    def url(self, name, query=""):
        return f"{self.all[name].address}chat{query}"

    def token_query(self):
        return f"?room=1&token={self.token}"


@contextlib.contextmanager
def servers(folder):
    with contextlib.ExitStack() as stack:
        yield Servers(folder, stack)


def check_echo(report, subprotocol=""):
    """Both messages came back as they were sent, and the connection ended as it should."""
    expect(report["open"], f"the client reports no open connection: {report['error']}")
    expect(report["protocol"] == subprotocol, f"it sees subprotocol {report['protocol']!r}")
    expect(report["text"] == TEXT, f"the text differs: {report['text']!r:.80}; {report['error']}")
    same = report["hex"] == OCTETS.hex()
    expect(same, f"the binary message differs: {report['hex']!r:.80}; {report['error']}")
    expect(report["clean"], f"it did not close cleanly: {report['error']}")


def ask(**more):
    return Ask(text=TEXT, octets=OCTETS, **more)


def echo(client, url, asked, subprotocol=""):
    check_echo(client.open(url, asked), subprotocol)
    spoken = f", subprotocol {subprotocol}" if subprotocol else ""
    return f"a text and {len(OCTETS)} octets came back{spoken}; closed with 1000"


def wrong_echo(client, site):
    """The control: another first octet than was sent must be seen as such."""
    with relay(site.all["plain"].port, echo=True) as port:
        report = client.open(f"ws://{HOST}:{port}/chat", ask())
    expect(report["text"], f"no text came through the relay: {report['error']}")
    try:
        check_echo(report)
    except Failure as failure:
        expect("differs" in str(failure), f"it failed for another reason: {failure}")
        return f"seen: {failure}"
    raise Failure("a changed echo passed for the right one")


def refused(client, url, asked, reason):
    """reason: how clients put why they were refused."""
    report = client.open(url, asked)
    expect(not report["open"], "the client reports an open connection")
    expect(re.search(reason, report["error"]), f"it failed for another reason: {report['error']}")
    return f"refused: {report['error']}"


def client_scenarios(client, site):
    """(name, action) for a client that speaks WebSocket."""
    granted = site.url("guarded", site.token_query())
    browser = client.name == "chromium"
    origin, other = (site.page, "") if browser else (ORIGIN, OTHER_ORIGIN)
    unauthenticated = r"\b401\b"
    plain, secure = site.url("plain"), site.url("secure")
    named = ask(subprotocols=OFFER)
    found = [
        ("echo", lambda: echo(client, plain, ask())),
        ("echo-subprotocol", lambda: echo(client, plain, named, SPOKEN)),
        ("echo-wrong", lambda: wrong_echo(client, site)),
        ("granted", lambda: echo(client, granted, ask(origin=origin))),
        ("wrong-origin", lambda: refused(client, granted, ask(origin=other), r"\b403\b")),
        ("missing-token", lambda: refused(
            client, site.url("guarded"), ask(origin=origin), unauthenticated)),
    ]
    if client.tls:
        found += [
            ("tls-echo", lambda: echo(client, secure, ask(ca=str(site.ca)))),
            ("tls-unknown-ca", lambda: refused(client, secure, ask(), UNTRUSTED)),
        ]
    return found


def curl_scenarios(curl, site):
    """(name, action): curl sees no more than the status."""

    def status(url, expected, **asked):
        seen = curl.status(url, ask=Ask(**asked), seconds=CURL_SECONDS)
        expect(seen == expected, f"curl reports status {seen}, expected {expected}")
        return f"reports status {seen}"

    def untrusted():
        try:
            seen = curl.status(site.url("secure"), seconds=CURL_SECONDS)
        except Failure as failure:
            raise Failure(f"curl: {failure}") from None
        expect(seen == 0, f"curl reports status {seen} though it cannot know the certificate")
        return "no status: it does not know the certificate"

    granted = site.url("guarded", site.token_query())
    return [
        ("handshake", lambda: status(site.url("plain"), 101)),
        ("granted", lambda: status(granted, 101, origin=ORIGIN)),
        ("wrong-origin", lambda: status(granted, 403, origin=OTHER_ORIGIN)),
        ("missing-token", lambda: status(site.url("guarded"), 401, origin=ORIGIN)),
        ("tls-handshake", lambda: status(site.url("secure"), 101, ca=str(site.ca))),
        ("tls-unknown-ca", untrusted),
    ]


def run(results, ready, site):
    """ready: (client, version) for each that is installed."""
    for client, version in ready:
        scenarios = curl_scenarios if client.rejects is None else client_scenarios
        for name, action in scenarios(client, site):
            results.attempt(client.name, version, name, action)


def stop(results, site, version):
    """Ends the servers: a crash, a leak or a report of a sanitizer is seen here at the latest."""
    for name, server in site.all.items():
        results.attempt("upheld-echo", version, f"shutdown-{name}", server.stop, role="server")
