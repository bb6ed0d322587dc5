"""Judges the results beside proof, fuzzing and coverage: EVA, traceability, planted bugs, mutants,
real peers, speed, two families, 32 bits. Each function gives (problems, gaps): what does not hold,
and what was not measured or looked at."""
import re

from report.judge import NUMBER, Unusable, need

MISS = re.compile(r"^Miss: (\w+): (.+(?:\n .+)*)", re.M)
TESTS = ("vectors", "replay")
MUTANTS = 400  # so many, at least, are to be proved anew and run; all, where there are fewer
# Means that find planted bugs by themselves: how each is called, and what is said of a miss.
FINDERS = {"libfuzzer": ("libFuzzer", "libfuzzer does not find it in every trial"),
           "afl": ("AFL++", "afl does not find it in every trial"),
           "eacsl": ("E-ACSL", "no check of E-ACSL sees it in every trial"),
           "proof": ("proof", "every goal of what it changes is proved all the same")}


def eva(value):
    need("eva.json", value, holds=bool, statements=int, reached=int, alarms=dict, problems=list,
         unreached_listed=list)
    need("eva.json: alarms", value["alarms"], closed=list, listed=list, open=list)
    problems = [str(one) for one in value["problems"]]
    problems += [f"open alarm: {alarm_words(one)}" for one in value["alarms"]["open"]]
    if not value["statements"]:
        problems.append("EVA looked at no statement")
    if not value["holds"] and not problems:
        problems.append("EVA says that it does not hold")
    return problems, []


def alarm_words(row):
    return row["alarm"] if isinstance(row, dict) else str(row)


def trace(value):
    need("trace.json", value, clauses=int, decidable=int, full=int, rows=list)
    for row in value["rows"]:
        need("trace.json: rows", row, clause=str, met=str, predicates=list, contracts=list,
             functions=list, assertions=list, vectors=list, tests=list, empty=list)
    problems = [f"{row['clause']}: nothing for {', '.join(row['empty'])}"
                for row in value["rows"] if row["empty"]]
    if not value["rows"]:
        problems.append("no clause was traced")
    return problems, []


def misses(path):
    """Means that do not find a plant, and why, as its patch says."""
    text = path.read_text(encoding="utf-8").partition("\n--- ")[0]
    return {means: " ".join(why.split()) for means, why in MISS.findall(text)}


def asked(row):
    """Means that have a result; there is none where the targets of a plant have no such leg."""
    return {means for means, got in row["means"].items() if not got.get("no_leg")}


def found_by(row):
    """Which of those found the plant."""
    return {means for means in asked(row) if row["means"][means].get("found")}


def independent(row):
    """How many independent means found it: vectors and the corpus count as one."""
    found = found_by(row)
    return len(found & set(FINDERS)) + bool(found & set(TESTS))


def plant_problems(row, said):
    """What is found by none, or not by a means that ought to, without a word on why."""
    found, tried = found_by(row), asked(row)
    if row.get("problem"):
        yield row["problem"]
    if tried and not found:
        yield "found by nothing that was asked"
    if all(means in tried for means in TESTS) and not found & set(TESTS) \
            and "replay" not in said:
        yield "neither a vector nor the corpus finds it, and its patch does not say why"
    for means, (_, words) in FINDERS.items():
        missed = means in tried and means not in found
        # Where the target's own check ended each trial, E-ACSL had no time to see it.
        if missed and means not in said and not row["means"][means].get("by_target"):
            yield f"{words}, and its patch does not say why"


def plants(value, root, tree_of, proof_of, contracts_of, patch_of):
    """tree_of(targets): SHA-256 of what programs of these targets are built from now; proof_of():
    of what their proof rests on; contracts_of(): of contracts that run as code; patch_of(octets):
    of a patch."""
    need("plants.json", value, plants=list)
    paths = {path.stem: path for path in sorted((root / "fuzz/plants").glob("*.patch"))}
    problems, gaps, measured = [], [], set()
    for row in value["plants"]:
        need("plants.json: plants", row, name=str, bug=str, origin=str, clauses=list,
             targets=list, patch_sha256=str, tree_sha256=str, means=dict)
        path = paths.get(row["name"])
        if path is None or patch_of(path.read_bytes()) != row["patch_sha256"]:
            gaps.append(f"{row['name']}: measured with another patch")
        elif tree_of(tuple(row["targets"])) != row["tree_sha256"]:
            gaps.append(f"{row['name']}: measured with another core")
        elif row["means"].get("proof", {}).get("proof_sha256", proof_of()) != proof_of():
            gaps.append(f"{row['name']}: measured with another proof")
        elif "eacsl" in row["means"] and \
                row["means"]["eacsl"].get("contracts_sha256") != contracts_of():
            gaps.append(f"{row['name']}: measured with other contracts")
        elif row["means"] or row.get("problem"):
            measured.add(row["name"])
            problems += [f"{row['name']}: {problem}"
                         for problem in plant_problems(row, misses(path))]
    if absent := set(paths) - measured:
        gaps.append(f"{len(absent)} of {len(paths)} planted bugs were not measured")
    return problems, gaps


def usable_plants(value, gaps):
    """Rows of the present patches and core."""
    stale = {gap.partition(":")[0] for gap in gaps}
    return [row for row in value["plants"] if row["name"] not in stale and row["means"]]


def mutants(value):
    need("mutants.json", value, killed=int, fell=int, hole=int, made=int, of=int, equivalent=int,
         survivor=int, same=int, unusable=int, functions=int, functions_of=int, recorded=int,
         problems=list, mutants=list)
    for row in value["mutants"]:
        need("mutants.json: mutants", row, name=str, line=int, old=str, new=str)
        if "class" not in row:
            raise Unusable("mutants.json: mutants: lacks \"class\"")
    problems = [str(one) for one in value["problems"]]
    tried = value["made"] - value["same"] - value["unusable"]
    least = min(MUTANTS, value["of"] - value["same"] - value["unusable"])
    gaps = []
    if tried < least:
        gaps.append(f"{tried} mutants were tried, of {value['of']}; expected at least {least}")
    if value["functions"] < value["functions_of"]:
        gaps.append(f"{value['functions_of'] - value['functions']} of {value['functions_of']} "
                    "functions had no mutant")
    return problems, gaps


def interop(value):
    if not isinstance(value, list) or not value:
        raise Unusable("interop.json: expected a list that is not empty")
    problems = []
    for row in value:
        need("interop.json", row, peer=str, role=str, scenario=str, ok=bool, detail=str)
        if not row["ok"]:
            problems.append(f"{row['peer']}, {row['scenario']}: {row['detail']}")
    return problems, []


def bench(value):
    """A target that is missed is said where the targets stand; it is no fault of the core."""
    need("bench-targets.json", value, targets=list, linear=list)
    for row in value["targets"]:
        need("bench-targets.json: targets", row, target=str, ours=str, peer=str, most=NUMBER,
             reached=bool)
    for row in value["linear"]:
        need("bench-targets.json: linear", row, shape=str, spread=NUMBER, most=NUMBER,
             reached=bool)
    return [f"work is not linear in {row['shape']}: spread {row['spread']}, at most {row['most']}"
            for row in value["linear"] if not row["reached"]], []


def absent(value, sources):
    """What a record of files in proofs/ says nothing of."""
    lost = sorted(set(sources) - set(value["files"]))
    return [f"{len(lost)} of {len(sources)} files were not measured"] if lost else []


def families(value, sources):
    need("families.json", value, files=dict)
    for name, row in value["files"].items():
        need(f"families.json: {name}", row, both=int, goals=int)
    return [], absent(value, sources)


def machdep(value, sources):
    need("machdep.json", value, machdep=str, tools=dict, files=dict)
    for name, row in value["files"].items():
        need(f"machdep.json: {name}", row, goals=int, smoke_tests=int)
    return [], absent(value, sources)
