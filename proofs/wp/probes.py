"""Small runs that test the tools themselves: provers, guards, canaries."""

import concurrent.futures
import json
import pathlib
import re
import tempfile

from . import framac, results, toolchain

GATES = toolchain.PROOFS / "gates"

# Guard -> the kind of goal that it makes; each has a function of that name in gates/guards.c.
KINDS = {"signed_overflow": "signed_overflow", "unsigned_overflow": "unsigned_overflow",
         "unsigned_downcast": "unsigned_downcast", "signed_downcast": "signed_downcast",
         "division_by_zero": "division_by_zero", "shift": "shift", "shift_of_negative": "shift",
         "mem_access": "mem_access", "pointer_value": "pointer_value"}


# The solvers stop at so many of their own steps: the same answer on every machine.
CANARY_STEPS = 400000

# Provers tested at once; their seconds are of processor time, so none takes another's.
AT_ONCE = 2


def verdicts(unit, env, provers, timeout, extra=()):
    """Runs every prover on every goal. Property -> {prover: proved}, without those that failed:
    one that crashed has not looked at it."""
    with tempfile.TemporaryDirectory(prefix="upheld-probe-") as directory:
        report = pathlib.Path(directory) / "report.json"
        status, lines = framac.stream(
            ["frama-c", *unit.kernel(), *unit.wp(provers, timeout), "-wp-cache", "none",
             "-wp-run-all-provers", *extra, "-wp-report-json", str(report), unit.name],
            env)
        if status != 0 or not report.exists():
            told = results.complaints(lines) or lines[-3:]
            raise toolchain.ProofError(f"{unit.name}: frama-c exit {status}: {' | '.join(told)}")
        sections = results.sections(json.loads(report.read_text(encoding="utf-8")))
    found = {}
    for entries in sections.values():
        for name, by in entries.items():
            found[name] = {prover.split(":")[0]: counts.get("valid", 0) == counts["total"]
                           for prover, counts in by.items()
                           if prover != "wp:main" and not counts.get("failed")}
    return found


def provers(env, names=tuple(toolchain.PROVERS)):
    """G9: provers that do not prove a truth, or prove a falsehood."""
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [pool.submit(prover, env, name) for name in names]
        try:
            return [line for job in jobs for line in job.result()]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            framac.stop_all()
            raise


def prover(env, name):
    """What is wrong with one prover, each asked alone: no other can answer in its place."""
    shown = toolchain.PROVERS[name][0]
    try:
        found = verdicts(framac.Unit(GATES / "provers.c"), env, [name], 4)
    except toolchain.ProofError as error:
        return [f"{shown}: {error}"]
    truth, falsehood = found.get("check_lemma_truth", {}), found.get("check_lemma_falsehood", {})
    told = []
    if not truth.get(shown):
        told.append(f"{shown}: does not prove what is true (gates/provers.c)")
    if falsehood.get(shown, False) or "qed" in falsehood:
        told.append(f"{shown}: proves what is false (gates/provers.c)")
    return told


def guards(env, drop=()):
    """G12: kinds of run-time error that come back without an open goal."""
    unit = framac.Unit(GATES / "guards.c", drop)
    status, lines = framac.stream(
        ["frama-c", *unit.kernel(), *unit.wp(["z3"], 4), "-wp-steps", "100000",
         "-wp-cache", "none", unit.name], env)
    if status != 0:
        raise toolchain.ProofError(f"{unit.name}: frama-c exit {status}: {lines[-1]}")
    still_open = [goal.name for goal in results.goals(lines) if not goal.proved]
    return [f"gates/guards.c: {function}: no open goal: its guard is off"
            for function, kind in KINDS.items()
            if not any(name.startswith(f"{function}_assert_rte_{kind}") for name in still_open)]


LOGIC = re.compile(r"\blogic\s+([\w\s]+?[\s*]*)\b(\w+)\s*(\{[^}]*\})?\s*\(([^()]*)\)\s*"
                   r"(?:reads\s[^;=]*)?([=;])")


def believed_logic(program):
    """Logic functions that are believed, not only expanded: recursive ones and such without a
    definition. Name, type, labels, parameters."""
    for text in program.logic:
        for match in LOGIC.finditer(text):
            kind, name, labels, parameters, sign = match.groups()
            rest = text[match.end():]
            if sign == ";" or re.search(rf"\b{name}\s*(\{{[^}}]*\}})?\(", rest):
                yield name, kind.strip(), labels or "{L}", " ".join(parameters.split())


SIDES = {"boolean": ("== \\true", "== \\false"), "integer": (">= 0", "< 0")}


def canary_lemmas(program, seen):
    """Lemmas that no prover may prove: false alone, and false from each believed definition.

    WP believes a recursive definition. One that contradicts itself, as f(x) = f(x) + 1 does, would
    prove anything, but only in goals where f occurs; a bare `\\false` is not one of them. A value
    of f lies on one side of a cut; if both sides are refuted, the definition has no value."""
    lemmas = []
    for name, kind, labels, parameters in believed_logic(program):
        if kind in SIDES and (name, parameters) not in seen:
            seen.add((name, parameters))
            values = ", ".join(re.sub(r".*?(\w+)$", r"\1", one) for one in parameters.split(","))
            for number, side in enumerate(SIDES[kind]):
                lemmas.append(f"check lemma canary_{number}_{name}{labels}: \\forall {parameters}; "
                              f"{name}({values}) {side} ==> \\false;")
    return lemmas


def canary(unit, program, env, seen):
    """G7: what can be derived from nothing at the end of one file."""
    return tried(unit, lemmas_of(program, seen), env)


def lemmas_of(program, seen):
    """The canaries of one file; a definition that is in `seen` has its own in another file."""
    return ["check lemma canary: \\false;", *canary_lemmas(program, seen)]


def tried(unit, lemmas, env):
    """What provers make of the canaries of one file."""
    with tempfile.TemporaryDirectory(prefix="upheld-canary-") as directory:
        path = pathlib.Path(directory) / f"{unit.path.stem}.c"
        path.write_text(f'#include "{unit.path.resolve()}"\n' +
                        "\n".join(f"/*@ {lemma} */" for lemma in lemmas) + "\n", encoding="utf-8")
        copy = framac.Unit(path, unit.drop, unit.machdep)
        steps = ["-wp-steps", str(CANARY_STEPS)]
        alone = verdicts(copy, toolchain.searching(env), list(toolchain.PROVERS), 10,
                         [*steps, "-wp-prop", "canary"])
        others = {}
        if len(lemmas) > 1:
            others = verdicts(copy, toolchain.searching(env), ["z3"], 20,
                              [*steps, "-wp-prop", ",".join(map(name_of, lemmas[1:]))])
    return derived(unit, alone, others, lemmas)


def name_of(lemma):
    """The name of a lemma in its text."""
    return re.match(r"check lemma (\w+)", lemma)[1]


def derived(unit, alone, others, lemmas):
    """Sentences for the canaries that died, and for those that nobody looked at."""
    told = []
    by = alone.get("check_lemma_canary")
    if by is None or set(by) != {shown for shown, _ in toolchain.PROVERS.values()}:
        told.append(f"{unit.name}: the canary was not tried by every prover: {by}")
    else:
        told += [f"{unit.name}: {prover} proves false" for prover, proved in by.items() if proved]
    for name in {name_of(lemma).split("_", 2)[2] for lemma in lemmas[1:]}:
        sides = [others.get(f"check_lemma_canary_{number}_{name}") for number in (0, 1)]
        if None in sides:
            told.append(f"{unit.name}: no canary for the definition of {name}")
        elif all(any(side.values()) for side in sides):
            told.append(f"{unit.name}: the definition of {name} contradicts itself")
    return told
