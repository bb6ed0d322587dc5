"""What is changed in a function, one change a mutant: operators of mutation over a syntax tree."""

import re
from dataclasses import dataclass

from pycparser import c_ast

from . import tree as trees

RELATIONS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
ARITHMETIC = {"+": "-", "-": "+", "+=": "-=", "-=": "+=", "++": "--", "--": "++"}
BITS = {"&": "|", "|": "&", "^": "|", "<<": ">>", ">>": "<<", "&=": "|=", "|=": "&="}
LOGIC = {"&&": "||", "||": "&&"}
TRUTHS = {"true": "false", "false": "true"}
ORDERED = {"-", "<", "<=", ">", ">=", "/", "%", "<<", ">>"}
CONDITIONED = (c_ast.If, c_ast.While, c_ast.DoWhile, c_ast.For, c_ast.TernaryOp)
OPERATORS = ("relation", "constant", "condition", "drop", "swap", "logic", "return", "arithmetic",
             "bits")


@dataclass(frozen=True)
class Mutant:
    """One change: text[at:end] of a file becomes `new`."""

    name: str  # file:function:operator:number
    file: str
    function: str
    line: int
    at: int
    end: int
    old: str
    new: str

    def apply(self, text):
        """The file's text with the change."""
        return text[:self.at] + self.new + text[self.end:]


class Finder(c_ast.NodeVisitor):
    """Collects the changes of one function."""

    def __init__(self, tree, function):
        self.tree = tree
        self.function = function
        self.found = []  # operator, first offset, end, new text
        self.lost = 0
        self.turns = 0
        self.last = (function.node.body.block_items or [None])[-1]

    def change(self, operator, first, last, new):
        """Notes a change of the tokens first to last."""
        tokens = self.tree.source.tokens
        self.found.append((operator, tokens[first].at, tokens[last].end, new))

    def text(self, first, last):
        """What stands in the file from one token to another."""
        tokens = self.tree.source.tokens
        return self.tree.source.text[tokens[first].at:tokens[last].end]

    def visit(self, node):
        """Looks for changes here and below; what is not found where it should be is counted."""
        look = getattr(self, f"at_{type(node).__name__}", None)
        try:
            if look:
                look(node)
            if isinstance(node, CONDITIONED) and node.cond is not None:
                self.negate("condition", node.cond)
        except trees.Lost:
            self.lost += 1
        for name, child in node.children():
            # The size of an array is part of a declaration, and nothing is computed there.
            if not (isinstance(node, c_ast.ArrayDecl) and name == "dim"):
                self.visit(child)

    def negate(self, operator, node):
        """Negates a condition; where it is one comparison, `relation` does the same already."""
        if not (isinstance(node, c_ast.BinaryOp) and node.op in ("==", "!=")):
            first, last = self.tree.extent(node)
            self.change(operator, first, last, f"!({self.text(first, last)})")

    def bracketed(self, first, last):
        """Whether these tokens are one pair of parentheses that is the expression's own."""
        return self.tree.word(first) == "(" and self.tree.closing(first) == last

    def at_BinaryOp(self, node):
        place = self.tree.operator(node)
        for name, table in (("relation", RELATIONS), ("arithmetic", ARITHMETIC), ("bits", BITS),
                            ("logic", LOGIC)):
            if node.op in table:
                self.change(name, place, place, table[node.op])
        if node.op in ORDERED:
            self.swap(node, place)

    def swap(self, node, place):
        """Exchanges the operands; each keeps its text, in parentheses where it needs them."""
        left, right = self.tree.whole(node.left), self.tree.whole(node.right)
        texts = [self.text(*one) if isinstance(inner, (c_ast.ID, c_ast.Constant))
                 or self.bracketed(*one) else f"({self.text(*one)})"
                 for one, inner in ((right, node.right), (left, node.left))]
        if texts[0] != texts[1]:
            self.change("swap", left[0], right[1], f"{texts[0]} {self.tree.word(place)} {texts[1]}")

    def at_Assignment(self, node):
        place = self.tree.assigned(node)
        for name, table in (("arithmetic", ARITHMETIC), ("bits", BITS)):
            if node.op in table:
                self.change(name, place, place, table[node.op])

    def at_UnaryOp(self, node):
        sign = node.op.removeprefix("p")
        if sign in ("++", "--"):
            first, last = self.tree.extent(node)
            place = last if node.op.startswith("p") else first
            self.change("arithmetic", place, place, ARITHMETIC[sign])

    def at_Constant(self, node):
        place = self.tree.at(node)
        value, suffix = number(self.tree.word(place))
        if value is not None:
            # Up and down in turn: one of them for each place, and both for each function.
            self.turns += 1
            other = value - 1 if self.turns % 2 == 0 and value > 0 else value + 1
            self.change("constant", place, place, f"{other}{suffix}")

    def at_Compound(self, node):
        self.statements(node.block_items or [])

    def at_Case(self, node):
        self.statements(node.stmts or [])

    at_Default = at_Case

    def at_If(self, node):
        self.statements([one for one in (node.iftrue, node.iffalse) if one is not None])

    def statements(self, nodes):
        """Drops each statement that does something, but for the return at a function's end."""
        for node in nodes:
            try:
                place = self.statement(node)
                if place and node is not self.last:
                    self.change("drop", *place, ";")
            except trees.Lost:
                self.lost += 1

    def statement(self, node):
        """First and last token of a statement that can be dropped, its semicolon included."""
        kinds = (c_ast.Assignment, c_ast.FuncCall)
        if isinstance(node, kinds) or (isinstance(node, c_ast.UnaryOp) and
                                       node.op.removeprefix("p") in ("++", "--")):
            first, last = self.tree.whole(node)
            return first, self.tree.expect(last + 1, ";")
        if isinstance(node, (c_ast.Return, c_ast.Break, c_ast.Continue)):
            first = last = self.tree.at(node)
            while self.tree.word(last) != ";":
                last = self.tree.closing(last) if self.tree.word(last) in "([{" else last
                last += 1
            return first, last
        return None

    def at_Return(self, node):
        kind = returned(self.function.node)
        if node.expr is None or not kind:
            return
        first, last = self.tree.extent(node.expr)
        inner = self.tree.word(first) if first == last else ""
        if inner in TRUTHS:
            self.change("return", first, last, TRUTHS[inner])
        elif kind == "bool":
            self.negate("return", node.expr)
        elif not isinstance(node.expr, c_ast.Constant):  # of which `constant` makes others
            self.change("return", first, last, f"({self.text(first, last)}) + 1")


def number(word):
    """Value and suffix of an integer or a character; None for anything else."""
    match = re.fullmatch(r"(0[xX][0-9a-fA-F]+|[0-9]+)([uUlL]*)", word)
    if match:
        return int(match[1], 16 if match[1][1:2] in "xX" and len(match[1]) > 1 else
                   8 if match[1][0] == "0" else 10), match[2]
    if re.fullmatch(r"'(\\?.|\\[0-7]{1,3}|\\x[0-9a-f]+)'", word):
        return ord(word[1:-1].encode().decode("unicode_escape")), ""
    return None, ""


def returned(node):
    """`bool` or `number` for functions that return one; '' for void, pointers and structs."""
    kind = node.decl.type.type
    if not isinstance(kind, c_ast.TypeDecl):
        return ""
    if isinstance(kind.type, c_ast.Enum):
        return "number"
    names = getattr(kind.type, "names", None)
    if not names or names == ["void"]:
        return ""
    return "bool" if names == ["bool"] else "number"


def of_function(tree, function):
    """The mutants of a function in the order of its text, and how many places were lost."""
    finder = Finder(tree, function)
    finder.visit(function.node.body)
    counts, mutants = {}, []
    source = tree.source
    for operator, at, end, new in sorted(finder.found, key=lambda one: (one[1], one[0], one[3])):
        old = source.text[at:end]
        counts[operator] = counts.get(operator, 0) + 1
        mutants.append(Mutant(f"{source.name}:{function.name}:{operator}:{counts[operator]}",
                              source.name, function.name, source.line(at), at, end, old, new))
    return mutants, finder.lost
