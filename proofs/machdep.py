#!/usr/bin/python3
"""Gate G16: the core as it is was proved for a machine of 32 bits too. Proves nothing itself.

    proofs/machdep.py             holds each core/*.c against proofs/machdep.json
    proofs/machdep.py --record    makes the last `make prove MACHDEP=gcc_x86_32` that record, if
                                  all goals, gates and claims of it held

Frama-C parses each file for that machine; a hash of what it parsed, of options, drivers and
versions of all tools has to be the one that was proved. The record is text that anyone can write.
Prints each file that is not as recorded, and last `N passed, N failed`. Exit 0: the gate holds, or
the record was written; 1: not so; 2: there is nothing to compare or to record.
"""

import argparse
import concurrent.futures
import json
import sys

sys.dont_write_bytecode = True

import prove  # noqa: E402
import replay as replaying  # noqa: E402
from wp import framac, replay, session, toolchain, units  # noqa: E402

MACHDEP = framac.MACHDEPS[1]
RECORD = toolchain.PROOFS / "machdep.json"
AGAIN = f"make prove MACHDEP={MACHDEP}, then make machdep-record"
WHAT = (f"Record of a whole proof for {MACHDEP}, for `make machdep`: which program was proved, not "
        "that it is. Written by `make machdep-record`.")


def record(chosen):
    """Writes the record of the last proof. Exit status."""
    whole = chosen[0].results().with_suffix(".json")
    result = session.read_json(whole, None)
    if result is None:
        raise toolchain.ProofError(f"{framac.relative(whole)}: missing; run: make prove "
                                   f"MACHDEP={MACHDEP}")
    told = replay.reasons(result)
    ended = whole.stat().st_mtime
    told += [f"{unit.name} was proved anew by a run that did not end" for unit in chosen
             if session.result_file(unit).stat().st_mtime > ended]
    if told:
        print(f"proofs/{RECORD.name}: not written: {told[0]}"
              + (f" and {len(told) - 1} more" if told[1:] else ""))
        return 1
    files = {unit.name: replay.row(session.read_json(session.result_file(unit), None))
             for unit in chosen}
    toolchain.write(RECORD, replay.lines_of(
        {"what": WHAT, "machdep": result["machdep"], "tools": result["tools"],
         "drivers": replay.drivers(), "files": files}))
    print(f"proofs/{RECORD.name}: {len(files)} files, {result['goals']} goals")
    return 0


def differs(name, found, kept, ledger):
    """What is wrong with a file: nothing, if it is the very program that was proved."""
    broken, key, program = found
    one = kept["files"].get(name)
    if broken or one is None:
        return broken or "no record: it was not in the proof"
    if one["program"] != program:
        return "another program than the one that was proved"
    if one["key"] != key:
        return "the same program, but proved with other tools, options or drivers than now"
    if sum(replay.counted(by) for by in one["by"].values()) != one["goals"]:
        return f"the record lists other than its {one['goals']} goals"
    expected = {function for function, entry in ledger["functions"].items()
                if entry["file"] == name}
    lost = sorted(expected - set(one["by"]))
    return f"{lost[0]}: no goal of it in the record" if lost else ""


def judge(chosen, env):
    """Whether the record is of the core as it is. Exit status."""
    kept = replay.read(RECORD)
    if kept.get("machdep") != MACHDEP:
        raise toolchain.ProofError(f"proofs/{RECORD.name}: machdep {kept.get('machdep')}, expected "
                                   f"{MACHDEP}; run: {AGAIN}")
    options = prove.arguments(["--machdep", MACHDEP])
    ledger, versions = session.read_json(session.LEDGER, None), toolchain.versions()
    if not ledger:
        raise toolchain.ProofError("proofs/ledger.json: missing; `make ledger` writes it")
    with concurrent.futures.ThreadPoolExecutor(replaying.AT_ONCE) as pool:
        parsed = pool.map(lambda unit: replaying.parsed(unit, env, versions, options), chosen)
        wrong = {unit.name: told for unit, found in zip(chosen, parsed)
                 if (told := differs(unit.name, found, kept, ledger))}
    wrong |= {name: "proved once, and no more in the core" for name in replay.gone(kept, chosen)}
    for name, told in wrong.items():
        print(f"G16: {name}: {told}; run: {AGAIN}")
    goals = sum(one["goals"] for name, one in kept["files"].items() if name not in wrong)
    print(f"G16 {'FAIL' if wrong else 'PASS'}: {goals} goals of {len(kept['files'])} files, as "
          f"proofs/{RECORD.name} says they were proved for {MACHDEP}; a record, not a proof")
    print(f"{len(chosen) - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


def main():
    """Exit status: see above."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    try:
        chosen = units.select([], MACHDEP)
        return record(chosen) if options.record else judge(chosen, toolchain.environment())
    except (toolchain.ProofError, json.JSONDecodeError) as error:
        print(f"machdep: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nmachdep: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
