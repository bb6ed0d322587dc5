"""Plants a fault for every gate and sees whether the gate catches it (files in proofs/gates/)."""

import argparse
import copy
import pathlib
import tempfile

from . import ast, code, framac, gates, probes, prove_unit, smoke, toolchain

HERE = toolchain.PROOFS / "gates"
OPTIONS = argparse.Namespace(functions=[], properties="", quick=False, show=False, ledger=False,
                             provers=list(toolchain.PROVERS), timeout=2, jobs=2, part=False,
                             first=prove_unit.FIRST_PROVER, seed=None)


def static_facts(env, *names):
    """Facts of planted files, as far as they need no prover."""
    chosen = [framac.Unit(HERE / name) for name in names]
    facts = gates.Facts(chosen, {unit.name: ast.read(unit, env) for unit in chosen}, {})
    for unit in chosen:
        facts.loops[unit.name] = ast.loop_counts(unit, env)
        facts.symbols[unit.name] = code.symbols(unit)
        facts.lines[unit.name] = unit.path.read_text(encoding="utf-8")
    return facts


def proved_facts(env, *names, skipped=()):
    """Facts of planted files, proved as the core is."""
    facts = static_facts(env, *names)
    for unit in facts.units:
        here = {function.name for function in facts.programs[unit.name].defined()}
        facts.results[unit.name] = prove_unit.prove(unit, env, OPTIONS, here & set(skipped))
    return facts


def red(told, *expected):
    """Whether a gate said each of the expected words."""
    return all(any(word in line for line in told) for word in expected)


def fake_prover(env, directory, answer):
    """The environment with a Z3 that gives one answer to everything."""
    program = pathlib.Path(directory) / "z3"
    program.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    program.chmod(0o755)
    config = pathlib.Path(env["WHY3CONFIG"]).read_text(encoding="utf-8")
    lines = [f'{line.split(" = ")[0]} = "{program} %f"'
             if line.startswith("command") and "/z3 " in line else line
             for line in config.splitlines()]
    path = pathlib.Path(directory) / "why3.conf"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return env | {"WHY3CONFIG": str(path)}


def sound(env):
    """Every gate on the file in which nothing is planted: none may fail."""
    facts = proved_facts(env, "sound.c")
    unit = facts.units[0]
    facts.smoke[unit.name] = smoke.run(unit, facts.programs[unit.name], env, OPTIONS)
    facts.canaries = probes.canary(unit, facts.programs[unit.name], env, set())
    facts.provers = probes.provers(env)
    facts.guards = probes.guards(env)
    facts.ledger = copy.deepcopy(gates.ledger_of(facts))
    return facts


def ledger_faults(facts):
    """G2: a function that is gone, one goal fewer, a function that nobody listed."""
    def judged(change):
        changed = copy.deepcopy(facts)
        change(changed.ledger["functions"])
        return gates.g2_ledger(changed)

    gone = judged(lambda table: table.update(gone={"file": "core/gone.c", "goals": 3}))
    fewer = judged(lambda table: table["zero_end"].update(goals=table["zero_end"]["goals"] + 1))
    more = judged(lambda table: table.pop("all_zero"))
    return [("an expected function is missing", red(gone, "gone: ledger expects")),
            ("a goal fewer than the ledger's", red(fewer, "zero_end: ledger expects")),
            ("a function that the ledger lacks", red(more, "all_zero: ledger expects nothing"))]


def contract_faults(env):
    """G3 and G3b."""
    told = gates.g3_contracts(proved_facts(env, "contracts.c", "contracts_defined.c",
                                           skipped=["left_out"]))
    hidden = static_facts(env, "hidden.c")
    unseen = gates.g3_contracts(hidden)
    return {"G3": [("a function without a contract", red(told, "bare: no contract")),
                   ("a contract proved nowhere", red(told, "promised: neither")),
                   ("another contract than proved", red(told, "differs: callers see")),
                   ("a function left out", red(told, "left_out: no goal")),
                   ("code hidden from the proof", red(unseen, "unseen: in the object code"))],
            "G3b": [("other code under __FRAMAC__",
                     red(gates.g3_same_code(hidden), "changes the code"))]}


def termination_faults(env):
    """G4."""
    told = gates.g4_termination(static_facts(env, "endless.c"))
    return [("a loop without a variant", red(told, "no_variant: loop 1 without loop variant")),
            ("a loop without assigns", red(told, "no_assigns: loop 1 without loop assigns")),
            ("a ghost loop without a variant", red(told, "no_assigns: loop 2 without")),
            ("no `terminates`", red(told, "no_promise: contract without")),
            ("calls in a circle", red(told, "ping -> pong -> ping")),
            ("goto", red(told, "goto"))]


def prover_faults(env):
    """G9: a prover that answers nothing, and one that says yes to everything."""
    told = []
    for answer in ("exit 0", "echo unsat"):
        with tempfile.TemporaryDirectory(prefix="upheld-fake-") as directory:
            told.append(probes.provers(fake_prover(env, directory, answer), ["z3"]))
    silent, eager = told
    return [("a prover that answers nothing", red(silent, "does not prove")),
            ("a prover that says yes to all", red(eager, "proves what is false"))]


def guard_faults(env, facts):
    """G12: each guard switched off; a file proved without one on its own word."""
    caught = []
    for guard in framac.GUARDS:
        caught.append((guard.removeprefix("-"), red(probes.guards(env, [guard]), "guard is off")))
    changed = copy.deepcopy(facts)
    changed.results[facts.units[0].name]["guards"].remove("-warn-signed-downcast")
    told = gates.g12_guards(changed)
    caught.append(("a file that drops a guard", red(told, "proved without -warn-signed")))
    return caught


def proof_faults(env):
    """G0, G1, G6, G7, G8, G11: the gates that read what WP reports."""
    gutted = gates.proof(proved_facts(env, "gutted.c"))
    quiet = gates.g1_quiet(proved_facts(env, "warns.c"))
    lemma = proved_facts(env, "lemma.c")
    believed = lemma.results[lemma.units[0].name]["open"]
    lemmas = gates.g6_lemmas(lemma)
    taller = static_facts(env, "inconsistent.c")
    died = probes.canary(taller.units[0], taller.programs[taller.units[0].name], env, set())
    smoky = static_facts(env, "contradiction.c")
    unit = smoky.units[0]
    smoky.results = {unit.name: {}}
    smoky.smoke[unit.name] = smoke.run(unit, smoky.programs[unit.name], env, OPTIONS)
    smoked = gates.g8_smoke(smoky)
    memory = gates.g11_memory(proved_facts(env, "aliased.c"))
    return {"G0": [("a gutted function", red(gutted, "has_zero_ensures_exact"))],
            "G1": [("a loop that WP warns of", red(quiet, "Missing assigns clause"))],
            "G6": [("a false lemma", red(lemmas, "never_odd") and
                    not any("wrong" in goal["name"] for goal in believed))],
            "G7": [("a definition that contradicts itself", red(died, "Taller contradicts"))],
            "G8": [("a contract that contradicts itself",
                    red(smoked, "impossible_wp_smoke_default_requires")),
                   ("dead code", red(smoked, "dead_wp_smoke_dead_code"))],
            "G11": [("an aliasing that nobody excludes", red(memory, "both"))]}


def run(env):
    """Gate -> [(what was planted, whether the gate caught it)]."""
    facts = sound(env)
    caught = proof_faults(env) | contract_faults(env)
    caught["G2"] = ledger_faults(facts)
    caught["G4"] = termination_faults(env)
    caught["G5"] = axiom_faults(env)
    caught["G9"] = prover_faults(env)
    caught["G12"] = guard_faults(env, facts)
    for name, _, told in gates.judge(facts):
        caught[name].append(("nothing (must pass)", not told))
    return caught


def axiom_faults(env):
    """G5."""
    told = gates.g5_axioms(static_facts(env, "assumed.c"))
    return [("an axiom", red(told, "axiom: ...axiom granted")),
            ("an admitted clause", red(told, "admit: ...admit ensures")),
            ("logic without a definition", red(told, "wish: logic without a definition"))]
