#!/usr/bin/python3
"""Says whether the core is the very program that the recorded whole proof was of. No proof.

    proofs/replay.py [core/FILE.c...]     default: every core/*.c

Frama-C parses each file; a hash of what it parsed, of options, drivers and versions of all tools is
held against proofs/replay.json. No goal is made, no solver runs, and nothing is written. The record
is text that anyone can write: who wants to know that the core is proved runs `make prove`.

Exit 0: all files are those of the record; 1: some are not; 2: there is nothing to compare.
"""

import concurrent.futures
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True

import prove  # noqa: E402
from wp import ast, prove_unit, replay, session, toolchain, units  # noqa: E402

AT_ONCE = 2  # files parsed at once


def parsed(unit, env, versions, options):
    """Key and hash of a file as it is now; or what Frama-C said against it."""
    try:
        program = ast.read(unit, env)
    except toolchain.ProofError as error:
        return str(error), "", ""
    skipped = units.proved_elsewhere(unit, program)
    return ("", prove_unit.key(unit, program, versions, options, skipped),
            prove_unit.program_hash(program))


def compared(chosen, env, record, versions):
    """(file, what is wrong with it) for each file."""
    options, ledger = prove.arguments([]), session.read_json(session.LEDGER, None)
    if not ledger:
        raise toolchain.ProofError("proofs/ledger.json: missing; `make ledger` writes it")
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [(unit.name, pool.submit(parsed, unit, env, versions, options)) for unit in chosen]
        for name, job in jobs:
            broken, key, program = job.result()
            yield name, [broken] if broken else replay.compare(name, key, program, record, ledger)


def tell(name, problems, record):
    """One line for a file, and what to run where it is not the recorded one."""
    if not problems:
        one = record["files"][name]
        print(f"{name}: as recorded: {one['goals']} goals ({replay.shares(one)})", flush=True)
        return
    print(f"{name}: NOT as recorded: {problems[0]}"
          + (f", and {len(problems) - 1} more" if problems[1:] else "")
          + f"; run: make prove FILE={name}", flush=True)


def run(names):
    """Exit status; the last line says what this was."""
    record, versions = replay.read(), toolchain.versions()
    chosen = units.select(names)
    general = replay.machine_differs(record) + replay.tools_differ(record, versions)
    if record["drivers"] != replay.drivers():
        general.append("proofs/why3: other options or drivers of solvers than when proved")
    if not names:
        general += [f"{name}: proved once, and no more in the core"
                    for name in replay.gone(record, chosen)]
    for line in general:
        print(f"NOT as recorded: {line}")
    with tempfile.TemporaryDirectory(prefix="upheld-replay-") as directory:
        env = toolchain.environment(pathlib.Path(directory))
        same, goals = 0, 0
        for name, problems in compared(chosen, env, record, versions):
            tell(name, problems, record)
            if not problems:
                same, goals = same + 1, goals + record["files"][name]["goals"]
    bad = bool(general) or same != len(chosen)
    if bad:
        print("to prove what is not as recorded: make prove; to record it then: make ledger")
    print(f"REPLAY, not a proof: {same} of {len(chosen)} files, {goals} goals, are as "
          f"proofs/replay.json says they were proved; a proof: make prove")
    return 1 if bad else 0


def main():
    """Exit status: see above."""
    try:
        return run(sys.argv[1:])
    except toolchain.ProofError as error:
        print(f"replay: {error}\nREPLAY, not a proof: nothing is as recorded", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nreplay: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
