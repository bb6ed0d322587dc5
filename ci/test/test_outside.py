"""The check of what other people's machines read goes red where it should."""
import subprocess
import sys
import unittest

import tree

WORKFLOW = ".github/workflows/check.yml"
DOCKERFILE = "ci/Dockerfile"
PROJECT = "ci/oss-fuzz/project.yaml"


class Outside(unittest.TestCase):
    def setUp(self):
        self.tree = tree.Tree()
        self.addCleanup(self.tree.__exit__)
        self.tree.outside()

    def check(self):
        return subprocess.run([sys.executable, str(tree.CI / "outside.py"), str(self.tree.root)],
                              capture_output=True, text=True, check=False, env=self.tree.env())

    def expect(self, name, old, new, words):
        """With `old` replaced by `new`, the file is named and the words are said."""
        path = self.tree.root / name
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new))
        ran = self.check()
        path.write_text(text)
        self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
        self.assertIn(f"{name}: ", ran.stdout)
        self.assertIn(words, ran.stdout)

    def test_a_sound_tree(self):
        ran = self.check()
        self.assertEqual((ran.returncode, ran.stdout), (0, "9 passed, 0 failed\n"), ran.stderr)

    def test_our_own_tree(self):
        ran = subprocess.run([sys.executable, str(tree.CI / "outside.py")], capture_output=True,
                             text=True, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout)

    def test_workflows(self):
        for old, new, words in (
                (f"@{'a' * 40} # v1", "@v1", "expected an action by the 40 digits"),
                (" # v1", "", "expected its version behind it"),
                ("on: push\n", "", "expected on:"),
                ("  contents: read", "  contents: write", "none to write"),
                ("permissions:\n  contents: read\n", "", "permissions: expected at the top"),
                ("    timeout-minutes: 5\n", "", "check: expected timeout-minutes"),
                ("ubuntu-24.04", "ubuntu-latest", "expected runs-on with a version"),
                ("    steps:", "    container: debian:12\n    steps:", "container debian:12"),
                ("          persist-credentials: false\n", "          path: x\n",
                 "expected persist-credentials: false"),
                ("make coverage", "make coverag", "there is no such verb"),
                ("make coverage", "echo ${{ github.head_ref }}", "hand it over through env"),
                ("jobs:", "jobs: [", "expected"),
                ("actions/checkout@", "google/clusterfuzzlite/actions/run_fuzzers@",
                 "expected language: c"),
                ("actions/checkout@", "google/clusterfuzzlite/actions/run_fuzzers@",
                 "mode None: expected batch")):
            self.expect(WORKFLOW, old, new, words)

    def test_a_tree_without_workflows(self):
        (self.tree.root / WORKFLOW).unlink()
        self.assertIn("expected a workflow", self.check().stdout)

    def test_dockerfiles(self):
        for old, new, words in (
                ("FROM ", "FORM ", "expected FROM first"),
                ("@sha256:", "@sha25:", "expected an image by its digest"),
                ("COPY setup", "COPY setpu", "COPY setpu: not in ci/"),
                ("install -y", "install", "expected -y"),
                ("RUN apt-get update && \\\n    ", "RUN ", "without apt-get update"),
                ('CMD ["make"', "CMD ['make'", "expected a JSON array"),
                ("--system --add", "--system 'add", "RUN: "),
                ("WORKDIR /upheld", "WORKDIR", "WORKDIR: says nothing")):
            self.expect(DOCKERFILE, old, new, words)
        (self.tree.root / DOCKERFILE).unlink()
        self.assertIn("ci/Dockerfile: is not there", self.check().stdout)

    def test_the_project(self):
        for old, new, words in (
                ("language: c", "language: rust", "language: rust: expected c"),
                ("homepage:", "home:", "home: not a key of OSS-Fuzz"),
                ("homepage:", "home:", "homepage: missing"),
                ("  - memory\n", "", "base.py builds it, and OSS-Fuzz would not"),
                ("  - memory\n", "  - memory\n  - thread\n",
                 "libfuzzer-thread-x86_64: OSS-Fuzz would build it, and base.py does not"),
                ("  - afl", "  - alf", "fuzzing_engines: alf"),
                ("upheld.git", "other.git", "is not what the Dockerfile beside it clones"),
                ("ubuntu-24-04", "ubuntu-20-04", "is not the tag of the image")):
            self.expect(PROJECT, old, new, words)

    def test_scripts(self):
        name = "ci/oss-fuzz/build.sh"
        self.expect(name, "make ", "(make ", "syntax error")
        self.expect(name, "make ", "make CFLAGS=-fsanitize=address ", "OSS-Fuzz gives the flags")
        (self.tree.root / name).chmod(0o644)
        self.assertIn(f"{name}: expected a script", self.check().stdout)

    def test_bad_arguments(self):
        ran = subprocess.run([sys.executable, str(tree.CI / "outside.py"), "a", "b"],
                             capture_output=True, text=True, check=False)
        self.assertEqual((ran.returncode, len(ran.stderr.splitlines())), (2, 1))


if __name__ == "__main__":
    unittest.main()
