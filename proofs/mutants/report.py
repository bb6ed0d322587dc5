"""Judges a run of mutants: what is killed, what is argued, what is a hole in the specification."""

import collections
import json
import re

from wp import toolchain

from . import run

EQUIVALENT = toolchain.PROOFS / "mutants" / "equivalent.json"
CLASSES = ("killed", "fell", "survivor", "hole", "same", "unusable", "unjudged")


def arguments():
    """The table of mutants that no input tells from the core: for each a pattern of names, the
    change, and why it changes nothing."""
    try:
        return json.loads(EQUIVALENT.read_text(encoding="utf-8"))["equivalent"]
    except (OSError, ValueError, KeyError) as error:
        raise toolchain.ProofError(f"proofs/mutants/equivalent.json: {error}") from error


def argued(row, table):
    """The argument for a mutant, or ''. Its text must be the one that was argued about, since
    the number in a name moves when the function changes."""
    for entry in table:
        if re.fullmatch(entry["name"], row["name"]) and entry["old"] == row["old"] \
                and entry["new"] == row["new"]:
            return entry["why"]
    return ""


def problems(rows, table):
    """A sentence for each mutant that is neither killed nor argued to be the same."""
    told = []
    for row in rows:
        where = f"{row['name']}, line {row['line']}: `{row['old']}` -> `{row['new']}`"
        ran = row["beside"] or {}
        if row["class"] == "hole":
            told.append(f"HOLE {where}: every goal is proved, yet {ran['difference']}: expected a "
                        f"contract that forbids it; see build/mutants/witness")
        elif row["class"] == "unjudged":
            told.append(f"UNJUDGED {where}: {row['proof']['answer']}: run `make mutants` again")
        elif row["class"] == "survivor" and not argued(row, table):
            told.append(f"SURVIVOR {where}: proved, {ran['executions']} executions alike: expected "
                        "a stronger contract, or an argument in proofs/mutants/equivalent.json")
    return told


def same(rows, table):
    """The rows that are argued to be the core's equivalents."""
    return [row for row in rows if row["class"] in ("survivor", "fell") and argued(row, table)]


def summed(rows, table):
    """How many of each class, those without an argument; those with one are `equivalent`."""
    counts = collections.Counter(row["class"] for row in rows)
    equivalent = same(rows, table)
    counts.subtract(row["class"] for row in equivalent)
    return {name: counts[name] for name in CLASSES} | {
        "equivalent": len(equivalent),
        "direct": sum(bool(row.get("direct")) for row in rows),
        "fewer_executions": sum(row["beside"]["executions"] < run.LONG for row in equivalent)}


def tell(rows, recorded, collection):
    """Prints the summary and writes build/mutants.json; the exit status. `recorded`: how many of
    the rows were not found out here, but stand in the record."""
    table = arguments()
    told = problems(rows, table)
    for row in same(rows, table):
        print(f"equivalent {row['name']}: {argued(row, table)} "
              f"({row['beside']['executions']} executions alike)")
    for row in rows:
        if row.get("direct"):
            print(f"killed by a direct call {row['name']}: {row['direct']}")
        elif row["class"] == "fell" and not argued(row, table):
            print(f"fell without witness {row['name']}, line {row['line']}: {row['proof']['goal']} "
                  f"{row['proof']['answer']}; {row['beside']['executions']} executions alike")
    for line in told:
        print(line)
    summary = summed(rows, table) | {
        "made": len(rows), "of": len(collection.mutants), "recorded": recorded,
        "functions": len({row["name"].rsplit(":", 2)[0] for row in rows}),
        "functions_of": len({one.name.rsplit(":", 2)[0] for one in collection.mutants}),
        "seconds": round(sum(row["seconds"] for row in rows), 1)}
    toolchain.write(toolchain.BUILD / "mutants.json",
                    json.dumps(summary | {"problems": told, "mutants": rows}, indent=1) + "\n")
    print(f"mutants: {recorded} of {len(rows)} tried earlier, as proofs/mutants/record.jsonl says")
    print(f"mutants: {summary['made']} made of {summary['of']}, over {summary['functions']} "
          f"of {summary['functions_of']} functions: {summary['killed']} killed "
          f"({summary['direct']} by a direct call), "
          f"{summary['fell']} fell without witness, {summary['equivalent']} equivalent (argued; "
          f"{summary['fewer_executions']} with fewer than {run.LONG} executions), "
          f"{summary['same']} the same object, "
          f"{summary['unusable']} refused by gcc, {summary['hole']} holes, "
          f"{summary['survivor']} survivors without argument, "
          f"{summary['unjudged']} not judged")
    print(f"{len(rows) - len(told)} passed, {len(told)} failed")
    return 1 if told else 0
