"""One clause dropped: its callers are proved anew without it, until a goal falls.

    claimed    a claim names the clause: that claim is not carried without it
    needed     a goal of a caller falls
    offered    no caller needs it, but the function is for callers outside of the core
    checked    no proof needs it, but it runs as code on an E-ACSL leg, which cannot run equations
    unneeded   nothing needs it
    unjudged   the provers could not be asked, or did not prove a caller as it stands"""

import hashlib
import json
import os
import pathlib
import queue
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from evidence import contracts, eacsl
from mutants import copies, proof, store, turn
from wp import framac, toolchain

PUBLIC = "upheld_"  # how names of functions start that are for callers
EXACT = "UPH_EXACT"  # what it holds reads as true at run time: core/contract.h
RECORD = toolchain.PROOFS / "needs" / "record.jsonl"
PROVERS = os.cpu_count() or 1  # clauses that are tried at once


@dataclass(frozen=True)
class Fall:
    """The goal of a caller that is open without the clause; no caller if none fell."""

    caller: str = ""
    goal: str = ""
    answer: str = ""


class Bench:
    """Copies of the core in which clauses are dropped, and what is known of earlier runs."""

    def __init__(self, graph, claims, env):
        self.graph = graph
        self.claims = claims
        self.build = toolchain.BUILD / "needs"
        self.build.mkdir(parents=True, exist_ok=True)
        self.held = turn.alone(self.build / "lock")
        self.baselines = proof.Baselines(self.build / "baseline.json")
        self.store = store.Store(toolchain.BUILD / "needs.jsonl", RECORD)
        self.at_run_time = {name for names in eacsl.units(toolchain.ROOT).values()
                            for name in names}
        self.versions = json.dumps(toolchain.versions(), sort_keys=True)
        self.provers = queue.SimpleQueue()
        for number in range(PROVERS):
            copy = copies.Copy(self.build / f"proved-{number}")
            self.provers.put(proof.Prover(copy, env, self.build))

    def digest(self, *words):
        """A hash of texts."""
        return hashlib.sha256("\0".join((self.versions, *words)).encode()).hexdigest()

    def callers(self, clause):
        """Who is proved with the contract in hand."""
        return self.graph.callers.get(clause.function, [])

    def key(self, clause):
        """A hash of all that a trial depends on."""
        files = sorted({caller.file for caller in self.callers(clause)})
        return self.digest(clause.function, clause.label, clause.text,
                           str(self.claims.naming(clause.function, clause.label)),
                           *(self.graph.programs[name] for name in files))

    def falls(self, prover, clause):
        """What falls first when the clause is gone."""
        text = (toolchain.ROOT / clause.file).read_text(encoding="utf-8")
        content = contracts.without(text, clause.function, clause.label)
        if content is None:
            raise toolchain.ProofError(f"{clause.file}: {clause.function}: no `ensures "
                                       f"{clause.label}:` to be dropped")
        for caller in self.callers(clause):
            unit = framac.Unit(toolchain.ROOT / caller.file)
            left = self.baselines.find(prover, unit, caller.name, self.digest(
                self.graph.programs[caller.file], caller.name))
            prover.copy.put(clause.file, content)
            try:
                verdict = prover.mutant(unit, caller.name, left)
            finally:
                prover.copy.restore(clause.file)
            if verdict.state == "refused":
                raise toolchain.ProofError(f"{clause.file}: {clause.function} without its `ensures "
                                           f"{clause.label}:`: {verdict.answer}")
            if verdict.state == "fell":
                return Fall(caller.name, verdict.goal, verdict.answer)
        return Fall()


def without_caller(bench, clause):
    """The class of a clause that no caller in the core needs."""
    if clause.function.startswith(PUBLIC):
        return "offered"
    if EXACT not in clause.text and pathlib.PurePath(clause.file).stem in bench.at_run_time:
        return "checked"
    return "unneeded"


def row(bench, clause, judged, fall, seconds):
    """What is known of a clause."""
    named = bench.claims.naming(clause.function, clause.label)
    falls = list(named)
    if fall.caller:
        falls += [one for one in bench.claims.resting_on(fall.caller) if one not in falls]
    return {"key": bench.key(clause), "clause": clause.goal, "file": clause.file, "class": judged,
            "caller": fall.caller, "goal": fall.goal, "answer": fall.answer, "claims": falls,
            "seconds": round(seconds, 1)}


def tried(bench, clause):
    """The row of one clause. No prover is asked where a claim names it."""
    if bench.claims.naming(clause.function, clause.label):
        return row(bench, clause, "claimed", Fall(), 0)
    prover, start = bench.provers.get(), time.monotonic()
    try:
        fall = bench.falls(prover, clause)
        judged = "needed" if fall.caller else without_caller(bench, clause)
    except toolchain.ProofError as error:
        fall, judged = Fall(answer=str(error)), "unjudged"
    finally:
        bench.provers.put(prover)
    return row(bench, clause, judged, fall, time.monotonic() - start)


def each(bench, clauses):
    """The rows of clauses, as they come; each is kept, but for one that could not be judged."""
    pool = ThreadPoolExecutor(PROVERS)
    try:
        for done in as_completed([pool.submit(tried, bench, clause) for clause in clauses]):
            found = done.result()
            if found["class"] != "unjudged":
                bench.store.add(found)
            yield found
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        framac.stop_all()
