#!/usr/bin/python3
"""Drops each `ensures` of the core's contracts in turn: which goal falls, and with it which claim?

    proofs/needs.py                        every clause; goes on where an earlier run stopped
    proofs/needs.py --sample 100 --seed 7  so many of them, over the whole core
    proofs/needs.py --file core/list.c --fn uph_list_has
    proofs/needs.py --list                 prints the clauses, tries none
    proofs/needs.py --record               tries none; what is known of the core as it is becomes
                                           the record, proofs/needs/record.jsonl

Prints each clause's class (needs/trial.py says which there are), writes build/needs.json, and last
`N passed, N failed`. Exit 0: each clause is claimed, needed, offered to callers or checked at run
time; 1: one is not; 2: the run could not be made.
"""

import argparse
import collections
import json
import random
import signal
import sys

sys.dont_write_bytecode = True

from evidence import contracts  # noqa: E402
from needs import calls, trial  # noqa: E402
from wp import framac, toolchain  # noqa: E402

PASSED = ("claimed", "needed", "offered", "checked")
CLASSES = (*PASSED, "unneeded", "unjudged")


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", default="", help="contracts that stand in this file alone")
    parser.add_argument("--fn", default="", help="of this function alone")
    parser.add_argument("--sample", type=int, default=0, help="so many, over the whole core")
    parser.add_argument("--seed", type=int, default=1, help="decides which are taken")
    parser.add_argument("--record", action="store_true", help="check in what is known, and stop")
    parser.add_argument("--list", action="store_true", help="print the clauses and stop")
    return parser.parse_args()


def chosen(options):
    """The clauses that were asked for, in the order of the sources."""
    found = [one for one in contracts.read(toolchain.ROOT) if one.kind == "ensures" and
             (not options.file or one.file == options.file) and
             (not options.fn or one.function == options.fn)]
    if not found:
        raise toolchain.ProofError(f"{options.file or 'core/'}: {options.fn or 'all functions'}: "
                                   "no `ensures`; expected a file and a function with a contract")
    if not options.sample or options.sample >= len(found):
        return found
    drawn = random.Random(options.seed).sample(range(len(found)), options.sample)
    return [found[place] for place in sorted(drawn)]


def tell(number, total, row):
    """One line a clause."""
    why = f"{row['goal']} of {row['caller']}()" if row["caller"] else row["answer"]
    falls = f"; with it {', '.join(row['claims'])}" if row["claims"] else ""
    print(f"{number} of {total} {row['class']:8} {row['clause']} ({row['file']}): "
          f"{why or 'no goal falls'}{falls} [{row['seconds']} s]", flush=True)


def finish(rows, recorded):
    """Prints what nothing needs, writes build/needs.json; the exit status. `recorded`: how many of
    the rows were not found out here, but stand in the record."""
    counts = collections.Counter(row["class"] for row in rows)
    failed = [row for row in rows if row["class"] not in PASSED]
    for row in failed:
        asked = ("nothing needs it: remove it, or claim it in proofs/claims.json"
                 if row["class"] == "unneeded" else f"{row['answer']}: run `make needs` again")
        print(f"{row['class'].upper()} {row['clause']} ({row['file']}): {asked}")
    told = {name: counts[name] for name in CLASSES}
    toolchain.write(toolchain.BUILD / "needs.json",
                    json.dumps(told | {"recorded": recorded, "clauses": rows}, indent=1) + "\n")
    print(f"needs: {recorded} of {len(rows)} tried earlier, as proofs/needs/record.jsonl says")
    print("needs: " + ", ".join(f"{number} {name}" for name, number in told.items()))
    print(f"{len(rows) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def run(options):
    """Tries what an earlier run has not tried."""
    clauses = chosen(options)
    if options.list:
        for one in clauses:
            print(f"{one.goal} ({one.file})")
        print(f"{len(clauses)} clauses")
        return 0
    env = toolchain.environment()
    graph = calls.of_core(env)
    bench = trial.Bench(graph, calls.Claims(graph), env)
    keys = [bench.key(one) for one in clauses]
    if options.record:
        kept = bench.store.keep(keys)
        print(f"{framac.relative(trial.RECORD)}: {kept} of {len(keys)} clauses")
        return 0
    new = [one for one, key in zip(clauses, keys) if key not in bench.store.rows]
    found = {}
    for number, row in enumerate(trial.each(bench, new), 1):
        found[row["key"]] = row
        tell(number, len(new), row)
    return finish([found.get(key) or bench.store.rows[key] for key in keys],
                  len(bench.store.recorded & set(keys)))


def main():
    """Exit status: see above."""
    options = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that provers end with us
    try:
        return run(options)
    except (toolchain.ProofError, contracts.EvidenceError) as error:
        print(f"needs: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nneeds: interrupted; the same command goes on from here", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
