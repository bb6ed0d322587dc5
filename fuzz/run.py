#!/usr/bin/python3
"""Builds and runs fuzz targets, and records what the engines say of themselves.

    fuzz/run.py [--build DIR] [--make CMD] [--time S] [--jobs N] one TARGET ENGINE LEG
    fuzz/run.py [--build DIR] [--make CMD] [--time S] [--jobs N] all

`one` runs N processes of one engine on one target; `all` runs the whole table, N entries at
once. Each finding is kept in build/fuzz/TARGET/crashes/, and build/fuzz.json has an entry for
each target, engine and leg that ran to its end. Exit 0: nothing found; 1: a finding, or an
engine that did not work; 2: bad arguments; 130: interrupted.
"""
import argparse
import fcntl
import hashlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import engines
import table

TICK_S = 0.5
REPORT_S = 10


class Unusable(Exception):
    """Bad arguments, in one line."""


def corpus_of(target):
    """How many files are checked in for a target, and a hash over their names and octets."""
    digest, files = hashlib.sha256(), engines.visible(table.corpus(target))
    for path in files:
        octets = path.read_bytes()
        digest.update(f"{path.name} {len(octets)}\n".encode() + octets)
    return len(files), digest.hexdigest()


def keep_crashes(run, files):
    """Keeps findings where no later run touches them; gives their paths."""
    kept = []
    for path in files:
        kind = "hang" if "hang" in str(path.parent.name) or "timeout" in path.name else "crash"
        target = run.crashes / f"{kind}-{run.entry.engine}-{run.entry.leg}-{engines.sha1_of(path)}"
        run.crashes.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
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
    """Reads what the engine said, keeps and records it. Gives whether the run was clean."""
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
    return not crashes and not problem


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

    def __init__(self, runs, at_once, build):
        self.waiting, self.at_once, self.build = list(runs), at_once, build
        self.active, self.clean = [], True

    def step(self):
        while self.waiting and len(self.active) < self.at_once:
            run = self.waiting.pop(0)
            run.start()
            print(f"fuzz: {run.entry}: {run.seconds} s", flush=True)
            self.active.append((run, time.time()))
        for pair in list(self.active):
            run, started = pair
            if time.time() - started > run.seconds + engines.GRACE_S:
                run.end()
            if not run.running():
                self.active.remove(pair)
                self.clean = finish(run, self.build, started) and self.clean

    def report(self):
        for run, started in self.active:
            execs, edges = run.progress()
            print(f"fuzz: {run.entry}: {time.time() - started:.0f} of {run.seconds} s, "
                  f"{execs} inputs, {edges} edges", flush=True)

    def loop(self):
        told = time.time()
        try:
            while self.waiting or self.active:
                self.step()
                if time.time() - told >= REPORT_S:
                    self.report()
                    told = time.time()
                time.sleep(TICK_S)
        except BaseException:
            for run, _ in self.active:
                stop(run)
            raise
        return self.clean


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--make", default="make -f fuzz/fuzz.mk")
    parser.add_argument("--time", default="60")
    parser.add_argument("--jobs", default="")
    parser.add_argument("what", choices=("one", "all"))
    parser.add_argument("more", nargs="*")
    arguments = parser.parse_args()
    build = Path(arguments.build)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        entries, at_once, jobs = plan(arguments)
        seconds = number(arguments.time, "TIME", 10_000_000)
        if not build_programs(arguments.make, build, entries):
            return 1
        runs = [engines.make_run(entry, build, seconds, jobs) for entry in entries]
        return 0 if Scheduler(runs, at_once, build).loop() else 1
    except (Unusable, FileNotFoundError) as unusable:
        print(f"fuzz: {unusable}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nfuzz: interrupted; findings so far are kept, build/fuzz.json is as it was",
              file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
