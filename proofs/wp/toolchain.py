"""The programs that a proof rests on: where they are, their versions, their configuration."""

import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROOFS = ROOT / "proofs"
BUILD = ROOT / "build"

# WP's name of a prover, its name in reports, and its family. CVC4 and cvc5 share much of their
# code, so they count as one opinion.
PROVERS = {"z3": ("Z3", "z3"), "cvc4": ("CVC4", "cvc"), "cvc5": ("CVC5", "cvc")}
FAMILIES = {name: family for name, family in PROVERS.values()}


class ProofError(Exception):
    """Something that makes a run worthless: said in one line, exit 2."""


def run(command, **options):
    """subprocess.run for text, with a missing program told in one line."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, **options)
    except FileNotFoundError as error:
        raise ProofError(f"{command[0]}: not found; run ci/setup prove") from error


def first_number(text):
    """The first dotted number in what a program prints as its version."""
    found = re.search(r"(\d+(?:\.\d+)+)", text)
    return found.group(1) if found else "unknown"


def package_version(package):
    """Debian's version of a package, or '' where dpkg does not know it."""
    found = run(["dpkg-query", "-W", "-f", "${Version}", package])
    return found.stdout.strip() if found.returncode == 0 else ""


def versions():
    """Versions of everything whose answer is trusted, as the tools print them."""
    found = {"frama-c": run(["frama-c", "-version"]).stdout.strip()}
    for tool in ("why3", "z3", "cvc4", "cvc5", "gcc"):
        found[tool] = first_number(run([tool, "--version"]).stdout)
    found["debian"] = {name: package_version(name)
                       for name in ("frama-c-base", "why3", "z3", "cvc4", "cvc5")}
    return found


# What proofs/why3/configure adds so that solvers go by triggers alone. Where false is to be
# derived, there may be no term to start from, and Z3 and cvc5 must search as they do of themselves.
TRIGGERS = (" smt.auto_config=false smt.mbqi=false smt.case_split=3 smt.delay_units=true "
            "smt.arith.solver=2", " --no-cegqi")


def search_config(path):
    """Writes a Why3 configuration beside that at `path`, without TRIGGERS; the file's name."""
    path = pathlib.Path(path)
    text = path.read_text(encoding="utf-8")
    for options in TRIGGERS:
        if options not in text:
            raise ProofError(f"{path}: expected `{options.strip()}`, which proofs/why3/configure "
                             "adds; make TRIGGERS in proofs/wp/toolchain.py the same")
        text = text.replace(options, "")
    found = path.with_name("search.conf")
    write(found, text)
    return str(found)


def searching(env):
    """The environment of a run that looks for contradictions."""
    return env | {"WHY3CONFIG": env["UPHELD_WHY3_SEARCH"]}


def environment(directory=BUILD / "why3", seed=None):
    """The environment of a run: a Why3 configuration of the project's own, no user settings; with
    a seed for every solver, if one is given."""
    made = run([str(PROOFS / "why3" / "configure"), str(pathlib.Path(directory) / "why3.conf"),
                "" if seed is None else str(seed)])
    if made.returncode != 0:
        raise ProofError(made.stderr.strip() or "proofs/why3/configure failed")
    env = {key: value for key, value in os.environ.items() if not key.startswith("FRAMAC_")}
    env["WHY3CONFIG"] = made.stdout.strip()
    env["UPHELD_WHY3_SEARCH"] = search_config(env["WHY3CONFIG"])
    env["LC_ALL"] = "C.UTF-8"
    env["OCAMLRUNPARAM"] = "s=8M,o=200"  # Frama-C collects garbage for a tenth of its time, else
    env["PWD"] = str(ROOT)  # Frama-C believes PWD: a stale one names files of another tree
    return env


def write(path, text):
    """Writes a file whole or not at all."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
