"""Runs a mutant beside the core, under the fuzz targets, until an input tells them apart.

What does not depend on the mutant is built once. The core's side is plain; the mutant's side has
the address sanitizer and traps at what C leaves undefined, at sums that wrap and at narrowing
casts, since the proof excludes all of these. libFuzzer makes the inputs: the whole corpus first,
then mutations of it that its seed decides."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
from dataclasses import dataclass

from wp import toolchain

CLANG = "clang-19"
TARGETS = ("request", "response", "round_trip", "connect", "list", "access", "pieces", "answer",
           "policy", "rest")
CORPUS = {"rest": "accept"}  # whose corpus a target takes, if not that of its name
HELP = ("naive", "shared")  # folders of fuzz/ that targets link with
PLAIN = ["-std=c11", "-O2", "-w", "-D_GNU_SOURCE"]
TRAPS = "undefined,alignment,pointer-overflow,bounds,implicit-conversion,unsigned-integer-overflow"
MUTANT = ["-std=c11", "-O1", "-w", "-fsanitize=address", f"-fsanitize={TRAPS}",
          f"-fsanitize-trap={TRAPS}", "-fsanitize=fuzzer-no-link",
          "-fno-sanitize-coverage=trace-cmp"]
# Inputs of at most so many octets: every clause is reached with less, but for limits of a policy
# that nobody sets so high in a target.
INPUT_MAX = 1024


@dataclass(frozen=True)
class Outcome:
    """What a run beside the core found; `difference` is '' if nothing. `target` is the number of
    the target with the most executions."""

    difference: str
    executions: int = 0
    calls: int = 0
    target: int = 0


def sh(*command, cwd=None):
    """Runs a program that has to succeed; what it prints."""
    done = toolchain.run([str(word) for word in command], cwd=cwd or toolchain.ROOT)
    if done.returncode != 0:
        raise toolchain.ProofError(f"{command[0]}: exit {done.returncode}: "
                                   f"{(done.stderr or done.stdout).strip()[:400]}")
    return done.stdout


def code(path):
    """A C file of the core with all that it includes, macros too, as a compiler sees it: no change
    of a comment or a contract is one of it."""
    return sh("gcc", "-std=c11", "-E", "-P", "-dD", "-Icore", path).encode()


def fingerprint():
    """A hash of all that a run depends on, but for the mutant."""
    root, digest = toolchain.ROOT, hashlib.sha256()
    here = pathlib.Path(__file__).resolve().parent
    for path in sorted(root.glob("core/*.c")):
        digest.update(f"{path.name}\0".encode() + code(path) + b"\0")
    for path in [root / "core/clauses.def", *sorted(root.glob("fuzz/*.[ch]")),
                 *(path for room in HELP for path in sorted((root / "fuzz" / room).glob("*.[ch]"))),
                 *sorted(here.glob("beside*"))]:
        digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


class Beside:
    """All that is built once: objects of the core, the targets and the mutant's other rooms."""

    def __init__(self, build):
        self.folder = pathlib.Path(build) / f"beside-{fingerprint()}"
        if not (self.folder / "done").exists():
            for old in self.folder.parent.glob("beside-*"):
                shutil.rmtree(old)
            self.folder.mkdir(parents=True)
            self.build()
            (self.folder / "done").touch()
        self.wrapped = (self.folder / "wrapped").read_text(encoding="utf-8").split()

    def build(self):
        """Compiles the core, the targets, this harness and the seeds."""
        rooms = sorted((toolchain.ROOT / "core").glob("*.c"))
        self.core(rooms)
        for room in rooms:
            self.room(room, toolchain.ROOT, self.folder / f"mutant-{room.stem}.o")
        for target in TARGETS[:-1]:
            self.target(target)
        for path in sorted(pathlib.Path(__file__).resolve().parent.glob("beside*.c")):
            self.compile(path, f"{path.stem}.o")
        for room in HELP:
            for path in sorted((toolchain.ROOT / "fuzz" / room).glob("*.c")):
                self.compile(path, f"help-{room}-{path.stem}.o")
        calls = sh("nm", self.folder / "beside.o")
        names = sorted(set(re.findall(r"__wrap_(\w+)", calls)))
        (self.folder / "wrapped").write_text("\n".join(names) + "\n", encoding="utf-8")
        self.seeds()

    def compile(self, path, name, *flags):
        """One object of the plain side."""
        sh(CLANG, *PLAIN, *flags, "-c", path, "-o", self.folder / name)
        return self.folder / name

    def core(self, rooms):
        """The core in one object, so that only calls from outside are doubled; and the list of
        names that the mutant's side has under others."""
        objects = [self.compile(room, f"core-{room.stem}.o") for room in rooms]
        sh("ld", "-r", "-o", self.folder / "core.o", *objects)
        listed = sh("nm", "-g", "--defined-only", self.folder / "core.o")
        names = [line.split()[2] for line in listed.splitlines()]
        (self.folder / "renamed").write_text("".join(f"{one} mut_{one}\n" for one in names),
                                             encoding="utf-8")

    def target(self, name):
        """A target of fuzz/ in one object whose only name is target_NAME."""
        files = [toolchain.ROOT / "fuzz" / f"{name}.c",
                 *sorted((toolchain.ROOT / "fuzz").glob(f"{name}_*.c"))]
        objects = [self.compile(path, f"{name}-{path.stem}.part",
                                f"-DLLVMFuzzerTestOneInput=target_{name}") for path in files]
        joined = self.folder / f"target-{name}.o"
        sh("ld", "-r", "-o", joined, *objects)
        sh("objcopy", f"--keep-global-symbol=target_{name}", joined)

    def room(self, path, tree, target):
        """One object of the mutant's side."""
        sh(CLANG, *MUTANT, f"-I{tree}/core", "-c", path, "-o", target)
        sh("objcopy", f"--redefine-syms={self.folder / 'renamed'}", target)

    def seeds(self):
        """The corpus of every target, an octet before each that chooses the target."""
        folder = self.folder / "corpus"
        folder.mkdir()
        for number, target in enumerate(TARGETS):
            for path in sorted((toolchain.ROOT / "corpus" / CORPUS.get(target, target)).iterdir()):
                (folder / f"{target}-{path.name}").write_bytes(bytes([number]) + path.read_bytes())

    def link(self, tree, changed, program):
        """The program of a mutant: `changed` are the C files of `tree` that it makes others."""
        fresh = {path.stem: program.with_name(f"{program.name}-{path.stem}.o") for path in changed}
        for path in changed:
            self.room(path, tree, fresh[path.stem])
        rooms = [fresh.get(path.stem.removeprefix("mutant-"), path)
                 for path in sorted(self.folder.glob("mutant-*.o"))]
        wraps = [f"-Wl,--wrap={name}" for name in self.wrapped]
        sh(CLANG, "-fsanitize=address,fuzzer", *wraps, "-o", program, self.folder / "core.o",
           *sorted(self.folder.glob("beside*.o")), *sorted(self.folder.glob("target-*.o")),
           *sorted(self.folder.glob("help-*.o")), *rooms)
        for path in fresh.values():
            path.unlink()

    def run(self, program, executions, seconds, seed, witness, target=None):
        """Runs a program until a difference, so many executions, or so many seconds; the input of
        a difference is saved as `witness`. All targets run, or one by its number. An earlier
        witness, of a core that has changed since, is an input like others."""
        work = program.with_name(f"{program.name}-found")
        work.mkdir(exist_ok=True)
        for old in witness.parent.glob(f"{witness.name}*"):
            shutil.move(old, work / old.name)
        # A signal of the engine's own timer would count the core's time as well.
        command = [str(program), f"-seed={seed}", "-timeout=60", f"-max_len={INPUT_MAX}",
                   "-print_final_stats=0", f"-max_total_time={seconds}", "-rss_limit_mb=1024",
                   f"-exact_artifact_path={witness}", str(work), str(self.folder / "corpus")]
        env = os.environ | {"MUTANT_EXECUTIONS": str(executions),
                            "ASAN_OPTIONS": "detect_leaks=0:symbolize=0"}
        if target is not None:
            env["MUTANT_TARGET"] = str(target)
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env,
                              check=False, errors="replace", text=True)
        shutil.rmtree(work)
        return judged(done.returncode, done.stdout, witness)


REASONS = (("mutant: another result of (\\w+)", "another result of {}"),
           ("mutant: no end of (\\w+)", "no end of {}"),
           ("AddressSanitizer: ([\\w-]+)", "address sanitizer: {}"),
           ("libFuzzer: (deadly signal)", "a trap or a fault"))


def judged(status, output, witness):
    """What a run's output means."""
    told = re.search(r"mutant: (\d+) executions, (\d+) calls, target (\d+)", output)
    if status == 0 and told:
        return Outcome("", *map(int, told.groups()))
    if "FUZZ_CHECK broken" not in output and witness.exists():
        for pattern, sentence in REASONS:
            match = re.search(pattern, output)
            if match:
                return Outcome(sentence.format(match[1]))
    raise toolchain.ProofError(f"{witness.name}: the run beside the core ended with {status} and "
                               f"no difference: {output.strip()[-300:]}")
