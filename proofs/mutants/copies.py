"""A copy of what Frama-C and the compilers read, in which mutants stand; the tree itself is only
read."""

import pathlib
import shutil

from wp import toolchain

from . import beside


class Copy:
    """The core with its specification, and at most one change in it."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder).resolve()
        shutil.rmtree(self.root, ignore_errors=True)
        (self.root / "proofs").mkdir(parents=True)
        shutil.copytree(toolchain.ROOT / "core", self.root / "core",
                        ignore=lambda folder, names: [one for one in names if
                                                      (pathlib.Path(folder) / one).is_dir()])
        shutil.copytree(toolchain.ROOT / "proofs" / "spec", self.root / "proofs" / "spec")

    def put(self, name, text):
        """Changes a file."""
        (self.root / name).write_text(text, encoding="utf-8")

    def restore(self, name):
        """Takes a change back."""
        shutil.copyfile(toolchain.ROOT / name, self.root / name)


def users():
    """Header -> the C files that include it, directly or not; a C file stands for itself."""
    table = {}
    for room in sorted((toolchain.ROOT / "core").glob("*.c")):
        listed = beside.sh("gcc", "-std=c11", "-MM", f"core/{room.name}")
        for word in listed.replace("\\\n", " ").split()[1:]:
            table.setdefault(word, []).append(room.name)
    return table


# Left out, since it is not C: a function that does not return its value, a number as a pointer.
FLAGS = ["-std=c11", "-O2", "-g0", "-Werror=return-type", "-Werror=int-conversion", "-fno-ident",
         "-c"]


class Compiled:
    """Compares objects: a mutant that gcc -O2 makes the same program of is no other program."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.objects = {}

    def object(self, root, name):
        """The object of core/NAME in a tree, or None if gcc does not take it."""
        target = self.folder / "object.o"
        done = toolchain.run(["gcc", *FLAGS, "-o", str(target), f"core/{name}"], cwd=root)
        return target.read_bytes() if done.returncode == 0 else None

    def verdict(self, root, rooms):
        """`unusable`, `same` or `other`, for the C files that a change reaches."""
        same = True
        for name in rooms:
            if name not in self.objects:
                self.objects[name] = self.object(toolchain.ROOT, name)
            made = self.object(root, name)
            if made is None:
                return "unusable"
            same = same and made == self.objects[name]
        return "same" if same else "other"
