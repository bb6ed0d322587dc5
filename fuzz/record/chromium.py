#!/usr/bin/python3
"""Headless Chromium as a WebSocket client: a page served on loopback opens one socket.

usage: chromium.py URL [SUBPROTOCOL...]

Prints one JSON line {"open", "protocol", "clean", "error", "text", "hex"}; see clients.py. The page
reports to the server that served it. Why a handshake failed is hidden from pages (WHATWG
WebSockets section 4); it is taken from the browser's own log of the network.
"""

import base64
import hashlib
import http.server
import json
import pathlib
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
import types
import urllib.parse

from loopback import HOST, Failure, child, client_environment, run

PROGRAM = "chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-breakpad",
    "--no-proxy-server",
    # Nothing leaves loopback, whatever else the browser would like to look up.
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}",
]
REPORT_MAX = 65536
SECONDS = 60
REASON_SECONDS = 10
VERSION_SECONDS = 30
# WEBSOCKET_UPGRADE_FAILURE in the network log, whose lines are whole even if the file is not.
REFUSED = re.compile(
    r'"message":"(Error during WebSocket handshake: [^"]*|Connection closed before [^"]*)"'
)
# What ends a request before there is a handshake to judge, by number in the same log.
NET_ERRORS = {
    "-202": "ERR_CERT_AUTHORITY_INVALID",
    "-339": "ERR_UNSUPPORTED_AUTH_SCHEME, the answer to a 401 with a challenge unknown to browsers",
}
NET_ERROR = re.compile(rf'"net_error":({"|".join(NET_ERRORS)})\b')

PAGE = """<!doctype html>
<meta charset="utf-8">
<title>upheld</title>
<script>
const [url, subprotocols, text, octets] = %s;
const report = {open: false, protocol: "", clean: false, error: "", text: null, hex: null};
const socket = subprotocols.length ? new WebSocket(url, subprotocols) : new WebSocket(url);
socket.binaryType = "arraybuffer";
socket.onopen = () => {
  report.open = true;
  report.protocol = socket.protocol;
  if (text) {
    socket.send(text);
  } else {
    socket.close(1000);
  }
};
socket.onmessage = (event) => {
  if (typeof event.data === "string") {
    report.text = event.data;
    socket.send(new Uint8Array(octets));
  } else {
    const hex = (octet) => octet.toString(16).padStart(2, "0");
    report.hex = Array.from(new Uint8Array(event.data), hex).join("");
    socket.close(1000);
  }
};
socket.onclose = (event) => {
  report.clean = report.open && event.wasClean && event.code === 1000;
  fetch("/report", {method: "POST", body: JSON.stringify(report)});
};
</script>
"""


def _handler(page, reports):
    class Handler(http.server.BaseHTTPRequestHandler):
        def _answer(self, status, body=b""):
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            if self.path == "/":
                self._answer(200, page)
            else:
                self._answer(404)

        def do_POST(self):
            size = int(self.headers.get("Content-Length", "0"))
            report = self.rfile.read(min(size, REPORT_MAX))
            self._answer(204)
            reports.put(report)  # last: the browser is ended as soon as it is there

        def log_message(self, *_):
            pass

    return Handler


def _page_report(reports, log, timeout):
    try:
        return json.loads(reports.get(timeout=timeout))
    except queue.Empty:
        log.seek(0)
        said = log.read().decode("utf-8", "replace").strip().splitlines()[-1:]
        raise Failure(f"{PROGRAM}: the page did not report in {timeout} s: {said}") from None


def _reason(browser, network_log):
    """Why the handshake was refused. Asks the browser to leave, since that writes the log out; a
    process of its own does so, perhaps later than the browser ends."""
    browser.terminate()
    until = time.monotonic() + REASON_SECONDS
    while time.monotonic() < until:
        if network_log.is_file():
            text = network_log.read_text(encoding="utf-8", errors="replace")
            refused, failed = REFUSED.search(text), NET_ERROR.search(text)
            if refused:
                return refused.group(1)
            if failed:
                return NET_ERRORS[failed.group(1)]
        time.sleep(0.1)
    return "the network log gives no reason"


def trusting(ca):
    """The flag for a certificate that the system does not know: its key, as Chromium wants it."""
    status, key, err = run(["openssl", "x509", "-in", ca, "-noout", "-pubkey"], VERSION_SECONDS)
    if status != 0:
        raise Failure(f"openssl x509 -in {ca}: {err.strip()[:200]}")
    der = base64.b64decode("".join(key.strip().splitlines()[1:-1]))
    digest = base64.b64encode(hashlib.sha256(der).digest()).decode()
    return [f"--ignore-certificate-errors-spki-list={digest}"]


def _browse(address, home, reports, flags, timeout):
    """Runs the browser on the page until the page has reported; returns the report."""
    network_log = pathlib.Path(home) / "network.json"
    own = [f"--user-data-dir={home}/profile", f"--log-net-log={network_log}"]
    options = {"env": client_environment(home), "stdin": subprocess.DEVNULL}
    with tempfile.TemporaryFile() as log:
        argv = [PROGRAM, *FLAGS, *own, *flags, address]
        with child(argv, stdout=log, stderr=log, **options) as browser:
            report = _page_report(reports, log, timeout)
            if not report["open"]:
                report["error"] = _reason(browser, network_log)
    return report


def open_and_close(url, ask, timeout):
    """Does what is asked at url from a page; returns the report. The origin that is asked for is
    where the page is served: http, loopback and a free port."""
    # A JSON text inside <script> must not spell an end tag.
    words = json.dumps([url, list(ask.subprotocols), ask.text, list(ask.octets)])
    words = words.replace("<", "\\u003c")
    reports = queue.Queue()
    handler = _handler((PAGE % words).encode(), reports)
    port = urllib.parse.urlsplit(ask.origin).port or 0
    flags = trusting(ask.ca) if ask.ca else []
    with http.server.ThreadingHTTPServer((HOST, port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
                address = f"http://{HOST}:{server.server_address[1]}/"
                return _browse(address, home, reports, flags, timeout)
        finally:
            server.shutdown()
            thread.join()


def version(timeout):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        status, out, err = run([PROGRAM, "--version"], timeout, env=client_environment(home))
    found = re.search(r"Chromium (\d[\d.]*)", out)
    if status != 0 or not found:
        raise Failure(f"{PROGRAM} --version: status {status}: {(err or out).strip()[:200]}")
    return found.group(1)


def main(words):
    if not words or words[0].startswith("-"):
        print("usage: chromium.py URL [SUBPROTOCOL...]", file=sys.stderr)
        return 2
    try:
        ask = types.SimpleNamespace(subprotocols=words[1:], origin="", ca="", text="", octets=b"")
        print(json.dumps(open_and_close(words[0], ask, SECONDS)))
    except Failure as failure:
        print(f"chromium.py: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
