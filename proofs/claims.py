#!/usr/bin/python3
"""Writes proofs/CLAIMS.md from claims.json, the core's contracts, the specification and the ledger.

    proofs/claims.py          writes proofs/CLAIMS.md
    proofs/claims.py --check  only says whether proofs/CLAIMS.md is what it would write

Exit 0: done, or the page is current; 1: a claim is wrong or the page is not current; 2: unusable.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "proofs"), str(ROOT / "core/clauses")]
sys.dont_write_bytecode = True

import table  # noqa: E402
from evidence import claims, pages  # noqa: E402


def main(arguments):
    """Exit status: see above."""
    return pages.main("claims.py", arguments, ROOT / "proofs/CLAIMS.md",
                      lambda: claims.page(ROOT, table), "make claims")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
