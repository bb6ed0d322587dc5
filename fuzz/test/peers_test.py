#!/usr/bin/python3
"""Shows that the comparison with peers can fail: a class that the table lacks, an example that
shows nothing, a table that is broken, and a core that differs.

    fuzz/test/peers_test.py [--build DIR]

DIR has the programs of `make peers-selftest`. What is changed is changed in a copy.
"""
import argparse
import contextlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "fuzz"))

import peers  # noqa: E402

BUILD = ROOT / "build"
TABLE = json.loads((ROOT / peers.ROWS).read_text())
LIMIT_S = 120
# A word that SHA-1 starts from (RFC 3174 section 6.1), and another.
PLANT = ("core/accept.c", "0x67452301u", "0x67452302u")


def row_with(name):
    return next(row for row in TABLE if name in row["classes"])


class Table(unittest.TestCase):
    """fuzz/peers.py over tables that are changed."""

    def check(self, table):
        """Exit status and text of `check` with another table, which may be no JSON."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "peers.json"
            path.write_text(table if isinstance(table, str) else json.dumps(table))
            done = subprocess.run(
                [sys.executable, ROOT / "fuzz/peers.py", "--rows", path, "check",
                 BUILD / "fuzz/bin/peers-classes"], cwd=ROOT, capture_output=True, text=True,
                check=False, timeout=LIMIT_S)
        return done.returncode, done.stdout + done.stderr

    def test_as_it_is(self):
        code, text = self.check(TABLE)
        self.assertEqual(code, 0, text)
        self.assertRegex(text, rf"(?m)^{len(TABLE)} passed, 0 failed$")

    def test_class_that_no_row_has(self):
        gone = row_with("http-parser accepts R9112-2.2-2")
        code, text = self.check([row for row in TABLE if row is not gone])
        self.assertEqual(code, 1, text)
        self.assertIn("FAILED: http-parser accepts R9112-2.2-2: a new class, first seen in corpus/",
                      text)

    def test_example_that_shows_nothing(self):
        rows = [{**row, "example": "GET / HTTP/1.1\r\n"} if "example" in row and
                "beast accepts R9112-6.3-2" in row["classes"] else row for row in TABLE]
        code, text = self.check(rows)
        self.assertEqual(code, 1, text)
        self.assertIn("beast accepts R9112-6.3-2: its example in the table does not show it", text)

    def test_difference_that_is_ours(self):
        rows = [{**row, "kind": "ours"} if row is TABLE[0] else row for row in TABLE]
        code, text = self.check(rows)
        self.assertEqual(code, 1, text)
        self.assertIn("ours, and not mended", text)

    def test_tables_that_cannot_be_used(self):
        row = TABLE[0]
        for table, says in (
                ("{", "peers.json"), ([], "a list of rows"), ({}, "a list of rows"),
                ([1], "row 1: expected"), ([{}], "row 1: expected"),
                ([{**row, "more": ""}], "row 1: expected"),
                ([{**row, "classes": "x"}], "row 1: classes"),
                ([{**row, "classes": ["curl accepts R9112-2.2-2"]}], "row 1: classes"),
                ([{**row, "kind": "nobody's"}], "expected a kind of"),
                ([{**row, "why": " "}], "expected a kind of"),
                ([{**row, "why": 1}], "expected texts"),
                ([{**row, "example": "\u20ac"}], "cannot be read"),
                ([{"file": "corpus/absent", **{key: row[key] for key in peers.KEYS}}],
                 "cannot be read"),
                ([row, row], "in two rows")):
            code, text = self.check(table)
            self.assertEqual(code, 2, f"{table!r:.80}: {text}")
            self.assertIn(says, text)
            self.assertNotIn("Traceback", text)

    def test_program_that_ends_early(self):
        for script in ("exit 0", "cat > /dev/null; echo; exit 3"):
            with tempfile.TemporaryDirectory() as folder:
                program = Path(folder) / "classes"
                program.write_text(f"#!/bin/sh\n{script}\n")
                program.chmod(0o755)
                with self.assertRaisesRegex(peers.Unusable, "exit [03] at input"):
                    peers.classes_of(program, [b"a", b"b"])

    def test_classes_says_what_it_was_given(self):
        for octets in (b"x\n", b"-1\n", b"5\nab", b"99999999999\n"):
            done = subprocess.run([BUILD / "fuzz/bin/peers-classes"], input=octets, check=False,
                                  capture_output=True, timeout=LIMIT_S)
            self.assertEqual(done.returncode, 2, octets)
            self.assertIn(b"classes: ", done.stderr)


class Copy(unittest.TestCase):
    """The programs, built again in a copy of the tree from what is changed there."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="peers-")))
        for name in ("core", "fuzz", "corpus"):
            shutil.copytree(ROOT / name, self.folder / name,
                            ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("fuzz/obj/asan", "fuzz/obj/peers", "fuzz/peers"):
            shutil.copytree(BUILD / name, self.folder / "build" / name)
        (self.folder / "build/debian").symlink_to(ROOT / "build/debian")

    def enterContext(self, manager):  # unittest has it from Python 3.11.0 on
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        return stack.enter_context(manager)

    def sh(self, *command):
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True,
                              check=False, timeout=LIMIT_S)
        return done.returncode, done.stdout + done.stderr

    def make(self, program):
        path = f"build/fuzz/bin/{program}"
        code, text = self.sh("make", "-f", "fuzz/fuzz.mk", path)
        self.assertEqual(code, 0, text)
        self.assertNotIn("beast.o", text, "Beast is compiled again, which takes long")
        return path

    def test_core_that_differs(self):
        name, old, new = PLANT
        path = self.folder / name
        text = path.read_text()
        self.assertEqual(text.count(old), 1, f"{name}: fit PLANT to it")
        path.write_text(text.replace(old, new))
        code, text = self.sh("fuzz/peers.py", "check", self.make("peers-classes"))
        self.assertEqual(code, 1, text)
        self.assertIn("libsoup answers another accept value: a new class", text)
        self.assertIn("beast answers another accept value: a new class", text)

    def test_target_that_sees_a_new_class(self):
        seeds = str(self.folder / "corpus/request")
        code, text = self.sh(self.make("peers-replay-asan"), seeds)
        self.assertEqual(code, 0, text)
        path = self.folder / peers.ROWS
        gone = row_with("http-parser accepts R9112-2.2-2")
        path.write_text(json.dumps([row for row in TABLE if row is not gone]))
        code, text = self.sh(self.make("peers-replay-asan"), seeds)
        self.assertNotEqual(code, 0, text)
        self.assertRegex(text, "peers: new class: (http-parser|libsoup) accepts R9112-2.2-2")
        self.assertIn("replay: failed on", text)


def main():
    global BUILD
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=BUILD)
    BUILD = parser.parse_args().build.resolve()
    result = unittest.TextTestRunner(stream=io.StringIO()).run(
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__]))
    for test, text in result.failures + result.errors:
        print(f"{test}:\n{text}", file=sys.stderr)
    bad = len(result.failures + result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    return 1 if bad or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
