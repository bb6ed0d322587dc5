#!/usr/bin/python3
"""Proves the core again under other circumstances: the answers must not depend on them.

    proofs/stable.py                     every core/*.c, under every circumstance
    proofs/stable.py core/list.c ...     these files
    proofs/stable.py --sample 3 --seed 7 so many files, drawn with that seed
    proofs/stable.py --only NAME,...     these circumstances alone

One prover at a time; provers in another order; every solver with another seed, three times; blank
lines and other names for locals. No smoke tests. Writes build/stable.json. Prints a line for each
file and circumstance, and last `N passed, N failed`. Exit 0 if all goals were proved each time and
none took more than half of its time.
"""
import argparse
import concurrent.futures
import json
import random
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from wp import ast, framac, prove_unit, toolchain, units

RESULT = toolchain.BUILD / "stable.json"
TIMEOUT = 10


class Unit(framac.Unit):
    """A file whose logs stand apart from those of the proof that counts."""

    def results(self):
        return toolchain.BUILD / "stable"


@dataclass
class Circumstance:
    """What is other than usual."""

    title: str
    options: dict = field(default_factory=dict)
    rewritten: bool = False


CIRCUMSTANCES = {
    "par1": Circumstance("one prover at a time", {"jobs": 1}),
    "order": Circumstance("cvc5 first, then cvc5, CVC4, Z3",
                          {"first": "cvc5", "provers": ["cvc5", "cvc4", "z3"]}),
    "seed1": Circumstance("every solver's seed is 1", {"seed": 1}),
    "seed2": Circumstance("every solver's seed is 20202", {"seed": 20202}),
    "seed3": Circumstance("every solver's seed is 2147483647", {"seed": 2147483647}),
    "text": Circumstance("blank lines, and locals of other names", rewritten=True),
}


def options(circumstance):
    """Options of a proof: the usual ones but for the circumstance's."""
    usual = {"functions": [], "properties": "", "quick": False, "show": False, "ledger": False,
             "provers": list(toolchain.PROVERS), "timeout": TIMEOUT, "jobs": 2, "part": False,
             "first": prove_unit.FIRST_PROVER, "seed": None}
    return argparse.Namespace(**usual | circumstance.options)


LOCAL = re.compile(r"^    (?:size_t|bool|uint32_t|struct \w+) (\w+) = ", re.MULTILINE)


def rewritten(text):
    """The same program with blank lines in it and other names for what its functions declare; and
    how many were renamed. A name that is also a member's stays."""
    names = sorted(name for name in set(LOCAL.findall(text))
                   if not re.search(rf"(\.|->)\s*{name}\b", text))
    for name in names:  # but not in `\nothing` of ACSL, nor in names of files
        text = re.sub(rf"(?<!\\)\b{name}\b(?!\.h\")", f"other_{name}", text)
    return re.sub(r"^(/\*@)", r"\n\n\1", text, flags=re.MULTILINE), len(names)


def copy_of(unit, folder):
    """The file rewritten, in a copy of all that it includes."""
    root = Path(folder)
    shutil.copytree(toolchain.ROOT / "core", root / "core",
                    ignore=lambda _, names: [name for name in names if "." not in name])
    shutil.copytree(toolchain.PROOFS / "spec", root / "proofs" / "spec")
    path = root / "core" / unit.path.name
    text, renamed = rewritten(unit.path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    return Unit(path), renamed


def proved(unit, circumstance, env):
    """The result of one file under one circumstance."""
    chosen = options(circumstance)
    skipped = units.proved_elsewhere(unit, ast.read(unit, env))
    if not circumstance.rewritten:
        return prove_unit.prove(unit, env, chosen, skipped)
    with tempfile.TemporaryDirectory(prefix="upheld-stable-") as folder:
        copy, renamed = copy_of(unit, folder)
        return prove_unit.prove(copy, env, chosen, skipped) | {"renamed": renamed}


def judge(name, unit, result):
    """One row of the result."""
    rows = result["functions"].values()
    goals, good = (sum(row[key] for row in rows) for key in ("goals", "proved"))
    slow = result["slowest"]
    problems = [f"open: {goal['name']}" for goal in result["open"]]
    if not goals:
        problems.append("no goal was made")
    if slow["seconds"] > TIMEOUT / 2:
        problems.append(f"{slow['name']} took {slow['seconds']} s of {TIMEOUT}")
    return {"circumstance": name, "file": unit.name, "goals": goals, "proved": good,
            "slowest_s": slow["seconds"], "slowest": slow["name"], "seconds": result["seconds"],
            "problems": problems, **({"renamed": result["renamed"]} if "renamed" in result else {})}


def each_row(name, files):
    """A row for each file under one circumstance, as they come; several at once, since Qed is one
    thread a file, but where one prover at a time is the point."""
    circumstance = CIRCUMSTANCES[name]
    chosen = options(circumstance)
    env = toolchain.environment(toolchain.BUILD / "stable", chosen.seed)
    pool = concurrent.futures.ThreadPoolExecutor(chosen.jobs + 1 if chosen.jobs > 1 else 1)
    try:
        yield from pool.map(lambda unit: judge(name, unit, proved(unit, circumstance, env)), files)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        framac.stop_all()


def tell(row):
    """One line for a file and circumstance, and what is wrong."""
    print(f"{'FAIL' if row['problems'] else 'ok':4} {row['circumstance']:6} {row['file']}: "
          f"{row['proved']} of {row['goals']} goals, slowest {row['slowest_s']} s, "
          f"{row['seconds']} s", flush=True)
    for problem in row["problems"]:
        print(f"       {problem}")


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE.c")
    parser.add_argument("--sample", type=int, help="so many files")
    parser.add_argument("--seed", type=int, default=1, help="that draws the sample")
    parser.add_argument("--only", default=",".join(CIRCUMSTANCES), help="circumstances")
    chosen = parser.parse_args()
    chosen.only = chosen.only.split(",")
    for name in chosen.only:
        if name not in CIRCUMSTANCES:
            parser.error(f"--only: {name}: expected some of {','.join(CIRCUMSTANCES)}")
    return chosen


def main():
    chosen = arguments()
    try:
        files = [Unit(unit.path) for unit in units.select(chosen.files)]
        if chosen.sample:
            files = sorted(random.Random(chosen.seed).sample(files, min(chosen.sample, len(files))),
                           key=lambda unit: unit.name)
        done, tools = [], toolchain.versions()
        for name in chosen.only:
            for row in each_row(name, files):
                done.append(row)
                tell(row)
                toolchain.write(RESULT, json.dumps(
                    {"tools": tools, "rows": done,
                     "circumstances": {key: one.title for key, one in CIRCUMSTANCES.items()}},
                    indent=1) + "\n")
    except toolchain.ProofError as error:
        print(f"stable: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nstable: interrupted; build/stable.json holds what was done", file=sys.stderr)
        return 130
    bad = sum(bool(row["problems"]) for row in done)
    print(f"{len(done) - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
