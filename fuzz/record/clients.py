"""The real clients: how each is installed, which version it is, how it opens a WebSocket.

A client is asked to open a URL, exchange messages if there are any, close again, and say what it
saw: {"open", "protocol", "clean", "error", "text", "hex"}, the last two what came back, or null.
Packages that Debian does not have come by the lock files beside this file, into a folder under
build/.
"""

import base64
import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import tempfile

import chromium
from loopback import Failure, client_environment, run

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"
INSTALL_SECONDS = 300
VERSION_SECONDS = 30


@dataclasses.dataclass(frozen=True)
class Ask:
    """What a client is asked to do once it is given a URL."""

    subprotocols: tuple = ()
    origin: str = ""
    ca: str = ""  # file of the certificate to trust; empty: none but the system's
    text: str = ""  # messages to send, both or neither
    octets: bytes = b""


NOTHING = Ask()


class Client:
    """One real client. rejects: what it says of a wrong accept value; None: it never checks."""

    name = ""
    title = ""
    rejects = None
    subprotocols = True
    tls = True
    seconds = 30

    def __init__(self, root):
        self.folder = pathlib.Path(root).resolve() / self.name

    def install(self):
        """Makes the client ready to run; instant when it is."""

    def version(self):
        raise NotImplementedError

    def command(self, url, subprotocols):
        """The words of the command as a reader would type them, for the provenance file."""
        raise NotImplementedError

    def open(self, url, ask=NOTHING):
        raise NotImplementedError

    def server(self):
        """An echo server of the same library, as words of a command; None: there is none here."""
        return None


class Curl(Client):
    """Debian's curl knows no WebSocket: the handshake is made of header flags, the key is ours."""

    name = "curl"
    title = "curl"
    subprotocols = False

    def argv(self, url, key, version="13", ask=NOTHING):
        fields = ["Connection: Upgrade", "Upgrade: websocket"]
        fields += [f"Sec-WebSocket-Version: {version}", f"Sec-WebSocket-Key: {key}"]
        fields += [f"Origin: {ask.origin}"] if ask.origin else []
        flags = ["--http1.1", "--silent", "--show-error", "--max-time", "10"]
        flags += ["--cacert", ask.ca] if ask.ca else []
        for field in fields:
            flags += ["-H", field]
        return ["curl", "-q", "--noproxy", "*", *flags, url]

    def version(self):
        status, out, err = run(["curl", "--version"], VERSION_SECONDS)
        if status != 0 or not out.startswith("curl "):
            raise Failure(f"curl --version: status {status}: {err.strip()[:200]}")
        return out.split()[1]

    def command(self, url, subprotocols):
        return self.argv(self.address(url), "KEY")

    @staticmethod
    def address(url):
        return "http" + url.removeprefix("ws")

    def status(self, url, version="13", ask=NOTHING, seconds=10):
        """The status that curl saw in the answer, 0 if none; behind a 101 it waits for more."""
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        report = ["--output", os.devnull, "--write-out", "%{http_code}"]
        report += ["--max-time", str(seconds)]
        argv = self.argv(self.address(url), key, version, ask) + report
        with tempfile.TemporaryDirectory() as home:
            _, out, err = run(argv, self.seconds, env=client_environment(home))
        if not re.fullmatch(r"\d{3}", out):
            raise Failure(f"curl printed no status: {(err or out).strip()[:200]}")
        return int(out)

    def open(self, url, ask=NOTHING):
        status = self.status(url, ask=ask)
        error = "" if status == 101 else f"status {status}"
        return {"open": status == 101, "protocol": "", "clean": False, "error": error}


class Chromium(Client):
    name = "chromium"
    title = "Chromium, headless"
    rejects = r"Sec-WebSocket-Accept"
    seconds = chromium.SECONDS

    def version(self):
        return chromium.version(VERSION_SECONDS)

    def command(self, url, subprotocols):
        return ["fuzz/record/chromium.py", url, *subprotocols]

    def open(self, url, ask=NOTHING):
        return chromium.open_and_close(url, ask, self.seconds)


class Packaged(Client):
    """A small program beside this file, on a library pinned by a lock file."""

    pinned = ()
    source = ""
    # What argv() and environment() amount to, from the top of the tree after `make interop`.
    shown = ()

    def toolchain(self):
        """The tool's own version: another one means to install again."""
        raise NotImplementedError

    def build(self):
        raise NotImplementedError

    def argv(self):
        raise NotImplementedError

    def environment(self, home):
        return client_environment(home)

    def _wanted(self):
        digest = hashlib.sha256(self.toolchain().encode())
        for name in self.pinned:
            digest.update((HERE / name).read_bytes())
        # An installed tree may hold its own path, as Python's does.
        digest.update(str(self.folder).encode())
        return digest.hexdigest()

    def install(self):
        with _locked(self.folder.parent):
            stamp = self.folder / "installed"
            wanted = self._wanted()
            if stamp.is_file() and stamp.read_text() == wanted:
                return
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            print(f"installing {self.title} by {', '.join(self.pinned)}", flush=True)
            self.build()
            stamp.write_text(wanted)

    def tool(self, argv, **extra):
        """Runs an installer with its caches beside the client, and fails with its last lines."""
        environment = {**os.environ, **extra}
        status, out, err = run(argv, INSTALL_SECONDS, env=environment, cwd=self.folder)
        if status != 0:
            tail = " | ".join((out + err).strip().splitlines()[-3:])
            raise Failure(f"{' '.join(argv[:3])}: status {status}: {tail[:400]}")
        return out.strip()

    def cache(self, name):
        return str(self.folder.parent / "cache" / name)

    def _said(self, words, seconds):
        with tempfile.TemporaryDirectory() as home:
            environment = self.environment(home)
            status, out, err = run([*self.argv(), *words], seconds, env=environment)
        if status != 0:
            raise Failure(f"{self.source}: status {status}: {err.strip()[-300:]}")
        return out

    def version(self):
        return self._said(["--version"], VERSION_SECONDS).strip()

    def command(self, url, subprotocols):
        return [*self.shown, url, *subprotocols]

    @staticmethod
    def options(ask):
        """The options that all our small programs know, for what is asked."""
        options = ["--origin", ask.origin] if ask.origin else []
        options += ["--ca", ask.ca] if ask.ca else []
        options += ["--text", ask.text, "--hex", ask.octets.hex()] if ask.text else []
        return options

    def open(self, url, ask=NOTHING):
        out = self._said([*self.options(ask), url, *ask.subprotocols], self.seconds)
        try:
            return json.loads(out)
        except json.JSONDecodeError:
            raise Failure(f"{self.source}: printed no JSON line: {out[:200]!r}") from None


class NodeWs(Packaged):
    name = "node-ws"
    title = "Node ws"
    rejects = r"Sec-WebSocket-Accept"
    pinned = ("package.json", "package-lock.json")
    source = "clients/node-ws.js"
    shown = (
        "NODE_PATH=build/interop/node-ws/node_modules",
        "node",
        "fuzz/record/clients/node-ws.js",
    )

    def toolchain(self):
        return _said(["node", "--version"])

    def build(self):
        for name in self.pinned:
            shutil.copy(HERE / name, self.folder)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
        self.tool(["npm", "ci", *quiet, "--cache", self.cache("npm")])

    def argv(self):
        return ["node", str(HERE / self.source)]

    def server(self):
        return ["node", str(HERE / "clients/node-ws-server.js")]

    def environment(self, home):
        return {**super().environment(home), "NODE_PATH": str(self.folder / "node_modules")}


class PythonWebsockets(Packaged):
    name = "python-websockets"
    title = "Python websockets"
    rejects = r"Sec-WebSocket-Accept"
    pinned = ("requirements.txt",)
    source = "clients/python-websockets.py"
    shown = (
        "build/interop/python-websockets/venv/bin/python",
        "fuzz/record/clients/python-websockets.py",
    )

    def toolchain(self):
        return _said([PYTHON, "--version"])

    def build(self):
        self.tool([PYTHON, "-m", "venv", "venv"])
        pip = ["venv/bin/python", "-m", "pip", "install", "--disable-pip-version-check"]
        flags = ["--require-hashes", "--only-binary", ":all:", "--cache-dir", self.cache("pip")]
        self.tool([*pip, *flags, "-r", str(HERE / "requirements.txt")])

    def argv(self):
        return [str(self.folder / "venv/bin/python"), "-B", str(HERE / self.source)]

    def server(self):
        return [*self.argv()[:2], str(HERE / "clients/python-websockets-server.py")]


class GoGorilla(Packaged):
    name = "go-gorilla"
    title = "Go gorilla/websocket"
    # Its one error for any 101 that it does not like.
    rejects = r"bad handshake \(status 101\)"
    pinned = ("gorilla/go.mod", "gorilla/go.sum", "gorilla/main.go", "gorilla/serve.go")
    source = "gorilla/main.go"
    shown = ("build/interop/go-gorilla/client",)

    def toolchain(self):
        return _said(["go", "version"])

    def build(self):
        # -modcacherw: a cache that `rm -rf build` can remove.
        flags = "-mod=readonly -modcacherw -buildvcs=false"
        paths = {"GOMODCACHE": self.cache("go-mod"), "GOCACHE": self.cache("go-build")}
        for name in self.pinned:
            shutil.copy(HERE / name, self.folder)
        self.tool(
            ["go", "build", "-o", "client", "."], GOFLAGS=flags, GOTOOLCHAIN="local", **paths
        )

    def argv(self):
        return [str(self.folder / "client")]

    def server(self):
        return [*self.argv(), "--serve"]


class RustTungstenite(Packaged):
    """Plain only: a TLS for Rust would be more to build than all the rest together."""

    name = "rust-tungstenite"
    title = "Rust tungstenite"
    rejects = r"Sec-WebSocket-Accept|Key mismatch"
    tls = False
    pinned = ("tungstenite/Cargo.toml", "tungstenite/Cargo.lock", "tungstenite/src/main.rs")
    source = "tungstenite/src/main.rs"
    shown = ("build/interop/rust-tungstenite/target/debug/upheld-tungstenite",)

    def toolchain(self):
        return _said(["rustc", "--version"])

    def build(self):
        (self.folder / "src").mkdir()
        for name in self.pinned:
            shutil.copy(HERE / name, self.folder / pathlib.Path(name).relative_to("tungstenite"))
        lock = self.folder / "Cargo.lock"
        pinned = lock.read_text(encoding="utf-8")
        # Resolved anew, cargo says what it calls its registry; versions and checksums are ours.
        lock.unlink()
        self.tool(["cargo", "generate-lockfile"])
        source = re.search(r'^source = "\S+"$', lock.read_text(encoding="utf-8"), re.M)
        if not source:
            raise Failure("cargo generate-lockfile: expected a source for each package")
        lock.write_text(re.sub(r"^checksum = ", f"{source.group()}\n\\g<0>", pinned, flags=re.M))
        toolchain = self.toolchain().split(" (")[0]
        target = str(self.folder / "target")
        self.tool(["cargo", "build", "--locked"], TOOLCHAIN=toolchain, CARGO_TARGET_DIR=target)

    def argv(self):
        return [str(self.folder / "target/debug/upheld-tungstenite")]


def _said(argv):
    status, out, err = run(argv, VERSION_SECONDS)
    if status != 0:
        raise Failure(f"{' '.join(argv)}: status {status}: {err.strip()[:200]}")
    return out.strip()


@contextlib.contextmanager
def _locked(folder):
    """One installation at a time: `make interop` and `make record` share the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


KINDS = (Curl, Chromium, NodeWs, PythonWebsockets, GoGorilla, RustTungstenite)


def all_clients(root):
    """Every client, with its packages under the folder root."""
    return [kind(root) for kind in KINDS]
