#!/usr/bin/python3
"""Checks a report of `make audit` against its own sums, against this checkout, and against itself.

    ci/verify.py [--root CHECKOUT] [--redraw] [--claim ID [--whole]] DIR

`upheld verify-report` runs it. Every file of DIR has to be listed in SHA256SUMS and be what it
says; the report has to be of the commit that is checked out, and every file of the checkout what
INPUTS.SHA256 says; figures, verdict and parts have to follow from the results in DIR. --redraw
draws the page anew and compares it. --claim proves again what a claim names, by proofs/prove.py;
--whole proves the whole core for it, which most claims need too. Whoever changes a report and
writes new sums is found only by those who know the SHA-256 of SHA256SUMS: the audit prints it.
Exit 0: it holds; 1: it does not; 2: DIR or the arguments cannot be used.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import arguments
import facts
import layout
from report import claims, figures, ids, judge, manifest, parts

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PYTHON = "/usr/bin/python3"
SHOWN = 10


class Refused(Exception):
    """What is verified cannot be: why."""


def differing(folder, listed, there):
    """Lines on files that are missing, changed, or not listed."""
    for name, digest in listed.items():
        if name not in there:
            yield f"{name}: is missing"
        elif manifest.sha256(folder / name) != digest:
            yield f"{name}: was changed: its SHA-256 is another than the list has"
    for name in sorted(set(there) - set(listed)):
        yield f"{name}: is not in the list"


def check_sums(folder):
    return list(differing(folder, manifest.parse(folder / manifest.OUTPUTS),
                          set(manifest.files(folder))))


def check_commit(root, report):
    now = facts.commit(root)["commit"]
    if report["commit"] != now:
        return [f"the report is of commit {report['commit'] or 'none'}, the checkout of "
                f"{now or 'none'}: git checkout {report['commit'] or 'the files it is of'}"]
    return []


def check_inputs(root, folder, report):
    path = folder / manifest.INPUTS
    problems = [] if manifest.sha256(path) == report["tree_sha256"] else [
        f"{manifest.INPUTS}: is not the list that the report is of"]
    return problems + list(differing(root, manifest.parse(path), set(layout.tracked(root))))


def check_itself(root, folder, report):
    """The report against the results that it was read from."""
    problems = []
    for name, digest in report["results_sha256"].items():
        path = folder / "results" / name
        if not path.is_file() or manifest.sha256(path) != digest:
            problems.append(f"results/{name}: is not what audit.json was read from")
    for part in parts.PARTS:
        path = folder / "results" / Path(part.file).name
        shown = report[part.name]
        if shown is None:
            continue
        if not path.is_file():
            problems.append(f"audit.json: shows {part.name}, and there is no results/{path.name}")
            continue
        value = judge.load(path)
        if part.name == "plants":  # those of another core are left out
            value = {"plants": [row for row in value["plants"] if row in shown["plants"]]}
        if value != shown:
            problems.append(f"audit.json: {part.name} is not what results/{path.name} says")
    if figures.figures(report) != report["figures"]:
        problems.append("audit.json: figures do not follow from the results")
    proof = report["proof"]
    if proof and claims.claims(claims.read(root), proof)[0] != report["claims"]:
        problems.append(f"audit.json: claims are not those of {claims.SOURCE} and the proof")
    if (report["verdict"] == "HOLDS") == bool(report["failing"]):
        problems.append(f"audit.json: says {report['verdict']}, with {len(report['failing'])} "
                        "steps that did not pass")
    return problems


def check_drawing(folder, report):
    """The page, the text and the pictures are what the figures give."""
    try:
        from report import render
    except ImportError as error:
        return [f"SKIPPED: cannot draw: {error}; run ci/setup report"]
    with tempfile.TemporaryDirectory(prefix="upheld-verify-") as name:
        made = Path(name)
        render.render(report, made)
        return [f"{name}: is not what audit.json gives" for name in manifest.files(made)
                if not (folder / name).is_file()
                or (folder / name).read_bytes() != (made / name).read_bytes()]


def tell(title, problems):
    """One line, and the first problems; 1 if there are any."""
    print(f"{'FAILED' if problems else 'ok':8}{title}", flush=True)
    for problem in problems[:SHOWN]:
        print(f"        {problem}")
    if len(problems) > SHOWN:
        print(f"        and {len(problems) - SHOWN} more")
    return bool(problems)


def find_claim(root, asked):
    """The claim of the checkout, and its row of the last proof's functions by file."""
    name, found = ids.name_of(ids.CLAIM, asked), claims.read(root)["claims"]
    for claim in found:
        if claim["id"] == name:
            return claim
    known = ", ".join(ids.CLAIM + claim["id"] for claim in found)
    raise Refused(f"--claim {asked}: expected one of {known}")


def prove_command(claim, report, whole):
    """The command that proves what a claim names, or the whole core."""
    own = claims.named(claim["needs"])
    if whole or not own:
        return [PYTHON, "-B", str(HERE / "provenance.py"), "build/proofs.json", "--",
                "proofs/prove.py"]
    rows = {row["name"]: row for row in report["claims"]}[claim["id"]]["functions"]
    if {row["name"] for row in rows} != set(own):
        raise Refused(f"{claim['id']}: the report does not say in which files its functions are")
    return ["proofs/prove.py", *sorted({row["file"] for row in rows}), "--fn", ",".join(own)]


def prove_again(root, claim, report, whole):
    """Problems of proving it; the proof's own words go to the terminal."""
    command = prove_command(claim, report, whole)
    print(f"        {' '.join(command)}", flush=True)
    status = subprocess.run(command, cwd=root, check=False).returncode
    if status:
        return [f"exit status {status}"]
    if claims.WHOLE in claim["needs"] and not whole and "--fn" in command:
        print("        These goals rest on the contracts of what the functions call. The claim "
              "needs every goal\n        of the core: --whole proves them all.")
    return []


def read_report(folder):
    if not folder.is_dir():
        raise Refused(f"{folder}: no folder; expected one that make audit wrote, such as "
                      "build/audit")
    for name in (manifest.OUTPUTS, manifest.INPUTS, "audit.json"):
        if not (folder / name).is_file():
            raise Refused(f"{folder}/{name}: not there; expected a folder that make audit wrote")
    report = judge.load(folder / "audit.json")
    judge.need("audit.json", report, format=int, verdict=str, tree_sha256=str, figures=list,
               claims=list, results_sha256=dict, failing=list)
    if report["format"] != 2:
        raise Refused(f"audit.json: format {report['format']}, expected 2")
    return report


def verify(options):
    """(passed, failed)"""
    root, folder = options.root.resolve(), options.folder.resolve()
    claim = find_claim(root, options.claim) if options.claim else None
    report = read_report(folder)
    checks = [("every file of the report is what SHA256SUMS says", check_sums(folder)),
              ("the report is of the commit that is checked out", check_commit(root, report)),
              ("every file of the checkout is what INPUTS.SHA256 says",
               check_inputs(root, folder, report)),
              ("figures and verdict follow from the results", check_itself(root, folder, report))]
    if options.redraw:
        checks.append(("the page is what the figures give", check_drawing(folder, report)))
    failed = sum([tell(title, problems) for title, problems in checks])
    if claim and failed:
        failed += tell(f"{options.claim}: not proved again, since the report is not verified",
                       ["expected all of the above to hold"])
        checks.append(())
    elif claim:
        failed += tell(f"{options.claim}: {claim['text']}",
                       prove_again(root, claim, report, options.whole))
        checks.append(())
    print(f"sha256 of {manifest.OUTPUTS}: {manifest.sha256(folder / manifest.OUTPUTS)}")
    print(f"the report says {report['verdict']}")
    return len(checks) - failed, failed


def main():
    parser = arguments.Parser(prog="verify-report", description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--redraw", action="store_true")
    parser.add_argument("--claim", default="")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("folder", type=Path, metavar="DIR")
    options = parser.parse_args()
    if options.whole and not options.claim:
        parser.error("--whole: expected --claim ID with it")
    try:
        passed, failed = verify(options)
    except (Refused, judge.Unusable, manifest.Malformed, OSError, UnicodeDecodeError) as why:
        print(f"verify-report: {why}", file=sys.stderr)
        return 2
    except (KeyError, TypeError, AttributeError) as why:
        print(f"verify-report: audit.json: not of the shape that schema.json describes: {why!r}",
              file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nverify-report: interrupted", file=sys.stderr)
        return 130
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.exit(main())
