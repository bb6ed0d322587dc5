#!/usr/bin/python3
"""Tests of what makes proofs/CLAIMS.md: on a small tree of its own, and that the page is current.

    proofs/evidence_test.py [-v] [NAME...]

Prints what fails, and last, alone, `N passed, M failed`.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "proofs"), str(ROOT / "core/clauses")]
sys.dont_write_bytecode = True

import table  # noqa: E402
from evidence import claims, contracts, logic, order, pages  # noqa: E402

HEADER = """
/*@ requires readable: \\valid_read(p + (0 .. 1)); // both
    terminates \\true;
    assigns \\nothing;
    ensures exact: UPH_EXACT(
      \\forall integer k; k > 0 ==>
        \\result == First(p));
    ensures R9112_5_1: \\result >= 0; */
/* A comment between, with a call(). */
int f(const unsigned char *p) UPH_SELDOM;
"""
SOURCE = """
/*@ assigns \\nothing;
    ensures exact: \\result == 0; */
static int g(void)
{
    /*@ loop assigns i;
        loop variant i; */
    /*@ assert exact: 1; */
    return 0;
}
"""
LOGIC = """/*@
  // R9112-5-1, R9112-5.1-1: the first octet
  logic integer First(uint8_t *p) = p[0] == 1 ? UPHELD_R9112_5_1 : Rest(p);
  logic integer Rest(uint8_t *p) =
     Last(p) != UPHELD_R6455_4_2_2_10 ? Last(p) : UPHELD_R9112_5_1_1;

  logic integer Last(uint8_t *p) = p[1] == UPHELD_R9110_5_5_2 ? UPHELD_R9110_5_5_3 : 0;
  // R9112-5-1 is not what this is about
  logic boolean Other(integer c) = c > 0;
*/
"""
LEDGER = {"functions": {"f": {"file": "core/a.c", "goals": 7}, "g": {"file": "core/a.c",
                                                                     "goals": 2}}}


class Tree(unittest.TestCase):
    """A tree with one header, one source, one specification."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = Path(holder.name)
        self.save("core/a.h", "#include <stdint.h>\nenum clause { "
                  "UPHELD_R9112_5_1, UPHELD_R9112_5_1_1, UPHELD_R9110_5_5_2, UPHELD_R9110_5_5_3, "
                  "UPHELD_R6455_4_2_2_10 };\n" + HEADER.replace(" UPH_SELDOM", ""))
        self.save("core/a.c", SOURCE)
        self.save("proofs/spec/a.acsl", LOGIC)

    def save(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


class Contracts(Tree):
    """Clauses are found, attributed and quoted as they stand."""

    def test_each_clause_belongs_to_its_function(self):
        found = [(one.function, one.kind, one.label, one.file) for one in contracts.read(self.root)]
        self.assertEqual(found, [
            ("f", "requires", "readable", "core/a.h"), ("f", "terminates", "", "core/a.h"),
            ("f", "assigns", "", "core/a.h"), ("f", "ensures", "exact", "core/a.h"),
            ("f", "ensures", "R9112_5_1", "core/a.h"), ("g", "assigns", "", "core/a.c"),
            ("g", "ensures", "exact", "core/a.c")])

    def test_a_quote_is_the_text_moved_to_the_margin(self):
        one = next(one for one in contracts.read(self.root) if one.goal == "f_ensures_exact")
        self.assertEqual(one.text, "ensures exact: UPH_EXACT(\n  \\forall integer k; k > 0 ==>\n"
                         "    \\result == First(p));")

    def test_a_tree_without_sources(self):
        shutil.rmtree(self.root / "core")
        with self.assertRaisesRegex(contracts.EvidenceError, "expected the core's sources"):
            contracts.read(self.root)


class Logic(Tree):
    """Definitions, what they are about, what they use and result in."""

    def test_a_comment_is_about_all_up_to_the_next_empty_line(self):
        found = logic.read(self.root)
        self.assertEqual(found["First"].clauses, ["R9112-5-1", "R9112-5.1-1"])
        self.assertEqual(found["Rest"].clauses, ["R9112-5-1", "R9112-5.1-1"])
        self.assertEqual(found["Last"].clauses, [])

    def test_an_id_without_colon_is_no_label(self):
        self.assertEqual(logic.read(self.root)["Other"].clauses, [])

    def test_a_clause_that_is_compared_with_is_no_result(self):
        self.assertEqual(logic.read(self.root)["Last"].results, ["R9110_5_5_3"])

    def test_reach_follows_calls(self):
        self.assertEqual(logic.reach(logic.read(self.root))["First"], {"First", "Rest", "Last"})

    def test_order_is_that_of_the_checks(self):
        found = logic.read(self.root)
        rows = order.checks("First", found, logic.parser()[:2])
        self.assertEqual([(one.clause, one.by) for one in rows], [
            ("R9112_5_1", "First"), ("R9110_5_5_3", "Last"), ("R9112_5_1_1", "Rest")])

    def test_a_specification_that_cannot_be_read_names_file_and_line(self):
        self.save("proofs/spec/a.acsl", "/*@\n  logic integer F(integer x) = x +;\n*/\n")
        with self.assertRaisesRegex(contracts.EvidenceError, "a.acsl:2"):
            logic.read(self.root)


class Claims(Tree):
    """Each way in which a claim can be wrong is said."""

    def told(self, claim=None, theorem=None):
        own = {"id": "c", "theorem": ["t"], "text": "F is First.", "needs": ["*", "f:exact"],
               "limits": "Not of g.", **(claim or {})}
        one = {"id": "t", "title": "T", "says": "It is.", **(theorem or {})}
        return list(claims.problems({"t": one}, {"c": own}, contracts.read(self.root), LEDGER))

    def expect(self, words, *arguments, **more):
        told = self.told(*arguments, **more)
        self.assertEqual(len(told), 1, told)
        self.assertIn(words, told[0])

    def test_a_sound_claim(self):
        self.assertEqual(self.told(), [])
        self.assertEqual(self.told({"needs": ["g"]}), [])

    def test_a_label_that_the_contract_has_not(self):
        self.expect("has no `ensures exakt:`; it has R9112_5_1, exact", {"needs": ["f:exakt"]})

    def test_a_precondition_carries_nothing(self):
        self.expect("has no `ensures readable:`", {"needs": ["f:readable"]})

    def test_a_function_that_is_not_there(self):
        self.expect("there is no function h", {"needs": ["h:exact"]})

    def test_a_theorem_that_is_not_there(self):
        self.expect("there is no theorem u", {"theorem": ["t", "u"]})

    def test_a_claim_without_limits(self):
        self.expect("limits is empty", {"limits": ""})

    def test_a_claim_that_needs_nothing(self):
        self.expect("needs is empty", {"needs": []})

    def test_a_field_that_no_claim_has(self):
        self.expect("see note", {"note": "x"})

    def test_a_theorem_that_nothing_claims(self):
        told = self.told({"theorem": []})
        self.assertTrue(any("no claim names it" in line for line in told), told)

    def test_what_is_missing_needs_its_reason(self):
        self.expect("missing and open, or neither", theorem={"missing": "half of it"})

    def test_states(self):
        one = {"id": "t", "title": "T", "says": "It is."}
        own = {"c": {"theorem": ["t"], "needs": ["f:exact"]}}
        self.assertEqual(claims.state(one, own, LEDGER), "proved")
        half = {**one, "missing": "half of it", "open": "Because."}
        self.assertEqual(claims.state(half, own, LEDGER), "in part; NOT PROVED: half of it")
        self.assertEqual(claims.state(half, {}, LEDGER), "NOT PROVED")
        self.assertEqual(claims.state(one, own, {"functions": {}}),
                         "OPEN: a goal is not in the ledger")

    def test_goals_are_named_and_counted(self):
        known = claims.labelled(contracts.read(self.root))
        lines = list(claims.goals(["*", "f:exact", "g"], known, LEDGER))
        self.assertIn("9 goals of 2 functions", lines[0])
        self.assertEqual(lines[1:], ["`f_ensures_exact`", "all 2 goals of `g`"])
        self.assertIn("**open**", next(claims.goals(["f:exact"], known, {"functions": {}})))

    def test_a_file_that_is_no_claims(self):
        for text in ("", "[]", "{}", '{"theorems": [{}], "claims": []}'):
            with self.assertRaisesRegex(contracts.EvidenceError, "expected JSON"):
                claims.read(self.save("proofs/claims.json", text))


class Pages(Tree):
    """A page is written whole, and one that is not current fails."""

    def run_main(self, arguments, make):
        with open(os.devnull, "w", encoding="utf-8") as nothing:
            errors, sys.stderr = sys.stderr, nothing
            try:
                return pages.main("x.py", arguments, self.root / "proofs/X.md", make, "make x")
            finally:
                sys.stderr = errors

    def test_a_page_that_is_not_current(self):
        self.assertEqual(self.run_main(["--check"], lambda: "a\n"), 1)
        self.assertEqual(self.run_main([], lambda: "a\n"), 0)
        self.assertEqual(self.run_main(["--check"], lambda: "a\n"), 0)
        self.assertEqual(self.run_main(["--check"], lambda: "b\n"), 1)
        self.assertIn(pages.stale(self.root / "proofs/X.md", "b\n"), ("-a", "+b"))

    def test_what_is_wrong_leaves_the_page_alone(self):
        def wrong():
            raise contracts.EvidenceError("it is")
        self.assertEqual(self.run_main([], lambda: "a\n"), 0)
        self.assertEqual(self.run_main([], wrong), 1)
        self.assertEqual((self.root / "proofs/X.md").read_text(), "a\n")

    def test_unusable_arguments(self):
        self.assertEqual(self.run_main(["--chek"], lambda: "a\n"), 2)


class Repository(unittest.TestCase):
    """What is checked in."""

    def test_the_claims_page_is_current(self):
        done = subprocess.run([sys.executable, ROOT / "proofs/claims.py", "--check"],
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.stderr, done.returncode), ("", 0))

    def test_every_claim_of_make_prove_is_on_the_page(self):
        page = (ROOT / "proofs/CLAIMS.md").read_text(encoding="utf-8")
        for one in json.loads((ROOT / "proofs/claims.json").read_text())["claims"]:
            self.assertIn(f"\n## {one['id']}\n", page)

    def test_the_nine_theorems_of_the_design(self):
        theorems, _ = claims.read(ROOT / "proofs/claims.json")
        self.assertEqual(list(theorems), ["safe", "sound", "complete", "accept", "clean", "bounded",
                                          "pieces", "client", "framed"])

    def test_every_clause_that_decides_a_request_stands_in_its_order(self):
        found, parts = logic.read(ROOT), logic.parser()[:2]
        rows = {check.clause for _, starts in claims.CHAINS for start in starts
                for check in order.checks(start, found, parts)}
        names = {table.as_name(id) for id in table.decided(ROOT / "core")}
        self.assertLessEqual(rows, names)
        # What is left decides that all checks held, or names what an answer starts with.
        self.assertEqual(names - rows, {"R6455_4_2_2_10", "R6455_4_1_19", "R8441_5_3",
                                        "R9110_7_8_15"})


def main():
    """Runs them and counts."""
    program = unittest.main(exit=False, testRunner=unittest.TextTestRunner(stream=sys.stdout))
    result = program.result
    failed = len(result.failures) + len(result.errors) + len(result.skipped)
    print(f"{max(result.testsRun - failed, 0)} passed, {failed} failed")
    return 1 if failed or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
