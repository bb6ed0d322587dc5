"""Tries mutants one by one: compiled, run beside the core, proved anew; results are kept."""

import concurrent.futures
import dataclasses
import itertools
import json
import os
import queue
import threading
import time

from wp import framac, toolchain

from . import anew, beside, copies, proof, turn
from .store import Store

# Executions and seconds of a first look at a mutant, of one at a mutant that fell without a
# difference so far, and of the long one at a survivor.
QUICK = (200000, 15)
MORE = (2000000, 30)
LONG = 10000000  # and as many seconds as were asked for
LOOKS = 3  # long ones at a mutant, each by a run of its own, while it has too few executions
AHEAD = 40  # mutants that are run, at most, before the one that is proved
PROVERS = os.cpu_count() or 1  # mutants that are proved at once
SEED = 1  # of the engine that makes inputs


class Bench(anew.Anew):
    """What the trial of a mutant needs, built once a run."""

    def __init__(self, collection, env, lock="", seconds=1800):
        super().__init__(toolchain.BUILD / "mutants", json.dumps(toolchain.versions() | {
            "clang": toolchain.first_number(beside.sh(beside.CLANG, "--version"))}, sort_keys=True))
        self.collection = collection
        self.build.mkdir(parents=True, exist_ok=True)
        self.held = turn.alone(self.build / "lock")
        self.turn = turn.Turn(lock)
        self.long = (LONG, seconds)
        self.users = copies.users()
        self.counted = copies.Copy(self.build / "counted")
        self.compiled = copies.Compiled(self.build / "objects")
        self.beside = beside.Beside(self.build)
        self.provers = queue.SimpleQueue()
        for number in range(PROVERS):
            copy = copies.Copy(self.build / f"proved-{number}")
            self.provers.put(proof.Prover(copy, env, self.build))
        self.looks = Store(self.build / "looks.jsonl")
        self.verdicts = Store(self.build / "verdicts.jsonl")
        self.linking = threading.Lock()

    def proof_key(self, mutant):
        """A hash of all that the proof's verdict on a mutant depends on."""
        return self.digest([], self.program(anew.room(mutant.file)), self.versions, mutant.name,
                           mutant.old, mutant.new, str(mutant.at))

    def key(self, mutant):
        """A hash of all that the trial of a mutant depends on."""
        return self.digest([], self.proof_key(mutant), self.beside.folder.name,
                           str((QUICK, MORE, self.long, SEED)))


def file_name(mutant):
    """A mutant's name as that of a file."""
    return mutant.name.replace("/", "_").replace(":", "-")


class Look:
    """A mutant compiled and run beside the core: what needs no prover. Kept like a row."""

    def __init__(self, bench, mutant):
        self.bench = bench
        self.mutant = mutant
        self.witness = bench.build / "witness" / file_name(mutant)
        self.witness.parent.mkdir(exist_ok=True)
        self.found = None
        self.seconds = 0.0
        key = bench.key(mutant)
        known = bench.looks.rows.get(key)
        if known:
            self.object = known["object"]
            self.found = known["found"] and beside.Outcome(**known["found"])
            return
        content = bench.collection.changed(mutant)
        with bench.linking, anew.standing(bench.counted, {mutant.file: content}):
            self.object = bench.compiled.verdict(bench.counted.root, bench.users[mutant.file])
        if self.object == "other":
            self.run(QUICK)
        bench.looks.add({"key": key, "object": self.object,
                         "found": self.found and dataclasses.asdict(self.found)})

    def run(self, limits, seed=SEED):
        """Runs the mutant, if it showed no difference yet, by the target that does most of it."""
        if self.found is not None and self.found.difference:
            return
        target = self.found.target if self.found and self.found.executions else None
        program = self.bench.build / "programs" / file_name(self.mutant)
        program.parent.mkdir(exist_ok=True)
        with self.bench.linking:
            self.link(program)
        start = time.monotonic()
        self.found = self.bench.beside.run(program, *limits, seed, self.witness, target)
        self.seconds += time.monotonic() - start
        program.unlink()

    def run_long(self, earlier):
        """The long look at a mutant; it goes on, with another seed, where one of an earlier run
        came to the end of its seconds. How many long looks that makes."""
        executions, seconds = self.bench.long
        if earlier is None:
            self.run(self.bench.long)
            return 1
        looks, before = looks_of(earlier), earlier["beside"]
        self.run((executions - before["executions"], seconds), SEED + looks)
        if not self.found.difference:
            self.found = dataclasses.replace(
                self.found, executions=self.found.executions + before["executions"],
                calls=self.found.calls + before["calls"])
        return looks + 1

    def link(self, program):
        """Builds the program that runs the mutant beside the core."""
        bench, mutant = self.bench, self.mutant
        counted = {mutant.file: bench.collection.counted(mutant)}
        with anew.standing(bench.counted, counted):
            bench.beside.link(bench.counted.root, [bench.counted.root / "core" / name
                                                   for name in bench.users[mutant.file]], program)


def proved(bench, mutant, waiting):
    """Look and verdict; a second opinion where no input backs it that a goal fell. What the
    provers could not judge is told and not kept: the next run tries it anew."""
    look = waiting.result()
    if look.object != "other":
        return look, None
    key = bench.proof_key(mutant)
    known = bench.verdicts.rows.get(key)
    if known and (known["second"] or known["state"] != "fell" or look.found.difference):
        return look, proof.Verdict(known["state"], known["goal"], known["answer"])
    prover = bench.provers.get()
    try:
        with bench.turn:
            start = time.monotonic()
            verdict, second = asked(bench, prover, mutant, look)
            look.seconds += time.monotonic() - start
    except toolchain.ProofError as error:
        return look, proof.Verdict("unjudged", "", str(error))
    finally:
        bench.provers.put(prover)
    bench.verdicts.add({"key": key, "second": second, **dataclasses.asdict(verdict)})
    return look, verdict


def asked(bench, prover, mutant, look):
    """The proof's verdict, and whether it is a second opinion."""
    unit = framac.Unit(anew.room(mutant.file))
    left = bench.baseline(prover, unit, mutant.function)
    with anew.standing(prover.copy, {mutant.file: bench.collection.changed(mutant)}):
        verdict = prover.mutant(unit, mutant.function, left)
        if verdict.state == "fell" and not look.found.difference:
            return prover.in_full(unit, mutant.function, left), True
    return verdict, False


def looks_of(row):
    """How many long looks a row rests on."""
    return row.get("looks", 1)


def goes_on(row, argued):
    """Whether another long look may bring a row to enough executions: of a survivor, or of a mutant
    that fell and is `argued` to be equivalent. One that no input gets to is left."""
    return ((row["class"] == "survivor" or (row["class"] == "fell" and bool(argued)))
            and 0 < row["beside"]["executions"] < LONG and looks_of(row) < LOOKS)


def finished(bench, mutant, look, verdict, earlier=None):
    """Everything that was found out about one mutant, as a row of build/mutants.jsonl; `earlier` is
    its row so far, if it goes on."""
    row = {"name": mutant.name, "line": mutant.line, "old": mutant.old, "new": mutant.new,
           "key": bench.key(mutant), "object": look.object, "proof": None, "beside": None}
    if look.object == "other":
        if verdict.state == "proved" or earlier is not None:
            row["looks"] = look.run_long(earlier)
        elif verdict.state not in ("refused", "unjudged"):
            look.run(MORE)
        row["proof"] = dataclasses.asdict(verdict)
        row["beside"] = dataclasses.asdict(look.found)
    row["class"] = classified(row)
    row["seconds"] = round(look.seconds + (earlier["seconds"] if earlier else 0), 1)
    return row


def each(bench, mutants, earlier):
    """The rows of mutants, as they come; `earlier` has what goes on, by key. One thread compiles
    and runs mutants, some prove; the one that asks runs again those that nothing told apart."""
    looking = concurrent.futures.ThreadPoolExecutor(1)
    proving = concurrent.futures.ThreadPoolExecutor(PROVERS)
    rest, waiting = iter(mutants), {}
    try:
        while True:
            for mutant in itertools.islice(rest, AHEAD - len(waiting)):
                look = looking.submit(Look, bench, mutant)
                waiting[proving.submit(proved, bench, mutant, look)] = mutant
            if not waiting:
                return
            for done in concurrent.futures.wait(waiting, return_when="FIRST_COMPLETED").done:
                mutant = waiting.pop(done)
                yield finished(bench, mutant, *done.result(), earlier.get(bench.key(mutant)))
    finally:
        for pool in (looking, proving):
            pool.shutdown(wait=False, cancel_futures=True)
        framac.stop_all()


def classified(row):
    """The class of a mutant:

    unusable  gcc refuses it                  same    gcc makes the same object of it
    killed    a goal fell, an input shows it  fell    a goal fell, no input was found
    hole      proved, and an input differs    survivor  proved, and no input differs
    unjudged  the provers could not be asked, or did not prove the function as it stands"""
    if row["object"] != "other":
        return row["object"]
    if row["proof"]["state"] == "unjudged":
        return "unjudged"
    if row["proof"]["state"] == "refused":
        return "killed"
    different = bool(row["beside"]["difference"])
    if row["proof"]["state"] == "fell":
        return "killed" if different else "fell"
    return "hole" if different else "survivor"
