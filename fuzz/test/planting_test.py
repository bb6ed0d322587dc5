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
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "fuzz/planting"), str(ROOT / "fuzz")]
sys.path.append(str(ROOT / "proofs"))
sys.dont_write_bytecode = True

import changes  # noqa: E402
import means  # noqa: E402
import patches  # noqa: E402
import plants  # noqa: E402
import proving  # noqa: E402
import tree as trees  # noqa: E402
from mutants import copies, proof  # noqa: E402
from report_test import Report, result  # noqa: E402, F401
from wp import toolchain  # noqa: E402

CLAUSES = 'UPHELD_CLAUSE(R1_1, "R1-1", 400, "x", "y")\n'
CODE = "int f(void)\n{\n    return 1;\n}\n"
HEADER = "Bug: two for one\nOrigin: some server,\n commit 1234\nClause: R1-1\nTarget: list, head\n"
DIFF = ("--- a/core/a.c\n+++ b/core/a.c\n@@ -2,3 +2,3 @@\n {\n-    return 1;\n+    return 2;\n }\n")


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

    def test_what_is_said_of_misses_changes_no_digest(self):
        plain, missed, other, target = (patches.digest(text.encode()) for text in (
            HEADER + DIFF, HEADER + "Miss: replay: no\n seed\nMiss: afl: x\n" + DIFF,
            HEADER + DIFF.replace("return 2", "return 3"), HEADER.replace(", head", "") + DIFF))
        self.assertEqual(plain, missed)
        self.assertEqual(len({plain, other, target}), 3)

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


class Resume(SmallTree):
    def store(self):
        return plants.Store(self.root / "build")

    def test_results_are_kept_for_the_same_patch_and_tree(self):
        patch, store = patches.read(self.root, self.patch(HEADER + DIFF)), self.store()
        store.row(patch, "tree", "spec")["means"]["replay"] = {"found": True, "seconds": 1}
        store.write({"one"})
        self.assertIn("replay", self.store().row(patch, "tree", "spec")["means"])
        self.assertEqual(self.store().row(patch, "another tree", "spec")["means"], {})
        changed = patches.read(self.root, self.patch(HEADER + DIFF.replace("2;", "4;")))
        self.assertEqual(self.store().row(changed, "tree", "spec")["means"], {})

    def test_what_was_recorded_is_known_where_nothing_was_measured(self):
        patch = patches.read(self.root, self.patch(HEADER + DIFF))
        record = self.root / "record.jsonl"
        store = plants.Store(self.root / "build", record)
        row = store.row(patch, "tree", "spec")
        row["means"]["replay"] = {"found": True, "seconds": 1}
        store.write({"one"})
        self.assertEqual(store.keep([row, {"name": "two", "means": {}}]), 1)
        (self.root / "build/plants.json").unlink()
        store = plants.Store(self.root / "build", record)
        self.assertEqual(store.row(patch, "tree", "spec")["means"],
                         {"replay": {"found": True, "seconds": 1, "recorded": True}})
        self.assertEqual(store.row(patch, "another tree", "spec")["means"], {})
        store.row(patch, "tree", "spec")["means"]["replay"] = {"found": False, "seconds": 2}
        store.write({"one"})
        again = plants.Store(self.root / "build", record)
        self.assertEqual(again.rows["one"]["means"]["replay"], {"found": False, "seconds": 2})
        self.assertNotIn("recorded", record.read_text())
        again.row(patch, "another tree", "spec")["means"]["vectors"] = {"found": True}
        again.write({"one"})  # what is here is of another tree than the record
        again = plants.Store(self.root / "build", record)
        self.assertEqual(again.row(patch, "tree", "spec")["means"]["replay"]["seconds"], 1)

    def test_a_result_of_another_proof_is_not_taken(self):
        patch, store = patches.read(self.root, self.patch(HEADER + DIFF)), self.store()
        found = {"found": True, "seconds": 1, "proof_sha256": "spec", "versions": {"z3": "1"}}
        store.row(patch, "tree", "spec")["means"].update(proof=found, vectors={"found": True})
        store.write({"one"})
        for tree, spec, kept in (("tree", "spec", {"proof", "vectors"}),
                                 ("tree", "another spec", {"vectors"}),
                                 ("another tree", "spec", {"proof"})):
            self.assertEqual(set(self.store().row(patch, tree, spec)["means"]), kept)
        changed = patches.read(self.root, self.patch(HEADER + DIFF.replace("2;", "4;")))
        self.assertEqual(self.store().row(changed, "tree", "spec")["means"], {})
        for version, there in (("1", True), ("2", False)):
            with mock.patch.object(proving, "versions", lambda: {"z3": version}):
                self.assertEqual(plants.is_measured({"means": {"proof": found}}, "proof", None),
                                 there)

    def test_a_proof_rests_on_the_specification_and_its_driver(self):
        before, loaded = trees.proof_fingerprint(self.root), [m for m in sys.modules if "wp." in m]
        for name in ("spec/a.acsl", "../core/b.h", *(f"{m.replace('.', '/')}.py" for m in loaded)):
            (self.root / "proofs" / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / "proofs" / name).write_text("x\n")
            self.assertNotEqual(trees.proof_fingerprint(self.root), before, name)
            before = trees.proof_fingerprint(self.root)

    def test_e_acsl_rests_on_contracts_and_no_other_engine_does(self):
        makefile = self.root / "fuzz/fuzz.mk"
        makefile.write_text("FUZZ_EACSL_list := a\n")

        def now():
            return trees.fingerprint(self.root, ("list",)), trees.contracts_fingerprint(self.root)
        (self.root / "core/b.c").write_text(CODE)
        before = now()
        for name, text, same in (("a", "/*@ ensures one; */\n" + CODE, (True, False)),
                                 ("b", "// why\n" + CODE, (True, True)),
                                 ("a", CODE.replace("1", "2"), (False, False)),
                                 ("a", CODE.replace("1", '"/* x */"'), (False, False))):
            (self.root / f"core/{name}.c").write_text(text)
            after = now()
            self.assertEqual(tuple(x == y for x, y in zip(before, after)), same, text)
            before = after

    def test_a_result_with_other_contracts_is_not_taken(self):
        patch, store = patches.read(self.root, self.patch(HEADER + DIFF)), self.store()
        both = {"eacsl": {"found": True, "contracts_sha256": "c"}, "replay": {"found": True}}
        store.row(patch, "tree", "spec", "c")["means"].update(both)
        store.write({"one"})
        self.assertEqual(set(self.store().row(patch, "tree", "spec", "c")["means"]), set(both))
        self.assertEqual(set(self.store().row(patch, "tree", "spec", "d")["means"]), {"replay"})

    def test_rows_of_patches_that_are_gone_go(self):
        patch, store = patches.read(self.root, self.patch(HEADER + DIFF)), self.store()
        store.row(patch, "tree", "spec")
        store.write(set())
        self.assertEqual(self.store().rows, {})

    def test_a_run_that_measures_nothing_anew_writes_its_results_all_the_same(self):
        patch = patches.read(self.root, self.patch(HEADER + DIFF))
        options = argparse.Namespace(names=[], means=["replay"], trials=3, time=60)
        with mock.patch.multiple(plants, prepare=mock.DEFAULT, RECORD=self.root / "record.jsonl",
                                 run_patch=mock.Mock(return_value=False), finish=mock.DEFAULT), \
                mock.patch.object(patches, "all_of", return_value=[patch]):
            plants.run(self.root / "build", options)
        self.assertTrue((self.root / "build/plants.json").is_file())

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
        for name in ("corpus/head/seed", "core/bench.mk"):
            (self.root / name).write_text("b")
            self.assertEqual(trees.fingerprint(self.root, ("list",)), before, name)
        (self.root / "core/core.mk").write_text("b")
        self.assertNotEqual(trees.fingerprint(self.root, ("list",)), before)
        before = trees.fingerprint(self.root, ("list",))
        (self.root / "corpus/list/seed").write_text("b")
        self.assertNotEqual(trees.fingerprint(self.root, ("list",)), before)

    def test_the_line_that_says_what_is_broken_is_found(self):
        text = "INFO: x\nFUZZ_CHECK broken: R1-1: what [a.c:1: b]\nmore\n"
        self.assertEqual(means.reason(text), "FUZZ_CHECK broken: R1-1: what [a.c:1: b]")
        self.assertEqual(means.reason("==7== ERROR: libFuzzer: deadly signal\nstat::x: 1\n"),
                         "==7== ERROR: libFuzzer: deadly signal")

    def test_no_path_of_the_machine_is_kept(self):
        self.assertEqual(means.reason("/a/b/plants/tree/core/a.c:1:2: runtime error: x\n"),
                         "core/a.c:1:2: runtime error: x")


WORDS = """#include <stdint.h>
#define END "x"
#define TAIL END "y"
static const uint8_t TEXT[] = "t" TAIL;
static const uint8_t OTHER[] = "o";
enum { TEXT_SIZE = sizeof TEXT - 1, OTHER_SIZE = sizeof OTHER - 1 };
struct pair { int a; };
"""
INLINE = """#include "words.h"
/*@ ensures one: \\result == 1; */
static inline int in_b(int c) { return c == 1; }
int b(int i);
"""
USER = """#include "b.h"
/* TEXT is not named here by code. */
int b(int i) { return i < OTHER_SIZE; }
static int deep(int i) { return TEXT[i]; }
static UPH_APART int size(void)
{
    struct pair p = { TEXT_SIZE };
    return in_b(p.a);
}
"""


class Changes(SmallTree):
    """Which functions are to be proved anew."""

    def setUp(self):
        super().setUp()
        for name, text in (("words.h", WORDS), ("b.h", INLINE), ("b.c", USER)):
            (self.root / "core" / name).write_text(text)
        patched = mock.patch.object(toolchain, "ROOT", self.root)
        patched.start()
        self.addCleanup(patched.stop)
        self.users = {"core/a.c": ["a.c"], "core/b.c": ["b.c"], "core/b.h": ["b.c"],
                      "core/words.h": ["b.c"]}

    def found(self, name, old, new):
        text = (self.root / name).read_text()
        self.assertEqual(text.count(old), 1)
        return [f"{one.function} {one.file}" for one in
                changes.to_prove({name: text.replace(old, new)}, self.users)]

    def refuses(self, name, old, new, word):
        with self.assertRaises(changes.Unknown) as caught:
            self.found(name, old, new)
        self.assertIn(word, str(caught.exception))
        self.assertIn(name, str(caught.exception))

    def test_a_function_that_is_changed_is_proved(self):
        self.assertEqual(self.found("core/a.c", "return 1", "return 2"), ["f core/a.c"])
        self.assertEqual(self.found("core/b.c", "(p.a)", "(p.a + 1)"), ["size core/b.c"])

    def test_a_function_of_a_header_is_proved_with_its_own_file(self):
        self.assertEqual(self.found("core/b.h", "c == 1", "c >= 1"), ["in_b core/b.c"])

    def test_a_function_of_a_header_without_a_file_is_proved_with_each_user(self):
        (self.root / "core/b.h").rename(self.root / "core/c.h")
        self.users["core/c.h"] = ["a.c", "b.c"]
        self.assertEqual(self.found("core/c.h", "c == 1", "c >= 1"),
                         ["in_b core/a.c", "in_b core/b.c"])

    def test_of_a_constant_those_that_name_it_are_proved(self):
        both = ["deep core/b.c", "size core/b.c"]
        self.assertEqual(self.found("core/words.h", '"t"', '"tt"'), both)
        self.assertEqual(self.found("core/words.h", '"x"', '"z"'), both)
        self.assertEqual(self.found("core/words.h", '"o"', '"p"'), ["b core/b.c"])
        self.assertEqual(self.found("core/words.h", "OTHER - 1", "OTHER"), ["b core/b.c"])

    def test_a_function_of_the_proof_comes_first(self):
        (self.root / "core/b.c").write_text(USER + """
/*@ ghost
  /@ terminates \\true;
     assigns \\nothing;
     ensures spelt: TEXT[1] == 'x'; @/
  void says(void)
  {
  } */
""")
        self.assertEqual(self.found("core/words.h", '"x"', '"z"'),
                         ["says core/b.c", "deep core/b.c", "size core/b.c"])
        self.assertEqual(self.found("core/words.h", '"o"', '"p"'), ["b core/b.c"])
        self.refuses("core/b.c", "== 'x'", "== 'y'", "contract")

    def test_what_it_says_may_stand_in_the_specification(self):
        (self.root / "proofs/spec").mkdir(parents=True)
        (self.root / "proofs/spec/texts.acsl").write_text("#define SPELT \\\n  (TEXT[0] == 't')\n")
        (self.root / "core/b.c").write_text(
            '#include "../proofs/spec/texts.acsl"\n'
            "/*@ ghost\n  /@ ensures spelt: SPELT; @/\n  void says(void) {} */\n" + USER)
        self.assertEqual(self.found("core/words.h", '"x"', '"z"'),
                         ["says core/b.c", "deep core/b.c", "size core/b.c"])
        self.assertEqual(self.found("core/words.h", '"o"', '"p"'), ["b core/b.c"])

    def test_of_a_prototype_that_is_changed_callers_are_proved(self):
        self.assertIn("size core/b.c", self.found(
            "core/b.h", "static inline int in_b(int c) { return c == 1; }", "int in_b(int c);"))

    def test_a_contract_is_not_to_be_touched(self):
        self.refuses("core/b.h", "result == 1", "result >= 1", "contract")

    def test_what_cannot_be_told_is_said(self):
        self.refuses("core/words.h", "int a;", "long a;", "type pair")
        self.refuses("core/b.c", "is not named", "is named", "could be told")
        self.refuses("core/words.h", "struct pair", "int unused;\nstruct pair", "no function")

    def test_there_is_something_to_prove_of_each_plant(self):
        with mock.patch.object(toolchain, "ROOT", ROOT), tempfile.TemporaryDirectory() as folder:
            users, tree = copies.users(), Path(folder)
            for patch in patches.all_of(ROOT):
                for name in patch.files:
                    (tree / name).parent.mkdir(parents=True, exist_ok=True)
                    (tree / name).write_bytes((ROOT / name).read_bytes())
                self.assertEqual(patches.apply(patch.path, tree), "")
                found = changes.to_prove({n: (tree / n).read_text() for n in patch.files}, users)
                self.assertTrue(found, patch.name)


class Prover:
    """Says that f is proved as it stands, and with `plant` in it what it is told to say."""

    def __init__(self, copy, plant, *said):
        self.copy, self.plant, self.said, self.asked = copy, plant, list(said), []
        self.answer = "Z3 Timeout (10s), CVC5 Failed Unknown error"

    def stands(self):
        return self.plant in (self.copy.root / "core/a.c").read_text()

    def baseline(self, _unit, function):
        if self.stands():
            raise toolchain.ProofError("a baseline of a core with the plant")
        self.asked.append(function)
        return [[]]

    def mutant(self, _unit, function, left):
        if not self.stands() or left != [[]]:
            raise toolchain.ProofError("a proof of a core without the plant")
        return proof.Verdict(self.said.pop(0), f"{function}_ensures", self.answer)

    in_full = mutant


class Proved(SmallTree):
    """What a verdict of the provers makes of a plant."""

    def setUp(self):
        super().setUp()
        (self.root / "proofs/spec").mkdir(parents=True)
        for name, value in (("ROOT", self.root), ("versions", dict)):
            patched = mock.patch.object(toolchain if name == "ROOT" else proving, name, value)
            patched.start()
            self.addCleanup(patched.stop)
        self.tree = trees.Tree(self.root, self.root / "build")
        self.planted = patches.read(self.root, self.patch(HEADER + DIFF))

    def measure(self, *said, answer=""):
        (self.root / "Makefile").write_text("all:\n")
        copy = copies.Copy(self.root / "copy")
        self.prover = Prover(copy, "return 2", *said)
        self.prover.answer = answer or self.prover.answer
        self.tree.proving = proving.Proving(self.root, self.tree.work, self.prover,
                                            {"core/a.c": ["a.c"]})
        self.tree.restore()
        self.tree.plant(self.planted)
        return means.MEANS["proof"](self.tree, self.planted)

    def test_a_goal_that_falls_twice_is_a_find(self):
        found = self.measure("fell", "fell")
        self.assertEqual((found["found"], found["function"], found["goal"]),
                         (True, "f", "f_ensures"))
        self.assertIn("f_ensures of f()", found["why"])
        self.assertLessEqual(found["seconds"], found["certain_s"])
        self.assertEqual(found["proof_sha256"], trees.proof_fingerprint(self.root))
        self.assertFalse(self.prover.stands())

    def test_a_goal_that_falls_for_want_of_time_is_none(self):
        self.assertFalse(self.measure("fell", "proved")["found"])

    def test_what_is_proved_all_the_same_is_a_miss(self):
        found = self.measure("proved")
        self.assertEqual((found["found"], found["why"]), (False, "every goal proved of f()"))

    def test_a_core_that_frama_c_refuses_is_a_problem_and_no_find(self):
        for said in (("refused",), ("fell", "refused")):
            with self.assertRaises(trees.Broken) as caught:
                self.measure(*said)
            self.assertIn("refuses", str(caught.exception))
            self.assertIn("core/a.c: f()", str(caught.exception))

    def test_provers_that_crash_are_a_problem_and_no_find(self):
        with self.assertRaises(trees.Broken) as caught:
            self.measure("fell", "fell", answer=", ".join(
                f"{name} Failed Unknown error" for name in ("Z3", "CVC5")))
        self.assertIn("no prover answered", str(caught.exception))

    def test_what_is_known_of_a_function_as_it_stands_is_kept(self):
        self.measure("proved")
        self.assertEqual(self.prover.asked, ["f"])
        self.measure("proved")
        self.assertEqual(self.prover.asked, [])

    def test_a_prover_that_fails_is_a_problem_of_the_plant(self):
        said = toolchain.ProofError("no z3")
        self.tree.proving = mock.Mock(measure=mock.Mock(side_effect=said))
        self.tree.path.joinpath("core").mkdir(parents=True)
        (self.tree.path / "core/a.c").write_text(CODE)
        with self.assertRaises(trees.Broken):
            means.MEANS["proof"](self.tree, self.planted)


class Legs(SmallTree):
    def setUp(self):
        super().setUp()
        self.mk = self.root / "fuzz/fuzz.mk"
        self.mk.parent.mkdir(exist_ok=True)
        self.mk.write_text("FUZZ_EACSL_list     := bytes list\nFUZZ_EACSL_accept   := base64\n"
                           "FUZZ_EACSL_handshake := list request uri\nFUZZ_EACSL_reply := status\n")

    def target(self, targets, *files):
        patch = patches.Patch(Path("one.patch"), "", "", (), targets, {}, files)
        return means.eacsl_target(self.root, patch)

    def test_a_leg_is_of_a_target_of_the_patch_or_of_a_file_that_it_changes(self):
        self.assertEqual(self.target(("head", "accept"), "core/line.c"), "accept")
        self.assertEqual(self.target(("head",), "core/bytes.h"), "list")
        self.assertEqual(self.target(("request",), "core/base64.c"), "accept")
        self.assertEqual(self.target(("head",), "core/list.c", "core/uri.c"), "handshake")
        self.assertEqual(self.target(("request",), "core/uri.c"), "handshake")
        self.assertIsNone(self.target(("head",), "core/line.c"))

    def test_where_there_is_none_nothing_is_built_or_run(self):
        tree, patch = trees.Tree(self.root, self.root / "build"), patches.Patch(
            Path("one.patch"), "", "", (), ("head",), {}, ("core/line.c",))
        found = means.MEANS["eacsl"](tree, patch, 3, 60, [])
        self.assertEqual((found["no_leg"], found["found"], found["trials"]), (True, False, []))

    def test_a_leg_without_its_units_is_said(self):
        self.mk.write_text("FUZZ_EACSL_list := bytes\n")
        with self.assertRaises(trees.Broken) as caught:
            self.target(("head",), "core/bytes.h")
        self.assertIn("FUZZ_EACSL_accept", str(caught.exception))

    def test_the_tree_has_units_of_each_leg(self):
        self.assertIn("list", means.eacsl_units(ROOT)["list"])

    def test_what_the_target_itself_sees_is_no_find_of_e_acsl(self):
        text = "x\nE-ACSL: Postcondition of f broken [a.c:3: one: c]\nFUZZ_CHECK broken: R1-1\n"
        self.assertTrue(means.is_of("eacsl", means.reason(text)))
        self.assertFalse(means.is_of("eacsl", means.reason("FUZZ_CHECK broken: R1-1 [a.c:1]\n")))
        self.assertTrue(means.is_of("", means.reason("FUZZ_CHECK broken: R1-1 [a.c:1]\n")))


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
