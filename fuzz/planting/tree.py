"""tree.py: a copy of the tree in build/plants/tree/, where bugs are planted and taken out again.

The copy is kept between runs, and only what differs is copied, so that make builds little anew.
"""
import hashlib
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import patches
import table
from evidence import eacsl
from mutants import text

# What programs are built from, and what decides how they are seen to fail.
FOLDERS = ("core", "fuzz", "corpus", "ci", "proofs")
SUFFIXES = (".c", ".h", ".def", ".mk", ".dict", ".acsl")
TOOLS = (Path("fuzz/eacsl.py"),)  # that make runs
BESIDE = ("bench.mk", "dist.mk", "example.mk")  # makefiles that build none of the programs
# What decides a verdict of the proof, beside the patch and the versions of tools.
PROOF = ("core/*.[ch]", "core/*.def", "proofs/spec/*", "proofs/why3/*",
         *(f"proofs/wp/{name}.py" for name in ("framac", "prove_unit", "results", "smoke",
                                               "toolchain")),
         *(f"proofs/mutants/{name}.py" for name in ("anew", "copies", "proof", "text")),
         "fuzz/planting/changes.py", "fuzz/planting/proving.py")
CONTRACTS = ("core/*.h", "proofs/spec/*.acsl", "fuzz/eacsl.py")  # beside the units themselves
BUILD_LIMIT_S = 900


class Broken(Exception):
    """The tree cannot be built or is red without a plant: what was said."""


def wanted(root):
    """Files of the copy: sources and makefiles, and the corpus as it is."""
    yield Path("Makefile")
    yield from (tool for tool in TOOLS if (root / tool).is_file())
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not path.name.startswith(".") and (
                    folder == "corpus" or path.suffix in SUFFIXES):
                yield path.relative_to(root)


def code(octets):
    """C text as compilers see it: without comments, and so without contracts."""
    plain = text.blank_comments(octets.decode("utf-8", "surrogateescape"))
    lines = (line.rstrip() for line in plain.split("\n"))
    return "\n".join(line for line in lines if line).encode("utf-8", "surrogateescape")


def fingerprint(root, targets):
    """A hash over what decides the results of a plant: sources, vectors, the seeds of its targets.
    With it an earlier result is known to be of this tree. What contracts say is none of it."""
    digest, folders = hashlib.sha256(), ("vectors", *targets)
    for path in wanted(root):
        core = path.parts[0] == "core" and len(path.parts) == 2 and path.name not in BESIDE
        seed = path.parts[0] == "corpus" and path.parts[1] in folders
        if core or seed or path.parts[0] == "fuzz":
            octets = (root / path).read_bytes()
            octets = code(octets) if core and path.suffix in (".c", ".h") else octets
            digest.update(f"{path} {len(octets)}\n".encode() + octets)
    return digest.hexdigest()


def whole(root, patterns):
    """A hash over files as they are."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in root.glob(pattern)}):
        if path.is_file():
            octets = path.read_bytes()
            digest.update(f"{path.relative_to(root)} {len(octets)}\n".encode() + octets)
    return digest.hexdigest()


def proof_fingerprint(root):
    """The same for the proof: it reads no seeds and no targets, but the specification."""
    return whole(root, PROOF)


def contracts_fingerprint(root):
    """What an E-ACSL leg rests on beside all that: the contracts that run as code."""
    units = sorted({unit for units in eacsl.units(root).values() for unit in units})
    return whole(root, (*CONTRACTS, *(f"core/{unit}.c" for unit in units)))


class Tree:
    def __init__(self, root, build):
        self.root, self.work = root, build / "plants"
        self.proving = None  # what the proof keeps from plant to plant; see proving.py
        self.path, self.clean = self.work / "tree", self.work / "clean"

    @property
    def build(self):
        return self.path / "build"

    def restore(self):
        """Makes the copy what the tree is."""
        names = set(wanted(self.root))
        for path in names:
            there, octets = self.path / path, (self.root / path).read_bytes()
            if not there.is_file() or there.read_bytes() != octets:
                there.parent.mkdir(parents=True, exist_ok=True)
                there.write_bytes(octets)
        for path in self.path.rglob("*"):
            short = path.relative_to(self.path)
            if path.is_file() and short.parts[0] != "build" and short not in names:
                path.unlink()

    def make(self, *targets, file="fuzz/fuzz.mk"):
        """Builds in the copy."""
        # A make above this one must not tell this one what to do.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
        done = subprocess.run(["make", "-f", file, "BUILD=build", *map(str, targets)],
                              cwd=self.path, capture_output=True, text=True, check=False,
                              errors="replace", env=environment, timeout=BUILD_LIMIT_S)
        if done.returncode != 0:
            raise Broken(f"make {shlex.join(map(str, targets))} failed in {self.path}:\n"
                         f"{(done.stdout + done.stderr)[-2000:]}")

    def replay_program(self, target, leg="asan"):
        return self.build / "fuzz/bin" / f"{target}-replay-{leg}"

    def clean_program(self, target, leg="asan"):
        """The same without a plant."""
        return self.clean / (target if leg == "asan" else f"{target}-{leg}")

    def command(self):
        return self.build / "upheld"

    def make_command(self):
        self.make("build/upheld", file="Makefile")

    def make_replays(self, targets, leg="asan"):
        self.make(*(f"build/fuzz/bin/{target}-replay-{leg}" for target in targets))

    def entry(self, target, engine, leg=""):
        return table.find(target, engine, leg)[0]

    def make_engine(self, target, engine, leg=""):
        self.make(f"build/fuzz/bin/{self.entry(target, engine, leg).name}")

    def keep_clean(self, targets=table.TARGETS, leg="asan"):
        """Programs without a plant: what is found must not fail them."""
        self.clean.mkdir(parents=True, exist_ok=True)
        for target in targets:
            shutil.copy2(self.replay_program(target, leg), self.clean_program(target, leg))

    def plant(self, patch):
        said = patches.apply(patch.path, self.path)
        if said:
            raise Broken(f"{patch.path}: does not apply: {said}")
