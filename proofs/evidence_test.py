#!/usr/bin/python3
"""Tests of what makes proofs/CLAIMS.md and TRACE.md, on a small tree, and that both are current.

    proofs/evidence_test.py [-v] [NAME...]

Prints what fails, and last, alone, `N passed, M failed`.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import types
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "proofs"), str(ROOT / "core/clauses")]
sys.dont_write_bytecode = True

import table  # noqa: E402
from evidence import claims, contracts, logic, order, pages, rows, trace  # noqa: E402
from wp import prove_unit, results, toolchain  # noqa: E402

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
GHOST = """
/*@ ghost
  /@ requires inside: i > 0;
     ensures spelt: WORDS; @/
  void says(int i)
  {
  } */
int other(void);
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

    def test_a_function_for_the_proof_alone_has_clauses_too(self):
        found = list(contracts.read_file(GHOST, "core/a.c"))
        self.assertEqual([(one.function, one.kind, one.label, one.text) for one in found], [
            ("says", "requires", "inside", "requires inside: i > 0;"),
            ("says", "ensures", "spelt", "ensures spelt: WORDS;")])
        left = contracts.without(GHOST, "says", "spelt")
        self.assertNotIn("spelt", left)
        self.assertEqual(len(left), len(GHOST))

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
        self.assertEqual(lines[0], "every goal of the core (9)")
        self.assertEqual(lines[1:], ["`f_ensures_exact`", "all 2 goals of `g`"])
        self.assertIn("**open**", next(claims.goals(["f:exact"], known, {"functions": {}})))

    def test_a_file_that_is_no_claims(self):
        for text in ("", "[]", "{}", '{"theorems": [{}], "claims": []}'):
            with self.assertRaisesRegex(contracts.EvidenceError, "expected JSON"):
                claims.read(self.save("proofs/claims.json", text))


class Repeated(unittest.TestCase):
    """What a second attempt by label closes is taken over, and nothing else."""

    UNIT = types.SimpleNamespace(name="a.c")

    def run_of(self, proved, total=1, names=("f_ensures_a", "f_ensures_a_b")):
        sections = {"f": {name: {"wp:main": {"total": total, "valid": int(name in proved)}}
                          for name in names}}
        goals = [results.Goal(name, name in proved) for name in names]
        return prove_unit.Run([], sections, [], goals)

    def test_labels(self):
        section = {"f_ensures_R9112_5_1": 0, "f_loop_invariant_a": 0, "q_requires_a": 0}
        for goal, found in (("f_ensures_R9112_5_1", "R9112_5,R9112_5_1"),
                            ("f_loop_invariant_a_preserved", "a"),
                            ("f_call_q_requires_a", None), ("f_terminates", None)):
            place = results.labelled(results.Goal(goal, False), "f", section)
            self.assertEqual(place and place[1], found)

    def test_what_was_closed_is_taken_over(self):
        first, second = self.run_of({"f_ensures_a"}), self.run_of({"f_ensures_a_b"})
        entries = prove_unit.open_entries(first)
        self.assertEqual(entries, {("f", "f_ensures_a_b"): "a_b"})
        merged = prove_unit.merge_entries(self.UNIT, first, second, entries)
        self.assertTrue(all(goal.proved for goal in merged.goals))
        self.assertEqual(len(merged.goals), 2)

    def test_other_counts_mean_nothing(self):
        first, second = self.run_of({"f_ensures_a"}), self.run_of({"f_ensures_a_b"}, total=2)
        with self.assertRaisesRegex(toolchain.ProofError, "1 goals at first, 2 when repeated"):
            prove_unit.merge_entries(self.UNIT, first, second, prove_unit.open_entries(first))


class Table:
    """What stands for core/clauses/table.py: R9112-5-1 decides, R9110-5.5-3 is read, a proxy does
    the rest."""

    as_name = staticmethod(table.as_name)

    @staticmethod
    def read(_core):
        """Three rows."""
        said = {"document": "d", "section": "s", "level": "MUST", "binds": "server",
                "verdict": "", "where": "-", "demands": "d", "does": "Done."}
        return [table.Row(id=id, how=how, place=f"core/clauses/x.def:{number}", **said)
                for number, (id, how) in enumerate([
                    ("R9112-5-1", "decides"), ("R9110-5.5-3", "reads"),
                    ("R9112-5.1-1", "intermediary")], 1)]


FUZZ = """
    FUZZ_CHECK(got == spec_First(p), "specification", "the first");
    FUZZ_CHECK(got > 0,
               "R9110-5.5-3", "a control");
"""
VECTOR = '{"name": "a", "clause": "R9112-5-1 and R9110-5.5-3"}\n'
TEST = "/* R9110-5.5-3 */ ROW(UPHELD_R9112_5_1)\n"


class Rows(Tree):
    """Each cell is filled from its source, and one that is not is told."""

    def setUp(self):
        super().setUp()
        self.save("fuzz/octet.c", FUZZ)
        self.save("corpus/octet/seed", "x")
        self.save("corpus/vectors/own.jsonl", VECTOR)
        self.save("core/test/test_a.c", TEST)

    def rows(self, ledger=None):
        return rows.read(self.root, Table, contracts.read(self.root), logic.read(self.root),
                         ledger or LEDGER)

    def expect(self, id, cell, **more):
        told = list(trace.problems(self.rows(**more)))
        self.assertTrue(any(line.startswith(f"{id}: {cell}: empty; ") for line in told), told)
        self.assertEqual(trace.verdict(self.rows(**more))[1], 1)

    def test_a_full_table(self):
        first, second, other = self.rows()
        self.assertEqual((first.predicates, first.contracts, first.goals), (
            ["First", "Rest"], ["f:R9112_5_1", "f:exact"],
            ["f_ensures_R9112_5_1", "f_ensures_exact"]))
        self.assertEqual((first.fuzz, first.vectors, first.units), (
            ["octet: First"], ["own: a"], ["test_a.c"]))
        # Last is not spoken of by any contract; First, which comes to use it, is.
        self.assertEqual((second.predicates, second.contracts), (["Last"], ["f:exact"]))
        self.assertEqual(second.fuzz, ["octet: R9110-5.5-3", "octet: First"])
        self.assertEqual((other.decidable, other.empty()), (False, []))
        self.assertEqual(trace.verdict([first, second, other]), (["2 passed, 0 failed"], 0))

    def test_a_clause_that_no_predicate_is_about(self):
        self.save("proofs/spec/a.acsl", LOGIC.replace("UPHELD_R9110_5_5_3 : 0", "1 : 0"))
        self.expect("R9110-5.5-3", "predicates")
        self.expect("R9110-5.5-3", "contracts")

    def test_a_predicate_that_no_contract_speaks_of(self):
        self.save("core/a.h", (self.root / "core/a.h").read_text().replace("First(p)", "0"))
        self.expect("R9110-5.5-3", "contracts")

    def test_a_contract_whose_function_is_not_in_the_ledger(self):
        self.expect("R9112-5-1", "goals", ledger={"functions": {"g": LEDGER["functions"]["g"]}})

    def test_a_predicate_that_no_target_compares(self):
        self.save("fuzz/octet.c", FUZZ.replace("spec_First", "spec_Other"))
        self.expect("R9112-5-1", "fuzz")

    def test_a_target_without_corpus_is_none(self):
        shutil.move(self.root / "fuzz/octet.c", self.root / "fuzz/helper.c")
        self.expect("R9112-5-1", "fuzz")

    def test_a_clause_that_nothing_tries(self):
        self.save("corpus/vectors/own.jsonl", VECTOR.replace("R9112-5-1", "R9112-5"))
        self.save("core/test/test_a.c", TEST.replace("R9112_5_1", "R9112_5_1_1"))
        self.expect("R9112-5-1", "tests")

    def test_an_empty_cell_is_seen_on_the_page_and_in_the_json(self):
        self.save("fuzz/octet.c", "")
        found, table_rows = self.rows(), Table.read(None)
        page = trace.page(found, table_rows, LEDGER)
        self.assertIn("2 of which an octet that is read or written shows; 0 of them", page)
        self.assertIn("| R9112-5-1 | fuzz |", page)
        self.assertEqual(page.count("**open**"), 2)
        told = trace.as_json(found, table_rows, None)
        self.assertEqual((told["decidable"], told["full"], told["rows"][0]["empty"]),
                         (2, 0, ["fuzz"]))

    def test_the_json_says_who_proved_the_functions(self):
        one = {"name": "f", "goals": 7, "proved": 7, "qed": 5, "two_families": None}
        proved = {"functions": [{**one, "file": "core/a.h"}, {**one, "name": "g"}]}
        told = trace.as_json(self.rows(), Table.read(None), proved)
        self.assertEqual(told["rows"][0]["functions"], [one])
        self.assertEqual(told["rows"][0]["goals"], ["f_ensures_R9112_5_1", "f_ensures_exact"])

    def test_every_row_has_its_data_in_the_command(self):
        self.save("proofs/ledger.json", json.dumps(LEDGER))
        made = dict(trace.pages(self.root, self.rows(), Table.read(None), LEDGER))
        self.assertEqual(sorted(path.name for path in made), ["TRACE.md", "all.def", "x.def"])
        text = made[self.root / "core/command/trace/x.def"]
        self.assertEqual(text.count("UPHELD_TRACE("), 3)
        self.assertIn('UPHELD_TRACE("R9112-5-1",\n             "First, Rest",\n', text)

    def test_a_long_list_is_broken_and_whole(self):
        names = [f"name{number}" for number in range(40)]
        text = trace.string(names)
        self.assertTrue(all(len(line) <= 100 for line in text.split("\n")))
        parts = [json.loads(line.strip()) for line in text.split("\n")]
        self.assertEqual("".join(parts).split(", "), names)


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

    maxDiff = None

    def test_the_claims_page_is_current(self):
        done = subprocess.run([sys.executable, ROOT / "proofs/claims.py", "--check"],
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.stderr, done.returncode), ("", 0))

    def test_every_text_of_the_core_is_spelt_in_the_specification(self):
        spelt = (ROOT / "proofs/spec/texts.acsl").read_text(encoding="utf-8")
        for name in ("words.h", "texts.h", "ask.h", "deflate.h"):
            text = (ROOT / "core" / name).read_text(encoding="utf-8")
            arrays = re.findall(r"^static const uint8_t (\w+)\[", text, re.M)
            self.assertTrue(arrays, name)
            for array in arrays:
                self.assertRegex(spelt, rf"_\w+\({array}, (sizeof\({array}\)|{array}_SIZE)\)")

    def test_the_trace_is_current(self):
        done = subprocess.run([sys.executable, ROOT / "proofs/trace.py", "--check"],
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.stderr, done.returncode), ("", 0))

    def test_every_clause_stands_on_the_page_of_the_trace(self):
        page = (ROOT / "proofs/TRACE.md").read_text(encoding="utf-8")
        for row in table.read(ROOT / "core"):
            self.assertIn(f"\n| {row.id} | {row.how} |", page)

    def test_every_clause_that_decides_is_full(self):
        found, _, _ = trace.read(ROOT, table)
        self.assertEqual([], [line for line in trace.problems(
            [row for row in found if row.how == "decides"])])

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
