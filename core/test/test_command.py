"""test_command.py: `upheld` from outside: verdicts, and what it says to bad input."""

import json
import os
import shutil
import threading

from testing import VECTORS, Command, per_command, request

HEAD_LIMIT = 65536  # of the default policy
load_tests = per_command
KEYS = ["verdict", "status", "protocol", "subprotocol", "extensions", "accept", "body_first",
        "consumed", "close", "clauses", "response_hex"]


class Check(Command):
    def test_json_has_the_documented_keys_in_order(self):
        self.assertEqual(list(self.check(request())), KEYS)

    def test_switch_is_shown_whole(self):
        octets = request(add=b"Sec-WebSocket-Protocol: other, chat\r\n")
        got = self.check(octets + b"\x81\x05hello")
        answer = bytes.fromhex(got.pop("response_hex"))
        self.assertEqual(got, {
            "verdict": "SWITCH", "status": 101, "protocol": "websocket", "subprotocol": "chat",
            "extensions": None, "accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "body_first": None, "consumed": len(octets), "close": False,
            "clauses": ["R6455-4.2.2-10"]})
        head = answer.split(b"\r\n")
        self.assertEqual(head[0], b"HTTP/1.1 101 Switching Protocols")
        self.assertEqual(head[-2:], [b"", b""])
        self.assertEqual(sorted(f.lower() for f in head[1:-2]), [
            b"connection: upgrade", b"sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=",
            b"sec-websocket-protocol: chat", b"upgrade: websocket"])

    def test_continue_is_a_second_clause_and_stands_first_in_the_answer(self):
        got = self.check(request(add=b"Expect: 100-continue\r\n"))
        self.assertEqual(got["clauses"], ["R6455-4.2.2-10", "R9110-7.8-15"])
        self.assertTrue(bytes.fromhex(got["response_hex"]).startswith(
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 "))

    def test_what_does_not_apply_is_null(self):
        cases = [(b"", "MORE", None), (request(drop=["Upgrade"]), "IGNORE", None),
                 (request(drop=["Host"]), "REFUSE", 400)]
        for octets, verdict, status in cases:
            got = self.check(octets)
            self.assertEqual([got[k] for k in KEYS[:6]],
                             [verdict, status, None, None, None, None])
            self.assertEqual(bool(got["response_hex"]), verdict == "REFUSE")

    def test_a_person_reads_the_same(self):
        octets = request(add=b"Expect: 100-continue\r\nSec-WebSocket-Protocol: chat\r\n")
        got = self.upheld("check", self.file(octets))
        self.assertEqual((got.stderr, got.returncode), (b"", 0))
        for expected in ("verdict      SWITCH", "status       101", "R6455-4.2.2-10",
                         "R9110-7.8-15", f"consumed     {len(octets)}",
                         "protocol     websocket", "subprotocol  chat", "close        no",
                         "body first   none", "accept       s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                         "  HTTP/1.1 101 Switching Protocols\\r\\n", "  \\r\\n"):
            self.assertIn(expected + ("\n" if "\\r\\n" in expected else ""),
                          got.stdout.decode())

    def test_a_backslash_of_the_policy_is_not_taken_for_a_line_end(self):
        policy = self.file('{"access": "unauthenticated", "challenge": "Basic r=\\\\n"}', "p")
        got = self.upheld("check", "--policy", policy, self.file(request()))
        self.assertEqual((got.stderr, got.returncode), (b"", 0))
        self.assertIn(rb"Basic r=\\n\r\n" + b"\n", got.stdout)

    def test_standard_input_is_read_for_a_dash(self):
        file = self.upheld("check", "--json", self.file(request()))
        piped = self.upheld("check", "--json", "-", stdin=request())
        self.assertEqual((piped.stdout, piped.stderr), (file.stdout, b""))

    def test_a_name_after_two_dashes_is_a_file(self):
        self.file(request(), "-x")
        got = self.upheld("check", "--json", "--", "-x", cwd=self.folder)
        self.assertEqual(json.loads(got.stdout)["verdict"], "SWITCH")

    def test_an_empty_file_is_more(self):
        self.assertEqual(self.check(b"")["verdict"], "MORE")
        self.assertIn(b"verdict      MORE", self.upheld("check", "/dev/null").stdout)


class Limits(Command):
    def big(self, start):
        """100 MB that start with these octets; only the first of them take room on the disk."""
        path = self.file(start + b"a" * (1 << 20), "big")
        os.truncate(path, 100 << 20)
        return path

    def test_100_mb_are_decided_at_the_limit(self):
        for start, status in ((b"GET /", 414), (b"GET / HTTP/1.1\r\nX: ", 431)):
            path = self.big(start)
            got = json.loads(self.upheld("check", "--json", path).stdout)
            self.assertEqual((got["verdict"], got["status"], got["consumed"]),
                             ("REFUSE", status, 0))

    def test_not_one_octet_behind_the_limit_is_taken_from_standard_input(self):
        path = self.big(b"GET /")
        policy = self.file('{"limits": {"head": 100000}}', "p")
        for options, limit in ((), HEAD_LIMIT), (("--policy", policy), 100000):
            with open(path, "rb", buffering=0) as feed:
                got = self.upheld("check", "--json", *options, "-", stdin=feed)
                self.assertEqual(got.returncode, 0)
                self.assertEqual(os.lseek(feed.fileno(), 0, os.SEEK_CUR), limit + 1)

    def test_a_pipe_without_end_is_decided(self):
        path = os.path.join(self.folder, "pipe")
        os.mkfifo(path)
        written = []
        feeder = threading.Thread(target=feed_until_broken, args=(path, written))
        feeder.start()
        got = self.upheld("check", "--json", path)
        feeder.join(30)
        self.assertFalse(feeder.is_alive())
        self.assertEqual(json.loads(got.stdout)["status"], 414)
        self.assertLess(sum(written), 1 << 21)  # the limit, and what a pipe holds
        os.unlink(path)

    def test_a_head_at_the_limit_switches_and_one_over_gets_431(self):
        for over, want in ((0, ("SWITCH", 101)), (1, ("REFUSE", 431))):
            octets = request()
            # Field lines short of the line limit, and a last one that fits exactly.
            while len(octets) < HEAD_LIMIT - 20000:
                octets = octets[:-2] + b"X: " + b"a" * 10000 + b"\r\n\r\n"
            left = HEAD_LIMIT + over - len(octets) - len(b"X: \r\n")
            octets = octets[:-2] + b"X: " + b"a" * (left // 2) + b"\r\n\r\n"
            left = HEAD_LIMIT + over - len(octets) - len(b"X: \r\n")
            octets = octets[:-2] + b"X: " + b"a" * left + b"\r\n\r\n"
            self.assertEqual(len(octets), HEAD_LIMIT + over)
            got = self.check(octets)
            self.assertEqual((got["verdict"], got["status"]), want)


def feed_until_broken(path, written):
    """Writes a request-line without end into a pipe until nobody reads any more."""
    with open(path, "wb", buffering=0) as out:
        try:
            written.append(out.write(b"GET /"))
            while sum(written) < 100 << 20:
                written.append(out.write(b"a" * 65536))
        except BrokenPipeError:
            pass


class BadArguments(Command):
    CASES = [
        ([], "no verb"),
        (["nonsense"], "nonsense"),
        (["--nonsense"], "--nonsense"),
        (["help", "x"], "'x'"),
        (["--version", "x"], "'x'"),
        (["check"], "no FILE"),
        (["check", "a", "b"], "'b'"),
        (["check", "--nonsense", "a"], "--nonsense"),
        (["check", "-x", "a"], "-x"),
        (["check", "--json=1", "a"], "--json=1"),
        (["check", "--policy"], "--policy"),
        (["check", "--policy", "p", "--policy", "q", "a"], "twice"),
        (["check", "--policy", "-", "-"], "expected a file"),
        (["check", "--role", "other", "a"], "expected server or client"),
        (["check", "--key", "k", "a"], "belong to --role client"),
        (["check", "--role", "server", "--offered", "k", "a"], "belong to --role client"),
        (["check", "--offered-extensions", "k", "a"], "belong to --role client"),
        (["vectors"], "no FILE.jsonl"),
        (["vectors", "--json", "a"], "--json"),
        (["explain", "a", "b"], "'b'"),
        (["explain", "R0-0"], "R0-0"),
        (["explain", ""], "unknown clause"),
    ]

    def test_one_line_and_exit_2(self):
        for arguments, said in self.CASES:
            with self.subTest(arguments=arguments):
                self.refused(self.upheld(*arguments), said)

    def test_a_file_that_cannot_be_read_is_named(self):
        locked = self.file(request(), "locked")
        os.chmod(locked, 0)
        os.chmod(self.folder, 0o755)
        for verb in (["check"], ["check", "--json"], ["vectors"],
                     ["check", "--policy"], ["vectors", "--policy"]):
            after = [VECTORS] if verb[-1] == "--policy" else []
            self.refused(self.upheld(*verb, "no/such", *after), "no/such", "No such file")
            self.refused(self.upheld(*verb, self.folder, *after), self.folder, "directory")
            self.refused(self.upheld(*verb, locked, *after, **self.for_anyone()),
                         locked, "Permission denied")

    def for_anyone(self):
        """To run a copy, wherever the build lies, without the rights of root."""
        copy = self.file(b"", "upheld")
        shutil.copyfile(self.command, copy)
        os.chmod(copy, 0o755)
        rights = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        return {"executable": copy, **rights}

    def test_standard_input_that_cannot_be_read_is_named(self):
        folder = os.open(self.folder, os.O_RDONLY)
        self.addCleanup(os.close, folder)
        self.refused(self.upheld("check", "-", stdin=folder), "standard input")

    def test_a_file_name_cannot_break_the_line(self):
        self.refused(self.upheld("check", "a\nb\x1b[2J"), "a?b?[2J")

    def test_output_that_is_lost_is_no_success(self):
        for arguments in (["check", "/dev/null"], ["check", "--json", "/dev/null"],
                          ["vectors", VECTORS], ["help"], ["--version"],
                          ["explain", "R9112-3-1"]):
            with open("/dev/full", "wb") as full:
                got = self.upheld(*arguments, stdout=full)
            self.assertEqual(got.returncode, 2)
            self.assertEqual(got.stderr, b"upheld: cannot write standard output: No space left"
                                         b" on device\n")

    def test_output_that_is_lost_half_way_is_no_success(self):
        policy = self.file('{"access": "forbidden"}', "p")
        long = "/".join([*["."] * 100, os.path.relpath(VECTORS)])  # in each line of the output
        with open("/dev/full", "wb") as full:
            got = self.upheld("vectors", "--policy", policy, long, stdout=full)
        self.assertEqual(got.returncode, 2)
        self.assertRegex(got.stderr, rb"\Aupheld: cannot write standard output[^\n]*\n\Z")

class Other(Command):
    def test_help_and_version(self):
        for arguments in (["help"], ["--help"], ["check", "--help"], ["vectors", "--help"],
                          ["explain", "--help"]):
            got = self.upheld(*arguments)
            self.assertEqual((got.returncode, got.stderr), (0, b""))
            self.assertIn(b"usage: upheld check", got.stdout)
        self.assertRegex(self.upheld("--version").stdout, rb"\Aupheld \d+\.\d+\.\d+\n\Z")
