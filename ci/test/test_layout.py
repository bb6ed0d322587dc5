"""The layout check finds what it is for, and leaves alone what it is not."""
import subprocess
import sys
import unittest

import tree


class Layout(unittest.TestCase):
    def setUp(self):
        self.tree = tree.Tree()
        self.addCleanup(self.tree.__exit__)

    def check(self, what="tree"):
        command = [sys.executable, str(tree.CI / "layout.py"), what, str(self.tree.root)]
        return subprocess.run(command, capture_output=True, text=True, check=False,
                              env=self.tree.env())

    def expect(self, words, what="tree"):
        ran = self.check(what)
        self.assertEqual(ran.returncode, 1, ran.stdout)
        self.assertIn(words, ran.stdout)
        self.assertRegex(ran.stdout.splitlines()[-1], r"^\d+ passed, 1 failed$")

    def test_a_sound_tree(self):
        for what in ("tree", "python"):
            self.assertEqual(self.check(what).returncode, 0)

    def test_a_name_that_the_layout_does_not_know(self):
        self.tree.write("notes.txt", "x\n")
        self.expect("notes.txt: not a name of the layout")

    def test_a_module_that_nothing_installs(self):
        self.tree.write("ci/sound.py", "import json\nimport jsonschema\n")
        self.expect("ci/sound.py:2: imports jsonschema", "python")

    def test_a_module_that_the_setup_installs(self):
        self.tree.write("ci/sound.py", "import jsonschema\n")
        self.tree.write("ci/setup", "unit='python3-jsonschema'\n")
        self.assertEqual(self.check("python").returncode, 0)

    def test_a_long_file(self):
        self.tree.write("core/list.c", "\n" * 601)
        self.expect("core/list.c: 601 lines")

    def test_a_wide_line(self):
        self.tree.write("core/list.c", f"/* {'x' * 95} */\n")
        self.expect("core/list.c:1: 101 columns")

    def test_an_action_by_its_digest_may_be_wide(self):
        self.tree.write(".github/workflows/x.yml", f"- uses: {'x' * 60}@{'a' * 40} # v1\n")
        self.assertEqual(self.check().returncode, 0)
        self.tree.write(".github/workflows/x.yml", f"- uses: {'x' * 100}@v1\n")
        self.expect(".github/workflows/x.yml:1: 111 columns")

    def test_100_columns_are_not_too_wide(self):
        self.tree.write("core/list.c", f"/* {'x' * 94} */\n")
        self.assertEqual(self.check().returncode, 0)

    def test_an_unfinished_mark(self):
        self.tree.write("core/list.c", "\n/* TO" + "DO: later */\n")
        self.expect("core/list.c:2: unfinished mark")

    def test_a_path_of_a_machine(self):
        for path in ("/ho" + "me/someone/x", "/tm" + "p/x", "/wor" + "k/main"):
            self.tree.write("ci/sound.py", f"X = '{path}'\n")
            self.expect("ci/sound.py:1: path of a machine")

    def test_a_relative_path_is_none(self):
        self.tree.write("ci/sound.py", "X = 'build/wor" + "k/main'\n")
        self.assertEqual(self.check().returncode, 0)

    def test_the_host_of_a_registry(self):
        for host in ("registry.npm" + "js.org", "py" + "pi.org", "proxy." + "golang.org"):
            self.tree.write("fuzz/lock.json", f'{{"from": "https://{host}/x"}}\n')
            self.expect("fuzz/lock.json:1: host of a package registry")

    def test_python_that_does_not_compile(self):
        self.tree.write("ci/sound.py", "def x(:\n")
        self.expect("ci/sound.py:1:", "python")

    def test_a_tree_without_python_checked_nothing(self):
        (self.tree.root / "ci/sound.py").unlink()
        self.assertEqual(self.check("python").returncode, 1)

    def test_bad_arguments(self):
        ran = self.check("nonsense")
        self.assertEqual((ran.returncode, ran.stdout), (2, ""))
        self.assertEqual(len(ran.stderr.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
