"""Reads what WP reports: its log (verdicts, times), its JSON (counts) and the property list."""

import csv
import re
from dataclasses import dataclass, field

from . import toolchain

GOAL = re.compile(r"^\[wp\] (?:\[(?P<by>[^\]]+)\] )?Goal (?P<name>\S+)(?: : (?P<verdict>.*))?$")
ATTEMPT = re.compile(r"^  (?P<by>(?:Z3|CVC4|CVC5) [^:]*): (?P<verdict>[A-Z].*)$")
SMOKE = re.compile(r"^\[wp\] \[(?P<verdict>Passed|Failed)\] Smoke-test (?P<name>\S+)")
SUMMARY = re.compile(r"^\[wp\] Proved goals:\s*(\d+) / (\d+)")
TIME = re.compile(r"\((?:(?P<min>\d+)')?(?P<value>[0-9.]+)(?P<unit>ms|s)\)")


@dataclass
class Goal:
    """A goal as the log tells it."""

    name: str
    proved: bool
    engine: str = ""
    seconds: float = 0.0
    attempts: list = field(default_factory=list)

    def verdicts(self):
        """What each prover said, in a few words."""
        return ", ".join(f"{by} {verdict}" for by, verdict in self.attempts) or "not tried"


def seconds_in(verdict):
    """The prover's own time in a verdict such as 'Valid (Qed:3ms) (60ms) (24108)'."""
    found = TIME.search(verdict)
    if not found:
        return 0.0
    scale = 0.001 if found["unit"] == "ms" else 1.0
    return int(found["min"] or 0) * 60 + float(found["value"]) * scale


def short(by):
    """'Z3 4.8.12' as 'Z3'."""
    return by.split()[0]


def goals(lines):
    """All goals in a log, in its order; a goal that is not Valid is open."""
    found = []
    for line in lines:
        match = GOAL.match(line)
        if match:
            verdict = match["verdict"] or ""
            proved = verdict.startswith("Valid")
            goal = Goal(match["name"].removeprefix("typed_"), proved,
                        short(match["by"] or ""), seconds_in(verdict))
            if not proved and verdict and match["by"]:
                goal.attempts.append((short(match["by"]), verdict))
            found.append(goal)
            continue
        attempt = ATTEMPT.match(line)
        if attempt and found and not found[-1].proved:
            found[-1].attempts.append((short(attempt["by"]), attempt["verdict"]))
            found[-1].seconds = max(found[-1].seconds, seconds_in(attempt["verdict"]))
    return found


def smoke(lines):
    """Names of all smoke tests of a run, and of those that found a contradiction."""
    found, doomed = set(), set()
    for line in lines:
        match = SMOKE.match(line)
        if match:
            name = match["name"].removeprefix("typed_")
            found.add(name)
            if match["verdict"] == "Failed":
                doomed.add(name)
    return found, doomed


ANSWERS = ("Valid", "Unknown", "Timeout", "Step limit", "Stepout")


def silent_smoke(lines):
    """Smoke tests to which a prover gave no answer, as -wp-print shows them: (kind, function).

    WP counts a prover that failed as a test passed, so its own verdict does not tell. For a dead
    call the function is the one called."""
    silent, test = [], None
    for line in lines:
        heading = re.match(r"^(Goal|Lemma) (?:Wp_smoke_(\w+) in '(\w+)')?", line)
        answer = re.match(r"^Prover \S+(?: [\d.]+)? returns (.*)$", line)
        if heading:
            test = (heading[2], heading[3]) if heading[2] else None
        elif answer and test and not answer[1].startswith(ANSWERS):
            silent.append(test)
    return silent


def summary(lines):
    """WP's closing count: proved and total, or None if the run never came so far."""
    for line in reversed(lines):
        match = SUMMARY.match(line)
        if match:
            return int(match[1]), int(match[2])
    return None


def nothing_to_prove(lines):
    """Whether WP said that the selection holds no goal."""
    return any("No goal generated" in line for line in lines)


COMPLAINT = re.compile(r"^\[[a-z:_-]+\].*(Warning:|Error|Failure|aborted)")
HYPOTHESIS = "Memory model hypotheses for function"


def messages(lines):
    """Warnings and errors, each with the indented lines that belong to it."""
    told = []
    for line in lines:
        if COMPLAINT.match(line):
            told.append(line.strip())
        elif told and line.startswith("  ") and told[-1] is not None:
            told[-1] += " " + line.strip()
        elif told and told[-1] is not None:
            told.append(None)
    return [one for one in told if one]


# Only dataflow analyses read `\from`; WP neither uses nor proves it.
HARMLESS = "No 'assigns \\result \\from ...' specification"


def complaints(lines):
    """Everything that Frama-C warned of or called an error, but for the memory hypotheses."""
    return [one for one in messages(lines) if HYPOTHESIS not in one and HARMLESS not in one]


def hypotheses(lines):
    """What the memory model takes for granted about callers, function by function."""
    return [one.partition(HYPOTHESIS)[2].strip() for one in messages(lines) if HYPOTHESIS in one]


def sections(report):
    """Name of function or axiomatic -> {property: {prover: counts}} of WP's JSON report."""
    found = {}
    for name, entries in report.get("wp:functions", {}).items():
        found[name] = {key: value for key, value in entries.items() if not key.startswith("wp:")}
    for name, entries in report.get("wp:axiomatics", {}).items():
        found[f"logic {name}".strip()] = {
            key: value for key, value in entries.items() if not key.startswith("wp:")}
    return found


def families(provers):
    """How many goals of one property each family closed, by WP's JSON report."""
    closed = {"qed": provers.get("qed", {}).get("valid", 0), "z3": 0, "cvc": 0}
    for prover, counts in provers.items():
        family = toolchain.FAMILIES.get(prover.split(":")[0])
        if family:
            closed[family] = max(closed[family], counts.get("valid", 0))
    return closed


def tally(sections):
    """Function -> {property: [proved, goals]}: a label's proof can be looked up by its name."""
    return {name: {entry: [provers.get("wp:main", {}).get("valid", 0),
                           provers.get("wp:main", {}).get("total", 0)]
                   for entry, provers in entries.items()}
            for name, entries in sections.items()}


def lemmas(sections):
    """Names of lemmas, and whether each is proved."""
    found = {}
    for name, entries in tally(sections).items():
        if name.startswith("logic"):
            for lemma, (proved, total) in entries.items():
                found[lemma] = proved == total > 0
    return found


def sequents(lines):
    """The texts of goals that are not proved, as -wp-print gives them."""
    blocks, block = [], []
    for line in lines:
        if line.startswith(("Goal ", "Lemma ")):
            block = [line]
        elif line.startswith("-----") and block:
            if not any("returns Valid" in one for one in block if one.startswith("Prover ")):
                blocks.append("\n".join(block))
            block = []
        elif block:
            block.append(line)
    return blocks


def owner(goal_name, functions):
    """The function that a goal's name starts with; '' for a lemma."""
    best = ""
    for function in functions:
        if goal_name.startswith(function + "_") and len(function) > len(best):
            best = function
    return best


OWN = r"_(?:ensures|assert(?:_rte)?|loop_invariant)_(?P<label>\w+?)(?:_\d+)?$"


def labelled(goal, function, section):
    """The property of WP's JSON report that a goal is of, and its label; None if it has none.

    WP numbers a label that comes again (`_2`). A label that ends in digits itself is cut short, and
    then selects nothing, so both forms are given."""
    names = [name for name in section if goal.name.startswith(name) and
             re.fullmatch(re.escape(function) + OWN, name)]
    if not names or not function:
        return None
    best = max(names, key=len)
    label = re.fullmatch(re.escape(function) + OWN, best)["label"]
    whole = re.sub(r"^(?:ensures|assert_rte|assert|loop_invariant)_", "",
                   best.removeprefix(f"{function}_"))
    return best, f"{label},{whole}" if whole != label else label


def properties(path):
    """Rows of Frama-C's property list that belong to the project, not to its own headers."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row for row in rows if not (row["directory"] or "").startswith("FRAMAC_SHARE")]


# Kinds of the property list, by the words that a goal's name holds.
KINDS = (("_assert_rte_", None), ("_assert", "user assertion"),
         ("_loop_invariant", "loop invariant"), ("_loop_variant", "loop variant"),
         ("_loop_assigns", "loop assigns"),
         ("_ensures", "postcondition"), ("_assigns", "assigns clause"),
         ("_requires", "precondition"), ("_terminates", "termination clause"))


def places(goal, function, rows):
    """Source places that an open goal may stand for: exact where its label tells, else several."""
    rest = goal.name[len(function):]
    kind = next((kind for word, kind in KINDS if word in rest), "")
    chosen = []
    for row in rows:
        if row["function"] != function or row["status"] in ("Valid", "Considered valid"):
            continue
        if kind is None and row["property kind"] not in rest:
            continue
        if kind and kind not in row["property kind"]:
            continue
        chosen.append(row)
    labelled = [row for row in chosen
                if ":" in row["property"] and f"_{row['property'].split(':')[0]}" in rest]
    lines = sorted({(row["file"], int(row["line"])) for row in labelled or chosen})
    return [f"{file}:{line}" for file, line in lines]
