#!/usr/bin/python3
"""The audit: proves, fuzzes, replays, covers, asks the core about recorded clients, and reports.

    ci/audit.py [--time SECONDS] [--root DIR]     SECONDS a fuzz target and engine, 60 by default

Writes build/audit/ (index.html, audit.json, audit.md, pictures, logs, the results it read). The
folder is made as build/audit.new/ and swapped in by rename when it is complete, so an interrupted
audit leaves the last full report. Figures come from this run alone: a result file that the step
did not write anew is refused. Exit 0 if everything holds, 1 if not, 2 for unusable arguments.
"""
import argparse
import contextlib
import hashlib
import json
import os
import shutil
import sys
import time
from pathlib import Path

import arguments
import coverage
import facts
import lock
import plan
import steps
from report import clients, gates, judge
from steps import Result

RESULTS = {"proof": "prove", "fuzz": "fuzz", "coverage": "coverage"}  # section -> step
FILES = {"proof": "build/proofs.json", "fuzz": "build/fuzz.json",
         "coverage": "build/coverage.json"}


def audit_steps(seconds, target_count):
    fuzz_minutes = 30 + 12 * max(target_count, 3) * seconds // 60
    return [
        plan.setup("audit"),
        *plan.build_steps(),
        plan.make("unit", "unit", "unit tests (cmocka)", after=("build",)),
        plan.vectors(),
        plan.make("spec", "spec", "the specification, translated to C, passes the vectors"),
        plan.make("replay", "replay", "the corpus under ASan+UBSan, MSan and E-ACSL", cores=2),
        plan.make("coverage", "coverage", "lines, branches and MC/DC by the corpus alone",
                  writes=FILES["coverage"]),
        plan.make("prove", "prove", "every goal of the core", writes=FILES["proof"], cores=2,
                  minutes=90),
        plan.make("gates", "gates", "what the proof rests on", minutes=30),
        plan.make("eva", "eva", "EVA warns of nothing that WP has not proved", after=("prove",)),
        plan.make("fuzz", "fuzz-all", "every target under every engine and leg",
                  f"TIME={seconds}", writes=FILES["fuzz"], cores=2, minutes=fuzz_minutes),
    ]


def own_result(name, title, problems, began):
    """The result of a check that the audit makes itself."""
    return Result(name, title, "ci/audit.py", "failed" if problems else "passed",
                  0 if problems else 1, len(problems), round(time.time() - began, 1), began,
                  "; ".join(problems[:3]))


def keep(root, new):
    """Copies what a step wrote as soon as it ends, before a later step can write over it."""
    def done(result):
        if result.wrote:
            shutil.copyfile(root / result.writes, new / "results" / Path(result.writes).name)
    return done


def read_section(new, result, check):
    """(figures or None, problems) of what one step wrote."""
    if not result.wrote:
        return None, [f"{result.name} gave no result: {result.reason}"]
    try:
        value = judge.load(new / "results" / Path(result.writes).name)
        problems = check(value)
    except judge.Unusable as unusable:
        value, problems = None, [str(unusable)]
    result.fail(problems)
    return value, problems


def read_sections(root, new, by_name, seconds):
    """Adds each step's figures to the report, and what does not hold of them."""
    sources = [str(path.relative_to(root)) for path in root.glob("core/*.c")]
    checks = {"proof": judge.proofs, "coverage": lambda value: judge.coverage(value, sources),
              "fuzz": lambda value: judge.fuzz(value, coverage.targets(root), seconds)}
    report, problems = {}, {}
    for section, step in RESULTS.items():
        report[section], problems[section] = read_section(new, by_name[step], checks[section])
    return report, problems


def read_gates(root, result):
    """Rows of the gates, of this run's log."""
    rows = gates.read(root / result.log) if result.log else []
    if result.state != "skipped":
        result.fail(gates.problems(rows))
    return rows


def ask_clients(root, by_name):
    """Rows on the recorded clients, and the result of asking."""
    began = time.time()
    title = "each recorded client gets 101 and the accept value that Python computes"
    if by_name["build"].state != "passed":
        return [], Result("clients", title, "ci/audit.py", started=began,
                          reason="needs build, which did not pass")
    rows, missing = clients.judge_all(root)
    problems = judge.clients(rows, missing)
    result = own_result("clients", title, problems, began)
    result.passed = sum(not row["problems"] for row in rows)
    return rows, result


def check_tree(root, before, began):
    problems = [] if facts.fingerprint(root) == before else [
        "files of the tree changed while the audit ran: run it again"]
    return own_result("tree", "the tree is the same before and after", problems, began)


def hashes(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.iterdir())}


def assemble(root, new, results, before, started, seconds):
    """The report as data: what audit.json holds and the page shows."""
    by_name = {result.name: result for result in results}
    sections, problems = read_sections(root, new, by_name, seconds)
    gate_rows = read_gates(root, by_name["gates"])
    rows, asked = ask_clients(root, by_name)
    results = results + [asked, check_tree(root, before, started)]
    for result in results:
        if result.log and (root / result.log).is_file():
            shutil.copyfile(root / result.log, new / "logs" / Path(result.log).name)
            result.log = f"logs/{Path(result.log).name}"
    failing = [{"step": result.name, "state": result.state, "reason": result.reason}
               for result in results if result.state != "passed"]
    passed, failed = steps.totals(results)
    ended = time.time()
    return {
        "verdict": "DOES NOT HOLD" if failing else "HOLDS", "failing": failing,
        "passed": passed, "failed": failed, "started": facts.utc(started),
        "ended": facts.utc(ended), "seconds": round(ended - started, 1),
        "fuzz_seconds": seconds, "command": f"make audit TIME={seconds}",
        **facts.commit(root), "tree_sha256": before, "machine": facts.machine(),
        "tools": facts.versions(), "steps": steps.as_rows(results), **sections,
        "problems": {**problems, "clients": judge.clients(rows, [])}, "clients": rows,
        "gates": gate_rows, "results_sha256": hashes(new / "results")}


def swap(new, shown, old):
    """The complete report takes the place of the last one; no signal comes between."""
    with steps.signals_deferred():
        shutil.rmtree(old, ignore_errors=True)
        if shown.exists():
            shown.rename(old)
        new.rename(shown)
        shutil.rmtree(old, ignore_errors=True)


@contextlib.contextmanager
def set_aside(root):
    """Results of earlier runs step aside, since a step may add to what it finds. What no step
    wrote anew comes back at the end, however the audit ends."""
    pairs = [(root / name, root / f"{name}.last") for name in FILES.values()]
    restore(pairs)  # an audit that was killed could not
    for path, last in pairs:
        if path.exists():
            path.rename(last)
    try:
        yield
    finally:
        restore(pairs)


def restore(pairs):
    for path, last in pairs:
        if last.exists() and not path.exists():
            last.rename(path)
        last.unlink(missing_ok=True)


def prepare(build):
    """(new, shown, old), with what an earlier run left half done put right."""
    new, shown, old = (build / name for name in ("audit.new", "audit", "audit.old"))
    if old.exists() and not shown.exists():
        old.rename(shown)
    shutil.rmtree(new, ignore_errors=True)
    for folder in ("logs", "results"):
        (new / folder).mkdir(parents=True)
    return new, shown, old


def run(root, seconds):
    started = time.time()
    build = root / "build"
    new, shown, old = prepare(build)
    before = facts.fingerprint(root)
    wanted = audit_steps(seconds, len(coverage.targets(root)))
    with set_aside(root):
        results = steps.Runner(wanted, Path("build/logs"), root, done=keep(root, new)).run()
        report = assemble(root, new, results, before, started, seconds)
    (new / "audit.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    try:
        from report import render  # jinja2 and matplotlib: set-up may just have installed them
    except ImportError as error:
        print(f"audit: cannot draw the report: {error}; run ci/setup audit", file=sys.stderr)
        return 1
    render.render(report, new)
    swap(new, shown, old)
    print(f"report: build/audit/index.html ({report['seconds'] / 60:.1f} min)")
    for row in report["failing"]:
        print(f"  {row['step']}: {row['reason']}")
    failing = ", ".join(row["step"] for row in report["failing"])
    print(report["verdict"] + (f": {failing}" if failing else ""))
    return 1 if failing else 0


def seconds_of(text):
    if not text.isdecimal() or not 1 <= int(text) <= 86400:
        raise argparse.ArgumentTypeError(f"'{text}': expected 1 to 86400 seconds (TIME=60)")
    return int(text)


def main():
    parser = arguments.Parser(prog="audit.py", description=__doc__,
                              usage="ci/audit.py [--time SECONDS] [--root DIR]")
    parser.add_argument("--time", type=seconds_of, default=60)
    parser.add_argument("--root", type=Path, default=plan.ROOT)
    options = parser.parse_args()
    os.chdir(options.root)
    steps.install_signals()
    try:
        with lock.held(Path("build"), "audit"):
            return run(Path("."), options.time)
    except lock.Busy as busy:
        print(f"audit: {busy}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        shutil.rmtree("build/audit.new", ignore_errors=True)
        print("\naudit: interrupted; build/audit/ holds the last full report", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
