#!/usr/bin/python3
"""Replays inputs through the targets under sanitizers.

    fuzz/replay.py [--build DIR] [--make CMD] LEG...        the corpus; LEG: asan, msan, eacsl
    fuzz/replay.py [--build DIR] [--make CMD] --file FILE [--target TARGET]      one input

The corpus of a target is corpus/TARGET/ and corpus/regressions/TARGET/. One input goes through
every target under ASan and UBSan, and on through all legs of those that fail on it; with --target
through all legs of that one. Prints a line for each target and leg, of one input also how it reads,
its verdict and the clauses that it violates, and last `N passed, N failed`.
Exit 0: all passed; 1: one failed; 2: bad arguments.
"""
import argparse
import re
import subprocess
import sys
from pathlib import Path

import engines
import finding
import legs
import table
import view

LIMIT_S = 900
FILE_LIMIT_S = 60
CORPUS = Path("corpus")


def inputs(target):
    """Folders with the inputs of a target."""
    regressions = CORPUS / "regressions" / target
    return [CORPUS / target, *([regressions] if engines.visible(regressions) else ())]


def replay(path, what):
    """Whether the program took the inputs or folders, and what it printed."""
    try:
        done = subprocess.run([str(path.resolve()), *map(str, what)], capture_output=True,
                              check=False, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return False, f"no end after {LIMIT_S} s"
    text = (done.stdout + done.stderr).decode(errors="replace").strip()
    return done.returncode == 0 and re.search(r"^[1-9]\d* inputs, ok$", text, re.M), text


def corpus(build, make, names):
    """Replays the corpus on legs; gives how many passed and failed, None if not built."""
    pairs = [(target, legs.Leg(name, legs.replay_program(build, target, name)))
             for name in names for target in table.REPLAYS[name]]
    if not legs.build_programs(make, [leg.program for _, leg in pairs]):
        return None
    passed = failed = 0
    for target, leg in pairs:
        what = inputs(target)
        ok, text = replay(leg.program, what)
        passed, failed = passed + bool(ok), failed + (not ok)
        print(f"replay: {target} under {leg}: " +
              (text.splitlines()[-1] if ok else
               f"FAILED on {' '.join(map(str, what))}\n{text}"), flush=True)
    return passed, failed


def one_leg(target, leg, file):
    """What one leg of a target says of a file, printed; None if it passes."""
    found = finding.run(leg.program, [file], limit=FILE_LIMIT_S)
    print(f"repro: {target} under {leg}: " + ("ok" if found is None else "FAILED: " + found.what),
          flush=True)
    if found is not None:
        print(found.text, flush=True)
    return found


def one_file(build, make, file, target):
    """Replays one input and shows it; gives how many passed and failed, None if not built."""
    all_legs = {name: legs.legs_of(build, name) for name in table.TARGETS}
    first = {name: found if name == target else found[:1] for name, found in all_legs.items()
             if target in ("", name)}
    if not legs.build_programs(make, [leg.program for some in first.values() for leg in some]):
        return None
    found = {(name, leg): one_leg(name, leg, file) for name, some in first.items()
             for leg in some}
    failing = {name for (name, _), what in found.items() if what}
    more = [(name, leg) for name in failing for leg in all_legs[name] if (name, leg) not in found]
    if more and not legs.build_programs(make, [leg.program for _, leg in more]):
        return None
    found.update({(name, leg): one_leg(name, leg, file) for name, leg in more})
    legs.build_command(make, build)
    clauses = sorted({what.clause for what in found.values() if what and what.clause})
    for line in view.explained(build, target, file, clauses):
        print(f"repro: {line}")
    failed = sum(what is not None for what in found.values())
    return len(found) - failed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--make", default="make -f fuzz/fuzz.mk")
    parser.add_argument("--file")
    parser.add_argument("--target", default="")
    parser.add_argument("legs", nargs="*", metavar="LEG")
    arguments = parser.parse_args()
    build = Path(arguments.build)
    if arguments.file is None:
        if not arguments.legs or any(leg not in table.REPLAYS for leg in arguments.legs):
            print(f"replay: expected legs among {', '.join(table.REPLAYS)}", file=sys.stderr)
            return 2
        counts = corpus(build, arguments.make, arguments.legs)
    else:
        if not Path(arguments.file).is_file():
            print(f"repro: FILE={arguments.file}: expected a readable file with one input",
                  file=sys.stderr)
            return 2
        if arguments.target and arguments.target not in table.TARGETS:
            print(f"repro: TARGET={arguments.target}: expected one of {', '.join(table.TARGETS)}",
                  file=sys.stderr)
            return 2
        counts = one_file(build, arguments.make, Path(arguments.file), arguments.target)
    if counts is None:
        print("replay: the programs were not built; nothing was replayed", file=sys.stderr)
        return 1
    print(f"{counts[0]} passed, {counts[1]} failed")
    return 1 if counts[1] else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nreplay: interrupted", file=sys.stderr)
        sys.exit(130)
