"""Runs Frama-C's EVA over the whole core behind proofs/eva/driver.c, and reads what it says.

EVA computes every value that a program can have from what its driver puts in, and warns of each
statement that could go wrong. It is run without reading any annotation, so it neither believes a
contract nor needs a solver: what it says rests on the C text alone.
"""

import csv
import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import code, framac, toolchain

DRIVER = toolchain.PROOFS / "eva" / "driver.c"
ENTRY = "eva_main"
CORE = toolchain.ROOT / "core"
BUILD = toolchain.BUILD / "eva"
# Loops of up to 32 rounds are followed round by round: no array of the core that is written whole
# is written by a longer one. More precision costs minutes and closes no kind of alarm.
PRECISION = ["-eva-precision", "0", "-eva-auto-loop-unroll", "32"]
# No annotation is read, so none can be at fault; the complaint is of what Frama-C printed itself.
UNREAD = ["-no-annot", "-kernel-warn-key", "annot-error=active"]
LINES = re.compile(r"In these functions, (\d+) statements reached \(out of (\d+)\)")
FUNCTIONS = re.compile(r"(\d+) functions analyzed \(out of (\d+)\)")


@dataclass(frozen=True)
class Alarm:
    """An assertion that Frama-C made: of EVA, which could not show it, or of RTE for WP."""

    file: str
    line: int
    function: str
    kind: str
    text: str
    status: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.function}: {self.kind}: {self.text}"


@dataclass
class Statement:
    """A statement of Frama-C's syntax tree."""

    function: str
    text: str
    place: str  # the case that it stands under, or its own text
    reached: bool


@dataclass
class Run:
    """What EVA said of a core under a driver."""

    alarms: list
    asserted: list  # what RTE asserts of the same program, which are WP's goals
    statements: list
    missed: list  # functions that were not analysed
    red: list  # (function, text) of alarms that are certain in some state


def write_unit(driver, folder, instead):
    """One C file with the whole core and the driver: functions are then analysed as called.

    instead: name of a core file -> the file to take for it."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [instead.get(path.name, path) for path in sorted(CORE.glob("*.c"))]
    if not files:
        raise toolchain.ProofError("core/*.c: no file; expected the core's sources")
    unit = folder / "unit.c"
    toolchain.write(unit, "".join(f'#include "{path.resolve()}"\n' for path in [*files, driver]))
    return unit


def options(unit):
    """What both runs have in common: how the program is read, and what counts as an error."""
    guards = [guard for guard in framac.GUARDS if guard != "-wp-rte"]
    return ["frama-c", "-machdep", framac.MACHDEPS[0], "-cpp-extra-args=-Icore",
            *framac.STRICT, *UNREAD, *guards, framac.relative(unit)]


def call(command, env, log):
    """Runs Frama-C; anything but a clean end makes the run worthless."""
    status, lines = framac.stream(command, env)
    toolchain.write(log, "\n".join(lines) + "\n")
    if status != 0 or any("aborted" in line or "User Error" in line for line in lines):
        told = [line for line in lines if "rror" in line][-3:] or lines[-3:]
        raise toolchain.ProofError(f"{framac.relative(log)}: frama-c exit {status}: "
                                   + " | ".join(told))
    return lines


def rows(path):
    """Frama-C's list of properties as alarms."""
    if not path.is_file():
        raise toolchain.ProofError(f"{path.name}: Frama-C wrote no such list; see build/eva/*.log")
    with open(path, encoding="utf-8", newline="") as file:
        return [Alarm(f"{row['directory']}/{row['file']}", int(row["line"]), row["function"],
                      row["property kind"], row["property"], row["status"])
                for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def red_rows(path):
    """Alarms that are certain in some abstract state: (function, property)."""
    with open(path, encoding="utf-8", newline="") as file:
        return [(row["function"], row["property"])
                for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def ask(path, requests):
    """Writes requests to Frama-C's server, which answers at the end of the analysis."""
    toolchain.write(path, json.dumps([{"id": f"{name} {data}", "request": name, "data": data}
                                      for name, data in requests]))


def answers(path):
    """Id of a request -> its answer."""
    found = {}
    for one in json.loads(path.read_text(encoding="utf-8")):
        if "data" not in one:
            raise toolchain.ProofError(f"{path.name}: {one.get('id')}: Frama-C gave no answer")
        found[one["id"]] = one["data"]
    return found


FUNCTION_LIST = "kernel.ast.getFunctions"
DEAD = "plugins.eva.general.getDeadCode"
PRINT = "kernel.ast.printFunction"


def marked(tree):
    """Marker of a node of a printed function, or ''."""
    return tree[0] if tree and isinstance(tree[0], str) and tree[0].startswith("#") else ""


def flat(tree):
    """Text of a printed node."""
    if isinstance(tree, str):
        return tree
    return "".join(flat(part) for part in (tree[1:] if marked(tree) else tree))


def plain(tree):
    """Text of a node on one line, without the alarms that EVA wrote before it."""
    return " ".join(re.sub(r"/\*@.*?\*/", " ", flat(tree), flags=re.S).split())


CASE = re.compile(r"\{ (case [^:]*|default):")


def statements(function, tree, dead):
    """The statements of a printed function. Braces are none: a `case` jumps past them, and what
    stands between them is counted itself."""
    found, seen = [], set()

    def walk(node, place):
        if isinstance(node, str):
            return
        marker = marked(node)
        if marker.startswith("#s"):
            seen.add(marker)
            text = plain(node)
            label = CASE.match(text)
            place = label[1].replace("(enum upheld_clause)", "") if label else place
            if not text.startswith("{"):
                found.append(Statement(function, text, place or text, marker not in dead))
        for part in node:
            walk(part, place)

    walk(tree, "")
    # Nothing that EVA calls dead is lost because it was not printed.
    found += [Statement(function, f"statement {marker}", marker, False)
              for marker in sorted(dead - seen)]
    return found


def analyse(driver, env, folder, instead=None):
    """Runs EVA and RTE on the core under a driver; a self-test puts files in place of others."""
    common = options(write_unit(driver, folder, instead or {}))
    with tempfile.TemporaryDirectory(prefix="upheld-eva-") as name:
        work = Path(name)
        asserted, names = asserted_by_rte(common, env, work, folder)
        ask(work / "ask.json", [(request, one) for one in names for request in (DEAD, PRINT)])
        lines = call([*common, "-main", ENTRY, "-eva", *PRECISION,
                      "-eva-report-red-statuses", str(work / "red.csv"),
                      # Not before EVA is done.
                      "-then", "-server-batch", str(work / "ask.json"),
                      "-report-csv", str(work / "alarms.csv")], env, folder / "eva.log")
        found = answers(work / "ask.out.json")
        alarms, red = rows(work / "alarms.csv"), red_rows(work / "red.csv")
    every = []
    for one in names:
        every += statements(one, found[f"{PRINT} {one}"],
                            set(found[f"{DEAD} {one}"]["unreachable"]))
    check_summary(lines, found, names)
    return Run(alarms, asserted, every, missed(lines, found, names), red)


def asserted_by_rte(common, env, work, folder):
    """What RTE asserts, by the options under which WP runs it, and the functions there are."""
    ask(work / "list.json", [(FUNCTION_LIST, None)])
    call([*common, "-main", ENTRY, "-rte", "-server-batch", str(work / "list.json"),
          "-then", "-report-untried", "-report-csv", str(work / "rte.csv")],
         env, folder / "rte.log")
    return rows(work / "rte.csv"), answers(work / "list.out.json")[f"{FUNCTION_LIST} None"]


def one_match(form, lines):
    """The numbers of a line that EVA prints once."""
    for line in lines:
        match = form.search(line)
        if match:
            return int(match[1]), int(match[2])
    raise toolchain.ProofError("build/eva/eva.log: EVA printed no summary; it did not finish")


def check_summary(lines, found, names):
    """EVA's own count of dead statements is the one that its server gives."""
    reached, total = one_match(LINES, lines)
    dead = sum(len(found[f"{DEAD} {one}"]["unreachable"]) for one in names)
    if one_match(FUNCTIONS, lines)[0] == len(names) and total - reached != dead:
        raise toolchain.ProofError(f"EVA says that {total - reached} statements are not reached, "
                                   f"its server lists {dead}")


def missed(lines, found, names):
    """Functions that the analysis never came to."""
    analysed, total = one_match(FUNCTIONS, lines)
    idle = [one for one in names if entry_dead(found[f"{PRINT} {one}"],
                                               set(found[f"{DEAD} {one}"]["unreachable"]))]
    if analysed != total and len(idle) != total - analysed:
        return [*idle, f"{total - analysed} functions, by EVA's count"]
    return idle


def entry_dead(tree, dead):
    """Whether no statement of a function is reached."""
    inside = [one for one in statements("", tree, dead) if one.place not in dead]
    return bool(inside) and not any(one.reached for one in inside)


def public_functions(header):
    """Names that a header declares for its users."""
    text = re.sub(r"/\*.*?\*/|^\s*#[^\n]*(\\\n[^\n]*)*", " ", header.read_text(encoding="utf-8"),
                  flags=re.S | re.M)
    return set(re.findall(r"^(?!static)[\w ]+[ *](upheld_\w+)\(", text, flags=re.M))


def uncalled(driver):
    """Public functions that the driver calls nowhere."""
    words = code.TOKEN.findall(driver.read_text(encoding="utf-8"))
    called = {name for name, behind in zip(words, words[1:]) if behind == "("}
    return sorted(public_functions(CORE / "upheld.h") - called)
