"""Parses ACSL logic definitions. Precedences are those of the ACSL manual, which are C's."""
from dataclasses import dataclass, field

from source import SpecError, Token


@dataclass(frozen=True)
class Node:
    where: str = field(compare=False)


@dataclass(frozen=True)
class Number(Node):
    value: int
    text: str = field(compare=False)


@dataclass(frozen=True)
class Truth(Node):
    value: bool


@dataclass(frozen=True)
class Name(Node):
    name: str


@dataclass(frozen=True)
class Call(Node):
    name: str
    args: tuple


@dataclass(frozen=True)
class Unary(Node):
    op: str  # ! - + ~ * &
    arg: Node


@dataclass(frozen=True)
class Binary(Node):
    op: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Choice(Node):
    test: Node
    yes: Node
    no: Node


@dataclass(frozen=True)
class Let(Node):
    name: str
    value: Node
    body: Node


@dataclass(frozen=True)
class Index(Node):
    base: Node
    at: Node


@dataclass(frozen=True)
class Field(Node):
    base: Node
    name: str


@dataclass(frozen=True)
class Cast(Node):
    type: object
    arg: Node


@dataclass(frozen=True)
class With(Node):
    base: Node
    path: tuple  # field names
    value: Node


@dataclass(frozen=True)
class Range(Node):
    low: object
    high: object


@dataclass(frozen=True)
class Quantifier(Node):
    kind: str  # \forall or \exists
    names: tuple  # (type, name) pairs
    body: Node


@dataclass(frozen=True)
class Definition:
    where: str
    kind: str  # logic, predicate or lemma
    name: str
    result: object
    params: tuple  # (type, name) pairs
    body: Node


LEVELS = [["<==>"], ["==>"], ["||"], ["^^"], ["&&"], ["<-->"], ["-->"], ["|"], ["^"], ["&"]]
RIGHT = ("==>", "&&", "||")  # grouped to the right, which for the last two changes nothing
RELATIONS = {"<": "up", "<=": "up", ">": "down", ">=": "down", "==": "", "!=": "none"}
TIGHT = [["<<", ">>"], ["+", "-"], ["*", "/", "%"]]
ESCAPES = {"n": 10, "t": 9, "r": 13, "0": 0, "\\": 92, "'": 39, '"': 34, "a": 7, "b": 8,
           "f": 12, "v": 11, "?": 63}
INTEGER_WORDS = {"unsigned", "signed", "int", "char", "short", "long"}


def char_value(token):
    text = token.text[1:-1]
    if text[0] != "\\":
        value = ord(text)
    elif text[1] == "x":
        value = int(text[2:], 16)
    elif text[1:].isdigit():
        value = int(text[1:], 8)
    elif text[1:] in ESCAPES:
        value = ESCAPES[text[1:]]
    else:
        raise SpecError(token.where, f"unknown escape {token.text}")
    if value > 127:
        raise SpecError(token.where, f"{token.text} is no ASCII character; write its number")
    return value


class Parser:
    """Recursive descent over the tokens of one annotation."""

    def __init__(self, tokens, world):
        self.world = world
        last = tokens[-1].where if tokens else "?"
        self.tokens = tokens + [Token("end", "end of annotation", last)]
        self.at = 0

    @property
    def here(self):
        return self.tokens[self.at]

    def fail(self, expected):
        raise SpecError(self.here.where, f"expected {expected}, found '{self.here.text}'")

    def next(self):
        token = self.here
        if token.kind == "end":
            self.fail("more")
        self.at += 1
        return token

    def accept(self, *texts):
        if self.here.kind in ("op", "name") and self.here.text in texts:
            return self.next()
        return None

    def expect(self, text):
        return self.accept(text) or self.fail(f"'{text}'")

    def name(self, what):
        if self.here.kind != "name" or self.here.text.startswith("\\"):
            self.fail(what)
        return self.next().text

    # Definitions

    def definitions(self):
        found = []
        while self.here.kind != "end":
            found.append(self.definition())
        return found

    def definition(self):
        first = self.next()
        if first.text == "check" and self.here.text == "lemma":
            first = self.next()
        if first.text not in ("logic", "predicate", "lemma"):
            raise SpecError(first.where, f"'{first.text}' is not translated: only logic and "
                            "predicate definitions are, and lemmas are skipped")
        result = self.type() if first.text == "logic" else "boolean"
        where = self.here.where
        name = self.name("a name")
        self.labels()
        params = self.params() if self.accept("(") else ()
        if not self.accept("=", ":") or (first.text == "lemma") != (self.before() == ":"):
            raise SpecError(where, f"'{name}' has no body; only what is defined can run")
        body = self.expression()
        self.expect(";")
        return Definition(where, first.text, name, result, params, body)

    def before(self):
        return self.tokens[self.at - 1].text

    def labels(self):
        if self.accept("{"):
            self.name("a label")
            while self.accept(","):
                self.name("a label")
            self.expect("}")

    def params(self):
        found = []
        while True:
            kind = self.type()
            name = self.name("a parameter name")
            while self.accept("["):  # an array parameter is a pointer
                if self.here.kind == "number":
                    self.next()
                self.expect("]")
                kind = ("pointer", kind)
            found.append((kind, name))
            if not self.accept(","):
                break
        self.expect(")")
        return tuple(found)

    # Types

    def starts_type(self):
        text = self.here.text
        return self.here.kind == "name" and (
            text in ("integer", "boolean", "struct", "enum", "const", "_Bool", "real")
            or text in INTEGER_WORDS or text in self.world.typedefs)

    def type(self):
        while self.accept("const"):
            pass
        if not self.starts_type():
            self.fail("a type")
        token = self.next()
        kind = token.text
        if kind in ("struct", "enum"):
            kind = f"{kind} {self.name('a tag')}"
        elif kind in INTEGER_WORDS:
            while self.here.text in INTEGER_WORDS:
                kind += " " + self.next().text
        elif kind == "real":
            raise SpecError(token.where, "real numbers are not translated")
        kind = self.world.resolve(kind, token.where)
        while self.accept("const"):
            pass
        while self.accept("*"):
            kind = ("pointer", kind)
            while self.accept("const"):
                pass
        return kind

    # Terms and predicates

    def expression(self):
        where = self.here.where
        if self.accept("\\let"):
            name = self.name("a name")
            self.expect("=")
            value = self.expression()
            self.expect(";")
            return Let(where, name, value, self.expression())
        kind = self.accept("\\forall", "\\exists")
        if kind:
            names = self.binders()
            return Quantifier(where, kind.text, names, self.expression())
        test = self.level(0)
        if not self.accept("?"):
            return test
        yes = self.expression()
        self.expect(":")
        return Choice(where, test, yes, self.expression())

    def binders(self):
        names = []
        while True:
            kind = self.type()
            names.append((kind, self.name("a name")))
            while self.accept(",") and not self.starts_type():
                names.append((kind, self.name("a name")))
            if self.before() != ",":
                break
        self.expect(";")
        return tuple(names)

    def level(self, depth):
        if depth == len(LEVELS):
            return self.relation()
        left = self.level(depth + 1)
        if self.here.kind == "op" and self.here.text in LEVELS[depth] and \
                self.here.text in RIGHT:
            op = self.next()
            right = self.expression() if self.binds() else self.level(depth)
            return Binary(op.where, op.text, left, right)
        while self.here.kind == "op" and self.here.text in LEVELS[depth]:
            op = self.next()
            right = self.expression() if self.binds() else self.level(depth + 1)
            left = Binary(op.where, op.text, left, right)
        return left

    def binds(self):
        return self.here.text in ("\\let", "\\forall", "\\exists")

    def relation(self):
        terms, ops = [self.tight(0)], []
        while self.here.kind == "op" and self.here.text in RELATIONS:
            ops.append(self.next())
            terms.append(self.tight(0))
        if not ops:
            return terms[0]
        ways = {RELATIONS[op.text] for op in ops} - {""}
        if len(ops) > 1 and (len(ways) > 1 or "none" in ways):
            raise SpecError(ops[0].where, "comparisons of a chain must point one way")
        links = [Binary(op.where, op.text, a, b) for op, a, b in zip(ops, terms, terms[1:])]
        whole = links[0]
        for link in links[1:]:
            whole = Binary(link.where, "&&", whole, link)
        return whole

    def tight(self, depth):
        if depth == len(TIGHT):
            return self.unary()
        left = self.tight(depth + 1)
        while self.here.kind == "op" and self.here.text in TIGHT[depth]:
            op = self.next()
            left = Binary(op.where, op.text, left, self.tight(depth + 1))
        return left

    def unary(self):
        op = self.here
        if self.accept("!", "-", "+", "~", "*", "&"):
            return Unary(op.where, op.text, self.unary())
        if op.text == "(":
            self.next()
            if self.starts_type():
                kind = self.type()
                self.expect(")")
                return Cast(op.where, kind, self.unary())
            self.at -= 1
        return self.postfix(self.primary())

    def postfix(self, node):
        while True:
            token = self.here
            if self.accept("["):
                at = self.expression()
                self.expect("]")
                node = Index(token.where, node, at)
            elif self.accept("."):
                node = Field(token.where, node, self.name("a field"))
            elif self.accept("->"):
                node = Field(token.where, Unary(token.where, "*", node), self.name("a field"))
            else:
                return node

    def primary(self):
        token = self.next()
        if token.kind == "number":
            return Number(token.where, int(digits(token), 0), digits(token))
        if token.kind == "char":
            return Number(token.where, char_value(token), token.text)
        if token.text in ("\\true", "\\false"):
            return Truth(token.where, token.text == "\\true")
        if token.text == "(":
            return self.bracketed(token)
        if token.text == "{":
            return self.update(token)
        if token.kind == "name":
            return self.named(token)
        self.at -= 1
        return self.fail("a term")

    def bracketed(self, token):
        low = None if self.here.text == ".." else self.expression()
        if self.accept(".."):
            high = None if self.here.text == ")" else self.expression()
            low = Range(token.where, low, high)
        self.expect(")")
        return low

    def named(self, token):
        if token.text == "\\at":
            self.expect("(")
            inner = self.expression()
            self.expect(",")
            self.name("a label")
            self.expect(")")
            return inner
        if self.here.text == "{":
            self.labels()
        args = []
        if not self.accept("("):
            return Name(token.where, token.text)
        while True:
            args.append(self.expression())
            if not self.accept(","):
                break
        self.expect(")")
        return Call(token.where, token.text, tuple(args))

    def update(self, token):
        base = self.expression()
        self.expect("\\with")
        while True:
            path = []
            while self.accept("."):
                path.append(self.name("a field"))
            if not path:
                self.fail("'.' and a field")
            self.expect("=")
            base = With(token.where, base, tuple(path), self.expression())
            if not self.accept(","):
                break
        self.expect("}")
        return base


def digits(token):
    """A number without its suffix, which has no meaning in logic; octal ones are refused."""
    text = token.text.rstrip("uUlL")
    if len(text) > 1 and text[0] == "0" and text[1] not in "xX":
        raise SpecError(token.where, f"octal number {token.text}; write it in hexadecimal")
    return text
