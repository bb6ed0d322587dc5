"""`make report`: a report of what lies in build/, with every part there, of this commit, or red."""
import json
import subprocess
import sys
import unittest

import tree

sys.path.insert(0, str(tree.CI))

import provenance  # noqa: E402
from report import judge, parts  # noqa: E402

PATCH = "Bug: b\nOrigin: o\nClause: c\nTarget: list\n--- a/core/list.c\n+++ b/core/list.c\n"


def plants(small):
    """One planted bug that was measured in the small tree."""
    small.write("fuzz/plants/one.patch", PATCH)
    small.write("fuzz/fuzz.mk", "FUZZ_EACSL_list := list\n")
    trials = [{"found": True, "seconds": 0.5}, {"found": True, "seconds": 2.0}]
    return {"plants": [{
        "name": "one", "bug": "a NUL is written", "origin": "a server", "clauses": ["R6455-4.1-9"],
        "targets": ["list"], "patch_sha256": parts.planting_tree().patches.digest(PATCH.encode()),
        "tree_sha256": parts.tree_of(small.root)(("list",)), "means": {
            "vectors": {"found": False, "seconds": 0.1}, "replay": {"found": True, "seconds": 0.2},
            "libfuzzer": {"target": "list", "limit": 60, "trials": trials, "found": True},
            "afl": {"target": "list", "limit": 60, "trials": trials, "found": True},
            "eacsl": {"target": "list", "limit": 60, "trials": trials, "found": True,
                      "contracts_sha256": parts.contracts_of(small.root)()},
            "proof": {"found": True, "seconds": 7.25, "function": "f", "goal": "f_ensures",
                      "why": "f_ensures of f()", "proof_sha256": parts.proof_of(small.root)(),
                      "versions": {}}}}]}


def mutants():
    return {"killed": 1, "fell": 0, "survivor": 0, "hole": 0, "same": 0, "unusable": 0, "made": 1,
            "equivalent": 0, "of": 1, "functions": 1, "functions_of": 1, "recorded": 0,
            "problems": [],
            "mutants": [{"name": "core/list.c:f:drop:1", "line": 1, "old": "a", "new": "b",
                         "class": "killed"}]}


def bench():
    return {"linear": [{"shape": "fields", "spread": 1.0, "most": 1.1, "reached": True}],
            "targets": [{"target": "half", "ours": "upheld", "peer": "p", "input": "mix",
                         "ratio": 0.4, "most": 0.5, "reached": True}]}


INTEROP = [{"peer": "curl", "version": "1", "role": "client", "scenario": "s", "ok": True,
            "detail": "d"}]
FAMILIES = {"files": {f"core/{name}.c": {"goals": 4, "both": 4}
                      for name in ("bytes", "head", "list")}}
MACHDEP = {"machdep": "gcc_x86_32", "tools": {},
           "files": {f"core/{name}.c": {"goals": 5, "smoke_tests": 2}
                     for name in ("bytes", "head", "list")}}


class Engines(unittest.TestCase):
    """A target is asked of those engines that fuzz/table.py has for it."""

    def missing(self, *targets):
        return [problem for problem in judge.fuzz([], targets, 1) if " ran " not in problem]

    def test_each_engine_of_the_table_and_no_other(self):
        self.assertCountEqual(self.missing("handshake", "list", "accept"), [
            f"{target} did not run under {engine}" for target, engine in (
                ("list", "libfuzzer"), ("list", "afl"), ("list", "honggfuzz"),
                ("handshake", "libfuzzer"), ("accept", "libfuzzer"), ("accept", "afl"))])

    def test_a_target_that_the_table_lacks(self):
        self.assertIn("other is in no row of fuzz/table.py",
                      self.missing("handshake", "list", "other"))


class Stored(unittest.TestCase):
    def setUp(self):
        self.tree = tree.Tree()
        self.addCleanup(self.tree.__exit__)
        self.tree.write(".gitignore", "build/\n")
        self.tree.write("proofs/families.json", json.dumps(FAMILIES))
        self.tree.write("proofs/machdep.json", json.dumps(MACHDEP))
        self.values = {"proofs": tree.proofs(), "eva": tree.eva(), "trace": tree.trace(),
                       "fuzz": tree.fuzz(), "coverage": tree.coverage(),
                       "plants": plants(self.tree), "mutants": mutants(), "interop": INTEROP,
                       "bench-targets": bench()}
        self.git("init", "-q")
        self.commit()

    def git(self, *words):
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@x.invalid", *words],
                       cwd=self.tree.root, check=True, capture_output=True)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")

    def measure(self, without=()):
        """Every result, noted as being of the tree as it is."""
        names = [name for name in self.values if name not in without]
        for name in names:
            self.tree.write(f"build/{name}.json", json.dumps(self.values[name]))
        self.tree.write("build/gates.txt", tree.GATES)
        provenance.note(self.tree.root, [f"build/{name}.json" for name in names] +
                        ["build/gates.txt"], provenance.of_now(self.tree.root), "test")

    def report(self):
        return self.tree.run("audit.py", "--stored")

    def expect_red(self, step, words):
        ran = self.report()
        self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
        self.assertRegex(ran.stdout.splitlines()[-1], rf"^DOES NOT HOLD: .*\b{step}\b")
        self.assertIn("<h1>DOES NOT HOLD</h1>", self.tree.page())
        self.assertRegex(self.tree.page(), words)
        return self.tree.report()

    def test_with_every_part_it_holds_and_shows_them(self):
        self.measure()
        ran = self.report()
        self.assertEqual((ran.returncode, ran.stdout.splitlines()[-1]), (0, "HOLDS"), ran.stdout)
        page = self.tree.page()
        for words in ('id="UPH-PIC-survival"', "1.2 s, 2 of 2", "a NUL is written",
                      "Made of", "curl", "core/head.c"):
            self.assertIn(words, page)
        self.assertNotIn("not measured", page)
        self.assertNotIn('id="missing"', page)
        figures = {row["id"]: row["value"] for row in self.tree.report()["figures"]}
        self.assertEqual(figures["UPH-FIG-plants-median"], 1.25)
        self.assertEqual(figures["UPH-FIG-machdep-goals"], 15)
        self.assertIn("Goals proved for gcc_x86_32", page)
        self.assertEqual([figures[f"UPH-FIG-plants-{name}"] for name in
                          ("tests", "eacsl", "proof", "two-means")], [1, 1, 1, 1])
        self.assertIn("7.25 s", page)
        self.assertIn("proof: 1 of 1 trials found their bug", page)
        self.assertNotIn(None, figures.values())

    def test_half_a_run_says_what_is_missing_in_red_and_fails(self):
        self.measure(without=("fuzz", "mutants"))
        report = self.expect_red("mutants", r'<div class="alarm"><ul>\n<li><b>fuzzing</b>: '
                                            "build/fuzz.json: not there; run make fuzz-all")
        absent = {row["part"]: row["state"] for row in report["parts"]
                  if row["state"] != "measured"}
        self.assertEqual(absent, {"fuzz": "missing", "mutants": "missing"})
        self.assertEqual((report["fuzz"], report["mutants"]), (None, None))

    def test_results_of_another_commit_are_refused(self):
        self.measure()
        self.commit()
        report = self.expect_red("prove|proof", r"refused: build/proofs.json is of \w{12}, this is")
        self.assertIsNone(report["proof"])
        self.assertEqual({row["state"] for row in report["parts"]
                          if row["part"] not in ("families", "machdep")}, {"refused"})

    def test_a_result_that_was_tampered_with_is_found_by_its_hash(self):
        self.measure()
        path = self.tree.root / "build/fuzz.json"
        path.write_text(path.read_text().replace("803221", "903221"))
        report = self.expect_red("fuzz", "build/fuzz.json is not what its command wrote: its "
                                         "SHA-256 is another")
        self.assertIsNone(report["fuzz"])

    def test_what_does_not_hold_in_each_part_is_named(self):
        said = "HOLE core/list.c:f:drop:1, line 1: `a` -> `b`: every goal is proved"
        self.values["mutants"].update(problems=[said], hole=1, of=9, functions_of=2)
        engine = self.values["plants"]["plants"][0]["means"]["libfuzzer"]
        engine["found"] = engine["trials"][1]["found"] = False
        self.values["interop"] = [{**INTEROP[0], "ok": False, "detail": "closed"}]
        self.values["bench-targets"]["linear"][0]["reached"] = False
        self.tree.write("proofs/families.json", json.dumps({"files": {}}))
        self.tree.write("proofs/machdep.json", json.dumps(MACHDEP | {"files": {
            "core/head.c": {"goals": 5, "smoke_tests": 2}}}))
        self.commit()
        self.measure()
        self.tree.write("build/gates.txt", "G0   PASS  no goal is open\n")
        provenance.note(self.tree.root, ["build/gates.txt"], provenance.of_now(self.tree.root), "t")
        report = self.expect_red("mutants", "UPH-MUTANT")
        failing = {row["step"]: row["reason"] for row in report["failing"]}
        for step, words in (("mutants", "1 mutants were tried, of 9; expected at least 9"),
                            ("mutants", "1 of 2 functions had no mutant"),
                            ("plants", "libfuzzer does not find it in every trial"),
                            ("interop", "curl, s: closed"),
                            ("bench", "work is not linear in fields"),
                            ("families", "3 of 3 files were not measured"),
                            ("machdep", "2 of 3 files were not measured"),
                            ("gates", "no fault was planted")):
            self.assertIn(words, failing[step])
        found = {row["rule"]: row for row in report["findings"]}
        self.assertEqual((found["UPH-MUTANT"]["file"], found["UPH-MUTANT"]["message"]),
                         ("core/list.c", said))
        self.assertEqual(found["UPH-PLANT-MISSED"]["file"], "fuzz/plants/one.patch")

    def test_what_the_proof_misses_is_named(self):
        means = self.values["plants"]["plants"][0]["means"]
        means["proof"]["found"] = False
        self.measure()
        self.expect_red("plants", "one: every goal of what it changes is proved all the same")

    def test_a_proof_by_another_specification_is_not_shown(self):
        self.tree.write("proofs/spec/list.acsl", "predicate P(integer x) = x > 0;\n")
        self.commit()
        self.measure()
        self.expect_red("plants", "one: measured with another proof")
        self.assertNotIn("a NUL is written", self.tree.page())

    def test_where_a_target_has_no_such_leg_nothing_is_missed(self):
        means = self.values["plants"]["plants"][0]["means"]
        means["eacsl"].update(found=False, no_leg=True, trials=[])
        del means["proof"]
        means["afl"].update(found=False, by_target=True, trials=[
            {"found": False, "seconds": 0.1, "why": "FUZZ_CHECK broken"}])
        self.measure()
        self.assertEqual(self.report().returncode, 0)
        for words in ("no leg", "no, the target&#39;s check came first"):
            self.assertIn(words, self.tree.page())
        figures = {row["id"]: row["value"] for row in self.tree.report()["figures"]}
        self.assertEqual([figures[f"UPH-FIG-plants-{name}"] for name in ("eacsl", "proof")],
                         [None, None])

    def test_planted_bugs_with_other_contracts_are_not_shown(self):
        self.values["plants"]["plants"][0]["means"]["eacsl"]["contracts_sha256"] = "0" * 64
        self.measure()
        self.expect_red("plants", "one: measured with other contracts")

    def test_planted_bugs_of_another_core_are_not_shown(self):
        self.values["plants"]["plants"][0]["tree_sha256"] = "0" * 64
        self.measure()
        self.expect_red("plants", "one: measured with another core")
        self.assertNotIn("a NUL is written", self.tree.page())


if __name__ == "__main__":
    unittest.main()
