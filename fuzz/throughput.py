#!/usr/bin/python3
"""Inputs a second, held against floors: as ratios to a target that does nothing, in the same run.

    fuzz/throughput.py [--build DIR] [--make CMD] [--rounds N]

Each program runs in turn, N times over, from its own seeds with the flags of a real run, and those
without a floor once. What counts is the fastest of the rounds, in inputs by second of processor
time without the start: other load on the machine only ever takes away. So while a floor is missed
there are further rounds, N more at most. Also counts what a target allocates for one input. Writes
build/throughput.json and prints last `N passed, N failed`. Exit 0: all floors are kept; 1: one is
not, or a program did not run; 130: interrupted.
"""
import argparse
import json
import os
import re
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import engines
import legs
import store
import table

ROUNDS = 3


@dataclass(frozen=True)
class Probe:
    """One program, and what it must reach; without floors it is only told."""
    target: str
    leg: str
    inputs: int              # of one run: about a second
    ratio: float = None      # to the empty target
    speed: int = None        # inputs a second
    allocations: int = None  # at most so many for one input

    @property
    def name(self):
        return f"{self.target}-libfuzzer-{self.leg}"

    @property
    def floors(self):
        return {"ratio": self.ratio, "speed": self.speed, "allocations": self.allocations}

    @property
    def gated(self):
        return any(floor is not None for floor in self.floors.values())


EMPTY = Probe("empty", "plain", 1_000_000)
# handshake and reply decide each input once, which is what the floors are about; request decides it
# some hundred times over, and is told beside it.
PROBES = (
    EMPTY,
    *(Probe(target, "plain", 150_000, ratio=0.08, allocations=0) for target in table.ONCE),
    *(Probe(target, "spec", 80_000, ratio=0.03, allocations=0) for target in table.ONCE),
    Probe("request", "plain", 3_000),
    Probe("request", "spec", 3_000),
    *(Probe(entry.target, "eacsl", 2_500, speed=2_000) for entry in table.TABLE
      if entry.leg == "eacsl" and entry.engine == "libfuzzer"),
)


def seeds_of(probe):
    """Seeds by name: with a folder libFuzzer would write what it finds, and so measure the disk."""
    folder = Path("corpus") / (probe.target if probe.target in table.TARGETS else "handshake")
    return engines.visible(folder)


def command(probe, build, inputs, seed, more=()):
    names = build / "fuzz" / "throughput" / probe.name
    dictionary = table.dictionary(probe.target)
    length = table.length(probe.target, probe.leg)
    return [str((build / "fuzz" / "bin" / probe.name).resolve()), f"-seed_inputs=@{names}",
            f"-runs={inputs}", f"-seed={seed}", "-use_value_profile=0", "-print_final_stats=1",
            *([f"-dict={dictionary}"] if dictionary.exists() else []),
            *([f"-max_len={length}"] if length else []), *more]


def timed(words):
    """Inputs that were run, and seconds of processor time that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False,
                          env={**os.environ, "ASAN_OPTIONS": engines.FAST_ASAN})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = done.stdout.decode(errors="replace")
    ran = re.search(r"^stat::number_of_executed_units:\s+(\d+)", text, re.M)
    if done.returncode != 0 or not ran:
        raise store.Unusable(f"{' '.join(words[:1])} failed, exit {done.returncode}; the end of "
                             "what it said:\n" + "\n".join(text.splitlines()[-12:]))
    return int(ran.group(1)), (after.ru_utime - before.ru_utime +
                               after.ru_stime - before.ru_stime)


def speed(probe, build, seed):
    """Inputs by second of processor time, without the start and the seeds."""
    first, start = timed(command(probe, build, 1, seed))
    ran, spent = timed(command(probe, build, probe.inputs, seed))
    return (ran - first) / max(spent - start, 1e-3)


def allocations(probe, build):
    """What the target allocates for its longest seed; libFuzzer's own copy is not counted."""
    seed = max(seeds_of(probe), key=lambda path: path.stat().st_size)
    program = (build / "fuzz" / "bin" / probe.name).resolve()
    done = subprocess.run([str(program), "-trace_malloc=1", str(seed)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    counts = re.findall(r"^MallocFreeTracer: STOP (\d+) \d+ ", done.stdout.decode(errors="replace"),
                        re.M)
    if not counts:
        raise store.Unusable(f"{program} -trace_malloc=1 {seed}: no count of allocations")
    return int(counts[-1])


def judge(probe, row):
    """What is below its floor, in words."""
    if probe.ratio is not None and row["ratio"] < probe.ratio:
        yield f"ratio {row['ratio']:.4f}, expected at least {probe.ratio}"
    if probe.speed is not None and row["speed"] < probe.speed:
        yield f"{row['speed']} a second, expected at least {probe.speed}"
    if probe.allocations is not None and row["allocations"] > probe.allocations:
        yield f"{row['allocations']} allocations an input, expected {probe.allocations}"


def judged(probe, speeds, nothing, count):
    """A row of throughput.json; `nothing` is the speed of the empty target."""
    fastest = max(speeds)
    row = {"target": probe.target, "leg": probe.leg, "speed": round(fastest),
           "speeds": [round(one) for one in speeds], "ratio": round(fastest / nothing, 4),
           "allocations": count, "floors": probe.floors}
    row["below"] = list(judge(probe, row))
    return row


def measure(build, probes, rounds):
    """Rows for all probes, measured in turn."""
    (build / "fuzz" / "throughput").mkdir(parents=True, exist_ok=True)
    for probe in probes:
        names = ",".join(str(path.resolve()) for path in seeds_of(probe))
        store.write(build / "fuzz" / "throughput" / probe.name, names)
    speeds = {probe: [] for probe in probes}
    counts = {probe: None if probe == EMPTY else allocations(probe, build) for probe in probes}
    rows = []
    for turn in range(2 * rounds):
        if turn >= rounds and not any(row["below"] for row in rows):
            break
        for probe in probes:
            if turn == 0 or probe.gated or probe == EMPTY:
                speeds[probe].append(speed(probe, build, turn + 1))
        rows = [judged(probe, speeds[probe], max(speeds[EMPTY]), counts[probe])
                for probe in probes]
    return rows


def tell(row):
    floors = ", ".join(f"{name} {floor}" for name, floor in row["floors"].items()
                       if floor is not None)
    count = "" if row["allocations"] is None else f", {row['allocations']} allocations an input"
    print(f"throughput: {row['target']} {row['leg']}: {row['speed']} inputs a second, ratio "
          f"{row['ratio']:.4f}{count}" + (f" (floor: {floors})" if floors else ""))
    for problem in row["below"]:
        print(f"throughput: {row['target']} {row['leg']}: FAILED: {problem}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--make", default="make -f fuzz/fuzz.mk")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    build = Path(arguments.build)
    if arguments.rounds < 1:
        print(f"throughput: --rounds {arguments.rounds}: expected 1 or more", file=sys.stderr)
        return 2
    programs = [build / "fuzz" / "bin" / probe.name for probe in PROBES]
    if not legs.build_programs(arguments.make, programs):
        print("throughput: the programs were not built; nothing was measured", file=sys.stderr)
        return 1
    try:
        rows = measure(build, PROBES, arguments.rounds)
    except store.Unusable as unusable:
        print(f"throughput: {unusable}", file=sys.stderr)
        return 1
    for row in rows:
        tell(row)
    store.write(build / "throughput.json", json.dumps(rows, indent=1) + "\n")
    gated, failed = sum(probe.gated for probe in PROBES), sum(bool(row["below"]) for row in rows)
    print(f"{gated - failed} passed, {failed} failed")
    return 1 if failed or not gated else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nthroughput: interrupted; build/throughput.json is as it was", file=sys.stderr)
        sys.exit(130)
