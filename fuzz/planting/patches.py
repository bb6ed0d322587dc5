"""patches.py: the bugs in fuzz/plants/, one patch a file, and what their headers say.

A header is lines `Key: text` before the diff; a line that starts with a space goes on the one
before. Bug says what is wrong, Origin which server had it, Clause what it breaks, Target which
targets are to find it, the first under the engines. Miss explains, for a means that does not find
it, why: `Miss: vectors: no vector has two Host lines`.
"""
import hashlib
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import table

FOLDER = Path("fuzz/plants")
LEAST = 60  # patches, at the least
NEEDED = ("Bug", "Origin", "Clause", "Target")
ENGINES = ("libfuzzer", "afl", "eacsl")  # means with trials and a limit
MEANS = ("vectors", "replay", *ENGINES, "proof")
MISS = re.compile(rb"^Miss: .*\n(?: .*\n)*", re.M)


class Wrong(Exception):
    """A patch that is not in order: which file, what was expected."""


def digest(octets):
    """SHA-256 of a patch without what it says of misses: that is written once they are known."""
    head, mark, diff = octets.partition(b"\n--- ")
    return hashlib.sha256(MISS.sub(b"", head + b"\n") + mark + diff).hexdigest()


@dataclass(frozen=True)
class Patch:
    path: Path
    bug: str
    origin: str
    clauses: tuple
    targets: tuple
    misses: dict  # means: why it does not find the bug
    files: tuple  # those that it changes

    @property
    def name(self):
        return self.path.stem

    @property
    def sha256(self):
        return digest(self.path.read_bytes())


def header(path, text):
    """Keys and texts, in their order; Miss may stand more than once."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("--- "):
            return rows
        key, colon, value = line.partition(": ")
        if line.startswith(" ") and rows:
            rows[-1] = (rows[-1][0], f"{rows[-1][1]} {line.strip()}")
        elif colon and key in (*NEEDED, "Miss"):
            rows.append((key, value.strip()))
        elif line:
            raise Wrong(f"{path}:{number}: expected `Key: text` with one of {', '.join(NEEDED)}, "
                        f"Miss, or the diff: {line!r}")
    raise Wrong(f"{path}: expected a diff behind the header, from a line `--- a/core/FILE` on")


def misses(path, rows):
    found = {}
    for key, value in rows:
        means, colon, why = value.partition(": ")
        if key == "Miss":
            if means not in MEANS or not colon:
                raise Wrong(f"{path}: expected `Miss: MEANS: why`, MEANS one of "
                            f"{', '.join(MEANS)}: {value!r}")
            found[means] = why
    return found


def clause_ids(root):
    text = (root / "core/clauses.def").read_text()
    return set(re.findall(r'^UPHELD_CLAUSE\([^"]*"([^"]+)"', text, re.M))


def read(root, path):
    """The patch, or Wrong."""
    text = path.read_text()
    rows = header(path, text)
    one = {key: value for key, value in rows if key != "Miss"}
    absent = [key for key in NEEDED if not one.get(key)]
    if absent or len(one) != sum(key != "Miss" for key, _ in rows):
        raise Wrong(f"{path}: expected each of {', '.join(NEEDED)} once; "
                    f"{'absent: ' + ', '.join(absent) if absent else 'one stands twice'}")
    clauses = tuple(re.split(r",\s*", one["Clause"]))
    unknown = [clause for clause in clauses if clause not in clause_ids(root)]
    if unknown:
        raise Wrong(f"{path}: Clause: {unknown[0]} is none of core/clauses.def")
    targets = tuple(re.split(r",\s*", one["Target"]))
    unknown = [target for target in targets if target not in table.TARGETS]
    if unknown:
        raise Wrong(f"{path}: Target: {unknown[0]} is none of {', '.join(table.TARGETS)}")
    files = tuple(re.findall(r"^\+\+\+ b/(\S+)$", text, re.M))
    if not files or any(not name.startswith("core/") for name in files):
        raise Wrong(f"{path}: expected changes of core/ alone, found {', '.join(files) or 'none'}")
    return Patch(path, one["Bug"], one["Origin"], clauses, targets, misses(path, rows), files)


def apply(path, tree, *more):
    """Applies a patch in a folder that is no repository of its own; '' or what git said."""
    done = subprocess.run(["git", "apply", *more, str(path.resolve())], cwd=tree,
                          capture_output=True, text=True, check=False,
                          env={"PATH": "/usr/bin:/bin", "GIT_CEILING_DIRECTORIES":
                               str(tree.resolve().parent), "LC_ALL": "C"})
    return "" if done.returncode == 0 else done.stderr.strip() or f"status {done.returncode}"


def all_of(root, names=()):
    """Every patch, or those whose names have one of the words."""
    found = sorted((root / FOLDER).glob("*.patch"))
    return [read(root, path) for path in found
            if not names or any(word in path.stem for word in names)]


def check(root, least=LEAST):
    """What is wrong with the patches, a line each, and how many there are."""
    problems, seen, paths = [], {}, sorted((root / FOLDER).glob("*.patch"))
    for path in paths:
        try:
            read(root, path)
        except Wrong as wrong:
            problems.append(str(wrong))
            continue
        said = apply(path, root, "--check")
        if said:
            problems.append(f"{path}: does not apply to core/ any more; fit it to what stands "
                            f"there now: {said}")
        body = path.read_text().partition("\n--- ")[2]
        if body in seen:
            problems.append(f"{path}: the same change as {seen[body]}")
        seen[body] = path
    if len(paths) < least:
        problems.append(f"{FOLDER}: {len(paths)} patches; expected {least} or more")
    return problems, len(paths)
