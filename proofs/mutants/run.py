"""Tries mutants one by one: compiled, run beside the core, proved anew; results are kept."""

import contextlib
import dataclasses
import fcntl
import hashlib
import json
import time

from wp import framac, toolchain

from . import beside, copies, proof

# Executions and seconds of a first look at a mutant, of one at a mutant that fell without a
# difference so far, and of the long one at a survivor.
QUICK = (200000, 15)
MORE = (2000000, 30)
LONG = (10000000, 180)
SEED = 1  # of the engine that makes inputs


class Bench:
    """What the trial of a mutant needs, built once a run."""

    def __init__(self, collection, env, lock=""):
        self.collection = collection
        self.build = toolchain.BUILD / "mutants"
        self.build.mkdir(parents=True, exist_ok=True)
        self.held = held(self.build / "lock")
        self.lock = lock
        self.users = copies.users()
        self.proved = copies.Copy(self.build / "proved")
        self.counted = copies.Copy(self.build / "counted")
        self.compiled = copies.Compiled(self.build / "objects")
        self.beside = beside.Beside(self.build)
        self.prover = proof.Prover(self.proved, env, self.build)
        self.versions = json.dumps(toolchain.versions() | {
            "clang": toolchain.first_number(beside.sh(beside.CLANG, "--version"))}, sort_keys=True)
        self.specification = self.digest(sorted((toolchain.ROOT / "core").glob("*.h")) + sorted(
            (toolchain.PROOFS / "spec").glob("*.acsl")))

    def digest(self, paths, *more):
        """A hash of files and texts."""
        found = hashlib.sha256()
        for path in paths:
            found.update(path.read_bytes() + b"\0")
        for word in more:
            found.update(word.encode() + b"\0")
        return found.hexdigest()

    def room(self, mutant):
        """The C file with which a mutant's function is proved."""
        return toolchain.ROOT / mutant.file.replace(".h", ".c")

    def key(self, mutant):
        """A hash of all that the trial of a mutant depends on."""
        return self.digest([self.room(mutant)], self.specification, self.versions, mutant.name,
                           mutant.old, mutant.new, str(mutant.at), self.beside.folder.name,
                           str((QUICK, MORE, LONG, SEED)))

    @contextlib.contextmanager
    def alone(self):
        """Holds the lock file, if one was named, while provers run."""
        if not self.lock:
            yield
            return
        with open(self.lock, "a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def standing(self, mutant):
        """The mutant in both copies, and out of them again."""
        self.proved.put(mutant.file, self.collection.changed(mutant))
        self.counted.put(mutant.file, self.collection.counted(mutant))
        try:
            yield
        finally:
            self.proved.restore(mutant.file)
            self.counted.restore(mutant.file)

    def baseline(self, mutant):
        """How far the function has to be tried: see proof.py."""
        unit = framac.Unit(self.room(mutant))
        key = self.digest([unit.path], self.specification, self.versions, mutant.function)
        return proof.stored_baseline(self.build / "baseline.json", key,
                                     lambda: self.prover.baseline(unit, mutant.function))


def held(path):
    """The lock of this folder, held as long as it is open: two runs would change one copy."""
    file = open(path, "a", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise toolchain.ProofError("build/mutants: another run is under way; wait for its end, or "
                                   "end it") from error
    return file


def trial(bench, mutant):
    """Everything that is found out about one mutant, as a row of build/mutants.jsonl."""
    start = time.monotonic()
    row = {"name": mutant.name, "line": mutant.line, "old": mutant.old, "new": mutant.new,
           "key": bench.key(mutant), "proof": None, "beside": None}
    with bench.alone():  # before the mutant stands in the copy
        left = bench.baseline(mutant)
    with bench.standing(mutant):
        row["object"] = bench.compiled.verdict(bench.proved.root, bench.users[mutant.file])
        if row["object"] == "other":
            tried(bench, mutant, left, row)
    row["class"] = classified(row)
    row["seconds"] = round(time.monotonic() - start, 1)
    return row


def tried(bench, mutant, left, row):
    """Runs and proves a mutant that is another program."""
    program = bench.build / "program"
    unit = framac.Unit(bench.room(mutant))
    witness = bench.build / "witness" / mutant.name.replace("/", "_").replace(":", "-")
    witness.parent.mkdir(exist_ok=True)
    rooms = [bench.counted.root / "core" / name for name in bench.users[mutant.file]]
    bench.beside.link(bench.counted.root, rooms, program)

    def look(limits, target=None):
        found = bench.beside.run(program, *limits, SEED, witness, target)
        row["beside"] = dataclasses.asdict(found)
        return found

    found = look(QUICK)
    with bench.alone():
        verdict = bench.prover.mutant(unit, mutant.function, left)
        if verdict.state == "fell" and not found.difference:
            verdict = bench.prover.in_full(unit, mutant.function, left)
    if verdict.state != "refused" and not found.difference:
        look(LONG if verdict.state == "proved" else MORE, found.target if found.calls else None)
    row["proof"] = dataclasses.asdict(verdict)


def classified(row):
    """The class of a mutant:

    unusable  gcc refuses it                  same    gcc makes the same object of it
    killed    a goal fell, an input shows it  fell    a goal fell, no input was found
    hole      proved, and an input differs    survivor  proved, and no input differs"""
    if row["object"] != "other":
        return row["object"]
    if row["proof"]["state"] == "refused":
        return "killed"
    different = bool(row["beside"]["difference"])
    if row["proof"]["state"] == "fell":
        return "killed" if different else "fell"
    return "hole" if different else "survivor"


class Store:
    """Rows of earlier runs, by key; each new row is written at once."""

    def __init__(self, path):
        self.path = path
        self.rows = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                with contextlib.suppress(ValueError, KeyError):  # a line that was cut off
                    row = json.loads(line)
                    self.rows[row["key"]] = row

    def add(self, row):
        """Keeps a row."""
        self.rows[row["key"]] = row
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path, "a", encoding="utf-8") as file:
            file.write("\n" * self.cut() + json.dumps(row) + "\n")

    def cut(self):
        """Whether the file ends inside a line, as after a run that was killed."""
        text = self.path.read_bytes() if self.path.exists() else b""
        return bool(text) and not text.endswith(b"\n")
