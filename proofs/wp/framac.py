"""Command lines of Frama-C, and running one with its progress shown."""

import os
import pathlib
import signal
import subprocess
import sys

from . import toolchain

# Default-off guards included: wrapping sums and narrowing casts are legal C and no run-time error,
# but in a parser they are mistakes until shown otherwise.
GUARDS = ["-wp-rte", "-warn-unsigned-overflow", "-warn-unsigned-downcast",
          "-warn-signed-downcast", "-warn-invalid-pointer", "-warn-right-shift-negative"]

# A contract that does not parse, or a function without one, must stop the run: Frama-C's default
# for the last two is to go on with an invented contract.
STRICT = ["-kernel-warn-key", "annot-error=abort", "-kernel-warn-key", "annot:missing-spec=abort",
          "-kernel-warn-key", "typing:implicit-function-declaration=abort"]


# WP runs without a driver, so solvers know what WP's own theories say and nothing else. Whoever
# adds one with -wp-driver lists it here: name, reason, checked_by.
SOLVER_THEORIES = []


# Frama-C's names of the machines for which the core is proved; ledger, claims and report speak of
# the first.
MACHDEPS = ("gcc_x86_64", "gcc_x86_32")


class Unit:
    """One C file to prove, for one machine. Only a self-test drops a guard."""

    def __init__(self, path, drop=(), machdep=MACHDEPS[0]):
        self.path = pathlib.Path(path)
        self.name = relative(self.path)
        self.drop = list(drop)
        self.machdep = machdep

    def results(self):
        """The folder for what a proof of the file leaves behind."""
        usual = self.machdep == MACHDEPS[0]
        return toolchain.BUILD / ("proofs" if usual else f"proofs-{self.machdep}")

    def kernel(self):
        """Options under which the file is read."""
        include = f"-I{relative(self.path.resolve().parent)}"
        return ["-machdep", self.machdep, f"-cpp-extra-args=-Icore {include}", *STRICT]

    def guards(self):
        """Run-time errors and suspicious arithmetic that must be proved absent."""
        return [guard for guard in GUARDS if guard not in self.drop]

    def wp(self, provers, timeout, arrays=True, jobs=2):
        """Options of a proof, without its selection and its outputs. Without `arrays`, nothing is
        assumed of what constant arrays hold."""
        known = [] if arrays else ["-wp-no-init-const"]
        return ["-wp", *self.guards(), *known, "-wp-model", "Typed",
                "-wp-prover", ",".join(provers),
                "-wp-timeout", str(timeout), "-wp-par", str(jobs)]


def relative(path):
    """Path as it reads from the project's root, where Frama-C runs."""
    path = pathlib.Path(path).resolve()
    try:
        return str(path.relative_to(toolchain.ROOT))
    except ValueError:
        return str(path)


RUNNING = set()  # process groups of Frama-C and its provers


def stop_all():
    """Ends every run that is under way; nothing of it stays behind."""
    for group in list(RUNNING):
        try:
            os.killpg(group, signal.SIGTERM)
        except ProcessLookupError:
            pass


def stream(command, env, each_line=lambda line: None, cwd=None):
    """Runs a command from the project's root, or `cwd`, and hands on each line as it comes.

    Returns exit status and all lines. The provers are children in the same process group, which
    ends with us: an interrupted run leaves none of them behind."""
    try:
        process = subprocess.Popen(command, cwd=cwd or toolchain.ROOT, env=env, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   start_new_session=True)
    except FileNotFoundError as error:
        raise toolchain.ProofError(f"{command[0]}: not found; run ci/setup prove") from error
    RUNNING.add(process.pid)
    lines = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            each_line(lines[-1])
        return process.wait(), lines
    finally:
        RUNNING.discard(process.pid)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def fail(unit, status, told):
    """Raises for a run that Frama-C did not finish."""
    raise toolchain.ProofError(f"{unit.name}: frama-c exit {status}: {' | '.join(told)}")


class Progress:
    """A counter on a terminal; nothing elsewhere, nor where several files share the terminal."""

    def __init__(self, name, alone):
        self.name = name
        self.done = 0
        self.total = 0
        self.shown = alone and sys.stderr.isatty()

    def __call__(self, line):
        words = line.split()
        if line.endswith("goals scheduled"):
            self.total += int(words[1])
        elif " Goal " in line or " Smoke-test " in line:
            self.done += 1
        else:
            return
        if self.shown:
            print(f"\r{self.name}: {self.done} of {self.total} goals ", end="", file=sys.stderr)

    def clear(self):
        """Removes the counter, so that the result line stands alone."""
        if self.shown:
            print("\r\033[K", end="", file=sys.stderr)
