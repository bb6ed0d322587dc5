#!/usr/bin/python3
"""Checks what the Markdown files say: links, verbs and files exist, commands are run or explained.

    ci/documents.py check [--root DIR]   links, verbs of make, names of files; each command listed;
                                         how long the page of a room is
    ci/documents.py run [--root DIR]     the commands that are to be run, and the pieces of C

A command is a line of a block that is indented by four blanks. ci/documents.json has an entry for
each: `run`, with a pattern that its output must match; `step`, the step of `make test` that runs
the same; or `not`, the reason why no test runs it. Prints each breach as FILE:LINE with what is
expected, and last `N passed, N failed`.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

import arguments
import layout

ROOT = Path(__file__).resolve().parent.parent
TABLE = "ci/documents.json"
LIMIT_S = 600
WORDS = 1000  # of a room's page: printed at 10 points with its tables, that is two sheets
# Generated pages, whose commands and C come from what they are made of.
GENERATED = {"corpus/request/CLIENTS.md", "core/CLAUSES.md", "proofs/CLAIMS.md", "proofs/TRACE.md"}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
QUOTED = re.compile(r"`([^`\n]+)`")
VERB = re.compile(r"(?:^|[\s(])make ((?:[A-Z][A-Z0-9_]*=\S* +)*)([a-z][a-z-]*)(?![\w./-])")
RULE = re.compile(r"^((?:[\w.-]+ )*[\w.-]+) ?:(?!=)", re.M)
NAMED = re.compile(r"(?:[\w.-]+/)+[\w-]+\.(?:py|md|c|h|cpp|json|jsonl|mk|acsl|yaml|yml|sh|dict|j2)")
BUILT = "build/"  # what lies there is made by verbs, and not checked in
KINDS = ({"command", "run"}, {"command", "step"}, {"command", "not"})
COMPILE = ("gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused", "-fsyntax-only",
           "-Icore", "-x", "c", "-")


class Breach(Exception):
    """The table cannot be read."""


def documents(root):
    """The Markdown files of the tree."""
    return [name for name in layout.tracked(root) if name.endswith(".md")]


def read_table(root):
    """The entries of the table, by command, and the words in front of each document's C."""
    try:
        found = json.loads((root / TABLE).read_text(encoding="utf-8"))
        entries = {one["command"]: one for one in found["commands"]}
        before = dict(found["c"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Breach(f"{TABLE}: expected JSON with `commands` and `c`: {error!r}") from error
    for command, entry in entries.items():
        if set(entry) not in KINDS or not all(entry.values()):
            raise Breach(f"{TABLE}: {command}: expected `run`, `step` or `not`, and no other")
    return entries, before


def lines_of(text):
    """(number, line, kind) of each line: `prose`, `c` or another fenced language, `indented`."""
    fence, quiet = None, True
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("```"):
            fence = None if fence is not None else line[3:].strip() or "text"
            continue
        if fence is not None:
            yield number, line, fence
        elif line.startswith("    ") and (quiet or line.startswith("     ")):
            yield number, line, "indented"
            continue
        else:
            yield number, line, "prose"
        quiet = not line.strip()


def commands(text):
    """(line, command) of each indented line, without its remark; a line that ends in a backslash
    goes on in the next."""
    started, whole = 0, ""
    for number, line, kind in lines_of(text):
        if kind != "indented":
            continue
        started = started or number
        whole += re.sub(r"\s+# .*", "", line.strip())
        if whole.endswith("\\"):
            whole = whole[:-1]
            continue
        yield started, " ".join(whole.split())
        started, whole = 0, ""


def anchor(heading):
    """The anchor of a heading, as GitHub makes it."""
    kept = re.sub(r"[^\w\s-]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def anchors(text):
    """The anchors of a document."""
    return {anchor(line.lstrip("#")) for _, line, kind in lines_of(text)
            if kind == "prose" and line.startswith("#")}


def bad_link(root, name, target):
    """What is wrong with a link, or ''."""
    if re.match(r"[a-z]+:", target):
        return ""
    path, _, place = target.partition("#")
    other = (root / name).parent / path if path else root / name
    if not other.exists():
        return f"link to {target}: there is no such file"
    if place and other.suffix == ".md" and place not in anchors(other.read_text("utf-8")):
        return f"link to {target}: {other.name} has no such heading"
    return ""


def rules(root):
    """The names of what make can be asked for."""
    found = set()
    for name in layout.tracked(root):
        if name == "Makefile" or name.endswith(".mk"):
            for match in RULE.finditer((root / name).read_text(encoding="utf-8")):
                found.update(match[1].split())
    return found


def bad_names(root, name, said, known):
    """What is wrong with a piece in backquotes or a command: verbs of make, names of files."""
    for match in VERB.finditer(said):
        if match[2] not in known:
            yield f"`make {match[2]}`: no Makefile has that rule"
    for path in re.findall(rf"(?<![\w./<*{{-]){NAMED.pattern}(?![\w*])", said):
        if Path(path).stem.isupper():  # TARGET.c stands for each of them
            continue
        there = any((place / path).exists() for place in (root, (root / name).parent))
        if not there and not path.startswith(BUILT):
            yield f"`{path}`: there is no such file"


def breaches(root, name, entries, known):
    """(line, what is wrong) of one document."""
    text = (root / name).read_text(encoding="utf-8")
    for number, line, kind in lines_of(text):
        if kind == "prose":
            for target in LINK.findall(line):
                wrong = bad_link(root, name, target)
                if wrong:
                    yield number, wrong
        if name not in GENERATED and kind in ("prose", "indented"):
            said = QUOTED.findall(line) if kind == "prose" else [line]
            for piece in said:
                yield from ((number, wrong) for wrong in bad_names(root, name, piece, known))
    words = len(text.split())
    if name.endswith("/README.md") and words > WORDS:
        yield 1, f"{words} words; expected at most {WORDS}: move a section to the folder it is of"
    if name not in GENERATED:
        for number, command in commands(text):
            if command not in entries:
                yield number, f"`{command}`: not in {TABLE}; say there what runs it, or why not"


def check(root):
    """(documents without breach, breaches)"""
    entries, _ = read_table(root)
    known, found, clean = rules(root), [], 0
    used = set()
    for name in documents(root):
        wrong = [f"{name}:{number}: {what}"
                 for number, what in dict.fromkeys(breaches(root, name, entries, known))]
        found += wrong
        clean += not wrong
        if name not in GENERATED:
            used |= {command for _, command in
                     commands((root / name).read_text(encoding="utf-8"))}
    steps = set(re.findall(r'(?:make|Step|build_step)\(\s*"([\w-]+)"',
                           (root / "ci/plan.py").read_text(encoding="utf-8")))
    for command, entry in entries.items():
        if command not in used:
            found.append(f"{TABLE}: {command}: no document has that command; remove it")
        if entry.get("step", "setup") not in steps | {"setup"}:
            found.append(f"{TABLE}: {command}: `make test` has no step {entry['step']}")
    return clean, found


def run_command(root, command, pattern):
    """What is wrong with a command's run, or ''."""
    try:
        done = subprocess.run(["bash", "-c", command], cwd=root, stdin=subprocess.DEVNULL,
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=LIMIT_S, check=False)
    except subprocess.TimeoutExpired:
        return f"took more than {LIMIT_S} seconds"
    if done.returncode != 0:
        return f"exit status {done.returncode}: {done.stdout.strip()[-300:]}"
    if not re.search(pattern, done.stdout, re.M):
        return f"expected output like {pattern!r}, got: {done.stdout.strip()[-300:]}"
    return ""


def pieces_of_c(text):
    """(line, text) of each fenced piece of C."""
    piece, start = [], 0
    for number, line, kind in lines_of(text):
        if kind == "c":
            start = start or number
            piece.append(line)
        elif piece:
            yield start, "\n".join(piece)
            piece, start = [], 0


def compiled(root, before, piece):
    """What the compiler says of a piece of C inside a function, or ''."""
    source = f'#include "upheld.h"\n{before}\n{{\n{piece}\n}}\n'
    done = subprocess.run(COMPILE, cwd=root, input=source, text=True, capture_output=True,
                          check=False)
    return "" if done.returncode == 0 else done.stderr.strip()[:400]


def run(root):
    """(what ran as it should, what did not), in the order of the documents."""
    entries, before = read_table(root)
    passed, found = 0, []
    for name in documents(root):
        if name in GENERATED:
            continue
        text = (root / name).read_text(encoding="utf-8")
        tried = [(number, command, run_command(root, command, entries[command]["run"]))
                 for number, command in commands(text) if "run" in entries.get(command, ())]
        tried += [(number, "C", compiled(root, before.get(name, "void piece(void)"), piece))
                  for number, piece in pieces_of_c(text)]
        for number, what, wrong in tried:
            passed += not wrong
            if wrong:
                found.append(f"{name}:{number}: {what}: {wrong}")
    return passed, found


def main():
    """Exit 0: all is as it is said; 1: something is not; 2: bad arguments."""
    parser = arguments.Parser(prog="documents.py", description=__doc__,
                              usage="ci/documents.py check|run [--root DIR]")
    parser.add_argument("what", choices=("check", "run"))
    parser.add_argument("--root", type=Path, default=ROOT)
    options = parser.parse_args()
    try:
        passed, found = (check if options.what == "check" else run)(options.root)
    except Breach as breach:
        passed, found = 0, [str(breach)]
    for line in found:
        print(line)
    print(f"{passed} passed, {len(found)} failed")
    return 1 if found or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
