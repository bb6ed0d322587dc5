"""What any change of the core is proved anew with: a mutant, a planted bug. It knows how far each
function has to be tried, by a hash of all that this depends on."""

import contextlib
import hashlib

from wp import framac, toolchain

from . import beside, proof


def room(file):
    """The C file with which the functions of a file of the core are proved."""
    return toolchain.ROOT / file.replace(".h", ".c")


@contextlib.contextmanager
def standing(copy, contents):
    """Changed files, by their names, in a copy of the core, and out of it again."""
    try:
        for name, content in contents.items():
            copy.put(name, content)
        yield
    finally:
        for name in contents:
            copy.restore(name)


class Anew:
    """Baselines and hashes of a run, in its folder; `versions`: a text on the tools it rests on."""

    def __init__(self, build, versions):
        self.build = build
        self.versions = versions
        self.baselines = proof.Baselines(build / "baseline.json")
        self.programs = {}

    def digest(self, paths, *more):
        """A hash of files and texts."""
        found = hashlib.sha256()
        for path in paths:
            found.update(path.read_bytes() + b"\0")
        for word in more:
            found.update(word.encode() + b"\0")
        return found.hexdigest()

    def program(self, path):
        """A hash of a C file with all that it includes, annotations and macros as well."""
        if path not in self.programs:
            text = beside.sh("gcc", "-std=c11", "-E", "-CC", "-P", "-dD", "-D__FRAMAC__", "-Icore",
                             framac.relative(path))
            self.programs[path] = self.digest([path], text)
        return self.programs[path]

    def baseline(self, prover, unit, function):
        """How far the function has to be tried: see proof.py."""
        key = self.digest([], self.program(unit.path), self.versions, function)
        return self.baselines.find(prover, unit, function, key)
