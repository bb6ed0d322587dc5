#!/usr/bin/python3
"""Checks the shape of the tree: names on top, sizes, width, words that must not be checked in.

    ci/layout.py tree    layout, size, width, unfinished marks, hosts and paths of a machine
    ci/layout.py python  every Python file compiles, and ci/setup installs what it imports

Prints each breach as FILE:LINE with what is expected, and last `N passed, N failed`.
"""
import ast
import re
import subprocess
import sys
from pathlib import Path

TOP = {"Makefile", "README.md", "core", "proofs", "fuzz", "corpus", "ci", "LICENSE", "SECURITY.md",
       "CHANGELOG.md"}
DOTTED = {".clang-format", ".clang-tidy", ".ci", ".clusterfuzzlite", ".github", ".gitignore",
          ".gitattributes", ".editorconfig"}
SOURCE = {".c", ".h", ".cpp", ".def", ".acsl", ".py", ".sh", ".mk", ".js", ".go", ".rs", ".mlw",
          ".drv", ".j2", ".css", ".md", ".yml", ".yaml", ".driver"}
LINES, COLUMNS = 600, 100
# Data of others' making and captured octets: their width and words are not ours.
DATA = ("corpus/", "LICENSE")
# The letters in brackets keep this file from matching itself.
MARKS = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K|not implemente[d]|(?i:placeholde[r]|stu[b]))\b")
# An image or an action by its digest, which no line end can be in.
PINNED = re.compile(r"@(sha256:)?[0-9a-f]{40,64}\b")
PATHS = re.compile(r"(?<![\w.)}\]*-])/(wor[k]|far[m]|hom[e]|roo[t]|User[s])/\w|/tm[p]/\w")
HOSTS = re.compile(
    r"(registry[.](npmjs|yarnpkg)|npmjs[.]org|pypi[.](org|io|python)|pythonhosted[.]org|"
    r"crates[.]io|"
    r"(proxy|sum|index)[.]golang[.]org|rubygems[.]org|maven[.](org|apache)|repo1[.]|"
    r"packagist[.]org|nuget[.]org|anaconda[.]org|deb[.]debian[.]org|debian[.]org/debian)", re.I)


def tracked(root):
    """Every file that is checked in or would be: git's view, or the whole tree without git."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others",
               "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=False)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name]
    else:
        names = [str(path.relative_to(root)) for path in root.rglob("*")
                 if not {"build", "__pycache__", "node_modules"} & set(path.parts)]
    return sorted(name for name in set(names) if (root / name).is_file())


def is_source(name):
    path = Path(name)
    return not name.startswith(DATA) and (path.suffix in SOURCE or path.name == "Makefile")


def check_top(names):
    for top in sorted({name.split("/")[0] for name in names}):
        if top not in TOP and top not in DOTTED:
            yield f"{top}: not a name of the layout; expected only {', '.join(sorted(TOP))}"


def check_text(root, name):
    """Breaches of one file."""
    data = (root / name).read_bytes()
    if name.startswith("corpus/") and not name.startswith("corpus/vectors/"):
        return
    lines = data.decode("utf-8", "replace").split("\n")
    source = is_source(name)
    if source and len(lines) - 1 > LINES:
        yield f"{name}: {len(lines) - 1} lines; expected at most {LINES}, split it"
    for number, line in enumerate(lines, 1):
        where = f"{name}:{number}"
        # Neither a row of a Markdown table nor a pattern of a Why3 driver can be broken.
        whole = ((name.endswith(".md") and line.startswith("|")) or name.endswith(".drv") or
                 (name.endswith(".yml") and PINNED.search(line)))
        if source and len(line) > COLUMNS and not whole:
            yield f"{where}: {len(line)} columns; expected at most {COLUMNS}"
        if source and MARKS.search(line):
            yield f"{where}: unfinished mark '{MARKS.search(line).group()}'; finish it"
        if not name.startswith(DATA) and PATHS.search(line):
            yield f"{where}: path of a machine '{PATHS.search(line).group()}'; use a relative one"
        if HOSTS.search(line):
            yield f"{where}: host of a package registry '{HOSTS.search(line).group()}'; remove it"


def check_tree(root):
    """(files without breach, breaches)"""
    names = tracked(root)
    breaches = list(check_top(names))
    clean = 0
    for name in names:
        found = list(check_text(root, name))
        breaches.extend(found)
        clean += not found
    return clean, breaches


def first_line(path):
    with open(path, "rb") as file:
        return file.readline(80)


def imports(module):
    """(line, top-level name) of everything that a module imports from elsewhere."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.lineno, node.module.split(".")[0]


def check_python(root):
    names = [name for name in tracked(root) if not name.startswith(DATA) and (
        name.endswith(".py") or b"python" in first_line(root / name)[:40])]
    setup = root / "ci/setup"
    installed = setup.read_text() if setup.is_file() else ""
    own = {part for name in names for part in Path(name).with_suffix("").parts}
    breaches = []
    for name in names:
        try:
            module = ast.parse((root / name).read_bytes(), name)
        except (SyntaxError, ValueError) as error:
            breaches.append(f"{name}:{getattr(error, 'lineno', 0)}: {error}")
            continue
        # Clients that are recorded bring their modules along, pinned in a lock file.
        if name.startswith("fuzz/record/clients/"):
            continue
        for line, used in imports(module):
            known = used in sys.stdlib_module_names or used in own
            if not known and not re.search(rf"\bpython3-{used}\b", installed):
                breaches.append(f"{name}:{line}: imports {used}, and ci/setup does not install "
                                f"python3-{used}; add it to the groups that need it")
    return len(names) - len({breach.split(":")[0] for breach in breaches}), breaches


def main(arguments):
    checks = {"tree": check_tree, "python": check_python}
    if len(arguments) not in (1, 2) or arguments[0] not in checks:
        print("layout.py: expected `tree` or `python`, and perhaps a folder", file=sys.stderr)
        return 2
    root = Path(arguments[1] if len(arguments) == 2 else ".")
    if not root.is_dir():
        print(f"layout.py: {root} is no folder", file=sys.stderr)
        return 2
    clean, breaches = checks[arguments[0]](root)
    for breach in breaches:
        print(breach)
    print(f"{clean} passed, {len(breaches)} failed")
    return 1 if breaches or not clean else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
