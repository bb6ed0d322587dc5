"""The runner: what fails, what is skipped, what is counted, and how it ends."""
import io
import os
import signal
import subprocess
import sys
import time
import unittest
from contextlib import redirect_stdout
from pathlib import Path

import tree
import steps
from steps import Step


def sh(name, script, **options):
    return Step(name, ("sh", "-c", script), **options)


class Judged(unittest.TestCase):
    """judge(): from exit status and text to counts."""

    def check(self, code, text, state, passed, failed):
        self.assertEqual(steps.judge(code, text)[:3], (state, passed, failed))

    def test_no_count_is_one(self):
        self.check(0, "fine\n", "passed", 1, 0)
        self.check(3, "broken\n", "failed", 0, 1)

    def test_last_count_is_the_total(self):
        self.check(0, "2 passed, 0 failed\nunit: 7 passed, 0 failed\n", "passed", 7, 0)

    def test_a_count_within_a_sentence_is_none(self):
        self.check(0, "so 9 passed, 1 failed there\n", "passed", 1, 0)

    def test_failed_count_with_exit_0_fails(self):
        self.check(0, "7 passed, 2 failed\n", "failed", 7, 2)

    def test_exit_status_without_failed_count_fails(self):
        self.check(1, "7 passed, 0 failed\nmake: *** [x] Error 1\n", "failed", 7, 1)

    def test_nothing_ran_fails(self):
        self.check(0, "0 passed, 0 failed\n", "failed", 0, 1)

    def test_skipped_inside_fails(self):
        self.check(0, "SKIPPED: no msan here\n7 passed, 0 failed\n", "failed", 7, 1)

    def test_no_such_target_is_skipped(self):
        self.check(2, "make: *** No rule to make target 'x'.  Stop.\n", "skipped", 0, 1)


class Overrides(unittest.TestCase):
    def test_variables_stay_and_flags_go(self):
        self.assertEqual(steps.overrides("rR -j2 --jobserver-auth=3,4 -- TIME=5"), "-- TIME=5")
        self.assertEqual(steps.overrides(" -- TIME=5"), "-- TIME=5")
        self.assertEqual(steps.overrides("k -j2"), "")


class Run(unittest.TestCase):
    def run_steps(self, *wanted):
        with tree.Tree() as small:
            self.said = io.StringIO()
            with redirect_stdout(self.said):
                runner = steps.Runner(wanted, Path("build/logs"), small.root)
                runner.logs = small.root / "build/logs"
                return {result.name: result for result in runner.run()}

    def test_a_failing_step_does_not_stop_the_rest(self):
        got = self.run_steps(sh("a", "echo why it broke; exit 1"), sh("b", "exit 0"))
        self.assertEqual([got["a"].state, got["b"].state], ["failed", "passed"])
        self.assertIn("why it broke", self.said.getvalue())

    def test_what_failed_is_told_however_far_above_the_end(self):
        self.run_steps(sh("a", "echo before; echo 'FAILED one'; echo '    for this reason'; "
                               "echo 'ok     two: FAILED is a word here'; "
                               "seq 100 140; echo '70 passed, 1 failed'; exit 1"))
        said = [line.strip(" |") for line in self.said.getvalue().splitlines()]
        self.assertEqual(said[2:6], ["...", "FAILED one", "for this reason", "..."])
        self.assertEqual(said[6:], [*map(str, range(130, 141)), "70 passed, 1 failed"])

    def test_of_many_failures_the_first_are_told(self):
        self.run_steps(sh("a", "seq -f 'FAILED %g' 1000; exit 1"))
        said = self.said.getvalue()
        self.assertIn("| FAILED 24\n", said)
        self.assertNotIn("| FAILED 25\n", said)
        self.assertIn("| FAILED 1000\n", said)

    def test_a_step_behind_a_failed_one_is_skipped_and_says_why(self):
        got = self.run_steps(sh("a", "exit 1"), sh("b", "exit 0", after=("a",)))
        self.assertEqual((got["b"].state, got["b"].failed), ("skipped", 1))
        self.assertRegex(self.said.getvalue(), r"SKIPPED b.*needs a, which did not pass")

    def test_a_missing_tool_skips_and_names_the_set_up(self):
        got = self.run_steps(sh("a", "exit 0", needs=("no-such-tool",)))
        self.assertEqual((got["a"].state, got["a"].failed), ("skipped", 1))
        self.assertRegex(got["a"].reason, "no-such-tool not found: run ci/setup")

    def test_a_program_that_cannot_start_is_skipped(self):
        got = self.run_steps(Step("a", ("./no-such-program",)))
        self.assertEqual((got["a"].state, got["a"].failed), ("skipped", 1))

    def test_a_result_that_was_there_before_is_refused(self):
        with tree.Tree() as small:
            (small.root / "old.json").write_text("{}")
            with redirect_stdout(io.StringIO()):
                runner = steps.Runner([sh("a", "exit 0", writes="old.json")],
                                      small.root / "logs", small.root)
                got = runner.run()[0]
        self.assertEqual((got.state, got.wrote), ("failed", False))
        self.assertIn("was not written by this run", got.reason)

    def test_a_step_past_its_time_is_stopped_with_its_children(self):
        began = time.monotonic()
        got = self.run_steps(sh("a", "sleep 300 & echo $!; wait", minutes=0.01))
        self.assertLess(time.monotonic() - began, 30)
        self.assertEqual(got["a"].state, "failed")
        self.assertIn("its limit", got["a"].reason)

    def test_two_at_a_time_but_never_more_cores_than_there_are(self):
        mark = "test ! -e busy && touch busy && sleep 0.3 && rm busy"
        got = self.run_steps(sh("a", mark, cores=2), sh("b", mark, cores=2))
        self.assertEqual([got["a"].state, got["b"].state], ["passed", "passed"])
        meet = "touch $0; for i in $(seq 50); do test -e $1 && exit 0; sleep 0.1; done; exit 1"
        got = self.run_steps(Step("a", ("sh", "-c", meet, "one", "two")),
                             Step("b", ("sh", "-c", meet, "two", "one")))
        self.assertEqual([got["a"].state, got["b"].state], ["passed", "passed"])


class Interrupted(unittest.TestCase):
    def test_children_end_with_the_runner(self):
        script = ("import sys; sys.path.insert(0, sys.argv[1]); import steps\n"
                  "from pathlib import Path\n"
                  "steps.install_signals()\n"
                  "one = steps.Step('a', ('sh', '-c', 'setsid sleep 300 & echo $! > pid; wait'))\n"
                  "try: steps.Runner([one], Path('logs'), Path('.')).run()\n"
                  "except KeyboardInterrupt: sys.exit(130)\n")
        for number in (signal.SIGINT, signal.SIGTERM):
            with tree.Tree() as small:
                runner = subprocess.Popen([sys.executable, "-c", script, str(tree.CI)],
                                          cwd=small.root, stdout=subprocess.DEVNULL)
                pid = wait_for(lambda: (small.root / "pid").read_text().strip())
                runner.send_signal(number)
                self.assertEqual(runner.wait(20), 130)
                wait_for(lambda: not os.path.exists(f"/proc/{pid}"))


class Plan(unittest.TestCase):
    """`make test` as a whole, on a tree where most of it cannot pass."""

    def test_total_line_json_and_exit_status(self):
        with tree.Tree() as small:
            ran = small.run("plan.py", "lint")
            lines = ran.stdout.splitlines()
            self.assertRegex(lines[-1], r"^\d+ passed, \d+ failed$")
            self.assertEqual(ran.returncode, 0 if lines[-1].endswith(" 0 failed") else 1)
            self.assertTrue((small.root / "build/lint.json").is_file())
            self.assertFalse((small.root / "build/lint.json.new").exists())

    def test_one_broken_file_turns_lint_red(self):
        with tree.Tree() as small:
            small.write(".clang-format", "BasedOnStyle: LLVM\n")
            small.outside()
            self.assertEqual(small.run("plan.py", "lint").returncode, 0)
            small.write("core/list.c", "int   list ;\n")
            ran = small.run("plan.py", "lint")
            self.assertEqual(ran.returncode, 1)
            self.assertRegex(ran.stdout, r"FAILED +format")

    def test_an_unknown_verb_is_one_line_and_exit_2(self):
        with tree.Tree() as small:
            ran = small.run("plan.py", "prove")
            self.assertEqual((ran.returncode, ran.stdout), (2, ""))
            self.assertEqual(len(ran.stderr.splitlines()), 1)

    def test_two_runs_at_once_are_refused(self):
        import lock
        with tree.Tree() as small, lock.held(small.root / "build", "audit"):
            ran = small.run("plan.py", "lint")
            self.assertEqual(ran.returncode, 2)
            self.assertIn("`make audit` is running", ran.stderr)


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := condition():
                return found
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError("waited in vain")


if __name__ == "__main__":
    unittest.main()
