"""The definitions of proofs/spec/: what each says it is about, what it uses, what it results in.

The clauses that a definition is about stand first in the comment above it, in full and before a
colon: `// R9112-5-1, R9112-5.1-1: what is wrong with a field line`. A comment is about all that
follows it up to the next comment or empty line."""

import re
import sys
from dataclasses import dataclass, field

from .contracts import EvidenceError

ID = r"(?:R\d{4}-[A-Za-z0-9]+(?:\.\d+)*(?:-[A-Za-z0-9]+)*|(?:X|WS|F)-\d+)"
ABOUT = re.compile(rf"({ID}(?:, {ID})*)(?::|$)")
LENT = {"any", "blank", "none"}  # names of parameters that only lend their type
RELATIONS = ("==", "!=", "<", "<=", ">", ">=")
ENUMERATOR = re.compile(r"UPHELD_((?:R\d{4}|X|WS|F)_\w+)$")


@dataclass
class Definition:
    """A logic function or predicate."""

    name: str
    file: str
    clauses: list = field(default_factory=list)  # ids in the comment above it
    uses: set = field(default_factory=set)  # definitions that it calls
    results: list = field(default_factory=list)  # clauses that it may result in, as C writes them
    node: object = None
    blank: bool = False  # sets out from a value, and checks nothing


def parser():
    """The modules of proofs/spec2c, which find each other by plain names."""
    from pathlib import Path
    folder = str(Path(__file__).resolve().parent.parent / "spec2c")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        import grammar
        import shape
        import source
        import world
    except ModuleNotFoundError as missing:
        raise EvidenceError(f"{missing.name} is missing: apt-get install "
                            f"python3-{missing.name}") from missing
    return grammar, shape, source, world


def about(lines):
    """The clauses that a comment of these lines starts with."""
    found = ABOUT.match(" ".join(lines))
    return found[1].split(", ") if found else []


def comment_over(lines, at):
    """The comment that the line with this index stands under, if no empty line parts them."""
    while at > 0 and lines[at - 1].strip() and not lines[at - 1].strip().startswith("//"):
        at -= 1
    said = []
    while at > 0 and lines[at - 1].strip().startswith("//"):
        said.insert(0, lines[at - 1].strip()[2:].strip())
        at -= 1
    return said


def results(node, shape, grammar):
    """Clauses that a term names other than to compare with them, in the order of the text."""
    if isinstance(node, grammar.Binary) and node.op in RELATIONS:
        return []
    if isinstance(node, grammar.Name) and ENUMERATOR.match(node.name):
        return [ENUMERATOR.match(node.name)[1]]
    return [one for child in shape.children(node) for one in results(child, shape, grammar)]


def makes_blank(params):
    """Whether a definition lends types and reads nothing: it sets out from a value, and checks
    none."""
    return any(name in LENT for _, name in params) and \
        not any(isinstance(kind, tuple) for kind, _ in params)


def read(root, compiler="gcc"):
    """All definitions by name, in the order of the files."""
    grammar, shape, source, world = parser()
    headers = [str(path) for path in sorted((root / "core").glob("*.h"))]
    files = [str(path) for path in sorted((root / "proofs/spec").glob("*.acsl"))]
    if not files:
        raise EvidenceError("proofs/spec/*.acsl: no file; expected the specification")
    sys.setrecursionlimit(10000)
    try:
        annotations, c_lines = source.split(*source.preprocess(headers, files, compiler))
        known = world.collect(c_lines, set(files))
        parsed = [one for tokens in annotations
                  for one in grammar.Parser(tokens, known).definitions()]
    except source.SpecError as error:
        raise EvidenceError(str(error)) from error
    texts = {path: open(path, encoding="utf-8").read().split("\n") for path in files}
    names = {one.name for one in parsed}
    found = {}
    for one in parsed:
        path, line = one.where.rsplit(":", 1)
        found[one.name] = Definition(
            one.name, f"proofs/spec/{path.rsplit('/', 1)[-1]}",
            about(comment_over(texts[path], int(line) - 1)),
            shape.called(one.body, names) - {one.name}, results(one.body, shape, grammar), one.body,
            makes_blank(one.params))
    return found


def reach(definitions):
    """For each definition, itself and all that it comes to use."""
    found = {}
    for start in definitions:
        seen, left = {start}, [start]
        while left:
            for name in definitions[left.pop()].uses - seen:
                seen.add(name)
                left.append(name)
        found[start] = seen
    return found
