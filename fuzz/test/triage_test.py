#!/usr/bin/python3
"""Tests of what sorts findings, shows inputs and keeps corpora whole: each must say what is wrong.

    fuzz/test/triage_test.py [-v] [NAME...]

Programs are a few lines of shell that fail as real ones do. Prints what fails, and last, alone,
`N passed, M failed`.
"""
import contextlib
import errno
import json
import os
import resource
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "fuzz")]
sys.dont_write_bytecode = True

import finding  # noqa: E402
import legs  # noqa: E402
import reduce  # noqa: E402
import store  # noqa: E402
import throughput  # noqa: E402
import view  # noqa: E402

PROGRAM = """#!/bin/sh
has() { grep -qr "$1" "$files"; }
broken() { printf 'FUZZ_CHECK broken: %s [fuzz/list.c:1: x]\\n    #0 0x1 in %s fuzz/list.c:1:2\\n' \
  "$1" "$2"; kill -ABRT $$; }
files=$1
"""
FAILS = PROGRAM + """
has two && broken 'R2-2-2: what is two' check_b
has one && broken 'R1-1-1: what is one' check_a
has three && broken 'R1-1-1: what is one' check_c
echo '1 inputs, ok'
"""
# An engine that says how many inputs it ran, and is as slow as a loop of so many turns makes it.
ENGINE = """#!/bin/sh
case "$*" in
*-trace_malloc*) echo 'MallocFreeTracer: STOP 0 0 (same)'; exit;;
*'-runs=1 '*) echo 'stat::number_of_executed_units: 1'; exit;;
esac
i=0; while [ $i -lt %d ]; do i=$((i + 1)); done
echo "$*" | sed 's/.*-runs=\\([0-9]*\\).*/stat::number_of_executed_units: \\1/'
"""
PASSES = "#!/bin/sh\necho '1 inputs, ok'\n"
SPEC = PROGRAM + "has spec && broken 'specification: the verdict' check_spec\nexit 0\n"


class Box(unittest.TestCase):
    """A folder with programs of the target list, where commands are run."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.crashes = self.root / "build/fuzz/list/crashes"
        self.crashes.mkdir(parents=True)
        (self.root / "corpus/regressions").mkdir(parents=True)
        (self.root / "corpus/list").mkdir()
        (self.root / "corpus/list/seed").write_text("seed")
        (self.root / "corpus/regressions/README.md").write_text("# page\n\n| a |\n| - |\n")
        for leg in legs.legs_of(self.root / "build", "list"):
            self.program(leg.program, {"spec": SPEC, "asan": FAILS}.get(leg.name, PASSES))

    def program(self, path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def crash(self, text, name):
        path = self.crashes / name
        path.write_text(text)
        return path

    def sh(self, *words):
        done = subprocess.run([str(ROOT / "fuzz" / words[0]), "--make", "true", *words[1:]],
                              cwd=self.root, capture_output=True, text=True, check=False,
                              timeout=60)
        return done.returncode, done.stdout + done.stderr

    def rows(self):
        return json.loads((self.root / "build/triage.json").read_text())


class Triage(Box):
    def test_same_property_and_stack_are_one_bug(self):
        self.crash("a one b", "x")
        self.crash("one, and more behind it", "y")
        self.crash("three", "z")
        code, text = self.sh("triage.py", "list")
        rows = self.rows()
        self.assertEqual((code, len(rows)), (1, 2), text)
        self.assertEqual({(row["property"], *row["frames"], row["inputs"]) for row in rows},
                         {("R1-1-1: what is one", "check_a", 2),
                          ("R1-1-1: what is one", "check_c", 1)})
        for row in rows:
            self.assertEqual(row["clause"], "R1-1-1")
            self.assertIn(f"see it again: {row['repro']}", text)
            report = (self.root / row["input"]).with_name("report.txt").read_text()
            self.assertIn(row["repro"], report)

    def test_an_input_gets_shorter_and_shows_the_same(self):
        self.crash("one before two and behind", "x")
        code, text = self.sh("triage.py", "list")
        self.assertEqual((self.root / self.rows()[0]["input"]).read_text(), "two", text)
        self.assertEqual((code, self.rows()[0]["property"]), (1, "R2-2-2: what is two"))

    def test_a_leg_of_the_engines_alone_counts(self):
        self.crash("spec", "x")
        code, text = self.sh("triage.py", "list")
        self.assertEqual((code, self.rows()[0]["leg"]), (1, "spec"), text)
        self.assertIn("ASan+UBSan: passes", text)
        self.assertIn("specification: fails", text)

    def test_what_fails_no_more_is_told_and_left(self):
        path = self.crash("nil", "x")
        code, text = self.sh("triage.py", "list")
        self.assertEqual((code, self.rows()), (0, []), text)
        self.assertIn("crashes/x fails on no leg any more", text)
        self.assertTrue(path.exists())

    def test_what_fails_at_times_is_told(self):
        once = 'test -e seen && exit 0; : > seen; broken "R1-1-1: once" f\n'
        self.program(legs.replay_program(self.root / "build", "list", "asan"), PROGRAM + once)
        self.crash("x", "x")
        code, text = self.sh("triage.py", "list")
        self.assertEqual(code, 2, text)
        self.assertIn("not each time", text)

    def test_an_unknown_target_is_told(self):
        code, text = self.sh("triage.py", "lists")
        self.assertEqual((code, len(text.splitlines())), (2, 1), text)


class Repro(Box):
    def test_every_leg_and_the_clause(self):
        file = self.crash("a one\r\n", "x")
        code, text = self.sh("replay.py", "--file", str(file), "--target", "list")
        self.assertEqual(code, 1, text)
        for leg in legs.legs_of(self.root / "build", "list"):
            self.assertIn(f"repro: list under {leg}: ", text)
        self.assertIn("FAILED: R1-1-1: what is one", text)
        self.assertIn("a one\\r\\n", text)

    def test_a_file_of_any_name(self):
        file = self.root / os.fsdecode(b"-x \xff\n")
        file.write_text("fine")
        code, text = self.sh("replay.py", f"--file={os.fsdecode(os.fsencode(file))}",
                             "--target", "list")
        self.assertEqual(code, 0, text)


class Regression(Box):
    def test_it_is_kept_once_and_replayed(self):
        file = self.crash("one", "crash|x")
        for _ in range(2):
            code, text = self.sh("regression.py", "--target", "list", str(file))
            self.assertEqual(code, 0, text)
        name = store.sha1_of(file)
        page = (self.root / "corpus/regressions/README.md").read_text()
        self.assertEqual(page.count(f"| `list/{name}` | 20"), 1, page)
        self.assertIn("R1-1-1: what is one", page)
        self.assertIn("crash\\|x", page)
        self.assertEqual([path.name for path in
                          (self.root / "corpus/regressions/list").iterdir()], [name])
        self.program(legs.replay_program(self.root / "build", "list", "asan"),
                     '#!/bin/sh\necho "$@"\nexit 1\n')
        for leg in ("asan", "eacsl"):
            for target in legs.table.REPLAYS[leg]:
                path = legs.replay_program(self.root / "build", target, leg)
                if not path.exists():
                    self.program(path, PASSES)
        code, text = self.sh("replay.py", "asan", "eacsl")
        self.assertEqual(code, 1, text)
        self.assertIn("list under ASan+UBSan: FAILED on corpus/list corpus/regressions/list", text)

    def test_what_is_wrong_is_told(self):
        file = self.crash("nil", "x")
        for words, says in ((("absent",), "expected a readable file"),
                            (("--target", "lists", str(file)), "TARGET=lists: expected one of")):
            code, text = self.sh("regression.py", *words)
            self.assertEqual((code, len(text.splitlines())), (2, 1), text)
            self.assertIn(says, text)
        file.write_bytes(b"a" * (store.SEED_MAX + 1))
        code, text = self.sh("regression.py", "--target", "list", str(file))
        self.assertEqual(code, 2, text)
        self.assertFalse((self.root / "corpus/regressions/list").exists())


class Findings(unittest.TestCase):
    def test_what_tools_say_is_read(self):
        for text, what in (
                ("FUZZ_CHECK broken: R6455-4.2.1-5: the key [1] [fuzz/a.c:2: x == p[3]]",
                 "R6455-4.2.1-5: the key [1]"),
                ("E-ACSL: Postcondition of uph_f broken [core/a.c:1: : x]",
                 "E-ACSL: Postcondition of uph_f"),
                ("core/a.c:64:22: runtime error: index 17 out of bounds for type 'int[16]'",
                 "UBSan: index N out of bounds for type 'int[N]'"),
                ("==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x5",
                 "AddressSanitizer: heap-buffer-overflow"),
                ("==1==WARNING: MemorySanitizer: use-of-uninitialized-value",
                 "MemorySanitizer: use-of-uninitialized-value"),
                ("==1==ERROR: LeakSanitizer: detected memory leaks", "LeakSanitizer: memory leaks"),
                ("==1==ERROR: AddressSanitizer: UNKNOWN SIGNAL on", "ended by SIGABRT")):
            self.assertEqual(finding.property_of(f"x\n{text}\ny\n", -6), what)

    def test_frames_are_ours_and_of_the_first_stack(self):
        text = ("ERROR\n    #0 0x1 in raise signal/raise.c:26:13\n"
                "    #1 0x2 in fuzz_broken fuzz/fuzz.h:1:1\n"
                "    #2 0x3 in __gen_e_acsl_uph_f build/fuzz/eacsl/list.c:4:2\n"
                "    #3 0x4 in uph_f build/fuzz/eacsl/list.c:9:2\n"
                "    #4 0x5 in check /x/fuzz/a.c:3\n\nallocated:\n    #0 0x6 in g core/a.c:1:1\n")
        self.assertEqual(finding.frames_of(text), ("uph_f", "check"))

    def test_an_endless_input_is_a_finding(self):
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "p"
            program.write_text("#!/bin/sh\nexec sleep 60\n")
            program.chmod(0o755)
            self.assertEqual(finding.run(program, ["x"], limit=0.2).what, "no end after 0.2 s")

    def test_reduction_stops_in_time(self):
        octets, whole = reduce.reduce(b"x" * 64, lambda _: True, 0)
        self.assertEqual((octets, whole), (b"x" * 64, False))
        octets, whole = reduce.reduce(b"xxxxKxxxx", lambda o: b"K" in o, 60)
        self.assertEqual((octets, whole), (b"K", True))


class View(unittest.TestCase):
    def test_a_head_is_read_line_by_line(self):
        octets = b"\r\nGET / HTTP/1.1\r\nA: b\r\n c\r\nA : d\r\n\r\n\x81\x00"
        self.assertEqual([(at, kind) for at, kind, _ in view.rows("request", octets)],
                         [(0, "empty line"), (2, "request line"), (18, "field"), (24, "folded"),
                          (28, "no field"), (35, "end of head"), (37, "behind it")])
        self.assertEqual(list(view.lines("request", octets))[-1].split()[-1], "\\x81\\x00")
        self.assertEqual([kind for _, kind, _ in view.rows("response", b"HTTP/1.1 1")], ["cut off"])
        self.assertEqual(len(list(view.rows("accept", b"a" * 65))), 2)


class Store(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def test_a_broken_line_of_a_dictionary_is_named(self):
        path = self.root / "x.dict"
        path.write_text('# words\n\n"a"\nname="\\x0d\\\\\\""\nname@1="b"\n')
        store.check_dictionary(path)
        for line in ('"a', "a", '"\\q"', '"\\x1"', '"a" b', '""', '"é"'):
            path.write_text(f'"a"\n{line}\n')
            with self.assertRaises(store.Unusable, msg=line) as caught:
                store.check_dictionary(path)
            self.assertIn("x.dict:2: ", str(caught.exception))

    def test_a_file_that_does_not_fit_is_not_there_at_all(self):
        source, target = self.root / "source", self.root / "target"
        source.write_bytes(b"a" * 5000)
        with self.limit(4096), self.assertRaises(OSError) as caught:
            store.place(source, target)
        self.assertEqual((caught.exception.errno, caught.exception.filename),
                         (errno.EFBIG, str(target)))
        self.assertTrue(store.is_full(caught.exception))
        with self.limit(4096), self.assertRaises(OSError):
            store.write(target, "b" * 5000)
        self.assertEqual(os.listdir(self.root), ["source"])

    @contextlib.contextmanager
    def limit(self, octets):
        """No file can get longer, as on a disk that is full."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (octets, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    def test_what_was_cut_off_is_removed(self):
        (self.root / "named").write_text("by hand")
        whole = self.root / "da39a3ee5e6b4b0d3255bfef95601890afd80709"
        whole.write_bytes(b"")
        (self.root / ("0" * 40)).write_text("cut")
        self.assertEqual(store.heal(self.root), 1)
        self.assertEqual(sorted(os.listdir(self.root)), sorted([whole.name, "named"]))

    def test_no_room_is_told(self):
        store.check_room(self.root, 0)
        with self.assertRaises(store.Full):
            store.check_room(self.root, 1 << 40)


class Throughput(Box):
    ROW = {"ratio": 0.08, "speed": 2000, "allocations": 0}

    def setUp(self):
        super().setUp()
        for name in sorted({probe.target for probe in throughput.PROBES} - {"empty"}):
            (self.root / "corpus" / name).mkdir(exist_ok=True)
            (self.root / "corpus" / name / "seed").write_text("seed")

    def test_what_is_below_its_floor_is_told(self):
        probe = throughput.Probe("x", "plain", 1, ratio=0.08, speed=2000, allocations=0)
        self.assertEqual(list(throughput.judge(probe, self.ROW)), [])
        for name, value in (("ratio", 0.0799), ("speed", 1999), ("allocations", 1)):
            said = list(throughput.judge(probe, {**self.ROW, name: value}))
            self.assertEqual(len(said), 1, said)
        self.assertEqual(list(throughput.judge(throughput.EMPTY, self.ROW)), [])

    def test_slow_programs_are_red_and_fast_ones_green(self):
        for slow, code in (("handshake-libfuzzer-spec", 1), (None, 0)):
            for probe in throughput.PROBES:
                turns = {slow: 200_000, "empty-libfuzzer-plain": 20_000}.get(probe.name, 4_000)
                self.program(self.root / "build/fuzz/bin" / probe.name, ENGINE % turns)
            got, text = self.sh("throughput.py", "--rounds", "1")
            self.assertEqual(got, code, text)
            rows = json.loads((self.root / "build/throughput.json").read_text())
            self.assertEqual([f"{row['target']}-libfuzzer-{row['leg']}" for row in rows
                              if row["below"]], [slow] if slow else [], text)

    def test_a_program_that_does_not_run_is_told(self):
        code, text = self.sh("throughput.py", "--rounds", "1")
        self.assertEqual(code, 1, text)
        self.assertFalse((self.root / "build/throughput.json").exists())


def main():
    names = [word for word in sys.argv[1:] if not word.startswith("-")]
    loader = unittest.defaultTestLoader
    loader.testNamePatterns = [f"*{name}*" for name in names] or None
    suite = loader.loadTestsFromModule(sys.modules[__name__])
    ran = unittest.TextTestRunner(stream=sys.stdout, verbosity=2 if "-v" in sys.argv else 1).run(
        suite)
    failed = len(ran.failures) + len(ran.errors) + len(ran.skipped)
    passed = max(ran.testsRun - failed, 0)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
