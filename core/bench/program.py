"""Talks to a program of run.c: asks for answers, times and instruction counts."""
import contextlib
import re
import subprocess
from dataclasses import dataclass, field


class Broken(Exception):
    """A program ended, or said what it does not say."""


@dataclass
class Program:
    """A program that waits for commands. `build` is what it was built with, `layout` which."""
    path: str
    inputs: tuple
    build: str = ""
    layout: int = 0
    process: subprocess.Popen = field(default=None, repr=False)

    def start(self):
        self.process = subprocess.Popen([self.path, *self.inputs], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        return self

    def stop(self):
        if self.process:
            # Closes both pipes, though one that ended by itself can take nothing any more.
            with contextlib.suppress(BrokenPipeError):
                self.process.__exit__(None, None, None)

    def line(self):
        text = self.process.stdout.readline()
        if not text:
            raise Broken(f"{self.path}: ended with status {self.process.wait()}")
        return text.rstrip("\n")

    def lines(self):
        """Up to the empty line that ends a reply."""
        while text := self.line():
            yield text

    def say(self, *words):
        try:
            self.process.stdin.write(" ".join(map(str, words)) + "\n")
            self.process.stdin.flush()
        except OSError as why:
            raise Broken(f"{self.path}: ended with status {self.process.wait()}") from why

    def subjects(self):
        """[(name, kind)]"""
        self.say("list")
        return [tuple(line.split()) for line in self.lines()]

    def answers(self, subject, name):
        """An answer for each request of the input, None where there was none."""
        self.say("answers", subject, name)
        return [None if line == "-" else bytes.fromhex(line) for line in self.lines()]

    def time(self, subject, name, passes):
        """(nanoseconds, octets written) of that many passes."""
        self.say("time", subject, name, passes)
        nanoseconds, written = self.line().split()
        return int(nanoseconds), int(written)


def counted(path, inputs, asked, folder):
    """Instructions under callgrind: (subject, input) -> all passes together, for asked triples of
    subject, input and passes. Leaves callgrind's files, callgrind.SUBJECT.INPUT, in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("callgrind.*"):
        old.unlink()
    commands = "".join(f"time {subject} {name} {passes}\n" for subject, name, passes in asked)
    ran = subprocess.run(["valgrind", "--quiet", "--tool=callgrind",
                          "--toggle-collect=bench_measured", "--dump-after=bench_measured",
                          f"--callgrind-out-file={folder}/callgrind.out", path, *inputs],
                         input=commands, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise Broken(f"{path} under callgrind: status {ran.returncode}: {ran.stderr[-300:]}")
    # One dump for each command, numbered from 1 in their order.
    got = {}
    for number, (subject, name, _) in enumerate(asked, 1):
        dump = folder / f"callgrind.out.{number}"
        summary = re.search(r"^summary: (\d+)", dump.read_text() if dump.exists() else "", re.M)
        if not summary or summary[1] == "0":
            raise Broken(f"{path} under callgrind: {dump} counts nothing; expected the "
                         f"instructions of {subject} on {name}")
        got[subject, name] = int(summary[1])
        dump.rename(folder / f"callgrind.{subject}.{name}")
    return got
