"""test_bench.py: the benchmark's inputs, its check of answers and its verdicts can be trusted."""

import contextlib
import copy
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import jsonschema

from testing import CORE, words

BENCH = Path(CORE) / "bench"
sys.path.insert(0, str(BENCH))
import answer
import bench
import inputs
import results
import spent
from program import Broken, Program

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455 section 1.3
RIGHT = (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         b"Sec-WebSocket-Accept: " + ACCEPT + b"\r\n\r\n")

# Ours with a fault: PLANT sees octets out[0 .. n-1] of the right answer to request number `call`.
PLANTED = """
#include "bench.h"
#include "upheld.h"
static size_t answer(const uint8_t *p, size_t n, uint8_t *out)
{
    static const struct upheld_policy POLICY = { .limits = UPHELD_LIMITS_DEFAULT,
                                                 .access = UPHELD_GRANTED };
    static size_t call;
    struct upheld_decision d = upheld_request_decide(p, n, &POLICY);
    n = upheld_response_write(p, n, &POLICY, d, out, BENCH_ANSWER_SIZE);
    call++;
    PLANT;
    return n;
}
const struct bench_subject BENCH_SUBJECTS[] = { { "planted", "handshake", answer }, { 0 } };
"""


class Inputs(unittest.TestCase):
    def test_generated_twice_they_are_the_same_octets(self):
        self.assertEqual(inputs.generated(), inputs.generated())

    def test_they_are_what_is_checked_in(self):
        self.assertEqual([], inputs.differing(inputs.generated(), inputs.expected()))

    def test_one_other_octet_is_noticed_and_so_is_an_input_too_few(self):
        made, known = inputs.generated(), inputs.expected()
        made["mix"][300] = made["mix"][300].replace(b"GET /", b"GET /x", 1)
        del made["rfc"]
        self.assertEqual(["mix", "rfc"], inputs.differing(made, known))

    def test_they_have_the_sizes_that_they_are_named_for(self):
        made = inputs.generated()
        self.assertEqual((835, 4096), (len(made["chrome"][0]), len(made["4k"][0])))
        self.assertEqual(512, len(set(made["mix"])))
        self.assertEqual(512, len(set(made["key"])))
        self.assertAlmostEqual(700, sum(map(len, made["mix"])) / 512, delta=50)
        for shape in inputs.SHAPES:
            for kib in inputs.KIBS:
                self.assertEqual(kib * 1024, len(made[f"{shape}-{kib}k"][0]), (shape, kib))


class Answer(unittest.TestCase):
    def test_the_accept_value_of_the_rfc(self):
        self.assertEqual(ACCEPT, answer.accept_of(KEY))

    def test_right_answers_in_other_order_case_and_with_more(self):
        for right in (RIGHT, RIGHT.replace(b"Upgrade", b"upgrade"),
                      RIGHT.replace(b" Upgrade\r", b" keep-alive, Upgrade\r"),
                      RIGHT.replace(b"\r\nUpgrade", b"\r\nServer: x\r\nUpgrade"),
                      RIGHT.replace(b"Switching Protocols", b"")):
            self.assertIsNone(answer.problem("handshake", right, KEY), right)
        self.assertIsNone(answer.problem("accept", ACCEPT, KEY))

    def test_wrong_answers_are_told(self):
        other = ACCEPT.replace(b"s3", b"t3")
        accept_line = b"Sec-WebSocket-Accept: " + ACCEPT + b"\r\n"
        for wrong, said in (
                (None, "no answer"), (b"", "no empty line"), (RIGHT[:-2], "no empty line"),
                (RIGHT + b"x", "1 octets behind"), (RIGHT.replace(ACCEPT, other), "s3pPLM"),
                (RIGHT.replace(ACCEPT, ACCEPT.lower()), "s3pPLM"),
                (RIGHT.replace(accept_line, b""), "Accept"),
                (RIGHT.replace(accept_line, accept_line * 2), "Accept"),
                (RIGHT.replace(b"101", b"200"), "101"), (RIGHT.replace(b"1.1 ", b"1.0 "), "101"),
                (RIGHT.replace(b"101 ", b"1010 "), "101"),
                (RIGHT.replace(b"Upgrade: websocket\r\n", b""), "Upgrade"),
                (RIGHT.replace(b"websocket\r", b"h2c\r"), "Upgrade"),
                (RIGHT.replace(b" Upgrade\r", b" close\r"), "Connection"),
                (RIGHT.replace(b"Connection:", b"Connection :"), "no field line"),
                (RIGHT.replace(b"websocket\r\n", b"websocket\n"), "no field line"),
                (RIGHT.replace(b"\r\nUp", b"\r\nContent-Length: 0\r\nUp"), "content-length"),
                (RIGHT.replace(b"\r\nUp", b"\r\nSec-WebSocket-Protocol: chat\r\nUp"), "protocol")):
            with self.subTest(wrong=wrong):
                self.assertIn(said, answer.problem("handshake", wrong, KEY) or "")
        self.assertIn("expected", answer.problem("accept", other, KEY))


class Check(unittest.TestCase):
    """Programs of run.c: ours as it is, and with faults planted."""

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder, cls.made = Path(holder.name), inputs.generated()
        for name, requests in cls.made.items():
            (cls.folder / f"{name}.bin").write_bytes(inputs.packed(requests))
        cls.files = tuple(f"{name}={cls.folder}/{name}.bin" for name in cls.made)

    def program(self, source, *flags):
        path = self.folder / "program"
        subprocess.run([words("UNIT_COMPILERS")[0], "-D_DEFAULT_SOURCE", "-O1", f"-I{CORE}",
                        f"-I{BENCH}", *flags, "-o", path, BENCH / "run.c", source,
                        words("UNIT_LIBRARIES")[0]], check=True)
        return path

    def started(self, path):
        program = Program(str(path), self.files, "gcc", 0).start()
        self.addCleanup(program.stop)
        return program

    def planted(self, plant):
        source = self.folder / "planted.c"
        source.write_text(PLANTED.replace("PLANT;", plant))
        return self.program(source)

    def test_ours_answers_every_input_rightly(self):
        program = self.started(self.program(BENCH / "subject_upheld.c"))
        self.assertEqual([("upheld", "handshake"), ("upheld_wide", "wide"),
                          ("upheld_accept", "accept")], program.subjects())
        self.assertEqual([], bench.check([program], self.made))

    def test_a_wrong_expectation_fails_ours(self):
        program = self.started(self.program(BENCH / "subject_upheld.c"))
        made = copy.deepcopy(self.made)
        made["mix"][7] = made["mix"][7].replace(inputs.key_of(made["mix"][7]), KEY)
        lines = bench.check([program], made)
        self.assertEqual(1, len(lines), lines)
        self.assertRegex(lines[0], "^wrong: upheld of .* on mix: request 7: expected one "
                                   "Sec-WebSocket-Accept")

    def test_an_answer_too_many_fails_ours(self):
        program = self.started(self.program(BENCH / "subject_upheld.c"))
        lines = bench.check([program], {**self.made, "mix": self.made["mix"][:-1]})
        self.assertEqual(1, len(lines), lines)
        self.assertIn("on mix: 512 answers to 511 requests", lines[0])

    def test_each_planted_fault_is_told(self):
        for plant, said in (
                ("out[n - 6] ^= 1;", "expected one Sec-WebSocket-Accept"),
                ("if (call == 500) { n = 0; }", "request 496: no answer"),
                ("if (n > 0) { n--; }", "no empty line"),
                ("out[9] = '2';", "expected HTTP/1.1 101"),
                ("out[n++] = 'x';", "1 octets behind the head")):
            with self.subTest(plant):
                lines = bench.check([self.started(self.planted(plant))], self.made)
                self.assertIn(said, "\n".join(lines))
                self.assertTrue(all(line.startswith("wrong: planted of ") for line in lines))

    def test_a_wrong_subject_ends_the_run_before_anything_is_timed(self):
        said = io.StringIO()
        ours = self.program(BENCH / "subject_upheld.c").rename(self.folder / "gcc-0")
        peers = self.planted("out[9] = '2';")
        with contextlib.redirect_stdout(said):
            status = bench.main(["--build", str(self.folder), str(peers), str(ours)])
        self.assertEqual(1, status)
        self.assertIn("wrong: planted of", said.getvalue())
        self.assertNotIn("round", said.getvalue())
        self.assertFalse((self.folder / "bench.json").exists())

    def test_what_writes_less_when_it_is_timed_is_not_timed(self):
        program = self.started(self.planted("if (call > 70) { n = 1; }"))
        with self.assertRaisesRegex(Broken, "planted .* on rfc: wrote .* when timed, expected"):
            bench.Job(program, "planted", "handshake", "rfc", 1)

    def test_the_program_refuses_what_it_cannot_use(self):
        path = self.program(BENCH / "subject_upheld.c")
        (self.folder / "short").write_bytes(b"\x05\0\0\0abc")
        (self.folder / "cut").write_bytes(b"\x05\0")
        (self.folder / "nothing").write_bytes(b"")
        for arguments, commands, said in (
                (["x"], "", "x: expected NAME=FILE"), (["x=none"], "", "none: cannot be read"),
                ([f"x={self.folder}/short"], "", "expected 5 octets, there are 3"),
                ([f"x={self.folder}/cut"], "", "expected the 4 octets of a size"),
                ([f"x={self.folder}/nothing"], "", "no request in it"),
                (self.files, "time upheld mix 0\n", "expected list, answers"),
                (self.files, "time upheld nix 1\n", "nix: no such input"),
                (self.files, "answers them mix\n", "them: no such subject")):
            with self.subTest(said):
                ran = subprocess.run([path, *arguments], input=commands, capture_output=True,
                                     text=True, check=False)
                self.assertEqual((2, ""), (ran.returncode, ran.stdout))
                self.assertRegex(ran.stderr, r"\Abench: [^\n]+\n\Z")
                self.assertIn(said, ran.stderr)

    def test_unusable_arguments_get_one_line(self):
        for arguments, said in ((["--rounds", "x", "p", "q"], "ROUNDS is 'x'"),
                                (["--rounds", "2", "p", "q"], "from 3"),
                                (["--missed", "x", "p", "q"], "MISSED is 'x'"),
                                (["--build", str(self.folder), "p", "other-0"], "BUILD-LAYOUT"),
                                (["--build", str(self.folder), "none", "gcc-0"], "none")):
            with self.subTest(said), contextlib.redirect_stderr(io.StringIO()) as err:
                with contextlib.redirect_stdout(io.StringIO()):
                    self.assertEqual(2, bench.main(arguments))
                self.assertRegex(err.getvalue(), r"\Abench.py: [^\n]+\n\Z")
                self.assertIn(said, err.getvalue())


def measured(ours, peers=100.0):
    """Of everything that has a target; ours in two layouts, the first as quick as asked for."""
    made = []
    for target in results.TARGETS:
        kind = "accept" if target.input == "key" else "handshake"
        for build, layout, name, ns in (("gcc", 0, target.subject, ours),
                                        ("gcc", 1, target.subject, ours),
                                        ("native", 1, target.subject, 1.0),
                                        ("", 0, target.peer, peers)):
            one = results.Measured(name, kind, target.input, build, layout, [ns + 4, ns, ns - 0.5])
            if not any((m.name, m.input, m.build, m.layout) ==
                       (name, target.input, build, layout) for m in made):
                made.append(one)
    return made


INSTRUCTIONS = {("gcc", "upheld", "mix"): 5000.0, ("", "beast", "mix"): 45000.0}
SIZES = {"base": 256, **{f"{shape}-{kib}k": kib * 1024 for shape in inputs.SHAPES
                         for kib in inputs.KIBS}}


def counts(price):
    """Instructions of every shape at a price(octets) above the base's 9000."""
    return {name: 9000 + (price(size - 256) if name != "base" else 0)
            for name, size in SIZES.items()}


class Results(unittest.TestCase):
    def schema(self):
        with open(BENCH / "bench.schema.json", encoding="ascii") as file:
            return json.load(file)

    def test_rows_have_the_shape_that_the_schema_says(self):
        rows = results.rows(measured(10.0), INSTRUCTIONS)
        jsonschema.validate(json.loads(json.dumps(rows)), self.schema())
        ours = next(row for row in rows if (row["name"], row["input"]) == ("upheld", "mix"))
        self.assertEqual({"phr+sha1_init", "http-parser+evp_fetched", "beast"},
                         set(ours["ratio_to"]))
        self.assertEqual((2, 5000.0), (ours["layouts"], ours["instructions"]))
        self.assertIn("upheld (gcc -O3 -march=native)", {row["name"] for row in rows})

    def test_the_schema_refuses_other_shapes(self):
        rows = results.rows(measured(10.0), INSTRUCTIONS)
        for spoil in (lambda row: row.pop("ns_median"), lambda row: row.update(input="other"),
                      lambda row: row.update(ratio_to=[]), lambda row: row.update(layouts=0)):
            spoilt = copy.deepcopy(rows)
            spoil(spoilt[0])
            with self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate(spoilt, self.schema())

    def test_ours_is_the_median_of_rounds_and_then_of_layouts(self):
        made = [results.Measured("upheld", "handshake", "mix", "gcc", layout, samples)
                for layout, samples in enumerate(([9, 5, 1], [7, 6, 90], [20, 2, 30]))]
        row = results.rows(made, {})[0]
        self.assertEqual((7, 1, 90, [5, 7, 20]), (row["ns_median"], row["ns_min"], row["ns_max"],
                                                 row["ns_layouts"]))

    def reported(self, made, price, told=False):
        """(exit status, what was printed, what was written)"""
        said = io.StringIO()
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(said):
            status = bench.report(results.rows(made, INSTRUCTIONS),
                                  results.linear(counts(price), SIZES), Path(folder), told)
            written = {name: json.loads((Path(folder) / name).read_text())
                       for name in os.listdir(folder)}
        return status, said.getvalue(), written

    def test_no_count_is_over_the_line_that_is_printed(self):
        price = counts(lambda octets: 3 * octets + octets * octets // 10**6)
        for one in results.linear(price, SIZES):
            rates = [point["per_octet_filled"] for point in one["points"]]
            self.assertLess(min(rates), max(rates))
            self.assertEqual(max(rates), one["A"])
            over = [price[name] - one["A"] * SIZES[name] - one["B"] for name in SIZES
                    if name == "base" or name.startswith(one["shape"] + "-")]
            self.assertLessEqual(max(over), 0)
            self.assertGreater(max(over), -1)
            self.assertIn(f"A = {one['A']:.2f}, B = {one['B'] // 1000} {one['B'] % 1000:03}",
                          "\n".join(results.linear_table([one])))

    def test_targets_reached_pass(self):
        status, said, written = self.reported(measured(17.0), lambda octets: 3 * octets)
        self.assertEqual(0, status)
        self.assertNotIn("issed", said)
        self.assertEqual(["bench-targets.json", "bench.json"], sorted(written))
        jsonschema.validate(written["bench.json"], self.schema())
        self.assertTrue(all(one["reached"] for one in written["bench-targets.json"]["targets"]))

    def test_each_missed_target_gets_a_line_of_its_own(self):
        for ours, missed in ((17.2, 1), (45.1, 2), (50.2, 3), (100.2, 5)):
            with self.subTest(ours):
                status, said, written = self.reported(measured(ours), lambda octets: 3 * octets)
                self.assertEqual(1, status)
                self.assertEqual(missed, said.count("\nmissed: "), said)
                self.assertEqual(missed, sum(not one["reached"] for one in
                                             written["bench-targets.json"]["targets"]))

    def test_a_missed_target_may_be_told_alone(self):
        status, said, written = self.reported(measured(100.2), lambda octets: 3 * octets, told=True)
        self.assertEqual((0, 5), (status, said.count("\nmissed: ")), said)
        self.assertFalse(any(one["reached"] for one in written["bench-targets.json"]["targets"]))

    def test_what_was_not_measured_is_missed(self):
        made = [one for one in measured(10.0) if one.name != "beast"]
        for told in (False, True):
            status, said, _ = self.reported(made, lambda octets: 3 * octets, told)
            self.assertEqual(1, status)
            self.assertIn("missed: upheld on mix was not measured of beast", said)

    def test_work_that_grows_faster_than_octets_is_missed_at_every_shape(self):
        for price in (lambda octets: octets * octets // 4096, lambda octets: octets * 3 +
                      octets * octets // 200000):
            for told in (False, True):
                status, said, _ = self.reported(measured(10.0), price, told)
                self.assertEqual(1, status)
                self.assertEqual(len(inputs.SHAPES), said.count("\nmissed: "), said)


CALLGRIND = """events: Ir
summary: 100
fl=(1) core/a.c
fn=(1) one
10 30
cfi=(2) core/b.c
cfn=(2) two
calls=2 +5
* 50
+2 5
fi=(3) core/c.h
-1 7
fl=(2)
fn=(2)
4 50
+1 8
"""


class Profile(unittest.TestCase):
    def test_a_callee_is_not_counted_twice_and_inlined_lines_stay_with_their_function(self):
        functions, files = spent.costs(CALLGRIND)
        self.assertEqual({"one": 42, "two": 58}, functions)
        self.assertEqual({"a.c": 35, "b.c": 58, "c.h": 7}, files)
        self.assertIn("two 29.0 58.0 %", [" ".join(line.split()) for line in
                                          spent.table(CALLGRIND, 2)])

    def test_what_is_no_count_gets_one_line(self):
        with tempfile.TemporaryDirectory() as folder:
            other = Path(folder) / "callgrind.upheld.mix"
            other.write_text("nothing\n")
            for arguments, said in (([str(other)], "expected callgrind.SUBJECT.INPUT"),
                                    ([folder + "/none.mix"], "run `make bench` first"),
                                    ([], "usage")):
                with contextlib.redirect_stderr(io.StringIO()) as err:
                    self.assertEqual(2, spent.main(arguments))
                self.assertIn(said, err.getvalue())


class Order(unittest.TestCase):
    def test_a_seed_has_an_order_and_every_section_is_in_it(self):
        with tempfile.TemporaryDirectory() as folder:
            source, apart = Path(folder) / "x.c", Path(folder) / "x.o"
            source.write_text("".join(f"int f{n}(void) {{ return {n}; }}\n" for n in range(9)))
            outputs = {}
            for flags in ([], ["-ffunction-sections"]):
                subprocess.run([words("UNIT_COMPILERS")[0], *flags, "-c", "-o", apart, source],
                               check=True)
                for seed in "1", "1", "2":
                    ran = subprocess.run([sys.executable, BENCH / "order.py", seed, apart],
                                         capture_output=True, text=True, check=False)
                    outputs.setdefault((bool(flags), seed), []).append((ran.returncode, ran.stdout))
        self.assertEqual([(2, "")], outputs[False, "2"])
        one, again = outputs[True, "1"]
        self.assertEqual(one, again)
        self.assertNotEqual(one, outputs[True, "2"][0])
        self.assertEqual({f".text.f{n}" for n in range(9)}, set(one[1].split()))
