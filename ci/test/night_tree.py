"""A small tree whose verbs are those of a night: each copies what ci/sample/ says it leaves.

build/switch/VERB.fails makes a verb fail, VERB.sleeps makes it last, VERB.says has its text;
build/ran has a line for each that was begun. Figures are made up, and live only in
the temporary folder of a test.
"""
import json
import sys

import tree

sys.path.insert(0, str(tree.CI / "nightly"))
sys.path.append(str(tree.CI.parent / "fuzz"))

import table  # noqa: E402

MAKEFILE = """
begin = @mkdir -p build && echo $(1) >> build/ran; \\
\ttest ! -e build/switch/$(1).says || cat build/switch/$(1).says; \\
\ttest ! -e build/switch/$(1).sleeps || sleep 60; \\
\ttest ! -e build/switch/$(1).fails || { echo '3 passed, 1 failed'; exit 1; }
copy = @test ! -e ci/sample/$(1).json || { mkdir -p $(dir $(2)) && \\
\tcp ci/sample/$(1).json $(2).new && mv $(2).new $(2); }
build/libupheld.a build/upheld:
\t$(call begin,build)
prove:
\t$(call begin,$@)
\t$(call copy,proofs,build/proofs$(if $(MACHDEP),-$(MACHDEP)).json)
fuzz-programs:
\t$(call begin,$@)
fuzz-all:
\t$(call begin,$@)
\t$(call copy,fuzz,build/fuzz.json)
\t@test -e build/switch/fuzz-all.same || \\
\t  sed -i 's/"seconds": [0-9.]*/"seconds": 1'$$(date +%s%N)'/g' build/fuzz.json
corpus:
\t$(call begin,$@)
\t@test ! -e build/switch/corpus.grows || echo more > corpus/list/more
\t@test ! -e build/switch/corpus.shrinks || rm corpus/list/seed
coverage:
\t$(call begin,$@)
\t$(call copy,coverage,build/coverage.json)
plants:
\t$(call begin,$@)
\t$(call copy,plants,build/plants.json)
bench:
\t$(call begin,$@)
\t$(call copy,bench,build/bench.json)
\t$(call copy,bench-targets,build/bench-targets.json)
stable:
\t$(call begin,$@)
\t$(call copy,stable,build/stable.json)
mutants:
\t$(call begin,$@)
\t$(call copy,mutants,build/mutants.json)
families:
\t$(call begin,$@)
\t$(call copy,families,proofs/families.json)
families-check throughput:
\t$(call begin,$@)
audit:
\t$(call begin,$@)
\t$(call copy,audit,build/audit/audit.json)
.PHONY: build/libupheld.a build/upheld corpus
"""


def fuzz(edges=100, crashes=()):
    return [{"target": entry.target, "engine": entry.engine, "leg": entry.leg, "seconds": 1e6,
             "execs": 1000, "execs_per_s": 9.0, "edges": edges, "features": None,
             "corpus_files": 1, "corpus_sha256": "00",
             "crashes": list(crashes) if entry.name == "list-afl-plain" else []}
            for entry in table.TABLE if entry.target in tree.TARGETS]


def plants(found=True, **more):
    return {"plants": [{"name": name, "patch_sha256": name, "means": {
        "vectors": {"found": True}, "libfuzzer": {
            "found": found, "limit": 20, "trials": [{"seconds": 1.5, "found": found}]}, **more}}
        for name in ("bare-lf", "no-host")]}


def bench(ratio=0.45, instructions=2000.0):
    targets = {"targets": [{"ours": "upheld", "input": "mix", "peer": "other", "ratio": ratio,
                            "reached": ratio is not None and ratio <= 0.5}]}
    return [{"name": "upheld", "build": "gcc -O2", "input": "mix",
             "instructions": instructions}], targets


def mutants(kind="killed"):
    return {"equivalent": 0, "problems": [], "mutants": [{"name": "core/list.c:f:drop:1",
                                                          "class": kind}]}


def proofs(goals=None, proved=None, slowest=3.0, claims=2):
    made = tree.proofs() | {"slowest_goal": "f_ensures", "slowest_goal_s": slowest}
    made["goals"] = made["goals"] if goals is None else goals
    made["proved"] = made["goals"] if proved is None else proved
    made["claims"] = made["claims"][:claims]
    return made


class NightTree(tree.Tree):
    """The folder; use it in a `with`."""

    def __init__(self):
        super().__init__()
        self.write("Makefile", MAKEFILE)
        for name in ("bare-lf", "no-host"):
            self.write(f"fuzz/plants/{name}.patch", "x\n")
        rows, targets = bench()
        for name, value in (
                ("proofs", proofs()), ("fuzz", fuzz()), ("plants", plants()), ("bench", rows),
                ("bench-targets", targets), ("mutants", mutants()),
                ("families", {"files": {"core/list.c": {"both": 9, "goals": 10}}}),
                ("stable", {"rows": [{"file": "core/list.c", "goals": 9, "proved": 9,
                                      "slowest_s": 1.0, "problems": []}]}),
                ("audit", {"verdict": "HOLDS", "failing": []})):
            self.sample(name, value)

    def switch(self, name, text=""):
        return self.write(f"build/switch/{name}", text)

    def ran(self):
        path = self.root / "build/ran"
        return path.read_text().split() if path.exists() else []

    def history(self):
        """The nights that are kept, the first first."""
        return [json.loads(path.read_text())
                for path in sorted((self.root / "build/history").glob("2*.json"))]

    def state(self):
        return json.loads((self.root / "build/history/running.json").read_text())
