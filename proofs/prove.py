#!/usr/bin/python3
"""Proves the core with Frama-C's WP, and says what is open.

    proofs/prove.py                          every core/*.c, from nothing; gates; build/proofs.json
    proofs/prove.py --resume                 the same, keeping files already proved as they are now
    proofs/prove.py --gates                  the gates and their self-tests, on such a proof
    proofs/prove.py core/list.c              one file
    proofs/prove.py core/list.c --fn NAME    one function (lemmas are then assumed)
    proofs/prove.py core/list.c --quick      reuse Valid answers of earlier quick runs
    proofs/prove.py core/list.c --show       print what is to be proved, for open goals

Exit 0: all proved and all gates hold; 1: something is open; 2: the proof could not run.
"""

import argparse
import sys

from wp import ast, framac, prove_unit, selftest, session, smoke, toolchain, units


# What has to be as `make prove` has it where a proof is to be the expected one.
USUAL = ("machdep", "seed", "first", "provers", "timeout", "jobs", "ledger")


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message):
        self.exit(2, f"prove: {message}; see proofs/prove.py --help\n")


def arguments(words=None):
    """The command line, or the given words."""
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE.c", help="default: every core/*.c")
    parser.add_argument("--fn", default="", help="only these functions, separated by commas")
    parser.add_argument("--prop", default="", help="only these properties (-wp-prop)")
    parser.add_argument("--quick", action="store_true", help="with a cache, inline functions only "
                        "once; no smoke tests, no gates, no result")
    parser.add_argument("--show", action="store_true", help="print the text of open goals")
    parser.add_argument("--smoke", action="store_true", help="smoke tests too, with named files")
    parser.add_argument("--timeout", type=int, default=10, help="processor seconds a prover")
    parser.add_argument("--provers", default="z3,cvc4,cvc5", help="in this order")
    parser.add_argument("--first", default=prove_unit.FIRST_PROVER,
                        help="the prover that goes first, alone")
    parser.add_argument("--seed", type=int, help="seed of every prover")
    parser.add_argument("--machdep", default=framac.MACHDEPS[0], choices=framac.MACHDEPS,
                        help="the machine for which the core is proved")
    parser.add_argument("--jobs", type=int, default=2, help="provers at once")
    parser.add_argument("--ledger", action="store_true",
                        help="run every prover on every goal: two families or one")
    parser.add_argument("--resume", action="store_true", help="keep results that still apply")
    parser.add_argument("--gates", action="store_true", help="gates and their self-tests")
    parser.add_argument("--write-ledger", action="store_true",
                        help="make the present goals the expected ones (proofs/ledger.json) "
                        "and, if all gates hold, those of `make prove-replay`")
    return check(parser, parser.parse_args(words))


def check(parser, chosen):
    """Refuses what makes no sense, in one line."""
    unusual = [name for name in USUAL if getattr(chosen, name) != parser.get_default(name)]
    chosen.functions = [name for name in chosen.fn.split(",") if name]
    chosen.properties = chosen.prop
    chosen.provers = [name for name in chosen.provers.split(",") if name]
    for name in [*chosen.provers, chosen.first]:
        if name not in toolchain.PROVERS:
            parser.error(f"{name}: expected provers of {','.join(toolchain.PROVERS)}")
    if not 1 <= chosen.timeout <= 20:
        parser.error("--timeout: expected 1 to 20: past 20 s a goal wants an assertion, not time")
    if not 1 <= chosen.jobs <= 64:
        parser.error("--jobs: expected 1 to 64")
    if chosen.seed is not None and not 0 <= chosen.seed < 2 ** 31:
        parser.error("--seed: expected 0 to 2147483647")
    chosen.part = bool(chosen.files or chosen.fn or chosen.prop or chosen.quick)
    if chosen.write_ledger and unusual:
        parser.error(f"--write-ledger: expected the usual --{unusual[0]}, since ledger and replay "
                     "record are of the proof that `make prove` makes")
    if chosen.part and (chosen.gates or chosen.resume or chosen.write_ledger):
        parser.error("gates, ledger and --resume are about the whole core: name no file, no "
                     "function, no --quick")
    return chosen


def narrowed(options, functions):
    """The same options for these functions alone."""
    return argparse.Namespace(**{**vars(options), "functions": functions})


def part(options, env):
    """Proves what was named; nothing is judged and no result is written."""
    good, wanted = True, set(options.functions)
    for unit in units.select(options.files, options.machdep):
        program = ast.read(unit, env)
        known = {function.name for function in program.defined()}
        skipped = set(units.proved_elsewhere(unit, program))
        if options.functions:
            here = sorted(set(options.functions) & (known if options.files else known - skipped))
            if not here:
                continue
            wanted -= set(here)
            result = prove_unit.prove(unit, env, narrowed(options, here), skipped)
        else:
            result = prove_unit.prove(unit, env, options, skipped)
        session.tell(result, options.show)
        good = good and not result["open"]
        if options.smoke:
            result["smoke"] = smoke.run(unit, program, env, options, skipped)
            session.tell_smoke(result)
            good = good and not result["smoke"]["failed"]
    if wanted:
        raise toolchain.ProofError(f"--fn: {', '.join(sorted(wanted))}: expected functions that "
                                   "the core defines")
    return 0 if good else 1


def tell_gates(verdicts, caught):
    """One line a gate; the first problems of one that fails. Returns passed and failed."""
    passed = failed = 0
    for name, title, told in verdicts:
        tests = caught.get(name, [])
        bad = bool(told) or any(not good for _, good in tests)
        plants = "; ".join(f"{what}: {'caught' if good else 'NOT CAUGHT'}" for what, good in tests)
        print(f"{name:4} {'FAIL' if bad else 'PASS'}  {title}" +
              (f"; planted: {plants}" if plants else ""))
        for line in told[:20]:
            print(f"       {line}")
        if len(told) > 20:
            print(f"       and {len(told) - 20} more, in build/proofs.json")
        passed, failed = passed + (not bad), failed + bad
    return passed, failed


def whole(options, env):
    """Proves the core, judges it, and says what holds."""
    if options.gates:
        options.resume = True
    _, verdicts, result = session.run(units.select([], options.machdep), env, options)
    caught = selftest.run(env) if options.gates else {}
    if not options.gates:
        session.table(result)
    passed, failed = tell_gates(verdicts, caught)
    for claim in result["claims"]:
        print(f"claim {claim['id']}: {'holds' if claim['holds'] else 'OPEN'}")
    print(f"{result['proved']} of {result['goals']} goals proved ({result['qed']} by Qed), "
          f"slowest {result['slowest_goal_s']} s, {result['smoke_failed']} of "
          f"{result['smoke_tests']} smoke tests failed, {result['seconds']} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or any(not claim["holds"] for claim in result["claims"]) else 0


def main():
    """Exit status: see above."""
    options = arguments()
    try:
        env = toolchain.environment(seed=options.seed)
        return part(options, env) if options.part else whole(options, env)
    except toolchain.ProofError as error:
        print(f"prove: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nprove: interrupted; --resume goes on after the files already proved",
              file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
