"""The client of core/example/ against libraries' echo servers, our own, and ours behind nginx. What
a server may do wrong stands in bad_servers.py."""

import contextlib
import re
import secrets
import socket
import tempfile

from echo import OFFER, OTHER_ORIGIN, SPOKEN, TEXT
from loopback import HOST, Failure, client_environment, run
from programs import (
    UPGRADE_HEADERS,
    certificate,
    echo_server,
    free_port,
    library_server,
    nginx,
    nginx_version,
)
from relay import relay
from results import expect

# Those of record/clients.py that have an echo server.
LIBRARIES = ("node-ws", "python-websockets", "go-gorilla")
# The last octet counts of each of the three lengths of a frame, and the first behind them.
SIZES = (0, 1, 125, 126, 65535, 65536)
SECONDS = 30
WRONG_ACCEPT = r"R6455-4\.1-16"
UNTRUSTED = "certificate is not trusted"


class Said:
    """What the client printed, and its exit status."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out
        self.err = err


class Ours:
    """Our client, from the folder it was built into."""

    def __init__(self, folder):
        self.command = folder / "client"

    def plain(self, *words):
        argv = [str(self.command), *map(str, words)]
        with tempfile.TemporaryDirectory() as home:
            return Said(*run(argv, SECONDS, env=client_environment(home)))

    def run(self, url, *words, messages=()):
        said = [word for message in messages for word in ("--message", message)]
        return self.plain(url, "--verbose", *words, *said)


def messages():
    """Texts of all sizes that frames write differently, and one with all lengths of UTF-8."""
    return [secrets.token_hex(size)[:size] for size in SIZES] + [TEXT]


def check_echo(said, sent, subprotocol=""):
    """It opened with this subprotocol, every message came back as a line, and it ended well."""
    expect(said.status == 0, f"exit status {said.status}: {said.err.strip()[:300]}")
    opened = f"client: open{', subprotocol ' + subprotocol if subprotocol else ''}\n"
    expect(said.err == opened, f"it says {said.err[:300]!r}, expected {opened!r}")
    lines = said.out.split("\n")
    expect(len(lines) == len(sent) + 1, f"{len(lines) - 1} lines for {len(sent)} messages")
    for one, line in zip([*sent, ""], lines):
        expect(one == line, f"the echo of {len(one)} octets differs: {line!r:.60}")


def check_failure(said, reason, status=1, opened=False):
    """It failed with one line on stderr that matches, and printed no message."""
    expect(said.status == status, f"exit status {said.status}: {said.err.strip()[:300]}")
    first = "client: open\n" if opened else ""
    expect(said.err.startswith(first), f"it says {said.err[:300]!r}, expected it to open")
    line = said.err.removeprefix(first)
    good = line.startswith("client: ") and line.count("\n") == 1 and line.endswith("\n")
    expect(good, f"expected one line, it says {said.err[:300]!r}")
    expect(re.search(reason, line), f"it failed for another reason: {line}")
    expect(said.out == "", f"it printed {said.out[:80]!r}")
    return line.removeprefix("client: ").strip()


def echo(ours, url, *words, subprotocol=""):
    sent = messages()
    check_echo(ours.run(url, *words, messages=sent), sent, subprotocol)
    spoken = f", subprotocol {subprotocol}" if subprotocol else ""
    return f"{len(sent)} messages of up to {max(SIZES)} octets came back{spoken}"


def refused(ours, url, reason, *words):
    return check_failure(ours.run(url, *words, messages=["never sent"]), reason)


def wrong_accept(ours, port):
    with relay(port, accept=True) as changed:
        return refused(ours, f"ws://{HOST}:{changed}/", WRONG_ACCEPT)


def wrong_echo(ours, port):
    """The control of check_echo(): an octet that the relay changed must be seen."""
    sent = messages()
    with relay(port, echo=True) as changed:
        said = ours.run(f"ws://{HOST}:{changed}/", messages=sent)
    try:
        check_echo(said, sent)
    except Failure as failure:
        expect("differs" in str(failure), f"it failed for another reason: {failure}")
        return f"seen: {failure}"
    raise Failure("a changed echo passed for the right one")


def port_of(address):
    return int(address.rstrip("/").rpartition(":")[2])


def offers():
    return [word for name in OFFER for word in ("--subprotocol", name)]


def library(results, ours, client, version, tls):
    """An echo server of a library, plain and under TLS, and what is changed on its way."""
    with contextlib.ExitStack() as stack:
        plain = stack.enter_context(library_server(client, [SPOKEN]))
        secure = stack.enter_context(library_server(client, [SPOKEN], tls))
        port, trust = port_of(plain), ("--ca", tls[0])
        scenarios = {
            "echo": lambda: echo(ours, plain),
            "subprotocol": lambda: echo(ours, plain, *offers(), subprotocol=SPOKEN),
            "tls-echo": lambda: echo(ours, secure, *trust),
            "tls-subprotocol": lambda: echo(
                ours, secure, *trust, *offers(), subprotocol=SPOKEN),
            "tls-unknown-ca": lambda: refused(ours, secure, UNTRUSTED),
            "wrong-accept": lambda: wrong_accept(ours, port),
            "echo-wrong": lambda: wrong_echo(ours, port),
        }
        for name, action in scenarios.items():
            results.attempt(client.name, version, f"server-{name}", action, role="server")


def libraries(results, ours, ready, tls):
    found = {client.name: (client, version) for client, version in ready}
    for name in LIBRARIES:
        if name not in found:
            results.skip(name, ["server"], "the library is not to be had", role="server")
            continue
        try:
            library(results, ours, *found[name], tls)
        except (Failure, OSError) as failure:
            results.skip(name, ["server"], str(failure), role="server")


def has_ipv6():
    """Whether this machine has ::1 at all: a container may have been given none."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def through_ipv6(ours, folder):
    with echo_server(folder, "--host", "::1") as server:
        expect("//[::1]:" in server.address, f"the server says {server.address}")
        return f"{echo(ours, server.address)}; {server.stop()}"


def by_name(ours, folder):
    """A certificate for a name: good for that name alone, not for an address that it has."""
    with certificate("DNS:localhost") as (ca, cert, key):
        with echo_server(folder, "--cert", cert, "--key", key) as server:
            outcome = echo(ours, f"wss://localhost:{server.port}/", "--ca", ca)
            refused(ours, server.address, "for another host", "--ca", ca)
            return f"{outcome} from localhost; {HOST} is refused; {server.stop()}"


def unheard(ours, url):
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        closed = f"ws://{HOST}:{listener.getsockname()[1]}/"
        said = refused(ours, closed, "Connection refused")
    refused(ours, url.replace("ws:", "wss:"), "no TLS")
    return said


def echoes(results, ours, folder, site, version):
    """Our echo server, directly."""
    plain, secure = site.all["plain"], site.all["secure"]
    granted = site.url("guarded", site.token_query())
    named = f"WS://localhost:{plain.port}?room=1"
    origin, other = ("--origin", site.page), ("--origin", OTHER_ORIGIN)
    scenarios = {
        "echo": lambda: echo(ours, plain.address),
        "localhost": lambda: echo(ours, named),
        "subprotocol": lambda: echo(ours, plain.address, *offers(), subprotocol=SPOKEN),
        "granted": lambda: echo(ours, granted, *origin),
        "missing-token": lambda: refused(ours, site.url("guarded"), r"\b401\b", *origin),
        "wrong-origin": lambda: refused(ours, granted, r"\b403\b", *other),
        "tls-echo": lambda: echo(ours, secure.address, "--ca", site.ca),
        "tls-unknown-ca": lambda: refused(ours, secure.address, UNTRUSTED),
        "tls-name": lambda: by_name(ours, folder),
        "tls-other-name": lambda: refused(
            ours, f"wss://localhost:{secure.port}/", "for another host", "--ca", site.ca),
        "wrong-accept": lambda: wrong_accept(ours, plain.port),
        "echo-wrong": lambda: wrong_echo(ours, plain.port),
        "unheard": lambda: unheard(ours, plain.address),
    }
    if has_ipv6():
        scenarios["ipv6"] = lambda: through_ipv6(ours, folder)
    for name, action in scenarios.items():
        results.attempt("upheld-echo", version, f"server-{name}", action, role="server")


def behind_nginx(ours, site, upstream, headers, check):
    """check(plain, secure): the URLs of nginx before our server `upstream`."""
    with nginx(upstream, site.tls, headers) as (plain, secure):
        return check(f"ws://{HOST}:{plain}/", f"wss://{HOST}:{secure}/")


def proxied(results, ours, site):
    """Our echo server behind nginx, with the two header lines of its handbook and without."""
    port, guarded = site.all["plain"].port, site.all["guarded"].port
    trust, lines = ("--ca", site.ca), UPGRADE_HEADERS
    rows = {
        "echo": (port, lines, lambda plain, _: echo(ours, plain)),
        "subprotocol": (port, lines, lambda plain, _: echo(
            ours, plain, *offers(), subprotocol=SPOKEN)),
        "tls-echo": (port, lines, lambda _, secure: echo(ours, secure, *trust)),
        "tls-unknown-ca": (port, lines, lambda _, secure: refused(ours, secure, UNTRUSTED)),
        "granted": (guarded, lines, lambda plain, _: echo(
            ours, plain + site.token_query(), "--origin", site.page)),
        "missing-token": (guarded, lines, lambda plain, _: refused(
            ours, plain, r"\b401\b", "--origin", site.page)),
        "without-headers": (port, (), lambda plain, _: refused(
            ours, plain, "status 200; .* pass Upgrade on")),
        "without-server": (free_port(), lines, lambda plain, _: refused(ours, plain, r"\b502\b")),
    }
    version = nginx_version()
    for name, row in rows.items():
        results.attempt("nginx", version, name, lambda row=row: behind_nginx(ours, site, *row),
                        role="proxy")


def run_all(results, folder, site, ready, version):
    """folder: the examples with sanitizers; site: our servers, see echo.py."""
    ours = Ours(folder)
    libraries(results, ours, ready, site.tls)
    echoes(results, ours, folder, site, version)
    try:
        proxied(results, ours, site)
    except (Failure, OSError) as failure:
        results.skip("nginx", ["echo"], str(failure), role="proxy")
