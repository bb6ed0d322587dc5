#!/usr/bin/python3
"""Replays inputs through the targets under sanitizers.

    fuzz/replay.py [--build DIR] [--make CMD] LEG...          the corpus; LEG: asan, msan, eacsl
    fuzz/replay.py [--build DIR] [--make CMD] --file FILE asan    one input through every target

Prints a line for each target and leg and last `N passed, N failed`; with --file also what
`upheld check` says of the input. Exit 0: all passed; 1: one failed; 2: bad arguments.
"""
import argparse
import re
import shlex
import subprocess
import sys
from pathlib import Path

import table

LIMIT_S = 900
NAMES = {"asan": "ASan+UBSan", "msan": "MSan", "eacsl": "E-ACSL+ASan"}


def program(build, target, leg):
    return build / "fuzz" / "bin" / f"{target}-replay-{leg}"


def build_programs(make, paths):
    done = subprocess.run([*shlex.split(make), *map(str, paths)], check=False)
    return done.returncode == 0


def replay(path, what):
    """Whether the program took the input or folder, and what it printed."""
    try:
        done = subprocess.run([str(path.resolve()), str(what)], capture_output=True, check=False,
                              timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return False, f"no end after {LIMIT_S} s"
    text = (done.stdout + done.stderr).decode(errors="replace").strip()
    return done.returncode == 0 and re.search(r"^[1-9]\d* inputs, ok$", text, re.M), text


def run(build, pairs, inputs):
    """Replays each pair of target and leg on inputs(target); gives how many passed and failed."""
    passed = failed = 0
    for target, leg in pairs:
        ok, text = replay(program(build, target, leg), inputs(target))
        passed, failed = passed + bool(ok), failed + (not ok)
        print(f"replay: {target} under {NAMES[leg]}: " +
              (text.splitlines()[-1] if ok else f"FAILED on {inputs(target)}\n{text}"), flush=True)
    return passed, failed


def show_verdict(build, file):
    """What the core says of the input, if the command is built; not judged here."""
    command = build / "upheld"
    if not command.exists():
        print(f"repro: {command} is not built; `make {command}` gives the verdict as well")
        return
    print(f"repro: {command} check {file}", flush=True)
    subprocess.run([str(command), "check", str(file)], check=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--make", default="make -f fuzz/fuzz.mk")
    parser.add_argument("--file")
    parser.add_argument("legs", nargs="+", choices=sorted(table.REPLAYS))
    arguments = parser.parse_args()
    build = Path(arguments.build)
    if arguments.file is not None and not Path(arguments.file).is_file():
        print(f"repro: FILE={arguments.file}: expected a readable file with one input",
              file=sys.stderr)
        return 2
    pairs = [(target, leg) for leg in arguments.legs for target in table.REPLAYS[leg]]
    if not build_programs(arguments.make, [program(build, *pair) for pair in pairs]):
        print("replay: the programs were not built; nothing was replayed", file=sys.stderr)
        return 1
    if arguments.file is not None:
        passed, failed = run(build, pairs, lambda target: Path(arguments.file))
        show_verdict(build, arguments.file)
    else:
        passed, failed = run(build, pairs, lambda target: Path("corpus") / target)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
