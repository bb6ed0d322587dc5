"""table.py: reads the table of clauses, as all.def describes it, and says what is wrong with it."""
import re
from pathlib import Path
from typing import NamedTuple

CORE = Path(__file__).resolve().parent.parent

# Rooms that the table names and that are still to be written.
COMING = set()

LEVELS = {"MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY", "grammar", "states", "ours",
          "obsolete"}
BOUND = {"server", "client", "sender", "recipient", "user agent", "intermediary", "authors"}
HOW = ("decides", "reads", "writes", "caller", "intermediary", "document", "not testable")
NOWHERE = {"decides", "intermediary", "document", "not testable"}  # how, where "-" will do
STATUS = {"MORE": {0}, "IGNORE": {0}, "SWITCH": {100, 101, 200}, "REFUSE": set(range(400, 600)),
          "OK": {0, 101, 200}, "HTTP": {0}, "FAIL": {0}}

STRING = r'"[^"\\\n]*"'
TEXT = rf"{STRING}(?:\s+{STRING})*"
ROW = re.compile(rf"(UPHELD_ROW|UPHELD_DECIDES)\(({TEXT}(?:,\s*{TEXT})*)\)\s*")
SKIPPED = re.compile(r"(?:\s+|/\*.*?\*/)+", re.S)
CLAUSE = re.compile(rf"UPHELD_CLAUSE\(\w+, ({STRING}), (\d+), ({STRING}),\s+({TEXT})\)")
# A clause as it is mentioned in text, and as a name in C or ACSL; then what has no section.
MENTION = re.compile(r"\bR\d{4}-[A-Za-z0-9]+(?:\.\d+)*(?:-[A-Za-z0-9]+)*"
                     r"|(?<![A-Za-z0-9])R\d{4}(?:_(?:\d+|E\d+|q|old)(?![A-Za-z0-9]))+"
                     r"|\b(?:X|WS|F)-\d+\b")


class Row(NamedTuple):
    """One clause. `verdict` is "" unless it decides; then `where` is as in clauses.def."""
    id: str
    document: str
    section: str
    level: str
    binds: str
    how: str
    verdict: str
    where: str
    demands: str
    does: str
    place: str


class Decided(NamedTuple):
    """One clause of clauses.def."""
    status: int
    room: str
    text: str


class Malformed(Exception):
    """A file that is no table; the message says where."""


def joined(text):
    return "".join(re.findall(r'"([^"]*)"', text))


def decided(core=CORE):
    """Clauses of clauses.def by id."""
    text = (core / "clauses.def").read_text(encoding="ascii")
    rows = CLAUSE.findall(text)
    if not rows or len(rows) != len(re.findall(r"^UPHELD_CLAUSE", text, re.M)):
        raise Malformed("core/clauses.def: expected lines UPHELD_CLAUSE(name, \"id\", status,"
                        f" \"room\", \"text\") only; {len(rows)} of them can be read")
    return {joined(id): Decided(int(status), joined(room), joined(text))
            for id, status, room, text in rows}


def files(core=CORE):
    """The files that all.def includes, in its order."""
    text = (core / "clauses/all.def").read_text(encoding="ascii")
    return re.findall(r'^#include "([^"]+)"$', text, re.M)


def read(core=CORE):
    """Every row, in the order of the table."""
    known = decided(core)
    rows = []
    for name in files(core):
        text = (core / "clauses" / name).read_text(encoding="ascii")
        at = 0
        while skipped := SKIPPED.match(text, at):
            at = skipped.end()
        while at < len(text):
            place = f"core/clauses/{name}:{text.count(chr(10), 0, at) + 1}"
            rows.append(one(ROW.match(text, at), place, known))
            at = ROW.match(text, at).end()
            while skipped := SKIPPED.match(text, at):
                at = skipped.end()
    return rows


def one(match, place, known):
    parts = [joined(part) for part in re.findall(TEXT, match[2])] if match else []
    if match and match[1] == "UPHELD_ROW" and len(parts) == 9:
        return Row(*parts[:6], "", *parts[6:], place)
    if match and match[1] == "UPHELD_DECIDES" and len(parts) == 8:
        where = known[parts[0]].room if parts[0] in known else "-"
        return Row(*parts[:5], "decides", parts[5], where, *parts[6:], place)
    raise Malformed(f"{place}: expected UPHELD_ROW of nine strings or UPHELD_DECIDES of eight,"
                    " with neither quote nor backslash inside; see core/clauses/all.def")


def check_files(core=CORE):
    """Each file of the folder is part of the table."""
    there = {path.name for path in (core / "clauses").glob("*.def")} - {"all.def"}
    for name in sorted(there ^ set(files(core))):
        yield (f"core/clauses/all.def: does not include {name}" if name in there
               else f"core/clauses/all.def: includes {name}, and there is no such file")


def check_ids(rows):
    """Each id stands once, also as a name in C."""
    seen = {}
    for row in rows:
        name = as_name(row.id)
        if name in seen:
            yield f"{row.place}: {row.id} stands already at {seen[name]}"
        seen.setdefault(name, row.place)


def check_complete(rows):
    """Each column holds what all.def says."""
    for row in rows:
        said = []
        if not re.fullmatch(r"R\d{4}-[A-Za-z0-9.]+(-[A-Za-z0-9]+)*|(X|WS|F)-\d+", row.id):
            said.append("no id like R6455-4.2.1-5, X-1, WS-1, F-1")
        if not row.document or not row.section:
            said.append("no document or no section")
        said += [f"level '{level}' is none of {', '.join(sorted(LEVELS))}"
                 for level in row.level.split(", ") if level not in LEVELS]
        said += [f"binds '{bound}', which is none of {', '.join(sorted(BOUND))}"
                 for bound in row.binds.split(", ") if bound not in BOUND]
        if row.how not in HOW or (row.how == "decides") != bool(row.verdict):
            said.append(f"how '{row.how}' is none of {', '.join(HOW[1:])}")
        if not row.demands or row.demands.endswith("."):
            said.append("what it demands is missing, or ends with a stop")
        if not row.does.endswith("."):
            said.append("what is done is missing, or does not end with a stop")
        if re.search(r"[|`*<>]|  ", row.demands + row.does):
            said.append("a text holds one of |`*<> or two blanks")
        yield from (f"{row.place}: {row.id}: {problem}" for problem in said)


def check_decided(rows, known):
    """What is decided and what clauses.def has are the same, with a verdict that fits the
    status."""
    table = {row.id: row for row in rows}
    for id, clause in known.items():
        if id not in table:
            yield (f"core/clauses.def: {id}: not in core/clauses/; add UPHELD_DECIDES(\"{id}\","
                   " ...) to the file of its document")
        elif table[id].how != "decides":
            yield (f"{table[id].place}: {id}: core/clauses.def has it, so it decides: make it"
                   f" UPHELD_DECIDES with its verdict, instead of '{table[id].how}'")
        elif clause.status not in STATUS.get(table[id].verdict, ()):
            yield (f"{table[id].place}: {id}: verdict '{table[id].verdict}' does not go with"
                   f" status {clause.status} in core/clauses.def")
    for row in rows:
        if row.verdict and row.id not in known:
            yield (f"{row.place}: {row.id}: is said to decide and core/clauses.def lacks it; add it"
                   " there, or make it UPHELD_ROW with how it is met instead")


def check_where(rows, core=CORE, coming=frozenset(COMING)):
    """Rooms and names exist."""
    header = (core / "upheld.h").read_text(encoding="ascii")
    rooms = {path.stem for path in core.glob("*.[ch]")}
    for room in sorted(coming & rooms):
        yield f"core/clauses/table.py: {room} has been written; take it out of COMING"
    for row in rows:
        names = row.where.split(", ")
        if names == ["-"]:
            if row.how not in NOWHERE:
                yield f"{row.place}: {row.id}: says '{row.how}', and not where"
            continue
        for name in names:
            public = name.lower().startswith("upheld_")
            parts = name.split(".") if public else []
            if public and not all(re.search(rf"\b{part}\b", header) for part in parts):
                yield f"{row.place}: {row.id}: there is no {name} in core/upheld.h"
            elif not public and name not in rooms | coming:
                yield f"{row.place}: {row.id}: there is no room {name} in core/"


def as_name(id):
    """R6455-4.2.1-5 as C and ACSL write it."""
    return re.sub(r"[-.]", "_", id)


def exists(mention, names):
    """Whether a mention is a clause, or a section that has clauses; `names` are all of theirs."""
    name = as_name(mention)
    return any(one == name or one.startswith(name + "_") for one in names)


def mentions(path):
    """(line, mention) of every clause that a file speaks of."""
    text = path.read_bytes().decode("utf-8", "replace")
    for number, line in enumerate(text.split("\n"), 1):
        yield from ((number, mention) for mention in MENTION.findall(line))


def check_mentions(rows, top=CORE.parent, folders=("core", "proofs/spec", "fuzz",
                                                   "corpus/vectors")):
    """Each clause that is spoken of is in the table."""
    names = {as_name(row.id) for row in rows}
    for folder in folders:
        for path in sorted((top / folder).rglob("*")):
            if {"node_modules", "__pycache__"} & set(path.parts) or not path.is_file():
                continue
            for number, mention in mentions(path):
                if not exists(mention, names):
                    yield (f"{path.relative_to(top)}:{number}: there is no clause {mention} in"
                           " core/clauses/; add it, or correct the id")


def problems(core=CORE):
    """All that is wrong, a line each."""
    rows = read(core)
    return [*check_files(core), *check_ids(rows), *check_complete(rows),
            *check_decided(rows, decided(core)), *check_where(rows, core),
            *check_mentions(rows, core.parent)]
