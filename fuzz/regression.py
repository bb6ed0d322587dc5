#!/usr/bin/python3
"""Makes an input a regression: `make replay` runs it on every leg of its target from then on.

    fuzz/regression.py [--build DIR] [--make CMD] [--target TARGET] FILE

Copies FILE to corpus/regressions/TARGET/SHA1 and writes a line on where it is from into
corpus/regressions/README.md. Without --target the input goes to each target that fails on it; an
input that fails nowhere any more needs one. Twice is as good as once.
Exit 0: it is there; 1: the programs were not built; 2: bad arguments.
"""
import argparse
import subprocess
import sys
import time
from pathlib import Path

import finding
import legs
import store
import table

PAGE = "README.md"


def commit():
    """The commit that the input was seen with."""
    try:
        done = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], capture_output=True,
                              text=True, check=False)
    except FileNotFoundError:
        return "unknown"
    return done.stdout.strip() or "unknown"


def cell(text):
    """A text as a cell of a table in Markdown."""
    plain = text.encode("ascii", "backslashreplace").decode()
    return " ".join(plain.replace("|", "\\|").split())


def row(target, name, source, found):
    shown = found.what if found else "passed when it was added"
    cells = (f"`{target}/{name}`", time.strftime("%Y-%m-%d", time.gmtime()), f"`{commit()}`",
             cell(shown), f"`{cell(source.name)}`")
    return "| " + " | ".join(cells) + " |\n"


def first_finding(build, target, file):
    """What the first leg that fails says; None if all pass."""
    for leg in legs.legs_of(build, target):
        found = finding.run(leg.program, [file])
        if found is not None:
            return found
    return None


def add(folder, target, file, found):
    """Places the input, then its line. Gives where it is, and whether it was there before."""
    name = store.sha1_of(file)
    place, page = folder / target / name, folder / PAGE
    text = page.read_text()
    there = place.exists() and f"`{target}/{name}`" in text
    if not there:
        place.parent.mkdir(exist_ok=True)
        store.place(file, place)
        if f"`{target}/{name}`" not in text:
            store.write(page, text.rstrip("\n") + "\n" + row(target, name, file, found))
    return place, there


def run(arguments):
    build, file = Path(arguments.build), Path(arguments.file)
    folder = Path("corpus") / "regressions"
    if not file.is_file():
        raise store.Unusable(f"FILE={file}: expected a readable file with one input")
    if file.stat().st_size > store.SEED_MAX:
        raise store.Unusable(f"FILE={file}: {file.stat().st_size} octets; expected at most "
                             f"{store.SEED_MAX}: `make triage` makes it shorter")
    if arguments.target and arguments.target not in table.TARGETS:
        raise store.Unusable(f"TARGET={arguments.target}: expected one of "
                             f"{', '.join(table.TARGETS)}")
    if not (folder / PAGE).is_file():
        raise store.Unusable(f"{folder / PAGE} is missing; it has the line of each regression")
    targets = (arguments.target,) if arguments.target else table.TARGETS
    programs = [leg.program for target in targets for leg in legs.legs_of(build, target)]
    if not legs.build_programs(arguments.make, programs):
        print("regression: the programs were not built; nothing was added", file=sys.stderr)
        return 1
    found = {target: first_finding(build, target, file) for target in targets}
    if not arguments.target:
        found = {target: what for target, what in found.items() if what}
    if not found:
        raise store.Unusable(f"FILE={file} fails on no target any more: name the one that it is "
                             "for, TARGET=")
    for target, what in found.items():
        place, there = add(folder, target, file, what)
        print(f"regression: {place}: " +
              ("there already" if there else what.what if what else "passes, kept as it is"))
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--make", default="make -f fuzz/fuzz.mk")
    parser.add_argument("--target", default="")
    parser.add_argument("file")
    try:
        return run(parser.parse_args())
    except store.Unusable as unusable:
        print(f"regression: {unusable}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nregression: interrupted; what is in corpus/ is whole", file=sys.stderr)
        sys.exit(130)
