#!/usr/bin/python3
"""Tests of gate G14: a replay tells a changed core, and never counts as a proof.

    proofs/replay_test.py

One small file is proved in a tree of its own. The record of that proof must hold there and in
another folder; it must not hold once the file, the tools or the record change. A record that was
forged for a file that cannot be proved is believed by the replay alone: `prove.py --gates`, which
keeps what `--resume` keeps, and the report stay red. Prints each failure, then `N passed, M
failed`.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import toolchain_test
from toolchain_test import GREEN, Box, Failure, expect

sys.dont_write_bytecode = True
sys.path.insert(0, str(toolchain_test.ROOT / "ci"))

from report import gates as report_gates, judge  # noqa: E402
from wp import replay  # noqa: E402

SAYS = "REPLAY, not a proof"
RECORD = "proofs/replay.json"

# Prints key and program of the file as it is, as whoever forges a record would.
FORGE = """
import pathlib, sys, tempfile
sys.path.insert(0, "proofs")
import prove, replay
from wp import toolchain, units
with tempfile.TemporaryDirectory() as folder:
    env = toolchain.environment(pathlib.Path(folder))
    print(*replay.parsed(units.select(["core/sound.c"])[0], env, toolchain.versions(),
                         prove.arguments([]))[1:])
"""


def replayed(box):
    """Exit status of a replay and what it printed; it must say what it is and write no result."""
    before = {path for path in box.root.rglob("*") if path.is_file()}
    ran = subprocess.run(["/usr/bin/python3", "-B", "proofs/replay.py"], cwd=box.root,
                         env=box.env(), capture_output=True, text=True, check=False, timeout=60)
    told = ran.stdout + ran.stderr
    expect(SAYS in told.strip().splitlines()[-1], f"a last line with '{SAYS}'", told)
    expect(GREEN not in told and "passed" not in told, "no line of a test that passed", told)
    after = {path for path in box.root.rglob("*") if path.is_file()}
    expect(after == before, "no new file", f"{after - before}")
    return ran.returncode, told


def red(box, words, status=1):
    """The replay fails, and says why."""
    got, told = replayed(box)
    expect(got == status, f"exit status {status}, got {got}", told)
    expect(words in told, f"'{words}'", told)


def record(box):
    return json.loads((box.root / RECORD).read_text(encoding="utf-8"))


def save(box, value):
    box.write(RECORD, json.dumps(value))


def change(box, old="p[i] == 0) {", new="p[i] == 1) {"):
    """Puts a mistake into the file that was proved."""
    path = box.root / "core/sound.c"
    text = path.read_text(encoding="utf-8")
    expect(text.count(old) == 1, f"once: {old}", text)
    path.write_text(text.replace(old, new), encoding="utf-8")


def the_file_as_it_was_proved(box):
    status, told = replayed(box)
    expect(status == 0 and "core/sound.c: as recorded: 22 goals" in told, "22 goals", told)


def another_comment(box):
    """What Frama-C does not see was not proved either."""
    change(box, "/*@ logic", "/* A remark. */ /*@ logic")
    the_file_as_it_was_proved(box)


def a_changed_file(box):
    change(box)
    red(box, "core/sound.c: NOT as recorded: another program than the one that was proved")


def a_changed_specification(box):
    change(box, "i >= n ? n :", "i > n ? n :")
    red(box, "another program")


def a_file_that_was_not_proved(box):
    shutil.copy(box.root / "core/sound.c", box.root / "core/more.c")
    red(box, "core/more.c: NOT as recorded: no record")


def a_file_that_is_gone(box):
    (box.root / "core/sound.c").rename(box.root / "core/other.c")
    red(box, "core/sound.c: proved once")


def a_file_that_does_not_parse(box):
    change(box, "size_t i = 0;", "size_t i = 0")
    red(box, "frama-c cannot read it")


def a_missing_record(box):
    (box.root / RECORD).unlink()
    red(box, "replay.json: missing", 2)


def a_record_cut_short(box):
    text = (box.root / RECORD).read_text(encoding="utf-8")
    box.write(RECORD, text[:len(text) // 2])
    red(box, "expected what `make ledger` writes", 2)


def an_empty_record(box):
    save(box, record(box) | {"files": {}})
    red(box, "expected what `make ledger` writes", 2)


def another_version_of_a_tool(box):
    box.fake("z3", 'test "$1" = --version && { echo "Z3 version 4.12.1 - 64 bit"; exit; }\n'
                   'exec "$real" "$@"')
    red(box, "z3: 4.8.12 when proved, 4.12.1 here")


def the_same_with_the_record_adapted(box):
    """Its key is of the version that it was proved with."""
    another_version_of_a_tool(box)
    found = record(box)
    found["tools"]["z3"] = "4.12.1"
    save(box, found)
    red(box, "proved with other tools, options or drivers")


def another_driver(box):
    path = box.root / "proofs/why3/cvc5.drv"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    red(box, "other options or drivers of solvers")


def other_goals_than_the_ledger(box):
    found = record(box)
    found["files"]["core/sound.c"]["by"]["zero_end"]["Qed"] += 1
    save(box, found)
    red(box, "the ledger has 13 goals, the record 14")


def a_forged_record(box):
    """It is believed as a replay, and by nothing else."""
    change(box)
    ran = subprocess.run(["/usr/bin/python3", "-B", "-c", FORGE], cwd=box.root, env=box.env(),
                         capture_output=True, text=True, check=True, timeout=60)
    found = record(box)
    one = found["files"]["core/sound.c"]
    one["key"], one["program"] = ran.stdout.split()
    save(box, found)
    status, told = replayed(box)
    expect(status == 0, "a replay that believes what was forged", told)
    box.write("replay.log", told)
    expect(report_gates.problems(report_gates.read(box.root / "replay.log")),
           "no row of a gate in what a replay prints", told)
    try:
        judge.proofs(judge.load(box.root / RECORD))
        expect(False, "a report that refuses the record", told)
    except judge.Unusable:
        pass
    box.write("proofs/wp/selftest.py", "def run(env):\n    return {}\n")  # its plants are not ours
    status, told = box.prove("--gates")
    expect(status == 1 and "OPEN zero_end" in told and GREEN not in told, "a red proof", told)
    result = json.loads((box.root / "build/proofs.json").read_text(encoding="utf-8"))
    expect(judge.proofs(result), "a report that fails the proof", told)


def a_proof_that_does_not_hold_is_not_recorded(_):
    good = {"goals": 2, "proved": 2, "gates": [{"id": "G1", "holds": True}],
            "claims": [{"id": "c", "holds": True}]}
    expect(not replay.reasons(good), "nothing against a whole proof", replay.reasons(good))
    for changed in ({"proved": 1}, {"goals": 0, "proved": 0},
                    {"gates": [{"id": "G1", "holds": False}]},
                    {"claims": [{"id": "c", "holds": False}]}):
        expect(replay.reasons(good | changed), f"a reason against {changed}", "none")


TESTS = [the_file_as_it_was_proved, another_comment, a_changed_file, a_changed_specification,
         a_file_that_was_not_proved, a_file_that_is_gone, a_file_that_does_not_parse,
         a_missing_record, a_record_cut_short, an_empty_record, another_version_of_a_tool,
         the_same_with_the_record_adapted, another_driver, other_goals_than_the_ledger,
         a_forged_record, a_proof_that_does_not_hold_is_not_recorded]


def prepare(folder):
    """Proves the small file in one folder; every test then has another one."""
    box = Box(folder)
    status, told = box.prove("--write-ledger")
    expect(status == 0 and GREEN in told, "a green run on an unbroken tool chain", told)
    return [(name, (box.root / name).read_text(encoding="utf-8"))
            for name in ("proofs/ledger.json", RECORD)]


def main():
    """Exit status: 0 if every test holds."""
    failed = 0
    try:
        with tempfile.TemporaryDirectory(prefix="upheld-replay-") as folder:
            written = prepare(folder)
    except (Failure, OSError, subprocess.SubprocessError) as error:
        print(f"FAILED the proof that is recorded: {error}\n0 passed, {len(TESTS)} failed")
        return 1
    for test in TESTS:
        with tempfile.TemporaryDirectory(prefix="upheld-replay-") as folder:
            box = Box(pathlib.Path(folder))
            for name, text in written:
                box.write(name, text)
            try:
                test(box)
            except (Failure, subprocess.SubprocessError) as error:
                failed += 1
                print(f"FAILED {test.__name__}: {error}", flush=True)
    print(f"{len(TESTS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
