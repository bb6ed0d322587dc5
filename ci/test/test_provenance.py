"""Of which commit a result is: what is noted, and what is refused."""
import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import unittest

import tree

sys.path.insert(0, str(tree.CI))

import provenance  # noqa: E402

WRITES = "mkdir -p build && echo {} > build/plants.json"


class Notes(unittest.TestCase):
    def setUp(self):
        self.tree = tree.Tree()
        self.addCleanup(self.tree.__exit__)
        self.tree.write(".gitignore", "build/\n")
        for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "x")):
            self.git(*words)

    def git(self, *words):
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@x.invalid", *words],
                       cwd=self.tree.root, check=True, capture_output=True)

    def run_for(self, command, *flags, file="build/plants.json"):
        return subprocess.run(
            [sys.executable, str(tree.CI / "provenance.py"), *flags, file, "--", "sh", "-c",
             command], cwd=self.tree.root, capture_output=True, text=True, check=False)

    def refusal(self, file="build/plants.json"):
        return provenance.refusal(self.tree.root, file, provenance.of_now(self.tree.root))

    def test_what_a_command_wrote_is_taken_whatever_its_status(self):
        for status in (0, 3):
            self.assertEqual(self.run_for(f"{WRITES}; exit {status}").returncode, status)
            self.assertEqual(self.refusal(), "")
        noted = json.loads((self.tree.root / "build/provenance.json").read_text())
        self.assertEqual(noted["build/plants.json"]["sha256"],
                         hashlib.sha256(b"{}\n").hexdigest())

    def test_nothing_there(self):
        self.assertEqual(self.refusal(), "missing")

    def test_a_file_that_nothing_is_noted_of(self):
        self.tree.write("build/plants.json", "{}\n")
        self.assertIn("nothing says of which commit", self.refusal())
        self.tree.write("build/provenance.json", "[")
        self.assertIn("nothing says of which commit", self.refusal())

    def test_a_file_that_the_command_left_alone_is_not_noted(self):
        self.tree.write("build/plants.json", "{}\n")
        self.run_for("true")
        self.assertIn("nothing says of which commit", self.refusal())

    def test_a_file_that_was_tampered_with(self):
        self.run_for(WRITES)
        self.tree.write("build/plants.json", "{} \n")
        self.assertIn("its SHA-256 is another", self.refusal())

    def test_a_file_of_another_commit_or_of_other_files(self):
        self.run_for(WRITES)
        self.tree.write("core/bytes.c", "int other;\n")
        self.assertRegex(self.refusal(), r"of other files than these, though .*, \w{12}$")
        self.git("commit", "-q", "-a", "-m", "y")
        self.assertRegex(self.refusal(), r"refused: build/\S+ is of \w{12}, this is \w{12}$")

    def test_a_tree_that_changed_meanwhile(self):
        ran = self.run_for(f"{WRITES}; echo >> core/bytes.c")
        self.assertIn("files of the tree changed", ran.stderr)
        self.assertIn("nothing says of which commit", self.refusal())

    def test_what_is_added_to_starts_anew_on_another_tree(self):
        adds = "mkdir -p build && echo x >> build/plants.json"
        for lines in (1, 2):
            self.run_for(adds, "--fresh")
            self.assertEqual((self.tree.root / "build/plants.json").read_text(), "x\n" * lines)
        self.tree.write("core/bytes.c", "int other;\n")
        self.run_for(adds, "--fresh")
        self.assertEqual((self.tree.root / "build/plants.json").read_text(), "x\n")

    def test_what_a_command_prints_can_be_the_result(self):
        ran = self.run_for("echo G0; exit 1", "--print", file="build/gates.txt")
        self.assertEqual((ran.returncode, ran.stdout), (1, "G0\n"))
        self.assertEqual((self.tree.root / "build/gates.txt").read_text(), "G0\n")
        self.assertEqual(self.refusal("build/gates.txt"), "")

    def test_a_signal_ends_the_command_and_its_status_is_told(self):
        """Ctrl-C goes to both; any other signal is handed on."""
        trap = "trap 'exit 7' INT TERM; echo up; while :; do sleep 0.05; done"
        for number, send in ((signal.SIGINT, os.killpg), (signal.SIGTERM, os.kill)):
            running = subprocess.Popen(
                [sys.executable, str(tree.CI / "provenance.py"), "build/x", "--", "sh", "-c", trap],
                cwd=self.tree.root, stdout=subprocess.PIPE, start_new_session=True,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
            try:
                self.assertEqual(running.stdout.readline(), b"up\n")
                send(running.pid, number)
                self.assertEqual(running.wait(timeout=20), 7)
            finally:
                running.stdout.close()
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(running.pid, signal.SIGKILL)
                running.wait()

    def test_unusable_arguments(self):
        for words in ([], ["build/x"], ["--", "true"], ["build/x", "--"]):
            self.assertEqual(provenance.main(words), 2)
        self.assertEqual(self.run_for("true", file="x").returncode, 0)


if __name__ == "__main__":
    unittest.main()
