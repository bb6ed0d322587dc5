"""copied.py: the tree in which tests of the harness build, plant and run, and what they ask."""
import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FUZZ_SECONDS = 30
LIMIT_S = 600


class Wrong(Exception):
    """What was expected and what was seen."""


@dataclass
class Tree:
    """A copy of what the targets are built from, and the commands to build and run in it."""
    root: Path

    def sh(self, *command, **options):
        options.setdefault("timeout", LIMIT_S)
        options.setdefault("env", self.environment())
        done = subprocess.run([str(word) for word in command], cwd=self.root, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, **options)
        return done.returncode, done.stdout.decode(errors="replace")

    def environment(self):
        return {**os.environ, "PWD": str(self.root), "AFL_BENCH_UNTIL_CRASH": "1"}

    def make(self, program):
        code, text = self.sh("make", "-f", "fuzz/fuzz.mk", f"build/fuzz/bin/{program}")
        if code != 0:
            raise Wrong(f"{program} did not build:\n{text[-2000:]}")
        return f"build/fuzz/bin/{program}"

    def run(self, target, engine, leg, seconds=FUZZ_SECONDS, make="make -f fuzz/fuzz.mk",
            more=("--no-triage",), **options):
        return self.sh("fuzz/run.py", "--make", make, "--time", seconds, *more, "one", target,
                       engine, leg, **options)

    def rows(self):
        path = self.root / "build" / "fuzz.json"
        return json.loads(path.read_text()) if path.exists() else []

    @contextlib.contextmanager
    def changed(self, old, new, files="core/*.[ch]"):
        """The tree with `old`, which must stand once in the files, replaced by `new`."""
        texts = {path: path.read_text() for path in sorted(self.root.glob(files))}
        found = [path for path, text in texts.items() for _ in range(text.count(old))]
        if len(found) != 1:
            raise Wrong(f"{files}: expected once, found {len(found)} times: {old!r}; "
                        "fit fuzz/test/planted.py to it")
        found[0].write_text(texts[found[0]].replace(old, new))
        try:
            yield
        finally:
            found[0].write_text(texts[found[0]])

    @contextlib.contextmanager
    def corpus(self, target, seed):
        """One seed only, so that what is found was not in the corpus already."""
        folder, aside = self.root / "corpus" / target, self.root / "aside"
        folder.rename(aside)
        folder.mkdir()
        (folder / "seed").write_bytes(seed)
        try:
            yield
        finally:
            shutil.rmtree(folder)
            aside.rename(folder)


def expect(holds, what, text=""):
    if not holds:
        raise Wrong(what + ("\n" + text[-2000:] if text else ""))


def make_tree(folder, build):
    for name in ("core", "fuzz", "corpus"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "proofs" / "spec", folder / "proofs" / "spec")
    spec = build / "spec"
    if not (spec / "spec.c").exists():
        raise Wrong(f"{spec}/spec.c is missing; make spec writes it")
    shutil.copytree(spec, folder / "build" / "spec")
    return Tree(folder)


def corpus_hash(tree):
    digest = hashlib.sha256()
    for path in sorted((tree.root / "corpus").rglob("*")):
        digest.update(os.fsencode(path.relative_to(tree.root)))
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def wait_until(holds, what, seconds=120):
    deadline = time.time() + seconds
    while not holds():
        expect(time.time() < deadline, f"{what}: not after {seconds} s")
        time.sleep(0.1)


def heed_interrupts():
    """A shell starts what is to run in the background with SIGINT ignored, and we may be that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
