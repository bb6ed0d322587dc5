#!/usr/bin/python3
"""document.py: writes core/CLAUSES.md from the table of clauses, if nothing is wrong with it.

    core/clauses/document.py          writes core/CLAUSES.md
    core/clauses/document.py --check  only says whether core/CLAUSES.md is what it would write
"""
import sys
from collections import Counter

import table

HEAD = """# Every clause, and what becomes of it

`make clauses` writes this page from [`clauses/`](clauses/all.def) and [`clauses.def`](clauses.def);
`upheld explain ID` prints a row of it. {total} clauses: of the documents that a handshake has to do
with, each demand on anyone, also those that the core cannot meet; and what is done where documents
disagree. Ids are R and the number of the RFC, the section, and a running number of ours; X, where
documents disagree. "states" is a demand without a keyword of RFC 2119.

| how it is met | clauses | |
| --- | --- | --- |
"""
KINDS = {
    "decides": "gives a verdict of its own: status, and the room that decides",
    "reads": "shows in how octets are read and matched, in these rooms",
    "writes": "shows in what is written, by these rooms",
    "caller": "only the caller can meet it; the core gives it this",
    "intermediary": "the duty of a proxy, which the core is not",
    "document": "met by what the documents say",
    "not testable": "no octet shows whether it is met",
}
OURS = "Where documents disagree, or leave a choice"


def met(row, known):
    """How and where, on one line."""
    if row.how == "decides":
        status = known[row.id].status
        return f"decides {row.verdict}{f' {status}' if status else ''}: `{row.where}`"
    if row.where == "-":
        return row.how
    return f"{row.how}: " + ", ".join(f"`{name}`" for name in row.where.split(", "))


def sections(rows, known):
    """A heading and a table for each document, in the order in which they first come."""
    for document in dict.fromkeys(row.document for row in rows):
        yield f"\n## {OURS if document == 'ours' else document}\n\n"
        yield "| id | section | level | binds | met | demand, and what is done |\n"
        yield "| --- | --- | --- | --- | --- | --- |\n"
        for row in rows:
            if row.document == document:
                yield (f"| {row.id} | {row.section} | {row.level} | {row.binds} |"
                       f" {met(row, known)} | *{row.demands}.* {row.does} |\n")


def text(rows, known):
    """The page."""
    counts = Counter(row.how for row in rows)
    kinds = "".join(f"| {how} | {counts[how]} | {said} |\n" for how, said in KINDS.items())
    coming = sorted(table.COMING & {name for row in rows for name in row.where.split(", ")})
    note = "" if not coming else ("\nRooms that are named and still to be written:\n"
                                  + ", ".join(f"`{room}`" for room in coming) + ".\n")
    return HEAD.format(total=len(rows)) + kinds + note + "".join(sections(rows, known))


def main(arguments):
    if arguments not in ([], ["--check"]):
        print("document.py: expected nothing, or --check", file=sys.stderr)
        return 2
    try:
        wrong = table.problems()
        page = "" if wrong else text(table.read(), table.decided())
    except (OSError, table.Malformed) as why:
        print(f"document.py: {why}", file=sys.stderr)
        return 2
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong:
        return 1
    path = table.CORE / "CLAUSES.md"
    if arguments == []:
        path.write_text(page, encoding="utf-8")
    elif not path.is_file() or path.read_text(encoding="utf-8") != page:
        print("core/CLAUSES.md: is not what core/clauses/ says; run `make clauses`",
              file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
