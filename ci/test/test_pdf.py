"""The page on paper, by a browser that is made up: asked for, not asked for, absent, broken."""
import contextlib
import io
import os
import sys
import unittest
from unittest import mock

import tree

sys.path.insert(0, str(tree.CI))

import audit  # noqa: E402

BROWSER = """#!/bin/sh
for word in "$@"; do
  case $word in --print-to-pdf=*) printf '%s' "$SAYS" > "${word#*=}" ;; esac
done
"""


class Pdf(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tree = tree.Tree()
        cls.addClassCleanup(cls.tree.__exit__)
        cls.tree.write("bin/chromium", BROWSER).chmod(0o755)
        cls.path = f"{cls.tree.root}/bin:{os.environ['PATH']}"
        cls.pdf = cls.tree.write("page/index.html", "<p>x</p>").with_name("audit.pdf")

    def setUp(self):
        self.pdf.unlink(missing_ok=True)

    def print_page(self, wish, says="%PDF-1.4 x", path=None):
        """(whether the audit may go on, what it printed)"""
        printed = io.StringIO()
        with mock.patch.dict(os.environ, {"PATH": path or self.path, "SAYS": says}), \
                contextlib.redirect_stdout(printed):
            good = audit.print_page(self.pdf.parent, wish)
        return good, printed.getvalue()

    def test_a_browser_draws_it(self):
        for wish in ("yes", audit.pdf.WISHES[0]):
            self.assertEqual(self.print_page(wish), (True, ""))
            self.assertEqual(self.pdf.read_text(), "%PDF-1.4 x")

    def test_not_asked_for(self):
        self.assertEqual(self.print_page("no"), (True, ""))
        self.assertFalse(self.pdf.exists())

    def test_a_browser_that_writes_something_else(self):
        for wish, good in ((audit.pdf.WISHES[0], True), ("yes", False)):
            got = self.print_page(wish, says="no")
            self.assertEqual(got[0], good)
            self.assertRegex(got[1], "^SKIPPED audit.pdf: .*chromium wrote no PDF")
            self.assertFalse(self.pdf.exists())

    def test_no_browser(self):
        for wish, good in ((audit.pdf.WISHES[0], True), ("yes", False)):
            got = self.print_page(wish, path=str(self.tree.root / "none"))
            self.assertEqual(got[0], good)
            self.assertIn("SKIPPED audit.pdf: no chromium or", got[1])

    def test_asked_for_and_not_made_it_fails_what_holds(self):
        ran = self.tree.run("audit.py", "--time", "1", PDF="yes", SAYS="no", PATH=self.path)
        self.assertEqual((ran.returncode, ran.stdout.splitlines()[-1]), (1, "HOLDS"), ran.stdout)
        self.assertIn("SKIPPED audit.pdf", ran.stdout)
        self.assertTrue((self.tree.root / "build/audit/index.html").is_file())


if __name__ == "__main__":
    unittest.main()
