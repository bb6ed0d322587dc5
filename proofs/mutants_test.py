#!/usr/bin/python3
"""Tests of proofs/mutants: mutants of a small file, how they are judged, and planted faults.

    python3 proofs/mutants_test.py [NAME...]

The slow ones work in a copy of the project: a contract that was gutted lets a mutant live, which
has to come out as a hole. Prints each failure, then `N passed, M failed`.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

# pylint: disable=wrong-import-position
from mutants import beside, collect, copies, direct, operators, proof, report  # noqa: E402
from mutants import run, store, text, tree  # noqa: E402
from wp import code, framac, toolchain, units  # noqa: E402

TESTS = {}
SMALL = """#include "small.h"
#define LIMIT 7
/* A comment with a < b in it. */
/*@ requires n < 9; */
static inline bool small(const uint8_t *p, size_t n)
{
    size_t i = 0;
    UPH_LOOP
    while (i < n && p[i] != 'a') { /* here too: 1 + 2 */
        i++;
    }
    if ((i == LIMIT)) {
        return false;
    }
    return (n - i) > 1;
}
#ifdef OTHER
int hidden(int x) { return x + 1; }
#endif
"""
EXPECTED = [
    ("constant", "0", "1"), ("condition", "i < n && p[i] != 'a'", "!(i < n && p[i] != 'a')"),
    ("swap", "i < n", "n < i"), ("relation", "<", "<="), ("logic", "&&", "||"),
    ("relation", "!=", "=="), ("constant", "'a'", "96"), ("drop", "i++;", ";"),
    ("arithmetic", "++", "--"), ("relation", "==", "!="), ("drop", "return false;", ";"),
    ("return", "false", "true"), ("return", "(n - i) > 1", "!((n - i) > 1)"),
    ("swap", "(n - i) > 1", "1 > (n - i)"), ("swap", "n - i", "i - n"), ("arithmetic", "-", "+"),
    ("relation", ">", ">="), ("constant", "1", "2")]


class Failure(Exception):
    """What was expected and what was seen."""


def test(function):
    """Registers a test."""
    TESTS[function.__name__] = function
    return function


def equal(seen, expected):
    """Fails where two things differ."""
    if seen != expected:
        raise Failure(f"expected {expected!r}, saw {seen!r}")


def parsed(content):
    """The tree of a text."""
    return tree.Tree(text.Source("core/small.c", content))


@test
def a_small_file():
    found = parsed(SMALL)
    equal([one.name for one in found.functions], ["small"])
    mutants, lost = operators.of_function(found, found.functions[0])
    equal(lost, 0)
    equal([(one.name.split(":")[2], one.old, one.new) for one in mutants], EXPECTED)
    for one in mutants:
        changed = one.apply(SMALL)
        equal((changed[:one.at], changed[len(changed) - len(SMALL) + one.end:]),
              (SMALL[:one.at], SMALL[one.end:]))
    equal(len({one.name for one in mutants}), len(mutants))


@test
def the_count_of_entries():
    found = collect.Collection([text.Source("core/small.c", SMALL)])
    counted = found.counted(found.mutants[0])
    place = counted.index("mutant_reached++")
    equal(counted[:place].count("{"), 1)
    equal(counted[place:].count("size_t i = 1;"), 1)


@test
def a_file_that_is_no_c():
    try:
        parsed("int broken(void) { return (1; }\n")
    except toolchain.ProofError as error:
        equal("core/small.c:1" in str(error), True)
    else:
        raise Failure("expected an error that names the line")


@test
def every_function_of_the_core():
    found = collect.Collection(collect.sources())
    equal((len(found.mutants) >= 400, found.lost), (True, 0))
    bodies = {function for _, function in found.bodies}
    compiled = set().union(*(code.symbols(unit) for unit in units.select([])))
    equal(sorted(compiled - bodies), [])
    touched = {one.function for one in found.mutants}
    bare = sorted(bodies - touched)  # what they return is a call's struct or pointer
    equal(len(bare) < len(bodies) // 20, True)
    print(f"  {len(touched)} functions have mutants; none: {', '.join(bare)}")


@test
def samples():
    found = collect.Collection(collect.sources())
    first, again = (found.chosen(sample=50, seed=7) for _ in range(2))
    equal(first, again)
    equal(found.chosen(sample=80, seed=7)[:50], first)
    equal(first == found.chosen(sample=50, seed=8), False)
    equal(len({(one.file, one.function) for one in first}), 50)
    each = found.chosen(seed=7)
    equal(len({one.name.rpartition(":")[0] for one in each}), len(each))


def row(state, difference, name="core/a.c:f:swap:1"):
    """A row as a trial makes it."""
    made = {"name": name, "line": 3, "old": "a - b", "new": "b - a", "object": "other",
            "proof": {"state": state, "goal": "f_ensures", "answer": "CVC5 Timeout"},
            "beside": {"difference": difference, "executions": 9, "calls": 10, "target": 0},
            "seconds": 1.0}
    made["class"] = run.classified(made)
    return made


@test
def classes():
    equal([row(*one)["class"] for one in (("fell", "x"), ("fell", ""), ("refused", ""),
                                          ("proved", "x"), ("proved", ""), ("unjudged", ""))],
          ["killed", "fell", "killed", "hole", "survivor", "unjudged"])
    equal(len(report.problems([row("unjudged", "")], [])), 1)


@test
def arguments_for_survivors():
    entry = {"name": r"core/a\.c:f:swap:\d+", "old": "a - b", "new": "b - a", "why": "a is b"}
    equal(report.problems([row("proved", "")], [entry]), [])
    equal(len(report.problems([row("proved", "")], [])), 1)
    equal(len(report.problems([row("proved", "")], [entry | {"new": "a + b"}])), 1)
    equal(len(report.problems([row("proved", "another result")], [entry])), 1)
    equal(report.problems([row("fell", "x")], []), [])
    fell, lived = row("fell", ""), row("proved", "")
    for rows, table, expected in (([fell], [], (1, 0, 0)), ([fell], [entry], (0, 0, 1)),
                                  ([fell | {"class": "killed", "direct": "x"}], [], (0, 1, 0)),
                                  ([fell, lived], [entry], (0, 0, 2))):
        summary = report.summed(rows, table)
        equal((summary["fell"], summary["direct"], summary["equivalent"]), expected)
        equal((summary["survivor"], summary["fewer_executions"]), (0, expected[2]))


def bench_of_calls(box):
    """What a direct call needs of a run."""
    made = argparse.Namespace(build=pathlib.Path(box), collection=collect.Collection(
        collect.sources()), beside=argparse.Namespace(folder=pathlib.Path(box) / "objects"))
    made.beside.folder.mkdir()
    for room in sorted((toolchain.ROOT / "core").glob("*.c")):
        beside.sh(beside.CLANG, *beside.PLAIN, "-c", room, "-o",
                  made.beside.folder / f"core-{room.stem}.o")
    return made


@test
def direct_calls():
    """Each call tells some mutant from the core; a change that it does not get to, it does not; one
    that the core itself fails is told."""
    with tempfile.TemporaryDirectory() as box:
        bench = bench_of_calls(box)
        mutants = bench.collection.mutants
        for function in sorted(direct.functions()):
            found = any(direct.difference(bench, one) for one in mutants
                        if one.function == function and one.file.endswith(".c"))
            equal((function, found), (function, True))
        fell = row("fell", "")
        for name, expected in (("drop:1", "killed"), ("drop:4", "killed"), ("logic:1", "fell")):
            one = next(one for one in mutants if one.name ==
                       f"core/deflate.c:answer_agreed:{name}")
            equal((name, next(direct.look(bench, [one], [fell]))["class"]), (name, expected))
        equal(direct.difference(bench, next(one for one in mutants if one.file == "core/list.c")),
              "")
        calls, direct.CALLS = direct.CALLS, pathlib.Path(box) / "calls.c"
        direct.LIMIT_S = 1
        for body, expected in (("return 3", "3"), ("for (;;) { }", "no end within 1 s")):
            direct.CALLS.write_text("#include ROOM\n#if defined CALL_answer_agreed\n#endif\n"
                                    f"int main(void) {{ {body}; }}\n")
            try:
                direct.difference(bench, one)
            except toolchain.ProofError as error:
                equal(f"answer_agreed of the core itself ends with {expected}" in str(error), True)
            else:
                raise Failure("expected an error: the core failed its own call")
        direct.CALLS = calls


@test
def a_store_that_was_cut_off():
    with tempfile.TemporaryDirectory() as box:
        path = pathlib.Path(box) / "rows.jsonl"
        rows = store.Store(path)
        rows.add({"key": "a"})
        with open(path, "a", encoding="utf-8") as file:
            file.write('{"key": "b", "na')
        rows = store.Store(path)
        equal(sorted(rows.rows), ["a"])
        rows.add({"key": "c"})
        equal(sorted(store.Store(path).rows), ["a", "c"])


@test
def a_record_that_is_checked_in():
    with tempfile.TemporaryDirectory() as box:
        path, record = pathlib.Path(box) / "rows.jsonl", pathlib.Path(box) / "record.jsonl"
        rows = store.Store(path, record)
        for key in ("a", "b", "c"):
            rows.add({"key": key, "at": "first"})
        equal((rows.keep(["c", "a", "unknown"]), rows.recorded), (2, set()))
        equal(sorted(store.read(record)), ["a", "c"])
        path.unlink()
        rows = store.Store(path, record)
        equal((sorted(rows.rows), sorted(rows.recorded)), (["a", "c"], ["a", "c"]))
        rows.add({"key": "a", "at": "second"})
        equal((rows.rows["a"]["at"], sorted(rows.recorded)), ("second", ["c"]))
        equal(store.read(record)["a"]["at"], "first")


class Unproved(proof.Prover):
    """One under which nothing is proved, and whose every attempt leaves an answer behind."""

    def run(self, unit, function, attempt, mode, each_goal=None):
        (self.cache / "late.json").write_text('{"verdict": "timeout"}', encoding="utf-8")
        return 0, ["[wp] [Timeout] Goal typed_f_ensures", "[wp] Proved goals: 0 / 1"]


@test
def failures_do_not_stay_in_the_cache():
    with tempfile.TemporaryDirectory() as box:
        cache = pathlib.Path(box) / "cache"
        cache.mkdir()
        for name in ("valid", "timeout"):
            (cache / f"{name}.json").write_text(json.dumps({"verdict": name}), encoding="utf-8")
        prover = Unproved(argparse.Namespace(root=box), {}, pathlib.Path(box))
        equal([path.stem for path in cache.iterdir()], ["valid"])
        try:
            prover.baseline(framac.Unit("core/list.c"), "f")
        except toolchain.ProofError as error:
            equal("not proved as it stands" in str(error), True)
        else:
            raise Failure("expected an error: nothing was proved")
        equal([path.stem for path in cache.iterdir()], ["valid"])


@test
def runs_beside_the_core():
    with tempfile.TemporaryDirectory() as box:
        witness = pathlib.Path(box) / "witness"
        witness.write_bytes(b"x")
        for output, expected in (("mutant: another result of upheld_key\n",
                                  "another result of upheld_key"),
                                 ("mutant: no end of upheld_field", "no end of upheld_field"),
                                 ("==1==ERROR: AddressSanitizer: SEGV on unknown address",
                                  "address sanitizer: SEGV"),
                                 ("==1== ERROR: libFuzzer: deadly signal", "a trap or a fault")):
            equal(beside.judged(77, output, witness).difference, expected)
        alike = beside.judged(0, "mutant: 12 executions, 40 calls, target 3\n", witness)
        equal((alike.difference, alike.executions, alike.calls, alike.target), ("", 12, 40, 3))
        for status, output in ((0, ""), (1, "no such file"),
                               (77, "FUZZ_CHECK broken: x\nlibFuzzer: deadly signal")):
            try:
                beside.judged(status, output, witness)
            except toolchain.ProofError:
                continue
            raise Failure(f"expected an error for {output!r}")


def copied(box):
    """A copy of the project, to plant faults in."""
    root = pathlib.Path(box) / "project"
    for name in ("core", "proofs", "fuzz", "corpus"):
        shutil.copytree(HERE.parent / name, root / name,
                        ignore=shutil.ignore_patterns("__pycache__", "node_modules",
                                                      "record.jsonl"))
    return root


def tried(root, *options):
    """Runs the tool in a copy: exit status and output."""
    done = subprocess.run([sys.executable, "-B", "proofs/mutate.py", *options], cwd=root, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          env=os.environ | {"PWD": str(root)})
    return done.returncode, done.stdout


@test
def planted_faults():
    """A mutant is killed; with its contract gutted it is a hole; one that is equivalent asks for
    an argument, and passes with one."""
    with tempfile.TemporaryDirectory() as box:
        root = copied(box)
        code, said = tried(root, "--only", "core/list.c:uph_list_has:return:1")
        equal((code, "1 of 1 killed" in said, said.splitlines()[-1]),
              (0, True, "1 passed, 0 failed"))
        gut(root / "core/list.h", "uph_list_has")
        code, said = tried(root, "--only", "core/list.c:uph_list_has:return:1")
        equal((code, "HOLE core/list.c:uph_list_has:return:1" in said, said.splitlines()[-1]),
              (1, True, "0 passed, 1 failed"))
        survive(root)


def gut(path, function):
    """Takes all postconditions out of the contract before a function's declaration."""
    content = path.read_text(encoding="utf-8")
    place = content.index(f"{function}(")
    start = content.rindex("/*@", 0, place)
    contract = content[start:place]
    gutted = re.sub(r"\n\s*ensures.*?;(?=\s*(ensures|\*/))", "", contract, flags=re.S)
    equal(gutted != contract and "ensures" not in gutted, True)
    path.write_text(content[:start] + gutted + content[place:], encoding="utf-8")


# Where a and b are equal, x is 4 in the end, whatever it was before.
SAME = """
/*@ terminates \\true;
    assigns \\nothing;
    ensures exact: \\result == (a < b ? 1 : a > b ? 3 : 4); */
UPH_APART uint32_t uph_order(size_t a, size_t b);
UPH_APART uint32_t uph_order(size_t a, size_t b)
{
    uint32_t x = a < b ? 1 : 2;
    if (a > b) {
        x = 3;
    }
    if (a == b) {
        x = 4;
    }
    return x;
}
"""


def survive(root):
    """An equivalent mutant: `a <= b ? 1 : 2`."""
    path = root / "core/list.c"
    path.write_text(path.read_text(encoding="utf-8") + SAME, encoding="utf-8")
    name = "core/list.c:uph_order:relation:1"
    code, said = tried(root, "--only", name, "--seconds", "2")
    equal((code, f"SURVIVOR {name}" in said), (1, True))
    table = root / "proofs/mutants/equivalent.json"
    table.write_text(json.dumps({"equivalent": [{"name": name, "old": "<", "new": "<=",
                                                 "why": "x is 4 where they are equal"}]}))
    code, said = tried(root, "--only", name, "--seconds", "2")
    equal((code, "1 equivalent (argued" in said), (0, True))


@test
def a_long_look_goes_on():
    """A survivor that ran out of seconds goes on with another seed until it has its executions, and
    so does a mutant that fell, if an argument says that it is equivalent; one that no input gets
    to, or that had its looks, does not."""
    rest = {"class": "survivor", "seconds": 9.0}
    few = {"beside": {"executions": 5}}
    equal([run.goes_on(rest | more, "") for more in (
        {"beside": {"executions": run.LONG - 1}}, {"beside": {"executions": run.LONG}},
        {"beside": {"executions": 0}}, few | {"class": "killed"}, few | {"class": "fell"},
        few | {"looks": run.LOOKS})], [True, False, False, False, False, False])
    equal([run.goes_on(few | {"class": name}, "a is b") for name in ("fell", "killed")],
          [True, False])
    asked = []
    look = object.__new__(run.Look)
    look.bench = argparse.Namespace(long=(100, 7))
    look.run = lambda limits, seed=run.SEED: asked.append((limits, seed))
    for earlier, difference, expected in (
            (None, "", (1, 40, 50)),
            (rest | {"beside": {"executions": 30, "calls": 33}}, "", (2, 70, 83)),
            (rest | {"beside": {"executions": 30, "calls": 33}, "looks": 2}, "x", (3, 40, 50))):
        look.found = beside.Outcome(difference, 40, 50, 1)
        equal((look.run_long(earlier), look.found.executions, look.found.calls), expected)
    equal(asked, [((100, 7), run.SEED), ((70, 7), run.SEED + 1), ((70, 7), run.SEED + 2)])


@test
def the_same_object():
    with tempfile.TemporaryDirectory() as box:
        copy = copies.Copy(pathlib.Path(box) / "copy")
        compiled = copies.Compiled(pathlib.Path(box) / "objects")
        content = (toolchain.ROOT / "core/list.c").read_text(encoding="utf-8")
        for old, new, expected in (("size_t j = i;", "size_t j = (i);", "same"),
                                   ("size_t j = i;", "size_t j = i + 1;", "other"),
                                   ("return j;\n}", ";\n}", "unusable")):
            copy.put("core/list.c", content.replace(old, new, 1))
            equal(compiled.verdict(copy.root, ["list.c"]), expected)


def main():
    """Exit status 0 if all passed."""
    failed = 0
    chosen = sys.argv[1:] or list(TESTS)
    for name in chosen:
        try:
            TESTS[name]()
        except Failure as failure:
            failed += 1
            print(f"{name}: {failure}")
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
