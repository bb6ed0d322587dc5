#!/usr/bin/python3
"""Runs every test in ci/test/ and prints last, alone, `N passed, N failed`."""
import signal
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main():
    # Children of a shell's `&` have it ignored, and would hand that on to the tools under test.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    suite = unittest.defaultTestLoader.discover(str(HERE), top_level_dir=str(HERE))
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    # A skipped test is a failed one: nothing was shown.
    failed = len(result.failures) + len(result.errors) + len(result.skipped)
    passed = max(result.testsRun - failed, 0)
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
