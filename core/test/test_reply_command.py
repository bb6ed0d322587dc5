"""test_reply_command.py: `upheld check --role client`, and client vectors; and their bad input."""

import json
import os

from testing import SAMPLE_ACCEPT, TOP, VECTORS, Command, per_command

load_tests = per_command
KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 section 1.3
SPARE = "AQIDBAUGBwgJCgsMDQ4PEC=="  # spare bits set: section 4.1, before erratum 3150
SPARE_ACCEPT = "OfS0wDaT5NoxF2gqm7Zj2YtetzM="
REPLIES = os.path.join(TOP, "corpus", "vectors", "client.jsonl")
LINE = {"role": "client", "name": "a", "expect": "MORE", "clause": "x", "len": 0, "hex": ""}


def reply(add=b"", accept=SAMPLE_ACCEPT, start=b"HTTP/1.1 101 Switching Protocols\r\n"):
    """A reply that opens the connection, with fields added."""
    return (start + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
            accept.encode() + b"\r\n" + add + b"\r\n")


def vector(octets=b"", **change):
    """A client vector of these octets, changed; a key set to None is left out."""
    row = {**LINE, "len": len(octets), "hex": octets.hex(), **change}
    return json.dumps({k: v for k, v in row.items() if v is not None})


class Reply(Command):
    def asked(self, octets, *options):
        return self.check(octets, "--role", "client", *options)

    def test_ok_is_shown_whole(self):
        octets = b"HTTP/1.1 100 Continue\r\n\r\n" + reply(b"Sec-WebSocket-Protocol: b\r\n")
        got = self.asked(octets + b"\x81\x05hello", "--key", KEY, "--offered", "a, b")
        self.assertEqual(got, {
            "verdict": "OK", "status": 101, "protocol": "websocket", "subprotocol": "b",
            "extensions": None, "accept": SAMPLE_ACCEPT, "body_first": None,
            "consumed": len(octets), "close": False, "clauses": ["R6455-4.1-19"],
            "response_hex": ""})

    def test_what_does_not_apply_is_null(self):
        cases = [(b"", "MORE", None, False), (reply(accept="x"), "FAIL", 101, True),
                 (b"HTTP/1.1 401 X\r\n\r\n", "HTTP", 401, False), (b"\n", "FAIL", None, True)]
        for octets, verdict, status, close in cases:
            got = self.asked(octets, "--key", KEY)
            self.assertEqual((got["verdict"], got["status"], got["close"]),
                             (verdict, status, close))
            self.assertEqual([got[k] for k in ("protocol", "subprotocol", "accept")], [None] * 3)

    def test_a_person_reads_the_same(self):
        octets = reply(b"Sec-WebSocket-Protocol: chat\r\n")
        got = self.upheld("check", "--role", "client", "--key", KEY, "--offered", "chat",
                          self.file(octets))
        self.assertEqual((got.stderr, got.returncode), (b"", 0))
        for expected in ("verdict      OK", "status       101", "R6455-4.1-19",
                         f"consumed     {len(octets)}", "protocol     websocket",
                         "subprotocol  chat", f"accept       {SAMPLE_ACCEPT}", "close        no"):
            self.assertIn(expected, got.stdout.decode())

    def test_without_a_key_nothing_was_asked_and_no_101_passes(self):
        got = self.asked(reply())
        self.assertEqual((got["verdict"], got["clauses"]), ("FAIL", ["R9110-7.8-6"]))

    def test_a_key_with_spare_bits_can_be_asked_with(self):
        got = self.asked(reply(accept=SPARE_ACCEPT), "--key", SPARE)
        self.assertEqual((got["verdict"], got["accept"]), ("OK", SPARE_ACCEPT))

    def test_without_offers_a_subprotocol_fails(self):
        got = self.asked(reply(b"Sec-WebSocket-Protocol: a\r\n"), "--key", KEY)
        self.assertEqual((got["verdict"], got["clauses"]), ("FAIL", ["R6455-4.1-18"]))

    def test_limits_of_the_policy_count_for_a_reply(self):
        policy = self.file('{"limits": {"head": %d}}' % (len(reply()) - 1), "p")
        got = self.asked(reply(), "--key", KEY, "--policy", policy)
        self.assertEqual((got["verdict"], got["clauses"]), ("FAIL", ["R9110-5.4-2"]))

    def test_bad_options_are_refused_in_one_line(self):
        file = self.file(reply())
        cases = [(["--key", "abc"], "--key 'abc'"), (["--key", KEY + "="], "base64 of 16 octets"),
                 (["--key", ""], "--key ''"), (["--key", "=" * 24], "base64"),
                 (["--key", KEY, "--key", KEY], "twice"), (["--offered", ""], "tokens"),
                 (["--offered", "a,,b"], "tokens"), (["--offered", "a,a"], "each once"),
                 (["--offered", "a b"], "tokens"), (["--offered", "a\r\nb"], "tokens"),
                 (["--offered", "a,"], "tokens"), (["--offered", "a", "--offered", "b"], "twice"),
                 (["--offered", ",".join(f"p{i}" for i in range(65))], "at most 64"),
                 (["--offered", "a" * 1025], "1 to 1024")]
        for options, said in cases:
            with self.subTest(options=options):
                self.refused(self.upheld("check", "--role", "client", *options, file), said)


class Vectors(Command):
    def vectors(self, text):
        return self.upheld("vectors", self.file(text, "v.jsonl"))

    def rows(self):
        with open(REPLIES, encoding="utf-8") as source:
            return [json.loads(text) for text in source]

    def test_every_client_vector_of_the_corpus_passes(self):
        got = self.upheld("vectors", REPLIES, VECTORS)
        self.assertTrue(got.stdout.endswith(b" passed, 0 failed\n"))
        self.assertEqual(len(self.rows()), 33)
        self.assertEqual((got.returncode, got.stderr), (0, b""))

    def test_a_wrong_expectation_fails_for_every_vector(self):
        for other in ("OK", "FAIL", "HTTP", "MORE"):
            wrong = [row for row in self.rows() if row["expect"] != other]
            got = self.vectors("\n".join(json.dumps({**row, "expect": other}) for row in wrong))
            self.assertTrue(got.stdout.endswith(b"\n0 passed, %d failed\n" % len(wrong)))
            self.assertEqual(got.returncode, 1)

    def test_key_and_offers_count(self):
        octets = reply(b"Sec-WebSocket-Protocol: b\r\n")
        good = {"expect": "OK", "offered_protocols": ["a", "b"], "consumed": len(octets),
                "accept": SAMPLE_ACCEPT, "subprotocol": "b", "protocol": "websocket"}
        self.assertEqual(self.vectors(vector(octets, **good)).stdout, b"1 passed, 0 failed\n")
        for change in ({"key": SPARE}, {"offered_protocols": ["a", "B"]}, {"subprotocol": "a"},
                       {"offered_protocols": None}, {"consumed": len(octets) - 1},
                       {"accept": SPARE_ACCEPT}, {"protocol": "WebSocket"}):
            got = self.vectors(vector(octets, **{**good, **change}))
            self.assertTrue(got.stdout.endswith(b"\n0 passed, 1 failed\n"), change)

    def test_a_malformed_vector_is_named(self):
        cases = [(vector(expect="101"), "unknown expect '101'"), (vector(key="k"), "key 'k'"),
                 (vector(key=1), "string for 'key'"),
                 (vector(offered_protocols="a"), "list for 'offered_protocols'"),
                 (vector(offered_protocols=[1]), "strings only"),
                 (vector(offered_protocols=["a b"]), "tokens"),
                 (vector(offered_protocols=["a", "a"]), "each once"),
                 (vector(offered_protocols=[f"p{i}" for i in range(65)]), "at most 64")]
        for text, said in cases:
            with self.subTest(text=text):
                self.refused(self.vectors(vector(name="good") + "\n" + text), "v.jsonl:2:", said)
