#!/usr/bin/python3
"""Looks at the core a second time, with Frama-C's EVA, and holds it against WP's proof (gate G15).

    proofs/eva.py    analyse, judge; writes build/eva.json and, with every alarm, build/eva.txt

Needs the results of `make prove`. Exit 0: it holds; 1: something is open; 2: it could not run.
"""

import argparse
import json
import sys
import time

import prove
from wp import ast, eva, eva_gate, prove_unit, session, toolchain, units

LISTED = toolchain.PROOFS / "eva" / "listed.json"
RESULTS = ("eva.json", "eva.txt")
SHOWN = 20


def proof_of(unit, env, versions):
    """WP's result for a file as it is now, with or without every prover on every goal."""
    program = ast.read(unit, env)
    skipped = units.proved_elsewhere(unit, program)
    for words in ([], ["--ledger"]):
        key = prove_unit.key(unit, program, versions, prove.arguments(words), skipped)
        result = session.stored(unit, key)
        if result:
            return result
    raise toolchain.ProofError(f"{unit.name}: not proved as it is now; run `make prove` first")


def proof(env):
    """Of the proof of the core as it is now: function -> {goal: [proved, goals]}, and what is open.

    A goal holds under the contracts of what the function calls, so one that is open anywhere may
    take away from any other."""
    versions, found, still = toolchain.versions(), {}, []
    for unit in units.select([]):
        result = proof_of(unit, env, versions)
        still += [f"{unit.name}: WP left a goal open: {goal['name']}" for goal in result["open"]]
        for function, properties in result["properties"].items():
            if result["functions"].get(function, {}).get("goals"):
                found[function] = properties
    return found, still


def whole():
    """Analyses the core, judges, writes and tells."""
    start = time.monotonic()
    env = toolchain.environment()
    for name in RESULTS:
        (toolchain.BUILD / name).unlink(missing_ok=True)
    properties, still = proof(env)
    run = eva.analyse(eva.DRIVER, env, eva.BUILD)
    verdict = eva_gate.judge(run, properties, session.read_json(LISTED, {}),
                             eva.uncalled(eva.DRIVER))
    verdict.problems += still
    seconds = round(time.monotonic() - start, 1)
    toolchain.write(toolchain.BUILD / "eva.txt", eva_gate.listing(verdict))
    toolchain.write(toolchain.BUILD / "eva.json",
                    json.dumps(eva_gate.as_json(verdict) | {"seconds": seconds}, indent=1) + "\n")
    for line in verdict.problems[:SHOWN]:
        print(f"  {line}")
    if len(verdict.problems) > SHOWN:
        print(f"  and {len(verdict.problems) - SHOWN} more, in build/eva.txt")
    print(eva_gate.summary(verdict) + f"; {seconds} s; each in build/eva.txt")
    return not verdict.problems


def main():
    """Exit status: see above."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    try:
        passed, failed = (1, 0) if whole() else (0, 1)
        print(f"{passed} passed, {failed} failed")
        return 1 if failed else 0
    except toolchain.ProofError as error:
        print(f"eva: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\neva: interrupted; run it again", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
