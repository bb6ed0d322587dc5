#!/usr/bin/python3
"""Tests that the vectors judge the specification: with an error planted in it, some must fail.

    python3 proofs/spec_vectors_test.py [NAME...]

Run at the top of the project. Each plant is one change of one text in proofs/spec/. Also checks
that a file that is no vectors file is refused. Prints each failure, then `N passed, M failed`.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

VECTORS = "corpus/vectors"
# name: file, what stands there, what is planted
PLANTS = {
    "none": None,
    "tab_is_no_whitespace": ("characters.acsl", "c == 0x20 || c == 0x09;", "c == 0x20;"),
    "case_matters": ("characters.acsl", "? c + 32 : c;", "? c : c;"),
    "member_by_prefix": ("lists.acsl", "OwsEnd(p, c, OwsEnd(p, c, i) + m) == c;", "\\true;"),
    "line_without_colon": ("field.acsl", "p[t] == ':' ? UPHELD_R6455_4_2_2_10 :",
                           "p[t] != 0 ? UPHELD_R6455_4_2_2_10 :"),
    "whitespace_before_colon": ("field.acsl", "IsOws(p[t]) ? UPHELD_R9112_5_1_1",
                                "IsOws(p[t]) ? UPHELD_R6455_4_2_2_10"),
    "host_twice": ("field.acsl", "s.count > 0 ? { s \\with .count = (uint8_t)2 }",
                   "s.count > 0 ? { s \\with .count = (uint8_t)1 }"),
    "key_of_any_length": ("decision.acsl", "k.end - k.at == UPHELD_KEY_SIZE && ", ""),
    "version_eight": ("decision.acsl", "p[b + 1] == '3'", "p[b + 1] == '4'"),
    "no_major_version": ("decision.acsl", "h.request.major != 1", "h.request.major > 9"),
    "length_and_coding": ("decision.acsl",
                          "(h.framing.coded != 0 && h.framing.length_given != 0)",
                          "(h.framing.coded != 0 && h.framing.length < 0)"),
    "round_constant": ("sha1.acsl", "0x6ed9eba1", "0x6ed9eba2"),
    "base64_digit": ("base64.acsl", "v == 62 ? '+'", "v == 62 ? '-'"),
    "status_without_space": ("status.acsl", "    p[i + 4] == 0x20;", "    \\true;"),
    "two_hundred_is_interim": ("reply.acsl", "r.status.code <= 199;", "r.status.code <= 299;"),
    "no_interim_head": ("reply.acsl", "(left > 0 && Interim(r)) ?", "(left > 99 && Interim(r)) ?"),
    "accept_by_prefix": ("reply.acsl", "a.end - a.at == UPHELD_ACCEPT_SIZE &&",
                         "a.end - a.at >= UPHELD_ACCEPT_SIZE &&"),
    "accept_without_its_end": ("reply.acsl", "AcceptMatches(p, a.at, key, UPHELD_ACCEPT_SIZE)",
                               "AcceptMatches(p, a.at, key, 26)"),
    "upgrade_as_a_list": ("response.acsl", "(s == UPH_NAMED_NONE && MemberIs(",
                          "(s < UPH_NAMED_OTHER + 1 && MemberIs("),
    "connection_unread": ("reply.acsl", "r.listed == 0 ?", "r.listed > 1 ?"),
    "subprotocol_unasked": ("reply.acsl", "OfferedIndex(p, s.at, s.end, client, 0) >=",
                            "OfferedIndex(p, s.at, s.end, client, 0) >= 9 +"),
    "length_in_a_101": ("reply.acsl", "r.length_given != 0 ?", "r.length_given > 1 ?"),
    "head_ends_early": ("head.acsl", "Ended(LineNext(p, i), h)", "Ended(i + 1, h)"),
}
UNUSABLE = {
    "no_json": "{ no json\n",
    "no_object": "[]\n",
    "no_hex": '{"name": "a", "expect": "MORE", "hex": "4", "len": 0}\n',
    "wrong_length": '{"name": "a", "expect": "MORE", "hex": "41", "len": 2}\n',
    "missing_key": '{"name": "a", "hex": "41", "len": 1}\n',
    "cut_line": '{"name": "a", "expect": "MORE", "hex": "41", "len": 1}',
    "empty_file": "",
}


def build(box, plant):
    """A vectors program for the specification with the plant, in the folder; or an error text."""
    spec = os.path.join(box, "spec")
    shutil.copytree("proofs/spec", spec)
    if plant:
        path = os.path.join(spec, plant[0])
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        if text.count(plant[1]) != 1:
            return f"'{plant[1]}' stands {text.count(plant[1])} times in {plant[0]}, expected once"
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text.replace(plant[1], plant[2]))
    headers = [f"--header={path}" for path in sorted(glob.glob("core/*.h"))]
    run = subprocess.run([sys.executable, "-B", "proofs/spec2c", "--out", box, *headers,
                          *sorted(glob.glob(spec + "/*.acsl"))],
                         capture_output=True, text=True, check=False)
    if run.returncode == 0:
        run = subprocess.run(["gcc", "-std=c11", "-I" + box, "-o", os.path.join(box, "vectors"),
                              os.path.join(box, "spec.c"), "proofs/spec_vectors.c", "-ljansson"],
                             capture_output=True, text=True, check=False)
    return run.stderr if run.returncode else None


def run_vectors(box, *paths):
    return subprocess.run([os.path.join(box, "vectors"), *paths], capture_output=True, text=True,
                          check=False, timeout=120)


def judge_plant(name):
    """What is wrong with how the vectors take a plant; None if nothing is."""
    with tempfile.TemporaryDirectory() as box:
        error = build(box, PLANTS[name])
        if error:
            return error
        run = run_vectors(box, *sorted(glob.glob(VECTORS + "/*.jsonl")))
        last = run.stdout.strip().split("\n")[-1]
        counted = re.fullmatch(r"(\d+) passed, (\d+) failed", last)
        if not counted:
            return f"ends with exit {run.returncode} and '{last}'"
        failed = int(counted.group(2))
        if name == "none":
            return None if run.returncode == 0 and failed == 0 else run.stdout
        return None if run.returncode == 1 and failed > 0 else "no vector fails"


def judge_unusable():
    """Names of the unusable files that are not refused with one line and exit 2."""
    wrong = []
    with tempfile.TemporaryDirectory() as box:
        error = build(box, None)
        if error:
            return [error]
        for name, text in UNUSABLE.items():
            path = os.path.join(box, name + ".jsonl")
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)
            run = run_vectors(box, path)
            if run.returncode != 2 or len(run.stderr.strip().split("\n")) != 1:
                wrong.append(f"{name}: exit {run.returncode}: {run.stderr}{run.stdout}")
        for path in (box, os.path.join(box, "absent")):
            if run_vectors(box, path).returncode != 2:
                wrong.append(f"{os.path.basename(path)} is taken for a file")
    return wrong


def main():
    names = sys.argv[1:] or list(PLANTS)
    unknown = [name for name in names if name not in PLANTS]
    if unknown:
        print(f"spec_vectors_test: no plant is called {unknown[0]}", file=sys.stderr)
        return 2
    if not glob.glob(VECTORS + "/*.jsonl"):
        print(f"spec_vectors_test: {VECTORS}/*.jsonl is missing; run at the top of the project",
              file=sys.stderr)
        return 2
    failed = 0
    for name in names:
        wrong = judge_plant(name)
        if wrong:
            failed += 1
            print(f"FAILED {name}: {wrong.strip()}")
    wrong = judge_unusable()
    for line in wrong:
        print(f"FAILED {line.strip()}")
    failed += bool(wrong)
    print(f"{len(names) + 1 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
