"""runs.py: runs targets as base-runner does: another folder, read-only, by a user without rights.

Each check takes a Place and yields what is wrong, a line each.
"""
import json
import os
import re
import shutil
import stat
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import base
import contents

EDGES = 100         # bad_build_check: a target of fewer is built in part only
NOBODY = 65534
RUNS = 4            # bad_build_check: with so many inputs a target is tried
AFL_SECONDS = 2
FIND_SECONDS = 60   # to find a planted bug: takes a second or two
LIMIT_S = 120


@dataclass(frozen=True)
class Place:
    """Where targets run: `out` is what was built, moved, and cannot be written; `tmp` can be."""
    out: contents.Out
    tmp: Path

    def run(self, *command, **more):
        """Exit status and all that was printed."""
        as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        try:
            done = subprocess.run(
                [str(word) for word in command], cwd=self.out.folder, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                timeout=LIMIT_S, env=self.environment(**more),
                **(as_nobody if os.geteuid() == 0 else {}))
        except subprocess.TimeoutExpired as late:
            return 124, (late.stdout or b"").decode(errors="replace") + f"\nnot done in {LIMIT_S} s"
        return done.returncode, done.stdout.decode(errors="replace")

    def environment(self, **more):
        # OUT is not set: run_fuzzer takes it away so that no target can rely on it.
        return {"PATH": f"{self.out.folder}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8",
                "TMPDIR": str(self.tmp), **base.RUN,
                **(base.RUN_AFL if self.out.build.engine == "afl" else {}), **more}

    def fresh(self, name):
        """A folder that the targets may write into."""
        folder = self.tmp / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        folder.chmod(0o777)
        return folder

    def unpacked(self, target):
        folder = self.fresh(f"{target}_corpus")
        with zipfile.ZipFile(self.out.folder / f"{target}_seed_corpus.zip") as archive:
            archive.extractall(folder)
        return folder


def place(out, folder):
    """Copies OUT to a new folder and takes the right to write away."""
    there, tmp = folder / "elsewhere", folder / "tmp"
    remove(there)
    shutil.copytree(out.folder, there)
    for path in there.iterdir():
        path.chmod(0o555 if path.stat().st_mode & stat.S_IXUSR else 0o444)
    there.chmod(0o555)
    tmp.mkdir(exist_ok=True)
    tmp.chmod(0o1777)
    return Place(contents.Out(there, out.build, out.targets, out.helpers), tmp)


def remove(folder):
    """A folder that place() made, wherever below this one."""
    for path in (folder, *folder.glob("**/elsewhere")):
        if path.exists():
            path.chmod(0o755)
    shutil.rmtree(folder, ignore_errors=True)


def read_only(spot):
    """A target that writes beside itself would be noticed: nobody can."""
    code, text = spot.run("/bin/sh", "-c", "echo x > written")
    if code == 0:
        yield f"{spot.out.folder} can be written to, so a run there shows nothing: {text}"


def tail(text, lines=8):
    return " / ".join(text.strip().splitlines()[-lines:])


def libfuzzer(spot, target, *more):
    """A run with what run_fuzzer adds: arguments, options, dictionary."""
    folder = spot.out.folder
    words = [*base.FUZZER_ARGS, *contents.read_options(folder / f"{target}.options")]
    if (folder / f"{target}.dict").exists():
        words.append(f"-dict={target}.dict")
    return spot.run(folder / target, *words, f"-artifact_prefix={spot.fresh('artifacts')}/",
                    *more, LLVM_PROFILE_FILE=spot.tmp / f"{target}.profraw")


def dictionary_read(spot, target, text):
    """The engine reads as many entries as we do."""
    path = spot.out.folder / f"{target}.dict"
    if path.exists():
        found = re.search(r"^Dictionary: (\d+) entries", text, re.M)
        if not found or int(found.group(1)) != contents.tokens(path):
            yield (f"{target}.dict: has {contents.tokens(path)} entries, libFuzzer read "
                   f"{found.group(1) if found else 'none'}")


def starts(spot, target):
    """bad_build_check's trial: instrumented, and alive after a few inputs."""
    code, text = libfuzzer(spot, target, "-seed=1337", f"-runs={RUNS}")
    if code != 0 or f"Done {RUNS} runs" not in text:
        yield f"{target}: exit {code} at the start: {tail(text)}"
        return
    if "unrecognized flag" in text.lower():
        yield f"{target}.options: names a flag that libFuzzer does not know"
    yield from dictionary_read(spot, target, text)
    if spot.out.build.sanitizer == "coverage":
        return
    edges = re.search(r"^INFO: Loaded \d+ modules? +\((\d+) (?:inline 8-bit counters|guards)\)",
                      text, re.M)
    if not edges or int(edges.group(1)) < EDGES:
        yield (f"{target}: {edges.group(1) if edges else 'no'} edges instrumented, expected at "
               f"least {EDGES}")


def seeds_pass(spot, target):
    """No seed fails, and they reach instrumented code of the core."""
    corpus = spot.unpacked(target)
    count = len(list(corpus.iterdir()))
    code, text = libfuzzer(spot, target, "-runs=0", "-print_coverage=1", corpus)
    done = re.search(r"^Done (\d+) runs", text, re.M)
    if code != 0 or not done or int(done.group(1)) < count:
        yield f"{target}: exit {code} on its {count} seeds: {tail(text)}"
    elif spot.out.build.sanitizer == "coverage":
        yield from core_in_report(spot, target)
    elif not re.search(r"^COVERED_FUNC: .*/upheld/core/", text, re.M):
        yield f"{target}: the seeds reach no instrumented function of core/"


def core_in_report(spot, target):
    """What the coverage build is for: a report of lines, those of the core among them."""
    profile = spot.tmp / f"{target}.profdata"
    raw = spot.tmp / f"{target}.profraw"
    contents.tool("llvm-profdata-19", "merge", "-sparse", raw, "-o", profile)
    text = contents.tool("llvm-cov-19", "export", "-summary-only",
                         f"-instr-profile={profile}", spot.out.folder / target)
    files = json.loads(text)["data"][0]["files"] if text else []
    covered = sum(file["summary"]["lines"]["covered"] for file in files
                  if "/upheld/core/" in file["filename"])
    if not covered:
        yield f"{target}: llvm-cov reports no line of core/ as covered"


def afl_fuzz(spot, target, corpus, seconds, **more):
    """Exit status, what afl-fuzz printed, its figures, and the crashes that it kept."""
    folder, results = spot.out.folder, spot.fresh("afl")
    words = ["-x", f"{target}.dict"] if (folder / f"{target}.dict").exists() else []
    code, text = spot.run(folder / "afl-fuzz", *base.AFL_FUZZER_ARGS, *words, "-i", corpus, "-o",
                          results, "-V", seconds, "--", folder / target, **more)
    found = sorted((results / "default" / "crashes").glob("id:*"))
    stats = results / "default" / "fuzzer_stats"
    lines = stats.read_text().splitlines() if stats.exists() else []
    figures = {key.strip(): value.strip() for key, _, value in
               (line.partition(":") for line in lines)}
    return code, text, figures, found


def starts_afl(spot, target):
    """bad_build_check's trial under afl-fuzz, with one input."""
    corpus = spot.fresh("one")
    (corpus / "input").write_bytes(b"input\n")
    code, text, stats, crashes = afl_fuzz(spot, target, corpus, AFL_SECONDS)
    if code != 0 or "All set and ready to" not in text:
        yield f"{target}: afl-fuzz ended with {code}: {tail(text)}"
    elif crashes:
        yield f"{target}: crashes within {AFL_SECONDS} s"
    elif int(stats.get("total_edges", 0)) < EDGES:
        yield f"{target}: {stats.get('total_edges')} edges, expected at least {EDGES}"


def seeds_pass_afl(spot, target):
    """The driver runs the files that it is given, one by one; it passes over empty ones."""
    corpus = spot.unpacked(target)
    files = [path for path in sorted(corpus.iterdir()) if path.stat().st_size]
    code, text = spot.run(spot.out.folder / target, *files)
    done = len(re.findall(r"^Execution successful", text, re.M))
    if code != 0 or done < len(files):
        yield f"{target}: exit {code}, {done} of {len(files)} seeds were run: {tail(text)}"


def check_target(spot, target):
    afl = spot.out.build.engine == "afl"
    yield from (starts_afl if afl else starts)(spot, target)
    yield from (seeds_pass_afl if afl else seeds_pass)(spot, target)


def one_seed(spot, octets):
    corpus = spot.fresh("seed")
    (corpus / "seed").write_bytes(octets)
    return corpus


def finds(spot, plant):
    """The engine finds a planted bug from one seed that does not show it, and keeps the input."""
    corpus = one_seed(spot, plant.seed)
    if spot.out.build.engine == "afl":
        _, text, _, kept = afl_fuzz(spot, plant.target, corpus, FIND_SECONDS,
                                    AFL_BENCH_UNTIL_CRASH="1")
    else:
        _, text = libfuzzer(spot, plant.target, "-seed=1", f"-max_total_time={FIND_SECONDS}",
                            corpus)
        kept = sorted((spot.tmp / "artifacts").glob("crash-*"))
    if not kept:
        yield f"{plant.name}: not found in {plant.target} in {FIND_SECONDS} s: {tail(text)}"
        return
    yield from reports(spot, plant, kept[0])


def reports(spot, plant, file):
    """The target fails on a file, and says why in the words of who noticed."""
    code, text = spot.run(spot.out.folder / plant.target, file)
    if code == 0 or plant.says not in text:
        yield (f"{plant.name}: exit {code} in {plant.target}, expected a report with "
               f"'{plant.says}': {tail(text)}")


def sees(spot, plant):
    """The sanitizer reports a planted bug on an input that shows it."""
    yield from reports(spot, plant, one_seed(spot, plant.seed) / "seed")
