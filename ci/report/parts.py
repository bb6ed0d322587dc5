"""The parts of a report: where each result lies, which command writes it, and whether it is there.

A part is `measured`, `missing`, or `refused`: it is of another commit, or not what its command
wrote, or not of its documented shape."""
import functools
import importlib.util
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import coverage
import provenance
from report import judge, measured

HERE = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Part:
    """`step`: the step of `make audit` that measures it; "": it takes hours, or a network, and the
    audit shows what a verb of its own has measured of the same commit."""
    name: str
    title: str
    file: str
    command: str
    step: str = ""


PARTS = (
    Part("proof", "the proof", "build/proofs.json", "make prove", "prove"),
    Part("eva", "EVA beside the proof", "build/eva.json", "make eva", "eva"),
    Part("trace", "traceability by clause", "build/trace.json", "make trace", "trace"),
    Part("fuzz", "fuzzing", "build/fuzz.json", "make fuzz-all", "fuzz"),
    Part("coverage", "coverage by the corpus", "build/coverage.json", "make coverage", "coverage"),
    Part("plants", "planted bugs", "build/plants.json", "make plants"),
    Part("mutants", "mutants of the core", "build/mutants.json", "make mutants"),
    Part("interop", "real clients and servers", "build/interop.json", "make interop"),
    Part("bench", "speed", "build/bench-targets.json", "make bench"),
    Part("families", "two families of solvers", "proofs/families.json", "make families"),
    Part("machdep", "the proof for 32 bits", "proofs/machdep.json",
         "make prove machdep-record MACHDEP=gcc_x86_32"),
)
OWN = tuple(part for part in PARTS if part.step)       # of `make audit` itself
KEPT = tuple(part for part in PARTS if not part.step)  # of verbs of their own


def planting_tree():
    """fuzz/planting/tree.py, which says what a result of fuzz/plants.py rests on."""
    folders = [str(HERE / "fuzz"), str(HERE / "fuzz/planting"), str(HERE / "proofs")]
    sys.path[:0] = folders
    try:
        spec = importlib.util.spec_from_file_location("planting_tree",
                                                      HERE / "fuzz/planting/tree.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = [name for name in sys.path if name not in folders]
    return module


def tree_of(root):
    """What fuzz/plants.py holds a result against: a function of the targets."""
    module, known = planting_tree(), {}

    def fingerprint(targets):
        if targets not in known:
            known[targets] = module.fingerprint(root, targets)
        return known[targets]
    return fingerprint


def proof_of(root):
    """The same for what the proof says of a plant: a function of nothing."""
    return functools.cache(lambda: planting_tree().proof_fingerprint(root))


def contracts_of(root):
    """The same for what an E-ACSL leg runs as code."""
    return functools.cache(lambda: planting_tree().contracts_fingerprint(root))


def has_code(path):
    """Whether a file has more than comments and lines for the preprocessor."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8", errors="replace"), flags=re.S)
    return any(line.strip() and not line.startswith("#") for line in text.splitlines())


def checks(root, seconds):
    """name -> function of a value that gives (problems, gaps)"""
    sources = sorted(str(path.relative_to(root)) for path in root.glob("core/*.c")
                     if has_code(path))
    return {
        "proof": lambda value: (judge.proofs(value), []),
        "eva": measured.eva, "trace": measured.trace,
        "fuzz": lambda value: (judge.fuzz(value, coverage.targets(root), seconds), []),
        "coverage": lambda value: (judge.coverage(value, sources), []),
        "plants": lambda value: measured.plants(value, root, tree_of(root), proof_of(root),
                                                contracts_of(root), planting_tree().patches.digest),
        "mutants": measured.mutants, "interop": measured.interop, "bench": measured.bench,
        "families": lambda value: measured.families(value, sources),
        "machdep": lambda value: measured.machdep(value, sources)}


def row_of(part, state, why, gaps=()):
    return {"part": part.name, "title": part.title, "state": state, "why": why,
            "gaps": list(gaps), "file": part.file, "command": part.command,
            "in_audit": bool(part.step)}


def take(part, path, check):
    """(row, value or None, problems) of a file that may be shown."""
    try:
        value = judge.load(path)
        problems, gaps = check(value)
    except judge.Unusable as unusable:
        return row_of(part, "refused", f"refused: {unusable}"), None, [str(unusable)]
    return row_of(part, "measured", "", gaps), value, problems


def stored(root, part, check, now):
    """The same of what lies in the tree: only if it is of the tree as it is."""
    tracked = not part.file.startswith("build/")
    why = "" if tracked and (root / part.file).is_file() else \
        provenance.refusal(root, part.file, now)
    if why:
        state = "missing" if why == "missing" else "refused"
        said = f"{part.file}: not there" if state == "missing" else why
        return row_of(part, state, f"{said}; run {part.command}"), None, []
    return take(part, root / part.file, check)
