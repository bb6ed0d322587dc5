"""The servers that `make interop` starts on loopback: our echo server, libraries' echo servers, and
nginx before ours. Each is gone when its block ends, however it ends."""

import contextlib
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from loopback import HOST, Failure, child, client_environment, run
from results import expect

# Where ci/setup unpacks what it does not install.
UNPACKED = pathlib.Path(__file__).resolve().parent.parent.parent / "build/debian"
START_SECONDS = 20
STOP_SECONDS = 10
MAKE_SECONDS = 30
TRIES = 5
ANNOUNCED = re.compile(rb"listening on (\S+)\n")

NGINX = """daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen {host}:{plain};
        listen {host}:{secure} ssl;
        ssl_certificate {cert};
        ssl_certificate_key {key};
        location / {{
            proxy_pass http://{host}:{upstream};
            proxy_http_version 1.1;
            {headers}
        }}
    }}
}}
"""
# What the handbooks give for WebSocket: both are hop by hop, so a proxy drops them otherwise.
UPGRADE_HEADERS = (
    "proxy_set_header Upgrade $http_upgrade;",
    'proxy_set_header Connection "upgrade";',
)


def _first_line(process, what, log):
    """What the program says when it listens; its last words if it does not."""
    until = time.monotonic() + START_SECONDS
    said = b""
    while b"\n" not in said:
        ready, _, _ = select.select([process.stdout], [], [], max(0, until - time.monotonic()))
        octets = os.read(process.stdout.fileno(), 4096) if ready else b""
        if not octets:
            log.seek(0)
            tail = log.read().decode("utf-8", "replace").strip().splitlines()[-1:]
            raise Failure(f"{what}: does not listen after {START_SECONDS} s at most: {tail}")
        said += octets
    return said


@contextlib.contextmanager
def announcing(argv, env=None):
    """Runs a server that prints `listening on ...`; yields (process, what it named, log)."""
    what = pathlib.Path(argv[0]).name if len(argv) == 1 else " ".join(map(str, argv[:2]))
    with tempfile.TemporaryFile() as log, tempfile.TemporaryDirectory() as home:
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": log}
        environment = env or client_environment(home)
        with child([str(word) for word in argv], env=environment, **options) as process:
            found = ANNOUNCED.match(_first_line(process, what, log))
            expect(found, f"{what}: expected `listening on ...` as its first line")
            yield process, found.group(1).decode(), log


class Echo:
    """Our echo server while it runs. address: ws://HOST:PORT/ or wss://..."""

    def __init__(self, process, address, log):
        self.process = process
        self.address = address
        self.port = int(address.rstrip("/").rpartition(":")[2])
        self._log = log

    def said(self):
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")

    def stop(self):
        """Ends it by SIGTERM; a leak or a report of a sanitizer is a status other than 0."""
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise Failure(f"echo: no end {STOP_SECONDS} s after SIGTERM") from None
        said = [line for line in self.said().splitlines() if "ERROR" in line or "error:" in line]
        expect(status == 0, f"echo: exit status {status} after SIGTERM: {' '.join(said[:2])}")
        return "exit status 0 after SIGTERM"


@contextlib.contextmanager
def echo_server(folder, *words, before=()):
    """core/example/echo from the folder, on a free port; before: a command that runs it."""
    with announcing([*before, folder / "echo", "--port", "0", *words]) as (process, address, log):
        yield Echo(process, address, log)


@contextlib.contextmanager
def library_server(client, subprotocols=(), tls=None):
    """The echo server of a client's library; yields its address."""
    _, cert, key = tls or (None, None, None)
    words = ["--cert", cert, "--key", key] if tls else []
    with tempfile.TemporaryDirectory() as home:
        argv = [*client.server(), *words, *subprotocols]
        with announcing(argv, client.environment(home)) as (_, port, _log):
            yield f"{'wss' if tls else 'ws'}://{HOST}:{port}/"


@contextlib.contextmanager
def certificate(subject=f"IP:{HOST}"):
    """A new CA, and a certificate of its for the subject; yields (CA, certificate, key), as files.
    """
    with tempfile.TemporaryDirectory(prefix="upheld-tls-") as made:
        folder = pathlib.Path(made)
        ca, ca_key = folder / "ca.pem", folder / "ca.key"
        cert, key = folder / "server.pem", folder / "server.key"
        new = ["openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec"]
        new += ["-pkeyopt", "ec_paramgen_curve:P-256", "-batch"]
        usage = "keyUsage=critical,keyCertSign,cRLSign"
        own = ["-subj", "/CN=upheld test CA", "-addext", usage, "-keyout", ca_key, "-out", ca]
        names = f"subjectAltName={subject}"
        leaf = ["-subj", "/CN=upheld test", "-addext", names]
        leaf += ["-addext", "basicConstraints=critical,CA:FALSE", "-CA", ca, "-CAkey", ca_key]
        for argv in ([*new, *own], [*new, *leaf, "-keyout", key, "-out", cert]):
            status, _, err = run([str(word) for word in argv], MAKE_SECONDS)
            expect(status == 0, f"openssl req: status {status}: {err.strip()[-200:]}")
        # The whole chain: Chromium trusts a key only if its certificate was sent.
        cert.write_bytes(cert.read_bytes() + ca.read_bytes())
        yield ca, cert, key


def free_port():
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def nginx_program():
    """The system's, which Debian has where only root's PATH looks, or the one that was unpacked."""
    places = [os.environ.get("PATH", os.defpath), "/usr/sbin", str(UNPACKED / "nginx/usr/sbin")]
    found = shutil.which("nginx", path=os.pathsep.join(places))
    expect(found, "nginx is not installed; run `ci/setup interop`")
    return found


def nginx_version():
    _, out, err = run([nginx_program(), "-v"], START_SECONDS)
    found = re.search(r"nginx/(\S+)", out + err)
    return found.group(1) if found else "unknown"


def _listens(port, process):
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            with socket.create_connection((HOST, port), 1):
                return True
        except OSError:
            time.sleep(0.02)
    return False


@contextlib.contextmanager
def nginx(upstream, tls, headers):
    """Before our server on port `upstream`; yields the ports for ws:// and for wss://."""
    _, cert, key = tls
    with tempfile.TemporaryDirectory(prefix="upheld-nginx-") as folder:
        log, config = pathlib.Path(folder) / "error.log", pathlib.Path(folder) / "nginx.conf"
        argv = [nginx_program(), "-p", folder, "-c", str(config), "-e", str(log)]
        null = subprocess.DEVNULL
        # Somebody else may take a port between our look and nginx's.
        for _ in range(TRIES):
            plain, secure = free_port(), free_port()
            config.write_text(NGINX.format(
                folder=folder, host=HOST, plain=plain, secure=secure, cert=cert, key=key,
                upstream=upstream, headers="\n            ".join(headers)), encoding="ascii")
            with child(argv, stdin=null, stdout=null, stderr=null) as process:
                if _listens(plain, process):
                    yield plain, secure
                    return
        said = log.read_text(encoding="utf-8").strip() if log.exists() else "it says nothing"
        raise Failure(f"nginx: does not listen: {said[-300:]}")
