"""engines.py: how each engine is started, and what it says of itself.

A run works in build/fuzz/TARGET/ENGINE-LEG/ on a copy of the corpus; corpus/ is only read.
    seeds/   the copy of corpus/TARGET/ and of what earlier runs found, made anew for each run
    found/   what this and earlier runs found, named by their SHA-1; `make corpus` merges it
    log*     what each process of the engine printed
"""
import ctypes
import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import store
import table
from store import sha1_of

TIMEOUT_S = 20      # an input that takes longer is a finding: the core is linear
AFL_TIMEOUT_MS = 5000
GRACE_S = 180       # an engine that has not ended by then is ended
MEMORY_MB = 4096
# Short stacks for allocations make ASan twice as fast; a small quarantine, which holds what several
# inputs free, and no second stack a tenth. `make repro` and replays have all of it.
FAST_ASAN = "malloc_context_size=1:quarantine_size_mb=1:detect_stack_use_after_return=0"
QUIET_SANITIZERS = {
    "ASAN_OPTIONS": f"abort_on_error=1:symbolize=0:detect_leaks=0:{FAST_ASAN}",
    "UBSAN_OPTIONS": "abort_on_error=1:symbolize=0:print_stacktrace=0",
}
AFL_ENVIRONMENT = {
    "AFL_NO_UI": "1", "AFL_NO_AFFINITY": "1", "AFL_SKIP_CPUFREQ": "1",
    "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "AFL_FAST_CAL": "1",
    # A seed that crashes is an error to report; AFL++ would else leave it out and go on.
    "AFL_EXIT_ON_SEED_ISSUES": "1", "AFL_NO_CRASH_README": "1", "AFL_HANG_TMOUT": "20000",
}


@dataclass
class Outcome:
    """What an engine said that it did, over all its processes."""
    execs: int = 0
    execs_per_s: float = 0.0
    edges: int = 0
    features: object = None  # AFL++ counts no features
    new_crashes: list = field(default_factory=list)  # files, still in the work folder
    problem: str = ""        # why the run counts as failed although it found no crash


@dataclass
class Progress:
    """Where a run is, as far as its engine has said."""
    execs: int = 0
    edges: int = 0
    corpus: int = 0
    crashes: int = 0
    found_at: float = 0.0    # when something new was found last; 0 if nothing was

    def __str__(self):
        ago = f"{time.time() - self.found_at:.0f} s ago" if self.found_at else "none yet"
        return (f"{self.execs} inputs, {self.edges} edges, corpus {self.corpus}, "
                f"{self.crashes} crashes, last find {ago}")


PR_SET_PDEATHSIG = 1  # linux/prctl.h
LIBC = ctypes.CDLL(None)


def die_with_parent():
    """Run in the child: an engine ends when the run that started it is killed."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def copy_new(files, folder):
    """Copies files into a folder under the SHA-1 of their content; those there are skipped."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in files:
        target = folder / sha1_of(path)
        if not target.exists():
            store.place(path, target)


def visible(folder):
    """The inputs in a folder: no hidden files, and no page that is about the others."""
    return sorted(p for p in folder.glob("*")
                  if p.is_file() and not p.name.startswith(".") and p.suffix != ".md")


def tail(path, lines=12):
    text = path.read_text(errors="replace") if path.exists() else "(no log)"
    return "\n".join("    " + line for line in text.splitlines()[-lines:])


class Run:
    """One entry of the table, `jobs` processes of its engine at once."""

    needs = None  # what make has to bring before a target can be built for the engine

    def __init__(self, entry, build, seconds, jobs=1):
        self.entry, self.seconds, self.jobs = entry, seconds, jobs
        self.program = build / "fuzz" / "bin" / entry.name
        self.crashes = build / "fuzz" / entry.target / "crashes"
        self.work = build / "fuzz" / entry.target / f"{entry.engine}-{entry.leg}"
        self.corpus = table.corpus(entry.target)
        self.dictionary = table.dictionary(entry.target)
        self.use_dictionary = self.use_mutator = True
        self.inputs = None        # libFuzzer ends after so many, whatever the time
        self.seed = 1             # of the first process; the others count on
        self.until_crash = False  # the first finding ends the run, which libFuzzer always does
        self.processes = []

    def check(self):
        """Raises store.Unusable for what would stop the engine, or mislead it without a word."""
        store.check_seeds(self.corpus)
        store.check_dictionary(self.dictionary)

    def prepare(self):
        seeds, found = self.work / "seeds", self.work / "found"
        store.heal(found)
        shutil.rmtree(seeds, ignore_errors=True)
        seeds.mkdir(parents=True)
        copy_new(visible(self.corpus), seeds)
        if not visible(seeds):
            raise store.Unusable(f"{self.corpus}: no seed to start from")
        copy_new(visible(found) if found.exists() else [], seeds)
        found.mkdir(exist_ok=True)
        for path in self.work.glob("log*"):
            path.unlink()

    def log(self, job):
        return self.work / f"log-{job}"

    def start(self):
        if not self.program.exists():
            raise store.Unusable(f"{self.program} is not there; build it")
        self.prepare()
        for job in range(self.jobs):
            with self.log(job).open("wb") as log:
                self.processes.append(subprocess.Popen(
                    self.command(job), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    env={**os.environ, **self.environment()}, start_new_session=True,
                    preexec_fn=die_with_parent))

    def running(self):
        return any(process.poll() is None for process in self.processes)

    def end(self, how=signal.SIGKILL):
        """Ends the processes that this run started, and those that they started."""
        for process in self.processes:
            if process.poll() is None:
                try:
                    os.killpg(process.pid, how)
                except ProcessLookupError:
                    continue
        for process in self.processes if how == signal.SIGKILL else ():
            process.wait()

    def logs(self):
        return [self.log(job).read_text(errors="replace") for job in range(self.jobs)]

    def length(self):
        return table.length(self.entry.target, self.entry.leg)

    def words(self):
        """The dictionary, if there is one and it is to be used."""
        return self.dictionary if self.use_dictionary and self.dictionary.exists() else None


class LibFuzzer(Run):
    """libFuzzer prints its figures; on a finding it writes the input and ends."""

    STATUS = re.compile(r"^#(\d+)\s.*\bcov: (\d+) ft: (\d+) corp: (\d+)", re.M)

    def prepare(self):
        super().prepare()
        shutil.rmtree(self.work / "artifacts", ignore_errors=True)
        (self.work / "artifacts").mkdir()

    def command(self, job):
        more = [f"-dict={self.words()}"] if self.words() else []
        more += [f"-max_len={self.length()}"] if self.length() else []
        return [str(self.program.resolve()), str(self.work / "found"), str(self.work / "seeds"),
                f"-max_total_time={self.seconds}", "-print_final_stats=1", f"-timeout={TIMEOUT_S}",
                f"-rss_limit_mb={MEMORY_MB}", f"-artifact_prefix={self.work}/artifacts/",
                "-use_value_profile=0", f"-seed={self.seed + job}", *more,
                *([f"-runs={self.inputs}"] if self.inputs else [])]

    def environment(self):
        return {"ASAN_OPTIONS": FAST_ASAN, "UPHELD_MUTATOR": "yes" if self.use_mutator else "no"}

    def progress(self):
        status = [self.STATUS.findall(log) for log in self.logs()]
        last = [found[-1] for found in status if found]
        found = self.work / "found"
        return Progress(sum(int(s[0]) for s in last), max((int(s[1]) for s in last), default=0),
                        max((int(s[3]) for s in last), default=0), len(self.left()),
                        found.stat().st_mtime if any(found.iterdir()) else 0.0)

    def left(self):
        """Findings in the work folder; what else was found is in found/ at once."""
        return visible(self.work / "artifacts")

    def figure(self, name):
        pattern = re.compile(rf"^stat::{name}:\s+(\d+)", re.M)
        return [int(found[-1]) for log in self.logs() if (found := pattern.findall(log))]

    def outcome(self):
        status = [found[-1] for log in self.logs() if (found := self.STATUS.findall(log))]
        result = Outcome(
            execs=sum(self.figure("number_of_executed_units")),
            execs_per_s=sum(self.figure("average_exec_per_sec")),
            edges=max((int(s[1]) for s in status), default=0),
            features=max((int(s[2]) for s in status), default=0),
            new_crashes=self.left())
        codes = [process.returncode for process in self.processes]
        if any(codes) and not result.new_crashes:
            result.problem = f"libFuzzer ended with {codes} and left no input"
        cut_off = store.heal(self.work / "found")
        if cut_off:
            result.problem = f"{cut_off} inputs were not written whole: is the disk full?"
        return result


class Afl(Run):
    """AFL++ keeps its figures in fuzzer_stats; findings pile up and the run goes on."""

    def prepare(self):
        super().prepare()
        shutil.rmtree(self.work / "out", ignore_errors=True)

    def check(self):
        super().check()
        if shutil.which("afl-fuzz") is None:
            raise store.Unusable("afl-fuzz is not installed, or not in PATH; run ci/setup fuzz")

    def command(self, job):
        more = ["-x", str(self.words())] if self.words() else []
        more += ["-G", str(self.length())] if self.length() else []
        more += ["-s", str(self.seed + job)] if self.seed != 1 else []
        more += ["-c", "0"] if self.entry.leg == "cmplog" else []  # the program itself
        role = [] if self.jobs == 1 else ["-M" if job == 0 else "-S", f"job{job}"]
        return ["afl-fuzz", "-i", str(self.work / "seeds"), "-o", str(self.work / "out"),
                "-V", str(self.seconds), "-m", "none", "-t", str(AFL_TIMEOUT_MS), *role, *more,
                "--", str(self.program.resolve())]

    def environment(self):
        more = {"AFL_BENCH_UNTIL_CRASH": "1"} if self.until_crash else {}
        if self.use_mutator:
            more["AFL_CUSTOM_MUTATOR_LIBRARY"] = str(
                self.program.with_name(table.AFL_MUTATOR).resolve())
        return {**AFL_ENVIRONMENT, **QUIET_SANITIZERS, **more}

    def instances(self):
        return sorted(path.parent for path in (self.work / "out").glob("*/fuzzer_stats"))

    def stats(self):
        found = []
        for folder in self.instances():
            lines = (folder / "fuzzer_stats").read_text(errors="replace").splitlines()
            found.append({key.strip(): value.strip() for key, _, value in
                          (line.partition(":") for line in lines)})
        return found

    def progress(self):
        stats = self.stats()

        def figures(name):
            return [int(s.get(name, 0)) for s in stats]

        return Progress(sum(figures("execs_done")), max(figures("edges_found"), default=0),
                        max(figures("corpus_count"), default=0),
                        sum(figures("saved_crashes")) + sum(figures("saved_hangs")),
                        max(figures("last_find"), default=0))

    def left(self):
        """Findings in the work folder; what else was found there goes to found/."""
        crashes, queued = [], []
        for folder in self.instances():
            crashes += visible(folder / "crashes") + visible(folder / "hangs")
            queued += [p for p in visible(folder / "queue") if ",orig:" not in p.name]
        (self.work / "found").mkdir(parents=True, exist_ok=True)
        copy_new(queued, self.work / "found")
        return crashes

    def outcome(self):
        stats, crashes = self.stats(), self.left()
        result = Outcome(
            execs=sum(int(s.get("execs_done", 0)) for s in stats),
            execs_per_s=round(sum(float(s.get("execs_per_sec", 0)) for s in stats), 1),
            edges=max((int(s.get("edges_found", 0)) for s in stats), default=0),
            new_crashes=crashes)
        codes = [process.returncode for process in self.processes]
        if any(codes):
            result.problem = f"afl-fuzz ended with {codes}"
        return result


class Honggfuzz(Run):
    """honggfuzz keeps its figures in a table with a line a second; findings pile up and the run
    goes on. One process has `jobs` threads. No mutator but its own can be called without a program
    for each input, so it has the dictionary alone."""

    COLUMNS = ("time", "found_at", "execs", "speed", "crashes", "unique", "hangs", "edges", "share",
               "corpus")
    SUMMARY = re.compile(r"^Summary iterations:(\d+) time:\d+ speed:(\d+)", re.M)

    def __init__(self, entry, build, seconds, jobs=1):
        super().__init__(entry, build, seconds)
        self.threads = jobs
        self.engine = build / "honggfuzz" / "honggfuzz"
        self.needs = self.engine.with_name("libhfuzz.a")

    def prepare(self):
        if not self.engine.exists():
            raise store.Unusable(f"{self.engine} is not there; run fuzz/honggfuzz/build.sh "
                                 f"{self.engine.parent}")
        super().prepare()
        for name in ("crashes", "new"):
            shutil.rmtree(self.work / name, ignore_errors=True)
            (self.work / name).mkdir()
        self.table().unlink(missing_ok=True)

    def table(self):
        return self.work / "figures.csv"

    def command(self, job):
        more = ["--dict", str(self.words())] if self.words() else []
        more += ["--max_file_size", str(self.length())] if self.length() else []
        more += ["--exit_upon_crash"] if self.until_crash else []
        return [str(self.engine.resolve()), "--input", str(self.work / "seeds"), "--covdir_new",
                str(self.work / "new"), "--crashdir", str(self.work / "crashes"), "--workspace",
                str(self.work), "--statsfile", str(self.table()), "--threads", str(self.threads),
                "--run_time", str(self.seconds), "--timeout", str(TIMEOUT_S), "--tmout_sigvtalrm",
                "--persistent", "--verbose", *more, "--", str(self.program.resolve())]

    def environment(self):
        return QUIET_SANITIZERS

    def figures(self):
        """The last line of the table that is whole."""
        text = self.table().read_text(errors="replace") if self.table().exists() else ""
        lines = [line.split(", ") for line in text.splitlines() if line[:1].isdigit()]
        whole = [line for line in lines if len(line) == len(self.COLUMNS)]
        return {name: int(value) for name, value in zip(self.COLUMNS, whole[-1])} if whole else {}

    def progress(self):
        said = self.figures()
        found = self.work / "new"
        return Progress(said.get("execs", 0), said.get("edges", 0), said.get("corpus", 0),
                        len(visible(self.work / "crashes")),
                        found.stat().st_mtime if found.is_dir() and any(found.iterdir()) else 0.0)

    def left(self):
        """Findings in the work folder; what else was found there goes to found/."""
        (self.work / "found").mkdir(parents=True, exist_ok=True)
        copy_new(visible(self.work / "new"), self.work / "found")
        return visible(self.work / "crashes")

    def outcome(self):
        said, crashes = self.figures(), self.left()
        summary = self.SUMMARY.findall(self.logs()[0])
        execs, speed = map(int, summary[-1] if summary else (0, 0))
        result = Outcome(execs=execs, execs_per_s=speed, edges=said.get("edges", 0),
                         new_crashes=crashes)
        codes = [process.returncode for process in self.processes]
        if any(codes) or not summary:
            result.problem = f"honggfuzz ended with {codes}"
        return result


KINDS = {"libfuzzer": LibFuzzer, "afl": Afl, "honggfuzz": Honggfuzz}


def make_run(entry, build, seconds, jobs=1):
    return KINDS[entry.engine](entry, build, seconds, jobs)
