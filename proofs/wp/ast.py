"""What Frama-C understood of a file: its functions, contracts, loops and logic.

Read from Frama-C's own print of the program, in which every loop is a `while`, every macro is
expanded and every annotation stands where the analyser attached it. What the print cannot hide, a
gate can count on; the sources are free to be written in any style."""

import re
from dataclasses import dataclass, field

from . import toolchain

PIECE = re.compile(r"""(?P<acsl>/\*@.*?\*/)|(?P<comment>/\*.*?\*/|//[^\n]*)|
                       (?P<string>"(?:\\.|[^"\\])*")|(?P<char>'(?:\\.|[^'\\])+')|
                       (?P<open>\{)|(?P<close>\})|(?P<code>[^{}"'/]+|.)""", re.S | re.X)
LOOP = re.compile(r"\b(while|for|do)\b")
LABEL = re.compile(r"^\s*(\w+):(?!:)", re.M)
GOTO = re.compile(r"\bgoto\s+(\w+)\s*;")
CLAUSES = ("requires", "terminates", "decreases", "assigns", "ensures", "behavior", "allocates",
           "frees", "exits", "assumes", "complete", "disjoint")
NAME = re.compile(r"(\w+)\s*\)?\s*\(")
# `__attribute__((x)) int f(void)` is `int ( __attribute__((x)) f)(void)` when Frama-C prints it.
ATTRIBUTED = re.compile(r"\(\s*__attribute__\(\([^()]*\)\)\s*(\w+)\)")


@dataclass
class Function:
    """A function as Frama-C sees it; `body` is empty for a declaration."""

    name: str
    head: str
    contract: str
    body: str = ""
    defined: bool = False
    ghost: bool = False
    loops: list = field(default_factory=list)  # the annotation of each loop, '' if none
    jumps_back: list = field(default_factory=list)
    annotations: list = field(default_factory=list)


@dataclass
class Program:
    """All functions and all logic of one file with its headers."""

    text: str
    functions: list
    logic: list

    def defined(self):
        """Functions with a body."""
        return [one for one in self.functions if one.defined]

    def declared(self):
        """Functions whose contract is taken on trust here, to be proved elsewhere."""
        names = {one.name for one in self.defined()}
        return [one for one in self.functions if not one.defined and one.name not in names]


def pieces(text):
    """Splits C into annotations, braces and code; strings and comments become blanks."""
    for match in PIECE.finditer(text):
        kind = match.lastgroup
        if kind in ("string", "char", "comment"):
            yield "code", " " * len(match.group())
        else:
            yield kind, match.group()


def ghost_code(annotation):
    """The C inside a ghost annotation, or None."""
    match = re.match(r"/\*@\s*ghost\b(.*)\*/$", annotation, re.S)
    if not match:
        return None
    return match[1].replace("/@", "/*@").replace("@/", "*/")


def body_facts(function):
    """Loops with their annotations, backward jumps and annotations inside a function body."""
    labels, last, blank = set(), "", True
    for kind, text in pieces(function.body):
        if kind == "acsl":
            inner = ghost_code(text)
            if inner is not None:
                ghost = Function("", "", "", inner)
                body_facts(ghost)
                function.loops += ghost.loops
                function.jumps_back += ghost.jumps_back
                function.annotations += ghost.annotations
            else:
                last, blank = text, True
                function.annotations.append(text)
            continue
        for match in LOOP.finditer(text):
            near = blank and not text[:match.start()].strip()
            function.loops.append(last if near and re.search(r"\bloop\b", last) else "")
            blank = False
        for match in re.finditer(f"{GOTO.pattern}|{LABEL.pattern}", text, re.M):
            if match[2]:
                labels.add(match[2])
            elif match[1] in labels:
                function.jumps_back.append(match[1])
        blank = blank and not text.strip()


def name_of(head):
    """The name in a function's head, or '' if the head is no function's."""
    plain = re.sub(r"__attribute__\s*\(\(.*?\)\)", "", head, flags=re.S).strip()
    if not plain.endswith(")") or "=" in plain or plain.startswith("typedef"):
        return ""
    match = NAME.search(plain)
    return match[1] if match else ""


def scan(text, ghost=False):
    """All functions and logic annotations of a print."""
    functions, logic = [], []
    head, contract, body, depth = "", "", "", 0
    for kind, piece in pieces(text):
        if depth:
            body += piece
            depth += (kind == "open") - (kind == "close")
            if depth == 0:
                name = name_of(head)
                if name:
                    contract = contract or declared_contract(functions, name)
                    functions.append(Function(name, head.strip(), contract, body[:-1], True, ghost))
                    contract = ""
                head = head + " {}" if not name else ""
                body = ""
        elif kind == "open":
            depth = 1
        elif kind == "acsl":
            inner = ghost_code(piece)
            if inner is not None:
                more = scan(inner, True)
                functions += more[0]
                logic += more[1]
            elif is_contract(piece):
                contract = piece
            else:
                logic.append(piece)
        else:
            head, contract = statements(head + piece, contract, functions, ghost)
    return functions, logic


def declared_contract(functions, name):
    """Of a function with an attribute, Frama-C prints a declaration between contract and body."""
    before = functions[-1] if functions else None
    return before.contract if before and before.name == name and not before.body else ""


def is_contract(annotation):
    """Whether a top-level annotation belongs to the function behind it."""
    words = annotation[3:].split()
    if words[:1] in (["admit"], ["check"]):
        words = words[1:]
    return bool(words) and words[0] in CLAUSES


def statements(text, contract, functions, ghost):
    """Takes whole declarations off the front of top-level code; returns the rest."""
    while ";" in text:
        first, text = text.split(";", 1)
        name = name_of(first)
        if name:
            functions.append(Function(name, first.strip(), contract, ghost=ghost))
        contract = ""
    if "#include" in text:
        text = re.sub(r"^#.*$", "", text, flags=re.M)
    return text, contract


def read(unit, env):
    """Parses one file with Frama-C and returns what it understood."""
    done = toolchain.run(["frama-c", *unit.kernel(), "-no-unicode", "-print", unit.name],
                         cwd=toolchain.ROOT, env=env)
    lines = done.stdout.splitlines()
    if done.returncode != 0:
        said = [line for line in lines if not line.startswith("[kernel] Parsing")]
        raise toolchain.ProofError(f"{unit.name}: frama-c cannot read it: " + " ".join(said[:6]))
    text = ATTRIBUTED.sub(r"\1", done.stdout.partition("/* Generated by Frama-C */")[2])
    functions, logic = scan(text)
    for function in functions:
        body_facts(function)
    return Program(text, functions, logic)


def loop_counts(unit, env):
    """Loops per defined function by Frama-C's metrics, to hold our own count against."""
    done = toolchain.run(["frama-c", *unit.kernel(), "-metrics", "-metrics-by-function", unit.name],
                         cwd=toolchain.ROOT, env=env)
    counts, name = {}, ""
    for line in done.stdout.splitlines():
        match = re.match(r"\s*Stats for function <(?:.*/)?(\w+)>", line)
        if match:
            name = match[1]
        match = re.match(r"\s*Loop = (\d+)", line)
        if match and name:
            counts[name], name = int(match[1]), ""
    return counts
