"""One row for each clause of core/clauses/: where it is decided, what proves that, what tries it.

A clause is traced from its predicates: definitions of proofs/spec/ that say in their comment that
they are about it, or result in it. From there by what uses what: to the contracts that speak of
them, to the functions of the specification that fuzz targets compare the core with."""

import json
import re
from dataclasses import dataclass, field

from . import logic
from .order import HOLDS

# How a clause is met, if an octet that is read or written shows it; the rest is out of reach.
DECIDABLE = ("decides", "reads", "writes")
CELLS = ("predicates", "contracts", "goals", "fuzz", "tests")
FUZZ_CHECK = re.compile(r'FUZZ_CHECK\((.*?)\);', re.S)
ORACLE = re.compile(r"\bspec_([A-Z]\w*)\(")
REMEDY = {
    "predicates": "put the id into the comment over the definition in proofs/spec/ that decides "
                  "it, or write one",
    "contracts": "label an ensures of core/ with it, or have one speak of the predicate",
    "goals": "prove the function, then `make ledger`",
    "fuzz": "compare the predicate, as spec_NAME(), or name the clause in a FUZZ_CHECK of fuzz/",
    "tests": "add a vector to corpus/vectors/upheld.jsonl with it as its clause, or name it in "
             "a test of core/test/",
}


@dataclass
class Row:
    """A clause, and in each cell what was found, in the order of the sources."""

    id: str
    how: str
    predicates: list = field(default_factory=list)
    contracts: list = field(default_factory=list)  # function:label
    goals: list = field(default_factory=list)  # as WP names them
    fuzz: list = field(default_factory=list)  # target: what it compares, or "id"
    vectors: list = field(default_factory=list)
    units: list = field(default_factory=list)  # unit tests that name the clause

    @property
    def tests(self):
        """What tries the clause on chosen octets."""
        return self.vectors + self.units

    @property
    def decidable(self):
        """Whether every cell has to be filled."""
        return self.how in DECIDABLE

    def empty(self):
        """Names of the cells that have nothing in them and should."""
        return [cell for cell in CELLS if not getattr(self, cell)] if self.decidable else []


def predicates(row, definitions, as_name):
    """Names of the definitions that are about a clause, or result in it."""
    name = as_name(row.id)
    return [one.name for one in definitions.values()
            if not one.blank and (row.id in one.clauses or
                                  (name in one.results and name not in HOLDS))]


def users(definitions):
    """For each definition, those that use it."""
    found = {name: set() for name in definitions}
    for name, one in definitions.items():
        for used in one.uses:
            found[used].add(name)
    return found


def spoken(clauses, definitions):
    """For each definition, the labelled ensures that speak of it, in the order of the sources."""
    found = {name: [] for name in definitions}
    for clause in clauses:
        if clause.kind == "ensures" and clause.label:
            for word in dict.fromkeys(re.findall(r"\w+", clause.text)):
                if word in found:
                    found[word].append(clause)
    return found


def carriers(names, speaking, used_by):
    """The ensures that speak of some of these definitions, or else of the nearest that use them."""
    level, seen = set(names), set(names)
    while level:
        found = [clause for name in sorted(level) for clause in speaking[name]]
        if found:
            return list(dict.fromkeys(found))
        level = {user for name in level for user in used_by[name]} - seen
        seen |= level
    return []


def fuzzed(root):
    """For each fuzz target, the functions of the specification that it compares with, and the
    clauses that its checks name. A target x is fuzz/x.c, whatever starts with its name, and
    fuzz/shared/ where one of those includes it."""
    names = sorted((path.name for path in (root / "corpus").glob("*") if path.is_dir()), key=len)
    shared = "\n".join(path.read_text(encoding="utf-8")
                       for path in sorted((root / "fuzz/shared").glob("*.[ch]")))
    found = {}
    for path in sorted((root / "fuzz").glob("*.[ch]")):
        target = next((name for name in reversed(names)
                       if path.stem == name or path.stem.startswith(name + "_")), None)
        if target:
            text = path.read_text(encoding="utf-8")
            text += shared if '#include "shared/' in text else ""
            checks = " ".join(FUZZ_CHECK.findall(text))
            oracles, ids = found.setdefault(target, (set(), set()))
            oracles.update(ORACLE.findall(text))
            ids.update(re.findall(rf'"({logic.ID})"', checks))
    return found


def tried(row, found, targets, reach):
    """What fuzz targets say about a row."""
    for target, (oracles, ids) in targets.items():
        if row.id in ids:
            yield f"{target}: {row.id}"
        for oracle in sorted(oracles):
            if reach.get(oracle, set()) & set(found):
                yield f"{target}: {oracle}"


def vectors(root):
    """For each clause, names of the vectors that are about it."""
    found = {}
    for path in sorted((root / "corpus/vectors").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            for id in re.findall(logic.ID, one["clause"]):
                found.setdefault(id, []).append(f"{path.stem}: {one['name']}")
    return found


def units(root, as_name):
    """For each clause, as C writes it, the unit tests that name it."""
    found = {}
    form = re.compile(rf"\b(?:UPHELD_)?((?:R\d{{4}}|WS)_\w+)|(?<![\w-])({logic.ID})")
    for path in sorted((root / "core/test").glob("*.[ch]")):
        text = path.read_text(encoding="utf-8")
        for name in dict.fromkeys(one or as_name(id) for one, id in form.findall(text)):
            found.setdefault(name, []).append(path.name)
    return found


def read(root, table, clauses, definitions, ledger):
    """All rows, in the order of the table of clauses."""
    as_name, reach = table.as_name, logic.reach(definitions)
    used_by, speaking = users(definitions), spoken(clauses, definitions)
    targets, named, unit = fuzzed(root), vectors(root), units(root, as_name)
    labelled = {}
    for clause in clauses:
        if clause.kind == "ensures":
            labelled.setdefault(clause.label, []).append(clause)
    rows = []
    for one in table.read(root / "core"):
        row = Row(one.id, one.how, predicates(one, definitions, as_name))
        own = labelled.get(as_name(one.id), [])
        others = carriers(row.predicates, speaking, used_by)
        found = list(dict.fromkeys(own + [one for one in others if one.label == "exact"] + others))
        row.contracts = [f"{clause.function}:{clause.label}" for clause in found]
        row.goals = [clause.goal for clause in found if clause.function in ledger["functions"]]
        row.fuzz = list(tried(row, row.predicates, targets, reach))
        row.vectors, row.units = named.get(one.id, []), unit.get(as_name(one.id), [])
        rows.append(row)
    return rows
