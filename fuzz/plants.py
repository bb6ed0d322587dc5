#!/usr/bin/python3
"""Measures how good the harness is at finding bugs: plants those of fuzz/plants/ in a copy of the
core, one at a time, and takes the time until each means sees them.

    fuzz/plants.py [--build DIR] check               every patch is in order and applies
    fuzz/plants.py [--build DIR] [--trials N] [--time S] [--means a,b] run [WORD...]
    fuzz/plants.py [--build DIR] table               what build/plants.json holds
    fuzz/plants.py [--build DIR] record              what is of this tree becomes the record,
                                                     fuzz/plants/record.jsonl

`run` starts an engine from those seeds that do not show the plant, keeps each result as it comes in
build/plants.json, and does not measure again what this or the record holds of the same patch, tree,
trials and time; so it can be interrupted and goes on. A WORD chooses patches by a part of their
name. Means: vectors, replay, libfuzzer, afl, eacsl (libFuzzer, with contracts as code) and proof
(what the patch changes is proved anew, once); the first three if none are named. Exit 0: all is
found, or explained by a line of its patch; 1: not; 2: bad arguments; 130: interrupted.
"""
import argparse
import contextlib
import fcntl
import json
import os
import signal
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "fuzz"), str(ROOT / "fuzz/planting")]
sys.path.append(str(ROOT / "proofs"))

import means  # noqa: E402
import patches  # noqa: E402
import proving  # noqa: E402
import report  # noqa: E402
import table  # noqa: E402
import tree as trees  # noqa: E402
from wp import toolchain  # noqa: E402

USUAL = ("vectors", "replay", "libfuzzer")
RECORD = ROOT / "fuzz/plants/record.jsonl"


def recorded(path):
    """Rows of the record, by name; each result in them is marked as one of the record."""
    rows = {}
    for line in path.read_text().splitlines() if path.is_file() else ():
        with contextlib.suppress(ValueError, KeyError, TypeError):
            row = json.loads(line)
            for result in row["means"].values():
                result["recorded"] = True
            rows[row["name"]] = row
    return rows


class Store:
    """build/plants.json; each change is whole or not at all. Of a plant of which it has no result,
    it takes what the record has."""

    def __init__(self, build, record=None):
        self.path = build / "plants.json"
        self.record = record
        self.recorded = recorded(record) if record else {}
        self.rows = dict(self.recorded)
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError, KeyError):
            own = {row["name"]: row for row in json.loads(self.path.read_text())["plants"]}
            self.rows |= {name: row for name, row in own.items() if row["means"]}

    def row(self, patch, of_tree, of_proof, of_contracts=""):
        """The row of a patch; results of another patch or tree are gone. That of the proof rests
        on less of the tree, and on more beside it; those of E-ACSL on contracts as well."""
        new = {"name": patch.name, "bug": patch.bug, "origin": patch.origin,
               "clauses": list(patch.clauses), "targets": list(patch.targets),
               "patch_sha256": patch.sha256, "tree_sha256": of_tree, "means": {}}
        for old in (self.recorded.get(patch.name, {}), self.rows.get(patch.name, {})):
            if old.get("patch_sha256") == patch.sha256:
                same = old["tree_sha256"] == of_tree
                new["means"] |= {name: result for name, result in old["means"].items() if
                                 (result["proof_sha256"] == of_proof if name == "proof" else same)
                                 and (name != "eacsl" or
                                      result.get("contracts_sha256", "") == of_contracts)}
        self.rows[patch.name] = new
        return new

    def write(self, names):
        self.rows = {name: row for name, row in self.rows.items() if name in names}
        self.put(self.path, json.dumps({"plants": [self.rows[n] for n in sorted(self.rows)]},
                                       indent=1) + "\n")

    def put(self, path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(path.name + ".new")
        new.write_text(text)
        os.replace(new, path)

    def keep(self, rows):
        """Makes these rows the record, as far as they hold a result."""
        kept = [row for row in rows if row["means"]]
        for result in (result for row in kept for result in row["means"].values()):
            result.pop("recorded", None)
        self.put(self.record, "".join(json.dumps(row) + "\n" for row in kept))
        return len(kept)


def is_measured(row, name, options):
    """Whether a result is there that these options ask for."""
    result = row["means"].get(name)
    if result is None or name not in means.ENGINES:
        return result is not None and (name != "proof" or proving.is_current(result))
    if result.get("no_leg"):
        return False
    return len(result["trials"]) >= options.trials and result["limit"] == options.time


def measure(tree, patch, name, row, options):
    if name in means.ENGINES:
        known = row["means"].get(name)
        known = known if known and known["limit"] == options.time else {"trials": []}
        result = means.MEANS[name](tree, patch, options.trials, options.time, known["trials"])
        # Part of it is.
        return result | ({"recorded": True} if known.get("recorded") else {})
    return means.MEANS[name](tree, patch)


def prepare_replays(tree, leg):
    """Programs of a leg without a plant, which find nothing in the corpus."""
    targets = table.REPLAYS[leg]
    tree.make_replays(targets, leg)
    tree.keep_clean(targets, leg)
    for target in targets:
        status, text, _ = means.run([tree.clean_program(target, leg).resolve(),
                                     f"corpus/{target}"], tree.path, 600)
        if status != 0:
            raise trees.Broken(f"corpus/{target}, {leg}: fails without a plant:\n{text[-1000:]}")


def prepare(tree, asked):
    """A copy without a plant that builds and is green, or there is nothing to measure against."""
    tree.restore()
    if "proof" in asked:
        proving.versions()  # raises where a tool is missing
    if "eacsl" in asked:
        prepare_replays(tree, "eacsl")
    if not set(asked) - {"proof", "eacsl"}:
        return
    prepare_replays(tree, "asan")
    found = means.vectors(tree, None)
    if found["found"]:
        raise trees.Broken(f"a vector fails without a plant: {found['why']}")


def run_patch(tree, patch, row, options):
    # In this order the proof comes last: what it refuses does not keep others from their turn.
    todo = [name for name in patches.MEANS
            if name in options.means and not is_measured(row, name, options)]
    if not todo:
        return False
    try:
        tree.plant(patch)
        for name in todo:
            row["means"][name] = measure(tree, patch, name, row, options)
            why = row["means"][name].get("why")
            print(f"plants: {patch.name}: {name}: {report.cell(name, row['means'][name])}"
                  f"{'; ' + why if why else ''}", flush=True)
        row.pop("problem", None)
    except trees.Broken as broken:
        row["problem"] = str(broken)
    finally:
        tree.restore()
    return True


def finish(store, found):
    """Prints the table and what is not as it should be; gives the exit status."""
    rows = [store.rows[p.name] for p in found if p.name in store.rows]
    print(report.table(rows))
    wrong = list(report.problems(rows, {p.name: p for p in found}))
    for problem in wrong:
        print(f"plants: {problem}")
    for line in report.summary(rows):
        print(line)
    print(f"{len(rows) - len({w.split(':')[0] for w in wrong})} passed, {len(wrong)} failed")
    return 1 if wrong or not rows else 0


@contextlib.contextmanager
def alone(build):
    """No two runs plant in the same copy."""
    (build / "plants").mkdir(parents=True, exist_ok=True)
    with (build / "plants/lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise trees.Broken(f"{build}/plants is in use by another run; wait for it, or give "
                               "--build another folder") from None
        yield


def run(build, options):
    chosen, known = patches.all_of(ROOT, options.names), patches.all_of(ROOT)
    if not chosen:
        print(f"plants: {' '.join(options.names)}: no patch has this in its name", file=sys.stderr)
        return 2
    tree, store = trees.Tree(ROOT, build), Store(build, RECORD)
    started = time.monotonic()
    prepare(tree, options.means)
    rests = trees.proof_fingerprint(ROOT), trees.contracts_fingerprint(ROOT)
    for number, patch in enumerate(chosen, 1):
        row = store.row(patch, trees.fingerprint(ROOT, patch.targets), *rests)
        if run_patch(tree, patch, row, options):
            store.write({p.name for p in known})
            print(f"plants: {number} of {len(chosen)}, {time.monotonic() - started:.0f} s",
                  flush=True)
    store.write({p.name for p in known})  # of this run, though all was measured earlier
    return finish(store, chosen)


def keep(store, known):
    """Writes the record anew. What is of another patch, tree, proof or other tools is left out."""
    rests = trees.proof_fingerprint(ROOT), trees.contracts_fingerprint(ROOT)
    rows = [store.row(patch, trees.fingerprint(ROOT, patch.targets), *rests) for patch in known]
    for row in rows:
        if "proof" in row["means"] and not proving.is_current(row["means"]["proof"]):
            del row["means"]["proof"]
    print(f"{RECORD.relative_to(ROOT)}: {store.keep(rows)} of {len(known)} plants")
    return 0


def check():
    problems, count = patches.check(ROOT)
    for problem in problems:
        print(f"plants: {problem}")
    print(f"{count - len(problems) if count >= len(problems) else 0} passed, "
          f"{len(problems)} failed")
    return 1 if problems else 0


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--trials", type=int, default=3)
    parser.add_argument("--time", type=int, default=60)
    parser.add_argument("--means", default=",".join(USUAL))
    parser.add_argument("what", choices=("check", "run", "table", "record"))
    parser.add_argument("names", nargs="*", metavar="WORD")
    options = parser.parse_args()
    options.means = options.means.split(",")
    unknown = [name for name in options.means if name not in means.MEANS]
    if unknown:
        parser.error(f"--means {unknown[0]}: expected some of {', '.join(means.MEANS)}")
    if options.trials < 1 or options.time < 1:
        parser.error("--trials and --time: expected whole numbers from 1 on")
    return options


def main():
    options = parse()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.chdir(ROOT)
    try:
        if options.what == "check":
            return check()
        if options.what == "table":
            return finish(Store(options.build, RECORD), patches.all_of(ROOT))
        if options.what == "record":
            return keep(Store(options.build, RECORD), patches.all_of(ROOT))
        build = options.build.resolve()
        with alone(build):
            return run(build, options)
    except (patches.Wrong, trees.Broken, toolchain.ProofError) as wrong:
        print(f"plants: {wrong}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nplants: interrupted; what was measured is in build/plants.json", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
