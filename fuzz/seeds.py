#!/usr/bin/python3
"""Makes seeds of the target request from the server vectors, one file for each.

    fuzz/seeds.py corpus/vectors/server.jsonl corpus/request

Writes OUT/vector-NAME.http with the octets of the vector NAME, and removes files of that form
whose vector is gone; the same vectors always give the same files. Exit 2 on a malformed line.
"""
import json
import os
import re
import sys
from pathlib import Path


class Malformed(Exception):
    """A line that is no vector, with its number and what was expected."""


def read(path):
    """Names and octets of the vectors, in their order."""
    seeds = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            vector = json.loads(line)
            name, octets = vector["name"], bytes.fromhex(vector["hex"])
        except (ValueError, KeyError, TypeError) as wrong:
            raise Malformed(f"{path}:{number}: expected a vector with name and hex: {wrong!r}") \
                from wrong
        if not re.fullmatch(r"[A-Za-z0-9._-]+", name) or name in seeds:
            raise Malformed(f"{path}:{number}: expected a name of its own, letters, digits and "
                            f"`._-`: {name!r}")
        seeds[name] = octets
    return seeds


def write(seeds, out):
    """Gives how many files changed."""
    out.mkdir(parents=True, exist_ok=True)
    wanted = {f"vector-{name}.http": octets for name, octets in seeds.items()}
    changed = 0
    for name, octets in wanted.items():
        path = out / name
        if not path.exists() or path.read_bytes() != octets:
            new = out / f".{name}.new"
            new.write_bytes(octets)
            os.replace(new, path)
            changed += 1
    for path in out.glob("vector-*.http"):
        if path.name not in wanted:
            path.unlink()
            changed += 1
    return changed


def main(arguments):
    if len(arguments) != 2:
        print("seeds.py: expected a vectors file and a folder for the seeds", file=sys.stderr)
        return 2
    try:
        seeds = read(Path(arguments[0]))
    except (Malformed, OSError) as wrong:
        print(f"seeds.py: {wrong}", file=sys.stderr)
        return 2
    changed = write(seeds, Path(arguments[1]))
    print(f"seeds: {len(seeds)} from vectors, {changed} files changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
