"""The syntax tree of one file of the core, and which tokens a node is made of.

pycparser tells where a node starts, give or take parentheses; where it ends follows from the
tokens. Whatever does not come out as expected raises Lost, and is left alone and counted."""

import re
from dataclasses import dataclass

from pycparser import c_ast, c_parser
from wp import toolchain

from . import text

# Types that headers declare: a parser of C has to know that these names are types.
TYPES = ("bool", "size_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t",
         "int8_t", "int32_t", "int64_t")
PRELUDE = "".join(f"typedef int {name};\n" for name in TYPES)
CLOSING = {"(": ")", "[": "]", "{": "}"}


class Lost(Exception):
    """A node that is not where it was looked for."""


@dataclass(frozen=True)
class Function:
    """A function that a file defines; `body` is the number of its opening brace's token."""

    name: str
    node: c_ast.FuncDef
    body: int


class Tree:
    """A parsed file."""

    def __init__(self, source):
        self.source = source
        words = "|".join(text.compiler_words())
        plain = re.sub(rf"\b(?:{words})\b", lambda match: " " * len(match[0]), source.plain)
        try:
            unit = c_parser.CParser().parse(f'{PRELUDE}# 1 "{source.name}"\n{plain}', source.name)
        except c_parser.ParseError as error:
            raise toolchain.ProofError(f"{error}: pycparser cannot read it; a macro may stand "
                                       "where none can be a name") from error
        self.functions = [Function(node.decl.name, node, self.at(node.body))
                          for node in unit.ext if isinstance(node, c_ast.FuncDef)]

    def at(self, node):
        """The token at a node's coordinate."""
        index = self.source.index(node.coord.line, node.coord.column)
        if index is None:
            raise Lost(f"{node.coord}: no token")
        return index

    def word(self, index):
        """The text of a token; nothing outside the file."""
        tokens = self.source.tokens
        return tokens[index].text if 0 <= index < len(tokens) else ""

    def closing(self, index):
        """The token that closes the bracket at a token."""
        opening, depth = self.word(index), 0
        for place in range(index, len(self.source.tokens)):
            word = self.word(place)
            depth += (word == opening) - (word == CLOSING.get(opening))
            if depth == 0:
                return place
        raise Lost(f"{self.source.name}: '{opening}' does not close")

    def expect(self, index, word):
        """A token that has to be this one."""
        if self.word(index) != word:
            raise Lost(f"{self.source.name}: expected '{word}', found '{self.word(index)}'")
        return index

    def whole(self, node):
        """First and last token of a node, its parentheses included."""
        first, last = self.extent(node)
        while self.word(first - 1) == "(" and self.word(last + 1) == ")":
            first, last = first - 1, last + 1
        return first, last

    def extent(self, node):
        """First and last token of an expression, without parentheses around it."""
        find = getattr(self, f"extent_{type(node).__name__}", None)
        if find is None:
            raise Lost(f"{node.coord}: {type(node).__name__}: no expression")
        return find(node)

    def extent_Constant(self, node):
        first = last = self.at(node)
        while node.type == "string" and self.word(last + 1).startswith('"'):
            last += 1
        return first, last

    def extent_ID(self, node):
        return (self.at(node),) * 2

    def extent_BinaryOp(self, node):
        return self.whole(node.left)[0], self.whole(node.right)[1]

    def extent_Assignment(self, node):
        return self.whole(node.lvalue)[0], self.whole(node.rvalue)[1]

    def extent_TernaryOp(self, node):
        return self.whole(node.cond)[0], self.whole(node.iffalse)[1]

    def extent_FuncCall(self, node):
        first, last = self.whole(node.name)
        return first, self.closing(self.expect(last + 1, "("))

    def extent_ArrayRef(self, node):
        first, last = self.whole(node.name)
        return first, self.closing(self.expect(last + 1, "["))

    def extent_StructRef(self, node):
        first, last = self.whole(node.name)
        self.expect(last + 1, node.type)
        return first, self.expect(last + 2, node.field.name)

    def extent_Cast(self, node):
        return self.expect(self.at(node), "("), self.whole(node.expr)[1]

    def extent_CompoundLiteral(self, node):
        first = self.expect(self.at(node), "(")
        return first, self.closing(self.expect(self.closing(first) + 1, "{"))

    def extent_UnaryOp(self, node):
        if node.op == "sizeof":
            return self.sizeof(node)
        first, last = self.whole(node.expr)
        if node.op.startswith("p") and node.op[1:] in ("++", "--"):
            return first, self.expect(last + 1, node.op[1:])
        return self.expect(first - 1, node.op), last

    def sizeof(self, node):
        """`sizeof x` or `sizeof(type)`."""
        inner = node.expr
        if isinstance(inner, c_ast.Typename):
            first = self.at(inner)
            while self.word(first) != "sizeof":
                first -= 1
                if self.word(first) not in ("(", "const", "struct", "enum", "sizeof"):
                    raise Lost(f"{node.coord}: sizeof")
            return first, self.closing(self.expect(first + 1, "("))
        first, last = self.whole(inner)
        return self.expect(first - 1, "sizeof"), last

    def operator(self, node):
        """The token of a binary operator."""
        return self.expect(self.whole(node.left)[1] + 1, node.op)

    def assigned(self, node):
        """The token of an assignment's sign."""
        return self.expect(self.whole(node.lvalue)[1] + 1, node.op)
