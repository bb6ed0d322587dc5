"""C text as a parser without a preprocessor can read it, every token at its own line and column.

Comments (and with them all ACSL), directives and what stands between #ifdef and #endif become
blanks of the same size. Macros stay names, so nothing that a macro expands to is ever changed."""

import bisect
import re
from dataclasses import dataclass

from wp import toolchain

COMMENT = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*$", re.M)
TOKEN = re.compile(r"""(?P<text>"(?:\\.|[^"\\\n])*")|(?P<char>'(?:\\.|[^'\\\n])*')|
                       (?P<number>(?:0[xX][0-9a-fA-F]+|[0-9]+)[uUlL]*)|(?P<name>[A-Za-z_]\w*)|
                       (?P<op>\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|
                              [^\s\w])""", re.X)


@dataclass(frozen=True)
class Token:
    """A token; `at` and `end` are offsets into the text."""

    kind: str
    text: str
    at: int
    end: int


class Source:
    """One file of the core: its text, what a parser is given, and its tokens."""

    def __init__(self, name, text):
        self.name = name
        self.text = text
        self.plain = without_conditions(blank_comments(text))
        self.lines = [0] + [match.end() for match in re.finditer("\n", text)]
        self.tokens = [Token(match.lastgroup, match.group(), match.start(), match.end())
                       for match in TOKEN.finditer(self.plain)]
        self.starts = [token.at for token in self.tokens]

    def index(self, line, column):
        """Number of the token that starts there, as pycparser counts, or None."""
        at = self.lines[line - 1] + column - 1
        place = bisect.bisect_left(self.starts, at)
        return place if place < len(self.starts) and self.starts[place] == at else None

    def line(self, at):
        """Number of the line that holds an offset, the first being 1."""
        return bisect.bisect_right(self.lines, at)


def blanks(text):
    """As many blanks, with the same ends of lines."""
    return re.sub(r"[^\n]", " ", text)


def blank_comments(text):
    """The text with blanks in place of comments."""
    return COMMENT.sub(lambda match: match[0] if match[0][0] in "\"'" else blanks(match[0]), text)


def without_conditions(text):
    """The text without directives, and without what an #ifdef or #if keeps from some compiler;
    the guard of a header is #ifndef, and its content stays."""
    kept, nesting, last = [], [], 0
    for match in DIRECTIVE.finditer(text):
        piece = text[last:match.start()]
        kept.append(piece if all(nesting) else blanks(piece))
        kept.append(blanks(match[0]))
        last = match.end()
        word = re.match(r"[ \t]*#\s*(\w*)", match[0])[1]
        if word in ("if", "ifdef", "ifndef"):
            nesting.append(word == "ifndef")
        elif word in ("else", "elif"):
            nesting[-1] = not nesting[-1]
        elif word == "endif":
            nesting.pop()
    return "".join(kept) + text[last:]


def compiler_words():
    """Names that stand for what is told a compiler beyond C: no part of the language."""
    header = (toolchain.ROOT / "core" / "compiler.h").read_text(encoding="utf-8")
    return sorted(set(re.findall(r"^#define (UPH_(?!COMPILER_H)\w+)", header, re.M)))
