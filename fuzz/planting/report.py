"""report.py: what was measured, as a table, and what of it is not as it should be."""
import statistics

import patches

AIM_FOUND = 0.95    # of all plants, by libFuzzer within its limit, in every trial
AIM_MEDIAN_S = 5.0
AIM_PROVED = 0.95   # of all plants, by the proof alone
TESTS = ("vectors", "replay")  # count as one means
# What is said of a means that does not find a plant.
MISSED = {**{name: f"{name} does not find it in every trial" for name in patches.ENGINES},
          "eacsl": "no contract that E-ACSL checks is seen broken in every trial",
          "proof": "every goal of what it changes is proved (is a contract too weak?)"}


def times(result):
    """Seconds of each trial of an engine; the limit where nothing was found."""
    return [trial["seconds"] for trial in result["trials"]]


def median(result):
    return statistics.median(times(result)) if result["trials"] else 0.0


def measured(row, means):
    """Whether there is a result; there is none where the target has no such leg."""
    result = row["means"].get(means)
    return result is not None and not result.get("no_leg")


def found(row, means):
    return measured(row, means) and bool(row["means"][means].get("found"))


def missed(result):
    """Whether a plant was not found, and its own result does not say why."""
    return not result.get("found") and not result.get("by_target")


def cell(means, result):
    if result is None:
        return "not measured"
    if result.get("no_leg"):
        return "no leg"
    if means not in patches.ENGINES:
        return f"{result['seconds']:.2f}" if result["found"] else "no"
    hits = sum(trial["found"] for trial in result["trials"])
    if not hits and result.get("by_target"):
        return "no, the target's check came first"
    if any(trial.get("seed_crashes") for trial in result["trials"]):
        return "no, each seed crashes"
    if not hits:
        return f"no, {result['limit']} s"
    return f"{median(result):.1f} ({hits} of {len(result['trials'])})"


def by_tests(row):
    """Vectors and replay of the corpus count as one means."""
    return any(found(row, means) for means in TESTS)


def found_by(row):
    """How many independent means found it: the tests, the proof, each engine, E-ACSL."""
    return by_tests(row) + sum(found(row, means) for means in MISSED)


def engine_problems(row):
    for means in patches.ENGINES:
        for run in row["means"].get(means, {}).get("trials", ()):
            if run.get("genuine") is False:
                yield (f"{row['name']}: {means} found what fails without the plant too: "
                       "a bug of ours")
            if run.get("problem"):
                yield f"{row['name']}: {means}: {run['problem']}"


def problems(rows, patch_of):
    """What is not explained: a plant that nothing finds, a miss of which no header says why."""
    for row in rows:
        if row.get("problem"):
            yield f"{row['name']}: {row['problem']}"
        yield from engine_problems(row)
        asked = [means for means in patches.MEANS if measured(row, means)]
        if asked and not found_by(row):
            yield f"{row['name']}: found by nothing that was asked"
        said = patch_of[row["name"]].misses
        tests = all(means in asked for means in TESTS)
        if tests and not by_tests(row) and "replay" not in said:
            yield (f"{row['name']}: neither a vector nor the corpus finds it, and no line "
                   "`Miss: replay: why` explains that; add a seed or the line")
        for means, words in MISSED.items():
            if means in asked and missed(row["means"][means]) and means not in said:
                yield (f"{row['name']}: {words}, and no line `Miss: {means}: why` explains that")


def table(rows):
    lines = ["| plant | origin | " + " | ".join(patches.MEANS) + " |",
             "| --- | --- | " + " | ".join("---" for _ in patches.MEANS) + " |"]
    for row in rows:
        cells = [cell(means, row["means"].get(means)) for means in patches.MEANS]
        lines.append(f"| {row['name']} | {row['origin']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def summary(rows):
    """Lines on what was found, by which means, against what is aimed at."""
    count = len(rows)
    yield f"plants: {count} measured; " + "; ".join(
        f"{means} found {sum(found(r, means) for r in rows)} of "
        f"{sum(measured(r, means) for r in rows)}" for means in patches.MEANS
        if any(measured(r, means) for r in rows))
    results = [result for row in rows for result in row["means"].values()]
    yield (f"plants: {sum(bool(result.get('recorded')) for result in results)} of {len(results)} "
           "results measured earlier, as fuzz/plants/record.jsonl says")
    yield (f"plants: {sum(found_by(r) >= 2 for r in rows)} of {count} found by two independent "
           "means or more (vectors and replay count as one)")
    asked = [r["means"]["libfuzzer"] for r in rows if "libfuzzer" in r["means"]]
    if asked:
        share = sum(result["found"] for result in asked) / len(asked)
        middle = statistics.median(median(result) for result in asked)
        yield (f"plants: libFuzzer: {100 * share:.0f} % in every trial (aim {100 * AIM_FOUND:.0f} "
               f"%), median {middle:.1f} s (aim {AIM_MEDIAN_S:.0f} s)")
    proved = [found(r, "proof") for r in rows if measured(r, "proof")]
    if proved:
        yield (f"plants: the proof found {sum(proved)} of {len(proved)} "
               f"(aim {100 * AIM_PROVED:.0f} %)")
