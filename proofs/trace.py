#!/usr/bin/python3
"""Traces each clause to its predicates, contracts, goals, fuzz targets, vectors and tests.

    proofs/trace.py          writes proofs/TRACE.md, core/command/trace/ and build/trace.json, and
                             says which cells are empty
    proofs/trace.py --check  only says whether what is checked in is what it would write

Exit 0: every cell is filled, or all is current; 1: a cell is empty, or something is not current;
2: unusable.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "proofs"), str(ROOT / "core/clauses")]
sys.dont_write_bytecode = True

import table  # noqa: E402
from evidence import pages, trace  # noqa: E402
from evidence.contracts import EvidenceError  # noqa: E402


def proved():
    """build/proofs.json of the last proof, if there was one."""
    path = ROOT / "build/proofs.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def check(made):
    """Exit status of --check."""
    stale = 0
    for path, text in made:
        different = pages.stale(path, text)
        if different:
            stale = 1
            print(f"{path.relative_to(ROOT)}: is not what it is made of; run `make trace`. "
                  f"First difference:\n  {different}", file=sys.stderr)
    return stale


def write(made, found, table_rows):
    """Writes everything and tells what is open; the exit status."""
    for path, text in made:
        path.parent.mkdir(parents=True, exist_ok=True)
        pages.write(path, text)
    (ROOT / "build").mkdir(exist_ok=True)
    result = trace.as_json(found, table_rows, proved())
    pages.write(ROOT / "build/trace.json", json.dumps(result, indent=1) + "\n")
    lines, status = trace.verdict(found)
    print("\n".join(lines))
    return status


def main(arguments):
    """Exit status: see above."""
    if arguments not in ([], ["--check"]):
        print("trace.py: expected nothing, or --check", file=sys.stderr)
        return 2
    try:
        found, table_rows, ledger = trace.read(ROOT, table)
        made = list(trace.pages(ROOT, found, table_rows, ledger))
        return check(made) if arguments else write(made, found, table_rows)
    except (EvidenceError, table.Malformed, OSError, ValueError, KeyError) as why:
        print(f"trace.py: {why}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
