"""Typed pieces of C text, and how operators join them without losing ACSL's meaning.

Logic integers become int64_t. They are unbounded in ACSL: whoever compiles the result has
overflow trapped by the compiler, so a value that does not fit ends the run and is never wrong.
"""
from dataclasses import dataclass

from source import SpecError
from world import INTEGERS

ATOM, UNARY, MUL, ADD, SHIFT, REL, EQ, AND, XOR, OR, LAND, LOR, COND = range(16, 3, -1)
OPS = {"*": MUL, "/": MUL, "%": MUL, "+": ADD, "-": ADD, "<<": SHIFT, ">>": SHIFT,
       "<": REL, "<=": REL, ">": REL, ">=": REL, "==": EQ, "!=": EQ,
       "&": AND, "^": XOR, "|": OR, "&&": LAND, "||": LOR}
COMPARE = ("<", "<=", ">", ">=", "==", "!=")


@dataclass(frozen=True)
class Value:
    """C text, its type in ACSL, its C type, its precedence; literal if its value is known."""
    text: str
    type: object
    c: object
    prec: int = ATOM
    literal: object = None

    def inside(self, prec):
        return self.text if self.prec >= prec else f"({self.text})"


def integer(text, prec=ATOM):
    return Value(text, "integer", "int64_t", prec)


def boolean(text, prec=ATOM):
    return Value(text, "boolean", "_Bool", prec)


def number(value, text, where):
    if not -2**63 <= value < 2**63:
        raise SpecError(where, f"{text} does not fit into int64_t")
    wide = not -2**31 <= value < 2**31
    return Value(f"INT64_C({text})" if wide else text, "integer", "int64_t" if wide else "int",
                 ATOM if value >= 0 else UNARY, value)


def c_type(kind):
    """The C type that stands for an ACSL type; const behind every pointer."""
    if isinstance(kind, tuple):
        inner = c_type(kind[1])
        return f"{inner}const *" if inner.endswith("*") else f"const {inner} *"
    return {"integer": "int64_t", "boolean": "bool", "_Bool": "bool"}.get(kind, kind)


def declare(kind, name):
    text = c_type(kind)
    return f"{text}{name}" if text.endswith("*") else f"{text} {name}"


def is_integer(value):
    return value.type == "integer" or value.type in INTEGERS or str(value.type).startswith("enum ")


def is_truth(value):
    return value.type in ("boolean", "_Bool") or is_integer(value)


def width(value):
    """Width and sign of the C type; enumerations are unsigned int with gcc and clang."""
    return INTEGERS.get(value.c, (32, False))


def wide(value, where):
    """The value as C text of type int64_t."""
    if not is_integer(value):
        raise SpecError(where, f"expected a number, found {show(value.type)}")
    if value.c == "int64_t":
        return value
    if width(value) == (64, False):
        return integer(f"spec_natural({value.text})")
    return integer(f"(int64_t){value.inside(UNARY)}", UNARY)


def narrow(value, where):
    """Like wide(), but leaves what C itself converts to int64_t unchanged beside another."""
    return wide(value, where) if width(value) == (64, False) else value


def arithmetic(op, left, right, where):
    for side in (left, right):
        if not is_integer(side):
            raise SpecError(where, f"'{op}' on {show(side.type)}")
    if op in ("<<", ">>"):
        left, right = wide(left, where), narrow(right, where)
        return integer(f"{left.inside(UNARY)} {op} {right.inside(UNARY)}", SHIFT)
    left, right = narrow(left, where), narrow(right, where)
    if "int64_t" not in (left.c, right.c):
        left = wide(left, where)
    prec = OPS[op]
    if op in ("&", "|", "^"):  # compilers ask for parentheses between different operators
        keep = UNARY
        l_text = left.text if left.prec == prec else left.inside(keep)
        return integer(f"{l_text} {op} {right.inside(keep)}", prec)
    return integer(f"{left.inside(prec)} {op} {right.inside(prec + 1)}", prec)


def compare(op, left, right, where):
    if isinstance(left.type, tuple) and isinstance(right.type, tuple):
        return boolean(f"{left.inside(SHIFT)} {op} {right.inside(SHIFT)}", OPS[op])
    if left.type == "boolean" or right.type == "boolean":
        if not (is_truth(left) and is_truth(right)) or op not in ("==", "!="):
            raise SpecError(where, f"'{op}' on {show(left.type)} and {show(right.type)}")
        return boolean(f"{left.inside(SHIFT)} {op} {right.inside(SHIFT)}", OPS[op])
    if not (is_integer(left) and is_integer(right)):
        raise SpecError(where, f"'{op}' on {show(left.type)} and {show(right.type)}")
    left, right = comparable(left, right, where)
    return boolean(f"{left.inside(SHIFT)} {op} {right.inside(SHIFT)}", OPS[op])


def comparable(left, right, where):
    """Both sides so that C compares the numbers that they are."""
    if left.c == right.c:
        return left, right
    out = []
    for value, other in ((left, right), (right, left)):
        bits, signed = width(value)
        if value.c != "int64_t" and value.literal is None and not signed and (
                bits == 64 or bits == 32 and other.c != "int64_t" and (other.literal or -1) < 0):
            value = wide(value, where)
        out.append(value)
    return out


def coerce(value, kind, where):
    """The value as an argument, result or field of the given type."""
    if value.type == kind:
        return value
    truths = ("boolean", "_Bool")
    if kind == "integer" and is_integer(value) and value.type != "_Bool":
        return narrow(value, where)
    if kind in truths and value.type in truths:
        return value
    if kind == "boolean" and is_integer(value):
        return boolean(f"{value.inside(SHIFT)} != 0", EQ)
    if isinstance(kind, str) and kind.startswith("enum ") and value.type == "integer":
        return Value(f"({kind}){value.inside(UNARY)}", kind, kind, UNARY)
    if isinstance(kind, tuple) and isinstance(value.type, tuple) and kind[1] == value.type[1]:
        return value
    raise SpecError(where, f"expected {show(kind)}, found {show(value.type)}; write a cast")


def cast(kind, value, where):
    if kind == "integer":
        if value.type in ("boolean", "_Bool"):
            return Value(f"({value.text} ? 1 : 0)", "integer", "int")
        return wide(value, where)
    if kind in ("boolean", "_Bool"):
        if value.type in ("boolean", "_Bool"):
            return Value(value.text, kind, "_Bool", value.prec)
        if value.literal is not None:
            return Value("true" if value.literal else "false", kind, "_Bool")
        return Value(f"{value.inside(SHIFT)} != 0", kind, "_Bool", EQ)
    if isinstance(kind, tuple):
        if not isinstance(value.type, tuple):
            raise SpecError(where, f"cast of {show(value.type)} to a pointer")
        if kind[1] == value.type[1]:
            return value
        return Value(f"({c_type(kind)}){value.inside(UNARY)}", kind, kind, UNARY)
    if not is_integer(value) and value.type != "boolean":
        raise SpecError(where, f"cast of {show(value.type)} to {kind}")
    return Value(f"({c_type(kind)}){value.inside(UNARY)}", kind, kind, UNARY)


def join(yes, no, where):
    """The common type of two branches, and the branches as text of one C type."""
    if yes.type == no.type and not is_integer(yes):
        return yes, no, yes.type, yes.c
    if {yes.type, no.type} <= {"boolean", "_Bool"}:
        return yes, no, "boolean", "_Bool"
    if isinstance(yes.type, tuple) and isinstance(no.type, tuple) and yes.type[1] == no.type[1]:
        return yes, no, ("pointer", yes.type[1]), ("pointer", yes.type[1])
    if not (is_integer(yes) and is_integer(no)):
        raise SpecError(where, f"branches of {show(yes.type)} and {show(no.type)}")
    if yes.type == no.type and yes.c == no.c:
        return yes, no, yes.type, yes.c
    plain = ("int", "int64_t", "uint8_t", "uint16_t")
    if yes.c not in plain:
        yes = wide(yes, where)
    if no.c not in plain:
        no = wide(no, where)
    return yes, no, "integer", "int64_t" if "int64_t" in (yes.c, no.c) else "int"


def show(kind):
    return f"pointer to {show(kind[1])}" if isinstance(kind, tuple) else str(kind)
