"""What `make trace` writes of the rows: proofs/TRACE.md, the data of `upheld explain`, and JSON."""

import json

from . import contracts, logic, rows

SHOWN = 4  # names in one cell of the page; the rest is counted, and stands in build/trace.json
WIDTH = 98

HEAD = """# From each clause to what proves it and what tries it

`make trace` writes this page from the table of clauses ([`../core/clauses/`](../core/CLAUSES.md)),
the comments and definitions of [`spec/`](spec/), the contracts of `../core/`, the ledger, the fuzz
targets, the vectors and the unit tests. It fails as long as a clause that can be decided has an
empty cell. `upheld explain ID` prints a row; `build/trace.json` has all of it, and of the functions
what the last proof counted: goals, proved, by Qed, by two solver families.

| cell | holds |
| --- | --- |
{cells}
That a comment names the right clauses, and that a test tries what it names, was read by people.

"""
CELLS = """| predicate | definitions of `spec/` whose comment starts with the clause, or that
 result in it |
| contract | `ensures` with that label, or that speak of a predicate, or of the nearest that uses
 one; the goal of `f:x` is `f_ensures_x`. A function that is not in `ledger.json` is marked |
| fuzz | target: the function of the specification that it compares the core with and that comes to
 use a predicate; or the clause, where a check of its own names it |
| vectors and tests | vectors about the clause, by file; unit tests of `../core/test/` that name
 it: for what no vector can say, since its policy is the default one and fields of HTTP/2 have no
 octets |
"""


def capped(names, mark=lambda name: f"`{name}`"):
    """Names for a cell."""
    names = list(names)
    more = f" +{len(names) - SHOWN}" if len(names) > SHOWN else ""
    return ", ".join(mark(name) for name in names[:SHOWN]) + more


def short(row, cell, ledger):
    """The text of a cell; **open** where it is empty and should not be."""
    if cell == "contracts":
        def mark(name):
            known = name.partition(":")[0] in ledger["functions"]
            return f"`{name}`" + ("" if known else " (not in the ledger)")
        text = capped(row.contracts, mark)
        missing = not row.contracts or not row.goals
    elif cell == "tests":
        text = "; ".join(part for part in (capped(row.vectors, str), capped(row.units)) if part)
        missing = not row.tests
    else:
        text = capped(getattr(row, cell), str if cell == "fuzz" else lambda name: f"`{name}`")
        missing = not getattr(row, cell)
    if missing and row.decidable:
        return (text + " **open**").strip()
    return text or "-"


def summary(found):
    """The counts, then the clauses with an open cell."""
    decidable = [row for row in found if row.decidable]
    open_rows = [row for row in decidable if row.empty()]
    yield (f"{len(found)} clauses, {len(decidable)} of which an octet that is read or written "
           f"shows; {len(decidable) - len(open_rows)} of them are full.\n")
    if open_rows:
        yield "\n| open | cells |\n| --- | --- |\n"
        yield from (f"| {row.id} | {', '.join(row.empty())} |\n" for row in open_rows)


def page(found, table_rows, ledger):
    """The text of proofs/TRACE.md."""
    text = HEAD.format(cells=CELLS.replace("\n ", " ")) + "".join(summary(found))
    text += "\n## Traced\n\n"
    text += "| clause | met | predicate | contract | fuzz | vectors and tests |\n"
    text += "| --- | --- | --- | --- | --- | --- |\n"
    for row in found:
        if row.decidable:
            cells = " | ".join(short(row, cell, ledger)
                               for cell in ("predicates", "contracts", "fuzz", "tests"))
            text += f"| {row.id} | {row.how} | {cells} |\n"
    text += ("\n## Out of reach\n\nNo octet that the core reads or writes shows whether these are "
             "met; the last column says who can.\n\n| clause | met | |\n| --- | --- | --- |\n")
    return text + "".join(f"| {row.id} | {row.how} | {one.does} |\n"
                          for row, one in zip(found, table_rows) if not row.decidable)


def as_json(found, table_rows, proved):
    """The form of build/trace.json; `proved` is build/proofs.json, or None."""
    functions = {one["name"]: one for one in (proved or {"functions": []})["functions"]}
    decidable = [row for row in found if row.decidable]
    return {
        "clauses": len(found), "decidable": len(decidable),
        "full": sum(not row.empty() for row in decidable),
        "rows": [{"clause": row.id, "met": row.how,
                  "decided_in": [] if one.where == "-" else one.where.split(", "),
                  "predicates": row.predicates, "contracts": row.contracts,
                  "goals": row.goals,
                  "functions": [{key: functions[name][key]
                                 for key in ("name", "goals", "proved", "qed", "two_families")}
                                for name in dict.fromkeys(
                                    contract.partition(":")[0] for contract in row.contracts)
                                if name in functions],
                  "assertions": row.fuzz, "vectors": row.vectors, "tests": row.units,
                  "empty": row.empty()} for row, one in zip(found, table_rows)]}


def string(names):
    """A list as one string of C, over as many lines as it takes."""
    lines, line = [], ""
    for name in names:
        part = name if not (lines or line) else f", {name}"
        if line and len(line) + len(part) > WIDTH - 20:
            lines.append(line)
            line = ""
        line += part
    return "\n             ".join(json.dumps(one) for one in [*lines, line])


def definitions(found, name):
    """One file of core/command/trace/: the rows of the clauses of core/clauses/NAME."""
    text = (f"/* {name}: of each clause of ../../clauses/{name} its predicates, contracts, fuzz\n"
            " * targets, vectors and unit tests. Made by `make trace`; not to be edited. */\n")
    for row in found:
        cells = ",\n             ".join(string(cell) for cell in (
            row.predicates, row.contracts, row.fuzz, row.vectors, row.units))
        text += f'UPHELD_TRACE("{row.id}",\n             {cells})\n'
    return text


def read(root, table, compiler="gcc"):
    """Rows, the table's rows beside them, and the ledger."""
    ledger = json.loads((root / "proofs/ledger.json").read_text(encoding="utf-8"))
    found = rows.read(root, table, contracts.read(root), logic.read(root, compiler), ledger)
    return found, table.read(root / "core"), ledger


def pages(root, found, table_rows, ledger):
    """What is checked in: path and text."""
    yield root / "proofs/TRACE.md", page(found, table_rows, ledger)
    by_file = {}
    for row, one in zip(found, table_rows):
        by_file.setdefault(one.place.partition(":")[0].rsplit("/", 1)[-1], []).append(row)
    for name, part in by_file.items():
        yield root / f"core/command/trace/{name}", definitions(part, name)
    includes = "".join(f'#include "{name}"\n' for name in by_file)
    yield root / "core/command/trace/all.def", (
        "/* all.def: a row for each clause of ../../clauses/all.def, in its order. Made by\n"
        " * `make trace`; not to be edited.\n *\n"
        " *   UPHELD_TRACE(id, predicates, contracts, fuzz targets, vectors, unit tests)\n */\n"
        + includes)


def verdict(found):
    """What to print, the count last, and the exit status: 1 if a cell is empty."""
    decidable = [row for row in found if row.decidable]
    full = sum(not row.empty() for row in decidable)
    lines = [*problems(found), f"{full} passed, {len(decidable) - full} failed"]
    return lines, 0 if full == len(decidable) > 0 else 1


def problems(found):
    """A line for each empty cell: the clause, the cell, and what to do."""
    for row in found:
        for cell in row.empty():
            yield f"{row.id}: {cell}: empty; {rows.REMEDY[cell]}"
