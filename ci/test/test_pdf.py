"""The page on paper, by a browser that is made up: asked for, not asked for, absent, broken."""
import os
import shutil
import unittest

import tree

BROWSER = """#!/bin/sh
for word in "$@"; do
  case $word in --print-to-pdf=*) printf '%s' "$SAYS" > "${word#*=}" ;; esac
done
"""


class Pdf(unittest.TestCase):
    """`make report` in an empty tree: what fails there is not what is looked at here."""

    @classmethod
    def setUpClass(cls):
        cls.tree = tree.Tree()
        cls.addClassCleanup(cls.tree.__exit__)
        cls.tree.write("bin/chromium", BROWSER).chmod(0o755)
        for name in ("make", "sh", "env", "git", "cp", "mv", "mkdir", "test", "od", "tr"):
            (cls.tree.root / "bin" / name).symlink_to(shutil.which(name))
        cls.pdf = cls.tree.root / "build/audit/audit.pdf"

    def report(self, wish, says="%PDF-1.4 x", path=None):
        path = path or f"{self.tree.root}/bin:{os.environ['PATH']}"
        return self.tree.run("audit.py", "--stored", PDF=wish, SAYS=says, PATH=path).stdout

    def sums(self):
        return (self.tree.root / "build/audit/SHA256SUMS").read_text()

    def test_a_browser_draws_it_and_its_sum_is_listed(self):
        for wish in ("yes", ""):
            self.assertNotIn("SKIPPED", self.report(wish))
            self.assertEqual(self.pdf.read_text(), "%PDF-1.4 x")
            self.assertIn("  audit.pdf\n", self.sums())

    def test_not_asked_for(self):
        self.assertNotIn("SKIPPED", self.report("no"))
        self.assertFalse(self.pdf.exists())

    def test_a_browser_that_writes_something_else(self):
        self.assertRegex(self.report("", says="no"), "SKIPPED audit.pdf: .*chromium wrote no PDF")
        self.assertFalse(self.pdf.exists())

    def test_asked_for_and_not_made_it_fails_what_holds(self):
        path = f"{self.tree.root}/bin:{os.environ['PATH']}"
        for wish, status in (("", 0), ("yes", 1)):
            ran = self.tree.run("audit.py", "--time", "1", PDF=wish, SAYS="no", PATH=path)
            self.assertEqual(ran.returncode, status, ran.stdout)
            self.assertIn("SKIPPED audit.pdf", ran.stdout)

    def test_no_browser(self):
        browser = self.tree.root / "bin/chromium"
        browser.rename(self.tree.root / "bin/away")
        try:
            said = self.report("yes", path=f"{self.tree.root}/bin")
        finally:
            (self.tree.root / "bin/away").rename(browser)
        self.assertIn("SKIPPED audit.pdf: no chromium or", said)
        self.assertTrue((self.tree.root / "build/audit/index.html").is_file())


if __name__ == "__main__":
    unittest.main()
