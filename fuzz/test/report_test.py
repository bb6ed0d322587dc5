"""report_test.py: tests of what is said of results of plants; planting_test.py runs them."""
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "fuzz/planting"), str(ROOT / "fuzz")]
sys.path.append(str(ROOT / "proofs"))
sys.dont_write_bytecode = True

import means  # noqa: E402
import patches  # noqa: E402
import report  # noqa: E402


def result(found, *trials):
    return {"found": found, "limit": 60, "seconds": 1.0,
            "trials": [{"found": hit, "seconds": s, "execs": 9} for hit, s in trials]}


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
        self.assertEqual(report.cell("afl", {"found": False, "limit": 60, "trials": [
            {"found": False, "seconds": 0.1, "seed_crashes": True}]}), "no, each seed crashes")
        self.assertEqual(report.cell("replay", {"found": False, "seconds": 1}), "no")
        self.assertEqual(report.cell("libfuzzer", result(True, (True, 1.0), (True, 3.0))),
                         "2.0 (2 of 2)")
        self.assertEqual(report.cell("libfuzzer", result(False, (False, 60.0))), "no, 60 s")

    def test_vectors_and_replay_are_one_means(self):
        row = {"means": {"vectors": {"found": True}, "replay": {"found": True},
                         "libfuzzer": result(True, (True, 1.0))}}
        self.assertEqual(report.found_by(row), 2)

    def test_the_proof_and_e_acsl_are_means_of_their_own(self):
        row = {"means": {"vectors": {"found": True}, "proof": {"found": True, "seconds": 4},
                         "eacsl": result(True, (True, 1.0)), "afl": result(False, (False, 60.0))}}
        self.assertEqual(report.found_by(row), 3)

    def test_what_the_proof_misses_wants_a_line(self):
        measured = {"vectors": {"found": True}, "proof": {"found": False, "seconds": 4.0}}
        said = self.problems(measured)
        self.assertEqual(len(said), 1)
        self.assertIn("no line `Miss: proof: why`", said[0])
        self.assertEqual(self.problems(measured, {"proof": "about speed alone"}), [])

    def test_where_there_is_no_leg_nothing_is_measured(self):
        none = {"found": False, "no_leg": True, "limit": 60, "trials": []}
        self.assertEqual(report.cell("eacsl", none), "no leg")
        self.assertEqual(self.problems({"vectors": {"found": True}, "eacsl": none}), [])
        self.assertEqual(len(self.problems({"vectors": {"found": True}, "eacsl": result(
            False, (False, 60.0))})), 1)
        row = {"name": "one", "means": {"vectors": {"found": True}, "eacsl": none}}
        self.assertNotIn("eacsl", "".join(report.summary([row])))

    def test_what_the_target_s_check_ended_is_no_miss_of_e_acsl(self):
        ended = {"found": False, "seconds": 0.1, "why": "FUZZ_CHECK broken: R1-1: x"}
        late = {"found": False, "seconds": 60.0}
        for trials, there in (([ended, ended], True), ([ended, late], False), ([], False)):
            self.assertEqual(means.ended_by_target(trials, "eacsl"), there)
        self.assertFalse(means.ended_by_target([ended], ""))
        measured = {"found": False, "limit": 60, "trials": [ended], "by_target": True}
        self.assertIn("came first", report.cell("eacsl", measured))
        found = {"vectors": {"found": True}}
        self.assertEqual(self.problems({**found, "eacsl": measured}), [])
        self.assertEqual(len(self.problems({**found, "eacsl": {**measured, "by_target": False}})),
                         1)

    def test_sums_are_of_what_was_measured(self):
        rows = [{"means": {"vectors": {"found": True}, "proof": {"found": True, "seconds": 1.0}}},
                {"means": {"vectors": {"found": True}, "proof": {"found": False, "seconds": 1.0}}},
                {"means": {"vectors": {"found": False}}}]
        said = "\n".join(report.summary(rows))
        for words in ("0 of 5 results measured earlier",
                      "3 measured; vectors found 2 of 3; proof found 1 of 2",
                      "1 of 3 found by two", "the proof found 1 of 2 (aim 95 %)"):
            self.assertIn(words, said)
