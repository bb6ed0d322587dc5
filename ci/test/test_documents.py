"""The check of documents goes red where a document says what is not so."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tree

sys.path.insert(0, str(tree.CI))

import documents  # noqa: E402

README = """# Small

See [the room](core/README.md#how-it-works) and [outside](https://example.org/x#y).

    build/tool --all \\
        a.txt    # lists
    false

- A list, whose second line
    is no command.

`make tool OUT=x` makes it, `core/tool.c` is it; `fuzz/TARGET.c`, `build/x/y.c` are made.

```c
int two = one + one;
```
"""
ROOM = "# Room\n\n## How it `works`\n"
MAKEFILE = "tool: core/tool.c ## make it\n\ttrue\nX := 1\n"
TABLE = {"commands": [{"command": "build/tool --all a.txt", "step": "unit"},
                      {"command": "false", "not": "it fails"}],
         "c": {"README.md": "void piece(int one)"}}


class Documents(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for name, text in (("README.md", README), ("core/README.md", ROOM), ("core/tool.c", ""),
                           ("core/upheld.h", ""), ("Makefile", MAKEFILE),
                           ("ci/plan.py", 'make("unit", "unit", "tests")\n'),
                           ("ci/documents.json", json.dumps(TABLE))):
            (self.root / name).parent.mkdir(exist_ok=True)
            (self.root / name).write_text(text)

    def expect(self, words, what="check"):
        """The check fails and says the words."""
        done = self.asked(what)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(words, done.stdout)

    def asked(self, what):
        return subprocess.run([sys.executable, str(tree.CI / "documents.py"), what, "--root",
                               str(self.root)], capture_output=True, text=True, check=False)

    def change(self, old, new, name="README.md"):
        path = self.root / name
        self.assertIn(old, path.read_text())
        path.write_text(path.read_text().replace(old, new))

    def table(self, number, **entry):
        """The table with another entry in one place."""
        rows = list(TABLE["commands"])
        rows[number] = {"command": rows[number]["command"], **entry}
        (self.root / "ci/documents.json").write_text(json.dumps(TABLE | {"commands": rows}))

    def test_a_sound_tree(self):
        self.assertEqual(self.asked("check").stdout, "2 passed, 0 failed\n")
        self.assertEqual(self.asked("run").stdout, "1 passed, 0 failed\n")

    def test_our_own_tree(self):
        done = subprocess.run([sys.executable, str(tree.CI / "documents.py"), "check"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_a_link_to_nothing(self):
        self.change("core/README.md#", "core/NOTES.md#")
        self.expect("README.md:3: link to core/NOTES.md#how-it-works: there is no such file")

    def test_a_link_to_no_heading(self):
        self.change("#how-it-works", "#how-it-fails")
        self.expect("README.md has no such heading")

    def test_a_verb_that_is_no_rule(self):
        self.change("make tool OUT=x", "make tools OUT=x")
        self.expect("README.md:12: `make tools`: no Makefile has that rule")

    def test_a_variable_is_no_rule(self):
        self.change("make tool OUT=x", "make X=1 xx")
        self.expect("`make xx`: no Makefile has that rule")

    def test_a_file_that_is_gone(self):
        (self.root / "core/tool.c").unlink()
        self.expect("README.md:12: `core/tool.c`: there is no such file")

    def test_a_page_that_is_too_long(self):
        self.change("# ", "a word " * documents.WORDS + "\n# ", "core/README.md")
        self.expect("words; expected at most 1000: move a section to the folder it is of")

    def test_a_command_that_nobody_accounts_for(self):
        self.change("    false\n", "    false --not\n")
        self.expect("README.md:7: `false --not`: not in ci/documents.json")
        self.expect("ci/documents.json: false: no document has that command")

    def test_a_step_that_is_none(self):
        self.table(0, step="gone")
        self.expect("`make test` has no step gone")

    def test_a_table_that_is_broken(self):
        for text in ("{", '{"commands": []}', '{"commands": [{"command": "x"}], "c": {}}'):
            (self.root / "ci/documents.json").write_text(text)
            self.expect("ci/documents.json: ")

    def test_a_command_that_fails(self):
        self.table(1, run="^")
        self.expect("README.md:7: false: exit status 1", "run")

    def test_a_command_that_prints_something_else(self):
        self.change("    false\n", "    echo one\n")
        (self.root / "ci/documents.json").write_text(json.dumps(TABLE | {"commands": [
            TABLE["commands"][0], {"command": "echo one", "run": "^two$"}]}))
        self.expect("expected output like '^two$', got: one", "run")

    def test_c_that_does_not_compile(self):
        self.change("one + one", "three")
        self.expect("README.md:15: C: ", "run")

    def test_lines_that_belong_together(self):
        self.assertEqual(list(documents.commands(README)),
                         [(5, "build/tool --all a.txt"), (7, "false")])


if __name__ == "__main__":
    unittest.main()
