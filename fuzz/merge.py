#!/usr/bin/python3
"""Merges what the engines found into corpus/, by libFuzzer's own merge.

    fuzz/merge.py [--build DIR] [--make CMD] [TARGET...]

An input comes in only if it reaches an edge of the program that the checked-in corpus does not,
so a second run changes nothing. Files that are there are left as they are. Works on a copy and
renames each new file into place, so that an interruption or a full disk leaves a corpus that is
whole. Exit 0: merged; 1: not; 2: bad arguments or input; 130: interrupted.
"""
import argparse
import contextlib
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import engines
import store
import table

LIMIT_S = 3600


def snapshot(folder):
    """A copy of all that was found: libFuzzer drops inputs for shorter ones while it runs, and a
    merge ends where a file is gone."""
    copy = folder / "merging" / "found"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    for path in sorted(path for found in folder.glob("*/found") if found != copy
                       for path in engines.visible(found)):
        with contextlib.suppress(FileNotFoundError):
            engines.copy_new([path], copy)
    return copy


def merge(build, target):
    """Gives how many files came in, or None if the merge failed."""
    corpus = Path("corpus") / target
    folder = build / "fuzz" / target
    store.check_seeds(corpus)
    found = snapshot(folder)
    if not engines.visible(found):
        return 0
    entry = next(e for e in table.TABLE if e.target == target and e.engine == "libfuzzer")
    copy, log = folder / "merged", folder / "log-merge"
    shutil.rmtree(copy, ignore_errors=True)
    engines.copy_new(engines.visible(corpus), copy)  # libFuzzer's merge cannot take every name
    before = {path.name for path in engines.visible(copy)}
    with log.open("wb") as out:
        done = subprocess.run([str((build / "fuzz" / "bin" / entry.name).resolve()), "-merge=1",
                               "-use_counters=0", str(copy), str(found)], check=False,
                              stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=LIMIT_S)
    if done.returncode != 0:
        print(f"corpus: {target}: merge failed; the end of {log}:\n{engines.tail(log)}",
              file=sys.stderr)
        return None
    new = [path for path in engines.visible(copy) if path.name not in before]
    for path in new:
        store.place(path, corpus / path.name)
    return len(new)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--make", default="make -f fuzz/fuzz.mk")
    parser.add_argument("targets", nargs="*", metavar="TARGET", default=list(table.TARGETS))
    arguments = parser.parse_args()
    build, targets = Path(arguments.build), arguments.targets or table.TARGETS
    if any(target not in table.TARGETS for target in targets):
        print(f"corpus: expected targets among {', '.join(table.TARGETS)}", file=sys.stderr)
        return 2
    programs = [str(build / "fuzz" / "bin" / e.name) for e in table.TABLE
                if e.target in targets and e.engine == "libfuzzer"
                and e.leg in ("plain", "openssl")]
    if subprocess.run([*shlex.split(arguments.make), *programs], check=False).returncode != 0:
        return 1
    failed = False
    for target in targets:
        with store.held(build / "fuzz" / target / "merging", f"merge of {target}"):
            count = merge(build, target)
        failed = failed or count is None
        if count is not None:
            print(f"corpus: {target}: {count} new, "
                  f"{len(engines.visible(Path('corpus') / target))} in all", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except store.Unusable as unusable:
        print(f"corpus: {unusable}", file=sys.stderr)
        sys.exit(2)
    except OSError as wrong:
        if not store.is_full(wrong):
            raise
        print(f"corpus: {wrong.filename or 'corpus/'}: {wrong.strerror}; make room and start "
              "again; corpus/ is whole", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\ncorpus: interrupted; corpus/ is whole", file=sys.stderr)
        sys.exit(130)
