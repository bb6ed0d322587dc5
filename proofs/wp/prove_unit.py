"""Proves one C file: runs WP on it and turns what WP reports into one dictionary."""

import hashlib
import json
import pathlib
import tempfile
import time

from . import framac, results, toolchain

# Selects nothing but smoke tests: each other kind of property is taken out by name.
SMOKE_ONLY = ",".join(f"-@{kind}" for kind in (
    "lemma", "requires", "assigns", "ensures", "exits", "assert", "invariant", "variant", "breaks",
    "continues", "returns", "complete_behaviors", "disjoint_behaviors", "terminates", "decreases"))

# A bound in Z3's own steps gives the same answer on a busy machine. A planted contradiction takes
# some 80,000, the median Valid goal of the core 110,000; the long run (--ledger) looks further.
SMOKE_STEPS = {False: 200000, True: 1000000}


def selection(options, skipped):
    """Which functions and properties to prove."""
    chosen = []
    if options.functions:
        chosen += ["-wp-fct", ",".join(options.functions)]
    elif skipped:
        chosen += ["-wp-skip-fct", ",".join(skipped)]
    if options.properties:
        chosen += [f"-wp-prop={options.properties}"]
    return chosen


def forget_failures(directory):
    """Drops cached answers other than Valid: a busy machine times out where an idle one proves."""
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


def command(unit, work, options, skipped):
    """The command line that proves one file, with its reports in `work`."""
    shown = ["-wp-print"] if options.show else []
    every = ["-wp-run-all-provers"] if options.ledger else []
    return ["frama-c", *unit.kernel(), *unit.wp(options.provers, options.timeout, options.jobs),
            *cache(options), *selection(options, skipped), *shown, *every,
            "-wp-report-json", str(work / "report.json"),
            unit.name, "-then", "-report-csv", str(work / "properties.csv")]


def key(unit, program, versions, options, skipped):
    """A hash of all that a result depends on: the program as parsed, options, tools, driver."""
    work = pathlib.Path("work")
    parts = [program.text, json.dumps(versions, sort_keys=True), str(SMOKE_STEPS[options.ledger])]
    parts += command(unit, work, options, skipped)
    for file in sorted((toolchain.PROOFS / "why3").iterdir()):
        parts.append(file.read_text(encoding="utf-8"))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def functions_of(rows, sections):
    """All functions that the reports name."""
    names = {row["function"] for row in rows if row["function"]}
    return names | {name for name in sections if not name.startswith("logic")}


def empty_row():
    """Counts of a function before any goal."""
    return {"goals": 0, "proved": 0, "qed": 0, "two_families": 0}


def counts(sections, found, functions, each):
    """Goals, proved ones and closing families per function, from WP's JSON report.

    WP closes some termination goals while it walks the code and leaves them out of the JSON; those
    are taken from the log."""
    table = {}
    for name, entries in sections.items():
        row = table.setdefault(name, empty_row())
        for provers in entries.values():
            main, closed = provers.get("wp:main", {}), results.families(provers)
            row["goals"] += main.get("total", 0)
            row["proved"] += main.get("valid", 0)
            row["qed"] += closed["qed"]
            row["two_families"] += min(closed["z3"], closed["cvc"])
    for goal in found:
        if goal.engine == "CFG":
            row = table.setdefault(results.owner(goal.name, functions) or goal.name, empty_row())
            row["goals"] += 1
            row["proved"] += goal.proved
            row["qed"] += goal.proved
    if not each:
        for row in table.values():
            row["two_families"] = None
    return table


def check_counts(unit, table, lines):
    """WP's JSON and WP's closing line must agree; else the numbers mean nothing."""
    proved = sum(row["proved"] for row in table.values())
    goals = sum(row["goals"] for row in table.values())
    closing = results.summary(lines)
    if closing is None and not results.nothing_to_prove(lines):
        raise toolchain.ProofError(f"{unit.name}: WP printed no closing count; expected "
                                   f"'Proved goals: n / n'; see {log_file(unit)}")
    if closing is not None and closing != (proved, goals):
        raise toolchain.ProofError(f"{unit.name}: WP's report counts {proved} of {goals} goals, "
                                   f"its closing line {closing[0]} of {closing[1]}; "
                                   f"see {log_file(unit)}")


def log_file(unit):
    """Where a file's whole log goes."""
    return framac.relative(toolchain.BUILD / "proofs" / f"{unit.path.stem}.log")


def fail(unit, status, lines):
    """Raises for a run that Frama-C did not finish."""
    told = results.complaints(lines) or lines[-4:]
    raise toolchain.ProofError(f"{unit.name}: frama-c exit {status}: {' | '.join(told)}")


def prove(unit, env, options, skipped=()):
    """Runs WP on one file. Returns a dictionary, the form of build/proofs/FILE.json."""
    progress = framac.Progress(unit.name, options.part)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="upheld-wp-") as directory:
        work = pathlib.Path(directory)
        status, lines = framac.stream(command(unit, work, options, skipped), env, progress)
        progress.clear()
        toolchain.write(toolchain.ROOT / log_file(unit), "\n".join(lines) + "\n")
        report, rows = work / "report.json", work / "properties.csv"
        if status != 0 or not rows.exists():
            fail(unit, status, lines)
        known = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        rows = results.properties(rows)
    sections = results.sections(known)
    found = results.goals(lines)
    functions = functions_of(rows, sections)
    table = counts(sections, found, functions, options.ledger)
    check_counts(unit, table, lines)
    return {"file": unit.name, "seconds": round(time.monotonic() - start, 1),
            "functions": table, "open": open_goals(found, functions, rows),
            "properties": results.tally(sections),
            "lemmas": results.lemmas(sections), "complaints": results.complaints(lines),
            "hypotheses": results.hypotheses(lines), "slowest": slowest(found),
            "engines": engines(found), "guards": unit.guards(), "skipped": sorted(skipped),
            "text": results.sequents(lines) if options.show else []}


# The second look, for files where Z3 gave up on a test with an error of its own: seconds a test.
SECOND_LOOK = 1


def smoke(unit, env, options, skipped=()):
    """Looks for contradictions: contracts and code from which Z3 derives false.

    Z3 sometimes ends in an error that is no answer, and WP does not say on which test. Then CVC4
    looks at all tests of the file again, and must answer each."""
    start = time.monotonic()
    steps = ["-wp-smoke-timeout", "20", "-wp-timeout", "20",
             "-wp-steps", str(SMOKE_STEPS[options.ledger])]
    tests, failed, unanswered = smoke_run(unit, env, options, skipped, "z3", steps)
    again = unanswered
    if unanswered:
        seconds = ["-wp-smoke-timeout", str(SECOND_LOOK), "-wp-timeout", str(SECOND_LOOK)]
        _, more, unanswered = smoke_run(unit, env, options, skipped, "cvc4", seconds)
        failed = sorted({*failed, *more})
    return {"tests": tests, "failed": failed, "unanswered": unanswered, "second_look": again,
            "seconds": round(time.monotonic() - start, 1)}


def smoke_run(unit, env, options, skipped, prover, bounds):
    """All smoke tests of a file by one prover: tests, contradictions, tests without an answer."""
    progress = framac.Progress(f"{unit.name}, smoke tests by {prover}", options.part)
    skip = ["-wp-skip-fct", ",".join(sorted(skipped))] if skipped else []
    status, lines = framac.stream(
        ["frama-c", *unit.kernel(), "-wp", *unit.guards(), "-wp-model", "Typed",
         "-wp-smoke-tests", *bounds, "-wp-prover", prover, "-wp-par", str(options.jobs),
         "-wp-cache", "none", f"-wp-prop={SMOKE_ONLY}", *skip, unit.name], env, progress)
    progress.clear()
    if status != 0:
        fail(unit, status, lines)
    return results.smoke(lines, {"z3": "Z3", "cvc4": "CVC4"}[prover])
