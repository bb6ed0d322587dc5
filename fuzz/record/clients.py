"""The real clients: how each is installed, which version it is, how it opens a WebSocket.

A client is asked to open a URL, close again, and say what it saw: {"open", "protocol", "clean",
"error"}. Packages that Debian does not have come by the lock files beside this file, into a folder
under build/.
"""

import base64
import contextlib
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


class Client:
    """One real client. rejects: what it says of a wrong accept value; None: it never checks."""

    name = ""
    title = ""
    rejects = None
    subprotocols = True
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

    def open(self, url, subprotocols=()):
        raise NotImplementedError


class Curl(Client):
    """Debian's curl knows no WebSocket: the handshake is made of header flags, the key is ours."""

    name = "curl"
    title = "curl"
    subprotocols = False

    def argv(self, url, key, version="13"):
        fields = ["Connection: Upgrade", "Upgrade: websocket"]
        fields += [f"Sec-WebSocket-Version: {version}", f"Sec-WebSocket-Key: {key}"]
        flags = ["--http1.1", "--silent", "--show-error", "--max-time", "10"]
        for field in fields:
            flags += ["-H", field]
        return ["curl", "-q", "--noproxy", "*", *flags, url]

    def version(self):
        status, out, err = run(["curl", "--version"], VERSION_SECONDS)
        if status != 0 or not out.startswith("curl "):
            raise Failure(f"curl --version: status {status}: {err.strip()[:200]}")
        return out.split()[1]

    def command(self, url, subprotocols):
        return self.argv(url.replace("ws:", "http:"), "KEY")

    def status(self, url, version="13"):
        """The status that curl saw in the answer, 0 if none."""
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        report = ["--output", os.devnull, "--write-out", "%{http_code}"]
        argv = self.argv(url.replace("ws:", "http:"), key, version) + report
        with tempfile.TemporaryDirectory() as home:
            _, out, err = run(argv, self.seconds, env=client_environment(home))
        if not re.fullmatch(r"\d{3}", out):
            raise Failure(f"curl printed no status: {(err or out).strip()[:200]}")
        return int(out)

    def open(self, url, subprotocols=()):
        status = self.status(url)
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

    def open(self, url, subprotocols=()):
        return chromium.open_and_close(url, subprotocols, self.seconds)


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
            print(f"installing {self.title} from {', '.join(self.pinned)}", flush=True)
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

    def open(self, url, subprotocols=()):
        out = self._said([url, *subprotocols], self.seconds)
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


class GoGorilla(Packaged):
    name = "go-gorilla"
    title = "Go gorilla/websocket"
    # Its one error for any 101 that it does not like.
    rejects = r"bad handshake \(status 101\)"
    pinned = ("gorilla/go.mod", "gorilla/go.sum", "gorilla/main.go")
    source = "gorilla/main.go"
    shown = ("build/interop/go-gorilla/client",)

    def toolchain(self):
        return _said(["go", "version"])

    def build(self):
        # -modcacherw: a cache that `rm -rf build` can remove.
        flags = "-mod=readonly -modcacherw -buildvcs=false"
        paths = {"GOMODCACHE": self.cache("go-mod"), "GOCACHE": self.cache("go-build")}
        for name in ("go.mod", "go.sum", "main.go"):
            shutil.copy(HERE / "gorilla" / name, self.folder)
        self.tool(
            ["go", "build", "-o", "client", "."], GOFLAGS=flags, GOTOOLCHAIN="local", **paths
        )

    def argv(self):
        return [str(self.folder / "client")]


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


def all_clients(root):
    """Every client, with its packages under the folder root."""
    return [kind(root) for kind in (Curl, Chromium, NodeWs, PythonWebsockets, GoGorilla)]
