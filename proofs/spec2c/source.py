"""Reads specification files: finds the ACSL in them and lets the C preprocessor expand it.

Annotations are turned into plain tokens between two markers, so that macros, #include and
#if mean in them what they mean to Frama-C, and every token keeps its file and line. Knows no
grammar.
"""
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass

BEGIN = "acsl_begin_"
END = "acsl_end_marker"
WORD = "acsl_word_"  # stands for the backslash of \\true and the like, which are no macros


class SpecError(Exception):
    """What is wrong with a specification file, and where."""

    def __init__(self, where, message):
        super().__init__(f"{where}: {message}")


@dataclass(frozen=True)
class Token:
    kind: str  # number, char, name, op, end
    text: str
    where: str  # file:line


TOKEN = re.compile(r"""
    (?P<space>[ \t\f\r]+)
  | (?P<number>0[xX][0-9a-fA-F]+[uUlL]*(?![\w.])|[0-9]+[uUlL]*(?![\w]|\.[^.]))
  | (?P<char>'(?:\\.|\\x[0-9a-fA-F]+|\\[0-7]+|[^'\\])')
  | (?P<name>\\?[A-Za-z_]\w*)
  | (?P<op><==>|==>|<-->|-->|\.\.\.?|\^\^|<<|>>|<=|>=|==|!=|&&|\|\||->
        |[-+*/%<>=!~&|^?:;,.(){}\[\]])
""", re.VERBOSE)
LITERAL = re.compile(r"""'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*\"""")


def mark(text, path, marks):
    """Replaces each annotation by its text between markers; drops comments inside it."""
    out, i, line = [], 0, 1
    end = None  # what ends the annotation in which i stands
    while i < len(text):
        if end and text.startswith(end, i):
            out.append(f" {END} " + ("\n" if end == "\n" else ""))
            i, end = i + len(end), None
            line += text[i - 1] == "\n"
            continue
        opening = re.compile(r"/\*@|//@").match(text, i)
        if opening and not end:
            marks.append((path, line))
            out.append(f" {BEGIN}{len(marks) - 1} ")
            i, end = opening.end(), "*/" if opening.group() == "/*@" else "\n"
            continue
        piece = LITERAL.match(text, i) or re.compile(r"//[^\n]*|/\*.*?\*/", re.S).match(text, i)
        if piece:
            taken = piece.group()
            if end and taken.startswith("//"):  # a comment in ACSL ends before the annotation
                taken = taken.split("*/")[0]
            keep = taken if taken[0] in "'\"" else "\n" * taken.count("\n")
        else:
            taken = text[i]
            keep = {"@": " ", "\\": WORD}.get(taken, taken) if end else taken
        out.append(keep)
        line += taken.count("\n")
        i += len(taken)
    if end:
        raise SpecError(f"{path}:{marks[-1][1]}", "annotation does not end")
    return "".join(out)


def preprocess(headers, files, compiler):
    """The preprocessor's output for the headers, then the marked files; and where marks stand."""
    marks = []
    with tempfile.TemporaryDirectory() as box:
        unit = [f'#include "{header}"\n' for header in headers]
        for path in files:
            with open(path, encoding="utf-8") as stream:
                marked = mark(stream.read(), path, marks)
            with open(os.path.join(box, os.path.basename(path)), "w", encoding="utf-8") as stream:
                stream.write(f'# 1 "{path}"\n{marked}\n')
            unit.append(f'#include "{os.path.basename(path)}"\n')
        main = os.path.join(box, "unit.c")
        with open(main, "w", encoding="utf-8") as stream:
            stream.write("".join(unit))
        near = sorted({os.path.dirname(path) or "." for path in files})
        # Attributes are no C11, and say nothing of what a type is.
        command = [compiler, "-E", "-ffreestanding", "-std=c11", "-D__attribute__(of)=",
                   "-iquote", box, "-iquote", "."]
        for folder in near:
            command += ["-iquote", folder]
        run = subprocess.run(command + [main], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise SpecError("preprocessor", run.stderr.strip().replace(box + os.sep, ""))
    return run.stdout, marks


def tokens_of(text, path, line):
    i, found = 0, []
    while i < len(text):
        match = TOKEN.match(text, i)
        if not match:
            raise SpecError(f"{path}:{line}", f"no ACSL token starts at {text[i:i + 20]!r}")
        if match.lastgroup != "space":
            word = match.group()
            word = "\\" + word[len(WORD):] if word.startswith(WORD) else word
            found.append(Token(match.lastgroup, word, f"{path}:{line}"))
        i = match.end()
    return found


def split(output, marks):
    """Splits preprocessed text into the tokens of each annotation, and C text with its lines."""
    annotations, c_lines, current, seen = [], [], None, set()
    path, line, ours = "", 1, set()
    edge = re.compile(rf"({BEGIN}\d+|{END})")
    for raw in output.split("\n"):
        marker = re.match(r'# (\d+) "(.*)"((?: \d)*)$', raw)
        if marker:
            line, path = int(marker.group(1)), os.path.normpath(marker.group(2))
            if "3" not in marker.group(3).split():  # a system macro's text is marked 3 too
                ours.add(path)
            continue
        for part in edge.split(raw):
            if part.startswith(BEGIN):
                seen.add(int(part[len(BEGIN):]))
                current = []
                annotations.append(current)
            elif part == END:
                current = None
            elif current is not None:
                current.extend(tokens_of(part, path, line))
            elif part.strip() and path in ours:
                c_lines.append((path, line, part))
        line += 1
    for number, (where, at) in enumerate(marks):
        if number not in seen:
            raise SpecError(f"{where}:{at}", "annotation is cut away by the preprocessor")
    return annotations, c_lines


def prose_above(path, line):
    """The // comment lines that stand right above a definition."""
    with open(path, encoding="utf-8") as stream:
        lines = stream.read().split("\n")
    said = []
    while line >= 2 and lines[line - 2].strip().startswith("//"):
        said.insert(0, lines[line - 2].strip()[2:].strip())
        line -= 1
    return said
