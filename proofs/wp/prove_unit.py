"""Proves one C file: runs WP on it and turns what WP reports into one dictionary."""

import hashlib
import json
import pathlib
import tempfile
import time
from dataclasses import dataclass

from . import framac, results, smoke, toolchain

# Z3 alone closes nearly every goal of the core, most within a tenth of a second, while the others
# would use up their time beside it. So it goes first, alone; what it leaves open, a goal in fifty,
# is tried by all provers. `--first` lets another one go first.
FIRST_PROVER, FIRST_TIMEOUT = "z3", 3


@dataclass
class Run:
    """What one run of WP reported."""

    lines: list
    sections: dict  # function -> {property: {prover: counts}}, of WP's JSON report
    rows: list  # Frama-C's property list
    goals: list  # results.Goal, of the log


def attempts(options):
    """Provers, seconds, and whether they are told what constant arrays hold, of each attempt; a
    later one takes what the earlier left open. Few goals need the arrays; in the others, hundreds
    of hypotheses more hold a prover up."""
    every = [(options.provers, options.timeout, arrays) for arrays in (False, True)]
    if options.ledger or options.first not in options.provers:
        return every
    seconds = min(FIRST_TIMEOUT, options.timeout)
    short = [(options.provers, seconds, arrays) for arrays in (False, True)]
    return [([options.first], seconds, False)] + short + every


def selection(options, functions, skipped, labels=()):
    """Which functions and properties to prove."""
    chosen = []
    if functions:
        chosen += ["-wp-fct", ",".join(functions)]
    elif skipped:
        chosen += ["-wp-skip-fct", ",".join(sorted(skipped))]
    if options.properties or labels:
        chosen += [f"-wp-prop={options.properties or ','.join(labels)}"]
    return chosen


def forget_failures(directory):
    """Drops cached answers other than Valid: more time or another day may prove them."""
    for entry in directory.glob("*.json"):
        try:
            keep = json.loads(entry.read_text(encoding="utf-8")).get("verdict") == "valid"
        except (OSError, ValueError):
            keep = False
        if not keep:
            entry.unlink(missing_ok=True)


def cache(options):
    """Whether answers are reused: never, but for the quick loop of whoever writes a proof."""
    if not options.quick:
        return ["-wp-cache", "none"]
    directory = toolchain.BUILD / "proofs" / "cache"
    directory.mkdir(parents=True, exist_ok=True)
    forget_failures(directory)
    return ["-wp-cache", "update", "-wp-cache-dir", str(directory)]


def command(unit, work, options, attempt, functions, skipped, labels=()):
    """The command line that proves one file, with its reports in `work`."""
    shown = ["-wp-print"] if options.show else []
    every = ["-wp-run-all-provers"] if options.ledger else []
    return ["frama-c", *unit.kernel(), *unit.wp(*attempt, options.jobs), *cache(options),
            *selection(options, functions, skipped, labels), *shown, *every,
            "-wp-report-json", str(work / "report.json"),
            unit.name, "-then", "-report-csv", str(work / "properties.csv")]


def key(unit, program, versions, options, skipped):
    """A hash of all that a result depends on: the program as parsed, options, tools, driver."""
    work = pathlib.Path("work")
    parts = [program.text, json.dumps(versions, sort_keys=True), str(smoke.STEPS[options.ledger])]
    for attempt in attempts(options):
        parts += command(unit, work, options, attempt, options.functions, skipped)
    if options.seed is not None:
        parts.append(str(options.seed))
    for file in sorted((toolchain.PROOFS / "why3").iterdir()):
        parts.append(file.read_text(encoding="utf-8"))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def program_hash(program):
    """A hash of the program alone, as Frama-C parsed it: comments and layout are not in it."""
    return hashlib.sha256(program.text.encode()).hexdigest()


def empty_row():
    """Counts of a function before any goal."""
    return {"goals": 0, "proved": 0, "qed": 0, "two_families": 0}


def counts(run, each):
    """Goals, proved ones and closing families per function, from WP's JSON report.

    WP closes some termination goals while it walks the code and leaves them out of the JSON; those
    are taken from the log."""
    table, functions = {}, functions_of(run)
    for name, entries in run.sections.items():
        row = table.setdefault(name, empty_row())
        for provers in entries.values():
            main, closed = provers.get("wp:main", {}), results.families(provers)
            row["goals"] += main.get("total", 0)
            row["proved"] += main.get("valid", 0)
            row["qed"] += closed["qed"]
            row["two_families"] += min(closed["z3"], closed["cvc"])
    for goal in run.goals:
        if goal.engine == "CFG":
            row = table.setdefault(results.owner(goal.name, functions) or goal.name, empty_row())
            row["goals"] += 1
            row["proved"] += goal.proved
            row["qed"] += goal.proved
    if not each:
        for row in table.values():
            row["two_families"] = None
    return table


def one_family(run):
    """Properties of which a solver of one family alone closes a goal: how many each one closes."""
    told = []
    for name, entries in sorted(run.sections.items()):
        for label, provers in sorted(entries.items()):
            closed = results.families(provers)
            solved = provers.get("wp:main", {}).get("total", 0) - closed["qed"]
            if min(closed["z3"], closed["cvc"]) < solved:
                told.append({"function": name, "property": label, "goals": solved,
                             "z3": closed["z3"], "cvc": closed["cvc"]})
    return told


def functions_of(run):
    """All functions that the reports name."""
    names = {row["function"] for row in run.rows if row["function"]}
    return names | {name for name in run.sections if not name.startswith("logic")}


def check_counts(unit, run):
    """WP's JSON and WP's closing line must agree; else the numbers mean nothing."""
    table = counts(run, False)
    proved = sum(row["proved"] for row in table.values())
    goals = sum(row["goals"] for row in table.values())
    closing = results.summary(run.lines)
    if closing is None and not results.nothing_to_prove(run.lines):
        raise toolchain.ProofError(f"{unit.name}: WP printed no closing count; expected "
                                   f"'Proved goals: n / n'; see {log_file(unit)}")
    if closing is not None and closing != (proved, goals):
        raise toolchain.ProofError(f"{unit.name}: WP's report counts {proved} of {goals} goals, "
                                   f"its closing line {closing[0]} of {closing[1]}; "
                                   f"see {log_file(unit)}")


def log_file(unit):
    """Where a file's whole log goes."""
    return framac.relative(unit.results() / f"{unit.path.stem}.log")


def run_once(unit, env, options, attempt, functions, skipped, labels=()):
    """One run of WP on one file."""
    progress = framac.Progress(f"{unit.name}, {', '.join(attempt[0])}", options.part)
    with tempfile.TemporaryDirectory(prefix="upheld-wp-") as directory:
        work = pathlib.Path(directory)
        status, lines = framac.stream(
            command(unit, work, options, attempt, functions, skipped, labels), env, progress)
        progress.clear()
        report, rows = work / "report.json", work / "properties.csv"
        if status != 0 or not rows.exists():
            framac.fail(unit, status, results.complaints(lines) or lines[-4:])
        known = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        run = Run(lines, results.sections(known), results.properties(rows), results.goals(lines))
    check_counts(unit, run)
    return run


def unfinished(run):
    """Functions with an open goal; None stands for all, where a lemma is open."""
    functions = functions_of(run)
    owners = {results.owner(goal.name, functions) for goal in run.goals if not goal.proved}
    return None if "" in owners else sorted(owners)


def merge(unit, first, second, again):
    """The first run, with the functions that were proved again as the second run saw them."""
    functions = functions_of(first)
    old, new = counts(first, False), counts(second, False)
    for name in again:
        if old[name]["goals"] != new.get(name, empty_row())["goals"]:
            raise toolchain.ProofError(f"{unit.name}: {name}: {old[name]['goals']} goals at first, "
                                       f"{new.get(name, empty_row())['goals']} when repeated")
    kept = [goal for goal in first.goals if results.owner(goal.name, functions) not in again]
    redone = [goal for goal in second.goals if results.owner(goal.name, functions) in again]
    sections = first.sections | {name: second.sections.get(name, {}) for name in again}
    open_rows = [row for row in second.rows if row["function"] in again]
    rows = [row for row in first.rows if row["function"] not in again] + open_rows
    return Run(first.lines + second.lines, sections, rows, kept + redone)


def open_entries(run):
    """(function, property of WP's JSON report) -> label, of each open goal; None if one of them
    has no label that -wp-prop could select it by."""
    found, functions = {}, functions_of(run)
    for goal in run.goals:
        if not goal.proved:
            name = results.owner(goal.name, functions)
            place = results.labelled(goal, name, run.sections.get(name, {}))
            if not place:
                return None
            found[name, place[0]] = place[1]
    return found


def merge_entries(unit, first, second, entries):
    """The first run, with those of the entries that the second run closed more goals of."""
    functions, taken = functions_of(first), set()
    sections = {name: dict(section) for name, section in first.sections.items()}
    for name, entry in entries:
        old, new = sections[name][entry], second.sections.get(name, {}).get(entry, {})
        before, after = old.get("wp:main", {}), new.get("wp:main", {})
        if before.get("total") != after.get("total"):
            raise toolchain.ProofError(f"{unit.name}: {entry}: {before.get('total')} goals at "
                                       f"first, {after.get('total')} when repeated")
        if after.get("valid", 0) > before.get("valid", 0):
            sections[name][entry] = new
            taken.add((name, entry))

    def replaced(goal):
        name = results.owner(goal.name, functions)
        place = results.labelled(goal, name, first.sections.get(name, {}))
        return bool(place) and (name, place[0]) in taken

    goals = [goal for goal in first.goals if not replaced(goal)]
    goals += [goal for goal in second.goals if replaced(goal)]
    if sorted(goal.name for goal in goals) != sorted(goal.name for goal in first.goals):
        raise toolchain.ProofError(f"{unit.name}: other goals when repeated by label")
    valid = {row_name(row) for row in second.rows if row["status"] == "Valid"}
    rows = [row | {"status": "Valid"} if row_name(row) in valid else row for row in first.rows]
    return Run(first.lines + second.lines, sections, rows, goals)


def row_name(row):
    """What a row of the property list is about."""
    return tuple(row[key] for key in ("file", "line", "function", "property kind", "property"))


def repeat(unit, env, options, attempt, run, skipped):
    """Another attempt at what is open; what was printed, and the run with what it closed.

    A short one goes by the labels of what is open, which leaves alone what is proved. One in full
    goes by functions: WP hands out other hypotheses with a property alone."""
    again, entries = unfinished(run), open_entries(run)
    if again and entries and not options.properties and attempt[1] < options.timeout:
        more = run_once(unit, env, options, attempt, again, (), sorted(set(entries.values())))
        return more.lines, merge_entries(unit, run, more, entries)
    more = run_once(unit, env, options, attempt, again or options.functions,
                    () if again else skipped)
    return more.lines, merge(unit, run, more, again) if again else more


def prove(unit, env, options, skipped=()):
    """Runs WP on one file. Returns a dictionary, the form of build/proofs/FILE.json."""
    start = time.monotonic()
    first, *rest = attempts(options)
    run = run_once(unit, env, options, first, options.functions, skipped)
    text = results.sequents(run.lines)
    for attempt in rest:
        if unfinished(run) == []:
            break
        lines, run = repeat(unit, env, options, attempt, run, skipped)
        text = results.sequents(lines)
    toolchain.write(toolchain.ROOT / log_file(unit), "\n".join(run.lines) + "\n")
    return {"file": unit.name, "seconds": round(time.monotonic() - start, 1),
            "functions": counts(run, options.ledger), "open": open_goals(run),
            "one_family": one_family(run) if options.ledger else None,
            "properties": results.tally(run.sections), "lemmas": results.lemmas(run.sections),
            "complaints": unique(results.complaints(run.lines)),
            "hypotheses": unique(results.hypotheses(run.lines)), "slowest": slowest(run.goals),
            "engines": engines(run.goals), "by": closers(run),
            "guards": unit.guards(), "skipped": sorted(skipped),
            "text": text if options.show else []}


def unique(lines):
    """The same lines once each, in their order."""
    return list(dict.fromkeys(lines))


def open_goals(run):
    """Each goal that nobody proved: its name, function, place and what the provers said."""
    told, functions = [], functions_of(run)
    for goal in run.goals:
        if not goal.proved:
            function = results.owner(goal.name, functions)
            told.append({"name": goal.name, "function": function,
                         "places": results.places(goal, function, run.rows),
                         "verdicts": goal.verdicts()})
    return told


def slowest(goals):
    """The goal on which a prover took longest before it said Valid."""
    proved = [goal for goal in goals if goal.proved]
    if not proved:
        return {"name": "", "seconds": 0.0, "prover": ""}
    goal = max(proved, key=lambda one: one.seconds)
    return {"name": goal.name, "seconds": round(goal.seconds, 2), "prover": goal.engine}


def closers(run):
    """Function -> engine -> goals that it closed: the names for solvers, else how many."""
    functions, table = functions_of(run), {}
    for goal in run.goals:
        function = results.owner(goal.name, functions)
        if goal.proved and goal.engine in toolchain.FAMILIES:
            name = goal.name.removeprefix(f"{function}_")
            table.setdefault(function, {}).setdefault(goal.engine, []).append(name)
        elif goal.proved:
            row = table.setdefault(function, {})
            row[goal.engine] = row.get(goal.engine, 0) + 1
    return {function: {engine: sorted(names) if isinstance(names, list) else names
                       for engine, names in row.items()} for function, row in table.items()}


def engines(goals):
    """How many goals each engine closed first."""
    table = {}
    for goal in goals:
        if goal.proved:
            table[goal.engine] = table.get(goal.engine, 0) + 1
    return table
