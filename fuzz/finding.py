"""finding.py: runs a program on an input and says what broke: which property, and where.

Two inputs show the same bug if they break the same property in the same functions of ours.
"""
import hashlib
import os
import re
import signal
import subprocess
from dataclasses import dataclass

import engines

FRAMES = 3  # functions, from the innermost, that tell one bug from another
SYMBOLIZER = "/usr/bin/llvm-symbolizer-19"
# What any input passes through, or what is called only to stop.
COMMON = {"fuzz_broken", "LLVMFuzzerTestOneInput", "eacsl_target", "__e_acsl_assert",
          "replay_file", "replay_path", "replay_directory", "main"}

CLAUSE = re.compile(r"R\d+-[\w.]+-\w+|R\d+-E\d+")
FRAME = re.compile(r"^\s*#\d+ 0x[0-9a-f]+ (?:in (\S+) (\S+)|\((\S+)\))", re.M)
OURS = re.compile(r"(?:^|/)((?:core|fuzz)/[\w/]+\.[ch])")
# In the order in which they count: a check that is broken says more than the signal behind it.
SAYINGS = (
    (re.compile(r"^FUZZ_CHECK broken: (.+?) \[[\w./-]+:\d+: .*\]$", re.M), "{}"),
    (re.compile(r"^E-ACSL: (.+?) broken \[", re.M), "E-ACSL: {}"),
    (re.compile(r"^\S+?:\d+:\d+: runtime error: (.+)$", re.M), "UBSan: {}"),
    (re.compile(r"ERROR: AddressSanitizer: (?!UNKNOWN SIGNAL|ABRT)([\w-]+)"),
     "AddressSanitizer: {}"),
    (re.compile(r"WARNING: MemorySanitizer: ([\w-]+)"), "MemorySanitizer: {}"),
    (re.compile(r"ERROR: (LeakSanitizer): detected memory leaks"), "{}: memory leaks"),
    (re.compile(r"ERROR: libFuzzer: (timeout|out-of-memory)"), "libFuzzer: {}"),
)


@dataclass(frozen=True)
class Finding:
    """What one program says of one input that it does not pass."""
    what: str              # the property, with its clause in front if it has one
    frames: tuple          # functions of ours, the innermost first
    place: str             # where in the program the innermost is, without names
    text: str              # all that was printed

    @property
    def clause(self):
        found = CLAUSE.match(self.what)
        return found.group() if found else ""

    @property
    def key(self):
        return self.what, self.frames

    def name(self, target):
        """A short name that the same bug always gets."""
        words = "\n".join((target, self.what, *self.frames))
        return hashlib.sha1(words.encode(errors="replace")).hexdigest()[:12]


def environment(names):
    """Sanitizers that abort and print the stack of an abort; symbols only if they are wanted,
    since to look them up takes ten times as long as the input."""
    where = {f"{tool}_SYMBOLIZER_PATH": SYMBOLIZER for tool in ("ASAN", "MSAN")}
    more = f"symbolize={int(names)}"
    return {**os.environ, **where,
            "ASAN_OPTIONS": f"abort_on_error=1:handle_abort=1:{more}",
            "MSAN_OPTIONS": f"abort_on_error=1:{more}",
            "UBSAN_OPTIONS": f"abort_on_error=1:print_stacktrace=1:{more}"}


def first_stack(text):
    """Frames of the first stack that was printed, as (function, file, place)."""
    found = []
    for line in text.splitlines():
        frame = FRAME.match(line)
        if frame:
            found.append(frame.groups())
        elif found and not line.strip():
            break
    return found


def frames_of(text):
    """Functions of ours in the first stack, by the names that they have in the source."""
    names = []
    for function, file, _ in first_stack(text):
        if function and (OURS.search(file) or "/eacsl/" in file):
            name = function.removeprefix("__gen_e_acsl_")
            if name not in COMMON and name not in names[-1:]:
                names.append(name)
    return tuple(names[:FRAMES])


def place_of(text, program):
    """Where in the program the innermost frame is; stacks without names have it."""
    own = (place for _, _, place in first_stack(text) if place)
    return next((place.rpartition("+")[2] for place in own if f"/{program.name}+" in place), "")


def property_of(text, code):
    """What is broken, without what differs from input to input: numbers and addresses."""
    for pattern, form in SAYINGS:
        found = pattern.search(text)
        if found:
            what = form.format(found.group(1))
            return what if "FUZZ_CHECK" in found.group(0) else re.sub(r"0x[0-9a-f]+|\d{2,}", "N",
                                                                      what)
    if code < 0:
        return f"ended by {signal.Signals(-code).name}"
    return f"ended with exit {code}"


def run(program, paths, names=True, limit=engines.TIMEOUT_S):
    """What the program says of these files: a Finding, or None if it takes them."""
    command = [str(program.resolve()), *map(str, paths)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False, timeout=limit,
                              env=environment(names))
    except subprocess.TimeoutExpired:
        return Finding(f"no end after {limit} s", (), "", "")
    text = done.stdout.decode(errors="replace")
    if done.returncode == 0:
        return None
    return Finding(property_of(text, done.returncode), frames_of(text), place_of(text, program),
                   text)
