#!/usr/bin/python3
"""Prints where ours spends its instructions: for one request, by function as compiled (what was
inlined into it included, what it calls left out), the dearest first, and by source file.

    spent.py FILE    callgrind.SUBJECT.INPUT, which `make bench` left in build/bench/callgrind/gcc
"""
import re
import sys
from collections import Counter
from pathlib import Path

import inputs

COST = re.compile(r"[+*\d-]\S* (\d+)$")
NAMED = re.compile(r"(fn|fl|fi|fe)=\((\d+)\)(?: (.*))?$")


def costs(text):
    """(by function, by file): own instructions. callgrind names a thing once, then by number, and
    the line behind `calls=` is the price of the callee."""
    names, at, functions, files, callee = {}, {}, Counter(), Counter(), False
    for line in text.splitlines():
        if named := NAMED.match(line):
            kind = "fn" if named[1] == "fn" else "file"
            if named[3]:
                names[kind, named[2]] = named[3]
            at[kind] = names.get((kind, named[2]), "?")
            if named[1] == "fl":
                at["fn"] = "?"
        elif line.startswith(("cfi=", "cfl=", "cfn=")):
            kind = "fn" if line.startswith("cfn") else "file"
            if called := re.match(r"\w+=\((\d+)\) (.*)$", line):
                names[kind, called[1]] = called[2]
        elif line.startswith("calls="):
            callee = True
        elif cost := COST.match(line):
            if not callee:
                functions[at.get("fn", "?")] += int(cost[1])
                files[Path(at.get("file", "?")).name] += int(cost[1])
            callee = False
    return functions, files


def table(text, requests):
    """What is printed, by lines."""
    for title, counter in zip(("function", "source file"), costs(text)):
        total = sum(counter.values())
        yield f"{title:40} {'instructions':>12}"
        for name, count in counter.most_common(30):
            yield f"  {name:38} {count / requests:12.1f} {100 * count / total:5.1f} %"
        yield f"  {'all':38} {total / requests:12.1f}"


def main(arguments):
    if len(arguments) != 1:
        print("spent.py: usage: spent.py FILE", file=sys.stderr)
        return 2
    path, made = Path(arguments[0]), inputs.generated()
    name = path.name.rpartition(".")[2]
    try:
        text = path.read_text()
    except OSError as why:
        print(f"spent.py: {path}: {why.strerror}; run `make bench` first", file=sys.stderr)
        return 2
    if name not in made or "\nsummary: " not in text:
        print(f"spent.py: {path}: expected callgrind.SUBJECT.INPUT as `make bench` leaves it",
              file=sys.stderr)
        return 2
    for line in table(text, inputs.counted_passes(made[name]) * len(made[name])):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
