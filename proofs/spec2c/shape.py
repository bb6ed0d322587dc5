"""Questions about the shape of a definition: which calls repeat, which are tail calls."""
from collections import Counter
from dataclasses import fields, replace

from grammar import Binary, Call, Choice, Let, Name, Node, Number


def children(node):
    for entry in fields(node):
        value = getattr(node, entry.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def rebuild(node, make):
    """The node with make() applied to each child."""
    changes = {}
    for entry in fields(node):
        value = getattr(node, entry.name)
        if isinstance(value, Node):
            changes[entry.name] = make(value)
        elif isinstance(value, tuple) and any(isinstance(item, Node) for item in value):
            changes[entry.name] = tuple(make(item) for item in value)
    return replace(node, **changes) if changes else node


def walk(node):
    yield node
    for child in children(node):
        yield from walk(child)


def called(node, functions):
    """Names of the functions that stand in the node, constants included."""
    return {n.name for n in walk(node) if isinstance(n, (Call, Name)) and n.name in functions}


def calls(node, name):
    return any(isinstance(n, Call) and n.name == name for n in walk(node))


def repeated_calls(node):
    """How often each call stands on the path of an evaluation that meets it most often."""
    if isinstance(node, Choice):
        yes, no = repeated_calls(node.yes), repeated_calls(node.no)
        return repeated_calls(node.test) + (yes | no)
    counts = Counter([node] if isinstance(node, Call) else [])
    for child in children(node):
        counts += repeated_calls(child)
    return counts


def tails(node):
    """The nodes that may be the value of the node."""
    if isinstance(node, Let):
        yield from tails(node.body)
    elif isinstance(node, Choice):
        yield from tails(node.yes)
        yield from tails(node.no)
    elif isinstance(node, Binary) and node.op in ("&&", "||"):
        yield from tails(node.right)
    else:
        yield node


def in_sum(node, name):
    """Whether the node adds numbers to a tail call of `name`."""
    if not (isinstance(node, Binary) and node.op == "+"):
        return False
    sides = [side for side in (node.left, node.right) if calls(side, name)]
    return len(sides) == 1 and tail_call(sides[0], name)


def tail_call(body, name):
    return any(isinstance(t, Call) and t.name == name or in_sum(t, name) for t in tails(body))


def tail_sum(body, name):
    return any(in_sum(t, name) for t in tails(body))


def on_one_path(node, group):
    """The different calls into a group of functions that one evaluation can make."""
    if isinstance(node, Choice):
        yes, no = on_one_path(node.yes, group), on_one_path(node.no, group)
        return on_one_path(node.test, group) | max(yes, no, key=len)
    found = {node} if isinstance(node, Call) and node.name in group else set()
    for child in children(node):
        found |= on_one_path(child, group)
    return found


def reach(graph):
    """For each function, those that it can come to call."""
    out = {}
    for start in graph:
        seen, todo = set(), list(graph[start])
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo.extend(graph[name])
        out[start] = seen
    return out


def bounds(quantifier):
    """(low, high, high is included, body) of a quantifier over a range; else None."""
    if len(quantifier.names) != 1 or quantifier.names[0][0] != "integer":
        return None
    name = quantifier.names[0][1]
    link = "==>" if quantifier.kind == "\\forall" else "&&"
    body = quantifier.body
    if not (isinstance(body, Binary) and body.op == link):
        return None
    terms = chain(body.left, "&&") if link == "==>" else chain(body, "&&")
    if len(terms) < 2:
        return None
    first, second, rest = terms[0], terms[1], terms[2:]
    lower = isinstance(first, Binary) and first.op in ("<", "<=") and \
        first.right == Name("", name) and Name("", name) not in walk(first.left)
    upper = isinstance(second, Binary) and second.op in ("<", "<=") and \
        second.left == Name("", name) and Name("", name) not in walk(second.right)
    if not (lower and upper and (rest or link == "==>")):
        return None
    low = first.left if first.op == "<=" else \
        Binary(first.where, "+", first.left, Number(first.where, 1, "1"))
    if link == "==>":
        inner = body.right
        if rest:
            inner = Binary(body.where, "==>", together(rest), body.right)
    else:
        inner = together(rest)
    return low, second.right, second.op == "<=", inner


def chain(node, op):
    """The terms of `a op b op ...`."""
    if isinstance(node, Binary) and node.op == op:
        return chain(node.left, op) + chain(node.right, op)
    return [node]


def together(terms):
    whole = terms[0]
    for term in terms[1:]:
        whole = Binary(term.where, "&&", whole, term)
    return whole
