#!/usr/bin/python3
"""Tests of proofs/needs: what is dropped, who is asked, how it is judged, and planted clauses.

    proofs/needs_test.py [NAME...]

The slow one works in a copy of the project, to a contract of which it adds a clause that nothing
needs. Prints each failure, then `N passed, M failed`.
"""

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "proofs")]
sys.dont_write_bytecode = True

from evidence import contracts, eacsl  # noqa: E402
from needs import calls, trial  # noqa: E402
from wp import ast, toolchain  # noqa: E402

TWO = """/*@ assigns \\nothing;
    ensures low: \\result >= 0; // not below
    ensures high:
      \\result <= 9; */
int f(void);
/*@ ensures low: \\result == 1; */
int g(void);
"""
PROGRAM = """/*@ ensures low: \\result == 0; */
static int leaf(int x) { return 0; }
/*@ ensures two: \\result == 0; */
static int middle(int x) { return leaf(x); }
/*@ ensures three: \\result == 0; */
int top(int x)
{
  /*@ ghost other(x); */
  return middle(x) + sizeof(x);
}
/*@ ensures four: \\true; */
void other(int x) { }
"""
CLAIMS = {"claims": [{"id": "all", "needs": ["*"]}, {"id": "one", "needs": ["*", "top:three"]}]}
# A short function of the core, of which each clause is needed where it is proved.
FILE, FUNCTION = "core/websocket.c", "protocol_preferred"


def clause(function, label, file="core/a.c", says="\\true"):
    """An `ensures` as contracts.py reads it."""
    return contracts.Clause(function, "ensures", label, f"ensures {label}: {says};", file)


def graph():
    """The calls of PROGRAM."""
    functions, logic = ast.scan(PROGRAM)
    made = calls.Calls([], {})
    unit = SimpleNamespace(name="core/a.c", path=ROOT / "core" / "a.c")
    made.add(unit, ast.Program(PROGRAM, functions, logic))
    return made


class Dropped(unittest.TestCase):
    """What is taken out of a source."""

    def test_one_clause_and_no_other(self):
        left = contracts.without(TWO, "f", "high")
        self.assertEqual(len(left), len(TWO))
        self.assertEqual(left.count("\n"), TWO.count("\n"))
        self.assertEqual([(one.function, one.label) for one in contracts.read_file(left, "a.h")],
                         [("f", ""), ("f", "low"), ("g", "low")])

    def test_of_that_function_alone(self):
        left = contracts.without(TWO, "g", "low")
        self.assertIn(TWO[:TWO.index("int f")], left)
        self.assertNotIn("== 1", left)

    def test_none_where_there_is_none(self):
        self.assertIsNone(contracts.without(TWO, "g", "high"))

    def test_every_clause_of_the_core_can_be(self):
        found = contracts.read(ROOT)
        texts = {one.file: (ROOT / one.file).read_text(encoding="utf-8") for one in found}
        for one in found:
            if one.kind == "ensures":
                left = contracts.without(texts[one.file], one.function, one.label)
                self.assertNotEqual((one.goal, left), (one.goal, None))
                self.assertEqual(len(left), len(texts[one.file]))


class Graph(unittest.TestCase):
    """Who calls whom, and which claims rest on it."""

    def test_callers(self):
        made = graph()
        self.assertEqual(made.callers["leaf"], [calls.Caller("middle", "core/a.c")])
        self.assertEqual(made.behind("top"), {"top", "middle", "leaf"} | (
            {"other"} if "other" in made.called["top"] else set()))

    def test_a_call_in_ghost_code_is_a_call(self):
        self.assertEqual([one.name for one in graph().callers["other"]], ["top"])

    def test_claims(self):
        with tempfile.TemporaryDirectory() as box:
            path = Path(box) / "claims.json"
            path.write_text(json.dumps(CLAIMS), encoding="utf-8")
            found = calls.Claims(graph(), path)
            self.assertEqual(found.naming("top", "three"), ["one"])
            self.assertEqual(found.naming("middle", "two"), [])
            self.assertEqual(found.resting_on("leaf"), ["one"])
            self.assertEqual(found.resting_on("elsewhere"), ["all", "one"])
            path.write_text("[1", encoding="utf-8")
            with self.assertRaisesRegex(toolchain.ProofError, "claims.json: expected claims"):
                calls.Claims(graph(), path)


class Judged(unittest.TestCase):
    """How one clause is judged; the provers are played."""

    def judge(self, one, falls):
        """The row of a clause where asking the provers gives `falls`."""
        def asked(prover, _):
            if isinstance(falls, Exception):
                raise falls
            return falls

        provers = queue.SimpleQueue()
        provers.put(None)
        naming = {("top", "three"): ["one"]}
        claims = SimpleNamespace(naming=lambda name, label: naming.get((name, label), []),
                                 resting_on=lambda name: ["one"])
        bench = SimpleNamespace(claims=claims, provers=provers, falls=asked, key=lambda one: "k",
                                at_run_time={"list"})
        return trial.tried(bench, one)

    def test_named_by_a_claim(self):
        row = self.judge(clause("top", "three"), AssertionError("no prover is to be asked"))
        self.assertEqual((row["class"], row["claims"]), ("claimed", ["one"]))

    def test_needed(self):
        fall = trial.Fall("middle", "middle_ensures_two", "Timeout")
        row = self.judge(clause("leaf", "low"), fall)
        self.assertEqual((row["class"], row["caller"], row["claims"]),
                         ("needed", "middle", ["one"]))

    def test_unneeded_and_offered(self):
        self.assertEqual(self.judge(clause("leaf", "low"), trial.Fall())["class"], "unneeded")
        self.assertEqual(self.judge(clause("upheld_leaf", "low"), trial.Fall())["class"], "offered")
        self.assertEqual(self.judge(clause("leaf", "low", "core/list.h"), trial.Fall())["class"],
                         "checked")
        exact = clause("leaf", "low", "core/list.h", "UPH_EXACT(\\result == 1)")
        self.assertEqual(self.judge(exact, trial.Fall())["class"], "unneeded")

    def test_units_of_no_leg_are_an_error(self):
        with tempfile.TemporaryDirectory() as box:
            with self.assertRaisesRegex(contracts.EvidenceError, "fuzz.mk: No such file"):
                eacsl.units(Path(box))
            (Path(box) / "fuzz").mkdir()
            (Path(box) / eacsl.MAKEFILE).write_text("FUZZ_EACSL_TARGETS := list\n")
            with self.assertRaisesRegex(contracts.EvidenceError, "expected FUZZ_EACSL_TARGET"):
                eacsl.units(Path(box))

    def test_a_dead_prover_is_no_verdict(self):
        row = self.judge(clause("leaf", "low"), toolchain.ProofError("cvc5: exit 3"))
        self.assertEqual((row["class"], row["answer"]), ("unjudged", "cvc5: exit 3"))


class Planted(unittest.TestCase):
    """A real proof, of a clause that is needed and of one that is not."""

    def test_an_idle_clause_is_found(self):
        with tempfile.TemporaryDirectory(prefix="upheld-needs-") as box:
            root = Path(box).resolve() / "project"
            for name in ("core", "proofs"):
                shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns(
                    "__pycache__", "node_modules", "record.jsonl"))
            (root / "fuzz").mkdir()
            shutil.copy(ROOT / eacsl.MAKEFILE, root / eacsl.MAKEFILE)
            path = root / FILE
            text = path.read_text(encoding="utf-8")
            head = next(text[match.start():match.end()] for match in
                        contracts.ANNOTATION.finditer(text) if contracts.function_behind(
                            text[match.end():match.end() + 200]) == FUNCTION)
            more = head[:-2].rstrip() + "\n    ensures idle: 0 <= 1; */"
            path.write_text(text.replace(head, more), encoding="utf-8")
            done = subprocess.run(
                ["proofs/needs.py", "--file", FILE, "--fn", FUNCTION], cwd=root, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                env=os.environ | {"PWD": str(root)})
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn(f"UNNEEDED {FUNCTION}_ensures_idle", done.stdout)
            self.assertIn(" needed ", done.stdout)
            rows = json.loads((root / "build/needs.json").read_text(encoding="utf-8"))
            self.assertEqual(rows["unneeded"] + rows["needed"], len(rows["clauses"]), done.stdout)


def main():
    """Prints what fails and the counts."""
    names = [one for one in sys.argv[1:] if not one.startswith("-")]
    loader = unittest.defaultTestLoader
    module = sys.modules[__name__]
    suite = (loader.loadTestsFromNames(names, module) if names
             else loader.loadTestsFromModule(module))
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=1).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.skipped)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return 1 if failed or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
