"""What machines read of a report: audit.json, SARIF, SBOM, the lists of sums, against schemas."""
import copy
import json
import re
import subprocess
import unittest

import jsonschema
import yaml

import tree

SCHEMAS = tree.CI / "schemas"


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def errors_of(value, schema, store=None):
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    base = schema.get("$id") or schema.get("id", "")
    resolver = jsonschema.RefResolver(base, schema, store=store or {})
    return [error.message for error in kind(schema, resolver=resolver).iter_errors(value)]


def cyclonedx_errors(value):
    found = {path.name: load(path) for path in SCHEMAS.glob("*.SNAPSHOT.schema.json")}
    store = {f"http://cyclonedx.org/schema/{name}": one for name, one in found.items()}
    return errors_of(value, found["bom-1.5.SNAPSHOT.schema.json"], store)


class Published(unittest.TestCase):
    """One report of a tree that holds, and one of a tree where much does not."""

    @classmethod
    def setUpClass(cls):
        cls.good, cls.bad = tree.Tree(), tree.Tree()
        for small in (cls.good, cls.bad):
            cls.addClassCleanup(small.__exit__)
            small.write("ci/setup", (tree.CI / "setup").read_text()).chmod(0o755)
            small.write("fuzz/record/go.mod", "module x\n\nrequire a.org/b/c v1.5.3\n")
            small.write("fuzz/record/requirements.txt", "websockets==17.4 \\\n  --hash=x\n")
            small.write("fuzz/record/package-lock.json", json.dumps({"packages": {
                "": {"name": "x"}, "node_modules/@a/ws": {"version": "8.23.0"}}}))
            small.write("fuzz/record/Cargo.lock", '[[package]]\nname = "ours"\nversion = "1.0"\n'
                        '\n[[package]]\nname = "bytes"\nversion = "1.2"\nchecksum = "0"\n')
        cls.spoil(cls.bad)
        for small in (cls.good, cls.bad):
            small.run("audit.py", "--time", "1")

    @staticmethod
    def spoil(small):
        proofs, fuzz, eva, trace = tree.proofs(), tree.fuzz(), tree.eva(), tree.trace()
        proofs["functions"][1]["proved"] -= 1
        proofs["claims"][0]["holds"] = False
        proofs["gates"][0]["holds"] = False
        fuzz[0]["crashes"].append("build/fuzz/accept/crashes/crash-1")
        eva["alarms"]["open"].append({"alarm": "core/head.c:7: head: mem_access: p", "why": "x"})
        trace["rows"][0]["empty"].append("vectors")
        for name, value in (("proofs", proofs), ("fuzz", fuzz), ("eva", eva), ("trace", trace)):
            small.sample(name, value)
        small.sample("coverage", None)
        small.write("core/list.c", "/* x */\nint uph_list_has(int a);\n"
                                   "int uph_list_has(int a)\n{\n}\n")

    def file(self, small, name):
        return small.root / "build/audit" / name

    def sarif(self, small):
        return load(self.file(small, "upheld.sarif"))

    def test_the_schema_is_published_and_strict(self):
        schema = load(self.file(self.good, "schema.json"))
        self.assertEqual(schema, load(tree.CI / "report/schema.json"))
        for small in (self.good, self.bad):
            self.assertEqual(errors_of(small.report(), schema), [])
        report = self.good.report()
        for spoil in (lambda r: r.pop("claims"), lambda r: r.update(extra=1),
                      lambda r: r["claims"][0].update(id="claim 1"),
                      lambda r: r["figures"][0].update(value="many"),
                      lambda r: r["findings"].append({"rule": "x"}),
                      lambda r: r["parts"][0].update(state="fine"),
                      lambda r: r.update(tree_sha256="0")):
            broken = copy.deepcopy(report)
            spoil(broken)
            self.assertNotEqual(errors_of(broken, schema), [])

    def test_every_id_is_there_once_and_is_an_anchor(self):
        report, page = self.good.report(), self.good.page()
        found = [row["id"] for key in ("claims", "theorems", "figures", "gates", "limits")
                 for row in report[key]] + [row["clause"] for row in report["trace"]["rows"]]
        self.assertEqual(len(found), len(set(found)))
        self.assertIn("UPH-CLAIM-right-accept", found)
        self.assertIn("R6455-4.2.1-5", found)
        self.assertIn("UPH-FIG-goals-proved", found)
        for one in found:
            self.assertIn(f'id="{one}"', page)

    def test_each_figure_is_what_the_results_say(self):
        figures = {row["id"]: row["value"] for row in self.good.report()["figures"]}
        self.assertEqual(figures["UPH-FIG-goals"], 672)
        self.assertEqual(figures["UPH-FIG-fuzz-executions"],
                         sum(row["execs"] for row in tree.fuzz()))
        self.assertEqual(figures["UPH-FIG-eva-closed"], 1)
        self.assertEqual(figures["UPH-FIG-clauses"], 2)
        self.assertEqual(figures["UPH-FIG-clients-right"], len(tree.CLIENTS))
        self.assertIsNone(figures["UPH-FIG-mutants"])

    def test_a_claim_says_what_carries_it(self):
        row = self.good.report()["claims"][1]
        self.assertEqual((row["words"], row["limits"]), (tree.CLAIMS["claims"][1]["text"],
                                                         "The key is given."))
        self.assertEqual(row["functions"], [{"name": "upheld_accept", "file": "core/accept.c",
                                             "goals": 61, "proved": 61}])
        self.assertEqual(row["command"], "make prove FILE='core/accept.c' FN=upheld_accept")
        self.assertEqual([row["state"] for row in self.good.report()["theorems"]],
                         ["proved", "in part"])

    def test_the_citation_names_version_and_commit(self):
        report = self.good.report()
        self.assertIn("Version 1.2.3, commit none", report["citation"]["project"])
        self.assertIn(report["tree_sha256"], report["citation"]["report"])
        self.assertIn('UPH-CLAIM-safe: "No run-time error."', report["citation"]["claim"])
        text = self.file(self.good, "CITATION.cff").read_text()
        self.assertEqual(text, report["citation"]["cff"])
        cff = yaml.safe_load(text)
        self.assertEqual((cff["cff-version"], cff["version"], cff["type"]),
                         ("1.2.0", "1.2.3", "software"))
        self.assertEqual(set(cff["authors"][0]), {"name"})

    def test_sarif_holds_against_its_schema(self):
        schema = load(SCHEMAS / "sarif-2.1.0-rtm.5.json")
        for small in (self.good, self.bad):
            self.assertEqual(errors_of(self.sarif(small), schema), [])
        broken = self.sarif(self.good)
        broken["runs"][0]["results"] = [{"message": "x"}]
        self.assertNotEqual(errors_of(broken, schema), [])

    def test_sarif_of_a_tree_that_holds_has_no_result(self):
        run = self.sarif(self.good)["runs"][0]
        self.assertEqual(run["results"], [])
        self.assertGreater(len(run["tool"]["driver"]["rules"]), 5)

    def test_sarif_names_each_finding_with_its_place(self):
        found = {}
        for one in self.sarif(self.bad)["runs"][0]["results"]:
            place = one["locations"][0]["physicalLocation"]
            found.setdefault(one["ruleId"], []).append(
                (place["artifactLocation"]["uri"], place["region"]["startLine"]))
            self.assertTrue(one["message"]["text"])
            self.assertRegex(one["partialFingerprints"]["upheld/v1"], "^[0-9a-f]{64}$")
        self.assertEqual(found["UPH-OPEN-GOAL"], [("core/list.c", 3)])
        self.assertEqual(found["UPH-EVA-ALARM"], [("core/head.c", 7)])
        self.assertEqual(found["UPH-CRASH"], [("fuzz/accept.c", 1)])
        self.assertEqual(found["UPH-CLAUSE-GAP"], [("core/clauses.def", 1)])
        for rule in ("UPH-CLAIM-OPEN", "UPH-GATE-FAILED", "UPH-STEP"):
            self.assertIn(rule, found)

    def test_the_sbom_holds_against_its_schema(self):
        value = load(self.file(self.good, "sbom.cdx.json"))
        self.assertEqual(cyclonedx_errors(value), [])
        self.assertNotEqual(cyclonedx_errors({**value, "components": [{"name": "x"}]}), [])
        self.assertNotEqual(cyclonedx_errors(
            {**value, "metadata": {"licenses": [{"license": {"id": "None-Such"}}]}}), [])

    def test_the_sbom_says_what_depends_on_what(self):
        value = load(self.file(self.good, "sbom.cdx.json"))
        depends = {row["ref"]: row["dependsOn"] for row in value["dependencies"]}
        self.assertEqual(depends["upheld:core"], [])
        self.assertEqual(depends["upheld:command"], ["upheld:core", "deb:libjansson-dev"])
        known = {row["bom-ref"]: row for row in value["components"]}
        for name in ("frama-c-base", "afl++", "clang-19", "valgrind", "python3-jinja2"):
            self.assertIn(f"deb:{name}", depends["upheld:harness"])
        self.assertEqual([known[ref]["purl"] for ref in sorted(known) if "@" in ref], [
            "pkg:cargo/bytes@1.2", "pkg:golang/a.org/b/c@v1.5.3", "pkg:npm/%40a/ws@8.23.0",
            "pkg:pypi/websockets@17.4"])
        asked = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "python3-jinja2"],
                               capture_output=True, text=True, check=True).stdout
        self.assertEqual(known["deb:python3-jinja2"]["version"], asked)
        self.assertEqual(set(known), {ref for ref in depends if ref != "upheld"} |
                         set(depends["upheld:harness"]))

    def test_both_lists_of_sums_are_whole_and_right(self):
        folder = self.file(self.good, "")
        for name, at in (("SHA256SUMS", folder), ("INPUTS.SHA256", self.good.root)):
            ran = subprocess.run(["sha256sum", "--check", "--strict", "--quiet", folder / name],
                                 cwd=at, capture_output=True, text=True, check=False)
            self.assertEqual((ran.returncode, ran.stdout), (0, ""), name)
        listed = re.findall(r"^\w{64}  (.*)$", (folder / "SHA256SUMS").read_text(), re.M)
        there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        self.assertEqual(set(listed), there - {"SHA256SUMS"})


if __name__ == "__main__":
    unittest.main()
