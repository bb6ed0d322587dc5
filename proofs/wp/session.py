"""A whole run: every file proved and smoke-tested, facts gathered, gates judged, result written."""

import concurrent.futures
import json
import re
import time

from . import ast, code, framac, gates, probes, prove_unit, replay, smoke, toolchain, units

LEDGER = toolchain.PROOFS / "ledger.json"
CLAIMS = toolchain.PROOFS / "claims.json"


def result_file(unit):
    """Where a file's result is kept."""
    return unit.results() / f"{unit.path.stem}.json"


def stored(unit, key):
    """A file's result of an earlier run, if nothing that it depends on has changed."""
    path = result_file(unit)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    complete = {"smoke", "by", "program"} <= found.keys()
    return found if found.get("key") == key and complete else None


def prove_file(unit, program, env, versions, options):
    """Proves and smoke-tests one file, or takes both from the run before if asked to."""
    skipped = units.proved_elsewhere(unit, program)
    key = prove_unit.key(unit, program, versions, options, skipped)
    result = stored(unit, key) if options.resume else None
    if result:
        result["resumed"] = True
        return result
    result = prove_unit.prove(unit, env, options, skipped)
    tell(result, False)
    result["smoke"] = smoke.run(unit, program, env, options, skipped)
    tell_smoke(result)
    result["key"], result["program"] = key, prove_unit.program_hash(program)
    toolchain.write(result_file(unit),
                    json.dumps(result, indent=1, sort_keys=True) + "\n")
    return result


def total(result):
    """Goals proved and goals of one file."""
    rows = result["functions"].values()
    return sum(row["proved"] for row in rows), sum(row["goals"] for row in rows)


def tell(result, show):
    """One line for a file, then its open goals and what Frama-C warned of."""
    proved, goals = total(result)
    slow = result["slowest"]
    worst = f", slowest {slow['seconds']} s ({slow['name']})" if slow["seconds"] else ""
    print(f"{result['file']}: {proved} of {goals} goals proved, {result['seconds']} s{worst}",
          flush=True)
    if result["one_family"] is not None:
        rows = result["functions"].values()
        print(f"{result['file']}: {sum(row['two_families'] for row in rows)} of "
              f"{sum(row['goals'] - row['qed'] for row in rows)} solvers' goals closed by both "
              f"families, {len(result['one_family'])} properties by one", flush=True)
        if show:
            for row in result["one_family"]:
                print("  {function}: {property}: {goals} goals, z3 {z3}, cvc {cvc}".format(**row))
    for goal in result["open"]:
        where = " or ".join(goal["places"][:4]) or "place not known"
        print(f"  OPEN {goal['name']}  [{where}]\n       {goal['verdicts']}")
    for line in result["complaints"]:
        print(f"  {line}")
    if show:
        for text in result["text"]:
            print(text, "\n")


def tell_smoke(result):
    """One line for a file's smoke tests."""
    one = result["smoke"]
    print(f"{result['file']}: {one['tests']} smoke tests, {len(one['failed'])} contradictions, "
          f"{one['seconds']} s", flush=True)
    for name in one["failed"]:
        print(f"  CONTRADICTION {name}")


def read_json(path, fallback):
    """A committed JSON file, or the fallback where there is none."""
    if not path.exists():
        return fallback
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise toolchain.ProofError(f"{framac.relative(path)}: expected JSON: {error}") from error


def proved_and_tried(unit, program, env, versions, options, lemmas):
    """The result of one file, and what provers made of its canaries behind it."""
    return (prove_file(unit, program, env, versions, options), probes.tried(unit, lemmas, env))


def expected(unit, ledger):
    """How much work a file is: its goals and smoke tests by the ledger, or else its octets."""
    goals = sum(row["goals"] for row in ledger.get("functions", {}).values()
                if row["file"] == unit.name)
    return (goals + ledger.get("smoke_tests", {}).get(unit.name, 0), unit.path.stat().st_size)


def prove_all(facts, env, versions, options):
    """Proves file by file, longest first, one more at once than there are provers to share. Behind
    each come its canaries: provers that lie by then are found out.

    Qed and the goal generator are one thread a file, which waits for provers now and then; three
    files at once keep two cores busy. Within a file provers race too (-wp-par), since a goal that
    one family closes at once may hold another until its time is up."""
    longest = sorted(facts.units, key=lambda unit: expected(unit, facts.ledger), reverse=True)
    seen = set()
    asked = {unit.name: probes.lemmas_of(facts.programs[unit.name], seen) for unit in facts.units}
    with concurrent.futures.ThreadPoolExecutor(options.jobs + 1) as pool:
        jobs = {unit.name: pool.submit(proved_and_tried, unit, facts.programs[unit.name], env,
                                       versions, options, asked[unit.name]) for unit in longest}
        try:
            for unit in facts.units:
                result, told = jobs[unit.name].result()
                facts.canaries += told
                facts.results[unit.name], facts.smoke[unit.name] = result, result["smoke"]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            framac.stop_all()
            raise


def each(at_once, function, items):
    """What a function gives of each item, so many at once; nothing runs on where one fails."""
    with concurrent.futures.ThreadPoolExecutor(max(1, at_once)) as pool:
        jobs = [pool.submit(function, item) for item in items]
        try:
            return [job.result() for job in jobs]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            framac.stop_all()
            raise


def gather(chosen, env, options, versions):
    """Runs everything; the facts that the gates judge."""
    programs = dict(zip((unit.name for unit in chosen),
                        each(options.jobs, lambda unit: ast.read(unit, env), chosen)))
    facts = gates.Facts(chosen, programs, {}, ledger=read_json(LEDGER, {}))
    facts.lines = code.sources(chosen)
    broken = probes.provers(env)
    if broken:
        raise toolchain.ProofError("a prover fails its self-test: " + "; ".join(broken))
    prove_all(facts, env, versions, options)
    add_static(facts, env, options.jobs)
    facts.guards = probes.guards(env)
    facts.provers = [f"at the end of the run: {line}" for line in probes.provers(env)]
    return facts


def add_static(facts, env, at_once):
    """What needs no prover: loops by Frama-C's metrics, functions in the object code."""
    for unit, loops, symbols in each(at_once, lambda one: (one, ast.loop_counts(one, env),
                                                           code.symbols(one)), facts.units):
        facts.loops[unit.name] = loops
        facts.symbols[unit.name] = symbols


def claims(facts):
    """proofs/claims.json judged: a claim holds if all that it names is proved, and something is.

    `needs` lists functions, or function:label for the properties whose name holds the label; `*`
    stands for every function of the core."""
    told = []
    for claim in read_json(CLAIMS, {"claims": []})["claims"]:
        missing = [need for need in claim["needs"] if not holds(need, facts)]
        told.append({"id": claim["id"], "claim": claim["text"], "holds": not missing,
                     "missing": missing})
    return told


def holds(need, facts):
    """Whether one need of a claim is met."""
    name, _, label = need.partition(":")
    rows = gates.goals_of(facts)
    if name == "*":
        return bool(rows) and not gates.proof(facts)
    if not label:
        return name in rows and rows[name]["proved"] == rows[name]["goals"]
    form = re.compile(rf"(^|_){re.escape(label)}(_|$)")
    found = [counts for result in facts.results.values()
             for entry, counts in result["properties"].get(name, {}).items() if form.search(entry)]
    return bool(found) and all(proved == goals for proved, goals in found)


def file_of(name, unit, facts):
    """Where a function stands: the header for an inline one, else the C file."""
    defined = facts.programs[unit.name].defined()
    if any(one.name == name and "inline" in one.head for one in defined):
        header = units.inline_functions(unit.path.resolve().parent).get(name)
        return framac.relative(header) if header else unit.name
    return unit.name


def function_rows(facts):
    """One row a function: name, file, goals, proved, and the solver families if measured."""
    rows = [{"name": name, "file": file_of(name, unit, facts), **row}
            for unit in facts.units
            for name, row in facts.results[unit.name]["functions"].items() if row["goals"]]
    return sorted(rows, key=lambda row: (row["file"], row["name"]))


def summary(facts, versions, options, verdicts, seconds):
    """The form of build/proofs.json."""
    rows = function_rows(facts)
    measured = options.ledger
    by_solver = sum(row["goals"] - row["qed"] for row in rows)
    two = sum(row["two_families"] for row in rows) if measured else None
    proved = sum(row["proved"] for row in rows)
    slow = max((result["slowest"] for result in facts.results.values()),
               key=lambda one: one["seconds"])
    assumed = gates.axioms(facts)
    return {
        "tools": versions, "machdep": facts.units[0].machdep, "timeout_s": options.timeout,
        "goals": sum(row["goals"] for row in rows), "proved": proved,
        "qed": sum(row["qed"] for row in rows),
        "two_families": two, "one_family": by_solver - two if measured else None,
        "families_reason": "every prover ran on every goal" if measured else
                           "not measured: a goal is done at its first proof; LEDGER=yes measures",
        "lemmas": sum(len(result["lemmas"]) for result in facts.results.values()),
        "lemmas_unproved": len(gates.g6_lemmas(facts)),
        "axioms": [{"name": line, "reason": "none given"}
                   for line in assumed if "admit" not in line],
        "solver_theories": framac.SOLVER_THEORIES,
        "admits": sum("admit" in line for line in assumed),
        "smoke_tests": sum(one["tests"] for one in facts.smoke.values()),
        "smoke_failed": sum(len(one["failed"]) for one in facts.smoke.values()),
        "slowest_goal_s": slow["seconds"], "slowest_goal": slow["name"],
        "seconds": round(seconds, 1), "functions": rows,
        "open": [goal | {"file": name} for name, result in facts.results.items()
                 for goal in result["open"]],
        "without_flags": [{"file": name, "flags": sorted(set(framac.GUARDS) - set(one["guards"])),
                           "reason": "none given"} for name, one in facts.results.items()
                          if set(framac.GUARDS) - set(one["guards"])],
        "gates": [{"id": name, "title": title, "holds": not told, "problems": told}
                  for name, title, told in verdicts],
        "claims": claims(facts)}


def table(result):
    """Prints functions with their goals, file by file."""
    width = max(len(row["name"]) for row in result["functions"])
    last = ""
    for row in result["functions"]:
        if row["file"] != last:
            last = row["file"]
            print(last)
        mark = "" if row["goals"] == row["proved"] else "   OPEN"
        print(f"  {row['name']:{width}} {row['proved']:5} of {row['goals']:4}{mark}")


def lines_of(ledger):
    """The ledger as JSON with one entry a line, so that a diff names what changed."""
    parts = []
    for part, entries in ledger.items():
        rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(entry)}"
                          for name, entry in sorted(entries.items()))
        parts.append(f" {json.dumps(part)}: {{" + (f"\n{rows}\n }}" if rows else "}"))
    return "{\n" + ",\n".join(parts) + "\n}\n"


def write_ledger(facts):
    """Makes the present functions and goals the expected ones; only from a whole proof."""
    told = gates.proof(facts) + gates.g6_lemmas(facts) + gates.g8_smoke(facts)
    if told:
        raise toolchain.ProofError(f"proofs/ledger.json: not written: {told[0]}"
                                   + (f" and {len(told) - 1} more" if told[1:] else ""))
    toolchain.write(LEDGER, lines_of(gates.ledger_of(facts)))
    print(f"proofs/ledger.json: {len(gates.goals_of(facts))} functions; read the diff")


def run(chosen, env, options):
    """Proves the core and judges it. Returns facts, verdicts of the gates, and the result."""
    start = time.monotonic()
    versions = toolchain.versions()
    facts = gather(chosen, env, options, versions)
    if options.write_ledger:
        write_ledger(facts)
        facts.ledger = read_json(LEDGER, {})
    verdicts = gates.judge(facts)
    result = summary(facts, versions, options, verdicts, time.monotonic() - start)
    if options.write_ledger:
        replay.write(facts, result)
    toolchain.write(chosen[0].results().with_suffix(".json"), json.dumps(result, indent=1) + "\n")
    return facts, verdicts, result
