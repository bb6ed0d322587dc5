"""Makes the report of an audit as data, out of the results of its steps or of what lies in build/.

`make audit` ran the steps itself: what they did not write anew is not shown, and what verbs of
their own measured of the same commit (mutants, planted bugs, peers, speed) is added, where it is
there. `make report` runs next to nothing: every part has to be in build/, of this commit."""
import hashlib
import shutil
import time
from pathlib import Path

import coverage
import facts
import provenance
import steps
from report import citation, claims, clients, figures, findings, gates, ids, judge, measured, parts
from steps import Result

FORMAT = 2  # of audit.json, as report/schema.json describes it
GATES = parts.Part("gates", "gates on the proof, and the faults planted for them",
                   "build/gates.txt", "make gates", "gates")


def own_result(name, title, problems, began, command="ci/audit.py"):
    """The result of a check that the audit makes itself."""
    return Result(name, title, command, "failed" if problems else "passed",
                  0 if problems else 1, len(problems), round(time.time() - began, 1), began,
                  "; ".join(problems[:3]))


def absent_result(row, began):
    """The result of a part that is not there."""
    return Result(row["part"], row["title"], row["command"], reason=row["why"], started=began)


class Sections:
    """The parts of the report as they are found, and the results of finding them."""

    def __init__(self, root, new, seconds):
        self.root, self.new, self.now = root, new, provenance.of_now(root)
        self.checks = parts.checks(root, seconds)
        self.values, self.problems, self.rows, self.results = {}, {}, [], []

    def add(self, part, row, value, problems):
        self.values[part.name], self.problems[part.name] = value, problems
        self.rows.append(row)

    def of_step(self, part, result):
        """What a step of this run wrote."""
        if result is None or not result.wrote:
            why = result.reason if result else "there is no such step"
            row = parts.row_of(part, "missing", f"{part.step} gave no result: {why}")
            self.add(part, row, None, [row["why"]])
            return
        path = self.new / "results" / Path(part.file).name
        row, value, problems = parts.take(part, path, self.checks[part.name])
        result.fail(problems)
        self.add(part, row, value, problems)

    def of_store(self, part, needed):
        """What lies in the tree; `needed`: the report fails without it."""
        began = time.time()
        row, value, problems = parts.stored(self.root, part, self.checks[part.name], self.now)
        if part.name == "plants" and value:
            value = {"plants": measured.usable_plants(value, row["gaps"])}
        if value is not None:
            shutil.copyfile(self.root / part.file, self.new / "results" / Path(part.file).name)
        if needed and row["gaps"]:
            problems = problems + row["gaps"]
        if row["state"] == "measured":
            self.results.append(own_result(part.name, part.title, problems, began, part.command))
        elif needed:
            self.results.append(absent_result(row, began))
        elif problems:  # there, of this commit, and unusable
            self.results.append(own_result(part.name, part.title, problems, began, part.command))
        self.add(part, row, value, [one for one in problems if one not in row["gaps"]])


def gate_rows(root, new, sections, result, needed):
    """Rows of the gates: of this run's log, or of what `make gates` printed."""
    if not needed:
        rows = gates.read(root / result.log) if result and result.log else []
        if result and result.state != "skipped":
            result.fail(gates.problems(rows))
        state = "measured" if rows else "missing"
        sections.rows.append(parts.row_of(GATES, state, "" if rows else "gates gave no result"))
        return rows
    began, why = time.time(), provenance.refusal(root, GATES.file, sections.now)
    state = "missing" if why == "missing" else "refused" if why else "measured"
    said = f"{GATES.file}: not there; run make gates" if state == "missing" else why
    row = parts.row_of(GATES, state, said)
    sections.rows.append(row)
    if why:
        sections.results.append(absent_result(row, began))
        return []
    shutil.copyfile(root / GATES.file, new / "results" / Path(GATES.file).name)
    rows = gates.read(root / GATES.file)
    sections.results.append(own_result("gates", GATES.title, gates.problems(rows), began,
                                       GATES.command))
    return rows


def ask_clients(root, built):
    """Rows on the recorded clients, and the result of asking."""
    began = time.time()
    title = "each recorded client gets 101 and the accept value that Python computes"
    if not built:
        return [], Result("clients", title, "ci/audit.py", started=began,
                          reason="needs build, which did not pass")
    rows, missing = clients.judge_all(root)
    problems = judge.clients(rows, missing)
    result = own_result("clients", title, problems, began)
    result.passed = sum(not row["problems"] for row in rows)
    return rows, result


def claimed(root, proof):
    """(claims, theorems, result)"""
    began, rows, theorems, problems = time.time(), [], [], []
    try:
        found = claims.read(root)
        if proof:
            rows, problems = claims.claims(found, proof)
            theorems = claims.theorems(found, rows)
        else:
            problems = ["no proof, so no claim was judged"]
    except judge.Unusable as unusable:
        problems = [str(unusable)]
    return rows, theorems, own_result("claims", "each claim was judged in its own words", problems,
                                      began)


def check_tree(root, before, began):
    problems = [] if facts.fingerprint(root) == before else [
        "files of the tree changed while the audit ran: run it again"]
    return own_result("tree", "the tree is the same before and after", problems, began)


def keep_logs(root, new, results):
    for result in results:
        if result.log and (root / result.log).is_file():
            shutil.copyfile(root / result.log, new / "logs" / Path(result.log).name)
            result.log = f"logs/{Path(result.log).name}"


def hashes(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.iterdir())}


def assemble(root, new, results, before, started, seconds, stored):
    """The report as data: what audit.json holds and the page shows. `stored`: of `make report`."""
    by_name = {result.name: result for result in results}
    sections = Sections(root, new, seconds)
    for part in parts.PARTS:
        if part.step and not stored:
            sections.of_step(part, by_name.get(part.step))
        else:
            sections.of_store(part, needed=stored)
    gated = gate_rows(root, new, sections, by_name.get("gates"), stored)
    built = by_name["build"].state == "passed" if "build" in by_name else False
    rows, asked = ask_clients(root, built)
    made, theorems, judged = claimed(root, sections.values["proof"])
    results = results + sections.results + [judged, asked, check_tree(root, before, started)]
    keep_logs(root, new, results)
    failing = [{"step": result.name, "state": result.state, "reason": result.reason}
               for result in results if result.state != "passed"]
    passed, failed = steps.totals(results)
    ended = time.time()
    report = {
        "format": FORMAT, "version": citation.version(root),
        "verdict": "DOES NOT HOLD" if failing else "HOLDS", "failing": failing,
        "passed": passed, "failed": failed, "started": facts.utc(started),
        "ended": facts.utc(ended), "seconds": round(ended - started, 1), "fuzz_seconds": seconds,
        "command": "make report" if stored else f"make audit TIME={seconds}",
        **facts.commit(root), "tree_sha256": before, "machine": facts.machine(),
        "tools": facts.versions(), "steps": steps.as_rows(results), "parts": sections.rows,
        **sections.values, "problems": {**sections.problems,
                                        "clients": judge.clients(rows, [])},
        "clients": rows, "claims": made, "theorems": theorems,
        "gates": [{"id": ids.make(ids.GATE, row["gate"]), **row} for row in gated],
        "limits": claims.limits(root), "trusted": claims.trusted(root),
        "results_sha256": hashes(new / "results")}
    report["figures"] = figures.figures(report)
    report["findings"] = findings.findings(root, report)
    report["citation"] = citation.cite(report)
    return report


def shortest(root):
    """Seconds that every stored run of a fuzz target had at least; for `make report`."""
    try:
        value = judge.load(root / "build/fuzz.json")
        return max(1, int(min(row["seconds"] for row in value)))
    except (judge.Unusable, KeyError, TypeError, ValueError):
        return 1


def target_count(root):
    return len(coverage.targets(root))
