#!/usr/bin/python3
"""Makes seeds of the targets request and response from vectors, one file for each.

    fuzz/seeds.py corpus/vectors/server.jsonl corpus/request
    fuzz/seeds.py --role client corpus/vectors/client.jsonl... corpus/response

Writes OUT/vector-NAME.http with the octets of the vector NAME, and removes files of that form
whose vector is gone; the same vectors always give the same files. With --role, vectors of the
other role are left out. Exit 2 on a malformed line.
"""
import argparse
import json
import os
import re
import sys
from pathlib import Path


class Malformed(Exception):
    """A line that is no vector, with its number and what was expected."""


def read(path, role, seeds):
    """Adds names and octets of the vectors, in their order."""
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
        if role in (None, vector.get("role")):
            seeds[name] = octets


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


class Arguments(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message):
        self.exit(2, f"seeds.py: {message}\n")


def main():
    parser = Arguments(prog="seeds.py", description=__doc__.splitlines()[0])
    parser.add_argument("--role", choices=("server", "client"))
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.jsonl")
    parser.add_argument("out", type=Path, metavar="OUT", help="a folder")
    given = parser.parse_args()
    seeds = {}
    try:
        for path in given.files:
            read(path, given.role, seeds)
    except (Malformed, OSError) as wrong:
        print(f"seeds.py: {wrong}", file=sys.stderr)
        return 2
    changed = write(seeds, given.out)
    print(f"seeds: {len(seeds)} from vectors, {changed} files changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
