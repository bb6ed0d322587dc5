"""The ids that people cite, and how they are made. An id never changes its meaning.

UPH-CLAIM-x    claim x of proofs/claims.json
UPH-THEOREM-x  theorem x there, which claims carry
UPH-FIG-x      figure x of figures.py
UPH-PIC-x      picture x of pictures.py
UPH-GATE-Gn    gate n on the proof
UPH-LIMIT-n    the nth sentence under Limits of README.md (the number may change with the text)
R6455-4.2.1-5  a clause, as core/CLAUSES.md names it

Each is also the anchor in index.html: `index.html#UPH-CLAIM-safe`.
"""
import re

CLAIM, THEOREM, FIGURE, PICTURE, GATE, LIMIT = (
    f"UPH-{word}-" for word in ("CLAIM", "THEOREM", "FIG", "PIC", "GATE", "LIMIT"))
PART = re.compile(r"[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*")


def make(prefix, name):
    """The id; what cannot be an anchor has none."""
    if not PART.fullmatch(str(name)):
        raise ValueError(f"{name!r}: expected letters, digits and - between them, for an id")
    return f"{prefix}{name}"


def name_of(prefix, found):
    """`safe` of UPH-CLAIM-safe; None if it is no such id."""
    rest = found.removeprefix(prefix)
    return rest if rest != found and PART.fullmatch(rest) else None
