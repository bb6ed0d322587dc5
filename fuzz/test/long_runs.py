"""long_runs.py: tests of what a run leaves behind, however it ends, and of what it is given.

Each takes the copied tree of copied.py; selftest.py runs them. All are about list, the smallest.
"""
import contextlib
import fcntl
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
from pathlib import Path

import planted
from copied import corpus_hash, expect, heed_interrupts, wait_until

LINE = re.compile(r"^fuzz: list libfuzzer plain: \d+ of 2 s, [1-9]\d* inputs, [1-9]\d* edges, "
                  r"corpus [1-9]\d*, 0 crashes, last find (\d+ s ago|none yet)$", re.M)


def work(tree, engine):
    return tree.root / "build" / "fuzz" / "list" / f"{engine}-plain"


def forget(tree):
    shutil.rmtree(tree.root / "build" / "fuzz" / "list", ignore_errors=True)


def whole(path):
    """Whether a file is what its name says, if that is a SHA-1."""
    named = re.fullmatch(r"[0-9a-f]{40}", path.name)
    return not named or hashlib.sha1(path.read_bytes()).hexdigest() == path.name


def hashed(folder):
    """Expects that no file of a folder was cut off."""
    wrong = [path.name for path in folder.iterdir() if not whole(path)]
    expect(not wrong, f"{folder}: not what their names say: {wrong}")


@contextlib.contextmanager
def started(tree, engine, seconds=600):
    """A run in the background, which is ended in the end."""
    command = ["fuzz/run.py", "--no-triage", "--time", str(seconds), "one", "list", engine, "plain"]
    with subprocess.Popen(command, cwd=tree.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          preexec_fn=heed_interrupts,
                          env={**os.environ, "PWD": str(tree.root)}) as running:
        try:
            yield running
        finally:
            if running.poll() is None:
                running.send_signal(signal.SIGINT)
            running.communicate(timeout=120)


def at_work(program):
    """Processes that run a program, or were started with its name."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it may end while we look
            if os.fsencode(program) in path.read_bytes():
                found.append(int(path.parent.name))
    return found


def progress_is_one_line(tree):
    code, text = tree.run("list", "libfuzzer", "plain", 2, more=("--report", "0.5"))
    expect(code == 0 and LINE.search(text), "no line of progress with all figures", text)
    forget(tree)


def killed(tree, engine, found):
    """Kills a run that has found something; the engine ends too, and the next run goes on."""
    tree.make(f"list-{engine}-plain")
    forget(tree)
    corpus = corpus_hash(tree)
    with tree.corpus("list", b"a"):
        with started(tree, engine) as running:
            wait_until(lambda: running.poll() is not None or len(found(work(tree, engine))) > 8,
                       "something new")
            expect(running.poll() is None, "the run ended by itself")
            running.kill()
        program = tree.root / "build" / "fuzz" / "bin" / f"list-{engine}-plain"
        wait_until(lambda: not at_work(program), f"the end of {engine} with its run", 10)
        # The one that was being written when the engine was killed is no input.
        left = [path for path in found(work(tree, engine)) if whole(path)]
        expect(len(left) >= len(found(work(tree, engine))) - 1, "more than one was cut off")
        before = {path.read_bytes() for path in left}
        code, text = tree.run("list", engine, "plain", 1)
        expect(code == 0, f"the run behind a killed one exits {code}", text)
        after = {path.read_bytes() for path in (work(tree, engine) / "seeds").iterdir()}
        expect(len(before) > 8 and before <= after,
               f"{len(before - after)} of {len(before)} findings are not seeds of the next run")
        hashed(work(tree, engine) / "found")
    expect(corpus_hash(tree) == corpus, "the corpus changed")
    forget(tree)


def kill_loses_nothing_of_libfuzzer(tree):
    killed(tree, "libfuzzer", lambda folder: [
        path for path in folder.glob("found/*") if re.fullmatch(r"[0-9a-f]{40}", path.name)])


def kill_loses_nothing_of_afl(tree):
    killed(tree, "afl", lambda folder: [
        path for path in folder.glob("out/*/queue/id*") if ",orig:" not in path.name])


def kill_loses_nothing_of_honggfuzz(tree):
    killed(tree, "honggfuzz", lambda folder: list(folder.glob("new/*")))


def crash_of_a_killed_run_is_kept(tree):
    """What an engine has left in its folder is kept before the next run clears it."""
    tree.make("list-libfuzzer-plain")
    left = work(tree, "libfuzzer") / "artifacts"
    left.mkdir(parents=True, exist_ok=True)
    (left / "crash-x").write_bytes(b"left behind")
    code, text = tree.run("list", "libfuzzer", "plain", 1)
    kept = list((tree.root / "build/fuzz/list/crashes").glob("crash-*"))
    expect(code == 0 and [path.read_bytes() for path in kept] == [b"left behind"],
           "what a killed run had found is lost", text)
    forget(tree)


def full_disk_stops_the_run(tree):
    """A file that may get no longer is to the engine what a full disk is."""
    tree.make("list-libfuzzer-plain")
    forget(tree)
    rows, corpus = tree.rows(), corpus_hash(tree)
    code, text = tree.run("list", "libfuzzer", "plain", 5, more=("--room", str(1 << 40)))
    expect(code == 1 and "left on the disk" in text and "make room" in text,
           f"a disk without room: exit {code}", text)
    expect(tree.rows() == rows, "a run that was stopped changed fuzz.json")
    code, text = tree.run("list", "libfuzzer", "plain", 30, make="true", preexec_fn=lambda:
                          resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
    expect(code == 1 and ("FAILED" in text or "make room" in text),
           f"an engine that could not write: exit {code}", text)
    json.loads((tree.root / "build" / "fuzz.json").read_text())
    hashed(work(tree, "libfuzzer") / "found")
    expect(corpus_hash(tree) == corpus, "the corpus changed")
    forget(tree)


def full_disk_stops_the_merge(tree):
    tree.make("list-libfuzzer-plain")
    found = work(tree, "libfuzzer") / "found"
    found.mkdir(parents=True)
    (found / "new").write_bytes(b",".join(b"a%d" % i for i in range(400)))
    corpus = corpus_hash(tree)
    code, text = tree.sh("fuzz/merge.py", "--make", "true", "list", preexec_fn=lambda:
                         resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64)))
    expect(code == 1 and len(text.splitlines()) < 20, f"exit {code}, expected 1", text)
    expect(corpus_hash(tree) == corpus, "a merge that could not write changed the corpus", text)
    forget(tree)


def odd_files_are_taken(tree):
    """Names are any octets, an input may be empty, and what is no file is passed over."""
    names = [b"-runs=0", b"with space", b"line\nend", b"\xff\xfe", b"%s", b"a" * 200]
    with tree.corpus("list", b"close"):
        folder = os.fsencode(tree.root / "corpus" / "list")
        for number, name in enumerate(names):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(b"a,b" * number)
        os.mkdir(os.path.join(folder, b"a folder"))
        with open(os.path.join(folder, b"a folder", b"inner"), "wb") as file:
            file.write(b"upgrade")
        before = corpus_hash(tree)
        code, text = tree.sh(tree.make("list-replay-asan"), "corpus/list")
        expect(code == 0 and f"{len(names) + 2} inputs, ok" in text, "the replay fails", text)
        for engine in ("libfuzzer", "afl", "honggfuzz"):
            code, text = tree.run("list", engine, "plain", 1)
            expect(code == 0, f"{engine} exits {code}", text)
        expect(corpus_hash(tree) == before, "a run changed the corpus")
        code, text = tree.sh("fuzz/merge.py", "list")
        expect(code == 0, "the merge fails", text)
    forget(tree)


def bad_seeds_are_named(tree):
    with tree.corpus("list", b"close"):
        bad = tree.root / "corpus" / "list" / "bad"
        for make, says in ((lambda: bad.write_bytes(b"a" * (1 << 21)), "2097152 octets"),
                           (lambda: bad.symlink_to("absent"), "expected a file"),
                           (lambda: os.mkfifo(bad), "expected a file")):
            make()
            for command in (("fuzz/run.py", "--make", "true", "one", "list", "afl", ""),
                            ("fuzz/merge.py", "--make", "true", "list")):
                code, text = tree.sh(*command, timeout=60)
                expect(code == 2 and f"corpus/list/bad: {says}" in text and
                       len(text.splitlines()) == 1, f"{command[0]}: exit {code}, expected 2", text)
            bad.unlink()


def broken_dictionary_is_named(tree):
    with tree.changed('"upgrade"\n', '"upgrade\n', "fuzz/list.dict"):
        lines = (tree.root / "fuzz/list.dict").read_text().splitlines()
        number = next(i for i, line in enumerate(lines, 1) if line.endswith('"upgrade'))
        for engine in ("libfuzzer", "afl", "honggfuzz"):
            code, text = tree.run("list", engine, "plain", 1, make="true")
            expect(code == 2 and f"fuzz/list.dict:{number}: " in text,
                   f"{engine}: exit {code}, expected 2 and the line", text)


def missing_engine_is_named(tree):
    code, text = tree.run("list", "afl", "plain", 1, make="true", env={"PATH": "/nowhere"})
    expect(code == 2 and "afl-fuzz is not installed" in text, f"exit {code}, expected 2", text)
    tree.make("list-honggfuzz-plain")
    engine = tree.root / "build/honggfuzz/honggfuzz"
    engine.unlink()
    code, text = tree.run("list", "honggfuzz", "plain", 1, make="true")
    expect(code == 2 and "build.sh" in text, f"exit {code}, expected 2", text)
    lock = tree.root / "fuzz/honggfuzz/Cargo.lock"
    pinned = lock.read_text()
    lock.write_text(re.sub(r'checksum = "..', 'checksum = "00', pinned))
    code, text = tree.sh("fuzz/honggfuzz/build.sh", "build/honggfuzz")
    expect(code == 1 and "expected SHA-256 00" in text, f"another crate: exit {code}", text)
    lock.write_text(pinned)
    code, text = tree.sh("fuzz/honggfuzz/build.sh", "build/honggfuzz")
    expect(code == 0 and engine.exists(), "what the message says does not bring it back", text)


def absent_engine_is_skipped(tree):
    """The others run, and the whole fails; a table with two entries stands for all of it."""
    lock = tree.root / "fuzz/honggfuzz/Cargo.lock"
    pinned = lock.read_text()
    last = '    Entry("peers", "libfuzzer", "plain"),\n)'
    few = ('\nTABLE = tuple(e for e in TABLE if (e.target, e.leg) == ("list", "plain")'
           ' and e.engine != "afl")')
    (tree.root / "build/fuzz.json").unlink(missing_ok=True)  # rows of other tests
    with tree.changed(last, last + few, "fuzz/table.py"):
        lock.write_text(re.sub(r'checksum = "..', 'checksum = "00', pinned))
        code, text = tree.sh("fuzz/run.py", "--time", "1", "all")
        lock.write_text(pinned)
        ran = [(row["target"], row["engine"]) for row in tree.rows()]
        expect(code == 1 and "list honggfuzz plain: SKIPPED: " in text and
               "expected SHA-256 00" in text, f"exit {code}, expected 1 and SKIPPED", text)
        expect(ran == [("list", "libfuzzer")], f"it ran {ran}", text)
        code, text = tree.sh("fuzz/run.py", "--time", "1", "all")
        ran = [(row["target"], row["engine"]) for row in tree.rows()]
        expect(code == 0 and ran == [("list", "honggfuzz"), ("list", "libfuzzer")],
               f"with the engine: exit {code}, ran {ran}", text)
    forget(tree)


def two_runs_in_a_folder_are_refused(tree):
    folder = work(tree, "libfuzzer")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711")
        lock.flush()
        code, text = tree.run("list", "libfuzzer", "plain", 1, make="true")
        expect(code == 2 and "process 4711 is at work" in text, f"exit {code}, expected 2", text)
        code, text = tree.sh("fuzz/run.py", "--make", "true", "all")
        expect(code == 2 and "process 4711 is at work" in text, f"exit {code}, expected 2", text)
    forget(tree)


def two_engines_share_a_corpus(tree):
    """At the same time, and a merge beside them."""
    corpus = corpus_hash(tree)
    with started(tree, "libfuzzer") as one, started(tree, "afl") as other:
        wait_until(lambda: (work(tree, "afl") / "out/default/fuzzer_stats").exists() and
                   any((work(tree, "libfuzzer") / "found").glob("*")), "both at work")
        code, text = tree.sh("fuzz/merge.py", "--make", "true", "list")
        expect(code == 0 and one.poll() is None and other.poll() is None,
               f"a merge beside two runs exits {code}", text)
    expect((one.returncode, other.returncode) == (130, 130), "a run did not end as interrupted")
    expect(corpus_hash(tree) != corpus or "0 new" in text, "nothing was merged", text)
    forget(tree)


def finding_is_sorted_and_kept(tree):
    """From an engine to a regression that every replay runs: the whole way, with a real plant."""
    plant = planted.LIST_PREFIX
    with tree.changed(plant.old, plant.new), tree.corpus(plant.target, plant.seed):
        code, text = tree.run(plant.target, "libfuzzer", "plain", more=())
        rows = json.loads((tree.root / "build" / "triage.json").read_text())
        # Which of the target's properties it breaks depends on the input that was met.
        expect(code == 1 and rows and rows[0]["property"].startswith("R9110-"),
               f"no bug of the list in triage.json, exit {code}", text)
        expect(rows[0]["repro"] in text and rows[0]["frames"] == ["check_word"], str(rows), text)
        shown = tree.root / rows[0]["input"]
        seen = [path.stat().st_size for path in (tree.root / "build/fuzz/list/crashes").iterdir()]
        expect(shown.stat().st_size <= min(seen), "the input got longer")
        file = rows[0]["input"]
        code, text = tree.sh("fuzz/replay.py", "--file", file, "--target", "list")
        expect(code != 0 and f"FAILED: {rows[0]['property']}" in text and
               "under MSan: FAILED" in text, "repro does not show it", text)
        code, text = tree.sh("fuzz/regression.py", "--target", "list", file)
        expect(code == 0, "the regression was not kept", text)
        kept = tree.root / "corpus" / "regressions" / "list"
        for leg in ("asan", "msan", "eacsl"):
            code, text = tree.sh(f"build/fuzz/bin/list-replay-{leg}", kept)
            expect(code != 0, f"the regression passes under {leg} with the plant", text)
    code, text = tree.sh(tree.make("list-replay-asan"), kept)
    expect(code == 0 and "1 inputs, ok" in text, "it fails on a core without a plant", text)
    shutil.rmtree(kept)
    forget(tree)


TESTS = (progress_is_one_line, kill_loses_nothing_of_libfuzzer, kill_loses_nothing_of_afl,
         kill_loses_nothing_of_honggfuzz,
         crash_of_a_killed_run_is_kept, full_disk_stops_the_run, full_disk_stops_the_merge,
         odd_files_are_taken, bad_seeds_are_named, broken_dictionary_is_named,
         missing_engine_is_named, absent_engine_is_skipped, two_runs_in_a_folder_are_refused,
         two_engines_share_a_corpus,
         finding_is_sorted_and_kept)
