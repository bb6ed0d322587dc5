"""Which goals two families of solvers close, file by file: rows, their totals, gate G10.

One prover of each family runs, for a short time, on every goal that Qed leaves. What a family has
not closed then, it is given in full: all its provers, by label, first without what constant arrays
hold, then with it. WP counts by property, and one may have several goals, so what both close is
the least that the counts allow."""

import argparse
import hashlib
import json

from . import prove_unit, results, toolchain

ROWS = toolchain.PROOFS / "families.json"
FLOOR = 0.90
AIM = 0.98
FIRST = {"z3": "z3", "cvc": "cvc5"}  # which prover of a family has every goal
FIRST_TIMEOUT = prove_unit.FIRST_TIMEOUT


def options_of(options):
    """The same options, with every prover on every goal."""
    return argparse.Namespace(**{**vars(options), "ledger": True})


def properties(run):
    """(function, property) -> goals of solvers, and how many of them each family closes."""
    table = {}
    for function, entries in run.sections.items():
        for name, provers in entries.items():
            closed = results.families(provers)
            goals = provers.get("wp:main", {}).get("total", 0) - closed["qed"]
            table[function, name] = {"goals": goals, "z3": closed["z3"], "cvc": closed["cvc"]}
    return table


def both(row):
    """Goals of a property that both families close, at the least."""
    return max(0, row["z3"] + row["cvc"] - row["goals"])


def labels(run):
    """(function, property) -> label that -wp-prop selects it by, of what has one."""
    found, functions = {}, prove_unit.functions_of(run)
    for goal in run.goals:
        name = results.owner(goal.name, functions)
        place = results.labelled(goal, name, run.sections.get(name, {}))
        if place:
            found[name, place[0]] = place[1]
    return found


def better(first, second, family):
    """The properties of the first run, each with what that family closed in the better run. What
    Qed closes alone, once it is told more, is no goal of a solver."""
    table = dict(first)
    for key, row in second.items():
        if key in table and row["goals"] == 0:
            table[key] = row
        elif key in table and row["goals"] == table[key]["goals"]:
            table[key] = table[key] | {family: max(row[family], table[key][family])}
    return table


def summed(table):
    """A file's row: totals, and each property with a goal that not both families close."""
    left = [{"function": key[0], "property": key[1], **row}
            for key, row in sorted(table.items()) if both(row) < row["goals"]]
    return {"goals": sum(row["goals"] for row in table.values()),
            "both": sum(both(row) for row in table.values()), "one_family": left}


def attempts(options):
    """Of each run on a file: family that it is for (both, if none), provers, seconds, and whether
    they are told what constant arrays hold."""
    members = {family: [name for name in options.provers if toolchain.PROVERS[name][1] == family]
               for family in FIRST}
    return [(None, list(FIRST.values()), FIRST_TIMEOUT, False)] + [
        (family, provers, options.timeout, arrays)
        for family, provers in members.items() for arrays in (False, True)]


def attempts_told(options):
    """What every goal of `one_family` was given, in words."""
    return [f"{', '.join(provers)}: {seconds} s each, "
            f"{'with' if arrays else 'without'} the contents of constant arrays"
            for _, provers, seconds, arrays in attempts(options)]


def key(unit, program, versions, options, skipped):
    """A hash of all that a row depends on."""
    parts = [prove_unit.key(unit, program, versions, options, skipped), *attempts_told(options)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def chosen(table, names, family):
    """What a family has not closed: its functions and labels; all of a function that has such a
    property without a label. A lemma belongs to no function that could be chosen."""
    left = [key for key, row in table.items()
            if row[family] < row["goals"] and not key[0].startswith("logic")]
    whole = {function for function, name in left if (function, name) not in names}
    rest = [key for key in left if key[0] not in whole]
    yield sorted(whole), []
    yield sorted({function for function, _ in rest}), sorted({names[key] for key in rest})


def measure(unit, env, options, skipped):
    """Runs the provers on one file; its row without the key."""
    (_, *first), *more = attempts(options)
    run = prove_unit.run_once(unit, env, options, first, [], skipped)
    table, names = properties(run), labels(run)
    for family, *attempt in more:
        for functions, chosen_labels in chosen(table, names, family):
            if functions:
                again = prove_unit.run_once(unit, env, options, attempt, functions, (),
                                            chosen_labels)
                table = better(table, properties(again), family)
    return summed(table) | {"tried": attempts_told(options)}


def read(path=ROWS):
    """The committed rows, file -> row; none, if there are none yet."""
    if not path.exists():
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))["files"]
    except (ValueError, KeyError, TypeError) as error:
        raise toolchain.ProofError(f"proofs/{path.name}: expected what `make families` writes: "
                                   f"{error}") from error


def write(rows, path=ROWS):
    """Writes the rows whole."""
    toolchain.write(path, json.dumps({"files": rows}, indent=1, sort_keys=True) + "\n")


def state(row, key):
    """Whether a row is of the file as it is: '', or what is the matter."""
    if row is None:
        return "not measured yet"
    return "" if row["key"] == key else "measured of another program, or with other tools"


def judge(rows, keys):
    """G10: (what is missing, what is wrong) of rows, held against the keys of all files."""
    missing = [f"{name}: {state(rows.get(name), key)}" for name, key in sorted(keys.items())
               if state(rows.get(name), key)]
    known = [rows[name] for name, key in keys.items() if not state(rows.get(name), key)]
    goals, closed = sum(row["goals"] for row in known), sum(row["both"] for row in known)
    wrong = []
    if not missing and not goals:
        wrong.append("no goal of a solver was measured")
    if not missing and closed < FLOOR * goals:
        wrong.append(f"{closed} of {goals} goals closed by both families; expected at least "
                     f"{FLOOR:.0%}")
    for name, row in sorted(rows.items()):
        listed = sum(one["goals"] - both(one) for one in row["one_family"])
        if row["goals"] - row["both"] != listed:
            wrong.append(f"{name}: {row['goals'] - row['both']} goals are not closed by both, "
                         f"{listed} are listed")
        if name not in keys:
            wrong.append(f"{name}: measured, and no more in the core")
    return missing, wrong, closed, goals
