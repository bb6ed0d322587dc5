"""The order of checks, clause by clause, read off a specification's chain of case splits.

`a ? x : b ? y : z` gives x, then y, then z; where one of them is another function's value, that
one's clauses stand in its place. So the rows are every clause that the function can result in, in
the order in which the checks for them come."""

from dataclasses import dataclass

from .logic import ENUMERATOR, RELATIONS

# What a check results in when it holds: of a request, of a reply.
HOLDS = ("R6455_4_2_2_10", "R6455_4_1_19")


@dataclass(frozen=True)
class Check:
    """One clause, and the function that results in it."""

    clause: str  # as C writes it
    by: str


def values(node, parts):
    """Clauses and calls in a term, left to right; not those that are only compared with, but for
    the calls in a comparison, since the check that is asked for stands there first."""
    grammar, shape = parts
    if isinstance(node, grammar.Name) and ENUMERATOR.match(node.name):
        yield "clause", ENUMERATOR.match(node.name)[1]
    elif isinstance(node, grammar.Binary) and node.op in RELATIONS:
        for child in (node.left, node.right):
            yield from ((kind, name) for kind, name in values(child, parts) if kind == "call")
    else:
        if isinstance(node, grammar.Call):
            yield "call", node.name
        for child in shape.children(node):
            yield from values(child, parts)


def deciding(definitions):
    """Definitions that can come to result in a clause."""
    found = {name for name, one in definitions.items() if one.results and not one.blank}
    while True:
        more = {name for name, one in definitions.items()
                if one.uses & found and not one.blank} - found
        if not more:
            return found
        found |= more


def checks(start, definitions, parts):
    """Every clause that `start` can result in, once for each function that names it."""
    may, seen, rows = deciding(definitions), set(), []

    def visit(name):
        seen.add(name)
        for kind, value in values(definitions[name].node, parts):
            if kind == "call" and value in may and value not in seen:
                visit(value)
            elif kind == "clause" and value not in HOLDS and Check(value, name) not in rows:
                rows.append(Check(value, name))

    visit(start)
    return rows
