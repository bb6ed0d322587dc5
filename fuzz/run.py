#!/usr/bin/python3
"""Builds and runs fuzz targets, and records what the engines say of themselves.

    fuzz/run.py [OPTION...] one TARGET ENGINE LEG
    fuzz/run.py [OPTION...] all

`one` runs N processes of one engine on one target (--jobs N); `all` runs the whole table, N entries
at once. Each finding is kept in build/fuzz/TARGET/crashes/ and goes to triage.py in the end, and
build/fuzz.json has an entry for each target, engine and leg that ran to its end. A run goes on from
what earlier ones found, however they ended. `all` goes on without an engine that cannot be brought.
Exit 0: nothing found; 1: a finding, an engine that did not work or was skipped, or a full disk;
2: bad arguments or input; 130: interrupted.
"""
import argparse
import fcntl
import hashlib
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import engines
import store
import table
import triage
from store import Unusable

TICK_S = 0.5
REPORT_S = 10
FREE = ("make room and start again; corpus/ is as it was, and what was found so far is where the "
        "next run goes on")


def corpus_of(target):
    """How many files are checked in for a target, and a hash over their names and octets."""
    digest, files = hashlib.sha256(), engines.visible(table.corpus(target))
    for path in files:
        octets = path.read_bytes()
        digest.update(os.fsencode(path.name) + f" {len(octets)}\n".encode() + octets)
    return len(files), digest.hexdigest()


def keep_crashes(run, files):
    """Moves findings to where no later run touches them; gives their paths."""
    kept = []
    for path in files:
        slow = path.parent.name == "hangs" or re.match(r"timeout|SIGVTALRM", path.name)
        kind = "hang" if slow else "crash"
        target = run.crashes / f"{kind}-{run.entry.engine}-{run.entry.leg}-{engines.sha1_of(path)}"
        run.crashes.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            store.place(path, target)
        path.unlink()
        kept.append(str(target))
    return sorted(set(kept))


def record(build, row):
    """Puts a row into fuzz.json in place of the earlier one; whole or not at all. Rows of what is
    no longer in the table go."""
    build.mkdir(parents=True, exist_ok=True)
    path = build / "fuzz.json"
    key = ("target", "engine", "leg")
    with (build / "fuzz.json.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            rows = json.loads(path.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            rows = []
        there = {(e.target, e.engine, e.leg) for e in table.TABLE} - {tuple(row[k] for k in key)}
        rows = [old for old in rows if tuple(old.get(k) for k in key) in there] + [row]
        rows.sort(key=lambda old: [str(old.get(k)) for k in key])
        new = path.with_name("fuzz.json.new")
        new.write_text(json.dumps(rows, indent=1) + "\n")
        os.replace(new, path)


def finish(run, build, started):
    """Reads what the engine said, keeps and records it. Gives whether the run was clean, and
    what was found."""
    outcome = run.outcome()
    crashes = keep_crashes(run, outcome.new_crashes)
    files, sha256 = corpus_of(run.entry.target)
    record(build, {
        "target": run.entry.target, "engine": run.entry.engine, "leg": run.entry.leg,
        "seconds": round(time.time() - started, 1), "execs": outcome.execs,
        "execs_per_s": outcome.execs_per_s, "edges": outcome.edges, "features": outcome.features,
        "corpus_files": files, "corpus_sha256": sha256, "crashes": crashes})
    problem = outcome.problem
    if not outcome.execs or not outcome.edges:
        problem = problem or f"ran {outcome.execs} inputs and saw {outcome.edges} edges"
    print(f"fuzz: {run.entry}: {outcome.execs} inputs, {outcome.execs_per_s}/s, "
          f"{outcome.edges} edges, {len(crashes)} findings", flush=True)
    for path in crashes:
        print(f"fuzz: {run.entry}: see it again with: make repro FILE={path}", flush=True)
    if problem:
        print(f"fuzz: {run.entry}: FAILED: {problem}; the end of {run.log(0)}:\n"
              f"{engines.tail(run.log(0))}", file=sys.stderr, flush=True)
    return not crashes and not problem, crashes


def rescue(run):
    """Keeps what a run that was killed has left in its folder, before the next one clears it."""
    there = {path.name for path in run.crashes.glob("*")}
    kept = [path for path in keep_crashes(run, run.left()) if Path(path).name not in there]
    if kept:
        print(f"fuzz: {run.entry}: {len(kept)} findings of a run that was killed are kept in "
              f"{run.crashes}", flush=True)


def stop(run):
    """Interrupted: findings so far are kept, nothing is recorded."""
    run.end(signal.SIGINT)
    deadline = time.time() + 5
    while run.running() and time.time() < deadline:
        time.sleep(TICK_S)
    run.end()
    keep_crashes(run, run.outcome().new_crashes)


class Scheduler:
    """Runs entries, so many at a time, each for its seconds."""

    def __init__(self, runs, at_once, build, every=REPORT_S, room=store.ROOM_MB):
        self.waiting, self.at_once, self.build = list(runs), at_once, build
        self.every, self.room = every, room
        self.active, self.clean, self.found = [], True, set()

    def step(self):
        store.check_room(self.build, self.room)
        while self.waiting and len(self.active) < self.at_once:
            run = self.waiting.pop(0)
            rescue(run)
            run.start()
            print(f"fuzz: {run.entry}: {run.seconds} s", flush=True)
            self.active.append((run, time.time()))
        for pair in list(self.active):
            run, started = pair
            if time.time() - started > run.seconds + engines.GRACE_S:
                run.end()
            if not run.running():
                self.active.remove(pair)
                clean, crashes = finish(run, self.build, started)
                self.clean = clean and self.clean
                self.found |= {run.entry.target} if crashes else set()

    def report(self):
        for run, started in self.active:
            print(f"fuzz: {run.entry}: {time.time() - started:.0f} of {run.seconds} s, "
                  f"{run.progress()}", flush=True)

    def loop(self):
        told = time.time()
        try:
            while self.waiting or self.active:
                self.step()
                if time.time() - told >= self.every:
                    self.report()
                    told = time.time()
                time.sleep(TICK_S)
        except BaseException:
            for run, _ in self.active:
                stop(run)
            raise
        return self.clean


def without_absent(make, runs):
    """The runs whose engine make can bring; says which others are skipped."""
    absent = {need for need in {run.needs for run in runs if run.needs}
              if subprocess.run([*shlex.split(make), str(need)], check=False).returncode != 0}
    for run in runs:
        if run.needs in absent:
            print(f"fuzz: {run.entry}: SKIPPED: {run.needs} cannot be had, as said above; the run "
                  "fails for it in the end", file=sys.stderr, flush=True)
    return [run for run in runs if run.needs not in absent]


def build_programs(make, build, entries):
    targets = [str(build / "fuzz" / "bin" / entry.name) for entry in entries]
    done = subprocess.run([*shlex.split(make), *targets], check=False)
    if done.returncode != 0:
        print("fuzz: the programs were not built; nothing was run", file=sys.stderr)
    return done.returncode == 0


def number(text, name, most):
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise Unusable(f"{name}={text}: expected a whole number from 1 to {most}")
    return int(text)


def switch(text, name):
    if text not in ("", "yes", "no"):
        raise Unusable(f"{name}={text}: expected yes or no")
    return text != "no"


def plan(arguments):
    """Entries to run, how many at once, and how many processes each has."""
    jobs = number(arguments.jobs, "JOBS", 256) if arguments.jobs else None
    if arguments.what == "all":
        if arguments.more:
            raise Unusable("all takes no further word")
        return table.TABLE, jobs or os.cpu_count() or 1, 1
    if len(arguments.more) != 3:
        raise Unusable("one needs TARGET, ENGINE and LEG (which may be empty)")
    entry, wrong = table.find(*arguments.more)
    if wrong:
        raise Unusable(wrong)
    return (entry,), 1, jobs or 1


def hunt(arguments, build):
    """Plans, builds, runs and sorts; gives the exit status."""
    entries, at_once, jobs = plan(arguments)
    seconds = number(arguments.time, "TIME", 10_000_000)
    runs = [engines.make_run(entry, build, seconds, jobs) for entry in entries]
    mutator = switch(arguments.mutator, "MUTATOR")
    dictionary = switch(arguments.dictionary, "DICT")
    for run in runs:
        run.use_mutator, run.use_dictionary = mutator, dictionary
        run.check()
    with ExitStack() as holds:
        for run in runs:
            holds.enter_context(store.held(run.work, run.entry))
        there = without_absent(arguments.make, runs) if arguments.what == "all" else runs
        if not build_programs(arguments.make, build, [run.entry for run in there]):
            return 1
        scheduler = Scheduler(there, at_once, build, arguments.report, arguments.room)
        clean = scheduler.loop()
    if scheduler.found and not arguments.no_triage:
        triage.triage(sorted(scheduler.found), build, arguments.make)
    return 0 if clean and there == runs else 1


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--make", default="make -f fuzz/fuzz.mk")
    parser.add_argument("--time", default="60", help="seconds for each entry")
    parser.add_argument("--jobs", default="")
    parser.add_argument("--mutator", default="")
    parser.add_argument("--dictionary", default="")
    parser.add_argument("--report", type=float, default=REPORT_S, metavar="S",
                        help="seconds between lines of progress")
    parser.add_argument("--room", type=int, default=store.ROOM_MB, metavar="MB",
                        help="stop when fewer are left on the disk")
    parser.add_argument("--no-triage", action="store_true", help="keep findings, and no more")
    parser.add_argument("what", choices=("one", "all"))
    parser.add_argument("more", nargs="*")
    return parser.parse_args()


def main():
    arguments = options()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # names of files may be any octets
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        return hunt(arguments, Path(arguments.build))
    except Unusable as unusable:
        print(f"fuzz: {unusable}", file=sys.stderr)
        return 2
    except store.Full as full:
        print(f"fuzz: {full}: {FREE}", file=sys.stderr)
        return 1
    except OSError as wrong:
        if not store.is_full(wrong):
            raise
        print(f"fuzz: {wrong.filename or arguments.build}: {wrong.strerror}: {FREE}",
              file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nfuzz: interrupted; findings so far are kept, build/fuzz.json is as it was",
              file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
