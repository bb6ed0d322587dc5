"""The labelled clauses of the core's contracts, as they stand in its sources.

Read from text, not from Frama-C, so that pages can quote them and no prover is needed. That each
one is proved as it stands here is for `make prove` to say."""

import re
from dataclasses import dataclass

ANNOTATION = re.compile(r"/\*@(.*?)\*/", re.S)
GHOST = re.compile(r"\s*ghost\s*/@(.*?)@/", re.S)  # of a function that is for the proof alone
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
KEYWORD = re.compile(r"(?m)^[ \t]*(requires|terminates|decreases|assigns|ensures|behavior|allocates"
                     r"|frees|exits|assumes|complete|disjoint)\b")
LABEL = re.compile(r"\s*\w+\s+(\w+)\s*:(?!:)")
NAME = re.compile(r"[\w\s*]*?\b(\w+)\s*\(")


class EvidenceError(Exception):
    """What is wrong, where, and what to do about it: a line each."""


@dataclass(frozen=True)
class Clause:
    """One clause of a function's contract; the label is '' where it has none."""

    function: str
    kind: str
    label: str
    text: str  # as it stands, its first line moved to the margin
    file: str

    @property
    def goal(self):
        """WP's name of what is to be proved, without the name of its memory model."""
        return f"{self.function}_{self.kind}_{self.label}"


def margin(text):
    """Text without the blanks that all its lines but the first share with the first."""
    lines = text.rstrip().split("\n")
    deep = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[min(deep, len(line) - len(line.lstrip())):].rstrip() for line in lines)


def pieces(annotation):
    """Kind, label and text as it stands of each clause of a contract, one behind the other; nothing
    of any other annotation."""
    text = "    " + annotation.lstrip()  # the first clause stands behind the opening mark
    starts = [match.start() for match in KEYWORD.finditer(text)]
    if not starts or text[:starts[0]].strip():
        return
    for start, end in zip(starts, starts[1:] + [len(text)]):
        clause = text[start:end]
        label = LABEL.match(COMMENT.sub("", clause))
        yield KEYWORD.match(clause)[1], label[1] if label else "", clause


def split(annotation):
    """Kind, label and text of each clause, its first line moved to the margin."""
    for kind, label, clause in pieces(annotation):
        yield kind, label, margin(clause.lstrip("\n"))


def function_behind(text):
    """The function whose declaration starts a text; '' if none does."""
    found = NAME.match(COMMENT.sub(" ", text).lstrip())
    return found[1] if found else ""


def contracts(text):
    """Of each annotation: its match, its text or that of the ghost function's contract in it, and
    the function behind it."""
    for match in ANNOTATION.finditer(text):
        ghost = GHOST.match(match[1])
        end = match.start(1) + ghost.end() if ghost else match.end()
        yield match, ghost[1] if ghost else match[1], function_behind(text[end:end + 2000])


def without(text, function, label):
    """A source with blanks in place of an `ensures` of a function's contract, every line where it
    was; None if that is not in it."""
    for match, annotation, behind in contracts(text):
        found = list(pieces(annotation))
        wanted = [clause for kind, name, clause in found if (kind, name) == ("ensures", label)]
        if wanted and behind == function:
            at = text.index(wanted[0].lstrip("\n").strip(), match.start())
            end = at + len(wanted[0].strip())
            return text[:at] + re.sub(r"[^\n]", " ", text[at:end]) + text[end:]
    return None


def read_file(text, name):
    """All clauses of the contracts in one source."""
    for _, annotation, function in contracts(text):
        yield from (Clause(function, *clause, name) for clause in split(annotation))


def read(root):
    """All clauses of the core, headers first: contracts of what is shared stand there."""
    paths = [*sorted((root / "core").glob("*.h")), *sorted((root / "core").glob("*.c"))]
    if not paths:
        raise EvidenceError("core/*.h: no file; expected the core's sources")
    return [clause for path in paths for clause in
            read_file(path.read_text(encoding="utf-8"), f"core/{path.name}")]
