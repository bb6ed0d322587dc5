#!/usr/bin/python3
"""Tests of gate G10 on rows made here: what is missing, stale, too little or miscounted is told.

    proofs/families_test.py

Needs no prover. Prints each failure, then `N passed, M failed`.
"""
import sys

sys.dont_write_bytecode = True

from wp import families  # noqa: E402

ONE = {("f", "exact"): {"goals": 8, "z3": 8, "cvc": 8}, ("f", "plain"): {"goals": 2, "z3": 1,
                                                                      "cvc": 2}}

NONE = {"goals": 0, "z3": 0, "cvc": 0}
NAMES = {key: key[1] for key in ONE}


def row(**changed):
    """A good row: nine of ten goals closed by both."""
    return families.summed(ONE) | {"key": "k"} | changed


def judged(rows, keys=None):
    """Whether anything is missing, whether anything is wrong."""
    missing, wrong, _, _ = families.judge(rows, keys or {"a.c": "k"})
    return bool(missing), bool(wrong)


def results():
    """(what is tried, whether it comes out as it should)."""
    worse = families.summed(ONE | {("f", "plain"): {"goals": 2, "z3": 0, "cvc": 2}}) | {"key": "k"}
    apart = {"goals": 2, "z3": 1, "cvc": 1}
    return [
        ("nine of ten (must pass)", judged({"a.c": row()}) == (False, False)),
        ("less than the floor", judged({"a.c": worse}) == (False, True)),
        ("a file without a row", judged({}) == (True, False)),
        ("a stale row", judged({"a.c": row(key="old")}) == (True, False)),
        ("one file of two", judged({"a.c": row()}, {"a.c": "k", "b.c": "k"}) == (True, False)),
        ("no goal at all", judged({"a.c": families.summed({}) | {"key": "k"}}) == (False, True)),
        ("an exception that is not listed", judged({"a.c": row(one_family=[])}) == (False, True)),
        ("a row of a file that is gone", judged({"a.c": row(), "b.c": row()}) == (False, True)),
        ("the exception is listed", [(one["property"], one["z3"], one["cvc"])
                                     for one in row()["one_family"]] == [("plain", 1, 2)]),
        ("goals that each family closes apart count as none", families.both(apart) == 0),
        ("the better of two runs", families.better({"a": apart}, {"a": apart | {"z3": 2}}, "z3")
         == {"a": apart | {"z3": 2}}),
        ("of the family that it is for",
         families.better({"a": apart}, {"a": apart | {"z3": 2}}, "cvc") == {"a": apart}),
        ("a worse run takes nothing",
         families.better({"a": apart}, {"a": apart | {"z3": 0}}, "z3") == {"a": apart}),
        ("what Qed closes in the second run is no solver's goal",
         families.better({"a": apart}, {"a": NONE}, "z3") == {"a": NONE}),
        ("a second run of other goals is not taken",
         families.better({"a": apart}, {"a": {"goals": 3, "z3": 3, "cvc": 3}}, "z3")
         == {"a": apart}),
        ("what Z3 left open goes by its label", list(families.chosen(ONE, NAMES, "z3"))
         == [([], []), (["f"], ["plain"])]),
        ("what has no label goes by its function", list(families.chosen(ONE, {}, "z3"))
         == [(["f"], []), ([], [])]),
        ("what a family closed goes nowhere", list(families.chosen(ONE, NAMES, "cvc"))
         == [([], []), ([], [])]),
    ]


def main():
    """Exit status: 0 if every test holds."""
    told = results()
    for what, good in told:
        if not good:
            print(f"FAILED {what}: not as expected")
    failed = sum(not good for _, good in told)
    print(f"{len(told) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
