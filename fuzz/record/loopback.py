"""Loopback sockets and bounded child processes. Knows neither the clients nor the handshake."""

import contextlib
import ctypes
import os
import signal
import socketserver
import subprocess
import threading
import time

HOST = "127.0.0.1"
REAP_SECONDS = 5
PR_SET_CHILD_SUBREAPER = 36


class Failure(Exception):
    """What went wrong, in a sentence for the terminal."""


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


@contextlib.contextmanager
def listening(serve):
    """Calls serve(connection) in a thread of its own for each connection; yields the port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            serve(self.request)

    with _Server((HOST, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def client_environment(home):
    """What a client may know of this machine: no proxy, no settings of the user's."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
    }


def _end_group(process):
    """Kills the group and takes leave of every member, orphans too; bounded, whatever they do."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    until = time.monotonic() + REAP_SECONDS
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < until:
            if os.waitpid(-process.pid, os.WNOHANG)[0] == 0:
                time.sleep(0.01)


def _adopt_orphans():
    """A browser's helpers outlive it: they become our children, so that they can be waited for."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise Failure(f"prctl: {os.strerror(ctypes.get_errno())}")


@contextlib.contextmanager
def child(argv, **options):
    """A process group that is gone when the block ends, however it ends."""
    _adopt_orphans()
    try:
        process = subprocess.Popen(argv, start_new_session=True, **options)
    except FileNotFoundError as error:
        raise Failure(f"{argv[0]} is not installed; run `ci/setup interop`") from error
    except OSError as error:
        raise Failure(f"{argv[0]}: {error.strerror}") from error
    try:
        yield process
    finally:
        _end_group(process)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def run(argv, timeout, **options):
    """Runs to the end, at most timeout seconds; returns (status, stdout, stderr) as text."""
    pipe = subprocess.PIPE
    null = subprocess.DEVNULL
    with child(argv, stdin=null, stdout=pipe, stderr=pipe, **options) as process:
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise Failure(f"{argv[0]}: no end after {timeout} s") from None
        return process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace")


def leave_on_signals():
    """Turns SIGTERM and SIGHUP into an exit that unwinds, so that children and folders go."""

    def leave(number, _frame):
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
