#!/usr/bin/python3
"""Turns units of the core into C that checks its own contracts, by Frama-C's E-ACSL.

    fuzz/eacsl.py --out DIRECTORY --name NAME core/x.c...

Writes DIRECTORY/NAME.c, the units with every contract, assertion and loop invariant of the plain
layer as code, and DIRECTORY/NAME.h, which sends calls of f to the entry that checks f's contract,
and the engine's call of the target to fuzz/eacsl_shim.c.
Fails when E-ACSL leaves out an annotation for a reason that is not on the list below: a check
that silently does not run would be worth nothing.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

# What E-ACSL 25 cannot check, and who does: WP proves all of these. Variants are left out where
# their terms may exceed 64 bits.
LEFT_OUT = {
    "assigns clause in behavior",
    "terminates clause",
    "assigns",
    "loop variant using GMP",
}
FRAMA_C = ["frama-c", "-machdep", "gcc_x86_64", "-cpp-extra-args=-DUPHELD_RUNTIME_CONTRACTS"]
E_ACSL = ["-e-acsl", "-e-acsl-no-assert-print-data", "-then-last", "-print", "-ocode"]
ENTRY = "__gen_e_acsl_"
TARGET = "eacsl_target"  # what fuzz/eacsl_shim.c calls it
SOURCES = ("core/*.c", "core/*.h", "core/*.def", "proofs/spec/*.acsl")


class Unusable(Exception):
    """What cannot be translated, in one line."""


def call_start(text, end):
    """Where the call that ends before `end` starts: a name and its parentheses; None if none."""
    depth, at = 0, end
    while at > 0:
        at -= 1
        depth += {")": 1, "(": -1}.get(text[at], 0)
        if depth == 0:
            break
    name = re.search(r"\w+$", text[:at])
    return name.start() if name and text[at] == "(" else None


def without_truth(text):
    """E-ACSL 25 leaves out what compares with \\true or \\false, so `F(x) == \\true` becomes
    `((int)F(x) != 0)`. Lines stay where they are."""
    for found in reversed(list(re.finditer(r"\s*==\s*\\(true|false)\b", text))):
        start = call_start(text, found.start()) if text[found.start() - 1] == ")" else None
        if start is not None:
            sign = "!=" if found.group(1) == "true" else "=="
            lines = "\n" * found.group(0).count("\n")
            text = (text[:start] + "((int)" + text[start:found.start()] + f" {sign} 0)" + lines +
                    text[found.end():])
    return text


def adapt(root, copy):
    """Copies what the units are made of, in the form that E-ACSL reads."""
    shutil.rmtree(copy, ignore_errors=True)
    for pattern in SOURCES:
        for path in sorted(root.glob(pattern)):
            target = copy / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(without_truth(path.read_text()))


def translate(units, copy, out):
    """Runs E-ACSL over the units; gives the text of its log."""
    command = [*FRAMA_C, *units, *E_ACSL, str(out.resolve())]
    where = {**os.environ, "PWD": str(copy.resolve())}  # Frama-C believes PWD
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300,
                              cwd=copy, env=where)
    except FileNotFoundError as missing:
        raise Unusable(f"{missing.filename}: not installed; run ci/setup fuzz") from missing
    except subprocess.TimeoutExpired as late:
        raise Unusable("frama-c -e-acsl: no end after 300 s; is a recursive logic function left "
                       "outside UPH_EXACT?") from late
    log = done.stdout + done.stderr
    if done.returncode != 0 or not out.exists():
        raise Unusable(f"frama-c -e-acsl failed on {' '.join(units)}:\n{log}")
    return log


def left_out(log):
    """Places and reasons of annotations that were not translated, beyond those on the list."""
    found = []
    pattern = re.compile(r"\[e-acsl\] (\S+:\d+): Warning:\s+(.*?)\n(?=\[|\Z)", re.S)
    for where, text in pattern.findall(log + "\n"):
        text = " ".join(text.split())
        named = re.search(r"E-ACSL construct `([^']*)' is not yet supported", text)
        if named and named.group(1) in LEFT_OUT:
            continue
        if not where.startswith("FRAMAC_SHARE"):
            found.append(f"{where}: {text}")
    return found


def entries(text):
    """Functions of the units that have an entry which checks their contract."""
    found = sorted(set(re.findall(ENTRY + r"(uph\w+)\s*\(", text)))
    return [name for name in found
            if re.search(rf"^[a-z][^\n;#]*\b{name}\([^;{{}}]*\)\s*\{{", text, re.M)]


def light(text):
    """E-ACSL clears the record of each check before it fills it in, which ASan makes a call that
    takes a quarter of the run. The shim reads one field that may stay unset: the name."""
    return re.sub(r"(__e_acsl_assert_data_t (\w+)) =\s*\{\.values = \(void \*\)0\};",
                  r"\1; \2.name = 0;", text)


def write(path, text):
    """Whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_text(text)
    os.replace(new, path)


def run(arguments):
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    raw = out / f"{arguments.name}.raw.c"
    raw.unlink(missing_ok=True)
    copy = out / f"source-{arguments.name}"  # two targets may be made at once
    adapt(Path("."), copy)
    log = translate(arguments.units, copy, raw)
    problems = left_out(log)
    if problems:
        raise Unusable("E-ACSL left out annotations of the plain layer; write them in a form "
                       "that it knows:\n" + "\n".join(problems))
    text = raw.read_text()
    functions = entries(text)
    checks = len(re.findall(r"^\s*__e_acsl_assert\(", text, re.M))
    if not functions or not checks:
        raise Unusable(f"E-ACSL made no check of {' '.join(arguments.units)}")
    lines = "".join(f"#define {name} {ENTRY}{name}\n" for name in functions)
    write(out / f"{arguments.name}.h",
          "/* Calls go to the entries that check contracts, the engine's through the shim. */\n" +
          lines + f"#define LLVMFuzzerTestOneInput {TARGET}\n")
    write(out / f"{arguments.name}.c", light(text))
    raw.unlink()
    print(f"eacsl: {checks} checks in {len(functions)} functions of {' '.join(arguments.units)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("units", nargs="+")
    try:
        run(parser.parse_args())
    except Unusable as unusable:
        print(f"eacsl.py: {unusable}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
