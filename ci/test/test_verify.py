"""verify-report: whatever is wrong with a report is found, and a claim is proved again."""
import json
import shutil
import subprocess
import unittest

import tree

PROVE = """#!/bin/sh
echo "proving $@"
test ! -e ci/prove.fails
"""


class Verify(unittest.TestCase):
    """One report of a small checkout; each test spoils a copy of it."""

    @classmethod
    def setUpClass(cls):
        cls.tree = tree.Tree()
        cls.addClassCleanup(cls.tree.__exit__)
        cls.tree.write(".gitignore", "build/\n__pycache__/\n")
        cls.tree.write("proofs/prove.py", PROVE).chmod(0o755)
        shutil.copyfile(tree.CI / "verify.py", cls.tree.root / "ci/verify.py")
        cls.git("init", "-q")
        cls.commit()
        cls.tree.run("audit.py", "--time", "1")

    @classmethod
    def git(cls, *words):
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@x.invalid", *words],
                       cwd=cls.tree.root, check=True, capture_output=True)

    @classmethod
    def commit(cls):
        cls.git("add", "-A")
        cls.git("commit", "-q", "--allow-empty", "-m", "x")

    def setUp(self):
        self.copy = self.tree.root / "build/copy"
        shutil.copytree(self.tree.root / "build/audit", self.copy)
        self.addCleanup(shutil.rmtree, self.copy)

    def verify(self, *words, folder=None):
        return self.tree.run("verify.py", *words, str(folder or self.copy))

    def expect(self, words, *arguments):
        ran = self.verify(*arguments)
        self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
        self.assertRegex(ran.stdout, words)
        self.assertRegex(ran.stdout.splitlines()[-1], r"^\d+ passed, [1-9]\d* failed$")
        return ran.stdout

    def sums_anew(self):
        """As one would who knows what the list is for."""
        path = self.copy / "SHA256SUMS"
        names = [line[66:] for line in path.read_text().splitlines()]
        made = subprocess.run(["sha256sum", *names], cwd=self.copy, check=True,
                              capture_output=True, text=True).stdout
        path.write_text(made)

    def change(self, name, change):
        """Changes a JSON file of the report, and the list of sums with it."""
        value = json.loads((self.copy / name).read_text())
        change(value)
        (self.copy / name).write_text(json.dumps(value, indent=1) + "\n")
        self.sums_anew()

    def test_a_report_as_it_was_written(self):
        ran = self.verify("--redraw")
        self.assertEqual((ran.returncode, ran.stdout.splitlines()[-1]), (0, "5 passed, 0 failed"),
                         ran.stdout + ran.stderr)

    def test_a_result_that_was_tampered_with(self):
        path = self.copy / "results/proofs.json"
        path.write_text(path.read_text().replace('"admits": 0', '"admits": 1'))
        self.expect("results/proofs.json: was changed")

    def test_a_file_that_is_missing_and_one_too_many(self):
        (self.copy / "results/fuzz.json").unlink()
        (self.copy / "results/other.json").write_text("{}")
        said = self.expect("results/fuzz.json: is missing")
        self.assertIn("results/other.json: is not in the list", said)

    def test_a_result_with_sums_made_anew(self):
        self.change("results/fuzz.json", lambda rows: rows[0].update(execs=9))
        said = self.expect("results/fuzz.json: is not what audit.json was read from")
        self.assertIn("fuzz is not what results/fuzz.json says", said)

    def test_a_figure_with_sums_made_anew(self):
        self.change("audit.json", lambda report: report["figures"][0].update(value=9))
        self.expect("figures do not follow from the results")

    def test_a_claim_with_sums_made_anew(self):
        self.change("audit.json", lambda report: report["claims"][0].update(words="All is well."))
        self.expect("claims are not those of proofs/claims.json")

    def test_a_verdict_with_sums_made_anew(self):
        self.change("audit.json", lambda report: report.update(verdict="DOES NOT HOLD"))
        self.expect("says DOES NOT HOLD, with 0 steps")

    def test_a_page_with_sums_made_anew(self):
        path = self.copy / "index.html"
        path.write_text(path.read_text().replace("<h1>HOLDS", "<h1>HOLDS TWICE"))
        self.sums_anew()
        self.assertEqual(self.verify().returncode, 0)
        self.expect("index.html: is not what audit.json gives", "--redraw")

    def test_inputs_with_sums_made_anew(self):
        path = self.copy / "INPUTS.SHA256"
        path.write_text(path.read_text().replace("core/bytes.c", "core/bytez.c"))
        self.sums_anew()
        self.expect("INPUTS.SHA256: is not the list that the report is of")

    def test_a_checkout_with_another_file(self):
        path = self.tree.root / "core/bytes.c"
        before = path.read_bytes()
        path.write_text("int other;\n")
        try:
            self.expect("core/bytes.c: was changed")
        finally:
            path.write_bytes(before)

    def test_a_report_of_another_commit(self):
        self.commit()
        try:
            self.expect("the report is of commit [0-9a-f]{40}, the checkout of [0-9a-f]{40}")
        finally:
            self.git("reset", "-q", "--hard", "HEAD~1")

    def test_a_claim_is_proved_again(self):
        ran = self.verify("--claim", "UPH-CLAIM-right-accept")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertIn("proving core/accept.c --fn upheld_accept\n", ran.stdout)
        self.assertIn("--whole proves them all", ran.stdout)
        for words in (("UPH-CLAIM-right-accept", "--whole"), ("UPH-CLAIM-safe",)):
            ran = self.verify("--claim", *words)
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
            self.assertIn("proving \n", ran.stdout)

    def test_a_claim_that_falls(self):
        self.tree.write("ci/prove.fails", "")  # an input more, so the list is not right either
        self.addCleanup((self.tree.root / "ci/prove.fails").unlink)
        said = self.expect("not proved again", "--claim", "UPH-CLAIM-safe")
        self.assertNotIn("proving", said)
        exclude = self.tree.root / ".git/info/exclude"
        exclude.write_text("ci/prove.fails\n")
        self.addCleanup(exclude.write_text, "")
        said = self.expect("exit status 1", "--claim", "UPH-CLAIM-safe")
        self.assertIn("proving", said)

    def test_what_cannot_be_used_is_one_line_and_exit_2(self):
        (self.copy / "audit.json").write_text("{}")
        cases = [((), self.copy), ((), self.tree.root / "none"), ((), self.tree.root / "core"),
                 (("--whole",), self.copy), (("--claim", "UPH-CLAIM-none"), self.copy),
                 (("--claim", "safe"), self.copy)]
        for words, folder in cases:
            ran = self.verify(*words, folder=folder)
            self.assertEqual(ran.returncode, 2, ran.stdout)
            self.assertEqual(len(ran.stderr.splitlines()), 1, ran.stderr)

    def test_a_list_that_is_none_or_leads_elsewhere(self):
        for text in ("x\n", "0" * 64 + "  ../../ci/setup\n", "0" * 64 + "  /etc/passwd\n"):
            (self.copy / "SHA256SUMS").write_text(text)
            ran = self.verify()
            self.assertEqual(ran.returncode, 2)
            self.assertIn("SHA256SUMS:1: expected", ran.stderr)


if __name__ == "__main__":
    unittest.main()
