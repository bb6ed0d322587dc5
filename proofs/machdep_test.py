#!/usr/bin/python3
"""Tests of gate G16: what holds on 64 bits alone is not recorded for 32, and a change is seen.

    proofs/machdep_test.py

One small file is proved for 32 bits in a tree of its own. Its record must hold there, and not once
the file, a tool or the record change. A function whose sum overflows where `size_t` has 32 bits is
proved for 64 and must not be recorded. Prints each failure, then `N passed, M failed`.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from toolchain_test import GREEN, HERE, Box, Failure, expect

RECORD = "proofs/machdep.json"
MACHDEP = ("--machdep", "gcc_x86_32")
WIDE = """
/*@ terminates \\true;
    assigns \\nothing;
    ensures exact: \\result == n + 1; */
size_t next(uint32_t n)
{
    return (size_t)n + 1;
}
"""


def asked(box, *words):
    """Exit status of the gate, and what it printed."""
    ran = subprocess.run(["/usr/bin/python3", "-B", "proofs/machdep.py", *words], cwd=box.root,
                         env=box.env(), capture_output=True, text=True, check=False, timeout=120)
    return ran.returncode, ran.stdout + ran.stderr


def red(box, words, status=1):
    got, told = asked(box)
    expect(got == status and words in told and GREEN not in told,
           f"exit status {status} and '{words}', got {got}", told)


def change(box, old="p[i] == 0) {", new="p[i] == 1) {"):
    path = box.root / "core/sound.c"
    text = path.read_text(encoding="utf-8")
    expect(text.count(old) == 1, f"once: {old}", text)
    path.write_text(text.replace(old, new), encoding="utf-8")


def changed_record(box, **parts):
    found = json.loads((box.root / RECORD).read_text(encoding="utf-8"))
    box.write(RECORD, json.dumps(found | parts))


def the_core_as_it_was_proved(box):
    status, told = asked(box)
    expect(status == 0 and "G16 PASS" in told and "1 passed, 0 failed" in told, "a pass", told)


def another_comment(box):
    change(box, "/*@ logic", "/* A remark. */ /*@ logic")
    the_core_as_it_was_proved(box)


def a_changed_file(box):
    change(box)
    red(box, "core/sound.c: another program than the one that was proved")


def a_file_more(box):
    shutil.copy(box.root / "core/sound.c", box.root / "core/more.c")
    red(box, "core/more.c: no record")


def a_file_that_is_gone(box):
    (box.root / "core/sound.c").rename(box.root / "core/other.c")
    red(box, "core/sound.c: proved once")


def a_missing_record(box):
    (box.root / RECORD).unlink()
    red(box, "machdep.json: missing", 2)


def a_record_of_the_usual_machine(box):
    changed_record(box, machdep="gcc_x86_64")
    red(box, "machdep gcc_x86_64, expected gcc_x86_32", 2)


def a_record_without_a_function(box):
    found = json.loads((box.root / RECORD).read_text(encoding="utf-8"))["files"]
    by = found["core/sound.c"]["by"]
    found["core/sound.c"]["goals"] -= sum(len(one) if isinstance(one, list) else one
                                          for one in by.pop("all_zero").values())
    changed_record(box, files=found)
    red(box, "all_zero: no goal of it in the record")


def another_version_of_a_tool(box):
    box.fake("z3", 'test "$1" = --version && { echo "Z3 version 4.12.1 - 64 bit"; exit; }\n'
                   'exec "$real" "$@"')
    red(box, "proved with other tools, options or drivers")


def nothing_was_proved(box):
    status, told = asked(box, "--record")
    expect(status == 2 and "run: make prove MACHDEP=gcc_x86_32" in told, "exit status 2", told)


def a_later_run_that_did_not_end(box):
    """Its results lie beside the verdict on an earlier one, and are of another program."""
    status, told = box.prove(*MACHDEP)
    expect(status == 0 and GREEN in told, "a proof", told)
    later = box.root / "build/proofs-gcc_x86_32/sound.json"
    then = later.stat().st_mtime + 60
    os.utime(later, (then, then))
    (box.root / RECORD).unlink()
    status, told = asked(box, "--record")
    expect(status == 1 and "core/sound.c was proved anew by a run that did not end" in told and
           not (box.root / RECORD).exists(), "no record", told)


def what_holds_on_64_bits_alone(box):
    path = box.root / "core/sound.c"
    path.write_text(path.read_text(encoding="utf-8") + WIDE, encoding="utf-8")
    (box.root / RECORD).unlink()
    status, told = box.prove("--write-ledger")
    expect(status == 0 and GREEN in told, "a proof for 64 bits", told)
    status, told = box.prove(*MACHDEP)
    expect(status == 1 and "OPEN next" in told, "an open goal for 32 bits", told)
    status, told = asked(box, "--record")
    expect(status == 1 and "not written: gate" in told and not (box.root / RECORD).exists(),
           "no record", told)


TESTS = [the_core_as_it_was_proved, another_comment, a_changed_file, a_file_more,
         a_file_that_is_gone, a_missing_record, a_record_of_the_usual_machine,
         a_record_without_a_function, another_version_of_a_tool, nothing_was_proved,
         a_later_run_that_did_not_end, what_holds_on_64_bits_alone]


def box_in(folder):
    box = Box(pathlib.Path(folder))
    shutil.copy(HERE / "machdep.py", box.root / "proofs/machdep.py")
    return box


def prepare(folder):
    """Proves the small file for both machines in one folder; every test then has another one."""
    box = box_in(folder)
    for words in (("--write-ledger",), MACHDEP):
        status, told = box.prove(*words)
        expect(status == 0 and GREEN in told, "a green run on an unbroken tool chain", told)
    status, told = asked(box, "--record")
    expect(status == 0, "a record", told)
    return [(name, (box.root / name).read_text(encoding="utf-8"))
            for name in ("proofs/ledger.json", RECORD)]


def main():
    """Exit status: 0 if every test holds."""
    failed = 0
    try:
        with tempfile.TemporaryDirectory(prefix="upheld-machdep-") as folder:
            written = prepare(folder)
    except (Failure, OSError, subprocess.SubprocessError) as error:
        print(f"FAILED the proof that is recorded: {error}\n0 passed, {len(TESTS)} failed")
        return 1
    for test in TESTS:
        with tempfile.TemporaryDirectory(prefix="upheld-machdep-") as folder:
            box = box_in(folder)
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
