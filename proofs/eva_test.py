#!/usr/bin/python3
"""Tests that gate G15 can fail: faults in the core, in the driver, in the proof, in the tools.

    python3 proofs/eva_test.py

Run at the top of the project; needs Frama-C, and no proof. Prints each failure, then
`N passed, M failed`.
"""
import argparse
import pathlib
import sys
import tempfile

from wp import eva, eva_gate, framac, prove_unit, selftest, toolchain

# File, what stands there, what is planted: a read behind the end of a line, and a function that the
# driver no longer calls. One run of EVA sees both.
READ = ("line.c", "return p[e] == 0 ? UPH_LINE_NUL", "return p[e + 1] == 0 ? UPH_LINE_NUL")
FUNCTION = "uph_line_kind_of"
CALL = "(void)upheld_cookie(p, n, eva_span());"

GOOD = eva.Alarm("core/x.c", 7, "f", "mem_access", "\\valid_read(p + i)", "Unknown")
PROVED = {"f": {"f_assert_rte_mem_access": [1, 1], "f_assert_rte_mem_access_2": [1, 1]}}
WRITTEN = eva.Alarm("core/x.c", 9, "f", "initialization", "\\initialized(p)", "Unknown")
IN_TABLE = {"function": "f", "kind": "initialization", "text": "\\initialized(p)", "reason": "why"}


def small(**changed):
    """A run in which nothing is wrong, but for what is changed."""
    parts = {"alarms": [GOOD], "asserted": [GOOD, GOOD], "missed": [], "red": [],
             "statements": [eva.Statement("f", "i ++;", "i ++;", True)]}
    return eva.Run(**(parts | changed))


def judged(run, properties=None, listed=None, uncalled=()):
    """The problems that the gate sees."""
    return eva_gate.judge(run, PROVED if properties is None else properties, listed or {},
                          uncalled).problems


def red(problems, word):
    """Whether the gate fails, and says why."""
    return any(word in line for line in problems)


def alarm(**changed):
    """The good alarm with other words."""
    return eva.Alarm(**(vars(GOOD) | changed))


def judgements():
    """(what is planted, whether the gate saw it), without Frama-C."""
    dead = small(statements=[eva.Statement("f", "i ++;", "case A", False)])
    table = {"unreached": [{"function": "f", "places": ["case A"], "reason": "why"}]}
    one_open = {"f": {"f_assert_rte_mem_access": [1, 1], "f_assert_rte_mem_access_2": [0, 1]}}
    one_gone = {"f": {"f_assert_rte_mem_access": [1, 1]}}
    unset, excused = small(alarms=[WRITTEN]), {"alarms": [IN_TABLE]}
    invalid = small(alarms=[alarm(status="Invalid")])
    return [
        ("nothing (must pass)", not judged(small())),
        ("a goal that is not proved", red(judged(small(), one_open), "proved 1 of 2")),
        ("a goal that is gone", red(judged(small(), one_gone), "WP had 1 goals")),
        ("a function that was not proved", red(judged(small(), {}), "WP had 0 goals")),
        ("an alarm on another line", red(judged(small(alarms=[alarm(line=8)])), "no goal of")),
        ("an alarm of other words", red(judged(small(alarms=[alarm(text="x")])), "no goal of")),
        ("an alarm in the driver", red(judged(small(alarms=[alarm(function="eva_f")])), "no goal")),
        ("an alarm that is certain", red(judged(invalid), "always fails")),
        ("a red state that WP does not refute", red(judged(small(red=[("f", "x")])), "red: f")),
        ("an alarm of a kind that WP has not", red(judged(unset), "no goal of")),
        ("the same, listed (must pass)", not judged(unset, listed=excused)),
        ("a listed alarm that is no more", red(judged(small(), listed=excused), "stale")),
        ("a statement not reached", red(judged(dead), "not reached: f: case A")),
        ("the same, listed (must pass)", not judged(dead, listed=table)),
        ("a listed statement that is reached", red(judged(small(), listed=table), "stale")),
        ("nothing analysed", red(judged(small(statements=[])), "nothing was analysed")),
        ("a public function not called", red(judged(small(), uncalled=["upheld_x"]), "upheld_x")),
    ]


def changed(path, old, new, folder):
    """A copy of a file with one text changed."""
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise toolchain.ProofError(f"{path.name}: expected once: {old}; mend the plants of "
                                   "proofs/eva_test.py")
    target = folder / f"planted_{path.name}"  # its log stands beside the core's
    toolchain.write(target, text.replace(old, new))
    return target


def believed(run):
    """As if WP had proved all that RTE asserts."""
    found = {}
    for one in run.asserted:
        goals = found.setdefault(one.function, {})
        counts = goals.setdefault(f"{one.function}_assert_rte_{one.kind}", [0, 0])
        counts[:] = [counts[0] + 1, counts[1] + 1]
    return found


def proved(core, env):
    """What WP makes of the function with the fault."""
    chosen = {"functions": [FUNCTION], "properties": "@assert", "provers": ["z3"]}
    options = argparse.Namespace(**(vars(selftest.OPTIONS) | chosen))
    result = prove_unit.prove(framac.Unit(core), env, options)
    return {FUNCTION: result["properties"].get(FUNCTION, {})}


def analyses(env):
    """Faults in the core and in the driver, as EVA sees them."""
    folder = eva.BUILD / "planted"
    core = changed(eva.CORE / READ[0], *READ[1:], folder)
    driver = changed(eva.DRIVER, CALL, "", folder)
    run = eva.analyse(driver, env, folder, {READ[0]: core})
    problems = judged(run, believed(run) | proved(core, env), {}, eva.uncalled(driver))
    return [
        ("a read behind the end", red(problems, f"{FUNCTION}: mem_access: \\valid_read(p + "
                                      "(size_t)(e + 1)): WP proved")),
        ("no other function's alarm", not any(" goals of this kind" in line for line in problems
                                              if FUNCTION not in line)),
        ("a public function that the driver forgot", red(problems, "upheld_cookie(): public")),
        ("code that nothing leads to", red(problems, "upheld_cookie: not analysed")
         and red(problems, "not reached: upheld_cookie")),
        ("the driver as it is (must pass)", not eva.uncalled(eva.DRIVER)),
    ]


def refuses(env, word):
    """Whether a run with this environment is refused, and not read."""
    try:
        eva.analyse(eva.DRIVER, env, eva.BUILD / "planted")
    except toolchain.ProofError as error:
        return word in str(error)
    return False


def tools(env):
    """Frama-C is missing, fails, or ends well and says nothing."""
    told = []
    for what, script, word in (("Frama-C that is missing", None, "not found"),
                               ("Frama-C that fails", "exit 3", "exit 3"),
                               ("Frama-C that says nothing", "exit 0", "no such list")):
        with tempfile.TemporaryDirectory(prefix="upheld-fake-") as name:
            if script:
                program = pathlib.Path(name) / "frama-c"
                program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
                program.chmod(0o755)
            told.append((what, refuses(env | {"PATH": name}, word)))
    return told


def main():
    """Exit status: 0 if everything that was planted was seen."""
    try:
        env = toolchain.environment()
        results = [*judgements(), *tools(env), *analyses(env)]
    except toolchain.ProofError as error:
        print(f"eva_test: {error}", file=sys.stderr)
        return 2
    for what, good in results:
        if not good:
            print(f"FAILED {what}: not as expected")
    failed = sum(not good for _, good in results)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
