#!/usr/bin/python3
"""Shows that the harness can fail: plants bugs in a copy of the core and expects it to go red.

    fuzz/test/selftest.py [--build DIR] [--keep]

Everything happens in a folder of its own under the system's temporary folder; the tree is only
read. Prints a line for each test and last `N passed, N failed`. Exit 0 if all passed, else 1.
"""
import argparse
import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))

import plants  # noqa: E402

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
        done = subprocess.run([str(word) for word in command], cwd=self.root, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env=self.environment(), **options)
        return done.returncode, done.stdout.decode(errors="replace")

    def environment(self):
        return {**os.environ, "PWD": str(self.root), "AFL_BENCH_UNTIL_CRASH": "1"}

    def make(self, program):
        code, text = self.sh("make", "-f", "fuzz/fuzz.mk", f"build/fuzz/bin/{program}")
        if code != 0:
            raise Wrong(f"{program} did not build:\n{text[-2000:]}")
        return f"build/fuzz/bin/{program}"

    def run(self, target, engine, leg, seconds=FUZZ_SECONDS, make="make -f fuzz/fuzz.mk"):
        return self.sh("fuzz/run.py", "--make", make, "--time", seconds, "one", target, engine, leg)

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
                        "fit fuzz/test/plants.py to it")
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


def clean_core_passes(tree):
    for program, target in (("request-replay-asan", "request"), ("list-replay-asan", "list"),
                            ("access-replay-asan", "access"), ("accept-replay-asan", "accept"),
                            ("pieces-replay-asan", "pieces"),
                            ("request-replay-msan", "request"), ("access-replay-msan", "access"),
                            ("response-replay-asan", "response"),
                            ("round_trip-replay-asan", "round_trip"),
                            ("connect-replay-asan", "connect"), ("head-replay-asan", "head"),
                            ("policy-replay-asan", "policy"),
                            ("offer-replay-asan", "offer"), ("answer-replay-asan", "answer"),
                            ("extension-replay-asan", "extension"),
                            ("list-replay-eacsl", "list"), ("accept-replay-eacsl", "accept")):
        code, text = tree.sh(tree.make(program), f"corpus/{target}")
        expect(code == 0 and "inputs, ok" in text, f"{program} fails on a core without a plant",
               text)


def replay_goes_red(plant):
    def test(tree):
        with tree.changed(plant.old, plant.new):
            program = tree.make(f"{plant.target}-replay-{plant.leg}")
            code, text = tree.sh(program, f"corpus/{plant.target}")
        expect(code != 0, f"the plant was not seen by the corpus under {plant.leg}", text)
        expect(plant.says in text, f"it was seen, but not for the reason: {plant.says}", text)
        expect(f"failed on corpus/{plant.target}/" in text, "the file is not named", text)
    return test


def engine_finds(engine, leg, plant):
    def test(tree):
        with tree.changed(plant.old, plant.new), \
                tree.corpus(plant.target, plant.seed):
            replay = tree.make(f"{plant.target}-replay-asan")
            code, text = tree.sh(replay, f"corpus/{plant.target}")
            expect(code == 0, "the seed itself shows the plant: nothing is left to find", text)
            code, text = tree.run(plant.target, engine, leg)
            row = next((r for r in tree.rows() if (r["target"], r["engine"], r["leg"]) ==
                        (plant.target, engine, leg)), None)
            expect(code == 1 and row, f"{engine} {leg} did not go red, exit {code}", text)
            expect(row["crashes"], f"no finding in fuzz.json after {row['execs']} inputs", text)
            finding = tree.root / row["crashes"][0]
            expect(finding.is_file(), f"{finding} was not kept", text)
            expect(tree.sh(replay, finding)[0] != 0, "what was kept does not fail again")
        shutil.rmtree(tree.root / "build" / "fuzz" / plant.target)
    return test


def specification_is_asked(tree):
    """A specification that says otherwise must be noticed."""
    old, new = plants.SPECIFICATION
    with tree.changed(old, new, "build/spec/spec.c"):
        code, text = tree.sh(tree.make("list-libfuzzer-spec"), "-runs=0", "corpus/list")
    expect(code != 0 and "of the specification" in text, "a wrong specification is not noticed",
           text)


def leak_beside_contracts_is_seen(tree):
    """The shim drops what GMP holds, and nothing else that is left behind."""
    with tree.changed("    free(word);\n", "", "fuzz/list.c"):
        code, text = tree.sh(tree.make("list-replay-eacsl"), "corpus/list")
    expect(code != 0 and "LeakSanitizer: detected memory leaks" in text and "fuzz_own" in text,
           f"a block that the target leaves behind goes unseen, exit {code}", text)


def dead_engine_is_a_failure(tree):
    program = tree.root / "build" / "fuzz" / "bin" / "list-libfuzzer-plain"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.unlink(missing_ok=True)
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    try:
        code, text = tree.run("list", "libfuzzer", "plain", 1, make="true")
    finally:
        program.unlink()
    expect(code == 1 and "ran 0 inputs" in text, f"an engine that ran nothing exits {code}", text)


def nothing_is_found_without_a_plant(tree):
    """What engine_finds() asks for does not come about by itself: same engines, same seeds."""
    for engine, leg, plant in plants.FUZZED:
        with tree.corpus(plant.target, plant.seed):
            code, text = tree.run(plant.target, engine, leg, 3)
        shutil.rmtree(tree.root / "build" / "fuzz" / plant.target)
        row = next(r for r in tree.rows() if (r["target"], r["engine"], r["leg"]) ==
                   (plant.target, engine, leg))
        expect(code == 0 and row["execs"] > 0 and not row["crashes"],
               f"{engine} {leg} on {plant.target} went red on a core without a plant", text)


def crashing_seed_is_a_failure(tree):
    plant = plants.LIST_PREFIX
    with tree.changed(plant.old, plant.new):
        code, text = tree.run(plant.target, "afl", "plain", 3)
    expect(code == 1 and "results in a crash" in text,
           f"a corpus that crashes under AFL++ exits {code}", text)
    shutil.rmtree(tree.root / "build" / "fuzz" / plant.target)


def corpus_hash(tree):
    digest = hashlib.sha256()
    for path in sorted((tree.root / "corpus").rglob("*")):
        digest.update(str(path.relative_to(tree.root)).encode())
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


def interrupt_leaves_all_whole(tree):
    """Interrupted while the engine is at work, however long it takes to get there."""
    tree.make("list-libfuzzer-plain")
    rows, corpus = tree.rows(), corpus_hash(tree)
    log = tree.root / "build" / "fuzz" / "list" / "libfuzzer-plain" / "log-0"
    log.unlink(missing_ok=True)
    with subprocess.Popen(["fuzz/run.py", "--time", "600", "one", "list", "libfuzzer", "plain"],
                          cwd=tree.root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          preexec_fn=heed_interrupts,
                          env={**os.environ, "PWD": str(tree.root)}) as running:
        try:
            wait_until(lambda: running.poll() is not None or
                       (log.exists() and b"INITED" in log.read_bytes()), "the engine's start")
        finally:
            running.send_signal(signal.SIGINT)
        text = running.communicate(timeout=120)[1].decode()
    expect(b"INITED" in log.read_bytes(), "the engine did not start", text)
    expect(running.returncode == 130, f"expected exit 130, got {running.returncode}", text)
    expect(tree.rows() == rows, "an interrupted run changed fuzz.json")
    expect(corpus_hash(tree) == corpus, "an interrupted run changed the corpus")


def merge_is_idempotent(tree):
    code, text = tree.run("list", "libfuzzer", "plain", 3)
    expect(code == 0, "a short run on a core without a plant went red", text)
    expect(tree.sh("fuzz/merge.py", "list")[0] == 0, "the merge failed")
    before = corpus_hash(tree)
    code, text = tree.sh("fuzz/merge.py", "list")
    expect(code == 0 and corpus_hash(tree) == before, "a second merge changed the corpus", text)


def bad_arguments_exit_2(tree):
    for arguments in (("one", "nothing", "afl", ""), ("one", "list", "afl", "eacsl"),
                      ("one", "list", "honggfuzz", ""), ("one", "list", "afl"),
                      ("--time", "0", "all"), ("--jobs", "x", "all"), ("all", "list")):
        code, text = tree.sh("fuzz/run.py", "--make", "true", *arguments)
        expect(code == 2 and len(text.strip().splitlines()) == 1,
               f"run.py {' '.join(arguments)}: exit {code}, expected 2 and one line", text)
    for file in ("absent", "corpus"):
        code, text = tree.sh("fuzz/replay.py", "--make", "true", "--file", file, "asan")
        expect(code == 2, f"replay.py --file {file}: exit {code}, expected 2", text)
    (tree.root / "bad.jsonl").write_text('{"name": "a", "hex": "4"}\n')
    code, text = tree.sh("fuzz/seeds.py", "bad.jsonl", "corpus/request")
    expect(code == 2 and "bad.jsonl:1:" in text, "a malformed vector is not named", text)


def tests():
    yield "clean_core_passes", clean_core_passes
    for plant in plants.REPLAYED:
        yield f"replay_{plant.leg}_finds_{plant.name}", replay_goes_red(plant)
    for engine, leg, plant in plants.FUZZED:
        yield f"{engine}_{leg}_finds_{plant.name}", engine_finds(engine, leg, plant)
    for test in (nothing_is_found_without_a_plant, specification_is_asked,
                 leak_beside_contracts_is_seen, dead_engine_is_a_failure,
                 crashing_seed_is_a_failure, interrupt_leaves_all_whole, merge_is_idempotent,
                 bad_arguments_exit_2):
        yield test.__name__, test


def run_all(tree, chosen):
    passed = failed = 0
    for name, test in tests():
        if chosen and not any(word in name for word in chosen):
            continue
        started = time.time()
        try:
            test(tree)
            passed += 1
            print(f"ok      {name} ({time.time() - started:.0f} s)", flush=True)
        except (Wrong, OSError, subprocess.TimeoutExpired) as wrong:
            failed += 1
            print(f"FAILED  {name}: {wrong}", flush=True)
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=str(ROOT / "build"))
    parser.add_argument("--keep", action="store_true", help="leave the copy for a look")
    parser.add_argument("chosen", nargs="*", help="parts of names of tests; all by default")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="upheld-fuzz-")).resolve()
    try:
        tree = make_tree(folder / "tree", Path(arguments.build))
        passed, failed = run_all(tree, arguments.chosen)
    except Wrong as wrong:
        print(f"fuzz-selftest: {wrong}", file=sys.stderr)
        passed, failed = 0, 1
    except KeyboardInterrupt:
        print("\nfuzz-selftest: interrupted", file=sys.stderr)
        return 130
    finally:
        if arguments.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
