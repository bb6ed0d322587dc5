"""What is open, a row for each: which rule, in which file and line, in a sentence."""
import re

from report import measured

# Rule, severity as SARIF has it, and what it means.
RULES = {
    "UPH-OPEN-GOAL": ("error", "A goal of the proof is open: a contract of the core, or the "
                               "absence of a run-time error, is not shown."),
    "UPH-CLAIM-OPEN": ("error", "A claim does not hold, since a goal that carries it is open."),
    "UPH-GATE-FAILED": ("error", "A gate on the proof does not hold, so that the proof may say "
                                 "less than it seems to."),
    "UPH-EVA-ALARM": ("error", "Frama-C's EVA warns of a run-time error that WP has not proved "
                               "absent."),
    "UPH-CRASH": ("error", "A fuzz target crashed, or its check of the core failed."),
    "UPH-MUTANT": ("error", "A change of the core is proved and yet differs, or is proved and not "
                            "argued to be the same: a contract is too weak."),
    "UPH-PLANT-MISSED": ("warning", "A planted bug is found by nothing that ought to find it."),
    "UPH-CLAUSE-GAP": ("warning", "A clause of the documents has no predicate, contract, fuzz "
                                  "target or test."),
    "UPH-PEER": ("warning", "A real client or server did not get on with the core."),
    "UPH-SPEED": ("note", "A target of speed is missed."),
    "UPH-STEP": ("error", "A step of the audit did not pass."),
}
ALARM = re.compile(r"(core/\w+\.[ch]):(\d+): ")
MUTANT = re.compile(r"(core/\w+\.[ch]):")


def row(rule, message, file, line=1):
    return {"rule": rule, "level": RULES[rule][0], "message": message, "file": file, "line": line}


def line_of(root, file, name):
    """Where a function is defined; 1 where that is not seen."""
    path = root / file
    if not name or not path.is_file():
        return 1
    text = path.read_text(encoding="utf-8", errors="replace").split("\n")
    shape = re.compile(rf"^\w[\w *]*\b{re.escape(name)}\(")
    return next((n for n, line in enumerate(text, 1)
                 if shape.match(line) and not line.endswith(";")), 1)


def of_proof(root, report):
    proof = report["proof"]
    if not proof:
        return
    said = set()
    for goal in proof.get("open", []):
        file, name = goal.get("file", "core/upheld.h"), goal.get("function", "")
        said.add(name)
        yield row("UPH-OPEN-GOAL", f"open goal {goal['name']}", file, line_of(root, file, name))
    for one in proof["functions"]:
        if one["proved"] != one["goals"] and one["name"] not in said:
            file = one.get("file", "core/upheld.h")
            yield row("UPH-OPEN-GOAL", f"{one['name']}: {one['goals'] - one['proved']} of "
                      f"{one['goals']} goals open", file, line_of(root, file, one["name"]))
    for one in report["claims"]:
        if not one["holds"]:
            why = ", ".join(map(str, one["missing"]))
            yield row("UPH-CLAIM-OPEN", f"{one['id']} does not hold" + (f": {why}" if why else ""),
                      "proofs/claims.json")


def of_gates(_root, report):
    failed = {one["gate"]: one["title"] for one in report["gates"] if not one["holds"]}
    for one in (report["proof"] or {}).get("gates", []):
        if not one["holds"]:
            failed[one["id"]] = one["title"]
    for name, title in failed.items():
        yield row("UPH-GATE-FAILED", f"gate {name} does not hold: {title}", "proofs/prove.py")


def of_eva(_root, report):
    for one in (report["eva"] or {"alarms": {"open": []}})["alarms"]["open"]:
        said = measured.alarm_words(one)
        at = ALARM.match(said)
        yield row("UPH-EVA-ALARM", said, at[1] if at else "proofs/eva/driver.c",
                  int(at[2]) if at else 1)


def of_tries(_root, report):
    for one in report["fuzz"] or []:
        for crash in one["crashes"]:
            yield row("UPH-CRASH", f"{one['target']}, {one['engine']}, {one['leg']}: {crash}; "
                      "run make repro FILE=", f"fuzz/{one['target']}.c")
    for said in report["problems"].get("plants", []):
        yield row("UPH-PLANT-MISSED", said, f"fuzz/plants/{said.partition(':')[0]}.patch")
    known = {one["name"]: one for one in (report["mutants"] or {"mutants": []})["mutants"]}
    for said in report["problems"].get("mutants", []):
        name = next((name for name in known if f" {name}," in said), "")
        at = MUTANT.match(name)
        yield row("UPH-MUTANT", said, at[1] if at else "proofs/mutate.py",
                  known[name]["line"] if name else 1)


def of_others(_root, report):
    for said in report["problems"].get("trace", []):
        yield row("UPH-CLAUSE-GAP", said, "core/clauses.def")
    for said in report["problems"].get("interop", []):
        yield row("UPH-PEER", said, "fuzz/interop/interop.py")
    for said in report["problems"].get("bench", []):
        yield row("UPH-SPEED", said, "core/bench/results.py")
    for one in (report["bench"] or {"targets": []})["targets"]:
        if not one["reached"]:
            yield row("UPH-SPEED", f"{one['target']}: {one['ours']} to {one['peer']} is "
                      f"{one['ratio']}, at most {one['most']}", "core/bench/results.py")


def of_steps(_root, report):
    """Every step that did not pass, whatever else is said of it."""
    for one in report["failing"]:
        yield row("UPH-STEP", f"{one['step']}: {one['reason'] or one['state']}", "ci/audit.py")


def findings(root, report):
    return [one for group in (of_proof, of_gates, of_eva, of_tries, of_others, of_steps)
            for one in group(root, report)]
