"""means.py: the ways in which a planted bug may be seen, and how long each takes.

Each gives {"found": bool, "seconds": S, ...}; what an engine has not found by its limit is
censored: found is false, and seconds are those that it had. E-ACSL is run by libFuzzer on a leg of
its own, and finds what one of its checks sees: what the target itself sees there is no find of it.
"""
import re
import shutil
import subprocess
import time
from pathlib import Path

import engines
import patches
import proving
import table
import tree as trees
from evidence import contracts, eacsl

REPLAY_LIMIT_S = 60
ONE_INPUT_S = 2
CONTRACT = "E-ACSL: "  # how what fuzz/eacsl_shim.c says of a broken clause starts
NAMED = re.compile(r"^replay: failed on (.*)$", re.M)
BROKEN = re.compile(rf"^(?:FUZZ_CHECK broken: .*|{CONTRACT}.* broken .*|"
                    r".*ERROR: (?:Address|Leak)Sanitizer: \S+|"
                    r".*runtime error: .*|.*ERROR: libFuzzer: .*)$", re.M)
IN_COPY = re.compile(r"[^\s:]*/plants/tree/")  # where a path of the tree lies on this machine
NOTHING = b"\n"  # the seed where every seed of a target shows the plant
SEED_CRASHES = "results in a crash"  # AFL++, which then does not start


def reason(text):
    """The line that says what is broken."""
    found = BROKEN.search(text)
    said = found.group().strip()[:300] if found else text.strip()[-300:]
    return IN_COPY.sub("", said)


def run(command, cwd, limit):
    """(status or None at the limit, text, seconds)"""
    started = time.monotonic()
    try:
        done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True,
                              check=False, stdin=subprocess.DEVNULL, timeout=limit)
    except subprocess.TimeoutExpired:
        return None, f"no end after {limit} s", time.monotonic() - started
    text = (done.stdout + done.stderr).decode(errors="replace")
    return done.returncode, text, time.monotonic() - started


def vectors(tree, _patch):
    """`upheld vectors` over all vectors."""
    tree.make_command()
    files = sorted((tree.path / "corpus/vectors").glob("*.jsonl"))
    command = [tree.command().resolve(), "vectors", *(file.resolve() for file in files)]
    status, text, seconds = run(command, tree.path, REPLAY_LIMIT_S)
    failed = [line for line in text.splitlines() if line.strip()]
    return {"found": status != 0, "seconds": round(seconds, 3),
            "why": (IN_COPY.sub("", failed[0])[:200] if failed else f"status {status}")
                   if status != 0 else ""}


def replay(tree, patch):
    """The corpus, that of the patch's own targets first; ends where the bug is seen."""
    rest = [target for target in table.TARGETS if target not in patch.targets]
    total = 0.0
    for group in (patch.targets, rest):
        tree.make_replays(group)
        for target in group:
            status, text, seconds = run([tree.replay_program(target).resolve(),
                                         f"corpus/{target}"], tree.path, REPLAY_LIMIT_S)
            total += seconds
            if status != 0:
                return {"found": True, "seconds": round(total, 3), "target": target,
                        "why": reason(text)}
    return {"found": False, "seconds": round(total, 3)}


def silent_seeds(tree, target, folder, leg="asan"):
    """Copies those seeds of a target that do not show the plant; gives how many show it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    program, seeds = tree.replay_program(target, leg).resolve(), engines.visible(
        tree.path / "corpus" / target)
    left, loud = [str(seed.resolve()) for seed in seeds], []
    while left:
        status, text, _ = run([program, *left], tree.path, REPLAY_LIMIT_S)
        if status == 0:
            break
        named = NAMED.search(text)
        if named is None or named.group(1) not in left:
            loud += [seed for seed in left
                     if run([program, seed], tree.path, ONE_INPUT_S)[0] != 0]
            break
        loud.append(named.group(1))
        left = left[left.index(named.group(1)) + 1:]
    for seed in seeds:
        if str(seed.resolve()) not in loud:
            shutil.copyfile(seed, folder / seed.name)
    if len(loud) == len(seeds):
        (folder / "nothing").write_bytes(NOTHING)
    return len(loud)


def passes_without(tree, target, finding, leg):
    """Whether what an engine found is no finding on a core without the plant."""
    program = tree.clean_program(target, replay_of(leg)).resolve()
    return run([program, finding.resolve()], tree.path, 60)[0] == 0


def replay_of(leg):
    """The replay in which an engine's findings are looked at."""
    return leg if leg in table.REPLAYS else "asan"


def is_of(leg, why):
    """Whether a finding is one of the leg that made it, by its first line."""
    return leg != "eacsl" or why.startswith(CONTRACT)


def trial(tree, target, engine, seeds, seconds, seed, leg="", **settings):
    """One run of an engine, up to its first finding; `settings` are those of engines.Run."""
    work = engines.make_run(tree.entry(target, engine, leg), tree.build, seconds)
    shutil.rmtree(work.work, ignore_errors=True)
    work.corpus, work.seed, work.until_crash = seeds, seed, True
    vars(work).update(settings)
    started = time.monotonic()
    work.start()
    try:
        while work.running() and time.monotonic() - started < seconds + engines.GRACE_S:
            time.sleep(0.02)
    finally:
        work.end()
    spent, outcome = time.monotonic() - started, work.outcome()
    # What is found behind the limit, while the engine starts or ends, was not found in time.
    result = {"found": bool(outcome.new_crashes) and spent <= seconds, "seconds": round(spent, 2),
              "execs": outcome.execs, "seed": seed}
    if outcome.new_crashes:
        result["genuine"] = passes_without(tree, target, outcome.new_crashes[0], leg)
        if engine == "libfuzzer":  # AFL++ keeps the input, and no word of what the target said
            result["why"] = reason(work.logs()[0])
            result["found"] = result["found"] and is_of(leg, result["why"])
    elif SEED_CRASHES in work.logs()[0]:
        result["seed_crashes"] = True  # silent_seeds() left nothing that does not
    elif not outcome.execs:
        result["problem"] = outcome.problem or "the engine ran nothing"
    return result


def eacsl_units(root):
    """target -> names of the units whose contracts run as code on its E-ACSL leg."""
    try:
        found = eacsl.units(root)
    except contracts.EvidenceError as error:
        raise trees.Broken(str(error)) from error
    absent = [target for target in table.EACSL if target not in found]
    if absent:
        raise trees.Broken(f"fuzz/fuzz.mk: expected FUZZ_EACSL_{absent[0]} := UNIT..., as "
                           "fuzz/table.py has an E-ACSL leg of this target")
    return {target: found[target] for target in table.EACSL}


def eacsl_target(root, patch):
    """The target whose E-ACSL leg may see a plant: one of the patch's own, or that of those which
    check the contracts of a file that it changes that checks most units; None if there is none."""
    units, stems = eacsl_units(root), {Path(name).stem for name in patch.files}
    own = [target for target in patch.targets if target in units]
    wide = sorted((target for target in units if stems & set(units[target])),
                  key=lambda target: -len(units[target]))
    return next(iter(own + wide), None)


def first_target(_root, patch):
    return patch.targets[0]


def engine_means(engine, leg="", target_of=first_target):
    def measure(tree, patch, trials, seconds, known):
        target = target_of(tree.root, patch)
        rests = {"contracts_sha256": trees.contracts_fingerprint(tree.root)} if leg else {}
        if target is None:
            return {"found": False, "no_leg": True, "limit": seconds, "trials": [], **rests}
        tree.make_replays([target], replay_of(leg))
        tree.make_engine(target, engine, leg)
        seeds = tree.work / "seeds"
        loud = silent_seeds(tree, target, seeds, replay_of(leg))
        runs = known + [trial(tree, target, engine, seeds, seconds, seed, leg)
                        for seed in range(len(known) + 1, trials + 1)]
        return {"target": target, "seeds": len(list(Path(seeds).iterdir())), "loud_seeds": loud,
                "limit": seconds, "trials": runs, "found": all(r["found"] for r in runs),
                "by_target": ended_by_target(runs, leg), **rests}
    return measure


def ended_by_target(runs, leg):
    """Whether the target's own checks ended each trial in which the leg found nothing: that is
    less than a miss, as it had no more time."""
    missed = [run for run in runs if not run["found"]]
    return bool(missed) and all(run.get("why") and not is_of(leg, run["why"]) for run in missed)


MEANS = {"vectors": vectors, "replay": replay, "libfuzzer": engine_means("libfuzzer"),
         "afl": engine_means("afl"), "eacsl": engine_means("libfuzzer", "eacsl", eacsl_target),
         "proof": proving.measure}
ENGINES = patches.ENGINES
