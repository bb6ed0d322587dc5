#!/usr/bin/python3
"""Tests of proofs/prove.py on a broken tool chain: none may end in a green line.

    proofs/toolchain_test.py [NAME...]

Each test proves a core of one small file, in a tree of its own, with one thing broken: a solver
that is missing, of another version, crashes, prints rubbish or turns liar after its self-test; a
Frama-C that says nothing; a full disk; an interruption; a forged cache. The ledger that some need
is made once, by an unbroken proof. Prints each failure, then `N passed, M failed`.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
TOOLS = ("frama-c", "why3", "z3", "cvc4", "cvc5", "gcc")
GREEN = ", 0 failed"
AT_ONCE = 2  # each test has a tree of its own, and provers are bounded by processor time
TESTS = {}
LEDGER = []  # the text of the ledger that an unbroken proof of the small file writes


def test(function):
    TESTS[function.__name__] = function
    return function


class Failure(Exception):
    """What was expected, and what came."""


class Box:
    """A tree with one small file to prove, and a folder in PATH for what is broken."""

    def __init__(self, path):
        self.root = pathlib.Path(path) / "tree"
        self.fakes = pathlib.Path(path) / "fakes"
        self.fakes.mkdir()
        for name in ("wp", "why3", "gates"):
            shutil.copytree(HERE / name, self.root / "proofs" / name,
                            ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("prove.py", "replay.py", "proofs.mk"):
            shutil.copy(HERE / name, self.root / "proofs" / name)
        (self.root / "ci").mkdir()
        shutil.copy(ROOT / "ci" / "setup", self.root / "ci" / "setup")
        (self.root / "core").mkdir()
        shutil.copy(HERE / "gates" / "sound.c", self.root / "core" / "sound.c")
        self.write("proofs/claims.json", json.dumps({"claims": [
            {"id": "zeros", "text": "All octets are 0.", "needs": ["*", "all_zero:exact"]}]}))
        self.path = f"{self.fakes}:{os.environ['PATH']}"

    def write(self, name, text):
        (self.root / name).write_text(text, encoding="utf-8")

    def fake(self, name, script):
        """A program that stands before the real one, which it knows as $real."""
        program = self.fakes / name
        real = shutil.which(name)
        program.write_text(f"#!/bin/sh\nreal={real}\n{script}\n", encoding="utf-8")
        program.chmod(0o755)

    def hide(self, hidden):
        """Programs that the machine has, but for one."""
        for folder in ("/usr/bin", "/bin", "/usr/local/bin"):
            for one in pathlib.Path(folder).glob("*"):
                link = self.fakes / one.name
                if one.name != hidden and not link.exists() and not link.is_symlink():
                    link.symlink_to(one)
        self.path = str(self.fakes)

    def env(self, **more):
        return {**os.environ, "PATH": self.path, "HOME": str(self.root), "SETUP": "no", **more}

    def prove(self, *arguments, limit=None, **more):
        """Runs proofs/prove.py; exit status and all that it printed."""
        bound = [] if limit is None else ["/usr/bin/prlimit", f"--fsize={limit}"]
        ran = subprocess.run([*bound, "/usr/bin/python3", "-B", "proofs/prove.py", *arguments],
                             cwd=self.root, env=self.env(**more), capture_output=True, text=True,
                             check=False, timeout=300)
        return ran.returncode, ran.stdout + ran.stderr

    def ledger(self):
        """Makes the goals of the unbroken proof the expected ones."""
        self.write("proofs/ledger.json", LEDGER[0])

    def red(self, *words, status=None, **options):
        """A whole proof that must fail, and say why."""
        got, told = self.prove(**options)
        expect(got != 0 if status is None else got == status,
               f"exit status {'other than 0' if status is None else status}, got {got}", told)
        expect(GREEN not in told, f"no line with '{GREEN}'", told)
        for word in words:
            expect(word in told, f"'{word}'", told)
        result = self.root / "build" / "proofs.json"
        if result.exists():
            kept = json.loads(result.read_text(encoding="utf-8"))
            bad = [gate for gate in kept["gates"] if not gate["holds"]]
            expect(bad or any(not claim["holds"] for claim in kept["claims"]),
                   "a result with a gate or a claim that does not hold", told)
        return told


def write_ledger():
    """The ledger of an unbroken tool chain, once for all tests: they have the same file."""
    with tempfile.TemporaryDirectory(prefix="upheld-broken-") as folder:
        box = Box(folder)
        status, told = box.prove("--write-ledger")
        expect(status == 0 and GREEN in told, "a green run on an unbroken tool chain", told)
        LEDGER.append((box.root / "proofs/ledger.json").read_text(encoding="utf-8"))


def expect(holds, wanted, told):
    if not holds:
        raise Failure(f"expected {wanted}; printed:\n{told}")


@test
def a_missing_solver(box):
    box.hide("cvc5")
    box.red("cvc5: not found; run ci/setup prove", status=2)


@test
def a_missing_frama_c(box):
    box.hide("frama-c")
    box.red("frama-c: not found; run ci/setup prove", status=2)


@test
def another_version_of_a_solver(box):
    box.fake("z3", 'test "$1" = --version && { echo "Z3 version 4.12.1 - 64 bit"; exit; }\n'
                   'exec "$real" "$@"')
    ran = subprocess.run(["make", "-f", "proofs/proofs.mk", "prove"], cwd=box.root, env=box.env(),
                         capture_output=True, text=True, check=False, timeout=300)
    told = ran.stdout + ran.stderr
    expect(ran.returncode != 0, "make prove to fail", told)
    expect("z3" in told and "4.8.12" in told, "the version that is needed", told)
    expect(GREEN not in told, f"no line with '{GREEN}'", told)


@test
def a_solver_that_crashes(box):
    box.fake("cvc5", 'test "$1" = --version && exec "$real" "$@"\nkill -SEGV $$')
    box.red("CVC5: does not prove what is true", status=2)


@test
def a_solver_that_prints_rubbish(box):
    box.fake("cvc4", 'test "$1" = --version && exec "$real" "$@"\necho "sat unsat 42 \\303\\050"')
    box.red("CVC4", status=2)


@test
def a_solver_that_turns_liar_after_its_self_test(box):
    box.ledger()
    box.fake("cvc5", 'test "$1" = --version && exec "$real" "$@"\n'
                     'echo x >> "$0.count"\n'
                     'test "$(wc -l < "$0.count")" -le 2 && exec "$real" "$@"\necho unsat')
    box.red("CVC5 proves false")


@test
def a_solver_that_dies_after_its_self_test(box):
    """Others close its goals; but it looked at no canary, and fails when tested once more."""
    box.ledger()
    box.fake("z3", 'test "$1" = --version && exec "$real" "$@"\n'
                   'echo x >> "$0.count"\n'
                   'test "$(wc -l < "$0.count")" -le 2 && exec "$real" "$@"\nkill -SEGV $$')
    box.red("canary was not tried by every prover", "at the end of the run: Z3")


@test
def a_frama_c_that_says_nothing(box):
    box.fake("frama-c", 'test "$1" = -version && exec "$real" "$@"\nexit 0')
    box.red()


@test
def a_full_disk(box):
    box.red(limit=2048)


@test
def an_interrupted_run_and_its_resumption(box):
    box.ledger()
    run = subprocess.Popen(["/usr/bin/python3", "-B", "proofs/prove.py"], cwd=box.root,
                           env=box.env(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           text=True, start_new_session=True)
    first = run.stdout.readline()  # the file's goals are proved, its smoke tests are under way
    expect("goals proved" in first, "the file's line", first)
    os.kill(run.pid, signal.SIGINT)
    told, _ = run.communicate(timeout=60)
    expect(run.returncode == 130, f"exit status 130, got {run.returncode}", told)
    expect(GREEN not in told and "--resume" in told, "how to go on, and no green line", told)
    expect(not (box.root / "build" / "proofs.json").exists(), "no result", told)
    status, told = box.prove("--resume")
    expect(status == 0 and GREEN in told, "a green run when resumed", told)


@test
def a_forged_cache(box):
    """WP believes its cache; a proof that counts must not look there, whatever is set."""
    box.ledger()
    code = (HERE / "gates" / "sound.c").read_text(encoding="utf-8")
    box.write("core/sound.c", code.replace("p[i] == 0) {", "p[i] == 1) {", 1))
    forged = box.root / "forged"
    forged.mkdir()
    seen = {"FRAMAC_WP_CACHEDIR": str(forged), "FRAMAC_WP_CACHE": "update"}
    command = ["frama-c", "-wp", "-wp-rte", "-wp-prover", "cvc5", "-wp-timeout", "2",
               "-wp-cache", "update", "-wp-cache-dir", str(forged), "core/sound.c"]
    conf = box.root / "why3.conf"
    subprocess.run(["proofs/why3/configure", str(conf)], cwd=box.root, env=box.env(), check=True,
                   capture_output=True)
    subprocess.run(command, cwd=box.root, check=True, capture_output=True,
                   env=box.env(WHY3CONFIG=str(conf), PWD=str(box.root)))
    entries = list(forged.glob("*.json"))
    expect(entries, "entries in WP's cache", "none")
    for entry in entries:
        entry.write_text('{ "prover": "CVC5:1.0.3", "verdict": "valid", "time": 0.1 }',
                         encoding="utf-8")
    believed = subprocess.run([*command[:-4], "-wp-cache-dir", str(forged), "-wp-cache", "offline",
                               "core/sound.c"],
                              cwd=box.root, check=False, capture_output=True, text=True,
                              env=box.env(WHY3CONFIG=str(conf), PWD=str(box.root)))
    expect("Timeout" not in believed.stdout, "a cache that WP itself believes", believed.stdout)
    box.red("OPEN zero_end", **{**seen, "FRAMAC_WP_CACHE": "offline"})


@test
def a_seed_that_matters(box):
    """`make stable` tells under which circumstance a goal is open, and passes without one. A local
    that it renames may have a name of ACSL, or that of a file."""
    shutil.copy(HERE / "stable.py", box.root / "proofs" / "stable.py")
    code = (HERE / "gates" / "sound.c").read_text(encoding="utf-8")
    box.write("core/sound.c", '#include "nothing.h"\n' + re.sub(r"\bi\b", "nothing", code))
    box.write("core/nothing.h", "")
    (box.root / "proofs" / "spec").mkdir()
    for solver in ("z3", "cvc4", "cvc5"):
        box.fake(solver, 'case " $* " in *20202*) echo unknown; exit;; esac; exec "$real" "$@"')
    ran = subprocess.run(["/usr/bin/python3", "-B", "proofs/stable.py", "--only",
                          "seed1,seed2,order,par1,text"], cwd=box.root, env=box.env(),
                         capture_output=True, text=True, check=False, timeout=300)
    told = ran.stdout + ran.stderr
    expect(ran.returncode == 1 and "4 passed, 1 failed" in told, "one that fails", told)
    expect("FAIL seed2  core/sound.c" in told and "       open: " in told, "which, and why", told)


def attempt(name, function, *arguments):
    """Runs a test or a preparation; what was wrong, or nothing."""
    try:
        function(*arguments)
    except (Failure, subprocess.SubprocessError) as error:
        return f"FAILED {name}: {error}"
    return ""


def run(name):
    """Runs one test in a tree of its own, and prints what was wrong."""
    with tempfile.TemporaryDirectory(prefix="upheld-broken-") as folder:
        wrong = attempt(name, TESTS[name], Box(folder))
    if wrong:
        print(wrong, flush=True)
    return wrong


def main():
    chosen = sys.argv[1:] or list(TESTS)
    unknown = [name for name in chosen if name not in TESTS]
    if unknown:
        sys.exit(f"toolchain_test: {unknown[0]}: expected some of {' '.join(TESTS)}")
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        print(f"SKIPPED: {missing[0]}: not found; run ci/setup prove")
        print(f"0 passed, {len(chosen)} failed")
        return 1
    signal.signal(signal.SIGINT, signal.default_int_handler)  # children of a shell's `&` ignore it
    wrong = attempt("the ledger of all tests", write_ledger)
    if wrong:
        print(f"{wrong}\n0 passed, {len(chosen)} failed")
        return 1
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        failed = sum(bool(wrong) for wrong in pool.map(run, chosen))
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
