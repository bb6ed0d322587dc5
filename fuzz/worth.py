#!/usr/bin/python3
"""Measures what the mutator and the dictionaries are worth under libFuzzer, with each and without.

    fuzz/worth.py [--build DIR] [--trials N] [--scale N] run [WORD...]
    fuzz/worth.py [--build DIR] table

Two things are measured, in each of four ways: which edges are covered after so many inputs, from
one seed; and after how many inputs a planted bug of fuzz/plants/ is found, from those seeds that
do not show it. Inputs are counted, and seconds of the processor, since other work slows a clock.
A WORD chooses what is measured by a part of its name: a target, or a plant of the sample.

Each trial is kept in build/worth.json as it ends, and is not run again while sources and inputs
are the same; so a run can be interrupted and goes on. build/worth.md has the tables, and
build/worth.svg the curves. Exit 0: measured; 1: something does not build or is red without a
plant; 2: bad arguments; 130: interrupted.
"""
import argparse
import json
import os
import resource
import shutil
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "fuzz"), str(ROOT / "fuzz/planting")]
sys.path.append(str(ROOT / "proofs"))

import engines  # noqa: E402
import means  # noqa: E402
import patches  # noqa: E402
import plants  # noqa: E402
import tree as trees  # noqa: E402
import worth_report  # noqa: E402

# What libFuzzer without a mutator misses within a minute: nothing else tells ways apart.
SAMPLE = ("window-bits-overflow", "length-plus", "codings-empty-member", "length-overflow",
          "client-connection-equality", "no-continue", "origin-prefix", "subprotocol-own-order",
          "length-beside-codings", "subprotocol-leading-space")
# The one seed from which a target starts.
STARTS = {"request": "client-chromium.http", "response": "vector-base.http"}
# Inputs of a trial: some two seconds of a processor for each target; --scale multiplies them.
INPUTS = {"request": 5000, "response": 5000, "head": 40000, "extension": 60000}
COVER_INPUTS = 5000
ENGINE = "libfuzzer"
LIMIT_S = 900  # of one trial, on a machine that has next to no time for it


class Store:
    """build/worth.json: one row a trial; each change is whole or not at all."""

    def __init__(self, build):
        self.path = build / "worth.json"
        try:
            self.rows = json.loads(self.path.read_text())["trials"]
        except (FileNotFoundError, json.JSONDecodeError, KeyError, TypeError):
            self.rows = []

    def has(self, key):
        return any(all(row.get(k) == v for k, v in key.items()) for row in self.rows)

    def add(self, row):
        self.rows.append(row)
        self.write()

    def keep(self, prints):
        """Drops trials of other sources. `prints` are the fingerprints by kind and name."""
        self.rows = [row for row in self.rows
                     if prints.get((row["kind"], row["name"])) == row["tree_sha256"]]

    def write(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        worth_report.write(self.path, json.dumps({"trials": self.rows}, indent=1) + "\n")


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def edges_of(log):
    """[inputs, edges] wherever libFuzzer tells of more edges than before."""
    found, most = [], 0
    for inputs, edges, *_ in engines.LibFuzzer.STATUS.findall(log):
        if int(edges) > most:
            most = int(edges)
            found.append([int(inputs), most])
    return found


def run_trial(tree, target, seeds, key):
    way = worth_report.WAYS[key["way"]]
    before = processor_seconds()
    result = means.trial(tree, target, ENGINE, seeds, LIMIT_S, key["seed"],
                         inputs=key["inputs"], **way)
    result["processor_s"] = round(processor_seconds() - before, 2)
    if not result["found"] and result["execs"] < key["inputs"]:
        raise trees.Broken(f"{key['name']}: {result['execs']} of {key['inputs']} inputs in "
                           f"{LIMIT_S} s; run it again when the machine has more time")
    return result


def todo(store, key, inputs, options):
    """The trials that are not there yet, ways in turn, so that what is there is comparable."""
    for seed in range(1, options.trials + 1):
        for way in worth_report.WAYS:
            one = {**key, "way": way, "seed": seed, "inputs": inputs * options.scale}
            if not store.has(one):
                yield one


def say(row):
    print(f"worth: {row['name']}: {row['way']}: trial {row['seed']}: {worth_report.told(row)}",
          flush=True)


def cover(tree, store, name, options, key):
    left = list(todo(store, key, COVER_INPUTS, options))
    if not left:
        return
    tree.make_engine(name, ENGINE)
    seeds = tree.work / "start"
    shutil.rmtree(seeds, ignore_errors=True)
    seeds.mkdir(parents=True)
    shutil.copyfile(tree.path / "corpus" / name / STARTS[name], seeds / "start")
    for one in left:
        result = run_trial(tree, name, seeds, one)
        if result["found"]:
            raise trees.Broken(f"{name}: libFuzzer found a bug without a plant: {result['why']}")
        log = tree.build / "fuzz" / name / f"{ENGINE}-plain" / "log-0"
        row = {**one, **result, "edges": edges_of(log.read_text(errors="replace"))}
        store.add(row)
        say(row)


def plant(tree, store, patch, options, key):
    target = patch.targets[0]
    left = list(todo(store, key, INPUTS[target], options))
    if not left:
        return
    try:
        tree.plant(patch)
        tree.make_replays([target])
        tree.make_engine(target, ENGINE)
        seeds = tree.work / "seeds"
        means.silent_seeds(tree, target, seeds)
        for one in left:
            row = {**one, **run_trial(tree, target, seeds, one)}
            if row.get("genuine") is False:
                raise trees.Broken(f"{patch.name}: {target} fails without the plant too, on what "
                                   f"libFuzzer found: {row['why']}")
            store.add(row)
            say(row)
    finally:
        tree.restore()


def chosen(words):
    """Targets and patches that have one of the words in their names; all without words."""
    known = {patch.name: patch for patch in patches.all_of(ROOT)}
    absent = [name for name in SAMPLE if name not in known]
    if absent:
        raise patches.Wrong(f"fuzz/plants/{absent[0]}.patch: is not there; fit SAMPLE to it")
    strange = [name for name in SAMPLE if known[name].targets[0] not in INPUTS]
    if strange:
        raise patches.Wrong(f"fuzz/plants/{strange[0]}.patch: INPUTS has nothing for its target "
                            f"{known[strange[0]].targets[0]}")

    def pick(names):
        return [n for n in names if not words or any(word in n for word in words)]
    return pick(STARTS), [known[name] for name in pick(SAMPLE)]


def prepare(tree, targets):
    tree.restore()
    tree.make_replays(targets)
    tree.keep_clean(targets)


def run(build, options):
    targets, sample = chosen(options.names)
    if not targets and not sample:
        print(f"worth: {' '.join(options.names)}: expected a part of one of "
              f"{', '.join((*STARTS, *SAMPLE))}", file=sys.stderr)
        return 2
    tree, store = trees.Tree(ROOT, build), Store(build)
    everything = {**{("cover", name): (name,) for name in STARTS},
                  **{("plant", p.name): p.targets for p in chosen(())[1]}}
    prints = {key: trees.fingerprint(ROOT, names) for key, names in everything.items()}
    store.keep(prints)
    prepare(tree, sorted({*targets, *(patch.targets[0] for patch in sample)}))
    for name in targets:
        key = {"kind": "cover", "name": name, "tree_sha256": prints["cover", name]}
        cover(tree, store, name, options, key)
    for patch in sample:
        key = {"kind": "plant", "name": patch.name, "tree_sha256": prints["plant", patch.name]}
        plant(tree, store, patch, options, key)
    return finish(build, store)


def finish(build, store):
    text = worth_report.tables(store.rows)
    print(text)
    if not store.rows:
        print(f"worth: {store.path} holds no trial; `make worth` measures", file=sys.stderr)
        return 1
    worth_report.write(build / "worth.md", text)
    worth_report.draw(store.rows, build / "worth.svg")
    return 0


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--trials", type=int, default=5)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("what", choices=("run", "table"))
    parser.add_argument("names", nargs="*", metavar="WORD")
    options = parser.parse_args()
    if options.trials < 1 or options.scale < 1:
        parser.error("--trials and --scale: expected whole numbers from 1 on")
    return options


def main():
    options = parse()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.chdir(ROOT)
    build = options.build.resolve()
    try:
        if options.what == "table":
            return finish(build, Store(build))
        with plants.alone(build):
            return run(build, options)
    except (patches.Wrong, trees.Broken) as wrong:
        print(f"worth: {wrong}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nworth: interrupted; the trials that ended are in build/worth.json",
              file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
