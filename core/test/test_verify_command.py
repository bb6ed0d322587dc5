"""test_verify_command.py: `upheld verify-report` starts the script of a checkout, and says what is
wrong with its arguments. What the script does, ci/test/test_verify.py tries."""

import json
import os

from testing import TOP, Command, per_command

load_tests = per_command
SCRIPT = "import json, sys\nprint(json.dumps(sys.argv[1:]))\nsys.exit(7)\n"


class VerifyReport(Command):
    def checkout(self):
        os.makedirs(os.path.join(self.folder, "ci"))
        self.file(SCRIPT, "ci/verify.py")
        return self.folder

    def expect_refused(self, words, *arguments):
        got = self.upheld("verify-report", *arguments)
        self.assertEqual((got.returncode, got.stdout), (2, b""))
        self.assertEqual(got.stderr.count(b"\n"), 1)
        self.assertIn(words, got.stderr.decode())

    def test_arguments_and_exit_status_pass_through_without_a_shell(self):
        root = self.checkout()
        got = self.upheld("verify-report", "--root", root, "--claim", "UPH-CLAIM-$(x) y",
                          "--whole", "--redraw", "a b;c")
        self.assertEqual(got.returncode, 7, got.stderr)
        self.assertEqual(json.loads(got.stdout), [
            "--root", root, "--redraw", "--claim", "UPH-CLAIM-$(x) y", "--whole", "--", "a b;c"])

    def test_the_script_of_this_checkout_says_what_is_no_report(self):
        got = self.upheld("verify-report", "--root", TOP, self.folder)
        self.assertEqual(got.returncode, 2)
        self.assertIn(b"SHA256SUMS: not there", got.stderr)

    def test_unusable_arguments(self):
        self.expect_refused("no DIR given")
        self.expect_refused("one DIR at a time", "a", "b")
        self.expect_refused("--whole belongs to --claim", "--whole", "a")
        self.expect_refused("--claim is given twice", "--claim", "a", "--claim", "b", "c")
        self.expect_refused("unknown option", "--shell", "a")
        self.expect_refused(f"no ci/verify.py in '{self.folder}'", "--root", self.folder, "a")
        self.expect_refused("no ci/verify.py in", "--root", "x" * 5000, "a")

    def test_help(self):
        got = self.upheld("verify-report", "--help")
        self.assertEqual((got.returncode, got.stderr), (0, b""))
        self.assertIn(b"upheld verify-report [--root CHECKOUT]", got.stdout)
