#!/usr/bin/python3
"""Measures which goals both families of solvers close (Z3; CVC4 and cvc5), file by file.

    proofs/families.py [core/FILE.c...]   measures these; default: those not measured as they are
    proofs/families.py --most N           so many of them, the shortest first
    proofs/families.py --check            gate G10 on what was measured; measures nothing

Each file is written to proofs/families.json as soon as it is measured, so an interrupted run loses
one file. Exit 0: done, or the gate holds; 1: it does not; 2: it could not run.
"""

import argparse
import concurrent.futures
import sys

sys.dont_write_bytecode = True

import prove  # noqa: E402
from wp import ast, families, framac, toolchain, units  # noqa: E402

AT_ONCE = 2  # files parsed, or proved, at once


def keyed(unit, env, versions, options):
    """The key of a file as it is, and the functions that are proved elsewhere."""
    program = ast.read(unit, env)
    skipped = units.proved_elsewhere(unit, program)
    return families.key(unit, program, versions, options, skipped), skipped


def keys_of(chosen, env, options):
    """Unit name -> key and functions proved elsewhere."""
    versions = toolchain.versions()
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(lambda unit: keyed(unit, env, versions, options), chosen)
        return dict(zip((unit.name for unit in chosen), found))


def tell(name, row):
    """One line for a file, and one for each property that not both families close."""
    print(f"{name}: {row['both']} of {row['goals']} solvers' goals closed by both families",
          flush=True)
    for one in row["one_family"]:
        print("  {function}: {property}: {goals} goals, z3 {z3}, cvc {cvc}".format(**one))


def measure(chosen, keys, env, options):
    """Measures files, some at once, and keeps each row as soon as it is there."""
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = {pool.submit(families.measure, unit, env, options, keys[unit.name][1]): unit.name
                for unit in chosen}
        try:
            for job in concurrent.futures.as_completed(jobs):
                name = jobs[job]
                row = job.result() | {"key": keys[name][0]}
                tell(name, row)
                families.write(families.read() | {name: row})
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            framac.stop_all()
            raise
    return 0


def check(keys):
    """Judges G10 on what was measured."""
    rows = families.read()
    missing, wrong, closed, goals = families.judge(
        rows, {name: key for name, (key, _) in keys.items()})
    for line in missing:
        print(f"SKIPPED G10: {line}; run: make families FILE={line.partition(':')[0]}")
    for line in wrong:
        print(f"G10: {line}")
    share = f"{closed / goals:.1%}" if goals else "nothing"
    print(f"G10 {'FAIL' if missing or wrong else 'PASS'}: {closed} of {goals} solvers' goals "
          f"({share}) closed by both families, in {len(keys) - len(missing)} of {len(keys)} files; "
          f"floor {families.FLOOR:.0%}, aim {families.AIM:.0%}")
    failed = len(missing) + len(wrong)
    print(f"{len(keys) - len(missing)} passed, {failed} failed")
    return 1 if failed else 0


def main():
    """Exit status: see above."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE.c")
    parser.add_argument("--most", type=int, default=0)
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    options = families.options_of(prove.arguments([]))
    try:
        env = toolchain.environment()
        found = units.select([] if chosen.check else chosen.files)
        keys = keys_of(found, env, options)
        if chosen.check:
            return check(keys)
        rows = families.read()
        if not chosen.files:
            found = [unit for unit in found if families.state(rows.get(unit.name),
                                                              keys[unit.name][0])]
            found.sort(key=lambda unit: unit.path.stat().st_size)
            found = found[:chosen.most or None]
        return measure(found, keys, env, options)
    except toolchain.ProofError as error:
        print(f"families: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        framac.stop_all()
        print("\nfamilies: interrupted; the files measured so far are kept", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
