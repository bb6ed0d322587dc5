#!/usr/bin/python3
"""Does without docker what OSS-Fuzz does with this project, and checks what comes of it.

    ci/oss-fuzz/check.py [--keep] [NAME...]

For each build that OSS-Fuzz makes (base.py), build.sh runs in a scratch $SRC, $OUT and $WORK; then
its $OUT is looked at (contents.py), moved, made read-only and run by a user without rights
(runs.py); then bugs are planted in the copy of the core, and must be found and reported there.
Last, run_tests.sh runs without network, and must fail on a planted bug. NAME is a part of the name
of a build, or `tests`. A build that this machine cannot do is SKIPPED, and counts as failed.
Prints a line for each check and last `N passed, N failed`. Exit 0 if all passed, else 1.
"""
import argparse
import contextlib
import dataclasses
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "fuzz"), str(ROOT / "fuzz" / "test"), str(ROOT / "ci")]

import base  # noqa: E402
import contents  # noqa: E402
import engines  # noqa: E402
import layout  # noqa: E402
import pack  # noqa: E402
import planted  # noqa: E402
import runs  # noqa: E402
import table  # noqa: E402

BUILD_LIMIT_S = 600


def seen(name):
    """A bug of planted.py that one plain handshake shows."""
    plant = next(plant for plant in planted.REPLAYED if plant.name == name)
    return dataclasses.replace(plant, seed=planted.HANDSHAKE)


# Which assertion of the target notices first is left to chance when an engine makes the input:
# "websocket, websockets" has the word with or without the bug, but is not of that word alone.
FOUND = dataclasses.replace(planted.LIST_PREFIX, says="FUZZ_CHECK broken: R9110-")
SEEN = {
    "address": seen("answer_longer_than_the_buffer"),
    "memory": seen("octets_of_the_answer_not_written"),
    "undefined": planted.Plant("word_shifted_out", "return x << 1;", "return x << (1 + (x & 64));",
                              "accept", seed=planted.HANDSHAKE[:24],
                              says="runtime error: shift exponent 65 is too large"),
}
WRONG_SHA1 = dataclasses.replace(seen("wrong_round_constant"), seed=planted.HANDSHAKE[:24])


class Failed(Exception):
    """Nothing further can be tried."""


class Tally:
    """Prints each check as it ends, and counts."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, wrong):
        started = time.time()
        found = list(wrong)
        self.passed, self.failed = self.passed + (not found), self.failed + bool(found)
        print(f"{'FAILED ' if found else 'ok     '} {name} ({time.time() - started:.0f} s)",
              flush=True)
        for line in found:
            print(f"        {line}", flush=True)
        return not found

    def skip(self, name, why):
        self.failed += 1
        print(f"SKIPPED {name}: {why}", flush=True)


@dataclasses.dataclass(frozen=True)
class Scratch:
    """$SRC with a copy of what a checkout would hold, and folders for one build."""
    root: Path

    @property
    def tree(self):
        return self.root / "src" / "upheld"

    def build(self, build, out):
        """Runs build.sh as `compile` does: its copy in $SRC, from the checkout."""
        out.mkdir(exist_ok=True)
        for name, program in base.helpers(build).items():
            shutil.copyfile(shutil.which(program), out / name)
            (out / name).chmod(0o755)
        work = self.root / "work"
        work.mkdir(exist_ok=True)
        shutil.copy(self.tree / "ci/oss-fuzz/build.sh", self.root / "src" / "build.sh")
        return self.shell(base.build_environment(build, self.root / "src", out, work),
                          "bash", "-eu", self.root / "src" / "build.sh")

    def shell(self, env, *command):
        """What went wrong, or nothing. The output is kept in a log."""
        log = self.root / "log"
        with log.open("wb") as file:
            done = subprocess.run([str(word) for word in command], cwd=self.tree, env=env,
                                  check=False, stdin=subprocess.DEVNULL, stdout=file,
                                  stderr=file, timeout=BUILD_LIMIT_S)
        if done.returncode != 0:
            yield f"{' '.join(map(str, command))}: exit {done.returncode}"
            yield from log.read_text(errors="replace").splitlines()[-15:]

    @contextlib.contextmanager
    def planted(self, *bugs):
        """The copy of the core with bugs, and afterwards without."""
        before = {path: path.read_text() for path in sorted(self.tree.glob("core/*.[ch]"))}
        try:
            for bug in bugs:
                holders = [path for path in before if bug.old in path.read_text()]
                if sum(path.read_text().count(bug.old) for path in holders) != 1:
                    raise Failed(f"plant {bug.name} does not fit core/: expected once: {bug.old!r}")
                holders[0].write_text(holders[0].read_text().replace(bug.old, bug.new))
            yield
        finally:
            for path, text in before.items():
                if path.read_text() != text:
                    path.write_text(text)


def make_scratch(folder):
    """Every file that is checked in or would be, where OSS-Fuzz has its checkout."""
    scratch = Scratch(folder)
    folder.chmod(0o755)  # mkdtemp() keeps others out
    for name in layout.tracked(ROOT):
        (scratch.tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, scratch.tree / name)
    return scratch


def corpus(target):
    return {path.read_bytes() for path in engines.visible(ROOT / "corpus" / target)}


def has_dictionary(target):
    return (ROOT / pack.settings(target).dictionary).exists()


def check_contents(tally, out):
    for name, wrong in (
            ("targets and no other program", contents.names(out)),
            ("nothing else", contents.strays(out)),
            ("architecture", contents.machine(out)),
            ("libraries", contents.libraries(out)),
            ("seed corpus zips", contents.seeds(out, corpus)),
            ("dictionaries", contents.dictionaries(out, has_dictionary)),
            ("options", contents.options(out)),
            ("sanitizer in, others not", contents.sanitizers(out))):
        tally.check(f"{out.build}: {name}", wrong)


def check_runs(tally, spot):
    if tally.check(f"{spot.out.build}: read-only", runs.read_only(spot)):
        for target in spot.out.targets:
            tally.check(f"{spot.out.build}: {target} runs, and passes its seeds",
                        runs.check_target(spot, target))


def bugs(build):
    """What is planted at once: (what the engine must find, what must be reported when shown).

    Coverage is built to report lines, not to find bugs. Where fuzz/standin/ is in OpenSSL's place,
    it must be able to say no.
    """
    if build.sanitizer != "coverage":
        yield (FOUND,), (SEEN[build.sanitizer],)
    if not build.openssl:
        yield (), (WRONG_SHA1,)


def check_planted(tally, scratch, build, folder, found, reported):
    out = folder / "out"
    with scratch.planted(*found, *reported):
        names = ", ".join(bug.name for bug in (*found, *reported))
        if not tally.check(f"{build}: build.sh with {names}", scratch.build(build, out)):
            return
    there = contents.Out(out, build, table.TARGETS, tuple(base.helpers(build)))
    spot = runs.place(there, folder)
    for plant in found:
        tally.check(f"{build}: {plant.name} is found by the engine", runs.finds(spot, plant))
    for plant in reported:
        tally.check(f"{build}: {plant.name} is reported", runs.sees(spot, plant))


def check_build(tally, scratch, build):
    lacking = base.lacking(build)
    if lacking:
        tally.skip(str(build), lacking)
        return
    folder = scratch.root / str(build)
    folder.mkdir(0o755)
    (folder / "clean").mkdir(0o755)
    out = contents.Out(folder / "clean" / "out", build, table.TARGETS,
                       tuple(base.helpers(build)))
    if tally.check(f"{build}: build.sh", scratch.build(build, out.folder)):
        check_contents(tally, out)
        check_runs(tally, runs.place(out, folder / "clean"))
        for number, (found, reported) in enumerate(bugs(build)):
            there = folder / str(number)
            there.mkdir(0o755)
            check_planted(tally, scratch, build, there, found, reported)
    runs.remove(folder)


def without_network(env, scratch):
    """Runs run_tests.sh in a network of its own that has no way out."""
    wrap = ("unshare", "--net") if os.geteuid() == 0 else ("unshare", "--map-root-user", "--net")
    return scratch.shell(env, *wrap, "bash", "-eu", scratch.tree / "ci/oss-fuzz/run_tests.sh")


def check_tests(tally, scratch):
    """run_tests.sh passes without network, fails on a bug, and leaves the checkout alone."""
    work = scratch.root / "work"
    work.mkdir(exist_ok=True)
    env = base.build_environment(base.BUILDS[0], scratch.root / "src", work, work)
    before = {path: path.read_bytes() for path in scratch.tree.rglob("*") if path.is_file()}
    if not tally.check("tests: run_tests.sh without network", without_network(env, scratch)):
        return
    after = {path: path.read_bytes() for path in scratch.tree.rglob("*") if path.is_file()}
    tally.check("tests: the checkout is as it was",
                (f"{path.relative_to(scratch.tree)}: changed" for path in before | after
                 if before.get(path) != after.get(path)))
    with scratch.planted(WRONG_SHA1):
        failed = list(without_network(env, scratch))
    tally.check("tests: run_tests.sh fails on a planted bug",
                () if any(line.startswith("[  FAILED  ]") for line in failed) else
                (f"{WRONG_SHA1.name} is planted, and no test says FAILED", *failed))


def check_all(scratch, chosen):
    tally = Tally()
    for build in base.BUILDS:
        if not chosen or any(word in str(build) for word in chosen):
            check_build(tally, scratch, build)
    if not chosen or "tests" in chosen:
        check_tests(tally, scratch)
    return tally


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", action="store_true", help="leave the scratch folder for a look")
    parser.add_argument("chosen", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    os.umask(0o022)  # targets run by a user who does not own their folder
    folder = Path(tempfile.mkdtemp(prefix="upheld-oss-fuzz-")).resolve()
    tally = Tally()
    try:
        tally = check_all(make_scratch(folder), arguments.chosen)
    except (Failed, subprocess.TimeoutExpired) as wrong:
        print(f"oss-fuzz: {wrong}", file=sys.stderr)
        tally.failed += 1
    except KeyboardInterrupt:
        print("\noss-fuzz: interrupted", file=sys.stderr)
        return 130
    finally:
        if arguments.keep:
            print(f"kept: {folder}")
        else:
            runs.remove(folder)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main())
