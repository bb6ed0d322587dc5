"""Calls a function of a mutant and of the core directly, where no public function tells them apart.

A contract of a function inside the core often says more than any public function needs, so a
mutant of it can fall with no input that shows why. direct.c has calls that keep to such contracts;
what one gives, or what the sanitizers say of it, must differ. Nothing of it is taken from a record.
"""

import pathlib
import re
import shutil
import subprocess

from wp import toolchain

from . import beside

CALLS = pathlib.Path(__file__).resolve().with_name("direct.c")
LIMIT_S = 60  # a call takes no time; a mutant's may not come back
FLAGS = [flag for flag in beside.MUTANT if "fuzzer" not in flag and "coverage" not in flag]


def functions():
    """The functions that direct.c calls."""
    return set(re.findall(r"^#(?:el)?if defined CALL_(\w+)$", CALLS.read_text(encoding="utf-8"),
                          re.M))


def given(bench, root, mutant):
    """What the call gives in a tree: its exit status, or that it did not end, and what was
    printed."""
    room = root / mutant.file
    program = bench.build / "direct"
    rest = [path for path in sorted(bench.beside.folder.glob("core-*.o"))
            if path.stem != f"core-{room.stem}"]
    beside.sh(beside.CLANG, *FLAGS, f"-I{room.parent}", f'-DROOM="{room}"',
              f"-DCALL_{mutant.function}", CALLS, *rest, "-o", program)
    try:
        done = toolchain.run([str(program)], timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return f"no end within {LIMIT_S} s", ""
    finally:
        program.unlink()
    return done.returncode, done.stdout


def difference(bench, mutant):
    """In what the mutant's function differs from the core's, called directly; '' if in nothing, or
    if there is no call of it."""
    if mutant.function not in functions() or not mutant.file.endswith(".c"):
        return ""
    status, expected = given(bench, toolchain.ROOT, mutant)
    if status != 0:
        raise toolchain.ProofError(f"{CALLS.name}: {mutant.function} of the core itself ends with "
                                   f"{status}: expected a call that its contract allows")
    root = bench.build / "called"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(toolchain.ROOT / "core", root / "core")
    (root / mutant.file).write_text(bench.collection.changed(mutant), encoding="utf-8")
    status, seen = given(bench, root, mutant)
    shutil.rmtree(root)
    if status != 0:
        return f"{mutant.function}() called directly ends with {status}: expected 0"
    if seen != expected:
        return f"{mutant.function}() called directly gives `{seen.strip()}`, " \
               f"not `{expected.strip()}`"
    return ""


def look(bench, mutants, rows):
    """The rows of these mutants; one that fell without witness is killed if such a call shows a
    difference, which `direct` then tells."""
    for mutant, row in zip(mutants, rows):
        told = difference(bench, mutant) if row["class"] == "fell" else ""
        yield row | {"class": "killed", "direct": told} if told else row
