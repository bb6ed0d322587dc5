#!/usr/bin/python3
"""The steps of `make test`, `make check`, `make lint`: what runs, in which order, and the total.

    ci/plan.py test|check|lint [--root DIR]

Prints a line for each step and last, alone, `N passed, N failed`. Writes build/VERB.json and
build/logs/STEP.log. Exit 0 if all passed, 1 if anything failed, 130 if interrupted.
"""
import json
import os
import sys
import time
from pathlib import Path

import arguments
import facts
import layout
import lock
import steps
from steps import Step

ROOT = Path(__file__).resolve().parent.parent
PYTHON = "/usr/bin/python3"
BUILD = Path("build")


def make(name, target, title, *more, **options):
    """A step that is a make target; `more` are NAME=VALUE and further targets."""
    return Step(name, ("make", "--no-print-directory", target, *more), title, **options)


def setup(verb):
    return Step("setup", ("ci/setup", verb), "tools installed, of the versions needed",
                minutes=20, cores=2, show=True)


def sources(*suffixes):
    return [name for name in layout.tracked(Path("."))
            if name.endswith(suffixes) and not name.startswith("corpus/")]


LINT_FLAGS = ("-std=c11", "-D_DEFAULT_SOURCE", "-Icore", "-Ifuzz")


# Their headers come with `ci/setup bench` and `peers` alone, or are written by a build.
PEERS = ("core/bench/peer_http_parser.c", "core/bench/peer_libsoup.c",
         "fuzz/peers/http_parser.c", "fuzz/peers/libsoup.c", "fuzz/peers/known.c")


def units():
    """C files that our own headers and the system's are enough for."""
    return [name for name in sources(".c")
            if name.startswith(("core/", "fuzz/")) and name not in PEERS]


def shipped():
    return [name for name in units() if name.startswith("core/") and "/test/" not in name
            and "/bench/" not in name]


def cppcheck(names):
    return Step("cppcheck", ("cppcheck", "--quiet", "--error-exitcode=1", "--inline-suppr",
                             "--enable=warning,performance,portability", "--std=c11",
                             *LINT_FLAGS[1:], *names),
                "cppcheck finds nothing", needs=("cppcheck",))


def tidy(name, names):
    return Step(name, ("clang-tidy-19", "--quiet", *names, "--", *LINT_FLAGS),
                "clang-tidy finds nothing", needs=("clang-tidy-19",))


def quick_checks():
    layout_py = os.path.relpath(ROOT / "ci/layout.py")
    c_files = sources(".c", ".h", ".cpp")
    return [
        Step("layout", (PYTHON, layout_py, "tree"),
             "names, sizes, width, no host or path of a machine"),
        Step("python", (PYTHON, layout_py, "python"), "every Python file compiles"),
        Step("outside", (PYTHON, os.path.relpath(ROOT / "ci/outside.py"), "."),
             "workflows, Dockerfiles and what OSS-Fuzz is told"),
        Step("documents", (PYTHON, os.path.relpath(ROOT / "ci/documents.py"), "check"),
             "links, verbs and files that documents name exist, each command is accounted for"),
        Step("format", ("clang-format-19", "--dry-run", "-Werror", *c_files),
             "C is formatted as .clang-format says", needs=("clang-format-19",)),
        cppcheck(units()),
        tidy("tidy-core", shipped()),
    ]


def lint_checks():
    """The quick ones and, since cmocka's macros keep clang-tidy busy for a minute, the rest."""
    return [*quick_checks(),
            tidy("tidy-rest", [name for name in units() if name not in shipped()])]


def build_step(name, compiler, title):
    """Library and command under one compiler, all warnings errors, objects of its own."""
    folder = f"build/{name}"
    return make(name, f"{folder}/libupheld.a", title, f"{folder}/upheld", f"BUILD={folder}",
                f"CC={compiler}", needs=(compiler,))


def build_steps():
    return [
        build_step("gcc", "gcc", "library and command under gcc, warnings are errors"),
        build_step("clang", "clang-19", "library and command under clang 19, warnings are errors"),
        make("build", "build/libupheld.a", "library and command as shipped", "build/upheld"),
    ]


def vectors():
    found = sorted(str(path) for path in Path(".").glob("corpus/vectors/*.jsonl"))
    return Step("vectors", ("build/upheld", "vectors", *(found or ["corpus/vectors/*.jsonl"])),
                "every vector gets the verdict that it names", after=("build",))


def test_steps():
    return [
        setup("test"),
        *lint_checks(),
        *build_steps(),
        make("unit", "unit", "unit tests (cmocka)", after=("build",)),
        make("size", "size", "text and stack of the core keep their limits",
             writes="build/size.json"),
        vectors(),
        make("spec", "spec", "the specification, translated to C, passes the vectors"),
        make("spec-selftest", "spec-selftest", "the translator of the specification"),
        make("spec-planted", "spec-planted", "errors in the specification fail some vector"),
        make("evidence-selftest", "evidence-selftest",
             "the claims are what the contracts carry, and their page says so"),
        make("trace", "trace", "each clause that an octet can show is specified and proved"),
        make("ci-selftest", "ci-selftest", "the runner and the report fail when they should"),
        make("interop-selftest", "interop-selftest", "the judge of real clients can fail"),
        make("fuzz-selftest", "fuzz-selftest", "every fuzz target finds a planted bug"),
        make("mutator-selftest", "mutator-selftest", "the mutator makes what it says"),
        make("worth-selftest", "worth-selftest", "what measures the mutator says what it saw"),
        make("triage-selftest", "triage-selftest",
             "what sorts findings and keeps corpora whole says what is wrong"),
        make("plants", "plants-check", "every planted bug still applies to the core"),
        make("plants-selftest", "plants-selftest", "what plants bugs says what is wrong"),
        make("replay", "replay", "the corpus under ASan+UBSan, MSan and E-ACSL", cores=2),
        make("coverage", "coverage", "the corpus alone reaches every line, branch and condition"),
        Step("commands", (PYTHON, os.path.relpath(ROOT / "ci/documents.py"), "run"),
             "commands and C of the documents do what is said", after=("build", "replay")),
        make("peers", "peers", "http-parser, libsoup and Boost.Beast differ as the table says",
             cores=2),
        make("peers-selftest", "peers-selftest", "a difference that the table lacks is red",
             after=("peers",)),
        make("oss-fuzz", "oss-fuzz", "what OSS-Fuzz would build is whole, and finds planted bugs",
             cores=2, minutes=20),
        make("prove", "prove", "every goal of the core", writes="build/proofs.json", cores=2,
             minutes=45),
        make("gates", "gates", "what the proof rests on", minutes=20),
        make("eva", "eva", "EVA warns of nothing that WP has not proved",
             writes="build/eva.json", after=("prove",), minutes=5),
        make("eva-selftest", "eva-selftest", "the gate on EVA fails when it should"),
        make("prove-selftest", "prove-selftest", "a broken tool chain is never green", cores=2,
             minutes=15),
        make("prove-replay", "prove-replay", "the core is the program of the recorded proof"),
        make("prove-replay-selftest", "prove-replay-selftest", "a replay is never a proof"),
        make("machdep", "machdep", "the core was proved for 32 bits as well, as it is"),
        make("machdep-selftest", "machdep-selftest", "the gate on 32 bits fails when it should"),
        make("families", "families-check",
             "solvers of two families each close nine goals of ten, and all others are listed"),
        make("families-selftest", "families-selftest", "the gate on two families can fail"),
        make("needs-selftest", "needs-selftest", "a clause that nothing needs is found"),
        make("mutants-selftest", "mutants-selftest", "a gutted contract lets a mutant live"),
    ]


def check_steps():
    return [
        setup("check"),
        *quick_checks(),
        make("build", "build/libupheld.a", "library and command", "build/upheld"),
        make("unit", "unit", "unit tests (cmocka)", after=("build",)),
        make("size", "size", "text and stack of the core keep their limits",
             writes="build/size.json"),
        vectors(),
        make("evidence-selftest", "evidence-selftest",
             "the claims are what the contracts carry, and their page says so"),
        make("plants", "plants-check", "every planted bug still applies to the core"),
        make("replay", "replay-asan", "the corpus under ASan+UBSan"),
    ]


def lint_steps():
    return [setup("lint"), *lint_checks()]


PLANS = {"test": test_steps, "check": check_steps, "lint": lint_steps}


def write_json(path, value):
    """Whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(value, indent=1) + "\n")
    os.replace(new, path)


def run(verb):
    started = time.time()
    results = steps.Runner(PLANS[verb](), BUILD / "logs", Path(".")).run()
    passed, failed = steps.totals(results)
    write_json(BUILD / f"{verb}.json", {
        "verb": verb, "started": facts.utc(started), "seconds": round(time.time() - started, 1),
        **facts.commit(Path(".")), "passed": passed, "failed": failed,
        "steps": steps.as_rows(results)})
    print(f"{verb}: {(time.time() - started) / 60:.1f} min; see build/{verb}.json, build/logs/")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def main():
    parser = arguments.Parser(prog="plan.py", description=__doc__,
                              usage="ci/plan.py test|check|lint [--root DIR]")
    parser.add_argument("verb", choices=PLANS)
    parser.add_argument("--root", type=Path, default=ROOT)
    options = parser.parse_args()
    os.chdir(options.root)
    steps.install_signals()
    try:
        with lock.held(BUILD, options.verb):
            return run(options.verb)
    except lock.Busy as busy:
        print(f"plan.py: {busy}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\n{options.verb}: interrupted; earlier results are as they were",
              file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
