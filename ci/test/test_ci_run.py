""".ci/run: the sum of the tests and the real clients, alone on the last line."""
import shutil
import subprocess
import unittest

import tree


class CiRun(unittest.TestCase):
    def run_with(self, test, interop):
        with tree.Tree() as small:
            (small.root / ".ci").mkdir()
            shutil.copyfile(tree.CI.parent / ".ci/run", small.root / ".ci/run")
            small.write("Makefile", f"test: ; @{test}\ninterop: ; @{interop}\n"
                                    ".PHONY: test interop\n")
            ran = subprocess.run(["bash", ".ci/run"], cwd=small.root, capture_output=True,
                                 text=True, env=small.env(), check=False)
            return ran.returncode, ran.stdout.splitlines()[-1]

    def test_sum_of_both(self):
        got = self.run_with("echo '12 passed, 0 failed'", "echo '5 passed, 0 failed'")
        self.assertEqual(got, (0, "17 passed, 0 failed"))

    def test_either_failing_fails(self):
        got = self.run_with("echo '12 passed, 1 failed'; exit 1", "echo '5 passed, 0 failed'")
        self.assertEqual(got, (1, "17 passed, 1 failed"))
        got = self.run_with("echo '12 passed, 0 failed'", "echo '3 passed, 2 failed'; exit 1")
        self.assertEqual(got, (1, "15 passed, 2 failed"))

    def test_a_verb_that_dies_before_it_counts(self):
        self.assertEqual(self.run_with("exit 1", "true"), (1, "1 passed, 1 failed"))

    def test_an_exit_status_that_its_count_hides(self):
        got = self.run_with("echo '12 passed, 0 failed'; exit 3", "true")
        self.assertEqual(got, (1, "13 passed, 1 failed"))

    def test_it_asks_nothing_of_stdin(self):
        self.assertEqual(self.run_with("test -z \"$$(cat)\"", "test \"$$CI\" = true"),
                         (0, "2 passed, 0 failed"))


if __name__ == "__main__":
    unittest.main()
