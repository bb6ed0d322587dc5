"""Who calls whom in the core, ghost code and inline functions of headers included, and which
claims a goal of a function is part of."""

import functools
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from wp import ast, framac, toolchain, units

CALL = re.compile(r"\b([A-Za-z_]\w*)\s*\(")
EVERY = "*"  # what a claim needs that speaks of every goal of the core
AT_ONCE = 2  # files parsed at once


@dataclass(frozen=True)
class Caller:
    """A function that is proved with a C file, by the name of the file."""

    name: str
    file: str


class Calls:
    """The call graph of the core, as Frama-C reads it."""

    def __init__(self, chosen, env):
        self.programs = {}  # C file -> text of its program
        self.callers = {}  # function -> those that call it
        self.called = {}  # function -> what it calls
        with ThreadPoolExecutor(AT_ONCE) as pool:
            read = list(pool.map(lambda unit: (unit, ast.read(unit, env)), chosen))
        for unit, program in read:
            self.add(unit, program)

    def add(self, unit, program):
        """The functions of one C file that are proved with it."""
        self.programs[unit.name] = program.text
        elsewhere = units.proved_elsewhere(unit, program)
        known = {one.name for one in program.functions}
        for function in program.defined():
            if function.name in elsewhere:
                continue
            named = set(CALL.findall(function.body)) & known - {function.name}
            self.called.setdefault(function.name, set()).update(named)
            for name in named:
                self.callers.setdefault(name, []).append(Caller(function.name, unit.name))

    def behind(self, function):
        """The function and all that it calls, directly or not."""
        found, waiting = {function}, [function]
        while waiting:
            new = self.called.get(waiting.pop(), set()) - found
            found |= new
            waiting += sorted(new)
        return found


def of_core(env):
    """The calls of the whole core."""
    return Calls([unit for unit in units.select([]) if isinstance(unit, framac.Unit)], env)


class Claims:
    """The claims of claims.json: which of them need a contract's clause, or a function's goal."""

    def __init__(self, graph, path=toolchain.PROOFS / "claims.json"):
        self.graph = graph
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))["claims"]
            self.needs = {row["id"]: row["needs"] for row in rows}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise toolchain.ProofError(f"proofs/{path.name}: expected claims, each with id and "
                                       f"needs: {error!r}") from error

    def naming(self, function, label):
        """Claims that name the clause."""
        return [claim for claim, needs in self.needs.items() if f"{function}:{label}" in needs]

    @functools.cache
    def reached(self, claim):
        """Functions whose goals a claim rests on."""
        starts = {need.partition(":")[0] for need in self.needs[claim]} - {EVERY}
        return set().union(*(self.graph.behind(start) for start in starts)) if starts else set()

    def resting_on(self, function):
        """Claims that fall with a goal of the function: those whose functions call it, or else
        those that speak of every goal."""
        own = [claim for claim in self.needs if function in self.reached(claim)]
        return own or [claim for claim, needs in self.needs.items() if EVERY in needs]
