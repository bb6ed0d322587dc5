"""Reads what a job left behind, down to the figures that nights are compared by.

Each reader gives (figures, problems): a result that is not of its documented shape, or of which
something does not hold, is a problem of the job, whatever its exit status said.
"""
import hashlib
import re
import sys
from pathlib import Path
from statistics import median

import jobs
from report import judge, measured, parts

sys.path.append(str(jobs.ROOT / "fuzz"))

import engines  # noqa: E402
import table  # noqa: E402

PLAIN = ("plain", "openssl")


def sha256_of(root, names):
    """One hash over names and octets of files."""
    digest = hashlib.sha256()
    for name in names:
        data = hashlib.sha256((root / name).read_bytes()).hexdigest()
        digest.update(f"{data}  {name}\n".encode())
    return digest.hexdigest()


def core_sha256(root):
    return sha256_of(root, sorted(str(path.relative_to(root)) for kind in ("c", "h", "def")
                                  for path in root.glob(f"core/*.{kind}")))


def targets(root):
    """Names of the fuzz targets that have seeds here."""
    return [name for name in table.TARGETS if (root / "corpus" / name).is_dir()]


def corpus_of(root):
    """target -> files and octets that are there now."""
    made = {}
    for name in targets(root):
        sizes = [path.stat().st_size for path in engines.visible(root / "corpus" / name)]
        made[name] = {"files": len(sizes), "octets": sum(sizes)}
    return made


def load(root, name, kind=dict):
    value = judge.load(root / name)
    if not isinstance(value, kind):
        raise judge.Unusable(f"{name}: expected {'an object' if kind is dict else 'a list'}")
    return value


def proof(root, name):
    value = load(root, name)
    problems = judge.proofs(value)
    judge.need(name, value, slowest_goal_s=judge.NUMBER, smoke_tests=int)
    return {"goals": value["goals"], "proved": value["proved"],
            "slowest_s": value["slowest_goal_s"], "slowest": value.get("slowest_goal", ""),
            "smoke_tests": value["smoke_tests"], "functions": len(value["functions"]),
            "claims": sum(row["holds"] for row in value["claims"])}, problems


def read_prove(root, _words, _before):
    return proof(root, "build/proofs.json")


def read_machdep(root, _words, _before):
    return proof(root, "build/proofs-gcc_x86_32.json")


def number_of(words, name):
    """The number behind NAME= in a command."""
    return next((int(word.partition("=")[2]) for word in words if word.startswith(f"{name}=")), 0)


def read_fuzz(root, words, before):
    # A run that was stopped leaves the rows of earlier ones beside its own.
    value = [row for row in load(root, "build/fuzz.json", list) if row not in (before or ())]
    seconds = number_of(words, "TIME")
    problems = judge.fuzz(value, targets(root), seconds)
    rows = {f"{row['target']} {row['engine']} {row['leg']}": {
        "execs": row["execs"], "edges": row["edges"]} for row in value}
    lacking = [str(entry) for entry in table.TABLE
               if entry.target in targets(root) and str(entry) not in rows]
    problems += [f"{name} did not run" for name in lacking]
    paths = sorted({path for row in value for path in row["crashes"]})
    crashes = sorted({Path(path).name for path in paths})
    return {"time": seconds, "rows": rows, "execs": sum(row["execs"] for row in value),
            "crashes": crashes, "paths": paths}, problems


def read_corpus(root, _words, before):
    now, then = corpus_of(root), before or {}
    grown = {name: row["files"] - then.get(name, row)["files"] for name, row in now.items()}
    for name, row in now.items():
        row["before"] = then.get(name, row)["files"]
    lost = [name for name, count in grown.items() if count < 0]
    return {"targets": now, "files": sum(row["files"] for row in now.values()),
            "octets": sum(row["octets"] for row in now.values()),
            "new": {name: count for name, count in grown.items() if count}}, [
                f"corpus/{name}: {-grown[name]} files fewer than before the merge, which takes "
                "none away" for name in lost]


def read_coverage(root, _words, _before):
    value = load(root, "build/coverage.json")
    sources = [str(path.relative_to(root)) for path in root.glob("core/*.c")
               if parts.has_code(path)]
    problems = judge.coverage(value, sources)
    return {kind: [value[kind]["covered"], value[kind]["total"]]
            for kind in ("lines", "branches", "mcdc")}, problems


def read_plants(root, words, _before):
    asked = next(word for word in words if word.startswith("PLANT=")).partition("=")[2].split()
    rows = {row["name"]: row for row in load(root, "build/plants.json").get("plants", [])}
    problems, made = [], {}
    for name in asked:
        means = rows.get(name, {}).get("means", {})
        if "libfuzzer" not in means:
            problems.append(f"{name} was not measured")
            continue
        engine = means["libfuzzer"]
        made[name] = {"patch": rows[name]["patch_sha256"], "found": bool(engine["found"]),
                      "tests": any(means.get(one, {}).get("found")
                                   for one in ("vectors", "replay")),
                      "seconds": median([one["seconds"] for one in engine["trials"]] or [0]),
                      **{one: bool(means[one]["found"]) for one in ("proof", "eacsl")
                         if one in measured.asked(rows[name])}}
    if not asked:
        problems.append("no plant was asked for: expected patches in fuzz/plants/")
    return {"time": number_of(words, "TIME"), "plants": made}, problems


def read_bench(root, _words, _before):
    rows = load(root, "build/bench.json", list)
    told = load(root, "build/bench-targets.json")
    ours = [row for row in rows if row.get("build") == "gcc -O2"]
    problems = [] if ours else ["bench.json: no row of ours"]
    return {"ratios": {f"{one['ours']} on {one['input']} to {one['peer']}": one["ratio"]
                       for one in told["targets"] if one["ratio"] is not None},
            "instructions": {f"{row['name']} on {row['input']}": row["instructions"]
                             for row in ours if row["instructions"] is not None},
            "missed": [f"{one['ours']} on {one['input']} to {one['peer']}"
                       for one in told["targets"] if not one["reached"]]}, problems


def read_families(root, _words, _before):
    rows = load(root, "proofs/families.json").get("files", {})
    return {"files": {name: [row["both"], row["goals"]] for name, row in rows.items()}}, []


def read_stable(root, words, _before):
    rows = load(root, "build/stable.json")["rows"]
    kind = next(word for word in words if word.startswith("ONLY=")).partition("=")[2]
    problems = [] if rows else ["no file was proved again"]
    problems += [f"{row['file']}: {problem}" for row in rows for problem in row["problems"]]
    return {"kind": kind, "files": len(rows), "goals": sum(row["goals"] for row in rows),
            "proved": sum(row["proved"] for row in rows),
            "slowest_s": max((row["slowest_s"] for row in rows), default=0)}, problems


def read_mutants(root, words, _before):
    value = load(root, "build/mutants.json")
    judge.need("build/mutants.json", value, mutants=list, problems=list, equivalent=int)
    return {"seed": number_of(words, "SEED"), "equivalent": value["equivalent"],
            "mutants": {row["name"]: row["class"] for row in value["mutants"]}}, value["problems"]


# As proofs/mutate.py tells each.
MUTANT = re.compile(r"^\d+ of \d+ (\w+) +(\S+) \(line \d+\)", re.M)


def cut_mutants(log):
    """What a run of mutants that was cut said of each: it writes its result at its end alone."""
    made = {name: kind for kind, name in MUTANT.findall(log)}
    return {"mutants": made}, [f"{name}: every goal is proved, yet it differs"
                               for name, kind in sorted(made.items()) if kind == "hole"]


def read_report(root, _words, _before):
    value = load(root, "build/audit/audit.json")
    problems = [] if value.get("verdict") == "HOLDS" else [
        f"{row['step']}: {row['reason']}" for row in value.get("failing", [])] or [
            f"verdict: {value.get('verdict')}"]
    return {"verdict": str(value.get("verdict")),
            "failing": [row["step"] for row in value.get("failing", [])]}, problems


READERS = {"prove": read_prove, "machdep": read_machdep, "fuzz": read_fuzz, "corpus": read_corpus,
           "coverage": read_coverage, "plants": read_plants, "bench": read_bench,
           "families": read_families, "stable": read_stable, "mutants": read_mutants,
           "report": read_report}


def before(root, name):
    """What has to be looked at before a job changes it."""
    if name == "corpus":
        return corpus_of(root)
    if name == "fuzz":
        try:
            return judge.load(root / "build/fuzz.json")
        except judge.Unusable:
            return []
    return None


def read_cut(root, name, words, seen, log):
    """(figures, problems) of a job that was cut: of what it did, not of what it left undone."""
    if name == "mutants":
        text = Path(log).read_text(errors="replace") if Path(log).is_file() else ""
        return cut_mutants(text)
    return read(root, name, words, seen)[0], []


def read(root, name, words, seen):
    """(figures, problems) of a job that ran."""
    if name not in READERS:
        return {}, []
    try:
        return READERS[name](root, words, seen)
    except judge.Unusable as unusable:
        return {}, [str(unusable)]
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as wrong:
        return {}, [f"result of another shape than documented: {type(wrong).__name__}: {wrong}"]
