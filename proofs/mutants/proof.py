"""Proves a mutated function anew, under limits that are enough for the function as it stands.

The function is first proved unchanged, attempt by attempt as the core is (prove_unit.attempts),
until all goals are proved: that is how far a mutant of it is tried too. A goal falls when it is
open where its namesake was proved; the run stops there. Answers about goals that are the same come
from a cache of the unchanged function's Valid ones, and nowhere else."""

import argparse
import json
import threading
from dataclasses import dataclass

from wp import framac, prove_unit, results, toolchain

OPTIONS = argparse.Namespace(functions=[], properties="", quick=False, show=False, ledger=False,
                             provers=["z3", "cvc4", "cvc5"], timeout=10, jobs=1, part=True,
                             first=prove_unit.FIRST_PROVER, seed=None)

REFUSAL = 1  # Frama-C's exit status for a program that it does not take


@dataclass(frozen=True)
class Verdict:
    """`proved`, `fell` or `refused`; of a goal that fell its name and what was answered."""

    state: str
    goal: str = ""
    answer: str = ""


class Fallen(Exception):
    """Ends a run at the first goal that falls."""


class Baselines:
    """How far each function has to be tried, kept in a file under a key of all that decides it."""

    def __init__(self, path):
        self.path = path
        self.writing = threading.Lock()

    def known(self):
        """What the file holds."""
        return json.loads(self.path.read_text(encoding="utf-8")) if self.path.exists() else {}

    def find(self, prover, unit, function, key):
        """Of one function, proved as it stands if that is not known; see Prover.baseline()."""
        with self.writing:
            left = self.known().get(key)
        if left is None:
            left = prover.baseline(unit, function)
            with self.writing:
                toolchain.write(self.path, json.dumps(self.known() | {key: left}, indent=0) + "\n")
        return left


class Prover:
    """Runs WP on one function of a copy of the core."""

    def __init__(self, copy, env, build):
        self.copy = copy
        self.env = env | {"PWD": str(copy.root)}
        self.cache = build / "cache"
        self.cache.mkdir(parents=True, exist_ok=True)
        prove_unit.forget_failures(self.cache)  # of a run that was ended

    def command(self, unit, function, attempt, mode):
        """The command line of one attempt; as for the core, but for the cache."""
        return ["frama-c", *unit.kernel(), *unit.wp(*attempt, OPTIONS.jobs),
                "-wp-cache", mode, "-wp-cache-dir", str(self.cache), "-wp-fct", function, unit.name]

    def run(self, unit, function, attempt, mode, each_goal=lambda goal: None):
        """One attempt: exit status and lines."""
        lines, waiting = [], []

        def each_line(line):
            lines.append(line)
            if waiting and not results.ATTEMPT.match(line):
                each_goal(results.goals(waiting)[0])
                waiting.clear()
            goal = results.GOAL.match(line)
            if goal and goal["verdict"]:
                each_goal(results.goals([line])[0])
            elif goal or waiting:  # what each prover said comes in the lines behind
                waiting.append(line)

        status, _ = framac.stream(self.command(unit, function, attempt, mode), self.env,
                                  each_line, self.copy.root)
        return status, lines

    def baseline(self, unit, function):
        """Names of the goals that each attempt leaves open; the last one leaves none."""
        try:
            return self.left_open(unit, function)
        finally:
            prove_unit.forget_failures(self.cache)

    def left_open(self, unit, function):
        """The same; the cache then holds failures as well."""
        left = []
        for attempt in prove_unit.attempts(OPTIONS):
            status, lines = self.run(unit, function, attempt, "update")
            closing = results.summary(lines)
            if status != 0 or (closing is None and not results.nothing_to_prove(lines)):
                framac.fail(unit, status, results.complaints(lines) or lines[-3:])
            left.append(sorted(goal.name for goal in results.goals(lines) if not goal.proved))
            if not left[-1]:
                return left
        raise toolchain.ProofError(f"{unit.name}: {function}: not proved as it stands: "
                                   f"{left[-1][0]}; prove the core first")

    def mutant(self, unit, function, left):
        """Tries a mutant as far as the function itself was tried."""
        for number, attempt in enumerate(prove_unit.attempts(OPTIONS)[:len(left)]):
            verdict = self.attempt(unit, function, attempt, set(left[number]))
            if verdict:
                return verdict
        raise toolchain.ProofError(f"{unit.name}: {function}: the last attempt told nothing")

    def attempt(self, unit, function, attempt, excused):
        """A verdict, or None if all that is open is excused until the next attempt."""
        fallen = []

        def each_goal(goal):
            if not goal.proved and goal.name not in excused:
                fallen.append(goal)
                raise Fallen

        try:
            status, lines = self.run(unit, function, attempt, "replay", each_goal)
        except Fallen:
            return Verdict("fell", fallen[0].name, fallen[0].verdicts())
        told, closing = results.complaints(lines), results.summary(lines)
        if told and status in (0, REFUSAL):
            return Verdict("refused", "", " | ".join(told)[:200])
        if status != 0 or (closing is None and not results.nothing_to_prove(lines)):
            # An end that says nothing of the mutant, such as by a signal, is no verdict.
            framac.fail(unit, status, told or lines[-2:])
        if closing is None or closing[0] == closing[1]:
            return Verdict("proved")
        return None if excused else Verdict("fell", "", "a goal is open by WP's closing count")

    def in_full(self, unit, function, left):
        """A second opinion on a goal that fell: every prover, at full length."""
        arrays = prove_unit.attempts(OPTIONS)[len(left) - 1][2]
        attempt = (OPTIONS.provers, OPTIONS.timeout, arrays)
        return self.attempt(unit, function, attempt, set())
