#!/usr/bin/python3
"""Changes the core in small ways, and sees whether the proof notices each.

    proofs/mutate.py                       one of each operator in each function; goes on where
                                           an earlier run stopped
    proofs/mutate.py --all                 every place of each operator
    proofs/mutate.py --sample 100 --seed 7 so many of them, over all functions
    proofs/mutate.py --file core/list.c --fn uph_list_has
    proofs/mutate.py --only core/list.c:uph_list_has:drop:1
    proofs/mutate.py --list                prints the mutants, tries none
    proofs/mutate.py --record              tries none; what is known of the core as it is becomes
                                           the record, proofs/mutants/record.jsonl

Prints each mutant's class, and `N passed, N failed` last. Exit 0: every mutant is killed or argued
to be equivalent; 1: one is not; 2: the run could not be made.
"""

import argparse
import signal
import sys

from mutants import collect, direct, report, run, store
from wp import framac, toolchain

RECORD = toolchain.PROOFS / "mutants" / "record.jsonl"


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", default="", help="of this file alone")
    parser.add_argument("--fn", default="", help="of this function alone")
    parser.add_argument("--only", default="", help="one mutant, by its name; tried anew")
    parser.add_argument("--all", action="store_true", help="every place of each operator")
    parser.add_argument("--sample", type=int, default=0, help="so many, over all functions")
    parser.add_argument("--seed", type=int, default=1, help="decides which are taken")
    parser.add_argument("--list", action="store_true", help="print the mutants and stop")
    parser.add_argument("--record", action="store_true", help="check in what is known, and stop")
    parser.add_argument("--seconds", type=int, default=1800,
                        help="of looking for a difference, where every goal is proved")
    parser.add_argument("--lock", default="", metavar="FILE",
                        help="hold this lock while provers run, on a machine that others prove on")
    return parser.parse_args()


def tell(number, total, row):
    """One line a mutant."""
    proved, ran = row["proof"] or {}, row["beside"] or {}
    why = " ".join(filter(None, [proved.get("goal"), proved.get("answer")]))
    seen = ran.get("difference") or (f"{ran['executions']} executions alike" if ran else "")
    print(f"{number} of {total} {row['class']:8} {row['name']} (line {row['line']}): "
          f"`{row['old']}` -> `{row['new']}`; {'; '.join(filter(None, [why, seen]))}"
          f" [{row['seconds']} s]", flush=True)


def keep(options, collection, env):
    """Writes the record anew. A row that is of another core, or of other tools, is left out."""
    bench = run.Bench(collection, env, options.lock, options.seconds)
    kept = known_rows().keep([bench.key(mutant) for mutant in collection.mutants])
    print(f"{framac.relative(RECORD)}: {kept} of {len(collection.mutants)} mutants")
    return 0


def known_rows():
    """What earlier runs found out, here or where the record was made."""
    return store.Store(toolchain.BUILD / "mutants.jsonl", RECORD)


def try_all(options, collection, chosen, env):
    """Tries what is not known; the rows of all, and how many of them the record alone holds."""
    bench = run.Bench(collection, env, options.lock, options.seconds)
    rows = known_rows()
    known = {} if options.only else rows.rows
    table = report.arguments()
    keys = [bench.key(mutant) for mutant in chosen]
    new = [mutant for mutant, key in zip(chosen, keys)
           if key not in known or run.goes_on(known[key], report.argued(known[key], table))]
    found = {}
    for number, row in enumerate(run.each(bench, new, known), 1):
        found[row["key"]] = row
        if row["class"] != "unjudged":
            rows.add(row)
        tell(number, len(new), row)
    told = direct.look(bench, chosen, [found.get(key) or rows.rows[key] for key in keys])
    return list(told), len(rows.recorded & set(keys))


def main():
    """Exit status: see above."""
    options = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that provers end with us
    try:
        collection = collect.Collection(collect.sources())
        chosen = collection.chosen(options.file, options.fn, options.only, options.seed,
                                   options.sample, options.all)
        if options.list:
            for one in chosen:
                print(f"{one.name} {one.line}: `{one.old}` -> `{one.new}`")
            print(f"{len(chosen)} mutants of {len(collection.mutants)}, "
                  f"{collection.lost} places left alone")
            return 0
        if options.record:
            return keep(options, collection, toolchain.environment())
        return report.tell(*try_all(options, collection, chosen, toolchain.environment()),
                           collection)
    except toolchain.ProofError as error:
        print(f"mutate: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nmutate: interrupted; the same command goes on from here", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
