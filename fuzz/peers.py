#!/usr/bin/python3
"""Compares the core with parsers of others, and judges the differences by fuzz/peers/peers.json.

    fuzz/peers.py [--rows FILE] header OUT        the classes as C, for the target peers
    fuzz/peers.py [--rows FILE] check PROGRAM     over the corpus, the vectors and the examples

A difference has a class, such as "http-parser accepts R9112-2.2-2". Each row of the table has the
`classes` that it is about; whose the difference is, as `kind`; the `clause` of an RFC that was
read; `why`; and an `example` that shows all of its classes, as text with escapes, or as the `file`
that holds it. Prints what was seen of each row, and last `N passed, N failed`. Exit 0: all known;
1: a class that no row has, an example that does not show its class, or a difference that is ours;
2: a table or an input that cannot be used.
"""
import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROWS = Path("fuzz/peers/peers.json")
FOLDERS = ("request", "head")  # raw octets of requests
VECTORS = Path("corpus/vectors")
PEERS = ("http-parser", "libsoup", "beast")
KINDS = {
    "theirs": "the peer breaks the clause",
    "choice": "the clause leaves it to the server",
    "scope": "the peer leaves it to its caller",
    "ours": "the core breaks the clause",
}
KEYS = {"classes", "kind", "clause", "why"}
LIMIT_S = 120


class Unusable(Exception):
    """What is wrong with a file, in one line."""


@dataclass
class Row:
    classes: tuple
    kind: str
    clause: str
    why: str
    octets: bytes


def row_of(where, raw):
    if not isinstance(raw, dict) or not KEYS <= raw.keys() or \
            len(raw.keys() & {"example", "file"}) != 1 or len(raw) != len(KEYS) + 1:
        raise Unusable(f"{where}: expected {', '.join(sorted(KEYS))}, and example or file")
    classes = raw["classes"]
    if not isinstance(classes, list) or not classes or \
            not all(isinstance(c, str) and c.startswith(PEERS) for c in classes):
        raise Unusable(f"{where}: classes: expected texts that begin with one of "
                       f"{', '.join(PEERS)}")
    texts = [raw[key] for key in sorted(KEYS - {"classes"})] + [raw.get("example", "")]
    if not all(isinstance(text, str) for text in texts):
        raise Unusable(f"{where}: expected texts")
    if raw["kind"] not in KINDS or not raw["why"].strip() or not raw["clause"].strip():
        raise Unusable(f"{where}: expected a kind of {', '.join(KINDS)}, a clause and why")
    try:
        octets = raw["example"].encode("latin-1") if "example" in raw else \
            Path(raw["file"]).read_bytes()
    except (OSError, TypeError, UnicodeEncodeError) as error:
        raise Unusable(f"{where}: its example cannot be read: {error}") from error
    return Row(tuple(classes), raw["kind"], raw["clause"], raw["why"], octets)


def rows_of(path):
    """The rows of the table, each class in one of them only."""
    try:
        raw = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise Unusable(f"{path}: {error}") from error
    if not isinstance(raw, list) or not raw:
        raise Unusable(f"{path}: expected a list of rows")
    rows = [row_of(f"{path}: row {i}", r) for i, r in enumerate(raw, 1)]
    classes = [name for row in rows for name in row.classes]
    twice = sorted({name for name in classes if classes.count(name) > 1})
    if twice:
        raise Unusable(f"{path}: in two rows: {', '.join(twice)}")
    return rows


def write_header(rows, out):
    """In the order of octets, as bsearch() wants it; whole or not at all."""
    names = sorted(name.encode() for row in rows for name in row.classes)
    lines = [f"    {json.dumps(name.decode())},\n" for name in names]
    out.parent.mkdir(parents=True, exist_ok=True)
    new = out.with_name(out.name + ".new")
    new.write_text("/* Written by fuzz/peers.py from peers.json. */\n"
                   "static const char *const PEERS_KNOWN[] = {\n" + "".join(lines) + "};\n")
    os.replace(new, out)


def vectors():
    """Name and octets of each vector that is a request."""
    for path in sorted(VECTORS.glob("*.jsonl")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            try:
                vector = json.loads(line)
                if vector.get("role") == "server":
                    yield f"{path}:{number}", bytes.fromhex(vector["hex"])
            except (ValueError, KeyError) as error:
                raise Unusable(f"{path}:{number}: no vector: {error}") from error


def inputs():
    """Name and octets of everything that is compared, the examples apart."""
    found = [(str(path), path.read_bytes()) for folder in FOLDERS
             for path in sorted((Path("corpus") / folder).glob("[!.]*")) if path.suffix != ".md"]
    found += vectors()
    if not found:
        raise Unusable("corpus: no input to compare")
    return found


def classes_of(program, octets):
    """The classes of each input, by one process of the program."""
    data = b"".join(b"%d\n%s" % (len(o), o) for o in octets)
    try:
        done = subprocess.run([str(program)], input=data, capture_output=True, check=False,
                              timeout=LIMIT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unusable(f"{program}: {error}") from error
    found, block = [], []
    for line in done.stdout.decode().splitlines():
        if line:
            block.append(line)
        else:
            found.append(block)
            block = []
    if done.returncode != 0 or len(found) != len(octets):
        raise Unusable(f"{program}: exit {done.returncode} at input {len(found) + 1} of "
                       f"{len(octets)}:\n{done.stderr.decode(errors='replace')[-2000:]}")
    return found


def new_classes(rows, seen):
    """Classes that no row has, each with the first input that shows it."""
    known = {name for row in rows for name in row.classes}
    found = {}
    for name, classes in seen:
        for one in classes:
            if one not in known:
                found.setdefault(one, name)
    return found


def check(rows, program):
    """Prints what was seen; gives how many rows hold, and how many problems there are."""
    named = inputs()
    found = classes_of(program, [o for _, o in named] + [row.octets for row in rows])
    seen = list(zip((name for name, _ in named), found))
    shown = found[len(named):]
    counts, problems, passed = {}, [], 0
    for _, classes in seen:
        for one in classes:
            counts[one] = counts.get(one, 0) + 1
    for row, classes in zip(rows, shown):
        absent = sorted(set(row.classes) - set(classes))
        for one in row.classes:
            print(f"peers: {row.kind}: {one} [{row.clause}]: {counts.get(one, 0)} inputs")
        problems += [f"{one}: its example in the table does not show it" for one in absent]
        if row.kind == "ours":
            problems.append(f"{', '.join(row.classes)}: ours, and not mended: {row.why}")
        passed += not absent and row.kind != "ours"
    examples = [(f"the example of {row.classes[0]}", classes) for row, classes in zip(rows, shown)]
    for one, name in sorted(new_classes(rows, seen + examples).items()):
        problems.append(f"{one}: a new class, first seen in {name}; read the clause, and put it "
                        f"into {ROWS} or mend the core")
    for problem in problems:
        print(f"peers: FAILED: {problem}", file=sys.stderr)
    print(f"peers: {len(named)} inputs, {len(counts)} classes")
    return passed, len(problems)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=Path, default=ROWS)
    parser.add_argument("what", choices=("header", "check"))
    parser.add_argument("path", type=Path)
    arguments = parser.parse_args()
    try:
        rows = rows_of(arguments.rows)
        if arguments.what == "header":
            write_header(rows, arguments.path)
            return 0
        passed, failed = check(rows, arguments.path)
    except Unusable as unusable:
        print(f"peers.py: {unusable}", file=sys.stderr)
        return 2
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
