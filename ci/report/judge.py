"""Reads the results of the steps and says what in them does not hold. No figure is made here."""
import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "fuzz"))

import table  # noqa: E402


class Unusable(Exception):
    """A result that is not of its documented shape."""


def load(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unusable(f"{path.name}: {error.strerror}") from None
    except ValueError as error:
        raise Unusable(f"{path.name}: no JSON: {error}") from None


def need(where, value, **kinds):
    """value has these keys, of these types."""
    if not isinstance(value, dict):
        raise Unusable(f"{where}: expected an object")
    for key, kind in kinds.items():
        if key not in value:
            raise Unusable(f"{where}: lacks \"{key}\"")
        found = value[key]
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise Unusable(f"{where}: \"{key}\" is {json.dumps(found)[:40]}, of another type than "
                           "documented")


NUMBER = (int, float)
COUNT_OR_NOT_MEASURED = (int, type(None))
LEGS = ("plain", "spec", "openssl", "msan", "eacsl")


def proofs(value):
    """Problems of proofs.json."""
    need("proofs.json", value, tools=dict, goals=int, proved=int, qed=int,
         two_families=COUNT_OR_NOT_MEASURED, one_family=COUNT_OR_NOT_MEASURED,
         lemmas_unproved=int, axioms=list, solver_theories=list, admits=int, smoke_failed=int,
         seconds=NUMBER, functions=list, claims=list, gates=list)
    for row in value["functions"]:
        need("proofs.json: functions", row, name=str, goals=int, proved=int)
    for row in value["claims"]:
        need("proofs.json: claims", row, id=str, claim=str, holds=bool)
    for row in value["gates"]:
        need("proofs.json: gates", row, id=str, title=str, holds=bool, problems=list)
    problems = []
    if value["goals"] == 0 or not value["functions"]:
        problems.append("there is no goal")
    if value["proved"] != value["goals"]:
        problems.append(f"{value['goals'] - value['proved']} of {value['goals']} goals open")
    for key, words in (("lemmas_unproved", "lemmas unproved"), ("admits", "admits"),
                       ("smoke_failed", "smoke tests failed")):
        if value[key]:
            problems.append(f"{words}: {value[key]}")
    if value["axioms"]:
        problems.append(f"axioms in ACSL: {len(value['axioms'])}")
    problems += [f"{row['name']}: {row['goals'] - row['proved']} of {row['goals']} goals open"
                 for row in value["functions"] if row["proved"] != row["goals"]]
    if not value["claims"]:
        problems.append("nothing is claimed")
    problems += [f"claim {row['id']} does not hold" for row in value["claims"]
                 if not row["holds"]]
    if not value["gates"]:
        problems.append("no gate was judged")
    problems += [f"gate {row['id']} does not hold: {row['title']}" for row in value["gates"]
                 if not row["holds"]]
    return problems


def fuzz_row(row, seconds):
    """Problems of one run of one engine."""
    need("fuzz.json", row, target=str, engine=str, leg=str, seconds=NUMBER, execs=int,
         execs_per_s=NUMBER, edges=int, corpus_files=int, crashes=list)
    if not row["execs"] or not row["edges"]:
        yield f"ran {row['execs']} inputs and saw {row['edges']} edges"
    if row["crashes"]:
        yield f"crashes: {len(row['crashes'])}"
    elif row["seconds"] < 0.9 * seconds:
        yield f"ran {row['seconds']} of {seconds} seconds"


def fuzz(value, targets, seconds):
    """Problems of fuzz.json: every target has to have run under each engine that fuzz/table.py has
    for it, every leg once."""
    if not isinstance(value, list):
        raise Unusable("fuzz.json: expected a list")
    problems, seen, legs = [], set(), set()
    for row in value:
        found = list(fuzz_row(row, seconds))
        problems += [f"{row['target']}, {row['engine']}, {row['leg']}: {problem}"
                     for problem in found]
        if row["execs"]:
            seen.add((row["target"], row["engine"]))
            legs.add(row["leg"])
    if len(targets) < 3:
        problems.append(f"{len(targets)} targets in fuzz/, expected three or more")
    wanted = dict.fromkeys((entry.target, entry.engine) for entry in table.TABLE)
    problems += [f"{target} did not run under {engine}" for target, engine in wanted
                 if target in targets and (target, engine) not in seen]
    problems += [f"{target} is in no row of fuzz/table.py" for target in targets
                 if target not in {one for one, _ in wanted}]
    problems += [f"no target ran on leg {leg}" for leg in LEGS if leg not in legs]
    return problems


def coverage(value, sources):
    """Problems of coverage.json: it has to speak of every file of the core."""
    need("coverage.json", value, lines=dict, branches=dict, mcdc=dict, dead_by_proof=int,
         missed=list, files=list)
    problems = []
    for name in ("lines", "branches", "mcdc"):
        need(f"coverage.json: {name}", value[name], covered=int, total=int)
        if value[name]["total"] == 0:
            problems.append(f"no {name} were measured")
    for row in value["files"]:
        need("coverage.json: files", row, file=str, lines=dict, branches=dict, mcdc=dict)
    absent = set(sources) - {row["file"] for row in value["files"]}
    problems += [f"{name} was not measured" for name in sorted(absent)]
    problems += [f"{row['file']}: no line is reached by the corpus" for row in value["files"]
                 if row["lines"]["total"] and not row["lines"]["covered"]]
    return problems


def clients(rows, missing):
    """Problems of the recorded clients."""
    return list(missing) + [f"{row['file']}: {problem}" for row in rows
                            for problem in row["problems"]]
