"""The gates: what must hold beside "every goal is proved" for the proof to be worth something.

Each gate takes the facts of a run and returns what is wrong, in sentences; nothing wrong is an
empty list. proofs/gates/README.md says what each one means and which mistake it answers."""

import re
from dataclasses import dataclass, field

from . import code, framac

@dataclass
class Facts:
    """Everything that a run knows; a gate reads, and never runs a proof."""

    units: list  # framac.Unit
    programs: dict  # unit name -> ast.Program
    results: dict  # unit name -> prove_unit.prove()
    smoke: dict = field(default_factory=dict)  # unit name -> smoke.run()
    loops: dict = field(default_factory=dict)  # unit name -> {function: loops by metrics}
    symbols: dict = field(default_factory=dict)  # unit name -> functions in the object code
    ledger: dict = field(default_factory=dict)
    canaries: list = field(default_factory=list)  # probes.canary(): what was derived, or silent
    provers: list = field(default_factory=list)  # probes.provers(): provers that fail the self-test
    guards: list = field(default_factory=list)  # probes.guards(): run-time errors not reported
    lines: dict = field(default_factory=dict)  # source file -> text, for what the print cannot show


def defined(facts):
    """Each defined function of the core once: (unit name, function), and where it is proved."""
    for unit in facts.units:
        for function in facts.programs[unit.name].defined():
            yield unit.name, function


def goals_of(facts):
    """Function -> goals in the run that proved it."""
    table = {}
    for name, result in facts.results.items():
        for function, row in result["functions"].items():
            if not function.startswith("logic") and row["goals"]:
                table[function] = {"file": name, "goals": row["goals"], "proved": row["proved"]}
    return table


def lemma_counts(facts):
    """Unit -> number of lemmas proved or not."""
    return {name: len(result["lemmas"]) for name, result in facts.results.items()
            if result["lemmas"]}


def proof(facts):
    """No goal is open."""
    told = []
    for name, result in facts.results.items():
        told += [f"{name}: open: {goal['name']}: {goal['verdicts']}" for goal in result["open"]]
        goals = sum(row["goals"] for row in result["functions"].values())
        proved = sum(row["proved"] for row in result["functions"].values())
        if proved != goals and not result["open"]:
            told.append(f"{name}: {goals - proved} goals open, by WP's count")
    return told


def g1_quiet(facts):
    """Frama-C ended well and warned of nothing."""
    return [f"{name}: {line}" for name, result in facts.results.items()
            for line in result["complaints"]]


def ledger_of(facts):
    """The form of proofs/ledger.json: functions with their goals, lemmas and smoke tests."""
    return {"functions": goals_of_ledger(facts), "lemmas": lemma_counts(facts),
            "smoke_tests": {name: one["tests"] for name, one in sorted(facts.smoke.items())}}


def goals_of_ledger(facts):
    """Function -> file and goals, sorted."""
    return {name: {"file": row["file"], "goals": row["goals"]}
            for name, row in sorted(goals_of(facts).items())}


def g2_ledger(facts):
    """Exactly the functions and goals that the committed ledger lists were proved."""
    if not facts.ledger:
        return ["proofs/ledger.json: missing or empty; write it with `make ledger`, read the diff"]
    told = []
    seen = ledger_of(facts)
    if facts.units and facts.units[0].machdep != framac.MACHDEPS[0]:
        return same_functions(facts.ledger["functions"], seen["functions"])
    for part in ("functions", "lemmas", "smoke_tests"):
        expected, found = facts.ledger.get(part, {}), seen[part]
        for name in sorted(set(expected) | set(found)):
            if expected.get(name) != found.get(name):
                told.append(f"{part}: {name}: ledger expects {expected.get(name, 'nothing')}, "
                            f"found {found.get(name, 'nothing')}")
    return told


def same_functions(expected, found):
    """Another machine makes other goals of casts; its functions are the ledger's all the same."""
    return ([f"functions: {name}: ledger expects it, no goal found"
             for name in sorted(set(expected) - set(found))] +
            [f"functions: {name}: the ledger lacks it"
             for name in sorted(set(found) - set(expected))])


def g3_contracts(facts):
    """Every function has a contract and is proved; no contract is taken on trust."""
    told, bodies, proved = [], {}, goals_of(facts)
    for unit, function in defined(facts):
        text = (function.contract, function.body)
        if not function.contract:
            told.append(f"{unit}: {function.name}: no contract")
        elif "assigns" not in function.contract:
            told.append(f"{unit}: {function.name}: contract without assigns")
        if bodies.setdefault(function.name, text) != text:
            told.append(f"{unit}: {function.name}: another function of this name has other code "
                        "or another contract")
        if function.name not in proved:
            told.append(f"{unit}: {function.name}: no goal: it was not proved")
    told += trusted_contracts(facts, bodies)
    for unit, names in facts.symbols.items():
        known = {function.name for function in facts.programs[unit].defined()}
        told += [f"{unit}: {name}: in the object code, but not in what was proved"
                 for name in sorted(names - known)]
    return told


def trusted_contracts(facts, bodies):
    """Declarations whose contract is not the one that was proved at the definition."""
    told = []
    for unit in facts.units:
        program = facts.programs[unit.name]
        said = {function.name for function in program.declared() if function.contract}
        for function in program.declared():
            # The public header declares without a contract what a header inside the core declares
            # again with one; Frama-C gives callers that one.
            bare = not function.contract
            if bare and (function.name in said or function.name not in called(program)):
                continue
            if function.name not in bodies:
                told.append(f"{unit.name}: {function.name}: neither code nor proof in the core")
            elif function.contract != bodies[function.name][0]:
                told.append(f"{unit.name}: {function.name}: callers see another contract than the "
                            "one proved at its definition")
    return told


def called(program):
    """Names called anywhere in a file."""
    return {name for function in program.defined()
            for name in re.findall(r"\b(\w+)\s*\(", function.body)}


def g3_same_code(facts):
    """The proved code is the compiled code: __FRAMAC__ changes no token of it."""
    return [line for unit in facts.units for line in code.differences(unit)]


def g4_termination(facts):
    """Every function says that it terminates, every loop has assigns and variant, no calls turn in
    a circle, and no goto makes a loop that no annotation covers."""
    told = []
    for unit, function in defined(facts):
        if not re.search(r"\bterminates\s+\\true\s*;", function.contract):
            told.append(f"{unit}: {function.name}: contract without `terminates \\true`")
        for number, annotation in enumerate(function.loops, 1):
            for clause in ("loop assigns", "loop variant"):
                if clause not in " ".join(annotation.split()):
                    told.append(f"{unit}: {function.name}: loop {number} without {clause}")
        counted = facts.loops.get(unit, {}).get(function.name)
        if not function.ghost and counted is not None and counted != len(function.loops):
            told.append(f"{unit}: {function.name}: {len(function.loops)} loops in the print, "
                        f"{counted} by Frama-C's metrics")
    told += [f"{name}: goto: a jump can be a loop without a variant"
             for name, text in sorted(facts.lines.items()) if "goto" in code.words(text)]
    return told + [f"calls turn in a circle: {' -> '.join(ring)}" for ring in rings(facts)]


def rings(facts):
    """Cycles of calls among the core's functions, whichever file they are in."""
    bodies = {function.name: function.body for _, function in defined(facts)}
    edges = {name: {callee for callee in re.findall(r"\b(\w+)\s*\(", body) if callee in bodies}
             for name, body in bodies.items()}
    found, done = [], set()

    def visit(name, path):
        if name in path:
            found.append([*path[path.index(name):], name])
        elif name not in done:
            for callee in sorted(edges[name]):
                visit(callee, [*path, name])
            done.add(name)

    for name in sorted(edges):
        visit(name, [])
    return found


ASSUMED = re.compile(r"\b(axiom|admit|assume)\b")
BODILESS = re.compile(r"\b(?:logic\s[^=;{]*?|predicate\s+)(\w+)\s*(?:\{[^}]*\})?\s*"
                      r"(?:\([^)]*\))?\s*(?:reads\s[^;=]*)?;")


WRITTEN = re.compile(r"\baxiom\s+\w+\s*(\{[^}]*\})?\s*:|\baxiomatic\s+\w+\s*\{|"
                     r"\badmit\s+(requires|ensures|lemma|loop|invariant|assert)\b")


def axioms(facts):
    """Everything that the ACSL takes for granted, by what Frama-C parsed."""
    told = []
    for unit in facts.units:
        program = facts.programs[unit.name]
        texts = [*program.logic, *(one.contract for one in program.functions)]
        texts += [text for one in program.defined() for text in one.annotations]
        for text in texts:
            plain = " ".join(text.split())
            for match in ASSUMED.finditer(plain):
                told.append(f"{unit.name}: {match[1]}: ...{plain[match.start():][:60]}")
        for text in program.logic:
            for match in BODILESS.finditer(" ".join(text.split())):
                told.append(f"{unit.name}: {match[1]}: logic without a definition")
    return sorted(set(told))


def g5_axioms(facts):
    """ACSL assumes nothing: no axiom, no admit, no logic symbol without a definition."""
    told = axioms(facts)
    for name, text in sorted(facts.lines.items()):
        for number, line in enumerate(text.splitlines(), 1):
            if WRITTEN.search(line):
                told.append(f"{name}:{number}: {line.strip()[:60]}")
    return told


def g6_lemmas(facts):
    """Every lemma is proved: an unproved one makes false goals Valid."""
    return [f"{name}: lemma {lemma} is not proved" for name, result in facts.results.items()
            for lemma, proved in result["lemmas"].items() if not proved]


def g7_canary(facts):
    """At the end of every file no prover derives false."""
    return facts.canaries


def g8_smoke(facts):
    """No contract contradicts itself and no code is dead; every smoke test got an answer."""
    told = []
    for name in facts.results:
        one = facts.smoke.get(name)
        if one is None:
            told.append(f"{name}: smoke tests did not run")
            continue
        told += [f"{name}: contradiction or dead code: {test}" for test in one["failed"]]
        if one["unanswered"]:
            told.append(f"{name}: {one['unanswered']} smoke tests got no answer")
    return told


def g9_provers(facts):
    """Each prover proves what is true and does not prove what is false."""
    return facts.provers


def g11_memory(facts):
    """The memory model assumes nothing of callers: all that has to be apart, a contract says."""
    return [f"{name}: assumed of callers, and proved by nobody: {line}"
            for name, result in facts.results.items() for line in result["hypotheses"]]


def g12_guards(facts):
    """Every kind of run-time error becomes a goal, in every file."""
    return facts.guards + [f"{name}: proved without {guard}"
                           for name, result in facts.results.items()
                           for guard in framac.GUARDS if guard not in result["guards"]]


GATES = [("G0", "no goal is open", proof),
         ("G1", "Frama-C warns of nothing", g1_quiet),
         ("G2", "functions and goals are those of the ledger", g2_ledger),
         ("G3", "every function has a contract and is proved", g3_contracts),
         ("G3b", "what is proved is what is compiled", g3_same_code),
         ("G4", "every function and loop terminates", g4_termination),
         ("G5", "no axiom, no admit", g5_axioms),
         ("G6", "every lemma is proved", g6_lemmas),
         ("G7", "no prover derives false", g7_canary),
         ("G8", "smoke tests find no contradiction", g8_smoke),
         ("G9", "every prover proves and refuses", g9_provers),
         ("G11", "nothing is assumed of callers' memory", g11_memory),
         ("G12", "every kind of run-time error is guarded", g12_guards)]


def judge(facts, only=None):
    """(id, title, problems) of each gate."""
    return [(name, title, gate(facts)) for name, title, gate in GATES
            if only is None or name in only]
