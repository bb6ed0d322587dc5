#!/usr/bin/python3
"""The audit: proves, fuzzes, replays, covers, asks the core about recorded clients, and reports.

    ci/audit.py [--time SECONDS] [--root DIR]     SECONDS a fuzz target and engine, 60 by default
    ci/audit.py --stored [--root DIR]             runs no step: reports what lies in build/

Writes build/audit/ (index.html, audit.json with its schema, audit.md, upheld.sarif, sbom.cdx.json,
CITATION.cff, pictures, logs, the results it read, INPUTS.SHA256, SHA256SUMS). The folder is made as
build/audit.new/ and swapped in by rename when it is complete, so an interrupted audit leaves the
last full report. Figures of the audit's steps come from this run alone; those of other verbs, and
all of --stored, only from results that ci/provenance.py has noted as being of these very files.
A headless Chromium, where there is one, makes audit.pdf; --pdf yes fails without, --pdf no makes
none. Exit 0 if everything holds, 1 if not or if --stored finds a part missing, 2 for unusable
arguments.
"""
import argparse
import contextlib
import json
import os
import shutil
import sys
import time
from pathlib import Path

import arguments
import assemble
import facts
import layout
import lock
import plan
import steps
from report import manifest, parts, pdf, sarif, sbom

FILES = {part.step: part.file for part in parts.OWN}  # step -> what it has to write


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
        plan.make("prove", "prove", "every goal of the core", writes=FILES["prove"], cores=2,
                  minutes=90),
        plan.make("gates", "gates", "what the proof rests on", minutes=30),
        plan.make("eva", "eva", "EVA warns of nothing that WP has not proved", after=("prove",),
                  writes=FILES["eva"]),
        plan.make("trace", "trace", "each clause that an octet can show is specified and proved",
                  writes=FILES["trace"]),
        plan.make("fuzz", "fuzz-all", "every target under every engine and leg",
                  f"TIME={seconds}", writes=FILES["fuzz"], cores=2, minutes=fuzz_minutes),
    ]


def report_steps():
    """What `make report` runs itself: what asks the core about clients and vectors."""
    return [plan.build_steps()[-1], plan.vectors()]


def keep(root, new):
    """Copies what a step wrote as soon as it ends, before a later step can write over it."""
    def done(result):
        if result.wrote:
            shutil.copyfile(root / result.writes, new / "results" / Path(result.writes).name)
    return done


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


def print_page(new, wish):
    """audit.pdf; False if it was asked for and cannot be made."""
    if wish == "no":
        return True
    try:
        pdf.draw(new)
    except pdf.Absent as absent:
        print(f"SKIPPED audit.pdf: {absent}")
        return wish != "yes"
    return True


def write(root, new, report, wish):
    """Everything in the folder of a report; False where it cannot be drawn."""
    text = json.dumps(report, indent=1)
    (new / "audit.json").write_text(text + "\n", encoding="utf-8")
    for name, value in (("upheld.sarif", sarif.log(report)),
                        ("sbom.cdx.json", sbom.document(root, report))):
        (new / name).write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    shutil.copyfile(Path(__file__).resolve().parent / "report/schema.json", new / "schema.json")
    (new / "CITATION.cff").write_text(report["citation"]["cff"], encoding="utf-8")
    try:
        from report import render  # jinja2 and matplotlib: set-up may just have installed them
    except ImportError as error:
        print(f"audit: cannot draw the report: {error}; run ci/setup audit", file=sys.stderr)
        return False
    render.render(json.loads(text), new)
    printed = print_page(new, wish)
    manifest.write(root, new, layout.tracked(root))
    return printed


def run(root, seconds, stored, wish):
    started = time.time()
    build = root / "build"
    new, shown, old = prepare(build)
    before = facts.fingerprint(root)
    if stored:
        seconds = assemble.shortest(root)
        results = steps.Runner(report_steps(), Path("build/logs"), root).run()
        report = assemble.assemble(root, new, results, before, started, seconds, True)
    else:
        wanted = audit_steps(seconds, assemble.target_count(root))
        with set_aside(root):
            results = steps.Runner(wanted, Path("build/logs"), root, done=keep(root, new)).run()
            report = assemble.assemble(root, new, results, before, started, seconds, False)
    drawn = write(root, new, report, wish)
    if not (new / manifest.OUTPUTS).is_file():
        return 1
    swap(new, shown, old)
    return say(report, manifest.sha256(shown / manifest.OUTPUTS), drawn)


def say(report, sums, drawn):
    """The verdict, what is missing, and what to keep to know the report by; the exit status."""
    print(f"report: build/audit/index.html ({report['seconds'] / 60:.1f} min)")
    print(f"sha256 of build/audit/{manifest.OUTPUTS}: {sums}")
    for row in report["failing"]:
        print(f"  {row['step']}: {row['reason']}")
    for row in report["parts"]:
        if row["state"] != "measured" and not row["in_audit"]:
            print(f"  not in this report: {row['title']}: {row['why']}")
    failing = ", ".join(row["step"] for row in report["failing"])
    print(report["verdict"] + (f": {failing}" if failing else ""))
    return 1 if failing or not drawn else 0


def seconds_of(text):
    if not text.isdecimal() or not 1 <= int(text) <= 86400:
        raise argparse.ArgumentTypeError(f"'{text}': expected 1 to 86400 seconds (TIME=60)")
    return int(text)


def main():
    parser = arguments.Parser(prog="audit.py", description=__doc__,
                              usage="ci/audit.py [--time SECONDS] [--stored] [--pdf yes|no]")
    parser.add_argument("--time", type=seconds_of, default=60)
    parser.add_argument("--stored", action="store_true")
    parser.add_argument("--pdf", choices=pdf.WISHES,
                        default=os.environ.get("PDF") or pdf.WISHES[0])
    parser.add_argument("--root", type=Path, default=plan.ROOT)
    options = parser.parse_args()
    os.chdir(options.root)
    steps.install_signals()
    try:
        with lock.held(Path("build"), "audit"):
            return run(Path("."), options.time, options.stored, options.pdf)
    except lock.Busy as busy:
        print(f"audit: {busy}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        shutil.rmtree("build/audit.new", ignore_errors=True)
        print("\naudit: interrupted; build/audit/ holds the last full report", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
