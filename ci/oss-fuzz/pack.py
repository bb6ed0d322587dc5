#!/usr/bin/python3
"""Puts seeds, dictionary and options of targets beside their programs, as OSS-Fuzz wants them.

    ci/oss-fuzz/pack.py OUT TARGET...

Writes OUT/TARGET_seed_corpus.zip (corpus/TARGET/, each file under the SHA-1 of its octets),
OUT/TARGET.dict if the target has a dictionary, and OUT/TARGET.options. What they hold is what our
own runs take, from fuzz/engines.py and fuzz/table.py; the same tree always gives the same octets.
Exit 1 if a target has no seeds, 2 on bad arguments.
"""
import shutil
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "fuzz"))

import engines  # noqa: E402
import table  # noqa: E402

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can tell


class NoSeeds(Exception):
    """A target that has nothing to start from."""


def settings(target):
    """The run that our own harness would start: its corpus, its dictionary, its longest input."""
    entry, wrong = table.find(target, "libfuzzer", None)
    if wrong:
        raise NoSeeds(wrong)
    return engines.make_run(entry, Path("build"), 0)


def write_zip(path, seeds):
    """One flat zip with no trace of when and where it was made. Gives how many it holds."""
    named = {engines.sha1_of(seed): seed for seed in seeds}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(named):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, named[name].read_bytes())
    return len(named)


def options(run):
    """What ClusterFuzz and run_fuzzer read: sections of NAME = VALUE."""
    lines = ["[libfuzzer]", f"timeout = {engines.TIMEOUT_S}"]
    lines += [f"max_len = {run.length()}"] if run.length() else []
    return "\n".join(lines) + "\n"


def pack(root, out, target):
    run = settings(target)
    seeds = engines.visible(root / run.corpus)
    if not seeds:
        raise NoSeeds(f"{run.corpus}/ is empty; expected seeds for fuzz/{target}.c")
    count = write_zip(out / f"{target}_seed_corpus.zip", seeds)
    if (root / run.dictionary).exists():
        shutil.copyfile(root / run.dictionary, out / f"{target}.dict")
    (out / f"{target}.options").write_text(options(run))
    return count


def main(arguments):
    if len(arguments) < 2 or not Path(arguments[0]).is_dir():
        print("pack.py: expected a folder that is there, and at least one target",
              file=sys.stderr)
        return 2
    try:
        for target in arguments[1:]:
            print(f"  PACK {target}: {pack(ROOT, Path(arguments[0]), target)} seeds")
    except NoSeeds as wrong:
        print(f"pack.py: {wrong}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
