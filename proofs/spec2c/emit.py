"""Turns one definition into one C function: the same equations, in the same order.

Three things differ from a literal transcription, and none of them changes a value. A call in
tail position becomes a loop. A call that stands several times in a body is made once on each
path. A \\let is evaluated where it is first needed.

Logic functions are total and C is not: what stands as an argument is evaluated before the call,
so a definition guards what it reads where it reads it.
"""
import re

from grammar import (Binary, Call, Choice, Field, Index, Let, Name, Quantifier, Unary,
                     With)
from source import SpecError
from values import (ADD, ATOM, COMPARE, COND, LAND, LOR, UNARY, Value, arithmetic, boolean, cast,
                    coerce, compare, declare, integer, is_integer, is_truth, join, number,
                    show)
import shape


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def wrapped(line, depth):
    """The line, indented, in pieces of at most 96 columns; broken behind && and || if possible."""
    pieces = [line]
    for seam in (r"(?<=&& |\|\| )", r"(?<=, )", r"(?<= )"):
        pieces = [small for piece in pieces
                  for small in (re.split(seam, piece) if len(piece) > 96 - 4 * depth - 8
                                else [piece])]
    lines = ["    " * depth]
    for piece in pieces:
        if lines[-1].strip() and len(lines[-1]) + len(piece.rstrip()) > 96:
            lines.append("    " * (depth + 1))
        lines[-1] += piece
    return [text.rstrip() for text in lines]


class Function:
    """Writes the C text of one definition."""

    def __init__(self, definition, book):
        self.d, self.book, self.world = definition, book, book.world
        self.params = {name: kind for kind, name in definition.params}
        self.used, self.taken = set(), set(self.params) | {"total"}
        self.lets, self.bound = {}, {}
        self.lines, self.depth, self.scopes, self.outer = [], 1, [{}], []
        self.body = self.rename(definition.body, {})
        self.often = shape.repeated_calls(self.body)
        self.loop = definition.name not in book.branching and \
            shape.tail_call(self.body, definition.name)
        self.sum = self.loop and definition.result == "integer" and \
            shape.tail_sum(self.body, definition.name)

    def fresh(self, name):
        base, n = name, 2
        while name in self.taken or self.book.reserved(name):
            name, n = f"{base}{n}", n + 1
        self.taken.add(name)
        return name

    def rename(self, node, names):
        """Gives every \\let and bound variable a name of its own in the function."""
        if isinstance(node, Name):
            return Name(node.where, names.get(node.name, node.name))
        if isinstance(node, Let):
            value = self.rename(node.value, names)
            own = self.fresh(node.name)
            return Let(node.where, own, value, self.rename(node.body, {**names, node.name: own}))
        if isinstance(node, Quantifier):
            inner = dict(names)
            for _, name in node.names:
                inner[name] = self.fresh(name)
            own = tuple((kind, inner[name]) for kind, name in node.names)
            return Quantifier(node.where, node.kind, own, self.rename(node.body, inner))
        return shape.rebuild(node, lambda child: self.rename(child, names))

    # Text

    def put(self, line):
        self.lines += wrapped(line, self.depth)

    def open(self, line):
        self.put(line + " {")
        self.depth += 1
        self.scopes.append({})
        self.outer.append(set(self.taken))

    def close(self):
        self.depth -= 1
        self.scopes.pop()
        self.taken = self.outer.pop()
        self.put("}")

    def aside(self, make):
        """Runs make() in a scope of its own; returns its value and the lines that it needs."""
        saved, self.lines = self.lines, []
        self.depth += 1
        self.scopes.append({})
        value = make()
        self.scopes.pop()
        self.depth -= 1
        lines, self.lines = self.lines, saved
        return value, lines

    def remembered(self, key):
        for scope in self.scopes:
            if key in scope:
                return scope[key]
        return None

    def temporary(self, value, hint, changes=False):
        name = self.fresh(hint)
        const = "" if changes or isinstance(value.type, tuple) else "const "
        c = "integer" if value.type == "integer" else value.type
        self.put(f"{const}{declare(c, name)} = {value.text};")
        return Value(name, value.type, "int64_t" if c == "integer" else value.c)

    # Whole function

    def write(self):
        if self.loop:
            if self.sum:
                self.put("int64_t total = 0;")
            self.open("for (;;)")
        self.tail(self.body)
        if self.loop:
            self.close()
        for _, name in reversed(self.d.params):
            if name not in self.used:
                self.lines.insert(0, f"    (void){name};")
        return self.lines

    def give(self, value, where):
        value = coerce(value, self.d.result, where)
        if self.sum:
            value = value if value.literal != 0 else None
            self.put(f"return total + {value.inside(ADD)};" if value else "return total;")
        else:
            self.put(f"return {value.text};")

    def tail(self, node):
        name = self.d.name
        if isinstance(node, Let):
            self.lets[node.name] = node.value
            self.tail(node.body)
        elif isinstance(node, Choice):
            self.open(f"if ({self.truth(node.test).text})")
            self.tail(node.yes)
            self.close()
            self.tail(node.no)
        elif self.loop and isinstance(node, Call) and node.name == name:
            self.again(node)
        elif self.sum and isinstance(node, Binary) and node.op == "+" and \
                shape.calls(node, name):
            inner, other = (node.left, node.right) if shape.calls(node.left, name) \
                else (node.right, node.left)
            if shape.calls(other, name):
                raise SpecError(node.where, f"both sides of '+' call '{name}'")
            added = coerce(self.term(other), "integer", node.where)
            self.put(f"total += {added.text};")
            self.tail(inner)
        elif isinstance(node, Binary) and node.op in ("&&", "||"):
            self.tail_logic(node)
        else:
            self.give(self.term(node), node.where)

    def tail_logic(self, node):
        """`a && b && ...` as the result: what needs statements comes after an early return."""
        settled = "true" if node.op == "||" else "false"
        plain = None  # the terms so far that need no statement
        for item in shape.chain(node, node.op):
            loops = self.loop and shape.tail_call(item, self.d.name)
            taken = set(self.taken)
            value, lines = (None, ()) if loops else self.aside(lambda it=item: self.truth(it))
            if plain is not None and (loops or lines):
                test = plain if node.op == "||" else boolean("!" + plain.inside(UNARY), UNARY)
                self.open(f"if ({test.text})")
                self.put(f"return {settled};")
                self.close()
                plain = None
            if loops:
                self.tail(item)
                return
            if lines:  # once more, now in place
                self.taken = taken
                value = self.truth(item)
            plain = value if plain is None else self.logic(node.op, plain, value)
        self.give(plain, node.where)

    def again(self, node):
        """A tail call of the function itself: assigns all parameters at once and goes round."""
        self.check_count(node, self.d.params)
        changes = []
        for (kind, name), arg in zip(self.d.params, node.args):
            value = coerce(self.term(arg), kind, arg.where)
            if value.text != name:
                changes.append((kind, name, value.text))
        changed = {name for _, name, _ in changes}
        names = {}
        for k, (kind, name, text) in enumerate(changes):
            earlier = {n for _, n, _ in changes[:k]}
            if earlier & set(re.findall(r"\w+", text)):
                for other_kind, other, other_text in changes:
                    if other in changed:
                        names[other] = self.fresh(f"next_{other}")
                        self.put(f"{declare(other_kind, names[other])} = {other_text};")
                break
        for kind, name, text in changes:
            self.put(f"{name} = {names.get(name, text)};")
        if self.depth > 2:  # else the end of the loop's body comes next
            self.put("continue;")

    # Terms

    def truth(self, node):
        value = self.term(node)
        if not is_truth(value):
            raise SpecError(node.where, f"expected a truth value, found {show(value.type)}")
        return value

    def logic(self, op, left, right):
        prec = LAND if op == "&&" else LOR
        text = f" {op} ".join(v.text if v.prec == prec or v.prec > LAND else f"({v.text})"
                              for v in (left, right))
        return boolean(text, prec)

    def term(self, node):
        return getattr(self, "on_" + type(node).__name__.lower())(node)

    def on_number(self, node):
        return number(node.value, node.text, node.where)

    def on_truth(self, node):
        return boolean("true" if node.value else "false")

    def on_range(self, node):
        raise SpecError(node.where, "a range of indices is no value")

    def on_name(self, node):
        name = node.name
        if name in self.lets:
            known = self.remembered(node)
            if known is None:
                value = self.term(self.lets[name])
                c = "integer" if value.type == "integer" else value.type
                const = "" if isinstance(c, tuple) else "const "
                self.put(f"{const}{declare(c, name)} = {value.text};")
                known = Value(name, value.type, "int64_t" if c == "integer" else value.c)
                self.scopes[-1][node] = known
            return known
        if name in self.bound:
            return integer(name)
        if name in self.params:
            self.used.add(name)
            kind = self.params[name]
            return Value(name, kind, {"integer": "int64_t", "boolean": "_Bool"}.get(kind, kind))
        if name == "\\null":
            return Value("NULL", ("pointer", "void"), ("pointer", "void"))
        if name in self.world.enumerators:
            return Value(name, "integer", "int")
        if name in self.world.globals:
            kind = self.world.globals[name]
            return Value(name, kind, kind)
        if name in self.book.functions:
            return self.on_call(Call(node.where, name, ()))
        raise SpecError(node.where, f"unknown name '{name}'")

    def check_count(self, node, params):
        if len(node.args) != len(params):
            raise SpecError(node.where, f"'{node.name}' takes {len(params)} arguments, "
                            f"{len(node.args)} are given")

    def on_call(self, node):
        if node.name in ("\\min", "\\max", "\\abs"):
            return self.builtin(node)
        callee = self.book.functions.get(node.name)
        if callee is None:
            why = self.book.skipped.get(node.name)
            raise SpecError(node.where, f"'{node.name}' was skipped: {why}" if why
                            else f"unknown function '{node.name}'")
        known = self.remembered(node)
        if known is not None:
            return known
        self.check_count(node, callee.params)
        if self.d.name in self.book.reach[node.name] or node.name == self.d.name:
            self.book.deep.add(self.d.name)
        args = [coerce(self.term(arg), kind, arg.where).text
                for (kind, _), arg in zip(callee.params, node.args)]
        kind = callee.result
        c = {"integer": "int64_t", "boolean": "_Bool"}.get(kind, kind)
        value = Value(f"{self.book.inner(node.name)}({', '.join(args)})", kind, c)
        if self.often.get(node, 0) > 1:
            value = self.temporary(value, snake(node.name))
            self.scopes[-1][node] = value
        return value

    def builtin(self, node):
        count = 1 if node.name == "\\abs" else 2
        self.check_count(node, [None] * count)
        args = [coerce(self.term(arg), "integer", node.where).text for arg in node.args]
        return integer(f"spec_{node.name[1:]}({', '.join(args)})")

    def on_unary(self, node):
        if node.op == "&":
            return self.address(node)
        value = self.term(node.arg)
        if node.op == "!":
            if not is_truth(value):
                raise SpecError(node.where, f"'!' on {show(value.type)}")
            return boolean("!" + value.inside(UNARY), UNARY)
        if node.op == "*":
            if not isinstance(value.type, tuple):
                raise SpecError(node.where, f"'*' on {show(value.type)}")
            return Value("*" + value.inside(UNARY), value.type[1], value.type[1], UNARY)
        if node.op == "-" and value.literal is not None and value.c == "int":
            return number(-value.literal, f"-{value.text}", node.where)
        if not is_integer(value):
            raise SpecError(node.where, f"'{node.op}' on {show(value.type)}")
        if node.op == "+":
            return value
        if value.c != "int64_t":
            value = cast("integer", value, node.where)
        return integer(node.op + value.inside(ATOM), UNARY)

    def address(self, node):
        """&table[i], &p[i], &p->field: never of a copy, so the address outlives the call."""
        root = node.arg
        while isinstance(root, (Field, Index)):
            root = root.base
        value = self.term(node.arg)
        local = isinstance(root, Name) and root.name not in self.world.globals and \
            not isinstance(self.term(root).type, tuple)
        if local or not isinstance(root, (Name, Unary)):
            raise SpecError(node.where, "address of a value that has no place in memory")
        kind = ("pointer", value.type)
        return Value("&" + value.inside(UNARY), kind, kind, UNARY)

    def on_binary(self, node):
        op = node.op
        if op in ("&&", "||", "==>"):
            return self.connective(node)
        left, right = self.term(node.left), self.term(node.right)
        if op in COMPARE:
            return compare(op, left, right, node.where)
        if op in ("<==>", "^^"):
            left, right = cast("boolean", left, node.where), cast("boolean", right, node.where)
            return compare("==" if op == "<==>" else "!=", left, right, node.where)
        if op in ("-->", "<-->"):
            raise SpecError(node.where, f"'{op}' is not translated")
        if op in ("+", "-") and isinstance(left.type, tuple):
            if isinstance(right.type, tuple):
                raise SpecError(node.where, "difference of pointers is not translated")
            right = coerce(right, "integer", node.where)
            kind = ("pointer", left.type[1])
            return Value(f"{left.inside(ADD)} {op} {right.inside(ADD + 1)}", kind, kind, ADD)
        return arithmetic(op, left, right, node.where)

    def connective(self, node):
        left = self.truth(node.left)
        if node.op == "==>":
            left = boolean("!" + left.inside(UNARY), UNARY)
        op = "&&" if node.op == "&&" else "||"
        right, lines = self.aside(lambda: self.truth(node.right))
        if not lines:
            return self.logic(op, left, right)
        held = self.temporary(boolean(left.text), "holds", changes=True)
        self.put(f"if ({held.text}) {{" if op == "&&" else f"if (!{held.text}) {{")
        self.lines += lines
        self.lines.append("    " * (self.depth + 1) + f"{held.text} = {right.text};")
        self.put("}")
        return held

    def on_choice(self, node):
        test = self.truth(node.test)
        yes, yes_lines = self.aside(lambda: self.term(node.yes))
        no, no_lines = self.aside(lambda: self.term(node.no))
        yes, no, kind, c = join(yes, no, node.where)
        if not yes_lines and not no_lines:
            text = f"{test.inside(LOR)} ? {yes.inside(LOR)} : {no.inside(COND)}"
            return Value(text, kind, c, COND)
        name = self.fresh("chosen")
        self.put(f"{declare(kind, name)};")
        self.put(f"if ({test.text}) {{")
        self.lines += yes_lines + ["    " * (self.depth + 1) + f"{name} = {yes.text};"]
        self.put("} else {")
        self.lines += no_lines + ["    " * (self.depth + 1) + f"{name} = {no.text};"]
        self.put("}")
        return Value(name, kind, "int64_t" if kind == "integer" else c)

    def on_let(self, node):
        self.lets[node.name] = node.value
        return self.term(node.body)

    def on_index(self, node):
        base = self.term(node.base)
        if not isinstance(base.type, tuple):
            raise SpecError(node.where, f"index into {show(base.type)}")
        at = coerce(self.term(node.at), "integer", node.where)
        return Value(f"{base.inside(ATOM)}[{at.text}]", base.type[1], base.type[1])

    def on_field(self, node):
        arrow = isinstance(node.base, Unary) and node.base.op == "*"
        base = self.term(node.base.arg if arrow else node.base)
        of = base.type[1] if arrow and isinstance(base.type, tuple) else base.type
        kind = self.world.field(of, node.name)
        if kind is None:
            raise SpecError(node.where, f"{show(of)} has no field '{node.name}'")
        return Value(f"{base.inside(ATOM)}{'->' if arrow else '.'}{node.name}", kind, kind)

    def on_cast(self, node):
        return cast(node.type, self.term(node.arg), node.where)

    def on_with(self, node):
        changes, base = [], node
        while isinstance(base, With):
            changes.insert(0, base)
            base = base.base
        start = self.term(base)
        values = []
        for change in changes:
            kind = start.type
            for name in change.path:
                kind = self.world.field(kind, name)
                if kind is None:
                    raise SpecError(change.where, f"{show(start.type)} has no field "
                                    f"'{'.'.join(change.path)}'")
            value = coerce(self.term(change.value), kind, change.where)
            values.append((".".join(change.path), value))
        changed = self.temporary(start, "changed", changes=True)
        for path, value in values:
            self.put(f"{changed.text}.{path} = {value.text};")
        return changed

    def on_quantifier(self, node):
        """A bounded quantifier over one integer becomes a loop over its range."""
        bounds = shape.bounds(node)
        if bounds is None:
            raise SpecError(node.where, f"{node.kind} is translated over one integer k only, as "
                            "'a <= k < b ==> ...' or, for \\exists, 'a <= k < b && ...'")
        low, high, closed, inner = bounds
        name = node.names[0][1]
        low = coerce(self.term(low), "integer", node.where)
        high = coerce(self.term(high), "integer", node.where)
        every = node.kind == "\\forall"
        result = self.temporary(boolean("true" if every else "false"), "holds", changes=True)
        self.bound[name] = True
        until = f"{'' if every else '!'}{result.text}"
        upper = f"{name} {'<=' if closed else '<'} {high.inside(ADD)}"
        self.open(f"for (int64_t {name} = {low.text}; {until} && {upper}; {name}++)")
        value = self.truth(inner)
        self.put(f"{result.text} = {value.text};")
        self.close()
        del self.bound[name]
        return result
