"""testing.py: what the Python tests share: the binaries under test, and how to run them.

From the environment, set by core/command.mk:
    UNIT_COMMANDS   the `upheld` commands to test, one plain, one with sanitizers
    UNIT_LIBRARIES  the libupheld.a to look into
    UNIT_COMPILERS  compilers, each a command
    UNIT_STRICT     warning flags
"""

import json
import os
import subprocess
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VECTORS = os.path.join(TOP, "corpus", "vectors", "server.jsonl")
CORE = os.path.join(TOP, "core")
DIST = os.path.join(CORE, "dist")
SAMPLE_ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # of the key in RFC 6455 section 1.2


def words(name):
    """A list from the environment; the tests fail, and say so, where it was not given."""
    got = os.environ.get(name, "").split()
    if not got:
        raise RuntimeError(f"{name} is not set; run the tests with `make unit`")
    return got


def build_folder():
    """Where make puts what it builds: the plain command lies there."""
    return os.path.dirname(os.path.abspath(words("UNIT_COMMANDS")[0]))


def make(*arguments, cwd=TOP):
    """Runs make as from a shell, although the tests run under make themselves."""
    clean = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    return run("make", "--no-print-directory", *arguments, cwd=cwd, env=clean)


def run(*command, **more):
    """A command run to its end, its words as text."""
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          timeout=300, check=False, **more)


def request(target="/chat", add=b"", drop=()):
    """A handshake that switches, with fields left out or added."""
    fields = [b"Host: server.example.com", b"Upgrade: websocket", b"Connection: Upgrade",
              b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", b"Sec-WebSocket-Version: 13"]
    kept = [f for f in fields if f.split(b":")[0].decode() not in drop]
    start = f"GET {target} HTTP/1.1\r\n".encode()
    return start + b"".join(f + b"\r\n" for f in kept) + add + b"\r\n"


class Command(unittest.TestCase):
    """Tests of one `upheld`; per_command() makes a class of each for every one to be tested."""

    command = None

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name

    def file(self, content, name="file"):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as out:
            out.write(content if isinstance(content, bytes) else content.encode())
        return path

    def upheld(self, *arguments, stdin=b"", **more):
        """Runs the command to its end; stdin is octets, or an open file."""
        more = {"executable": self.command, "stdout": subprocess.PIPE, **more}
        feed = {"input": stdin} if isinstance(stdin, bytes) else {"stdin": stdin}
        return subprocess.run(["upheld", *arguments], stderr=subprocess.PIPE, timeout=60, **feed,
                              **more)

    def check(self, octets, *options):
        """The JSON of one decision."""
        got = self.upheld("check", "--json", *options, self.file(octets))
        self.assertEqual((got.stderr, got.returncode), (b"", 0))
        return json.loads(got.stdout)

    def refused(self, got, *said):
        """Exit 2, nothing on stdout, one line on stderr that says it."""
        self.assertEqual(got.returncode, 2, got.stderr)
        self.assertEqual(got.stdout, b"")
        self.assertRegex(got.stderr, rb"\Aupheld: [^\x00-\x1f]+\n\Z")
        for word in said:
            self.assertIn(word, got.stderr.decode())


def per_command(loader, tests, _pattern):
    """As a module's load_tests: its tests once for every command."""
    found = {type(test) for case in tests for test in case}
    suite = unittest.TestSuite()
    for command in words("UNIT_COMMANDS"):
        for base in sorted(found, key=lambda case: case.__name__):
            one = type(f"{base.__qualname__} of {command}", (base,),
                       {"command": os.path.abspath(command), "__module__": base.__module__})
            suite.addTests(loader.loadTestsFromTestCase(one))
    return suite
