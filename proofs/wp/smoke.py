"""Smoke tests of one C file: WP asks for a proof of false under each contract and at each place."""

import re
import time

from . import framac, results, toolchain

# Selects nothing but smoke tests: each other kind of property is taken out by name.
SMOKE_ONLY = ",".join(f"-@{kind}" for kind in (
    "lemma", "requires", "assigns", "ensures", "exits", "assert", "invariant", "variant", "breaks",
    "continues", "returns", "complete_behaviors", "disjoint_behaviors", "terminates", "decreases"))

# A bound in Z3's own steps gives the same answer on a busy machine; this one is about a second. Of
# eight contradictions planted in contracts of extension.c, head.c and respond.c, 100,000 and
# 150,000 find the same five; in respond.c 200,000 find one more, in five times the time. The long
# run (--ledger) looks further.
STEPS = {False: 100000, True: 1000000}

# Seconds for cvc5 on a test on which Z3 ran out of memory.
SECOND_LOOK = 1


def run(unit, program, env, options, skipped=()):
    """Looks for contradictions: contracts and code from which Z3 derives false.

    On some tests Z3 runs out of memory before it runs out of steps. That is no answer, though WP
    counts it as a test passed; cvc5 then looks at the functions concerned, and must answer."""
    start = time.monotonic()
    skip = ["-wp-skip-fct", ",".join(sorted(skipped))] if skipped else []
    lines = once(unit, env, options, ["-wp-smoke-timeout", "20", "-wp-timeout", "20", "-wp-steps",
                                      str(STEPS[options.ledger]), "-wp-prover", "z3", *skip])
    tests, failed = results.smoke(lines)
    silent = results.silent_smoke(lines)
    again = []
    if silent:
        functions = concerned(program, silent, skipped)
        lines = once(unit, env, options, ["-wp-smoke-timeout", str(SECOND_LOOK), "-wp-prover",
                                          "cvc5", "-wp-fct", ",".join(functions)])
        failed |= results.smoke(lines)[1]
        again = results.silent_smoke(lines)
    return {"tests": len(tests), "failed": sorted(failed), "second_look": len(silent),
            "unanswered": len(again), "seconds": round(time.monotonic() - start, 1)}


def concerned(program, silent, skipped):
    """Functions whose tests these are; a dead call is a test of any function that makes it."""
    names = set()
    for kind, name in silent:
        names |= callers(program, name) if kind.startswith("dead_call") else {name}
    return sorted(names - set(skipped))


def callers(program, name):
    """Defined functions that call one."""
    return {function.name for function in program.defined()
            if re.search(rf"\b{name}\s*\(", function.body)}


def once(unit, env, options, choice):
    """The log of one run of smoke tests."""
    progress = framac.Progress(f"{unit.name}, smoke tests", options.part)
    status, lines = framac.stream(
        ["frama-c", *unit.kernel(), "-wp", *unit.guards(), "-wp-model", "Typed",
         "-wp-smoke-tests", "-wp-par", str(options.jobs), "-wp-cache", "none", "-wp-print",
         f"-wp-prop={SMOKE_ONLY}", *choice, unit.name],
        toolchain.searching(env), progress)
    progress.clear()
    if status != 0:
        framac.fail(unit, status, results.complaints(lines) or lines[-4:])
    return lines
