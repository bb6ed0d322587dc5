#!/usr/bin/python3
"""Sorts what the engines found: one report for each bug, with the shortest input that shows it.

    fuzz/triage.py [--build DIR] [--make CMD] [--seconds S] [TARGET...]

Takes every input in build/fuzz/TARGET/crashes/. Those that break the same property in the same
functions are one bug. Its shortest input is made shorter, for S seconds at most, as long as it
breaks the same property in the same place; then it is run on every leg. build/fuzz/TARGET/triage/
has a folder for each bug with `input` and `report.txt`, and build/triage.json lists all.
Exit 0: nothing was found; 1: something was; 2: bad arguments; 130: interrupted.
"""
import argparse
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

import engines
import finding
import legs
import reduce
import store
import table
import view

SECONDS = 20
SHOWN = 8  # inputs of a bug that a report names


@dataclass
class Bug:
    """What several inputs have in common."""
    target: str
    leg: legs.Leg          # the first on which it shows
    first: finding.Finding
    files: list = field(default_factory=list)
    octets: bytes = b""
    whole: bool = True     # whether the reduction could try everything

    @property
    def name(self):
        return self.first.name(self.target)


def identify(all_legs, path):
    """The first leg that the input fails on, and what it says; None twice if it fails on none."""
    for leg in all_legs:
        found = finding.run(leg.program, [path])
        if found is not None:
            return leg, found
    return None, None


def sort(target, all_legs, paths):
    """Bugs, and the inputs that fail no more."""
    bugs, passing = {}, []
    for path in paths:
        leg, found = identify(all_legs, path)
        if found is None:
            passing.append(path)
        else:
            bugs.setdefault(found.key, Bug(target, leg, found)).files.append(path)
    for bug in bugs.values():
        bug.files.sort(key=lambda path: (path.stat().st_size, path.name))
    return list(bugs.values()), passing


def shorten(bug, folder, seconds):
    """Reduces the shortest input of a bug; goes on from what an earlier triage came to."""
    trial, kept = folder / ".trial", folder / "input"
    program, files = bug.leg.program, [kept, *bug.files] if kept.exists() else bug.files

    def said(octets):
        trial.write_bytes(octets)
        return finding.run(program, [trial], names=False)

    try:
        for path in files:
            octets = path.read_bytes()
            want = said(octets)
            if want is not None and want.what == bug.first.what:
                break
        else:
            raise store.Unusable(f"{bug.files[0]}: fails on {bug.leg}, but not each time; see it "
                                 f"with: {program} {bug.files[0]}")

        def fails(shorter):
            now = said(shorter)
            return now is not None and (now.what, now.place) == (want.what, want.place)

        bug.octets, bug.whole = reduce.reduce(octets, fails, seconds)
    finally:
        trial.unlink(missing_ok=True)


def told(bug, all_legs, file):
    """A line for each leg: whether the input fails there, and how if it is not as everywhere."""
    for leg in all_legs:
        found = finding.run(leg.program, [file])
        if found is None:
            yield f"{leg}: passes"
        elif found.what == bug.first.what:
            yield f"{leg}: fails"
        else:
            yield f"{leg}: fails otherwise: {found.what}"


def report(bug, all_legs, build, file):
    """The report of a bug, line by line."""
    yield f"{bug.target}: {bug.first.what}"
    yield f"  in: {' < '.join(bug.first.frames) or 'no function of ours is on the stack'}"
    more = "" if len(bug.files) <= SHOWN else f" and {len(bug.files) - SHOWN} more"
    yield f"  seen with: {', '.join(path.name for path in bug.files[:SHOWN])}{more}"
    end = "" if bug.whole else "; time ran out, `make triage` goes on from here"
    yield f"  length: {len(bug.octets)}, was {bug.files[0].stat().st_size}{end}"
    for line in told(bug, all_legs, file):
        yield f"  {line}"
    for line in view.explained(build, bug.target, file, [bug.first.clause]):
        yield f"  {line}"
    yield f"  see it again: make repro FILE={file} TARGET={bug.target}"
    yield f"  keep it: make regression FILE={file} TARGET={bug.target}"


def treat(bug, all_legs, build, seconds):
    """Reduces, reports and keeps one bug; gives its row of triage.json."""
    folder = build / "fuzz" / bug.target / "triage" / bug.name
    folder.mkdir(parents=True, exist_ok=True)
    shorten(bug, folder, seconds)
    staged, file = folder / ".shortest", folder / "input"
    staged.write_bytes(bug.octets)
    staged.replace(file)
    lines = list(report(bug, all_legs, build, file))
    store.write(folder / "report.txt", "\n".join([*lines, "", bug.first.text]))
    print("\n".join(f"triage: {line}" for line in lines), flush=True)
    return {"target": bug.target, "property": bug.first.what, "clause": bug.first.clause or None,
            "frames": list(bug.first.frames), "leg": bug.leg.name, "inputs": len(bug.files),
            "octets": len(bug.octets), "whole": bug.whole, "input": str(file),
            "repro": f"make repro FILE={file} TARGET={bug.target}"}


def one_target(target, build, make, seconds):
    """Rows of a target's bugs; None if its programs could not be built."""
    paths = engines.visible(build / "fuzz" / target / "crashes")
    all_legs = legs.legs_of(build, target)
    if not paths:
        return []
    if not legs.build_programs(make, [leg.program for leg in all_legs]):
        print(f"triage: {target}: its programs were not built; nothing was sorted",
              file=sys.stderr)
        return None
    bugs, passing = sort(target, all_legs, paths)
    for path in passing:
        print(f"triage: {target}: {path} fails on no leg any more; remove it if what it showed "
              "is mended", flush=True)
    return [treat(bug, all_legs, build, seconds) for bug in bugs]


def triage(targets, build, make, seconds=SECONDS):
    """Sorts the findings of targets; gives their rows, or None if anything could not be run."""
    with store.held(build / "fuzz" / "triage", "triage"):
        legs.build_command(make, build)
        found = [one_target(target, build, make, seconds) for target in targets]
        rows = [row for some in found for row in some or ()]
        store.write(build / "triage.json", json.dumps(rows, indent=1) + "\n")
    return None if None in found else rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--make", default="make -f fuzz/fuzz.mk")
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    arguments = parser.parse_args()
    targets = arguments.targets or table.TARGETS
    if any(target not in table.TARGETS for target in targets):
        print(f"triage: expected targets among {', '.join(table.TARGETS)}", file=sys.stderr)
        return 2
    try:
        rows = triage(targets, Path(arguments.build), arguments.make, arguments.seconds)
    except store.Unusable as unusable:
        print(f"triage: {unusable}", file=sys.stderr)
        return 2
    print(f"triage: {len(rows or ())} bugs; see {arguments.build}/triage.json")
    return 1 if rows or rows is None else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\ntriage: interrupted; findings and earlier reports are as they were",
              file=sys.stderr)
        sys.exit(130)
