"""test_vectors.py: `upheld vectors` passes on what holds, and only on that; and its bad input."""

import json

from testing import VECTORS, Command, per_command

load_tests = per_command
LINE = {"role": "server", "name": "a", "expect": "MORE", "clause": "x", "len": 0, "hex": ""}


def line(**change):
    """A vectors line, changed; a key set to None is left out."""
    return json.dumps({k: v for k, v in {**LINE, **change}.items() if v is not None})


def rows():
    with open(VECTORS, encoding="utf-8") as source:
        return [json.loads(text) for text in source]


class Lines(Command):
    def vectors(self, text):
        return self.upheld("vectors", self.file(text, "v.jsonl"))


class Vectors(Lines):
    def test_every_vector_of_the_corpus_passes(self):
        got = self.upheld("vectors", VECTORS)
        self.assertEqual(got.stdout.decode(), f"{len(rows())} passed, 0 failed\n")
        self.assertEqual((got.returncode, got.stderr), (0, b""))

    def test_several_files_are_one_run(self):
        got = self.upheld("vectors", VECTORS, VECTORS)
        self.assertEqual(got.stdout.decode(), f"{2 * len(rows())} passed, 0 failed\n")

    def test_a_wrong_expectation_fails_for_every_vector(self):
        wrong = [json.dumps({**row, "expect": "413" if row["expect"] != "413" else "401"})
                 for row in rows()]
        got = self.vectors("\n".join(wrong))
        told = got.stdout.decode().splitlines()
        self.assertEqual(told[-1], f"0 passed, {len(wrong)} failed")
        self.assertEqual((got.returncode, len(told)), (1, len(wrong) + 1))
        for row, said in zip(rows(), told):
            self.assertIn(f"{row['name']}: expected verdict 413, got {row['expect']} ", said)
            self.assertIn(row["clause"], said)

    def test_each_field_given_must_match(self):
        base = next(row for row in rows() if row["name"] == "rfc6455-1.3")
        ignored = next(row for row in rows() if row["expect"] == "IGNORE")
        cases = [({**base, "accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOp="}, "accept"),
                 ({**base, "accept": None}, "accept"),
                 ({**base, "consumed": base["consumed"] - 1}, "consumed"),
                 ({**base, "protocol": "WebSocket"}, "protocol"),
                 ({**base, "protocol": None}, "protocol"),
                 ({**base, "subprotocol": "superchat"}, "subprotocol"),
                 ({**base, "subprotocol": None}, "subprotocol"),
                 ({**base, "expect": "100+101"}, "verdict"),
                 ({**ignored, "accept": base["accept"]}, "accept"),
                 ({**ignored, "consumed": ignored["len"] + 1}, "consumed"),
                 ({**ignored, "subprotocol": "chat"}, "subprotocol")]
        for row, field in cases:
            got = self.vectors(json.dumps(row))
            self.assertIn(f": {row['name']}: expected {field} ", got.stdout.decode())
            self.assertTrue(got.stdout.endswith(b"\n0 passed, 1 failed\n"))
            self.assertEqual(got.returncode, 1)
        for row in (base, {**ignored, "accept": None, "consumed": ignored["len"]}):
            self.assertEqual(self.vectors(json.dumps(row)).stdout,
                             b"1 passed, 0 failed\n")

    def test_a_policy_changes_what_passes(self):
        policy = self.file('{"access": "forbidden"}', "p.json")
        switching = [row for row in rows() if row["expect"] in ("101", "100+101")]
        told = self.upheld("vectors", "--policy", policy, VECTORS).stdout.decode().splitlines()
        self.assertTrue(all("got 403" in said for said in told[:-1]))
        for row in switching:
            self.assertTrue(any(f": {row['name']}: " in said for said in told), row["name"])

    def test_the_last_line_needs_no_line_end_and_cr_is_white_space(self):
        for text in (line(), line() + "\n", line() + "\r\n", line() + "\n" + line(name="b")):
            self.assertEqual(self.vectors(text).returncode, 0)


class Malformed(Lines):
    GOOD = line(name="good")
    CASES = [
        ("{", "no JSON"), ("", "no JSON"), ("   ", "no JSON"), ("[]", "expected an object"),
        ('"text"', "no JSON"), ("\x00", "no JSON"), (line() + "x", "no JSON"),
        (line() + line(name="b"), "no JSON"),
        ('{"role": "server", "role": "server"}', "duplicate"),
        (line(role=None), "missing key 'role'"), (line(name=None), "missing key 'name'"),
        (line(expect=None), "missing key 'expect'"), (line(hex=None), "missing key 'hex'"),
        (line(len=None), "missing key 'len'"), (line(clause=None), "missing key 'clause'"),
        (line(acept="x"), "unknown key 'acept'"), (line(name=1), "string for 'name'"),
        (line(len="0"), "whole number for 'len'"), (line(len=0.0), "whole number for 'len'"),
        (line(consumed="0"), "'consumed'"), (line(accept=1), "'accept'"),
        (line(hex="0"), "odd"), (line(hex="zz", len=1), "'zz'"), (line(hex=" 1", len=1), "' 1'"),
        (line(hex="00"), "len is 0"), (line(len=1), "len is 1"), (line(len=-1), "len is -1"),
        (line(len=2**64 - 1), ""), (line(expect="200"), "unknown expect '200'"),
        (line(expect="more"), "unknown expect"), (line(expect=""), "unknown expect"),
        (line(role="Server"), "unknown role"), (line(key="k"), "belong to role client"),
        (line(offered_protocols=[]), "belong to role client"),
        (GOOD, "duplicate name 'good', first on line 1"),
    ]

    def test_the_line_is_named_and_nothing_is_counted(self):
        for text, said in self.CASES:
            with self.subTest(text=text):
                got = self.vectors("\n".join([self.GOOD, text, self.GOOD]))
                self.refused(got, "v.jsonl:2:", said)

    def test_a_malformed_line_in_the_last_file_stops_the_whole_run(self):
        path = self.file(self.GOOD + "\n{\n", "v.jsonl")
        self.refused(self.upheld("vectors", VECTORS, path), "v.jsonl:2:")

    def test_octets_that_are_no_text(self):
        self.refused(self.vectors(b"\xff\xfe\x00{}"), "v.jsonl:1:")

    def test_an_empty_file_is_an_error(self):
        self.refused(self.vectors(""), "v.jsonl: an empty file")
