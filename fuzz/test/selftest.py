#!/usr/bin/python3
"""Shows that the harness can fail: plants bugs in a copy of the core and expects it to go red.

    fuzz/test/selftest.py [--build DIR] [--keep]

Everything happens in a folder of its own under the system's temporary folder; the tree is only
read. Prints a line for each test and last `N passed, N failed`. Exit 0 if all passed, else 1.
"""
import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

import long_runs  # noqa: E402
import planted  # noqa: E402
from copied import (ROOT, Wrong, corpus_hash, expect, heed_interrupts, make_tree,  # noqa: E402
                     wait_until)
import table  # noqa: E402


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
                            ("handshake-replay-asan", "handshake"),
                            ("reply-replay-asan", "reply"),
                            *((f"{target}-replay-eacsl", target) for target in table.EACSL)):
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
    old, new = planted.SPECIFICATION
    with tree.changed(old, new, "build/spec/spec.c"):
        code, text = tree.sh(tree.make("list-libfuzzer-spec"), "-runs=0", "corpus/list")
    expect(code != 0 and "of the specification" in text, "a wrong specification is not noticed",
           text)


def handshake_asks_the_specification(tree):
    """What its own assertions let pass, the leg beside the specification does not."""
    plant = planted.VERSION_TAIL
    with tree.changed(plant.old, plant.new):
        code, text = tree.sh(tree.make("handshake-libfuzzer-spec"), "-runs=0", "corpus/handshake")
    expect(code != 0 and "is that of Decide" in text, "a wrong decision is not noticed", text)


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
    for engine, leg, plant in planted.FUZZED:
        with tree.corpus(plant.target, plant.seed):
            code, text = tree.run(plant.target, engine, leg, 3)
        shutil.rmtree(tree.root / "build" / "fuzz" / plant.target)
        row = next(r for r in tree.rows() if (r["target"], r["engine"], r["leg"]) ==
                   (plant.target, engine, leg))
        expect(code == 0 and row["execs"] > 0 and not row["crashes"],
               f"{engine} {leg} on {plant.target} went red on a core without a plant", text)


def crashing_seed_is_a_failure(tree):
    plant = planted.LIST_PREFIX
    with tree.changed(plant.old, plant.new):
        code, text = tree.run(plant.target, "afl", "plain", 3)
    expect(code == 1 and "results in a crash" in text,
           f"a corpus that crashes under AFL++ exits {code}", text)
    shutil.rmtree(tree.root / "build" / "fuzz" / plant.target)


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
                      ("one", "list", "centipede", ""), ("one", "list", "afl"),
                      ("--time", "0", "all"), ("--jobs", "x", "all"), ("all", "list"),
                      ("--mutator", "maybe", "all"), ("--dictionary", "maybe", "all")):
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
    for plant in planted.REPLAYED:
        yield f"replay_{plant.leg}_finds_{plant.name}", replay_goes_red(plant)
    for engine, leg, plant in planted.FUZZED:
        yield f"{engine}_{leg}_finds_{plant.name}", engine_finds(engine, leg, plant)
    for test in (nothing_is_found_without_a_plant, specification_is_asked,
                 handshake_asks_the_specification,
                 leak_beside_contracts_is_seen, dead_engine_is_a_failure,
                 crashing_seed_is_a_failure, interrupt_leaves_all_whole, merge_is_idempotent,
                 bad_arguments_exit_2, *long_runs.TESTS):
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
