#!/usr/bin/python3
"""Measures ours against its peers, all in one run and by turns.

    bench.py [--rounds N] [--build FOLDER] [--missed told] PEERS OURS...

PEERS and OURS are programs of core/bench/run.c; OURS are named BUILD-LAYOUT. First every subject
answers every input, and all answers must be right; then everything is timed once in each round, in
an order of the round's own; then instructions are counted under callgrind. Writes bench.json (rows)
and bench-targets.json below FOLDER, and callgrind's own files to FOLDER/bench/callgrind. Exit 1
with a line for each wrong subject, or for each missed target; 2 for what cannot be used. With
`--missed told` a ratio above its target has its line too, and fails nothing: that is for a night,
which compares each ratio with that of the night before.
"""
import argparse
import os
import random
import sys
import time
from pathlib import Path

import answer
import inputs
import results
from program import Broken, Program, counted

SAMPLE_NS = 3_000_000  # a sample lasts about so long
SHOWN = 3  # wrong answers printed for each subject and input


def say(line):
    print(line, flush=True)


def used_by(kind):
    """The inputs of subjects of a kind."""
    if kind == "accept":
        return ("key",)
    if kind == "wide":
        shaped = (f"{shape}-{kib}k" for shape in inputs.SHAPES for kib in inputs.KIBS)
        return ("base", *shaped)
    return inputs.HANDSHAKES


def wrong_answers(program, subject, kind, given, requests):
    """What is wrong with the answers of a subject to an input, one line for each."""
    got = program.answers(subject, given)
    if len(got) != len(requests):
        yield f"{len(got)} answers to {len(requests)} requests"
        return
    for number, (one, request) in enumerate(zip(got, requests)):
        key = request if kind == "accept" else inputs.key_of(request)
        problem = answer.problem(kind, one, key)
        if problem:
            yield f"request {number}: {problem}"


def check(programs, made):
    """Lines that say which subject answered what wrongly; none if all is right."""
    lines = []
    for program in programs:
        for subject, kind in program.subjects():
            for given in used_by(kind):
                found = list(wrong_answers(program, subject, kind, given, made[given]))
                for line in found[:SHOWN]:
                    lines.append(f"wrong: {subject} of {program.path} on {given}: {line}")
                if len(found) > SHOWN:
                    lines.append(f"wrong: {subject} of {program.path} on {given}: and "
                                 f"{len(found) - SHOWN} more")
    return lines


def written_for(program, subject, given):
    """Octets of all answers to an input."""
    return sum(len(one) for one in program.answers(subject, given))


class Job:
    """One subject of one program on one input, and its samples."""

    def __init__(self, program, subject, kind, given, count):
        self.program, self.subject, self.given, self.count = program, subject, given, count
        self.measured = results.Measured(subject, kind, given, program.build, program.layout, [])
        self.octets = written_for(program, subject, given)
        self.passes = max(1, 32 // count)
        self.passes = max(1, self.passes * SAMPLE_NS // max(1, self.time()))

    def time(self):
        """Nanoseconds of all passes. What is timed has to write what was found right."""
        nanoseconds, written = self.program.time(self.subject, self.given, self.passes)
        if written != self.passes * self.octets:
            raise Broken(f"{self.subject} of {self.program.path} on {self.given}: wrote {written} "
                         f"octets when timed, expected {self.passes * self.octets}")
        return nanoseconds

    def sample(self):
        self.measured.samples.append(self.time() / (self.passes * self.count))


def timed(programs, made, rounds):
    """Measured, for everything but the shapes, which are only counted."""
    jobs = [Job(program, subject, kind, given, len(made[given]))
            for program in programs for subject, kind in program.subjects() if kind != "wide"
            for given in used_by(kind)]
    draw, last = random.Random(1), 0.0
    for number in range(1, rounds + 1):
        draw.shuffle(jobs)
        for job in jobs:
            job.sample()
        if time.monotonic() - last > 5 or number == rounds:
            last = time.monotonic()
            say(f"bench: round {number} of {rounds}, {len(jobs)} times each")
    return sorted((job.measured for job in jobs), key=lambda one: (one.build, one.layout))


def count(program, made, folder):
    """(build, subject, input) -> instructions for one request."""
    asked = [(subject, given, inputs.counted_passes(made[given]))
             for subject, kind in program.subjects() for given in used_by(kind)]
    say(f"bench: counting instructions of {program.path}, {len(asked)} times")
    got = counted(program.path, program.inputs, asked, folder)
    return {(program.build, subject, given): round(got[subject, given] /
                                                   (passes * len(made[given])), 1)
            for subject, given, passes in asked}


def counts(programs, made, folder):
    """The peers', and ours as its first layout of each build that callgrind can run."""
    found = {}
    for program in programs:
        first = not any(key[0] == program.build for key in found)
        if first and program.build != "native":  # callgrind knows no AVX-512
            found.update(count(program, made, folder / (program.build or "peers")))
    return found


def report(made, shapes, path, told=False):
    """Prints, writes, and returns the exit status; `told`: that of what was not measured, or is not
    linear, alone."""
    targets = list(results.judged(made))
    for given in (*inputs.HANDSHAKES, "key"):
        say("")
        for line in results.table(made, given):
            say(line)
    say("\nns: processor time for one request, the median of the rounds; for ours the median of "
        "the layouts.\nInstructions are callgrind's, whose processor has no SHA extensions: "
        "OpenSSL takes another way there.\n")
    for line in results.linear_table(shapes):
        say(line)
    say("")
    for line in results.target_table(targets, shapes):
        say(line)
    results.write_json(path / "bench.json", made)
    results.write_json(path / "bench-targets.json", {"targets": targets, "linear": shapes})
    say(f"\nbench: see {path}/bench.json, {path}/bench-targets.json")
    for line in results.missed(targets, shapes):
        say(line)
    if told:
        targets = [one for one in targets if one["ratio"] is None]
    return 1 if list(results.missed(targets, shapes)) else 0


def load_warning():
    """Other work takes caches and clock rate with it, and the spread grows."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > cores / 2:
        say(f"bench: the load is {load:.1f} on {cores} cores: times will spread more than alone")


def run(peers, ours, build, rounds, told):
    """Everything; the exit status."""
    folder, made = build / "bench", inputs.generated()
    for name, requests in made.items():
        (folder / "inputs").mkdir(parents=True, exist_ok=True)
        (folder / "inputs" / f"{name}.bin").write_bytes(inputs.packed(requests))
    if wrong := inputs.differing(made, inputs.expected()):
        raise Broken(f"{', '.join(wrong)}: not what core/bench/inputs.sha256 says")
    files = tuple(f"{name}={folder}/inputs/{name}.bin" for name in made)
    programs = [Program(peers, files)]
    for path in ours:
        name, _, layout = Path(path).name.rpartition("-")
        if name not in results.BUILDS or not layout.isdigit():
            raise Broken(f"{path}: expected a program named BUILD-LAYOUT, BUILD one of "
                         f"{', '.join(results.BUILDS)}")
        programs.append(Program(path, files, name, int(layout)))
    load_warning()
    try:
        for program in programs:
            program.start()
        say(f"bench: checking the answers of {len(programs)} programs")
        if wrong := check(programs, made):
            for line in wrong:
                say(line)
            return 1
        instructions = counts(programs, made, folder / "callgrind")
        measured = timed(programs, made, rounds)
    finally:
        for program in programs:
            program.stop()
    sizes = {name: len(requests[0]) for name, requests in made.items()}
    wide = {name: value for (build_, subject, name), value in instructions.items()
            if (build_, subject) == (results.COUNTED, "upheld_wide")}
    return report(results.rows(measured, instructions), results.linear(wide, sizes), build,
                  told)


def main(arguments):
    parser = argparse.ArgumentParser(prog="bench.py", usage="bench.py [--rounds N] [--build FOLDER]"
                                                            " [--missed told] PEERS OURS...")
    parser.add_argument("--rounds", default="41")
    parser.add_argument("--missed", default="fail")
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("peers")
    parser.add_argument("ours", nargs="+")
    options = parser.parse_args(arguments)
    if not options.rounds.isdigit() or not 3 <= int(options.rounds) <= 10000:
        print(f"bench.py: ROUNDS is {options.rounds!r}; expected a number from 3 to 10000",
              file=sys.stderr)
        return 2
    if options.missed not in ("fail", "told"):
        print(f"bench.py: MISSED is {options.missed!r}; expected fail or told", file=sys.stderr)
        return 2
    try:
        return run(options.peers, options.ours, options.build, int(options.rounds),
                   options.missed == "told")
    except (Broken, OSError) as why:
        print(f"bench.py: {why}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nbench: interrupted; earlier results are as they were", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
