#!/usr/bin/python3
"""Tests of what plants bugs and reports on them, on a small tree: each must say what is wrong.

    fuzz/test/planting_test.py [-v] [NAME...]

Prints what fails, and last, alone, `N passed, M failed`.
"""
import argparse
import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "fuzz/planting"), str(ROOT / "fuzz")]
sys.path.append(str(ROOT / "proofs"))
sys.dont_write_bytecode = True

import means  # noqa: E402
import patches  # noqa: E402
import plants  # noqa: E402
import report  # noqa: E402
import tree as trees  # noqa: E402

CLAUSES = 'UPHELD_CLAUSE(R1_1, "R1-1", 400, "x", "y")\n'
CODE = "int f(void)\n{\n    return 1;\n}\n"
HEADER = "Bug: two for one\nOrigin: some server,\n commit 1234\nClause: R1-1\nTarget: list, head\n"
DIFF = ("--- a/core/a.c\n+++ b/core/a.c\n@@ -2,3 +2,3 @@\n {\n-    return 1;\n+    return 2;\n }\n")


def result(found, *trials):
    return {"found": found, "limit": 60, "seconds": 1.0,
            "trials": [{"found": hit, "seconds": s, "execs": 9} for hit, s in trials]}


class SmallTree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "core").mkdir()
        (self.root / patches.FOLDER).mkdir(parents=True)
        (self.root / "core/clauses.def").write_text(CLAUSES)
        (self.root / "core/a.c").write_text(CODE)

    def patch(self, text, name="one"):
        path = self.root / patches.FOLDER / f"{name}.patch"
        path.write_text(text)
        return path

    def says(self, text, word):
        with self.assertRaises(patches.Wrong) as caught:
            patches.read(self.root, self.patch(text))
        self.assertIn(word, str(caught.exception))
        self.assertIn("one.patch", str(caught.exception))


class Headers(SmallTree):
    def test_a_header_in_order_is_read(self):
        patch = patches.read(self.root, self.patch(HEADER + "Miss: replay: no seed\n" + DIFF))
        self.assertEqual((patch.name, patch.origin), ("one", "some server, commit 1234"))
        self.assertEqual((patch.targets, patch.clauses), (("list", "head"), ("R1-1",)))
        self.assertEqual((patch.misses, patch.files), ({"replay": "no seed"}, ("core/a.c",)))

    def test_what_is_wrong_is_said(self):
        self.says("Buggy: x\n" + HEADER + DIFF, "Key: text")
        self.says(HEADER.replace("Clause: R1-1\n", "") + DIFF, "Clause")
        self.says(HEADER.replace("R1-1", "R1-2") + DIFF, "R1-2")
        self.says(HEADER.replace("head", "heads") + DIFF, "heads")
        self.says(HEADER + "Bug: again\n" + DIFF, "twice")
        self.says(HEADER + "Miss: luck: none\n" + DIFF, "luck")
        self.says(HEADER, "diff")
        self.says(HEADER + DIFF.replace("core/a.c", "fuzz/a.c"), "core/ alone")


class Check(SmallTree):
    def test_patches_in_order_pass(self):
        self.patch(HEADER + DIFF)
        self.assertEqual(patches.check(self.root, 1), ([], 1))

    def test_too_few_fail(self):
        self.patch(HEADER + DIFF)
        self.assertIn("expected 2 or more", patches.check(self.root, 2)[0][0])

    def test_one_that_does_not_apply_fails(self):
        self.patch(HEADER + DIFF)
        (self.root / "core/a.c").write_text(CODE.replace("1", "3"))
        self.assertIn("does not apply", patches.check(self.root, 1)[0][0])

    def test_the_same_change_twice_fails(self):
        self.patch(HEADER + DIFF)
        self.patch(HEADER + DIFF, "two")
        self.assertIn("same change", patches.check(self.root, 1)[0][0])

    def test_a_patch_plants_its_bug(self):
        self.assertEqual(patches.apply(self.patch(HEADER + DIFF), self.root), "")
        self.assertIn("return 2", (self.root / "core/a.c").read_text())


class Report(unittest.TestCase):
    def problems(self, means_, misses=None):
        patch = patches.Patch(Path("one.patch"), "", "", (), ("list",), misses or {}, ())
        return list(report.problems([{"name": "one", "means": means_}], {"one": patch}))

    def test_found_by_all_is_no_problem(self):
        self.assertEqual(self.problems({"vectors": {"found": False}, "replay": {"found": True},
                                        "libfuzzer": result(True, (True, 2.0))}), [])

    def test_found_by_nothing_is_one(self):
        said = "\n".join(self.problems({"vectors": {"found": False}, "replay": {"found": False},
                                        "libfuzzer": result(False, (False, 60.0))}))
        for part in ("found by nothing", "Miss: replay", "Miss: libfuzzer"):
            self.assertIn(part, said)

    def test_a_miss_that_is_explained_is_none(self):
        measured = {"replay": {"found": True}, "libfuzzer": result(False, (False, 60.0))}
        self.assertEqual(len(self.problems(measured)), 1)
        self.assertEqual(self.problems(measured, {"libfuzzer": "needs 260 octets"}), [])

    def test_a_finding_without_the_plant_is_a_bug_of_ours(self):
        found = result(True, (True, 1.0))
        found["trials"][0]["genuine"] = False
        self.assertIn("a bug of ours", self.problems({"libfuzzer": found})[0])

    def test_a_plant_that_was_not_built_is_a_problem(self):
        row = {"name": "one", "means": {}, "problem": "make failed"}
        patch = patches.Patch(Path("one.patch"), "", "", (), ("list",), {}, ())
        self.assertEqual(list(report.problems([row], {"one": patch})), ["one: make failed"])

    def test_cells_tell_what_was_measured(self):
        self.assertEqual(report.cell("afl", None), "not measured")
        self.assertEqual(report.cell("replay", {"found": False, "seconds": 1}), "no")
        self.assertEqual(report.cell("libfuzzer", result(True, (True, 1.0), (True, 3.0))),
                         "2.0 (2 of 2)")
        self.assertEqual(report.cell("libfuzzer", result(False, (False, 60.0))), "no, 60 s")

    def test_vectors_and_replay_are_one_means(self):
        row = {"means": {"vectors": {"found": True}, "replay": {"found": True},
                         "libfuzzer": result(True, (True, 1.0))}}
        self.assertEqual(report.found_by(row), 2)


class Resume(SmallTree):
    def store(self):
        return plants.Store(self.root / "build")

    def test_results_are_kept_for_the_same_patch_and_tree(self):
        patch, store = patches.read(self.root, self.patch(HEADER + DIFF)), self.store()
        store.row(patch, "tree")["means"]["replay"] = {"found": True, "seconds": 1}
        store.write({"one"})
        self.assertIn("replay", self.store().row(patch, "tree")["means"])
        self.assertEqual(self.store().row(patch, "another tree")["means"], {})
        changed = patches.read(self.root, self.patch(HEADER + DIFF.replace("2;", "4;")))
        self.assertEqual(self.store().row(changed, "tree")["means"], {})

    def test_rows_of_patches_that_are_gone_go(self):
        patch, store = patches.read(self.root, self.patch(HEADER + DIFF)), self.store()
        store.row(patch, "tree")
        store.write(set())
        self.assertEqual(self.store().rows, {})

    def test_a_broken_file_is_no_result(self):
        (self.root / "build").mkdir()
        (self.root / "build/plants.json").write_text('{"plants": [')
        self.assertEqual(self.store().rows, {})

    def test_fewer_trials_or_another_time_are_measured_again(self):
        row = {"means": {"libfuzzer": result(True, (True, 1.0))}}
        for trials, seconds, there in ((1, 60, True), (2, 60, False), (1, 30, False)):
            options = argparse.Namespace(trials=trials, time=seconds)
            self.assertEqual(plants.is_measured(row, "libfuzzer", options), there)


class Copies(SmallTree):
    def test_a_copy_is_restored(self):
        (self.root / "Makefile").write_text("all:\n")
        tree = trees.Tree(self.root, self.root / "build")
        tree.restore()
        (tree.path / "core/a.c").write_text("broken")
        (tree.path / "core/b.c").write_text("too much")
        tree.restore()
        self.assertEqual((tree.path / "core/a.c").read_text(), CODE)
        self.assertFalse((tree.path / "core/b.c").exists())

    def test_a_fingerprint_is_of_sources_and_the_seeds_of_its_targets(self):
        (self.root / "Makefile").write_text("all:\n")
        for target in ("list", "head"):
            (self.root / "corpus" / target).mkdir(parents=True)
            (self.root / "corpus" / target / "seed").write_text("a")
        before = trees.fingerprint(self.root, ("list",))
        (self.root / "corpus/head/seed").write_text("b")
        self.assertEqual(trees.fingerprint(self.root, ("list",)), before)
        (self.root / "corpus/list/seed").write_text("b")
        self.assertNotEqual(trees.fingerprint(self.root, ("list",)), before)

    def test_the_line_that_says_what_is_broken_is_found(self):
        text = "INFO: x\nFUZZ_CHECK broken: R1-1: what [a.c:1: b]\nmore\n"
        self.assertEqual(means.reason(text), "FUZZ_CHECK broken: R1-1: what [a.c:1: b]")


class Arguments(unittest.TestCase):
    def test_bad_arguments_exit_2(self):
        for arguments in (["--means", "luck", "run"], ["--trials", "0", "run"], ["nothing"]):
            with self.assertRaises(SystemExit) as caught, contextlib.redirect_stderr(io.StringIO()):
                sys.argv[1:] = arguments
                plants.parse()
            self.assertEqual(caught.exception.code, 2)


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
