#!/usr/bin/python3
"""Tests of what measures mutator and dictionaries, on trials made up here: tables and resuming.

    fuzz/test/worth_test.py [-v] [NAME...]

Prints what fails, and last, alone, `N passed, M failed`.
"""
import argparse
import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "fuzz/planting"), str(ROOT / "fuzz")]
sys.dont_write_bytecode = True

import patches  # noqa: E402
import worth  # noqa: E402
import worth_report as report  # noqa: E402

LOG = ("INFO: Seed: 1\n#2\tINITED cov: 10 ft: 11 corp: 1/1b exec/s: 0 rss: 30Mb\n"
       "#7\tNEW    cov: 12 ft: 13 corp: 2/2b lim: 4 exec/s: 0 rss: 30Mb\n"
       "#9\tREDUCE cov: 12 ft: 13 corp: 2/2b lim: 4 exec/s: 0 rss: 30Mb\n"
       "#90\tDONE   cov: 15 ft: 19 corp: 2/2b lim: 4 exec/s: 0 rss: 30Mb\n")


def plant(way, seed, found, execs, name="one"):
    return {"kind": "plant", "name": name, "way": way, "seed": seed, "found": found,
            "execs": execs, "inputs": 500, "processor_s": 2.0, "tree_sha256": "a"}


def cover(way, seed, edges):
    return {"kind": "cover", "name": "list", "way": way, "seed": seed, "found": False,
            "execs": 500, "inputs": 500, "processor_s": 0.5, "edges": edges, "tree_sha256": "b"}


class Logs(unittest.TestCase):
    def test_edges_are_those_that_libfuzzer_tells(self):
        self.assertEqual(worth.edges_of(LOG), [[2, 10], [7, 12], [90, 15]])

    def test_edges_after_some_inputs(self):
        row = cover("neither", 1, worth.edges_of(LOG))
        self.assertEqual([report.edges_after(row, n) for n in (1, 6, 7, 89, 90)],
                         [0, 10, 12, 12, 15])


class Tables(unittest.TestCase):
    def test_a_plant_that_half_of_the_trials_miss_has_no_median(self):
        rows = [plant("neither", 1, True, 40), plant("neither", 2, False, 500),
                plant("neither", 3, False, 500), plant("mutator", 1, True, 30),
                plant("mutator", 2, True, 1000), plant("mutator", 3, False, 500)]
        text = report.tables(rows)
        self.assertIn("| one |  | 1,000 (2 of 3) |  | > 500 (1 of 3) |", text)
        self.assertIn("| all |  | 2 of 3 |  | 1 of 3 |", text)

    def test_one_of_two_is_no_median(self):
        rows = [plant("mutator", 1, True, 30), plant("mutator", 2, False, 500)]
        self.assertEqual(report.median_inputs(rows), "> 500")

    def test_edges_are_medians_and_rates_are_of_the_processor(self):
        rows = [cover("mutator", n, [[1, 5], [200, e]]) for n, e in ((1, 6), (2, 9), (3, 8))]
        self.assertIn("| mutator | 5 | 8 | 1,000 |", report.tables(rows))

    def test_curves_are_drawn(self):
        rows = [cover(way, 1, [[1, 5], [200, 9]]) for way in report.WAYS]
        rows += [plant(way, 1, way != "neither", 40) for way in report.WAYS]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "worth.svg"
            report.draw(rows, path)
            self.assertIn("planted bugs found", path.read_text())
            self.assertEqual([p.name for p in Path(folder).iterdir()], ["worth.svg"])

    def test_shares_rise_with_what_is_found(self):
        self.assertEqual(report.steps([30, float("inf"), 10, 20], 4),
                         ([0, 10, 20, 30], [0, 25, 50, 75]))


class Resume(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.build = Path(folder.name)

    def test_what_is_there_is_not_run_again(self):
        store, key = worth.Store(self.build), {"kind": "plant", "name": "one", "tree_sha256": "a"}
        options = SimpleNamespace(trials=2, scale=1)
        self.assertEqual(len(list(worth.todo(store, key, 500, options))), 8)
        store.add(plant("neither", 1, True, 40))
        left = list(worth.todo(worth.Store(self.build), key, 500, options))
        self.assertEqual(len(left), 7)
        self.assertNotIn(("neither", 1), {(one["way"], one["seed"]) for one in left})
        options.scale = 2
        self.assertEqual(len(list(worth.todo(store, key, 500, options))), 8)

    def test_trials_of_other_sources_go(self):
        store = worth.Store(self.build)
        store.add(plant("neither", 1, True, 40))
        store.keep({("plant", "one"): "a"})
        self.assertEqual(len(store.rows), 1)
        store.keep({("plant", "one"): "b"})
        self.assertEqual(store.rows, [])

    def test_a_broken_file_is_no_trial(self):
        for text in ("{", "[]", '{"rows": 1}'):
            (self.build / "worth.json").write_text(text)
            self.assertEqual(worth.Store(self.build).rows, [])
        store = worth.Store(self.build)
        store.add(plant("neither", 1, True, 40))
        self.assertEqual(len(json.loads((self.build / "worth.json").read_text())["trials"]), 1)


class Arguments(unittest.TestCase):
    def exits(self, *arguments):
        said = io.StringIO()
        with mock.patch.object(sys, "argv", ["worth.py", *arguments]), \
                contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            try:
                status = worth.main()
            except SystemExit as stopped:
                status = stopped.code
        return status, said.getvalue()

    def test_bad_arguments_exit_2(self):
        for arguments in ((), ("walk",), ("--trials", "0", "run"), ("--scale", "x", "run")):
            self.assertEqual(self.exits(*arguments)[0], 2, arguments)

    def test_a_word_that_nothing_has_exits_2_and_says_what_there_is(self):
        with tempfile.TemporaryDirectory() as folder:
            status, said = self.exits("--build", folder, "run", "no-such-plant")
        self.assertEqual(status, 2)
        self.assertIn("length-plus", said)

    def test_nothing_measured_exits_1(self):
        with tempfile.TemporaryDirectory() as folder:
            status, said = self.exits("--build", folder, "table")
        self.assertEqual(status, 1)
        self.assertIn("worth.json holds no trial", said)

    def test_the_sample_is_of_plants_that_are_there(self):
        self.assertEqual([p.name for p in worth.chosen(())[1]], list(worth.SAMPLE))
        with mock.patch.object(worth, "SAMPLE", ("gone",)), \
                self.assertRaisesRegex(patches.Wrong, "gone.patch"):
            worth.chosen(())
        with mock.patch.object(worth, "INPUTS", {}), \
                self.assertRaisesRegex(patches.Wrong, "nothing for its target extension"):
            worth.chosen(())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-v", action="store_true")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    loader = unittest.defaultTestLoader
    module = sys.modules[__name__]
    loader.testNamePatterns = [f"*{name}*" for name in arguments.names] or None
    suite = loader.loadTestsFromModule(module)
    result = unittest.TextTestRunner(verbosity=2 if arguments.v else 1).run(suite)
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return 1 if failed or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
