#!/usr/bin/python3
"""unit.py: runs the unit tests, shows what they print, and counts them.

    unit.py RESULT.json PROGRAM...

PROGRAM is a cmocka test; the Python tests beside this file run after them, on the binaries that
the environment names (see testing.py). The last line is `unit: N passed, M failed`; RESULT.json
holds the same by suite. A test counts as passed only if it says so: one that crashed, was skipped
or never ran counts as failed.
"""

import json
import os
import re
import subprocess
import sys
import unittest

SECONDS = 300  # for one program; the slowest takes a few


def cmocka(program):
    """One suite: (passed, failed)."""
    try:
        run = subprocess.run([program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             timeout=SECONDS, env={**os.environ, "CMOCKA_MESSAGE_OUTPUT": "STDOUT"})
        text, code = run.stdout.decode(errors="replace"), run.returncode
    except subprocess.TimeoutExpired as late:
        text, code = (late.stdout or b"").decode(errors="replace"), f"none in {SECONDS} s"
    except OSError as why:
        text, code = "", f"none: {why.strerror}"
    print(text, end="" if text.endswith("\n") else "\n")
    planned = sum(int(n) for n in re.findall(r"^\[=+\] Running (\d+) test", text, re.M))
    passed = len(re.findall(r"^\[ +OK \]", text, re.M))
    failed = planned - passed
    if failed <= 0 and code != 0 or planned == 0:
        failed = max(failed, 0) + 1  # a leak found at exit, or no test at all
    if failed:
        print(f"{program}: {failed} failed, exit {code}")
    return passed, failed


class Result(unittest.TextTestResult):
    """Counts what passed; the rest of the tests, run or not, did not."""

    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def python(folder):
    """All test_*.py of a folder, each class a suite: yields (name, passed, failed)."""
    for name, suite in sorted(cases(unittest.defaultTestLoader.discover(folder))):
        print(f"--- {name}", flush=True)
        planned = suite.countTestCases()
        runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Result)
        passed = runner.run(suite).passed
        yield name, passed, planned - passed


def cases(tests, into=None):
    """Test cases by class, so that each class prints as one suite."""
    into = {} if into is None else into
    for test in tests:
        if isinstance(test, unittest.TestSuite):
            cases(test, into)
        else:
            name = f"{type(test).__module__}.{type(test).__qualname__}"
            into.setdefault(name, unittest.TestSuite()).addTest(test)
    return list(into.items())


def main(arguments):
    if len(arguments) < 2:
        print("unit.py: usage: unit.py RESULT.json PROGRAM...", file=sys.stderr)
        return 2
    result, programs = arguments[0], arguments[1:]
    suites = []
    for program in programs:
        print(f"--- {program}", flush=True)
        suites.append((program, *cmocka(program)))
    suites += python(os.path.dirname(os.path.abspath(__file__)))
    passed, failed = sum(s[1] for s in suites), sum(s[2] for s in suites)
    report = {"passed": passed, "failed": failed,
              "suites": [{"name": n, "passed": p, "failed": f} for n, p, f in suites]}
    with open(result + ".new", "w", encoding="utf-8") as out:
        json.dump(report, out, indent=1)
        out.write("\n")
    os.replace(result + ".new", result)
    for name, _, bad in suites:
        if bad:
            print(f"failed: {name}: {bad}")
    print(f"unit: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
