#!/usr/bin/python3
"""Lines, branches and MC/DC of the core that the checked-in corpus reaches, and nothing else.

    ci/coverage.py [--root DIR] [--whole]

The core is built once, measured by clang 19, as a shared library; every fuzz target replays its
own folder of corpus/ against it. Writes build/coverage.json and build/coverage/index.html.

MC/DC counts conditions. A decision of one condition is covered when both outcomes were seen; one
of several when llvm-cov finds an independence pair for the condition. What clang cannot measure
counts as missed, never as covered. Lines of preprocessor directives are no code and count nowhere.
With --whole, anything that is missed is printed and fails.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import arguments
import steps

CLANG = "clang-19"
MEASURE = ("-fprofile-instr-generate", "-fcoverage-mapping", "-fcoverage-mcdc")
COMMON = ("-std=c11", "-D_GNU_SOURCE", "-O0", "-g", "-Icore", "-Ifuzz")
UNMEASURED = re.compile(r"^(\S+?):(\d+):\d+: warning: unsupported MC/DC boolean", re.M)


class Failed(Exception):
    """A tool failed; the message holds what it said."""


def run(root, *command, env=None):
    try:
        ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False,
                             stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})},
                             errors="replace")
    except FileNotFoundError:
        raise Failed(f"SKIPPED: {command[0]} not found: run ci/setup coverage") from None
    if ran.returncode != 0:
        said = (ran.stderr + ran.stdout)[-3000:].strip()
        raise Failed(f"exit status {ran.returncode} of {' '.join(command)[:300]}\n{said}")
    return ran


def targets(root):
    """Names of the fuzz targets: a file in fuzz/ that has its seeds in corpus/."""
    return sorted(path.stem for path in root.glob("fuzz/*.c")
                  if (root / "corpus" / path.stem).is_dir())


def tracked_seeds(root, target):
    """The seeds that are checked in, or would be: nothing that git ignores."""
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard",
               f"corpus/{target}")
    listed = subprocess.run(command, cwd=root, capture_output=True, check=False)
    if listed.returncode != 0:
        return sorted(str(path.relative_to(root)) for path in
                      root.glob(f"corpus/{target}/**/*") if path.is_file())
    names = {os.fsdecode(name) for name in listed.stdout.split(b"\0") if name}
    return sorted(name for name in names if (root / name).is_file())


def relative(root, pattern):
    return sorted(str(path.relative_to(root)) for path in root.glob(pattern))


def build_core(root, library):
    """The measured core; returns the places whose decisions clang says it cannot measure."""
    built = run(root, CLANG, *COMMON, *MEASURE, "-fPIC", "-shared", "-o", str(library),
                *relative(root, "core/*.c"))
    return {(name, int(line)) for name, line in UNMEASURED.findall(built.stderr)}


def replay(root, work, library, name):
    """Runs one target over its checked-in seeds, against the measured core."""
    seeds = tracked_seeds(root, name)
    if not seeds:
        raise Failed(f"corpus/{name}/ is empty; expected seeds for fuzz/{name}.c")
    program = work / name
    sources = [f"fuzz/{name}.c", *relative(root, f"fuzz/{name}_*.c"), "fuzz/replay.c",
               *relative(root, "fuzz/naive/*.c"), *relative(root, "fuzz/shared/*.c")]
    run(root, CLANG, *COMMON, "-o", str(program), *sources, str(library), "-lcrypto")
    for start in range(0, len(seeds), 1000):
        run(root, str(program), *seeds[start:start + 1000],
            env={"LLVM_PROFILE_FILE": f"{work}/{name}.{start}.profraw"})
    print(f"coverage: {name}: {len(seeds)} seeds replayed", flush=True)


def measure(root, work):
    """Builds, replays; returns what llvm-cov exports of each file, how often each line of each was
    reached, and the places that clang cannot measure."""
    library = work / "libcore.so"
    unmeasured = build_core(root, library)
    names = targets(root)
    if not names:
        raise Failed("no fuzz target has seeds: expected fuzz/T.c beside corpus/T/")
    for name in names:
        replay(root, work, library, name)
    data = str(work / "merged.profdata")
    run(root, "llvm-profdata-19", "merge", "-sparse", "-o", data,
        *(str(path) for path in sorted(work.glob("*.profraw"))))
    view = (str(library), f"-instr-profile={data}")
    exported = run(root, "llvm-cov-19", "export", *view)
    run(root, "llvm-cov-19", "show", *view, "-format=html", "-show-branches=count", "-show-mcdc",
        f"-output-dir={work / 'html'}")
    lines = run(root, "llvm-cov-19", "export", "-format=lcov", *view).stdout
    return json.loads(exported.stdout)["data"][0]["files"], reached(lines), unmeasured


def reached(lcov):
    """File -> {line: how often}, of llvm-cov's export in the form of lcov."""
    files, lines = {}, {}
    for record in lcov.splitlines():
        kind, _, value = record.partition(":")
        if kind == "SF":
            lines = files.setdefault(value, {})
        elif kind == "DA":
            number, count = map(int, value.split(",")[:2])
            lines[number] = lines.get(number, 0) + count
    return files


def directives(lines):
    """Numbers of the lines that hold a preprocessor directive, with those that continue one."""
    found, inside_one = set(), False
    for number, line in enumerate(lines, 1):
        if inside_one or line.lstrip().startswith("#"):
            found.add(number)
            inside_one = line.endswith("\\")
    return found


def text_at(lines, branch):
    """The source of a branch's condition."""
    first, last = branch[0] - 1, branch[2] - 1
    if first == last:
        return lines[first][branch[1] - 1:branch[3] - 1]
    return " ".join([lines[first][branch[1] - 1:].strip(), "..."])


def merge_branches(branches):
    """One entry a place: a static function of a header stands once in each file that has it."""
    merged = {}
    for branch in branches:
        place = tuple(branch[:4])
        true, false = merged.get(place, (0, 0))
        merged[place] = (true + branch[4], false + branch[5])
    return merged


def merge_decisions(records):
    merged = {}
    for record in records:
        place, conditions = tuple(record[:4]), record[-1]
        before = merged.get(place, [False] * len(conditions))
        merged[place] = [a or b for a, b in zip(before, conditions)]
    return merged


def inside(place, decision):
    return decision[:2] <= place[:2] and place[2:] <= decision[2:]


def one_sided(true, false):
    if true and false:
        return ""
    return "never reached" if not (true or false) else "never false" if true else "never true"


def conditions(branches, decisions, lines, unmeasured):
    """Each condition of a file: (line, '' if covered, else why not)."""
    free = dict(branches)
    for decision, covered in decisions.items():
        parts = sorted(place for place in free if inside(place, decision))
        for index, ok in enumerate(covered):
            place = parts[index] if len(parts) == len(covered) else decision
            text = text_at(lines, place)
            yield place[0], "" if ok else f"MC/DC: `{text}` never decides alone"
        for place in parts:
            del free[place]
    for place, (true, false) in sorted(free.items()):
        text = text_at(lines, place)
        if re.match(r"(case\b|default\b)", text):
            continue
        if place[0] in unmeasured:
            yield place[0], f"MC/DC: clang cannot measure the decision of `{text}`"
        else:
            why = one_sided(true, false)
            yield place[0], f"MC/DC: `{text}` {why}" if why else ""


def missed_branches(branches, lines):
    for place, (true, false) in sorted(branches.items()):
        why = one_sided(true, false)
        if why and why != "never reached":
            yield place[0], f"branch: `{text_at(lines, place)}` {why}"


def file_figures(root, entry, counts, unmeasured):
    """Figures of one source file, and what it misses."""
    path = Path(os.path.relpath(entry["filename"], root.resolve()))
    name = str(path)
    lines = (root / path).read_text(encoding="utf-8").splitlines()
    branches = merge_branches(entry["branches"])
    decisions = merge_decisions(entry["mcdc_records"])
    odd = {line for file, line in unmeasured if Path(file) == path}
    found = list(conditions(branches, decisions, lines, odd))
    code = {line: count for line, count in counts.items() if line not in directives(lines)}
    missed = [(line, why) for line, why in found if why]
    # One entry a place: what explains it best comes first.
    for more in (missed_branches(branches, lines),
                 ((line, "line: never reached") for line, count in code.items() if not count)):
        told = {line for line, _ in missed}
        missed += [row for row in more if row[0] not in told]
    figures = {
        "file": name,
        "lines": {"covered": sum(bool(count) for count in code.values()), "total": len(code)},
        "branches": {"covered": sum(bool(side) for pair in branches.values() for side in pair),
                     "total": 2 * len(branches)},
        "mcdc": {"covered": sum(not why for _, why in found), "total": len(found)}}
    return figures, [{"file": name, "line": line, "why": why} for line, why in sorted(missed)]


def summed(files, kind):
    return {key: sum(row[kind][key] for row in files) for key in ("covered", "total")}


def figures(root, entries, counts, unmeasured):
    files, missed = [], []
    for entry in sorted(entries, key=lambda entry: entry["filename"]):
        row, gaps = file_figures(root, entry, counts[entry["filename"]], unmeasured)
        if not row["lines"]["total"]:
            continue  # a header without code
        files.append(row)
        missed += gaps
    return {"lines": summed(files, "lines"), "branches": summed(files, "branches"),
            "mcdc": summed(files, "mcdc"), "dead_by_proof": 0, "missed": missed, "files": files}


def percent(part):
    return f"{part['covered']} of {part['total']}" + (
        f" ({100 * part['covered'] / part['total']:.1f} %)" if part["total"] else "")


def publish(work, result, build):
    """HTML first, then the figures: each whole or not at all."""
    old, shown = build / "coverage.old", build / "coverage"
    shutil.rmtree(old, ignore_errors=True)
    if shown.exists():
        shown.rename(old)
    (work / "html").rename(shown)
    shutil.rmtree(old, ignore_errors=True)
    new = build / "coverage.json.new"
    new.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    os.replace(new, build / "coverage.json")


def cover(root, build):
    """Measures, publishes and prints; gives what is missed."""
    with tempfile.TemporaryDirectory(prefix="coverage-", dir=build) as work:
        result = figures(root, *measure(root, Path(work)))
        publish(Path(work), result, build)
    for row in result["files"]:
        print(f"  {row['file']:24} lines {percent(row['lines']):24} "
              f"branches {percent(row['branches']):24} MC/DC {percent(row['mcdc'])}")
    print(f"coverage: lines {percent(result['lines'])}, branches {percent(result['branches'])}, "
          f"MC/DC {percent(result['mcdc'])}; see build/coverage/index.html")
    return result["missed"]


def main():
    parser = arguments.Parser(prog="coverage.py", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--whole", action="store_true", help="fail where anything is missed")
    options = parser.parse_args()
    root = options.root.resolve()
    build = root / "build"
    build.mkdir(exist_ok=True)
    steps.install_signals()
    try:
        missed = cover(root, build)
    except Failed as failed:
        print(failed)
        return 1
    except KeyboardInterrupt:
        print("\ncoverage: interrupted; build/coverage.json is as it was", file=sys.stderr)
        return 130
    if not options.whole:
        return 0
    for row in missed:
        print(f"{row['file']}:{row['line']}: {row['why']}: add a seed that shows it to corpus/, or "
              "take out what nothing can reach")
    print(f"{0 if missed else 1} passed, {len(missed)} failed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
